package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Derivatives of a solved step by the implicit function theorem (docs/theory.md, section 7). With q the
// configuration at knot 3 the solution obeys r(q, λ; x) = 0 and λ = Λ(u(q; x); x), so
//
//	H dq = −(∂r/∂x + NᵀW ∂u/∂x − Nᵀ ∂Λ/∂x) dx,   H = ∂r/∂q + NᵀWJ,
//
// with the matrix H that Newton's method factored. Changes of the state move knots 1 and 2; all knots
// they do not move stay where they are. Everything a body feels of its knots 1 and 2 is a 6×6 matrix
// (A1, A2), so the columns of all joints above it cost one product each.

// linear holds the linearization of a solved step.
type linear struct {
	a1, a2, a3     []spatial.Mat6      // ∂(wrench)/∂(twist at knot 1, 2, 3), contacts included
	m1, m2         []spatial.Mat6      // the same gathered over subtrees with their joints eliminated
	rho1, rho2     []spatial.Wrench    // what a joint's equation feels of a twist of the whole subtree
	screwQ, screwV []spatial.Twist     // motion at knot 1 per unit q2 and per unit v
	sum            []spatial.Wrench    // wrench gathered over the subtree at the solution
	jq, jv, ju     []float64           // joint part of ∂r/∂q2, ∂r/∂v, ∂r/∂u of scalar dofs
	ballQ, ballV   []spatial.Mat3      // the same of spherical rotations, per body
	ballU          []spatial.Mat3      // of servo targets
	w              [][]ipm.Matrix      // condensed matrices per tree
	grads2         [][3]spatial.Wrench // ∂u/∂(twist at knot 2) per contact
	end            []int               // one past the last body of each subtree
	rows           []spatial.Vec       // direct change of each row's multiplier, minus
	rowOf          []int               // first of them of each tree
	turned         []spatial.Vec       // direct change of each contact's impulse as the half-space turns
	force          []spatial.Wrench    // direct change of each body's wrench
	t1, t2         []spatial.Twist     // of a tangent pushed forward
	pull1, pull2   []spatial.Wrench    // of a cotangent pulled back
	z, dv          []float64           // adjoint and scratch of parameters
	zt             []spatial.Twist     // twists of the adjoint
}

func (s *Stepper) newLinear() *linear {
	nb, nv, nc := len(s.m.Bodies), s.m.NV, len(s.m.Contacts)
	l := &linear{
		a1: make([]spatial.Mat6, nb), a2: make([]spatial.Mat6, nb), a3: make([]spatial.Mat6, nb),
		m1: make([]spatial.Mat6, nb), m2: make([]spatial.Mat6, nb),
		rho1: make([]spatial.Wrench, nv), rho2: make([]spatial.Wrench, nv),
		screwQ: make([]spatial.Twist, nv), screwV: make([]spatial.Twist, nv),
		sum: make([]spatial.Wrench, nb), jq: make([]float64, nv), jv: make([]float64, nv), ju: make([]float64, nv),
		ballQ: make([]spatial.Mat3, nb), ballV: make([]spatial.Mat3, nb), ballU: make([]spatial.Mat3, nb),
		w: make([][]ipm.Matrix, len(s.m.Trees)), grads2: make([][3]spatial.Wrench, nc), end: make([]int, nb),
		turned: make([]spatial.Vec, nc), force: make([]spatial.Wrench, nb), rowOf: make([]int, len(s.m.Trees)), z: make([]float64, nv), dv: make([]float64, nv), zt: make([]spatial.Twist, nb), t1: make([]spatial.Twist, nb), t2: make([]spatial.Twist, nb), pull1: make([]spatial.Wrench, nb), pull2: make([]spatial.Wrench, nb),
	}
	n := 0
	for t := range s.probs {
		l.rowOf[t] = n
		n += len(s.probs[t].limits) + len(s.probs[t].contacts)
	}
	l.rows = make([]spatial.Vec, n)
	for i := nb - 1; i >= 0; i-- {
		l.end[i] = max(l.end[i], i+1)
		if p := s.m.Bodies[i].Parent; p != World {
			l.end[p] = max(l.end[p], l.end[i])
		}
	}
	return l
}

// Linearize prepares the derivatives of the step just solved. It reports false when its matrix is
// singular. The step must not have been divided.
func (s *Stepper) Linearize() bool {
	if s.lin == nil {
		s.lin = s.newLinear()
	}
	for t := range s.probs {
		if !s.probs[t].linearize(s.lin, &s.solvers[t]) {
			return false
		}
	}
	return true
}

func (p *problem) linearize(l *linear, v *ipm.Solver) bool {
	s, tr := p.s, p.tr
	w, ok := v.Condense(p.kappa)
	if !ok || !p.Factor(w) {
		return false
	}
	l.w[p.t] = w
	p.norm() // gathers the wrenches
	copy(l.sum[tr.First:tr.Last], s.bias[tr.First:tr.Last])
	invH := 1 / s.h
	for i := tr.First; i < tr.Last; i++ {
		_, _, dc := s.momentum(i, &s.past[i], 1/s.hPast)
		s.momentumJac(&l.a1[i], i, &s.past[i], dc, 1/s.hPast)
		s.momentumJac(&l.a3[i], i, &s.mo[i], s.dc[i], invH)
		s.startJac(&l.a2[i], i, &l.a3[i], &l.a1[i])
	}
	p.contactStart(l, v)
	p.pastScrews(l)
	p.jointStart(l, v)
	p.gather(l)
	return true
}

// startJac stores the derivative of the wrench of body i with respect to its twist at knot 2, knots 1 and
// 3 held fixed. With f the force of its balance and K of the two intervals in a3 and a1:
//
//	[ −n I            n[r]×                                       ]      n = m/h⁺ + m/h⁻
//	[ −[f]× − n[r]×   [f]×[r]× + n[r]×[r]× − [Δℓ]× − K⁺ − K⁻       ]
func (s *Stepper) startJac(a *spatial.Mat6, i int, a3, a1 *spatial.Mat6) {
	b, k := &s.m.Bodies[i], &s.knots[i]
	mass := [2]float64{b.Mass / s.h, b.Mass / s.hPast}
	both := mass[0] + mass[1]
	r := k.r2
	// knots 3 and 1 enter with p = ±m Δc/h: their K blocks are what is left of a3, a1 without −m[r]×[z]×
	ps, ls, dc := s.momentum(i, &s.mo[i], 1/s.h)
	dcPast := spatial.Add(s.past[i].Dx, s.past[i].Displace(k.carm))
	f := spatial.Sub(ps, k.pIn)
	f = spatial.AddScaled(spatial.AddScaled(f, -s.h*b.Mass, s.m.Gravity), -s.h, s.ext[i].Force)
	dl := spatial.Sub(ls, k.lIn)
	*a = spatial.Mat6{}
	a[0], a[7], a[14] = -both, -both, -both
	put := func(row, col int, x *spatial.Mat3) {
		for p := 0; p < 3; p++ {
			for q := 0; q < 3; q++ {
				a[6*(row+p)+col+q] += x[3*p+q]
			}
		}
	}
	rx := skew(spatial.Scale(both, r))
	put(0, 3, &rx)
	g := skew(spatial.Scale(-1, spatial.AddScaled(f, both, r)))
	put(3, 0, &g)
	var t spatial.Mat3
	fr, sr := skew(spatial.AddScaled(f, both, r)), skew(r)
	t.Mul(&fr, &sr)
	put(3, 3, &t)
	t = skew(spatial.Scale(-1, dl))
	put(3, 3, &t)
	// −K of each interval, K = (angular block) + m[r]×[z]×
	for n, aa := range [2]*spatial.Mat6{a3, a1} {
		z := spatial.Add(r, dc)
		if n == 1 {
			z = spatial.Add(r, dcPast)
		}
		x, y := skew(spatial.Scale(mass[n], r)), skew(z)
		t.Mul(&x, &y)
		for p := 0; p < 3; p++ {
			for q := 0; q < 3; q++ {
				a[6*(3+p)+3+q] -= aa[6*(3+p)+3+q] + t[3*p+q]
			}
		}
	}
}

func skew(v spatial.Vec) spatial.Mat3 {
	return spatial.Mat3{0, -v.Z, v.Y, v.Z, 0, -v.X, -v.Y, v.X, 0}
}

// contactStart adds to a2 and a3 what contacts feel of knots 2 and 3.
func (p *problem) contactStart(l *linear, v *ipm.Solver) {
	s, m := p.s, p.s.m
	w := l.w[p.t]
	for k := p.joints; k < len(p.rows); k++ {
		c := p.rows[k].contact
		b := m.Contacts[c].Body
		t, g := &s.touches[c], &l.grads2[c]
		normal := p.blocks[k].Kind == ipm.Orthant
		addContact(&l.a3[b], &t.Wrenches, &s.grads[c], &w[k], normal)
		var d spatial.Mat3
		t.StartRows(g, &d, &s.mo[b], 1/s.h)
		addContact(&l.a2[b], &t.Wrenches, g, &w[k], normal)
		// −∂(Nᵀλ): the torque changes by dc × force, dc = lin + d ang
		f := spatial.Scale(v.Lambda[k].X, t.N)
		f = spatial.AddScaled(spatial.AddScaled(f, v.Lambda[k].Y, t.T1), v.Lambda[k].Z, t.T2)
		fx := skew(f)
		var fd spatial.Mat3
		fd.Mul(&fx, &d)
		a := &l.a2[b]
		for r := 0; r < 3; r++ {
			for q := 0; q < 3; q++ {
				a[6*(3+r)+q] += fx[3*r+q]
				a[6*(3+r)+3+q] += fd[3*r+q]
			}
		}
	}
}

// pastScrews computes the motions of the bodies at knot 1 per unit of each coordinate at knot 2 (its
// velocity held fixed) and of each velocity.
func (p *problem) pastScrews(l *linear) {
	s, m, tr := p.s, p.s.m, p.tr
	h := s.hPast
	for i := tr.First; i < tr.Last; i++ {
		b := &m.Bodies[i]
		x := spatial.Add(s.knots[i].pos, s.past[i].Dx)
		w := spatial.Vec{}
		if b.Parent != World {
			w = s.past[b.Parent].W
		}
		for j := b.V; j < b.V+b.NT; j++ {
			a := spatial.Rotate(w, s.axis2[j])
			l.screwQ[j] = spatial.Twist{Lin: a}
			l.screwV[j] = spatial.Twist{Lin: spatial.Scale(-h, a)}
		}
		r := b.V + b.NT
		if b.NR == 3 {
			// Q₁ = Q₂ cay(−ξ): θ₁ = Rot(ξ) θ₂ and dθ₁ = −h (I + [ξ]×) dv/(1+ξ²), in the axes of knot 1
			xi := spatial.Scale(h/2, vec3(s.v[r:]))
			for j := 0; j < 3; j++ {
				e := [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}}[j]
				q := spatial.Rotate(xi, e)
				dv := spatial.Scale(-h/(1+spatial.Dot(xi, xi)), spatial.Add(e, spatial.Cross(xi, e)))
				l.screwQ[r+j] = screw(s.past[i].Rotate(s.knots[i].rot.MulVec(q)), x, false)
				l.screwV[r+j] = screw(s.past[i].Rotate(s.knots[i].rot.MulVec(dv)), x, false)
			}
			continue
		}
		for j := r; j < r+b.NR; j++ {
			xi := h / 2 * s.v[j]
			l.screwQ[j] = screw(spatial.Rotate(w, s.axis2[j]), x, false)
			k := -h / (1 + xi*xi)
			l.screwV[j] = spatial.Twist{Lin: spatial.Scale(k, l.screwQ[j].Lin), Ang: spatial.Scale(k, l.screwQ[j].Ang)}
			w, _ = spatial.Compose(w, spatial.Scale(-xi, s.axis2[j]))
		}
	}
}

// jointStart computes the derivatives of the joints' own forces with respect to q2, v and u, q3 fixed.
func (p *problem) jointStart(l *linear, v *ipm.Solver) {
	s, m, tr := p.s, p.s.m, p.tr
	h := s.h
	for i := tr.V0; i < tr.V1; i++ {
		d := &m.Dofs[i]
		l.jq[i], l.jv[i], l.ju[i] = 0, 0, 0
		if m.Ball(i) {
			if i == m.Bodies[d.Body].V+m.Bodies[d.Body].NT {
				s.ballStart(l, i)
			}
			if d.Drive == Torque && math.Abs(s.u[d.Input]) < d.Effort {
				l.ju[i] = -h
			}
			continue
		}
		free := d.Drive == Servo && math.IsInf(d.Effort, 1)
		c, k := d.Armature+h*d.Damping, h*d.Stiffness/4
		if free {
			c += h * d.Kd
			l.ju[i] = -h * d.Kp
		}
		if d.Drive == Torque && math.Abs(s.u[d.Input]) < d.Effort {
			l.ju[i] = -h
		}
		l.jq[i] = -c*s.rateOf(i) + 3*k
		l.jv[i] = -d.Armature + k*s.beforeRate(i)
	}
	for k := 0; k < p.joints; k++ {
		r := &p.rows[k]
		i, w := r.dof, &l.w[p.t][k]
		d := &m.Dofs[i]
		eased := r.ease > 0
		switch r.kind {
		case rowLower, rowUpper:
			if eased { // the value follows q₂ too
				l.jq[i] -= w[0]
			}
		case rowFriction:
			l.jq[i] -= w[0] * s.rateOf(i)
		case rowServo:
			g := servoGain(d, h)
			l.jq[i] -= w[0] * d.Kd * s.rateOf(i) / g
			l.ju[i] -= w[0] * d.Kp / g
		case rowCone:
			q := s.ballPose(i, 0, s.v)
			c := -0.25 * v.Lambda[k].X
			if q.Real < 0 {
				c = -c
			}
			b := &l.ballQ[d.Body]
			x := skew(spatial.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag})
			for n := range b {
				b[n] -= c * x[n]
			}
			for n := 0; n < 9; n += 4 {
				b[n] -= c * q.Real
			}
			if n := coneNormal(q); eased {
				for j, y := range [3]float64{n.X, n.Y, n.Z} {
					b[j] -= w[0] * n.X * y
					b[3+j] -= w[0] * n.Y * y
					b[6+j] -= w[0] * n.Z * y
				}
			}
		case rowGrease:
			s.addBallStart(&l.ballQ[d.Body], w, 1, i)
		case rowGimbal:
			g := servoGain(d, h)
			s.addBallStart(&l.ballQ[d.Body], w, d.Kd/g, i)
			var e, we spatial.Mat3
			s.targetJac(&e, d.Kp/g, i)
			we.Mul((*spatial.Mat3)(w), &e)
			addMat(&l.ballU[d.Body], &we)
		}
	}
}

// beforeRate returns ∂q₁/∂v of scalar dof i.
func (s *Stepper) beforeRate(i int) float64 {
	if s.angular(i) {
		xi := s.hPast / 2 * s.v[i]
		return -s.hPast / (1 + xi*xi)
	}
	return -s.hPast
}

// ballStart computes the derivatives of a spherical joint's forces, except those of its rows.
func (s *Stepper) ballStart(l *linear, i int) {
	d := &s.m.Dofs[i]
	h := s.h
	q, v, u := &l.ballQ[d.Body], &l.ballV[d.Body], &l.ballU[d.Body]
	*q, *v, *u = spatial.Mat3{}, spatial.Mat3{}, spatial.Mat3{}
	c := d.Armature + h*d.Damping
	if d.Drive == Servo && math.IsInf(d.Effort, 1) {
		c += h * d.Kd
		s.targetJac(u, h*d.Kp, i)
	}
	s.ballStartRate(q, c, i)
	v[0], v[4], v[8] = -d.Armature, -d.Armature, -d.Armature
	if d.Stiffness == 0 {
		return
	}
	k := h * d.Stiffness / 4
	bendJac(q, 2*k, s.ballPose(i, 0, s.v))
	var e, r, er spatial.Mat3
	past := s.hPast
	bendJac(&e, k, s.ballPose(i, -past/2, s.v))
	xi := spatial.Scale(past/2, vec3(s.v[i:]))
	r.Set(spatial.GibbsQuat(xi))
	er.Mul(&e, &r)
	addMat(q, &er)
	g := -past / (1 + spatial.Dot(xi, xi)) // ∂θ₁/∂v = g (I + [ξ]×)
	r = skew(spatial.Scale(g, xi))
	r[0], r[4], r[8] = g, g, g
	er.Mul(&e, &r)
	addMat(v, &er)
}

func addMat(m, a *spatial.Mat3) {
	for i := range m {
		m[i] += a[i]
	}
}

// ballStartRate adds k ∂v⁺/∂θ₂ = −(k/h)(I − [ξ]× + ξξᵀ) to m.
func (s *Stepper) ballStartRate(m *spatial.Mat3, k float64, i int) {
	var t spatial.Mat3
	s.ballRate(&t, -k, i)
	for r := 0; r < 3; r++ {
		for c := 0; c < 3; c++ {
			m[3*r+c] += t[3*c+r] // the transpose turns [ξ]× into −[ξ]×
		}
	}
}

func (s *Stepper) addBallStart(m *spatial.Mat3, w *ipm.Matrix, k float64, i int) {
	var t, wt spatial.Mat3
	s.ballStartRate(&t, k, i)
	wt.Mul((*spatial.Mat3)(w), &t)
	addMat(m, &wt)
}

// targetJac adds k ∂e/∂(target) to m, e the bend from the target given as a rotation vector.
func (s *Stepper) targetJac(m *spatial.Mat3, k float64, i int) {
	in := s.m.Dofs[i].Input
	v := vec3(s.u[in:])
	d := s.fromTarget(i, s.ballPose(i, s.h/2, s.vNext))
	// δ = T*Q, T → T exp(J dv/2) with J the right Jacobian of the exponential: δ → exp(−J dv/2) δ, a left
	// perturbation, which is a right one by −Rot(δ)ᵀ J dv
	var e, r, rt, j, a spatial.Mat3
	bendJac(&e, -k, d)
	r.Set(d)
	for p := 0; p < 3; p++ {
		for q := 0; q < 3; q++ {
			rt[3*p+q] = r[3*q+p]
		}
	}
	rightJac(&j, v)
	a.Mul(&rt, &j)
	r.Mul(&e, &a)
	addMat(m, &r)
}

// rightJac stores the right Jacobian of the rotation exponential at v (Chirikjian, "Stochastic Models,
// Information Theory, and Lie Groups", vol. 2, 2012, section 10.3).
func rightJac(j *spatial.Mat3, v spatial.Vec) {
	t2 := spatial.Dot(v, v)
	a, b := 0.5-t2/24, 1.0/6-t2/120
	if t2 > 1e-8 {
		t := math.Sqrt(t2)
		a, b = (1-math.Cos(t))/t2, (t-math.Sin(t))/(t2*t)
	}
	x := skew(v)
	var xx spatial.Mat3
	xx.Mul(&x, &x)
	for i := range j {
		j[i] = -a*x[i] + b*xx[i]
	}
	j[0]++
	j[4]++
	j[8]++
}

// gather computes M and ρ of all subtrees: with its joints eliminated, what a subtree passes to its
// parent is M t for a twist t of all of it, and what its joints' equations feel is ρ·t.
func (p *problem) gather(l *linear) {
	s, m, tr := p.s, p.s.m, p.tr
	for i := tr.First; i < tr.Last; i++ {
		l.m1[i], l.m2[i] = l.a1[i], l.a2[i]
	}
	for i := tr.Last - 1; i >= tr.First; i-- {
		b := &m.Bodies[i]
		if s.freeBase(i) {
			continue
		}
		n := b.NT + b.NR
		for j := b.V; j < b.V+n; j++ {
			l.m1[i].TMulTwist(&l.rho1[j], &s.screw2[j])
			l.m2[i].TMulTwist(&l.rho2[j], &s.screw2[j])
			// (t × s_j)·F: the joint's own axis turns with everything above it
			c := crossForce(&s.screw2[j], &l.sum[i])
			l.rho2[j].Force = spatial.Add(l.rho2[j].Force, c.Force)
			l.rho2[j].Torque = spatial.Add(l.rho2[j].Torque, c.Torque)
		}
		if b.Parent == World {
			continue
		}
		p1, p2 := &l.m1[b.Parent], &l.m2[b.Parent]
		p1.Add(&l.m1[i])
		p2.Add(&l.m2[i])
		if n == 1 {
			u := scaledWrench(-s.hinge[b.V].inv, &s.hinge[b.V].u)
			p1.AddOuter(u, &l.rho1[b.V])
			p2.AddOuter(u, &l.rho2[b.V])
			continue
		}
		for c := 0; c < 6; c++ {
			var x, y [6]float64
			for j := 0; j < n; j++ {
				x[j], y[j] = component(&l.rho1[b.V+j], c), component(&l.rho2[b.V+j], c)
			}
			s.block[i].lu.Solve(&x)
			s.block[i].lu.Solve(&y)
			for j := 0; j < n; j++ {
				u := &s.hinge[b.V+j].u
				for r := 0; r < 6; r++ {
					p1[6*r+c] -= component(u, r) * x[j]
					p2[6*r+c] -= component(u, r) * y[j]
				}
			}
		}
	}
}

// crossForce returns the covector c with c·t = (t × s)·F, × the cross product of motions:
// t × s = (t.ang × s.lin − s.ang × t.lin, t.ang × s.ang).
func crossForce(s *spatial.Twist, f *spatial.Wrench) spatial.Wrench {
	return spatial.Wrench{
		Force:  spatial.Cross(s.Ang, f.Force), // −(s.ang × lin)·f = lin·(s.ang × f)
		Torque: spatial.Add(spatial.Cross(s.Lin, f.Force), spatial.Cross(s.Ang, f.Torque)),
	}
}
