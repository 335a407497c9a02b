package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// setEffective fixes the effective masses that κ is measured in, in the neutral configuration q with the given poses. A
// multiplier should push as hard as what its row moves weighs: the weight of the whole mechanism makes a light finger on
// a heavy robot soft at any sensible κ. A collider counts at its center, not contact by contact, so that no unit depends on
// which features touch. Mimics are left out: with them a joint moves more, which only makes it harder.
func (m *Model) setEffective(poses []spatial.Pose) {
	sys := articulated.New(m.articulation())
	wanted := make([]bool, len(m.Bodies))
	rest := spatial.NewMotion(spatial.Vec{}, spatial.Vec{})
	axes := make([]spatial.Vec, m.NV)
	at := make([][2]float64, len(m.Loops)) // what a force on each side moves, the reciprocal
	for t := range m.Trees {
		tr := &m.Trees[t]
		o := poses[tr.First].Pos
		for i := tr.First; i < tr.Last; i++ {
			b := &m.Bodies[i]
			var rot, frame spatial.Mat3
			rot.Set(poses[i].Rot)
			frame.Set(b.frame(poses).Rot)
			var j spatial.Sym3
			j.Conjugate(&rot, &b.Inertia)
			com := spatial.Sub(poses[i].Apply(b.COM), o)
			spatial.MomentumJac(&sys.A[i], &rest, &j, &com, &spatial.Vec{}, b.Mass, 2)
			ax := axes[b.V : b.V+b.NV()]
			b.neutralAxes(ax, &frame, &rot)
			for k := range ax {
				sys.Screw2[b.V+k] = screw(ax[k], spatial.Sub(poses[i].Pos, o), k < b.NT)
				sys.Screw3[b.V+k], sys.D[b.V+k] = sys.Screw2[b.V+k], m.Dofs[b.V+k].Armature
			}
			wanted[i] = true
		}
		ok := sys.Factor(tr.span())
		if ok {
			sys.Respond(tr.span(), wanted)
		}
		for i := tr.V0; i < tr.V1; i++ {
			d := &m.Dofs[i]
			b := &m.Bodies[d.Body]
			if d.Mass = tr.Mass; ok && sys.Bodies[d.Body].Base < 0 {
				d.Mass = 1 / sys.Self[i]
				if i >= b.V+b.NT {
					d.Mass /= tr.Length * tr.Length
				}
			}
		}
		for i := range m.Colliders {
			c := &m.Colliders[i]
			if c.Body < tr.First || c.Body >= tr.Last {
				continue
			}
			x := spatial.Sub(poses[c.Body].Apply(c.Pose.Pos), o)
			c.Mass = tr.Mass // also of a point that nothing moves
			if ok {
				if a := traceAt(&sys.Response[c.Body], x); a > 3/tr.Mass {
					c.Mass = 3 / a
				}
			}
		}
		for i := range m.Loops {
			l := &m.Loops[i]
			fa, fb := l.placed(poses)
			for side, b := range [2]int{l.A, l.B} {
				if b < tr.First || b >= tr.Last {
					continue
				}
				at[i][side] = 1 / tr.Mass
				if x := spatial.Sub([2]spatial.Pose{fa, fb}[side].Pos, o); ok {
					at[i][side] = max(at[i][side], traceAt(&sys.Response[b], x)/3)
				}
			}
		}
	}
	for i := range m.Loops {
		m.Loops[i].Mass = 1 / (at[i][0] + at[i][1])
	}
}

// traceAt returns the sum of what the point x answers to unit forces on it, in their directions, on a body with the response
// omega.
func traceAt(omega *spatial.Mat6, x spatial.Vec) (sum float64) {
	for _, e := range [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		w := spatial.Wrench{Force: e, Torque: spatial.Cross(x, e)}
		t := articulated.Answer(omega, &w)
		sum += t.Power(&w)
	}
	return sum
}

// frame returns the pose of the joint's frame, given those of all bodies.
func (b *Body) frame(poses []spatial.Pose) spatial.Pose {
	if b.Parent == World {
		return b.Origin
	}
	return poses[b.Parent].Mul(b.Origin)
}
