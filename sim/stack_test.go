package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func TestStackOfBoxes(t *testing.T) {
	for _, n := range []int{2, 10, 50} {
		b := sim.NewBuilder("stack")
		b.SetTimestep(0.01)
		b.SetGravity(r3.Vec{Z: -9.81})
		b.AddGround()
		h := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
		for i := range n {
			name := fmt.Sprintf("box%d", i)
			l := b.AddLink(name, sim.BoxInertia(1, h))
			b.AddFree(name, l)
			b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(h), Friction: 0.5})
		}
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		s := m.NewStepper(sim.Options{Kappa: 1e-8})
		x := m.NewState()
		for i := range n {
			x.Q[7*i], x.Q[7*i+1] = 0.002*float64(i%3), 0.003*float64(i%2)
			x.Q[7*i+2] = 0.1 + 0.201*float64(i)
		}
		start := time.Now()
		its, worst, halv := 0, 0, 0
		steps := 300
		for k := range steps {
			r, err := s.Step(&x, x, nil)
			if err != nil {
				t.Fatalf("%d: %v", k, err)
			}
			its += r.Iterations
			worst = max(worst, r.Iterations)
			halv += r.Halvings
		}
		t.Log(n, "mean iterations", float64(its)/float64(steps), "worst", worst, "halvings", halv, "time per step", time.Since(start)/time.Duration(steps), "top at", x.Q[7*n-7:7*n], x.V[6*n-6:])
	}
}
