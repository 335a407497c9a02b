package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// What a mechanism is in one configuration, whatever it does there.

// Axes stores the axes of all degrees of freedom in world axes when the bodies are at these poses: where a translation goes, about what a
// rotation turns, that of a spherical one about the axes of its body.
func (m *Model) Axes(dst []spatial.Vec, poses []spatial.Pose) {
	for i := range m.Bodies {
		b := &m.Bodies[i]
		parent, rot := unturned, spatial.Mat3{}
		if b.Parent != World {
			parent.Set(poses[b.Parent].Rot)
		}
		rot.Set(poses[i].Rot)
		b.axes(dst[b.V:b.V+b.NV()], &parent, &rot)
	}
}

var unturned = spatial.Mat3{1, 0, 0, 0, 1, 0, 0, 0, 1}

// Screw returns the twist of body i and of all that hangs on it, about the point o, per unit of its degree of freedom j.
func (m *Model) Screw(i, j int, axes []spatial.Vec, poses []spatial.Pose, o spatial.Vec) spatial.Twist {
	b := &m.Bodies[i]
	return screw(axes[j], spatial.Sub(poses[i].Pos, o), j < b.V+b.NT)
}

// MassMatrix stores the mass matrix (NV×NV, row-major), armature included, mimics and loops left out: the composite rigid body algorithm
// (Walker, Orin, "Efficient dynamic computer simulation of robotic mechanisms", 1982; Featherstone, "Rigid Body Dynamics Algorithms",
// 2008, section 6.2). The last argument is scratch, one per body.
func (m *Model) MassMatrix(dst []float64, axes []spatial.Vec, poses []spatial.Pose, whole []spatial.Mat6) {
	n := m.NV
	clear(dst[:n*n])
	rest := spatial.NewMotion(spatial.Vec{}, spatial.Vec{})
	for i := range m.Bodies {
		b := &m.Bodies[i]
		var rot spatial.Mat3
		rot.Set(poses[i].Rot)
		var inertia spatial.Sym3
		inertia.Conjugate(&rot, &b.Inertia)
		com := spatial.Sub(poses[i].Apply(b.COM), poses[m.Trees[b.Tree].First].Pos)
		spatial.MomentumJac(&whole[i], &rest, &inertia, &com, &spatial.Vec{}, b.Mass, 2)
	}
	for i := len(m.Bodies) - 1; i >= 0; i-- {
		b := &m.Bodies[i]
		o := poses[m.Trees[b.Tree].First].Pos
		for j := b.V; j < b.V+b.NV(); j++ {
			s := m.Screw(i, j, axes, poses, o)
			var p spatial.Wrench // momentum per unit velocity
			whole[i].MulTwist(&p, &s)
			for k := i; k != World; k = m.Bodies[k].Parent {
				c := &m.Bodies[k]
				for l := c.V; l < c.V+c.NV(); l++ {
					t := m.Screw(k, l, axes, poses, o)
					dst[j*n+l] = t.Power(&p)
					dst[l*n+j] = dst[j*n+l]
				}
			}
			dst[j*n+j] += m.Dofs[j].Armature
		}
		if b.Parent != World {
			whole[b.Parent].Add(&whole[i])
		}
	}
}
