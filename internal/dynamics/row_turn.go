package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// A contact that resists turning has two rows: u = (gap, sliding velocity), λ = (normal, friction) as every contact, and
// after it u = rates of turning about normal and tangents times a lever, λ = torques over it. One cone bounds the
// friction of both (docs/theory.md, "Spinning and rolling"), so each multiplier follows the values of both, and W has
// matrices across: that of a row is in its own equations, of the values of its mate.

// turns reports whether r is the second row of a contact.
func (r *row) turns() bool { return r.mate < 0 }

// matrices returns how many there are.
func (p *problem) matrices() int {
	n := len(p.rows)
	for i := range p.rows {
		if p.rows[i].mate != 0 {
			n++
		}
	}
	return n
}

// pairRows finds the rows that belong to one contact and where their matrices across are, behind those of all rows.
func (p *problem) pairRows() {
	at := len(p.rows)
	for n := p.joints; n < p.shut; n++ {
		if p.turning(n) {
			p.rows[n-1].mate, p.rows[n-1].across = 1, at
			p.rows[n].mate, p.rows[n].across = -1, at+1
			at += 2
		}
	}
}

func (p *problem) turning(n int) bool {
	if r := &p.rows[n]; r.kind == rowTouch {
		return p.s.touches[r.at].Mode == gap.Turn
	}
	return p.meetOf(n).Mode == gap.Turn
}

// describeTurn makes b, that of the contact's first row, the block of its second.
func (s *Stepper) describeTurn(b *ipm.Block, r *row) {
	b.Kind, b.Mu, b.Compliance = ipm.Turn, 0, 0
	b.Past = s.pastValue(r)
	torsion, rolling, lever := 0.0, 0.0, 0.0
	if r.kind == rowTouch {
		c, t := &s.m.Contacts[r.contact], &s.touches[r.at]
		torsion, rolling, lever = s.m.touchTurning(c, surfaceTorsion), s.m.touchTurning(c, surfaceRolling), t.Lever
	} else {
		c := &s.meets[r.contact]
		torsion, rolling, lever = s.m.pairTurning(c.pair, surfaceTorsion), s.m.pairTurning(c.pair, surfaceRolling), c.Lever
	}
	b.Spin, b.Roll = felt(torsion/lever), felt(rolling/lever)
}

// turnPast is meetPast of a meeting that turns.
func (s *Stepper) turnPast(c *meet) (u spatial.Vec) {
	now := c.Belt
	if c.Belt.Moves() {
		c.Belt = now.Before(s.pastOf(c.a), s.pastOf(c.b))
	}
	u.X, u.Y, u.Z = c.Eval(s.pastOf(c.a), s.pastOf(c.b), -1/s.hPast)
	c.Belt = now
	return u
}

// felt returns a coefficient, or none.
func felt(mu float64) float64 {
	if mu < slippery {
		return 0
	}
	return mu
}

// lawWith states the friction law of a contact whose coefficient is known, and whether it resists turning. That has the
// round cone also where others have a pyramid.
func (m *Model) lawWith(b *ipm.Block, turns bool) {
	if !turns {
		m.law(b)
		return
	}
	if b.Kind, b.Mu = ipm.Elliptic, felt(b.Mu); m.Law == Frictionless {
		b.Mu = 0
	}
}

// product returns W u of row n for the values u of the island, and productBack Wᵀ e.
func (p *problem) product(n int, u []spatial.Vec) spatial.Vec {
	v, r := mulW(&p.w[n], u[n]), &p.rows[n]
	if r.mate != 0 {
		v = spatial.Add(v, mulW(&p.w[r.across], u[n+r.mate]))
	}
	return v
}

func (p *problem) productBack(n int, e []spatial.Vec) spatial.Vec {
	v, m := (*spatial.Mat3)(&p.w[n]).TMulVec(e[n]), p.rows[n].mate
	if m != 0 {
		v = spatial.Add(v, (*spatial.Mat3)(&p.w[p.rows[n+m].across]).TMulVec(e[n+m]))
	}
	return v
}

// addAcross adds Nᵀ W G of one row's N and its mate's G.
func addAcross(a *spatial.Mat6, n, g *[3]spatial.Wrench, w *ipm.Matrix) {
	for k := range n {
		x, y, z := w[3*k], w[3*k+1], w[3*k+2]
		var row spatial.Wrench
		row.Force = spatial.AddScaled(spatial.AddScaled(spatial.Scale(x, g[0].Force), y, g[1].Force), z, g[2].Force)
		row.Torque = spatial.AddScaled(spatial.AddScaled(spatial.Scale(x, g[0].Torque), y, g[1].Torque), z, g[2].Torque)
		a.AddOuter(&n[k], &row)
	}
}

// acrossMatrix adds what row n, the second of a contact, and the one before it feel of each other to the matrices.
func (p *problem) acrossMatrix(n int, w []ipm.Matrix) {
	s := p.s
	for i := n - 1; i <= n; i++ {
		r := &p.rows[i]
		q, x := &p.rows[i+r.mate], &w[r.across]
		if r.kind == rowTouch {
			t, b := s.touchOf(r)
			addAcross(&s.tree.A[b], &t.Wrenches, &s.touches[q.at].g, x)
			continue
		}
		c, d := &s.meets[r.contact], &s.meets[q.contact]
		if c.b == World {
			addAcross(&s.tree.A[c.a], &c.Wrenches, &d.ga, x)
		} else if link := p.linked[c.near]; link >= 0 {
			ab, ba := p.graph.Blocks(link)
			addAcross(ab, &c.Wrenches, &d.gb, x)
			addAcross(ba, &c.nb, &d.ga, x)
		}
	}
}

// acrossWhole adds NᵀW ∂u/∂(twists at knots 1 and 2) of the other row of the contact of row n.
func (p *problem) acrossWhole(c *condensed, n int) {
	r := &p.rows[n]
	if r.mate == 0 {
		return
	}
	t, b := p.s.touchOf(r)
	at := p.rows[n+r.mate].at
	l := &p.s.lin.touches[at]
	addAcross(&c.m2[b], &t.Wrenches, &l.g2, &p.w[r.across])
	if p.s.touches[at].bounce.Share > 0 {
		addAcross(&c.m1[b], &t.Wrenches, &[3]spatial.Wrench{l.g1}, &p.w[r.across])
	}
}

// shiftBy adds to row n, the first of a contact, and the one after it if it has two, what a change of the law does to the multipliers.
func (p *problem) shiftBy(n int, d ipm.Change) {
	p.addRow(n, spatial.Vec{}, p.solver.Shift(n, d))
	if p.rows[n].mate > 0 {
		p.addRow(n+1, spatial.Vec{}, p.solver.Shift(n+1, d))
	}
}

// pushTurning adds what the contact of rows r and r+1 can do to the gaps: its cone is in that of the corners of an
// octahedron of five dimensions.
func (p *problem) pushTurning(n *nip, r int, effect func(int, spatial.Vec) []float64) {
	b, t := &p.blocks[r], &p.blocks[r+1]
	unit := b.Kappa / b.Scale
	along := effect(r, spatial.Vec{X: unit})
	out := math.Sqrt(5) * unit
	for i, e := range [5]spatial.Vec{{Y: b.Mu}, {Z: b.Mu}, {X: t.Spin}, {Y: t.Roll}, {Z: t.Roll}} {
		across := effect(r+min(i/2, 1), spatial.Scale(out, e))
		n.pushes = append(n.pushes, sum(along, across, 1), sum(along, across, -1))
	}
}
