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
	corners, off := mesh.Corners(points)
	if len(corners) < len(points) {
		note = fmt.Sprintf("a mesh touches by %d of the %d corners of its hull: others are up to %.2g m outside of it", len(corners), len(points), off)
	}
	return contact.Points(corners), note, true
}
