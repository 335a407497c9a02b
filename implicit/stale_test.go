package implicit_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// answers are derivatives of the last step of g.
type answers struct {
	state, params mat.Dense
	vjp           implicit.Tangent
	forces        implicit.Forces
}

func ask(g *implicit.Gradient, m *sim.Model, params []implicit.Param) (*answers, error) {
	a := &answers{vjp: implicit.NewTangent(m), forces: g.NewForces()}
	y := implicit.NewTangent(m)
	for i := range y.Q {
		y.Q[i], y.V[i] = 1, 0.3
	}
	d := implicit.NewTangent(m)
	return a, errors.Join(g.StateJacobian(&a.state), g.ParamJacobian(&a.params, params), g.VJP(a.vjp, make([]float64, m.NU()), y),
		g.ParamJVP(d, params[len(params)-1]), g.ContactTangent(a.forces.Contacts), g.JointTangent(a.forces.Joints))
}

// TestUseBetweenStepAndDerivative: the energy of the next state, asked for after Gradient.Step, made the state Jacobian
// wrong by 3e-3 and a derivative by a mass by a factor of 65, without a word.
func TestUseBetweenStepAndDerivative(t *testing.T) {
	for _, kappa := range []float64{0, 1e-3} {
		s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
		m := s.Model()
		g := gradient(t, s, implicit.Options{Kappa: kappa})
		warm(t, s, &x, 60)
		next, params := m.NewState(), implicit.Params(m)
		if _, err := g.Step(&next, x, nil); err != nil {
			t.Fatal(err)
		}
		before, err := ask(g, m, params)
		if err != nil {
			t.Fatal(err)
		}
		inputs := make([][]float64, 3)
		for name, use := range map[string]func() error{
			"Energy":   func() error { _, err := s.Energy(next); return err },
			"Momentum": func() error { _, _, err := s.Momentum(next); return err },
			"SetWrench": func() error {
				s.SetWrench(0, sim.Wrench{Force: r3.Vec{X: 100}})
				return nil
			},
			"Rollout": func() error {
				_, err := g.Rollout(x, inputs, lastHeight, implicit.RolloutOptions{})
				return err
			},
			"Cost": func() error { _, err := g.Cost(x, inputs, lastHeight); return err },
			"Sensitivity": func() error {
				return g.Sensitivity(x, inputs, implicit.Unknowns{Params: params[:1]}, func(int, sim.State, *mat.Dense) error { return nil })
			},
		} {
			s.SetWrench(0, sim.Wrench{})
			if _, err := g.Step(&next, x, nil); err != nil {
				t.Fatal(err)
			}
			if err := use(); err != nil {
				t.Fatal(name, err)
			}
			after, err := ask(g, m, params)
			if err != nil {
				t.Fatalf("after %s: %v", name, err)
			}
			same := mat.Equal(&after.state, &before.state) && mat.Equal(&after.params, &before.params)
			for i := range after.vjp.Q {
				same = same && after.vjp.Q[i] == before.vjp.Q[i] && after.vjp.V[i] == before.vjp.V[i]
			}
			for i, w := range after.forces.Joints {
				same = same && w == before.forces.Joints[i]
			}
			if !same {
				t.Errorf("κ %g: after %s the derivatives of the step are other ones", kappa, name)
			}
		}
	}
}

// TestStaleStep: derivatives of a step that the stepper has left are an error.
func TestStaleStep(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
	m := s.Model()
	g := gradient(t, s, implicit.Options{})
	mass := find(t, m, []string{"trunk.mass"})
	y, z, u, next := implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, m.NU()), m.NewState()
	for name, use := range map[string]func() error{
		"Step": func() error { _, err := s.Step(&next, x, nil); return err },
		"a step that fails": func() error {
			bad := x.Clone()
			bad.V[7], bad.V[8] = 1e7, 1e7
			if _, err := s.Step(&next, bad, nil); err == nil {
				return errors.New("it did not fail")
			}
			return nil
		},
		"SetParams": func() error { return g.SetParams(mass, []float64{5}) },
	} {
		if _, err := g.Step(&next, x, nil); err != nil {
			t.Fatal(err)
		}
		if err := g.VJP(y, u, z); err != nil {
			t.Fatal(err)
		}
		if err := use(); err != nil {
			t.Fatal(name, err)
		}
		var a mat.Dense
		for i, err := range []error{g.VJP(y, u, z), g.JVP(y, z, nil), g.StateJacobian(&a), g.ParamVJP(make([]float64, 1), mass, z), g.ParamJacobian(&a, mass)} {
			if err != implicit.ErrStale {
				t.Errorf("after %s product %d says %v", name, i, err)
			}
		}
	}
}

// TestTangentOfForcesNeedsOne: after a backward product the tangents of forces were those of the adjoint.
func TestTangentOfForcesNeedsOne(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
	m := s.Model()
	g := gradient(t, s, implicit.Options{})
	params := implicit.Params(m)
	y, z, u, next := implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, m.NU()), m.NewState()
	var a mat.Dense
	for name, use := range map[string]func() error{
		"Step":          func() error { return nil },
		"VJP":           func() error { return g.VJP(y, u, z) },
		"ParamVJP":      func() error { return g.ParamVJP(make([]float64, 1), params[:1], z) },
		"StateJacobian": func() error { return g.StateJacobian(new(mat.Dense)) },
		"InputJacobian": func() error { return g.InputJacobian(new(mat.Dense)) },
		"ParamJacobian": func() error { return g.ParamJacobian(&a, params) },
	} {
		if _, err := g.Step(&next, x, nil); err != nil {
			t.Fatal(err)
		}
		if name != "Step" {
			if err := g.JVP(y, z, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := use(); err != nil {
			t.Fatal(name, err)
		}
		if err := g.ContactTangent(nil); err != implicit.ErrNoTangent {
			t.Errorf("contacts after %s: %v", name, err)
		}
		if err := g.JointTangent(make([]sim.Wrench, len(m.Bodies()))); err != implicit.ErrNoTangent {
			t.Errorf("joints after %s: %v", name, err)
		}
	}
}

// TestPolishedRollout: rollouts and sensitivities differentiated polished steps that Step refused.
func TestPolishedRollout(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Polish: true})
	m := s.Model()
	each := func(int, sim.State, *mat.Dense) error { return nil }
	g, inputs, by := gradient(t, s, implicit.Options{}), make([][]float64, 3), implicit.Unknowns{Start: implicit.Directions(m)}
	_, err := g.Rollout(x, inputs, lastHeight, implicit.RolloutOptions{})
	if !errors.Is(err, implicit.ErrPolished) || !strings.HasPrefix(err.Error(), "step 0") {
		t.Errorf("rollout: %v", err)
	}
	if err := g.Sensitivity(x, inputs, by, each); !errors.Is(err, implicit.ErrPolished) {
		t.Errorf("sensitivity: %v", err)
	}
	if _, err := g.Cost(x, inputs, lastHeight); err != nil {
		t.Errorf("a cost needs no derivative: %v", err)
	}
	soft := gradient(t, s, implicit.Options{Kappa: 1e-4})
	r, err := soft.Rollout(x, inputs, lastHeight, implicit.RolloutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	y := x.Clone()
	warm(t, s, &y, 3)
	for i := range y.Q {
		if r.States[3].Q[i] != y.Q[i] {
			t.Fatal("the rollout's steps are not polished")
		}
	}
	if err := soft.Sensitivity(x, inputs, by, each); err != nil {
		t.Error(err)
	}
}

// TestForeignParams: an empty parameter was the mass of the first body, one of another model what had its index.
func TestForeignParams(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
	m := s.Model()
	other, _ := zoo(t, "ant", sim.Options{})
	own := find(t, m, []string{"trunk.mass"})[0]
	twin, _ := zoo(t, "quadruped4", sim.Options{})
	g, next := gradient(t, s, implicit.Options{}), m.NewState()
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	y := implicit.NewTangent(m)
	all := func(p implicit.Param) []error {
		ps := []implicit.Param{own, p}
		_, e1 := implicit.Get(m, p)
		_, e2 := implicit.Set(m, ps, []float64{5, 1})
		_, e3 := g.Rollout(x, make([][]float64, 1), lastHeight, implicit.RolloutOptions{Params: ps})
		return []error{e1, e2, e3, g.ParamJacobian(new(mat.Dense), ps), g.ParamJVP(y, p), g.ParamVJP(make([]float64, 2), ps, implicit.NewTangent(m)),
			g.SetParams(ps, []float64{5, 1}), g.Sensitivity(x, make([][]float64, 1), implicit.Unknowns{Params: ps}, func(int, sim.State, *mat.Dense) error { return nil })}
	}
	for want, p := range map[string]implicit.Param{
		"empty parameter":               {},
		"belongs to a model with other": implicit.Params(other.Model())[0],
	} {
		for i, err := range all(p) {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("use %d of a parameter: error %v, want one about %q", i, err, want)
			}
		}
	}
	for i, err := range all(find(t, twin.Model(), []string{"FL_calf.mass"})[0]) { // compiled twice from one description
		if err != nil {
			t.Errorf("use %d of a twin's parameter: %v", i, err)
		}
	}
}

// TestDisplaceKeepsInterval: x ⊞ 0 lost State.H when it went into a state that was there, and the velocity meant
// another momentum.
func TestDisplaceKeepsInterval(t *testing.T) {
	b := world("box", 9.81)
	addBox(b, "box", 1, cube, 0.5)
	m := must(t, b)
	x := m.NewState()
	x.H = 0.01 / 64
	copy(x.V[3:], []float64{150, 100, 0})
	y, z := m.NewState(), sim.State{}
	implicit.Displace(m, &y, x, implicit.NewTangent(m))
	implicit.Displace(m, &z, x, implicit.NewTangent(m))
	half := sim.State{Q: make([]float64, m.NQ())} // panicked
	if implicit.Displace(m, &half, x, implicit.NewTangent(m)); half.V[3] != 150 || half.H != x.H {
		t.Errorf("into a state without velocities: %+v", half)
	}
	s := m.NewStepper(sim.Options{})
	a, c := m.NewState(), m.NewState()
	_, err1 := s.Step(&a, x, nil)
	_, err2 := s.Step(&c, y, nil)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for i := range a.V {
		if a.V[i] != c.V[i] {
			t.Errorf("velocity %d after a step is %g from x and %g from x ⊞ 0", i, a.V[i], c.V[i])
		}
	}
	if y.H != x.H || z.H != x.H {
		t.Errorf("H is %g and %g after a displacement by zero, was %g", y.H, z.H, x.H)
	}
}
