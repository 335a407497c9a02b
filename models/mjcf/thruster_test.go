package mjcf_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// drone has two rotors, the second turned and on a body with a joint that lies off the body's frame; its file numbers
// actuators otherwise than inputs.
const drone = `<mujoco><compiler autolimits="true" angle="radian"/><option gravity="0 0 -9.81"/><worldbody><body name="hull" pos="0 0 1"><freejoint name="base"/><geom size="0.1" mass="1"/>
<site name="up" pos="0.2 0 0"/>
<body name="arm" pos="0 0.3 0"><joint name="tilt" axis="1 0 0" pos="0 0.1 0"/><geom size="0.05" mass="0.2"/><site name="side" pos="0 0.2 0" euler="0 1.5707963267948966 0"/></body></body></worldbody>
<actuator><motor name="rotor" site="up" gear="0 0 2 0 0 -0.1" ctrlrange="0 5"/><motor name="servo" joint="tilt" gear="3"/>
<general name="jet" site="side" gear="0 0 1" gainprm="4" forcerange="-8 20"/></actuator>
<keyframe><key name="fly" qpos="0 0 1 1 0 0 0 0" ctrl="9 1 2"/></keyframe></mujoco>`

func TestActuatorsOnSites(t *testing.T) {
	r, m := build(t, drone, mjcf.Options{})
	if got := strings.Join(m.Inputs(), " "); got != "tilt rotor jet" {
		t.Errorf("inputs %s", got)
	}
	u := make([]float64, 3)
	r.Inputs(u, r.Model.Keys[0].Ctrl)
	if u[0] != 3 || u[1] != 5 || u[2] != 2 {
		t.Errorf("controls 9, 1, 2 are inputs %v", u)
	}
	th := m.Thrusters()
	for i, want := range []sim.ThrusterInfo{
		{Body: 0, Point: r3.Vec{X: 0.2}, Force: r3.Vec{Z: 2}, Torque: r3.Vec{Z: -0.1}, Lower: 0, Upper: 5},
		{Body: 1, Point: r3.Vec{Y: 0.1}, Force: r3.Vec{X: 4}, Lower: -2, Upper: 5}, // the link's frame is at its joint
	} {
		got := th[i]
		off := r3.Norm(r3.Sub(got.Point, want.Point)) + r3.Norm(r3.Sub(got.Force, want.Force)) + r3.Norm(r3.Sub(got.Torque, want.Torque))
		tol.Within(t, off, 1e-12, "%+v, want %+v", got, want)
		if got.Body != want.Body || got.Lower != want.Lower || got.Upper != want.Upper {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	for _, n := range r.Notes {
		if n.Physics() {
			t.Error(n)
		}
	}
	x, err := r.Start(m, "fly")
	if err != nil {
		t.Fatal(err)
	}
	again, text := roundTrip(t, r.Builder, x, 1e-9, mjcf.Options{})
	for i, a := range again.Thrusters() {
		if b := th[i]; a.Lower != b.Lower || a.Upper != b.Upper || a.Name != b.Name {
			t.Errorf("%+v became %+v in\n%s", b, a, text)
		}
	}
}

// TestUnnamedThrusters: actuators without names, or of the name of a joint, get names of their own.
func TestUnnamedThrusters(t *testing.T) {
	_, m := build(t, `<mujoco><worldbody><body><joint name="j"/><geom size="0.1"/><site name="s"/></body></worldbody><actuator><motor joint="j"/><motor site="s" name="j"/><motor site="s"/></actuator></mujoco>`, mjcf.Options{})
	if got := strings.Join(m.Inputs(), " "); got != "j j_2 motor2" {
		t.Errorf("inputs %s", got)
	}
	if in := m.InputInfo(1); !math.IsInf(in.Lower, -1) || in.Unit != "N" {
		t.Errorf("%+v", in)
	}
}

// TestSitesThatCannotPush says why.
func TestSitesThatCannotPush(t *testing.T) {
	const head = `<mujoco><worldbody><site name="w"/><body><joint name="j"/><geom size="0.1"/><site name="s"/></body></worldbody><actuator>`
	for act, want := range map[string]string{
		`<motor site="w"/>`: "its site does not move", `<motor site="s" refsite="w"/>`: "forces between two sites", `<motor site="s" gear="0"/>`: "it pushes nothing",
		`<damper site="s" ctrlrange="0 1"/>`: "pushes nothing", `<general site="s" dyntype="integrator"/>`: "are not",
	} {
		r, m := build(t, head+act+`</actuator></mujoco>`, mjcf.Options{})
		if m.NU() != 0 || !says(r, "NOT SIMULATED", want) {
			t.Errorf("%s: %d inputs, %v", act, m.NU(), r.Notes)
		}
	}
}
