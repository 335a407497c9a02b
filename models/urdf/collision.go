package urdf

import (
	"errors"
	"fmt"
	"io/fs"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/mesh"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// vast is the size (m) of a link that no robot has.
const vast = 50

// collisionMesh is the mesh of a <collision>, as it is written.
type collisionMesh struct {
	sim.Visual
	pieces []string // names of the colliders made of it
}

// collisionMesh returns what stands for the mesh in a geometry where links touch: its convex hull, its objects when all are convex, or
// pieces. A mesh that cannot be read touches nothing, which is said.
func (r *reader) collisionMesh(g *node, c sim.Collider, name string, l *link) []sim.Collider {
	m := g.child("mesh")
	if m == nil {
		return nil
	}
	v := collisionMesh{Visual: sim.Visual{Name: name, Pose: c.Pose}}
	r.drawn, r.spoiled = true, 0
	r.mesh(m, &v.Visual)
	if r.drawn = false; r.spoiled > 0 {
		r.notef(Physics, m, "touches nothing: its description is wrong")
		return nil
	}
	touch, err := r.touch(m, &v.Visual)
	if err != nil {
		r.touchless(m, err)
		l.meshes = append(l.meshes, v)
		return nil
	}
	var out []sim.Collider
	all, left, most := 0, 0, 0.0
	for i, points := range touch.Solids {
		c.Name = r.unique(name)
		corners, off := mesh.Corners(points)
		if len(corners) < len(points) {
			all, left, most = all+len(points), left+len(corners), math.Max(most, off)
		}
		c.Shape = contact.Points(corners)
		if i == 0 {
			v.Name = c.Name
		}
		v.pieces = append(v.pieces, c.Name)
		out = append(out, c)
	}
	l.meshes = append(l.meshes, v)
	far := 0.0
	for _, d := range out {
		far = math.Max(far, d.Shape.Extent())
	}
	if far > vast {
		r.notef(Physics, m, "touches up to %.3g m from its origin: is it in millimeters? Give it scale=\"0.001 0.001 0.001\"", far)
	}
	severity, how := Reading, touch.How
	if touch.Loud {
		severity = Physics
	}
	if left < all {
		severity, how = Physics, fmt.Sprintf("%s; by %d of %d corners: others are up to %.2g m outside of it", how, left, all, most)
	}
	r.notef(severity, m, "%s touches by %s", clip(v.Mesh), how)
	return out
}

// touchless reports meshes that cannot be read: those that are nowhere once, since often all of a file are.
func (r *reader) touchless(m *node, err error) {
	if !errors.Is(err, fs.ErrNotExist) {
		r.notef(Physics, m, "touches nothing: %v", err)
		return
	}
	if r.absent++; r.absent == 1 {
		r.firstAbsent, r.whyAbsent = m, err
	}
}

// absentMeshes reports the collision meshes that are nowhere.
func (r *reader) absentMeshes() {
	const cure = "bring the files, say where they are (Options.MeshDirs), or add spheres, capsules, boxes or cylinders in their place"
	switch {
	case r.absent == 1:
		r.notef(Physics, r.firstAbsent, "touches nothing: %v; %s", r.whyAbsent, cure)
	case r.absent > 1:
		r.notef(Physics, r.firstAbsent, "%d collision meshes are not found and touch nothing, the first: %v; %s", r.absent, r.whyAbsent, cure)
	}
}

// touch returns the convex solids that stand for a mesh, scaled. Flat meshes have no hull, but corners. What of a file is not used is noted
// at the first element that names it.
func (r *reader) touch(n *node, v *sim.Visual) (*mesh.Touch, error) {
	key := fmt.Sprintf("%q %v", v.Mesh, v.Scale)
	if known, ok := r.touching[key]; ok {
		return known.Touch, known.err
	}
	t, err := r.makeTouch(n, v)
	r.touching[key] = touching{t, err}
	return t, err
}

// touching is how a mesh touches, or why it does not.
type touching struct {
	*mesh.Touch
	err error
}

func (r *reader) makeTouch(n *node, v *sim.Visual) (*mesh.Touch, error) {
	if r.dir == "" && len(r.opt.MeshDirs) == 0 {
		return nil, fmt.Errorf("mesh %q: %w: no folder is given", clip(v.Mesh), fs.ErrNotExist)
	}
	file, err := mesh.Find(v.Mesh, r.dir, r.opt.MeshDirs...)
	if err != nil {
		return nil, err
	}
	m, err := mesh.Load(file)
	if err != nil {
		return nil, err
	}
	for _, what := range m.Ignored {
		r.notef(Unused, n, "not used: %s", what)
	}
	m = m.Scaled(v.Scale)
	if err := m.Check(); err != nil {
		return nil, fmt.Errorf("%s, at scale (%g, %g, %g): %w", v.Mesh, v.Scale.X, v.Scale.Y, v.Scale.Z, err)
	}
	t, err := m.Touch(r.opt.Decompose, mesh.Progress(r.opt.Progress, clip(v.Mesh)))
	if err != nil {
		return &mesh.Touch{Solids: [][]r3.Vec{m.Vertices}, How: "its corners"}, nil
	}
	return t, nil
}
