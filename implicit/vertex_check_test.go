package implicit_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCheckVertices: derivatives by everything, vertices among it, of steps in which shapes of which one is the hull of
// points land flat on each other. Contacts share κ by the angles of the polygon in which faces overlap, which vertices
// turn; derivatives by vertices took these angles for given and were off by 0.9 to 1.8 % of the largest entry.
func TestCheckVertices(t *testing.T) {
	plate := contact.Points([]r3.Vec{{X: 0.2, Y: 0.15, Z: -0.03}, {X: -0.2, Y: 0.16, Z: -0.03}, {X: -0.15, Y: -0.14, Z: -0.03}, {X: 0.14, Y: -0.17, Z: -0.03}, {X: 0.02, Z: 0.04}})
	table := contact.Points([]r3.Vec{{X: 0.3, Y: 0.2, Z: 0.05}, {X: -0.3, Y: 0.2, Z: 0.05}, {X: -0.25, Y: -0.2, Z: 0.05}, {X: 0.3, Y: -0.25, Z: 0.05}, {X: 0.05, Y: 0.02, Z: -0.1}})
	card := contact.Points([]r3.Vec{{X: 0.2, Y: 0.15}, {X: -0.2, Y: 0.1}, {X: 0.05, Y: -0.15}})
	box, disk := contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.05}), contact.Cylinder(0.25, 0.05)
	for name, c := range map[string]struct {
		under, over contact.Shape
		turn        r3.Vec // roll, pitch and yaw, of what rolls or lies with edges along edges
		height      float64
	}{
		"plate on box":   {under: box, over: plate, height: 0.082},
		"plate on disk":  {under: disk, over: plate, height: 0.082},
		"plate on plate": {under: table, over: plate, height: 0.082},
		"card on box":    {under: box, over: card, height: 0.052},
		"card on plate":  {under: table, over: card, height: 0.052},
		"box on plate":   {under: table, over: contact.Box(r3.Vec{X: 0.1, Y: 0.2, Z: 0.04}), height: 0.092},
		"can on plate":   {under: table, over: contact.Cylinder(0.15, 0.04), height: 0.092},
		"rolling can":    {under: table, over: contact.Cylinder(0.05, 0.2), turn: r3.Vec{X: math.Pi / 2, Y: 0.02, Z: 0.5}, height: 0.102},
		"rolling rod":    {under: table, over: contact.Capsule(0.05, 0.2), turn: r3.Vec{X: math.Pi / 2, Y: 0.02, Z: 0.5}, height: 0.102},
		"along edges":    {under: box, over: plate, turn: r3.Vec{X: 0.05, Y: -0.04, Z: -0.09}, height: 0.1},
	} {
		t.Run(name, func(t *testing.T) {
			b := world("vertices", 9.81)
			b.AddGround()
			for i, s := range []contact.Shape{c.under, c.over} {
				l := b.AddLink([]string{"under", "over"}[i], sim.SphereInertia(1, 0.1))
				b.AddFree([]string{"under", "over"}[i], l)
				b.AddCollider(sim.Collider{Link: l, Shape: s, Friction: 0.4 + 0.1*float64(i), Pose: sim.Pose{Pos: r3.Vec{X: 0.01}, Rot: sim.RPY(0, 0, 0.2)}})
			}
			m := must(t, b)
			for _, kappa := range []float64{1e-2, 1e-4} {
				x := m.NewState()
				turn := sim.RPY(0.01, -0.02, 0.5)
				if c.turn != (r3.Vec{}) {
					turn = sim.RPY(c.turn.X, c.turn.Y, c.turn.Z)
				}
				low := 0.052
				if c.under.Kind == contact.KindPoints {
					low = 0.102
				}
				copy(x.Q, []float64{0, 0, low, 1, 0, 0, 0})
				copy(x.Q[7:], []float64{0.1, 0.05, low + c.height, turn.Real, turn.Imag, turn.Jmag, turn.Kmag})
				x.V[6], x.V[9] = 0.1, 0.3
				check(t, m.Name(), m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 6, Every: 2, Params: 2})
			}
		})
	}
}
