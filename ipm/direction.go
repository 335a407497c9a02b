package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// scaled computes the scalings and condensed matrices at the current point and remembers the point. It reports false
// outside the cones.
func (v *Solver) scaled() bool {
	if !v.scale() {
		return false
	}
	v.condense()
	return true
}

// direction computes all steps towards the products target·e. second uses the previous direction for
// Mehrotra's second-order term.
func (v *Solver) direction(target float64, second bool) { v.toward(aim{target, target, 1}, second) }

// aim is what a direction aims at: products of the normal parts and of the cones. weight multiplies the
// change of the products, while F and u − s always go to zero.
type aim struct{ normal, cone, weight float64 }

// toward is direction for any aim.
func (v *Solver) toward(a aim, second bool) {
	v.constants(a, second)
	v.p.Direction(v.k, v.du)
	if len(v.frees) > 0 {
		v.refine()
	}
	if v.sharp {
		v.sharpen(v.p.(Refiner))
	}
	v.steps()
}

// sharpen computes the steps of the multipliers, and corrects the last direction twice for what rounding left of it, or
// until that is nothing.
func (v *Solver) sharpen(p Refiner) {
	for i := range v.blocks {
		v.dl[i] = v.w[i].change(&v.k[i], &v.du[i])
	}
	v.acrossAll(v.dl, v.du)
	for range 2 {
		if !(p.Defect(v.dl) > roundoff) {
			return
		}
		p.Correct(v.more)
		for i := range v.blocks {
			d := &v.more[i]
			v.du[i] = r3.Add(v.du[i], *d)
			v.dl[i] = r3.Add(v.dl[i], v.w[i].change(&r3.Vec{}, d))
		}
		v.acrossAll(v.dl, v.more)
	}
}

// refine solves with the same factors until equations hold, each time with the forces of the time before carried on. Where
// that gains little, they are found as carry does.
func (v *Solver) refine() {
	last := math.Inf(1)
	for range refinements {
		left := 0.0
		for i := range v.blocks {
			if v.blocks[i].Kind == Equal {
				left = max(left, v.equal(i).left(&v.du[i]))
			}
		}
		if !(left > firmly) {
			return
		}
		if left >= last/2 {
			if left > 0.8*last && left > amiss && v.untouched() {
				v.carry()
			}
			return
		}
		last = left
		for i := range v.blocks {
			if v.blocks[i].Kind == Equal {
				v.k[i] = v.equal(i).carry(&v.w[i], &v.k[i], &v.du[i])
			}
		}
		v.p.Direction(v.k, v.du)
	}
}
