package mesh

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestSmoothKeepsCreases: the edges of a cube stay sharp at 30°, and at 180° its normals point out of the corners.
func TestSmoothKeepsCreases(t *testing.T) {
	m := &Mesh{}
	for i := range 8 {
		m.Vertices = append(m.Vertices, r3.Vec{X: float64(i & 1), Y: float64(i >> 1 & 1), Z: float64(i >> 2)})
	}
	for _, q := range [][4]int32{{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 4, 6, 2}, {1, 3, 7, 5}} {
		m.Triangles = append(m.Triangles, [3]int32{q[0], q[1], q[2]}, [3]int32{q[0], q[2], q[3]})
	}
	m.Smooth(math.Pi / 6)
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	for i, n := range m.Normals {
		if s := math.Abs(n.X) + math.Abs(n.Y) + math.Abs(n.Z); math.Abs(s-1) > 1e-12 {
			t.Fatalf("normal %d of a cube with creases is %v, want an axis", i, n)
		}
	}
	m.Smooth(math.Pi)
	for i, n := range m.Normals {
		v := spatial.Sub(m.Vertices[m.Triangles[i/3][i%3]], r3.Vec{X: 0.5, Y: 0.5, Z: 0.5})
		if cos := spatial.Dot(v, n) / spatial.Norm(v); cos < 0.9 {
			t.Fatalf("smooth normal %d is %v at corner %v", i, n, v)
		}
	}
}
