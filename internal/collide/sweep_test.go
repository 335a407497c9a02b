package collide_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/collide"
	"gonum.org/v1/gonum/spatial/r3"
)

// scatter returns n boxes of sizes up to 1 in a cube of this size; the first is endless, the second a long one.
func scatter(rng *rand.Rand, n int, size float64) []collide.Box {
	point := func(s float64) r3.Vec {
		return r3.Vec{X: s * rng.Float64(), Y: s * rng.Float64(), Z: s * rng.Float64()}
	}
	boxes := make([]collide.Box, n)
	for i := range boxes {
		low := point(size)
		boxes[i] = collide.Box{Low: low, High: r3.Add(low, point(1))}
	}
	if n > 1 {
		inf := math.Inf(1)
		boxes[0] = collide.Box{Low: r3.Vec{X: -inf, Y: -inf, Z: -inf}, High: r3.Vec{X: inf, Y: inf, Z: 0.3 * size}}
		boxes[1].High.X = size
	}
	return boxes
}

func sorted(l [][2]int32) [][2]int32 {
	slices.SortFunc(l, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
	return l
}

// TestSweepFindsAllOverlaps: as all boxes compared with all others, also where many begin at one place, and whatever was swept before.
func TestSweepFindsAllOverlaps(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 12))
	var w collide.Sweep
	found := 0
	for k := range 400 {
		boxes := scatter(rng, rng.IntN(40), []float64{0, 0.5, 3, 10}[k%4])
		for i := range boxes { // some touch
			if i > 2 && rng.IntN(4) == 0 {
				size := boxes[i].High.Y - boxes[i].Low.Y
				boxes[i].Low.Y = boxes[i-1].High.Y
				boxes[i].High.Y = boxes[i].Low.Y + size
			}
		}
		var want [][2]int32
		for i, a := range boxes {
			for j, b := range boxes[:i] {
				if a.Low.X <= b.High.X && b.Low.X <= a.High.X && a.Low.Y <= b.High.Y && b.Low.Y <= a.High.Y && a.Low.Z <= b.High.Z && b.Low.Z <= a.High.Z {
					want = append(want, [2]int32{int32(j), int32(i)})
				}
			}
		}
		if got := sorted(w.Overlaps(nil, boxes)); !slices.Equal(got, sorted(want)) {
			t.Fatalf("%d boxes: found %v, want %v", len(boxes), got, want)
		}
		found += len(want)
	}
	if found < 10000 {
		t.Errorf("only %d overlaps were tried", found)
	}
}

// BenchmarkSweep times boxes of 0.2 m, a few of which touch each of them, that lie as they did the last time, or fly.
func BenchmarkSweep(b *testing.B) {
	for _, n := range []int{100, 300, 1000, 3000} {
		rng := rand.New(rand.NewPCG(1, 1))
		scenes := make([][]collide.Box, 8)
		for k := range scenes {
			scenes[k] = scatter(rng, n, math.Cbrt(float64(n)))
			for i := range scenes[k] {
				c := scenes[k][i].Low
				scenes[k][i] = collide.Box{Low: c, High: r3.Add(c, r3.Vec{X: 0.6, Y: 0.6, Z: 0.6})}
			}
		}
		for _, c := range []struct {
			name string
			step int
		}{{"lying", 0}, {"flying", 1}} {
			b.Run(fmt.Sprintf("%d/%s", n, c.name), func(b *testing.B) {
				var w collide.Sweep
				l := w.Overlaps(nil, scenes[0])
				b.ReportAllocs()
				for k := 0; b.Loop(); k++ {
					l = w.Overlaps(l[:0], scenes[k*c.step%8])
				}
				b.ReportMetric(float64(len(l)), "overlaps")
			})
		}
	}
}
