package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Iterative refinement (Wilkinson, 1963) of the solves of a linearization. Where a blow is hard the rows' W are many
// times what bodies feel of their inertia, γ²/κ against m/h: 1e13 times at 10 m/s and κ = 1e-9. The sum H = F + NᵀWJ
// that is factored keeps few digits of F then. The equations with the multipliers as unknowns of their own have F alone
// in them,
//
//	F x − Nᵀdλ = −b,   dλ = k − W (du + J x)         and transposed   Fᵀz + Jᵀζ = y,   ζ = Wᵀ(e + N z),
//
// so what a solve leaves of the first is known to all digits, and the same factors take it away: dλ is changed by −W J δx, and never found
// from x as a whole, whose rounding W would multiply. That leaves the part 1e-16 W/F of the error each time.

const (
	// stiff is how many times what bodies feel of their inertia rows may be before solves are refined. They are off by 1e-16 times that.
	stiff = 1e6
	// accurate is what may be left of the balances, as part of what bodies and joints alone do to them, and refinements
	// the most solves to get there: a fifth of the error is left each time in the worst of the blows that were tried.
	accurate    = 1e-13
	refinements = 30
	// coarse is from where a solve that takes away less than half is rounding of the balances themselves.
	coarse = 1e-9
)

// onAxis reports whether the row is one number of a joint's axis. Its W is in one pivot alone then, and what it adds to
// the sum spoils nothing else: the coordinate and its cotangent keep their digits, next to nothing as they are. Its
// multiplier does not, and nobody asks for it.
func (r *row) onAxis() bool {
	switch r.kind {
	case rowTouch, rowMeet, rowEqual:
		return false
	}
	return !r.ball
}

// goes reports whether a solve that left so much calls for another one, after one that left last.
func goes(left, last float64) bool {
	return left > accurate && (left < last/2 || left > coarse && left < 10*last)
}

// stiffest returns how many times the natural multiplier per natural value the stiffest row gives. With loops, whose
// springs are in the sum too, it counts for ten times that: a necklace was off by 2e-6.
func (p *problem) stiffest() (most float64) {
	for n := range p.rows {
		if !p.rows[n].onAxis() {
			most = max(most, p.stiffness(n))
		}
	}
	if p.shut < len(p.rows) {
		most *= 10
	}
	return most
}

func (p *problem) stiffness(n int) float64 {
	b, w := &p.blocks[n], &p.w[n]
	along, across := 0.0, max(w[4], w[8])
	switch b.Kind {
	case ipm.Equal: // has a spring
		return 0
	case ipm.Bound, ipm.Turn:
		across = max(w[0], across)
	default:
		along = w[0] * b.Scale * b.Scale / b.Product
	}
	return max(along, across*b.ScaleT*b.ScaleT/b.ProductT)
}

// refine takes away what rounding leaves of the solution in s.tree for the change d.
func (p *problem) refine(d *change) {
	l := p.s.lin
	dl := l.dl[p.first:]
	for n := range p.rows {
		dl[n] = p.follow(d, n)
	}
	for last, i := math.Inf(1), 0; i < refinements; i++ {
		left := p.leave(d)
		if !goes(left, last) {
			return
		}
		last = left
		p.stash()
		p.put(&l.left)
		p.settle(&l.left)
		for n := range p.rows {
			dl[n] = spatial.Add(dl[n], p.follow(&l.left, n))
		}
		p.unstash()
	}
}

// leave stores what the solution leaves of the equations, and returns the largest part of it.
func (p *problem) leave(d *change) float64 {
	s, l := p.s, p.s.lin
	left := &l.left
	p.widen(articulated.Forward)
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			left.wrench[i] = d.wrench[i]
			addProduct(&left.wrench[i], &l.a3[i], &s.tree.Twist[i])
		}
		copy(left.rj[tr.V0:tr.V1], d.rj[tr.V0:tr.V1])
		s.addSlopes(tr, left.rj, s.tree.X, false)
	}
	for n := p.met; n < p.shut; n++ {
		s.swing(left.wrench, p.meetOf(n))
	}
	alone := max(p.largest(d, articulated.Forward), p.largest(left, articulated.Forward))
	for n := range p.rows {
		r, i, du, k := &p.rows[n], p.first+n, spatial.Vec{}, spatial.Vec{}
		p.thrust(left.wrench, left.rj, n, l.dl[i])
		if u := p.wideValue(n, d.du[i]); r.kind == rowEqual && !p.springs {
			du = u
		} else {
			k = spatial.Sub(spatial.Sub(d.k[i], mulW(&p.w[n], u)), l.dl[i])
		}
		if r.mate != 0 {
			k = spatial.Sub(k, mulW(&p.w[r.across], p.wideValue(n+r.mate, d.du[i+r.mate])))
		}
		if r.kind == rowCone {
			s.swingCone(left.rj, r, false)
		}
		left.du[i], left.k[i] = du, k
	}
	for _, i := range p.mimics {
		c := &s.m.Mimics[i]
		left.rj[c.Dof] -= s.dnu[i]
		left.rj[c.Of] += s.slope2(c) * s.dnu[i]
		left.c[i] = d.c[i] + s.mimicRow(i, s.tree.X)
	}
	return p.largest(left, articulated.Forward) / alone
}

// refineBack and leaveBack are refine and leave for the adjoint in s.tree and the cotangent d. They always go on once:
// what rounding leaves of ζ alone the balances do not see.
func (p *problem) refineBack(d *change) {
	l := p.s.lin
	zeta, more := l.zeta[p.first:][:len(p.rows)], l.eta[p.first:][:len(p.rows)]
	p.wideBack(zeta, d)
	for last, i := math.Inf(1), 0; i < refinements; i++ {
		left := p.leaveBack(d)
		if i > 0 && !goes(left, last) {
			return
		}
		last = left
		p.stash()
		p.settleBack(&l.left)
		p.wideBack(more, &l.left)
		for n := range zeta {
			zeta[n] = spatial.Add(zeta[n], more[n])
		}
		p.unstash()
	}
}

func (p *problem) leaveBack(d *change) float64 {
	s, l := p.s, p.s.lin
	left := &l.left
	p.wideBack(left.du[p.first:], d)
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			var w spatial.Wrench
			l.a3[i].TMulTwist(&w, &s.tree.Twist[i])
			left.wrench[i] = d.wrench[i]
			addWrenchTo(&left.wrench[i], w)
		}
		copy(left.rj[tr.V0:tr.V1], d.rj[tr.V0:tr.V1])
		s.addSlopes(tr, left.rj, s.tree.X, true)
	}
	for n := p.met; n < p.shut; n++ {
		s.swingBack(left.wrench, p.meetOf(n), s.tree.Twist)
	}
	alone := max(p.largest(d, articulated.Transposed), p.largest(left, articulated.Transposed))
	for n := range p.rows {
		r, i := &p.rows[n], p.first+n
		p.back(left.wrench, left.rj, n, l.zeta[i])
		left.du[i], left.k[i] = spatial.Sub(left.du[i], l.zeta[i]), spatial.Vec{}
		switch {
		case r.kind == rowEqual && !p.springs:
			left.du[i], left.k[i] = spatial.Vec{}, spatial.Add(d.k[i], p.test(n))
		case r.kind == rowCone:
			s.swingCone(left.rj, r, true)
		}
	}
	for _, i := range p.mimics {
		c := &s.m.Mimics[i]
		left.rj[c.Dof] -= s.dnu[i]
		left.rj[c.Of] += s.slope3(c) * s.dnu[i]
		left.c[i] = s.tree.X[c.Dof] - s.slope2(c)*s.tree.X[c.Of]
	}
	return p.largest(left, articulated.Transposed) / alone
}

// addSlopes adds to rj what the joints' own forces feel of x at knot 3, or the transpose.
func (s *Stepper) addSlopes(tr *part, rj, x []float64, transposed bool) {
	for _, k := range tr.forces {
		if !s.balls[k] {
			rj[k] += s.axisSlope(k, &s.m.Dofs[k]) * x[k]
			continue
		}
		var m spatial.Mat3
		s.ballForceSlope(&m, k)
		addTo(rj[k:], 1, turned(&m, vec3(x[k:]), transposed))
	}
}

// swingCone adds to rj how the impulse of a spherical joint's limit turns with knot 3, or the transpose.
func (s *Stepper) swingCone(rj []float64, r *row, transposed bool) {
	var m spatial.Mat3
	s.addConeTurn(&m, r)
	addTo(rj[r.dof:], 1, turned(&m, vec3(s.tree.X[r.dof:]), transposed))
}

func turned(m *spatial.Mat3, v spatial.Vec, transposed bool) spatial.Vec {
	if transposed {
		return m.TMulVec(v)
	}
	return m.MulVec(v)
}

// largest returns the largest generalized force of a change, times the weight of its dof, for bodies that move as at
// the knot of a side's rows.
func (p *problem) largest(d *change, to articulated.Side) (most float64) {
	s, sums := p.s, p.s.defect.wrench
	var room [6]spatial.Twist
	for _, tr := range p.parts {
		copy(sums[tr.First:tr.Last], d.wrench[tr.First:tr.Last])
		for i := tr.Last - 1; i >= tr.First; i-- {
			b := &s.m.Bodies[i]
			screws, weights := s.tree.Screw2[b.V:b.V+b.NV()], s.perMomentum[b.V:]
			if to == articulated.Transposed {
				screws, weights = s.screws3(&room, i), s.leave[b.V:]
			}
			for k := range screws {
				most = max(most, math.Abs(screws[k].Power(&sums[i])+d.rj[b.V+k])*weights[k])
			}
			if b.Parent != World {
				addWrenchTo(&sums[b.Parent], sums[i])
			}
		}
	}
	return most
}
