package articulated

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// robot returns a free base with four legs of three hinges.
func robot(rng *rand.Rand) (*System, Span) {
	bodies := []Body{{Parent: World, N: 6, Ball: 3, Base: 0}}
	for i := range 12 {
		parent := i
		if i%3 == 0 {
			parent = 0
		}
		bodies = append(bodies, Body{Parent: parent, V: 6 + i, N: 1, Ball: -1, Base: -1})
	}
	s := New(bodies)
	for i := range s.Bodies {
		fill(s, rng, i)
	}
	return s, Span{Last: 13, V1: 18}
}

// BenchmarkTree times what Newton's method asks of the linear algebra: a factorization, a solve, and what all bodies answer to
// themselves.
func BenchmarkTree(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	run := func(name string, s *System, t Span) {
		good := make([]spatial.Mat6, len(s.Bodies))
		for i := range good {
			good[i] = matrix(rng)
		}
		bias, _ := load(rng, s, t)
		wanted := make([]bool, len(s.Bodies))
		for i := range wanted {
			wanted[i] = true
		}
		b.Run(name+"/factor", func(b *testing.B) {
			for b.Loop() {
				copy(s.A, good)
				if !s.Factor(t) {
					b.Fatal("singular")
				}
			}
		})
		b.Run(name+"/solve", func(b *testing.B) {
			for b.Loop() {
				copy(s.Bias, bias)
				s.Solve(t, Forward)
			}
		})
		b.Run(name+"/respond", func(b *testing.B) {
			for b.Loop() {
				s.Respond(t, wanted)
			}
		})
	}
	for _, n := range []int{10, 100, 1000} {
		s, spans := build(rng, spec{bodies: n, reach: 1, dofs: 1})
		run(fmt.Sprintf("chain%d", n), s, spans[0])
	}
	s, t := robot(rng)
	run("quadruped", s, t)
}

// BenchmarkIsland times the same of coupled trees, and the symbolic pass that a new set of couplings costs. Blocks are copied,
// not assembled.
func BenchmarkIsland(b *testing.B) {
	run := func(name string, c *coupled, spans []Span) {
		c.assemble()
		a, k := append([]spatial.Mat6(nil), c.s.A...), append([]spatial.Mat6(nil), c.g.k...)
		bias, _ := load(rand.New(rand.NewPCG(1, 1)), c.s, c.t)
		all := pairs(c.joins)
		b.Run(name+"/couple", func(b *testing.B) {
			b.ReportAllocs()
			for k := 0; b.Loop(); k++ {
				c.g.Couple(spans, all[:len(all)-4*(k%2)]) // with and without the last pair
			}
		})
		b.Run(name+"/kept", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.g.Couple(spans, all)
			}
		})
		c.g.Couple(spans, all)
		b.Run(name+"/factor", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				copy(c.s.A, a)
				copy(c.g.k, k)
				if !c.g.Factor() {
					b.Fatal("singular")
				}
			}
		})
		b.Run(name+"/solve", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				copy(c.s.Bias, bias)
				c.g.Solve(Forward)
			}
		})
	}
	for _, sc := range []scene{quadruped(), humanoid(), hand()} {
		c, spans := sc.make(100)
		run(sc.name, c, spans)
	}
	for _, n := range []int{10, 100, 1000} {
		c, spans := stack(n, 100)
		run(fmt.Sprintf("tower%d", n), c, spans)
	}
	c, spans := wall(1000, 100)
	run("wall1000", c, spans)
}
