package sysid

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// A triangle is the R of the QR factorization of a residual and its Jacobian, [Y X r]: all that least squares needs to know
// of a block, in (columns)² numbers. Unlike JᵀJ it does not square the condition number, so directions that the data
// cannot tell show to rounding.

// triangle returns the R of a, cols×cols, and destroys a.
func triangle(a *mat.Dense) *mat.Dense {
	rows, cols := a.Dims()
	r := mat.NewDense(cols, cols, nil)
	if rows < cols { // as if rows of zeros followed
		r.Slice(0, rows, 0, cols).(*mat.Dense).Copy(a)
		a, rows = r, cols
	}
	raw, tau := a.RawMatrix(), make([]float64, cols)
	work := []float64{0}
	lapack64.Geqrf(raw, tau, work, -1)
	work = make([]float64, int(work[0]))
	lapack64.Geqrf(raw, tau, work, len(work))
	for i := range cols {
		row := r.RawRowView(i)
		copy(row[i:], a.RawRowView(i)[i:])
		clear(row[:i])
	}
	return r
}

// compress returns the triangle of a block with ny unknowns of its own and nx shared ones.
func compress(b Block, ny, nx int) *mat.Dense {
	a := mat.NewDense(max(len(b.R), 1), ny+nx+1, nil)
	for i, r := range b.R {
		row := a.RawRowView(i)
		if b.Y != nil {
			copy(row[:ny], b.Y.RawRowView(i))
		}
		if b.X != nil {
			copy(row[ny:], b.X.RawRowView(i))
		}
		row[ny+nx] = r
	}
	return triangle(a)
}

// damp returns a triangle with rows √λ·d of its first n columns added.
func damp(t *mat.Dense, d []float64, lambda float64) *mat.Dense {
	if len(d) == 0 {
		return t
	}
	rows, cols := t.Dims()
	a := mat.NewDense(rows+len(d), cols, nil)
	a.Slice(0, rows, 0, cols).(*mat.Dense).Copy(t)
	for i, v := range d {
		a.Set(rows+i, i, math.Sqrt(lambda)*v)
	}
	return triangle(a)
}

// columns returns the norms of the columns first ≤ j < end of a triangle.
func columns(t *mat.Dense, first, end int) []float64 {
	var d []float64
	for j := first; j < end; j++ {
		s := 0.0
		for i := 0; i <= j; i++ {
			s += t.At(i, j) * t.At(i, j)
		}
		d = append(d, math.Sqrt(s))
	}
	return d
}

// back returns z with R z = b, R the upper triangle of the first len(b) columns of t.
func back(t *mat.Dense, b []float64) []float64 {
	z, raw := append([]float64(nil), b...), t.RawMatrix()
	blas64.Trsv(blas.NoTrans, blas64.Triangular{N: len(b), Stride: raw.Stride, Data: raw.Data, Uplo: blas.Upper, Diag: blas.NonUnit}, blas64.Vector{N: len(z), Inc: 1, Data: z})
	return z
}

// corner returns the part of a triangle that is left when its first n unknowns are eliminated.
func corner(t *mat.Dense, n int) *mat.Dense {
	_, cols := t.Dims()
	return t.Slice(n, cols, n, cols).(*mat.Dense)
}

// stack returns the triangle of several that share their columns, one below the other.
func stack(ts []*mat.Dense) *mat.Dense {
	_, cols := ts[0].Dims()
	const chunk = 32 // few enough to stay in the cache, many enough to be worth a factorization
	acc := mat.NewDense(cols, cols, nil)
	for len(ts) > 0 {
		n := min(chunk, len(ts))
		a := mat.NewDense((n+1)*cols, cols, nil)
		a.Slice(0, cols, 0, cols).(*mat.Dense).Copy(acc)
		for i, t := range ts[:n] {
			a.Slice((i+1)*cols, (i+2)*cols, 0, cols).(*mat.Dense).Copy(t)
		}
		acc, ts = triangle(a), ts[n:]
	}
	return acc
}
