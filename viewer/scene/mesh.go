package scene

import (
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/mesh"
	"gonum.org/v1/gonum/spatial/r3"
)

// Mesh is a triangle mesh in its own frame (m). It must not change while a renderer uses it.
type Mesh = mesh.Mesh

// load finds and reads the mesh that a description calls name.
func (o *FigureOptions) load(name string) (*Mesh, error) {
	path, err := mesh.Find(name, o.MeshDir, o.MeshDirs...)
	if err != nil {
		return nil, err
	}
	return mesh.Load(path)
}

// terrain returns the surface of terrain, its gentle folds rounded by the light.
func terrain(t *contact.Terrain) *Mesh {
	vertices, triangles := t.Surface()
	m := &Mesh{Vertices: slices.Clone(vertices), Triangles: slices.Clone(triangles)}
	m.Smooth(0.3)
	return m
}

// hull returns the convex hull of points, which is what touches other bodies, its gentle folds rounded by the light; nil where they
// span no volume, which leaves them to be drawn as balls.
func hull(points []r3.Vec) *Mesh {
	m, err := mesh.Hull(points)
	if err != nil {
		return nil
	}
	m.Smooth(0.3)
	return m
}
