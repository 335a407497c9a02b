package implicit_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// chained returns the state and input Jacobians of steps of the given parts of a timestep, one after the other, and the state
// that they lead to.
func chained(t *testing.T, m *sim.Model, opt sim.Options, x sim.State, u []float64, parts ...float64) (state, input mat.Dense, end sim.State) {
	t.Helper()
	end = x.Clone()
	for k, part := range parts {
		g := gradient(t, shortened(t, m, part).NewStepper(opt), implicit.Options{})
		if r, err := g.Step(&end, end, u); err != nil || r.Halvings > 0 {
			t.Fatalf("part %d: %+v, %v", k, r, err)
		}
		var a, b, product mat.Dense
		if err := g.StateJacobian(&a); err != nil {
			t.Fatal(err)
		}
		if err := g.InputJacobian(&b); err != nil {
			t.Fatal(err)
		}
		if k > 0 {
			product.Mul(&a, &input)
			b.Add(&b, &product)
			product.Reset()
			product.Mul(&a, &state)
			a.CloneFrom(&product)
		}
		state.CloneFrom(&a)
		input.CloneFrom(&b)
	}
	return state, input, end
}

// shortened returns the model with a part of its timestep.
func shortened(t *testing.T, m *sim.Model, part float64) *sim.Model {
	t.Helper()
	p, err := implicit.FindParam(m, "timestep")
	if err != nil {
		t.Fatal(err)
	}
	short, err := implicit.Set(m, []implicit.Param{p}, []float64{part * m.Timestep()})
	if err != nil {
		t.Fatal(err)
	}
	return short
}

// largest returns the largest entry of a.
func largest(a *mat.Dense) float64 { return math.Max(mat.Max(a), -mat.Min(a)) }

// TestJacobianOfPartsIsThatOfTheWhole: a torque on a rotor turns it by the same angle and gives it the same velocity at the
// end however a step is divided, to first order, too. So nothing jumps where division sets in.
func TestJacobianOfPartsIsThatOfTheWhole(t *testing.T) {
	const h, inertia = 0.01, 0.3
	b := sim.NewBuilder("rotor")
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{})
	l := b.AddLink("wheel", sim.Inertia{Mass: 1, Ixx: inertia, Iyy: inertia, Izz: inertia})
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Z: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{Drive: sim.Torque}}})
	m := must(t, b)
	opt, worst := sim.Options{Tolerance: 1e-12}, 0.0
	for _, torque := range []float64{1, 900} {
		for _, past := range []float64{0, h} {
			x := sim.State{Q: []float64{0.2}, V: []float64{3}, H: past}
			// d(q, velocity at the end)/d(q, v, u): V is that of the middle of the last part
			atEnd := func(parts ...float64) []float64 {
				a, b, end := chained(t, m, opt, x, []float64{torque}, parts...)
				return []float64{a.At(0, 0), a.At(0, 1), b.At(0, 0), a.At(1, 0), a.At(1, 1), b.At(1, 0) + end.H/2/inertia}
			}
			whole := atEnd(1)
			for _, parts := range [][]float64{{0.5, 0.5}, {0.5, 0.25, 0.25}, {0.13, 0.61, 0.26}} {
				for i, v := range atEnd(parts...) {
					if worst = math.Max(worst, math.Abs(v-whole[i])); !(math.Abs(v-whole[i]) < 1e-6) {
						t.Errorf("%g N m, H = %g, parts %v: entry %d is %g, of the whole step %g", torque, past, parts, i, v, whole[i])
					}
				}
			}
		}
	}
	t.Logf("derivatives of divided and whole steps of a rotor differ by %.1e", worst)
}

// thrown calls f with states of the quadruped under random torques at its effort limit, new ones every 50 ms, and what the
// step from there was divided into, until f is content.
func thrown(t *testing.T, s *sim.Stepper, x sim.State, f func(cur sim.State, u []float64, r sim.Result) (enough bool)) {
	t.Helper()
	rng, u, next := rand.New(rand.NewPCG(7, 11)), make([]float64, s.Model().NU()), s.Model().NewState()
	for k := range 1500 {
		if k%5 == 0 {
			for i := range u {
				u[i] = 33.5 * (2*rng.Float64() - 1)
			}
		}
		r, err := s.Step(&next, x, u)
		if err != nil {
			t.Fatal(err)
		}
		if f(x, u, r) {
			return
		}
		x, next = next, x
	}
	t.Fatal("too few steps were divided")
}

// TestHalvesOfARobot: the Jacobians of a step that was divided once are those of two steps of half the length.
func TestHalvesOfARobot(t *testing.T) {
	opt := sim.Options{Kappa: 1e-3, Centrality: 1e-10, Tolerance: 1e-12}
	s, x := zoo(t, "quadruped4", opt)
	m, n := s.Model(), 0
	thrown(t, s, x, func(cur sim.State, u []float64, r sim.Result) bool {
		if r.Halvings != 1 || cur.H != m.Timestep() {
			return false
		}
		n++
		var a, b mat.Dense
		g, next := gradient(t, m.NewStepper(opt), implicit.Options{}), m.NewState()
		if _, err := g.Step(&next, cur, u); err != nil {
			t.Fatal(err)
		}
		if err := g.StateJacobian(&a); err != nil {
			t.Fatal(err)
		}
		if err := g.InputJacobian(&b); err != nil {
			t.Fatal(err)
		}
		state, input, _ := chained(t, m, opt, cur, u, 0.5, 0.5)
		size, sizeB := largest(&state), largest(&input)
		a.Sub(&a, &state)
		b.Sub(&b, &input)
		t.Logf("entries up to %.3g and %.3g are off by %.1e and %.1e", size, sizeB, largest(&a), largest(&b))
		if !(largest(&a) < 1e-8*size && largest(&b) < 1e-8*sizeB) {
			t.Errorf("Jacobians are off by %.1e of %.3g and %.1e of %.3g", largest(&a), size, largest(&b), sizeB)
		}
		return n == 3
	})
}

// TestJumpWhereDivisionBegins measures what is left of the cliff. Where a torque alone moves a joint nothing jumps (above). But
// the steps of a robot are divided where the whole one has gained energy from nowhere, having turned far: halves are another
// discrete motion there, and the step and its derivative jump by up to a fifth of the turn. A bound of what was measured.
func TestJumpWhereDivisionBegins(t *testing.T) {
	s, x := zoo(t, "quadruped4", tightly(1e-4))
	m, n := s.Model(), 0
	probe := m.NewStepper(s.Options())
	d, past := implicit.NewTangent(m), implicit.NewTangent(m)
	thrown(t, s, x, func(cur sim.State, u []float64, r sim.Result) bool {
		if r.Halvings != 1 {
			return false
		}
		at := func(part float64) (sim.State, int) {
			y, w := m.NewState(), make([]float64, len(u))
			for i := range w {
				w[i] = part * u[i]
			}
			r, err := probe.Step(&y, cur, w)
			if err != nil {
				t.Fatal(err)
			}
			return y, r.Halvings
		}
		lo, hi := 0.0, 1.0
		if _, k := at(lo); k > 0 {
			return false // divided without any torque
		}
		for hi-lo > 1e-10 {
			if _, k := at((lo + hi) / 2); k > 0 {
				hi = (lo + hi) / 2
			} else {
				lo = (lo + hi) / 2
			}
		}
		n++
		whole, _ := at(lo)
		parts, k := at(hi)
		implicit.Difference(m, d, parts, whole)
		implicit.Difference(m, past, whole, cur)
		jump, turn := 0.0, 0.0
		for i := 3; i < m.NV(); i++ {
			if math.Abs(d.Q[i]) > jump {
				jump, turn = math.Abs(d.Q[i]), math.Abs(past.Q[i])
			}
		}
		t.Logf("at %.3f of the torque a step is divided (%d halvings): it jumps by %.2g rad, where it turns by %.2g rad", hi, k, jump, turn)
		if !(turn > 0.1 && jump < 0.25*turn) {
			t.Errorf("at %.3f of the torque a step that turns by %.2g rad jumps by %.2g rad", hi, turn, jump)
		}
		return n == 6
	})
}
