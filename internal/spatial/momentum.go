package spatial

// MomentumJac stores the derivative of a body's momenta over an interval, as a wrench about O, with respect to a twist at
// the end of the interval:
//
//	A = [ m I        −m[r]×           ]     K = ½( −[z]× + (w·z) I + w zᵀ + (I + [w]× + wwᵀ) Z )(I − [w]× + wwᵀ)
//	    [ m[x]×      K − m[x]×[r]×    ]     z and Z = ∂z/∂w of Motion.Momentum,  r = x + dc
//
// mo is the motion of the body, j its inertia about the center of mass, x the center of mass at the start of the interval
// and dc its displacement; m is the mass over the length h of the interval, and k is 2/h.
func MomentumJac(a *Mat6, mo *Motion, j *Sym3, x, dc *Vec, m, k float64) {
	zx, zy, zz := m*(x.X+dc.X), m*(x.Y+dc.Y), m*(x.Z+dc.Z)
	xx, xy, xz := m*x.X, m*x.Y, m*x.Z
	a[0], a[1], a[2], a[3], a[4], a[5] = m, 0, 0, 0, zz, -zy
	a[6], a[7], a[8], a[9], a[10], a[11] = 0, m, 0, -zz, 0, zx
	a[12], a[13], a[14], a[15], a[16], a[17] = 0, 0, m, zy, -zx, 0
	a[18], a[19], a[20] = 0, -xz, xy
	a[24], a[25], a[26] = xz, 0, -xx
	a[30], a[31], a[32] = -xy, xx, 0
	z, grad := mo.spinGrad(j, k)
	if avx {
		spinJacAVX(a, &mo.W, &grad, &z, x, dc, m)
		return
	}
	spinJac(a, &mo.W, &grad, &z, x, dc, m)
}

// spinJac stores the lower right block of MomentumJac.
func spinJac(a *Mat6, turn *Vec, grad *Sym3, y, x, dc *Vec, m float64) {
	w := *turn
	// B = (I + [w]× + wwᵀ) Z, by columns of Z
	c0 := Cayley(w, Vec{X: grad.XX, Y: grad.XY, Z: grad.XZ})
	c1 := Cayley(w, Vec{X: grad.XY, Y: grad.YY, Z: grad.YZ})
	c2 := Cayley(w, Vec{X: grad.XZ, Y: grad.YZ, Z: grad.ZZ})
	d := Dot(w, *y)
	// rows of M = −[z]× + (w·z)I + wzᵀ + B
	r0 := Vec{X: c0.X + d + w.X*y.X, Y: c1.X + y.Z + w.X*y.Y, Z: c2.X - y.Y + w.X*y.Z}
	r1 := Vec{X: c0.Y - y.Z + w.Y*y.X, Y: c1.Y + d + w.Y*y.Y, Z: c2.Y + y.X + w.Y*y.Z}
	r2 := Vec{X: c0.Z + y.Y + w.Z*y.X, Y: c1.Z - y.X + w.Z*y.Y, Z: c2.Z + d + w.Z*y.Z}
	// K = ½ M (I − [w]× + wwᵀ): rows r → r + w×r + w(w·r)
	r0, r1, r2 = Cayley(w, r0), Cayley(w, r1), Cayley(w, r2)
	// −[x]×[z]× = (x·z)I − z xᵀ
	z := Add(*x, *dc)
	xz := Dot(*x, z)
	a[21], a[22], a[23] = 0.5*r0.X+m*(xz-z.X*x.X), 0.5*r0.Y-m*z.X*x.Y, 0.5*r0.Z-m*z.X*x.Z
	a[27], a[28], a[29] = 0.5*r1.X-m*z.Y*x.X, 0.5*r1.Y+m*(xz-z.Y*x.Y), 0.5*r1.Z-m*z.Y*x.Z
	a[33], a[34], a[35] = 0.5*r2.X-m*z.Z*x.X, 0.5*r2.Y-m*z.Z*x.Y, 0.5*r2.Z+m*(xz-z.Z*x.Z)
}
