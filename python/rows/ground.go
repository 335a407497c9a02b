package rows

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Terrain is a height field (see [contact.HeightField]) or a mesh.
type Terrain struct {
	Columns, Rows int
	Dx, Dy        float64      // m
	Heights       []float64    // m
	Vertices      [][3]float64 // m
	Triangles     [][3]int32
}

func (t *Terrain) shape() (contact.Shape, error) {
	s := contact.HeightField(t.Columns, t.Rows, t.Dx, t.Dy, t.Heights)
	if len(t.Vertices) > 0 {
		vertices := make([]r3.Vec, len(t.Vertices))
		for i, v := range t.Vertices {
			vertices[i] = r3.Vec{X: v[0], Y: v[1], Z: v[2]}
		}
		s = contact.Mesh(vertices, t.Triangles)
	}
	if err := s.Check(); err != nil {
		return s, fmt.Errorf("terrain: %w", err)
	}
	return s, nil
}

// ground is the name of the half-space that is added.
const ground = "ground"

// surfaces gives colliders and half-spaces what was asked for; a mistake is reported by Build. That of the ground which is still to come
// has to wait.
func (l *loader) surfaces(grounds bool) {
	planes := l.builder.HalfSpaces()
	if grounds {
		planes = append(planes, ground)
	}
	for _, name := range slices.Sorted(maps.Keys(l.opt.Surfaces)) {
		s := l.opt.Surfaces[name]
		switch {
		case !slices.Contains(planes, name):
			l.builder.ChangeCollider(name, func(c *sim.Collider) { c.Surface = s })
		case s != (contact.Surface{Velocity: s.Velocity, Spin: s.Spin}):
			l.builder.Fail(fmt.Errorf("half-space %q: its surface has but a velocity and a spin; the rest is that of the shapes that touch it", name))
		case !grounds || name != ground:
			l.builder.SetSurfaceVelocity(name, s.Velocity)
			l.builder.SetSurfaceSpin(name, s.Spin)
		}
	}
}
