package mjcf_test

import (
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// bare returns the model of a file without what makes motions other than smooth: limits, dry friction, drives and
// couplings, as reference.py has it.
func bare(t *testing.T, file string, h float64, driven bool) (*mjcf.Robot, *sim.Model) {
	t.Helper()
	m, err := mjcf.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Joints {
		j := &m.Joints[i]
		j.Limited, j.FrictionLoss = false, 0
		if j.Type == mjcf.BallJoint || j.Type == mjcf.FreeJoint {
			j.Stiffness = [3]float64{}
		}
	}
	m.Equalities, m.Pairs = nil, nil
	if !driven { // what is left is the armature and damping of their own
		for i := range m.Actuators {
			a := &m.Actuators[i]
			a.GainPrm, a.BiasPrm, a.BiasType = [3]float64{}, [3]float64{}, "none"
		}
	}
	for i := range m.Geoms {
		m.Geoms[i].Contype, m.Geoms[i].Conaffinity = 0, 0
	}
	r, err := m.Robot(mjcf.Options{Timestep: h})
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	return r, b
}

// everyFile calls f for the small files and the robots.
func everyFile(t *testing.T, f func(t *testing.T, file string, ref numbers)) {
	refs := references(t, "small.json")
	files, _ := filepath.Glob("testdata/*.xml")
	for k, v := range references(t, "robots.json") {
		refs[k] = v
	}
	for _, file := range append(files, robots(t)...) {
		name := strings.TrimSuffix(filepath.Base(file), ".xml")
		if ref, ok := refs[name]; ok {
			t.Run(name, func(t *testing.T) { f(t, file, ref) })
		}
	}
}

// TestKinematicsAgree compares where all bodies and sites are in 20 random configurations with MuJoCo: their
// coordinates q are ours.
func TestKinematicsAgree(t *testing.T) {
	everyFile(t, func(t *testing.T, file string, ref numbers) {
		r, b := bare(t, file, 0.01, false)
		m := r.Model
		want := ref.floats(t, "poses")
		g := &generator{1}
		x := b.NewState()
		poses := make([]sim.Pose, len(b.Bodies()))
		most := 0.0
		for k := range len(want) / 6 {
			randomState(m, g, &x)
			b.Poses(poses, x.Q)
			got := fingerprint(t, m, b, poses)
			for i := range got {
				// of the reference, 12 digits are stored
				most = math.Max(most, math.Abs(got[i]-want[6*k+i])/math.Max(1, math.Abs(want[6*k+i])))
			}
		}
		if !(most <= 1e-9) || len(want) == 0 {
			t.Errorf("largest difference %g in %d configurations", most, len(want)/6)
		}
		t.Logf("largest difference %.2g", most)
	})
}

// fingerprint returns weighted sums of the positions of all bodies and of a vector turned with them.
func fingerprint(t *testing.T, m *mjcf.Model, b *sim.Model, poses []sim.Pose) [6]float64 {
	frames := map[string]sim.Frame{}
	for _, f := range b.Frames() {
		frames[f.Name] = f
	}
	place := func(name string) sim.Pose {
		f, ok := frames[name+"/body"]
		if !ok {
			if f, ok = frames[name]; !ok {
				t.Fatalf("there is no frame %q", name)
			}
		}
		if f.Body < 0 {
			return f.Pose
		}
		return poses[f.Body].Mul(f.Pose)
	}
	var s [6]float64
	add := func(w float64, at int, v r3.Vec) {
		s[at], s[at+1], s[at+2] = s[at]+w*v.X, s[at+1]+w*v.Y, s[at+2]+w*v.Z
	}
	for i := 1; i < len(m.Bodies); i++ {
		name := m.Bodies[i].Name
		if name == "" {
			name = "body" + strconv.Itoa(i)
		}
		p, w := place(name), math.Cos(float64(i))
		add(w, 0, p.Pos)
		add(w, 3, r3.Sub(p.Apply(r3.Vec{X: 1, Y: 2, Z: 3}), p.Pos))
	}
	for i := range m.Sites {
		if m.Sites[i].Name == "" {
			t.Fatal("the test needs names of sites")
		}
		add(math.Sin(float64(i+1)), 0, place(m.Sites[i].Name).Pos)
	}
	return s
}

// TestAccelerationsAgree compares the velocity after a small step with MuJoCo's accelerations, in 20 random states
// without contact: they agree to the order of h. The error is that of the step, so it halves with h.
func TestAccelerationsAgree(t *testing.T) {
	everyFile(t, func(t *testing.T, file string, ref numbers) {
		ofTheOrderOfH(t, file, ref, false)
	})
}

// TestDrivesAgree does the same with random controls: motors, servos and affine laws do what they do in MuJoCo.
// Robots with actuators that are not simulated alone are left out: on tendons, or bounded unevenly.
func TestDrivesAgree(t *testing.T) {
	everyFile(t, func(t *testing.T, file string, ref numbers) {
		switch name := strings.TrimSuffix(filepath.Base(file), ".xml"); name {
		case "panda", "2f85", "xarm7", "actuators":
		default:
			ofTheOrderOfH(t, file, ref, true)
		}
	})
}

func ofTheOrderOfH(t *testing.T, file string, ref numbers, driven bool) {
	coarse, fine := accelerationError(t, file, ref, 1e-4, driven), accelerationError(t, file, ref, 5e-5, driven)
	t.Logf("relative error %.2g at 0.1 ms, %.2g at 0.05 ms", coarse, fine)
	if !(coarse < 0.05 && fine < 0.6*coarse+1e-6) {
		t.Errorf("relative error %.3g at 0.1 ms, %.3g at 0.05 ms: not of the order of h", coarse, fine)
	}
}

// accelerationError returns the largest error relative to the largest acceleration of its state.
func accelerationError(t *testing.T, file string, ref numbers, h float64, driven bool) float64 {
	r, b := bare(t, file, h, driven)
	m := r.Model
	want := ref.floats(t, map[bool]string{false: "acc", true: "driven"}[driven])
	if m.NV == 0 {
		return 0
	}
	g := &generator{1}
	x, next := b.NewState(), b.NewState()
	u, ctrl := make([]float64, b.NU()), make([]float64, len(m.Actuators))
	st := b.NewStepper(sim.Options{Kappa: 1e-9})
	most := 0.0
	for k := range len(want) / m.NV {
		randomState(m, g, &x)
		for i := range ctrl {
			if !driven {
				break
			}
			low, high := -1.0, 1.0
			if a := &m.Actuators[i]; a.CtrlLimited {
				low, high = a.CtrlRange[0], a.CtrlRange[1]
			}
			ctrl[i] = low + (high-low)*(g.next()+1)/2
		}
		r.Inputs(u, ctrl)
		if _, err := st.Step(&next, x, u); err != nil {
			t.Fatal(err)
		}
		size, worst := 1e-3, 0.0
		for i := range x.V {
			a := want[m.NV*k+i]
			size = math.Max(size, math.Abs(a))
			worst = math.Max(worst, math.Abs((next.V[i]-x.V[i])/(h/2)-a)) // V is a mean: half a step later
		}
		most = math.Max(most, worst/size)
	}
	return most
}
