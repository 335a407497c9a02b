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

// TestNearIsBruteForce: the tree finds the triangles whose boxes overlap a box, no more and no fewer.
func TestNearIsBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	v, tri := grid(23, func(x, y float64) float64 { return rng.NormFloat64() / 5 })
	g := ground.New(v, tri, false)
	found := 0
	for range 500 {
		c := r3.Vec{X: rng.Float64() * 1.2, Y: rng.Float64() * 1.2, Z: rng.NormFloat64() / 4}
		d := r3.Vec{X: rng.Float64() / 5, Y: rng.Float64() / 5, Z: rng.Float64() / 5}
		low, high := r3.Sub(c, d), r3.Add(c, d)
		var want []int32
		for i, f := range tri {
			a, b, e := v[f[0]], v[f[1]], v[f[2]]
			if min(a.X, b.X, e.X) <= high.X && max(a.X, b.X, e.X) >= low.X && min(a.Y, b.Y, e.Y) <= high.Y && max(a.Y, b.Y, e.Y) >= low.Y &&
				min(a.Z, b.Z, e.Z) <= high.Z && max(a.Z, b.Z, e.Z) >= low.Z {
				want = append(want, int32(i))
			}
		}
		got := g.Near(nil, low, high)
		if !slices.Equal(got, want) {
			t.Fatalf("box at %v: triangles %v, want %v", c, got, want)
		}
		found += len(got)
	}
	if found < 500 {
		t.Errorf("only %d triangles found: the boxes miss the surface", found)
	}
}

// TestFoldsOfACube: its edges are ridges, the diagonals of its faces flat, all vertices sharp; seen from inside, edges
// are valleys and nothing is sharp.
func TestFoldsOfACube(t *testing.T) {
	v, tri := unitCube()
	for _, inside := range []bool{false, true} {
		if inside {
			tri = turned(tri)
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

// TestFlatGroundHasNoFeatures: nothing but its rim, in general position too, and the corners of the walls below.
func TestFlatGroundHasNoFeatures(t *testing.T) {
	v, tri := grid(9, func(x, y float64) float64 { return 0.3*x - 0.7*y })
	g := ground.New(v, tri, true)
	for i, e := range g.Edges {
		n := r3.Dot(g.Faces[e.Left].Normal, r3.Vec{X: 1, Y: 2, Z: 3})
		bent := e.Right < 0 || math.Abs(n-r3.Dot(g.Faces[e.Right].Normal, r3.Vec{X: 1, Y: 2, Z: 3})) > 1e-9
		if bent != (e.Bend == ground.Ridge) || e.Bend == ground.Valley {
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
