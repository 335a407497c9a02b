package sim

import (
	"fmt"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
)

// mimics ties every follower to the joint at the end of its chain, q = a(b p + d) + c: what leads follows none, so the neutral
// configuration and the room that limits of followers leave need no order.
func (c *compiler) mimics() {
	leader := make([]int, len(c.joints))
	for i := range c.joints {
		leader[i] = c.leader(&c.joints[i])
	}
	d := c.m.dyn
	room := map[int][2]float64{} // of each leader, within its own limits and those of the followers so far
	for i := range c.joints {
		if leader[i] < 0 {
			continue
		}
		end, ratio, offset, ok := c.chain(leader, i)
		switch {
		case !ok:
		case !finite(ratio, offset) || !finite(c.joints[i].Mimic.Curve[:]...):
			c.errorf("joint %q: mimic ratio or offset is not finite", c.joints[i].Name)
		default:
			a, b := c.only(c.joints[i].Name), c.only(c.joints[end].Name)
			c.join(d.Bodies[d.Dofs[a].Body].Tree, d.Bodies[d.Dofs[b].Body].Tree)
			m := dynamics.Mimic{Dof: a, Of: b, Ratio: ratio, Offset: offset, Curve: c.joints[i].Mimic.Curve}
			d.Mimics = append(d.Mimics, m)
			left, ok := room[b]
			if !ok {
				left = [2]float64{d.Dofs[b].Lower, d.Dofs[b].Upper}
			}
			at, ok := within(&m, left, d.Dofs[a].Lower, d.Dofs[a].Upper)
			if !ok {
				c.m.warnings = append(c.m.warnings, fmt.Sprintf("joint %q: its limits %.6g … %.6g exclude those of joint %q, which it follows: that has room from %.6g to %.6g, where this one is from %.6g to %.6g",
					c.joints[i].Name, d.Dofs[a].Lower, d.Dofs[a].Upper, c.joints[end].Name, left[0], left[1], at[0], at[1]))
			} else if m.Ratio != 0 {
				left = at
			}
			room[b] = left
		}
	}
}

// within returns the part of the room of what leads in which the follower is between low and up, all of it for a curve.
// Where there is none ok is false, and it returns where the follower is.
func within(m *dynamics.Mimic, room [2]float64, low, up float64) (left [2]float64, ok bool) {
	const nodes = 1000 // of a curve; between two of them it has all values between theirs
	if m.Curve == [3]float64{} {
		if m.Ratio == 0 { // it does not move
			return [2]float64{m.Offset, m.Offset}, low <= m.Offset && m.Offset <= up
		}
		a, b := (low-m.Offset)/m.Ratio, (up-m.Offset)/m.Ratio
		left = [2]float64{max(room[0], min(a, b)), min(room[1], max(a, b))}
		if left[0] <= left[1] {
			return left, true
		}
		a, b = m.Ratio*room[0]+m.Offset, m.Ratio*room[1]+m.Offset
		return [2]float64{min(a, b), max(a, b)}, false
	}
	if math.IsInf(room[0], 0) || math.IsInf(room[1], 0) {
		return room, true
	}
	least, most := math.Inf(1), math.Inf(-1)
	for k := range nodes + 1 {
		y := m.At(room[0] + (room[1]-room[0])*float64(k)/nodes)
		least, most = min(least, y), max(most, y)
	}
	if least <= up && most >= low {
		return room, true
	}
	return [2]float64{least, most}, false
}

// only returns the degree of freedom of the named joint if it has exactly one, or −1.
func (c *compiler) only(joint string) int {
	for i, j := range c.m.joints {
		if j.Name == joint && j.NV == 1 {
			return c.m.dyn.Bodies[i].V
		}
	}
	return -1
}

// leader returns the joint that j mimics, or −1.
func (c *compiler) leader(j *Joint) int {
	if j.Mimic == nil {
		return -1
	}
	if a, b := c.only(j.Name), c.only(j.Mimic.Joint); a < 0 || b < 0 || a == b {
		c.errorf("joint %q mimics %q: both must be different joints with one free motion", j.Name, j.Mimic.Joint)
		return -1
	}
	for i := range c.joints {
		if c.joints[i].Name == j.Mimic.Joint {
			return i
		}
	}
	return -1
}

// chain follows the leaders of joint i to the one that follows none. Where they lead in a circle ok is false, and the first
// joint of the circle reports it: even followers that agree would leave the number of free motions to rounding.
func (c *compiler) chain(leader []int, i int) (end int, ratio, offset float64, ok bool) {
	ratio = 1
	names := []string{fmt.Sprintf("%q", c.joints[i].Name)}
	first := true
	for end = i; leader[end] >= 0; {
		m := c.joints[end].Mimic
		ratio, offset = ratio*m.Ratio, offset+ratio*m.Offset
		end = leader[end]
		names = append(names, fmt.Sprintf("%q", c.joints[end].Name))
		if len(names) > 2 && c.bent(names, i, leader) {
			return end, ratio, offset, false
		}
		if first = first && end >= i; end == i || len(names) > len(leader)+1 {
			if end == i && first {
				c.errorf("joints mimic each other in a circle: %s; one of them must follow none", strings.Join(names, " follows "))
			}
			return end, ratio, offset, false
		}
	}
	return end, ratio, offset, true
}

// bent reports whether one of the joints that joint i follows in turn follows along a curve, which is an error.
func (c *compiler) bent(names []string, i int, leader []int) bool {
	for k := range len(names) - 1 {
		if c.joints[i].Mimic.Curve != [3]float64{} {
			c.errorf("joint %s follows along a curve or follows one that does: %s; let each follow the last", names[k], strings.Join(names, " follows "))
			return true
		}
		i = leader[i]
	}
	return false
}

// join makes one mechanism of the trees a to b, since a mimic couples the two: one problem solves them. The
// trees between come along, for bodies of a mechanism are neighbors.
func (c *compiler) join(a, b int) {
	if a > b {
		a, b = b, a
	}
	if a == b {
		return
	}
	d := c.m.dyn
	d.Trees[a].Last, d.Trees[a].V1 = d.Trees[b].Last, d.Trees[b].V1
	d.Trees = append(d.Trees[:a+1], d.Trees[b+1:]...)
	for i := range d.Bodies {
		if t := &d.Bodies[i].Tree; *t > b {
			*t -= b - a
		} else if *t > a {
			*t = a
		}
	}
}
