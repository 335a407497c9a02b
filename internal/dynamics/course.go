package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Whole steps tell a derivative only as well as differences of them do. Where contact is hard the solution bends within
// its gaps, 1e-9 m and less, and differences smaller than that are rounding. The equations do not bend there: in
// velocities and multipliers together they are as smooth as the geometry is. So a derivative z′ is put into those of
// changed problems, r(z + εz′; x + ε), whose ε may be large, and what it leaves of them is solved for. Laws of blocks
// bend within their gaps, so these are differenced apart, each over a thousandth of its own gap and with a value that is
// no difference of coordinates ([ipm.Solver.Differ]). The solver's slopes, −W and [ipm.Solver.Shift], are taken for
// given by nothing but the size of what is left.

// Course is the direction in which the solution of a step goes as its problem changes: the derivatives of velocities,
// of the multipliers of mimics, and of those of all rows, island after island.
type Course struct {
	v, nu []float64
	dl    []spatial.Vec
}

// Course stores that of the tangent of the last JVP or ParamColumn in c, with the velocities v.
func (s *Stepper) Course(c *Course, v []float64) {
	c.v, c.nu, c.dl = append(c.v[:0], v...), append(c.nu[:0], s.dnu...), c.dl[:0]
	for _, p := range s.islands {
		for n := range p.rows {
			c.dl = append(c.dl, p.multiplier(n))
		}
	}
}

// Imitate lists the rows of the loaded problem with the options of home's solve. It reports false where not they alone
// say which take part and how: a solve does.
func (s *Stepper) Imitate(home *Stepper) bool {
	for _, q := range home.islands {
		if q.room > 0 || q.yields || home.lively {
			return false
		}
		for n := q.joints; n < q.shut; n++ {
			r := &q.rows[n]
			if r.kind == rowMeet && home.meets[r.contact].late || home.remains(r) {
				return false
			}
		}
	}
	s.opt = home.opt
	o := &s.opt
	for t := range s.parts {
		s.detect(&s.parts[t], o.Solver.Kappa, o.Margin)
	}
	s.meetAll(o.Solver.Kappa, o.Margin)
	s.close()
	s.split()
	for _, p := range s.islands {
		p.kappa, p.room, p.yields = o.Solver.Kappa, 0, false
		p.list()
		p.prepare()
	}
	return true
}

// remains reports whether the contact of r stays as deep as it is.
func (s *Stepper) remains(r *row) bool {
	if r.kind == rowTouch {
		t := &s.touches[r.at]
		return t.Ease > 0 && t.Follow == 0
	}
	c := &s.meets[r.contact]
	return c.Ease > 0 && c.Follow == 0
}

// rowNumbers is how many numbers of a row Along stores: its value, κ of both products, coefficients of friction and bound.
const rowNumbers = 9

// Along moves the solution of home by eps along its course and appends to dst the equations of the problem of s at that
// point: those numbers of all rows, the residuals of all dofs, and of mimics. It reports false where the problem has
// other rows. What Store stores is the moved point then.
func (s *Stepper) Along(dst []float64, home *Stepper, c *Course, eps float64) ([]float64, bool) {
	if !s.alike(home) {
		return dst, false
	}
	for i, v := range c.v {
		s.vNext[i] = home.vNext[i] + eps*v
	}
	for i, nu := range c.nu {
		s.nu[i] = home.nu[i] + eps*nu
	}
	var mimics []float64
	first := 0
	for k, p := range s.islands {
		q := home.islands[k]
		u, lambda := make([]spatial.Vec, len(p.rows)), make([]spatial.Vec, len(p.rows))
		for n := range p.rows {
			s.stayOn(home, &p.rows[n], &q.rows[n])
		}
		if !p.Values(u) {
			return dst, false
		}
		for n := range p.rows {
			b, at, turn := &p.blocks[n], q.solver.Lambda[n], s.turnFrom(home, p, q, n)
			x := turn.TMulVec(u[n])
			x.X += b.Compliance * at.X
			if !p.rows[n].side() {
				x.Y, x.Z = x.Y+b.Compliance*at.Y, x.Z+b.Compliance*at.Z
			}
			dst = append(dst, x.X, x.Y, x.Z, b.Kappa, b.KappaT, b.Limit, b.Mu, b.Spin, b.Roll)
			lambda[n] = turn.MulVec(spatial.AddScaled(at, eps, c.dl[first+n]))
		}
		p.Residual(lambda)
		mimics = append(mimics, p.mimic.c...)
		first += len(p.rows)
	}
	return append(append(dst, s.res...), mimics...), true
}

// alike reports whether both problems have the same rows, solved in the same way. Features of a pair may be others: one
// that another takes the place of has the same gap and the same slope there, as points on parallel capsules have; what
// jumps leaves much.
func (s *Stepper) alike(o *Stepper) bool {
	if len(s.islands) != len(o.islands) {
		return false
	}
	for k, p := range s.islands {
		q := o.islands[k]
		if len(p.parts) != len(q.parts) || p.parts[0].t != q.parts[0].t || len(p.rows) != len(q.rows) || p.shut != q.shut {
			return false
		}
		if p.room != q.room || p.yields != q.yields {
			return false
		}
		for n := range p.rows {
			a, b := &p.rows[n], &q.rows[n]
			same := a.kind == b.kind && p.blocks[n].Kind == q.blocks[n].Kind
			switch {
			case a.kind == rowMeet:
				x, y := &s.meets[a.contact], &o.meets[b.contact]
				same = same && x.pair == y.pair && x.Mode == y.Mode && x.late == y.late
			default:
				same = same && a.dof == b.dof && a.contact == b.contact && a.at == b.at && a.closure == b.closure
			}
			if !same {
				return false
			}
		}
	}
	return true
}

// stayOn makes the ease of a row a that begins the step deep at home, where it is b, or does not, that of the same side
// of the kink: the equations go on smoothly there.
func (s *Stepper) stayOn(home *Stepper, a, b *row) {
	switch a.kind {
	case rowTouch:
		x, y := &s.touches[a.at], &home.touches[b.at]
		x.Ease = sameSide(x.Ease, y.Ease, y.Follow*(x.Gap2-y.Gap2))
	case rowMeet:
		x, y := &s.meets[a.contact], &home.meets[b.contact]
		x.Ease = sameSide(x.Ease, y.Ease, y.Follow*(x.Gap2-y.Gap2))
	case rowLower, rowUpper:
		a.ease = sameSide(a.ease, b.ease, s.limitAt(a, s.v, 0)-home.limitAt(b, home.v, 0))
	case rowFast, rowBack:
		a.ease = b.ease
	}
}

// sameSide returns ease, or where that is of the other side of the kink, what follows from that of home and from by how
// much the gap rises.
func sameSide(ease, home, rise float64) float64 {
	switch {
	case (ease > 0) == (home > 0):
		return ease
	case home > 0:
		return home - rise
	}
	return home
}

// turnFrom returns the turn about its normal that takes the tangents of row n of q, home's island, to those of p: from
// one normal to the next they may jump (spatial.Tangents), and round cones do not feel that.
func (s *Stepper) turnFrom(home *Stepper, p, q *problem, n int) *spatial.Mat3 {
	switch p.blocks[n].Kind {
	case ipm.Coulomb, ipm.Elliptic, ipm.Turn:
	default:
		return &upright
	}
	var from, to [2]spatial.Vec
	if a, b := &p.rows[n], &q.rows[n]; a.kind == rowTouch {
		x, y := &s.touches[a.at], &home.touches[b.at]
		from, to = [2]spatial.Vec{y.T1, y.T2}, [2]spatial.Vec{x.T1, x.T2}
	} else {
		x, y := &s.meets[a.contact], &home.meets[b.contact]
		from, to = [2]spatial.Vec{y.T1, y.T2}, [2]spatial.Vec{x.T1, x.T2}
	}
	c := spatial.Dot(to[0], from[0]) + spatial.Dot(to[1], from[1])
	d := spatial.Dot(to[0], from[1]) - spatial.Dot(to[1], from[0])
	r := 1 / math.Hypot(c, d)
	return &spatial.Mat3{1, 0, 0, 0, r * c, r * d, 0, -r * d, r * c}
}

// Amend stores by how much the derivative of course c has to change for the equations to hold, of which it leaves d per
// unit, as Along orders them. Call Linearize first.
func (s *Stepper) Amend(oq, ov, d []float64, c *Course) {
	rows, first := len(c.dl), 0
	res, mimics := d[rowNumbers*rows:], d[rowNumbers*rows+len(s.res):]
	l := &s.lin.direct
	for _, p := range s.islands {
		p.rejoin()
		p.still()
		p.clearForce()
		u := make([]spatial.Vec, len(p.rows))
		for n := range p.rows {
			x := d[rowNumbers*(first+n):]
			u[n] = spatial.Vec{X: x[0], Y: x[1], Z: x[2]}
		}
		for n := range p.rows {
			if p.rows[n].kind == rowEqual && !p.springs {
				l.du[p.first+n] = u[n]
				continue
			}
			l.k[p.first+n] = spatial.Sub(p.lawSlope(n, u, d[rowNumbers*first:]), c.dl[first+n])
		}
		first += len(p.rows)
		for _, tr := range p.parts {
			copy(s.tree.RHS[tr.V0:tr.V1], res[tr.V0:tr.V1])
		}
		copy(p.mimic.c, mimics)
		mimics = mimics[len(p.mimics):]
		p.remember(l)
		if p.settle(l); p.hard {
			p.refine(l)
		}
		p.velocityChange(s.dv, s.tree.X)
		p.readColumn(oq, ov)
	}
}

// lawSlope returns how the multiplier of row n changes as its law says, for changes u of the values of all rows of its
// island and d of their numbers.
func (p *problem) lawSlope(n int, u []spatial.Vec, d []float64) spatial.Vec {
	r := &p.rows[n]
	if p.blocks[n].Kind == ipm.Equal { // a spring has no law but its slope
		return spatial.Scale(-1, p.product(n, u))
	}
	if r.turns() {
		return p.solver.Differ(n-1, [2]spatial.Vec{u[n-1], u[n]}, p.changeOf(n-1, d), p.kappa)[1]
	}
	du := [2]spatial.Vec{u[n]}
	if r.mate > 0 {
		du[1] = u[n+1]
	}
	k := p.solver.Differ(n, du, p.changeOf(n, d), p.kappa)[0]
	if p.normalOnly(n) {
		k.Y, k.Z = 0, 0
	}
	return k
}

// changeOf returns how the law of row n changes by the numbers of all rows of its island: of a contact with two rows
// both have the same.
func (p *problem) changeOf(n int, d []float64) ipm.Change {
	if p.rows[n].turns() {
		n--
	}
	x := d[rowNumbers*n:]
	c := ipm.Change{Kappa: p.kappa * x[3], KappaT: p.kappa * x[4], Limit: x[5], Mu: x[6]}
	if p.rows[n].mate > 0 {
		c.Spin, c.Roll = x[rowNumbers+7], x[rowNumbers+8]
	}
	return c
}
