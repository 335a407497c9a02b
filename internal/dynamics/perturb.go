package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// ParamColumn stores the derivative of the next state (q, v) with respect to parameter p.
func (s *Stepper) ParamColumn(oq, ov []float64, p Param) {
	clear(oq)
	clear(ov)
	for t := range s.probs {
		pr := &s.probs[t]
		pr.still()
		if !pr.perturb(p) {
			continue
		}
		pr.paramResponse(oq, ov)
		if p.Kind == ParamTimestep {
			for i := pr.tr.V0; i < pr.tr.V1; i++ {
				ov[i] -= s.vNext[i] / s.h
			}
		}
	}
}

// InertiaColumn is ParamColumn for the combination w of the ten inertial parameters of body i.
func (s *Stepper) InertiaColumn(oq, ov []float64, i int, w *[10]float64) {
	clear(oq)
	clear(ov)
	for t := range s.probs {
		pr := &s.probs[t]
		pr.still()
		if i < pr.tr.First || i >= pr.tr.Last {
			continue
		}
		pr.clearForce()
		pr.perturbInertia(i, w)
		pr.paramResponse(oq, ov)
	}
}

func (p *problem) paramResponse(oq, ov []float64) {
	v0, v1 := p.tr.V0, p.tr.V1
	p.respond()
	copy(oq[v0:v1], p.s.dq[v0:v1])
	copy(ov[v0:v1], p.s.dv[v0:v1])
}

// ParamVJP adds to out the derivative of yᵀ next with respect to each parameter, y = (gq, gv).
func (s *Stepper) ParamVJP(out []float64, params []Param, gq, gv []float64) {
	for t := range s.probs {
		pr := &s.probs[t]
		pr.adjoint(gq, gv)
		copy(s.lin.z, s.dq)
		copy(s.lin.zt, s.twist)
		for n, p := range params {
			if !pr.perturb(p) {
				continue
			}
			for i := pr.tr.First; i < pr.tr.Last; i++ {
				out[n] -= s.lin.zt[i].Power(&s.bias[i])
			}
			for i := pr.tr.V0; i < pr.tr.V1; i++ {
				out[n] -= s.lin.z[i] * s.rhs[i]
				if p.Kind == ParamTimestep {
					out[n] -= gv[i] * s.vNext[i] / s.h
				}
			}
		}
	}
}

// perturb stores in s.bias and s.rhs the change of the residual per unit of parameter p, at fixed
// configurations at knots 2 and 3 and fixed velocity before. It reports false when p does not concern the
// tree.
func (p *problem) perturb(par Param) bool {
	s, m, tr := p.s, p.s.m, p.tr
	i, c := par.Index, par.Comp
	switch par.Kind {
	case ParamInertia, ParamOrigin, ParamForce:
		if i < tr.First || i >= tr.Last {
			return false
		}
	case ParamFriction, ParamShape, ParamPlace:
		if b := m.Colliders[i].Body; b < tr.First || b >= tr.Last {
			return false
		}
	case ParamNormal, ParamOffset, ParamGravity, ParamTimestep:
	default:
		if i < tr.V0 || i >= tr.V1 {
			return false
		}
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
	case ParamFriction, ParamShape, ParamPlace, ParamNormal, ParamOffset:
		p.perturbContacts(par)
	case ParamGravity:
		var e spatial.Vec
		*axisOf(&e, c) = 1
		for b := tr.First; b < tr.Last; b++ {
			f := spatial.Scale(-s.h*m.Bodies[b].Mass, e)
			addForce(&s.bias[b], f, s.knots[b].r2)
		}
	case ParamTimestep:
		p.perturbTimestep()
	default:
		p.perturbJoint(par.Kind, i)
	}
	return true
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
	spin := func(w spatial.Vec, invH float64) spatial.Vec {
		y := spatial.Scale(2*invH, jw.MulVec(w))
		return spatial.AddScaled(spatial.Add(y, spatial.Cross(w, y)), spatial.Dot(w, y), w)
	}
	m := s.m.Bodies[i].Mass
	invP := 1 / s.hPast
	path := spatial.AddScaled(spatial.Scale(invH, moved(mo, k.carm)), invP, moved(past, k.carm))
	df := spatial.Scale(dm, spatial.AddScaled(path, -s.h, s.m.Gravity))
	df = spatial.AddScaled(spatial.AddScaled(df, m*invH, mo.Displace(a)), m*invP, past.Displace(a))
	f := spatial.AddScaled(spatial.Scale(m, path), -s.h*m, s.m.Gravity)
	f = spatial.AddScaled(f, -s.h, s.ext[i].Force)
	w := &s.bias[i]
	addForce(w, df, k.r2)
	w.Torque = spatial.Add(w.Torque, spatial.Cross(a, f))
	w.Torque = spatial.Add(w.Torque, spatial.Add(spin(mo.W, invH), spin(past.W, invP)))
}

func (p *problem) perturbForce(i, c int) {
	s := p.s
	var e spatial.Vec
	*axisOf(&e, c%3) = -s.h
	if c < 3 {
		addForce(&s.bias[i], e, s.knots[i].r2)
	} else {
		s.bias[i].Torque = e
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
		base[1] = spatial.Scale(-1, s.o[p.t]) // the world's origin
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
		rightJac(&j, spatial.LogQuat(b.Origin.Rot))
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
	for n := p.joints; n < len(p.rows); n++ {
		c := p.rows[n].contact
		if b := s.m.Contacts[c].Body; b < i || b >= l.end[i] {
			continue
		}
		g3, g2 := &s.grads[c], &l.grads2[c]
		du := spatial.Vec{
			X: t[2].Power(&g3[0]) + t[1].Power(&g2[0]),
			Y: t[2].Power(&g3[1]) + t[1].Power(&g2[1]),
			Z: t[2].Power(&g3[2]) + t[1].Power(&g2[2]),
		}
		l.rows[l.rowOf[p.t]+n] = mulW(&l.w[p.t][n], du)
	}
	for k := i; k < l.end[i]; k++ {
		l.t2[k] = t[1]
		addProduct(&s.bias[k], &l.a1[k], &t[0])
		addProduct(&s.bias[k], &l.a2[k], &t[1])
		addProduct(&s.bias[k], &l.a3[k], &t[2])
		d := &s.m.Bodies[k]
		for j := d.V; j < d.V+d.NT+d.NR; j++ {
			f := crossForce(&s.screw2[j], &l.sum[k])
			s.rhs[j] += t[1].Power(&f)
		}
	}
}

// addRow adds the effect of a direct change of a block: du of its value and k of its multiplier.
func (p *problem) addRow(n int, du, k spatial.Vec) {
	s, w := p.s, &p.s.lin.w[p.t][n]
	f := spatial.Vec{
		X: w[0]*du.X + w[1]*du.Y + w[2]*du.Z - k.X,
		Y: w[3]*du.X + w[4]*du.Y + w[5]*du.Z - k.Y,
		Z: w[6]*du.X + w[7]*du.Y + w[8]*du.Z - k.Z,
	}
	r := &p.rows[n]
	l := &s.lin.rows[s.lin.rowOf[p.t]+n]
	*l = spatial.Add(*l, f)
	if r.kind != rowContact {
		s.jointImpulse(s.rhs, r, spatial.Scale(-1, f))
		return
	}
	if p.blocks[n].Kind == ipm.Orthant {
		f.Y, f.Z = 0, 0
	}
	addWrench(&s.bias[s.m.Contacts[r.contact].Body], &s.touches[r.contact].Wrenches, f, 1)
}

func (p *problem) perturbContacts(par Param) {
	s, m := p.s, p.s.m
	v := &s.solvers[p.t]
	for n := p.joints; n < len(p.rows); n++ {
		id := p.rows[n].contact
		c := &m.Contacts[id]
		if par.Kind == ParamNormal || par.Kind == ParamOffset {
			if c.Plane != par.Index {
				continue
			}
		} else if c.Collider != par.Index {
			continue
		}
		if par.Kind == ParamFriction {
			mu := 1.0
			if m.Law == Pyramid {
				mu = math.Sqrt2 / 2
			}
			p.addRow(n, spatial.Vec{}, v.Shift(n, ipm.Change{Mu: mu}))
			continue
		}
		sh := p.shift(par, c, id)
		t, mo := &s.touches[id], &s.mo[c.Body]
		du, point := t.Respond(&sh, mo, s.o[p.t], 1/s.h)
		p.addRow(n, du, spatial.Vec{})
		// −d(Nᵀλ): the point moves and, with the normal, the directions
		l := v.Lambda[n]
		f := spatial.Scale(l.X, t.N)
		f = spatial.AddScaled(spatial.AddScaled(f, l.Y, t.T1), l.Z, t.T2)
		df := spatial.Scale(l.X, sh.Normal)
		df = spatial.AddScaled(spatial.AddScaled(df, l.Y, sh.T1), l.Z, sh.T2)
		s.lin.turned[id] = df
		w := &s.bias[c.Body]
		w.Torque = spatial.Sub(w.Torque, spatial.Cross(point, f))
		addForce(w, spatial.Scale(-1, df), spatial.Add(t.P, t.Reach))
	}
}

// shift returns how parameter par changes contact id, per unit, in world axes at knot 2.
func (p *problem) shift(par Param, c *Contact, id int) (sh contact.Shift) {
	s, m := p.s, p.s.m
	col := &m.Colliders[c.Collider]
	rot := &s.knots[c.Body].rot
	first := id
	for first > 0 && m.Contacts[first-1].Collider == c.Collider {
		first--
	}
	feature := (id - first) / len(m.Planes)
	var e spatial.Vec
	switch par.Kind {
	case ParamShape:
		var dc spatial.Vec
		dc, sh.Radius = col.Shape.CenterShift(feature, par.Comp)
		sh.Center = rot.MulVec(spatial.QuatRotate(col.Pose.Rot, dc))
	case ParamPlace:
		*axisOf(&e, par.Comp%3) = 1
		if par.Comp < 3 {
			sh.Center = rot.MulVec(e)
			break
		}
		var j spatial.Mat3
		rightJac(&j, spatial.LogQuat(col.Pose.Rot))
		e = spatial.QuatRotate(col.Pose.Rot, j.MulVec(e))
		f := &c.Feature
		sh.Center = rot.MulVec(spatial.Cross(e, spatial.Sub(f.Center, col.Pose.Pos)))
		sh.Axis = rot.MulVec(spatial.Cross(e, f.Axis))
		sh.Side = rot.MulVec(spatial.Cross(e, f.Side))
	case ParamNormal:
		n := m.Planes[c.Plane].Normal
		*axisOf(&e, par.Comp) = 1
		sh.Normal = spatial.AddScaled(e, -spatial.Dot(e, n), n)
		sh.T1, sh.T2 = contact.TangentShift(n, sh.Normal)
		if m.Law == Pyramid {
			sh.T1, sh.T2 = pyramid(sh.T1, sh.T2)
		}
	case ParamOffset:
		sh.Offset = 1
	}
	return sh
}

// perturbJoint handles the scalar properties of dof i; those of a spherical joint belong to all its axes.
func (p *problem) perturbJoint(kind ParamKind, i int) {
	s := p.s
	d := &s.m.Dofs[i]
	h := s.h
	ball := s.balls[i]
	n := 1
	if ball {
		n = 3
	}
	free := d.Drive == Servo && math.IsInf(d.Effort, 1)
	for k := i; k < i+n; k++ {
		switch kind {
		case ParamDamping:
			s.rhs[k] += h * s.vNext[k]
		case ParamArmature:
			s.rhs[k] += s.vNext[k] - s.v[k]
		case ParamRest:
			s.rhs[k] -= h * d.Stiffness
		case ParamStiffness:
			if !ball {
				s.rhs[k] += h * (s.position(k)/4 + s.q[s.m.QIndex[k]]/2 + s.before(k)/4 - d.Rest)
			}
		case ParamKp:
			if free && !ball {
				s.rhs[k] += h * (s.position(k) - s.u[d.Input])
			}
		case ParamKd:
			if free {
				s.rhs[k] += h * s.vNext[k]
			}
		case ParamEffort:
			if u := 0.0; d.Drive == Torque {
				if u = s.u[s.m.Dofs[k].Input]; math.Abs(u) > d.Effort {
					s.rhs[k] -= math.Copysign(h, u)
				}
			}
		}
	}
	if ball && kind == ParamStiffness {
		e := spatial.AddScaled(bend(s.ballPose(i, h/2, s.vNext)), 2, bend(s.ballPose(i, 0, s.v)))
		addTo(s.rhs[i:], h/4, spatial.Add(e, bend(s.ballPose(i, -s.hPast/2, s.v))))
	}
	if ball && kind == ParamKp && free {
		addTo(s.rhs[i:], h, bend(s.fromTarget(i, s.ballPose(i, h/2, s.vNext))))
	}
	p.perturbRows(kind, i)
}

// perturbRows handles what the properties of dof i do to its complementarity blocks.
func (p *problem) perturbRows(kind ParamKind, i int) {
	s := p.s
	d := &s.m.Dofs[i]
	h := s.h
	v := &s.solvers[p.t]
	for n := 0; n < p.joints; n++ {
		r := &p.rows[n]
		if r.dof != i {
			continue
		}
		eased := r.ease > 0
		switch {
		case kind == ParamLower && r.kind == rowLower && !eased:
			p.addRow(n, spatial.Vec{X: -1}, spatial.Vec{})
		case kind == ParamUpper && r.kind == rowUpper && !eased:
			p.addRow(n, spatial.Vec{X: 1}, spatial.Vec{})
		case kind == ParamUpper && r.kind == rowCone && !eased:
			p.addRow(n, spatial.Vec{X: math.Sin(d.Upper/2) / 2}, spatial.Vec{})
		case kind == ParamDry && (r.kind == rowFriction || r.kind == rowGrease):
			p.addRow(n, spatial.Vec{}, v.Shift(n, ipm.Change{Limit: h}))
		case r.kind != rowServo && r.kind != rowGimbal:
		case kind == ParamEffort:
			p.addRow(n, spatial.Vec{}, v.Shift(n, ipm.Change{Limit: h}))
		case kind == ParamKp || kind == ParamKd:
			// u = (kp e + kd v)/g + λ/(h g) with g = kp h + kd
			g := servoGain(d, h)
			u := spatial.AddScaled(s.jointValue(r), 1/(h*g), v.Lambda[n])
			var num spatial.Vec
			gain := 1.0
			if kind == ParamKp {
				gain = h
				if r.kind == rowGimbal {
					num = bend(s.fromTarget(i, s.ballPose(i, h/2, s.vNext)))
				} else {
					num.X = s.position(i) - s.u[d.Input]
				}
			} else if r.kind == rowGimbal {
				num = vec3(s.vNext[i:])
			} else {
				num.X = s.vNext[i]
			}
			p.addRow(n, spatial.Scale(1/g, spatial.AddScaled(num, -gain, u)), spatial.Vec{})
		}
	}
}

// perturbTimestep handles a change of h: momenta and sliding velocities scale with 1/h at fixed
// configurations, knot 1 moves with h at fixed velocity, impulses and the units of κ grow with h.
func (p *problem) perturbTimestep() {
	s, m, tr, l := p.s, p.s.m, p.tr, p.s.lin
	h := s.h
	// knot 1 moves as if v changed by v/h, unless the interval before has a length of its own
	tied := boolTo(s.hPast == h, 1, 0)
	for i := tr.V0; i < tr.V1; i++ {
		l.dv[i] = tied * s.v[i] / h
	}
	p.pushState(nil, l.dv, nil)
	for i := tr.First; i < tr.Last; i++ {
		b, k, w := &m.Bodies[i], &s.knots[i], &s.bias[i]
		pl, ls, _ := s.momentum(i, &s.mo[i], 1/h)
		f := spatial.Scale(-1/h, spatial.AddScaled(pl, -tied, k.pIn))
		f = spatial.Sub(spatial.AddScaled(f, -b.Mass, m.Gravity), s.ext[i].Force)
		addForce(w, f, k.r2)
		t := spatial.Scale(-1/h, spatial.AddScaled(ls, -tied, k.lIn))
		w.Torque = spatial.Add(w.Torque, spatial.Sub(t, s.ext[i].Torque))
	}
	p.jointTimestep(tied)
	v := &s.solvers[p.t]
	units := p.units()
	dk := ipm.Change{Kappa: p.kappa * units.Kappa / h, KappaT: p.kappa * units.KappaT / h}
	for n := range p.rows {
		r := &p.rows[n]
		var du spatial.Vec
		c := dk
		switch r.kind {
		case rowContact:
			u := v.U[n]
			du = spatial.Vec{Y: -u.Y / h, Z: -u.Z / h}
			if t := &s.touches[r.contact]; t.Ease > 0 {
				du.X = -math.Sqrt(m.GravityRef * tr.Length)
			}
		case rowLower, rowUpper, rowCone:
			if r.ease > 0 {
				du.X = -m.Dofs[r.dof].Speed
				if r.kind == rowCone {
					du.X /= 2
				}
			}
		case rowFriction, rowGrease:
			du = spatial.Scale(-1/h, v.U[n])
			c.Limit = m.Dofs[r.dof].Friction
		case rowServo, rowGimbal:
			d := &m.Dofs[r.dof]
			g := servoGain(d, h)
			c.Limit = d.Effort
			// u = (kp e + kd v)/g + λ/(h g): d(1/g) = −kp/g², dv = −v/h, d(1/(hg)) = −1/(h²g) − kp/(hg²)
			vel := spatial.Vec{X: s.vNext[r.dof]}
			if r.kind == rowGimbal {
				vel = vec3(s.vNext[r.dof:])
			}
			du = spatial.Scale(-d.Kp/g, v.U[n])
			du = spatial.AddScaled(du, -d.Kd/(g*h), vel)
			du = spatial.AddScaled(du, -1/(h*h*g)-d.Kp/(h*g*g), v.Lambda[n])
		}
		p.addRow(n, du, v.Shift(n, c))
	}
}

// jointTimestep adds ∂/∂h of the joints' own forces at fixed configurations at knots 2 and 3. What a spring
// feels of knot 1 came with pushState.
func (p *problem) jointTimestep(tied float64) {
	s, m, tr := p.s, p.s.m, p.tr
	h := s.h
	for i := tr.V0; i < tr.V1; i++ {
		d := &m.Dofs[i]
		// armature·(v⁺ − v⁻) + h·damping·v⁺ with dv⁺ = −v⁺/h; v⁻ fixed, but pushState took dv = v/h
		r := -d.Armature * s.vNext[i] / h
		r += tied * d.Armature * s.v[i] / h
		if d.Drive == Torque {
			r -= math.Max(-d.Effort, math.Min(d.Effort, s.u[d.Input]))
		}
		free := d.Drive == Servo && math.IsInf(d.Effort, 1)
		if !m.Ball(i) {
			if d.Stiffness != 0 {
				r += d.Stiffness * (s.position(i)/4 + s.q[m.QIndex[i]]/2 + s.before(i)/4 - d.Rest)
			}
			if free {
				r += d.Kp * (s.position(i) - s.u[d.Input])
			}
		} else if b := &m.Bodies[d.Body]; i == b.V+b.NT {
			q3 := s.ballPose(i, h/2, s.vNext)
			if d.Stiffness != 0 {
				e := spatial.AddScaled(bend(q3), 2, bend(s.ballPose(i, 0, s.v)))
				addTo(s.rhs[i:], d.Stiffness/4, spatial.Add(e, bend(s.ballPose(i, -s.hPast/2, s.v))))
			}
			if free {
				addTo(s.rhs[i:], d.Kp, bend(s.fromTarget(i, q3)))
			}
		}
		s.rhs[i] += r
	}
}
