package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// BenchmarkPairs times every pair of shapes, as the table in docs/theory.md has it: Find in 64 poses in turn that
// touch, at random (touching-ns, and ns/op the mean of more of them); the same pose again and again (warm-ns); poses in
// which the balls around the shapes are just within reach of each other (apart-ns); and Find with all derivatives of
// the contacts that it finds (all-ns). Nothing is remembered from call to call: what is warm is the processor.
func BenchmarkPairs(b *testing.B) {
	rng := rand.New(rand.NewPCG(41, 42))
	rock := func(n int) contact.Shape {
		var p []r3.Vec
		for range n {
			p = append(p, r3.Scale(0.3, anyAxis(rng)))
		}
		return contact.Points(p)
	}
	heights := make([]float64, 41*41)
	for i := range heights {
		heights[i] = 0.05 * rng.Float64()
	}
	shapes := []struct {
		name string
		contact.Shape
	}{
		{"ball", contact.Sphere(0.2)}, {"ellipsoid", contact.Ellipsoid(0.3, 0.2, 0.15)}, {"capsule", contact.Capsule(0.1, 0.3)}, {"cylinder", contact.Cylinder(0.2, 0.3)},
		{"box", contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.15})}, {"hull32", rock(32)}, {"hull200", rock(200)}, {"terrain", contact.HeightField(41, 41, 0.1, 0.1, heights)},
	}
	hulls := make([]*collide.Hull, len(shapes))
	for i := range shapes {
		hulls[i] = hullOf(&shapes[i].Shape)
	}
	for i := range shapes[:len(shapes)-1] {
		for j := i; j < len(shapes); j++ {
			x := collide.Collider{Index: 1, Body: 1, Shape: &shapes[i].Shape, Hull: hulls[i], Pose: spatial.IdentityPose, At: spatial.IdentityPose}
			y := collide.Collider{Index: 0, Body: 0, Shape: &shapes[j].Shape, Hull: hulls[j], Pose: spatial.IdentityPose, At: spatial.IdentityPose}
			b.Run(shapes[i].name+"-"+shapes[j].name, func(b *testing.B) { benchPair(b, &x, &y) })
		}
	}
}

// benchPair times one of them.
func benchPair(b *testing.B, x, y *collide.Collider) {
	var f collide.Finder
	var dst []collide.Contact
	const reach = 0.01
	at := func(p spatial.Pose, reach float64) []collide.Contact {
		x.At, x.Seen = p, p.Pos
		dst = f.Find(dst[:0], x, y, reach)
		return dst
	}
	rng := rand.New(rand.NewPCG(43, 44))
	var touching, apart [64]spatial.Pose
	n := 0
	for k := range touching {
		dir := anyAxis(rng)
		p := spatial.Pose{Rot: spatial.RotationVector(r3.Scale(3*rng.Float64(), anyAxis(rng)))}
		base := r3.Vec{}
		if y.Shape.Kind == contact.KindTerrain {
			dir, base = r3.Vec{Z: 1}, r3.Vec{X: 0.5 * rng.NormFloat64(), Y: 0.5 * rng.NormFloat64()}
		}
		low, high := 0.05, 1.5
		for range 40 { // where the least gap is 1e-4
			p.Pos = r3.Add(base, r3.Scale((low+high)/2, dir))
			least := 1.0
			for _, c := range at(p, 0.5) {
				least = math.Min(least, c.Gap)
			}
			if least < 1e-4 {
				low = (low + high) / 2
			} else {
				high = (low + high) / 2
			}
		}
		touching[k] = p
		n += len(at(p, reach))
		p.Pos = r3.Add(base, r3.Scale(high+4*reach, dir))
		apart[k] = p
	}
	k := 0
	b.ReportAllocs()
	for b.Loop() {
		at(touching[k%64], reach)
		k++
	}
	b.ReportMetric(float64(n)/64, "contacts")
	fastest := func(do func()) float64 { // of the rounds of 20 ms, and of at least 5, ns per call: rounds are short, so that others on the machine leave some alone
		least := math.Inf(1)
		for begin, rounds := time.Now(), 0; rounds < 5 || time.Since(begin) < 20*time.Millisecond; rounds++ {
			start := time.Now()
			for range 64 {
				do()
			}
			least = min(least, float64(time.Since(start).Nanoseconds())/64)
		}
		return least
	}
	b.ReportMetric(fastest(func() { k++; at(touching[k%64], reach) }), "touching-ns")
	b.ReportMetric(fastest(func() { k++; at(apart[k%64], reach) }), "apart-ns")
	warm := 0.0
	for i := range 8 {
		warm += fastest(func() { at(touching[8*i], reach) }) / 8
	}
	b.ReportMetric(warm, "warm-ns")
	var m gap.Meeting
	var rows [2][3]spatial.Wrench
	var s gap.Start
	turn := spatial.NewMotion(r3.Vec{X: 0.01, Y: 0.02}, r3.Vec{Z: 0.01})
	b.ReportMetric(fastest(func() {
		k++
		at(touching[k%64], reach)
		var ra, rb spatial.Mat3
		ra.Set(x.At.Rot)
		rb.Set(y.At.Rot)
		fa, fb := gap.Frame{Pos: x.At.Pos, Rot: &ra}, gap.Frame{Pos: y.At.Pos, Rot: &rb}
		for i := range dst {
			m.Place(&dst[i].Pair, &fa, &fb, false)
			m.Rows(&rows[0], &rows[1], &turn, &turn, 100)
			m.StartRows(&s, r3.Vec{X: 1}, &turn, &turn, 100)
		}
	}), "all-ns")
}
