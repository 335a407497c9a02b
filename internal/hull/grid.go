package hull

import (
	"math"
	"math/bits"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// cell is a point on a grid of 2⁴⁰ steps to a side: differences have 41 bits and a sign, and the determinant of
// three of them fits into 128 bits.
type cell [3]int64

const gridBits = 40

// snap moves points to the grid that just holds them.
func snap(points []r3.Vec) []cell {
	if len(points) == 0 {
		return nil
	}
	low, high := spatial.Bounds(points)
	// Halves, since the difference of two finite numbers may be infinite.
	size := 2 * max(high.X/2-low.X/2, high.Y/2-low.Y/2, high.Z/2-low.Z/2)
	out := make([]cell, len(points))
	if !(size > 0) {
		return out
	}
	_, e := math.Frexp(size) // size < 2^e
	step := func(x, low float64) int64 {
		return int64(math.Round(math.Ldexp(x/2-low/2, gridBits-e+1)))
	}
	for i, p := range points {
		out[i] = cell{step(p.X, low.X), step(p.Y, low.Y), step(p.Z, low.Z)}
	}
	return out
}

func (h *hull) from(a, b int32) (d [3]int64) {
	for k := range d {
		d[k] = h.grid[b][k] - h.grid[a][k]
	}
	return d
}

// height returns the determinant of ab, ac, ad, with rounding: positive when d is in front of the triangle abc.
func (h *hull) height(a, b, c, d int32) float64 {
	det, _ := h.rounded(a, b, c, d)
	return det
}

// rounded returns the determinant and the sum of the sizes of its terms.
func (h *hull) rounded(a, b, c, d int32) (det, terms float64) {
	o, p, q, r := &h.grid[a], &h.grid[b], &h.grid[c], &h.grid[d]
	u0, u1, u2 := float64(p[0]-o[0]), float64(p[1]-o[1]), float64(p[2]-o[2])
	v0, v1, v2 := float64(q[0]-o[0]), float64(q[1]-o[1]), float64(q[2]-o[2])
	w0, w1, w2 := float64(r[0]-o[0]), float64(r[1]-o[1]), float64(r[2]-o[2])
	x, y := u0*v1*w2, u0*v2*w1
	det, terms = x-y, math.Abs(x)+math.Abs(y)
	x, y = u1*v2*w0, u1*v0*w2
	det, terms = det+(x-y), terms+(math.Abs(x)+math.Abs(y))
	x, y = u2*v0*w1, u2*v1*w0
	return det + (x - y), terms + (math.Abs(x) + math.Abs(y))
}

// area returns the square of twice the area of abc, zero only when it is.
func (h *hull) area(a, b, c int32) float64 {
	u, v := h.from(a, b), h.from(a, c)
	sum := 0.0
	for k := range u {
		i, j := (k+1)%3, (k+2)%3
		x := mul(u[i], v[j]).sub(mul(u[j], v[i])).float()
		sum += x * x
	}
	return sum
}

// side returns the sign of the determinant, exactly.
func (h *hull) side(a, b, c, d int32) int {
	const rounding = 1e-14 // of each of the six terms less than 2⁻⁵¹, of their sum less than that times all
	if det, terms := h.rounded(a, b, c, d); det > rounding*terms {
		return 1
	} else if det < -rounding*terms {
		return -1
	}
	u, v, w := h.from(a, b), h.from(a, c), h.from(a, d)
	var det int128
	for k := range u {
		i, j := (k+1)%3, (k+2)%3
		det = det.add(mul(u[i], v[j]).sub(mul(u[j], v[i])).times(w[k]))
	}
	return det.sign()
}

// int128 is a two's complement integer.
type int128 struct{ hi, lo uint64 }

func mul(a, b int64) int128 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if a < 0 {
		hi -= uint64(b)
	}
	if b < 0 {
		hi -= uint64(a)
	}
	return int128{hi, lo}
}

func (x int128) add(y int128) int128 {
	lo, carry := bits.Add64(x.lo, y.lo, 0)
	hi, _ := bits.Add64(x.hi, y.hi, carry)
	return int128{hi, lo}
}

func (x int128) sub(y int128) int128 {
	lo, borrow := bits.Sub64(x.lo, y.lo, 0)
	hi, _ := bits.Sub64(x.hi, y.hi, borrow)
	return int128{hi, lo}
}

// times returns the low 128 bits of x b, all of it where it fits.
func (x int128) times(b int64) int128 {
	hi, lo := bits.Mul64(x.lo, uint64(b))
	hi += x.hi * uint64(b)
	if b < 0 {
		hi -= x.lo
	}
	return int128{hi, lo}
}

func (x int128) sign() int {
	switch {
	case x.hi>>63 == 1:
		return -1
	case x.hi|x.lo == 0:
		return 0
	}
	return 1
}

func (x int128) float() float64 {
	if x.hi>>63 == 1 {
		y := int128{}.sub(x)
		return -(math.Ldexp(float64(y.hi), 64) + float64(y.lo))
	}
	return math.Ldexp(float64(x.hi), 64) + float64(x.lo)
}
