package urdf_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// reference is what testdata/reference.py stores of one file.
type reference struct {
	Refused            string
	Bodies, Joints     []string
	Mass, COM, Inertia []float64
	Axis, Range, Poses []float64
	Limited            []int
}

// TestAgreesWithMuJoCo compares masses, centers of mass, inertias, axes, limits and the poses of 20 random configurations with MuJoCo's.
func TestAgreesWithMuJoCo(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "robots.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]reference
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, path := range dataFiles(t) {
		ref, ok := all[filepath.Base(path)]
		switch {
		case !ok:
			t.Errorf("%s has no reference; run testdata/reference.py", path)
			continue
		case ref.Refused != "":
			t.Logf("%s: MuJoCo does not read it: %s", filepath.Base(path), ref.Refused)
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) { compareWithMuJoCo(t, path, &ref) })
	}
}

func compareWithMuJoCo(t *testing.T, path string, ref *reference) {
	robot, err := urdf.Load(path, urdf.Options{Base: urdf.FixedBase})
	if err != nil {
		t.Fatal(err)
	}
	m, err := robot.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	near := func(what string, a, b, size float64) {
		d := math.Abs(a-b) / size
		worst = math.Max(worst, d)
		if !(d <= 1e-9) {
			t.Errorf("%s is %.12g, MuJoCo has %.12g", what, a, b)
		}
	}
	names, inertias := robot.Builder.Links()
	links := map[string]sim.Inertia{}
	for i, n := range names {
		links[n] = inertias[i]
	}
	for i, n := range ref.Bodies {
		in, ok := links[n]
		if !ok {
			t.Fatalf("there is no link %q", n)
		}
		near(n+": mass", in.Mass, ref.Mass[i], 1e-9+ref.Mass[i])
		if in.Mass == 0 {
			continue
		}
		x := ref.Inertia[6*i : 6*i+6]
		size := x[0] + x[3] + x[5]
		for k, v := range []float64{in.Ixx, in.Ixy, in.Ixz, in.Iyy, in.Iyz, in.Izz} {
			near(n+": inertia", v, x[k], size)
		}
		for k, v := range []float64{in.COM.X, in.COM.Y, in.COM.Z} {
			near(n+": center of mass", v, ref.COM[3*i+k], 1)
		}
	}
	q := m.NewState().Q
	g := uint64(1)
	poses := make([]sim.Pose, len(m.Bodies()))
	for k := range len(ref.Poses) / 6 {
		for i, n := range ref.Joints {
			g = (1103515245*g + 12345) % (1 << 31)
			j, err := m.Joint(n)
			if err != nil {
				t.Fatal(err)
			}
			q[j.Q] = 2*float64(g)/(1<<31) - 1
			if k > 0 {
				continue
			}
			axis := append(append([]r3.Vec{}, j.Type.Trans...), j.Type.Rot...)[0]
			for c, v := range []float64{axis.X, axis.Y, axis.Z} {
				near(n+": axis", v, ref.Axis[3*i+c], 1)
			}
			if a := j.Axes[0]; a.Limited && ref.Limited[i] != 0 {
				near(n+": lower", a.Lower, ref.Range[2*i], 1)
				near(n+": upper", a.Upper, ref.Range[2*i+1], 1)
			}
		}
		m.Poses(poses, q)
		var at, turned r3.Vec
		for i, n := range ref.Bodies {
			f, err := m.Frame(n)
			if err != nil {
				t.Fatal(err)
			}
			p := f.Pose
			if f.Body >= 0 {
				p = poses[f.Body].Mul(p)
			}
			w := math.Cos(float64(i + 1))
			at = r3.Add(at, r3.Scale(w, p.Pos))
			turned = r3.Add(turned, r3.Scale(w, r3.Rotation(p.Rot).Rotate(r3.Vec{X: 1, Y: 2, Z: 3})))
		}
		for c, v := range []float64{at.X, at.Y, at.Z, turned.X, turned.Y, turned.Z} {
			near("pose", v, ref.Poses[6*k+c], 1)
		}
	}
	t.Logf("%d links, %d joints: largest difference %.1e", len(ref.Bodies), len(ref.Joints), worst)
}
