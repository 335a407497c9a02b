package mjcf

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"gonum.org/v1/gonum/spatial/r3"
)

// touching returns the shape by which a geom touches planes, and what is only near to the truth about it. Meshes
// touch by corners of their convex hull, as in MuJoCo: all of them, or the farthest ones in many directions.
func (c *builder) touching(g *Geom) (s contact.Shape, note string, ok bool) {
	if s, ok = primitive(g); ok || g.Mesh < 0 || c.m.Meshes[g.Mesh].Surface == nil {
		return s, "", ok
	}
	if c.corners[g.Mesh] == nil {
		hull, err := c.m.Meshes[g.Mesh].Surface.Hull()
		if err != nil {
			return s, "", false
		}
		c.corners[g.Mesh] = hull.Vertices
	}
	points := c.corners[g.Mesh]
	if most := len(directions()); len(points) > most {
		points = farthest(points)
		note = fmt.Sprintf("a mesh touches planes by at most %d corners of its hull", most)
	}
	return contact.Points(points), note, true
}

// farthest returns the points that are the farthest in one of many directions.
func farthest(points []r3.Vec) []r3.Vec {
	var out []r3.Vec
	taken := map[int]bool{}
	for _, d := range directions() {
		best, most := 0, math.Inf(-1)
		for i, p := range points {
			if h := r3.Dot(d, p); h > most {
				best, most = i, h
			}
		}
		if !taken[best] {
			taken[best] = true
			out = append(out, points[best])
		}
	}
	return out
}

// directions returns the 42 directions from the center of an icosahedron to its corners and to the middles of its edges:
// none is more than 21° away from one of them.
func directions() []r3.Vec {
	phi := (1 + math.Sqrt(5)) / 2
	var corners []r3.Vec
	for _, s := range []float64{-1, 1} {
		for _, t := range []float64{-phi, phi} {
			corners = append(corners, r3.Vec{Y: s, Z: t}, r3.Vec{X: s, Y: t}, r3.Vec{X: t, Z: s})
		}
	}
	out := append([]r3.Vec(nil), corners...)
	for i, a := range corners {
		for _, b := range corners[:i] {
			if r3.Norm(r3.Sub(a, b)) < 2+1e-9 { // an edge
				out = append(out, r3.Scale(0.5, r3.Add(a, b)))
			}
		}
	}
	return out
}
