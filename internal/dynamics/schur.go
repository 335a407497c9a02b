package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// schur is what columns of an island under hard blows are found with: factors without the hard rows, and the Schur
// complement of these. With H₀ = F + NᵀWJ of the other rows, x₀ what it answers, Z = H₀⁻¹Nᵀ of the hard ones and their
// W = LU,
//
//	x = x₀ + Z dλ,   (L⁻¹ + U JZ) dλ = −U (du + J x₀).
//
// Nothing adds W to inertia, so a column needs no refinement and is a climb to the root. (1 + W JZ would not do:
// friction that follows a hard normal force makes rows of W all but parallel, and what a row has of its own was lost,
// 1e-5 of a quadruped's columns at κ = 1e-9.) Where more rows hold a body than it has freedoms, JZ is singular and dλ
// as large as W times what of du contradicts itself; Z takes that away to 1e-16 of it. A trial shows whether that is
// enough. Multipliers have no digits then, so products, of which forces are asked, are refined.
type schur struct {
	tried, works bool // since the linearization
	out          bool // the factors are without the hard rows
	rows         []int
	w            []ipm.Matrix // of these, since p.w has zeros for them
	lower, upper []spatial.Mat3
	cols         []float64 // Z, motions of the whole island, column after column
	lu           []float64 // of the complement, scaled by rows
	scale        []float64
	perm         []int
	dl           []float64
	trial        []float64
}

const (
	// firm is how many times what bodies feel of their inertia a row may be to stay in the factors: 1e-12 of that is lost.
	firm = 1e4
	// mostHard is for how many multipliers a column, which takes the square of them, is found faster so.
	mostHard = 120
	// agreed is by how much of its largest component the trial may differ from a refined one.
	agreed = 1e-11
)

// separate takes hard rows out of the factors, where there are such and columns gain from it.
func (p *problem) separate() {
	c := &p.schur
	if !p.hard || c.out || c.tried && !c.works {
		return
	}
	if !c.tried {
		c.tried = true
		if !p.pick() {
			return
		}
		c.trial = p.try(c.trial[:0])
	}
	c.out = true
	for _, n := range c.rows {
		p.w[n] = ipm.Matrix{}
	}
	if ok := p.factor(p.w); c.works {
		return
	} else if c.works = ok && p.complement() && p.agrees(); !c.works {
		p.rejoin()
	} else if p.met == len(p.rows) {
		p.gather(p.s.lin)
	}
}

// rejoin puts the hard rows back.
func (p *problem) rejoin() {
	c := &p.schur
	if !c.out {
		return
	}
	for j, n := range c.rows {
		p.w[n] = c.w[j]
	}
	c.out = false
	p.factor(p.w) // as it did before
}

// pick lists the hard rows, and reports whether they are few enough. The springs of loops need all rows in one matrix,
// and so do contacts that resist turning, whose W has matrices across.
func (p *problem) pick() bool {
	c := &p.schur
	c.rows, c.w, c.lower, c.upper = c.rows[:0], c.w[:0], c.lower[:0], c.upper[:0]
	for n := range p.rows {
		if !p.rows[n].onAxis() && p.stiffness(n) > firm {
			if p.rows[n].mate != 0 {
				return false
			}
			l, u := triangles(p.w[n])
			c.rows, c.w, c.lower, c.upper = append(c.rows, n), append(c.w, p.w[n]), append(c.lower, l), append(c.upper, u)
		}
	}
	return p.shut == len(p.rows) && 3*len(c.rows) <= mostHard
}

// triangles returns L⁻¹, rows exchanged, and U of w = L U.
func triangles(w ipm.Matrix) (lower, upper spatial.Mat3) {
	l, u := spatial.Mat3{1, 0, 0, 0, 1, 0, 0, 0, 1}, spatial.Mat3(w)
	for k := range 3 {
		at := k
		for i := k + 1; i < 3; i++ {
			if math.Abs(u[3*i+k]) > math.Abs(u[3*at+k]) {
				at = i
			}
		}
		for j := range 3 {
			u[3*k+j], u[3*at+j] = u[3*at+j], u[3*k+j]
			l[3*k+j], l[3*at+j] = l[3*at+j], l[3*k+j]
		}
		for i := k + 1; i < 3 && u[3*k+k] != 0; i++ {
			f := u[3*i+k] / u[3*k+k]
			for j := range 3 {
				u[3*i+j] -= f * u[3*k+j]
				l[3*i+j] -= f * l[3*k+j]
			}
			u[3*i+k] = 0
		}
	}
	return l, u
}

// try appends to x the motion that a tangent makes which moves everything.
func (p *problem) try(x []float64) []float64 {
	l := p.s.lin
	for _, tr := range p.parts {
		for i := tr.V0; i < tr.V1; i++ {
			l.z[i] = p.s.h * (1 - 0.5*math.Sin(2*float64(i)))
			l.dv[i] = 1 + 0.5*math.Sin(float64(i))
		}
	}
	p.clearForce()
	p.pushState(l.z, l.dv, nil)
	p.respond()
	for _, tr := range p.parts {
		x = append(x, p.s.tree.X[tr.V0:tr.V1]...)
	}
	return x
}

// agrees reports whether the trial ends as it did with all rows in the factors.
func (p *problem) agrees() bool {
	c := &p.schur
	n, off, size := len(c.trial), 0.0, 0.0
	c.trial = p.try(c.trial)
	for i, x := range c.trial[n:] {
		off, size = max(off, math.Abs(x-c.trial[i])), max(size, math.Abs(x))
	}
	return off <= agreed*size
}

// complement finds Z and the factors of L⁻¹ + U JZ.
func (p *problem) complement() bool {
	s, c := p.s, &p.schur
	m := 3 * len(c.rows)
	c.lu, c.scale = slices.Grow(c.lu[:0], m*m)[:m*m], slices.Grow(c.scale[:0], m)[:m]
	c.perm, c.dl = slices.Grow(c.perm[:0], m)[:m], slices.Grow(c.dl[:0], m)[:m]
	c.cols = c.cols[:0]
	clear(p.mimic.c)
	for k := range m {
		for _, tr := range p.parts {
			clear(s.tree.Bias[tr.First:tr.Last])
			clear(s.tree.RHS[tr.V0:tr.V1])
		}
		p.thrust(s.tree.Bias, s.tree.RHS, c.rows[k/3], unitOf(k%3))
		p.resolve(articulated.Forward)
		p.correct()
		for _, tr := range p.parts {
			c.cols = append(c.cols, s.tree.X[tr.V0:tr.V1]...)
		}
		for j, n := range c.rows {
			u := c.upper[j].MulVec(p.answerOf(n))
			c.lu[3*j*m+k], c.lu[(3*j+1)*m+k], c.lu[(3*j+2)*m+k] = u.X, u.Y, u.Z
		}
		for r := range 3 {
			c.lu[(k-k%3+r)*m+k] += c.lower[k/3][3*r+k%3]
		}
	}
	for i := range m {
		row, size := c.lu[i*m:][:m], 0.0
		for _, x := range row {
			size = max(size, math.Abs(x))
		}
		c.scale[i] = 1 / size
		for j := range row {
			row[j] *= c.scale[i]
		}
	}
	return luFactor(c.lu, c.perm, m)
}

// complete adds to the motion in s.tree.X what the hard rows do, whose values du at a fixed knot 3 change.
func (p *problem) complete(du []spatial.Vec) {
	s, c := p.s, &p.schur
	for j, n := range c.rows {
		u := c.upper[j].MulVec(spatial.Add(du[n], p.answerOf(n)))
		c.dl[3*j], c.dl[3*j+1], c.dl[3*j+2] = -c.scale[3*j]*u.X, -c.scale[3*j+1]*u.Y, -c.scale[3*j+2]*u.Z
	}
	luSolve(c.lu, c.perm, len(c.dl), c.dl)
	col := c.cols
	for _, x := range c.dl {
		for _, tr := range p.parts {
			to := s.tree.X[tr.V0:tr.V1]
			for i, z := range col[:len(to)] {
				to[i] += x * z
			}
			col = col[len(to):]
		}
	}
}

// completeColumn is complete for coordinate or velocity k of body i, whose subtree moves by t1 and, if it is a
// coordinate, t2 at knots 1 and 2.
func (p *problem) completeColumn(i, k int, t1, t2 *spatial.Twist) {
	s, l := p.s, p.s.lin
	du := l.direct.du[p.first:]
	for _, n := range p.schur.rows {
		r := &p.rows[n]
		du[n] = spatial.Vec{}
		if r.kind != rowTouch {
			if t2 != nil && s.m.Dofs[r.dof].Body == i {
				l.unit[k] = 1
				du[n] = s.jointDirect(r, l.unit, nil)
				l.unit[k] = 0
			}
			continue
		}
		t, b := s.touchOf(r)
		if b < i || b >= l.end[i] {
			continue
		}
		if t2 != nil {
			du[n] = powers(&l.touches[r.at].g2, t2)
		}
		if t.bounce.Share > 0 {
			du[n].X += t1.Power(&l.touches[r.at].g1)
		}
	}
	p.complete(du)
}

// completeInput is complete for the input of dof k.
func (p *problem) completeInput(k int) {
	s, l := p.s, p.s.lin
	du, in := l.direct.du[p.first:], s.m.Dofs[k].Input
	for _, n := range p.schur.rows {
		du[n] = spatial.Vec{}
		if r := &p.rows[n]; r.kind == rowServo && s.m.Dofs[r.dof].Body == s.m.Dofs[k].Body {
			l.unit[in] = 1
			du[n] = s.jointDirect(r, nil, l.unit)
			l.unit[in] = 0
		}
	}
	p.complete(du)
}
