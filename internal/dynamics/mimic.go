package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// coupling is the Schur complement of the exact couplings of an island: rows G = (1 at the mimic,
// −slope at its master), of knot 3 and N of knot 2, with S = G H⁻¹ Nᵀ, so that dν = S⁻¹(−c − G dq) and dq += H⁻¹Nᵀ dν.
type coupling struct {
	c    []float64         // constraint violations at knot 3
	cols [][]float64       // columns of H⁻¹Nᵀ, tree after tree
	tw   [][]spatial.Twist // the body twists that go with them
	lu   []float64         // S, factored
	perm []int
	b    []float64
}

// init makes room for n couplings; the columns grow when they are first computed.
func (k *coupling) init(n int) {
	k.c, k.b, k.perm = make([]float64, n), make([]float64, n), make([]int, n)
	k.lu, k.cols, k.tw = make([]float64, n*n), make([][]float64, n), make([][]spatial.Twist, n)
}

// mimicRow returns G dq of mimic i, at knot 3.
func (s *Stepper) mimicRow(i int, dq []float64) float64 {
	c := &s.m.Mimics[i]
	return dq[c.Dof] - s.slope3(c)*dq[c.Of]
}

// slope2 and slope3 return the slope of the polynomial at knots 2 and 3. The impulse acts along that of knot 2, as those of all
// other constraints do.
func (s *Stepper) slope2(c *Mimic) float64 { return c.slope(s.coordinate(c.Of, 0, 0)) }
func (s *Stepper) slope3(c *Mimic) float64 { return c.slope(s.position(c.Of)) }

// Lead returns by how much the joint that mimic i follows feels a force on the follower, in the loaded state.
func (s *Stepper) Lead(i int) float64 { return s.slope2(&s.m.Mimics[i]) }

// MimicParams is how many numbers a mimic has.
const MimicParams = 5

// param returns number k of a mimic, and powerOf the power of the leader's coordinate that it multiplies.
func (c *Mimic) param(k int) *float64 {
	return [MimicParams]*float64{&c.Ratio, &c.Offset, &c.Curve[0], &c.Curve[1], &c.Curve[2]}[k]
}

func powerOf(k int) int { return [MimicParams]int{1, 0, 2, 3, 4}[k] }

// power returns xⁿ and its derivative.
func power(x float64, n int) (y, slope float64) {
	y = 1
	for range n {
		y, slope = y*x, slope*x+y
	}
	return y, slope
}

// perturbMimic changes number k of mimic i: the slope at knot 2, along which its impulse acts, and what knot 3 leaves of it.
func (p *problem) perturbMimic(i, k int) {
	s, c := p.s, &p.s.m.Mimics[i]
	_, slope := power(s.coordinate(c.Of, 0, 0), powerOf(k))
	s.tree.RHS[c.Of] += slope * s.nu[i]
	at3, _ := power(s.position(c.Of), powerOf(k))
	p.mimic.c[slices.Index(p.mimics, i)] = -at3
}

// couple computes columns and factors of the Schur complement of the tree's mimics.
func (p *problem) couple() bool {
	s, m, k := p.s, p.s.m, &p.mimic
	n := len(p.mimics)
	for j, id := range p.mimics {
		c := &m.Mimics[id]
		for _, tr := range p.parts {
			clear(s.tree.Bias[tr.First:tr.Last])
			clear(s.tree.RHS[tr.V0:tr.V1])
		}
		s.tree.RHS[c.Dof] = -1
		s.tree.RHS[c.Of] = s.slope2(c)
		p.resolve(articulated.Forward)
		k.cols[j], k.tw[j] = k.cols[j][:0], k.tw[j][:0]
		for _, tr := range p.parts {
			k.cols[j] = append(k.cols[j], s.tree.X[tr.V0:tr.V1]...)
			k.tw[j] = append(k.tw[j], s.tree.Twist[tr.First:tr.Last]...)
		}
		for r, other := range p.mimics {
			k.lu[r*n+j] = s.mimicRow(other, s.tree.X)
		}
	}
	return luFactor(k.lu, k.perm, n)
}

// correct adds to the direction in s.tree.X and s.tree.Twist what the couplings need.
func (p *problem) correct() {
	s, k := p.s, &p.mimic
	n := len(p.mimics)
	if n == 0 {
		return
	}
	for j, id := range p.mimics {
		k.b[j] = -k.c[j] - s.mimicRow(id, s.tree.X)
	}
	luSolve(k.lu, k.perm, n, k.b)
	for j, id := range p.mimics {
		s.dnu[id] = k.b[j]
		col, tw := k.cols[j], k.tw[j]
		for _, tr := range p.parts {
			for i := range s.tree.X[tr.V0:tr.V1] {
				s.tree.X[tr.V0+i] += k.b[j] * col[i]
			}
			for i := tr.First; i < tr.Last; i++ {
				addTwist(&s.tree.Twist[i], k.b[j], &tw[i-tr.First])
			}
			col, tw = col[tr.V1-tr.V0:], tw[tr.Last-tr.First:]
		}
	}
}

// luFactor factors the n×n row-major matrix a in place with row pivoting.
func luFactor(a []float64, perm []int, n int) bool {
	for k := 0; k < n; k++ {
		p, big := k, math.Abs(a[k*n+k])
		for i := k + 1; i < n; i++ {
			if v := math.Abs(a[i*n+k]); v > big {
				p, big = i, v
			}
		}
		if !(big > 0) || math.IsInf(big, 0) {
			return false
		}
		perm[k] = p
		if p != k {
			for j := 0; j < n; j++ {
				a[k*n+j], a[p*n+j] = a[p*n+j], a[k*n+j]
			}
		}
		for i := k + 1; i < n; i++ {
			l := a[i*n+k] / a[k*n+k]
			a[i*n+k] = l
			for j := k + 1; j < n; j++ {
				a[i*n+j] -= l * a[k*n+j]
			}
		}
	}
	return true
}

// luSolve replaces b by the solution of the factored system.
func luSolve(a []float64, perm []int, n int, b []float64) {
	for k := 0; k < n; k++ {
		b[k], b[perm[k]] = b[perm[k]], b[k]
	}
	for i := 0; i < n; i++ {
		for j := 0; j < i; j++ {
			b[i] -= a[i*n+j] * b[j]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			b[i] -= a[i*n+j] * b[j]
		}
		b[i] /= a[i*n+i]
	}
}

// luTSolve replaces b by the solution of the transposed factored system.
func luTSolve(a []float64, perm []int, n int, b []float64) {
	for i := 0; i < n; i++ {
		for j := 0; j < i; j++ {
			b[i] -= a[j*n+i] * b[j]
		}
		b[i] /= a[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			b[i] -= a[j*n+i] * b[j]
		}
	}
	for k := n - 1; k >= 0; k-- {
		b[k], b[perm[k]] = b[perm[k]], b[k]
	}
}
