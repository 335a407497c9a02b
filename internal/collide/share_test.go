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

// TestSharesTurn compares how weights, and the points they count for, change with the attitudes of both, with differences, in any attitude: as faces
// become equally good, capsules lie down, cylinders lean. Where A moves without a turn they stay.
func TestSharesTurn(t *testing.T) {
	box, rod, can := contact.Box(r3.Vec{X: 0.2, Y: 0.25, Z: 0.15}), contact.Capsule(0.05, 0.25), contact.Cylinder(0.2, 0.15)
	rock := solids[4]
	for name, pair := range map[string][2]contact.Shape{
		"boxes": {box, box}, "capsule on box": {rod, box}, "can on box": {can, box}, "cans": {can, can}, "capsule on can": {rod, can}, "rocks": {rock, rock}, "box on rock": {box, rock},
		"capsule on rock": {rod, rock}, "can on rock": {can, rock},
	} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, 15))
			seen, wrong, skipped := 0, 0, 0
			for n := range 300 {
				qa, qb, at := attitude(rng), attitude(rng), r3.Scale([]float64{0.15, 0.3, 0.5, 0.7}[n%4], anyAxis(rng))
				find := func(w, d r3.Vec) map[uint64]collide.Contact {
					var f collide.Finder
					a := solid(0, &pair[0], spatial.Pose{Pos: r3.Add(at, d), Rot: quat.Mul(spatial.RotationVector(w), qa)})
					b := solid(1, &pair[1], spatial.Pose{Rot: qb})
					m := map[uint64]collide.Contact{}
					for _, c := range f.Find(nil, &a, &b, math.Inf(1)) {
						m[c.ID()] = c
					}
					return m
				}
				const eps = 1e-6
				here := find(r3.Vec{}, r3.Vec{})
				for _, e := range []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
					hi, lo, aside := find(r3.Scale(eps, e), r3.Vec{}), find(r3.Scale(-eps, e), r3.Vec{}), find(r3.Vec{}, r3.Scale(eps, e))
					for id, c := range here {
						if m, ok := aside[id]; ok && len(aside) == len(here) && math.Abs(m.Weight-c.Weight) > 1e-12 {
							t.Errorf("case %d: the weight of %v, %.3g, changes by %.3g as A moves by %g m", n, c.Kind, c.Weight, m.Weight-c.Weight, eps)
						}
						h, okH := hi[id]
						l, okL := lo[id]
						if !okH || !okL || len(hi) != len(here) || len(lo) != len(here) {
							skipped++ // a tie
							continue
						}
						want, got := (h.Weight-l.Weight)/(2*eps), r3.Dot(c.Turn, e)
						if want, got := (h.Points-l.Points)/(2*eps), r3.Dot(c.PointsTurn, e); math.Abs(got-want) > 4e-5*(1+math.Abs(want)) {
							t.Errorf("case %d: the %.3g points of %v change by %.6g, said %.6g", n, c.Points, c.Kind, want, got)
						}
						if math.Abs(want) > 1e-6 {
							seen++
						}
						if math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
							if wrong++; wrong < 4 {
								t.Errorf("case %d: the weight of %v, %.3g, changes by %.6g, said %.6g", n, c.Kind, c.Weight, want, got)
							}
						}
					}
				}
			}
			t.Logf("%d derivatives, %d wrong, %d at ties", seen, wrong, skipped)
			if seen < 10 {
				t.Errorf("only %d derivatives", seen)
			}
		})
	}
}
