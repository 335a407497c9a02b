package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestEnergyReturns: a ball whose mass is off its center turns on a smooth floor, whose force swells and ebbs. The
// momenta arrive at a knot before that has pushed there, so the energy read swells with it, by h² F²/12 m, m what the
// force moves, and returns with every turn. Without that term it is constant to third order.
func TestEnergyReturns(t *testing.T) {
	const radius, off, spin = 0.2, 0.1, 7
	in := sim.SphereInertia(1, radius)
	run := func(h float64) (early, late, left float64) {
		b := newWorld("ball", h)
		l := b.AddLink("ball", in.Placed(sim.At(0, 0, -off)))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(radius)})
		b.AddGround()
		m := mustModel(t, b)
		s, x := m.NewStepper(sim.Options{Kappa: 1e-11, Tolerance: 1e-12}), m.NewState()
		x.Q[2], x.V[4], x.V[0] = radius, spin, off*spin
		poses, first, steps := make([]sim.Pose, 1), 0.0, int(math.Round(4/h))
		for k := range steps {
			e, err := s.Energy(x)
			if err != nil {
				t.Fatal(err)
			}
			m.Poses(poses, x.Q)
			must(t, s, &x, nil)
			c := s.Contacts()[0]
			arm := poses[0].Apply(r3.Vec{Z: -off}).X - c.Point.X
			read, swell := e.Kinetic+e.Gravity, h*h*c.Force.Z*c.Force.Z/12*(1/in.Mass+arm*arm/in.Iyy)
			switch {
			case k < 2: // before the first is an instant
				continue
			case k == 2:
				first = read - swell
			case k < steps/2:
				early = max(early, math.Abs(read-first))
			default:
				late = max(late, math.Abs(read-first))
			}
			left = max(left, math.Abs(read-swell-first))
		}
		return early, late, left
	}
	var swells, rest float64
	for _, h := range []float64{0.02, 0.01, 0.005, 0.0025, 0.00125} {
		early, late, left := run(h)
		t.Logf("h = %5g ms: the energy swells by %.3g J in 2 s and %.3g J in the next, to all but %.3g J as the force does", 1e3*h, early, late, left)
		if math.Abs(late-early) > 0.03*early {
			t.Errorf("h = %g: swells by %g J in the first half and by %g J in the second", h, early, late)
		}
		if swells > 0 && (swells/early < 3.7 || rest/left < 7) {
			t.Errorf("h = %g: with half the step swells by %g instead of %g J, and is off by %g instead of %g J; want a quarter and less than a seventh", h, early, swells, left, rest)
		}
		swells, rest = early, left
	}
}
