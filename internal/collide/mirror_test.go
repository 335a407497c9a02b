package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

func flipped(v r3.Vec) r3.Vec {
	v.X = -v.X
	return v
}

// mirror returns p with x → −x, and the triangles of its terrain in another order and from other corners.
func (p *two) mirror(rng *rand.Rand) *two {
	v, triangles := p.b.Shape.Terrain.Surface()
	w, swapped := make([]r3.Vec, len(v)), make([][3]int32, len(triangles))
	for i := range v {
		w[i] = flipped(v[i])
	}
	for i, k := range rng.Perm(len(triangles)) {
		t, n := triangles[k], rng.IntN(3)
		swapped[i] = [3]int32{t[n], t[(n+2)%3], t[(n+1)%3]}
	}
	ground := contact.Mesh(w, swapped)
	q := *p
	q.b.Shape, q.b.Hull = &ground, hullOf(&ground)
	q.a.At.Pos = flipped(q.a.At.Pos)
	q.a.At.Rot.Jmag, q.a.At.Rot.Kmag = -q.a.At.Rot.Jmag, -q.a.At.Rot.Kmag
	q.a.Seen = q.a.Middle()
	return &q
}

// nearest returns where a contact of A, a plain shape, with terrain in the world is.
func (p *two) nearest(c *collide.Contact) gap.Nearest {
	var ra, rb spatial.Mat3
	ra.Set(p.a.At.Rot)
	rb.Set(quat.Number{Real: 1})
	return c.Nearest(&gap.Frame{Pos: p.a.At.Pos, Rot: &ra}, &gap.Frame{Rot: &rb})
}

// isMirrored reports whether a contact of p is one of q in the mirror.
func isMirrored(p, q *two, c, d *collide.Contact) bool {
	x, y := p.nearest(c), q.nearest(d)
	return c.Kind == d.Kind && r3.Norm(r3.Sub(x.C, flipped(y.C))) < 1e-6 && r3.Norm(r3.Sub(x.N, flipped(y.N))) < 1e-6 &&
		math.Abs(c.Gap-d.Gap) < 1e-9 && math.Abs(c.Weight-d.Weight) < 1e-6
}

// TestCansTouchTerrainInAMirror: cans over a mesh and up to 5 cm in it have the same contacts in a mirror. Two of five
// had not: the four vertices of their ends stood 5.6° about the axis, to one side. A soft can, each contact of which is
// a spring, was pushed by whole contacts in one world alone.
func TestCansTouchTerrainInAMirror(t *testing.T) {
	var f distance.Finder
	rng := rand.New(rand.NewPCG(3, 3))
	seen, odd := 0, 0
	for _, size := range []float64{1e-3, 0.01, 0.03, -1} {
		field := hilly(rng, size)
		mesh := contact.Mesh(field.Terrain.Surface())
		for _, s := range []contact.Shape{contact.Cylinder(0.1, 0.07), contact.Cylinder(0.15, 0.02), contact.Cylinder(0.03, 0.2)} {
			for k := range 60 {
				far := 0.01 * rng.Float64()
				if k%3 > 0 {
					far = -math.Pow(10, -6+4.7*rng.Float64())
				}
				p := onHills(rng, &s, &mesh, k)
				if _, ok := p.lower(&f, far); !ok {
					continue
				}
				q := p.mirror(rng)
				left := q.find(0.01)
				for _, c := range p.find(0.01) {
					seen++
					found := false
					for i := range left {
						if found = isMirrored(p, q, &c, &left[i]); found {
							left = append(left[:i], left[i+1:]...)
							break
						}
					}
					if !found {
						odd++
					}
				}
				odd += len(left)
			}
		}
	}
	t.Logf("%d contacts, %d of one world alone", seen, odd)
	if seen < 1500 || odd > 0 {
		t.Errorf("%d contacts, %d of one world alone", seen, odd)
	}
}

// TestARidgeThatGrazesARimCrossesItTwice: a can that stands on a roof, whose ridge cuts 0.25 % of the radius into its
// rim, touches it where the rim goes over it on both sides, however it is turned about its axis. Where both are beside
// one edge of the prism in the can the second was taken for the first, and the one that was left was the other one in a
// mirror.
func TestARidgeThatGrazesARimCrossesItTwice(t *testing.T) {
	const r, in = 0.1, 0.0025
	s := contact.Cylinder(r, 0.05)
	roof := contact.Mesh([]r3.Vec{{Y: -1}, {Y: 1}, {X: -1, Y: -1, Z: -0.5}, {X: -1, Y: 1, Z: -0.5}, {X: 1, Y: -1, Z: -0.5}, {X: 1, Y: 1, Z: -0.5}},
		[][3]int32{{0, 1, 2}, {1, 3, 2}, {0, 4, 1}, {1, 4, 5}})
	for k := range 64 {
		p := &two{
			collide.Collider{Shape: &s, Hull: hullOf(&s), Pose: spatial.IdentityPose, At: spatial.Pose{Pos: r3.Vec{X: (1 - in) * r, Z: 0.05 - 1e-4}, Rot: spatial.AxisAngle(r3.Vec{Z: 1}, float64(k)/10)}},
			collide.Collider{Index: 1, Body: gap.World, Shape: &roof, Hull: hullOf(&roof), Pose: spatial.IdentityPose, At: spatial.IdentityPose},
		}
		p.a.Seen = p.a.Middle()
		under, over := false, false
		for _, c := range p.find(1e-3) {
			if x := p.nearest(&c).C; math.Abs(math.Abs(x.Y)-r*math.Sqrt(in*(2-in))) < 1e-6 && math.Abs(c.Gap+1e-4) < 1e-9 {
				under, over = under || x.Y < 0, over || x.Y > 0
			}
		}
		if !under || !over {
			t.Errorf("turned by %g rad: where the ridge crosses the rim there are contacts: %v at −y, %v at +y", float64(k)/10, under, over)
		}
	}
}

// TestCansStandOnTrianglesAsOnAHalfSpace: an end that is flush on a mesh touches it at the vertices that it has on a
// half-space, and with its rim, there in the center.
func TestCansStandOnTrianglesAsOnAHalfSpace(t *testing.T) {
	s := contact.Cylinder(0.1, 0.05)
	flat := contact.Mesh([]r3.Vec{{X: -1, Y: -1}, {X: 1, Y: -1}, {X: 1, Y: 1}, {X: -1, Y: 1}}, [][3]int32{{0, 1, 2}, {0, 2, 3}})
	p := &two{
		collide.Collider{Shape: &s, Hull: hullOf(&s), Pose: spatial.IdentityPose, At: spatial.Pose{Pos: r3.Vec{X: 0.01, Y: 0.02, Z: 0.05 - 1e-4}, Rot: spatial.AxisAngle(r3.Vec{Z: 1}, 0.3)}},
		collide.Collider{Index: 1, Body: gap.World, Shape: &flat, Hull: hullOf(&flat), Pose: spatial.IdentityPose, At: spatial.IdentityPose},
	}
	p.a.Seen = p.a.Middle()
	touching := p.find(1e-3)
	stands := 0
	for _, v := range collide.Features(&s, p.a.At) {
		if v.Center.Z > 0 { // of the other end
			continue
		}
		for i := range touching {
			if r3.Norm(r3.Sub(touching[i].A.Center, p.a.At.Inv().Apply(v.Center))) < 1e-12 {
				stands++
			}
		}
	}
	if stands != 5 || len(touching) != 5 {
		t.Errorf("%d contacts, %d of them at the rim and the 4 vertices of a half-space", len(touching), stands)
	}
}
