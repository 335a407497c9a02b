package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// RowKind opens the closed set of rows.
type RowKind = rowKind

// The kinds.
const (
	RowTouch    = rowTouch
	RowLower    = rowLower
	RowUpper    = rowUpper
	RowCone     = rowCone
	RowFriction = rowFriction
	RowServo    = rowServo
	RowMeet     = rowMeet
	RowEqual    = rowEqual
	RowFast     = rowFast
	RowBack     = rowBack
	RowKinds    = rowKinds
)

// RowState is what a row is at the knots at hand, without the solver.
type RowState struct {
	Kind         RowKind
	Ball         bool
	Dof, Contact int
	Value, Past  spatial.Vec
	Ease         float64
	Mode         gap.Mode // of a contact with a half-space
	Lever        float64
	Block        ipm.Block
	Point        spatial.Vec // of a contact at knot 2, world coordinates
	Normal       spatial.Vec // of a meeting
	Pair         int         // of a meeting, and what tells its features apart
	ID           uint64
	Bodies       [2]int // that it acts on; World for none
	Loop         LoopKind
	Turn         bool // row of the directions of a loop
	Mate         int  // where the other row of its contact is, 0: it has one
}

// RowStates returns the rows of the tree, in the order of the blocks.
func (p Probe) RowStates() []RowState {
	u, ok := p.Values()
	if !ok {
		panic("half a turn")
	}
	s := p.p.s
	dst := make([]RowState, p.n)
	for n := range dst {
		r := &p.p.rows[n]
		d := &dst[n]
		*d = RowState{Kind: r.kind, Ball: r.ball, Dof: r.dof, Contact: r.contact, Value: u[n], Past: s.pastValue(r), Ease: r.ease, Block: p.p.blocks[n], Mate: r.mate}
		if r.kind == rowTouch {
			t, b := s.touchOf(r)
			d.Mode, d.Lever = t.Mode, t.Lever
			d.Ease, d.Point = t.Ease, spatial.Add(s.originOf(b), spatial.Add(t.P, t.Reach))
		}
		d.Bodies = p.bodies(n)
		if r.kind == rowMeet {
			c := p.p.meetOf(n)
			d.Mode, d.Lever = c.Mode, c.Lever
			d.Ease, d.Point, d.Normal = c.Ease, spatial.Add(s.originOf(c.a), c.Point), c.N
			d.Pair, d.ID = c.pair, c.ID()
		}
		if r.kind == rowEqual {
			c := s.closureOf(r)
			d.Ease, d.Loop, d.Turn = c.follow, s.m.Loops[c.loop].Kind, c.turn
			d.Point = spatial.Add(s.originOf(c.a), c.middle)
		}
	}
	return dst
}

// Impulse returns Nᵀλ of row n: on the degrees of freedom, and on the bodies of a contact about the world's origin.
func (p Probe) Impulse(n int, lambda spatial.Vec) (dofs []float64, w [2]spatial.Wrench) {
	s, r := p.p.s, &p.p.rows[n]
	dofs = make([]float64, s.m.NV)
	if r.onJoint() {
		s.jointImpulse(dofs, r, spatial.Scale(-1, lambda))
		return dofs, w
	}
	all := make([]spatial.Wrench, len(s.m.Bodies))
	switch r.kind {
	case rowEqual:
		s.closureOf(r).add(all, lambda, 1)
	case rowMeet:
		s.meets[r.contact].add(all, lambda, 1)
	default:
		s.addTouch(all, r, lambda, 1)
	}
	return dofs, p.onBodies(n, all)
}

// onBodies picks the wrenches on the bodies of row n, and moves them to the world's origin.
func (p Probe) onBodies(n int, all []spatial.Wrench) (w [2]spatial.Wrench) {
	for side, b := range p.bodies(n) {
		if b != World {
			w[side] = p.p.s.AtWorld(b, all[b])
		}
	}
	return w
}

// AtWorld returns a wrench on body b about O as one about the world's origin.
func (s *Stepper) AtWorld(b int, w spatial.Wrench) spatial.Wrench {
	w.Torque = spatial.Add(w.Torque, spatial.Cross(s.originOf(b), w.Force))
	return w
}

// Leans reports whether all slides of the problem lean, and Lean lets them.
func (p Probe) Leans() bool {
	for i := range p.p.rows {
		switch r, s := &p.p.rows[i], p.p.s; r.kind {
		case rowTouch:
			if !s.touches[r.at].Guided {
				return false
			}
		case rowMeet:
			if !s.meets[r.contact].Guided {
				return false
			}
		}
	}
	return true
}

func (p Probe) Lean() { p.p.lean() }

// Dofs returns the degrees of freedom of the problem.
func (p Probe) Dofs() (l []int) {
	for _, tr := range p.p.parts {
		for k := tr.V0; k < tr.V1; k++ {
			l = append(l, k)
		}
	}
	return l
}

// Linearized returns the problem of tree t after Linearize, its rows as they are.
func (s *Stepper) Linearized(t int) Probe { return Probe{&s.probs[t], len(s.probs[t].rows)} }

// Multiplier and Condensed return λ and W of row n at the solution.
func (p Probe) Multiplier(n int) spatial.Vec { return p.p.solver.Lambda[n] }
func (p Probe) Condensed(n int) ipm.Matrix   { return p.p.w[n] }

// Product returns W u of row n for the values u of all rows.
func (p Probe) Product(n int, u func(n int) spatial.Vec) spatial.Vec {
	all := make([]spatial.Vec, p.n)
	for i := range all {
		all[i] = u(i)
	}
	return p.p.product(n, all)
}

// Stiff returns the sum of the sizes of all numbers of W in row n.
func (p Probe) Stiff(n int) (sum float64) {
	all := p.p.w[n][:]
	if r := &p.p.rows[n]; r.mate != 0 {
		all = append(append([]float64(nil), all...), p.p.w[r.across][:]...)
	}
	for _, x := range all {
		sum += math.Abs(x)
	}
	return sum
}

// Shift returns what a change of the law of row n does to its multiplier.
func (p Probe) Shift(n int, c ipm.Change) spatial.Vec { return p.p.solver.Shift(n, c) }

// Moves reports whether degree of freedom k moves body b.
func (p Probe) Moves(b, k int) bool {
	m := p.p.s.m
	for ; b != World; b = m.Bodies[b].Parent {
		if m.Dofs[k].Body == b {
			return true
		}
	}
	return false
}

// twists returns those of all bodies that the motion of degree of freedom k is.
func (p Probe) twists(k int, screws []spatial.Twist) []spatial.Twist {
	t := make([]spatial.Twist, len(p.p.s.m.Bodies))
	for b := range t {
		if p.Moves(b, k) {
			t[b] = screws[k]
		}
	}
	return t
}

// before returns the twists of all bodies at knot 1 as degree of freedom k moves them at knot 2 and its velocity stays.
func (p Probe) before(k int) []spatial.Twist {
	s := p.p.s
	dq := make([]float64, s.m.NV)
	dq[k] = 1
	p.p.clearForce()
	for _, tr := range p.p.parts {
		s.pushTree(tr.Tree, dq, nil, nil)
	}
	p.p.clearForce()
	return append([]spatial.Twist(nil), s.lin.t1...)
}

// ByKnot3, ByKnot2 and ByInput return what the engine takes for the derivative of the value of row n by the tangent of
// degree of freedom k at a knot, the other knot held fixed, and by input k.
func (p Probe) ByKnot3(n, k int) (u spatial.Vec) {
	s, r := p.p.s, &p.p.rows[n]
	switch {
	case r.kind == rowTouch:
		t, b := s.touchOf(r)
		return powers(&t.g, &p.twists(k, s.allScrews3())[b])
	case r.kind == rowMeet:
		return p.p.meetOf(n).powers(p.twists(k, s.allScrews3()))
	case r.kind == rowEqual:
		return s.closureOf(r).powers(p.twists(k, s.allScrews3()))
	default:
		clear(s.tree.X)
		s.tree.X[k] = 1
		return s.jointChange(r)
	}
}

func (p Probe) ByKnot2(n, k int) (u spatial.Vec) {
	s, r := p.p.s, &p.p.rows[n]
	switch {
	case r.kind == rowTouch:
		b, l := s.m.Contacts[r.contact].Body, &s.lin.touches[r.at]
		u = powers(&l.g2, &p.twists(k, s.tree.Screw2)[b])
		if s.touches[r.at].bounce.Share > 0 { // knot 1 moves too
			u.X += p.before(k)[b].Power(&l.g1)
		}
		return u
	case r.kind == rowMeet: // as what it makes of its multiplier says
		p.pushContact(n, k)
		return p.minus(n)
	case r.kind == rowEqual:
		p.p.clearForce()
		p.p.pushClosure(n, p.twists(k, s.tree.Screw2), nil)
		return s.lin.direct.du[p.p.first+n]
	}
	dq := make([]float64, s.m.NV)
	dq[k] = 1
	return s.jointDirect(r, dq, nil)
}

// pushContact pushes degree of freedom k at knot 2 through all rows of the meeting of row n.
func (p Probe) pushContact(n, k int) {
	t1, t2 := p.before(k), p.twists(k, p.p.s.tree.Screw2)
	p.p.pushMeet(n, t1, t2, nil)
	if m := p.p.rows[n].mate; m != 0 {
		p.p.pushMeet(n+m, t1, t2, nil)
	}
}

func (p Probe) ByInput(n, k int) (u spatial.Vec) {
	if !p.p.rows[n].onJoint() {
		return u
	}
	du := make([]float64, p.p.s.m.NU)
	du[k] = 1
	return p.p.s.jointDirect(&p.p.rows[n], nil, du)
}

// StartByKnot2 returns what row n adds to the change of the balances by degree of freedom k at knot 2, knot 3 held fixed: on
// the tree's degrees of freedom, and on the body of a contact about the world's origin.
func (p Probe) StartByKnot2(n, k int) (dofs []float64, w [2]spatial.Wrench) {
	s, r := p.p.s, &p.p.rows[n]
	l, lambda, cond := s.lin, p.Multiplier(n), p.Condensed(n)
	dofs = make([]float64, s.m.NV)
	b := p.bodies(n)[0]
	switch r.kind {
	case rowMeet:
		p.pushContact(n, k)
		return dofs, p.onBodies(n, p.carried())
	case rowEqual:
		p.p.clearForce()
		p.p.pushClosure(n, p.twists(k, s.tree.Screw2), nil)
		return dofs, p.onBodies(n, p.carried())
	case rowTouch:
		a2, a3 := l.a2[b], l.a3[b]
		l.a2[b] = spatial.Mat6{}
		s.touchStart(l, r, lambda)
		c := newCondensed(len(s.m.Bodies), s.m.NV)
		c.m2[b] = l.a2[b]
		p.p.touchWhole(&c, n)
		if p.Moves(b, k) {
			c.m2[b].MulTwist(&w[0], &s.tree.Screw2[k])
			addProduct(&w[0], &c.m1[b], &p.before(k)[b])
		}
		l.a2[b], l.a3[b] = a2, a3
		w[0] = s.AtWorld(b, w[0])
		return dofs, w
	}
	c := newCondensed(len(s.m.Bodies), s.m.NV)
	s.jointWhole(&c, r, &cond)
	switch i := k - r.dof; {
	case !r.ball && i == 0:
		dofs[r.dof] = c.jq[r.dof]
	case r.ball && i >= 0 && i < 3:
		addTo(dofs[r.dof:], 1, c.ballQ[b].Col(i))
	}
	return dofs, w
}

// ByParam returns the direct change of every row's multiplier, minus, per unit of the parameter, and that of every body's
// wrench about O. It reports false when the parameter does not concern the tree.
func (p Probe) ByParam(par Param) (rows []spatial.Vec, wrenches []spatial.Wrench, ok bool) {
	p.p.still()
	ok = p.p.perturb(par)
	wrenches = append(wrenches, p.carried()...)
	for n := range p.n {
		rows = append(rows, p.minus(n))
	}
	return rows, wrenches, ok
}

// minus returns minus the direct change of the multiplier of row n, W du − k.
func (p Probe) minus(n int) spatial.Vec {
	d := &p.p.s.lin.direct
	return spatial.Sub(p.p.product(n, d.du[p.p.first:]), d.k[p.p.first+n])
}

// carried returns the changes of the bodies' wrenches, those by the rows included.
func (p Probe) carried() []spatial.Wrench {
	p.p.drive(&p.p.s.lin.direct)
	return p.p.s.tree.Bias
}

// bodies returns those that row n acts on; World for none.
func (p Probe) bodies(n int) [2]int {
	switch r := &p.p.rows[n]; r.kind {
	case rowTouch:
		return [2]int{p.p.s.m.Contacts[r.contact].Body, World}
	case rowMeet:
		c := p.p.meetOf(n)
		return [2]int{c.a, c.b}
	case rowEqual:
		c := p.p.s.closureOf(r)
		return [2]int{c.a, c.b}
	}
	return [2]int{p.p.s.m.Dofs[p.p.rows[n].dof].Body, World}
}

// Power returns the power of unit multiplier i of the closure of row n along degree of freedom k at knot 2.
func (p Probe) Power(n, k, i int) float64 {
	u := p.p.s.closureOf(&p.p.rows[n]).sums(p.twists(k, p.p.s.tree.Screw2))
	return [3]float64{u.X, u.Y, u.Z}[i]
}

// Waits reports whether contacts of the last solve stayed as deep as they were, see remain.
func (s *Stepper) Waits() bool {
	for i := range s.touches {
		if t := &s.touches[i]; t.Ease > 0 && t.Gap2+t.Ease > 0 && t.soft.k == 0 {
			return true
		}
	}
	for i := range s.meets {
		if c := &s.meets[i]; c.Ease > 0 && c.Gap2+c.Ease > 0 && c.soft.k == 0 {
			return true
		}
	}
	return false
}
