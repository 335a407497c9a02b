package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Self-stress: what loops that say the same several times do against each other, forces f with Nᵀf = 0. Nothing moves
// by them, so the equations leave them open, and which are found depends on the way to the solution: a gripper began
// with 1e5 times the forces that moved it, and went on with 5e-3 of them. With springs of stiffness W in place of the
// equations there are none, and the shares are theirs. Of an extension e of the springs a solve with the factors leaves
//
//	e − J H⁻¹ Nᵀ W e,
//
// next to nothing of what moves something, and all of self-stress. Transposed that tells cotangents of forces apart: an
// adjoint that meets one that nothing feels would go along rounding, as far as 1e8 times what it is.

const (
	// stressed is what self-stress may be of the forces of a step: the second solve mostly tells. Of cotangents it is
	// more than rounding.
	stressed, pulled = 1e-7, 1e-12
	// stuck is how much of what one solve leaves another one leaves, where nothing moves what is left; the hardest
	// contacts leave less.
	stuck = 1 - 1e-4
	// shedding is the most solves to tell.
	shedding = 30
)

// relieve takes the self-stress off the forces of the loops of an island that was solved.
func (p *problem) relieve() {
	if p.shut == len(p.rows) || p.yields || p.result.Iterations == 0 {
		return
	}
	w, f, e := p.apart.laws[p.shut:len(p.rows)], p.solver.Lambda[p.shut:], p.open[:0]
	for n, l := range f {
		e = append(e, spatial.Scale(1/w[n][0], l))
	}
	if p.open = e; !p.shed(e, w, stressed, articulated.Forward) {
		return
	}
	for n, x := range e {
		f[n] = spatial.Scale(w[n][0], x)
	}
	p.Residual(p.solver.Lambda)
}

// shed takes off e, extensions of the loops' springs w or cotangents of their forces, what is self-stress, and reports
// whether there was more than the given part of them.
func (p *problem) shed(e []spatial.Vec, w []ipm.Matrix, least float64, side articulated.Side) bool {
	p.carrier.start(w)
	left := append(p.carrier.left[:0], e...)
	first := math.Sqrt(p.carrier.power(e, e))
	for last, i := first, 0; i < shedding; i++ {
		p.strain(left, w, side)
		size := math.Sqrt(p.carrier.power(left, left))
		switch {
		case size <= least*first:
			return false
		case size > stuck*last:
			for n, x := range left {
				e[n] = spatial.Sub(e[n], x)
			}
			return true
		}
		last = size
	}
	return false
}

// strain makes e what a solve leaves of it.
func (p *problem) strain(e []spatial.Vec, w []ipm.Matrix, side articulated.Side) {
	s := p.s
	clear(p.mimic.c)
	for _, tr := range p.parts {
		clear(s.tree.Bias[tr.First:tr.Last])
		clear(s.tree.RHS[tr.V0:tr.V1])
	}
	for n, x := range e {
		if f := mulW(&w[n], x); side == articulated.Forward {
			p.thrust(s.tree.Bias, s.tree.RHS, p.shut+n, f)
		} else {
			p.back(s.tree.Bias, s.tree.RHS, p.shut+n, f)
		}
	}
	if side == articulated.Transposed {
		p.pullMimics(s.tree.RHS, s.tree.Bias)
	}
	if p.resolve(side); side == articulated.Forward {
		p.correct()
	}
	for n := range e {
		if side == articulated.Forward {
			e[n] = spatial.Sub(e[n], p.answerOf(p.shut+n))
		} else {
			e[n] = spatial.Add(e[n], p.test(p.shut+n))
		}
	}
}
