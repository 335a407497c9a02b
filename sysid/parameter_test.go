package sysid

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// twins are two pendulums with damping, one hanging on each side, over the ground.
func twins(t *testing.T) *sim.Model {
	t.Helper()
	b := sim.NewBuilder("twins")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	for _, side := range []string{"left", "right"} {
		half := r3.Vec{X: 0.05, Y: 0.03, Z: 0.2}
		in := sim.BoxInertia(0.5, half)
		in.COM = r3.Vec{Z: -0.2}
		l := b.AddLink(side, in)
		b.AddJoint(sim.Joint{Name: side + "_hip", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l, Origin: sim.At(0, 0, 1), Axes: []sim.Axis{{Damping: 0.01, Friction: 0.02}}})
		b.AddCollider(sim.Collider{Name: side + "_box", Link: l, Shape: contact.Box(half), Friction: 0.4})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSet(t *testing.T) {
	m := twins(t)
	s, err := NewSet(m,
		Parameter{Name: "left_hip.damping", Ties: []Tie{{Name: "right_hip.damping", Ratio: 2}}, Lower: 0, Upper: 1},
		Parameter{Name: "left.inertia", Ties: []Tie{{Name: "right.inertia", Ratio: 1}}},
		Parameter{Name: "ground.offset", Mean: 0.1, Std: 0.5},
		Parameter{Name: "left_box.friction", Ties: []Tie{{Name: "right_box.friction", Ratio: 1}}, Mean: 0.3, Std: 0.1},
		Parameter{Name: "drift", Own: true, Unit: "m", Start: 7},
	)
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != 14 {
		t.Fatalf("%d unknowns: %q", s.Len(), s.Names())
	}
	x := s.Start()
	x[0] += math.Log(3)
	moved, err := s.Model(x)
	if err != nil {
		t.Fatal(err)
	}
	get := func(name string) float64 {
		p, err := implicit.FindParam(moved, name)
		if err != nil {
			t.Fatal(err)
		}
		v, err := implicit.Get(moved, p)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if l, r := get("left_hip.damping"), get("right_hip.damping"); math.Abs(l-0.03) > 1e-15 || math.Abs(r-0.06) > 1e-15 {
		t.Errorf("dampings are %g and %g, want 0.03 and twice that", l, r)
	}
	x[1] += 0.1 // all of the inertia grows
	if moved, err = s.Model(x); err != nil {
		t.Fatal(err)
	}
	if l, r := get("left.mass"), get("right.mass"); math.Abs(l-r) > 1e-15 || l < 1.2*value(m, "left.mass") {
		t.Errorf("masses are %g and %g, from %g", l, r, value(m, "left.mass"))
	}
	if lo, up := s.Bounds(); !math.IsInf(lo[0], -1) || up[0] != 0 || !math.IsInf(up[1], 1) {
		t.Errorf("bounds %g … %g", lo, up)
	}
	if v := s.Values(x); v[13] != 7 {
		t.Errorf("values %g", v)
	}

	// Chain against differences of ParamValues, and Prior of itself
	n := len(s.Params())
	unit := mat.NewDense(n, n, nil)
	for i := range n {
		unit.Set(i, i, 1)
	}
	got := mat.NewDense(n, s.Len(), nil)
	s.Chain(got, unit, x)
	prior := s.Prior(x)
	if len(prior.R) != 2 || prior.Priors != 2 || math.Abs(prior.R[1]-1) > 1e-12 {
		t.Errorf("priors %v", prior.R)
	}
	for j := range x {
		const h = 1e-6
		up, down := append([]float64(nil), x...), append([]float64(nil), x...)
		up[j] += h
		down[j] -= h
		a, b := s.ParamValues(up), s.ParamValues(down)
		for i := range n {
			if d := (a[i]-b[i])/(2*h) - got.At(i, j); math.Abs(d) > 1e-9 {
				t.Errorf("∂%s/∂%s is off by %g", s.Params()[i].Name, s.Names()[j], d)
			}
		}
		pa, pb := s.Prior(up), s.Prior(down)
		for i := range prior.R {
			if d := (pa.R[i]-pb.R[i])/(2*h) - prior.X.At(i, j); math.Abs(d) > 1e-8 {
				t.Errorf("derivative of prior %d by %s is off by %g", i, s.Names()[j], d)
			}
		}
	}
}

// TestBadParameters: every mistake is a sentence that names the parameter.
func TestBadParameters(t *testing.T) {
	m := twins(t)
	for _, c := range []struct {
		p    Parameter
		want string
	}{
		{Parameter{Name: "left_hip.dumping"}, "did you mean"},
		{Parameter{Name: "left_hip.damping", Lower: 2, Upper: 1}, "crossed"},
		{Parameter{Name: "left_hip.damping", Lower: math.NaN(), Upper: 1}, "crossed"},
		{Parameter{Name: "left_hip.damping", Lower: 1, Upper: 2}, "outside its bounds"},
		{Parameter{Name: "left_hip.stiffness"}, "small positive"},
		{Parameter{Name: "left_hip.damping", Std: -1}, "prior"},
		{Parameter{Name: "left_hip.damping", Ties: []Tie{{Name: "right_hip.damping"}}}, "ratio"},
		{Parameter{Name: "left_hip.damping", Ties: []Tie{{Name: "left_hip.damping", Ratio: 1}}}, "name it once"},
		{Parameter{Name: "left.fx"}, "belongs to a simulation"},
		{Parameter{Name: "offset", Own: true, Start: math.Inf(1)}, "starts at"},
	} {
		if _, err := NewSet(m, c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.p, err, c.want)
		}
	}
	if _, err := NewSet(m); err == nil {
		t.Error("no parameters were taken")
	}
}

// TestResult: values, errors in units, derived inertia and JSON of a fit that measures the logarithm of the mass of a body
// directly: x = ln √m, so a deviation of s there is one of 2 m s in kilograms.
func TestResult(t *testing.T) {
	s, err := NewSet(twins(t), Parameter{Name: "left.lc_alpha"}, Parameter{Name: "left_hip.damping"}, Parameter{Name: "right_hip.damping"})
	if err != nil {
		t.Fatal(err)
	}
	data := []float64{0.1, 0.2, 0.3, 0.2}
	min, err := LeastSquares{X0: s.Start(), Blocks: 1, Residual: func(_, _ int, x, _ []float64, _ bool) (Block, error) {
		b := Block{X: mat.NewDense(8, 3, nil)}
		for i, d := range data {
			b.R = append(b.R, x[0]-d, x[1]-math.Log(5*d))
			b.X.Set(2*i, 0, 1)
			b.X.Set(2*i+1, 1, 1)
		}
		return b, nil
	}}.Minimize(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewResult(s, min)
	if err != nil {
		t.Fatal(err)
	}
	mass := r.Derived[0]
	se := float64(r.Noise) / 2 // of the mean of four
	if mass.Name != "left.mass" || math.Abs(mass.Value-math.Exp(0.4)) > 1e-6 || math.Abs(float64(mass.StdErr)-2*math.Exp(0.4)*se) > 1e-6 {
		t.Errorf("mass %+v, want %g ± %g", mass, math.Exp(0.4), 2*math.Exp(0.4)*se)
	}
	if e := r.Estimates[1]; math.Abs(float64(e.StdErr)/e.Value-se) > 1e-6 || e.Unit != "N m s/rad" {
		t.Errorf("damping %+v, want a relative error of %g", e, se)
	}
	if e := r.Estimates[2]; !math.IsInf(float64(e.StdErr), 1) || math.Abs(e.Value-e.Start) > 1e-15 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "nothing measured depends on right_hip.damping") {
		t.Errorf("an unknown that nothing depends on: %+v, %q", e, r.Notes)
	}
	b, err := json.Marshal(r)
	if err != nil || !strings.Contains(string(b), `"standard_error":null`) {
		t.Errorf("JSON: %v %s", err, b)
	}
	min.Data = 3
	if _, err := NewResult(s, min); err == nil || !strings.Contains(err.Error(), "measure more") {
		t.Errorf("too few measurements: %v", err)
	}
}
