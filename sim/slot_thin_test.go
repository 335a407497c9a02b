package sim_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestASlotTooThin: what begins off the middle of a slot that is 0.1 µm to 1 cm too thin for it is said to have no
// position, with both walls named, and between two half-spaces always; between fixed shapes, whose features may touch
// anew, it may stay as deep. Of 145 between boxes 7 panicked, as the error looked for the two walls in what ways after
// the one that told had left.
func TestASlotTooThin(t *testing.T) {
	remain, most := 0, 0
	for seed := range 130 {
		rng := seeded(uint64(seed))
		b := newWorld("slot", []float64{0.002, 0.01, 0.05}[rng.IntN(3)])
		thin := math.Pow(10, -7+5*rng.Float64())
		off := thin * (2*rng.Float64() - 1)
		if rng.IntN(2) == 0 {
			b.AddGround()
		}
		mu, bodies := rng.Float64(), rng.IntN(3) == 0
		for _, side := range []float64{-1, 1} {
			name := "right"
			if side < 0 {
				name = "left"
			}
			if bodies {
				b.AddCollider(sim.Collider{Name: name, Link: sim.World, Shape: contact.Box(r3.Vec{X: 1, Y: 3, Z: 3}), Pose: sim.At(side*(1.1-thin/2), 0, 0), Friction: mu})
			} else {
				b.AddHalfSpace(name, r3.Vec{X: -side}, -0.1+thin/2)
			}
		}
		shape := []contact.Shape{contact.Sphere(0.1), contact.Box(half), contact.Cylinder(0.1, 0.1), contact.Capsule(0.1, 0.1), contact.Ellipsoid(0.1, 0.1, 0.1501)}[rng.IntN(5)]
		l := b.AddLink("body", sim.BoxInertia(0.5+rng.Float64(), half))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Name: "body", Link: l, Shape: shape, Friction: mu})
		m := mustModel(t, b)
		s, x := m.NewStepper(sim.Options{Kappa: math.Pow(10, -3-6*rng.Float64())}), m.NewState()
		x.Q[2], x.Q[0], x.V[1] = 0.2+0.2*rng.Float64(), off, rng.NormFloat64()
		var err error
		for k := 0; k < 20 && err == nil; k++ {
			var r sim.Result
			r, err = s.Step(&x, x, nil)
			most = max(most, r.Iterations)
		}
		switch {
		case err == nil && bodies:
			tol.Within(t, s.Penetration(), thin/2+math.Abs(off)+0.1*s.Options().Kappa, "seed %d: depth", seed)
			remain++
		case !errors.Is(err, ipm.Infeasible.Err()) || !strings.Contains(err.Error(), "left") || !strings.Contains(err.Error(), "right"):
			t.Errorf("seed %d, %g m too thin, bodies %v: %v", seed, thin, bodies, err)
		}
	}
	if t.Logf("%d remain between bodies, at most %d iterations", remain, most); most > 400 {
		t.Errorf("%d iterations in a step", most)
	}
}
