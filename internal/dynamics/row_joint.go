package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// What all rows on joints do with their slopes: N the directions of the multiplier, J the derivative of the value by
// knot 3, W the condensed matrix of the block.

// jointImpulse subtracts Nᵀλ from the generalized residual.
func (s *Stepper) jointImpulse(res []float64, r *row, l spatial.Vec) {
	i := r.dof
	switch {
	case !r.ball:
		res[i] -= sign(r) * l.X
	case r.kind == rowCone:
		addTo(res[i:], -l.X, coneNormal(s.ballPose(i, s.vNext, s.h)))
	default:
		addTo(res[i:], -1, l)
	}
}

// jointMatrix adds NᵀWJ to the joint terms of the matrix.
func (s *Stepper) jointMatrix(r *row, w *ipm.Matrix) {
	if !r.ball {
		r.slope = s.slope(r)
		s.tree.D[r.dof] += w[0] * r.slope * sign(r)
		return
	}
	var j spatial.Mat3
	s.ballSlope(&j, r)
	m := &s.tree.Ball[s.m.Dofs[r.dof].Body]
	s.addPulled(m, r, w, &j)
	if r.kind == rowCone {
		s.addConeTurn(m, r)
	}
}

// addPulled adds NᵀWJ of a row on a spherical joint to m.
func (s *Stepper) addPulled(m *spatial.Mat3, r *row, w *ipm.Matrix, j *spatial.Mat3) {
	var n, wj, nwj spatial.Mat3
	wj.Mul((*spatial.Mat3)(w), j)
	if r.kind != rowCone {
		addMat(m, &wj)
		return
	}
	s.ballPull(&n, r)
	nwj.TMul(&n, &wj)
	addMat(m, &nwj)
}

// jointChange returns the change of the value, J dq for the last direction.
func (s *Stepper) jointChange(r *row) (du spatial.Vec) {
	if !r.ball {
		du.X = r.slope * s.tree.X[r.dof]
		return du
	}
	var j spatial.Mat3
	s.ballSlope(&j, r)
	return j.MulVec(vec3(s.tree.X[r.dof:]))
}

// jointAnswer returns what the value answers to the row's own multiplier, see Local.
func (s *Stepper) jointAnswer(r *row) (a ipm.Matrix) {
	if !r.ball {
		a[0] = r.slope * s.tree.Self[r.dof] * sign(r)
		return a
	}
	var n, j, jr spatial.Mat3
	s.ballSlope(&j, r)
	s.ballPull(&n, r)
	jr.Mul(&j, &s.tree.BallSelf[s.m.Dofs[r.dof].Body])
	(*spatial.Mat3)(&a).MulT(&jr, &n)
	return a
}

// jointWhole adds NᵀW ∂u/∂(q2, input) of the row.
func (s *Stepper) jointWhole(l *condensed, r *row, w *ipm.Matrix) {
	i := r.dof
	if !r.ball {
		d := s.slopes(r)
		l.jq[i] += sign(r) * w[0] * d.at2
		l.ju[i] += sign(r) * w[0] * d.input
		return
	}
	var at2, input spatial.Mat3
	b := s.m.Dofs[i].Body
	s.ballSlopes(&at2, &input, r)
	s.addPulled(&l.ballQ[b], r, w, &at2)
	s.addPulled(&l.ballU[b], r, w, &input)
}

// jointDirect returns the change of the value at fixed q3 for tangents of q2 and the input.
func (s *Stepper) jointDirect(r *row, dq, du []float64) (v spatial.Vec) {
	i, in := r.dof, s.m.Dofs[r.dof].Input
	if !r.ball {
		d := s.slopes(r)
		if dq != nil {
			v.X = d.at2 * dq[i]
		}
		if du != nil && r.kind == rowServo {
			v.X += d.input * du[in]
		}
		return v
	}
	var at2, input spatial.Mat3
	s.ballSlopes(&at2, &input, r)
	if dq != nil {
		v = at2.MulVec(vec3(dq[i:]))
	}
	if du != nil && r.kind == rowServo {
		v = spatial.Add(v, input.MulVec(vec3(du[in:])))
	}
	return v
}

// jointPull is jointDirect transposed: it takes z, the cotangent of the value, off those of q2 and the input.
func (s *Stepper) jointPull(r *row, oq, ou []float64, z spatial.Vec) {
	i, in := r.dof, s.m.Dofs[r.dof].Input
	if !r.ball {
		d := s.slopes(r)
		oq[i] -= d.at2 * z.X
		if r.kind == rowServo {
			ou[in] -= d.input * z.X
		}
		return
	}
	var at2, input spatial.Mat3
	s.ballSlopes(&at2, &input, r)
	addTo(oq[i:], -1, at2.TMulVec(z))
	if r.kind == rowServo {
		addTo(ou[in:], -1, input.TMulVec(z))
	}
}

// jointTest returns the motion of the joint along the directions of the row's multiplier.
func (s *Stepper) jointTest(r *row, z []float64) (y spatial.Vec) {
	i := r.dof
	switch {
	case !r.ball:
		y.X = sign(r) * z[i]
	case r.kind == rowCone:
		y.X = spatial.Dot(coneNormal(s.ballPose(i, s.vNext, s.h)), vec3(z[i:]))
	default:
		y = vec3(z[i:])
	}
	return y
}

// jointBack adds Jᵀz to the joints' part of a cotangent.
func (s *Stepper) jointBack(rj []float64, r *row, z spatial.Vec) {
	if !r.ball {
		rj[r.dof] += r.slope * z.X
		return
	}
	var j spatial.Mat3
	s.ballSlope(&j, r)
	addTo(rj[r.dof:], 1, j.TMulVec(z))
}
