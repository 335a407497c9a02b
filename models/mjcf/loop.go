package mjcf

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
)

// loops closes the loops of bodies that connect and weld describe.
func (c *builder) loops() {
	taken := map[string]bool{}
	for i := range c.m.Equalities {
		e := &c.m.Equalities[i]
		if e.Type != Connect && e.Type != Weld || !c.active(e) {
			continue
		}
		l := sim.Loop{Name: unique(taken, e.Name, fmt.Sprintf("%s-%s", c.bodyName(e.Bodies[0]), c.bodyName(e.Bodies[1]))), Type: sim.LoopPoint}
		ends := [2]sim.Pose{{Pos: e.Anchors[0], Rot: quat.Number{Real: 1}}, {Pos: e.Anchors[1], Rot: quat.Number{Real: 1}}}
		if e.Type == Weld {
			l.Type, ends = sim.LoopWeld, e.Poses
		}
		if c.carrier(e.Bodies[0]) == c.carrier(e.Bodies[1]) {
			c.notef(e.Place, e.tag(), e.Name, "ignored: no joint is between bodies %q and %q", clip(c.bodyName(e.Bodies[0])), clip(c.bodyName(e.Bodies[1])))
			continue
		}
		a, b := e.Bodies[0], e.Bodies[1]
		l.LinkA, l.PoseA = c.link[a], c.frame[a].Mul(ends[0])
		l.LinkB, l.PoseB = c.link[b], c.frame[b].Mul(ends[1])
		c.b.AddLoop(l)
	}
}

// carrier returns the nearest body up from i that a joint moves, the world if none does.
func (c *builder) carrier(i int) int {
	for i > 0 && c.m.Bodies[i].NumJoints == 0 {
		i = c.m.Bodies[i].Parent
	}
	return i
}

func (c *builder) bodyName(i int) string {
	if i == 0 {
		return "world"
	}
	return c.bodies[i]
}

func (c *builder) active(e *Equality) bool {
	return e.Active && !c.m.off.equality && !c.m.off.constraint
}

// tag returns the element that describes e.
func (e *Equality) tag() string {
	return [...]string{"connect", "weld", "joint", "tendon"}[e.Type]
}
