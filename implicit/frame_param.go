package implicit

import (
	"errors"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// FrameParamJacobian returns the derivative of the pose of a frame by parameters at the configuration q, 6×len(params), rows as those of
// [FrameJacobian]. Only the placement of joints moves a frame at a given configuration; the columns of all other parameters are zero.
func FrameParamJacobian(m *sim.Model, q []float64, f sim.Frame, params []Param) (*mat.Dense, error) {
	err := checkFrame(m, sim.State{Q: q, V: make([]float64, m.NV())}, f)
	if err = errors.Join(err, checkParams(m, params)); err != nil {
		return nil, err
	}
	d := m.Engine()
	poses := make([]spatial.Pose, len(d.Bodies))
	d.Kinematics(poses, q)
	at := f.Pose.Pos
	carried := make([]bool, len(d.Bodies)) // bodies that carry the frame
	if f.Body >= 0 {
		at = poses[f.Body].Apply(at)
	}
	for i := f.Body; i >= 0; i = d.Bodies[i].Parent {
		carried[i] = true
	}
	dst := mat.NewDense(6, max(len(params), 1), nil)
	for j, p := range params {
		if p.p.Kind != dynamics.ParamOrigin || !carried[p.p.Index] {
			continue
		}
		b := &d.Bodies[p.p.Index]
		parent := spatial.Pose{Rot: spatial.Identity}
		if b.Parent != dynamics.World {
			parent = poses[b.Parent]
		}
		e := [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[p.p.Comp%3]
		lin, ang := spatial.QuatRotate(parent.Rot, e), r3.Vec{}
		if p.p.Comp >= 3 { // the component of a rotation vector, which turns the joint in its own axes by the right Jacobian
			var right spatial.Mat3
			spatial.RightJac(&right, spatial.LogQuat(b.Origin.Rot))
			joint := parent.Mul(b.Origin)
			ang = spatial.QuatRotate(joint.Rot, right.MulVec(e))
			lin = r3.Cross(ang, r3.Sub(at, joint.Pos))
		}
		for r, x := range [6]float64{lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z} {
			dst.Set(r, j, x)
		}
	}
	return dst, nil
}
