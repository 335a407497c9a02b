package collide_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestReachOnlyLeavesOut says that what two boxes have within a reach is, number for number, what they have within a
// larger one, less what is beyond it: a corner is passed over only if its contact would be dropped.
func TestReachOnlyLeavesOut(t *testing.T) {
	rng := rand.New(rand.NewPCG(71, 72))
	var f collide.Finder
	some, less := 0, 0
	for range 200000 {
		var c [2]collide.Collider
		for i := range c {
			s := contact.Box(r3.Vec{X: 0.05 + rng.Float64(), Y: 0.05 + rng.Float64(), Z: 0.05 + rng.Float64()})
			tilt := []float64{0, 1e-9, 1e-6, 1e-3, 0.01, 0.1, 1}[rng.IntN(7)]
			c[i] = collide.Collider{Index: i, Body: i, Shape: &s, Hull: hullOf(&s), Pose: spatial.IdentityPose, At: spatial.Pose{Pos: gauss(rng, 0.5), Rot: spatial.RotationVector(gauss(rng, tilt))}}
		}
		reach := []float64{0, 1e-3, 0.01, 0.1}[rng.IntN(4)]
		near := f.Find(nil, &c[0], &c[1], reach)
		if len(near) == 0 { // as a rule farther apart than reach, which a contact, of lines and planes without ends, may not be
			continue
		}
		all := f.Find(nil, &c[0], &c[1], 3)
		k := 0
		for i := range all {
			if all[i].Gap > reach {
				less++
				continue
			}
			some++
			if k >= len(near) || near[k] != all[i] {
				t.Fatalf("%v, %v: within %g are %d contacts, but within 3 also %v at %g", c[0].At, c[1].At, reach, len(near), all[i].PartA, all[i].Gap)
			}
			k++
		}
		if k != len(near) {
			t.Fatalf("%v, %v: within %g are %d contacts, of which %d within 3", c[0].At, c[1].At, reach, len(near), k)
		}
	}
	if some < 10000 || less < 5000 { // what is buried has one contact
		t.Errorf("%d contacts within reach and %d beyond: too few to say anything", some, less)
	}
}
