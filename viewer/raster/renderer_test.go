package raster

import (
	"bytes"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

func TestSameBytesForAnyWorkers(t *testing.T) {
	const w, h = 333, 222
	for name, sc := range map[string]*scene.Scene{"quadruped": quadruped(1), "workshop": workshop()} {
		var first *image.RGBA
		var one *Renderer
		for _, n := range []int{1, 2, 3, 8} {
			r := NewWith(w, h, Options{Workers: n})
			m := image.NewRGBA(image.Rect(0, 0, w, h))
			r.Render(m, workshop()) // what was drawn before must not show
			r.Render(m, sc)
			if first == nil {
				first, one = m, r
				continue
			}
			if !bytes.Equal(m.Pix, first.Pix) || !slices.Equal(r.Depth(), one.Depth()) || !slices.Equal(r.IDs(), one.IDs()) {
				t.Errorf("%s: %d workers draw another picture than one", name, n)
			}
		}
	}
}

func TestRenderDoesNotAllocate(t *testing.T) {
	r := NewWith(320, 180, Options{Workers: 1})
	m := image.NewRGBA(image.Rect(0, 0, 320, 180))
	sc := quadruped(1)
	sc.Plots = nil // the numbers along its axis are strings
	r.Render(m, sc)
	if n := testing.AllocsPerRun(5, func() { r.Render(m, sc) }); n > 0 {
		t.Errorf("a frame allocates %v times", n)
	}
}

func TestCastMatchesRender(t *testing.T) {
	a, b := New(200, 100), New(200, 100)
	sc := workshop()
	sc.Arrows = nil
	a.Render(image.NewRGBA(image.Rect(0, 0, 200, 100)), sc)
	b.Cast(sc)
	if !slices.Equal(a.Depth(), b.Depth()) || !slices.Equal(a.IDs(), b.IDs()) {
		t.Error("Cast and Render disagree on depth or identity")
	}
}

func TestBrokenItemsAreSkippedAndReported(t *testing.T) {
	nan := math.NaN()
	sc := bare(contact.Sphere(0.3), 2)
	sc.Items = append(sc.Items,
		scene.Item{Shape: contact.Sphere(0.3), Pose: scene.Pose{Pos: vec{X: nan}}},
		scene.Item{Shape: contact.Sphere(0.3), Pose: scene.Pose{Rot: spatial.Quat{Real: nan}}},
		scene.Item{Shape: contact.Sphere(-1)},
		scene.Item{},
		scene.Item{Mesh: &scene.Mesh{Triangles: [][3]int32{{0, 1, 2}}}},
		scene.Item{Mesh: boxMesh(vec{X: 1, Y: 1, Z: 1}), Scale: vec{X: 1}},
		scene.Item{Mesh: &scene.Mesh{}}, // empty is not broken
	)
	sc.Arrows = []scene.Arrow{{Vector: vec{X: nan}}, {From: vec{X: nan}, Vector: vec{X: 1}}, {}}
	sc.Frames = []scene.Frame{{Pose: scene.Pose{Pos: vec{Z: nan}}}}
	sc.Points = []scene.Point{{At: vec{Z: nan}}}
	sc.Traces = []scene.Trace{{}, {Points: []vec{{}}}, {Points: []vec{{}, {X: nan}, {X: 1}}}}
	sc.Labels = []scene.Label{{At: vec{X: nan}, Text: "x"}}
	sc.Grounds = []scene.Ground{{Normal: vec{X: nan}}, {Offset: math.Inf(1)}}
	sc.Plots = []scene.Plot{{}, {Series: []scene.Series{{Values: []float64{nan, 1e300, -1e300, math.Inf(1), 0}}}}, {Min: 1e17, Max: 1e17 + 64, Series: []scene.Series{{Values: []float64{1, 2}}}}}
	sc.Panels = []scene.Panel{{}, {Title: "naïve 世界\x00\xff"}}
	r := New(120, 80)
	r.Render(image.NewRGBA(image.Rect(0, 0, 120, 80)), sc)
	if want := []int{1, 2, 3, 4, 5, 6}; !slices.Equal(r.Skipped(), want) {
		t.Errorf("skipped items %v, want %v", r.Skipped(), want)
	}
}

// TestWildScenes draws random scenes with the eye in, on and far from things of all sizes.
func TestWildScenes(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	r := NewWith(64, 48, Options{Workers: 2})
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	size := func() float64 { return math.Pow(10, 8*rng.Float64()-5) }
	at := func() vec {
		s := size()
		return vec{X: s * rng.NormFloat64(), Y: s * rng.NormFloat64(), Z: s * rng.NormFloat64()}
	}
	for range 300 {
		sc := &scene.Scene{Camera: scene.Camera{Target: at(), Azimuth: 9 * rng.Float64(), Elevation: 4*rng.Float64() - 2, Distance: size(), FovY: 3 * rng.Float64()}}
		for range rng.IntN(8) {
			q := spatial.RPY(9*rng.Float64(), 9*rng.Float64(), 9*rng.Float64())
			sh := []contact.Shape{contact.Sphere(size()), contact.Capsule(size(), size()), contact.Cylinder(size(), size()), contact.Ellipsoid(size(), size(), size()), contact.Box(vec{X: size(), Y: size(), Z: size()})}
			it := scene.Item{Shape: sh[rng.IntN(4)], Pose: scene.Pose{Pos: at(), Rot: q}}
			if rng.IntN(4) == 0 {
				it.Mesh = boxMesh(vec{X: size(), Y: size(), Z: size()})
			}
			sc.Items = append(sc.Items, it)
			sc.Traces = append(sc.Traces, scene.Trace{Points: []vec{at(), at(), at()}})
			sc.Arrows = append(sc.Arrows, scene.Arrow{From: at(), Vector: at()})
			sc.Labels = append(sc.Labels, scene.Label{At: at(), Text: "here"})
		}
		sc.Grounds = []scene.Ground{{Normal: at(), Offset: rng.NormFloat64()}}
		r.Render(m, sc)
		for i, d := range r.Depth() {
			if !(d > 0) || m.Pix[4*i+3] != 255 {
				t.Fatalf("pixel %d: depth %g, alpha %d", i, d, m.Pix[4*i+3])
			}
		}
	}
}

func TestTraceIsFaintBehindThings(t *testing.T) {
	sc := bare(contact.Box(vec{X: 0.2, Y: 0.2, Z: 0.2}), 2)
	sc.Traces = []scene.Trace{{Points: []vec{{X: -0.5, Y: -0.6}, {X: -0.5, Y: 0.6}}, Width: 20, Color: scene.RGB(0xFF0000)}}
	r := New(200, 200)
	m := image.NewRGBA(image.Rect(0, 0, 200, 200))
	r.Render(m, sc)
	_, y, _ := r.eye.Project(vec{X: -0.5}, 200, 200)
	red := func(p vec) int {
		x, _, _ := r.eye.Project(p, 200, 200)
		c := m.RGBAAt(int(x), int(y))
		return int(c.R) - int(c.G)
	}
	if a, b := red(vec{X: -0.5, Y: 0.5}), red(vec{X: -0.5}); a < 240 || b < 20 || b > 100 {
		t.Errorf("red over green is %d in the open and %d behind the box", a, b)
	}
}
