package scene

import (
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/mesh"
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
