package implicit_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
)

// TestCheckHardContact: where hard contact pins a body its velocity answers to positions with 1e5 s⁻¹, differences of
// whole steps keep four digits, and the equations tell: entries of the published matrix that were above 1e-6, of the
// pusher 1.1e-3.
func TestCheckHardContact(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name string
		step float64
	}{{"gripper", 0.001}, {"gripper", 0.02}, {"pusher", 0.02}, {"conveyor", 0.05}} {
		e, err := models.Find(x.name)
		if err != nil {
			t.Fatal(err)
		}
		m := must(t, e.Builder(models.Options{Timestep: x.step}))
		start, d, rng := e.Start(m), implicit.NewTangent(m), rand.New(rand.NewPCG(1, 7))
		for i := range d.Q { // as the command does
			d.Q[i] = 1e-3 * rng.Float64()
		}
		implicit.Displace(m, &start, start.Clone(), d)
		check(t, fmt.Sprintf("%s, h = %g,", x.name, x.step), m, implicit.CheckOptions{Kappa: 1e-7, Steps: 50, Params: 1, Seed: 1, Start: start})
	}
}
