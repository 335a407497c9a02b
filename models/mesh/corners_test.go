package mesh

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
)

// TestCorners: few points stay; of many, those that are left are among them, the hull of all is nowhere farther out
// than is said, somewhere as far, and not far for how many are left: of a ball, of a needle, of a disk, of a can, of
// points in one plane.
func TestCorners(t *testing.T) {
	rng := rand.New(rand.NewPCG(91, 92))
	any := func() r3.Vec {
		return r3.Unit(r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()})
	}
	round := func(n int, x, y, z float64) (p []r3.Vec) {
		for range n {
			d := any()
			p = append(p, r3.Vec{X: x * d.X, Y: y * d.Y, Z: z * d.Z})
		}
		return p
	}
	ring := func(n int, z ...float64) (p []r3.Vec) {
		for k := range n {
			y, x := math.Sincos(2 * math.Pi * float64(k) / float64(n))
			for _, z := range z {
				p = append(p, r3.Vec{X: x, Y: y, Z: z})
			}
		}
		return p
	}
	for name, c := range map[string]struct {
		points []r3.Vec
		most   float64
	}{
		"few": {round(200, 1, 1, 1), 0}, "ball": {round(3000, 1, 1, 1), 0.025}, "needle": {round(2000, 1, 0.01, 0.01), 0.002},
		"disk": {round(2000, 1, 1, 0.001), 0.01}, "can": {ring(500, 0.5, -0.5), 0.002}, "flat": {ring(1000, 0), 0.002},
	} {
		kept, off := Corners(c.points)
		if len(kept) > MostCorners || off > c.most || name == "few" && len(kept) != len(c.points) {
			t.Errorf("%s: %d corners, %g m off", name, len(kept), off)
		}
		listed := map[r3.Vec]bool{}
		for _, p := range c.points {
			listed[p] = true
		}
		for _, p := range kept {
			if !listed[p] {
				t.Fatalf("%s: %v is no corner", name, p)
			}
		}
		worst := 0.0
		for range 20000 {
			d := any()
			if name == "flat" {
				d = r3.Unit(r3.Vec{X: d.X, Y: d.Y})
			}
			worst = math.Max(worst, r3.Dot(d, c.points[farthest(c.points, d)])-r3.Dot(d, kept[farthest(kept, d)]))
		}
		if worst > off*1.02+1e-12 || worst < 0.8*off {
			t.Errorf("%s: said to be %g m off, found %g", name, off, worst)
		}
	}
}
