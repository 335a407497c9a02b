package ipm

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/spatial/r3"
)

// Delassus is a frictional contact problem that consists of nothing but matrices: find the impulses r
// and relative velocities u of n contacts with
//
//	u = W r + q,    u_N ≥ 0 ⟂ r_N ≥ 0,    ‖r_T‖ ≤ μ r_N, r_T opposite to u_T when the bound is reached
//
// where every contact has three components, the normal first. W is the Delassus matrix, an inverse mass
// seen at the contacts; q is the relative velocity without any impulse. W may be singular (more contacts
// than bodies can tell apart) and slightly unsymmetric (captured from another simulator).
//
// A Delassus implements [Problem] and works in the units of W and q: after [Solver.Solve] the impulses are
// Solver.Lambda and the velocities Solver.U. Its natural scales are a speed, max|q|, and an inverse mass,
// the mean of the diagonal of W; κ = 1 is the action speed²/inverse mass. A problem without any speed or
// inverse mass takes 1 for it.
//
// The linear algebra is dense, cubic in the number of contacts, and meant for up to some hundred of them.
type Delassus struct {
	w      []float64 // row-major, size × size
	q      []float64
	blocks []Block
	speed  float64 // natural size of u
	inv    float64 // natural inverse mass

	x, x0, dx []float64 // relative velocities, at the last Factor, and their step
	lambda    []float64 // multipliers as one vector
	f         []float64 // residual x − Wλ − q
	lu        blas64.General
	pivots    []int
}

// NewDelassus returns the problem of the row-major 3n × 3n matrix w, the 3n velocities q and the n
// friction coefficients mu, which it copies. A contact with μ = 0 is frictionless. NewDelassus panics when
// the lengths do not match or a coefficient is negative; numbers that are not finite give the status
// [NotFinite].
func NewDelassus(w, q, mu []float64) *Delassus {
	n, size := len(mu), 3*len(mu)
	if len(q) != size || len(w) != size*size {
		panic("ipm: lengths of w, q and mu do not match")
	}
	d := &Delassus{
		w: append([]float64(nil), w...), q: append([]float64(nil), q...), blocks: make([]Block, n),
		x: make([]float64, size), x0: make([]float64, size), dx: make([]float64, size),
		lambda: make([]float64, size), f: make([]float64, size), pivots: make([]int, size),
		lu: blas64.General{Rows: size, Cols: size, Stride: max(1, size), Data: make([]float64, size*size)},
	}
	for i, q := range d.q {
		d.speed = math.Max(d.speed, math.Abs(q))
		d.inv += d.w[i*size+i] / float64(size)
	}
	if d.speed == 0 {
		d.speed = 1
	}
	if d.inv <= 0 {
		d.inv = 1
	}
	action := d.speed * d.speed / d.inv
	for i, m := range mu {
		if m < 0 {
			panic("ipm: negative friction coefficient")
		}
		b := Block{Kind: Coulomb, Mu: m, Kappa: action, KappaT: action, Scale: d.speed, ScaleT: d.speed, Product: action, ProductT: action}
		if m == 0 {
			b.Kind = Orthant
		}
		d.blocks[i] = b
	}
	d.Reset()
	return d
}

// Blocks implements [Problem]: one Coulomb block per contact, or an Orthant where there is no friction.
func (d *Delassus) Blocks() []Block { return d.blocks }

// Reset implements [Problem] and starts from the velocities without any impulse.
func (d *Delassus) Reset() { copy(d.x, d.q) }

// Values implements [Problem]. Only scales that are not finite are outside the domain.
func (d *Delassus) Values(u []r3.Vec) bool {
	for i := range d.blocks {
		u[i] = r3.Vec{X: d.x[3*i]}
		if d.blocks[i].Kind == Coulomb {
			u[i].Y, u[i].Z = d.x[3*i+1], d.x[3*i+2]
		}
	}
	a := d.speed * d.speed / d.inv
	return a > 0 && !math.IsInf(a, 0) && !math.IsInf(d.speed, 0)
}

// Residual implements [Problem]: the largest component of x − Wλ − q over the natural speed.
func (d *Delassus) Residual(lambda []r3.Vec) float64 {
	d.load(lambda)
	norm := 0.0
	for i := range d.f {
		d.f[i] = d.x[i] - d.q[i] - d.row(i)
		norm = math.Max(norm, math.Abs(d.f[i]))
	}
	return norm / d.speed
}

// Factor implements [Problem]: it factors I + W D, D the block-diagonal matrix of the condensed blocks.
func (d *Delassus) Factor(blocks []Matrix) bool {
	copy(d.x0, d.x)
	n := len(d.x)
	for i := range n {
		w, a := d.w[i*n:(i+1)*n], d.lu.Data[i*n:(i+1)*n]
		for j := range blocks {
			b, c, k := &blocks[j], w[3*j:3*j+3], a[3*j:3*j+3]
			k[0] = c[0]*b[0] + c[1]*b[3] + c[2]*b[6]
			k[1] = c[0]*b[1] + c[1]*b[4] + c[2]*b[7]
			k[2] = c[0]*b[2] + c[1]*b[5] + c[2]*b[8]
		}
		a[i]++
	}
	return n == 0 || lapack64.Getrf(d.lu, d.pivots)
}

// Direction implements [Problem].
func (d *Delassus) Direction(k, du []r3.Vec) {
	d.load(k)
	for i := range d.dx {
		d.dx[i] = d.row(i) - d.f[i]
	}
	if len(d.dx) > 0 {
		lapack64.Getrs(blas.NoTrans, d.lu, blas64.General{Rows: len(d.dx), Cols: 1, Stride: 1, Data: d.dx}, d.pivots)
	}
	for i := range d.blocks {
		du[i] = r3.Vec{X: d.dx[3*i]}
		if d.blocks[i].Kind == Coulomb {
			du[i].Y, du[i].Z = d.dx[3*i+1], d.dx[3*i+2]
		}
	}
}

// Step implements [Problem].
func (d *Delassus) Step(alpha float64) {
	for i := range d.x {
		d.x[i] = d.x0[i] + alpha*d.dx[i]
	}
}

// load stores one triple per contact as a vector.
func (d *Delassus) load(v []r3.Vec) {
	for i, v := range v {
		d.lambda[3*i], d.lambda[3*i+1], d.lambda[3*i+2] = v.X, v.Y, v.Z
	}
}

// row returns a component of W times the loaded vector.
func (d *Delassus) row(i int) float64 {
	sum := 0.0
	for j, w := range d.w[i*len(d.x) : (i+1)*len(d.x)] {
		sum += w * d.lambda[j]
	}
	return sum
}
