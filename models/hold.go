package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
)

// Sag is how far a servo of [Hold] may give way under the largest load it is made for (rad; m on a slider).
const Sag = 0.05

// DriveForce returns the force that bounds what axis k of a joint is made for: its effort limit, or the weight
// of its mechanism (at the lever of the radius of gyration, on a hinge) when that is less.
func DriveForce(m *sim.Model, j *sim.JointInfo, k int) float64 {
	mech := m.Mechanism(j.Child)
	load := mech.Weight()
	if k >= len(j.Type.Trans) {
		load *= mech.Radius
	}
	if e := j.Axes[k].Effort; e > 0 { // zero is no limit
		return math.Min(load, e)
	}
	return load
}

// Hold turns every torque-driven joint of m, which b has built, into a position servo and returns how many there are; the change is
// in what b builds next. [HoldInputs] are the inputs that hold a state. A servo's stiffness is the reference force ([DriveForce]) over
// [Sag]. Its damping is critical for the inertia that the reference force can carry in gravity, or for that of
// the joint's own links when it is larger. The servos are implicit: no gain is too stiff for the step.
func Hold(b *sim.Builder, m *sim.Model) int {
	n := 0
	for _, j := range m.Joints() {
		if !TorqueDriven(j) {
			continue
		}
		force := math.Inf(1)
		for k := range j.NV {
			force = math.Min(force, DriveForce(m, &j, k))
		}
		mech := m.Mechanism(j.Child)
		carried := force / mech.Gravity // kg
		if len(j.Type.Rot) > 0 {
			carried *= mech.Radius // kg m²
		}
		kp := force / Sag
		kd := 2 * math.Sqrt(kp*math.Max(carried, m.AxisInertia(j.V)))
		b.SetServo(j.Name, kp, kd)
		n++
	}
	return n
}

// TorqueDriven reports whether all axes of the joint take torques.
func TorqueDriven(j sim.JointInfo) bool {
	for _, a := range j.Axes {
		if a.Drive != sim.Torque {
			return false
		}
	}
	return len(j.Axes) > 0
}

// HoldInputs returns the servo targets that hold the state: joint coordinates, a rotation vector for balls.
func HoldInputs(m *sim.Model, s sim.State) []float64 {
	u := make([]float64, m.NU())
	joints := m.Joints()
	for i := range u {
		in := m.InputInfo(i)
		if !in.Servo {
			continue
		}
		j, k := &joints[in.Joint], in.Axis
		if q := j.QuaternionOf(); q >= 0 && k >= len(j.Type.Trans) {
			v := spatial.LogQuat(quat.Number{Real: s.Q[q], Imag: s.Q[q+1], Jmag: s.Q[q+2], Kmag: s.Q[q+3]})
			u[i] = [3]float64{v.X, v.Y, v.Z}[k-len(j.Type.Trans)]
		} else {
			u[i] = s.Q[j.Q+k]
		}
	}
	return u
}
