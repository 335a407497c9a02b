package mjcf

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/mesh"
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
	if len(points) > mesh.MostCorners {
		points = mesh.Corners(points)
		note = fmt.Sprintf("a mesh touches by at most %d corners of its hull", mesh.MostCorners)
	}
	return contact.Points(points), note, true
}
