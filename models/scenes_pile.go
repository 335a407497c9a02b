package models

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Scenes of many bodies.

// The benchmark 666 of SimBenchmark (Hwangbo, Kang et al., 2018) drops 6×6×6 balls and asks how deep they are in each other: spheres6.
var spheres = family{
	name:    "spheres",
	source:  "sizes of ours",
	summary: "N × N × N balls of 0.2 m dropped into a box",
	count:   "balls along an edge, 1 to 6",
	n:       2,
	check:   between(1, 6, "an edge", "balls"),
	builder: func(o Options, n int) *sim.Builder {
		b := o.builder(fmt.Sprintf("spheres%d", n))
		for _, w := range []struct {
			name   string
			normal r3.Vec
		}{{"left", r3.Vec{X: 1}}, {"right", r3.Vec{X: -1}}, {"front", r3.Vec{Y: 1}}, {"back", r3.Vec{Y: -1}}} {
			b.AddHalfSpace(w.name, w.normal, -(0.11*float64(n) + 0.02))
		}
		for i := range n * n * n {
			loose(b, o, fmt.Sprintf("ball%d", i+1), sim.SphereInertia(1, 0.1), contact.Sphere(0.1), 0.5, i)
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		n := int(math.Round(math.Cbrt(float64(m.NV() / 6))))
		for i := range n * n * n {
			x, y, z := i%n, i/n%n, i/n/n
			// layers a little aside from each other, or balls would stand on balls
			s.Q[7*i] = 0.22*(float64(x)-0.5*float64(n-1)) + 0.011*float64(z%3-1)
			s.Q[7*i+1] = 0.22*(float64(y)-0.5*float64(n-1)) + 0.013*float64(z%2)
			s.Q[7*i+2] = 0.2 + 0.22*float64(z)
		}
		return s
	},
}

var wall = family{
	name:    "wall",
	source:  "sizes of ours",
	summary: "a wall of bricks in N rows, as many bricks wide as high",
	count:   "rows, 1 to 30",
	n:       3,
	check:   between(1, 30, "a wall", "rows"),
	builder: func(o Options, n int) *sim.Builder {
		b := o.builder(fmt.Sprintf("wall%d", n))
		for row := range n {
			for i, half := range courses(n, row) {
				brick(b, o, fmt.Sprintf("brick%d_%d", row+1, i+1), 10*half, r3.Vec{X: half, Y: 0.05, Z: 0.05}, 0.6, row+i)
			}
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		q, n := s.Q, 1
		for bricks := m.NV() / 6; n*n+n/2 < bricks; {
			n++
		}
		for row := range n {
			x := -0.1025 * float64(n)
			for _, half := range courses(n, row) {
				// not flush, as in the pyramid
				q[0], q[1], q[2] = x+half, 0.004*float64(row%2), 0.05+spaced+float64(row)*(0.1+spaced)
				x += 2*half + 0.005
				q = q[7:]
			}
		}
		return s
	},
}

// courses returns the half lengths of the bricks of a row: every second one begins and ends with half a brick (m).
func courses(n, row int) (half []float64) {
	for range n {
		half = append(half, 0.1)
	}
	if row%2 == 1 {
		half[0] = 0.05
		half = append(half, 0.05)
	}
	return half
}
