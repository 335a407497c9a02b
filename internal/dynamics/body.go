package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// One body's balance of momentum at knot 2 and its derivatives by the knots (docs/theory.md, section 2).

// momentum returns linear momentum and spin of body i over an interval, h the signed time:
//
//	p = m Δc/h      ℓ = Y + w×Y + w(w·Y),  Y = J (2/h) w
//
// J is the inertia in world axes at knot 2. A backward interval gives minus the momenta of the one
// before, because R₁(I + [ξ]× + ξξᵀ) and R₂(I − [ξ]× + ξξᵀ) give the same world vector.
func (s *Stepper) momentum(i int, mo *spatial.Motion, invH float64) (p, l, dc spatial.Vec) {
	k := &s.knots[i]
	dc = spatial.Add(mo.Dx, mo.Displace(k.carm))
	p = spatial.Scale(s.m.Bodies[i].Mass*invH, dc)
	y := spatial.Scale(2*invH, k.inertia.MulVec(mo.W))
	l = spatial.Add(y, spatial.Cross(mo.W, y))
	l = spatial.AddScaled(l, spatial.Dot(mo.W, y), mo.W)
	return p, l, dc
}

// momentumJac stores the derivative A of the body's knot-2 wrench about O with respect to a twist at
// knot 3 (docs/theory.md, section 2). dc is the displacement of the center of mass that momentum returned.
func (s *Stepper) momentumJac(a *spatial.Mat6, i int, mo *spatial.Motion, dc *spatial.Vec, invH float64) {
	k := &s.knots[i]
	spatial.MomentumJac(a, &mo.W, &k.inertia, &k.r2, dc, s.m.Bodies[i].Mass*invH, 2*invH)
}

// bodyResidual stores the wrench of every body's balance of momentum, without contacts.
func (p *problem) bodyResidual() {
	s, tr := p.s, p.tr
	invH := 1 / s.h
	for i := tr.First; i < tr.Last; i++ {
		k, w := &s.knots[i], &s.wrench[i]
		pl, l, dc := s.momentum(i, &s.mo[i], invH)
		s.dc[i] = dc
		w.Force = spatial.Add(k.base.Force, pl)
		w.Torque = spatial.Add(spatial.Add(k.base.Torque, l), spatial.Cross(k.r2, pl))
	}
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
