package mjcf

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/mesh"
	"gonum.org/v1/gonum/spatial/r3"
)

// rough is a mesh of which fewer corners touch than its hull has.
type rough struct {
	geom    *Geom
	of, all int
	off     float64 // how far the others are outside (m)
}

// touching returns the shapes by which a geom touches. Meshes touch by corners of their convex hull, as in MuJoCo, or of convex pieces:
// by all of them, or the farthest ones in many directions.
func (c *builder) touching(g *Geom) (shapes []contact.Shape, ok bool) {
	if s, ok := primitive(g); ok || g.Mesh < 0 || c.m.Meshes[g.Mesh].Surface == nil {
		return []contact.Shape{s}, ok
	}
	for _, points := range c.solids(g) {
		corners, off := mesh.Corners(points)
		if len(corners) < len(points) {
			c.rough = append(c.rough, rough{g, len(corners), len(points), off})
		}
		shapes = append(shapes, contact.Points(corners))
	}
	return shapes, len(shapes) > 0
}

// solids returns the corners of the convex solids of the mesh of a geom, and says of each mesh once which those are.
func (c *builder) solids(g *Geom) [][]r3.Vec {
	if known, ok := c.corners[g.Mesh]; ok {
		return known
	}
	m := &c.m.Meshes[g.Mesh]
	if c.opt.Decompose == 0 { // objects of a file are one hull, as in MuJoCo
		if hull, err := m.Surface.Hull(); err == nil {
			c.corners[g.Mesh] = [][]r3.Vec{hull.Vertices}
			if off := m.Surface.Swelling(); off > 0 {
				c.notes.alike(g.Place, "geom", g.Name, fmt.Sprintf("mesh %q touches by its convex hull, as in MuJoCo, which is up to %.2g m outside of it (Options.Decompose, --decompose, takes convex pieces)", clip(m.Name), off), "hull")
			}
		}
		return c.corners[g.Mesh]
	}
	c.corners[g.Mesh] = nil
	if t, err := m.Surface.Touch(c.opt.Decompose, mesh.Progress(c.opt.Progress, clip(m.Name))); err == nil {
		c.corners[g.Mesh] = t.Solids
		end := ""
		if t.Loud {
			end = changes
		}
		c.notef(g.Place, "geom", g.Name, "mesh %q touches by %s%s", clip(m.Name), t.How, end)
	}
	return c.corners[g.Mesh]
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
