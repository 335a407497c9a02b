package ground_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/ground"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestPiercesIsBruteForce: segments go through the surface where they go through the front of a triangle, by Cramer's
// rule on each; those through edges and vertices of flat ground too, and none beside its rim or from behind.
func TestPiercesIsBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	v, tri := grid(15, func(x, y float64) float64 { return 0.1 * rng.NormFloat64() })
	g := ground.New(v, tri, false)
	through, behind := 0, 0
	for range 3000 {
		a := r3.Vec{X: 1.4*rng.Float64() - 0.2, Y: 1.4*rng.Float64() - 0.2, Z: 0.3 * rng.NormFloat64()}
		b := r3.Vec{X: 1.4*rng.Float64() - 0.2, Y: 1.4*rng.Float64() - 0.2, Z: 0.3 * rng.NormFloat64()}
		d, want := r3.Sub(b, a), false
		for _, f := range tri {
			u, w, o := r3.Sub(v[f[1]], v[f[0]]), r3.Sub(v[f[2]], v[f[0]]), r3.Sub(a, v[f[0]])
			det := -r3.Dot(d, r3.Cross(u, w))
			at, p, q := r3.Dot(o, r3.Cross(u, w))/det, r3.Dot(w, r3.Cross(o, d))/det, -r3.Dot(u, r3.Cross(o, d))/det
			if in := at >= 0 && at <= 1 && p >= 0 && q >= 0 && p+q <= 1; in && det > 0 {
				want = true
			} else if in {
				behind++
			}
		}
		if got := g.Pierces(a, b); got != want {
			t.Fatalf("from %v to %v: goes through is %v, want %v", a, b, got, want)
		}
		if want {
			through++
		}
	}
	if through < 500 || behind < 500 {
		t.Errorf("%d go through, %d from behind", through, behind)
	}
	v, tri = grid(7, func(x, y float64) float64 { return 0 })
	flat := ground.New(v, tri, false)
	for _, x := range v {
		if up := (r3.Vec{Z: 0.1}); !flat.Pierces(r3.Add(x, up), r3.Sub(x, up)) || flat.Pierces(r3.Sub(x, up), r3.Add(x, up)) {
			t.Errorf("at the vertex %v", x)
		}
	}
	if flat.Pierces(r3.Vec{X: 1.001, Y: 0.5, Z: 1}, r3.Vec{X: 1.001, Y: 0.5, Z: -1}) {
		t.Error("beside the rim")
	}
}
