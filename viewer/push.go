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
	mass   float64      // what hangs on the body (kg)
	size   float64      // how far it reaches (m)
}

type pushKind uint8

const (
	noPush pushKind = iota
	pull            // by the grip
	twist
)

// The stiffness of the springs per kilogram and per kg m² (1/s²), MuJoCo's: a pull by 0.2 m carries about
// twice the weight, and a twist overcomes the friction of what stands on the ground.
const pullStiffness, twistStiffness = 100.0, 500.0

// begin takes hold of a body at a world point.
func (p *push) begin(kind pushKind, m *sim.Model, body int, poses []sim.Pose, at r3.Vec) {
	*p = push{kind: kind, body: body, grip: poses[body].Inv().Apply(at), target: at, turn: poses[body].Rot}
	joints := m.Joints()
	hangs := make([]bool, len(joints))
	for i, j := range joints { // parents come before children
		hangs[i] = i == body || j.Parent >= 0 && hangs[j.Parent]
		if !hangs[i] {
			continue
		}
		in := m.BodyInertia(i)
		com := poses[i].Apply(in.COM)
		p.mass += in.Mass
		p.size += in.Mass * r3.Norm2(r3.Sub(com, poses[body].Pos))
		p.size += (in.Ixx + in.Iyy + in.Izz) / 2
	}
	p.size /= p.mass // squared radius of gyration
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
	k := pullStiffness
	if p.kind == twist {
		k = twistStiffness
	}
	// The damping is critical, but a damper treated explicitly is stable only while c h < 1, a spring while
	// k h² < 1; half and a quarter leave room.
	k = min(k, 0.25/(h*h))
	c := min(2*math.Sqrt(k), 0.5/h)
	turned := spatial.LogQuat(scene.Upright(quat.Mul(now.Rot, quat.Conj(before.Rot))))
	spin := spatial.Scale(1/h, turned)
	if p.kind == twist {
		left := spatial.LogQuat(scene.Upright(quat.Mul(p.turn, quat.Conj(now.Rot))))
		t := spatial.AddScaled(spatial.Scale(k, left), -c, spin)
		return sim.Wrench{Torque: spatial.Scale(p.mass*p.size, t)}
	}
	at, was := now.Apply(p.grip), before.Apply(p.grip)
	f := spatial.AddScaled(spatial.Scale(k, r3.Sub(p.target, at)), -c/h, r3.Sub(at, was))
	f = spatial.Scale(p.mass, f)
	return sim.Wrench{Force: f, Torque: spatial.Cross(r3.Sub(at, now.Apply(in.COM)), f)}
}
