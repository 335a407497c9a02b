package trajopt

import (
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// plan is the answer of the linear-quadratic problem around a trajectory: u_k + α k_k + K_k δx.
type plan struct {
	step  [][]float64  // k, NU
	gains []*mat.Dense // K, NU×2NV
	start []float64    // step of the start, 2NV: zero but for Problem.Free
	// the decrease that it expects of a step α is −α linear − α² square
	linear, square float64
}

func newPlan(steps, nu, n int) *plan {
	p := &plan{step: make([][]float64, steps), gains: make([]*mat.Dense, steps), start: make([]float64, n)}
	for k := range steps {
		p.step[k], p.gains[k] = make([]float64, nu), mat.NewDense(nu, n, nil)
	}
	return p
}

// sweep is the memory of the backward pass.
type sweep struct {
	n, nu        int
	vxx, va, vb  *mat.Dense
	qxx, qux     *mat.Dense
	quu, reg     *mat.SymDense
	quuD         *mat.Dense
	qu, qx, vx   []float64
	lower, upper []float64
	tmp          *mat.Dense
}

func newSweep(n, nu int) *sweep {
	dense := func(r, c int) *mat.Dense { return mat.NewDense(r, c, nil) }
	return &sweep{
		n: n, nu: nu, vxx: dense(n, n), va: dense(n, n), vb: dense(n, nu), qxx: dense(n, n), qux: dense(nu, n), quuD: dense(nu, nu),
		quu: mat.NewSymDense(nu, nil), reg: mat.NewSymDense(nu, nil), tmp: dense(nu, n),
		qu: make([]float64, nu), qx: make([]float64, n), vx: make([]float64, n),
		lower: make([]float64, nu), upper: make([]float64, nu),
	}
}

// backward fills the solver's plan by dynamic programming from the last state to the first, with the Hessian by the inputs
// raised by mu times its diagonal. It reports false where that is not positive definite.
func (s *ILQR) backward(mu float64) bool {
	w, p := s.sweep, s.plan
	p.linear, p.square = 0, 0
	last := s.models[s.p.Steps]
	copy(w.vx, last.x)
	w.vxx.Copy(last.xx)
	for k := s.p.Steps - 1; k >= 0; k-- {
		w.expand(s.models[k], s.a[k], s.b[k])
		w.regularize(mu)
		for i, u := range s.now.inputs[k] {
			w.lower[i], w.upper[i] = s.lower[i]-u, s.upper[i]-u
		}
		free, chol, ok := box(p.step[k], w.reg, w.qu, w.lower, w.upper)
		if !ok || !w.gain(p.gains[k], free, chol) {
			return false
		}
		w.value(p, k)
	}
	return w.free(p, s.p.Free, mu)
}

// free stores the step of the free numbers of the start: the minimum of the value function there, raised by mu like the
// inputs, and by next to nothing where nothing depends on a number.
func (w *sweep) free(p *plan, free []int, mu float64) bool {
	if len(free) == 0 {
		return true
	}
	h, g, most := mat.NewSymDense(len(free), nil), mat.NewVecDense(len(free), nil), 0.0
	for i, a := range free {
		g.SetVec(i, -w.vx[a])
		most = max(most, w.vxx.At(a, a))
		for j, b := range free[:i+1] {
			h.SetSym(i, j, w.vxx.At(a, b))
		}
	}
	raised := mat.NewSymDense(len(free), nil)
	raised.CopySym(h)
	for i := range free {
		raised.SetSym(i, i, (1+mu)*h.At(i, i)+1e-12*(most+1))
	}
	var chol mat.Cholesky
	step := mat.NewVecDense(len(free), nil)
	if !chol.Factorize(raised) || chol.SolveVecTo(step, g) != nil && !finite(step.RawVector().Data) {
		return false
	}
	for i, a := range free {
		p.start[a] = step.AtVec(i)
	}
	p.linear -= mat.Dot(step, g)
	p.square += mat.Inner(step, h, step) / 2
	return true
}

// expand computes the derivatives of Q(x, u) = l(x, u) + V(step(x, u)):
//
//	Qx = lx + AᵀVx    Qxx = lxx + AᵀVxxA    Qux = lux + BᵀVxxA
//	Qu = lu + BᵀVx    Quu = luu + BᵀVxxB
func (w *sweep) expand(l *expansion, a, b *mat.Dense) {
	v := mat.NewVecDense(w.n, w.vx)
	mat.NewVecDense(w.n, w.qx).MulVec(a.T(), v)
	mat.NewVecDense(w.nu, w.qu).MulVec(b.T(), v)
	floats.Add(w.qx, l.x)
	floats.Add(w.qu, l.u)
	w.va.Mul(w.vxx, a)
	w.vb.Mul(w.vxx, b)
	w.qxx.Mul(a.T(), w.va)
	w.qux.Mul(b.T(), w.va)
	w.quuD.Mul(b.T(), w.vb)
	w.qxx.Add(w.qxx, l.xx)
	w.qux.Add(w.qux, l.ux)
	w.quuD.Add(w.quuD, l.uu)
	for i := range w.nu {
		for j := i; j < w.nu; j++ {
			w.quu.SetSym(i, j, (w.quuD.At(i, j)+w.quuD.At(j, i))/2)
		}
	}
}

// regularize stores Quu + mu·diag(Quu) in reg (Marquardt 1963): relative, so that mu means the same to a force in
// newtons, a small torque and a target in radians.
func (w *sweep) regularize(mu float64) {
	w.reg.CopySym(w.quu)
	for i := range w.nu {
		w.reg.SetSym(i, i, (1+mu)*w.quu.At(i, i))
	}
}

// gain stores K = −(Quu of the free inputs)⁻¹ Qux in its rows that belong to free inputs, and zero elsewhere.
func (w *sweep) gain(k *mat.Dense, free []int, chol *mat.Cholesky) bool {
	k.Zero()
	if len(free) == 0 {
		return true
	}
	rhs := mat.NewDense(len(free), w.n, nil)
	for i, j := range free {
		rhs.SetRow(i, w.qux.RawRowView(j))
	}
	if chol.SolveTo(rhs, rhs) != nil && !finite(rhs.RawMatrix().Data) {
		return false
	}
	for i, j := range free {
		floats.AddScaled(k.RawRowView(j), -1, rhs.RawRowView(i))
	}
	return true
}

// value stores the value function at state k, of the problem without regularization (Tassa, Erez and Todorov 2012):
//
//	Vx = Qx + KᵀQuu k + KᵀQu + Quxᵀk    Vxx = Qxx + KᵀQuuK + KᵀQux + QuxᵀK
func (w *sweep) value(p *plan, k int) {
	step, gain := mat.NewVecDense(w.nu, p.step[k]), p.gains[k]
	linear := floats.Dot(p.step[k], w.qu)
	square := mat.Inner(step, w.quu, step) / 2
	p.linear += linear
	p.square += square

	var y mat.VecDense
	y.MulVec(w.quu, step)
	y.AddVec(&y, mat.NewVecDense(w.nu, w.qu))
	vx := mat.NewVecDense(w.n, w.vx)
	vx.MulVec(gain.T(), &y)
	floats.Add(w.vx, w.qx)
	var z mat.VecDense
	z.MulVec(w.qux.T(), step)
	vx.AddVec(vx, &z)

	// Qxx + Kᵀ(QuuK + Qux) + QuxᵀK, made symmetric
	w.tmp.Mul(w.quu, gain)
	w.tmp.Add(w.tmp, w.qux)
	w.vxx.Mul(gain.T(), w.tmp)
	w.vxx.Add(w.vxx, w.qxx)
	w.va.Mul(w.qux.T(), gain)
	w.vxx.Add(w.vxx, w.va)
	for i := range w.n {
		for j := i + 1; j < w.n; j++ {
			m := (w.vxx.At(i, j) + w.vxx.At(j, i)) / 2
			w.vxx.Set(i, j, m)
			w.vxx.Set(j, i, m)
		}
	}
}
