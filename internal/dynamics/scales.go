package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// SetScales fixes the reference inertia and natural speed of every dof and the mass and length of every
// tree from the neutral configuration. It reports the first dof that moves no inertia, or −1.
func (m *Model) SetScales() int {
	q := make([]float64, m.NQ)
	m.Neutral(q)
	poses := make([]spatial.Pose, len(m.Bodies))
	m.Kinematics(poses, q)

	m.GravityRef = spatial.Norm(m.Gravity)
	if m.GravityRef == 0 {
		m.GravityRef = 9.81
	}
	type composite struct {
		m float64
		c spatial.Vec  // first moment about the tree's origin
		i spatial.Sym3 // about the tree's origin
	}
	comp := make([]composite, len(m.Bodies))
	bad := -1
	for t := range m.Trees {
		tr := &m.Trees[t]
		o := poses[tr.First].Pos
		for i := tr.Last - 1; i >= tr.First; i-- {
			b, c := &m.Bodies[i], &comp[i]
			var rot spatial.Mat3
			rot.Set(poses[i].Rot)
			var j spatial.Sym3
			j.Conjugate(&rot, &b.Inertia)
			r := spatial.Sub(poses[i].Apply(b.COM), o)
			c.m += b.Mass
			c.c = spatial.AddScaled(c.c, b.Mass, r)
			c.i = c.i.Add(j).Add(spatial.PointInertia(b.Mass, r))
			if p := b.Parent; p != World {
				comp[p].m += c.m
				comp[p].c = spatial.Add(comp[p].c, c.c)
				comp[p].i = comp[p].i.Add(c.i)
			}
		}
		var all composite
		for i := tr.First; i < tr.Last; i++ {
			if m.Bodies[i].Parent == World {
				all.m += comp[i].m
				all.c = spatial.Add(all.c, comp[i].c)
				all.i = all.i.Add(comp[i].i)
			}
		}
		tr.Mass = all.m
		tr.Length = math.Sqrt(math.Max(0, (all.i.XX+all.i.YY+all.i.ZZ)/2-spatial.Dot(all.c, all.c)/all.m) / all.m)
		for i := tr.First; i < tr.Last; i++ {
			b, c := &m.Bodies[i], &comp[i]
			frame := b.frame(poses)
			for k := 0; k < b.NV(); k++ {
				d := &m.Dofs[b.V+k]
				if k < b.NT {
					d.Scale = c.m + d.Armature
					d.Speed = math.Sqrt(m.GravityRef * tr.Length)
				} else {
					a := spatial.QuatRotate(frame.Rot, b.Axes[k])
					if b.NR == 3 {
						a = spatial.QuatRotate(poses[i].Rot, b.Axes[k])
					}
					x := spatial.Sub(poses[i].Pos, o)
					// moment about the axis through x: aᵀ(I_O)a moved by the parallel-axis rule
					u := spatial.Cross(a, x)
					io := c.i.MulVec(a)
					d.Scale = spatial.Dot(a, io) - 2*spatial.Dot(u, spatial.Cross(a, c.c)) + c.m*spatial.Dot(u, u) + d.Armature
					d.Speed = math.Sqrt(m.GravityRef / tr.Length)
				}
				if !(d.Scale > 1e-12*tr.Mass*tr.Length*tr.Length*boolTo(k >= b.NT, 1, 0)) && bad < 0 {
					bad = b.V + k
				}
			}
		}
	}
	m.setEffective(poses)
	return bad
}

func boolTo(c bool, a, b float64) float64 {
	if c {
		return a
	}
	return b
}
