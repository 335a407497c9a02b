package mjcf

import (
	"errors"
	"path"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// meshSpec is a mesh asset as written.
type meshSpec struct {
	scale    r3.Vec
	refpos   r3.Vec
	refquat  [4]float64
	rule     string // how its inertia is computed
	file     string
	vertices []float64
	faces    []float64
	builtin  string
}

func defaultMesh() meshSpec {
	return meshSpec{scale: r3.Vec{X: 1, Y: 1, Z: 1}, refquat: [4]float64{1}, rule: "legacy"}
}

func (r *reader) readMesh(n *node, s *meshSpec) {
	r.vec(n, "scale", &s.scale)
	r.vec(n, "refpos", &s.refpos)
	r.exact(n, "refquat", s.refquat[:])
	r.word(n, "inertia", &s.rule, "convex", "exact", "legacy", "shell")
	r.text(n, "file", &s.file)
	r.text(n, "builtin", &s.builtin)
	if v := r.list(n, "vertex"); v != nil {
		s.vertices = v
	}
	if v := r.list(n, "face"); v != nil {
		s.faces = v
	}
}

func (r *reader) readMeshes() {
	for _, s := range r.sections("asset") {
		for _, n := range s.kids {
			if n.name == "mesh" {
				r.addMesh(n)
			}
		}
	}
}

func (r *reader) addMesh(n *node) {
	m := r.model
	spec := r.class(n, r.classes[mainClass]).mesh
	r.readMesh(n, &spec)
	out := Mesh{Place: n.at, Name: n.peek("name"), Scale: spec.scale, rule: spec.rule}
	if spec.file != "" {
		out.File = r.meshPath(spec.file)
	}
	if out.Name == "" && spec.file != "" { // a mesh is called like its file
		base := path.Base(strings.ReplaceAll(spec.file, `\`, "/"))
		name := strings.TrimSuffix(base, path.Ext(base))
		n.attrs = append(n.attrs, attr{name: "name", value: name})
		out.Name = name
	}
	r.declare(n, "mesh", len(m.Meshes))
	out.Vertices, out.Faces, out.err = r.surface(&spec, out.File)
	if out.err != nil {
		out.Vertices, out.Faces = nil, nil
		r.notef(n, "%s", "mesh ignored: "+out.err.Error())
	}
	m.Meshes = append(m.Meshes, out)
}

// surface returns the triangles of a mesh, scaled and in its reference frame.
func (r *reader) surface(spec *meshSpec, file string) ([]r3.Vec, [][3]int, error) {
	vertices, faces, err := r.triangles(spec, file)
	if err != nil {
		return nil, nil, err
	}
	back := quat.Conj(quat.Number{Real: spec.refquat[0], Imag: spec.refquat[1], Jmag: spec.refquat[2], Kmag: spec.refquat[3]})
	if a := quat.Abs(back); a > 0 {
		back = quat.Scale(1/a, back)
	}
	turn := sim.Pose{Rot: back}
	for i, v := range vertices {
		v = rotate(turn, r3.Sub(v, spec.refpos))
		vertices[i] = r3.Vec{X: v.X * spec.scale.X, Y: v.Y * spec.scale.Y, Z: v.Z * spec.scale.Z}
	}
	if s := spec.scale; s.X*s.Y*s.Z < 0 { // mirrored: keep the normals outside
		for i, f := range faces {
			faces[i] = [3]int{f[0], f[2], f[1]}
		}
	}
	return vertices, faces, nil
}

// triangles returns the mesh as it is in its file, or in the attributes of its element.
func (r *reader) triangles(spec *meshSpec, file string) ([]r3.Vec, [][3]int, error) {
	switch {
	case spec.builtin != "" && spec.builtin != "none":
		return nil, nil, errors.New("built-in shapes are not made; save the mesh to a file")
	case file != "":
		return nil, nil, errors.New("files of meshes are not read")
	}
	return inlineTriangles(spec.vertices, spec.faces)
}

func inlineTriangles(v, f []float64) ([]r3.Vec, [][3]int, error) {
	if len(v) < 12 || len(v)%3 != 0 || len(f)%3 != 0 {
		return nil, nil, errors.New("vertex needs the coordinates of four points at least, face three corners for each triangle")
	}
	var vertices []r3.Vec
	for i := 0; i < len(v); i += 3 {
		vertices = append(vertices, vec3(v[i:]))
	}
	var faces [][3]int
	for i := 0; i < len(f); i += 3 {
		var t [3]int
		for k := range t {
			t[k] = int(f[i+k])
			if t[k] < 0 || t[k] >= len(vertices) || float64(t[k]) != f[i+k] {
				return nil, nil, errors.New("face holds a number that is no vertex")
			}
		}
		faces = append(faces, t)
	}
	return vertices, faces, nil
}

// meshInertia returns the inertia of a mesh geom for a density of one.
func (r *reader) meshInertia(n *node, g *Geom) sim.Inertia { return sim.Inertia{} }

// fit replaces a mesh by the primitive that g is.
func (r *reader) fit(n *node, g *Geom, spec *geomSpec, pose *sim.Pose) bool { return false }
