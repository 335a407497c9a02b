package implicit

import (
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
)

// tieReach is how far from a state features that change are a tie at it (m, rad).
const tieReach = 1e-7

// countTies counts the contacts of a step from cur that have a kink: those with an arbitrary normal, dampers that begin
// where they touch, and changes.
func (c *checker) countTies(cur sim.State, u []float64) {
	c.report.Ties = max(c.report.Ties, c.step.Kinks(tieReach)+c.changes(cur, u))
}

// changes counts the contacts between shapes that only one of two states on both sides of cur has.
func (c *checker) changes(cur sim.State, u []float64) (n int) {
	if len(c.d.Pairs) == 0 {
		return 0
	}
	var keys [2]map[dynamics.Key]bool
	rng := rand.New(rand.NewPCG(1, 2))
	d := make([]float64, c.d.NV)
	for i := range d {
		d[i] = tieReach * (2*rng.Float64() - 1)
	}
	for side := range keys {
		x := cur.Clone()
		c.d.Displace(x.Q, cur.Q, d)
		if c.take(c.diff, x, u) != nil {
			return 0
		}
		keys[side] = map[dynamics.Key]bool{}
		for _, m := range c.diff.Meetings(nil) {
			keys[side][m.Key] = true
		}
		for i := range d {
			d[i] = -d[i]
		}
	}
	for side := range keys {
		for k := range keys[side] {
			if !keys[1-side][k] {
				n++
			}
		}
	}
	return n
}
