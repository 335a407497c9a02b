package hull

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestSideIsExact compares the sign of the determinant with that of arbitrary precision, near zero.
func TestSideIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	zero := 0
	for range 20000 {
		h := &hull{grid: make([]cell, 4)}
		for i := range h.grid {
			for k := range h.grid[i] {
				h.grid[i][k] = r.Int64N(1 << gridBits)
			}
		}
		for k := range h.grid[3] { // in the plane of the others, or one step beside it
			a, b, c := h.grid[0][k], h.grid[1][k], h.grid[2][k]
			h.grid[3][k] = min(max(a+(b-a)/3+(c-a)/5, 0), 1<<gridBits) + r.Int64N(2)
			h.grid[1][k], h.grid[2][k] = a+(b-a)/3*3, a+(c-a)/5*5
		}
		var m [3][3]*big.Int
		for i := range m {
			for k := range m[i] {
				m[i][k] = big.NewInt(h.grid[i+1][k] - h.grid[0][k])
			}
		}
		det := new(big.Int)
		for k := range 3 {
			i, j := (k+1)%3, (k+2)%3
			x := new(big.Int).Sub(new(big.Int).Mul(m[0][i], m[1][j]), new(big.Int).Mul(m[0][j], m[1][i]))
			det.Add(det, x.Mul(x, m[2][k]))
		}
		if got := h.side(0, 1, 2, 3); got != det.Sign() {
			t.Fatalf("%v: side %d, want %d", h.grid, got, det.Sign())
		}
		if det.Sign() == 0 {
			zero++
		}
	}
	if zero < 500 {
		t.Errorf("only %d of the determinants are zero", zero)
	}
}
