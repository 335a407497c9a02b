package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// apart is the linear system of a direction with the multipliers of rows and mimics as unknowns of their own,
//
//	F dq − Nᵀdλ − G₂ᵀdν = −left,   W J dq + dλ = 0,   G₃ dq = −left,
//
// as a dense matrix. Nothing in it is a sum of stiffnesses and inertias: where the factors of H = F + NᵀWJ have lost
// the light links between heavy ones, and corrections with them grow, this one leaves rounding.
type apart struct {
	laws     []ipm.Matrix // W at the current point
	a, b     []float64    // factors by rows, which are scaled, and the right side
	scale    []float64
	perm     []int
	n        int
	factored bool // at the current point
}

// spoiled is what a direction may leave of the balances, in natural momenta, for the factors that left it to take that away.
const spoiled = 1e-9

// largest is the most equations of it. More take seconds an iteration, and heaps have thousands.
const largest = 256

// spoils reports whether the factors do, and the matrix apart from them is small enough. The laws of loops are solved
// by repetition, not by it.
func (p *problem) spoils() bool {
	n := 3*len(p.rows) + len(p.mimics)
	for _, tr := range p.parts {
		n += tr.V1 - tr.V0
	}
	return p.shut == len(p.rows) && n <= largest && (p.apart.factored || p.left > spoiled)
}

// correctApart is Correct by the dense matrix. Where that is singular the direction stays what it is.
func (p *problem) correctApart(du []spatial.Vec) {
	s, d, m := p.s, &p.s.defect, &p.apart
	nv := 0
	for _, tr := range p.parts {
		nv += tr.V1 - tr.V0
	}
	nl := 3 * len(p.rows)
	m.n = nv + nl + len(p.mimics)
	m.b = slices.Grow(m.b[:0], m.n)[:m.n]
	x := make([]float64, m.n) // the last ways alone come here
	p.balances(x, d.wrench, d.rj)
	for k, i := range p.mimics {
		x[nv+nl+k] = p.mimic.c[k] + s.mimicRow(i, s.tree.X)
	}
	p.stash()
	if m.factored || p.factorApart(nv) {
		for i := range x {
			x[i] *= -m.scale[i]
		}
		luSolve(m.a, m.perm, m.n, x)
	}
	if !m.factored || slices.ContainsFunc(x, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }) {
		clear(x)
	}
	for _, tr := range p.parts {
		x = x[copy(s.tree.X[tr.V0:tr.V1], x):]
		s.carry(tr.Tree)
	}
	for k, i := range p.mimics {
		s.dnu[i] = x[nl+k]
	}
	p.answer(du)
	p.unstash()
}

// factorApart builds the matrix of nv motions and factors it. It overwrites the solution in s.tree.
func (p *problem) factorApart(nv int) bool {
	m := &p.apart
	m.a = slices.Grow(m.a[:0], m.n*m.n)[:m.n*m.n]
	m.scale, m.perm = slices.Grow(m.scale[:0], m.n)[:m.n], slices.Grow(m.perm[:0], m.n)[:m.n]
	clear(m.a)
	p.motions()
	p.impulses(nv)
	for i := range m.n {
		row, size := m.a[i*m.n:][:m.n], 0.0
		for _, x := range row {
			size = max(size, math.Abs(x))
		}
		m.scale[i] = 1 / size
		for j := range row {
			row[j] *= m.scale[i]
		}
	}
	m.factored = luFactor(m.a, m.perm, m.n)
	return m.factored
}

// motions stores the columns of dq.
func (p *problem) motions() {
	s, d, m := p.s, &p.s.defect, &p.apart
	none, still := make([]spatial.Wrench, len(d.wrench)), make([]float64, len(d.rj))
	for _, tr := range p.parts {
		clear(s.tree.X[tr.V0:tr.V1])
		s.carry(tr.Tree)
	}
	c := 0
	for _, tr := range p.parts {
		for j := tr.V0; j < tr.V1; j++ {
			s.tree.X[j] = 1
			s.carry(tr.Tree)
			for _, tr := range p.parts {
				s.inertial(tr, none, still)
			}
			for i := range p.rows {
				p.move(&p.rows[i])
			}
			n := p.store(c, d.wrench, d.rj)
			for i := range p.rows {
				u, w := p.answerOf(i), &m.laws[i]
				for k := range 3 {
					m.a[(n+3*i+k)*m.n+c] = w[3*k]*u.X + w[3*k+1]*u.Y + w[3*k+2]*u.Z
				}
				if r := &p.rows[i]; r.mate != 0 {
					u, w = p.answerOf(i+r.mate), &m.laws[r.across]
					for k := range 3 {
						m.a[(n+3*i+k)*m.n+c] += w[3*k]*u.X + w[3*k+1]*u.Y + w[3*k+2]*u.Z
					}
				}
			}
			for k, i := range p.mimics {
				m.a[(n+3*len(p.rows)+k)*m.n+c] = s.mimicRow(i, s.tree.X)
			}
			s.tree.X[j] = 0
			c++
		}
		s.carry(tr.Tree)
	}
}

// impulses stores the columns of dλ and dν, which follow those of the nv motions.
func (p *problem) impulses(nv int) {
	s, d, m := p.s, &p.s.defect, &p.apart
	still := func() {
		for _, tr := range p.parts {
			clear(d.wrench[tr.First:tr.Last])
			clear(d.rj[tr.V0:tr.V1])
		}
	}
	for i := range p.rows {
		for k, e := range [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
			still()
			p.thrust(d.wrench, d.rj, i, e)
			c := nv + 3*i + k
			p.store(c, d.wrench, d.rj)
			m.a[c*m.n+c] += 1
		}
	}
	for k, i := range p.mimics {
		still()
		c := &s.m.Mimics[i]
		d.rj[c.Dof], d.rj[c.Of] = -1, s.slope2(c)
		p.store(nv+3*len(p.rows)+k, d.wrench, d.rj)
	}
}

// store stores the balances of what is given as column c, and returns how many they are.
func (p *problem) store(c int, wrench []spatial.Wrench, rj []float64) int {
	m := &p.apart
	n := p.balances(m.b, wrench, rj)
	for i := range n {
		m.a[i*m.n+c] = m.b[i]
	}
	return n
}

// balances stores the balances of all dofs of the island in b, and returns how many they are.
func (p *problem) balances(b []float64, wrench []spatial.Wrench, rj []float64) (n int) {
	for _, tr := range p.parts {
		p.s.sumUp(tr.Tree, wrench, rj)
		n += copy(b[n:], p.s.res[tr.V0:tr.V1])
	}
	return n
}

// carry finds the twists of the bodies of a tree for the solution in s.tree.
func (s *Stepper) carry(tr *Tree) {
	var room [6]spatial.Twist
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		var t spatial.Twist
		if b.Parent != World {
			t = s.tree.Twist[b.Parent]
		}
		screws := s.screws3(&room, i)
		for j := range screws {
			addTwist(&t, s.tree.X[b.V+j], &screws[j])
		}
		s.tree.Twist[i] = t
	}
}
