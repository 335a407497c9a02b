package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// rotor is a wheel on a hinge, driven.
func rotor(t *testing.T, h, inertia float64) *sim.Model {
	b := sim.NewBuilder("rotor")
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{})
	l := b.AddLink("wheel", sim.Inertia{Mass: 1, Ixx: inertia, Iyy: inertia, Izz: inertia})
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Z: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{Drive: sim.Torque}}})
	return mustModel(t, b)
}

// TestDivisionMovesNothing: under a constant torque a step ends at the same angle, and is known by the same velocity at its
// end, whether it was taken whole, in halves, or in any parts. Halves used to end at three quarters of the way, so that the
// torque that began to divide a step moved a joint by 0.09 rad.
func TestDivisionMovesNothing(t *testing.T) {
	const h, inertia = 0.01, 0.3
	parts := map[string][]float64{
		"halves": {0.5, 0.5}, "quarters behind a half": {0.5, 0.25, 0.25}, "quarters before a half": {0.25, 0.25, 0.5},
		"unequal": {0.13, 0.61, 0.26},
	}
	for torque, limit := range map[float64]float64{1: 1e-9, 100: 1e-9, 900: 1e-9, 1300: 5e-9} {
		// the last turns it by 0.46 rad in a step, where the rational g of the angular velocity errs by that
		for _, past := range []float64{0, h} {
			start := sim.State{Q: []float64{0.2}, V: []float64{3}, H: past}
			run := func(parts ...float64) (x sim.State, v float64) {
				x = start.Clone()
				for _, p := range parts {
					m := rotor(t, h*p, inertia)
					if must(t, m.NewStepper(sim.Options{Tolerance: 1e-12}), &x, []float64{torque}).Halvings > 0 {
						t.Fatalf("%g N m divide a step", torque)
					}
				}
				// the torque acts for the second half of the last interval, too
				return x, x.V[0] + x.H/2*torque/inertia
			}
			whole, v := run(1)
			for name, p := range parts {
				x, vp := run(p...)
				if e := math.Abs(x.Q[0] - whole.Q[0]); !(e < limit) {
					t.Errorf("%g N m, H = %g, %s: ends %g rad beside the whole step", torque, past, name, e)
				}
				if !(math.Abs(vp-v) < limit/h) {
					t.Errorf("%g N m, H = %g, %s: ends at %g rad/s, whole at %g", torque, past, name, vp, v)
				}
			}
		}
	}
}

// TestAngleFollowsTheTorque: from rest a step turns a rotor by h²τ/2I, up to half a radian, without a cliff. Steps in which a
// joint changed its rate much used to be divided, and moved it by 0.309 rad instead of 0.395.
func TestAngleFollowsTheTorque(t *testing.T) {
	const h, inertia = 0.01, 0.3
	s := rotor(t, h, inertia).NewStepper(sim.Options{})
	last, worst := 0.0, 0.0
	for k := range 301 {
		torque := 10 * float64(k)
		x := s.Model().NewState()
		if r := must(t, s, &x, []float64{torque}); r.Halvings > 0 {
			t.Errorf("%g N m: divided", torque)
		}
		want := h * h * torque / 2 / inertia
		worst = math.Max(worst, math.Abs(x.Q[0]-want))
		if k > 0 && math.Abs(x.Q[0]-last-h*h*10/2/inertia) > 1e-6 {
			t.Errorf("at %g N m the angle jumps from %g to %g rad", torque, last, x.Q[0])
		}
		last = x.Q[0]
	}
	t.Logf("up to %.3f rad in a step an angle is off by at most %.1e rad", last, worst)
	if worst > 2e-8 { // of the rational g
		t.Errorf("an angle is off by %g rad", worst)
	}
}

// TestRestIsNotDividedOnAndOn: an egg of 2 kg that a spring of ten times its weight holds on the floor, after a step
// that something divided. Energy is read before contacts push, so what rests seems to move by half an interval's worth
// of spring and weight; where a longer interval followed that was taken for a gain, the step was divided, and its last
// part was short again, 114 of 120 steps.
func TestRestIsNotDividedOnAndOn(t *testing.T) {
	const h, mass, k = 0.05, 2.0, 1000.0
	b := newWorld("held", h)
	b.AddGround()
	l := b.AddLink("egg", sim.EllipsoidInertia(mass, r3.Vec{X: 0.1, Y: 0.08, Z: 0.05}))
	b.AddJoint(sim.Joint{Name: "rail", Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{Stiffness: k, Rest: 0.05 - 10*mass*9.81/k}}})
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Ellipsoid(0.1, 0.08, 0.05)})
	m := mustModel(t, b)
	for _, before := range []float64{0, h / 64, h / 8, h / 2, h, 2 * h} {
		st, x := m.NewStepper(sim.Options{}), m.NewState()
		x.Q[0] = 0.05 + 1e-6
		x.H = before
		for i := range 20 {
			if res := must(t, st, &x, nil); res.Halvings > 0 {
				t.Fatalf("after %g s: step %d is divided %d times", before, i, res.Halvings)
			}
		}
	}
}
