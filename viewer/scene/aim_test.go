package scene_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestAimHoldsTheMotion or follows a robot that walks away.
func TestAimHoldsTheMotion(t *testing.T) {
	m, st := zoo(t, "quadruped")
	f := scene.FromModel(m, scene.FigureOptions{})
	at := func(x float64) []float64 {
		q := st.Clone().Q
		q[0] += x
		return q
	}
	c := scene.Camera{Azimuth: -0.9, Elevation: 0.3}
	if f.Aim(&c, 16.0/9, [][]float64{at(0), at(0.4)}) {
		t.Error("the camera follows a robot that stays")
	}
	v := c.View()
	for _, q := range [][]float64{at(0), at(0.4)} {
		low, high := f.Bounds(q)
		for _, p := range []r3.Vec{low, high} {
			if x, y, z := v.Project(p, 1600, 900); !(z > 0 && x >= 0 && x <= 1600 && y >= 0 && y <= 900) {
				t.Errorf("%v is seen at (%.0f, %.0f)", p, x, y)
			}
		}
	}
	near := c.Distance
	if !f.Aim(&c, 16.0/9, [][]float64{at(0), at(5), at(50)}) || c.Distance > near {
		t.Errorf("a robot that walks away is seen from %g m, one that stays from %g", c.Distance, near)
	}
	if c.Azimuth != -0.9 || c.Elevation != 0.3 {
		t.Errorf("aiming turned the camera to %g, %g", c.Azimuth, c.Elevation)
	}
	if f.Aim(&c, 1, nil) || !(c.Distance > 0) {
		t.Errorf("without a motion the camera stands %g m away", c.Distance)
	}
}

// TestFollowIsSmooth: it takes a time constant to close all but 1/e of the gap, whatever the rate of frames.
func TestFollowIsSmooth(t *testing.T) {
	for _, n := range []int{1, 10, 1000} {
		var c scene.Camera
		for range n {
			c.Follow(r3.Vec{X: 1, Y: -2, Z: 3}, 0.25/float64(n), 0.25)
		}
		k, kz := 1-math.Exp(-1), 1-math.Exp(-0.25)
		if want := (r3.Vec{X: k, Y: -2 * k, Z: 3 * kz}); r3.Norm(r3.Sub(c.Target, want)) > 1e-12 {
			t.Errorf("%d frames lead to %v, want %v", n, c.Target, want)
		}
	}
}

// TestTrail keeps the points of a body, not those too close to tell apart, and no more than it should.
func TestTrail(t *testing.T) {
	m, st := zoo(t, "block")
	f := scene.FromModel(m, scene.FigureOptions{})
	walk := func(tr *scene.Trail, dx float64) *scene.Trace {
		var s scene.Scene
		q := st.Clone().Q
		for range 10 {
			q[0] += dx * f.Size()
			f.Fill(&s, q)
			tr.Add(&s, f)
		}
		return &s.Traces[0]
	}
	red := scene.RGB(0xFF0000)
	all := walk(&scene.Trail{At: r3.Vec{Z: 0.1}, Color: red, Width: 4}, 0.1)
	if len(all.Points) != 10 || all.Color != red || all.Pixels() != 4 || !all.Fade {
		t.Errorf("%d points, %+v", len(all.Points), all)
	}
	if step := r3.Norm(r3.Sub(all.Points[9], all.Points[8])); math.Abs(step-0.1*f.Size()) > 1e-12 {
		t.Errorf("the points are %g m apart", step)
	}
	last := walk(&scene.Trail{At: r3.Vec{Z: 0.1}, Length: 4}, 0.1)
	if len(last.Points) != 4 || last.Points[3] != all.Points[9] || last.Points[0] != all.Points[6] {
		t.Errorf("the last four of %v are %v", all.Points, last.Points)
	}
	if still := walk(&scene.Trail{}, 1e-4); len(still.Points) != 1 {
		t.Errorf("a body that stands leaves %d points", len(still.Points))
	}
}

// TestFigureOfStillLife: what stands there is drawn, the ground and colors, and a peg that shows nothing as the box of its inertia.
func TestFigureOfStillLife(t *testing.T) {
	b := sim.NewBuilder("shelf")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{})
	b.AddVisual(sim.Visual{Link: sim.World, Shape: contact.Box(r3.Vec{X: 1, Y: 0.5, Z: 0.25}), Pose: sim.At(2, 0, 0)})
	l := b.AddLink("peg", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddFree("free", l)
	b.AddHalfSpace("wall", r3.Vec{X: -1}, -4)
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	f := scene.FromModel(m, scene.FigureOptions{})
	var s scene.Scene
	f.Fill(&s, m.NewState().Q)
	if len(s.Items) != 2 || s.Items[1].Group != 0 || s.Items[0].Group != -1 || s.Items[0].Color == (scene.Color{}) || len(s.Grounds) != 1 || s.Grounds[0].Normal != (r3.Vec{X: -1}) {
		t.Errorf("%+v, grounds %+v", s.Items, s.Grounds)
	}
	if want := 9.81; f.Weight() != want { // on Earth
		t.Errorf("1 kg in free space weighs %g N", f.Weight())
	}
	if f.ForceScale()*f.Weight() != f.Size() || !(f.Size() > 0) || f.Model() != m {
		t.Errorf("the weight is drawn as %g m, the model is %g m large", f.ForceScale()*f.Weight(), f.Size())
	}
}

// TestFillPosesShowsARecording: poses alone place what a configuration places.
func TestFillPosesShowsARecording(t *testing.T) {
	m, st := zoo(t, "ant")
	f := scene.FromModel(m, scene.FigureOptions{})
	var a, b scene.Scene
	f.Fill(&a, st.Q)
	f.AddFrames(&a)
	poses := make([]sim.Pose, len(m.Bodies()))
	m.Poses(poses, st.Q)
	f.Bounds(m.NewState().Q) // the bodies are elsewhere in between
	f.FillPoses(&b, poses)
	for i := range a.Items {
		if a.Items[i].Pose != b.Items[i].Pose {
			t.Errorf("item %d is at %v, want %v", i, b.Items[i].Pose, a.Items[i].Pose)
		}
	}
	if len(a.Frames) != len(poses) || a.Frames[2].Pose != poses[2] {
		t.Errorf("%d frames of %d bodies", len(a.Frames), len(poses))
	}
}

// TestContactsThatTouch: what carries nothing gets no arrow, and an impact no endless one.
func TestContactsThatTouch(t *testing.T) {
	m, _ := zoo(t, "block")
	f := scene.FromModel(m, scene.FigureOptions{})
	list := make([]sim.Contact, 4)
	for i := range list {
		list[i].BodyB = int(sim.World)
	}
	list[0].Force.Z = 0.5e-3 * f.Weight()
	list[1].Force.Z = 2e-3 * f.Weight()
	list[2].Force.X = 0.5 * f.Weight()
	list[3].Force.Z = 1e3 * f.Weight()
	var s scene.Scene
	if n := f.AddContacts(&s, list); n != 3 || len(s.Arrows) != 3 || len(s.Points) != 3 || f.Touches(&list[0]) || !f.Touches(&list[1]) {
		t.Fatalf("%d of 4 contacts touch, %d arrows", n, len(s.Arrows))
	}
	if half := r3.Norm(s.Arrows[1].Vector); math.Abs(half-0.5*f.Size()) > 1e-12 {
		t.Errorf("half the weight is %g m long, the model %g", half, f.Size())
	}
	if hit := r3.Norm(s.Arrows[2].Vector); math.Abs(hit-2*f.Size()) > 1e-12 {
		t.Errorf("an impact is %g m long", hit)
	}
	s = scene.Scene{}
	list[1].BodyB = 0 // a body that moves feels the opposite
	if n := f.AddContacts(&s, list[:2]); n != 1 || len(s.Arrows) != 2 || len(s.Points) != 1 || s.Arrows[0].Vector != r3.Scale(-1, s.Arrows[1].Vector) || s.Arrows[0].Color == s.Arrows[1].Color {
		t.Errorf("%d contacts of two bodies have the arrows %+v", n, s.Arrows)
	}
}

func TestCells(t *testing.T) {
	for _, name := range []string{"quadruped", "ant", "block", "chain", "pendulum"} {
		m, _ := zoo(t, name)
		f := scene.FromModel(m, scene.FigureOptions{})
		cell := f.Cell()
		if r := cell / f.Size(); r < 0.3 || r > 1 {
			t.Errorf("%s of %g m stands on fields of %g m", name, f.Size(), cell)
		}
		digit := cell / math.Pow(10, math.Floor(math.Log10(cell)+1e-9))
		if d := math.Round(digit); math.Abs(digit-d) > 1e-9 || d != 1 && d != 2 && d != 5 {
			t.Errorf("%s stands on fields of %g m", name, cell)
		}
	}
}

func TestMeshCheckNamesTheFirstMistake(t *testing.T) {
	nan := r3.Vec{Y: math.NaN()}
	ok := scene.Mesh{Vertices: []r3.Vec{{}, {X: 1}, {Y: 1}}, Triangles: [][3]int32{{0, 1, 2}}}
	if err := ok.Check(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*scene.Mesh){
		"2 normals for 1 triangles": func(m *scene.Mesh) { m.Normals = make([]r3.Vec, 2) },
		"vertex 1 is not finite":    func(m *scene.Mesh) { m.Vertices = []r3.Vec{{}, nan, {}} },
		"normal 2 is not finite":    func(m *scene.Mesh) { m.Normals = []r3.Vec{{}, {}, nan} },
		"triangle 0 has vertex 3":   func(m *scene.Mesh) { m.Triangles = [][3]int32{{0, 1, 3}} },
		"triangle 0 has vertex -1":  func(m *scene.Mesh) { m.Triangles = [][3]int32{{-1, 1, 2}} },
	} {
		m := ok
		change(&m)
		if err := m.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestColorsOfGroups repeat, also below zero.
func TestColorsOfGroups(t *testing.T) {
	n := len(scene.Palette)
	if scene.ColorOf(-1) != scene.Palette[n-1] || scene.ColorOf(n+2) != scene.Palette[2] || scene.ColorOf(-3*n) != scene.Palette[0] {
		t.Error("groups beyond the palette have other colors")
	}
	if c := scene.RGB(0x4080FF); c.R != 64.0/255 || c.G != 128.0/255 || c.B != 1 || c.A != 1 || c.Alpha(0.5).A != 0.5 {
		t.Errorf("%+v", c)
	}
}
