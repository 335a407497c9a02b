package mjcf

import (
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
)

// beyond is a mass (kg), length (m) or acceleration (m/s²) that no robot comes near, in any unit: from there on
// products of numbers overflow.
const beyond = 1e12

// mend refuses moving bodies that have nothing to be moved, or an inertia that no body has, or with Options.Repair gives them one.
func (c *builder) mend() {
	bodies, above, all := c.m.Bodies, make([]float64, len(c.m.Bodies)), 0.0 // mass of each body and what hangs on it
	whole := slices.Clone(c.inertia)                                        // of what is welded together
	for i := len(bodies) - 1; i > 0; i-- {
		b := &bodies[i]
		all += c.inertia[i].Mass
		above[i] += c.inertia[i].Mass
		above[b.Parent] += above[i]
		if c.moving[i] && b.NumJoints == 0 {
			whole[b.Parent] = whole[b.Parent].Plus(whole[i].Placed(b.Pose))
		}
	}
	mass := math.Max(1e-3, 1e-4*all)
	radius := 0.01 * math.Cbrt(mass/1e-3)
	for i := range bodies {
		if bodies[i].NumJoints == 0 || bodies[i].unknown != nil && above[i] == 0 { // reported
			continue
		}
		switch err := whole[i].Check(); {
		case above[i] == 0:
			if c.repaired(i, "moves, but has no mass, and so has what hangs on it; give it an <inertial>, or geoms that weigh", fmt.Sprintf("it has that of a ball of %.3g g and %.3g cm radius", 1e3*mass, 1e2*radius)) {
				c.inertia[i] = sim.SphereInertia(mass, radius)
			}
		case whole[i].Mass > beyond:
			c.errorf(bodies[i].Place, "<body> %q: a mass of %.3g kg is beyond anything a robot has; correct it", clip(c.bodies[i]), whole[i].Mass)
		case whole[i].Mass > 0 && err != nil:
			if in, change := c.inertia[i].Repair(); c.repaired(i, err.Error()+"; correct it", change) {
				c.inertia[i] = in
			}
		}
	}
}

// repaired reports what is wrong with a body, and whether it shall be repaired.
func (c *builder) repaired(i int, wrong, cure string) bool {
	b := &c.m.Bodies[i]
	if !c.opt.Repair {
		c.errorf(b.Place, "<body> %q: %s, or load with Repair: %s then", clip(c.bodies[i]), wrong, cure)
		return false
	}
	c.notef(b.Place, "body", clip(c.bodies[i]), "repaired: %s: %s%s", wrong, cure, changes)
	return true
}
