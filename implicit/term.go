package implicit

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Costs of frames, ready for [Cost]: as its Terminal, or at every step with [EverySteps]. They hold no memory of their
// own and may be shared.

// PositionTerm costs ½ w ‖p − target‖², p the position of the frame's origin in the world (m), w per m².
func PositionTerm(m *sim.Model, f sim.Frame, target r3.Vec, w float64) (Term, error) {
	if err := hasFrame(m, f); err != nil {
		return nil, err
	}
	return func(x sim.State, gx Tangent) float64 {
		e := r3.Sub(FramePose(m, x.Q, f).Pos, target)
		frameColumns(m.Engine(), x.Q, f, func(k int, lin, _ r3.Vec) { gx.Q[k] += w * r3.Dot(e, lin) })
		return w / 2 * r3.Norm2(e)
	}, nil
}

// OrientationTerm costs ½ w θ², θ the angle between the frame and the target, a unit quaternion from frame to world axes
// (rad), w per rad². Its gradient jumps at half a turn.
func OrientationTerm(m *sim.Model, f sim.Frame, target quat.Number, w float64) (Term, error) {
	if err := hasFrame(m, f); err != nil {
		return nil, err
	}
	unit, ok := spatial.Normalize(target)
	if !ok {
		return nil, fmt.Errorf("implicit: target orientation %v has no direction", target)
	}
	return func(x sim.State, gx Tangent) float64 {
		// e = log(R Tᵀ) in world axes; d(½θ²) = e·dφ for a rotation vector dφ on the left
		e := spatial.LogQuat(quat.Mul(FramePose(m, x.Q, f).Rot, quat.Conj(unit)))
		frameColumns(m.Engine(), x.Q, f, func(k int, _, ang r3.Vec) { gx.Q[k] += w * r3.Dot(e, ang) })
		return w / 2 * r3.Norm2(e)
	}, nil
}

// VelocityTerm costs ½ wl ‖v − linear‖² + ½ wa ‖ω − angular‖² of [FrameVelocity], in world axes (m/s, rad/s), with
// weights wl per (m/s)² and wa per (rad/s)².
func VelocityTerm(m *sim.Model, f sim.Frame, linear, angular r3.Vec, wl, wa float64) (Term, error) {
	if err := hasFrame(m, f); err != nil {
		return nil, err
	}
	return func(x sim.State, gx Tangent) float64 {
		v, a := frameVelocity(m, x, f)
		v, a = r3.Sub(v, linear), r3.Sub(a, angular)
		e := [6]float64{wl * v.X, wl * v.Y, wl * v.Z, wa * a.X, wa * a.Y, wa * a.Z}
		j := frameVelocityJacobian(m, x, f)
		for k := range gx.Q {
			for r, y := range e {
				gx.Q[k] += y * j.At(r, k)
				gx.V[k] += y * j.At(r, len(gx.Q)+k)
			}
		}
		return wl/2*r3.Norm2(v) + wa/2*r3.Norm2(a)
	}, nil
}

// Sum adds terms.
func Sum(terms ...Term) Term {
	return func(x sim.State, gx Tangent) float64 {
		c := 0.0
		for _, t := range terms {
			c += t(x, gx)
		}
		return c
	}
}

// EveryStep makes a term a running cost, of the state each step starts from.
func EveryStep(t Term) func(k int, x sim.State, u []float64, gx Tangent, gu []float64) float64 {
	return func(_ int, x sim.State, _ []float64, gx Tangent, _ []float64) float64 { return t(x, gx) }
}
