package sim

import (
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
)

// Sensor measures the force and torque that a link gets from its parent, through the joint between them, be it one that
// moves or a fixed one: as a six-axis force/torque sensor in that joint does. They are means over the step, on the
// link: what carries a weight that hangs on it still measures a force upward. Of a fixed joint they follow from the
// balance of momentum of all that is fixed beyond it, with what weighs on it, touches it and hangs on it; its inertia
// is that of the links as they were built, whatever parameters changed since. External wrenches ([Stepper.SetWrench])
// act on the link that gives its body the name: a sensor in a fixed joint beyond does not feel them.
type Sensor struct {
	s     *Stepper
	name  string
	frame int          // of the link, in Model.frames
	at    spatial.Pose // in the body
	reading
}

// reading is what a sensor has summed up in a step (N s, N m s).
type reading struct{ world, local spatial.Wrench }

// AddSensor returns a sensor in the joint of a link that measures, in the steps to come, about the origin of a frame
// that is fixed to the link at the given pose ([IdentityPose]: the frame of the link itself), and in its axes.
func (s *Stepper) AddSensor(link string, at Pose) (*Sensor, error) {
	i := slices.IndexFunc(s.m.frames, func(f Frame) bool { return f.Name == link })
	if i < 0 {
		return nil, fmt.Errorf("sim: sensor: model %q has no link %q", s.m.name, link)
	}
	if err := fillPose(&at); err != nil {
		return nil, fmt.Errorf("sim: sensor at link %q of model %q: %w", link, s.m.name, err)
	}
	x := &Sensor{s: s, name: link, frame: i, at: spatial.Pose(s.m.frames[i].Pose.Mul(at))}
	s.sensors = append(s.sensors, x)
	return x, nil
}

// Link returns the name of the link.
func (x *Sensor) Link() string { return x.name }

// Wrench returns the mean force and torque of the last step in world axes, about the origin of the sensor's frame where the step began.
func (x *Sensor) Wrench() Wrench { return x.mean(&x.world) }

// Reading is Wrench in the axes of the sensor's frame: what a real one says.
func (x *Sensor) Reading() Wrench { return x.mean(&x.local) }

func (x *Sensor) mean(w *spatial.Wrench) Wrench {
	return Wrench{Force: spatial.Scale(1/x.s.weights, w.Force), Torque: spatial.Scale(1/x.s.weights, w.Torque)}
}

// measure adds what the step just solved did.
func (x *Sensor) measure() {
	f, p := &x.s.m.frames[x.frame], &x.s.m.pieces[x.frame]
	at := x.s.dyn.Knot(f.Body).Mul(x.at)
	var w spatial.Wrench
	if p.Whole {
		w = x.s.dyn.BodyImpulse(f.Body, at.Pos)
	} else {
		w = x.s.dyn.PieceImpulse(p, at.Pos)
	}
	add(&x.world, w)
	back := quat.Conj(at.Rot)
	add(&x.local, spatial.Wrench{Force: spatial.QuatRotate(back, w.Force), Torque: spatial.QuatRotate(back, w.Torque)})
}

func add(to *spatial.Wrench, w spatial.Wrench) {
	to.Force, to.Torque = spatial.Add(to.Force, w.Force), spatial.Add(to.Torque, w.Torque)
}
