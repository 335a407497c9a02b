package models

import (
	"fmt"
	"math"
	"sync"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The cup of the scene, a mesh that is not convex: how many sides it has, and lengths in meters.
const (
	cupSides  = 6
	cupRadius = 0.13 // of the corners, outside
	cupHeight = 0.14
	cupWall   = 0.02 // of the corners, and of the floor
)

// cupColors are of neighbors, and glass: to see the pieces, and the balls behind them.
var cupColors = [2]sim.Color{{R: 0.25, G: 0.45, B: 0.65, A: 0.5}, {R: 0.45, G: 0.70, B: 0.85, A: 0.5}}

// cupMesh turns the profile of the cup around z.
func cupMesh() (vertices []r3.Vec, triangles [][3]int32) {
	const inside = cupRadius - cupWall
	profile := [...][2]float64{{0, 0}, {cupRadius, 0}, {cupRadius, cupHeight}, {inside, cupHeight}, {inside, cupWall}, {0, cupWall}}
	const n = int32(len(profile))
	for k := range int32(cupSides) {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / cupSides)
		for i, p := range profile {
			vertices = append(vertices, r3.Vec{X: p[0] * cos, Y: p[0] * sin, Z: p[1]})
			a, b := n*k+int32(i), n*((k+1)%cupSides)+int32(i)
			up := (int32(i)+1)%n - int32(i)
			triangles = append(triangles, [3]int32{a, b, b + up}, [3]int32{a, b + up, a + up})
		}
	}
	return vertices, triangles
}

// cupInertia is that of a round floor and of walls that are boards.
func cupInertia(mass float64) sim.Inertia {
	const middle, half = cupRadius - cupWall/2, (cupHeight - cupWall) / 2
	slice := math.Pi / cupSides // half the angle of a side
	floor, wall := math.Pi*cupRadius*cupRadius*cupWall, 2*middle*math.Sin(slice)*cupWall*2*half
	density := mass / (floor + cupSides*wall)
	in := sim.CylinderInertia(density*floor, cupRadius, cupWall/2).Placed(sim.At(0, 0, cupWall/2))
	for k := range cupSides {
		turn := sim.Pose{Rot: sim.RPY(0, 0, (2*float64(k)+1)*slice)}
		board := sim.BoxInertia(density*wall, r3.Vec{X: cupWall / 2, Y: middle * math.Sin(slice), Z: half})
		in = in.Plus(board.Placed(turn.Mul(sim.At(middle*math.Cos(slice), 0, cupWall+half))))
	}
	return in
}

// cupPieces are those of the mesh, found once: that takes a tenth of a second.
var cupPieces = sync.OnceValue(func() []contact.Shape {
	vertices, triangles := cupMesh()
	pieces, _, err := contact.ConvexPieces(vertices, triangles, contact.PieceOptions{Tolerance: 0.008})
	if err != nil {
		panic("models: the cup has no pieces: " + err.Error()) // a mesh of ours
	}
	return pieces
})

var cup = family{
	name:    "cup",
	source:  "sizes of ours",
	summary: "N balls dropped into a cup of 26 cm, a mesh that is divided into convex pieces",
	count:   "balls, 1 to 20",
	n:       3,
	check:   between(1, 20, "a cup", "balls"),
	builder: func(o Options, n int) *sim.Builder {
		b := o.builder(fmt.Sprintf("cup%d", n))
		l := b.AddLink("cup", o.mass(cupInertia(0.8)))
		b.AddFree("cup", l)
		for i, p := range cupPieces() {
			b.AddCollider(sim.Collider{Name: fmt.Sprintf("cup_%d", i+1), Link: l, Shape: p, Friction: o.friction(0.4), Color: cupColors[i%2]})
		}
		for i := range n {
			loose(b, o, fmt.Sprintf("ball%d", i+1), sim.SphereInertia(0.2, 0.035), contact.Sphere(0.035), 0.4, i)
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[2] = spaced
		for i := 1; i < m.NV()/6; i++ {
			s.Q[7*i], s.Q[7*i+1], s.Q[7*i+2] = 0.04*float64(i%2)-0.02, 0.012*float64(i%3-1), 0.12+0.08*float64(i)
			s.V[6*i] = 0.2
		}
		return s
	},
}
