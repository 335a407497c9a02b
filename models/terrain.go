package models

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Scenes on terrain.

// a stair of stairs (m)
const tread, riser, width = 0.3, 0.15, 2.0

var stairs = family{
	name:    "stairs",
	source:  "sizes of ours",
	summary: "a box of 0.3 by 0.2 by 0.14 m and 1 kg, thrown down N stairs, a mesh",
	count:   "stairs, 1 to 100",
	n:       5,
	check:   between(1, 100, "a flight", "stairs"),
	builder: func(o Options, n int) *sim.Builder {
		b := o.builder(fmt.Sprintf("stairs%d", n))
		b.AddTerrain("stairs", flight(n), sim.Pose{})
		brick(b, o, "box", 1, r3.Vec{X: 0.15, Y: 0.1, Z: 0.07}, 0.4, 0)
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		top := 0.0
		for _, d := range m.Drawn() {
			if d.Body < 0 {
				v, _ := d.Shape.Terrain.Surface()
				for _, p := range v {
					top = math.Max(top, p.Z)
				}
			}
		}
		s.Q[0], s.Q[1], s.Q[2] = -0.1, 0.02, top+0.2
		copy(s.V, []float64{1.2, 0.1, 0, 1, 4, 0.5})
		return s
	},
}

// flight returns n stairs down along x, from a landing that ends at x = 0.
func flight(n int) contact.Shape {
	var vertices []r3.Vec
	var triangles [][3]int32
	across := func(x, z float64) { // a line, and what is between it and the one before
		vertices = append(vertices, r3.Vec{X: x, Y: width / 2, Z: z}, r3.Vec{X: x, Y: -width / 2, Z: z})
		if k := int32(len(vertices)) - 4; k >= 0 {
			triangles = append(triangles, [3]int32{k, k + 1, k + 3}, [3]int32{k, k + 3, k + 2})
		}
	}
	across(-0.6, riser*float64(n))
	for i := range n {
		x, z := tread*float64(i), riser*float64(n-i)
		across(x, z)
		if i+1 < n {
			across(x, z-riser)
			continue
		}
		across(x, -0.01) // the last ends in the ground
	}
	return contact.Mesh(vertices, triangles)
}

var hills = family{
	name:    "hills",
	source:  "sizes of ours",
	summary: "the quadruped on rough ground, a height field of 3 by 3 m",
	builder: func(o Options, _ int) *sim.Builder {
		b := o.builder("hills")
		addQuadruped(b, o, 24)
		b.AddTerrain("terrain", roughGround(), sim.Pose{})
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := Standing(m)
		PlaceAbove(m, s.Q, highest+0.01)
		return s
	},
}

// highest is the most that rough ground rises above z = 0 (m).
const highest = 0.08

// roughGround returns bumps of some centimeters and stones of one, which sink into the ground at the rim.
func roughGround() contact.Shape {
	const n, d = 21, 0.15
	rng := rand.New(rand.NewPCG(1, 2))
	h := make([]float64, n*n)
	for i := range h {
		x, y := d*float64(i%n-n/2), d*float64(i/n-n/2)
		z := 0.04 + 0.025*math.Sin(5*x+1)*math.Cos(4*y) + 0.015*(2*rng.Float64()-1)
		rim := (d*n/2 - math.Max(math.Abs(x), math.Abs(y))) / 0.3
		h[i] = math.Min(rim, 1)*z - 0.01*math.Max(0, 1-rim)
	}
	return contact.HeightField(n, n, d, d, h)
}
