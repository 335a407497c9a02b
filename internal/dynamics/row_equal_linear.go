package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Derivatives with closures. The factored matrix has springs in place of the equations, K = H + NᵀWJ, and what one solve leaves of an
// equation is carried on as force to the next, with du the direct change of the value:
//
//	x = −K⁻¹(b + Nᵀ(W du − k)),   r = J x + du          from k = 0,   dλ = k − W r
//
// Transposed, z = K⁻ᵀ (y − Jᵀ v), r = N z + e, from v = 0, e the cotangent of dλ, and −ζ = −(v + Wᵀ r) is that of du. (The method of
// multipliers, see package ipm; how k and v follow from r, see carrier.)

// closureStart is what the linearization knows of a closure.
type closureStart struct {
	ga, gb [3]spatial.Wrench // derivative of the value by twists at knot 2, each about its own O
	lambda spatial.Vec
	dt     spatial.Vec // direct change of the torque of the directions on A, at the same λ, of the tangent at hand
}

func (s *Stepper) startClosure(l *closureStart, c *closure, lambda spatial.Vec) {
	*l = closureStart{lambda: lambda}
	if c.follow > 0 {
		s.startGradients(l, c)
	}
}

// startGradients: u − (1 − r/|u₂|) u₂ follows knot 2 where the loop starts open, r being how far it closes in the step.
func (s *Stepper) startGradients(l *closureStart, c *closure) {
	c.gradients(s.m, &l.ga, &l.gb, &still, &still)
	for _, g := range [2]*[3]spatial.Wrench{&l.ga, &l.gb} {
		old := *g
		for k, e := range [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
			f := s.followed(c, e)
			g[k] = spatial.Wrench{}
			addWrench(&g[k], &old, f, -1)
		}
	}
}

// followed returns how the part of the value that need not be undone changes with the value d at knot 2. It is symmetric.
func (s *Stepper) followed(c *closure, d spatial.Vec) spatial.Vec {
	if c.follow == 0 {
		return spatial.Vec{}
	}
	n := spatial.Norm(c.start)
	return spatial.AddScaled(spatial.Scale(c.follow, d), (1-c.follow)*spatial.Dot(c.start, d)/(n*n), c.start)
}

func (s *Stepper) closureByTime(c *closure, t Lengths) (d direct) {
	if c.follow > 0 {
		d.du = spatial.Scale(t.Step*s.closeSpeed(c)/spatial.Norm(c.start), c.start)
	}
	return d
}

// yieldByTime returns the direct change of the value of row n, a loop that yields, by its compliance, which is stated in natural sizes.
func (p *problem) yieldByTime(n int, t Lengths) spatial.Vec {
	s := p.s
	return spatial.Scale(p.blocks[n].Compliance*(2*t.Step/s.h-t.weight()/s.weight), p.solver.Lambda[n])
}

// pushClosure adds what twists at knot 2 do to the closure of row n at fixed knot 3, or, with twists t3 there, at these.
func (p *problem) pushClosure(n int, t2, t3 []spatial.Twist) {
	s := p.s
	c, l := s.closureOf(&p.rows[n]), &s.lin.closures[p.rows[n].closure]
	du := c.product(&l.ga, &l.gb, t2)
	if t3 != nil {
		du = spatial.Add(du, c.powers(t3))
	}
	p.addRow(n, du, spatial.Vec{})
	b := spatial.Twist{}
	if c.b != World {
		b = c.fromB(&t2[c.b])
	}
	p.turnClosure(n, c.turns(s.m, l.lambda, &t2[c.a], &b))
}

// turnClosure takes the change dt of the torque on A off the balances.
func (p *problem) turnClosure(n int, dt spatial.Vec) {
	c, l, bias := p.s.closureOf(&p.rows[n]), &p.s.lin.closures[p.rows[n].closure], p.s.tree.Bias
	if c.turn {
		l.dt = spatial.Add(l.dt, dt)
	}
	bias[c.a].Torque = spatial.Sub(bias[c.a].Torque, dt)
	if c.b != World {
		bias[c.b].Torque = spatial.Add(bias[c.b].Torque, dt)
	}
}

// fromB returns a twist about the O of B as one about that of A.
func (c *closure) fromB(t *spatial.Twist) spatial.Twist {
	return spatial.Twist{Lin: spatial.Sub(t.Lin, spatial.Cross(t.Ang, c.off)), Ang: t.Ang}
}

// turns returns how the torque of the impulse on A changes with twists of the bodies at knot 2 about the O of A: its place moves, or
// its directions turn.
func (c *closure) turns(m *Model, l spatial.Vec, a, b *spatial.Twist) spatial.Vec {
	switch {
	case !c.turn:
		da, db := spatial.Add(a.Lin, spatial.Cross(a.Ang, c.pa)), spatial.Add(b.Lin, spatial.Cross(b.Ang, c.pb))
		return spatial.Scale(0.5, spatial.Cross(spatial.Add(da, db), l))
	case m.Loops[c.loop].Kind == LoopWeld:
		return spatial.Vec{}
	}
	d := c.pushed(l)
	return spatial.Add(spatial.Cross(spatial.Cross(a.Ang, c.axis), d), spatial.Cross(c.axis, spatial.Cross(b.Ang, d)))
}

// pushed returns the direction d with the torque a × d of a hinge.
func (c *closure) pushed(l spatial.Vec) spatial.Vec {
	return spatial.AddScaled(spatial.Scale(l.X, c.across[0]), l.Y, c.across[1])
}

// turnsBack is the transpose of turns: r is the cotangent of the torque.
func (c *closure) turnsBack(m *Model, l, r spatial.Vec) (a, b spatial.Wrench) {
	switch {
	case !c.turn:
		f := spatial.Scale(0.5, spatial.Cross(l, r))
		return spatial.Wrench{Force: f, Torque: spatial.Cross(c.pa, f)}, spatial.Wrench{Force: f, Torque: spatial.Cross(c.pb, f)}
	case m.Loops[c.loop].Kind == LoopWeld:
		return a, b
	}
	d := c.pushed(l)
	a.Torque = spatial.Cross(c.axis, spatial.Cross(d, r))
	b.Torque = spatial.Cross(d, spatial.Cross(r, c.axis))
	return a, b
}

// Opened reports whether the parameter of the last ParamColumn opens a loop and nothing that moves can close it.
func (s *Stepper) Opened() bool {
	return slices.ContainsFunc(s.islands, func(p *problem) bool { return p.parted })
}

// respondTo is respond for a parameter. If that opens a loop which others hold closed too, one of those that say the
// same several times says something else then. A step that is changed so yields, see [problem.yield], and so does its
// derivative: loops are the springs that the matrix has for them. (Rejected: to carry on for the closest fit. Where
// loops say the same but for the digits of a file that is 1e4 times what steps do.)
func (p *problem) respondTo(par Param) {
	d, most := &p.s.lin.direct, math.Inf(1)
	if par.Kind == ParamMimic && p.mayOpen(par) {
		p.springs = true
		p.respond()
		p.springs = p.yields
		_, most, _ = p.opening()
		p.put(d)
	}
	p.respond()
	if p.parted = p.mayOpen(par) && p.opens(most); !p.parted {
		return
	}
	clear(d.k[p.first+p.shut:][:len(p.rows)-p.shut])
	p.put(d)
	p.springs = true
	p.respond()
	p.springs = p.yields
}

// mayOpen reports whether a parameter moves the two sides of a loop against each other, or says by a mimic what loops say too.
func (p *problem) mayOpen(par Param) bool {
	in := func(body int) bool { return par.Index <= body && body < p.s.lin.end[par.Index] }
	switch par.Kind {
	case ParamLoopA, ParamLoopB:
		return true
	case ParamOrigin:
		return slices.ContainsFunc(p.rows[p.shut:], func(r row) bool { c := p.s.closureOf(&r); return in(c.a) != in(c.b) })
	case ParamMimic:
		return p.shut < len(p.rows)
	}
	return false
}

// opens reports whether the solution at hand leaves a loop open. Those that yield are springs, and open by what they carry.
// What loops and mimics do against each other grows until rounding of it moves more than the change does: no motion counts
// for more than most, that of springs.
func (p *problem) opens(most float64) bool {
	const met = 1e-6
	direct, size, left := p.opening()
	return direct > 0 && left > met*max(direct, min(size, most)) // what only moves bodies leaves rounding
}

// opening returns by how much a change opens loops or mimics as they are, how far the solution at hand moves the sides of
// loops, and how far open it leaves one, in their sizes.
func (p *problem) opening() (direct, size, left float64) {
	s := p.s
	for _, i := range p.mimics {
		direct = max(direct, math.Abs(s.lin.direct.c[i]))
	}
	for n := p.shut; n < len(p.rows) && !p.yields; n++ {
		c := s.closureOf(&p.rows[n])
		k, du := 1/s.sizeOf(c), s.lin.direct.du[p.first+n]
		direct = max(direct, k*spatial.Norm(du))
		size = max(size, k*spatial.Norm(c.loudness(&c.ga, &c.gb, s.tree.Twist)))
		left = max(left, k*spatial.Norm(spatial.Add(du, c.powers(s.tree.Twist))))
	}
	return direct, size, left
}

// carry changes the forces of the closures by what the solution in s.tree.Twist leaves of their equations, and reports
// whether there is something.
func (p *problem) carry(d *change) bool {
	if !p.amiss(d.du[p.first:], false) {
		return false
	}
	for i, f := range p.open {
		k := &d.k[p.first+p.shut+i]
		*k = spatial.Sub(*k, f)
	}
	return true
}

// amiss stores in p.open the forces that take away what s.tree.Twist leaves of the closures' equations, or transposed
// of their adjoints', with direct changes e of rows, and reports whether there is something. Of closures that yield the
// springs are all there is.
func (p *problem) amiss(e []spatial.Vec, transposed bool) bool {
	s, least := p.s, 0.0
	p.open = p.open[:0]
	for n := p.shut; n < len(p.rows); n++ {
		c := s.closureOf(&p.rows[n])
		var felt, loud spatial.Vec
		if transposed {
			felt, loud = c.sums(s.tree.Twist), c.loudness(&c.na, &c.nb, s.tree.Twist)
		} else {
			felt, loud = c.powers(s.tree.Twist), c.loudness(&c.ga, &c.gb, s.tree.Twist)
		}
		p.open = append(p.open, spatial.Add(e[n], felt))
		least += p.rounding(n, e[n], loud)
	}
	return !p.springs && p.carrier.next(p.open, math.Sqrt(least))
}

// rounding returns the square of what may be left of row n when v and products as large as loud are added up, as the carrier measures it.
func (p *problem) rounding(n int, v, loud spatial.Vec) float64 {
	const ulp = 0x1p-53
	all := spatial.Add(spatial.Vec{X: math.Abs(v.X), Y: math.Abs(v.Y), Z: math.Abs(v.Z)}, loud)
	return ulp * ulp * spatial.Dot(all, mulW(&p.w[n], all))
}

// carryBack changes the cotangents v of what closures bring to the balances, in d.du, by what the adjoint in s.tree.Twist leaves of their
// equations, puts that on the right-hand side, and reports whether there is something.
func (p *problem) carryBack(d *change) bool {
	if !p.amiss(d.k[p.first:], true) {
		return false
	}
	for i, f := range p.open {
		v := &d.du[p.first+p.shut+i]
		*v = spatial.Add(*v, f)
	}
	return true
}

// pullClosure is the transpose of pushClosure: z are twists, the cotangents of the bodies' balances; what knot 2 of both bodies feels is
// added to pull.
func (p *problem) pullClosure(n int, z []spatial.Twist, pull []spatial.Wrench) {
	c, l, zeta := p.s.closureOf(&p.rows[n]), &p.s.lin.closures[p.rows[n].closure], p.s.lin.zeta[p.first+n]
	r := z[c.a].Ang
	if c.b != World {
		r = spatial.Sub(r, z[c.b].Ang)
	}
	if c.turn {
		r = spatial.Add(r, p.s.loopCotangent(c).Torque)
	}
	a, b := c.turnsBack(p.s.m, l.lambda, r)
	subWrench(&pull[c.a], a)
	addWrench(&pull[c.a], &l.ga, zeta, 1)
	if c.b != World {
		b.Torque = spatial.Sub(b.Torque, spatial.Cross(c.off, b.Force))
		subWrench(&pull[c.b], b)
		addWrench(&pull[c.b], &l.gb, zeta, 1)
	}
}

// closureByParam adds the effect of moving the frame of one side in its body: a twist of it alone.
func (p *problem) closureByParam(par Param, n int) {
	s := p.s
	c, l := s.closureOf(&p.rows[n]), &s.lin.closures[p.rows[n].closure]
	if c.loop != par.Index {
		return
	}
	body, frame, arm, at := c.a, s.m.Loops[c.loop].OnA, c.aa, c.pa
	if par.Kind == ParamLoopB {
		body, frame, arm, at = c.b, s.m.Loops[c.loop].OnB, c.ab, c.pb
	}
	rot, mo := &upright, s.motionOf(body)
	if body != World {
		rot = &s.knots[body].rot
	}
	var e spatial.Vec
	*axisOf(&e, par.Comp%3) = 1
	if par.Comp >= 3 {
		e = placeTurn(frame.Rot, e)
	}
	e = rot.MulVec(e)
	x3 := spatial.Add(spatial.Add(at, mo.Dx), mo.Displace(arm))
	t2, t3 := screw(e, at, par.Comp < 3), screw(mo.Rotate(e), x3, par.Comp < 3)
	var none spatial.Twist
	if par.Kind == ParamLoopA {
		p.addRow(n, spatial.Add(powers(&c.ga, &t3), powers(&l.ga, &t2)), spatial.Vec{})
		p.turnClosure(n, c.turns(s.m, l.lambda, &t2, &none))
		return
	}
	u2, u3 := c.ownB(&t2), c.ownB(&t3)
	p.addRow(n, spatial.Add(powers(&c.gb, &u3), powers(&l.gb, &u2)), spatial.Vec{})
	p.turnClosure(n, c.turns(s.m, l.lambda, &none, &t2))
}

// ownB is the inverse of fromB.
func (c *closure) ownB(t *spatial.Twist) spatial.Twist {
	return spatial.Twist{Lin: spatial.Add(t.Lin, spatial.Cross(t.Ang, c.off)), Ang: t.Ang}
}

// Velocities at a knot obey the loops too: the same with the matrix of momentum by velocity.

// knotStiffness is that of the springs that stand for the loops, in what they move.
const knotStiffness = 1e6

// joinLoops makes islands of the trees that loops join, without contacts and with no rows but the loops'.
func (s *Stepper) joinLoops() {
	if len(s.closures) == 0 {
		return
	}
	if s.lin == nil {
		s.lin = s.newLinear()
	}
	s.meets = s.meets[:0]
	s.split()
	s.close()
	n := 0
	for _, p := range s.islands {
		p.rows, p.near, p.first = p.rows[:0], p.near[:0], n
		p.joints, p.met, p.shut, p.springs = 0, 0, 0, false
		p.listLoops()
		p.join()
		p.link(nil, weak)
		n += len(p.rows)
	}
	s.lin.grow(n)
}

// holdLoops adds the springs to the matrices at rest.
func (p *problem) holdLoops() {
	s := p.s
	if p.shut == len(p.rows) {
		return
	}
	if p.coupled() {
		p.graph.Clear()
	}
	p.w = slices.Grow(p.w[:0], len(p.rows))[:len(p.rows)]
	for n := range p.rows {
		c := s.closureOf(&p.rows[n])
		l := &s.m.Loops[c.loop]
		k := knotStiffness * l.Mass
		if c.turn {
			k *= math.Pow(s.m.Trees[s.m.treeOfLoop(l)].Length, 2)
		}
		p.w[n] = ipm.Matrix{0: k, 4: k, 8: k}
		s.closureMatrix(p, c, &p.w[n])
	}
	p.clearRows()
}
