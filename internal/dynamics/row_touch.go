package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Contacts: u = (gap, sliding velocity), λ = (normal, friction) along the normal and tangents of knot 2, at the contact
// point of knot 2 (docs/theory.md, section 4). package gap evaluates them; this file hangs them on bodies.

// touch is a contact in the step at hand.
type touch struct {
	gap.Touch
	bounce  gap.Rebound       // of the step at hand
	soft    soft              // zero where it is hard
	on      bool              // whether it takes part
	special bool              // whether its surfaces do more than slide
	lambda  spatial.Vec       // multiplier at the last residual
	g       [3]spatial.Wrench // derivative of the value by a twist at knot 3, at the last factorization
}

// touchStart is what the linearization knows of a contact.
type touchStart struct {
	g2 [3]spatial.Wrench // derivative of the value by a twist at knot 2
	g1 spatial.Wrench    // of the gap by one at knot 1, where it bounces
	df spatial.Vec       // direct change of the impulse as the half-space turns, of the last perturbation; of what turns, of the angular one
}

// touchOf returns the contact of a row and the body it is on.
func (s *Stepper) touchOf(r *row) (*touch, int) {
	return &s.touches[r.at], s.m.Contacts[r.contact].Body
}

func (s *Stepper) touchValue(r *row) (u spatial.Vec) {
	t, b := s.touchOf(r)
	if t.Rolls() {
		t.Turn(&s.mo[b])
	}
	u.X, u.Y, u.Z = t.Eval(&s.mo[b], 1/s.h)
	return u
}

func (s *Stepper) touchPast(r *row) (u spatial.Vec) {
	t, b := s.touchOf(r)
	if t.Belt.Moves() {
		now := t.Belt
		t.Belt = now.Before(&s.past[b], &still)
		u.X, u.Y, u.Z = t.Eval(&s.past[b], -1/s.hPast)
		t.Belt = now
	} else {
		u.X, u.Y, u.Z = t.Eval(&s.past[b], -1/s.hPast)
	}
	if t.Mode == gap.Slide {
		u.X = t.Gap2
	}
	return u
}

// slippery is a friction coefficient that no number tells from none: κ over its force would overflow.
const slippery = 1e-100

func (s *Stepper) describeTouch(b *ipm.Block, r *row) {
	m, t := s.m, &s.touches[r.at]
	c := &m.Contacts[r.contact]
	if !t.special {
		b.Mu = m.touchFriction(c)
		m.law(b)
		return
	}
	b.Mu = m.touchFriction(c)
	m.lawWith(b, r.mate > 0)
	t.soft.describe(b, s)
}

// law states the friction law of a contact whose coefficient is known.
func (m *Model) law(b *ipm.Block) {
	switch {
	case m.Law == Frictionless || b.Mu < slippery:
		b.Kind = ipm.Orthant
	case m.Law == Pyramid:
		b.Kind = ipm.Pyramid
		b.Mu *= inscribed
	default:
		b.Kind = ipm.Coulomb
	}
}

// inscribed is the part of μ that bounds the friction along each tangent of a pyramid inside the cone.
const inscribed = math.Sqrt2 / 2

// pyramid rotates the tangents by 45°: |β·(t1±t2)/√2| ≤ μγ/√2 is the square with corners on the Coulomb
// circle along t1 and t2.
func pyramid(t1, t2 spatial.Vec) (a, b spatial.Vec) {
	const k = math.Sqrt2 / 2
	return spatial.Scale(k, spatial.Add(t1, t2)), spatial.Scale(k, spatial.Sub(t2, t1))
}

// addTouch adds sign·Nᵀλ to the wrench of the body.
func (s *Stepper) addTouch(dst []spatial.Wrench, r *row, l spatial.Vec, sign float64) {
	t, b := s.touchOf(r)
	addWrench(&dst[b], &t.Wrenches, l, sign)
}

func addWrench(w *spatial.Wrench, n *[3]spatial.Wrench, l spatial.Vec, sign float64) {
	x, y, z := sign*l.X, sign*l.Y, sign*l.Z
	w.Force = spatial.AddScaled(spatial.AddScaled(spatial.AddScaled(w.Force, x, n[0].Force), y, n[1].Force), z, n[2].Force)
	w.Torque = spatial.AddScaled(spatial.AddScaled(spatial.AddScaled(w.Torque, x, n[0].Torque), y, n[1].Torque), z, n[2].Torque)
}

// touchMatrix adds NᵀWG to the matrix of the body.
func (s *Stepper) touchMatrix(r *row, w *ipm.Matrix, normalOnly bool) {
	t, b := s.touchOf(r)
	t.Rows(&t.g, &s.mo[b], 1/s.h)
	addContact(&s.tree.A[b], &t.Wrenches, &t.g, w, normalOnly)
	s.addArm(&s.tree.A[b], t, b)
}

// addArm adds −∂(Nᵀλ)/∂θ₃: the impulse of what rolls acts where knot 3 wants it. The torque changes by dc × force.
func (s *Stepper) addArm(a *spatial.Mat6, t *touch, b int) {
	if !t.Rolls() {
		return
	}
	var d spatial.Mat3
	t.PointRows(&d, &s.mo[b])
	addTorque(a, t.force(t.lambda), &d)
}

// addTorque adds [f]× d to the part of a that gives torques for turns.
func addTorque(a *spatial.Mat6, f spatial.Vec, d *spatial.Mat3) {
	fx := skew(f)
	var fd spatial.Mat3
	fd.Mul(&fx, d)
	for r := 0; r < 3; r++ {
		for q := 0; q < 3; q++ {
			a[6*(3+r)+3+q] += fd[3*r+q]
		}
	}
}

// addContact adds Nᵀ W G to the matrix of the body. Only on some ways of the solver does the normal force depend on sliding.
func addContact(a *spatial.Mat6, n, g *[3]spatial.Wrench, w *ipm.Matrix, normalOnly bool) {
	if normalOnly {
		row := g[0].Scaled(w[0])
		a.AddOuter(&n[0], &row)
		return
	}
	a.AddRank3(n, g, (*[9]float64)(w))
	if w[1] != 0 || w[2] != 0 {
		y, z := g[1].Scaled(w[1]), g[2].Scaled(w[2])
		a.AddOuter(&n[0], &y)
		a.AddOuter(&n[0], &z)
	}
}

// powers returns the products of three rows with a twist.
func powers(g *[3]spatial.Wrench, t *spatial.Twist) spatial.Vec {
	return spatial.Vec{X: t.Power(&g[0]), Y: t.Power(&g[1]), Z: t.Power(&g[2])}
}

// touchAnswer returns what the value answers to the row's own multiplier, see Local.
func (s *Stepper) touchAnswer(r *row, normalOnly bool) (a ipm.Matrix) {
	t, b := s.touchOf(r)
	o := &s.tree.Response[b]
	if normalOnly {
		x := articulated.Answer(o, &t.Wrenches[0])
		a[0] = x.Power(&t.g[0])
		return a
	}
	o.Answers((*[9]float64)(&a), &t.Wrenches, &t.g)
	return a
}

// force returns the impulse λ in world axes.
func (t *touch) force(l spatial.Vec) spatial.Vec {
	if t.Mode == gap.Turn {
		return spatial.Vec{}
	}
	return spatial.AddScaled(spatial.AddScaled(spatial.Scale(l.X, t.N), l.Y, t.T1), l.Z, t.T2)
}

// touchStart adds to the linearization what the contact feels of knot 2.
func (s *Stepper) touchStart(l *linear, r *row, lambda spatial.Vec) {
	t, b := s.touchOf(r)
	g := &l.touches[r.at].g2
	var d spatial.Mat3
	t.StartRows(g, &d, &s.mo[b], 1/s.h)
	if t.bounce.Share > 0 {
		t.ReboundRows(&l.touches[r.at].g1, &g[0], &t.bounce, &s.past[b])
	}
	s.addArm(&l.a3[b], t, b)
	// −∂(Nᵀλ): the torque changes by dc × force, dc = lin + d ang
	f, a := t.force(lambda), &l.a2[b]
	fx := skew(f)
	for r := 0; r < 3; r++ {
		for q := 0; q < 3; q++ {
			a[6*(3+r)+q] += fx[3*r+q]
		}
	}
	addTorque(a, f, &d)
}

func (s *Stepper) touchByTime(r *row, u, lambda spatial.Vec, t Lengths) (d direct) {
	c, b := s.touchOf(r)
	v := c.Drifts(&s.mo[b]) // they do not depend on it
	d.du = spatial.Vec{Y: -(u.Y - v.Y) * t.Step / s.h, Z: -(u.Z - v.Z) * t.Step / s.h}
	if r.turns() {
		d.du.X = -(u.X - v.X) * t.Step / s.h
		return d
	}
	if c.soft.k > 0 {
		d.du.X, d.law.Kappa = c.soft.byTime(s, c.Gap2, lambda.X, t)
	} else if c.Ease > 0 && c.Ease+c.Gap2 < 0 { // what need not leave does not ask how fast
		d.du.X = -t.Step * s.touchLeaving(s.m.Bodies[b].Tree)
	}
	d.du.X += s.reboundByTime(&c.bounce, t)
	return d
}

// touchByParam adds the effect of a property of the contact: of its collider or of its half-space.
func (p *problem) touchByParam(par Param, n int) {
	s, m := p.s, p.s.m
	r, v := &p.rows[n], &p.solver
	c := &m.Contacts[r.contact]
	switch par.Kind {
	case ParamNormal, ParamOffset, ParamBelt:
		if c.Plane != par.Index {
			return
		}
	case ParamFooting:
		if f := &m.Footings[par.Index]; f.A != c.Collider || f.B != c.Plane {
			return
		}
	default:
		if c.Collider != par.Index {
			return
		}
	}
	if par.Kind == ParamFriction || par.Kind == ParamFooting || par.Kind == ParamSurface && (par.Comp == surfaceTorsion || par.Comp == surfaceRolling) {
		p.addRow(n, spatial.Vec{}, v.Shift(n, s.touchBound(par, r)))
		return
	}
	t, b := s.touchOf(r)
	if r.turns() && par.Kind == ParamSurface && par.Comp >= surfaceRestitution && par.Comp <= surfaceDamping {
		return // the row before does it
	}
	if par.Kind == ParamSurface && par.Comp == surfaceRestitution {
		p.bounceBy(n, &t.bounce, m.Colliders[c.Collider].Surface.Restitution, 1)
		return
	}
	if par.Kind == ParamSurface && (par.Comp == surfaceStiffness || par.Comp == surfaceDamping) {
		p.softBy(n, &t.soft, softness{1, 0, 1}.of(par.Comp), t.Gap2)
		return
	}
	sh := s.shift(par, c, r.contact)
	du, point := t.Respond(&sh, &s.mo[b], s.o[m.Bodies[b].Tree], 1/s.h)
	if t.bounce.Share > 0 {
		du.X += t.ReboundBy(&t.bounce, &sh, &s.past[b], s.o[m.Bodies[b].Tree])
	}
	p.addRow(n, du, spatial.Vec{})
	// −d(Nᵀλ): the point moves and, with the normal, the directions
	l := v.Lambda[n]
	df, turned := t.Turned(&sh, l)
	if s.lin.touches[r.at].df = df; r.turns() {
		s.lin.touches[r.at].df = turned
	}
	w := &s.tree.Bias[b]
	w.Torque = spatial.Sub(spatial.Sub(w.Torque, spatial.Cross(point, t.force(l))), turned)
	addForce(w, spatial.Scale(-1, df), spatial.Add(t.P, t.Reach))
}

// shift returns how parameter par changes contact id, per unit, in world axes at knot 2.
func (s *Stepper) shift(par Param, c *Contact, id int) (sh gap.Shift) {
	m := s.m
	col := &m.Colliders[c.Collider]
	rot := &s.knots[c.Body].rot
	var e spatial.Vec
	switch par.Kind {
	case ParamShape:
		d := collide.Shift(&col.Shape, m.feature(id), par.Comp)
		sh.Radius, sh.Center = d.Radius, rot.MulVec(spatial.QuatRotate(col.Pose.Rot, d.Center))
		sh.Oval = turnedOval(&d.Oval, col.Pose.Rot, rot)
	case ParamPlace:
		*axisOf(&e, par.Comp%3) = 1
		if par.Comp < 3 {
			sh.Center = rot.MulVec(e)
			sh.RunA.At = sh.Center
			break
		}
		e = placeTurn(col.Pose.Rot, e)
		sh.RunA = turnedRun(&s.touches[id].Belt.A, rot.MulVec(e))
		f := &c.Feature
		sh.Center = rot.MulVec(spatial.Cross(e, spatial.Sub(f.Center, col.Pose.Pos)))
		sh.Axis = rot.MulVec(spatial.Cross(e, f.Axis))
		sh.Oval = f.Oval.Turn(e).Turned(rot)
	case ParamNormal:
		n := m.Planes[c.Plane].Normal
		*axisOf(&e, par.Comp) = 1
		sh.Normal = spatial.Across(e, n)
		sh.T1, sh.T2 = gap.TangentShift(n, sh.Normal)
		if m.Law == Pyramid {
			sh.T1, sh.T2 = pyramid(sh.T1, sh.T2)
		}
	case ParamOffset:
		sh.Offset = 1
	case ParamSurface:
		sh.RunA = s.surfaceRun(c.Collider, par.Comp)
	case ParamBelt:
		if par.Comp < 3 {
			sh.RunB.V = unitOf(par.Comp)
		} else {
			sh.RunB.W = unitOf(par.Comp - 3)
		}
	}
	return sh
}

// turnedOval returns the change of an oval of a shape in world axes.
func turnedOval(d *gap.Oval, place spatial.Quat, rot *spatial.Mat3) gap.Oval {
	if *d == (gap.Oval{}) {
		return *d
	}
	var at spatial.Mat3
	at.Set(place)
	return d.Turned(&at).Turned(rot)
}

// placeTurn returns the turn, in axes of the body, that goes with a change e of the rotation vector of a collider's pose.
func placeTurn(rot spatial.Quat, e spatial.Vec) spatial.Vec {
	var j spatial.Mat3
	spatial.RightJac(&j, spatial.LogQuat(rot))
	return spatial.QuatRotate(rot, j.MulVec(e))
}

// feature returns which feature of its collider contact id is.
func (m *Model) feature(id int) int {
	first := id
	for first > 0 && m.Contacts[first-1].Collider == m.Contacts[id].Collider {
		first--
	}
	return (id - first) / len(m.Planes)
}
