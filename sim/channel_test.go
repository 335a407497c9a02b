package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// channelMesh is a channel along x of width w between walls 0.3 m high, a sheet without ends and bottom or a closed solid.
func channelMesh(w float64, closed bool) contact.Shape {
	y := []float64{-w/2 - 0.1, w/2 + 0.1, w/2 + 0.1, w / 2, w / 2, -w / 2, -w / 2, -w/2 - 0.1}
	z := []float64{-0.1, -0.1, 0.3, 0.3, 0, 0, 0.3, 0.3}
	var v []r3.Vec
	var t [][3]int32
	for i := range int32(8) {
		v = append(v, r3.Vec{X: -1, Y: y[i], Z: z[i]}, r3.Vec{X: 1, Y: y[i], Z: z[i]})
		if j := (i + 1) % 8; closed || i > 0 {
			t = append(t, [3]int32{2 * i, 2 * j, 2*j + 1}, [3]int32{2 * i, 2*j + 1, 2*i + 1})
		}
	}
	if closed {
		for _, c := range [][3]int32{{0, 5, 7}, {5, 6, 7}, {0, 1, 4}, {0, 4, 5}, {1, 2, 4}, {2, 3, 4}} {
			t = append(t, [3]int32{2*c[0] + 1, 2*c[1] + 1, 2*c[2] + 1}, [3]int32{2 * c[0], 2 * c[2], 2 * c[1]})
		}
	}
	return contact.Mesh(v, t)
}

// TestACanBetweenWallsAsWide: a can lies across a channel with its ends flush with both walls, or falls so. Edges of
// its rims crossed the tops of the walls as deep as the can was below them, up to 0.2 m, and the line along it and the
// balls at its ends too: 5 of 24 failed in the first steps, and others were pushed about. They come off sideways by
// nothing. What walls of one mesh hold stays as deep as it begins a step: 1.1e-6 m here, no deeper in 3 s.
func TestACanBetweenWallsAsWide(t *testing.T) {
	const radius, half = 0.1, 0.07
	var c tally
	for n := range 24 {
		rng := seeded(uint64(n))
		b := newWorld("channel", []float64{0.005, 0.01, 0.02}[n%3])
		b.AddTerrain("channel", channelMesh(2*half, n%2 == 1), sim.Pose{})
		l := b.AddLink("can", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.07}))
		b.AddFree("can", l)
		b.AddCollider(sim.Collider{Name: "can", Link: l, Shape: contact.Cylinder(radius, half), Friction: 0.1 + 0.7*rng.Float64()})
		m := mustModel(t, b)
		x := m.NewState()
		place(&x, 0, r3.Vec{X: 0.4 * (rng.Float64() - 0.5), Z: radius + 0.3*rng.Float64()}, r3.Vec{X: rng.NormFloat64()}, r3.Vec{Y: 3 * rng.NormFloat64()})
		c.land(t, n, m, x, sim.RPY(math.Pi/2, 0, 0), 0.3, 2e-6)
	}
	c.divides(t, 40)
}
