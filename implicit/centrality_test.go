package implicit_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
)

// TestDifferencesWantCentrality: with a tolerance of 1e-12 alone, differences of any size stay off the derivative of a
// cube in a gripper by up to a hundredth, of balls that resist rolling by 3e-4 and of a wall by 2e-5. It is the steps
// that are: their products are within 1e-4 of κ, and by how much depends on the state. Derivatives do not see that. (Of
// balls they move by 1.1e-5 themselves: what slides in one cone with what rolls is held by as little as r_r ω.)
func TestDifferencesWantCentrality(t *testing.T) {
	tight, loose := sim.Options{Kappa: 1e-3, Tolerance: 1e-12, Centrality: 1e-10}, sim.Options{Kappa: 1e-3, Tolerance: 1e-12}
	for _, c := range []struct {
		name   string
		states int
		off    float64 // at least, with the default centrality
	}{{"gripper", 40, 1e-3}, {"bowls", 40, 1e-5}, {"wall", 8, 1e-5}} {
		s, start := zoo(t, c.name, tight)
		m, rng := s.Model(), rand.New(rand.NewPCG(3, 4))
		if c.name == "wall" {
			start = untied(t, m, start) // edges of bricks lie on edges
		}
		noise := func(dst []float64, size float64) {
			for i := range dst {
				dst[i] = size * rng.NormFloat64()
			}
		}
		var good, bad, moved float64
		for range c.states {
			x, d := start.Clone(), implicit.NewTangent(m)
			noise(x.V, 0.1)
			warm(t, s, &x, 3)
			noise(d.Q, 1)
			noise(d.V, 1)
			want := derivative(t, m, tight, x, d)
			good = math.Max(good, differ(want, 0, along(t, m, tight, x, d), 1e-7, 3e-8, 1e-8))
			bad = math.Max(bad, differ(want, 0, along(t, m, loose, x, d), 1e-7, 3e-8, 1e-8))
			got := derivative(t, m, sim.Options{Kappa: 1e-3}, x, d)
			moved = math.Max(moved, floats.Distance(got, want, math.Inf(1))/floats.Norm(want, math.Inf(1)))
		}
		t.Logf("%s: differences are off by %.1e, with the default centrality by %.1e, the derivative there by %.1e", c.name, good, bad, moved)
		if good > 1e-7 || bad < c.off || moved > 2e-5 {
			t.Errorf("%s: differences are off by %g, with the default centrality by %g, the derivative there by %g", c.name, good, bad, moved)
		}
	}
}

// derivative returns that of the next state along d.
func derivative(t *testing.T, m *sim.Model, opt sim.Options, x sim.State, d implicit.Tangent) []float64 {
	g, o := gradient(t, m.NewStepper(opt), implicit.Options{}), implicit.NewTangent(m)
	next := m.NewState()
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	if err := g.JVP(o, d, nil); err != nil {
		t.Fatal(err)
	}
	return slices.Concat(o.Q, o.V)
}

// along returns the next state, as seen from that of x, by how far the state is moved along d.
func along(t *testing.T, m *sim.Model, opt sim.Options, x sim.State, d implicit.Tangent) func(eps float64) []float64 {
	s := m.NewStepper(opt)
	base := step(t, s, x, nil)
	return func(eps float64) []float64 {
		return seenFrom(m, base, step(t, s, moved(m, x, eps, d), nil))
	}
}

// moved returns x moved by eps along d.
func moved(m *sim.Model, x sim.State, eps float64, d implicit.Tangent) sim.State {
	y, dq := x.Clone(), make([]float64, m.NV())
	for i := range dq {
		dq[i] = eps * d.Q[i]
		y.V[i] += eps * d.V[i]
	}
	m.Engine().Displace(y.Q, x.Q, dq)
	return y
}

// seenFrom returns the way from a base to x, of velocities too.
func seenFrom(m *sim.Model, base, x sim.State) []float64 {
	o := make([]float64, 2*m.NV())
	m.Engine().Difference(o[:m.NV()], x.Q, base.Q)
	floats.SubTo(o[m.NV():], x.V, base.V)
	return o
}
