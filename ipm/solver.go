package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Solver holds the scratch memory of solves. It is not safe for concurrent use; its zero value is ready.
type Solver struct {
	Lambda []r3.Vec // multipliers of the last solve, one per block
	U      []r3.Vec // values of the last solve

	p      Problem
	blocks []Block
	first  []int     // first pair of each block, −1 for none
	s, ds  []float64 // slacks of the orthant parts and their steps
	ru     []float64 // u − s of the orthant parts
	sec    []float64 // second-order terms ds·dλ
	dl     []r3.Vec
	du, k  []r3.Vec
	w      []Matrix
	pairs  []pair
	s0     []float64 // point of the last factorization
	l0     []r3.Vec
	resF   float64
	gap    float64
}

const (
	nearFactor   = 20   // drop the predictor when every product is within this factor of κ
	start        = 1    // κ of the central starting point, in units of κ
	fraction     = 0.99 // of the step to the boundary, while residuals are large
	minAlpha     = 1e-8
	decrease     = 1e-4
	roundoff     = 1e-13
	shortStep    = 0.3
	spread       = 1e-3
	roundProduct = 1e-12
	nearPath     = 0.5
	lower        = 0.3
	curvedTrials = 4
	looseFactor  = 0.5
)

// Solve iterates until the tolerances hold and returns how it ended. It never panics on numbers: a NaN
// is a status. When the fast iteration fails it starts again and follows the central path in short steps.
func (v *Solver) Solve(p Problem, opt Options) Result {
	opt.defaults()
	v.load(p)
	res := v.run(opt, false)
	if res.Status != Solved && res.Status != NotFinite && len(v.blocks) > 0 && !opt.NoFallback {
		n := res.Iterations
		v.p.Reset()
		res = v.run(opt, true)
		res.Iterations += n
	}
	return res
}

// run iterates from the central starting point: by Mehrotra's predictor and corrector or, when careful,
// by Newton's method on a target that is lowered each time the iterates have come near it.
func (v *Solver) run(opt Options, careful bool) Result {
	res := Result{Status: NotFinite}
	if !v.center(math.Max(start, opt.Kappa)) {
		return res
	}
	short := 0                                     // steps in a row that were cut short
	path := math.Max(start, opt.Kappa)             // target of the careful run
	floor := math.Min(roundProduct/opt.Kappa, 0.1) // what rounding leaves of the centrality
	maxIter := opt.MaxIter
	if careful {
		maxIter *= 5
	}
	for {
		// termination
		mu, worst, off := v.complementarity(opt.Kappa)
		res.Residual, res.Gap, res.Centrality, res.Kappa = v.resF, v.gap, off, mu
		if v.resF <= opt.Tolerance && v.gap <= opt.Tolerance && off <= math.Max(opt.Centrality, floor) && v.tight(opt.Centrality) {
			res.Status = Solved
			return res
		}
		if res.Iterations == maxIter {
			res.Status = MaxIter
			return res
		}

		// factor once
		if !v.scale() || !v.p.Factor(v.w) {
			res.Status = Singular
			return res
		}
		res.Iterations++

		// affine direction and centering; near the target plain Newton towards κ
		target, second := opt.Kappa, false
		switch {
		case len(v.blocks) == 0:
		case careful:
			if _, _, o := v.complementarity(path); o < nearPath && v.resF < nearPath*path && v.gap < nearPath*path {
				path = math.Max(path*lower, opt.Kappa)
			}
			target = path
		case short > 0:
			target = math.Max(mu, opt.Kappa)
		case worst > nearFactor*opt.Kappa:
			v.direction(0, false)
			sigma := v.after(v.boundary(true), mu) / mu
			target, second = math.Max(sigma*sigma*sigma*mu, opt.Kappa), true
		}

		// combined direction
		v.direction(target, second)

		// take the step
		tau := 1 - math.Min(1-fraction, 0.1*math.Max(v.resF, v.gap)+0.1*target)
		alpha, trials := v.search(tau, target, math.Max(mu, opt.Kappa))
		if opt.Trace != nil {
			opt.Trace(Iteration{res.Iterations, res.Residual, res.Gap, off, mu, target, alpha, trials})
		}
		if alpha < shortStep {
			short++
		} else {
			short = 0
		}
		if alpha == 0 {
			res.Status = Stalled
			return res
		}
	}
}

func (o *Options) defaults() {
	if o.Tolerance == 0 {
		o.Tolerance = 1e-9
	}
	if o.Centrality == 0 {
		o.Centrality = 1e-6
	}
	if o.MaxIter == 0 {
		o.MaxIter = 40
	}
}

// load sizes the scratch memory for p.
func (v *Solver) load(p Problem) {
	v.p, v.blocks = p, p.Blocks()
	n := len(v.blocks)
	v.Lambda, v.U, v.dl, v.du, v.k, v.l0 = grow(v.Lambda, n), grow(v.U, n), grow(v.dl, n), grow(v.du, n), grow(v.k, n), grow(v.l0, n)
	v.s, v.ds, v.ru, v.sec, v.s0 = grow(v.s, n), grow(v.ds, n), grow(v.ru, n), grow(v.sec, n), grow(v.s0, n)
	v.w, v.first = grow(v.w, n), grow(v.first, n)
	np := 0
	for i := range v.blocks {
		v.first[i] = np
		np += conesOf[v.blocks[i].Kind]
	}
	v.pairs = grow(v.pairs, np)
}

var conesOf = [...]int{Orthant: 0, Coulomb: 1, Bound: 1, Pyramid: 2}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// center starts on the central path of the given κ, with slacks equal to the values wherever those are
// feasible. Only F is violated there.
func (v *Solver) center(kappa float64) bool {
	if !v.p.Values(v.U) {
		return false
	}
	for i := range v.blocks {
		b, u, l := &v.blocks[i], v.U[i], &v.Lambda[i]
		*l = r3.Vec{}
		if b.Kind != Bound {
			v.s[i] = math.Max(u.X, b.Scale)
			l.X = kappa * b.Kappa / v.s[i]
		}
		ps := v.pairs[v.first[i]:]
		switch b.Kind {
		case Coulomb:
			ps[0].center(b.Mu*l.X, cone{x: u.Y, y: u.Z}, kappa*b.KappaT)
			l.Y, l.Z = ps[0].g.x, ps[0].g.y
		case Pyramid:
			ps[0].center(b.Mu*l.X, cone{x: u.Y}, kappa*b.KappaT)
			ps[1].center(b.Mu*l.X, cone{x: u.Z}, kappa*b.KappaT)
			l.Y, l.Z = ps[0].g.x, ps[1].g.x
		case Bound:
			ps[0].center(b.Limit, cone{0, u.X, u.Y, u.Z}, kappa*b.KappaT)
			*l = r3.Vec{X: ps[0].g.x, Y: ps[0].g.y, Z: ps[0].g.z}
		}
	}
	v.residual()
	return !math.IsNaN(v.resF) && !math.IsInf(v.resF, 0) && !math.IsNaN(v.gap)
}

// residual evaluates F and u − s at the current point, for which Values has been called.
func (v *Solver) residual() {
	v.resF = v.p.Residual(v.Lambda)
	v.gap = 0
	for i := range v.blocks {
		b, u, l := &v.blocks[i], v.U[i], v.Lambda[i]
		if b.Kind != Bound {
			v.ru[i] = u.X - v.s[i]
			v.gap = math.Max(v.gap, math.Abs(v.ru[i])/b.Scale)
		}
		ps := v.pairs[v.first[i]:]
		switch b.Kind {
		case Coulomb:
			ps[0].r = cone{0, u.Y - ps[0].s.x, u.Z - ps[0].s.y, 0}
			v.gap = math.Max(v.gap, (math.Abs(ps[0].r.x)+math.Abs(ps[0].r.y))/b.ScaleT)
		case Pyramid:
			ps[0].r = cone{x: u.Y - ps[0].s.x}
			ps[1].r = cone{x: u.Z - ps[1].s.x}
			v.gap = math.Max(v.gap, (math.Abs(ps[0].r.x)+math.Abs(ps[1].r.x))/b.ScaleT)
		case Bound:
			s, c := &ps[0].s, b.Compliance
			ps[0].r = cone{0, u.X + c*l.X - s.x, u.Y + c*l.Y - s.y, u.Z + c*l.Z - s.z}
			r := &ps[0].r
			v.gap = math.Max(v.gap, (math.Abs(r.x)+math.Abs(r.y)+math.Abs(r.z))/b.ScaleT)
		}
	}
}

// tight reports whether every gap slack agrees with its value to the given fraction of itself, so that
// the value itself is positive.
func (v *Solver) tight(rel float64) bool {
	for i := range v.blocks {
		if b := &v.blocks[i]; b.Kind != Bound && math.Abs(v.ru[i]) > math.Max(rel*v.s[i], roundoff*b.Scale) {
			return false
		}
	}
	return true
}

// complementarity returns mean and largest product in units of κ, and the largest |s∘λ − κe|/κ.
func (v *Solver) complementarity(kappa float64) (mean, worst, off float64) {
	n := 0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			c := v.s[i] * v.Lambda[i].X / b.Kappa
			mean, worst, off = mean+c, math.Max(worst, c), math.Max(off, math.Abs(c-kappa))
			n++
		}
		for k := 0; k < conesOf[b.Kind]; k++ {
			p := &v.pairs[v.first[i]+k]
			c := p.mean() / b.KappaT
			mean, worst, off = mean+c, math.Max(worst, c), math.Max(off, p.off(kappa*b.KappaT)/b.KappaT)
			n++
		}
	}
	if n == 0 {
		return 0, 0, 0
	}
	return mean / float64(n), worst, off / kappa
}

// scale computes the scalings and condensed matrices at the current point and remembers the point.
func (v *Solver) scale() bool {
	copy(v.s0, v.s)
	copy(v.l0, v.Lambda)
	for i := range v.pairs {
		p := &v.pairs[i]
		p.s0, p.g0 = p.s, p.g
		if !p.k.set(p.s, p.g) {
			return false
		}
	}
	for i := range v.blocks {
		b, w := &v.blocks[i], &v.w[i]
		ps := v.pairs[v.first[i]:]
		switch b.Kind {
		case Orthant:
			*w = Matrix{v.Lambda[i].X / v.s[i]}
		case Coulomb:
			k := v.Lambda[i].X / v.s[i]
			d, f, a, rho := ps[0].condensed()
			m := b.Mu * k
			*w = Matrix{k, 0, 0, m * rho.X, d - f*a.X*a.X, -f * a.X * a.Y, m * rho.Y, -f * a.X * a.Y, d - f*a.Y*a.Y}
		case Pyramid:
			k := v.Lambda[i].X / v.s[i]
			d, f, a, r1 := ps[0].condensed()
			e, g, c, r2 := ps[1].condensed()
			m := b.Mu * k
			*w = Matrix{k, 0, 0, m * r1.X, d - f*a.X*a.X, 0, m * r2.X, 0, e - g*c.X*c.X}
		case Bound:
			d, f, a, _ := ps[0].condensed()
			*w = compliant(d, f, a, b.Compliance)
		}
	}
	return true
}

// compliant returns (I + cM)⁻¹M for M = d I − f a aᵀ, by the Sherman–Morrison formula: both share axes.
func compliant(d, f float64, a r3.Vec, c float64) Matrix {
	// across a: d/(1+cd); along a: (d − f a²)/(1 + c(d − f a²))
	a2 := a.X*a.X + a.Y*a.Y + a.Z*a.Z
	across := d / (1 + c*d)
	g := 0.0
	if a2 > 0 {
		m := d / (1 + 2*a2) // d − f a² without cancellation
		g = (across - m/(1+c*m)) / a2
	}
	return Matrix{
		across - g*a.X*a.X, -g * a.X * a.Y, -g * a.X * a.Z,
		-g * a.X * a.Y, across - g*a.Y*a.Y, -g * a.Y * a.Z,
		-g * a.X * a.Z, -g * a.Y * a.Z, across - g*a.Z*a.Z,
	}
}

// direction computes all steps towards the products target·e. second uses the previous direction for
// Mehrotra's second-order term.
func (v *Solver) direction(target float64, second bool) {
	for i := range v.blocks {
		b, k := &v.blocks[i], &v.k[i]
		*k = r3.Vec{}
		if b.Kind != Bound {
			v.sec[i] = target * b.Kappa
			if second {
				v.sec[i] -= v.ds[i] * v.dl[i].X
			}
			k.X = (v.sec[i]-v.Lambda[i].X*v.ru[i])/v.s[i] - v.Lambda[i].X
		}
		ps := v.pairs[v.first[i] : v.first[i]+conesOf[b.Kind]]
		for j := range ps {
			ps[j].constant(target*b.KappaT, second)
		}
		switch b.Kind {
		case Coulomb:
			y, z := ps[0].free(b.Mu * k.X)
			k.Y, k.Z = y, z
		case Pyramid:
			k.Y, _ = ps[0].free(b.Mu * k.X)
			k.Z, _ = ps[1].free(b.Mu * k.X)
		case Bound:
			w := &v.w[i] // (I + cM)⁻¹(κ̂ − M r) with κ̂ = c₁ − ρ c₀
			*k = ps[0].bound(w, b.Compliance)
		}
	}
	v.p.Direction(v.k, v.du)
	for i := range v.blocks {
		b, w, du, k := &v.blocks[i], &v.w[i], v.du[i], v.k[i]
		d := &v.dl[i]
		d.X = k.X - (w[0]*du.X + w[1]*du.Y + w[2]*du.Z)
		d.Y = k.Y - (w[3]*du.X + w[4]*du.Y + w[5]*du.Z)
		d.Z = k.Z - (w[6]*du.X + w[7]*du.Y + w[8]*du.Z)
		if b.Kind != Bound {
			v.ds[i] = du.X + v.ru[i]
		}
		ps := v.pairs[v.first[i]:]
		switch b.Kind {
		case Coulomb:
			ps[0].step(r3.Vec{X: du.Y, Y: du.Z}, cone{b.Mu * d.X, d.Y, d.Z, 0})
		case Pyramid:
			ps[0].step(r3.Vec{X: du.Y}, cone{b.Mu * d.X, d.Y, 0, 0})
			ps[1].step(r3.Vec{X: du.Z}, cone{b.Mu * d.X, d.Z, 0, 0})
		case Bound:
			c := b.Compliance
			ps[0].step(r3.Vec{X: du.X + c*d.X, Y: du.Y + c*d.Y, Z: du.Z + c*d.Z}, cone{0, d.X, d.Y, d.Z})
		}
	}
}

// free returns the constant part of Δβ for a Coulomb cone whose Δg₀ has the constant part g0.
func (p *pair) free(g0 float64) (x, y float64) {
	d, f, a, rho := p.condensed()
	m := p.r.x*a.X + p.r.y*a.Y
	e := g0 - p.c.a
	return p.c.x + rho.X*e - d*p.r.x + f*a.X*m, p.c.y + rho.Y*e - d*p.r.y + f*a.Y*m
}

// bound returns the constant part of Δλ of a Bound block with condensed matrix w = (I + cM)⁻¹M:
// (I + cM)⁻¹(c₁ − ρc₀) − w r, and (I + cM)⁻¹ = I − c w.
func (p *pair) bound(w *Matrix, c float64) r3.Vec {
	_, _, _, rho := p.condensed()
	q := r3.Vec{X: p.c.x - rho.X*p.c.a, Y: p.c.y - rho.Y*p.c.a, Z: p.c.z - rho.Z*p.c.a}
	e := r3.Vec{X: c*q.X + p.r.x, Y: c*q.Y + p.r.y, Z: c*q.Z + p.r.z}
	return r3.Vec{
		X: q.X - (w[0]*e.X + w[1]*e.Y + w[2]*e.Z),
		Y: q.Y - (w[3]*e.X + w[4]*e.Y + w[5]*e.Z),
		Z: q.Z - (w[6]*e.X + w[7]*e.Y + w[8]*e.Z),
	}
}

// boundary returns the largest α ≤ 1 that keeps every slack and multiplier in its cone.
func (v *Solver) boundary(curved bool) float64 {
	a := 1.0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			if d := v.ds[i]; d < -v.s[i] {
				a = math.Min(a, -v.s[i]/d)
			}
			if d := v.dl[i].X; d < -v.Lambda[i].X {
				a = math.Min(a, -v.Lambda[i].X/d)
			}
		}
	}
	for i := range v.pairs {
		p := &v.pairs[i]
		a = math.Min(a, p.limit(curved))
	}
	return a
}

// after returns the mean product after a step α along the last direction.
func (v *Solver) after(a, target float64) float64 {
	sum, n := 0.0, 0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			sum += (v.s[i] + a*v.ds[i]) * (v.Lambda[i].X + a*v.dl[i].X) / b.Kappa
			n++
		}
		for k := 0; k < conesOf[b.Kind]; k++ {
			p := &v.pairs[v.first[i]+k]
			q := *p
			q.s0, q.g0 = p.s, p.g
			q.advance(a, target*b.KappaT, true)
			sum += q.mean() / b.KappaT
			n++
		}
	}
	return sum / float64(n)
}

// search backtracks from the boundary until the merit falls and leaves the solver there: a few times
// along the curved path, which allows long steps, then along the straight one. It returns 0 when no step
// is acceptable.
func (v *Solver) search(tau, target, mu float64) (alpha float64, trials int) {
	was, res := v.merit(target), math.Max(v.resF, v.gap)
	curved := true
	alpha = math.Min(1, tau*v.boundary(curved))
	for alpha > minAlpha {
		if trials++; curved && trials > curvedTrials {
			curved = false
			v.move(0, target, curved)
			alpha = math.Min(1, tau*v.boundary(curved))
		}
		v.move(alpha, target, curved)
		if v.centering() > spread && v.p.Values(v.U) {
			v.residual()
			if v.merit(target) <= math.Max((1-decrease*alpha)*was, roundoff) {
				return alpha, trials
			}
			if !curved && math.Max(v.resF, v.gap) <= math.Max((1-decrease*alpha)*res, looseFactor*mu) {
				return alpha, trials
			}
		}
		alpha /= 2
	}
	return 0, trials
}

// merit returns the sum of all violations in natural units: of F, of u = s and of the products target·e.
// It has no preference between them, so no cycle can trade one for another.
func (v *Solver) merit(target float64) float64 {
	off := 0.0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			off = math.Max(off, math.Abs(v.s[i]*v.Lambda[i].X-target*b.Kappa)/b.Product)
		}
		for k := 0; k < conesOf[b.Kind]; k++ {
			off = math.Max(off, v.pairs[v.first[i]+k].off(target*b.KappaT)/b.ProductT)
		}
	}
	return v.resF + v.gap + off
}

// centering returns the smallest product as a fraction of their mean, or 0 outside the cones.
func (v *Solver) centering() float64 {
	mean, low, n := 0.0, math.Inf(1), 0
	for i := range v.blocks {
		b := &v.blocks[i]
		if b.Kind != Bound {
			c := v.s[i] * v.Lambda[i].X / b.Kappa
			mean, low = mean+c, math.Min(low, c)
			n++
		}
		for k := 0; k < conesOf[b.Kind]; k++ {
			p := &v.pairs[v.first[i]+k]
			c := p.mean() / b.KappaT
			mean, low = mean+c, math.Min(low, c)
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return low / (mean / float64(n))
}

// move sets the point to that of the last factorization plus α times the last direction.
func (v *Solver) move(a, target float64, curved bool) {
	v.p.Step(a)
	for i := range v.blocks {
		v.s[i] = v.s0[i] + a*v.ds[i]
		l, d := v.l0[i], v.dl[i]
		v.Lambda[i] = r3.Vec{X: l.X + a*d.X, Y: l.Y + a*d.Y, Z: l.Z + a*d.Z}
	}
	for i := range v.blocks {
		b := &v.blocks[i]
		for k := 0; k < conesOf[b.Kind]; k++ {
			p := &v.pairs[v.first[i]+k]
			p.advance(a, target*b.KappaT, curved)
			switch l := &v.Lambda[i]; {
			case b.Kind == Coulomb:
				l.Y, l.Z = p.g.x, p.g.y
			case b.Kind == Bound:
				*l = r3.Vec{X: p.g.x, Y: p.g.y, Z: p.g.z}
			case k == 0:
				l.Y = p.g.x
			default:
				l.Z = p.g.x
			}
		}
	}
}

// Violation returns how far block i is from its laws after a solve, in natural units: mismatch of value
// and slack, and distance of the products from the central path of the last target.
func (v *Solver) Violation(i int) float64 {
	b := &v.blocks[i]
	e := 0.0
	if b.Kind != Bound {
		e = math.Abs(v.ru[i])/b.Scale + v.s[i]*v.Lambda[i].X/b.Product
	}
	for k := 0; k < conesOf[b.Kind]; k++ {
		e += v.pairs[v.first[i]+k].off(0) / b.ProductT
	}
	return e
}
