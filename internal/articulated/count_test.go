package articulated

import (
	"math"
	"testing"
)

// work counts the multiply-adds of a factorization from its steps.
func (g *Island) work() (sum int) {
	for k := range g.steps {
		e := &g.steps[k]
		b := &g.s.Bodies[e.body]
		n, links := b.N, int(e.last-e.first)
		near := int(e.last - e.near)
		lu := n * (n - 1) * (2*n - 1) / 6
		switch { // U, V and the factors of D
		case b.Base >= 0:
			sum += lu
		case n == 1:
			sum += 78
		default:
			sum += 72*n + 6*n*n + lu
		}
		rows := 6 // D⁻¹V of a link
		if n > 1 {
			rows = 6 * n * n
		}
		if e.way == alone {
			if b.Parent != World {
				sum += rows + 36*n
			}
			continue
		}
		sum += 36 * near // K_ii
		if b.Base < 0 {
			sum += 72*n*near + 36*n
		}
		sum += links * (rows + 6*n + 36*n) // D⁻¹V, E about another point, A
		sum += links * (links - 1) * 36 * n
	}
	return sum
}

// TestIslandWork compares the multiply-adds of a factorization with those that a prototype counted (without action and
// reaction), and says how they grow.
func TestIslandWork(t *testing.T) {
	for _, c := range []struct {
		scene
		prototype int
	}{
		{quadruped(), 3700},
		{humanoid(), 9000},
		{grip(), 1900},
		{hand(), 6200},
		{scene{"four-bar", []shape{chain(3)}, []Pair{{2, 0}}}, 700},
		{scene{"chain of 1000, ends joined", []shape{chain(1000)}, []Pair{{0, 999}}}, 306000},
	} {
		is, _ := c.make(1)
		n := is.g.work()
		t.Logf("%s: %d, prototype %d, %d steps, %d blocks", c.name, n, c.prototype, len(is.g.steps), len(is.g.k))
		if float64(n) > 1.45*float64(c.prototype) {
			t.Errorf("%s: %d multiply-adds, prototype %d", c.name, n, c.prototype)
		}
	}
	for _, c := range []struct {
		name     string
		make     func(int, float64) (*coupled, []Span)
		exponent float64
	}{{"tower", stack, 1.02}, {"wall", wall, 1.85}, {"heap", heap, 2.6}, {"two chains along each other", ladder, 1.02}} {
		var n [3]int
		for k := range n {
			is, _ := c.make(int(math.Pow10(k+1)), 1)
			n[k] = is.g.work()
		}
		x := math.Log10(float64(n[2]) / float64(n[1]))
		t.Logf("%s of 10, 100, 1000: %d, exponent %.2f", c.name, n, x)
		if x > c.exponent {
			t.Errorf("%s: exponent %.2f, want at most %g", c.name, x, c.exponent)
		}
	}
}
