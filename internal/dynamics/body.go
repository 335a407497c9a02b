package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// One body's balance of momentum at knot 2 and its derivatives by the knots (docs/theory.md, section 2).

// momentum returns linear momentum and spin of body i over an interval, h the signed time: p = m Δc/h, and ℓ of
// spatial.Motion. A backward interval gives minus the momenta of the one before, because the same world vector results from
// both ends.
func (s *Stepper) momentum(i int, mo *spatial.Motion, invH float64) (p, l, dc spatial.Vec) {
	k := &s.knots[i]
	dc = spatial.Add(mo.Dx, mo.Displace(k.carm))
	p = spatial.Scale(s.m.Bodies[i].Mass*invH, dc)
	return p, mo.Momentum(&k.inertia, 2*invH), dc
}

// momentumJac stores the derivative A of the body's knot-2 wrench about O with respect to a twist at
// knot 3 (docs/theory.md, section 2). dc is the displacement of the center of mass that momentum returned.
func (s *Stepper) momentumJac(a *spatial.Mat6, i int, mo *spatial.Motion, dc *spatial.Vec, invH float64) {
	k := &s.knots[i]
	spatial.MomentumJac(a, mo, &k.inertia, &k.r2, dc, s.m.Bodies[i].Mass*invH, 2*invH)
}

// bodyResidual stores the wrench of every body's balance of momentum, without contacts.
func (p *problem) bodyResidual() {
	s := p.s
	invH := 1 / s.h
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			k, w := &s.knots[i], &s.wrench[i]
			pl, l, dc := s.momentum(i, &s.mo[i], invH)
			s.dc[i] = dc
			w.Force = spatial.Add(k.base.Force, pl)
			w.Torque = spatial.Add(spatial.Add(k.base.Torque, l), spatial.Cross(k.r2, pl))
		}
	}
}

// startJac stores the derivative of the wrench of body i with respect to its twist at knot 2, knots 1 and
// 3 held fixed. With f the force of its balance and K of the two intervals in a3 and a1:
//
//	[ −n I            n[r]×                                       ]      n = m/h⁺ + m/h⁻
//	[ −[f]× − n[r]×   [f]×[r]× + n[r]×[r]× − [Δℓ]× − K⁺ − K⁻       ]
//
// At an instant the interval before has no length; its momenta p, ℓ are carried along, which in place of its terms in n,
// Δℓ and K⁻ adds [p]× above and [ℓ]× + [r]×[p]× below.
func (s *Stepper) startJac(a *spatial.Mat6, i int, a3, a1 *spatial.Mat6) {
	b, k := &s.m.Bodies[i], &s.knots[i]
	ps, ls, dc := s.momentum(i, &s.mo[i], 1/s.h)
	f := spatial.Sub(ps, k.pIn)
	f = spatial.AddScaled(spatial.AddScaled(f, -s.weight*b.Mass, s.m.Gravity), -s.weight, s.ext[i].Force)
	*a = spatial.Mat6{}
	n := b.Mass / s.h
	turn := skew(spatial.Scale(-1, ls)) // −[Δℓ]× − K⁺ − K⁻
	subtractSpin(&turn, a3, n, k.r2, spatial.Add(k.r2, dc))
	if s.instant {
		p, r := skew(k.pIn), skew(k.r2)
		addBlock(a, 0, 3, &p)
		var rp spatial.Mat3
		rp.Mul(&r, &p)
		addMat(&turn, &rp)
	} else {
		n += b.Mass / s.hPast
		dc := spatial.Add(s.past[i].Dx, s.past[i].Displace(k.carm))
		subtractSpin(&turn, a1, b.Mass/s.hPast, k.r2, spatial.Add(k.r2, dc))
	}
	past := skew(k.lIn)
	addMat(&turn, &past)

	r, nr, fnr := skew(k.r2), skew(spatial.Scale(n, k.r2)), skew(spatial.AddScaled(f, n, k.r2))
	a[0], a[7], a[14] = -n, -n, -n
	addBlock(a, 0, 3, &nr)
	var t spatial.Mat3
	t.Mul(&fnr, &r)
	addMat(&turn, &t)
	addBlock(a, 3, 3, &turn)
	for k := range fnr {
		fnr[k] = -fnr[k]
	}
	addBlock(a, 3, 0, &fnr)
}

// subtractSpin subtracts K from m: the angular block of a without −mass [x]×[z]×.
func subtractSpin(m *spatial.Mat3, a *spatial.Mat6, mass float64, x, z spatial.Vec) {
	sx, sz := skew(spatial.Scale(mass, x)), skew(z)
	var t spatial.Mat3
	t.Mul(&sx, &sz)
	for p := 0; p < 3; p++ {
		for q := 0; q < 3; q++ {
			m[3*p+q] -= a[6*(3+p)+3+q] + t[3*p+q]
		}
	}
}

// addBlock adds b to the block of a that begins at the given row and column.
func addBlock(a *spatial.Mat6, row, col int, b *spatial.Mat3) {
	for p := 0; p < 3; p++ {
		for q := 0; q < 3; q++ {
			a[6*(row+p)+col+q] += b[3*p+q]
		}
	}
}

// instantJac stores what stands for the derivative by knot 1 at an instant: the inertia of body i about O, the derivative of
// its balance by minus its twist there.
func (s *Stepper) instantJac(a *spatial.Mat6, i int) {
	rest := spatial.NewMotion(spatial.Vec{}, spatial.Vec{})
	s.momentumJac(a, i, &rest, &spatial.Vec{}, 1)
}
