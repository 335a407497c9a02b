package sim

import (
	"fmt"
	"math"
)

// State is the state between two steps: the configuration at this instant and the velocity of the interval that ends
// here, or of this very instant. It is plain data that the caller owns.
type State struct {
	Q []float64 // configuration (NQ): joints in depth-first order, parents before children
	V []float64 // velocity (NV)
	H float64   // length of the interval that V belongs to (s), as steps leave it; 0: V is the velocity at this instant
}

// NewState returns the model at rest in its neutral configuration: all coordinates zero, or in the
// middle of their limits where zero is outside.
func (m *Model) NewState() State {
	s := State{Q: make([]float64, m.dyn.NQ), V: make([]float64, m.dyn.NV)}
	m.dyn.Neutral(s.Q)
	return s
}

// Copy stores the contents of src, which belongs to the same model, into s.
func (s *State) Copy(src State) {
	s.Q = append(s.Q[:0], src.Q...)
	s.V = append(s.V[:0], src.V...)
	s.H = src.H
}

// Clone returns a copy of s.
func (s State) Clone() State {
	return State{Q: append([]float64(nil), s.Q...), V: append([]float64(nil), s.V...), H: s.H}
}

// CheckState returns an error that says what is wrong with s as a state of m: lengths, values that are
// not finite, quaternions that are not unit.
func (m *Model) CheckState(s State) error {
	if len(s.Q) != m.dyn.NQ || len(s.V) != m.dyn.NV {
		return fmt.Errorf("sim: state of model %q has %d coordinates and %d velocities, want %d and %d", m.name, len(s.Q), len(s.V), m.dyn.NQ, m.dyn.NV)
	}
	if !(s.H >= 0) || math.IsInf(s.H, 0) {
		return fmt.Errorf("sim: state has an interval of length %g s", s.H)
	}
	sound := finite(s.Q...) && finite(s.V...)
	for i := range m.joints {
		j := &m.joints[i]
		for k := 0; k < j.NQ && !sound; k++ {
			if !finite(s.Q[j.Q+k]) {
				return fmt.Errorf("sim: coordinate %d of joint %q is %g", k, j.Name, s.Q[j.Q+k])
			}
		}
		for k := 0; k < j.NV && !sound; k++ {
			if !finite(s.V[j.V+k]) {
				return fmt.Errorf("sim: velocity %d of joint %q is %g", k, j.Name, s.V[j.V+k])
			}
		}
		if j.NQ > j.NV {
			q := s.Q[j.Q+j.NQ-4 : j.Q+j.NQ]
			n := math.Sqrt(q[0]*q[0] + q[1]*q[1] + q[2]*q[2] + q[3]*q[3])
			if math.Abs(n-1) > 1e-6 {
				return fmt.Errorf("sim: quaternion of joint %q has length %g, want 1 (order w, x, y, z)", j.Name, n)
			}
		}
	}
	return nil
}

// QuaternionOf returns the index in Q of the joint's quaternion, or −1 when it has none.
func (j JointInfo) QuaternionOf() int {
	if j.NQ > j.NV {
		return j.Q + j.NQ - 4
	}
	return -1
}
