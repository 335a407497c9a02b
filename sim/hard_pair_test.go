package sim_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// stands runs a tower for a while and reports what steps needed and how far its boxes moved.
func stands(t *testing.T, name string, steps int, masses ...float64) {
	t.Helper()
	m, x := tower(t, masses...)
	start := x.Clone()
	s := m.NewStepper(sim.Options{})
	its, most, halvings := 0, 0, 0
	for k := range steps {
		r, err := s.Step(&x, x, nil)
		if err != nil {
			t.Errorf("%s, step %d: %v", name, k, err)
			return
		}
		its, most, halvings = its+r.Iterations, max(most, r.Iterations), halvings+r.Halvings
		for _, c := range reports(s) {
			if c.Gap < 0 {
				t.Fatalf("%s, step %d: %g m inside", name, k, -c.Gap)
			}
		}
	}
	moved := 0.0
	for i := range masses {
		for c := range 3 {
			moved = math.Max(moved, math.Abs(x.Q[7*i+c]-start.Q[7*i+c]))
		}
	}
	t.Logf("%s: %.1f iterations a step, at most %d, %d halvings; moved %.1e m", name, float64(its)/float64(steps), most, halvings, moved)
	if halvings > 0 {
		t.Errorf("%s: %d halvings", name, halvings)
	}
	tol.Within(t, moved, 1e-3, "%s: a box moved", name)
}

// TestMassRatios: 1000 kg on 1 g, and ten boxes of masses 10^±3 mixed: every step converges, and they stand.
func TestMassRatios(t *testing.T) {
	stands(t, "1000 kg on 1 g", 300, 1e-3, 1e3)
	stands(t, "1 g on 1000 kg", 300, 1e3, 1e-3)
	stands(t, "ten alternating", 300, 1e3, 1e-3, 1e3, 1e-3, 1e3, 1e-3, 1e3, 1e-3, 1e3, 1e-3)
	stands(t, "ten alternating, light below", 300, 1e-3, 1e3, 1e-3, 1e3, 1e-3, 1e3, 1e-3, 1e3, 1e-3, 1e3)
	rng := seeded(74)
	for range 3 {
		masses := make([]float64, 10)
		for i := range masses {
			masses[i] = math.Pow(10, 6*rng.Float64()-3)
		}
		stands(t, "ten mixed", 200, masses...)
	}
}

// TestBodiesAtOnePlace: balls all with one center, and boxes nearly so: steps end, say how, and bring them apart. 100 balls
// take 47 iterations, and 7 s, for the first step.
func TestBodiesAtOnePlace(t *testing.T) {
	for _, c := range []struct {
		shape contact.Shape
		n     int
		apart float64
	}{{contact.Sphere(0.1), 30, 0}, {contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}), 12, 1e-3}} {
		var list []solid
		for i := range c.n {
			list = append(list, solid{fmt.Sprintf("body%d", i), c.shape, 1, 0.5})
		}
		m := solids(t, 9.81, sim.Cone, list...)
		x := m.NewState()
		for i := range c.n {
			x.Q[7*i], x.Q[7*i+2] = c.apart*float64(i), 0.3
		}
		s := m.NewStepper(sim.Options{MaxHalvings: 1})
		most, depth := 0, math.Inf(-1)
		for k := range 60 {
			r, err := s.Step(&x, x, nil)
			var e *sim.StepError
			if err != nil && (!errors.As(err, &e) || e.Where == "") {
				t.Errorf("%v: the error says nothing: %v", c.shape.Kind, err)
			}
			if err != nil {
				t.Fatalf("%v, step %d: %v", c.shape.Kind, k, err)
			}
			most, depth = max(most, r.Iterations), math.Inf(-1)
			for _, p := range reports(s) {
				if p.Active {
					depth = max(depth, -p.Gap)
				}
			}
		}
		if !(depth < 0) {
			t.Errorf("%v: after 60 steps bodies are %g m in each other", c.shape.Kind, depth)
		}
		t.Logf("%v: at most %d iterations a step", c.shape.Kind, most)
	}
}

// TestHeapOfBalls: balls that fall on a heap: every step converges.
func TestHeapOfBalls(t *testing.T) {
	for _, n := range []int{10, 50} {
		m := balls(t, n, 9.81)
		s := m.NewStepper(sim.Options{})
		x := m.NewState()
		for i := range n {
			place(&x, i, r3.Vec{X: 0.21*float64(i%3) + 0.003*float64(i%7), Y: 0.21*float64(i/3%3) + 0.002*float64(i%5), Z: 0.15 + 0.25*float64(i/9)}, r3.Vec{}, r3.Vec{})
		}
		its, most, halvings := 0, 0, 0
		for k := range 120 {
			r, err := s.Step(&x, x, nil)
			if err != nil {
				t.Fatalf("%d balls, step %d: %v", n, k, err)
			}
			its, most, halvings = its+r.Iterations, max(most, r.Iterations), halvings+r.Halvings
		}
		if most > 60 || halvings > 0 {
			t.Errorf("%d balls: a step takes %d iterations, %d are divided", n, most, halvings)
		}
		t.Logf("%d balls: %.1f iterations a step, at most %d; %d halvings", n, float64(its)/120, most, halvings)
	}
}

// TestPairsThatExcludeEachOther: a ball on a rail between two rocks that leave it no room ends with an error that names them, and does
// not panic, in a model without half-spaces too.
func TestPairsThatExcludeEachOther(t *testing.T) {
	for _, ground := range []bool{false, true} {
		b := newWorld("vise", 0.01)
		if ground {
			b.AddHalfSpace("ground", r3.Vec{Z: 1}, -10)
		}
		l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
		b.AddJoint(sim.Joint{Name: "rail", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: l})
		b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Friction: 0.5})
		for i, name := range []string{"left", "right"} {
			b.AddCollider(sim.Collider{Name: name, Link: sim.World, Shape: contact.Sphere(0.1), Friction: 0.5, Pose: sim.At(0.199*float64(2*i-1), 0, 0)})
		}
		m := mustModel(t, b)
		x := m.NewState()
		_, err := m.NewStepper(sim.Options{}).Step(&x, x, nil)
		if err == nil || !strings.Contains(err.Error(), "contact ball/left and contact ball/right") {
			t.Errorf("ground %v: %v", ground, err)
		}
	}
}
