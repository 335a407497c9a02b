package implicit

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Sensors are functions of a state, so their derivatives with respect to anything before a step are
// products of the Jacobians here with those of the step. The exception is a direct dependence: the placement
// of joints moves a frame also at a given state, and the timestep is what a velocity divides by.

// FramePose returns where a frame is at configuration q, in world coordinates.
func FramePose(m *sim.Model, q []float64, f sim.Frame) sim.Pose {
	if f.Body < 0 {
		return f.Pose
	}
	poses := make([]sim.Pose, len(m.Engine().Bodies))
	m.Poses(poses, q)
	return poses[f.Body].Mul(f.Pose)
}

// FrameJacobian returns the derivative of the pose of a frame at configuration q, 6×NV: three rows of the
// position of its origin (m), three of its rotation, a rotation vector in world axes that multiplies on
// the left. Columns are tangents of the configuration.
func FrameJacobian(m *sim.Model, q []float64, f sim.Frame) (*mat.Dense, error) {
	if err := checkFrame(m, sim.State{Q: q, V: make([]float64, m.NV())}, f); err != nil {
		return nil, err
	}
	dst := mat.NewDense(6, m.NV(), nil)
	frameColumns(m.Engine(), q, f, func(k int, lin, ang r3.Vec) {
		for r, x := range [6]float64{lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z} {
			dst.Set(r, k, x)
		}
	})
	return dst, nil
}

// FrameVelocity returns the mean velocity of a frame over the interval that ends at state x: its displacement
// divided by its length h (m/s), and the angular velocity (2/h)·tan(θ/2) about the axis of its turn by θ
// (rad/s), the measure of rotation in which the simulation conserves momentum. Both in world axes.
func FrameVelocity(m *sim.Model, x sim.State, f sim.Frame) (linear, angular r3.Vec, err error) {
	if err := checkFrame(m, x, f); err != nil {
		return r3.Vec{}, r3.Vec{}, err
	}
	linear, angular = frameVelocity(m, x, f)
	return linear, angular, nil
}

func frameVelocity(m *sim.Model, x sim.State, f sim.Frame) (linear, angular r3.Vec) {
	h := interval(m, x)
	before := make([]float64, m.NQ())
	m.Engine().Integrate(before, x.Q, x.V, -h)
	a, b := FramePose(m, before, f), FramePose(m, x.Q, f)
	return r3.Scale(1/h, r3.Sub(b.Pos, a.Pos)), r3.Scale(2/h, turned(a, b))
}

// interval returns the length of the interval that ends at x.
func interval(m *sim.Model, x sim.State) float64 {
	if x.H > 0 {
		return x.H
	}
	return m.Timestep()
}

// turned returns the Gibbs vector of the rotation from a to b, world axes.
func turned(a, b sim.Pose) r3.Vec {
	i := a.Inv().Rot
	return spatial.Gibbs(spatial.Pose{Rot: b.Rot}.Mul(spatial.Pose{Rot: i}).Rot)
}

// FrameVelocityJacobian returns the derivative of [FrameVelocity] with respect to the state, 6×2NV: rows
// linear and angular, columns (q, v).
func FrameVelocityJacobian(m *sim.Model, x sim.State, f sim.Frame) (*mat.Dense, error) {
	if err := checkFrame(m, x, f); err != nil {
		return nil, err
	}
	return frameVelocityJacobian(m, x, f), nil
}

func frameVelocityJacobian(m *sim.Model, x sim.State, f sim.Frame) *mat.Dense {
	d, nv, h := m.Engine(), m.NV(), interval(m, x)
	before := make([]float64, m.NQ())
	d.Integrate(before, x.Q, x.V, -h)
	w := turned(FramePose(m, before, f), FramePose(m, x.Q, f))
	dst := mat.NewDense(6, 2*nv, nil)
	// d(linear) = (dx − dx₁)/h, d(angular) = (2/h) dw
	add := func(k int, s float64, lin, dw r3.Vec) {
		for r, y := range [6]float64{lin.X / h, lin.Y / h, lin.Z / h, 2 / h * dw.X, 2 / h * dw.Y, 2 / h * dw.Z} {
			dst.Set(r, k, dst.At(r, k)+s*y)
		}
	}
	frameColumns(d, x.Q, f, func(k int, lin, ang r3.Vec) {
		add(k, 1, lin, gibbsLeft(w, ang))
	})
	past := make([][2]r3.Vec, nv) // the columns of the pose at the start of the interval
	frameColumns(d, before, f, func(k int, lin, ang r3.Vec) {
		past[k] = [2]r3.Vec{lin, gibbsRight(w, ang)}
	})
	for i := range d.Bodies {
		b := &d.Bodies[i]
		for k := b.V; k < b.V+b.NT; k++ {
			add(k, -1, past[k][0], past[k][1])
			add(nv+k, h, past[k][0], past[k][1])
		}
		r := b.V + b.NT
		if b.NR < 3 {
			for k := r; k < r+b.NR; k++ {
				xi := h / 2 * x.V[k]
				add(k, -1, past[k][0], past[k][1])
				add(nv+k, h/(1+xi*xi), past[k][0], past[k][1])
			}
			continue
		}
		// Q₁ = Q cay(−ξ): θ₁ = Rot(ξ) θ − h (I + [ξ]×)/(1+ξ²) dv, in the axes of the child
		xi := r3.Scale(h/2, r3.Vec{X: x.V[r], Y: x.V[r+1], Z: x.V[r+2]})
		for j, e := range [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
			dq := spatial.Rotate(xi, e)
			dv := r3.Scale(-h/(1+r3.Norm2(xi)), r3.Add(e, r3.Cross(xi, e)))
			for c, p := range [3][2]float64{{dq.X, dv.X}, {dq.Y, dv.Y}, {dq.Z, dv.Z}} {
				add(r+j, -p[0], past[r+c][0], past[r+c][1])
				add(nv+r+j, -p[1], past[r+c][0], past[r+c][1])
			}
		}
	}
	return dst
}

// gibbsLeft returns the change of the Gibbs vector w when a rotation vector a is multiplied on the left.
func gibbsLeft(w, a r3.Vec) r3.Vec {
	a = r3.Scale(0.5, a)
	return r3.Add(r3.Add(a, r3.Cross(a, w)), r3.Scale(r3.Dot(a, w), w))
}

// gibbsRight is gibbsLeft for a rotation vector on the right.
func gibbsRight(w, a r3.Vec) r3.Vec {
	a = r3.Scale(0.5, a)
	return r3.Add(r3.Sub(a, r3.Cross(a, w)), r3.Scale(r3.Dot(a, w), w))
}

// frameColumns calls f with the motion (of the frame's origin; rotation, both in world axes) per unit tangent
// of every coordinate that moves the frame.
func frameColumns(d *dynamics.Model, q []float64, frame sim.Frame, f func(k int, lin, ang r3.Vec)) {
	poses := make([]sim.Pose, len(d.Bodies))
	d.Kinematics(poses, q)
	at := frame.Pose.Pos
	if frame.Body >= 0 {
		at = poses[frame.Body].Apply(at)
	}
	for i := frame.Body; i >= 0; i = d.Bodies[i].Parent {
		b := &d.Bodies[i]
		joint := b.Origin
		if b.Parent != dynamics.World {
			joint = poses[b.Parent].Mul(joint)
		}
		for k := 0; k < b.NT; k++ {
			f(b.V+k, spatial.QuatRotate(joint.Rot, b.Axes[k]), r3.Vec{})
		}
		arm := r3.Sub(at, poses[i].Pos)
		for k := 0; k < b.NR; k++ {
			a := b.Axes[b.NT+k]
			switch {
			case b.NR == 3: // axes of the child
				a = spatial.QuatRotate(poses[i].Rot, [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[k])
			case k == 1: // turns with the first
				a = spatial.QuatRotate(spatial.AxisAngle(b.Axes[b.NT], q[b.Q+b.NT]), a)
				fallthrough
			default:
				a = spatial.QuatRotate(joint.Rot, a)
			}
			f(b.V+b.NT+k, r3.Cross(a, arm), a)
		}
	}
}

func checkFrame(m *sim.Model, x sim.State, f sim.Frame) error {
	if err := hasFrame(m, f); err != nil {
		return err
	}
	return m.CheckState(x)
}

func hasFrame(m *sim.Model, f sim.Frame) error {
	if f.Body >= len(m.Engine().Bodies) {
		return fmt.Errorf("implicit: frame %q is on body %d, model %q has %d", f.Name, f.Body, m.Name(), len(m.Engine().Bodies))
	}
	return nil
}
