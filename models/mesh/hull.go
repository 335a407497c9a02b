package mesh

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/hull"
	"gonum.org/v1/gonum/spatial/r3"
)

// ErrFlat is the error of points that lie in a plane, to within 1e-12 of their extent: they have no hull with a
// volume.
var ErrFlat = hull.ErrFlat

// Hull returns the convex hull of the vertices, wound outward, without vertices inside its faces or edges.
func (m *Mesh) Hull() (*Mesh, error) { return Hull(m.Vertices) }

// Hull returns the convex hull of points: a closed mesh, wound outward, whose vertices are those of the points
// that are corners of it, in their order. Duplicates are allowed.
func Hull(points []r3.Vec) (*Mesh, error) {
	triangles, err := hull.Of(points)
	if err != nil {
		return nil, fmt.Errorf("mesh: %w", err)
	}
	at := make([]int32, len(points))
	for _, f := range triangles {
		for _, v := range f {
			at[v] = 1
		}
	}
	m := &Mesh{}
	for i, p := range points {
		if at[i] == 1 {
			at[i] = int32(len(m.Vertices))
			m.Vertices = append(m.Vertices, p)
		}
	}
	for _, f := range triangles {
		m.Triangles = append(m.Triangles, [3]int32{at[f[0]], at[f[1]], at[f[2]]})
	}
	return m, nil
}
