package sim_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
)

// tally counts what the steps of thrown bodies took.
type tally struct{ bodies, steps, iterations, halvings int }

// follow steps body n of a test for so many seconds. A step that fails is an error of the test.
func (c *tally) follow(t *testing.T, n int, s *sim.Stepper, x sim.State, seconds float64) {
	t.Helper()
	c.bodies++
	for k := 0; float64(k)*s.Model().Timestep() < seconds; k++ {
		r, err := s.Step(&x, x, nil)
		if err != nil {
			t.Errorf("%d, step %d: %v", n, k, err)
			return
		}
		c.steps++
		c.iterations += r.Iterations
		c.halvings += r.Halvings
	}
}

// land is follow of a body in mid-air of model m, turned by q in x, that may not end in what it falls on.
func (c *tally) land(t *testing.T, n int, m *sim.Model, x sim.State, q quat.Number, seconds, deepest float64) {
	t.Helper()
	copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
	s := m.NewStepper(sim.Options{})
	c.follow(t, n, s, x, seconds)
	if d := s.Penetration(); d > deepest {
		t.Errorf("%d: %g m deep", n, d)
	}
}

// divides reports what the steps took, and an error where halvings are more than one in so many of them.
func (c *tally) divides(t *testing.T, every int) {
	t.Helper()
	t.Logf("%d bodies, %d steps, %.2f iterations, %d halvings", c.bodies, c.steps, float64(c.iterations)/float64(c.steps), c.halvings)
	if c.halvings > c.steps/every {
		t.Errorf("%d halvings in %d steps", c.halvings, c.steps)
	}
}
