package sim

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// closeLoops checks the loops and hangs them on bodies.
func (c *compiler) closeLoops() {
	seen := map[string]bool{}
	for i, l := range c.loops {
		if l.Name == "" || seen[l.Name] {
			c.errorf("loop %d, %q: loops need names of their own", i, l.Name)
		}
		seen[l.Name] = true
		if !c.checkLoop(&l) {
			continue
		}
		e := dynamics.Loop{Kind: dynamics.LoopKind(l.Type)}
		e.A, e.OnA = c.at(l.LinkA, l.PoseA)
		e.B, e.OnB = c.at(l.LinkB, l.PoseB)
		if e.A == e.B {
			c.errorf("loop %q closes nothing: no joint that moves is between its two links", l.Name)
			continue
		}
		if e.A == dynamics.World {
			e.A, e.B, e.OnA, e.OnB = e.B, e.A, e.OnB, e.OnA
		}
		c.m.dyn.Loops = append(c.m.dyn.Loops, e)
		c.m.loops = append(c.m.loops, l.Name)
	}
}

// checkLoop checks a loop by itself and fills its poses.
func (c *compiler) checkLoop(l *Loop) bool {
	before := len(c.errs)
	if l.Type > LoopWeld {
		c.errorf("loop %q: unknown type %d", l.Name, l.Type)
	}
	for _, k := range [2]Link{l.LinkA, l.LinkB} {
		if k < World || int(k) >= len(c.links) {
			c.errorf("loop %q: link %d does not exist", l.Name, k)
		}
	}
	for _, p := range [2]*Pose{&l.PoseA, &l.PoseB} {
		if err := fillPose(p); err != nil {
			c.errorf("loop %q: %w", l.Name, err)
		}
	}
	return len(c.errs) == before
}

// at returns the body of a link, and a pose in the link as one in the body.
func (c *compiler) at(l Link, p Pose) (int, spatial.Pose) {
	if l == World {
		return dynamics.World, spatial.Pose(p)
	}
	return c.body[l], spatial.Pose(c.pose[l].Mul(p))
}

// validLoops checks the loops of a model that was read.
func (m *Model) validLoops() error {
	d := m.dyn
	if len(m.loops) != len(d.Loops) {
		return fmt.Errorf("%d names for %d loops", len(m.loops), len(d.Loops))
	}
	for i := range d.Loops {
		l := &d.Loops[i]
		if l.A < 0 || l.A >= len(d.Bodies) || l.B < dynamics.World || l.B >= len(d.Bodies) || l.A == l.B ||
			l.Kind > dynamics.LoopWeld || !validPose(Pose(l.OnA)) || !validPose(Pose(l.OnB)) || !positive(l.Mass) {
			return fmt.Errorf("loop %q: bodies %d and %d, kind %d, mass %g, or its poses", m.loops[i], l.A, l.B, l.Kind, l.Mass)
		}
	}
	return nil
}
