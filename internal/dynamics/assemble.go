package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/mat"
)

// Assembly says how Assemble ended.
type Assembly struct {
	Closed      bool
	Loop, Mimic int       // what is left farthest, the other −1
	Left        float64   // how far, in sizes of the mechanism or radians
	Other, Dof  int       // another loop that is left open, and a limit that keeps it so; −1
	Q           []float64 // where it ended
}

const (
	// assembled is what may be left of a closure, in sizes of the mechanism or radians: a step begins closed from there.
	assembled = 1e-13
	// closed is what counts as closed.
	closed = 1e-10
	// assemblies bounds the iterations. Where a loop closes at all, ten or so do.
	assemblies = 200
	// shortest is the step, as part of the direction, that is given up.
	shortest = 1e-6
)

// Assemble moves q to where all loops are closed, all mimics obeyed and all limits kept: Levenberg–Marquardt, damped by the square of
// what is left (Yamashita, Fukushima, "On the rate of convergence of the Levenberg–Marquardt method", 2001), which converges
// quadratically also where closures say the same twice. Joints at a limit that a step would leave stay there.
func (m *Model) Assemble(q []float64) Assembly {
	a := newAssembler(m)
	a.keep(q)
	norm := a.measure(q)
	for range assemblies {
		if a.worst <= assembled || math.IsNaN(norm) {
			break
		}
		last := norm
		if norm = a.improve(q, norm); !(norm < last) {
			break
		}
	}
	return a.end(q)
}

// assembler is the scratch memory of Assemble.
type assembler struct {
	m     *Model
	s     *Stepper
	v     []float64 // zeros
	r     []float64 // what is left of all equations, in sizes of the mechanism or radians
	j     *mat.Dense
	width []float64 // how far each dof moves things per unit, in the same sizes
	fixed []bool    // at a limit
	worst float64
	next  []float64
	step  []float64
}

func newAssembler(m *Model) *assembler {
	s := NewStepper(m)
	n := 3*len(s.closures) + len(m.Mimics)
	a := &assembler{m: m, s: s, v: make([]float64, m.NV), r: make([]float64, n), width: make([]float64, m.NV), fixed: make([]bool, m.NV), next: make([]float64, m.NQ), step: make([]float64, m.NV)}
	if n > 0 {
		a.j = mat.NewDense(n, m.NV, nil)
	}
	for i := range m.Dofs {
		if a.width[i] = 1; !s.angular(i) {
			a.width[i] = m.Trees[m.Bodies[m.Dofs[i].Body].Tree].Length
		}
	}
	return a
}

// measure stores what is left at q, and returns its norm.
func (a *assembler) measure(q []float64) float64 {
	s, m := a.s, a.m
	s.Load(q, a.v, make([]float64, m.NU), m.Timestep, 0)
	s.close()
	a.worst = 0
	sum := 0.0
	for i := range s.closures {
		c := &s.closures[i]
		u := spatial.Scale(1/s.sizeOf(c), c.start)
		a.worst = max(a.worst, spatial.Norm(u))
		putVec(a.r[3*i:], u)
	}
	for i := range m.Mimics {
		c := &m.Mimics[i]
		e := c.left(s.coordinate(c.Dof, 0, 0), s.coordinate(c.Of, 0, 0)) / a.width[c.Dof]
		a.worst = max(a.worst, math.Abs(e))
		a.r[3*len(s.closures)+i] = e
	}
	for _, x := range a.r {
		sum += x * x
	}
	return math.Sqrt(sum)
}

// improve moves q and returns the new norm; q stays where no step along the direction makes it less.
func (a *assembler) improve(q []float64, norm float64) float64 {
	a.slopes()
	clear(a.fixed)
	for a.direction(norm) && a.pinned(q) {
	}
	for t := 1.0; t > shortest; t /= 2 {
		d := make([]float64, len(a.step))
		for i, x := range a.step {
			d[i] = t * x
		}
		a.m.Displace(a.next, q, d)
		a.keep(a.next)
		if n := a.measure(a.next); n < norm {
			copy(q, a.next)
			return n
		}
	}
	a.measure(q)
	return norm
}

// slopes stores the derivatives of r, per width of each dof.
func (a *assembler) slopes() {
	s, m := a.s, a.m
	a.j.Zero()
	for i := range s.closures {
		c := &s.closures[i]
		size := s.sizeOf(c)
		c.gradients(m, &c.ga, &c.gb, &still, &still)
		for side, b := range [2]int{c.a, c.b} {
			g := [2]*[3]spatial.Wrench{&c.ga, &c.gb}[side]
			for ; b != World; b = m.Bodies[b].Parent {
				for k := m.Bodies[b].V; k < m.Bodies[b].V+m.Bodies[b].NV(); k++ {
					u := powers(g, &s.tree.Screw2[k])
					for r, x := range [3]float64{u.X, u.Y, u.Z} {
						a.j.Set(3*i+r, k, a.j.At(3*i+r, k)+x*a.width[k]/size)
					}
				}
			}
		}
	}
	for i := range m.Mimics {
		c := &m.Mimics[i]
		r := 3*len(s.closures) + i
		a.j.Set(r, c.Dof, 1)
		a.j.Set(r, c.Of, -s.slope2(c)*a.width[c.Of]/a.width[c.Dof])
	}
}

// direction stores −Jᵀ(JJᵀ + μ)⁻¹ r over the dofs that are not fixed.
func (a *assembler) direction(norm float64) bool {
	n, nv := a.j.Dims()
	free := mat.DenseCopyOf(a.j)
	for k, f := range a.fixed {
		for r := 0; f && r < n; r++ {
			free.Set(r, k, 0)
		}
	}
	var jj, y mat.Dense
	jj.Mul(free, free.T())
	mu := norm*norm + 1e-14
	for r := range n {
		jj.Set(r, r, jj.At(r, r)+mu)
	}
	if err := y.Solve(&jj, mat.NewVecDense(n, a.r)); err != nil {
		if _, poor := err.(mat.Condition); !poor {
			return false
		}
	}
	for k := range nv {
		a.step[k] = 0
		for r := range n {
			a.step[k] -= free.At(r, k) * y.At(r, 0) * a.width[k]
		}
	}
	return true
}

// pinned fixes the scalar dofs at a limit that the direction would leave, and reports whether there were any.
func (a *assembler) pinned(q []float64) (some bool) {
	for i := range a.m.Dofs {
		d := &a.m.Dofs[i]
		if a.m.Ball(i) || a.fixed[i] {
			continue
		}
		x := q[a.m.QIndex[i]]
		if x <= d.Lower && a.step[i] < 0 || x >= d.Upper && a.step[i] > 0 {
			a.fixed[i], some = true, true
		}
	}
	return some
}

// keep moves q into the limits.
func (a *assembler) keep(q []float64) {
	for i := range a.m.Dofs {
		d := &a.m.Dofs[i]
		at := a.m.QIndex[i]
		b := &a.m.Bodies[d.Body]
		switch {
		case !a.m.Ball(i):
			q[at] = min(max(q[at], d.Lower), d.Upper)
		case i == b.V+b.NT && !math.IsInf(d.Upper, 1):
			v := spatial.LogQuat(getQuat(q[at:]))
			if n := spatial.Norm(v); n > d.Upper {
				putQuat(q[at:], spatial.RotationVector(spatial.Scale(d.Upper/n, v)))
			}
		}
	}
}

// end measures what was reached. A hinge whose axes point against each other is not closed.
func (a *assembler) end(q []float64) Assembly {
	a.measure(q)
	e := Assembly{Closed: a.worst <= closed, Left: a.worst, Loop: -1, Mimic: -1, Other: -1, Dof: -1, Q: q}
	most := -1.0
	for i := range a.s.closures {
		c := &a.s.closures[i]
		u := spatial.Norm(c.start) / a.s.sizeOf(c)
		if c.flipped(a.m) {
			u, e.Closed = 2, false
		}
		if u > most {
			most, e.Loop, e.Mimic = u, c.loop, -1
		}
	}
	for i := range a.m.Mimics {
		if u := math.Abs(a.r[3*len(a.s.closures)+i]); u > most {
			most, e.Loop, e.Mimic = u, -1, i
		}
	}
	if !e.Closed {
		a.blame(q, &e)
	}
	return e
}

// blame finds what else keeps open what is left farthest: another loop that is left by a tenth of that, or the limit
// against which closing pushes hardest.
func (a *assembler) blame(q []float64, e *Assembly) {
	for i := range a.s.closures {
		if c := &a.s.closures[i]; c.loop != e.Loop && spatial.Norm(c.start)/a.s.sizeOf(c) > a.worst/10 {
			e.Other = c.loop
		}
	}
	a.slopes()
	most := 1e-3 * a.worst
	for i := range a.m.Dofs {
		d, push := &a.m.Dofs[i], 0.0
		if a.m.Ball(i) {
			continue
		}
		for r, x := range a.r {
			push -= a.j.At(r, i) * x
		}
		x := q[a.m.QIndex[i]]
		if math.Abs(push) > most && (x <= d.Lower && push < 0 || x >= d.Upper && push > 0) {
			most, e.Dof = math.Abs(push), i
		}
	}
}

// nudges is from how many places near the start a loop is tried to be closed: bars that lie on one line are closed by
// no motion to the first order.
const nudges = 4

// torn reports whether the step begins with a loop open that no motion from there closes to that far, within the limits
// of joints, and keeps what assembling left. One that is farther open than it has to be, by more than what two steps
// close, goes on first, unless that much is left from wherever it is tried.
func (p *problem) torn(far float64) bool {
	s, open, start, speed := p.s, false, 0.0, 0.0
	for k := p.shut; k < len(p.rows); k++ {
		c := s.closureOf(&p.rows[k])
		open = open || c.open
		if u := spatial.Norm(c.start) / s.sizeOf(c); u > start {
			start, speed = u, s.closeSpeed(c)/s.sizeOf(c)
		}
	}
	if !open {
		return false
	}
	p.unclosed = s.m.Assemble(slices.Clone(s.q))
	most := p.unclosed.Left
	for n := 1; n <= nudges && !p.unclosed.Closed; n++ {
		q, d := slices.Clone(s.q), make([]float64, s.m.NV)
		for i := range d {
			d[i] = 0.1 * math.Sin(float64(n*(2*i+3))) // as good as any
			if !s.angular(i) {
				d[i] *= s.m.Trees[s.m.Bodies[s.m.Dofs[i].Body].Tree].Length
			}
		}
		s.m.Displace(q, s.q, d)
		other := s.m.Assemble(q)
		most = max(most, other.Left)
		if other.Left < p.unclosed.Left {
			p.unclosed = other
		}
	}
	u := &p.unclosed
	return !u.Closed && u.Left > far && (most < 1.001*u.Left || start < u.Left+2*s.h*speed) && u.Loop >= 0 && p.holds(u.Loop)
}

// holds reports whether the loop is one of the island.
func (p *problem) holds(loop int) bool {
	return slices.ContainsFunc(p.rows[p.shut:], func(r row) bool { return p.s.closureOf(&r).loop == loop })
}

// flipped reports whether the axes of a hinge point against each other.
func (c *closure) flipped(m *Model) bool {
	return c.turn && m.Loops[c.loop].Kind == LoopHinge && spatial.Dot(c.axis, spatial.Cross(c.across[0], c.across[1])) < 0
}

// Flipped returns the first loop of the loaded state whose axes point against each other, where both its ends and its
// equations are met but for that; −1 if there is none.
func (s *Stepper) Flipped() int {
	for i := range s.closures {
		if c := &s.closures[i]; c.turn {
			if c.place(s); c.flipped(s.m) {
				return c.loop
			}
		}
	}
	return -1
}

// LoopGap returns how far loop i is from closed when the bodies are at these poses: the distance of the points (m), and the angle between
// the axes of a hinge or the frames of a weld.
func (m *Model) LoopGap(i int, poses []spatial.Pose) (distance, angle float64) {
	l := &m.Loops[i]
	a, b := l.placed(poses)
	distance = spatial.Norm(spatial.Sub(a.Pos, b.Pos))
	switch l.Kind {
	case LoopHinge:
		za, zb := spatial.QuatRotate(a.Rot, spatial.Vec{Z: 1}), spatial.QuatRotate(b.Rot, spatial.Vec{Z: 1})
		angle = math.Atan2(spatial.Norm(spatial.Cross(za, zb)), spatial.Dot(za, zb))
	case LoopWeld:
		r := b.Inv().Mul(a).Rot
		angle = 2 * math.Atan2(spatial.Norm(axial(r)), math.Abs(r.Real))
	}
	return distance, angle
}
