package implicit_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// zoo returns a model of the zoo, its start and a stepper.
func zoo(t testing.TB, name string, opt sim.Options) (*sim.Stepper, sim.State) {
	t.Helper()
	m, start, err := models.Load(name, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m.NewStepper(opt), start
}

func gradient(t testing.TB, s *sim.Stepper, opt implicit.Options) *implicit.Gradient {
	t.Helper()
	g, err := implicit.New(s, opt)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// value returns that of a parameter.
func value(t testing.TB, m *sim.Model, p implicit.Param) float64 {
	t.Helper()
	x, err := implicit.Get(m, p)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// warm takes steps without input, so that the mechanism lies on its contacts.
func warm(t testing.TB, s *sim.Stepper, x *sim.State, steps int) {
	t.Helper()
	for k := 0; k < steps; k++ {
		if _, err := s.Step(x, *x, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// robots are the models of the cost targets, with the steps after which they stand on their feet.
var robots = []struct {
	name  string
	steps int
}{{"quadruped4", 60}, {"ant", 120}}

// onFeet calls f with each robot in contact, its step differentiated.
func onFeet(b *testing.B, f func(b *testing.B, g *implicit.Gradient, s *sim.Stepper, x sim.State)) {
	for _, r := range robots {
		b.Run(r.name, func(b *testing.B) {
			s, x := zoo(b, r.name, sim.Options{})
			warm(b, s, &x, r.steps)
			g := gradient(b, s, implicit.Options{})
			next := s.Model().NewState()
			if _, err := g.Step(&next, x, nil); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			f(b, g, s, x)
		})
	}
}

// BenchmarkStep is what the others are measured by.
func BenchmarkStep(b *testing.B) {
	onFeet(b, func(b *testing.B, g *implicit.Gradient, s *sim.Stepper, x sim.State) {
		next, iters := s.Model().NewState(), 0
		for b.Loop() {
			r, err := s.Step(&next, x, nil)
			if err != nil {
				b.Fatal(err)
			}
			iters = r.Iterations
		}
		b.ReportMetric(float64(iters), "iters/op")
		b.ReportMetric(float64(touching(s)), "contacts")
	})
}

// touching counts the contacts that carry a force.
func touching(s *sim.Stepper) int {
	n := 0
	for _, c := range s.Contacts() {
		if c.Force.Z > 1e-3 {
			n++
		}
	}
	return n
}

// BenchmarkLinearize is the refactorization that precedes all derivatives of a step.
func BenchmarkLinearize(b *testing.B) {
	onFeet(b, func(b *testing.B, g *implicit.Gradient, s *sim.Stepper, x sim.State) {
		for b.Loop() {
			if !s.Engine().Linearize() {
				b.Fatal("singular")
			}
		}
	})
}

// BenchmarkStateInputJacobian is all state and input Jacobians of one step, without the step.
func BenchmarkStateInputJacobian(b *testing.B) {
	onFeet(b, func(b *testing.B, g *implicit.Gradient, s *sim.Stepper, x sim.State) {
		var a, u mat.Dense
		for b.Loop() {
			if !s.Engine().Linearize() {
				b.Fatal("singular")
			}
			if err := g.StateJacobian(&a); err != nil {
				b.Fatal(err)
			}
			if err := g.InputJacobian(&u); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkVJP is one vector–Jacobian product of a step that was linearized.
func BenchmarkVJP(b *testing.B) {
	onFeet(b, func(b *testing.B, g *implicit.Gradient, s *sim.Stepper, x sim.State) {
		m := s.Model()
		y, o, u := implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, m.NU())
		for i := range y.Q {
			y.Q[i], y.V[i] = 1, 1
		}
		for b.Loop() {
			if err := g.VJP(o, u, y); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkVJPLinearized is one vector–Jacobian product with the refactorization before it.
func BenchmarkVJPLinearized(b *testing.B) {
	onFeet(b, func(b *testing.B, g *implicit.Gradient, s *sim.Stepper, x sim.State) {
		m := s.Model()
		y, o, u := implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, m.NU())
		for i := range y.Q {
			y.Q[i], y.V[i] = 1, 1
		}
		for b.Loop() {
			s.Engine().Linearize()
			if err := g.VJP(o, u, y); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// rolloutSteps is the length of the rollouts of the benchmarks; all its steps are kept factored.
const rolloutSteps = 100

// BenchmarkRolloutBackward takes turns between a plain rollout and one with its gradient, so that a shared
// machine slows both, and reports what the gradient costs on top: refactorization and backward sweep
// as a fraction of the forward rollout.
func BenchmarkRolloutBackward(b *testing.B) {
	onFeet(b, func(b *testing.B, g *implicit.Gradient, s *sim.Stepper, x sim.State) {
		cur, inputs := x.Clone(), make([][]float64, rolloutSteps)
		if _, err := g.Rollout(x, inputs, lastHeight, implicit.RolloutOptions{}); err != nil { // makes its tape
			b.Fatal(err)
		}
		var plain, whole time.Duration
		for b.Loop() {
			t0 := time.Now()
			cur.Copy(x)
			warm(b, s, &cur, rolloutSteps)
			t1 := time.Now()
			if _, err := g.Rollout(x, inputs, lastHeight, implicit.RolloutOptions{}); err != nil {
				b.Fatal(err)
			}
			plain, whole = plain+t1.Sub(t0), whole+time.Since(t1)
		}
		b.ReportMetric(float64(plain.Microseconds())/float64(b.N), "µs/forward")
		b.ReportMetric(float64(whole-plain)/float64(plain), "backward/forward")
	})
}

// lastHeight is the cost of the coordinate 2 of the last state.
var lastHeight = implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 {
	gx.Q[2]++
	return x.Q[2]
}}

// BenchmarkJacobianChain reports the cost of one column of the state Jacobian of a chain of N links, per link.
func BenchmarkJacobianChain(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			s, x := zoo(b, "chain:"+strconv.Itoa(n), sim.Options{})
			next := s.Model().NewState()
			if _, err := s.Step(&next, x, nil); err != nil {
				b.Fatal(err)
			}
			e := s.Engine()
			e.Linearize()
			nv := s.Model().NV()
			a := make([]float64, 4*nv*nv)
			for b.Loop() {
				e.StateJacobian(a)
			}
			perColumn := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / float64(2*nv)
			b.ReportMetric(perColumn, "ns/column")
			b.ReportMetric(perColumn/float64(n), "ns/column/link")
		})
	}
}

// BenchmarkParamRollout is the gradient of 100 steps with other parameters each time, as a search asks for it: with new
// steppers for every model, and with those there are.
func BenchmarkParamRollout(b *testing.B) {
	for _, r := range robots {
		s, x := zoo(b, r.name, sim.Options{})
		m := s.Model()
		warm(b, s, &x, r.steps)
		params, inputs := implicit.Params(m)[:1], make([][]float64, rolloutSteps)
		opt := implicit.RolloutOptions{Params: params}
		for _, how := range []string{"same parameters", "SetParams", "new steppers"} {
			b.Run(r.name+"/"+how, func(b *testing.B) {
				g, mass := gradient(b, m.NewStepper(sim.Options{}), implicit.Options{}), []float64{value(b, m, params[0])}
				b.ReportAllocs()
				for b.Loop() {
					mass[0] *= 1 + 1e-9
					switch how {
					case "SetParams":
						if err := g.SetParams(params, mass); err != nil {
							b.Fatal(err)
						}
					case "new steppers":
						m2, err := implicit.Set(m, params, mass)
						if err != nil {
							b.Fatal(err)
						}
						g = gradient(b, m2.NewStepper(sim.Options{}), implicit.Options{})
					}
					if _, err := g.Rollout(x, inputs, lastHeight, opt); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
