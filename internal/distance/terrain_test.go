package distance_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// terrain is one of a kind, with the box in which things are thrown at it.
type terrain struct {
	name  string
	shape contact.Shape
	half  r3.Vec
	sheet bool // not a solid
}

// field returns a height field of n by n heights, cells of the given size.
func field(n int, cell float64, height func(x, y float64) float64) contact.Shape {
	h := make([]float64, n*n)
	for i := range h {
		h[i] = height((float64(i%n)-float64(n-1)/2)*cell, (float64(i/n)-float64(n-1)/2)*cell)
	}
	return contact.HeightField(n, n, cell, cell, h)
}

// walled appends the sides of a prism upright over a polygon, counterclockwise, whose ends are cut into triangles.
func walled(v []r3.Vec, t [][3]int32, polygon []r3.Vec, ends [][3]int32, low, high float64) ([]r3.Vec, [][3]int32) {
	first, n := int32(len(v)), int32(len(polygon))
	for _, p := range polygon {
		v = append(v, r3.Vec{X: p.X, Y: p.Y, Z: low}, r3.Vec{X: p.X, Y: p.Y, Z: high})
	}
	for i := range n {
		a, b := first+2*i, first+2*((i+1)%n)
		t = append(t, [3]int32{a, b, b + 1}, [3]int32{a, b + 1, a + 1})
	}
	for _, e := range ends {
		a, b, c := first+2*e[0], first+2*e[1], first+2*e[2]
		t = append(t, [3]int32{a + 1, b + 1, c + 1}, [3]int32{a, c, b})
	}
	return v, t
}

func prism(polygon []r3.Vec, ends [][3]int32, low, high float64) contact.Shape {
	return contact.Mesh(walled(nil, nil, polygon, ends, low, high))
}

func rectangle(x0, y0, x1, y1 float64) []r3.Vec {
	return []r3.Vec{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

var halves = [][3]int32{{0, 1, 2}, {0, 2, 3}}

// terrains are fields with rims, steps, stairs and hills; closed meshes: a block, a thin wall, a channel, blocks that
// overlap, a room; and sheets.
func terrains() []terrain {
	rng := rand.New(rand.NewPCG(4, 4))
	v, t := walled(nil, nil, rectangle(-0.3, -0.3, 0.1, 0.3), halves, -0.2, 0)
	v, t = walled(v, t, rectangle(-0.1, -0.2, 0.3, 0.2), halves, -0.15, 0.1)
	overlap := contact.Mesh(v, t)
	v, t = walled(nil, nil, rectangle(-0.4, -0.4, 0.4, 0.4), halves, -0.3, 0.3)
	for i := range t {
		t[i][1], t[i][2] = t[i][2], t[i][1]
	}
	room := contact.Mesh(v, t)
	channel := []r3.Vec{{X: -0.3, Y: -0.3}, {X: 0.3, Y: -0.3}, {X: 0.3, Y: 0.3}, {X: 0.1, Y: 0.3}, {X: 0.1, Y: -0.1}, {X: -0.1, Y: -0.1}, {X: -0.1, Y: 0.3}, {X: -0.3, Y: 0.3}}
	cuts := [][3]int32{{0, 5, 7}, {5, 6, 7}, {0, 1, 4}, {0, 4, 5}, {1, 2, 4}, {2, 3, 4}}
	wide := r3.Vec{X: 0.6, Y: 0.6, Z: 0.4}
	return []terrain{
		{"plateau", field(3, 0.2, func(x, y float64) float64 { return 0 }), r3.Vec{X: 0.4, Y: 0.4, Z: 0.3}, false},
		{"rough", field(7, 0.1, func(x, y float64) float64 { return 0.05 * rng.NormFloat64() }), r3.Vec{X: 0.5, Y: 0.5, Z: 0.3}, false},
		{"step", field(5, 0.15, func(x, y float64) float64 { return 0.2 * math.Round(x/0.5+0.5) }), wide, false},
		{"stairs", field(13, 0.05, func(x, y float64) float64 { return 0.1 * math.Floor(x/0.15+1e-9) }), wide, false},
		{"spikes", field(7, 0.1, func(x, y float64) float64 { return 0.2 * rng.Float64() * rng.Float64() }), r3.Vec{X: 0.4, Y: 0.4, Z: 0.3}, false},
		{"block", prism(rectangle(-0.3, -0.2, 0.3, 0.2), halves, -0.2, 0.1), wide, false},
		{"wall", prism(rectangle(-0.3, -0.01, 0.3, 0.01), halves, -0.3, 0.3), r3.Vec{X: 0.4, Y: 0.2, Z: 0.4}, false},
		{"channel", prism(channel, cuts, -0.2, 0.2), wide, false},
		{"overlapping", overlap, wide, false},
		{"room", room, wide, false},
		{"triangle", contact.Mesh([]r3.Vec{{X: 0.3}, {X: -0.2, Y: 0.3}, {X: -0.1, Y: -0.3}}, [][3]int32{{0, 1, 2}}), r3.Vec{X: 0.4, Y: 0.4, Z: 0.3}, true},
		{"floor", contact.Mesh(rectangle(-0.5, -0.5, 0.5, 0.5), halves), r3.Vec{X: 0.6, Y: 0.6, Z: 0.3}, true},
		{"gutter", contact.Mesh([]r3.Vec{{X: -0.3, Y: -0.3, Z: 0.2}, {X: 0.3, Y: -0.3, Z: 0.2}, {X: -0.3}, {X: 0.3}, {X: -0.3, Y: 0.3, Z: 0.2}, {X: 0.3, Y: 0.3, Z: 0.2}},
			[][3]int32{{0, 1, 3}, {0, 3, 2}, {2, 3, 5}, {2, 5, 4}}), wide, true},
	}
}

// thrown calls f with n poses of every kind of shape in and about every terrain; every third along the axes.
func thrown(t *testing.T, n int, f func(t *testing.T, rng *rand.Rand, k *terrain, a, b *distance.Solid)) {
	for i, k := range terrains() {
		for j, s := range fixture.Shapes {
			t.Run(fmt.Sprintf("%s/%v%d", k.name, s.Kind, j), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(uint64(i), uint64(j)))
				quarter := func() float64 { return math.Pi / 2 * float64(rng.IntN(4)) }
				for trial := range n {
					in := spatial.Pose{Rot: fixture.Attitude(rng), Pos: r3.Vec{X: k.half.X * (2*rng.Float64() - 1), Y: k.half.Y * (2*rng.Float64() - 1), Z: k.half.Z * (2*rng.Float64() - 1)}}
					if trial%3 == 0 {
						in.Rot = spatial.RPY(quarter(), quarter(), quarter())
					}
					b := distance.Solid{Shape: &k.shape, At: spatial.Pose{Rot: fixture.Attitude(rng), Pos: fixture.Gauss(rng, 1)}}
					a := distance.Solid{Shape: &s, At: b.At.Mul(in)}
					f(t, rng, &k, &a, &b)
				}
			})
		}
	}
}

// turnedAbout returns the pose moved by d and turned by the rotation vector w about its origin.
func turnedAbout(p spatial.Pose, d, w r3.Vec) spatial.Pose {
	l := r3.Norm(w)
	q := spatial.Identity
	if l > 0 {
		s := math.Sin(l/2) / l
		q = spatial.Quat{Real: math.Cos(l / 2), Imag: s * w.X, Jmag: s * w.Y, Kmag: s * w.Z}
	}
	return spatial.Pose{Pos: r3.Add(p.Pos, d), Rot: quat.Mul(q, p.Rot)}
}

// TestDistanceOfTerrainFollowsTheMotion: no gap changes by more than the fastest point of the shape moves, be it apart or deep.
func TestDistanceOfTerrainFollowsTheMotion(t *testing.T) {
	var f distance.Finder
	thrown(t, 20, func(t *testing.T, rng *rand.Rand, _ *terrain, a, b *distance.Solid) {
		x := f.Between(a, b)
		for range 6 {
			size := math.Pow(10, -1-5*rng.Float64())
			moved := *a
			d, w := fixture.Gauss(rng, size), fixture.Gauss(rng, size/a.Shape.Extent())
			if rng.IntN(2) == 0 {
				w = r3.Vec{}
			}
			moved.At = turnedAbout(a.At, d, w)
			y := f.Between(&moved, b)
			most := r3.Norm(d) + r3.Norm(w)*a.Shape.Extent()
			if change := math.Abs(y.Gap - x.Gap); change > most+1e-9 {
				t.Errorf("moved by %.3g: gap %.6g → %.6g, %.3g too much; %v %v", most, x.Gap, y.Gap, change-most, b.At.Inv().Mul(a.At), b.At.Inv().Mul(moved.At))
			}
		}
	})
}

// soup is the triangles of a terrain, those of the walls under the rim of a field with them.
func (k *terrain) soup() (l [][3]r3.Vec) {
	v, t := k.shape.Terrain.Surface()
	at := map[[2]int32]bool{}
	for _, f := range t {
		l = append(l, [3]r3.Vec{v[f[0]], v[f[1]], v[f[2]]})
		for i := range f {
			at[[2]int32{f[i], f[(i+1)%3]}] = true
		}
	}
	for e := range at {
		if k.shape.Terrain.IsField() && !at[[2]int32{e[1], e[0]}] {
			a, b := v[e[0]], v[e[1]]
			down := r3.Vec{Z: -20}
			l = append(l, [3]r3.Vec{b, a, r3.Add(a, down)}, [3]r3.Vec{b, r3.Add(a, down), r3.Add(b, down)})
		}
	}
	return l
}

// inside reports whether a point is in the solid, by the angle under which it sees the surface (Van Oosterom and
// Strackee, "The solid angle of a plane triangle", 1983).
func (k *terrain) inside(soup [][3]r3.Vec, p r3.Vec) bool {
	if k.shape.Terrain.IsField() {
		z, ok := k.shape.Terrain.Height(p.X, p.Y)
		return ok && p.Z < z
	}
	sum := 0.0
	for _, t := range soup {
		a, b, c := r3.Sub(t[0], p), r3.Sub(t[1], p), r3.Sub(t[2], p)
		la, lb, lc := r3.Norm(a), r3.Norm(b), r3.Norm(c)
		sum += 2 * math.Atan2(r3.Dot(a, r3.Cross(b, c)), la*lb*lc+r3.Dot(a, b)*lc+r3.Dot(b, c)*la+r3.Dot(c, a)*lb)
	}
	n := math.Round(sum / (4 * math.Pi))
	return n > 0 || k.name == "room" && n == 0
}

// toTriangle is the distance of a point from a triangle: from its plane, or the lines along its edges.
func toTriangle(p r3.Vec, t [3]r3.Vec) float64 {
	n := r3.Cross(r3.Sub(t[1], t[0]), r3.Sub(t[2], t[0]))
	over, least := true, math.Inf(1)
	for i := range t {
		e, d := r3.Sub(t[(i+1)%3], t[i]), r3.Sub(p, t[i])
		over = over && r3.Dot(r3.Cross(n, e), d) >= 0
		s := math.Max(0, math.Min(1, r3.Dot(d, e)/r3.Dot(e, e)))
		least = math.Min(least, r3.Norm(r3.Sub(d, r3.Scale(s, e))))
	}
	if over {
		return math.Abs(r3.Dot(n, r3.Sub(p, t[0]))) / r3.Norm(n)
	}
	return least
}

// sampled returns points of a shape in its own frame: those that are the farthest along many directions, and points between them.
func sampled(rng *rand.Rand, s *contact.Shape, n int) (l []r3.Vec) {
	far := func() r3.Vec { return s.Lowest(r3.Unit(fixture.Gauss(rng, 1))) }
	for range n {
		l = append(l, far())
		x, u := far(), rng.Float64()
		l = append(l, r3.Add(r3.Scale(u, x), r3.Scale(1-u, far())))
	}
	return l
}

// said is what part of the depth of their deepest points is said of shapes at least, which is all of it where that is a corner.
func said(s *contact.Shape) float64 {
	switch s.Kind {
	case contact.KindSphere, contact.KindCapsule:
		return 1
	case contact.KindPoints:
		return 0.1 // a rod that passes through has both ends outside
	}
	return 0.6
}

// TestDistanceOfTerrainIsThatOfItsPoints compares it with the distances of many points of the shape from all triangles.
// Apart no point is nearer, and two points are as near. In each other none is deeper, but for what lies between the
// corners that are looked at; and no motion that is shorter than the depth takes the shape out.
func TestDistanceOfTerrainIsThatOfItsPoints(t *testing.T) {
	var f distance.Finder
	soups := map[string][][3]r3.Vec{}
	thrown(t, 15, func(t *testing.T, rng *rand.Rand, k *terrain, a, b *distance.Solid) {
		soup, ok := soups[k.name]
		if !ok {
			soup = k.soup()
			soups[k.name] = soup
		}
		away := func(p r3.Vec) float64 {
			d := math.Inf(1)
			for _, t := range soup {
				d = math.Min(d, toTriangle(p, t))
			}
			return d
		}
		x, back := f.Between(a, b), b.At.Inv()
		in, least := back.Mul(a.At), math.Inf(1)
		for _, p := range sampled(rng, a.Shape, 150) {
			p = in.Apply(p)
			d := away(p)
			if !k.sheet && k.inside(soup, p) {
				d = -d
			}
			least = math.Min(least, d)
		}
		if part := said(a.Shape); least > 0 && x.Gap > least+1e-9 || least < 0 && x.Gap > part*least+1e-9 {
			t.Errorf("gap %g, a point is %g away", x.Gap, least)
		}
		if x.Gap > 0 {
			points, _ := exactness(a.Shape, b.Shape, 1)
			tol.Within(t, r3.Norm(r3.Sub(r3.Sub(x.A, x.B), r3.Scale(x.Gap, x.Normal))), math.Max(points, 1e-9), "points of gap %g", x.Gap)
			tol.Within(t, away(back.Apply(x.B)), 1e-9, "point of terrain, of gap %g", x.Gap)
			for range 20 {
				n := r3.Unit(fixture.Gauss(rng, 1))
				if d := r3.Dot(n, x.A) - reach(a, n); d > 1e-9 {
					t.Errorf("gap %g: a point %g outside its shape", x.Gap, d)
				}
			}
			return
		}
		for range 4 {
			moved := *a
			moved.At.Pos = r3.Add(a.At.Pos, r3.Scale(-0.999*x.Gap, r3.Unit(fixture.Gauss(rng, 1))))
			if y := f.Between(&moved, b); y.Gap > 1e-9 {
				t.Errorf("gap %g, but a motion of %g takes it out", x.Gap, -0.999*x.Gap)
			}
		}
	})
}

// TestDistanceOfTerrainByMotion compares how gaps change with what their points say, n·(∂A − ∂B), where no kink is between.
func TestDistanceOfTerrainByMotion(t *testing.T) {
	var f distance.Finder
	compared, deep, all := 0, 0, 0
	thrown(t, 20, func(t *testing.T, rng *rand.Rand, _ *terrain, a, b *distance.Solid) {
		x := f.Between(a, b)
		d, w := fixture.Gauss(rng, 1), fixture.Gauss(rng, 1)
		const eps = 1e-5
		gap := func(s float64) distance.Near {
			moved := *a
			moved.At = turnedAbout(a.At, r3.Scale(s, d), r3.Scale(s, w))
			return f.Between(&moved, b)
		}
		hi, lo := gap(eps), gap(-eps)
		all++
		bend := math.Abs(hi.Gap+lo.Gap-2*x.Gap) / eps // of the slope: what is said is that on one of the sides, or between
		if bend > 3e-4 || r3.Norm(r3.Sub(hi.Normal, lo.Normal)) > 1e-3 {
			return // a kink
		}
		compared++
		limit := 1e-7 + bend/2
		if x.Gap < 0 {
			deep++
			limit = 1e-5 + bend/2
		}
		if a.Shape.Kind == contact.KindEllipsoid {
			limit = 1e-4 // so are their nearest points: exactness
		}
		slope, want := (hi.Gap-lo.Gap)/(2*eps), r3.Dot(x.Normal, r3.Add(d, r3.Cross(w, r3.Sub(x.A, a.At.Pos))))
		tol.Within(t, math.Abs(slope-want)/(1+math.Abs(slope)), limit, "gap %g: slope %g, said %g", x.Gap, slope, want)
	})
	if compared < all*8/10 || deep < all/4 {
		t.Errorf("of %d poses %d are compared, %d of them deep", all, compared, deep)
	}
}

// TestNoPhantomDepthBesideTerrain: what crosses a triangle beside another one is not as deep as it is behind the plane
// of that one. These were 0.2 to 0.5 m deep. What is in flat ground, and in walls, is as deep as in a half-space there,
// wherever the triangles meet; what is all below it is too.
func TestNoPhantomDepthBesideTerrain(t *testing.T) {
	var f distance.Finder
	l := map[string]contact.Shape{}
	for _, k := range terrains() {
		l[k.name] = k.shape
	}
	box, ball := contact.Box(r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}), contact.Sphere(0.1)
	tip := math.Acos(1 / math.Sqrt(3)) // of a cube that stands on a corner
	cube := contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1})
	onCorner := spatial.RPY(math.Pi/4, math.Pi/2-tip, 0)
	for _, c := range []struct {
		name  string
		shape contact.Shape
		at    spatial.Pose
		gap   float64
	}{
		{"plateau", box, spatial.Pose{Pos: r3.Vec{X: 0.299, Z: 0.01}, Rot: spatial.Identity}, -0.001}, // its side in the wall
		{"plateau", box, spatial.Pose{Pos: r3.Vec{X: 0.31, Z: -1}, Rot: spatial.Identity}, 0.01},      // beside the wall, below
		{"plateau", box, spatial.Pose{Pos: r3.Vec{X: 0.1, Z: 0.299}, Rot: spatial.Identity}, -0.001},  // on top
		{"plateau", ball, spatial.Pose{Pos: r3.Vec{X: 0.05, Z: -0.1}, Rot: spatial.Identity}, -0.2},   // all below
		{"plateau", ball, spatial.Pose{Pos: r3.Vec{X: 0.05, Z: -0.14}, Rot: spatial.Identity}, -0.24}, // the same
		{"plateau", ball, spatial.Pose{Pos: r3.Vec{X: 0.15, Z: -3}, Rot: spatial.Identity}, -0.15},    // the wall is nearer
		{"block", cube, spatial.Pose{Pos: r3.Vec{X: 0.02, Y: 0.05, Z: 0.1 + math.Sqrt(0.03) - 0.002}, Rot: onCorner}, -0.002},
		{"block", box, spatial.Pose{Pos: r3.Vec{X: 0.398, Y: 0.05, Z: 0.2}, Rot: spatial.Identity}, -0.002},
		{"block", ball, spatial.Pose{Pos: r3.Vec{X: 0.1, Y: 0.05}, Rot: spatial.Identity}, -0.2},
		{"room", ball, spatial.Pose{Pos: r3.Vec{X: 0.05, Z: -0.15}, Rot: spatial.Identity}, 0.05},
		{"room", ball, spatial.Pose{Pos: r3.Vec{X: 0.05, Z: -0.5}, Rot: spatial.Identity}, -0.3},
		{"floor", box, spatial.Pose{Pos: r3.Vec{X: 0.598, Y: 0.1, Z: 0.01}, Rot: spatial.Identity}, -0.002},
		{"floor", box, spatial.Pose{Pos: r3.Vec{X: 0.1, Y: 0.05, Z: 0.297}, Rot: spatial.Identity}, -0.003},
		{"floor", ball, spatial.Pose{Pos: r3.Vec{X: 0.1, Y: 0.05, Z: -0.12}, Rot: spatial.Identity}, 0.02},
	} {
		terrain := l[c.name]
		x := f.Between(&distance.Solid{Shape: &c.shape, At: c.at}, &distance.Solid{Shape: &terrain, At: spatial.IdentityPose})
		tol.Within(t, math.Abs(x.Gap-c.gap), 1e-9, "%v at %v and %s: gap %g, want %g", c.shape.Kind, c.at.Pos, c.name, x.Gap, c.gap)
	}
}
