package ipm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
)

// pile returns a contact problem of bodies with six degrees of freedom each that fall on the ground and
// each other: W = H M⁻¹ Hᵀ for random contact rows H, and q = H v. With more than two contacts per body W
// is singular.
func pile(r *rand.Rand, bodies, contacts int) (w, q, mu []float64) {
	nv, n := 6*bodies, 3*contacts
	h, vel, inv := make([]float64, n*nv), make([]float64, nv), make([]float64, nv)
	for i := range bodies {
		m := math.Exp(r.NormFloat64())
		for k := range 6 {
			inv[6*i+k] = m * (1 + float64(k/3)*r.Float64())
			vel[6*i+k] = 0.3 * r.NormFloat64()
		}
		vel[6*i+2]--
	}
	for c := range contacts {
		on := c % bodies
		under := r.IntN(bodies+1) - 1 // −1 is the ground
		arms := [2]r3.Vec{}
		for k := range arms {
			arms[k] = r3.Vec{X: r.NormFloat64(), Y: r.NormFloat64(), Z: r.NormFloat64()}
		}
		for a, axis := range []r3.Vec{{Z: 1}, {X: 1}, {Y: 1}} {
			row := h[(3*c+a)*nv : (3*c+a+1)*nv]
			add := func(body int, sign float64, arm r3.Vec) {
				turn := r3.Cross(arm, axis)
				for k, x := range []float64{axis.X, axis.Y, axis.Z, turn.X, turn.Y, turn.Z} {
					row[6*body+k] += sign * x
				}
			}
			add(on, 1, arms[0])
			if under >= 0 && under < on {
				add(under, -1, arms[1])
			}
		}
		mu = append(mu, 0.1+0.5*r.Float64())
	}
	w, q = make([]float64, n*n), make([]float64, n)
	for i := range n {
		for k := range nv {
			q[i] += h[i*nv+k] * vel[k]
		}
		for j := range n {
			for k := range nv {
				w[i*n+j] += h[i*nv+k] * inv[k] * h[j*nv+k]
			}
		}
	}
	return w, q, mu
}

// TestPiles solves random problems from one contact on one body to sixteen on three. Their lever arms are
// long, so that friction of a contact presses its neighbors, and the central path of some turns back. None
// stays unsolved, though the few with many contacts on few bodies take hundreds of iterations.
func TestPiles(t *testing.T) {
	const count = 300
	var v Solver
	for _, c := range []struct {
		friction float64
		mean     float64 // iterations; more would be a silent loss of convergence
	}{{0.3, 36}, {1, 32}, {2, 26}} {
		sum, most, fails := 0, 0, 0
		for seed := range count {
			w, q, mu := pile(newRand(uint64(seed)), 1+seed%3, 1+seed%16)
			for i := range mu {
				mu[i] *= c.friction
			}
			res := v.Solve(NewDelassus(w, q, mu), Options{Kappa: 1e-9, Centrality: 0.01})
			if res.Status != Solved {
				t.Logf("seed %d, %d contacts: %v", seed, len(mu), res.Status)
				fails++
				continue
			}
			sum, most = sum+res.Iterations, max(most, res.Iterations)
			if e := violationsOf(w, q, mu, v.U, v.Lambda); e.worst() > 1e-8 {
				t.Errorf("seed %d, %d contacts: %+v, residuals %+v", seed, len(mu), res, e)
			}
		}
		mean := float64(sum) / float64(count-fails)
		t.Logf("friction × %g: %d of %d not solved, mean %.1f, most %d iterations", c.friction, fails, count, mean, most)
		if fails > 0 || mean > c.mean {
			t.Errorf("friction × %g: %d not solved, mean %.1f iterations, want none and at most %g", c.friction, fails, mean, c.mean)
		}
	}
}

// FuzzSolve: whatever the numbers, a solve neither panics nor ends without a status, and Solved means that
// the tolerances hold and the laws of contact with them.
func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), uint8(3), 1e-6, 0.0, uint16(0), 1.0)
	f.Add(uint64(2), uint8(1), 1e-10, math.NaN(), uint16(4), 1e6)
	f.Add(uint64(3), uint8(2), 1e-3, math.Inf(1), uint16(40), 1e-6)
	f.Add(uint64(4), uint8(2), 1.0, -1e300, uint16(9), 1.0)
	f.Add(uint64(5), uint8(0), 0.0, 1.0, uint16(0), 0.0)
	f.Fuzz(func(t *testing.T, seed uint64, n uint8, kappa, odd float64, at uint16, scale float64) {
		r := newRand(seed)
		w, q, mu := pile(r, 1+int(n)%2, int(n)%4)
		// one odd number somewhere, and everything in odd units
		all := append(append(w, q...), mu...)
		if len(all) > 0 && odd != 0 {
			all[int(at)%len(all)] = odd
		}
		for i := range all[:len(w)] {
			all[i] *= scale
		}
		w, q, mu = all[:len(w)], all[len(w):len(w)+len(q)], all[len(w)+len(q):]
		for i := range mu {
			mu[i] = math.Abs(mu[i])
		}
		var v Solver
		opt := Options{Kappa: kappa}
		res := v.Solve(NewDelassus(w, q, mu), opt)
		opt.defaults()
		switch {
		case res.Status == Unsolved || res.Status >= statusEnds:
			t.Fatalf("%+v", res)
		case res.Status != Solved:
			return
		case !(res.Residual <= opt.Tolerance && res.Gap <= opt.Tolerance && res.Centrality <= math.Max(opt.Centrality, maxFloor)):
			t.Fatalf("solved without its tolerances: %+v", res)
		}
		d := v.p.(*Delassus)
		round := 1e-15 * d.speed / d.inv
		for i, l := range v.Lambda {
			if !(l.X > 0 && math.Hypot(l.Y, l.Z) <= mu[i]*l.X*(1+1e-9)+round && v.U[i].X > 0) {
				t.Errorf("contact %d, μ %g: impulse %v velocity %v", i, mu[i], l, v.U[i])
			}
		}
	})
}

func BenchmarkSolve(b *testing.B) {
	for _, n := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("contacts=%d", n), func(b *testing.B) {
			w, q, mu := pile(newRand(1), (n+3)/4, n)
			d := NewDelassus(w, q, mu)
			var v Solver
			var res Result
			b.ReportAllocs()
			for b.Loop() {
				d.Reset()
				res = v.Solve(d, Options{Kappa: 1e-6})
			}
			if res.Status != Solved {
				b.Fatalf("%+v", res)
			}
			b.ReportMetric(float64(res.Iterations), "iters/op")
		})
	}
}
