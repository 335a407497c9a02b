package implicit_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestImpactStepHasDerivatives: a step that an impact divides has the derivative with the time of impact, in whole and
// where one of its parts is divided again.
func TestImpactStepHasDerivatives(t *testing.T) {
	for _, fast := range []bool{false, true} {
		m, x := flail(t)
		x.Q[2], x.V[2] = 0.4, -3
		x.V[6], x.V[7] = 3, -4
		if fast {
			x.Q[2], x.V[6], x.V[7] = 0.12, 20, -40
		}
		opt := sim.Options{Kappa: 1e-4, Tolerance: 1e-12, Centrality: 1e-10, DivideImpacts: true}
		if fast {
			opt.Kappa = 1e-3
		}
		s, u, hit := m.NewStepper(opt), []float64{3, -4}, false
		var cur sim.State
		for range 200 {
			cur = x.Clone()
			r, err := s.Step(&x, x, u)
			if err != nil {
				t.Fatal(err)
			}
			parts := s.Parts()
			if len(parts) > 0 && parts[0].ByImpact != 0 {
				t.Logf("%d parts, the last of %.4f s, %d halvings", len(parts), parts[len(parts)-1].H, r.Halvings)
				hit = fast == (r.Halvings > 0)
			}
			if hit {
				checkStep(t, m, cur, u, opt, r.Halvings, false)
				break
			}
		}
		if !hit {
			t.Fatalf("no impact divided a step (%v)", fast)
		}
	}
}

// TestImpactRollout compares the gradient of a landing by the timestep with differences: the knot before moves with it too.
func TestImpactRollout(t *testing.T) {
	m, x := flail(t)
	x.Q[2], x.V[2], x.V[6], x.V[7] = 0.43, -3, 3, -4
	opt := sim.Options{Kappa: 1e-4, Tolerance: 1e-12, Centrality: 1e-10, DivideImpacts: true}
	inputs := make([][]float64, 8)
	c, params := quadratic(m), find(t, m, []string{"timestep", "gravity.z", "lower.radius"})
	s := m.NewStepper(opt)
	r, err := gradient(t, s, implicit.Options{}).Rollout(x, inputs, c, implicit.RolloutOptions{Params: params})
	if err != nil {
		t.Fatal(err)
	}
	y, hits := x.Clone(), 0
	for range inputs {
		if _, err := s.Step(&y, y, nil); err != nil {
			t.Fatal(err)
		}
		if len(s.Parts()) > 0 {
			hits++
		}
	}
	if hits == 0 {
		t.Fatal("nothing landed")
	}
	for i, p := range params {
		v, err := implicit.Get(m, p)
		if err != nil {
			t.Fatal(err)
		}
		e := differ(r.Params[i:i+1], 0, func(eps float64) []float64 {
			n, err := implicit.Set(m, []implicit.Param{p}, []float64{v + eps})
			if err != nil {
				t.Fatal(err)
			}
			cost, err := gradient(t, n.NewStepper(opt), implicit.Options{}).Cost(x, inputs, c)
			if err != nil {
				t.Fatal(err)
			}
			return []float64{cost}
		}, 1e-5, 1e-6, 1e-7)
		if t.Logf("%s: %.6g, error %.1e, %d impacts", p.Name, r.Params[i], e, hits); !(e < 1e-6) {
			t.Errorf("the gradient by %s differs by %.1e from differences", p.Name, e)
		}
	}
}

// TestWhatRollsLandsInTime: the time of impact of a shape whose lowest point runs over it changes with its turn, too.
// With the center of an ellipsoid for that point, the derivative of the step in which it lands was off by up to a tenth
// of its largest entry.
func TestWhatRollsLandsInTime(t *testing.T) {
	for name, c := range map[string]struct {
		shape  contact.Shape
		params []string
	}{
		"ellipsoid": {contact.Ellipsoid(0.1, 0.2, 0.3), []string{"body.radius_x", "body.radius_z"}},
		"cylinder":  {contact.Cylinder(0.2, 0.1), []string{"body.radius", "body.half_length"}},
		"capsule":   {contact.Capsule(0.1, 0.2), []string{"body.radius", "body.half_length"}},
		"box":       {contact.Box(r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}), []string{"body.half_x"}},
	} {
		b := world(name, 9.81)
		l := b.AddLink("body", sim.BoxInertia(2, r3.Vec{X: 0.1, Y: 0.2, Z: 0.25}))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Name: "body", Link: l, Shape: c.shape, Pose: sim.At(0.02, -0.01, 0.03), Friction: 0.4})
		b.AddGround()
		m := must(t, b)
		opt := sim.Options{Kappa: 1e-4, Tolerance: 1e-12, Centrality: 1e-10, DivideImpacts: true}
		s, x := m.NewStepper(opt), m.NewState()
		copy(x.Q, []float64{0, 0, 0.6, 0.8, 0.48, 0.36, 0})
		copy(x.V, []float64{1, -0.5, -2, 3, -5, 4})
		start, landed := x.Clone(), false
		for k := 0; k < 40 && !landed; k++ {
			start = x.Clone()
			if r, err := s.Step(&x, x, nil); err != nil || r.Halvings > 0 {
				t.Fatalf("%s: %+v, %v", name, r, err)
			}
			landed = len(s.Parts()) > 0
		}
		if !landed {
			t.Fatalf("%s: no impact divided a step", name)
		}
		checkLanding(t, name, m, start, opt, find(t, m, append(c.params, "timestep", "gravity.z", "gravity.x", "ground.offset", "ground.normal_x", "body.x", "body.ry", "body.mass")))
	}
}

// checkLanding compares the derivatives of a step with differences.
func checkLanding(t *testing.T, name string, m *sim.Model, start sim.State, opt sim.Options, params []implicit.Param) {
	t.Helper()
	g, next := gradient(t, m.NewStepper(opt), implicit.Options{}), m.NewState()
	if _, err := g.Step(&next, start, nil); err != nil {
		t.Fatal(err)
	}
	var a, p mat.Dense
	if err := errors.Join(g.StateJacobian(&a), g.ParamJacobian(&p, params)); err != nil {
		t.Fatal(err)
	}
	scale := math.Max(mat.Norm(&a, math.Inf(1)), 1)
	step := func(m *sim.Model, x sim.State) []float64 {
		y, d := m.NewState(), implicit.NewTangent(m)
		s := m.NewStepper(opt)
		if _, err := s.Step(&y, x, nil); err != nil || len(s.Parts()) == 0 {
			t.Fatalf("%s: %v, %d parts", name, err, len(s.Parts()))
		}
		implicit.Difference(m, d, y, next)
		return slices.Concat(d.Q, d.V)
	}
	for k := range 2 * m.NV() {
		e := differ(mat.Col(nil, k, &a), scale, func(eps float64) []float64 {
			d, x := implicit.NewTangent(m), m.NewState()
			if k < m.NV() {
				d.Q[k] = eps
			} else {
				d.V[k-m.NV()] = eps
			}
			implicit.Displace(m, &x, start, d)
			return step(m, x)
		}, 1e-5, 1e-6, 1e-7)
		if !(e < 1e-6) {
			t.Errorf("%s: column %d of the state differs by %.1e from differences", name, k, e)
		}
	}
	for i, q := range params {
		v, err := implicit.Get(m, q)
		if err != nil {
			t.Fatal(err)
		}
		e := differ(mat.Col(nil, i, &p), scale, func(eps float64) []float64 {
			n, err := implicit.Set(m, []implicit.Param{q}, []float64{v + eps})
			if err != nil {
				t.Fatal(err)
			}
			return step(n, start)
		}, 1e-5, 1e-6, 1e-7)
		if !(e < 1e-6) {
			t.Errorf("%s: the derivative by %s differs by %.1e from differences", name, q.Name, e)
		}
	}
}
