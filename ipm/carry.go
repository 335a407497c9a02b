package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// amiss is what a direction has to leave of an equation, in natural units, for other forces to be looked for: less is
// met in time, and may be rounding, which would only set loops against each other.
const amiss = 1e-9

// carried is how many directions of forces are tried for one step of the iterate, and vain the part of what is left
// that one of them has to take away.
const (
	carried = 8
	vain    = 1e-3
)

// carrier is the scratch memory of carry: forces of the equations and what these leave, and directions of the forces
// and what they do to that.
type carrier struct {
	force, left []r3.Vec
	push, gain  [carried][]r3.Vec
}

// carry finds forces of the equations that leave nothing of them where to carry them on from solve to solve gains
// little: what a loop holds may lean on something that is harder than the springs in its place, as a crank at its dead
// center does on the stop of its slider, and each solve leaves nearly all of the equation then. Directions are made
// orthogonal in their effect to those before and gone along as far as they help (GCR: Eisenstat, Elman and Schultz,
// SIAM J. Numer. Anal. 20, 1983).
func (v *Solver) carry() {
	c, n := &v.carrier, len(v.frees)
	c.force, c.left = grow(c.force, n), grow(c.left, n)
	for i := range v.blocks {
		if v.blocks[i].Kind == Equal {
			c.force[v.at[i].cone] = v.k[i]
		}
	}
	size := v.leaves(c.left)
	for d := 0; d < carried && size > firmly; d++ {
		c.push[d], c.gain[d] = grow(c.push[d], n), grow(c.gain[d], n)
		p, q := c.push[d], c.gain[d]
		for i := range v.blocks {
			if b := &v.blocks[i]; b.Kind == Equal {
				e := v.at[i].cone
				p[e] = r3.Scale(-v.w[i][0]*b.Scale, c.left[e])
				v.k[i] = r3.Add(c.force[e], p[e])
			}
		}
		v.p.Direction(v.k, v.du)
		v.leaves(q)
		add(q, -1, c.left)
		for j := range d {
			x := -dot(q, c.gain[j]) / dot(c.gain[j], c.gain[j])
			add(q, x, c.gain[j])
			add(p, x, c.push[j])
		}
		x := -dot(c.left, q) / dot(q, q)
		if math.IsNaN(x) || math.IsInf(x, 0) {
			break
		}
		add(c.left, x, q)
		add(c.force, x, p)
		last := size
		if size = math.Sqrt(dot(c.left, c.left)); !(size < (1-vain)*last) {
			break
		}
	}
	for i := range v.blocks {
		if v.blocks[i].Kind == Equal {
			v.k[i] = c.force[v.at[i].cone]
		}
	}
	v.p.Direction(v.k, v.du)
}

// untouched reports whether no contact with friction is among the blocks: what loops that grip press is met in time,
// and forces looked for there cost derivatives digits.
func (v *Solver) untouched() bool {
	for i := range v.blocks {
		if k := v.blocks[i].Kind; k == Coulomb || k == Pyramid || k == Elliptic {
			return false
		}
	}
	return true
}

// leaves stores what the last direction leaves of the equations, in natural units, and returns its size.
func (v *Solver) leaves(left []r3.Vec) float64 {
	for i := range v.blocks {
		if b := &v.blocks[i]; b.Kind == Equal {
			c := v.equal(i)
			left[v.at[i].cone] = r3.Scale(1/b.Scale, c.remains(&v.du[i]))
		}
	}
	return math.Sqrt(dot(left, left))
}

// add adds t b to a.
func add(a []r3.Vec, t float64, b []r3.Vec) {
	for n := range a {
		a[n] = r3.Add(a[n], r3.Scale(t, b[n]))
	}
}

func dot(a, b []r3.Vec) (sum float64) {
	for n := range a {
		sum += r3.Dot(a[n], b[n])
	}
	return sum
}
