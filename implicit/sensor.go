package implicit

import (
	"fmt"
	"slices"

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

// FrameVelocity returns the velocity of a frame in world axes: after a step the mean over the interval that ends at state
// x, displacement (m/s) and rotation vector (rad/s) over its length; at an instant (H = 0) the velocity there.
func FrameVelocity(m *sim.Model, x sim.State, f sim.Frame) (linear, angular r3.Vec, err error) {
	if err := checkFrame(m, x, f); err != nil {
		return r3.Vec{}, r3.Vec{}, err
	}
	linear, angular = frameVelocity(m, x, f)
	return linear, angular, nil
}

func frameVelocity(m *sim.Model, x sim.State, f sim.Frame) (linear, angular r3.Vec) {
	if x.H == 0 {
		frameColumns(m.Engine(), x.Q, f, func(k int, lin, ang r3.Vec) {
			linear, angular = r3.Add(linear, r3.Scale(x.V[k], lin)), r3.Add(angular, r3.Scale(x.V[k], ang))
		})
		return linear, angular
	}
	before := make([]float64, m.NQ())
	m.Engine().Integrate(before, x.Q, x.V, -x.H)
	a, b := FramePose(m, before, f), FramePose(m, x.Q, f)
	return r3.Scale(1/x.H, r3.Sub(b.Pos, a.Pos)), r3.Scale(1/x.H, turned(a, b))
}

// turned returns the rotation vector from a to b, world axes.
func turned(a, b sim.Pose) r3.Vec {
	return spatial.LogQuat(spatial.Pose{Rot: b.Rot}.Mul(spatial.Pose{Rot: a.Inv().Rot}).Rot)
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
	if x.H == 0 {
		return instantVelocityJacobian(m, x, f)
	}
	d, nv, h := m.Engine(), m.NV(), x.H
	before := make([]float64, m.NQ())
	d.Integrate(before, x.Q, x.V, -h)
	turn := turned(FramePose(m, before, f), FramePose(m, x.Q, f))
	dst := mat.NewDense(6, 2*nv, nil)
	add := func(k int, s float64, lin, ang r3.Vec) {
		for r, y := range [6]float64{lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z} {
			dst.Set(r, k, dst.At(r, k)+s/h*y)
		}
	}
	frameColumns(d, x.Q, f, func(k int, lin, ang r3.Vec) {
		add(k, 1, lin, spatial.TurnRate(r3.Scale(-1, turn), ang)) // a rotation on the left
	})
	past := make([][2]r3.Vec, nv) // the columns of the pose at the start of the interval
	frameColumns(d, before, f, func(k int, lin, ang r3.Vec) {
		past[k] = [2]r3.Vec{lin, spatial.TurnRate(turn, ang)}
	})
	for k := range nv {
		if !d.Ball(k) {
			add(k, -1, past[k][0], past[k][1])
			add(nv+k, h, past[k][0], past[k][1])
			continue
		}
		if k > 0 && d.Ball(k-1) && d.Dofs[k-1].Body == d.Dofs[k].Body {
			continue // the first one does all three
		}
		// Q₁ = Q exp(−hv): θ₁ = Rot(hv) θ − h J(−hv) dv, in the axes of the child, J the right Jacobian
		v := r3.Scale(h, r3.Vec{X: x.V[k], Y: x.V[k+1], Z: x.V[k+2]})
		var byQ, byV spatial.Mat3
		byQ.Set(spatial.RotationVector(v))
		spatial.RightJac(&byV, r3.Scale(-1, v))
		for j := range 3 {
			for c := range 3 {
				add(k+j, -byQ[3*c+j], past[k+c][0], past[k+c][1])
				add(nv+k+j, h*byV[3*c+j], past[k+c][0], past[k+c][1])
			}
		}
	}
	return dst
}

// instantVelocityJacobian is frameVelocityJacobian at an instant. A coordinate with the screw s carries along the frame and
// all motions below it, but not the twist of what is above, so the twist t of the frame's body changes by s × (t − above).
func instantVelocityJacobian(m *sim.Model, x sim.State, f sim.Frame) *mat.Dense {
	d, nv := m.Engine(), m.NV()
	dst := mat.NewDense(6, 2*nv, nil)
	set := func(k int, lin, ang r3.Vec) {
		for r, y := range [6]float64{lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z} {
			dst.Set(r, k, y)
		}
	}
	var dofs []int
	screws := map[int]spatial.Twist{}
	frameColumns(d, x.Q, f, func(k int, lin, ang r3.Vec) { // twists about the frame's origin
		set(nv+k, lin, ang)
		dofs = append(dofs, k)
		screws[k] = spatial.Twist{Lin: lin, Ang: ang}
	})
	slices.Sort(dofs) // parents first
	var t, above spatial.Twist
	add := func(t *spatial.Twist, k int) {
		s := screws[k]
		t.Lin, t.Ang = spatial.AddScaled(t.Lin, x.V[k], s.Lin), spatial.AddScaled(t.Ang, x.V[k], s.Ang)
	}
	for _, k := range dofs {
		add(&t, k)
	}
	for i, k := range dofs {
		s := screws[k]
		rest := spatial.Twist{Lin: spatial.Sub(t.Lin, above.Lin), Ang: spatial.Sub(t.Ang, above.Ang)}
		dt := s.Cross(&rest)
		// the point that carries the frame's origin moves by s.Lin, where the velocity is that of the twist
		set(k, spatial.Add(dt.Lin, spatial.Cross(t.Ang, s.Lin)), dt.Ang)
		if last := i+1 == len(dofs) || !d.Ball(k) || !d.Ball(dofs[i+1]) || d.Dofs[dofs[i+1]].Body != d.Dofs[k].Body; last {
			for j := i; j >= 0 && (j == i || d.Ball(k) && d.Ball(dofs[j]) && d.Dofs[dofs[j]].Body == d.Dofs[k].Body); j-- {
				add(&above, dofs[j])
			}
		}
	}
	return dst
}

// frameColumns calls f with the motion (of the frame's origin; rotation, both in world axes) per unit tangent
// of every coordinate that moves the frame.
func frameColumns(d *dynamics.Model, q []float64, frame sim.Frame, f func(k int, lin, ang r3.Vec)) {
	poses := make([]spatial.Pose, len(d.Bodies))
	d.Kinematics(poses, q)
	at := frame.Pose.Pos
	if frame.Body >= 0 {
		at = poses[frame.Body].Apply(at)
	}
	axes := make([]spatial.Vec, d.NV)
	d.Axes(axes, poses)
	for i := frame.Body; i >= 0; i = d.Bodies[i].Parent {
		b := &d.Bodies[i]
		for k := b.V; k < b.V+b.NV(); k++ {
			t := d.Screw(i, k, axes, poses, at)
			f(k, t.Lin, t.Ang)
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
