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

// directions returns the 26 directions from the center of a cube to its faces, edges and corners: no other is more than
// 28° away from one of them. More of them would be nearer to the truth about round meshes, and slower.
func directions() []r3.Vec {
	var out []r3.Vec
	for x := -1.0; x <= 1; x++ {
		for y := -1.0; y <= 1; y++ {
			for z := -1.0; z <= 1; z++ {
				if d := (r3.Vec{X: x, Y: y, Z: z}); d != (r3.Vec{}) {
					out = append(out, d)
				}
			}
		}
	}
	return out
}
