package pieces

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

func (f *form) pieces(t *testing.T, tolerance float64) *Result {
	t.Helper()
	r, err := Of(f.vertices, f.triangles, Options{Tolerance: tolerance})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// volume returns the sum of the volumes of pieces.
func (r *Result) volume() (sum float64) {
	for _, p := range r.Pieces {
		s := hullOf(p)
		sum += s.volume
	}
	return sum
}

// TestConvexIsOnePiece: what is convex already is its hull, with the same corners.
func TestConvexIsOnePiece(t *testing.T) {
	for name, f := range map[string]*form{
		"cube": cube(), "turned cube": cube().mapped(false, turned), "disk": lathe(40, [2]float64{0, 0}, [2]float64{1, 0}, [2]float64{1, 0.2}, [2]float64{0, 0.2}),
		"inside out": cube().mapped(true, func(v r3.Vec) r3.Vec { return v }),
	} {
		r := f.pieces(t, 1e-3)
		all, err := clean(f.vertices, f.triangles)
		if err != nil {
			t.Fatal(err)
		}
		if whole := hullOf(points(all, nil)); len(r.Pieces) != 1 || r.Outside > 1e-12 || r.Sheet || !slices.Equal(r.Pieces[0], whole.corners) {
			t.Errorf("%s: %d pieces, %g m outside, sheet %v", name, len(r.Pieces), r.Outside, r.Sheet)
		}
	}
}

// TestBoxesOfABracket: what boxes are glued of comes apart into boxes, exactly, also where it stands askew, is mirrored or small.
func TestBoxesOfABracket(t *testing.T) {
	for name, c := range map[string]struct {
		f      *form
		boxes  int
		volume float64
	}{
		"bracket": {bracket(), 2, 9.6e-5}, "channel": {channel(), 3, 2.8e-4}, "askew": {bracket().mapped(false, turned), 2, 9.6e-5},
		"mirrored": {bracket().mapped(true, func(v r3.Vec) r3.Vec { v.X = -v.X; return v }), 2, 9.6e-5},
		"large":    {bracket().mapped(false, func(v r3.Vec) r3.Vec { return r3.Scale(1e3, v) }), 2, 9.6e4},
	} {
		r := c.f.pieces(t, 1e-3*math.Cbrt(c.volume/1e-4))
		if v := r.volume(); len(r.Pieces) != c.boxes || math.Abs(v-c.volume) > 1e-12*c.volume || r.Outside > 1e-9*math.Cbrt(c.volume) {
			t.Errorf("%s: %d pieces of %g m³ (%g more), %g m outside", name, len(r.Pieces), v, v-c.volume, r.Outside)
		}
		for _, p := range r.Pieces {
			if len(p) != 8 {
				t.Errorf("%s: a piece of %d corners", name, len(p))
			}
		}
	}
}

// TestPiecesFollowTheSurface: of points of the surface all are in pieces; of points of the pieces none is farther outside of the mesh than is
// said and asked for. Distances and insides are told by brute force. Pieces overlap little: their volumes add up to that of the mesh, and
// what the tolerance allows.
func TestPiecesFollowTheSurface(t *testing.T) {
	for name, c := range map[string]struct {
		f         *form
		tolerance float64
		most      int
		volume    float64 // most, of that of the mesh
	}{
		"bracket": {bracket(), 1e-3, 2, 1.001}, "cup": {cup(), 3e-3, 24, 1.3}, "torus": {torus(24, 10), 4e-3, 12, 1.3}, "askew": {torus(24, 10).mapped(false, turned), 4e-3, 24, 1.4},
		"beside each other": {bracket().with(bracket().mapped(false, func(v r3.Vec) r3.Vec { v.Z += 0.2; return v })), 1e-3, 4, 1.001},
	} {
		r := c.f.pieces(t, c.tolerance)
		all, err := clean(c.f.vertices, c.f.triangles)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Pieces) > c.most || r.Outside > c.tolerance || r.Sheet {
			t.Errorf("%s: %d pieces, %g m outside", name, len(r.Pieces), r.Outside)
		}
		if v := r.volume() / enclosed(all); v > c.volume || v < 0.98 {
			t.Errorf("%s: the volumes of the pieces add up to %g times that of the mesh", name, v)
		}
		rng := rand.New(rand.NewPCG(3, 4))
		var hulls []solid
		for _, p := range r.Pieces {
			hulls = append(hulls, hullOf(p))
		}
		for range 2000 {
			x := anyOn(rng, &all[rng.IntN(len(all))])
			if !slices.ContainsFunc(hulls, func(s solid) bool { return s.holds(x, fine*c.tolerance+1e-9) }) {
				t.Fatalf("%s: %v of the surface is in no piece", name, x)
			}
			h := &hulls[rng.IntN(len(hulls))]
			f := h.face(h.faces[rng.IntN(len(h.faces))])
			if x = anyOn(rng, &f); away(all, x) > r.Outside+fine*c.tolerance+1e-12 {
				t.Fatalf("%s: %v of a piece is %g m outside of the mesh, said are %g", name, x, away(all, x), r.Outside)
			}
		}
	}
}

func anyOn(rng *rand.Rand, t *triangle) r3.Vec {
	a, b := rng.Float64(), rng.Float64()
	if a+b > 1 {
		a, b = 1-a, 1-b
	}
	return spatial.AddScaled(spatial.AddScaled(t[0], a, spatial.Sub(t[1], t[0])), b, spatial.Sub(t[2], t[0]))
}

// away returns the distance of x from a closed mesh, 0 inside.
func away(all []triangle, x r3.Vec) float64 {
	least, angle := math.Inf(1), 0.0
	for i := range all {
		least = math.Min(least, all[i].away(x))
		angle += all[i].angle(x)
	}
	if math.Abs(angle) > 2*math.Pi {
		return 0
	}
	return math.Sqrt(least)
}

func enclosed(all []triangle) (v float64) {
	for i := range all {
		t := &all[i]
		v += spatial.Dot(t[0], spatial.Cross(t[1], t[2])) / 6
	}
	return math.Abs(v)
}

// TestOrderMeansNothing: of triangles, of corners within them, of vertices; and a power of two as a scale, also for the tolerance.
func TestOrderMeansNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	f := torus(16, 8)
	want := f.pieces(t, 4e-3)
	g := &form{}
	for _, i := range rng.Perm(len(f.triangles)) {
		c := f.triangles[i]
		k := rng.IntN(3)
		n := int32(len(g.vertices))
		g.vertices = append(g.vertices, f.vertices[c[k]], f.vertices[c[(k+1)%3]], f.vertices[c[(k+2)%3]])
		g.triangles = append(g.triangles, [3]int32{n, n + 1, n + 2})
	}
	if got := g.pieces(t, 4e-3); !reflect.DeepEqual(got, want) {
		t.Error("in another order there are other pieces")
	}
	got := f.mapped(false, func(v r3.Vec) r3.Vec { return r3.Scale(4, v) }).pieces(t, 16e-3)
	for _, p := range got.Pieces {
		for i := range p {
			p[i] = r3.Scale(0.25, p[i])
		}
	}
	got.Outside, got.Found, got.Sought = got.Outside/4, got.Found/4, got.Sought/4
	if !reflect.DeepEqual(got, want) {
		t.Error("four times as large there are other pieces")
	}
}

// TestBrokenMeshes: holes, triangles twice, corners on edges of others, and insides out change little; a sheet is taken for one.
func TestBrokenMeshes(t *testing.T) {
	hole := bracket()
	hole.triangles = slices.Delete(hole.triangles, 4, 5)
	twice := bracket()
	twice.triangles = append(twice.triangles, twice.triangles[:9]...)
	crossing := bracket() // a corner in the middle of an edge of another
	c := crossing.triangles[0]
	n := int32(len(crossing.vertices))
	crossing.vertices = append(crossing.vertices, r3.Scale(0.5, r3.Add(crossing.vertices[c[0]], crossing.vertices[c[1]])))
	crossing.triangles[0] = [3]int32{c[0], n, c[2]}
	crossing.triangles = append(crossing.triangles, [3]int32{n, c[1], c[2]})
	inverted := bracket()
	inverted.invert()
	for name, c := range map[string]struct {
		f    *form
		most int
		off  float64 // of the volume
	}{"half of a side is missing": {hole, 8, 0.1}, "twice": {twice, 2, 1e-9}, "crossing": {crossing, 2, 1e-9}, "inverted": {inverted, 2, 1e-9}} {
		r := c.f.pieces(t, 1e-3)
		if v := r.volume(); len(r.Pieces) > c.most || r.Outside > 1e-3 || r.Sheet || math.Abs(v-9.6e-5) > c.off*9.6e-5 {
			t.Errorf("%s: %d pieces of %g m³, %g m outside, sheet %v", name, len(r.Pieces), v, r.Outside, r.Sheet)
		}
	}
	open := cup()
	open.triangles = slices.DeleteFunc(open.triangles, func(c [3]int32) bool { // the outer wall alone, without thickness
		for _, v := range c {
			if p := open.vertices[v]; math.Hypot(p.X, p.Y) < 0.039 {
				return true
			}
		}
		return false
	})
	if r := open.pieces(t, 4e-3); !r.Sheet || len(r.Pieces) > 24 || r.Outside > 4e-3 {
		t.Errorf("a pipe without thickness: %d pieces, %g m outside, sheet %v", len(r.Pieces), r.Outside, r.Sheet)
	}
	flat := &form{vertices: []r3.Vec{{}, {X: 1}, {X: 1, Y: 0.2}, {X: 0.2, Y: 0.2}, {X: 0.2, Y: 1}, {Y: 1}}, triangles: [][3]int32{{0, 1, 2}, {0, 2, 3}, {0, 3, 4}, {0, 4, 5}}}
	if r := flat.pieces(t, 0.01); len(r.Pieces) != 2 || r.Outside > 0.01 || r.volume() != 0 {
		t.Errorf("a flat L: %d pieces, %g m outside", len(r.Pieces), r.Outside)
	}
}

func TestErrors(t *testing.T) {
	f := cube()
	bad := cube()
	bad.vertices[3].Y = math.NaN()
	for want, c := range map[string]struct {
		f *form
		o Options
	}{
		"no triangle has an area":      {&form{}, Options{Tolerance: 1}},
		"no triangle has an area ":     {f.mapped(false, func(v r3.Vec) r3.Vec { return r3.Vec{X: v.X} }), Options{Tolerance: 1}},
		"vertex 3 is not finite":       {bad, Options{Tolerance: 1}},
		"triangle 0 has vertex 9 of 1": {&form{[]r3.Vec{{}}, [][3]int32{{0, 0, 9}}}, Options{Tolerance: 1}},
		"want at most 1000000":         {&form{triangles: make([][3]int32, MostTriangles+1)}, Options{Tolerance: 1}},
		"want positive numbers":        {f, Options{Tolerance: math.NaN()}},
		"the tolerance is 0 m":         {f, Options{}},
	} {
		if _, err := Of(c.f.vertices, c.f.triangles, c.o); err == nil || !strings.Contains(err.Error(), strings.TrimSpace(want)) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestFewPieces: where they do not suffice there are no more, they hold the surface all the same, and how far they are outside is told.
func TestFewPieces(t *testing.T) {
	f := torus(16, 8)
	r, err := Of(f.vertices, f.triangles, Options{Tolerance: 1e-3, Most: 4})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Pieces) > 4 || r.Outside < 1e-3 || r.Outside > 0.04 || r.Joined == 0 {
		t.Errorf("%d pieces, %g m outside, %d joined", len(r.Pieces), r.Outside, r.Joined)
	}
}

// TestWork: what a fine mesh costs, in points whose distance is asked for, grows with its triangles and no faster.
func TestWork(t *testing.T) {
	per := func(n, m int) float64 {
		f := torus(n, m)
		b, err := newBody(f.vertices, f.triangles, DefaultMost)
		if err != nil {
			t.Fatal(err)
		}
		b.divide(Options{Tolerance: 4e-3, Most: DefaultMost})
		t.Logf("%d triangles: %d points", len(f.triangles), b.work)
		return float64(b.work) / float64(len(f.triangles))
	}
	if coarse, fine := per(24, 16), per(120, 80); fine > coarse || fine > 40 {
		t.Errorf("%.3g points per triangle of a coarse mesh, %.3g of a fine one", coarse, fine)
	}
}

// TestOutsideOfAHull: the hull of a cup is its inner radius outside, in the middle of its mouth; that of a bracket what geometry says.
func TestOutsideOfAHull(t *testing.T) {
	for name, c := range map[string]struct {
		f    *form
		want float64
	}{"cube": {cube(), 0}, "cup": {cup(), 0.035 * math.Cos(math.Pi/24)}, "channel": {channel(), 0.02}} {
		got, err := Outside(c.f.vertices, c.f.triangles, 1e-4)
		if err != nil || got > c.want+1e-9 || got < c.want*(1-fine) {
			t.Errorf("%s: %g m, want %g (%v)", name, got, c.want, err)
		}
	}
}
