package implicit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestTwoKappas asserts that a derivative at a larger κ is that of a simulation at it from the same state,
// and that the steps stay those of the small κ.
func TestTwoKappas(t *testing.T) {
	for _, name := range []string{"block", "quadruped4"} {
		hard, x := zoo(t, name, tightly(1e-7))
		soft, _ := zoo(t, name, tightly(1e-3))
		m := hard.Model()
		warm(t, hard, &x, 70)
		both, one := gradient(t, hard, implicit.Options{Kappa: 1e-3}), gradient(t, soft, implicit.Options{})
		a, b, want := m.NewState(), m.NewState(), m.NewState()
		plain, _ := zoo(t, name, tightly(1e-7))
		if _, err := plain.Step(&want, x, nil); err != nil {
			t.Fatal(err)
		}
		for _, f := range []error{
			func() error { _, err := both.Step(&a, x, nil); return err }(),
			func() error { _, err := one.Step(&b, x, nil); return err }(),
		} {
			if f != nil {
				t.Fatal(f)
			}
		}
		for i := range want.Q {
			if a.Q[i] != want.Q[i] {
				t.Errorf("%s: the step is not that of the simulation", name)
				break
			}
		}
		y, p, q := implicit.NewTangent(m), implicit.NewTangent(m), implicit.NewTangent(m)
		for i := range y.Q {
			y.Q[i], y.V[i] = 1, 0.5
		}
		u := make([]float64, m.NU())
		if err := errors.Join(both.VJP(p, u, y), one.VJP(q, u, y)); err != nil {
			t.Fatal(err)
		}
		if e := tangentError(q, p); !(e < 1e-9) {
			t.Errorf("%s: derivatives differ by %.1e", name, e)
		}
		// in place: the step overwrites the state it starts from
		cur := x.Clone()
		if _, err := both.Step(&cur, cur, nil); err != nil {
			t.Fatal(err)
		}
		if err := both.VJP(q, u, y); err != nil {
			t.Fatal(err)
		}
		if e := tangentError(p, q); e != 0 {
			t.Errorf("%s: a step in place has other derivatives, by %.1e", name, e)
		}
		// a nil input is zero, not that of the step before
		if len(u) > 0 {
			for i := range u {
				u[i] = 10
			}
			_, err1 := both.Step(&a, x, u)
			_, err2 := both.Step(&a, x, nil)
			if err := errors.Join(err1, err2, both.VJP(q, u, y)); err != nil {
				t.Fatal(err)
			}
			if e := tangentError(p, q); e != 0 {
				t.Errorf("%s: the input of a step stays for the next, which has other derivatives by %.1e", name, e)
			}
		}
		if _, err := implicit.New(hard, implicit.Options{Kappa: 1e-8}); err == nil {
			t.Error("a κ below that of the simulation passes")
		}
		hard.SetKappa(1e-2)
		if _, err := both.Step(&a, x, nil); err == nil {
			t.Error("a κ raised above that of the derivatives passes")
		}
	}
}

// whip is a double pendulum that spins so fast that no whole step exists, only halves.
func whip(t testing.TB) (*sim.Model, sim.State) {
	b := world("whip", 9.81)
	parent, at := sim.World, 0.0
	for _, n := range []string{"upper", "lower"} {
		l := b.AddLink(n, sim.BoxInertia(1, cube).Placed(sim.At(0.2, 0, 0)))
		b.AddJoint(sim.Joint{Name: n + "_hinge", Type: sim.Revolute(r3.Vec{Z: 1}), Parent: parent, Child: l, Origin: sim.At(at, 0, 0)})
		parent, at = l, 0.4
	}
	m := must(t, b)
	x := m.NewState()
	x.V[0], x.V[1] = 250, 250
	x.H = 0.0025
	return m, x
}

// TestRolloutTakesTheSameSteps: a rollout took whole steps where the stepper divides them, and gave the
// gradient of another trajectory. Steps that converge whole are divided when a joint turns far.
func TestRolloutTakesTheSameSteps(t *testing.T) {
	m, x := whip(t)
	x.V[0], x.V[1], x.H = 60, 60, 0
	s := m.NewStepper(sim.Options{})
	g := gradient(t, s, implicit.Options{})
	next, divided := x.Clone(), -1
	for k := 0; k < 20 && divided < 0; k++ {
		r, err := s.Step(&next, next, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Halvings > 0 {
			divided = k
		}
	}
	r, err := g.Rollout(x, make([][]float64, 20), implicit.Cost{}, implicit.RolloutOptions{})
	if err != nil || divided < 0 {
		t.Fatalf("step %d is divided, the rollout says %v", divided, err)
	}
	if end := r.States[divided+1]; end.V[0] != next.V[0] || end.V[1] != next.V[1] || end.H != next.H {
		t.Errorf("step %d of a rollout ends at %v (%g s), that of the stepper at %v (%g s)", divided, end.V, end.H, next.V, next.H)
	}
	// and bit by bit where none is divided
	q, start := zoo(t, "quadruped4", sim.Options{})
	r, err = gradient(t, q, implicit.Options{}).Rollout(start, make([][]float64, 40), implicit.Cost{}, implicit.RolloutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	warm(t, q, &start, 40)
	for i, v := range r.States[40].V {
		if v != start.V[i] {
			t.Fatalf("velocity %d of the last state is %g, that of the stepper %g", i, v, start.V[i])
		}
	}
}

// TestPartsThatAnotherKappaCannotSolve: of a divided step only the first part was solved at the κ of the derivatives before they were asked
// for. Where another could not be, a product panicked.
func TestPartsThatAnotherKappaCannotSolve(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-8})
	m, n, failed := s.Model(), 0, 0
	g, next := gradient(t, m.NewStepper(s.Options()), implicit.Options{Kappa: 1e8}), m.NewState()
	thrown(t, s, x, func(cur sim.State, u []float64, r sim.Result) bool {
		if r.Halvings == 0 {
			return false
		}
		n++
		y := implicit.NewTangent(m)
		if _, err := g.Step(&next, cur, u); err != nil {
			if failed++; !strings.Contains(err.Error(), "could not be solved again at κ = 1e+08") || g.VJP(y, make([]float64, m.NU()), implicit.NewTangent(m)) != implicit.ErrNoStep {
				t.Errorf("a step without a derivative says %v", err)
			}
		} else if err := g.VJP(y, make([]float64, m.NU()), implicit.NewTangent(m)); err != nil {
			t.Error(err)
		}
		return n == 30
	})
	t.Logf("%d of %d divided steps have no derivative at κ = 1e8", failed, n)
	if failed == 0 || failed == n {
		t.Errorf("%d of %d divided steps have none: the case has lost its point", failed, n)
	}
}
