package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Bounds on the speed of joints: 0 ≤ most − v⁺ ⟂ λ ≥ 0, and the same backward: an impulse holds the joint to the speed,
// as a brake does, whatever drives it. It is against the motion, so it only takes energy. Spherical rotations have
// none.

// slowed reports whether the dof has a bound on its speed.
func (d *Dof) slowed() bool { return !math.IsInf(d.MaxSpeed, 1) }

func (s *Stepper) speedAt(r *row, v []float64) spatial.Vec {
	return spatial.Vec{X: s.m.Dofs[r.dof].MaxSpeed + sign(r)*v[r.dof]}
}

// describeSpeed: a bound on a speed has the units of sliding, not of gaps.
func (s *Stepper) describeSpeed(b *ipm.Block, r *row) {
	b.Kind = ipm.Orthant
	b.Kappa, b.Product, b.Scale = b.KappaT, b.ProductT, s.m.Dofs[r.dof].Speed
}

// loose is the speed that a loosened bound is put off by, in natural speeds of the joint.
const loose = 100

// loosen puts bounds on speeds out of reach while the island comes out of what it starts in: that may take any speed, and is no motion. The
// second solve, see Hold, has them.
func (p *problem) loosen() {
	if p.s.held || !p.deep() {
		return
	}
	for n := range p.joints {
		if r := &p.rows[n]; r.kind == rowFast || r.kind == rowBack {
			r.ease = loose * p.s.m.Dofs[r.dof].Speed
		}
	}
}

// speedByTime: at fixed knots the speed falls as the step grows, whatever its sign.
func (s *Stepper) speedByTime(r *row, u spatial.Vec, t Lengths) (d direct) {
	d.du.X = t.Step / s.h * (s.m.Dofs[r.dof].MaxSpeed + r.ease - u.X)
	return d
}
