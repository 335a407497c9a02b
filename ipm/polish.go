package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Constants of the polish.
const (
	// stiffness of what holds, in natural units. Its equation is not eliminated but kept by a spring whose
	// force is carried on until the spring gives nothing (method of multipliers): so it does not matter that
	// contacts may hold a body in more ways than it has freedoms. An iteration leaves 1/stiffness of the error.
	stiffness = 1e8
	// polished is the violation, in natural units, at which all equations count as met. Newton's method goes
	// far below it, except where more is held than there is freedom, and rounding contradicts itself.
	polished = 1e-11
	// decided is how much a force may seem to pull, or friction to exceed its bound, by rounding.
	decided = 1e-10
	// rough is the same before the equations are met: branches that cannot be met together fight with forces
	// that grow without bound.
	rough = 1e-6
	// snug is the gap, in natural units, that a contact which begins with less keeps. Where joints stick that
	// hold it there, it cannot be closed; and the next step would begin in the same place.
	snug = 1e-7
	// looser is how many times the κ a polish starts from where the solve at κ fails.
	looser = 1000
	// polishIter bounds the iterations, those after corrected branches included.
	polishIter = 40
)

// branch says which branches of its laws a block is on: apart without a multiplier; at the bound in either
// direction of a pyramid, or the only one of other cones, and on which side if that has two.
type branch struct {
	open  bool
	slide [2]bool
	side  [2]float64
}

// polish takes the solution at a small κ to κ = 0: it reads from it which gaps are closed and what sticks,
// and solves the equations of those branches by Newton's method. It reports false when they contradict the
// laws however they are corrected; the point is of no use then.
func (v *Solver) polish() (iterations int, ok bool) {
	if v.count() == 0 {
		return 0, true
	}
	v.sort()
	for {
		worst := max(v.resF, v.hold())
		allowed := rough
		if worst <= polished {
			allowed = decided
		}
		if !v.settled(allowed) {
			v.hold()
		} else if worst <= polished {
			v.gap = worst
			return iterations, true
		}
		if iterations == polishIter || math.IsNaN(worst) || math.IsInf(worst, 0) || !v.p.Factor(v.w) {
			return iterations, false
		}
		iterations++
		v.p.Direction(v.k, v.du)
		v.p.Step(1)
		for i := range v.blocks {
			v.Lambda[i] = r3.Add(v.Lambda[i], v.w[i].change(&v.k[i], &v.du[i]))
		}
		v.acrossAll(v.Lambda, v.du)
		if !v.p.Values(v.U) {
			return iterations, false
		}
		v.resF = v.p.Residual(v.Lambda)
	}
}

// slides compares a slack with the margin of its multiplier.
func (b *Block) slides(s, g float64) bool { return s/b.ScaleT > g*b.ScaleT/b.KappaT }

func (b *Block) slidesTo(p *wedge) (bool, float64) {
	return b.slides(max(p.s.p, p.s.m), min(p.g.p, p.g.m)), math.Copysign(1, p.g.p-p.g.m)
}

// heading returns the direction in which a block slides that has the tangential value u and the multiplier l,
// and how fast. What has only just let go goes against its friction.
func (b *Block) heading(u, l r3.Vec) (d r3.Vec, speed float64) {
	const slow = 1e-9
	if n := r3.Norm(u); n > slow*b.ScaleT {
		return r3.Scale(1/n, u), n
	}
	return r3.Scale(-1/r3.Norm(l), l), slow * b.ScaleT
}

// change moves cone c to its other branch when its force drives what slides, or holds by more than the bound.
func (f *branch) change(c int, allowed, power, over, force float64) (right bool) {
	switch {
	case f.slide[c] && power > allowed:
		f.slide[c] = false
	case !f.slide[c] && over > allowed:
		f.slide[c], f.side[c] = true, math.Copysign(1, force)
	default:
		return true
	}
	return false
}
