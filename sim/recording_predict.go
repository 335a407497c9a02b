package sim

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// Packing. Every number of a table is guessed from those before it, and what is stored is by how many representable
// numbers the guess is off: nothing is rounded. A guess must have the same bits on every computer, so it consists of
// sums and products that are rounded one by one.
//
// Positions are guessed from the velocities, which say exactly how they came about: the position of a hinge is nearly
// always right to the last bit. Other columns go on as the polynomial through their last numbers (Lindstrom and
// Isenburg, "Fast and efficient compression of floating-point data", 2006, guess from neighbors too), of the degree
// that suits the column; inputs are often smooth, velocities in contact are not.

// guesses are the factors of the last numbers in the next one, by the order of the guess: none, the last, the line through two …
var guesses = [...][]float64{{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}, {5, -10, 10, -5, 1}, {6, -15, 20, -15, 6, -1}, {7, -21, 35, -35, 21, -7, 1}, {8, -28, 56, -70, 56, -28, 8, -1}}

// column is one of a table, by rows.
type column []uint64

func (c column) at(r int) float64 { return math.Float64frombits(c[r]) }

// guess returns what row r should be from the rows before it, before[r] being the last, −1 when there is none.
func (c column) guess(order, r int, before []int) float64 {
	g, k := 0.0, before[r]
	for _, f := range guesses[order] {
		if k < 0 {
			if r = before[r]; r < 0 {
				return 0
			}
			return c.at(r) // too few for a polynomial
		}
		g += float64(f * c.at(k))
		k = before[k]
	}
	if g-g != 0 {
		return 0 // bits of what is not a number differ between computers
	}
	return g
}

// rank numbers floating-point numbers by size.
func rank(x uint64) int64 {
	if int64(x) < 0 {
		x ^= math.MaxInt64
	}
	return int64(x)
}

// off returns by how many numbers x is off a guess, signs at the end so that small differences are small numbers; on is its inverse.
func off(x uint64, guess float64) uint64 {
	d := rank(x) - rank(math.Float64bits(guess))
	return uint64(d<<1 ^ d>>63)
}

func on(z uint64, guess float64) uint64 {
	x := uint64(rank(math.Float64bits(guess)) + (int64(z>>1) ^ -int64(z&1)))
	if int64(x) < 0 {
		x ^= math.MaxInt64
	}
	return x
}

// order returns the order of guess that leaves the least of a column, judged by a thousand of its rows.
func (c column) order(before []int) int {
	best, least := 0, math.MaxInt
	stride := max(1, len(c)/1000)
	for order := range guesses {
		sum := 0
		for r := 0; r < len(c); r += stride {
			sum += bits.Len64(off(c[r], c.guess(order, r, before)))
		}
		if sum < least {
			best, least = order, sum
		}
	}
	return best
}

// motion says which coordinates follow from which velocities: N numbers of q from Q on and of v from V on, and behind
// them a quaternion when Turns.
type motion struct {
	Q, V, N int
	Turns   bool `json:",omitempty"`
}

// motions returns those of a model.
func motions(m *Model) (l []motion) {
	for _, j := range m.joints {
		turns := j.QuaternionOf() >= 0
		n := j.NV
		if turns {
			n -= 3
		}
		l = append(l, motion{j.Q, j.V, n, turns})
	}
	return l
}

// checkMotions returns an error unless each motion is one of so many coordinates and velocities, and none of the
// coordinates belongs to two.
func checkMotions(l []motion, nq, nv int) error {
	end := 0
	for _, m := range l {
		q, v := m.N, m.N
		if m.Turns {
			q, v = q+4, v+3
		}
		if m.N < 0 || m.N > nq || m.Q < end || m.Q > nq-q || m.V < 0 || m.V > nv-v {
			return fmt.Errorf("a joint at q[%d], v[%d] of %d and %d", m.Q, m.V, nq, nv)
		}
		end = m.Q + q
	}
	return nil
}

// guess stores in g what the coordinates of row r should be: of the row before, moved by the velocities of this one for its interval. The
// columns are those of q, of v, and the intervals.
func (m motion) guess(g []float64, r int, q, v []column, h column) []float64 {
	g = g[:0]
	t := h.at(r)
	for i := range m.N {
		g = append(g, q[m.Q+i].at(r-1)+float64(t*v[m.V+i].at(r)))
	}
	if m.Turns {
		w := v[m.V+m.N:]
		p := turned([4]float64{q[m.Q+m.N].at(r - 1), q[m.Q+m.N+1].at(r - 1), q[m.Q+m.N+2].at(r - 1), q[m.Q+m.N+3].at(r - 1)},
			float64(t*w[0].at(r))/2, float64(t*w[1].at(r))/2, float64(t*w[2].at(r))/2)
		g = append(g, p[:]...)
	}
	for i, x := range g {
		if x-x != 0 {
			g[i] = 0
		}
	}
	return g
}

// turned returns q exp((x, y, z)), quaternions w, x, y, z. It adds up the series of cosine and sine, whose bits depend
// on nobody's library; for turns of half a circle, |(x, y, z)| = π/2, eleven terms are exact.
func turned(q [4]float64, x, y, z float64) [4]float64 {
	n := float64(x*x) + float64(y*y) + float64(z*z)
	c, s := 1.0, 1.0
	for k := 22.0; k > 0; k -= 2 {
		c = 1 - float64(n*c)/float64(k*(k-1))
		s = 1 - float64(n*s)/float64(k*(k+1))
	}
	x, y, z = float64(s*x), float64(s*y), float64(s*z)
	return [4]float64{
		float64(q[0]*c) - float64(q[1]*x) - float64(q[2]*y) - float64(q[3]*z),
		float64(q[0]*x) + float64(q[1]*c) + float64(q[2]*z) - float64(q[3]*y),
		float64(q[0]*y) - float64(q[1]*z) + float64(q[2]*c) + float64(q[3]*x),
		float64(q[0]*z) + float64(q[1]*y) - float64(q[2]*x) + float64(q[3]*c),
	}
}

// columnsOf returns the columns of a table of rows of w numbers.
func columnsOf(table []byte, w int) []column {
	rows := len(table) / max(8*w, 1)
	all := make(column, w*rows)
	l := make([]column, w)
	for c := range l {
		l[c] = all[c*rows : (c+1)*rows]
	}
	for r := range rows {
		for c := range l {
			l[c][r] = binary.LittleEndian.Uint64(table[8*(r*w+c):])
		}
	}
	return l
}

// appendRows appends the table of columns.
func appendRows(b []byte, l []column) []byte {
	if len(l) == 0 {
		return b
	}
	for r := range l[0] {
		for _, c := range l {
			b = binary.LittleEndian.AppendUint64(b, c[r])
		}
	}
	return b
}

// appendPlanes appends a column that has been guessed: all first bytes, all second bytes … The first ones are mostly zero.
func appendPlanes(b []byte, c column) []byte {
	for shift := 56; shift >= 0; shift -= 8 {
		for _, z := range c {
			b = append(b, byte(z>>shift))
		}
	}
	return b
}

// planes reads a column of the given length from b, which is long enough, and returns the rest.
func planes(b []byte, c column) []byte {
	for p := range 8 {
		for r := range c {
			c[r] = c[r]<<8 | uint64(b[p*len(c)+r])
		}
	}
	return b[8*len(c):]
}

// previous returns the row before each row.
func previous(rows int) []int {
	l := make([]int, rows)
	for r := range l {
		l[r] = r - 1
	}
	return l
}

// previousContact returns the last row before each row that has the same numbers in the given columns.
func previousContact(id []column) []int {
	l := make([]int, len(id[0]))
	last := map[[3]uint64]int{}
	for r := range l {
		key := [3]uint64{id[0][r], id[1][r], id[2][r]}
		l[r] = -1
		if k, ok := last[key]; ok {
			l[r] = k
		}
		last[key] = r
	}
	return l
}
