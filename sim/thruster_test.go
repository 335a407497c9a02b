package sim_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// craft is a body of 2 kg with a welded boom that carries a jet at its tip, and a rotor above the body.
func craft(t *testing.T) *sim.Model {
	t.Helper()
	b := newWorld("craft", 0.01)
	hull := b.AddLink("hull", sim.BoxInertia(2, r3.Vec{X: 0.1, Y: 0.1, Z: 0.05}))
	boom := b.AddLink("boom", sim.BoxInertia(0.1, r3.Vec{X: 0.02, Y: 0.02, Z: 0.2}))
	b.AddFree("base", hull)
	b.AddJoint(sim.Joint{Name: "weld", Type: sim.Fixed(), Parent: hull, Child: boom, Origin: sim.Pose{Pos: r3.Vec{X: 0.3}, Rot: sim.RPY(0, math.Pi/2, 0)}})
	b.AddThruster(sim.Thruster{Name: "rotor", Link: hull, Pose: sim.At(0, 0, 0.1), Force: r3.Vec{Z: 1}, Torque: r3.Vec{Z: -0.02}, Limited: true, Upper: 30})
	b.AddThruster(sim.Thruster{Name: "jet", Link: boom, Pose: sim.At(0, 0, 0.2), Force: r3.Vec{X: 1}})
	return mustModel(t, b)
}

// TestThrusterPushesAlongItsBody: a craft on its side is pushed sideways by its rotor, whose torque turns it; force and
// torque are the input times the axes, those of a frame on a welded link too.
func TestThrusterPushesAlongItsBody(t *testing.T) {
	m := craft(t)
	mass := m.BodyInertia(0)
	for _, c := range []struct {
		name         string
		u            []float64
		force, point r3.Vec // in body axes
		torque       r3.Vec
	}{
		{"rotor", []float64{10, 0}, r3.Vec{Z: 10}, r3.Vec{Z: 0.1}, r3.Vec{Z: -0.2}},
		{"jet", []float64{0, 3}, r3.Vec{Z: -3}, r3.Vec{X: 0.5}, r3.Vec{}},
		{"rotor beyond", []float64{50, 0}, r3.Vec{Z: 30}, r3.Vec{Z: 0.1}, r3.Vec{Z: -0.6}},
		{"rotor backward", []float64{-5, 0}, r3.Vec{}, r3.Vec{Z: 0.1}, r3.Vec{}},
	} {
		s, x := m.NewStepper(sim.Options{Tolerance: 1e-13}), m.NewState()
		x.Q[3], x.Q[4] = math.Sqrt2/2, math.Sqrt2/2 // z of the body is −y of the world
		world := func(v r3.Vec) r3.Vec { return r3.Vec{X: v.X, Y: -v.Z, Z: v.Y} }
		p0, l0, err := s.Momentum(x)
		if err != nil {
			t.Fatal(err)
		}
		must(t, s, &x, c.u)
		p1, l1, err := s.Momentum(x)
		if err != nil {
			t.Fatal(err)
		}
		weight, fall := 0.005, r3.Vec{Z: -gravity * mass.Mass * 0.01}
		tol.Within(t, r3.Norm(r3.Sub(r3.Sub(p1, p0), r3.Add(fall, world(r3.Scale(weight, c.force))))), 1e-12, "%s: momentum", c.name)
		turn := r3.Scale(weight, world(r3.Add(c.torque, r3.Cross(c.point, c.force))))
		turn = r3.Add(turn, r3.Cross(world(mass.COM), fall)) // about the world's origin
		tol.Within(t, r3.Norm(r3.Sub(r3.Sub(l1, l0), turn)), 1e-4, "%s: angular momentum", c.name)
		f := make([]float64, 2)
		s.DriveForces(f)
		if want := math.Max(0, math.Min(30, c.u[0])); math.Abs(f[0]-want) > 1e-12 || f[1] != c.u[1] {
			t.Errorf("%s: drives report %v", c.name, f)
		}
	}
}

// TestHover: a rotor of the craft's weight under its center of mass holds it, and its torque turns it as a torque on a flywheel does.
func TestHover(t *testing.T) {
	b := newWorld("flyer", 0.01)
	hull := b.AddLink("hull", sim.BoxInertia(2, r3.Vec{X: 0.1, Y: 0.1, Z: 0.05}))
	b.AddFree("base", hull)
	b.AddThruster(sim.Thruster{Name: "rotor", Link: hull, Pose: sim.At(0, 0, -0.1), Force: r3.Vec{Z: 1}, Torque: r3.Vec{Z: 0.001}})
	m := mustModel(t, b)
	s, x := m.NewStepper(sim.Options{}), m.NewState()
	u := []float64{2 * gravity}
	for range 300 {
		must(t, s, &x, u)
	}
	tol.Within(t, math.Abs(x.Q[2])+math.Abs(x.V[2]), 1e-8, "it leaves its height")
	middle := 3 - 0.005 // of the last interval
	tol.Within(t, math.Abs(x.V[5]*m.BodyInertia(0).Izz/(u[0]*0.001*middle)-1), 1e-9, "spin")
	if n := testing.AllocsPerRun(10, func() { must(t, s, &x, u) }); n > 0 {
		t.Errorf("a step takes %g allocations", n)
	}
}

// TestSensorBesideAThruster: what a weld transmits to a boom with a jet is what the boom needs beside the jet's force.
func TestSensorBesideAThruster(t *testing.T) {
	b := newWorld("stand", 0.01)
	arm := b.AddLink("arm", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	nozzle := b.AddLink("nozzle", sim.BoxInertia(0.5, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddJoint(sim.Joint{Name: "slide", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: arm, Axes: []sim.Axis{{Drive: sim.Servo, Kp: 1e6, Kd: 1e4}}})
	b.AddJoint(sim.Joint{Name: "weld", Type: sim.Fixed(), Parent: arm, Child: nozzle})
	b.AddThruster(sim.Thruster{Name: "jet", Link: nozzle, Pose: sim.At(0, 0, 0.2), Force: r3.Vec{X: -1}})
	m := mustModel(t, b)
	s := m.NewStepper(sim.Options{})
	weld := sensor(t, s, "nozzle", sim.IdentityPose)
	x := m.NewState()
	for range 1000 {
		must(t, s, &x, []float64{0, 7})
	}
	sameWrench(t, weld.Wrench(), sim.Wrench{Force: r3.Vec{X: 7, Z: 0.5 * gravity}, Torque: r3.Vec{Y: 1.4}}, 1e-6, "at the weld")
	sameWrench(t, s.JointWrench(0), sim.Wrench{Force: r3.Vec{X: 7, Z: 1.5 * gravity}, Torque: r3.Vec{Y: 1.4}}, 1e-6, "at the slide")
}

// TestThrustersAreInputs: they have names, limits and units behind the drives of joints, and a saved model has them.
func TestThrustersAreInputs(t *testing.T) {
	m := craft(t)
	var buf bytes.Buffer
	if err := m.Save(&buf); err != nil {
		t.Fatal(err)
	}
	loaded, err := sim.LoadModel(&buf)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []*sim.Model{m, loaded} {
		if got := strings.Join(m.Inputs(), " "); m.NU() != 2 || got != "rotor jet" {
			t.Errorf("%d inputs: %s", m.NU(), got)
		}
		in := m.InputInfo(0)
		if in.Joint != -1 || in.Thruster != 0 || in.Servo || in.Unit != "N" || in.Lower != 0 || in.Upper != 30 {
			t.Errorf("%+v", in)
		}
		jet := m.Thrusters()[1]
		tol.Within(t, r3.Norm(r3.Sub(jet.Point, r3.Vec{X: 0.5}))+r3.Norm(r3.Sub(jet.Force, r3.Vec{Z: -1})), 1e-15, "%+v", jet)
		if jet.Name != "jet" || jet.Body != 0 || jet.Input != 1 || !math.IsInf(jet.Upper, 1) {
			t.Errorf("%+v", jet)
		}
	}
	if m.Structure() != loaded.Structure() {
		t.Error("the loaded model has another structure")
	}
}

// TestThrusterMistakes: each is named.
func TestThrusterMistakes(t *testing.T) {
	for want, spoil := range map[string]func(*sim.Thruster){
		"has no name":           func(t *sim.Thruster) { t.Name = "" },
		"another input":         func(t *sim.Thruster) { t.Name = "motor" },
		"link 9 does not exist": func(t *sim.Thruster) { t.Link = 9 },
		"does not move":         func(t *sim.Thruster) { t.Link = 1 },
		"push nothing":          func(t *sim.Thruster) { t.Force = r3.Vec{} },
		"and torque (NaN":       func(t *sim.Thruster) { t.Torque.X = math.NaN() },
		"is not below":          func(t *sim.Thruster) { t.Limited, t.Lower, t.Upper = true, 1, 1 },
		"pose is not finite":    func(t *sim.Thruster) { t.Pose.Pos.X = math.Inf(1) },
	} {
		b := newWorld("craft", 0.01)
		hull, base := b.AddLink("hull", sim.BoxInertia(2, r3.Vec{X: 0.1, Y: 0.1, Z: 0.05})), b.AddLink("base", sim.Inertia{})
		b.AddJoint(sim.Joint{Name: "bolt", Type: sim.Fixed(), Parent: sim.World, Child: base})
		b.AddJoint(sim.Joint{Name: "motor", Type: sim.Revolute(r3.Vec{Z: 1}), Parent: base, Child: hull, Axes: []sim.Axis{{Drive: sim.Torque}}})
		th := sim.Thruster{Name: "jet", Link: hull, Force: r3.Vec{X: 1}}
		spoil(&th)
		b.AddThruster(th)
		if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
