package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// A carrier finds forces f of the closures that leave nothing of their equations, of which a solve with the factors at
// hand leaves r(f), an affine function. Alone, f ← f + W r gains little where what a loop moves leans on something that
// is harder than its springs: a necklace on its peg kept 0.48 of r each time at κ = 1e-7. So every direction is made
// orthogonal in its effect to those before and gone along as far as it helps (GCR: Eisenstat, Elman and Schultz, SIAM
// J. Numer. Anal. 20, 1983), which ends after as many solves as there are independent equations.
type carrier struct {
	w     []ipm.Matrix // the springs, diagonal
	solve int          // how many solves there were
	used  int          // how many directions
	first float64      // size of what the first solve left, the one to begin from last, and the last one
	begun float64
	size  float64
	back  bool                       // the last change is taken back: no solve follows
	left  []spatial.Vec              // r at the best forces so far
	last  []spatial.Vec              // from these to the forces of the last solve
	step  []spatial.Vec              // and from those of the solve before
	push  [mostCarried][]spatial.Vec // directions, and what they do to r
	gain  [mostCarried][]spatial.Vec
}

const (
	mostCarried = 24
	// enough of what the first solve leaves may remain; that is 1e-6 to 1 of the equations already.
	enough = 1e-10
	// little is from where on a solve that takes away less than half shows rounding: that of solves with stiff rows, of
	// which least knows nothing. Each more would bring W times that into forces that loops exert against each other,
	// 5e-3 of a gripper's at κ = 1e-7. (Of random rows that no rounding troubles some lose less than half in a solve as
	// late as at 2.2e-5, and all the rest in the next.)
	little = 2e-5
)

// start forgets everything, for rows with these springs.
func (c *carrier) start(w []ipm.Matrix) {
	resize := func(v []spatial.Vec) []spatial.Vec { return slices.Grow(v[:0], len(w))[:len(w)] }
	c.w, c.solve, c.begun, c.back = w, 0, math.Inf(1), false
	c.left, c.last, c.step = resize(c.left), resize(c.last), resize(c.step)
}

// power is the product of two lists of values, each with its own spring.
func (c *carrier) power(a, b []spatial.Vec) (sum float64) {
	for n := range a {
		sum += spatial.Dot(a[n], mulW(&c.w[n], b[n]))
	}
	return sum
}

// next stores in r, what the last solve left, by how much the forces change for the next, and reports false when no
// other is wanted: least is what rounding leaves. Where nothing but that is left a direction may be all rounding, and a
// long way along it helps nothing: a solve that leaves more than the one before is taken back.
func (c *carrier) next(r []spatial.Vec, least float64) bool {
	size, before := math.Sqrt(c.power(r, r)), c.size
	if c.size = size; c.solve == 0 {
		c.first = size
	}
	c.solve++
	switch {
	case c.solve > 3 && size > before/2 && size < little*c.first:
		return false
	case c.back || size <= least || c.solve > 1 && size <= enough*c.first || c.solve > mostCarried:
		return false
	case c.solve > 1 && size > 2*before:
		for n := range r {
			r[n] = spatial.Scale(-1, c.step[n])
		}
		c.back = true
		return true
	case c.solve == 1 || size > 2*math.Sqrt(c.power(c.left, c.left)): // rounding has outgrown what left says: begin again
		if size > c.begun/10 {
			return false
		}
		c.begun, c.used = size, 0
		copy(c.left, r)
		clear(c.last)
	case !c.along(r):
		return false
	}
	for n := range r {
		p := mulW(&c.w[n], c.left[n])
		r[n], c.last[n] = spatial.Sub(p, c.last[n]), p
	}
	copy(c.step, r)
	return true
}

// along goes along the direction of the last solve as far as it helps; last becomes the way from there to its forces.
func (c *carrier) along(r []spatial.Vec) bool {
	k := c.used
	c.used++
	c.push[k], c.gain[k] = append(c.push[k][:0], c.last...), append(c.gain[k][:0], r...)
	p, q := c.push[k], c.gain[k]
	for n := range q {
		q[n] = spatial.Sub(q[n], c.left[n])
	}
	for j := range k {
		x := -c.power(q, c.gain[j]) / c.power(c.gain[j], c.gain[j])
		for n := range q {
			q[n] = spatial.AddScaled(q[n], x, c.gain[j][n])
			p[n] = spatial.AddScaled(p[n], x, c.push[j][n])
		}
	}
	q2 := c.power(q, q)
	if !(q2 > 1e-24*c.power(c.left, c.left)) { // nothing moves what is left
		return false
	}
	x := -c.power(c.left, q) / q2
	for n := range q {
		c.left[n] = spatial.AddScaled(c.left[n], x, q[n])
		c.last[n] = spatial.AddScaled(c.last[n], -x, p[n])
	}
	return true
}
