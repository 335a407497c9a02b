package sim_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestExtremeNumbersWorkOrAreNamed: a pendulum whose joint has one property of any size swings, or Build says which is too
// large; a box with any friction comes down. No step takes long.
func TestExtremeNumbersWorkOrAreNamed(t *testing.T) {
	sizes := []float64{1e-300, 1e-100, 1e-20, 1e-12, 1e-9, 1e-6, 1e-3, 1, 1e4, 1e6, 1e8, 1e10, 1e11, 1e12, 1e14, 1e16, 1e18, 1e30, 1e100, 1e300}
	axes := map[string]func(x float64) sim.Axis{
		"dry friction": func(x float64) sim.Axis { return sim.Axis{Friction: x} },
		"stiffness":    func(x float64) sim.Axis { return sim.Axis{Stiffness: x} },
		"damping":      func(x float64) sim.Axis { return sim.Axis{Damping: x} },
		"armature":     func(x float64) sim.Axis { return sim.Axis{Armature: x} },
		"effort":       func(x float64) sim.Axis { return sim.Axis{Drive: sim.Servo, Kp: 100, Kd: 1, Effort: x} },
		"kp":           func(x float64) sim.Axis { return sim.Axis{Drive: sim.Servo, Kp: x} },
		"kd":           func(x float64) sim.Axis { return sim.Axis{Drive: sim.Servo, Kp: x, Kd: x / 1000} },
		"bounded kp":   func(x float64) sim.Axis { return sim.Axis{Drive: sim.Servo, Kp: x, Effort: 10} },
	}
	worked, refused, longest := 0, 0, 0
	run := func(name string, b *sim.Builder, q []float64, kappa float64) {
		m, err := b.Build()
		if err != nil {
			if refused++; !strings.Contains(err.Error(), `joint "hinge"`) || !strings.Contains(err.Error(), "more than") {
				t.Errorf("%s: %v", name, err)
			}
			return
		}
		worked++
		s, st, u := m.NewStepper(sim.Options{Kappa: kappa}), m.NewState(), make([]float64, m.NU())
		copy(st.Q, q)
		for k := range 30 {
			for i := range u {
				u[i] = 0.3 * float64(k/10)
			}
			res, err := s.Step(&st, st, u)
			longest = max(longest, res.Iterations)
			if err != nil {
				t.Errorf("%s: step %d: %v", name, k, err)
				return
			}
		}
	}
	for _, h := range []float64{1e-3, 1e-2} {
		for _, kappa := range []float64{1e-3, 1e-8} {
			for _, x := range sizes {
				for _, property := range names(axes) {
					b := newWorld("pendulum", h)
					in := sim.BoxInertia(1, r3.Vec{X: 0.03, Y: 0.03, Z: 0.1})
					in.COM.Z = -0.1
					b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink("rod", in), Axes: []sim.Axis{axes[property](x)}})
					run(fmt.Sprintf("%s %g, h %g, κ %g", property, x, h, kappa), b, []float64{0.5}, kappa)
				}
				b := newWorld("box", h)
				half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
				l := b.AddLink("box", sim.BoxInertia(1, half))
				b.AddFree("free", l)
				b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: x})
				b.AddGround()
				run(fmt.Sprintf("friction coefficient %g, h %g, κ %g", x, h, kappa), b, []float64{0, 0, 0.12, math.Sqrt(0.84), 0.4, 0, 0}, kappa)
			}
		}
	}
	if t.Logf("%d worked, %d were refused, at most %d iterations", worked, refused, longest); longest > 20000 || refused > worked/5 {
		t.Error("too long, or too many are refused")
	}
}

// TestTinyFrictionIsNone: what is too small to be felt changes nothing.
func TestTinyFrictionIsNone(t *testing.T) {
	swing := func(friction float64) float64 {
		b := newWorld("pendulum", 0.01)
		in := sim.BoxInertia(1, r3.Vec{X: 0.03, Y: 0.03, Z: 0.1})
		in.COM.Z = -0.1
		b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink("rod", in), Axes: []sim.Axis{{Friction: friction}}})
		m := mustModel(t, b)
		s, st := m.NewStepper(sim.Options{Kappa: 1e-3}), m.NewState()
		st.Q[0] = 0.5
		for range 100 {
			must(t, s, &st, nil)
		}
		return st.Q[0]
	}
	want := swing(0)
	for _, f := range []float64{1e-300, 1e-12, 1e-9} {
		if q := swing(f); math.Abs(q-want) > 1e-7 {
			t.Errorf("dry friction of %g N m: %.12g, without %.12g", f, q, want)
		}
	}
}

// TestDividedStepEnds: a wheel that turns 1.6 million times in a step would be divided into as many parts, were there no bound.
func TestDividedStepEnds(t *testing.T) {
	b := newWorld("wheel", 0.01)
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink("wheel", sim.SphereInertia(1, 0.1))})
	m := mustModel(t, b)
	s, st := m.NewStepper(sim.Options{MaxHalvings: 40}), m.NewState()
	st.V[0] = 1e9
	if res, err := s.Step(&st, st, nil); err == nil || res.Iterations+res.Halvings > 150000 {
		t.Errorf("%d iterations, %d halvings: %v", res.Iterations, res.Halvings, err)
	}
}
