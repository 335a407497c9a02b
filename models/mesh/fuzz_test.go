package mesh

import (
	"regexp"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
)

func fuzz(f *testing.F, parse func(name string, data []byte) (*Mesh, error), seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parse("f", data)
		if (m == nil) == (err == nil) {
			t.Fatalf("mesh %v, error %v", m, err)
		}
		if m == nil {
			return
		}
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
		if in, err := m.Inertia(1); err == nil && in.Check() != nil {
			t.Fatalf("%+v", in)
		}
		if len(m.Vertices) < 500 {
			low, high := m.Bounds()
			for _, decompose := range []float64{0, r3.Norm(r3.Sub(high, low)) / 10} {
				touch, err := m.Touch(decompose, nil)
				if err != nil {
					continue
				}
				for _, s := range touch.Solids {
					if corners, off := Corners(s); len(corners) == 0 || len(corners) > MostCorners || !(off >= 0) {
						t.Fatalf("solid of %d corners", len(s))
					}
				}
			}
		}
	})
}

const octahedron = "v 1 0 0\nv -1 0 0\nv 0 1 0\nv 0 -1 0\nv 0 0 1\nv 0 0 -1\nf 1 3 5\nf 3 2 5\nf 2 4 5\nf 4 1 5\nf 3 1 6\nf 2 3 6\nf 4 2 6\nf 1 4 6\n"

func FuzzOBJ(f *testing.F) {
	fuzz(f, ParseOBJ, brickOBJ, octahedron, "v 1 2 3\nvn 0 0 1\nf 1//1 1//1 1//1 1//1")
}

func FuzzDAE(f *testing.F) { fuzz(f, ParseDAE, brickDAE) }

func FuzzSTL(f *testing.F) {
	m, err := ParseOBJ("o.obj", []byte(octahedron))
	if err != nil {
		f.Fatal(err)
	}
	fuzz(f, ParseSTL, string(binarySTLOf(m)), asciiSTLOf(m))
}

// TestDAEMutations spoils a well-formed file, which bytes changed at random rarely stay: values are replaced by
// bad ones and by each other.
func TestDAEMutations(t *testing.T) {
	r := rng(6)
	parts := regexp.MustCompile(`"[^"]*"|>[^<>]+<`)
	bad := []string{`""`, `"-1"`, `"0"`, `"1e400"`, `"#g"`, `"#vtx"`, `"#outer"`, "><", ">0 0 0<", ">nan<", ">-1<", ">1e30 1e30 1e30<", ""}
	read := 0
	for range 3000 {
		file := brickDAE
		for range 1 + r.IntN(2) {
			all := parts.FindAllStringIndex(file, -1)
			at, with := all[r.IntN(len(all))], bad[r.IntN(len(bad))]
			if r.IntN(3) == 0 {
				o := all[r.IntN(len(all))]
				with = file[o[0]:o[1]]
			}
			if file[at[0]] == '>' && !strings.HasSuffix(with, "<") || file[at[0]] == '"' && !strings.HasSuffix(with, `"`) {
				continue
			}
			file = file[:at[0]] + with + file[at[1]:]
		}
		m, err := ParseDAE("f.dae", []byte(file))
		if (m == nil) == (err == nil) {
			t.Fatalf("mesh %v, error %v of\n%s", m, err, file)
		}
		if m != nil {
			read++
			if err := m.Check(); err != nil {
				t.Fatalf("%v of\n%s", err, file)
			}
		}
	}
	if read < 100 || read > 2900 {
		t.Errorf("%d of 3000 files are read; the mutations are too hard or too soft", read)
	}
}
