package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// ParamColumn stores the derivative of the next state (q, v) with respect to parameter p.
func (s *Stepper) ParamColumn(oq, ov []float64, p Param) {
	clear(oq)
	clear(ov)
	for _, pr := range s.islands {
		pr.rejoin()
		pr.still()
		if !pr.perturb(p) {
			continue
		}
		pr.respondTo(p)
		pr.readColumn(oq, ov)
		for _, tr := range pr.parts {
			for i := tr.V0; i < tr.V1 && p.Kind == ParamTimestep; i++ {
				ov[i] -= s.growth.Step * s.vNext[i] / s.h
			}
		}
	}
}

// InertiaColumn is ParamColumn for the combination w of the ten inertial parameters of body i.
func (s *Stepper) InertiaColumn(oq, ov []float64, i int, w *[10]float64) {
	clear(oq)
	clear(ov)
	for _, pr := range s.islands {
		pr.rejoin()
		pr.still()
		if !pr.has(s.m.Bodies[i].Tree) {
			continue
		}
		pr.clearForce()
		pr.perturbInertia(i, w)
		pr.respond()
		pr.readColumn(oq, ov)
	}
}

func (p *problem) readColumn(oq, ov []float64) {
	for _, tr := range p.parts {
		copy(oq[tr.V0:tr.V1], p.s.tree.X[tr.V0:tr.V1])
		copy(ov[tr.V0:tr.V1], p.s.dv[tr.V0:tr.V1])
	}
}

// ParamVJP adds to out the derivative of yᵀ next with respect to each parameter, y = (gq, gv).
func (s *Stepper) ParamVJP(out []float64, params []Param, gq, gv []float64) {
	s.ParamForceVJP(out, params, gq, gv, Forces{})
}

// perturb stores in s.tree.Bias, s.tree.RHS and p.mimic.c the change of the residual per unit of parameter p, at fixed
// configurations at knots 2 and 3, fixed multipliers and fixed velocity before, and in s.lin.direct that of the rows.
// It reports false when p does not concern the island.
func (p *problem) perturb(par Param) bool {
	s, m := p.s, p.s.m
	i, c := par.Index, par.Comp
	if b := m.bodyOf(par); b != World && !p.has(m.Bodies[b].Tree) {
		return false
	}
	p.clearForce()
	switch par.Kind {
	case ParamInertia:
		var w [10]float64
		w[c] = 1
		p.perturbInertia(i, &w)
	case ParamOrigin:
		p.perturbOrigin(i, c)
	case ParamForce:
		p.perturbForce(i, c)
	case ParamThruster:
		p.perturbThruster(i, c)
	case ParamFriction, ParamSurface, ParamShape, ParamPlace, ParamNormal, ParamOffset, ParamBelt:
		for n := p.joints; n < p.met; n++ {
			p.touchByParam(par, n)
		}
		for n := p.met; n < p.shut; n++ {
			p.meetByParam(par, n)
		}
	case ParamFooting:
		for n := p.joints; n < p.met; n++ {
			p.touchByParam(par, n)
		}
	case ParamPair:
		for n := p.met; n < p.shut; n++ {
			p.meetByParam(par, n)
		}
	case ParamLoopA, ParamLoopB:
		for n := p.shut; n < len(p.rows); n++ {
			p.closureByParam(par, n)
		}
	case ParamMimic:
		p.perturbMimic(i, c)
	case ParamGravity:
		var e spatial.Vec
		*axisOf(&e, c) = 1
		for _, tr := range p.parts {
			for b := tr.First; b < tr.Last; b++ {
				f := spatial.Scale(-s.weight*m.Bodies[b].Mass, e)
				addForce(&s.tree.Bias[b], f, s.knots[b].r2)
			}
		}
	case ParamTimestep:
		p.perturbTime(s.growth)
	default:
		s.jointByParam(par.Kind, i)
		p.rowsByParam(par.Kind, i)
	}
	return true
}

// bodyOf returns the body that p is a property of; World where it concerns all.
func (m *Model) bodyOf(p Param) int {
	switch p.Kind {
	case ParamInertia, ParamOrigin, ParamForce:
		return p.Index
	case ParamFriction, ParamSurface, ParamShape, ParamPlace:
		return m.Colliders[p.Index].Body
	case ParamFooting:
		return m.Colliders[m.Footings[p.Index].A].Body
	case ParamPair:
		return m.Colliders[m.Pairs[p.Index].A].Body
	case ParamLoopA, ParamLoopB:
		return m.Loops[p.Index].A
	case ParamMimic:
		return m.Dofs[m.Mimics[p.Index].Dof].Body
	case ParamThruster:
		return m.Thrusters[p.Index].Body
	case ParamNormal, ParamOffset, ParamBelt, ParamGravity, ParamTimestep:
		return World
	}
	return m.Dofs[p.Index].Body
}

// rowsByParam adds what a property of dof i does to the rows of its joint.
func (p *problem) rowsByParam(kind ParamKind, i int) {
	v := &p.solver
	for n := range p.joints {
		if r := &p.rows[n]; r.dof == i {
			if d, ok := p.s.byParam(kind, r, v.Lambda[n]); ok {
				p.addRow(n, d.du, v.Shift(n, d.law))
			}
		}
	}
}

func addForce(w *spatial.Wrench, f, at spatial.Vec) {
	w.Force = spatial.Add(w.Force, f)
	w.Torque = spatial.Add(w.Torque, spatial.Cross(at, f))
}

// perturbInertia changes the inertial parameters of body i by w.
func (p *problem) perturbInertia(i int, w10 *[10]float64) {
	s := p.s
	k := &s.knots[i]
	dm, dc, dj := s.m.Bodies[i].inertialShift(w10)
	invH := 1 / s.h
	a := k.rot.MulVec(dc)
	var jw spatial.Sym3
	jw.Conjugate(&k.rot, &dj)
	mo, past := &s.mo[i], &s.past[i]
	moved := func(x *spatial.Motion, r spatial.Vec) spatial.Vec { return spatial.Add(x.Dx, x.Displace(r)) }
	m, w := s.m.Bodies[i].Mass, s.weight
	invP := 1 / s.hPast
	path := spatial.AddScaled(spatial.Scale(invH, moved(mo, k.carm)), invP, moved(past, k.carm))
	df := spatial.Scale(dm, spatial.AddScaled(path, -w, s.m.Gravity))
	df = spatial.AddScaled(spatial.AddScaled(df, m*invH, mo.Displace(a)), m*invP, past.Displace(a))
	f := spatial.AddScaled(spatial.Scale(m, path), -w*m, s.m.Gravity)
	f = spatial.AddScaled(f, -w, s.ext[i].Force)
	b := &s.tree.Bias[i]
	addForce(b, df, k.r2)
	b.Torque = spatial.Add(b.Torque, spatial.Cross(a, f))
	b.Torque = spatial.Add(b.Torque, spatial.Add(mo.Momentum(&jw, 2*invH), past.Momentum(&jw, 2*invP)))
}

func (p *problem) perturbForce(i, c int) {
	s := p.s
	var e spatial.Vec
	*axisOf(&e, c%3) = -s.weight
	if c < 3 {
		addForce(&s.tree.Bias[i], e, s.knots[i].r2)
	} else {
		s.tree.Bias[i].Torque = e
	}
}

// perturbOrigin moves the joint of body i in its parent: a motion of its subtree at all three knots.
func (p *problem) perturbOrigin(i, c int) {
	s, l := p.s, p.s.lin
	b := &s.m.Bodies[i]
	var turn [3]spatial.Vec // rotation of the parent from knot 2 to knots 1, 2, 3
	var base [3]spatial.Vec // parent origin about O at these knots
	var rot spatial.Mat3
	if b.Parent == World {
		rot.Set(spatial.Identity)
		base[1] = spatial.Scale(-1, s.o[b.Tree]) // the world's origin
		base[0], base[2] = base[1], base[1]
	} else {
		k := &s.knots[b.Parent]
		rot = k.rot
		turn = [3]spatial.Vec{s.past[b.Parent].W, {}, s.mo[b.Parent].W}
		base = [3]spatial.Vec{spatial.Add(k.pos, s.past[b.Parent].Dx), k.pos, spatial.Add(k.pos, s.mo[b.Parent].Dx)}
	}
	var e spatial.Vec
	*axisOf(&e, c%3) = 1
	if c >= 3 {
		var j, r spatial.Mat3
		spatial.RightJac(&j, spatial.LogQuat(b.Origin.Rot))
		r.Set(b.Origin.Rot)
		e = r.MulVec(j.MulVec(e))
	}
	e = rot.MulVec(e)
	at := rot.MulVec(b.Origin.Pos)
	var t [3]spatial.Twist
	for n := range t {
		x := spatial.Add(base[n], spatial.Rotate(turn[n], at))
		t[n] = screw(spatial.Rotate(turn[n], e), x, c < 3)
	}
	if s.instant {
		above := s.above(i)
		t[0] = t[1].Cross(&above) // see instantScrews
	}
	for n := p.joints; n < p.met; n++ {
		c, b := s.touchOf(&p.rows[n])
		if b < i || b >= l.end[i] {
			continue
		}
		du := spatial.Add(powers(&c.g, &t[2]), powers(&l.touches[p.rows[n].at].g2, &t[1]))
		if c.bounce.Share > 0 {
			du.X += t[0].Power(&l.touches[p.rows[n].at].g1)
		}
		l.direct.du[p.first+n] = du
	}
	for _, tr := range p.parts {
		clear(l.t1[tr.First:tr.Last])
		clear(l.t3[tr.First:tr.Last])
	}
	for k := i; k < l.end[i]; k++ {
		l.t1[k], l.t2[k], l.t3[k] = t[0], t[1], t[2]
		addProduct(&s.tree.Bias[k], &l.a1[k], &t[0])
		addProduct(&s.tree.Bias[k], &l.a2[k], &t[1])
		addProduct(&s.tree.Bias[k], &l.a3[k], &t[2])
		d := &s.m.Bodies[k]
		for j := d.V; j < d.V+d.NT+d.NR; j++ {
			f := crossForce(&s.tree.Screw2[j], &l.sum[k])
			s.tree.RHS[j] += t[1].Power(&f)
		}
	}
	for n := p.met; n < p.shut; n++ {
		p.pushMeet(n, l.t1, l.t2, l.t3)
	}
	for n := p.shut; n < len(p.rows); n++ {
		p.pushClosure(n, l.t2, l.t3)
	}
}

// addRow adds a direct change of a block: du of its value and k of its multiplier.
func (p *problem) addRow(n int, du, k spatial.Vec) {
	d := &p.s.lin.direct
	n += p.first
	d.du[n], d.k[n] = spatial.Add(d.du[n], du), spatial.Add(d.k[n], k)
}

// perturbTime handles a growth of h and H at the rates t: at fixed configurations at knots 2 and 3 momenta, rates and sliding
// velocities of the step fall with h, and knot 1 moves with H at fixed v⁻; weights and the units of κ grow.
func (p *problem) perturbTime(t Lengths) {
	s, m, l := p.s, p.s.m, p.s.lin
	past := 0.0 // relative growth of H
	if !s.instant {
		past = t.Before / s.before
	}
	for _, tr := range p.parts {
		for i := tr.V0; i < tr.V1; i++ { // knot 1 moves as if v⁻ changed by v⁻ dH/H
			l.dv[i] = past * s.v[i]
		}
	}
	p.pushState(nil, l.dv, nil)
	rate, w := t.Step/s.h, t.weight()
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			b, k, bias := &m.Bodies[i], &s.knots[i], &s.tree.Bias[i]
			pl, ls, _ := s.momentum(i, &s.mo[i], 1/s.h)
			f := spatial.AddScaled(spatial.Scale(-rate, pl), past, k.pIn)
			f = spatial.AddScaled(spatial.AddScaled(f, -w*b.Mass, m.Gravity), -w, s.ext[i].Force)
			addForce(bias, f, k.r2)
			torque := spatial.AddScaled(spatial.Scale(-rate, ls), past, k.lIn)
			bias.Torque = spatial.Add(bias.Torque, spatial.AddScaled(torque, -w, s.ext[i].Torque))
		}
		s.forcesByTime(tr.Tree, t)
	}
	for i := range m.Thrusters {
		if b := m.Thrusters[i].Body; p.has(m.Bodies[b].Tree) {
			thrust := s.thrust(i)
			subWrench(&s.tree.Bias[b], thrust.Scaled(w/s.weight))
		}
	}
	v, law := &p.solver, ipm.Change{}
	for n := range p.rows {
		d, b := s.byTime(&p.rows[n], v.U[n], v.Lambda[n], t), &p.blocks[n]
		d.law.Kappa, d.law.KappaT = p.kappa*b.Kappa*(w/s.weight+d.law.Kappa), p.kappa*b.KappaT*w/s.weight
		if p.rows[n].turns() {
			d.law = law // of one contact
		}
		law = d.law
		p.addRow(n, d.du, v.Shift(n, d.law))
	}
	for n := p.shut; n < len(p.rows) && p.yields; n++ {
		p.addRow(n, p.yieldByTime(n, t), spatial.Vec{})
	}
}
