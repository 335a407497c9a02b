package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// push is a spring between the pointer and the selected body, with a damper so that it does not ring.
type push struct {
	kind   pushKind
	body   int
	grip   r3.Vec       // where the body is held, body axes
	target r3.Vec       // where the grip should go, world
	turn   spatial.Quat // how the body should be turned, world
	all    float64      // mass of the whole mechanism (kg)
	hangs  float64      // inertia of the body and what hangs on it (kg m²)
}

type pushKind uint8

const (
	noPush pushKind = iota
	pull            // by the grip
	twist
)

// The stiffness of the springs per kilogram and per kg m² (1/s²), MuJoCo's: a pull by 0.2 m carries about
// twice the weight of the robot, and a twist overcomes the friction of what stands on the ground.
const pullStiffness, twistStiffness = 100.0, 500.0

// begin takes hold of a body at a world point.
func (p *push) begin(kind pushKind, m *sim.Model, body int, poses []sim.Pose, at r3.Vec) {
	*p = push{kind: kind, body: body, grip: poses[body].Inv().Apply(at), target: at, turn: poses[body].Rot}
	joints := m.Joints()
	root, hangs := make([]int, len(joints)), make([]bool, len(joints))
	for i, j := range joints { // parents come before children
		root[i], hangs[i] = i, i == body
		if j.Parent >= 0 {
			root[i], hangs[i] = root[j.Parent], hangs[i] || hangs[j.Parent]
		}
	}
	for i := range joints {
		in := m.BodyInertia(i)
		if root[i] == root[body] {
			p.all += in.Mass
		}
		if hangs[i] {
			p.hangs += in.Mass*r3.Norm2(r3.Sub(poses[i].Apply(in.COM), poses[body].Pos)) + (in.Ixx+in.Iyy+in.Izz)/2
		}
	}
}

// drag moves the target by pixels of a picture of the given height, in the plane of the picture.
func (p *push) drag(dx, dy, height float64, v *scene.View) {
	if p.kind == twist {
		s := math.Pi / height
		r := quat.Mul(spatial.RotationVector(spatial.Scale(s*dx, v.Up)), spatial.RotationVector(spatial.Scale(s*dy, v.Right)))
		p.turn = scene.Upright(quat.Mul(r, p.turn))
		return
	}
	depth := r3.Dot(r3.Sub(p.target, v.Eye), v.Forward)
	s := 2 * v.TanHalf * depth / height
	p.target = spatial.AddScaled(p.target, s*dx, v.Right)
	p.target = spatial.AddScaled(p.target, -s*dy, v.Up)
}

// wrench returns force and torque about the body's center of mass, from its pose now and h seconds before.
func (p *push) wrench(in *sim.Inertia, now, before sim.Pose, h float64) sim.Wrench {
	if p.kind == noPush {
		return sim.Wrench{}
	}
	turned := spatial.LogQuat(scene.Upright(quat.Mul(now.Rot, quat.Conj(before.Rot))))
	spin := spatial.Scale(1/h, turned)
	if p.kind == twist {
		k, c := springs(twistStiffness*p.hangs, min(in.Ixx, in.Iyy, in.Izz), h)
		left := spatial.LogQuat(scene.Upright(quat.Mul(p.turn, quat.Conj(now.Rot))))
		return sim.Wrench{Torque: spatial.AddScaled(spatial.Scale(k, left), -c, spin)}
	}
	k, c := springs(pullStiffness*p.all, in.Mass, h)
	at, was := now.Apply(p.grip), before.Apply(p.grip)
	f := spatial.AddScaled(spatial.Scale(k, r3.Sub(p.target, at)), -c/h, r3.Sub(at, was))
	return sim.Wrench{Force: f, Torque: spatial.Cross(r3.Sub(at, now.Apply(in.COM)), f)}
}

// springs returns the wanted spring and its damper, as far as a step h allows: forces computed at the start
// of a step are stable only while c h and k h² are below the inertia that feels them. That is the body's
// own, whatever hangs on it by joints that turn freely, or a quarter of it at the end of a rod.
func springs(want, own, h float64) (k, c float64) {
	k = min(want, 0.1*own/(h*h))
	return k, min(2*math.Sqrt(k*own), 0.25*own/h)
}
