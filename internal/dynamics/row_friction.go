package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Dry friction of joints: |impulse| ≤ w·friction, against v⁺ when that is reached. The value is v⁺ itself.

func (s *Stepper) frictionAt(r *row, v []float64) spatial.Vec {
	if r.ball {
		return vec3(v[r.dof:])
	}
	return spatial.Vec{X: v[r.dof]}
}

func (s *Stepper) describeFriction(b *ipm.Block, r *row) {
	d := &s.m.Dofs[r.dof]
	b.Kind, b.ScaleT, b.Single = ipm.Bound, d.Speed, !r.ball
	b.Limit = s.weight * d.Friction
}
