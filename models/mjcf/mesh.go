package mjcf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"path"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/models/mesh"
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
	wrong := r.try(func() { r.readMesh(n, &spec) })
	out := Mesh{Place: n.at, Name: n.peek("name"), scale: spec.scale, rule: spec.rule, wrong: wrong}
	if spec.file != "" {
		out.File = r.meshPath(spec.file)
	}
	if out.Name == "" && spec.file != "" { // a mesh is called like its file
		base := path.Base(strings.ReplaceAll(spec.file, `\`, "/"))
		out.Name = strings.TrimSuffix(base, path.Ext(base))
		n.attrs = append(n.attrs, xmltree.Attr{Name: "name", Value: out.Name})
	}
	r.declare(n, "mesh", len(m.Meshes))
	out.placed = spec.refpos != (r3.Vec{}) || spec.refquat != [4]float64{1}
	var unused []string
	if out.err = errors.Join(wrong...); out.err == nil {
		out.Surface, unused, out.err = r.surface(&spec, out.File)
	}
	if out.err != nil {
		out.Surface = nil
		message := fmt.Sprintf("mesh ignored: %v", out.err)
		if _, gone := out.err.(noFile); gone { // where a folder is missing so are all of its meshes: forty such notes hid the others
			r.notes.alike(n.at, n.name, n.ownName(), message, "no file")
		} else {
			r.notes.add(n.at, n.name, n.ownName(), message)
		}
	}
	for _, what := range unused {
		r.notef(n, "not used: %s", what)
	}
	m.Meshes = append(m.Meshes, out)
}

// surface returns the triangles of a mesh, scaled and in its reference frame, and what of its file was not used.
func (r *reader) surface(spec *meshSpec, file string) (surface *mesh.Mesh, unused []string, err error) {
	m, err := r.triangles(spec, file)
	if err != nil {
		return nil, nil, err
	}
	back, ok := spatial.Normalize(quat.Conj(quat.Number{Real: spec.refquat[0], Imag: spec.refquat[1], Jmag: spec.refquat[2], Kmag: spec.refquat[3]}))
	if !ok {
		return nil, nil, errors.New("refquat is no orientation")
	}
	for i, v := range m.Vertices {
		v = r3.Vec{X: float64(float32(v.X)), Y: float64(float32(v.Y)), Z: float64(float32(v.Z))} // as exact as MuJoCo reads them
		m.Vertices[i] = spatial.QuatRotate(back, r3.Sub(v, spec.refpos))
	}
	surface = m.Scaled(spec.scale)
	return surface, m.Ignored, surface.Check()
}

// triangles returns the mesh as it is in its file, or in the attributes of its element.
func (r *reader) triangles(spec *meshSpec, file string) (*mesh.Mesh, error) {
	if spec.builtin != "" && spec.builtin != "none" {
		return nil, errors.New("built-in shapes are not made; save the mesh to a file")
	}
	if file == "" {
		return inlineTriangles(spec.vertices, spec.faces)
	}
	text, err := r.source.read(file, ".stl", ".obj", ".msh")
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(path.Ext(file)) {
	case ".stl":
		return mesh.ParseSTL(file, text)
	case ".obj":
		return mesh.ParseOBJ(file, text)
	}
	return parseMSH(text)
}

// inlineTriangles makes a mesh of lists of coordinates and corners. Points without corners mean their hull.
func inlineTriangles(v, f []float64) (*mesh.Mesh, error) {
	if len(v) < 12 || len(v)%3 != 0 || len(f)%3 != 0 {
		return nil, errors.New("vertex needs the coordinates of four points at least, face three corners for each triangle")
	}
	m := &mesh.Mesh{}
	for i := 0; i < len(v); i += 3 {
		m.Vertices = append(m.Vertices, vec3(v[i:]))
	}
	if len(f) == 0 {
		return m.Hull()
	}
	for i := 0; i < len(f); i += 3 {
		var t [3]int32
		for k := range t {
			if x := f[i+k]; x != math.Trunc(x) || x < 0 || x >= float64(len(m.Vertices)) {
				return nil, errors.New("face holds a number that is no vertex")
			}
			t[k] = int32(f[i+k])
		}
		m.Triangles = append(m.Triangles, t)
	}
	return m, nil
}

// parseMSH reads MuJoCo's binary format: numbers of vertices, normals, texture coordinates and faces (int32), then
// each of them (float32, int32).
func parseMSH(b []byte) (*mesh.Mesh, error) {
	var n [4]int
	if len(b) < 16 {
		return nil, errors.New("the file is too short")
	}
	for i := range n {
		if n[i] = int(int32(binary.LittleEndian.Uint32(b[4*i:]))); n[i] < 0 || n[i] > len(b) {
			return nil, errors.New("the file's numbers of vertices and faces are impossible")
		}
	}
	faces := 16 + 12*n[0] + 12*n[1] + 8*n[2]
	if len(b) != faces+12*n[3] {
		return nil, errors.New("the file's length does not fit its numbers of vertices and faces")
	}
	m := &mesh.Mesh{}
	number := func(at int) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b[at:]))) }
	for i := range n[0] {
		at := 16 + 12*i
		m.Vertices = append(m.Vertices, r3.Vec{X: number(at), Y: number(at + 4), Z: number(at + 8)})
	}
	for i := range n[3] {
		var t [3]int32
		for k := range t {
			t[k] = int32(binary.LittleEndian.Uint32(b[faces+12*i+4*k:]))
		}
		m.Triangles = append(m.Triangles, t)
	}
	if err := m.Check(); err != nil {
		return nil, err
	}
	if n[3] == 0 {
		return m.Hull()
	}
	return m, nil
}
