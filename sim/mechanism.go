package sim

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Mechanism is what hangs together by joints, as it was when the model was built: these numbers set the scale
// of tolerances and of κ ([Model.KappaUnit]) and do not follow later changes of parameters.
type Mechanism struct {
	First, Last int     // its bodies are First ≤ i < Last
	Mass        float64 // of all its bodies (kg)
	Radius      float64 // of gyration, in the neutral configuration (m)
	Gravity     float64 // magnitude of the acceleration of gravity, 9.81 in free space (m/s²)
}

// Weight returns the mechanism's weight (N).
func (m Mechanism) Weight() float64 { return m.Mass * m.Gravity }

// Mechanism returns the mechanism that holds body i.
func (m *Model) Mechanism(i int) Mechanism {
	t := &m.dyn.Trees[m.dyn.Bodies[i].Tree]
	return Mechanism{First: t.First, Last: t.Last, Mass: t.Mass, Radius: t.Length, Gravity: m.dyn.GravityRef}
}

// AxisInertia returns the inertia that velocity i moves in the neutral configuration, its own body and all that
// hangs on it, armature included (kg, or kg m² of a rotation).
func (m *Model) AxisInertia(i int) float64 { return m.dyn.Dofs[i].Scale }

// InputInfo says what an input drives.
type InputInfo struct {
	Name         string  // as [Model.Inputs] lists it
	Joint        int     // index in [Model.Joints]; −1: it is that of a thruster
	Axis         int     // of the joint's [JointInfo.Axes]; it moves velocity JointInfo.V + Axis
	Thruster     int     // index in [Model.Thrusters]; −1: it drives a joint
	Servo        bool    // the input is a target position, else a force or torque, or what a thruster multiplies
	Unit         string  // of the input: N, N m, m, rad; empty where a thruster's axes are no directions
	Lower, Upper float64 // what a force or a thruster's input is clamped to; ±Inf where it is not, and for servos
}

// InputInfo describes input i. Inputs are numbered in the order of the velocities that they drive; those of thrusters are the last.
func (m *Model) InputInfo(i int) InputInfo {
	info := InputInfo{Name: m.inputs[i], Joint: -1, Thruster: -1, Lower: math.Inf(-1), Upper: math.Inf(1)}
	if n := i - m.dyn.ThrustInput(0); n >= 0 {
		t := &m.dyn.Thrusters[n]
		info.Thruster, info.Lower, info.Upper = n, t.Lower, t.Upper
		switch f := spatial.Norm(t.Force); {
		case math.Abs(f-1) < 1e-9:
			info.Unit = "N"
		case f == 0 && math.Abs(spatial.Norm(t.Torque)-1) < 1e-9:
			info.Unit = "N m"
		}
		return info
	}
	for v := range m.dyn.Dofs {
		d := &m.dyn.Dofs[v]
		if d.Input != i {
			continue
		}
		b := &m.dyn.Bodies[d.Body]
		info.Joint, info.Axis, info.Servo = d.Body, v-b.V, d.Drive == dynamics.Servo
		if !info.Servo {
			info.Lower, info.Upper = -d.Effort, d.Effort
		}
		switch slides := info.Axis < b.NT; {
		case info.Servo && slides:
			info.Unit = "m"
		case info.Servo:
			info.Unit = "rad"
		case slides:
			info.Unit = "N"
		default:
			info.Unit = "N m"
		}
	}
	return info
}

// MimicInfo is an exact coupling of two joints with one free motion each:
//
//	q[Joint] = Offset + Ratio·x + Curve[0] x² + Curve[1] x³ + Curve[2] x⁴,   x = q[Of]
type MimicInfo struct {
	Joint, Of     int     // indices in [Model.Joints]
	Ratio, Offset float64 // Offset in m or rad
	Curve         [3]float64
}

// Mimics returns the couplings of joints.
func (m *Model) Mimics() []MimicInfo {
	var l []MimicInfo
	for _, c := range m.dyn.Mimics {
		l = append(l, MimicInfo{m.dyn.Dofs[c.Dof].Body, m.dyn.Dofs[c.Of].Body, c.Ratio, c.Offset, c.Curve})
	}
	return l
}

// Displace stores in dst (length NQ), which may be q, the configuration that the tangent vector d (length NV)
// leads to from q: scalars are added; a quaternion is multiplied on the right by the rotation vector in d, in
// body axes, so that it stays unit.
func (m *Model) Displace(dst, q, d []float64) { m.dyn.Displace(dst, q, d) }
