package sim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestSpeedIsBounded: a wheel under a torque gains speed to the bound and keeps it, forward and backward; a start
// beyond it is at the bound after one step, and what is slower is not held.
func TestSpeedIsBounded(t *testing.T) {
	for _, typ := range []sim.JointType{sim.Revolute(r3.Vec{Y: 1}), sim.Prismatic(r3.Vec{X: 1})} {
		for _, c := range []struct{ start, torque, most, want float64 }{
			{0, 8, 3, 3}, {0, -8, 3, -3}, {5, 0, 3, 3}, {-5, 1, 3, -3 + 0.5*0.99}, {1, 0, 3, 1}, {0, 1, 100, 0.5 * 0.995},
		} {
			m := driveOnly(t, typ, sim.Axis{Drive: sim.Torque, MaxSpeed: c.most})
			moved := []float64{2, 1}[len(typ.Trans)] // kg m², kg
			s, x := m.NewStepper(sim.Options{Kappa: 1e-10, Tolerance: 1e-12}), m.NewState()
			x.V[0] = c.start
			must(t, s, &x, []float64{c.torque * moved / 2})
			if math.Abs(x.V[0]) > c.most+1e-6 {
				t.Errorf("%+v: %g after one step", c, x.V[0])
			}
			for range 99 {
				must(t, s, &x, []float64{c.torque * moved / 2})
			}
			tol.Within(t, math.Abs(x.V[0]-c.want), 2e-3, "%+v: speed is %g", c, x.V[0])
		}
	}
}

// TestBoundedSpeedTakesEnergy: a pendulum that falls no faster than its bound loses what gravity gives it, and its follower with it.
func TestBoundedSpeedTakesEnergy(t *testing.T) {
	b := newWorld("pendulum", 0.01)
	rod := sim.CapsuleInertia(1, 0.02, 0.3).Placed(sim.At(0, 0, -0.4))
	l, f := b.AddLink("rod", rod), b.AddLink("follower", rod)
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{}}})
	b.AddJoint(sim.Joint{Name: "twin", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: f, Mimic: &sim.Mimic{Joint: "hinge", Ratio: 2}, Axes: []sim.Axis{{MaxSpeed: 1}}})
	m := mustModel(t, b)
	s, x := m.NewStepper(sim.Options{Kappa: 1e-9}), m.NewState()
	x.Q[0], x.Q[1] = 1.2, 2.4
	last, fastest := math.Inf(1), 0.0
	for range 600 {
		must(t, s, &x, nil)
		e, err := s.Energy(x)
		if err != nil {
			t.Fatal(err)
		}
		total := e.Kinetic + e.Gravity
		if total > last+1e-3 {
			t.Fatalf("energy %g became %g", last, total)
		}
		last, fastest = total, math.Max(fastest, math.Abs(x.V[1]))
	}
	tol.Within(t, math.Abs(fastest-1), 1e-6, "the follower's fastest is %g", fastest)
}

// TestSlowJointsComeOut: an arm that starts beyond its limit, and one in the ground, come out of it although that takes
// more than their joints may do.
func TestSlowJointsComeOut(t *testing.T) {
	for name, start := range map[string]float64{"limit": -0.2, "ground": 0.6} {
		b := newWorld("arm", 0.01)
		l := b.AddLink("arm", sim.CapsuleInertia(1, 0.05, 0.3).Placed(sim.Pose{Pos: r3.Vec{X: 0.3}, Rot: sim.RPY(0, math.Pi/2, 0)}))
		b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l, Origin: sim.At(0, 0, 0.2), Axes: []sim.Axis{{Limited: true, Lower: 0, Upper: 2, MaxSpeed: 0.01}}})
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.05), Pose: sim.At(0.6, 0, 0), Friction: 0.5})
		b.AddGround()
		m := mustModel(t, b)
		s, x := m.NewStepper(sim.Options{}), m.NewState()
		x.Q[0] = start
		for k := range 200 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatalf("%s, step %d: %v", name, k, err)
			}
			if math.Abs(x.V[0]) > 0.011 {
				t.Fatalf("%s, step %d: %g rad/s", name, k, x.V[0])
			}
		}
		if x.Q[0] < -1e-4 || s.Penetration() > 1e-9 {
			t.Errorf("%s: it ends at %g rad, %g m deep", name, x.Q[0], s.Penetration())
		}
	}
}

func TestSpeedBoundsAreChecked(t *testing.T) {
	for want, a := range map[string]sim.Axis{"bound on the speed is -1": {MaxSpeed: -1}, "bound on the speed is NaN": {MaxSpeed: math.NaN()}} {
		b := newWorld("m", 0.01)
		b.AddJoint(sim.Joint{Name: "j", Type: sim.Revolute(r3.Vec{X: 1}), Parent: sim.World, Child: b.AddLink("l", sim.SphereInertia(1, 1)), Axes: []sim.Axis{a}})
		if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v", err)
		}
	}
	b := newWorld("m", 0.01)
	fast := sim.Axis{MaxSpeed: 1}
	b.AddJoint(sim.Joint{Name: "j", Type: sim.Spherical(), Parent: sim.World, Child: b.AddLink("l", sim.SphereInertia(1, 1)), Axes: []sim.Axis{fast, fast, fast}})
	if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), "no bound on its speed") {
		t.Errorf("%v", err)
	}
}
