package implicit_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
)

// TestCheckStaysAtItsSolution: a step in which hard balls begin deep in each other has two solutions, 200 rad/s apart,
// and digits of 1e-13 choose. Differences across them told 1e-2 of right derivatives, and where the step at hand was the
// one that changed problems do not find, the check ended with an error, of 4 starts in 40.
func TestCheckStaysAtItsSolution(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, c := range scenes(t) {
		if c.name != pairScenes[2] {
			continue
		}
		for range 12 {
			x, d := c.start.Clone(), implicit.NewTangent(c.model)
			for i := range d.Q {
				d.Q[i] = 1e-13 * rng.NormFloat64()
			}
			implicit.Displace(c.model, &x, x, d)
			r, err := implicit.Check(c.model, implicit.CheckOptions{Kappa: 1e-6, Steps: 1, Params: 1, Start: x})
			if err != nil {
				t.Error(err)
				continue
			}
			if !r.OK() { // what moves a contact is felt within 1e-7 m: differences resolve 4e-7, of some starts 8e-6
				t.Errorf("%+v", r)
			}
		}
	}
}
