package sim_test

import (
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// part is a link of a dense mechanism and the joint that carries it.
type part struct {
	name   string
	parent int // −1 is the world
	origin sim.Pose
	trans  []r3.Vec // unit axes
	rot    []r3.Vec
	axes   []sim.Axis
	tau    []float64
	in     sim.Inertia
}

func (p *part) nv() int { return len(p.trans) + len(p.rot) }

func (p *part) nq() int {
	if len(p.rot) == 3 {
		return len(p.trans) + 4
	}
	return p.nv()
}

type mechanism struct {
	parts []part
	hits  []hit
	ties  []tie
	h     float64
	g     r3.Vec
}

// hit is a contact without friction of two balls on links, −1 the world, whose impulse times its gap after the step is c.
type hit struct {
	link   [2]int
	at     [2]r3.Vec // centers in the links
	radius float64   // of both together
	c      float64
}

// centers returns where both balls are.
func (c *hit) centers(z []sim.Pose) (x [2]r3.Vec) {
	for side, l := range c.link {
		if x[side] = c.at[side]; l >= 0 {
			x[side] = r3.Add(z[l].Pos, turn(z[l].Rot, c.at[side]))
		}
	}
	return x
}

func (c *hit) gap(z []sim.Pose) float64 {
	x := c.centers(z)
	return r3.Norm(r3.Sub(x[0], x[1])) - c.radius
}

func frameOf(parts []part, i int, poses []sim.Pose) sim.Pose {
	o := parts[i].origin
	if p := parts[i].parent; p >= 0 {
		return sim.Pose{Pos: r3.Add(poses[p].Pos, turn(poses[p].Rot, o.Pos)), Rot: quat.Mul(poses[p].Rot, o.Rot)}
	}
	return o
}

// forward places all links for joint coordinates q, one slice per joint.
func (m *mechanism) forward(q [][]float64) []sim.Pose {
	poses := make([]sim.Pose, len(m.parts))
	for i := range m.parts {
		p := &m.parts[i]
		f := frameOf(m.parts, i, poses)
		nt := len(p.trans)
		for k, a := range p.trans {
			f.Pos = r3.Add(f.Pos, r3.Scale(q[i][k], turn(f.Rot, a)))
		}
		if len(p.rot) == 3 {
			f.Rot = quat.Mul(f.Rot, quatOf(q[i][nt:]))
		} else {
			for k, a := range p.rot {
				f.Rot = quat.Mul(f.Rot, axisAngle(a, q[i][nt+k]))
			}
		}
		poses[i] = f
	}
	return poses
}

// back returns the coordinates one interval before: numbers change by −hv, balls turn by the rotation vector −hv.
func (m *mechanism) back(q, v [][]float64) [][]float64 {
	out := make([][]float64, len(q))
	for i := range m.parts {
		p, nt := &m.parts[i], len(m.parts[i].trans)
		out[i] = append([]float64(nil), q[i]...)
		for k := range p.trans {
			out[i][k] -= m.h * v[i][k]
		}
		if len(p.rot) == 3 {
			w := r3.Scale(-m.h, vecOf(v[i][nt:]))
			r := quat.Mul(quatOf(q[i][nt:]), quat.Exp(quat.Number{Imag: w.X / 2, Jmag: w.Y / 2, Kmag: w.Z / 2}))
			copy(out[i][nt:], []float64{r.Real, r.Imag, r.Jmag, r.Kmag})
			continue
		}
		for k := range p.rot {
			out[i][nt+k] -= m.h * v[i][nt+k]
		}
	}
	return out
}

// spin returns the momentum about the center of mass of the interval a→b in world axes, by the formula
// at its start (atEnd false) or at its end.
func spin(in sim.Inertia, a, b quat.Number, h float64, atEnd bool) r3.Vec {
	d := quat.Mul(quat.Conj(a), b)
	xi := r3.Vec{X: d.Imag / d.Real, Y: d.Jmag / d.Real, Z: d.Kmag / d.Real}
	// the angular velocity (2/h) g ξ and its derivatives by ξ
	x := r3.Dot(xi, xi)
	den := 945 + 1050*x + 225*x*x
	g := (945 + 735*x + 64*x*x) / den
	dg := (735+128*x)/den - g*(1050+450*x)/den
	w := r3.Scale(2/h*g, xi)
	y := r3.Vec{
		X: in.Ixx*w.X + in.Ixy*w.Y + in.Ixz*w.Z,
		Y: in.Ixy*w.X + in.Iyy*w.Y + in.Iyz*w.Z,
		Z: in.Ixz*w.X + in.Iyz*w.Y + in.Izz*w.Z,
	}
	z := r3.Add(r3.Scale(g, y), r3.Scale(2*dg*r3.Dot(xi, y), xi))
	c := r3.Cross(xi, z)
	frame := a
	if atEnd {
		c, frame = r3.Scale(-1, c), b
	}
	return turn(frame, r3.Add(r3.Add(z, c), r3.Scale(r3.Dot(xi, z), xi)))
}

// merge moves the mass of links on fixed joints to the links that carry them.
func (m *mechanism) merge() {
	for i := len(m.parts) - 1; i >= 0; i-- {
		p := &m.parts[i]
		if p.nv() > 0 || p.parent < 0 {
			continue
		}
		c := &m.parts[p.parent]
		com := r3.Add(p.origin.Pos, turn(p.origin.Rot, p.in.COM))
		mass := c.in.Mass + p.in.Mass
		center := r3.Scale(1/mass, r3.Add(r3.Scale(c.in.Mass, c.in.COM), r3.Scale(p.in.Mass, com)))
		var cols [3]r3.Vec // of the sum about the common center
		for k, e := range [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
			own := func(in sim.Inertia, w r3.Vec) r3.Vec {
				return r3.Vec{
					X: in.Ixx*w.X + in.Ixy*w.Y + in.Ixz*w.Z,
					Y: in.Ixy*w.X + in.Iyy*w.Y + in.Iyz*w.Z,
					Z: in.Ixz*w.X + in.Iyz*w.Y + in.Izz*w.Z,
				}
			}
			d1, d2 := r3.Sub(c.in.COM, center), r3.Sub(com, center)
			v := r3.Add(own(c.in, e), turn(p.origin.Rot, own(p.in, turn(quat.Conj(p.origin.Rot), e))))
			v = r3.Add(v, r3.Scale(c.in.Mass, r3.Cross(d1, r3.Cross(e, d1))))
			cols[k] = r3.Add(v, r3.Scale(p.in.Mass, r3.Cross(d2, r3.Cross(e, d2))))
		}
		c.in = sim.Inertia{Mass: mass, COM: center, Ixx: cols[0].X, Ixy: cols[0].Y, Ixz: cols[0].Z, Iyy: cols[1].Y, Iyz: cols[1].Z, Izz: cols[2].Z}
		p.in = sim.Inertia{}
	}
}

// complement returns an orthonormal basis of the orthogonal complement of the columns in Rⁿ.
func complement(cols [][]float64, n int) [][]float64 {
	basis := [][]float64{}
	add := func(v []float64) bool {
		w := append([]float64(nil), v...)
		for pass := 0; pass < 2; pass++ { // twice is enough for orthogonality to rounding
			for _, b := range basis {
				d := 0.0
				for i := range w {
					d += b[i] * w[i]
				}
				for i := range w {
					w[i] -= d * b[i]
				}
			}
		}
		l := 0.0
		for _, x := range w {
			l += x * x
		}
		if l = math.Sqrt(l); l < 0.1 && len(basis) >= len(cols) {
			return false
		}
		for i := range w {
			w[i] /= l
		}
		basis = append(basis, w)
		return true
	}
	for _, c := range cols {
		add(c)
	}
	for len(basis) < n {
		best := 0
		for best = 0; best < n; best++ {
			e := make([]float64, n)
			e[best] = 1
			if add(e) {
				break
			}
		}
		if best == n {
			panic("complement: no direction left")
		}
	}
	return basis[len(cols):]
}

func six(lin, ang r3.Vec) []float64 { return []float64{lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z} }

// motions returns the relative motions a joint leaves free as twists about the child's origin, world axes.
func (m *mechanism) motions(i int, poses []sim.Pose, q [][]float64) [][]float64 {
	p := &m.parts[i]
	f := frameOf(m.parts, i, poses)
	var s [][]float64
	for _, a := range p.trans {
		s = append(s, six(turn(f.Rot, a), r3.Vec{}))
	}
	r := f.Rot
	for k, a := range p.rot {
		if len(p.rot) == 3 {
			s = append(s, six(r3.Vec{}, turn(poses[i].Rot, [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[k])))
			continue
		}
		s = append(s, six(r3.Vec{}, turn(r, a)))
		r = quat.Mul(r, axisAngle(a, q[i][len(p.trans)+k]))
	}
	return s
}

// manifold returns the violation of a joint's constraints by the poses.
func (m *mechanism) manifold(i int, poses []sim.Pose) []float64 {
	p := &m.parts[i]
	f := frameOf(m.parts, i, poses)
	x := turn(quat.Conj(f.Rot), r3.Sub(poses[i].Pos, f.Pos))
	d := quat.Mul(quat.Conj(f.Rot), poses[i].Rot)
	dv := r3.Vec{X: d.Imag, Y: d.Jmag, Z: d.Kmag}
	var out []float64
	cols := [][]float64{}
	for _, a := range p.trans {
		cols = append(cols, []float64{a.X, a.Y, a.Z})
	}
	for _, n := range complement(cols, 3) {
		out = append(out, r3.Dot(vecOf(n), x))
	}
	switch len(p.rot) {
	case 0:
		out = append(out, dv.X, dv.Y, dv.Z)
	case 1:
		for _, n := range complement([][]float64{{p.rot[0].X, p.rot[0].Y, p.rot[0].Z}}, 3) {
			out = append(out, r3.Dot(vecOf(n), dv))
		}
	case 2: // the angle between both axes does not change
		out = append(out, r3.Dot(p.rot[0], turn(d, p.rot[1]))-r3.Dot(p.rot[0], p.rot[1]))
	}
	return out
}

// coordinates returns the scalar coordinates of a joint without a ball from the poses; angles near those of near.
func (m *mechanism) coordinates(i int, poses []sim.Pose, near []float64) []float64 {
	p := &m.parts[i]
	f := frameOf(m.parts, i, poses)
	x := turn(quat.Conj(f.Rot), r3.Sub(poses[i].Pos, f.Pos))
	q := make([]float64, p.nv())
	if nt := len(p.trans); nt > 0 { // least squares over the axes
		a := mat.NewDense(3, nt, nil)
		for k, t := range p.trans {
			a.SetCol(k, []float64{t.X, t.Y, t.Z})
		}
		var sol mat.VecDense
		if err := sol.SolveVec(a, mat.NewVecDense(3, []float64{x.X, x.Y, x.Z})); err != nil {
			panic(err)
		}
		for k := range p.trans {
			q[k] = sol.AtVec(k)
		}
	}
	r := quat.Mul(quat.Conj(f.Rot), poses[i].Rot)
	for k, a := range p.rot {
		at := len(p.trans) + k
		angle := 0.0
		if k+1 < len(p.rot) { // by what the first axis has turned the second
			b := p.rot[k+1]
			u := r3.Sub(b, r3.Scale(r3.Dot(b, a), a))
			w := turn(r, b)
			w = r3.Sub(w, r3.Scale(r3.Dot(w, a), a))
			angle = math.Atan2(r3.Dot(a, r3.Cross(u, w)), r3.Dot(u, w))
		} else {
			angle = 2 * math.Atan2(r3.Dot(a, r3.Vec{X: r.Imag, Y: r.Jmag, Z: r.Kmag}), r.Real)
		}
		r = quat.Mul(axisAngle(a, -angle), r)
		q[at] = near[at] + math.Remainder(angle-near[at], 2*math.Pi)
	}
	return q
}

// drive returns the impulse of spring, damper, armature and torque on every scalar dof of joint i.
func (m *mechanism) drive(i int, q1, q2, v1 []float64, poses []sim.Pose) []float64 {
	p := &m.parts[i]
	out := make([]float64, p.nv())
	if len(p.rot) == 3 {
		for k := range out {
			out[k] = m.h * p.tau[k]
		}
		return out
	}
	q3 := m.coordinates(i, poses, q2)
	for k := range out {
		a, v := p.axes[k], (q3[k]-q2[k])/m.h
		mid := (q3[k] + 2*q2[k] + q1[k]) / 4
		out[k] = m.h*(p.tau[k]-a.Damping*v-a.Stiffness*(mid-a.Rest)) - a.Armature*(v-v1[k])
	}
	return out
}
