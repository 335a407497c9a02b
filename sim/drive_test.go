package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// driveOnly returns a body of 2 kg m² about any axis on a joint with the given axes, without gravity.
func driveOnly(t *testing.T, typ sim.JointType, a sim.Axis) *sim.Model {
	t.Helper()
	b := sim.NewBuilder("rotor")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{})
	l := b.AddLink("rotor", sim.Inertia{Mass: 1, Ixx: 2, Iyy: 2, Izz: 2})
	axes := make([]sim.Axis, typ.NV())
	for i := range axes {
		axes[i] = a
	}
	b.AddJoint(sim.Joint{Name: "axle", Type: typ, Parent: sim.World, Child: l, Axes: axes})
	m := mustModel(t, b)
	return m
}

// TestDriveForcesMoveTheRotor: alone on its joint, a drive changes the momentum of the body by its mean force times the step, whatever
// kind it is and whether or not its effort limit holds.
func TestDriveForcesMoveTheRotor(t *testing.T) {
	y := r3.Vec{Y: 1}
	for name, c := range map[string]struct {
		typ  sim.JointType
		axis sim.Axis
		u    float64
		want float64 // 0: not known in advance
	}{
		"torque":             {sim.Revolute(y), sim.Axis{Drive: sim.Torque}, 3, 3},
		"torque beyond":      {sim.Revolute(y), sim.Axis{Drive: sim.Torque, Effort: 2}, -3, -2},
		"servo":              {sim.Revolute(y), sim.Axis{Drive: sim.Servo, Kp: 40, Kd: 2}, 0.3, 0},
		"servo with limit":   {sim.Revolute(y), sim.Axis{Drive: sim.Servo, Kp: 40, Kd: 2, Effort: 100}, 0.3, 0},
		"servo at its limit": {sim.Revolute(y), sim.Axis{Drive: sim.Servo, Kp: 40, Kd: 2, Effort: 5}, 1, 5},
		"ball":               {sim.Spherical(), sim.Axis{Drive: sim.Servo, Kp: 40, Kd: 2}, 0.3, 0},
		"ball with limit":    {sim.Spherical(), sim.Axis{Drive: sim.Servo, Kp: 40, Kd: 2, Effort: 100}, 0.3, 0},
	} {
		m := driveOnly(t, c.typ, c.axis)
		s, x := m.NewStepper(sim.Options{Kappa: 1e-10, Tolerance: 1e-12}), m.NewState()
		u, f := make([]float64, m.NU()), make([]float64, m.NU())
		s.DriveForces(f)
		if f[0] != 0 {
			t.Errorf("%s: %g before the first step", name, f[0])
		}
		u[0] = c.u
		for k := range 5 {
			before := x.Clone()
			if _, err := s.Step(&x, x, u); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			s.DriveForces(f)
			h := 0.01
			if k == 0 {
				h /= 2 // the velocity of the start is that of its instant, the step's that of the middle of its interval
			}
			if got := 2 * (x.V[0] - before.V[0]) / h; math.Abs(got-f[0]) > 1e-5*math.Abs(f[0]) {
				t.Errorf("%s: step %d takes %g N m, the drive says %g", name, k, got, f[0])
			}
			if c.want != 0 && math.Abs(f[0]-c.want) > 1e-6 {
				t.Errorf("%s: step %d: %g N m, want %g", name, k, f[0], c.want)
			}
		}
		if _, err := s.Step(&x, x, []float64{math.NaN()}); err == nil {
			t.Fatalf("%s: NaN is taken", name)
		}
		if s.DriveForces(f); f[0] != 0 {
			t.Errorf("%s: %g after a step that failed", name, f[0])
		}
	}
}

// TestDriveForceOfADividedStep is the mean over its parts, and so a torque that is held all the time.
func TestDriveForceOfADividedStep(t *testing.T) {
	m := driveOnly(t, sim.Revolute(r3.Vec{Y: 1}), sim.Axis{Drive: sim.Torque})
	s, x, f := m.NewStepper(sim.Options{}), m.NewState(), []float64{0}
	x.V[0] = 250 // 2.5 rad in a step: divided
	r, err := s.Step(&x, x, []float64{3})
	if err != nil || r.Halvings == 0 {
		t.Fatalf("%d halvings, %v", r.Halvings, err)
	}
	if s.DriveForces(f); math.Abs(f[0]-3) > 1e-12 {
		t.Errorf("%g N m, want 3", f[0])
	}
}

// TestDeepest names what overlaps most, without a step.
func TestDeepest(t *testing.T) {
	m, x, err := models.Load("stack", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := m.NewStepper(sim.Options{})
	if p, d := s.Deepest(x.Q); d > 1e-9 {
		t.Errorf("a good start: %v by %g m", p, d)
	}
	x.Q[2] -= 0.01 // it begins 1 mm above the ground, and the next 1 mm above it
	if p, d := s.Deepest(x.Q); p != (sim.Pair{A: 0, B: -1}) || math.Abs(d-0.009) > 1e-9 {
		t.Errorf("cube in the ground: %v by %g m", p, d)
	}
	x.Q[2] += 0.03
	if p, d := s.Deepest(x.Q); p != (sim.Pair{A: 0, B: 1}) || math.Abs(d-0.019) > 1e-9 {
		t.Errorf("cube in the next: %v by %g m", p, d)
	}
}

// TestInertiaBox: the box of a box's inertia is that box, however it is turned.
func TestInertiaBox(t *testing.T) {
	half := r3.Vec{X: 0.1, Y: 0.2, Z: 0.5}
	in := sim.BoxInertia(3, half).Placed(sim.Pose{Pos: r3.Vec{X: 1, Y: 2, Z: 3}, Rot: sim.RPY(0.3, -1, 2)})
	pose, got, ok := in.Box()
	if !ok || math.Abs(got.X*got.Y*got.Z-0.01) > 1e-12 || math.Abs(r3.Norm(got)-r3.Norm(half)) > 1e-12 {
		t.Fatalf("half extents %v, %v", got, ok)
	}
	back := sim.BoxInertia(3, got).Placed(pose)
	for _, d := range []float64{back.Ixx - in.Ixx, back.Ixy - in.Ixy, back.Ixz - in.Ixz, back.Iyy - in.Iyy, back.Iyz - in.Iyz, back.Izz - in.Izz, r3.Norm(r3.Sub(back.COM, in.COM))} {
		if math.Abs(d) > 1e-12 {
			t.Errorf("its inertia is off by %g", d)
		}
	}
	if _, _, ok := (sim.Inertia{}).Box(); ok {
		t.Error("nothing has a box")
	}
}
