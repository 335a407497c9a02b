package models_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

func build(t *testing.T, name string, o models.Options) (*sim.Model, sim.State) {
	t.Helper()
	m, start, err := models.Load(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return m, start
}

func TestZooRuns(t *testing.T) {
	var all []string
	for _, e := range models.All() {
		if e.Summary == "" || e.Source == "" {
			t.Errorf("%s has no summary or no source", e.Name)
		}
		all = append(all, e.Name)
	}
	for _, name := range append(all, "a1", "box", "chain:40", "chain1", "quadruped4", "quadruped12", "snake2", "twister12", "slider3", "npendulum4") {
		for _, h := range []float64{0.001, 0.01, 0.02} {
			t.Run(fmt.Sprintf("%s/%gms", name, 1e3*h), func(t *testing.T) { runZoo(t, name, h) })
		}
	}
}

// runZoo takes 5 s of steps from the start, without input.
func runZoo(t *testing.T, name string, h float64) {
	m, s := build(t, name, models.Options{Timestep: h})
	if low, ok := models.Lowest(m, s.Q); ok && low < 0 {
		t.Errorf("starts %g m in the ground", -low)
	}
	seconds := 5.0
	if h == 0.001 && m.NV() > 30 {
		seconds = 0.5 // many bodies, many steps
	}
	st := m.NewStepper(sim.Options{})
	depth, iterations, most := 0.0, 0, 0
	n := int(seconds / h)
	for k := range n {
		r, err := st.Step(&s, s, nil)
		if err != nil {
			t.Fatalf("step %d: %v", k, err)
		}
		iterations += r.Iterations
		most = max(most, r.Iterations)
		depth = math.Max(depth, st.Penetration())
	}
	shallow := 1e-9
	if name == "turntable" { // a block that tips over a rim comes down on it between two crossings: what late contacts let pass. To let nothing pass takes ten halvings and 950 iterations a step
		shallow = 5e-6
	}
	if depth > shallow {
		t.Errorf("deepest penetration is %g m", depth)
	}
	for i := range m.Loops() {
		if gap, _ := m.LoopGap(i, s.Q); gap > 1e-9 {
			t.Errorf("loop %s is open by %g m", m.Loops()[i].Name, gap)
		}
	}
	t.Logf("%d degrees of freedom, %d contacts: %.2f iterations a step, at most %d", m.NV(), m.MaxContacts(), float64(iterations)/float64(n), most)
}

func TestFindErrors(t *testing.T) {
	for name, want := range map[string]string{
		"dog":            "there are sphere",
		"block7":         "takes no number",
		"chain0":         "1 to 10000",
		"chain:99999999": "1 to 10000",
		"quadruped5":     "4 contacts",
		"":               "there is no model",
		"chain:":         "there is no model",
		"12":             "there is no model",
	} {
		if _, _, err := models.Load(name, models.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%q): %v, want %q", name, err, want)
		}
		if _, err := models.Find(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Find(%q): %v, want %q", name, err, want)
		}
	}
}

func TestMassScaleKeepsMotions(t *testing.T) {
	for _, name := range []string{"block", "quadruped", "ant"} {
		m, a := build(t, name, models.Options{})
		heavy, b := build(t, name, models.Options{MassScale: 1024})
		sa, sb := m.NewStepper(sim.Options{}), heavy.NewStepper(sim.Options{})
		for range 60 {
			if _, err := sa.Step(&a, a, nil); err != nil {
				t.Fatal(err)
			}
			if _, err := sb.Step(&b, b, nil); err != nil {
				t.Fatal(err)
			}
		}
		for i := range a.Q {
			if math.Abs(a.Q[i]-b.Q[i]) > 1e-6 {
				t.Errorf("%s: coordinate %d is %g, and %g with 1024 times the mass", name, i, a.Q[i], b.Q[i])
			}
		}
	}
}

// floating returns the robot of an optional URDF on a floating base, nil without the file.
func floating(t *testing.T, file string) *sim.Model {
	t.Helper()
	path := fixture.DataFile(t, file)
	if path == "" {
		return nil
	}
	r, err := urdf.Load(path, urdf.Options{Base: urdf.FloatingBase})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestQuadrupedIsPublishedA1 compares the robot in Go with its maker's file.
func TestQuadrupedIsPublishedA1(t *testing.T) {
	file := floating(t, "urdf/a1.urdf")
	if file == nil {
		return
	}
	m, _ := build(t, "a1", models.Options{})
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*(1+math.Abs(a)) }
	for i, j := range m.Joints() {
		if i == 0 {
			continue // the file calls the base link differently
		}
		k, err := file.Joint(j.Name)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(j.Axes, k.Axes) {
			t.Errorf("joint %s: %+v, the file has %+v", j.Name, j.Axes, k.Axes)
		}
		a, b := m.BodyInertia(j.Child), file.BodyInertia(k.Child)
		if !near(a.Mass, b.Mass) || !near(a.COM.X, b.COM.X) || !near(a.COM.Y, b.COM.Y) || !near(a.COM.Z, b.COM.Z) ||
			!near(a.Ixx, b.Ixx) || !near(a.Ixy, b.Ixy) || !near(a.Ixz, b.Ixz) || !near(a.Iyy, b.Iyy) || !near(a.Iyz, b.Iyz) || !near(a.Izz, b.Izz) {
			t.Errorf("body of %s: %+v, the file has %+v", j.Name, a, b)
		}
	}
	if !near(m.TotalMass(), file.TotalMass()) {
		t.Errorf("mass %g kg, the file has %g kg", m.TotalMass(), file.TotalMass())
	}
	q := m.NewState().Q
	p, o := make([]sim.Pose, len(m.Bodies())), make([]sim.Pose, len(file.Bodies()))
	m.Poses(p, q)
	file.Poses(o, file.NewState().Q)
	for _, f := range m.Frames() {
		g, err := file.Frame(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		a, b := p[f.Body].Mul(f.Pose), o[g.Body].Mul(g.Pose)
		if !near(a.Pos.X, b.Pos.X) || !near(a.Pos.Y, b.Pos.Y) || !near(a.Pos.Z, b.Pos.Z) {
			t.Errorf("frame %s is at %v, the file has it at %v", f.Name, a.Pos, b.Pos)
		}
	}
}
