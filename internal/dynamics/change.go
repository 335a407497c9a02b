package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// change is a direct change of the equations, at a fixed configuration at knot 3 and fixed multipliers, or what a solve
// leaves of them. Transposed it is a cotangent of the solution: minus that of the bodies' twists and of the dofs, e of
// the multipliers in k, and v of the closures in du.
type change struct {
	wrench []spatial.Wrench // of the balance of every body
	rj     []float64        // of every joint
	c      []float64        // of the violation of every mimic at knot 3
	du, k  []spatial.Vec    // of the value of every row, and of its multiplier at that value
}

func newChange(nb, nv, nm int) change {
	return change{wrench: make([]spatial.Wrench, nb), rj: make([]float64, nv), c: make([]float64, nm)}
}

// remember keeps what is in s.tree.Bias, s.tree.RHS and p.mimic.c.
func (p *problem) remember(d *change) {
	for _, tr := range p.parts {
		copy(d.wrench[tr.First:tr.Last], p.s.tree.Bias[tr.First:tr.Last])
		copy(d.rj[tr.V0:tr.V1], p.s.tree.RHS[tr.V0:tr.V1])
	}
	for n, i := range p.mimics {
		d.c[i] = p.mimic.c[n]
	}
}

// put is the reverse of remember.
func (p *problem) put(d *change) {
	for _, tr := range p.parts {
		copy(p.s.tree.Bias[tr.First:tr.Last], d.wrench[tr.First:tr.Last])
		copy(p.s.tree.RHS[tr.V0:tr.V1], d.rj[tr.V0:tr.V1])
	}
	for n, i := range p.mimics {
		p.mimic.c[n] = d.c[i]
	}
}

// drive adds Nᵀ(W du − k) to the right-hand side.
func (p *problem) drive(d *change) {
	du, k := d.du[p.first:], d.k[p.first:]
	for n := range p.rows {
		if l := spatial.Sub(k[n], p.product(n, du)); l != (spatial.Vec{}) {
			p.thrust(p.s.tree.Bias, p.s.tree.RHS, n, l)
		}
	}
}

// thrust takes Nᵀl of row n off the balances.
func (p *problem) thrust(wrench []spatial.Wrench, rj []float64, n int, l spatial.Vec) {
	s := p.s
	switch r := &p.rows[n]; r.kind {
	case rowTouch:
		s.addTouch(wrench, r, l, -1)
	case rowMeet:
		s.meets[r.contact].add(wrench, l, -1)
	case rowEqual:
		s.closureOf(r).add(wrench, l, -1)
	default:
		s.jointImpulse(rj, r, l)
	}
}

// answerOf returns J x of row n for the solution in s.tree.
func (p *problem) answerOf(n int) spatial.Vec {
	s := p.s
	switch r := &p.rows[n]; r.kind {
	case rowTouch:
		t, b := s.touchOf(r)
		return powers(&t.g, &s.tree.Twist[b])
	case rowMeet:
		return s.meets[r.contact].powers(s.tree.Twist)
	case rowEqual:
		return s.closureOf(r).powers(s.tree.Twist)
	default:
		return s.jointChange(r)
	}
}

// test returns N z of row n for the adjoint in s.tree.
func (p *problem) test(n int) spatial.Vec {
	s := p.s
	switch r := &p.rows[n]; r.kind {
	case rowTouch:
		t, b := s.touchOf(r)
		return powers(&t.Wrenches, &s.tree.Twist[b])
	case rowMeet:
		return s.meets[r.contact].sums(s.tree.Twist)
	case rowEqual:
		return s.closureOf(r).sums(s.tree.Twist)
	default:
		return s.jointTest(r, s.tree.X)
	}
}

// back adds Jᵀz of row n to what bodies and joints feel at knot 3.
func (p *problem) back(wrench []spatial.Wrench, rj []float64, n int, z spatial.Vec) {
	s := p.s
	switch r := &p.rows[n]; r.kind {
	case rowTouch:
		t, b := s.touchOf(r)
		addWrench(&wrench[b], &t.g, z, 1)
	case rowMeet:
		s.meets[r.contact].back(wrench, z)
	case rowEqual:
		s.closureOf(r).back(wrench, z)
	default:
		s.jointBack(rj, r, z)
	}
}

// multiplier returns the change of the multiplier of row n for the last tangent.
func (p *problem) multiplier(n int) spatial.Vec {
	l := p.s.lin
	if p.hard {
		return l.dl[p.first+n]
	}
	return p.follow(&l.direct, n)
}

// follow returns k − W (du + J x) of row n for the solution in s.tree.
func (p *problem) follow(d *change, n int) spatial.Vec {
	l, r := spatial.Sub(d.k[p.first+n], mulW(&p.w[n], spatial.Add(d.du[p.first+n], p.answerOf(n)))), &p.rows[n]
	if m := n + r.mate; m != n {
		l = spatial.Sub(l, mulW(&p.w[r.across], spatial.Add(d.du[p.first+m], p.answerOf(m))))
	}
	return l
}
