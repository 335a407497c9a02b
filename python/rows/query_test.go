package rows_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/python/rows"
)

// TestQueries: every row is asked at its own configuration, and a wrong question is an error.
func TestQueries(t *testing.T) {
	m, b := zoo(t, "sphere", rows.Settings{Workers: 2})
	const n = 5
	r := start(m, n)
	nx := m.NQ() + m.NV()
	for i := range n {
		r.X[i*nx+2] = 1 + float64(i)
	}
	out, gradient := make([]float64, n*rows.DistanceSize), make([]float64, n*m.NV())
	if err := b.Distances(r, []int32{0, -1}, out, gradient); err != nil {
		t.Fatal(err)
	}
	rays, hits := make([]float64, n*6), make([]float64, n*rows.HitSize)
	for i := range n {
		copy(rays[6*i:], []float64{0, 0, 0.5, 0, 0, 1})
		if got := out[i*rows.DistanceSize+9]; got != 0 {
			t.Errorf("row %d: the nearest point of the ground is at z = %g", i, got)
		}
		if d := out[i*rows.DistanceSize] - out[0]; math.Abs(d-float64(i)) > 1e-12 || gradient[i*m.NV()+2] != 1 {
			t.Errorf("row %d: %g higher, derivative %g", i, d, gradient[i*m.NV()+2])
		}
	}
	if err := b.Rays(r, 1, rays, hits); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if d := hits[i*rows.HitSize+1] - hits[1]; math.Abs(d-float64(i)) > 1e-12 {
			t.Errorf("row %d: the ray is %g longer", i, d)
		}
	}
	if err := b.Distances(r, []int32{0, -2}, out, nil); err == nil || !strings.Contains(err.Error(), "row 0: ") {
		t.Error(err)
	}
	if err := b.Frames(r, []int32{1}, false, out, nil); err == nil {
		t.Error("there is no such link")
	}
}

// TestSurfacesOfHalfSpaces: of the file's own and of the ground that is added.
func TestSurfacesOfHalfSpaces(t *testing.T) {
	for name, want := range map[string]string{"ground": "", "roof": `no collider "roof"`} {
		_, err := rows.Zoo("block", rows.Options{Ground: true, Surfaces: map[string]contact.Surface{name: {}}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
