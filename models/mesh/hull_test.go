package mesh

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

func rng(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

// TestHullOfLatticePoints compares with brute force where everything degenerate happens: a few points of a small
// lattice, many of them in one plane, on one line or twice the same.
func TestHullOfLatticePoints(t *testing.T) {
	r := rng(1)
	flat, solid := 0, 0
	for range 1500 {
		n, side := 1+r.IntN(24), 2+r.IntN(3)
		points := make([]r3.Vec, n)
		for i := range points {
			points[i] = r3.Vec{X: float64(r.IntN(side)), Y: float64(r.IntN(side)), Z: float64(r.IntN(side))}
		}
		planes := supporting(points)
		m, err := Hull(points)
		if len(planes) == 0 {
			flat++
			if !errors.Is(err, ErrFlat) {
				t.Fatalf("%v: %v, want ErrFlat", points, err)
			}
			continue
		}
		solid++
		if err != nil {
			t.Fatalf("%v: %v", points, err)
		}
		checkHull(t, m, points, 0)
		want := map[r3.Vec]bool{}
		for _, p := range points {
			if extreme(p, planes) {
				want[p] = true
			}
		}
		for _, v := range m.Vertices {
			if !want[v] {
				t.Fatalf("%v: %v is a vertex, but no corner", points, v)
			}
		}
		if len(m.Vertices) != len(want) {
			t.Fatalf("%v: %d corners, want %d", points, len(m.Vertices), len(want))
		}
	}
	if flat < 50 || solid < 500 {
		t.Errorf("%d flat and %d solid sets try too little", flat, solid)
	}
}

type plane struct {
	n r3.Vec // integer
	d float64
}

// supporting returns the planes through three points with all points on or behind them, none twice in one
// direction, nothing when the points are flat.
func supporting(points []r3.Vec) (out []plane) {
	deep := false
	for _, a := range points {
		for _, b := range points {
			for _, c := range points {
				p := plane{n: spatial.Cross(spatial.Sub(b, a), spatial.Sub(c, a))}
				if p.n == (r3.Vec{}) {
					continue
				}
				p.d = spatial.Dot(p.n, a)
				front, back := false, false
				for _, q := range points {
					s := spatial.Dot(p.n, q) - p.d
					front, back = front || s > 0, back || s < 0
				}
				deep = deep || front || back
				if !front {
					out = append(out, p)
				}
			}
		}
	}
	if !deep {
		return nil
	}
	return out
}

// extreme reports whether p lies on planes whose normals span the space.
func extreme(p r3.Vec, planes []plane) bool {
	var on []r3.Vec
	for _, k := range planes {
		if spatial.Dot(k.n, p) == k.d {
			on = append(on, k.n)
		}
	}
	for _, a := range on {
		for _, b := range on {
			c := spatial.Cross(a, b)
			if c == (r3.Vec{}) {
				continue
			}
			for _, d := range on {
				if spatial.Dot(c, d) != 0 {
					return true
				}
			}
			break
		}
	}
	return false
}

// checkHull checks that m is closed, of one piece and convex, and holds all points to within tol.
func checkHull(t *testing.T, m *Mesh, points []r3.Vec, tol float64) {
	t.Helper()
	if !m.Closed() || len(m.Vertices)-len(m.Triangles)/2 != 2 {
		t.Fatalf("%d vertices and %d triangles, closed: %v", len(m.Vertices), len(m.Triangles), m.Closed())
	}
	for i := range m.Triangles {
		a, b, c := m.corners(i)
		n := spatial.Cross(spatial.Sub(b, a), spatial.Sub(c, a))
		u, ok := spatial.Unit(n)
		if !ok {
			t.Fatalf("triangle %d has no area", i)
		}
		for _, p := range points {
			if tol == 0 {
				u = n // integers: exact
			}
			if d := spatial.Dot(u, spatial.Sub(p, a)); d > tol {
				t.Fatalf("point %v is %g in front of triangle %d", p, d, i)
			}
		}
	}
}

func TestHullOfRandomPoints(t *testing.T) {
	r := rng(2)
	for _, c := range []struct {
		name  string
		n     int
		point func() r3.Vec
		scale float64
	}{
		{"ball", 2000, func() r3.Vec { return r3.Vec{X: r.NormFloat64(), Y: r.NormFloat64(), Z: r.NormFloat64()} }, 1},
		{"sphere", 500, func() r3.Vec {
			return r3.Unit(r3.Vec{X: r.NormFloat64(), Y: r.NormFloat64(), Z: r.NormFloat64()})
		}, 1},
		{"cylinder of 64 sides, far from the origin", 1000, func() r3.Vec {
			a := 2 * math.Pi * float64(r.IntN(64)) / 64
			return r3.Vec{X: 1e3 + math.Cos(a), Y: -1e3 + math.Sin(a), Z: r.Float64()}
		}, 1},
		{"a plate as thick as rounding", 300, func() r3.Vec { return r3.Vec{X: r.Float64(), Y: r.Float64(), Z: 1e-11 * r.Float64()} }, 1},
		{"huge", 100, func() r3.Vec { return r3.Vec{X: 1e300 * r.Float64(), Y: 1e300 * r.Float64(), Z: 1e300 * r.Float64()} }, 1e300},
		{"tiny", 100, func() r3.Vec {
			return r3.Vec{X: 1e-300 * r.Float64(), Y: 1e-300 * r.Float64(), Z: 1e-300 * r.Float64()}
		}, 1e-300},
	} {
		points := make([]r3.Vec, c.n)
		for i := range points {
			points[i] = c.point()
		}
		m, err := Hull(points)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, l := range [][]r3.Vec{points, m.Vertices} { // squares of lengths overflow
			for i := range l {
				l[i] = spatial.Scale(1/c.scale, l[i])
			}
		}
		checkHull(t, m, points, 1e-11)
		t.Logf("%s: %d of %d points are corners", c.name, len(m.Vertices), c.n)
	}
	if m, _ := Hull([]r3.Vec{{}, {X: 1}, {Y: 1}, {Z: 1}, {X: 1}}); len(m.Vertices) != 4 {
		t.Errorf("a tetrahedron has %d corners", len(m.Vertices))
	}
	if _, err := Hull([]r3.Vec{{}, {X: 1}, {Y: 1}, {Z: math.NaN()}}); err == nil {
		t.Error("NaN has a hull")
	}
}

func BenchmarkHull(b *testing.B) {
	r := rng(4)
	points := make([]r3.Vec, 20000)
	for i := range points {
		points[i] = r3.Vec{X: r.Float64(), Y: r.Float64(), Z: r.Float64()}
	}
	for b.Loop() {
		if _, err := Hull(points); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzHull(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x01\x01\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var points []r3.Vec
		for ; len(data) >= 3 && len(points) < 60; data = data[3:] {
			points = append(points, r3.Vec{X: float64(int8(data[0])), Y: float64(int8(data[1])), Z: float64(int8(data[2]))})
		}
		if m, err := Hull(points); err == nil {
			checkHull(t, m, points, 1e-9)
		}
	})
}
