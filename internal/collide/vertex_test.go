package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// laid are shapes about as high as 0.1 that lie level, as they are or turned by a vector: of points a plate, a roof
// with two faces that are nearly level, a card and a needle.
var laid = map[string]struct {
	shape contact.Shape
	turn  r3.Vec
}{
	"plate":  {shape: contact.Points([]r3.Vec{{X: 0.3, Y: 0.2, Z: 0.05}, {X: -0.3, Y: 0.25, Z: 0.05}, {X: -0.25, Y: -0.2, Z: 0.05}, {X: 0.2, Y: -0.3, Z: 0.05}, {X: 0.05, Z: -0.05}})},
	"roof":   {shape: contact.Points([]r3.Vec{{X: 0.3, Y: 0.02, Z: 0.05}, {X: -0.3, Z: 0.05}, {X: -0.25, Y: -0.2, Z: 0.03}, {X: 0.2, Y: -0.25, Z: 0.025}, {X: 0.25, Y: 0.3, Z: 0.02}, {X: -0.2, Y: 0.25, Z: 0.03}, {X: 0.05, Z: -0.05}})},
	"card":   {shape: contact.Points([]r3.Vec{{X: 0.3, Y: 0.2}, {X: -0.3, Y: 0.25}, {X: -0.05, Y: -0.3}})},
	"needle": {shape: contact.Points([]r3.Vec{{X: 0.3, Y: 0.02}, {X: -0.3}})},
	"box":    {shape: contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.05})},
	"disk":   {shape: contact.Cylinder(0.25, 0.05)},
	"can":    {shape: contact.Cylinder(0.05, 0.3), turn: r3.Vec{X: math.Pi / 2}},
	"rod":    {shape: contact.Capsule(0.05, 0.3), turn: r3.Vec{Y: math.Pi / 2}},
}

// TestWeightsByVertices: where points lie on another shape, level or nearly so, edges along edges or across them,
// weights, and what slides along edges and rims, change with every vertex, and with all else, as differences say.
// Weights by vertices were taken for constant.
func TestWeightsByVertices(t *testing.T) {
	for lower, b := range laid {
		for upper, a := range laid {
			if a.shape.Kind != contact.KindPoints && b.shape.Kind != contact.KindPoints {
				continue
			}
			t.Run(upper+" on "+lower, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(uint64(a.shape.NumParams()), uint64(b.shape.NumParams())))
				var all tally
				for n := range 20 {
					tilt := []float64{1e-3, 4e-3, 0.01, 0.05, 0.15}[n%5]
					yaw := []float64{0.03, 0.06, math.Pi / 2, 6}[n%4]
					place := func(i int, s *contact.Shape, at r3.Vec, turns ...r3.Vec) collide.Collider {
						rot := spatial.Identity
						for _, v := range turns {
							rot = quat.Mul(spatial.RotationVector(v), rot)
						}
						pose := spatial.Pose{Pos: gauss(rng, 0.1), Rot: attitude(rng)}
						return collide.Collider{Index: i, Body: i, Shape: s, Hull: hullOf(s), Pose: pose, At: spatial.Pose{Pos: at, Rot: rot}.Mul(pose.Inv())}
					}
					small := func() r3.Vec { return gauss(rng, tilt) }
					at := r3.Vec{X: 0.15 * rng.NormFloat64(), Y: 0.15 * rng.NormFloat64(), Z: 0.1 + 0.3*tilt + 0.003*rng.Float64()}
					over := place(4, &a.shape, at, a.turn, r3.Vec{X: math.Pi}, r3.Vec{Z: yaw * (1 + 0.2*rng.NormFloat64())}, small())
					under := place(7, &b.shape, r3.Vec{}, b.turn, small())
					p := &two{over, under}
					if n%2 == 1 {
						p = &two{under, over}
					}
					all.differ(t, p, 2e-7)
				}
				if all.seen < 400 || all.gone > all.seen/10 {
					t.Errorf("%d derivatives, %d across changes of features", all.seen, all.gone)
				}
			})
		}
	}
}
