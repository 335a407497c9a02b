package sim_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// slot is a shape that falls along two walls, which are that far from its middle.
func slot(shape contact.Shape, in sim.Inertia, half float64) *sim.Builder {
	b := newWorld("slot", 0.01)
	l := b.AddLink("body", in)
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Name: "body", Link: l, Shape: shape})
	b.AddHalfSpace("left", r3.Vec{Y: 1}, -half)
	b.AddHalfSpace("right", r3.Vec{Y: -1}, -half)
	return b
}

// sledge is a ball on a slider along the ground, whose lowest point is at the given height.
func sledge(height float64) *sim.Builder {
	b := newWorld("sled", 0.01)
	l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
	b.AddJoint(sim.Joint{Name: "rail", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: l, Origin: sim.At(0, 0, 0.1+height)})
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1)})
	b.AddGround()
	return b
}

// pair is two pendulums with limits, of which one follows the other: q₁ = −q₀ + offset.
func pair(offset float64) *sim.Builder {
	b := newWorld("pair", 0.01)
	in := sim.BoxInertia(1, r3.Vec{X: 0.03, Y: 0.03, Z: 0.1})
	in.COM.Z = -0.1
	for i, name := range []string{"leader", "follower"} {
		j := sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink(name, in), Axes: []sim.Axis{{Limited: true, Upper: 1}}}
		if i == 1 {
			j.Mimic = &sim.Mimic{Joint: "leader", Ratio: -1, Offset: offset}
		}
		b.AddJoint(j)
	}
	return b
}

// touching is a pendulum whose limit stands where its tip touches the ground, or depth below it.
func touching(depth float64) *sim.Builder {
	b := newWorld("touching", 0.01)
	in := sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.03, Z: 0.03})
	in.COM.X = 0.1
	l := b.AddLink("rod", in)
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l, Origin: sim.At(0, 0, 0.05), Axes: []sim.Axis{{Limited: true, Lower: depth, Upper: 1}}})
	b.AddCollider(sim.Collider{Name: "tip", Link: l, Shape: contact.Sphere(0.05), Pose: sim.At(0.2, 0, 0), Friction: 0.5})
	b.AddGround()
	return b
}

var half = r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}

// TestSinglePosition: where constraints leave exactly one position there is one, and finding it takes bounded work.
func TestSinglePosition(t *testing.T) {
	for name, b := range map[string]*sim.Builder{
		"ball in a slot":             slot(contact.Sphere(0.1), sim.SphereInertia(1, 0.1), 0.1),
		"box in a slot":              slot(contact.Box(half), sim.BoxInertia(1, half), 0.1),
		"sled on the ground":         sledge(0),
		"follower against a leader":  pair(0),
		"limit that touches a floor": touching(0),
	} {
		for _, h := range []float64{1e-3, 1e-2, 5e-2} {
			for _, kappa := range []float64{1e-3, 1e-5, 1e-6, 1e-9} {
				b.SetTimestep(h)
				m := mustModel(t, b)
				s, st := m.NewStepper(sim.Options{Kappa: kappa}), m.NewState()
				start := st.Clone()
				slides := m.Joints()[0].NQ == 7
				worst := 0
				for k := range 40 {
					res, err := s.Step(&st, st, nil)
					if err != nil {
						t.Errorf("%s, h %g, κ %g: step %d: %v", name, h, kappa, k, err)
						break
					}
					worst = max(worst, res.Iterations)
				}
				if worst > 200 {
					t.Errorf("%s, h %g, κ %g: %d iterations in a step", name, h, kappa, worst)
				}
				if want := -gravity / 2 * math.Pow(40*h, 2); slides && math.Abs(st.Q[2]-want) > 1e-6*(1-want) {
					t.Errorf("%s, h %g, κ %g: fell to %g, want %g", name, h, kappa, st.Q[2], want)
				}
				for i := range st.Q {
					if d := st.Q[i] - start.Q[i]; !(slides && i == 2) && math.Abs(d) > 2e-9 {
						t.Errorf("%s, h %g, κ %g: coordinate %d moved by %g", name, h, kappa, i, d)
					}
				}
			}
		}
	}
}

// TestNoPosition: what excludes each other is said by name, soon.
func TestNoPosition(t *testing.T) {
	for _, c := range []struct {
		name  string
		b     *sim.Builder
		wants []string
	}{
		{"box, 1 µm too wide", slot(contact.Box(half), sim.BoxInertia(1, half), 0.1-5e-7), []string{"/left", "/right"}},
		{"ball, 1 mm too wide", slot(contact.Sphere(0.1), sim.SphereInertia(1, 0.1), 0.1-5e-4), []string{"contact body/left", "contact body/right"}},
		{"sled in the ground", sledge(-0.01), []string{"contact ball/ground", "joint rail"}},
		{"follower below its limit", pair(-0.1), []string{"joint leader", "joint follower"}},
		{"limit below the floor", touching(0.2), []string{"contact tip/ground", "joint hinge"}},
	} {
		for _, kappa := range []float64{1e-3, 1e-5, 1e-6, 1e-9} {
			m := mustModel(t, c.b)
			s, st := m.NewStepper(sim.Options{Kappa: kappa}), m.NewState()
			res, err := s.Step(&st, st, nil)
			for k := 0; k < 100 && err == nil; k++ { // one that starts deep leaves slowly, until it cannot
				res, err = s.Step(&st, st, nil)
			}
			var e *sim.StepError
			if !errors.As(err, &e) || e.Status != ipm.Infeasible || res.Iterations > 200 {
				t.Errorf("%s, κ %g: %d iterations, %v", c.name, kappa, res.Iterations, err)
				continue
			}
			for _, w := range append(c.wants, "exclude each other") {
				if !strings.Contains(fmt.Sprint(err), w) {
					t.Errorf("%s, κ %g: %v does not name %s", c.name, kappa, err, w)
				}
			}
		}
	}
}

// TestAPartWithoutPosition: where it takes a part of a step to see that constraints exclude each other the whole is not
// tried once more in all ways. Of boxes in a slot that is 1 µm too thin 4 of 252 ended after 940 iterations with an
// error that did not say so.
func TestAPartWithoutPosition(t *testing.T) {
	worst := 0
	for n := range 60 {
		mass, friction := 0.7+0.01*float64(n), 0.35+0.3*math.Mod(0.618*float64(n), 1)
		for _, h := range []float64{0.02, 0.05} {
			b := newWorld("slot", h)
			b.AddGround()
			b.AddHalfSpace("left", r3.Vec{X: 1}, -0.1+5e-7)
			b.AddHalfSpace("right", r3.Vec{X: -1}, -0.1+5e-7)
			l := b.AddLink("body", sim.BoxInertia(mass, half))
			b.AddJoint(sim.Joint{Name: "free", Type: sim.Free(), Parent: sim.World, Child: l})
			b.AddCollider(sim.Collider{Name: "body", Link: l, Shape: contact.Box(half), Friction: friction})
			m := mustModel(t, b)
			for _, kappa := range []float64{1e-8, 1e-9} {
				s, st := m.NewStepper(sim.Options{Kappa: kappa}), m.NewState()
				st.Q[2] = 0.3
				res, err := s.Step(&st, st, nil)
				var e *sim.StepError
				if !errors.As(err, &e) || e.Status != ipm.Infeasible || !strings.Contains(e.Error(), "/left") || !strings.Contains(e.Error(), "/right") {
					t.Errorf("%g kg, friction %g, h %g, κ %g: %v", mass, friction, h, kappa, err)
				}
				worst = max(worst, res.Iterations)
			}
		}
	}
	t.Logf("at most %d iterations", worst)
}
