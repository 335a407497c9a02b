package sim

import (
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// reports is what the parts of a step add up, impulses before all; as means over weights they are told as forces.
type reports struct {
	contacts []dynamics.ContactReport // of all that can be with half-spaces
	meetings []dynamics.Meeting       // contacts of pairs of colliders
	joints   []spatial.Wrench         // by body
	drives   []float64                // by input
	loops    []dynamics.LoopReport
	weights  float64 // times for which forces at the knots acted
	parts    []Part  // where the step took more than one solve
	calmed   int     // bounces turned down
}

// newReports returns those of no step yet: all forces are zero.
func newReports(m *dynamics.Model) reports {
	return reports{
		contacts: make([]dynamics.ContactReport, len(m.Contacts)), joints: make([]spatial.Wrench, len(m.Bodies)),
		drives: make([]float64, m.NU), loops: make([]dynamics.LoopReport, len(m.Loops)), weights: m.Timestep,
	}
}

func (r *reports) reset() {
	clear(r.contacts)
	clear(r.joints)
	clear(r.drives)
	clear(r.loops)
	r.meetings, r.parts = r.meetings[:0], r.parts[:0]
	r.weights, r.calmed = 0, 0
}

// snapshot is what was reported before parts of which it is not known whether they are taken.
type snapshot struct {
	reports
	readings []reading // of the sensors
}

func (s *Stepper) snapshot() snapshot {
	c := snapshot{reports: s.reports}
	c.contacts, c.meetings, c.joints, c.drives, c.loops = slices.Clone(s.contacts), slices.Clone(s.meetings), slices.Clone(s.joints), slices.Clone(s.drives), slices.Clone(s.loops)
	for _, x := range s.sensors {
		c.readings = append(c.readings, x.reading)
	}
	return c
}

// restore goes back to what was reported then.
func (s *Stepper) restore(c snapshot) {
	copy(s.contacts, c.contacts)
	s.meetings = append(s.meetings[:0], c.meetings...)
	copy(s.joints, c.joints)
	copy(s.drives, c.drives)
	copy(s.loops, c.loops)
	for i, x := range s.sensors {
		x.reading = c.readings[i]
	}
	s.weights, s.parts, s.calmed = c.weights, s.parts[:len(c.parts)], c.calmed
}

// JointWrench returns the mean force and torque that joint i transmitted to its body in the last step,
// in world axes about the body frame origin, what drives and limits do along its free motions included.
func (s *Stepper) JointWrench(i int) Wrench {
	w := &s.joints[i]
	return Wrench{Force: spatial.Scale(1/s.weights, w.Force), Torque: spatial.Scale(1/s.weights, w.Torque)}
}

// DriveForces stores in dst (length NU) the mean force or torque of every drive in the last step (N or N m), in the
// order of [Model.Inputs]: a torque input after its effort limit, what a servo exerted, the input of a thruster after
// its limits; of a spherical joint along its body axes. Zero before the first step and after one that failed.
func (s *Stepper) DriveForces(dst []float64) {
	for i, f := range s.drives {
		if dst[i] = 0; s.solved {
			dst[i] = f / s.weights
		}
	}
}

// Calmed returns how many contacts of the last step, summed over its parts, bounced less than their restitution says:
// by Newton's law they would have given energy.
func (s *Stepper) Calmed() int { return s.calmed }
