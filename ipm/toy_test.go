package ipm

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// toy is the problem F = A x + b − Nᵀλ, u = J x + c with dense matrices: m unknowns and any blocks.
type toy struct {
	blocks []Block
	a      *mat.Dense // m × m
	b, c   []float64
	n, j   *mat.Dense // 3·blocks × m

	start, x, x0, dx, f, rhs, wide []float64
	k                              *mat.Dense
	lu                             mat.LU
}

// unit returns a block whose natural sizes are all one.
func unit(k Kind) Block {
	return Block{Kind: k, Mu: 0.5, Limit: 1, Kappa: 1, KappaT: 1, Scale: 1, ScaleT: 1, Product: 1, ProductT: 1}
}

func newToy(m int, blocks ...Block) *toy {
	n := 3 * len(blocks)
	p := &toy{
		blocks: blocks, a: mat.NewDense(m, m, nil), b: make([]float64, m), c: make([]float64, n),
		start: make([]float64, m), x: make([]float64, m), x0: make([]float64, m), dx: make([]float64, m),
		f: make([]float64, m), rhs: make([]float64, m), wide: make([]float64, n), k: mat.NewDense(m, m, nil),
	}
	for i := range m {
		p.a.Set(i, i, 1)
	}
	if n > 0 {
		p.n, p.j = mat.NewDense(n, m, nil), mat.NewDense(n, m, nil)
	}
	return p
}

// row sets a row of both J and N, and c.
func (p *toy) row(i int, c float64, row ...float64) {
	p.j.SetRow(i, row)
	p.n.SetRow(i, row)
	p.c[i] = c
}

// random returns a toy with one block of every kind that has cones, A symmetric positive and N near J.
func random(r *rand.Rand) *toy { return fill(r, newToy(15, everyCone()...)) }

// solution solves p as tightly as its derivatives are compared.
func (p *toy) solution(t *testing.T, v *Solver, kappa float64, seed uint64) []float64 {
	t.Helper()
	p.Reset()
	if res := v.Solve(p, Options{Kappa: kappa, Centrality: 1e-12, Tolerance: 1e-13}); res.Status != Solved {
		t.Fatalf("seed %d: %+v", seed, res)
	}
	return append([]float64(nil), p.x...)
}

// held is random with equations besides, the last of which says again what the first says.
func held(r *rand.Rand) *toy {
	again := unit(Equal)
	again.Single = true
	p := fill(r, newToy(19, append(everyCone(), unit(Equal), again)...))
	n := len(p.c)
	p.repeat(n-6, n-3)
	return p
}

// repeat makes row to the same as row from.
func (p *toy) repeat(from, to int) {
	p.c[to] = p.c[from]
	p.j.SetRow(to, p.j.RawRowView(from))
	p.n.SetRow(to, p.n.RawRowView(from))
}

func everyCone() []Block {
	servo := unit(Bound)
	servo.Compliance = 0.3
	hinge := servo
	hinge.Single = true
	soft := [2]Block{unit(Orthant), unit(Coulomb)}
	soft[0].Compliance, soft[1].Compliance = 0.3, 0.3
	return []Block{unit(Orthant), unit(Coulomb), unit(Bound), servo, unit(Pyramid), hinge, soft[0], soft[1]}
}

// fill sets all numbers of a toy at random.
func fill(r *rand.Rand, p *toy) *toy {
	m := len(p.x)
	for i := range m {
		p.b[i], p.start[i] = r.NormFloat64(), r.NormFloat64()
		for j := range i {
			x := 0.2 * r.NormFloat64()
			p.a.Set(i, j, x)
			p.a.Set(j, i, x)
		}
		p.a.Set(i, i, 3)
	}
	for i := range p.c {
		if b := &p.blocks[i/3]; i%3 > 0 && (b.Kind == Orthant || b.Single) {
			continue // blocks of one component
		}
		p.c[i] = r.NormFloat64()
		for j := range m {
			x := r.NormFloat64() / math.Sqrt(float64(m))
			p.j.Set(i, j, x)
			p.n.Set(i, j, x+0.01*r.NormFloat64())
		}
	}
	p.Reset()
	return p
}

func (p *toy) Blocks() []Block { return p.blocks }
func (p *toy) Reset()          { copy(p.x, p.start) }

func (p *toy) Values(u []r3.Vec) bool {
	for i := range u {
		u[i] = r3.Vec{X: p.c[3*i] + p.dot(p.j, 3*i, p.x), Y: p.c[3*i+1] + p.dot(p.j, 3*i+1, p.x), Z: p.c[3*i+2] + p.dot(p.j, 3*i+2, p.x)}
	}
	return true
}

func (p *toy) dot(m *mat.Dense, i int, x []float64) float64 {
	sum := 0.0
	for j, y := range x {
		sum += m.At(i, j) * y
	}
	return sum
}

// force stores Nᵀλ.
func (p *toy) force(dst []float64, lambda []r3.Vec) {
	clear(dst)
	for i, l := range lambda {
		for j := range dst {
			dst[j] += p.n.At(3*i, j)*l.X + p.n.At(3*i+1, j)*l.Y + p.n.At(3*i+2, j)*l.Z
		}
	}
}

func (p *toy) Residual(lambda []r3.Vec) float64 {
	p.force(p.f, lambda)
	norm := 0.0
	for i := range p.f {
		p.f[i] = p.dot(p.a, i, p.x) + p.b[i] - p.f[i]
		norm = math.Max(norm, math.Abs(p.f[i]))
	}
	return norm
}

func (p *toy) Factor(w []Matrix) bool {
	copy(p.x0, p.x)
	p.k.Copy(p.a)
	for i := range p.x {
		for j := range p.x {
			x := p.k.At(i, j)
			for b := range p.blocks {
				for r := range 3 {
					for c := range 3 {
						x += p.n.At(3*b+r, i) * w[b][3*r+c] * p.j.At(3*b+c, j)
					}
				}
			}
			at := len(p.blocks)
			for b := range p.blocks {
				if p.blocks[b].Kind == Turn {
					x += p.across(i, j, b-1, b, &w[at]) + p.across(i, j, b, b-1, &w[at+1])
					at += 2
				}
			}
			p.k.Set(i, j, x)
		}
	}
	p.lu.Factorize(p.k)
	return !math.IsInf(p.lu.Cond(), 0)
}

// across returns what the matrix w in the rows of block b and the columns of block c adds to element i, j.
func (p *toy) across(i, j, b, c int, w *Matrix) (x float64) {
	for r := range 3 {
		for q := range 3 {
			x += p.n.At(3*b+r, i) * w[3*r+q] * p.j.At(3*c+q, j)
		}
	}
	return x
}

func (p *toy) Direction(k, du []r3.Vec) {
	p.force(p.rhs, k)
	for i := range p.rhs {
		p.rhs[i] -= p.f[i]
	}
	if err := p.lu.SolveVecTo(mat.NewVecDense(len(p.dx), p.dx), false, mat.NewVecDense(len(p.rhs), p.rhs)); err != nil {
		if _, ok := err.(mat.Condition); !ok {
			panic(err)
		}
	}
	for i := range du {
		du[i] = r3.Vec{X: p.dot(p.j, 3*i, p.dx), Y: p.dot(p.j, 3*i+1, p.dx), Z: p.dot(p.j, 3*i+2, p.dx)}
	}
}

func (p *toy) Step(alpha float64) {
	for i := range p.x {
		p.x[i] = p.x0[i] + alpha*p.dx[i]
	}
}
