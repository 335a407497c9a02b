package sim

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Thruster pushes a link along axes that are fixed in it: a rotor of a drone with the torque that it leaves behind, the
// propeller of a boat, a jet. With the input u the force is u·Force and the torque u·Torque, in the axes of its frame
// and at its origin. They act at the start of a step, for its weight, as external wrenches do.
type Thruster struct {
	Name         string
	Link         Link
	Pose         Pose   // of its frame in the link frame; zero Rot means no rotation
	Force        r3.Vec // per unit of input: a direction where the input is in N
	Torque       r3.Vec // per unit of input (N m)
	Limited      bool   // whether Lower and Upper hold
	Lower, Upper float64
}

// AddThruster adds an input that pushes a link. Inputs of thrusters come after those of joints, in the order in which they were added.
func (b *Builder) AddThruster(t Thruster) { b.thrusters = append(b.thrusters, t) }

// Thrusters returns the thrusters added so far.
func (b *Builder) Thrusters() []Thruster { return append([]Thruster(nil), b.thrusters...) }

// ThrusterInfo describes a thruster of a model.
type ThrusterInfo struct {
	Name          string
	Body, Input   int
	Point         r3.Vec  // where it acts, in the body frame (m)
	Force, Torque r3.Vec  // per unit of input, in the axes of the body
	Lower, Upper  float64 // of the input; ±Inf where there are none
}

// Thrusters returns the thrusters in the order in which they were added.
func (m *Model) Thrusters() []ThrusterInfo {
	var all []ThrusterInfo
	for i, t := range m.dyn.Thrusters {
		in := m.dyn.ThrustInput(i)
		all = append(all, ThrusterInfo{m.inputs[in], t.Body, in, t.Point, t.Force, t.Torque, t.Lower, t.Upper})
	}
	return all
}

// propel checks the thrusters and hangs them on bodies.
func (c *compiler) propel() {
	seen := map[string]bool{}
	for _, name := range c.m.inputs {
		seen[name] = true
	}
	for i, t := range c.thrusters {
		before := len(c.errs)
		c.name(seen, "thruster", i, t.Name, "another input has this name")
		if t.Link < 0 || int(t.Link) >= len(c.links) {
			c.errorf("thruster %q: link %d does not exist", t.Name, t.Link)
			continue
		}
		if err := fillPose(&t.Pose); err != nil {
			c.errorf("thruster %q: %w", t.Name, err)
		}
		if !spatial.Finite(t.Force) || !spatial.Finite(t.Torque) || t.Force == (r3.Vec{}) && t.Torque == (r3.Vec{}) {
			c.errorf("thruster %q: force (%g, %g, %g) and torque (%g, %g, %g) push nothing", t.Name, t.Force.X, t.Force.Y, t.Force.Z, t.Torque.X, t.Torque.Y, t.Torque.Z)
		}
		lower, upper := math.Inf(-1), math.Inf(1)
		if t.Limited {
			lower, upper = t.Lower, t.Upper
		} else if (t.Lower != 0 || t.Upper != 0) && !unbounded(t.Lower, t.Upper) {
			c.m.warnings = append(c.m.warnings, fmt.Sprintf("thruster %q: limits from %g to %g do not hold, for Limited is not set", t.Name, t.Lower, t.Upper))
		}
		if !(lower < upper) {
			c.errorf("thruster %q: lower limit %g is not below upper limit %g", t.Name, lower, upper)
		}
		body, pose := c.at(t.Link, t.Pose)
		if body == dynamics.World {
			c.errorf("thruster %q: link %q does not move", t.Name, c.links[t.Link].name)
		}
		if len(c.errs) > before {
			continue
		}
		var turn spatial.Mat3
		turn.Set(pose.Rot)
		c.m.dyn.Thrusters = append(c.m.dyn.Thrusters, dynamics.Thruster{
			Body: body, Point: pose.Pos, Force: turn.MulVec(t.Force), Torque: turn.MulVec(t.Torque), Lower: lower, Upper: upper,
		})
		c.m.inputs = append(c.m.inputs, t.Name)
		c.m.dyn.NU++
	}
}

// validThrusters checks those of a model that was read.
func (m *Model) validThrusters() error {
	for i, t := range m.dyn.Thrusters {
		if t.Body < 0 || t.Body >= len(m.dyn.Bodies) || !spatial.Finite(t.Point) || !spatial.Finite(t.Force) || !spatial.Finite(t.Torque) || !(t.Lower < t.Upper) {
			return fmt.Errorf("thruster %d: body %d, limits %g and %g, or its axes", i, t.Body, t.Lower, t.Upper)
		}
	}
	return nil
}
