package implicit_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// fading is a scene of soft shapes whose contacts count for parts of points that change as they turn: a box and a rock
// turned over the edges of a table, a can that leans on it, a capsule nearly level, and a box whose edge lies nearly along
// a ridge. It is none of scenes, since differences of forces there want the same contacts in all places.
func fading(t testing.TB) scene {
	b := world("soft features that fade", 9.81)
	surface := contact.Surface{Stiffness: 3000, Damping: 4}
	shapes := []contact.Shape{
		contact.Box(r3.Vec{X: 0.08, Y: 0.08, Z: 0.05}),
		contact.Cylinder(0.08, 0.05),
		contact.Points([]r3.Vec{{X: 0.1, Z: -0.05}, {X: -0.1, Y: 0.06, Z: -0.05}, {X: -0.1, Y: -0.06, Z: -0.05}, {Z: 0.05}}),
		contact.Capsule(0.03, 0.1),
		contact.Box(r3.Vec{X: 0.08, Y: 0.08, Z: 0.05}),
	}
	for i, name := range []string{"box", "can", "rock", "capsule", "wedged"} {
		l := b.AddLink(name, sim.BoxInertia(1, r3.Vec{X: 0.08, Y: 0.08, Z: 0.05}))
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shapes[i], Friction: 0.4, Surface: surface})
	}
	surface.Stiffness = 5000
	b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(r3.Vec{X: 0.3, Y: 0.3, Z: 0.1}), Pose: sim.At(0, 0, -0.1), Friction: 0.5, Surface: surface})
	roof := contact.Mesh([]r3.Vec{{X: -1, Y: -1}, {X: 0, Y: -1}, {X: 0, Y: 1}, {X: -1, Y: 1}, {X: 1, Y: -1, Z: -0.1}, {X: 1, Y: 1, Z: -0.1}}, [][3]int32{{0, 1, 2}, {0, 2, 3}, {1, 4, 5}, {1, 5, 2}})
	b.AddCollider(sim.Collider{Name: "roof", Link: sim.World, Shape: roof, Pose: sim.At(2, 0, 0), Friction: 0.5})
	m := must(t, b)
	x := m.NewState()
	fadingStart(&x)
	return scene{name: m.Name(), model: m, start: x, happens: meeting(12)}
}

// fadingStart lays them there, turning.
func fadingStart(x *sim.State) {
	turn := sim.RPY
	for i, p := range []sim.Pose{
		{Pos: r3.Vec{X: 0.25, Z: 0.047}, Rot: turn(0.01, 0.02, 0.5)},
		{Pos: r3.Vec{Y: 0.25, Z: 0.046}, Rot: turn(0.02, 0.01, 0.3)},
		{Pos: r3.Vec{X: -0.26, Z: 0.047}, Rot: turn(0.01, -0.02, 0.1)},
		{Pos: r3.Vec{X: 0.22, Y: -0.24, Z: 0.03}, Rot: quat.Mul(turn(0, 0.055, 1.1), turn(0, 1.5707963267948966, 0))},
		{Pos: r3.Vec{X: 1.925, Z: 0.045}, Rot: turn(0.01, 0.03, 0.06)},
	} {
		copy(x.Q[7*i:], []float64{p.Pos.X, p.Pos.Y, p.Pos.Z, p.Rot.Real, p.Rot.Imag, p.Rot.Jmag, p.Rot.Kmag})
		copy(x.V[6*i:], []float64{0.1, -0.05, 0, 0.2, -0.3, 0.4})
	}
}
