package ipm

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r3"
)

// exact returns how far block i is from the laws of κ = 0.
func exact(b *Block, u, l r3.Vec) float64 {
	bound, e := b.Limit, 0.0
	if b.Kind.unilateral() {
		x := u.X + b.Compliance*l.X
		e = max(-x, -l.X, math.Abs(x*l.X))
		bound = b.Mu * l.X
	}
	across := func(u, l r3.Vec) {
		n := r3.Norm(u)
		e = max(e, r3.Norm(l)-bound)
		if n > 1e-9 { // it slides: the force is at its bound and against the motion
			e = max(e, r3.Norm(r3.Add(l, r3.Scale(bound/n, u))))
		}
	}
	switch b.Kind {
	case Coulomb:
		across(r3.Vec{Y: u.Y, Z: u.Z}, r3.Vec{Y: l.Y, Z: l.Z})
	case Pyramid:
		across(r3.Vec{Y: u.Y}, r3.Vec{Y: l.Y})
		across(r3.Vec{Z: u.Z}, r3.Vec{Z: l.Z})
	case Equal:
		e = r3.Norm(u)
	case Bound:
		across(r3.Add(u, r3.Scale(b.Compliance, l)), l)
	}
	return e
}

// TestPolish: a polished solution of a problem with blocks of every kind obeys all laws to rounding, and is
// where those of small κ tend to.
func TestPolish(t *testing.T) {
	r := newRand(41)
	var v Solver
	far, worst := 0.0, 0.0
	kinds := map[string]int{}
	for range 200 {
		p := held(r)
		if res := v.Solve(p, Options{Kappa: 1e-10}); res.Status != Solved || res.Polished {
			t.Fatalf("%+v", res)
		}
		x := append([]float64(nil), p.x...)
		p.Reset()
		res := v.Solve(p, Options{Kappa: 1e-8, Polish: true})
		if res.Status != Solved || !res.Polished || res.Kappa != 0 || res.Centrality != 0 || res.Residual > polished || res.Gap > polished {
			t.Fatalf("%+v", res)
		}
		far = max(far, floats.Distance(x, p.x, math.Inf(1)))
		for i := range p.blocks {
			b := &p.blocks[i]
			worst = max(worst, exact(b, v.U[i], v.Lambda[i]))
			if b.Kind.unilateral() {
				kinds[map[bool]string{true: "open", false: "closed"}[v.Lambda[i].X == 0]]++
			}
			if b.Kind != Orthant && b.Kind != Equal {
				kinds[map[bool]string{true: "slides", false: "sticks"}[v.branches[i].slide[0]]]++
			}
		}
	}
	t.Logf("laws hold to %.2g; %.2g from κ = 1e-10; branches %v", worst, far, kinds)
	if worst > 1e-11 || far > 1e-5 {
		t.Error("want 1e-11 and 1e-5")
	}
	for _, k := range []string{"open", "closed", "slides", "sticks"} {
		if kinds[k] < 40 {
			t.Errorf("only %d blocks %s", kinds[k], k)
		}
	}
}

// TestPolishPiles: contacts that hold bodies in more ways than they have freedoms.
func TestPolishPiles(t *testing.T) {
	var v Solver
	left := 0
	for seed := range 100 {
		w, q, mu := pile(newRand(uint64(seed)), 1+seed%3, 1+seed%12)
		d := NewDelassus(w, q, mu)
		res := v.Solve(d, Options{Kappa: 1e-8, Polish: true})
		if res.Status != Solved {
			t.Fatalf("seed %d: %+v", seed, res)
		}
		if !res.Polished {
			left++
			if res.Kappa < 0.9e-8 || res.Centrality > 1e-4 {
				t.Errorf("seed %d: what was not polished is not the solution at κ: %+v", seed, res)
			}
			continue
		}
		for i := range mu {
			if e := exact(&d.blocks[i], v.U[i], v.Lambda[i]); e > 1e-10*max(1, d.speed/d.inv) {
				t.Errorf("seed %d: contact %d is %g off its laws", seed, i, e)
			}
		}
	}
	t.Logf("%d of 100 not polished", left)
	if left > 5 {
		t.Errorf("%d of 100 not polished", left)
	}
	w, q, mu := pile(newRand(3), 1, 4)
	d := NewDelassus(w, q, mu)
	if n := testing.AllocsPerRun(10, func() {
		d.Reset()
		v.Solve(d, Options{Kappa: 1e-8, Polish: true})
	}); n != 0 {
		t.Errorf("a polished solve allocates %v times", n)
	}
}
