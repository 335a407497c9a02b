package ground_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/ground"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestFacingMissesNothing: of the triangles within reach of a box the search leaves out none that a point in the box is
// over, nor any with a fold or a corner that faces the point, by the definitions alone.
func TestFacingMissesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, rough := range []float64{0, 0.02, 0.1, 0.5} {
		for _, deep := range []bool{true, false} {
			v, tri := grid(23, func(x, y float64) float64 { return 0.2*math.Sin(5*x) + rough*rng.NormFloat64()/5 })
			for i := range v { // lopsided triangles
				v[i].X += 0.015 * rng.Float64()
				v[i].Y += 0.015 * rng.Float64()
			}
			g := ground.New(v, tri, deep)
			found, missed, near := 0, 0, 0
			top := slices.MaxFunc(v, func(a, b r3.Vec) int { return cmp.Compare(a.Z, b.Z) }).Z
			for range 1000 {
				c := r3.Vec{X: rng.Float64() * 1.2, Y: rng.Float64() * 1.2, Z: rng.NormFloat64() / 2}
				d := r3.Scale(float64(rng.IntN(2))/20, r3.Vec{X: rng.Float64(), Y: rng.Float64(), Z: rng.Float64()})
				reach := rng.Float64()
				got := g.Facing(nil, r3.Sub(c, d), r3.Add(c, d), reach)
				near += len(got)
				x := r3.Add(c, r3.Vec{X: d.X * (2*rng.Float64() - 1), Y: d.Y * (2*rng.Float64() - 1), Z: d.Z * (2*rng.Float64() - 1)})
				for i := range g.Faces {
					f := &g.Faces[i]
					if f.Normal.Z <= 0 && r3.Dot(f.Normal, r3.Sub(x, g.Vertices[f.Vertex[0]])) < -max(0, top-x.Z) {
						continue // a wall, farther than x is below the ground
					}
					if faces(g, int32(i), x) && apart(g, int32(i), x) < reach {
						found++
						if _, ok := slices.BinarySearch(got, int32(i)); !ok {
							missed++
						}
					}
				}
			}
			t.Logf("rough %g, deep %v: %d triangles looked at, %d facing a point", rough, deep, near, found)
			if missed > 0 || found < 500 {
				t.Errorf("rough %g, deep %v: %d of %d triangles that face a point are missed", rough, deep, missed, found)
			}
		}
	}
}

// over reports whether x is over a face or behind it, between planes through its edges that stand on it or are halfway to its neighbors.
func over(g *ground.Surface, face int32, x r3.Vec) bool {
	t := &g.Faces[face]
	h := r3.Dot(t.Normal, r3.Sub(x, g.Vertices[t.Vertex[0]]))
	for _, halfway := range []bool{false, true} {
		over := true
		for _, i := range t.Edge {
			e := &g.Edges[i]
			in, out := e.InLeft, e.InRight
			if face != e.Left {
				in, out = out, in
			}
			if e.Right >= 0 && (halfway || h < 0) {
				in = r3.Sub(in, out)
			}
			over = over && r3.Dot(r3.Sub(x, g.Vertices[e.From]), in) >= 0
		}
		if over {
			return true
		}
	}
	return false
}

// faces reports whether x is over a face, or beside one of its folds or corners, as far as contacts ask for it.
func faces(g *ground.Surface, face int32, x r3.Vec) bool {
	if over(g, face, x) {
		return true
	}
	t := &g.Faces[face]
	for k, i := range t.Edge {
		e := &g.Edges[i]
		d := r3.Sub(x, g.Vertices[e.From])
		along := r3.Dot(d, e.Axis)
		out := r3.Norm(r3.Sub(d, r3.Scale(along, e.Axis)))
		if along >= 0 && along <= 2*e.Half && r3.Dot(d, e.InLeft) < 0.05*out && r3.Dot(d, e.InRight) < 0.05*out {
			return true
		}
		v := t.Vertex[k]
		if n := r3.Sub(x, g.Vertices[v]); g.IsSharp(v) {
			if s, _ := g.Outside(v, r3.Unit(n)); s <= 0.05 {
				return true
			}
		}
	}
	return false
}

// apart returns a bound of how far x is from a face: the distance to its nearest corner.
func apart(g *ground.Surface, face int32, x r3.Vec) float64 {
	least := math.Inf(1)
	for _, v := range g.Faces[face].Vertex {
		least = min(least, r3.Norm(r3.Sub(x, g.Vertices[v])))
	}
	return least
}

// TestMayFaceMissesNothing: no point is over a face that it may not be over, nor straight above one that it may not be
// above; most are ruled out.
func TestMayFaceMissesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	v, tri := grid(12, func(x, y float64) float64 { return 0.2*math.Sin(5*x) + 0.03*rng.NormFloat64() })
	for i := range v {
		v[i].X += 0.05 * rng.Float64()
	}
	g := ground.New(v, tri, false)
	covered, may, found, above := 0, 0, 0, 0
	for range 3000 {
		x := r3.Vec{X: rng.Float64() * 1.2, Y: rng.Float64() * 1.2, Z: rng.NormFloat64() / 3}
		for i := range g.Faces {
			f := &g.Faces[i]
			covered++
			if f.MayFace(x) {
				may++
			}
			if over(g, int32(i), x) {
				if found++; !f.MayFace(x) {
					t.Fatalf("%v is over face %d and may not be", x, i)
				}
			}
			a, b, c := g.Vertices[f.Vertex[0]], g.Vertices[f.Vertex[1]], g.Vertices[f.Vertex[2]]
			side := func(a, b r3.Vec) bool { return (b.X-a.X)*(x.Y-a.Y)-(b.Y-a.Y)*(x.X-a.X) >= 0 }
			if side(a, b) && side(b, c) && side(c, a) {
				if above++; !f.MayPlumb(x) {
					t.Fatalf("%v is above or below face %d and may not be", x, i)
				}
			}
		}
	}
	if found < 3000 || above < 1000 || may > covered/4 {
		t.Errorf("of %d times a point may be over a face %d times and is %d times, %d times plumb", covered, may, found, above)
	}
}

// TestFewFacesFaceWhatIsFar: soft contact is felt from afar, and looks at a small part of what is within reach.
func TestFewFacesFaceWhatIsFar(t *testing.T) {
	v, tri := grid(41, func(x, y float64) float64 { return 0.02 * math.Sin(20*x) * math.Sin(15*y) })
	g := ground.New(v, tri, true)
	c, d := r3.Vec{X: 0.5, Y: 0.5, Z: 0.2}, r3.Vec{X: 0.02, Y: 0.02, Z: 0.02}
	if n := len(g.Facing(nil, r3.Sub(c, d), r3.Add(c, d), 1)); n > len(tri)/3 {
		t.Errorf("%d of %d triangles", n, len(tri))
	} else {
		t.Logf("%d of %d triangles", n, len(tri))
	}
}
