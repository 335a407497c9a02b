package models_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestRobotsArePublished compares the robots that are tables with the files they are from: names, axes, limits, drives, inertias and where
// bodies are, to the six digits of the tables.
func TestRobotsArePublished(t *testing.T) {
	for name, file := range map[string]string{
		"go2": "mjcf_menagerie/unitree_go2/go2.xml", "anymal": "mjcf_menagerie/anybotics_anymal_c/anymal_c.xml", "g1": "mjcf_menagerie/unitree_g1/g1.xml",
		"ur5e": "mjcf_menagerie/universal_robots_ur5e/ur5e.xml", "xarm7": "mjcf_menagerie/ufactory_xarm7/xarm7.xml",
		"robotiq": "mjcf_menagerie/robotiq_2f85/2f85.xml", "humanoid": "mjcf/mujoco_humanoid.xml",
	} {
		path := fixture.DataFile(t, file)
		if path == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			r, err := mjcf.Load(path, mjcf.Options{})
			if err != nil {
				t.Fatal(err)
			}
			file, err := r.Builder.Build()
			if err != nil {
				t.Fatal(err)
			}
			m, s := build(t, name, models.Options{})
			compareRobots(t, m, file, s.Q)
			compareFeet(t, m, file)
		})
	}
}

// TestAtlasIsPublished does that for Atlas, whose file is a URDF.
func TestAtlasIsPublished(t *testing.T) {
	file := floating(t, "urdf/dojo_atlas.urdf")
	if file == nil {
		return
	}
	m, s := build(t, "atlas", models.Options{})
	compareRobots(t, m, file, s.Q)
}

func compareRobots(t *testing.T, m, file *sim.Model, q []float64) {
	t.Helper()
	if m.NQ() != file.NQ() || m.NU() != file.NU() || len(m.Loops()) != len(file.Loops()) {
		t.Fatalf("nq %d, nu %d, loops %d, the file has %d, %d, %d", m.NQ(), m.NU(), len(m.Loops()), file.NQ(), file.NU(), len(file.Loops()))
	}
	near := func(what string, a, b, size float64) {
		if math.Abs(a-b) > 1e-5*size {
			t.Errorf("%s is %g, the file has %g", what, a, b)
		}
	}
	p, o := make([]sim.Pose, len(m.Bodies())), make([]sim.Pose, len(m.Bodies()))
	m.Poses(p, q)
	file.Poses(o, q)
	for i, j := range m.Joints() {
		k, name := file.Joints()[i], m.Bodies()[i]
		a, b := m.BodyInertia(i), file.BodyInertia(i)
		size := b.Ixx + b.Iyy + b.Izz
		near(name+" mass", a.Mass, b.Mass, b.Mass)
		near(name+" com x", a.COM.X, b.COM.X, 1)
		near(name+" com z", a.COM.Z, b.COM.Z, 1)
		near(name+" ixx", a.Ixx, b.Ixx, size)
		near(name+" ixz", a.Ixz, b.Ixz, size)
		near(name+" izz", a.Izz, b.Izz, size)
		near(name+" x", p[i].Pos.X, o[i].Pos.X, 1)
		near(name+" z", p[i].Pos.Z, o[i].Pos.Z, 1)
		near(name+" turn", math.Abs(p[i].Rot.Real*o[i].Rot.Real+p[i].Rot.Imag*o[i].Rot.Imag+p[i].Rot.Jmag*o[i].Rot.Jmag+p[i].Rot.Kmag*o[i].Rot.Kmag), 1, 1)
		if j.NV != 1 {
			continue
		}
		x, y := j.Axes[0], k.Axes[0]
		for what, v := range map[string][2]float64{
			"lower": {x.Lower, y.Lower}, "upper": {x.Upper, y.Upper}, "effort": {x.Effort, y.Effort}, "damping": {x.Damping, y.Damping}, "stiffness": {x.Stiffness, y.Stiffness},
			"friction": {x.Friction, y.Friction}, "armature": {x.Armature, y.Armature}, "kp": {x.Kp, y.Kp}, "kd": {x.Kd, y.Kd}, "rest": {x.Rest, y.Rest},
		} {
			near(j.Name+" "+what, v[0], v[1], math.Abs(v[1])+1e-9)
		}
		if x.Drive != y.Drive || x.Limited != y.Limited {
			t.Errorf("%s: %+v, the file has %+v", j.Name, x, y)
		}
	}
}

// compareFeet compares what resists spinning and rolling, body by body: the robots of the zoo left it out.
func compareFeet(t *testing.T, m, file *sim.Model) {
	t.Helper()
	sum := func(m *sim.Model) map[string]float64 {
		all := map[string]float64{}
		for _, c := range m.Engine().Colliders {
			if c.Body >= 0 {
				all[m.Bodies()[c.Body]] += c.Surface.Torsion + 100*c.Surface.Rolling
			}
		}
		return all
	}
	got := sum(m)
	for name, want := range sum(file) {
		if math.Abs(got[name]-want) > 1e-12 {
			t.Errorf("%s resists spinning and rolling by %g, in the file by %g", name, got[name], want)
		}
	}
}

// TestDzhanibekovTurnsOver: the spin about the middle axis changes its sign in body axes, again and again, and keeps angular momentum.
func TestDzhanibekovTurnsOver(t *testing.T) {
	m, s := build(t, "dzhanibekov", models.Options{NoGround: true})
	st := m.NewStepper(sim.Options{})
	_, was, err := st.Momentum(s)
	if err != nil {
		t.Fatal(err)
	}
	flips, sign := 0, s.V[3]
	for k := range 2000 {
		if _, err := st.Step(&s, s, nil); err != nil {
			t.Fatalf("step %d: %v", k, err)
		}
		if s.V[3]*sign < 0 {
			flips, sign = flips+1, s.V[3]
		}
	}
	_, is, err := st.Momentum(s)
	if err != nil {
		t.Fatal(err)
	}
	if flips < 3 || math.Hypot(math.Hypot(is.X-was.X, is.Y-was.Y), is.Z-was.Z) > 1e-9 {
		t.Errorf("%d turns in 20 s, angular momentum %v became %v", flips, was, is)
	}
}
