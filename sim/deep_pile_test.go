package sim_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestHundredBoxesAtOnePlaceAreCounted: a start with all boxes in each other is told before it is solved: the deepest pair, how deep, and how many there are.
func TestHundredBoxesAtOnePlaceAreCounted(t *testing.T) {
	var list []solid
	for i := range 100 {
		list = append(list, solid{fmt.Sprintf("body%d", i), contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}), 1, 0.5})
	}
	m := solids(t, 9.81, sim.Cone, list...)
	x := m.NewState()
	for i := range list {
		x.Q[7*i+2] = 0.3
	}
	p, depth, n := m.NewStepper(sim.Options{}).Overlaps(x.Q, 1e-5)
	tol.Within(t, math.Abs(depth-0.2), 1e-12, "depth of equal boxes at one place")
	if n != 4950 || p.A == p.B || p.B < 0 {
		t.Errorf("%d pairs, the deepest %v", n, p)
	}
}
