package implicit_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// flail is a chain of two links with torques that drags on the ground and cracks: its steps are divided.
func flail(t *testing.T) (*sim.Model, sim.State) {
	b := sim.NewBuilder("flail")
	flailParts(b)
	m := must(t, b)
	x := m.NewState()
	x.Q[2] = 0.12
	x.V[6], x.V[7] = 20, -40
	return m, x
}

func flailParts(b *sim.Builder) {
	b.SetTimestep(0.02)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	parent := b.AddLink("base", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddFree("free", parent)
	for k, n := range []string{"upper", "lower"} {
		l := b.AddLink(n, sim.BoxInertia(0.5, r3.Vec{X: 0.2, Y: 0.05, Z: 0.05}).Placed(sim.At(0.2, 0, 0)))
		axis := sim.Axis{Drive: sim.Torque, Damping: 0.01, Friction: 0.05}
		b.AddJoint(sim.Joint{Name: n, Type: sim.Revolute(r3.Vec{Z: 1, X: 0.1}), Parent: parent, Child: l, Origin: sim.At(0.1+0.3*float64(k), 0, 0), Axes: []sim.Axis{axis}})
		b.AddCollider(sim.Collider{Name: n, Link: l, Shape: contact.Sphere(0.05), Pose: sim.At(0.4, 0, 0), Friction: 0.5})
		parent = l
	}
}

// TestDividedStepHasDerivatives: the derivative of a divided step is the product of those of its parts. It used to be an
// error, and at full torques two thirds of rollouts had no gradient.
func TestDividedStepHasDerivatives(t *testing.T) {
	m, x := flail(t)
	opt := sim.Options{Kappa: 1e-4, Tolerance: 1e-12, Centrality: 1e-10}
	s := m.NewStepper(opt)
	u := []float64{3, -4}
	halvings := 0
	var cur sim.State
	for range 40 {
		cur = x.Clone()
		r, err := s.Step(&x, x, u)
		if err != nil {
			t.Fatal(err)
		}
		if halvings = r.Halvings; halvings > 0 {
			break
		}
	}
	if halvings == 0 {
		t.Fatal("no step was divided")
	}
	checkStep(t, m, cur, u, opt, halvings, false)
}

// checkStep checks all derivatives of the step from cur, which is divided so often and starts deep or not, against
// differences, and the backward products against the forward ones.
func checkStep(t *testing.T, m *sim.Model, cur sim.State, u []float64, opt sim.Options, halvings int, deep bool) {
	t.Helper()
	g := gradient(t, m.NewStepper(opt), implicit.Options{})
	next := m.NewState()
	if r, err := g.Step(&next, cur, u); err != nil || r.Halvings != halvings {
		t.Fatalf("%+v, %v", r, err)
	}
	nv := m.NV()
	var a, b mat.Dense
	if err := g.StateJacobian(&a); err != nil {
		t.Fatal(err)
	}
	if err := g.InputJacobian(&b); err != nil {
		t.Fatal(err)
	}
	params := []implicit.Param{}
	for _, n := range []string{"timestep", "lower.mass", "lower.ixx", "upper.friction", "gravity.z", "lower.radius", "lower.dry_friction", "upper.lc_d1", "joint:upper.x", "joint:lower.ry", "collider:lower.x", "collider:lower.ry", "ground.offset", "ground.normal_x"} {
		if p, err := implicit.FindParam(m, n); err == nil {
			params = append(params, p)
		} else {
			t.Log(err)
		}
	}
	if len(params) < 13 {
		t.Fatalf("only %d parameters", len(params))
	}
	var p mat.Dense
	if err := g.ParamJacobian(&p, params); err != nil {
		t.Fatal(err)
	}
	step := func(m *sim.Model, x sim.State, u []float64) (sim.State, []sim.Wrench) {
		s, y := m.NewStepper(opt), m.NewState()
		r, err := s.Step(&y, x, u)
		if err != nil || r.Halvings != halvings {
			t.Fatalf("%+v, %v: the division changes", r, err)
		}
		if parts := s.Parts(); deep != (len(parts) > 0 && parts[0].Deep) {
			t.Fatalf("the step starts deep or not: %+v", parts)
		}
		var f []sim.Wrench
		for _, c := range s.Contacts() {
			f = append(f, sim.Wrench{Force: c.Force, Torque: c.Torque})
		}
		return y, f
	}
	d := implicit.NewTangent(m)
	compare := func(what string, got mat.Vector, scale, eps float64, at func(eps float64) (sim.State, []sim.Wrench), forces []sim.Wrench) {
		t.Helper()
		hi, fh := at(eps)
		lo, fl := at(-eps)
		implicit.Difference(m, d, hi, lo)
		want := both(d)
		for i := range want {
			want[i] /= 2 * eps
		}
		for i := range want {
			if e := math.Abs(got.AtVec(i) - want[i]); e > 1e-6*scale { // rounding, which four times the change divides by four; curvature grows 16-fold
				hi, _ := at(4 * eps)
				lo, _ := at(-4 * eps)
				implicit.Difference(m, d, hi, lo)
				want[i] = both(d)[i] / (8 * eps)
			}
			if e := math.Abs(got.AtVec(i) - want[i]); !(e <= 1e-6*scale) {
				t.Errorf("%s, row %d: %g, differences say %g (scale %g)", what, i, got.AtVec(i), want[i], scale)
			}
		}
		for i := range forces {
			for _, x := range [][3]r3.Vec{{forces[i].Force, fh[i].Force, fl[i].Force}, {forces[i].Torque, fh[i].Torque, fl[i].Torque}} {
				want := r3.Scale(1/(2*eps), r3.Sub(x[1], x[2]))
				if e := r3.Norm(r3.Sub(x[0], want)); !(e <= 1e-5*(1+r3.Norm(want))) {
					t.Errorf("%s, force %d: %v, differences say %v", what, i, x[0], want)
				}
			}
		}
	}
	y, slopes := implicit.NewTangent(m), mat.NewDense(6*len(g.NewForces().Contacts), 2*nv, nil)
	for c := range 2 * nv {
		e := implicit.NewTangent(m)
		if c < nv {
			e.Q[c] = 1
		} else {
			e.V[c-nv] = 1
		}
		if err := g.JVP(y, e, nil); err != nil {
			t.Fatal(err)
		}
		forces := contactTangents(t, g)
		for i, x := range entries(forces...) {
			slopes.Set(i, c, x)
		}
		for i, v := range both(y) {
			if math.Abs(v-a.At(i, c)) > 1e-9*mat.Max(&a) {
				t.Errorf("column %d: JVP %g, Jacobian %g", c, v, a.At(i, c))
			}
		}
		compare("state", a.ColView(c), mat.Norm(&a, math.Inf(1)), 1e-6, func(eps float64) (sim.State, []sim.Wrench) {
			x := m.NewState()
			f := implicit.NewTangent(m)
			for i := range nv {
				f.Q[i], f.V[i] = eps*e.Q[i], eps*e.V[i]
			}
			implicit.Displace(m, &x, cur, f)
			return step(m, x, u)
		}, forces)
	}
	for c := range u {
		compare("input", b.ColView(c), mat.Norm(&b, math.Inf(1)), 1e-5, func(eps float64) (sim.State, []sim.Wrench) {
			w := append([]float64{}, u...)
			w[c] += eps
			return step(m, cur, w)
		}, nil)
	}
	for c, q := range params {
		v, err := implicit.Get(m, q)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.ParamJVP(y, q); err != nil {
			t.Fatal(err)
		}
		forces := contactTangents(t, g)
		compare(q.Name, p.ColView(c), 1+mat.Norm(p.ColView(c), math.Inf(1)), 3e-6*math.Max(1e-2, math.Abs(v)), func(eps float64) (sim.State, []sim.Wrench) {
			m2, err := implicit.Set(m, []implicit.Param{q}, []float64{v + eps})
			if err != nil {
				t.Fatal(err)
			}
			return step(m2, cur, u)
		}, forces)
	}
	// backward: ⟨Jx, y⟩ = ⟨x, Jᵀy⟩ for state, input and parameters
	rng := rand.New(rand.NewPCG(4, 4))
	for range 5 {
		gx, gu, gp, yy := implicit.NewTangent(m), make([]float64, m.NU()), make([]float64, len(params)), implicit.NewTangent(m)
		for i := range nv {
			yy.Q[i], yy.V[i] = rng.NormFloat64(), rng.NormFloat64()
		}
		if err := g.VJP(gx, gu, yy); err != nil {
			t.Fatal(err)
		}
		if err := g.ParamVJP(gp, params, yy); err != nil {
			t.Fatal(err)
		}
		against := func(what string, floor float64, flat []float64, j *mat.Dense, got []float64) {
			t.Helper()
			for c := range got {
				want, size := 0.0, 0.0
				for i, w := range flat {
					want += w * j.At(i, c)
					size += math.Abs(w * j.At(i, c))
				}
				if math.Abs(got[c]-want) > 1e-9*(floor+size) {
					t.Errorf("%s %d: backward %g, forward %g", what, c, got[c], want)
				}
			}
		}
		against("state", 1e-3, both(yy), &a, both(gx))
		against("input", 1e-3, both(yy), &b, gu)
		against("parameter", 1e-3, both(yy), &p, gp)
		f := g.NewForces()
		for i := range f.Contacts {
			normal := func() r3.Vec { return r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()} }
			f.Contacts[i].Force, f.Contacts[i].Torque = normal(), normal()
		}
		flat := entries(contactWrenches(f.Contacts)...)
		if err := g.ForceVJP(gx, gu, implicit.NewTangent(m), f); err != nil {
			t.Fatal(err)
		}
		against("force by state", 1, flat, slopes, both(gx))
	}
}

func both(t implicit.Tangent) []float64 { return append(append([]float64{}, t.Q...), t.V...) }
