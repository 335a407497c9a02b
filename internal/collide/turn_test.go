package collide_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestWeightsTurn compares how weights of face contact change with the attitude of A, and of B, with differences.
func TestWeightsTurn(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 14))
	worst, seen, slid := 0.0, 0, 0
	box, capsule := contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.1}), contact.Capsule(0.05, 0.25)
	shapes := [][2]contact.Shape{{box, contact.Box(r3.Vec{X: 0.2, Y: 0.25, Z: 0.15})}, {capsule, box}, {capsule, contact.Capsule(0.06, 0.2)}}
	for n := range 1200 {
		pair := shapes[n%3]
		tilt := []float64{0, 1e-3, 0.05}[n/3%3]
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
			qb = quat.Mul(turned(spatial.RotationVector(r3.Vec{Z: []float64{0.03, 0.05, 0.08}[n/9%3]}), small(tilt)), quat.Mul(spatial.RotationVector(r3.Vec{}), spatial.RotationVector(r3.Vec{Y: math.Pi / 2})))
			qa = quat.Mul(turned(spatial.RotationVector(r3.Vec{}), small(tilt)), spatial.RotationVector(r3.Vec{Y: math.Pi / 2}))
			height = 0.12
		}
		at := r3.Vec{X: 0.1 * rng.NormFloat64(), Y: 0.1 * rng.NormFloat64(), Z: height}
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
		v, n, p := checkTurn(t, fmt.Sprintf("case %d (%v on %v, tilt %g)", n, pair[0].Kind, pair[1].Kind, tilt), at, 1e-6, find)
		worst, seen, slid = math.Max(worst, v), seen+n, slid+p
	}
	t.Logf("%d derivatives, worst error %.1e; %d of points", seen, worst, slid)
	if seen < 1000 || slid < 50 {
		t.Errorf("%d derivatives", seen)
	}
}

// found are the contacts of two colliders by their ID, with A and B turned by these vectors.
type found func(a, b r3.Vec) map[uint64]collide.Contact

// checkTurn compares Turn and Slide with differences of this size, of A at a place and B at the origin. It returns the worst error and how many were compared.
func checkTurn(t *testing.T, name string, at r3.Vec, eps float64, find found) (worst float64, seen, slid int) {
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
						t.Errorf("%s: the point of %v moves by %g, want %g", name, c.Kind, got, want)
					}
				}
				err := math.Abs(got - want)
				worst = math.Max(worst, err)
				if err > 1e-6 {
					t.Errorf("%s: the weight of %v changes by %g, want %g", name, c.Kind, got, want)
				}
			}
		}
	}
	return worst, seen, slid
}

// TestSharesTurn: the derivatives of weights where several faces are nearly equally good (a box that stands on an edge, on a corner), and of a capsule or
// cylinder that begins to lie down. The card tower leaned so, and its derivatives at κ = 1e-2 were off by 0.4 %.
func TestSharesTurn(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 26))
	box := contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.25})
	capsule, can := contact.Capsule(0.05, 0.25), contact.Cylinder(0.15, 0.25)
	points := pointsOf(rng, box)
	for _, c := range []struct {
		name string
		a, b contact.Shape
		turn func() r3.Vec // of A from where its z is that of the world
		z    float64
	}{
		{"a box on its edge on a box", box, box, func() r3.Vec { return r3.Vec{Y: math.Pi/4 + 0.01*rng.NormFloat64()} }, 0.63},
		{"a box on a box's edge", box, box, func() r3.Vec { return r3.Vec{X: math.Pi/4 + 0.01*rng.NormFloat64()} }, 0.5},
		{"points on their edge on a box", points, box, func() r3.Vec { return r3.Vec{Y: math.Pi/4 + 0.01*rng.NormFloat64()} }, 0.63},
		{"a capsule lying down on a box", capsule, box, func() r3.Vec { return r3.Vec{Y: math.Pi/2 - 1.2 - 0.3*rng.Float64()} }, 0.53},
		{"a capsule getting up from a box", capsule, box, func() r3.Vec { return r3.Vec{Y: 0.1 + 0.2*rng.Float64()} }, 0.53},
		{"a can lying down on a box", can, box, func() r3.Vec { return r3.Vec{Y: math.Pi/2 - 0.05 - 0.1*rng.Float64()} }, 0.41},
		{"a can on a can", can, can, func() r3.Vec { return r3.Vec{Y: math.Pi/2 - 0.05 - 0.1*rng.Float64()} }, 0.41},
	} {
		worst, seen := 0.0, 0
		for range 60 {
			qa := quat.Mul(spatial.RotationVector(c.turn()), spatial.RotationVector(r3.Scale(0.01, r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()})))
			qb := spatial.RotationVector(r3.Scale(0.02, r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()}))
			at := r3.Vec{X: 0.02 * rng.NormFloat64(), Y: 0.02 * rng.NormFloat64(), Z: c.z}
			find := func(wa, wb r3.Vec) map[uint64]collide.Contact {
				var f collide.Finder
				a := solid(0, &c.a, spatial.Pose{Pos: at, Rot: quat.Mul(spatial.RotationVector(wa), qa)})
				b := solid(1, &c.b, spatial.Pose{Rot: quat.Mul(spatial.RotationVector(wb), qb)})
				m := map[uint64]collide.Contact{}
				for _, c := range f.Find(nil, &a, &b, 1) {
					m[c.ID()] = c
				}
				return m
			}
			v, n, _ := checkTurn(t, c.name, at, 1e-7, find)
			worst, seen = math.Max(worst, v), seen+n
		}
		t.Logf("%s: %d derivatives, worst error %.1e", c.name, seen, worst)
		if seen < 200 {
			t.Errorf("%s: %d derivatives", c.name, seen)
		}
	}
}

func solid(i int, s *contact.Shape, at spatial.Pose) collide.Collider {
	return collide.Collider{Index: i, Body: i, Shape: s, Hull: hullOf(s), Pose: spatial.IdentityPose, At: at}
}
