package urdf

import (
	"cmp"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// piece is a link that moves, with all that is fixed to it; the first one is the root's.
type piece struct {
	link     *link
	links    []*link
	mass     float64
	above    float64 // mass of the piece and of all that hangs on it
	parent   *piece  // nil for the root
	children []*piece
	moves    bool
	frame    sim.Pose // of the link in the root's frame, at the start
	in       []screw  // motions of the joint that carries it, there
	damped   bool     // whether that joint resists without mass
	poses    []sim.Pose
}

// screw is a motion: angular velocity and the velocity of the point at the origin.
type screw struct{ ang, lin r3.Vec }

// pieces returns the pieces of the tree, parents before children.
func (r *reader) pieces() []*piece {
	root := &piece{link: r.root(), frame: sim.IdentityPose}
	if r.base == FloatingBase {
		root.moves = true
		root.in, _ = r.screws(&joint{typ: sim.Free()}, root.frame)
	}
	all := []*piece{root}
	for k := 0; k < len(all); k++ {
		p := all[k]
		type placed struct {
			l    *link
			pose sim.Pose
		}
		stack := []placed{{p.link, p.frame}}
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			p.links, p.poses = append(p.links, at.l), append(p.poses, at.pose)
			p.mass += at.l.inertia.Mass
			for _, j := range at.l.children {
				pose := at.pose.Mul(j.origin)
				if j.kind == "fixed" {
					stack = append(stack, placed{j.child, pose})
					continue
				}
				c := &piece{link: j.child, parent: p, moves: true}
				c.in, c.frame = r.screws(j, pose)
				c.damped = len(j.axes) > 0 && j.axes[0].Damping > 0
				p.children = append(p.children, c)
				all = append(all, c)
			}
		}
	}
	return all
}

// screws returns the motions of a joint whose frame has the given pose, and the pose of its child, at the start.
func (r *reader) screws(j *joint, pose sim.Pose) ([]screw, sim.Pose) {
	var out []screw
	for _, a := range j.typ.Trans {
		out = append(out, screw{lin: r3.Rotation(pose.Rot).Rotate(a)})
	}
	for _, a := range j.typ.Rot {
		ang := r3.Rotation(pose.Rot).Rotate(a)
		out = append(out, screw{ang: ang, lin: r3.Cross(pose.Pos, ang)})
	}
	if j.typ.NV() != 1 {
		return out, pose
	}
	q := r.start(j)
	if len(j.typ.Trans) == 1 {
		pose.Pos = r3.Add(pose.Pos, r3.Scale(q, out[0].lin))
	} else {
		pose.Rot = quat.Mul(pose.Rot, quat.Number(r3.NewRotation(q, j.typ.Rot[0])))
	}
	return out, pose
}

// start returns where a joint with one free motion starts: at zero, or in the middle of limits that exclude it.
func (r *reader) start(j *joint) float64 {
	if m := j.mimic; m != nil {
		if lead := r.joint[m.Joint]; lead != nil && lead.mimic == nil && lead.typ.NV() == 1 {
			return m.Ratio*r.start(lead) + m.Offset
		}
		return 0
	}
	switch s := span(j); {
	case s[0] <= 0 && s[1] >= 0:
		return 0
	case math.IsInf(s[1], 1):
		return s[0]
	case math.IsInf(s[0], -1):
		return s[1]
	default:
		return (s[0] + s[1]) / 2
	}
}

// hollow reports whether p moves without mass of its own and carries mass.
func (p *piece) hollow() bool { return p != nil && p.moves && p.mass == 0 && p.above > 0 }

// heaviest returns p, or what carries the most of the mass on it where it has none.
func (p *piece) heaviest() *piece {
	for p.mass == 0 && len(p.children) > 0 {
		p = slices.MaxFunc(p.children, func(a, b *piece) int { return cmp.Compare(a.above, b.above) })
	}
	return p
}
