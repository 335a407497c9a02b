package ground_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/ground"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestNearestIsBruteForce: no face has a nearer point, and the point is on its face.
func TestNearestIsBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	v, tri := grid(9, func(x, y float64) float64 { return rng.NormFloat64() / 5 })
	g := ground.New(v, tri, false)
	for range 300 {
		p := r3.Vec{X: 2*rng.Float64() - 0.5, Y: 2*rng.Float64() - 0.5, Z: rng.NormFloat64()}
		at, face, away := g.Nearest(p)
		if d := math.Abs(r3.Norm(r3.Sub(p, at)) - away); d > 1e-14 {
			t.Errorf("the point is %g nearer than it says", d)
		}
		f := &g.Faces[face]
		if d := math.Abs(r3.Dot(f.Normal, r3.Sub(at, g.Vertices[f.Vertex[0]]))); d > 1e-14 {
			t.Errorf("the point is %g off its face", d)
		}
		for i := range g.Faces {
			f := &g.Faces[i]
			a, b, c := g.Vertices[f.Vertex[0]], g.Vertices[f.Vertex[1]], g.Vertices[f.Vertex[2]]
			for range 20 {
				u, w := rng.Float64(), rng.Float64()
				if u+w > 1 {
					u, w = 1-u, 1-w
				}
				q := r3.Add(a, r3.Add(r3.Scale(u, r3.Sub(b, a)), r3.Scale(w, r3.Sub(c, a))))
				if d := r3.Norm(r3.Sub(p, q)); d < away-1e-14 {
					t.Errorf("%v: face %d has a point %g away, not %g", p, i, d, away)
				}
			}
		}
	}
}

// TestInside: of ground under a field what is below its heights and within its rim, also straight below vertices and
// edges; of a cube what is in it, turned inside out what is not.
func TestInside(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 2))
	height := func(x, y float64) float64 { return 0.3*x - 0.2*y }
	v, tri := grid(5, height)
	g := ground.New(v, tri, true)
	cube, faces := unitCube()
	for range 2000 {
		p := r3.Vec{X: 1.6*rng.Float64() - 0.3, Y: 1.6*rng.Float64() - 0.3, Z: 1.6*rng.Float64() - 0.3}
		if rng.IntN(3) == 0 { // where edges meet
			p.X, p.Y = math.Round(p.X*4)/4+1e-17, math.Round(p.Y*4)/4
		}
		in := func(x float64) bool { return x >= 0 && x < 1 }
		on := p.X == 0 || p.X == 1 || p.Y == 0 || p.Y == 1
		if want := in(p.X) && in(p.Y) && p.Z < height(p.X, p.Y); !on && g.Inside(p) != want {
			t.Errorf("field, %v: inside %v", p, !want)
		}
		for _, room := range []bool{false, true} {
			c := ground.New(cube, faces, false)
			if room {
				c = ground.New(cube, turned(faces), false)
			}
			if want := (in(p.X) && in(p.Y) && in(p.Z)) != room; !on && (!c.Solid || c.Inside(p) != want) {
				t.Errorf("cube, room %v, %v: inside %v", room, p, !want)
			}
		}
	}
	if s := ground.New(v, tri, false); s.Solid {
		t.Error("a sheet is solid")
	}
}

// TestWallsOfDeepGround: they close it all around, straight down.
func TestWallsOfDeepGround(t *testing.T) {
	v, tri := grid(4, func(x, y float64) float64 { return x * y })
	g := ground.New(v, tri, true)
	if n := len(g.Faces) - len(tri); n != 2*12 {
		t.Errorf("%d faces of walls, want 24", n)
	}
	for i := range g.Edges {
		if e := &g.Edges[i]; e.Right < 0 && g.Vertices[e.From].Z > -10 {
			t.Errorf("edge %d at %v has one face", i, g.Vertices[e.From])
		}
	}
	for _, f := range g.Faces[len(tri):] {
		middle := r3.Sub(g.Vertices[f.Vertex[0]], r3.Vec{X: 0.5, Y: 0.5})
		if f.Normal.Z != 0 || r3.Dot(f.Normal, middle) <= 0 {
			t.Errorf("a wall at %v looks to %v", g.Vertices[f.Vertex[0]], f.Normal)
		}
	}
}

func unitCube() (v []r3.Vec, t [][3]int32) {
	for i := range 8 {
		v = append(v, r3.Vec{X: float64(i & 1), Y: float64(i >> 1 & 1), Z: float64(i >> 2)})
	}
	return v, [][3]int32{{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4}, {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}}
}

func turned(t [][3]int32) (l [][3]int32) {
	for _, f := range t {
		l = append(l, [3]int32{f[0], f[2], f[1]})
	}
	return l
}
