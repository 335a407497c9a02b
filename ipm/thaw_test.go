package ipm

import (
	"math"
	"testing"
)

// TestPathTurnsBack: one body on two contacts with strong friction. At a fold of its central path no
// careful step to a smaller κ gets on; only a long one may jump over it. The path on which friction thaws has a fold as well: its
// target rises before it falls for good.
func TestPathTurnsBack(t *testing.T) {
	const seed, friction = 256, 5
	w, q, mu := pile(newRand(seed), 1, 2)
	for i := range mu {
		mu[i] *= friction
	}
	opt := Options{Kappa: 1e-8, Centrality: 0.01}
	opt.defaults()
	var v Solver
	d := NewDelassus(w, q, mu)
	v.load(d)
	if res := v.careful(&opt, 1); res.Status == Solved {
		t.Errorf("the problem has no fold: %+v", res)
	}
	lowest, rise := math.Inf(1), 0.0
	opt.Trace = func(i Iteration) {
		lowest = min(lowest, i.Target)
		rise = max(rise, i.Target/lowest)
	}
	d.Reset()
	res := v.thaw(&opt, 1e-3, 0.5)
	t.Logf("%d iterations, the target rises by a factor of %.2f", res.Iterations, rise)
	if e := violationsOf(w, q, mu, v.U, v.Lambda); res.Status != Solved || e.worst() > 1e-7 || res.Iterations > 100 {
		t.Errorf("%+v, residuals %+v", res, e)
	}
	if rise < 1.2 {
		t.Errorf("the target rises by a factor of %g only", rise)
	}
}

// TestThawingPathAlone: the path solves what the fast run solves, and more of strong friction.
func TestThawingPathAlone(t *testing.T) {
	const count, friction = 100, 5
	var v Solver
	opt := Options{Kappa: 1e-6, Centrality: 0.01}
	opt.defaults()
	fails := 0
	for seed := range count {
		w, q, mu := pile(newRand(uint64(seed)), 1+seed%2, 1+seed%4)
		for i := range mu {
			mu[i] *= friction
		}
		v.load(NewDelassus(w, q, mu))
		res := v.thaw(&opt, 1e-3, 0.5)
		if res.Status != Solved {
			t.Logf("seed %d: %+v", seed, res)
			fails++
		} else if e := violationsOf(w, q, mu, v.U, v.Lambda); e.worst() > 1e-5 {
			t.Errorf("seed %d: residuals %+v", seed, e)
		}
	}
	if fails > 0 {
		t.Errorf("%d of %d not solved", fails, count)
	}
}

// TestPathGivesUp: at every end the result has a status and the residuals of the point reached.
func TestPathGivesUp(t *testing.T) {
	w, q, mu := pile(newRand(1), 1, 3)
	var v Solver
	d := NewDelassus(w, q, mu)
	v.load(d)
	opt := Options{Kappa: 1e-6, MaxIter: 1}
	opt.defaults()
	if res := v.thaw(&opt, 1e-3, 0.5); res.Status != MaxIter || res.Iterations != pathIter || res.Gap == 0 || res.Centrality == 0 || v.share != 1 {
		t.Errorf("%+v", res)
	}
	for _, kappa := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		opt.Kappa = kappa
		d.Reset()
		if res := v.thaw(&opt, 1e-3, 0.5); res.Status != NotFinite {
			t.Errorf("κ = %g: %+v", kappa, res)
		}
	}
	opt = Options{Kappa: 10 * frost}
	opt.defaults()
	d.Reset()
	if res := v.thaw(&opt, 1e-3, 0.5); res.Status != Solved {
		t.Errorf("κ above the start of the path: %+v", res)
	}
}

// TestPortion: a step along a portion of the direction changes the violations of linear equations by that
// share, up or down, and takes the products to where it aims to first order.
func TestPortion(t *testing.T) {
	p := held(newRand(9))
	var v Solver
	v.load(p)
	const n, c = 0.3, 2.0
	for _, share := range []float64{1, 0.25, 1e-4, -0.5} {
		p.Reset()
		if !v.center(n, c) || !v.scaled() || !p.Factor(v.w) {
			t.Fatal("no start")
		}
		if off := v.astray(n, c); off > 1e-12 {
			t.Errorf("the start is %g off the path", off)
		}
		was := v.resF
		const by = 1e-4
		v.portion(aim{normal: n * (1 + by), cone: c * (1 + by)}, by*share)
		v.move(1, c, false)
		v.share = 1
		p.Values(v.U)
		v.residual()
		if want := (1 - by*share) * was; math.Abs(v.resF-want) > 1e-9 {
			t.Errorf("share %g: F is %.9g, want %.9g", share, v.resF, want)
		}
		if off := v.astray(n*(1+by), c*(1+by)); off > 100*by*by {
			t.Errorf("share %g: products are off by %g", share, off)
		}
	}
}

// TestPathTargets: both targets begin where they are told to, arrive at κ together, and no step takes more than it may.
func TestPathTargets(t *testing.T) {
	const kappa, start = 1e-6, 1e-3
	l := newPath(kappa, start, 0.5)
	if n := l.normal(l.t); l.t != frost || math.Abs(n/start-1) > 1e-12 || l.normal(kappa) != kappa {
		t.Errorf("begins at %g and %g, ends at %g", l.t, n, l.normal(kappa))
	}
	for _, c := range []struct{ t, dt, cone, most float64 }{
		{1, -0.5, 0.5, 1},
		{1, -9, -8, 0.1},
		{1, 8, 9, 0.25},
		{2 * kappa, -0.8, kappa, 1},
	} {
		l.t = c.t
		a, most := l.aim(c.dt)
		if math.Abs(a.cone/c.cone-1) > 1e-12 || math.Abs(most/c.most-1) > 1e-12 {
			t.Errorf("from %g by %g: to %g, of which %g; want %g and %g", c.t, c.dt, a.cone, most, c.cone, c.most)
		}
	}
}
