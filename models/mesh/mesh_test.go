package mesh

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// brickOBJ is the box [0, 2] × [0, 1] × [0, 0.5] of quadrilaterals wound outward.
const brickOBJ = `# a brick
mtllib brick.mtl
v 0 0 0
v 2 0 0
v 2 1 0
v 0 1 0
v 0 0 .5
v 2 0 .5
v 2 1 .5
v 0 1 .5
f 4 3 2 1
f 5 6 7 8
f 1 2 6 5
f 3 4 8 7
f 2/1 3/1 7/1 6/1
f -8 -4 -1 -5
`

func brick(t *testing.T) *Mesh {
	t.Helper()
	m, err := ParseOBJ("brick.obj", []byte(brickOBJ))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func binarySTLOf(m *Mesh) []byte {
	var b bytes.Buffer
	b.Write(append([]byte("solid, say some writers"), make([]byte, 57)...))
	binary.Write(&b, binary.LittleEndian, uint32(len(m.Triangles)))
	for i := range m.Triangles {
		binary.Write(&b, binary.LittleEndian, [3]float32{})
		a, bb, c := m.corners(i)
		for _, v := range []r3.Vec{a, bb, c} {
			binary.Write(&b, binary.LittleEndian, [3]float32{float32(v.X), float32(v.Y), float32(v.Z)})
		}
		binary.Write(&b, binary.LittleEndian, uint16(0))
	}
	return b.Bytes()
}

func asciiSTLOf(m *Mesh) string {
	var b strings.Builder
	b.WriteString("solid brick\n")
	for i := range m.Triangles {
		b.WriteString("facet normal 0 0 0\n outer loop\n")
		a, bb, c := m.corners(i)
		for _, v := range []r3.Vec{a, bb, c} {
			fmt.Fprintf(&b, "  vertex %e %g %g\n", v.X, v.Y, v.Z)
		}
		b.WriteString(" endloop\nendfacet\n")
	}
	b.WriteString("endsolid brick\n")
	return b.String()
}

// brickDAE draws the same brick in millimeters: half of it at its place, half of it under a turned node.
const brickDAE = `<?xml version="1.0" encoding="utf-8"?>
<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
 <asset><unit name="millimeter" meter="0.001"/><up_axis>Y_UP</up_axis></asset>
 <library_geometries><geometry id="g"><mesh>
  <source id="pos"><float_array id="arr" count="24">0 0 0 2000 0 0 2000 1000 0 0 1000 0 0 0 500 2000 0 500 2000 1000 500 0 1000 500</float_array>
   <technique_common><accessor source="#arr" count="8" stride="3"/></technique_common></source>
  <source id="nrm"><float_array id="n" count="3">0 0 1</float_array></source>
  <vertices id="vtx"><input semantic="POSITION" source="#pos"/></vertices>
  <polylist count="3"><input semantic="VERTEX" source="#vtx" offset="0"/><input semantic="NORMAL" source="#nrm" offset="1"/>
   <vcount>4 4 4</vcount><p>3 0 2 0 1 0 0 0  4 0 5 0 6 0 7 0  0 0 1 0 5 0 4 0</p></polylist>
  <triangles count="2"><input semantic="VERTEX" source="#vtx" offset="0"/><p>2 3 7 2 7 6</p></triangles>
  <polygons count="1"><input semantic="VERTEX" source="#vtx" offset="0"/><p>1 2 6 5</p></polygons>
  <trifans count="1"><input semantic="VERTEX" source="#vtx" offset="0"/><p>0 4 7 3</p></trifans>
 </mesh></geometry></library_geometries>
 <library_visual_scenes><visual_scene id="s"><node id="outer"><translate>5000 0 0</translate><rotate>0 0 1 90</rotate>
   <node><matrix>1 0 0 0 0 -1 0 0 0 0 1 0 0 0 0 1</matrix><instance_geometry url="#g"/></node>
   <instance_camera url="#c"/></node></visual_scene></library_visual_scenes>
 <scene><instance_visual_scene url="#s"/></scene>
</COLLADA>`

func TestFormatsAgree(t *testing.T) {
	dir := t.TempDir()
	m := brick(t)
	want := sim.BoxInertia(1000, r3.Vec{X: 1, Y: 0.5, Z: 0.25})
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"brick.OBJ", []byte(brickOBJ)}, {"b.stl", binarySTLOf(m)}, {"padded.stl", append(bytes.Replace(binarySTLOf(m), []byte("solid"), []byte("STLB "), 1), 1, 2, 3)},
		{"a.stl", []byte(asciiSTLOf(m))}, {"upper.stl", []byte("\ufeff \r\n" + strings.ToUpper(strings.ReplaceAll(asciiSTLOf(m), "\n", "\r\n")))}, {"b.dae", []byte(brickDAE)},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Load(path)
		if err != nil {
			t.Error(err)
			continue
		}
		in, err := got.Inertia(1000)
		if err != nil || len(got.Vertices) != 8 || len(got.Triangles) != 12 || got.Check() != nil || got.Degenerate != 0 {
			t.Errorf("%s: %v, %d vertices, %d triangles, %d degenerate", c.name, err, len(got.Vertices), len(got.Triangles), got.Degenerate)
			continue
		}
		com, ixx, iyy := r3.Vec{X: 1, Y: 0.5, Z: 0.25}, want.Ixx, want.Iyy
		if c.name == "b.dae" { // mirrored, a quarter turn about z, then moved
			com, ixx, iyy = r3.Vec{X: 5.5, Y: 1, Z: 0.25}, want.Iyy, want.Ixx
			if len(got.Ignored) != 2 || !strings.Contains(got.Ignored[0], "b.dae:3: up_axis Y_UP") || !strings.Contains(got.Ignored[1], "instance_camera") {
				t.Errorf("ignored %q", got.Ignored)
			}
		}
		if math.Abs(in.Mass-1000) > 1e-9 || r3.Norm(r3.Sub(in.COM, com)) > 1e-12 || math.Abs(in.Ixx-ixx)+math.Abs(in.Iyy-iyy)+math.Abs(in.Izz-want.Izz)+math.Abs(in.Ixy)+math.Abs(in.Ixz)+math.Abs(in.Iyz) > 1e-9 {
			t.Errorf("%s: %+v", c.name, in)
		}
		if c.name == "padded.stl" && len(got.Ignored) != 1 {
			t.Errorf("three bytes too many: %q", got.Ignored)
		}
	}
}

// TestInertiaOfSolids compares with closed forms: a box anywhere, one with a hole, one mirrored, a fine sphere.
func TestInertiaOfSolids(t *testing.T) {
	b := brick(t)
	pose := sim.Pose{Pos: r3.Vec{X: 3, Y: -2, Z: 7}, Rot: sim.RPY(0.3, -1.1, 2)}
	moved := &Mesh{Triangles: b.Triangles}
	for _, v := range b.Vertices {
		moved.Vertices = append(moved.Vertices, pose.Apply(v))
	}
	box := sim.BoxInertia(500, r3.Vec{X: 1, Y: 0.5, Z: 0.25}).Placed(sim.At(1, 0.5, 0.25))
	hole := &Mesh{Vertices: append([]r3.Vec(nil), b.Vertices...), Triangles: append([][3]int32(nil), b.Triangles...)}
	for _, v := range b.Vertices { // a brick of half the size in the middle, inside out
		hole.Vertices = append(hole.Vertices, r3.Vec{X: 0.5 + v.X/2, Y: 0.25 + v.Y/2, Z: 0.125 + v.Z/2})
	}
	for _, k := range b.Triangles {
		hole.Triangles = append(hole.Triangles, [3]int32{k[0] + 8, k[2] + 8, k[1] + 8})
	}
	inner := sim.BoxInertia(-500./8, r3.Vec{X: 0.5, Y: 0.25, Z: 0.125}).Placed(sim.At(1, 0.5, 0.25))
	for _, c := range []struct {
		name string
		m    *Mesh
		want sim.Inertia
	}{
		{"moved", moved, box.Placed(pose)},
		{"hole", hole, box.Plus(inner)},
		{"mirrored and stretched", b.Scaled(r3.Vec{X: -2, Y: 1, Z: 0.5}), sim.BoxInertia(500, r3.Vec{X: 2, Y: 0.5, Z: 0.125}).Placed(sim.At(-2, 0.5, 0.125))},
	} {
		in, err := c.m.Inertia(500)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		off := math.Abs(in.Mass-c.want.Mass) + r3.Norm(r3.Sub(in.COM, c.want.COM))
		for _, d := range []float64{in.Ixx - c.want.Ixx, in.Ixy - c.want.Ixy, in.Ixz - c.want.Ixz, in.Iyy - c.want.Iyy, in.Iyz - c.want.Iyz, in.Izz - c.want.Izz} {
			off += math.Abs(d)
		}
		if off > 1e-10 {
			t.Errorf("%s: %+v, want %+v", c.name, in, c.want)
		}
	}
	r := rng(5)
	points := make([]r3.Vec, 5000)
	for i := range points {
		points[i] = r3.Scale(0.2, r3.Unit(r3.Vec{X: r.NormFloat64(), Y: r.NormFloat64(), Z: r.NormFloat64()}))
	}
	m, err := Hull(points)
	if err != nil {
		t.Fatal(err)
	}
	in, err := m.Inertia(1000)
	want := sim.SphereInertia(1000*4./3*math.Pi*0.008, 0.2)
	if err != nil || math.Abs(in.Mass/want.Mass-1) > 5e-3 || math.Abs(in.Ixx/want.Ixx-1) > 8e-3 || spatial.Norm(in.COM) > 1e-4 {
		t.Errorf("sphere: %+v, %v, want %+v", in, err, want)
	}
	for _, c := range []struct {
		name, want string
		m          *Mesh
	}{
		{"open", "not closed", &Mesh{Vertices: b.Vertices, Triangles: b.Triangles[1:]}},
		{"inside out", "inside out", &Mesh{Vertices: b.Vertices, Triangles: b.Scaled(r3.Vec{X: -1, Y: 1, Z: 1}).Triangles}},
		{"flat", "flat", b.Scaled(r3.Vec{X: 1, Y: 1})},
		{"empty", "not closed", &Mesh{}},
	} {
		if _, err := c.m.Inertia(1); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestErrorsNameTheLine(t *testing.T) {
	stl := binarySTLOf(brick(t))
	nan := bytes.Clone(stl)
	binary.LittleEndian.PutUint32(nan[84+50*3+12:], math.Float32bits(float32(math.NaN())))
	dae := func(old, new string) []byte { return []byte(strings.Replace(brickDAE, old, new, 1)) }
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"v.obj", []byte("v 0 0\n"), "v.obj:1: v: 2 numbers, want 3"},
		{"v.obj", []byte("\nv 0 0 nan\n"), `v.obj:2: v: "nan" is not a finite number`},
		{"f.obj", []byte("v 0 0 0\nf 1 1\n"), "f.obj:2: f: 2 corners, want 3 or more"},
		{"f.obj", []byte("v 0 0 0\nf 1 1 -2\n"), "vertex index -2"},
		{"n.obj", []byte("v 0 0 0\nf 1//1 1//1 1//1\n"), "normal index 1, but 0 came before"},
		{"e.obj", nil, "e.obj: no faces"},
		{"e.stl", nil, "e.stl: not an STL file"},
		{"z.stl", append(make([]byte, 80), 0, 0, 0, 0), "z.stl: there are no triangles in it"},
		{"z.stl", []byte("solid z\nendsolid z\n"), "z.stl: there are no triangles in it"},
		{"a.stl", []byte("solid x\nfacet\nvertex 0 0 0\nendfacet\n"), "a.stl:4: a facet needs exactly three vertices"},
		{"a.stl", []byte("solid x\nfacet\nvertex 0 0 inf\n"), `a.stl:3: vertex: "inf" is not a finite number`},
		{"a.stl", []byte("solid x\n"), `"endsolid" is missing`},
		{"t.stl", bytes.Replace(stl[:len(stl)-7], []byte("solid"), []byte("parts"), 1), "t.stl: truncated: binary STL of 12 triangles must have 684 bytes, this file has 677"},
		{"t.stl", stl[:len(stl)-7], "t.stl: truncated: binary STL of 12 triangles"}, // "solid" in its header notwithstanding
		{"p.stl", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"), "p.stl: a pointer of Git LFS in place of the file"},
		{"n.stl", nan, "n.stl: triangle 3: corner 0 (NaN,"},
		{"e.dae", nil, "e.dae: no XML element in it"},
		{"x.dae", []byte("<robot/>"), "x.dae:1: the outermost element is <robot>, want <COLLADA>"},
		{"x.dae", []byte("<COLLADA>\n<asset>"), "x.dae:2: not well-formed XML"},
		{"x.dae", []byte("<COLLADA/>"), "x.dae: there are no triangles in it"},
		{"u.dae", dae(`meter="0.001"`, `meter="0"`), `u.dae:3: <unit>: meter="0" is not a positive number`},
		{"u.dae", dae(`url="#g"`, `url="#h"`), `u.dae:16: <instance_geometry>: url="#h" names no <geometry> in this file`},
		{"u.dae", dae("2000 1000 500", "2000 nan 500"), `u.dae:5: <float_array>: number 19, "nan", is not a finite number`},
		{"u.dae", dae("<p>2 3 7", "<p>2 3 8"), "u.dae:11: <p>: vertex 8 of 8"},
		{"u.dae", dae("<vcount>4", "<vcount>40"), "u.dae:9: <polylist>: vcount names more corners"},
		{"u.dae", dae("<matrix>1", "<matrix>"), "<matrix>: 15 numbers, want 16"},
		{"u.dae", dae("<rotate>0 0 1", "<rotate>0 0 0"), "<rotate>: the axis has no direction"},
		{"u.dae", dae(`<instance_camera url="#c"/>`, `<instance_node url="#outer"/>`), "does one contain itself?"},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	big := filepath.Join(t.TempDir(), "big.stl")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, MaxSize+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{big: "larger than 256 MiB", "a.step": "convert it to .stl, .obj or .dae", t.TempDir() + "/x.stl": "no such file"} {
		if _, err := Load(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	dir := filepath.Join(t.TempDir(), "d.stl")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder: %v", err)
	}
}

// TestWhatEditorsLeaveAround: bytes behind a binary STL whose header says "solid", and COLLADA as other programs save XML.
func TestWhatEditorsLeaveAround(t *testing.T) {
	stl, wide := binarySTLOf(brick(t)), []byte{0xff, 0xfe}
	for _, c := range strings.Replace(brickDAE, "utf-8", "utf-16", 1) {
		wide = binary.LittleEndian.AppendUint16(wide, uint16(c))
	}
	for name, data := range map[string][]byte{
		"behind.stl": append(stl, "a comment"...), "wide.dae": wide, "behind.dae": []byte(brickDAE + "\x00\n"),
		"version.dae": []byte(strings.Replace(brickDAE, `version="1.0"`, `version="1.1"`, 1)),
	} {
		m, err := parser(name)(name, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if in, err := m.Inertia(1); err != nil || math.Abs(in.Mass-1) > 1e-6 {
			t.Errorf("%s: %g kg, %v", name, in.Mass, err)
		}
	}
}

func TestDegenerateTrianglesAreCounted(t *testing.T) {
	m, err := ParseOBJ("d.obj", []byte("v 0 0 0\nv 1 0 0\nv 2 0 0\nv 0 1 0\nf 1 2 4\nf 1 2 3\nf 1 1 2\n"))
	if err != nil || m.Degenerate != 2 || len(m.Triangles) != 3 {
		t.Errorf("%v, %+v", err, m)
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	for _, p := range []string{"ws/arm_description/urdf/arm.urdf", "ws/arm_description/meshes/a b.stl", "ws/hand/meshes/h.stl", "share/far/meshes/f.dae", "share/lone.obj"} {
		p = filepath.Join(root, p)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir, share := filepath.Join(root, "ws/arm_description/urdf"), filepath.Join(root, "share")
	const a, h, f = "ws/arm_description/meshes/a b.stl", "ws/hand/meshes/h.stl", "share/far/meshes/f.dae"
	for _, c := range []struct{ name, want string }{
		{"../meshes/a b.stl", a},
		{`..\meshes\a b.stl`, a},
		{"package://arm_description/meshes/a b.stl", a},
		{"package://renamed/meshes/a b.stl", a},
		{"package://arm_description/meshes/a%20b.stl", a},
		{"../meshes/a%20b.stl", a},
		{"package://hand/meshes/h.stl", h},
		{"model://hand/meshes/h.stl", h},
		{"package://far/meshes/f.dae", f},
		{"far/meshes/f.dae", f},
		{"lone.obj", "share/lone.obj"},
		{"package://unpacked/meshes/visual/lone.obj", "share/lone.obj"},
		{`C:\robots\lone.obj`, "share/lone.obj"},
		{"/nowhere/lone.obj", "share/lone.obj"},
		{"file://" + filepath.Join(root, a), a},
		{"file://" + strings.ReplaceAll(filepath.Join(root, a), " ", "%20"), a},
		{"file://localhost" + filepath.Join(root, a), a},
		{"file:" + filepath.Join(root, h), h},
		{"FILE://" + filepath.Join(root, h), h},
		{"Package://hand/meshes/h.stl", h},
		{"package:///hand/meshes/h.stl", h},
		{"package:/hand/meshes/h.stl", h},
		{" ../meshes/a b.stl\n", a},
		{filepath.Join(root, h), h},
	} {
		got, err := Find(c.name, dir, share)
		if err != nil || got != filepath.Join(root, c.want) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
	if got, err := Find("package://far/meshes/f.dae", "", share); err != nil || got != filepath.Join(root, f) {
		t.Errorf("in a search folder alone: %q, %v", got, err)
	}
	if got, err := Find("mesh_test.stl", ""); err == nil || !strings.Contains(err.Error(), "no folder is given") {
		t.Errorf("nowhere to look: %q, %v", got, err)
	}
	for name, want := range map[string]string{
		"x.stl":                            "looked for " + dir,
		"http://127.0.0.1:1/x.stl":         "http files are not fetched",
		"package://../../etc/x.stl":        "want package://PACKAGE/FILE",
		"package://hand.stl":               "want package://PACKAGE/FILE",
		"package://hand/../../../../x.stl": "file does not exist",
		"package://hand/meshes":            "not a mesh this program reads",
		"/etc/passwd":                      "not a mesh this program reads",
		"package://hand/meshes/H.STL":      "there is " + filepath.Join(root, "ws/hand/meshes/h.stl") + ", which differs in capitals",
		strings.Repeat("a", 300) + ".stl":  strings.Repeat("a", 60) + "…",
	} {
		if _, err := Find(name, dir, share); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
