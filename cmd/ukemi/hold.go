package main

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
)

// sag is how far a servo may give way under the largest load it is made for (rad; m on a slider).
const sag = 0.05

// reference returns the force that bounds what the axis of dof i is made for: its effort limit, or the weight
// of its mechanism (at the lever of the radius of gyration, on a hinge) when that is less.
func reference(m *sim.Model, i int) float64 {
	e := m.Engine()
	d := &e.Dofs[i]
	b := &e.Bodies[d.Body]
	tr := &e.Trees[b.Tree]
	load := tr.Mass * e.GravityRef
	if i-b.V >= b.NT {
		load *= tr.Length
	}
	return math.Min(load, d.Effort)
}

// hold turns every torque-driven joint into a position servo. Its stiffness is the reference force over the
// sag. Its damping is critical for the inertia that the reference force can carry in gravity, or for that of
// the joint's own links when it is larger. The servos are implicit: no gain is too stiff for the step.
func hold(w *world) int {
	m, n := w.model, 0
	e := m.Engine()
	for _, j := range m.Joints() {
		if !driven(j) {
			continue
		}
		force := math.Inf(1)
		for k := range j.NV {
			force = math.Min(force, reference(m, j.V+k))
		}
		d := &e.Dofs[j.V]
		carried := force / e.GravityRef // kg
		if tr := &e.Trees[e.Bodies[d.Body].Tree]; len(j.Type.Rot) > 0 {
			carried *= tr.Length // kg m²
		}
		kp := force / sag
		kd := 2 * math.Sqrt(kp*math.Max(carried, d.Scale))
		w.builder.SetServo(j.Name, kp, kd)
		n++
	}
	return n
}

// driven reports whether all axes of the joint take torques.
func driven(j sim.JointInfo) bool {
	for _, a := range j.Axes {
		if a.Drive != sim.Torque {
			return false
		}
	}
	return len(j.Axes) > 0
}

// targets returns the servo targets that hold the state: joint coordinates, a rotation vector for balls.
func targets(m *sim.Model, s sim.State) []float64 {
	u := make([]float64, m.NU())
	e := m.Engine()
	for _, j := range m.Joints() {
		for k := range j.NV {
			in := e.Dofs[j.V+k].Input
			if in < 0 || j.Axes[k].Drive != sim.Servo {
				continue
			}
			if q := j.QuaternionOf(); q >= 0 && k >= len(j.Type.Trans) {
				v := spatial.LogQuat(quat.Number{Real: s.Q[q], Imag: s.Q[q+1], Jmag: s.Q[q+2], Kmag: s.Q[q+3]})
				u[in] = [3]float64{v.X, v.Y, v.Z}[k-len(j.Type.Trans)]
			} else {
				u[in] = s.Q[j.Q+k]
			}
		}
	}
	return u
}
