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

// TestWeightsTurn compares how weights of face contact, and the points they count for, change with the attitude of A, and
// of B, with differences.
func TestWeightsTurn(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 14))
	worst, seen, slid := 0.0, 0, 0
	box, capsule := contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.1}), contact.Capsule(0.05, 0.25)
	shapes := [][2]contact.Shape{{box, contact.Box(r3.Vec{X: 0.2, Y: 0.25, Z: 0.15})}, {capsule, box}, {capsule, contact.Capsule(0.06, 0.2)}, {capsule, box}}
	for n := range 1600 {
		pair := shapes[n%4]
		tilt := []float64{0, 1e-3, 0.05}[n/4%3]
		turned := func(q quat.Number, w r3.Vec) quat.Number { return quat.Mul(spatial.RotationVector(w), q) }
		small := func(s float64) r3.Vec { return r3.Vec{X: s * rng.NormFloat64(), Y: s * rng.NormFloat64()} }
		qa := turned(spatial.RotationVector(r3.Vec{Z: 3 * rng.Float64()}), small(tilt))
		qb := turned(spatial.RotationVector(r3.Vec{Z: 3 * rng.Float64()}), small(tilt))
		if pair[0].Kind == contact.KindCapsule {
			qa = quat.Mul(qa, spatial.RotationVector(r3.Vec{Y: math.Pi / 2}))
		}
		height := 0.26
		if pair[0].Kind == contact.KindCapsule {
			height = 0.16
		}
		if pair[1].Kind == contact.KindCapsule {
			qb = quat.Mul(turned(spatial.RotationVector(r3.Vec{Z: []float64{0.03, 0.05, 0.08}[n/12%3]}), small(tilt)), quat.Mul(spatial.RotationVector(r3.Vec{}), spatial.RotationVector(r3.Vec{Y: math.Pi / 2})))
			qa = quat.Mul(turned(spatial.RotationVector(r3.Vec{}), small(tilt)), spatial.RotationVector(r3.Vec{Y: math.Pi / 2}))
			height = 0.12
		}
		at := r3.Vec{X: 0.1 * rng.NormFloat64(), Y: 0.1 * rng.NormFloat64(), Z: height}
		if n%4 == 3 { // along an edge, over it
			qa = quat.Mul(turned(spatial.RotationVector(r3.Vec{Z: []float64{0.03, 0.05, 0.08}[n/12%3]}), small(tilt)), spatial.RotationVector(r3.Vec{Y: math.Pi / 2}))
			qb = turned(spatial.RotationVector(r3.Vec{}), small(tilt))
			at.Y = 0.2 + 0.005*rng.NormFloat64()
		}
		find := func(wa, wb r3.Vec) map[uint64]collide.Contact {
			var f collide.Finder
			a := solid(0, &pair[0], spatial.Pose{Pos: at, Rot: turned(qa, wa)})
			b := solid(1, &pair[1], spatial.Pose{Rot: turned(qb, wb)})
			m := map[uint64]collide.Contact{}
			for _, c := range f.Find(nil, &a, &b, 1) {
				m[c.ID()] = c
			}
			return m
		}
		const eps = 1e-6
		here := find(r3.Vec{}, r3.Vec{})
		for _, e := range []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
			for side := range 2 {
				d, sign := r3.Scale(eps, e), 1.0
				hi, lo := find(d, r3.Vec{}), find(r3.Scale(-1, d), r3.Vec{})
				if side == 1 {
					sign = -1
					hi, lo = find(r3.Vec{}, d), find(r3.Vec{}, r3.Scale(-1, d))
				}
				if len(hi) != len(here) || len(lo) != len(here) {
					continue // a tie
				}
				for id, c := range here {
					h, okH := hi[id]
					l, okL := lo[id]
					if !okH || !okL {
						continue
					}
					want, got := (h.Weight-l.Weight)/(2*eps), sign*r3.Dot(c.Turn, e)
					if got != 0 {
						seen++
					}
					if c.PartA.Point || c.PartB.Point { // its point moves along an edge
						want := (h.PartA.Along + h.PartB.Along - l.PartA.Along - l.PartB.Along) / (2 * eps)
						v := r3.Cross(e, r3.Sub(c.Slide.At, at))
						if side == 1 {
							v = r3.Scale(-1, r3.Cross(e, c.Slide.At))
						}
						got := r3.Dot(c.Slide.Lin, v) + sign*r3.Dot(c.Slide.Ang, e)
						slid++
						if err := math.Abs(got - want); err > 1e-6*(1+math.Abs(want)) {
							t.Errorf("case %d (%v on %v, tilt %g): the point of %v moves by %g, want %g", n, pair[0].Kind, pair[1].Kind, tilt, c.Kind, got, want)
						}
					}
					err := math.Abs(got - want)
					worst = math.Max(worst, err)
					if want, got := (h.Points-l.Points)/(2*eps), sign*r3.Dot(c.PointsTurn, e); math.Abs(got-want) > 4e-6*(1+math.Abs(want)) {
						t.Errorf("case %d (%v on %v, tilt %g): the points of %v change by %g, want %g", n, pair[0].Kind, pair[1].Kind, tilt, c.Kind, got, want)
					}
					if err > 1e-6*(1+math.Abs(want)) {
						t.Errorf("case %d (%v on %v, tilt %g): the weight of %v changes by %g, want %g", n, pair[0].Kind, pair[1].Kind, tilt, c.Kind, got, want)
					}
				}
			}
		}
	}
	t.Logf("%d derivatives, worst error %.1e; %d of points", seen, worst, slid)
	if seen < 1000 || slid < 50 {
		t.Errorf("%d derivatives", seen)
	}
}

func solid(i int, s *contact.Shape, at spatial.Pose) collide.Collider {
	return collide.Collider{Index: i, Body: i, Shape: s, Hull: hullOf(s), Pose: spatial.IdentityPose, At: at}
}
