package spatial

import "math"

// Mat6 is a 6×6 matrix in row-major order that maps twists (linear, angular) to wrenches (force,
// torque). It is not symmetric: rows belong to motions at knot 2, columns to motions at knot 3.
type Mat6 [36]float64

// MulTwist stores m t into w.
func (m *Mat6) MulTwist(w *Wrench, t *Twist) {
	a, b, c, d, e, f := t.Lin.X, t.Lin.Y, t.Lin.Z, t.Ang.X, t.Ang.Y, t.Ang.Z
	w.Force.X = m[0]*a + m[1]*b + m[2]*c + m[3]*d + m[4]*e + m[5]*f
	w.Force.Y = m[6]*a + m[7]*b + m[8]*c + m[9]*d + m[10]*e + m[11]*f
	w.Force.Z = m[12]*a + m[13]*b + m[14]*c + m[15]*d + m[16]*e + m[17]*f
	w.Torque.X = m[18]*a + m[19]*b + m[20]*c + m[21]*d + m[22]*e + m[23]*f
	w.Torque.Y = m[24]*a + m[25]*b + m[26]*c + m[27]*d + m[28]*e + m[29]*f
	w.Torque.Z = m[30]*a + m[31]*b + m[32]*c + m[33]*d + m[34]*e + m[35]*f
}

// TMulTwist stores mᵀ t into w: the row vector tᵀ m.
func (m *Mat6) TMulTwist(w *Wrench, t *Twist) {
	a, b, c, d, e, f := t.Lin.X, t.Lin.Y, t.Lin.Z, t.Ang.X, t.Ang.Y, t.Ang.Z
	w.Force.X = m[0]*a + m[6]*b + m[12]*c + m[18]*d + m[24]*e + m[30]*f
	w.Force.Y = m[1]*a + m[7]*b + m[13]*c + m[19]*d + m[25]*e + m[31]*f
	w.Force.Z = m[2]*a + m[8]*b + m[14]*c + m[20]*d + m[26]*e + m[32]*f
	w.Torque.X = m[3]*a + m[9]*b + m[15]*c + m[21]*d + m[27]*e + m[33]*f
	w.Torque.Y = m[4]*a + m[10]*b + m[16]*c + m[22]*d + m[28]*e + m[34]*f
	w.Torque.Z = m[5]*a + m[11]*b + m[17]*c + m[23]*d + m[29]*e + m[35]*f
}

// AddOuter adds the rank-one matrix u vᵀ, u a wrench (rows) and v a covector on twists (columns).
func (m *Mat6) AddOuter(u, v *Wrench) {
	a, b, c, d, e, f := v.Force.X, v.Force.Y, v.Force.Z, v.Torque.X, v.Torque.Y, v.Torque.Z
	r := u.Force.X
	m[0] += r * a
	m[1] += r * b
	m[2] += r * c
	m[3] += r * d
	m[4] += r * e
	m[5] += r * f
	r = u.Force.Y
	m[6] += r * a
	m[7] += r * b
	m[8] += r * c
	m[9] += r * d
	m[10] += r * e
	m[11] += r * f
	r = u.Force.Z
	m[12] += r * a
	m[13] += r * b
	m[14] += r * c
	m[15] += r * d
	m[16] += r * e
	m[17] += r * f
	r = u.Torque.X
	m[18] += r * a
	m[19] += r * b
	m[20] += r * c
	m[21] += r * d
	m[22] += r * e
	m[23] += r * f
	r = u.Torque.Y
	m[24] += r * a
	m[25] += r * b
	m[26] += r * c
	m[27] += r * d
	m[28] += r * e
	m[29] += r * f
	r = u.Torque.Z
	m[30] += r * a
	m[31] += r * b
	m[32] += r * c
	m[33] += r * d
	m[34] += r * e
	m[35] += r * f
}

// Add adds a to m.
func (m *Mat6) Add(a *Mat6) {
	for i := range m {
		m[i] += a[i]
	}
}

// AddDowndate adds a − u vᵀ to m.
func (m *Mat6) AddDowndate(a *Mat6, u, v *Wrench) {
	x := [6]float64{v.Force.X, v.Force.Y, v.Force.Z, v.Torque.X, v.Torque.Y, v.Torque.Z}
	y := [6]float64{u.Force.X, u.Force.Y, u.Force.Z, u.Torque.X, u.Torque.Y, u.Torque.Z}
	for i := 0; i < 6; i++ {
		r := y[i]
		p, q := m[6*i:6*i+6:6*i+6], a[6*i:6*i+6:6*i+6]
		p[0] += q[0] - r*x[0]
		p[1] += q[1] - r*x[1]
		p[2] += q[2] - r*x[2]
		p[3] += q[3] - r*x[3]
		p[4] += q[4] - r*x[4]
		p[5] += q[5] - r*x[5]
	}
}

// LU6 is an LU factorization with row pivoting of a 6×6 matrix, or of its leading k×k block.
type LU6 struct {
	lu   [36]float64
	perm [6]uint8
	n    int
}

// Factor stores the factorization of the leading n×n block of a (row stride 6). It reports false when
// a pivot is zero or not a number.
func (f *LU6) Factor(a *[36]float64, n int) bool {
	f.lu, f.n = *a, n
	if avx && n == 6 {
		return factorAVX(&f.lu, &f.perm)
	}
	return f.factor()
}

func (f *LU6) factor() bool {
	lu, n := &f.lu, f.n
	for k := 0; k < n; k++ {
		p, big := k, math.Abs(lu[7*k])
		for i := k + 1; i < n; i++ {
			if v := math.Abs(lu[6*i+k]); v > big {
				p, big = i, v
			}
		}
		if !(big > 0) || math.IsInf(big, 0) {
			return false
		}
		f.perm[k] = uint8(p)
		if p != k {
			for j := 0; j < n; j++ {
				lu[6*k+j], lu[6*p+j] = lu[6*p+j], lu[6*k+j]
			}
		}
		inv := 1 / lu[7*k]
		for i := k + 1; i < n; i++ {
			l := lu[6*i+k] * inv
			lu[6*i+k] = l
			for j := k + 1; j < n; j++ {
				lu[6*i+j] -= l * lu[6*k+j]
			}
		}
	}
	return true
}

// Solve replaces x by the solution of a y = x.
func (f *LU6) Solve(x *[6]float64) {
	if f.n == 6 {
		f.solveAll(x)
		return
	}
	f.solve(x)
}

func (f *LU6) solve(x *[6]float64) {
	lu, n := &f.lu, f.n
	for k := 0; k < n; k++ {
		if p := int(f.perm[k]); p != k {
			x[k], x[p] = x[p], x[k]
		}
	}
	for i := 1; i < n; i++ {
		s := x[i]
		for j := 0; j < i; j++ {
			s -= lu[6*i+j] * x[j]
		}
		x[i] = s
	}
	for i := n - 1; i >= 0; i-- {
		s := x[i]
		for j := i + 1; j < n; j++ {
			s -= lu[6*i+j] * x[j]
		}
		x[i] = s / lu[7*i]
	}
}

// solveAll is solve of six equations, in a third of the instructions.
func (f *LU6) solveAll(x *[6]float64) {
	for k, p := range &f.perm {
		if int(p) != k {
			x[k], x[p] = x[p], x[k]
		}
	}
	m := &f.lu
	a := x[0]
	b := x[1] - m[6]*a
	c := x[2] - m[12]*a - m[13]*b
	d := x[3] - m[18]*a - m[19]*b - m[20]*c
	e := x[4] - m[24]*a - m[25]*b - m[26]*c - m[27]*d
	g := (x[5] - m[30]*a - m[31]*b - m[32]*c - m[33]*d - m[34]*e) / m[35]
	e = (e - m[29]*g) / m[28]
	d = (d - m[22]*e - m[23]*g) / m[21]
	c = (c - m[15]*d - m[16]*e - m[17]*g) / m[14]
	b = (b - m[8]*c - m[9]*d - m[10]*e - m[11]*g) / m[7]
	a = (a - m[1]*b - m[2]*c - m[3]*d - m[4]*e - m[5]*g) / m[0]
	x[0], x[1], x[2], x[3], x[4], x[5] = a, b, c, d, e, g
}

// SolveRows replaces the rows of x by those of the solution of a y = x, six right sides at once. Each of them is solved in
// the order of Solve, so to the same bits.
func (f *LU6) SolveRows(x *[6][6]float64) {
	if avx && f.n == 6 {
		order := f.order()
		solveNumbersAVX(&f.lu, &order, x, x)
		return
	}
	f.solveRows(x)
}

func (f *LU6) solveRows(x *[6][6]float64) {
	lu, n := &f.lu, f.n
	for k := 0; k < n; k++ {
		if p := int(f.perm[k]); p != k {
			x[k], x[p] = x[p], x[k]
		}
	}
	for i := 1; i < n; i++ {
		for j := 0; j < i; j++ {
			less(&x[i], lu[6*i+j], &x[j])
		}
	}
	for i := n - 1; i >= 0; i-- {
		y, d := &x[i], lu[7*i]
		for j := i + 1; j < n; j++ {
			less(y, lu[6*i+j], &x[j])
		}
		y[0], y[1], y[2], y[3], y[4], y[5] = y[0]/d, y[1]/d, y[2]/d, y[3]/d, y[4]/d, y[5]/d
	}
}

// less subtracts k b from a.
func less(a *[6]float64, k float64, b *[6]float64) {
	a[0] -= k * b[0]
	a[1] -= k * b[1]
	a[2] -= k * b[2]
	a[3] -= k * b[3]
	a[4] -= k * b[4]
	a[5] -= k * b[5]
}

// TSolve replaces x by the solution of aᵀ y = x.
func (f *LU6) TSolve(x *[6]float64) {
	lu, n := &f.lu, f.n
	for i := 0; i < n; i++ {
		s := x[i]
		for j := 0; j < i; j++ {
			s -= lu[6*j+i] * x[j]
		}
		x[i] = s / lu[7*i]
	}
	for i := n - 1; i >= 0; i-- {
		s := x[i]
		for j := i + 1; j < n; j++ {
			s -= lu[6*j+i] * x[j]
		}
		x[i] = s
	}
	for k := n - 1; k >= 0; k-- {
		if p := int(f.perm[k]); p != k {
			x[k], x[p] = x[p], x[k]
		}
	}
}
