package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestFlushInAWallIsNotDeepBelowItsTop: what is a hair in the wall of a block, in any height and turn about the normal
// of the wall, has no contact that is more than twenty times as deep. The line along cans, their ends and edges crossed
// the top of the block 0.4 m deep, those of boxes 0.1 m.
func TestFlushInAWallIsNotDeepBelowItsTop(t *testing.T) {
	var f distance.Finder
	var g collide.Finder
	heights := make([]float64, 16)
	block := contact.HeightField(4, 4, 0.2, 0.2, heights)
	for _, s := range []contact.Shape{contact.Cylinder(0.2, 0.1), contact.Cylinder(0.05, 0.3), contact.Box(r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}), contact.Ellipsoid(0.1, 0.2, 0.3)} {
		hull, err := collide.HullOf(&s)
		if err != nil {
			t.Fatal(err)
		}
		on, err := collide.HullOf(&block)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		worst, touching := 0.0, 0
		for range 400 {
			quarter := func() float64 { return math.Pi / 2 * float64(rng.IntN(4)) }
			a := distance.Solid{Shape: &s, At: spatial.Pose{Pos: r3.Vec{X: 1, Y: 0.5 * (rng.Float64() - 0.5), Z: 0.5 * (rng.Float64() - 0.5)}, Rot: spatial.RPY(quarter(), quarter(), quarter())}}
			b := distance.Solid{Shape: &block, At: spatial.IdentityPose}
			x := f.Between(&a, &b)
			a.At.Pos.X -= (x.A.X - x.B.X) + 1e-3*rng.Float64()
			x = f.Between(&a, &b)
			ca := collide.Collider{Shape: &s, Hull: hull, Pose: spatial.IdentityPose, At: a.At}
			cb := collide.Collider{Index: 1, Body: gap.World, Shape: &block, Hull: on, Pose: b.At, At: spatial.IdentityPose}
			ca.Seen = ca.Middle()
			for _, c := range g.Find(nil, &ca, &cb, 0.1) {
				worst = math.Min(worst, c.Gap-2*math.Min(x.Gap, 0))
				if c.Gap < 0 {
					touching++
				}
			}
		}
		t.Logf("%v: %g m deeper, %d contacts in it", s.Kind, -worst, touching)
		if worst < -0.02 || touching < 200 {
			t.Errorf("%v: a contact is %g m deeper than twice the shape; %d are in it", s.Kind, -worst, touching)
		}
	}
}
