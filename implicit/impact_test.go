package implicit_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestTimeOfImpact measures what docs/gradients.md says of it: a block comes down at 1 m/s without gravity and slides on,
// at 3 m/s less μ·1 m/s. In hard contact a start higher by dz slides on by μ dz more, wherever in a step the
// impact falls. For κ > 0 the derivative is another one where the gap closes near the end of a step, in a share of
// starts that falls with √κ. Differences confirm it there: it is that of the relaxed step.
func TestTimeOfImpact(t *testing.T) {
	const mu, steps, phases = 0.3, 60, 200
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.02}
	b := world("block", 0)
	b.AddGround()
	l := b.AddLink("block", sim.BoxInertia(1, half))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: mu})
	m := must(t, b)
	cost := implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 { gx.Q[0]++; return x.Q[0] }}
	at := func(phase float64) sim.State {
		x := m.NewState()
		x.Q[2], x.V[0], x.V[2] = half.Z+0.2+0.01*phase, 3, -1
		return x
	}
	inputs := make([][]float64, steps)
	for _, c := range []struct {
		kappa, most float64
		divide      bool
	}{{1e-3, 0.5, false}, {1e-5, 0.06, false}, {1e-7, 0.01, false}, {1e-5, 0.04, true}} {
		o := tightly(c.kappa)
		o.DivideImpacts = c.divide
		g := gradient(t, m.NewStepper(o), implicit.Options{})
		off, worst, where := 0, 0.0, 0.0
		for k := range phases {
			x := at((float64(k) + 0.5) / phases)
			r, err := g.Rollout(x, inputs, cost, implicit.RolloutOptions{})
			if err != nil {
				t.Fatal(err)
			}
			e := math.Abs(r.Start.Q[2]/mu - 1)
			if e > 0.1 {
				off++
			}
			if e > worst {
				worst, where = e, (float64(k)+0.5)/phases
			}
		}
		share := float64(off) / phases
		r, err := g.Rollout(at(where), inputs, cost, implicit.RolloutOptions{})
		if err != nil {
			t.Fatal(err)
		}
		e := differ([]float64{r.Start.Q[2]}, 0, func(eps float64) []float64 {
			x := at(where)
			x.Q[2] += eps
			y, err := g.Cost(x, inputs, cost)
			if err != nil {
				return nil
			}
			return []float64{y}
		}, 1e-4, 1e-5, 1e-6, 1e-7)
		t.Logf("κ = %g, divided at impacts %v: %.1f %% of starts are off by more than 10 %%, the worst (phase %.4f) by %.0f %%: %.3f, differences agree to %.1e", c.kappa, c.divide, 100*share, where, 100*worst, r.Start.Q[2], e)
		if !(share < c.most) || !(share > c.most/20) {
			t.Errorf("κ = %g: %.1f %% of starts are off by more than 10 %%", c.kappa, 100*share)
		}
		// a height that is a whole number of steps closes the gap exactly at the end of one: there no small κ helps
		round, err := g.Rollout(at(0), inputs, cost, implicit.RolloutOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("κ = %g: %.3f from a height of a whole number of steps", c.kappa, round.Start.Q[2])
		if c.kappa < 1e-4 && math.Abs(round.Start.Q[2]/mu-1) < 0.1 {
			t.Errorf("κ = %g: the derivative from a height of a whole number of steps is that of hard contact, %.3f", c.kappa, round.Start.Q[2])
		}
		if !(e < 1e-6) {
			t.Errorf("κ = %g: differences do not confirm the derivative: %.1e", c.kappa, e)
		}
	}
}
