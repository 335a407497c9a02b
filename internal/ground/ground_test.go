package ground_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/ground"
	"gonum.org/v1/gonum/spatial/r3"
)

// grid returns n by n vertices over the unit square, and their triangles.
func grid(n int, height func(x, y float64) float64) (v []r3.Vec, t [][3]int32) {
	for i := range n * n {
		x, y := float64(i%n)/float64(n-1), float64(i/n)/float64(n-1)
		v = append(v, r3.Vec{X: x, Y: y, Z: height(x, y)})
	}
	for r := range n - 1 {
		for c := range n - 1 {
			a := int32(r*n + c)
			t = append(t, [3]int32{a, a + 1, a + int32(n) + 1}, [3]int32{a, a + int32(n) + 1, a + int32(n)})
		}
	}
	return v, t
}

// TestNearMissesNothing: of the triangles within reach of a box the search leaves out none that a point in the box is over, nor any with a fold or a corner
// that faces the point, by the definitions alone.
func TestNearMissesNothing(t *testing.T) {
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
			for range 1000 {
				c := r3.Vec{X: rng.Float64() * 1.2, Y: rng.Float64() * 1.2, Z: rng.NormFloat64() / 2}
				d := r3.Scale(float64(rng.IntN(2))/20, r3.Vec{X: rng.Float64(), Y: rng.Float64(), Z: rng.Float64()})
				reach := rng.Float64()
				got := g.Near(nil, r3.Sub(c, d), r3.Add(c, d), reach)
				near += len(got)
				x := r3.Add(c, r3.Vec{X: d.X * (2*rng.Float64() - 1), Y: d.Y * (2*rng.Float64() - 1), Z: d.Z * (2*rng.Float64() - 1)})
				for i := range g.Faces {
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

// TestMayFaceMissesNothing: no point is over a face that it may not be over, nor straight above one that it may not be above; most are ruled out.
func TestMayFaceMissesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	v, tri := grid(12, func(x, y float64) float64 { return 0.2*math.Sin(5*x) + 0.03*rng.NormFloat64() })
	for i := range v {
		v[i].X += 0.05 * rng.Float64()
	}
	g := ground.New(v, tri, true)
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
	if n := len(g.Near(nil, r3.Sub(c, d), r3.Add(c, d), 1)); n > len(tri)/3 {
		t.Errorf("%d of %d triangles", n, len(tri))
	} else {
		t.Logf("%d of %d triangles", n, len(tri))
	}
}

// TestFoldsOfACube: its edges are ridges, the diagonals of its faces flat, all vertices sharp; seen from inside, edges are valleys and nothing is sharp.
func TestFoldsOfACube(t *testing.T) {
	var v []r3.Vec
	for i := range 8 {
		v = append(v, r3.Vec{X: float64(i & 1), Y: float64(i >> 1 & 1), Z: float64(i >> 2)})
	}
	tri := [][3]int32{{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4}, {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}}
	for _, inside := range []bool{false, true} {
		if inside {
			for i := range tri {
				tri[i][1], tri[i][2] = tri[i][2], tri[i][1]
			}
		}
		if err := ground.Check(v, tri); err != nil {
			t.Fatal(err)
		}
		g := ground.New(v, tri, false)
		var bends [3]int
		for i := range g.Edges {
			bends[g.Edges[i].Bend]++
		}
		want, sharp := [3]int{ground.Flat: 6, ground.Ridge: 12}, 8
		if inside {
			want, sharp = [3]int{ground.Flat: 6, ground.Valley: 12}, 0
		}
		for i := range v {
			if g.IsSharp(int32(i)) {
				sharp--
			}
		}
		if bends != want || sharp != 0 {
			t.Errorf("inside %v: folds %v, want %v; %d sharp vertices too few", inside, bends, want, sharp)
		}
	}
}

// TestFlatGroundHasNoFeatures: nothing but its rim, in general position too.
func TestFlatGroundHasNoFeatures(t *testing.T) {
	v, tri := grid(9, func(x, y float64) float64 { return 0.3*x - 0.7*y })
	g := ground.New(v, tri, true)
	for i, e := range g.Edges {
		if (e.Right < 0) != (e.Bend == ground.Ridge) || e.Bend == ground.Valley {
			t.Errorf("edge %d, right %d: fold %d", i, e.Right, e.Bend)
		}
	}
	for i, x := range v {
		if rim := x.X == 0 || x.X == 1 || x.Y == 0 || x.Y == 1; g.IsSharp(int32(i)) && !rim {
			t.Errorf("vertex %d at %v is sharp", i, x)
		}
	}
}

// TestSharpVertices: the tip of a pyramid is one, that of a pit and the middle of a saddle are not, nor is a vertex on a straight ridge.
func TestSharpVertices(t *testing.T) {
	for name, c := range map[string]struct {
		height func(x, y float64) float64
		sharp  bool
	}{
		"tip":    {func(x, y float64) float64 { return -math.Abs(x-0.5) - math.Abs(y-0.5) }, true},
		"pit":    {func(x, y float64) float64 { return math.Abs(x-0.5) + math.Abs(y-0.5) }, false},
		"saddle": {func(x, y float64) float64 { return math.Abs(x-0.5) - math.Abs(y-0.5) }, false},
		"ridge":  {func(x, y float64) float64 { return -math.Abs(x - 0.5) }, false},
	} {
		v, tri := grid(3, c.height)
		if g := ground.New(v, tri, true); g.IsSharp(4) != c.sharp {
			t.Errorf("%s: sharp %v", name, !c.sharp)
		}
	}
}

// TestCheckNamesTheMistake: every surface that is none is refused with its triangle.
func TestCheckNamesTheMistake(t *testing.T) {
	v := []r3.Vec{{}, {X: 1}, {Y: 1}, {X: 1, Y: 1}, {X: 2}, {Z: 1}}
	for _, c := range []struct {
		v    []r3.Vec
		t    [][3]int32
		want string
	}{
		{v, nil, "no triangles"},
		{v, make([][3]int32, ground.Most+1), "at most"},
		{append(slices.Clone(v), r3.Vec{Y: math.NaN()}), [][3]int32{{0, 1, 2}}, "vertex 6 is not finite"},
		{v, [][3]int32{{0, 1, 2}, {1, 3, 9}}, "triangle 1 has the vertex 9"},
		{v, [][3]int32{{0, 1, 2}, {1, -1, 3}}, "triangle 1 has the vertex -1"},
		{v, [][3]int32{{0, 1, 4}}, "triangle 0 has no area"},
		{v, [][3]int32{{0, 1, 2}, {1, 1, 3}}, "triangle 1 has no area"},
		{v, [][3]int32{{0, 1, 2}, {1, 3, 2}, {2, 0, 1}}, "triangles 0 and 2 have the same vertices"},
		{v, [][3]int32{{0, 1, 2}, {0, 2, 1}}, "no thickness"},
		{v, [][3]int32{{0, 1, 2}, {1, 2, 3}}, "triangles 0 and 1 are wound against each other"},
		{v, [][3]int32{{0, 1, 2}, {1, 0, 3}, {1, 0, 5}}, "belongs to 3 triangles"},
	} {
		if err := ground.Check(c.v, c.t); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	if err := ground.Check(v, [][3]int32{{0, 1, 2}, {1, 3, 2}}); err != nil {
		t.Error(err)
	}
}
