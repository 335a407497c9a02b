package implicit_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// torqued is a robot under random torques: some of its joints hit their stops, feet and hands the ground, a thousand to a billion times
// as stiff as inertia.
type torqued struct {
	g    *implicit.Gradient
	m    *sim.Model
	at   []sim.State
	u    [][]float64
	next sim.State
	a, b mat.Dense
}

// underTorques returns a model of the zoo at n states of such a motion, whose steps are not divided.
func underTorques(t testing.TB, name string, n int) *torqued {
	s, x := zoo(t, name, sim.Options{})
	m := s.Model()
	r := &torqued{g: gradient(t, s, implicit.Options{}), m: m, next: m.NewState()}
	rng := rand.New(rand.NewPCG(26, 11))
	var most []float64 // moves every joint and throws nothing about
	beyond := make([]float64, len(m.Joints()))
	for i := len(beyond) - 1; i >= 0; i-- {
		beyond[i] += m.BodyInertia(i).Mass
		if p := m.Joints()[i].Parent; p >= 0 {
			beyond[p] += beyond[i]
		}
	}
	for i, j := range m.Joints() {
		for _, a := range j.Axes {
			if a.Drive != sim.Passive {
				most = append(most, 0.3*math.Sqrt(beyond[i]*m.TotalMass()))
			}
		}
	}
	u := make([]float64, m.NU())
	for k := 0; len(r.at) < n; k++ {
		for i := range u {
			if k%2 == 0 {
				u[i] = most[i] * (2*rng.Float64() - 1)
			}
		}
		res, err := s.Step(&r.next, x, u)
		if err != nil {
			t.Fatal(err)
		}
		if k >= 50 && k%5 == 0 && res.Halvings == 0 {
			r.at, r.u = append(r.at, x.Clone()), append(r.u, slices.Clone(u))
		}
		x.Copy(r.next)
	}
	return r
}

func (r *torqued) step(t testing.TB, i int) {
	if _, err := r.g.Step(&r.next, r.at[i], r.u[i]); err != nil {
		t.Fatal(err)
	}
}

func (r *torqued) jacobians(t testing.TB) {
	if r.g.StateJacobian(&r.a) != nil || r.g.InputJacobian(&r.b) != nil {
		t.Fatal("a step without Jacobians")
	}
}

// TestJacobiansUnderTorques: blows and stops, which have factors of their own, cost no memory. That columns are not refined there is
// TestColumnsWithoutHardRows of the dynamics; what they cost is the benchmark below.
func TestJacobiansUnderTorques(t *testing.T) {
	r := underTorques(t, "atlas", 24)
	if n := testing.AllocsPerRun(2, func() {
		for i := range r.at {
			r.step(t, i)
			r.jacobians(t)
		}
	}); n != 0 {
		t.Errorf("steps and Jacobians allocate %v times", n)
	}
}

// BenchmarkJacobiansUnderTorques is a step of Atlas under random torques, and with its Jacobians.
func BenchmarkJacobiansUnderTorques(b *testing.B) {
	for _, name := range []string{"atlas", "humanoid"} {
		r := underTorques(b, name, 20)
		for _, what := range []string{"step", "jacobians"} {
			b.Run(name+"/"+what, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for i := range r.at {
						if r.step(b, i); what == "jacobians" {
							r.jacobians(b)
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(r.at)), "µs/step")
			})
		}
	}
}
