package urdf

import (
	"fmt"
	"math"
	"path"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/models/mesh"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// compiler reads what MuJoCo's extension says about mesh files.
func (r *reader) compiler(root *node) {
	m := root.child("mujoco")
	if m == nil {
		return
	}
	c := m.child("compiler")
	if c == nil {
		return
	}
	var given bool
	if r.meshDir, given = c.attr("meshdir"); !given {
		r.meshDir, _ = c.attr("assetdir")
	}
	strip, given := c.attr("strippath")
	r.strip = !given || strip == "true"
}

// mesh reads the file and scale of a mesh.
func (r *reader) mesh(m *node, v *sim.Visual) {
	v.Shape, v.Scale = contact.Shape{}, r3.Vec{X: 1, Y: 1, Z: 1}
	v.Mesh, _ = m.attr("filename")
	switch {
	case v.Mesh == "":
		r.errorf(m, "attribute filename is missing")
	case xmltree.Template(strings.ReplaceAll(v.Mesh, "%", "")): // %20 is a blank
		r.notef(Drawing, m, "the file name %q looks like an expression: run xacro first", clip(v.Mesh))
	default:
		v.Mesh = r.located(m, v.Mesh)
	}
	s, given := m.attr("scale")
	switch n := len(strings.Fields(s)); {
	case !given:
		return
	case n == 1:
		if k, ok := r.number(m, "scale", 1); ok {
			v.Scale = r3.Vec{X: k, Y: k, Z: k}
			r.notef(Drawing, m, "scale %g read as the same along all axes", k)
		}
	case n > 3:
		if k, _, ok := r.numbers(m, "scale", n); ok {
			v.Scale = r3.Vec{X: k[0], Y: k[1], Z: k[2]}
			r.notef(Drawing, m, "attribute scale=%q has %d numbers, the first three are used", clip(s), n)
		}
	default:
		v.Scale, _ = r.vec(m, "scale", v.Scale)
	}
	if v.Scale.X*v.Scale.Y*v.Scale.Z == 0 {
		r.errorf(m, "scale (%g, %g, %g) leaves nothing", v.Scale.X, v.Scale.Y, v.Scale.Z)
	}
}

// located returns the name by which a mesh is found: that of the file or, where <compiler meshdir> is given and
// leads somewhere, one in that folder. A file that is nowhere is reported once.
func (r *reader) located(m *node, name string) string {
	names := []string{name}
	if r.meshDir != "" {
		inside := strings.ReplaceAll(name, `\`, "/")
		if _, rest, ok := strings.Cut(inside, "://"); ok {
			inside = rest
		}
		if r.strip {
			inside = path.Base(inside)
		}
		names = []string{path.Join(r.meshDir, inside), name}
	}
	if r.dir == "" && len(r.opt.MeshDirs) == 0 {
		return names[0]
	}
	var why error
	for _, n := range names {
		_, err := mesh.Find(n, r.dir, r.opt.MeshDirs...)
		if err == nil {
			return n
		}
		if why == nil {
			why = err
		}
	}
	if !r.sought[name] {
		r.sought[name] = true
		if r.lost = append(r.lost, name); len(r.lost) == 1 {
			r.firstLost, r.whyLost = m, why
		}
	}
	return names[0]
}

// lostMeshes reports the mesh files that are nowhere, which are many or none.
func (r *reader) lostMeshes() {
	switch n := len(r.lost); {
	case n == 1:
		r.notef(Drawing, r.firstLost, "%v", r.whyLost)
	case n > 1:
		r.notef(Drawing, r.firstLost, "%d mesh files are not found or not read, the first: %v", n, r.whyLost)
	}
}

// solidMesh returns the inertia of a mesh filled with water, or that of its hull when it is not closed.
func (r *reader) solidMesh(l *link, v sim.Visual) sim.Inertia {
	key := fmt.Sprintf("%q %v", v.Mesh, v.Scale)
	in, known := r.solids[key]
	if !known {
		in = r.fillMesh(l, v)
		r.solids[key] = in
	}
	return in
}

// fillMesh is solidMesh without memory. It returns nothing where there is no file, or no solid in it.
func (r *reader) fillMesh(l *link, v sim.Visual) sim.Inertia {
	if r.dir == "" && len(r.opt.MeshDirs) == 0 {
		return sim.Inertia{}
	}
	file, err := mesh.Find(v.Mesh, r.dir, r.opt.MeshDirs...)
	if err != nil {
		return sim.Inertia{}
	}
	m, err := mesh.Load(file)
	if err != nil {
		r.notef(Reading, l.node, "mesh not used: %v", err)
		return sim.Inertia{}
	}
	m = m.Scaled(v.Scale)
	in, err := m.Inertia(density)
	if err != nil {
		hull, flat := m.Hull()
		if flat != nil {
			return sim.Inertia{}
		}
		if in, err = hull.Inertia(density); err != nil {
			return sim.Inertia{}
		}
	}
	if math.IsInf(in.Mass, 0) {
		return sim.Inertia{}
	}
	return in
}
