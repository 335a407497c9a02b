package sim_test

import (
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func TestHeapOfBalls(t *testing.T) {
	for _, n := range []int{10, 50, 200} {
		m := balls(t, n, r3.Vec{Z: -9.81}, true, 0.5)
		s := m.NewStepper(sim.Options{})
		x := m.NewState()
		k := 0
		for i := range n {
			copy(x.Q[7*i:], []float64{0.21*float64(k%3) + 0.003*float64(i%7), 0.21*float64(k/3%3) + 0.002*float64(i%5), 0.15 + 0.25*float64(k/9)})
			k++
		}
		start := time.Now()
		its, worst, halv := 0, 0, 0
		for k := range 200 {
			r, err := s.Step(&x, x, nil)
			if err != nil {
				t.Fatalf("%d: %v", k, err)
			}
			its += r.Iterations
			worst = max(worst, r.Iterations)
			halv += r.Halvings
		}
		t.Log(n, "mean iterations", float64(its)/200, "worst", worst, "halvings", halv, "time per step", time.Since(start)/200)
	}
}
