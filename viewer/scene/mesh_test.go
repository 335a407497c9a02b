package scene

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// cubeOBJ is the cube [0, 1]³ of quadrilaterals wound outward.
const cubeOBJ = `# a cube
mtllib cube.mtl
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
v 0 0 1
v 1 0 1
v 1 1 1
v 0 1 1
usemtl gray
f 4 3 2 1
f 5 6 7 8
f 1 2 6 5
f 3 4 8 7
f 2/1 3/1 7/1 6/1
f -8 -4 -1 -5
`

func volume(m *Mesh) (v float64) {
	for _, t := range m.Triangles {
		v += spatial.Dot(m.Vertices[t[0]], spatial.Cross(m.Vertices[t[1]], m.Vertices[t[2]])) / 6
	}
	return
}

// binaryFile writes m as binary STL.
func binaryFile(m *Mesh) []byte {
	var b bytes.Buffer
	b.Write(append([]byte("solid of some writers"), make([]byte, 59)...))
	binary.Write(&b, binary.LittleEndian, uint32(len(m.Triangles)))
	for _, t := range m.Triangles {
		binary.Write(&b, binary.LittleEndian, [3]float32{})
		for _, k := range t {
			v := m.Vertices[k]
			binary.Write(&b, binary.LittleEndian, [3]float32{float32(v.X), float32(v.Y), float32(v.Z)})
		}
		binary.Write(&b, binary.LittleEndian, uint16(0))
	}
	return b.Bytes()
}

func TestLoadMesh(t *testing.T) {
	dir := t.TempDir()
	m, err := ParseOBJ("cube.obj", []byte(cubeOBJ))
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	var ascii strings.Builder
	ascii.WriteString("solid cube\n")
	for _, k := range m.Triangles {
		ascii.WriteString("facet normal 0 0 0\n outer loop\n")
		for _, i := range k {
			v := m.Vertices[i]
			ascii.WriteString("  vertex " + strings.Trim(strings.Join([]string{num(v.X), num(v.Y), num(v.Z)}, " "), " ") + "\n")
		}
		ascii.WriteString(" endloop\nendfacet\n")
	}
	ascii.WriteString("endsolid cube\n")
	for _, path := range []string{
		write("cube.OBJ", []byte(cubeOBJ)), write("b.stl", binaryFile(m)), write("a.stl", []byte(ascii.String())),
	} {
		got, err := LoadMesh(path)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(got.Vertices) != 8 || len(got.Triangles) != 12 || math.Abs(volume(got)-1) > 1e-12 || got.Check() != nil {
			t.Errorf("%s: %d vertices, %d triangles, volume %g, want 8, 12, 1", filepath.Base(path), len(got.Vertices), len(got.Triangles), volume(got))
		}
	}
	if len(m.Ignored) != 2 || !strings.Contains(m.Ignored[0], "cube.obj:2: mtllib") {
		t.Errorf("ignored lines are %q, want mtllib and usemtl", m.Ignored)
	}
	if _, err := LoadMesh("cube.dae"); err == nil || !strings.Contains(err.Error(), "cube.dae") {
		t.Errorf("a COLLADA file gives %v", err)
	}
}

func num(v float64) string { return map[float64]string{0: "0", 1: "1e0"}[v] }

func TestMeshErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"v.obj", "v 0 0\n", "v.obj:1: v: 2 numbers, want 3"},
		{"v.obj", "\nv 0 0 nan\n", `v.obj:2: v: "nan" is not a finite number`},
		{"v.obj", "v 0 0 1e999\n", "not a finite number"},
		{"f.obj", "v 0 0 0\nf 1 1\n", "f.obj:2: f: 2 corners, want 3 or more"},
		{"f.obj", "v 0 0 0\nf 1 1 2\n", "f.obj:2: f: vertex index 2, but 1 came before"},
		{"f.obj", "v 0 0 0\nf 1 1 0\n", "vertex index 0"},
		{"f.obj", "v 0 0 0\nf 1 1 -2\n", "vertex index -2"},
		{"f.obj", "v 0 0 0\nf 1 1 x\n", `vertex index "x" is not an integer`},
		{"n.obj", "v 0 0 0\nf 1//1 1//1 1//1\n", "normal index 1, but 0 came before"},
		{"e.obj", "", "e.obj: no faces"},
		{"e.stl", "", "e.stl: not an STL file"},
		{"a.stl", "solid x\nfacet\nvertex 0 0 0\nendfacet\n", "a.stl:4: a facet needs exactly three vertices"},
		{"a.stl", "solid x\nvertex 0 0 0\n", "a.stl:2: \"vertex\" out of place"},
		{"a.stl", "solid x\nfacet\n", "a.stl:2: file ends inside a solid"},
		{"a.stl", "solid x\nbanana\n", `a.stl:2: unknown word "banana"`},
		{"b.stl", strings.Repeat("x", 80) + "\xff\xff\xff\xff", "must have 214748364834 bytes, this file has 84"},
		{"b.stl", strings.Repeat("x", 80) + "\x01\x00\x00\x00" + strings.Repeat("\xff", 50), "triangle 0: corner 0 is not finite"},
	} {
		read := ParseOBJ
		if strings.HasSuffix(c.name, ".stl") {
			read = ParseSTL
		}
		if _, err := read(c.name, []byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q gives %v, want %q", c.data, err, c.want)
		}
	}
}

func TestSmoothKeepsCreases(t *testing.T) {
	m, err := ParseOBJ("cube.obj", []byte(cubeOBJ))
	if err != nil {
		t.Fatal(err)
	}
	m.Smooth(math.Pi / 6)
	for i, n := range m.Normals {
		if s := math.Abs(n.X) + math.Abs(n.Y) + math.Abs(n.Z); math.Abs(s-1) > 1e-12 {
			t.Fatalf("normal %d of a cube with creases is %v, want an axis", i, n)
		}
	}
	m.Smooth(math.Pi)
	center := r3.Vec{X: 0.5, Y: 0.5, Z: 0.5}
	for i, n := range m.Normals {
		v := spatial.Sub(m.Vertices[m.Triangles[i/3][i%3]], center)
		if cos := spatial.Dot(v, n) / spatial.Norm(v); cos < 0.9 {
			t.Fatalf("smooth normal %d is %v at corner %v", i, n, v)
		}
	}
}

func FuzzParseMesh(f *testing.F) {
	m, _ := ParseOBJ("cube.obj", []byte(cubeOBJ))
	f.Add([]byte(cubeOBJ))
	f.Add(binaryFile(m))
	f.Add([]byte("solid\nfacet\nouter\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid"))
	f.Add([]byte("v 0 0 0\nvn 0 0 1\nf 1//1 1//1 1//-1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []func(string, []byte) (*Mesh, error){ParseSTL, ParseOBJ} {
			m, err := read("fuzz", data)
			if err != nil {
				continue
			}
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
			m.Smooth(0.5)
			m.Weld()
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
