package mjcf

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/mesh"
)

// rough is a mesh of which fewer corners touch than its hull has.
type rough struct {
	geom    *Geom
	of, all int
	off     float64 // how far the others are outside (m)
}

// touching returns the shape by which a geom touches planes. Meshes
// touch by corners of their convex hull, as in MuJoCo: all of them, or the farthest ones in many directions.
func (c *builder) touching(g *Geom) (s contact.Shape, ok bool) {
	if s, ok = primitive(g); ok || g.Mesh < 0 || c.m.Meshes[g.Mesh].Surface == nil {
		return s, ok
	}
	if c.corners[g.Mesh] == nil {
		hull, err := c.m.Meshes[g.Mesh].Surface.Hull()
		if err != nil {
			return s, false
		}
		c.corners[g.Mesh] = hull.Vertices
	}
	points := c.corners[g.Mesh]
	corners, off := mesh.Corners(points)
	if len(corners) < len(points) {
		c.rough = append(c.rough, rough{g, len(corners), len(points), off})
	}
	return contact.Points(corners), true
}

// tellRough says which meshes lost corners, the worst for all.
func (c *builder) tellRough() {
	if len(c.rough) == 0 {
		return
	}
	worst := 0
	for i, r := range c.rough {
		if r.off > c.rough[worst].off {
			worst = i
		}
	}
	c.rough[0], c.rough[worst] = c.rough[worst], c.rough[0]
	for _, r := range c.rough {
		c.notes.alike(r.geom.Place, "geom", r.geom.Name, fmt.Sprintf("a mesh touches by %d of the %d corners of its hull: others are up to %.2g m outside of it", r.of, r.all, r.off), "corners")
	}
}
