package ipm

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
)

// TestDifferencesOfLaws: the slopes of all laws, Condense and Shift, are differences of the laws themselves, also where
// contact is so hard that no difference of a solution tells: sticking and sliding, open and pressed, stiff and soft.
func TestDifferencesOfLaws(t *testing.T) {
	rng := newRand(60)
	wild := func(low, high float64) float64 { return math.Pow(10, low+(high-low)*rng.Float64()) }
	vec := func(size float64) r3.Vec {
		return r3.Scale(size, r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()})
	}
	kinds := [][]Kind{{Orthant}, {Coulomb}, {Pyramid}, {Bound}, {Bound}, {Elliptic, Turn}}
	worst := 0.0
	for trial := range 6000 {
		of := kinds[trial%len(kinds)]
		kappa := wild(-10, -1)
		b := Block{Kind: of[0], Mu: wild(-2, 0), Limit: wild(-2, 1), Single: trial%len(kinds) == 4, Kappa: wild(-1, 1), KappaT: wild(-1, 1), Scale: 1, ScaleT: 1, Product: 1, ProductT: 1}
		if rng.IntN(2) == 0 {
			b.Compliance = wild(-9, 0)
		}
		blocks, du := make([]Block, len(of)), [2]r3.Vec{vec(1)}
		u := [2]r3.Vec{vec(wild(-10, 0)), vec(wild(-10, 0))}
		if u[0].X = math.Abs(u[0].X); of[0].unilateral() && rng.IntN(2) == 0 {
			u[0].X = kappa * wild(-1, 1)
		}
		for i := range blocks {
			blocks[i] = b
			blocks[i].Kind = of[i]
		}
		d := Change{Kappa: kappa * rng.NormFloat64(), KappaT: kappa * rng.NormFloat64(), Mu: rng.NormFloat64()}
		switch b.Kind {
		case Orthant:
			d.KappaT, d.Mu, du[0].Y, du[0].Z = 0, 0, 0, 0
		case Bound:
			d = Change{KappaT: d.KappaT, Limit: d.Mu}
			if b.Single {
				du[0].Y, du[0].Z = 0, 0
			}
		case Elliptic:
			du[1], d.Spin, d.Roll, blocks[1].Spin, blocks[1].Roll = vec(1), rng.NormFloat64(), rng.NormFloat64(), wild(-3, -1), wild(-3, -1)
		}
		v := Solver{blocks: blocks, Lambda: make([]r3.Vec, len(of)), at: make([]where, len(of)), w: make([]Matrix, len(of), 4)}
		for i := range blocks {
			v.at[i] = v.add(&blocks[i])
			if blocks[i].Kind == Turn {
				v.at[i].across, v.w = 2, v.w[:4]
			}
		}
		for i := range blocks {
			v.place(i, &u[i], math.Inf(-1), kappa, kappa)
		}
		v.gather()
		w, ok := v.Condense(kappa)
		if !ok {
			t.Fatal("no scaling")
		}
		by, shifts, moved := v.Differ(0, du, d, kappa), [2]r3.Vec{}, [2]r3.Vec{}
		for i := range of {
			shifts[i] = v.Shift(i, d)
			moved[i] = w[i].change(&shifts[i], &du[i])
		}
		if len(of) > 1 {
			v.across(1, moved[:], du[:])
		}
		f := v.bendAt(0, kappa)
		off, size := 0.0, 0.0
		for i := range of {
			off = max(off, r3.Norm(r3.Sub(by[i], moved[i])))
			// of a bound that is reached differences keep 1e-13 of the multiplier's own change over the law's width
			size = max(size, r3.Norm(moved[i]), r3.Norm(shifts[i]), r3.Norm(v.Lambda[i])*r3.Norm(du[i])/min(f.along, f.across))
		}
		worst = max(worst, off/size)
		if !(off <= 2e-9*size) {
			t.Errorf("trial %d, %v, κ = %.1e: %v by differences, %v by slopes, off by %.1e", trial, of, kappa, by, moved, off/size)
		}
	}
	t.Logf("off by %.1e at most", worst)
}
