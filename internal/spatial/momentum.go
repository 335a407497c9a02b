package spatial

// MomentumJac stores the derivative of a body's momenta over an interval, as a wrench about O, with respect to a twist at
// the end of the interval:
//
//	A = [ m I        −m[z]×           ]     K = ½( −[ℓ]× + w eᵀ + e wᵀ + k a′(w·c) I + k a C J Cᵀ ),   C = I + [w]× + wwᵀ
//	    [ m[x]×      K − m[x]×[z]×    ]     e = k(a + 2(1 + w·w) a′) c + k(3/2 a′ + (1 + w·w) a″)(w·c) w,   z = x + dc
//
// with ℓ, a(w·w) and c of Motion.Momentum. That is ½(−[y]× + (w·y) I + w yᵀ + C ∂y/∂w)Cᵀ, y = (g I + 2g′ wwᵀ) k g J w, in
// terms that are symmetric but for the first. mo is the motion of the body, j its inertia about the center of mass, x the
// center of mass at the start of the interval and dc its displacement; m is the mass over the length h of the interval,
// and k is 2/h.
func MomentumJac(a *Mat6, mo *Motion, j *Sym3, x, dc *Vec, m, k float64) {
	f := mo.factors(k)
	if avx {
		momentumJacAVX(a, &mo.W, j, x, dc, &f, m)
		return
	}
	momentumJac(a, &mo.W, j, x, dc, &f, m)
}

func momentumJac(a *Mat6, turn *Vec, j *Sym3, x, dc *Vec, k *spinFactors, m float64) {
	z := Add(*x, *dc)
	mx, mz := Scale(m, *x), Scale(m, z)
	a[0], a[1], a[2], a[3], a[4], a[5] = m, 0, 0, 0, mz.Z, -mz.Y
	a[6], a[7], a[8], a[9], a[10], a[11] = 0, m, 0, -mz.Z, 0, mz.X
	a[12], a[13], a[14], a[15], a[16], a[17] = 0, 0, m, mz.Y, -mz.X, 0
	a[18], a[19], a[20] = 0, -mx.Z, mx.Y
	a[24], a[25], a[26] = mx.Z, 0, -mx.X
	a[30], a[31], a[32] = -mx.Y, mx.X, 0

	w := *turn
	// C J by its columns, then C J Cᵀ by its rows, of which w times those of C J are c
	c0 := Cayley(w, Vec{X: j.XX, Y: j.XY, Z: j.XZ})
	c1 := Cayley(w, Vec{X: j.XY, Y: j.YY, Z: j.YZ})
	c2 := Cayley(w, Vec{X: j.XZ, Y: j.YZ, Z: j.ZZ})
	r0 := Vec{X: c0.X, Y: c1.X, Z: c2.X}
	r1 := Vec{X: c0.Y, Y: c1.Y, Z: c2.Y}
	r2 := Vec{X: c0.Z, Y: c1.Z, Z: c2.Z}
	s0, s1, s2 := Cayley(w, r0), Cayley(w, r1), Cayley(w, r2)
	c := Vec{X: Dot(w, r0), Y: Dot(w, r1), Z: Dot(w, r2)}

	wc := Dot(w, c)
	f := k.f * wc
	e := AddScaled(Scale(k.p, c), k.q*wc, w)
	l := AddScaled(Scale(k.a, c), f, w) // ½ℓ
	// −m[x]×[z]× = m((x·z)I − z xᵀ)
	xz := Dot(*x, z)
	a[21] = k.a*s0.X + w.X*e.X + e.X*w.X + f + m*(xz-z.X*x.X)
	a[22] = k.a*s1.X + w.X*e.Y + e.X*w.Y + l.Z - mz.X*x.Y
	a[23] = k.a*s2.X + w.X*e.Z + e.X*w.Z - l.Y - mz.X*x.Z
	a[27] = k.a*s0.Y + w.Y*e.X + e.Y*w.X - l.Z - mz.Y*x.X
	a[28] = k.a*s1.Y + w.Y*e.Y + e.Y*w.Y + f + m*(xz-z.Y*x.Y)
	a[29] = k.a*s2.Y + w.Y*e.Z + e.Y*w.Z + l.X - mz.Y*x.Z
	a[33] = k.a*s0.Z + w.Z*e.X + e.Z*w.X + l.Y - mz.Z*x.X
	a[34] = k.a*s1.Z + w.Z*e.Y + e.Z*w.Y - l.X - mz.Z*x.Y
	a[35] = k.a*s2.Z + w.Z*e.Z + e.Z*w.Z + f + m*(xz-z.Z*x.Z)
}
