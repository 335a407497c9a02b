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

// TestBoxesAtOnePlaceComeApart: whatever the timestep, boxes that begin in one place leave at the natural speed without
// any, and move by no more than they fall meanwhile.
func TestBoxesAtOnePlaceComeApart(t *testing.T) {
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
	for _, h := range []float64{0.002, 0.02} {
		b := newWorld("pile", h)
		b.AddGround()
		const n = 8
		for i := range n {
			name := fmt.Sprint("box", i)
			l := b.AddLink(name, sim.BoxInertia(1, half))
			b.AddFree("free "+name, l)
			b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Box(half), Friction: 0.5})
		}
		m := mustModel(t, b)
		x := m.NewState()
		for i := range n {
			x.Q[7*i+2] = 0.3
		}
		s := m.NewStepper(sim.Options{})
		for k := range int(math.Round(0.5 / h)) {
			must(t, s, &x, nil)
			at := h * float64(k+1)
			for i := range n {
				v := r3.Vec{X: x.V[6*i], Y: x.V[6*i+1], Z: x.V[6*i+2]}
				tol.Within(t, r3.Norm(v), gravity*min(at, math.Sqrt(2*0.2/gravity))+0.05, "h %g, %g s, box %d: speed", h, at, i)
			}
		}
		tol.Within(t, s.Penetration(), 1e-6, "h %g: depth after half a second", h)
	}
}
