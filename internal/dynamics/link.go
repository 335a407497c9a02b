package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/ipm"
)

// Which pairs of bodies the matrix of a direction couples. Bodies push each other long before they touch, as on the
// central path a gap s has the force κ/s, and every pair that is coupled fills the factors: of 100 balls that fall on
// each other 248 pairs push, and factors couple 2440. But 106 of them are felt, and these couple 114. So what is softer
// than that is left out of the matrix. It is not left out of the balances, nor of derivatives: an iteration leaves the
// part of an error that the weak contacts are of the inertia, where Newton's method without their curvature leaves
// more. Only piles gain by it. Few bodies fill little, and steps that end by Newton's own speed are more accurate than
// asked, which differences of them need. Where loops hold bodies a necklace took 5 % more iterations, and 8000 in one
// step.

const (
	// weak is the stiffness of a contact, in inertias of what it moves over the step, below which it does not couple
	// two bodies. From 1e-4 on steps that need a single iteration take more.
	weak = 1e-5
	// fading is the part of it above which a pair stays coupled that was so in the iteration before: the order of
	// elimination shall not change needlessly.
	fading = 0.1
)

// link couples all pairs of bodies whose contacts, given their condensed matrices, are at least so stiff, and those that loops join.
func (p *problem) link(w []ipm.Matrix, least float64) {
	if !p.touching() {
		return
	}
	stiff := slices.Grow(p.stiff[:0], len(p.near))[:len(p.near)]
	clear(stiff)
	for i := p.met; i < p.shut && least > 0; i++ {
		if c := p.meetOf(i); c.near >= 0 {
			stiff[c.near] = max(stiff[c.near], hardest(&w[i])*p.s.h/c.mass)
		}
	}
	for i := p.shut; i < len(p.rows); i++ {
		if c := p.s.closureOf(&p.rows[i]); c.near >= 0 {
			stiff[c.near] = math.Inf(1)
		}
	}
	same := p.told
	p.stiff, p.links, p.told = stiff, p.links[:0], true
	for n, x := range stiff {
		was := p.linked[n] >= 0
		if x < least && (!was || x < fading*least) {
			p.linked[n] = -1
			same = same && !was
			continue
		}
		same = same && was
		p.linked[n] = len(p.links)
		p.links = append(p.links, p.near[n])
	}
	if !same && p.coupled() {
		p.graph.Couple(p.spans, p.links)
	}
}

// hardest returns the largest number of w.
func hardest(w *ipm.Matrix) (most float64) {
	for _, x := range w {
		most = max(most, math.Abs(x))
	}
	return most
}
