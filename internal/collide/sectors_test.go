package collide

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestTopIsTheFarthest: of round hulls, flat ones and ones with faces of many corners, the farthest vertex is the one
// that a search among all finds, and all that are as far are listed, along any direction: at random, along the axes,
// normals of faces, and on the borders of cells.
func TestTopIsTheFarthest(t *testing.T) {
	rng := rand.New(rand.NewPCG(71, 72))
	any := func() r3.Vec {
		n, _ := spatial.Unit(r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()})
		return n
	}
	rock := func(n int, x, y, z float64) (p []r3.Vec) {
		for range n {
			d := any()
			p = append(p, r3.Vec{X: x * d.X, Y: y * d.Y, Z: z * d.Z})
		}
		return p
	}
	var drum []r3.Vec
	for k := range 100 {
		y, x := math.Sincos(2 * math.Pi * float64(k) / 100)
		drum = append(drum, r3.Vec{X: x, Y: y, Z: 0.2}, r3.Vec{X: x, Y: y, Z: -0.2})
	}
	for name, points := range map[string][]r3.Vec{"round": rock(300, 1, 1, 1), "needle": rock(100, 1, 0.02, 0.02), "plate": rock(100, 1, 1, 0.001), "drum": drum, "thousand": rock(1000, 0.3, 0.2, 0.1)} {
		s := contact.Points(points)
		h, err := HullOf(&s)
		if err != nil {
			t.Fatal(err)
		}
		dirs := []r3.Vec{{X: 1}, {Y: -1}, {Z: 1}}
		for range 3000 {
			dirs = append(dirs, any())
		}
		for i := range h.faces {
			dirs = append(dirs, h.faces[i].normal)
		}
		for k := range 6 * cells * cells {
			n, _ := sector(k)
			n.X = math.Round(n.X*4) / 4
			n, _ = spatial.Unit(n)
			dirs = append(dirs, n)
		}
		looked := 0
		for _, n := range dirs {
			best, most := -1, math.Inf(-1)
			for i := range h.vertices {
				if d := spatial.Dot(n, h.vertices[i].at); d > most {
					best, most = i, d
				}
			}
			if i, d := h.top(n); int(i) != best || d != most {
				t.Fatalf("%s along %v: vertex %d at %g, want %d at %g", name, n, i, d, best, most)
			}
			l := h.along(n)
			looked += len(l)
			listed := map[int32]bool{}
			for _, i := range l {
				listed[i] = true
			}
			for i := range h.vertices {
				if spatial.Dot(n, h.vertices[i].at) >= most-sameHeight*h.size && !listed[int32(i)] {
					t.Fatalf("%s along %v: vertex %d is as far and not listed", name, n, i)
				}
			}
		}
		if name == "thousand" && looked > len(dirs)*len(h.vertices)/8 {
			t.Errorf("%s: %d of %d vertices are looked at", name, looked/len(dirs), len(h.vertices))
		}
	}
}
