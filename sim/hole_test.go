package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// plateWithAHole returns a plate of a mesh with a hole of so many sides and the radius w (m), its top at z = 0.
func plateWithAHole(n int, w float64) contact.Shape {
	var v []r3.Vec
	var faces [][3]int32
	for i := range n {
		c, s := math.Cos(2*math.Pi*float64(i)/float64(n)+0.3), math.Sin(2*math.Pi*float64(i)/float64(n)+0.3)
		v = append(v, r3.Vec{X: w * c, Y: w * s}, r3.Vec{X: c, Y: s}, r3.Vec{X: w * c, Y: w * s, Z: -0.3})
		a, b := int32(3*i), int32(3*((i+1)%n))
		faces = append(faces, [3]int32{a, a + 1, b + 1}, [3]int32{a, b + 1, b}, [3]int32{a + 2, a, b}, [3]int32{a + 2, b, b + 2})
	}
	return contact.Mesh(v, faces)
}

// TestAHoleHasNoFarWalls: what is thrown on a plate with a hole lies on it or in it. A corner that lay on the plate, or
// was over it, was taken for one deep behind a wall of the hole, beyond the corners of the hole, as the top was out of
// reach or farther away than the plane of that wall: such steps were divided up to 511 times, and some failed.
func TestAHoleHasNoFarWalls(t *testing.T) {
	var c tally
	for n := range 60 {
		rng := seeded(uint64(n))
		b := newWorld("hole", []float64{0.005, 0.01}[n%2])
		b.AddTerrain("plate", plateWithAHole([]int{4, 8, 16}[n%3], 0.05+0.15*rng.Float64()), sim.Pose{})
		b.AddHalfSpace("floor", r3.Vec{Z: 1}, -0.3)
		size := r3.Vec{X: 0.05 + 0.07*rng.Float64(), Y: 0.05 + 0.07*rng.Float64(), Z: 0.05 + 0.07*rng.Float64()}
		l := b.AddLink("box", sim.BoxInertia(1, size))
		b.AddFree("box", l)
		b.AddCollider(sim.Collider{Name: "box", Link: l, Shape: contact.Box(size), Friction: 0.5 + rng.Float64()})
		m := mustModel(t, b)
		x := m.NewState()
		place(&x, 0, r3.Vec{X: 0.03 * rng.NormFloat64(), Y: 0.03 * rng.NormFloat64(), Z: 0.3}, randomVec(rng, 0.5), randomVec(rng, 2))
		q := randomQuat(rng)
		copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
		s := m.NewStepper(sim.Options{})
		c.follow(t, n, s, x, 0.7)
	}
	c.divides(t, 200)
}
