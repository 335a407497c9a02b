package sim

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
)

// Numbers that are legal by themselves may be so large beside the inertia they act on that a step has no digits for both.
const (
	// steepest is the largest friction coefficient of a contact, a cone of 89.4°. Up to it no toss of a box fails, from 1000 on
	// many do at hard κ; what would slide on the steeper cone alone is thrown sideways by a hundred times its weight.
	steepest = 100
	// noDigits is the ratio at which one of two numbers is lost in the rounding of their sum.
	noDigits = 1e16
	// locked is the dry friction, in weights of what the joint moves, from which on it is a lock; unbound the effort that
	// limits no servo, and far the error, in radians or sizes of the mechanism, that no servo sees. Ten times as much is
	// solved yet.
	locked, unbound, far = 1e9, 1e7, 1e4
)

// scales fixes the natural sizes of all joints and checks the properties of axes against them.
func (c *compiler) scales() {
	d := c.m.dyn
	if i := d.SetScales(); i >= 0 {
		b := d.Dofs[i].Body
		c.errorf("joint %q moves no inertia about its axis %d; add mass, inertia or armature", c.m.joints[b].Name, i-d.Bodies[b].V)
		return
	}
	for i := range d.Dofs {
		c.sizes(i)
	}
	c.sinking()
}

// sizes checks the properties of dof i.
func (c *compiler) sizes(i int) {
	d, f := c.m.dyn, &c.m.dyn.Dofs[i]
	j := &c.m.joints[f.Body]
	k, h := i-j.V, d.Timestep
	weight, size := f.Mass*d.GravityRef, d.Trees[d.Bodies[f.Body].Tree].Length
	if k >= len(j.Type.Trans) {
		weight, size = weight*size, 1
	}
	for _, p := range []struct {
		name           string
		value, largest float64
		hint           string
	}{
		{"stiffness", f.Stiffness, noDigits * f.Scale / (h * h), "its inertia or a smaller timestep"},
		{"kp", f.Kp, noDigits * f.Scale / (h * h), "its inertia or a smaller timestep"},
		{"damping", f.Damping, noDigits * f.Scale / h, "its inertia or a smaller timestep"},
		{"kd", f.Kd, noDigits * f.Scale / h, "its inertia or a smaller timestep"},
		{"dry friction", f.Friction, locked * weight, "what it moves; a fixed joint does not move at all"},
	} {
		if p.value > p.largest {
			c.errorf("joint %q, axis %d: %s is %g, more than %.3g is lost in rounding beside %s", j.Name, k, p.name, p.value, p.largest, p.hint)
		}
	}
	if most := min(unbound*weight, far*(f.Kp*size+f.Kd*f.Speed)); f.Drive == dynamics.Servo && j.Axes[k].Effort > most {
		c.m.warnings = append(c.m.warnings, fmt.Sprintf("joint %q, axis %d: effort %g is out of its servo's reach (%.3g), and taken as no limit", j.Name, k, f.Effort, most))
		j.Axes[k].Effort = 0
		f.Effort = math.Inf(1)
	}
}
