package implicit_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
)

// tightly returns options under which a step is solved as well as rounding allows and no contact joins or
// leaves between two steps that are compared.
func tightly(kappa float64) sim.Options {
	return sim.Options{Kappa: kappa, Centrality: 1e-11, Tolerance: 1e-12, Margin: math.Inf(1)}
}

func step(t testing.TB, s *sim.Stepper, x sim.State, u []float64) sim.State {
	t.Helper()
	next := s.Model().NewState()
	if r, err := s.Step(&next, x, u); err != nil || r.Halvings > 0 {
		t.Fatalf("%+v %v", r, err)
	}
	return next
}

// forces returns contact forces and the wrenches of joints and loops of the last step in one list.
func forces(s *sim.Stepper) []float64 {
	var f []float64
	for _, c := range s.Contacts() {
		f = append(f, entries(sim.Wrench{Force: c.Force, Torque: c.Torque})...)
	}
	for i := range s.Model().Bodies() {
		f = append(f, entries(s.JointWrench(i))...)
	}
	for i := range s.Model().Loops() {
		f = append(f, entries(s.LoopForce(i).Wrench)...)
	}
	return f
}

func entries(l ...sim.Wrench) (f []float64) {
	for _, w := range l {
		f = append(f, w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z)
	}
	return f
}

// contactTangents returns the tangents of the forces and torques of all contacts of the last step.
func contactTangents(t testing.TB, g *implicit.Gradient) []sim.Wrench {
	t.Helper()
	dst := g.NewForces().Contacts
	if err := g.ContactTangent(dst); err != nil {
		t.Fatal(err)
	}
	return contactWrenches(dst)
}

func contactWrenches(list []implicit.ContactForce) (l []sim.Wrench) {
	for _, c := range list {
		l = append(l, sim.Wrench{Force: c.Force, Torque: c.Torque})
	}
	return l
}

// forceTangents returns the tangents of the same list.
func forceTangents(t testing.TB, g *implicit.Gradient, m *sim.Model) []float64 {
	t.Helper()
	cs, ws, ls := contactTangents(t, g), make([]sim.Wrench, len(m.Bodies())), make([]sim.Wrench, len(m.Loops()))
	if err := errors.Join(g.JointTangent(ws), g.LoopTangent(ls)); err != nil {
		t.Fatal(err)
	}
	return slices.Concat(entries(cs...), entries(ws...), entries(ls...))
}

// differ compares got with Richardson extrapolated central differences of f, each entry at the best of
// several sizes, relative to the scale or the largest entry if that is more, and returns the worst.
func differ(got []float64, scale float64, f func(eps float64) []float64, sizes ...float64) float64 {
	scale = math.Max(scale, 1e-4)
	for _, x := range got {
		scale = math.Max(scale, math.Abs(x))
	}
	best := make([]float64, len(got))
	for i := range best {
		best[i] = math.Inf(1)
	}
	for _, eps := range sizes {
		a, b, c, d := f(2*eps), f(-2*eps), f(eps), f(-eps)
		if a == nil || b == nil || c == nil || d == nil {
			continue // too far: no such step
		}
		for i := range got {
			coarse, fine := (a[i]-b[i])/(4*eps), (c[i]-d[i])/(2*eps)
			best[i] = math.Min(best[i], math.Abs((4*fine-coarse)/3-got[i])/scale)
		}
	}
	worst := 0.0
	for _, e := range best {
		if !(e <= worst) {
			worst = e
		}
	}
	return worst
}

var sizes = []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}

// TestForceTangents compares the derivatives of contact and joint forces with respect to state, input and
// every parameter with differences, in all scenes.
func TestForceTangents(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	kinds := map[string]float64{}
	for i, c := range scenes(t) {
		kappa := []float64{1e-3, 1e-4, 1e-5}[i%3]
		m := c.model
		s := m.NewStepper(tightly(kappa))
		g := gradient(t, s, implicit.Options{})
		u := make([]float64, m.NU())
		copy(u, c.input)
		x := c.start.Clone()
		for k := 0; k < 3; k++ {
			x = step(t, s, x, u)
		}
		next := m.NewState()
		if _, err := g.Step(&next, x, u); err != nil {
			t.Fatal(c.name, err)
		}
		fd := m.NewStepper(tightly(kappa))

		d, out, du := implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, m.NU())
		for k := range d.Q {
			d.Q[k], d.V[k] = rng.NormFloat64(), rng.NormFloat64()
			if m.Engine().Ball(k) {
				d.Q[k] *= 0.3
			}
		}
		for k := range du {
			du[k] = rng.NormFloat64()
		}
		coupled(m, d.Q)
		if err := g.JVP(out, d, du); err != nil {
			t.Fatal(err)
		}
		e := differ(forceTangents(t, g, m), 0, func(eps float64) []float64 {
			y, v, e := m.NewState(), append([]float64(nil), u...), implicit.NewTangent(m)
			for k := range d.Q {
				e.Q[k], e.V[k] = eps*d.Q[k], eps*d.V[k]
			}
			for k := range v {
				v[k] += eps * du[k]
			}
			implicit.Displace(m, &y, x, e)
			step(t, fd, y, v)
			return forces(fd)
		}, sizes...)
		t.Logf("%s κ=%g: state and input %.1e", c.name, kappa, e)
		if !(e < 1e-6) {
			t.Errorf("%s κ=%g: tangents of forces differ by %.1e from differences", c.name, kappa, e)
		}

		params := implicit.Params(m)
		tangents, scale := make([][]float64, len(params)), map[string]float64{}
		for k, p := range params {
			if err := g.ParamJVP(out, p); err != nil {
				t.Fatal(err)
			}
			tangents[k] = forceTangents(t, g, m)
			for _, f := range tangents[k] {
				scale[p.Kind] = math.Max(scale[p.Kind], math.Abs(f))
			}
		}
		for k, p := range params {
			x0 := value(t, m, p)
			e := differ(tangents[k], scale[p.Kind], func(eps float64) []float64 {
				if p.Kind == "external force" {
					body, comp := bodyOf(t, m, p)
					s := m.NewStepper(tightly(kappa))
					s.SetWrench(body, unitWrench(comp, eps))
					step(t, s, x, u)
					return forces(s)
				}
				m2, err := implicit.With(m, p, x0+eps)
				if err != nil {
					t.Fatal(err)
				}
				s2, next := m2.NewStepper(tightly(kappa)), m.NewState()
				if r, err := s2.Step(&next, x, u); err != nil || r.Halvings > 0 {
					return nil // an armature below zero, say
				}
				return forces(s2)
			}, paramSizes(x0)...)
			kinds[p.Kind] = math.Max(kinds[p.Kind], e)
			limit := 1e-6
			if slices.Contains(pairScenes[:], c.name) {
				limit = 5e-6 // rounding in differences of forces between bodies, see digits; 2.4e-6 measured
			}
			if !(e < limit) {
				t.Errorf("%s κ=%g: tangent of forces for %s differs by %.1e from differences", c.name, kappa, p.Name, e)
			}
		}
	}
	for k, e := range kinds {
		t.Logf("%s: %.1e", k, e)
	}
}

func paramSizes(x float64) []float64 {
	if x = math.Abs(x); x == 0 || x > 1 {
		x = 1
	}
	x = math.Max(x, 1e-2)
	var s []float64
	for _, e := range []float64{3e-2, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7} {
		s = append(s, e*x)
	}
	return s
}

// coupled keeps a tangent of the gripper on its coupling: off it the step jumps back.
func coupled(m *sim.Model, q []float64) {
	for _, c := range m.Engine().Mimics {
		q[c.Dof] = c.Ratio * q[c.Of]
	}
}

func bodyOf(t testing.TB, m *sim.Model, p implicit.Param) (body, comp int) {
	t.Helper()
	names := []string{"fx", "fy", "fz", "tx", "ty", "tz"}
	for i, b := range m.Bodies() {
		for c, n := range names {
			if p.Name == b+"."+n || p.Name == "body:"+b+"."+n {
				return i, c
			}
		}
	}
	t.Fatalf("no body for %s", p.Name)
	return 0, 0
}

func unitWrench(comp int, x float64) sim.Wrench {
	var w sim.Wrench
	*[6]*float64{&w.Force.X, &w.Force.Y, &w.Force.Z, &w.Torque.X, &w.Torque.Y, &w.Torque.Z}[comp] = x
	return w
}

// TestAdjoint compares ⟨Jx, y⟩ with ⟨x, Jᵀy⟩ for random x and y, parameters included. The tolerance grows as
// 1/κ below 1e-4, because the condition number of the step's matrix does: a contact's stiffness is γ²/κ.
func TestAdjoint(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	worst := map[float64]float64{}
	for _, c := range scenes(t) {
		for _, kappa := range []float64{1e-3, 1e-4, 1e-6, 1e-8} {
			m := c.model
			s := m.NewStepper(sim.Options{Kappa: kappa})
			g := gradient(t, s, implicit.Options{})
			next, x := m.NewState(), c.start.Clone()
			u := make([]float64, m.NU())
			copy(u, c.input)
			for k := 0; k < 3; k++ {
				if _, err := g.Step(&next, x, u); err != nil {
					t.Fatalf("%s κ=%g: %v", c.name, kappa, err)
				}
				x.Copy(next)
			}
			params := implicit.Params(m)
			d, y, fwd, back := implicit.NewTangent(m), implicit.NewTangent(m), implicit.NewTangent(m), implicit.NewTangent(m)
			du, gu := make([]float64, m.NU()), make([]float64, m.NU())
			dp, gp := make([]float64, len(params)), make([]float64, len(params))
			for _, v := range [][]float64{d.Q, d.V, y.Q, y.V, du, dp} {
				for i := range v {
					v[i] = rng.NormFloat64()
				}
			}
			left, right, size := 0.0, 0.0, 0.0
			sum := func(to *float64, a, b []float64, w float64) {
				for i := range a {
					*to += w * a[i] * b[i]
					size += math.Abs(w * a[i] * b[i])
				}
			}
			if err := g.JVP(fwd, d, du); err != nil {
				t.Fatal(err)
			}
			sum(&left, fwd.Q, y.Q, 1)
			sum(&left, fwd.V, y.V, 1)
			if err := g.VJP(back, gu, y); err != nil {
				t.Fatal(err)
			}
			sum(&right, back.Q, d.Q, 1)
			sum(&right, back.V, d.V, 1)
			sum(&right, gu, du, 1)
			for i, p := range params {
				if err := g.ParamJVP(fwd, p); err != nil {
					t.Fatal(err)
				}
				sum(&left, fwd.Q, y.Q, dp[i])
				sum(&left, fwd.V, y.V, dp[i])
			}
			if err := g.ParamVJP(gp, params, y); err != nil {
				t.Fatal(err)
			}
			sum(&right, gp, dp, 1)
			e := math.Abs(left-right) / size
			worst[kappa] = math.Max(worst[kappa], e)
			if !(e < digits(&c, false)*1e-12*math.Max(1, 1e-4/kappa)) {
				t.Errorf("%s κ=%g: ⟨Jx, y⟩ and ⟨x, Jᵀy⟩ differ by %.1e relative", c.name, kappa, e)
			}
		}
	}
	t.Logf("largest differences: %v", worst)
}

// TestNoAllocations asserts that Jacobians and products do not allocate once their scratch memory exists.
func TestNoAllocations(t *testing.T) {
	for _, name := range []string{"quadruped4", "ant", "cartpole"} {
		s, x := zoo(t, name, sim.Options{})
		g := gradient(t, s, implicit.Options{})
		testAllocations(t, name, g, s.Model(), x)
		soft := gradient(t, s, implicit.Options{Kappa: 1e-4})
		testAllocations(t, name+" at a larger κ", soft, s.Model(), x)
	}
}
