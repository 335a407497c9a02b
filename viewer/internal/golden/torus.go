package golden

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// Torus returns a smooth mesh of n×m squares around the axis z, to draw in tests.
func Torus(major, minor float64, n, m int) *scene.Mesh {
	t := &scene.Mesh{}
	for i := range n {
		sa, ca := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		for j := range m {
			sb, cb := math.Sincos(2 * math.Pi * float64(j) / float64(m))
			t.Vertices = append(t.Vertices, r3.Vec{X: (major + minor*cb) * ca, Y: (major + minor*cb) * sa, Z: minor * sb})
			a, b := int32(i*m+j), int32((i+1)%n*m+j)
			c, d := int32(i*m+(j+1)%m), int32((i+1)%n*m+(j+1)%m)
			t.Triangles = append(t.Triangles, [3]int32{a, b, d}, [3]int32{a, d, c})
		}
	}
	t.Smooth(1)
	return t
}
