package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
	"gonum.org/v1/gonum/num/quat"
)

// Closures of loops: u = 0 at knot 3, λ free. A loop has a row for the point,
//
//	u = x_A − x_B,
//
// and one for the directions if it holds some,
//
//	hinge  u = (a·b₁, a·b₂)            a the axis on A, b₁, b₂ across that on B
//	weld   u = 2 sgn(e₀) e             (e₀, e) the quaternion Q_A Q_B⁻¹
//
// all in world axes. The impulse on A is λ along the gradients of knot 2, at the middle of both points, and B feels its
// opposite there: no momentum is lost, also where the loop is not closed. (With that the variational integrator is SHAKE: Ryckaert,
// Ciccotti, Berendsen, J. Comput. Phys. 23, 1977.) The value is that of knot 3 itself, so no error adds up from step to step.

// closure is one row of a loop in the step at hand, about the reference point O of A's tree, from which that of B's is at off.
type closure struct {
	loop   int
	turn   bool // the row of the directions
	off    spatial.Vec
	a, b   int               // bodies; b may be World
	near   int               // which of the island's couplings it is, −1 when B is the world
	na, nb [3]spatial.Wrench // unit impulses on A and B, each about its own O
	ga, gb [3]spatial.Wrench // derivative of the value by twists at knot 3, each about its own O
	pa, pb spatial.Vec       // points at knot 2
	aa, ab spatial.Vec       // arms there from the frame origins of the bodies
	axis   spatial.Vec       // a
	across [2]spatial.Vec    // b₁, b₂
	twist  spatial.Quat      // Q_A Q_B⁻¹ at knot 2
	start  spatial.Vec       // value at knot 2
	open   bool              // whether the step begins with the loop open
	follow float64           // part of the value at knot 2 that need not be undone in the step, see detect.go
	middle spatial.Vec       // where the impulse acts
}

// closures lists the rows of all loops.
func (m *Model) closures() (rows []closure) {
	for i := range m.Loops {
		l := &m.Loops[i]
		rows = append(rows, closure{loop: i, a: l.A, b: l.B})
		if l.Kind != LoopPoint {
			rows = append(rows, closure{loop: i, a: l.A, b: l.B, turn: true})
		}
	}
	return rows
}

// close places the closures for the step.
func (s *Stepper) close() {
	for i := range s.closures {
		s.closures[i].place(s)
	}
}

func (c *closure) place(s *Stepper) {
	l := &s.m.Loops[c.loop]
	o := s.originOf(c.a)
	fa, fb := s.world[c.a], spatial.IdentityPose
	c.off = spatial.Vec{}
	if c.b != World {
		c.off, fb = spatial.Sub(s.originOf(c.b), o), s.world[c.b]
	}
	c.aa, c.ab = spatial.QuatRotate(fa.Rot, l.OnA.Pos), spatial.QuatRotate(fb.Rot, l.OnB.Pos)
	c.pa, c.pb = spatial.Add(spatial.Sub(fa.Pos, o), c.aa), spatial.Add(spatial.Sub(fb.Pos, o), c.ab)
	c.middle = spatial.Scale(0.5, spatial.Add(c.pa, c.pb))
	qa, qb := quat.Mul(fa.Rot, l.OnA.Rot), quat.Mul(fb.Rot, l.OnB.Rot)
	c.axis = spatial.QuatRotate(qa, spatial.Vec{Z: 1})
	c.across = [2]spatial.Vec{spatial.QuatRotate(qb, spatial.Vec{X: 1}), spatial.QuatRotate(qb, spatial.Vec{Y: 1})}
	c.twist = quat.Mul(qa, quat.Conj(qb))
	c.start = c.at(s.m, &still, &still)
	c.relax(s)
	c.impulses(s.m)
}

// relax lets a loop that is open close at the natural speed instead of at once.
func (c *closure) relax(s *Stepper) {
	n := spatial.Norm(c.start)
	c.follow, c.open = 0, n > openBy*s.sizeOf(c)
	if c.open {
		c.follow = max(0, 1-s.h*s.closeSpeed(c)/n)
	}
}

// openBy is the value, in sizes of the mechanism or radians, from which on a loop counts as open at the start, see Deep. Steps end far
// below; what is less than that is closed in one step, and adds openBy ℓ/h to the velocity. It is that much so that differences by
// configurations, which open loops, see the map of closed ones.
const openBy = 1e-5

// closeSpeed returns the speed at which the loop has to close.
func (s *Stepper) closeSpeed(c *closure) float64 {
	speed := s.touchLeaving(s.m.treeOfLoop(&s.m.Loops[c.loop]))
	if c.turn {
		speed /= s.m.Trees[s.m.treeOfLoop(&s.m.Loops[c.loop])].Length
	}
	return speed
}

// sizeOf returns the natural size of the value.
func (s *Stepper) sizeOf(c *closure) float64 {
	if c.turn {
		return 1
	}
	return s.m.Trees[s.m.treeOfLoop(&s.m.Loops[c.loop])].Length
}

// impulses finds the unit impulses: gradients at knot 2, those of a weld as if it were closed.
func (c *closure) impulses(m *Model) {
	for k, e := range [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		switch {
		case !c.turn:
			c.na[k] = spatial.Wrench{Force: e, Torque: spatial.Cross(c.middle, e)}
		case m.Loops[c.loop].Kind == LoopWeld:
			c.na[k] = spatial.Wrench{Torque: e}
		case k < 2:
			c.na[k] = spatial.Wrench{Torque: spatial.Cross(c.axis, c.across[k])}
		}
		c.nb[k] = c.na[k].Scaled(-1)
		c.nb[k].Torque = spatial.Sub(c.nb[k].Torque, spatial.Cross(c.off, c.nb[k].Force))
	}
}

// at returns the value after the motions a and b.
func (c *closure) at(m *Model, a, b *spatial.Motion) (u spatial.Vec) {
	switch {
	case !c.turn:
		da, db := spatial.Add(a.Dx, a.Displace(c.aa)), spatial.Add(b.Dx, b.Displace(c.ab))
		return spatial.Add(spatial.Sub(c.pa, c.pb), spatial.Sub(da, db))
	case m.Loops[c.loop].Kind == LoopWeld:
		e := c.turned(a, b)
		return spatial.Scale(2*math.Copysign(1, e.Real), axial(e))
	}
	axis := a.Rotate(c.axis)
	u.X, u.Y = spatial.Dot(axis, b.Rotate(c.across[0])), spatial.Dot(axis, b.Rotate(c.across[1]))
	return u
}

// turned returns Q_A Q_B⁻¹ after the motions a and b.
func (c *closure) turned(a, b *spatial.Motion) spatial.Quat {
	return quat.Mul(quat.Mul(spatial.GibbsQuat(a.W), c.twist), quat.Conj(spatial.GibbsQuat(b.W)))
}

func axial(q spatial.Quat) spatial.Vec { return spatial.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag} }

// gradients stores the derivatives of at by twists of the bodies after their motions, each about its own O.
func (c *closure) gradients(m *Model, ga, gb *[3]spatial.Wrench, a, b *spatial.Motion) {
	xa := spatial.Add(spatial.Add(c.pa, a.Dx), a.Displace(c.aa))
	xb := spatial.Sub(spatial.Add(spatial.Add(c.pb, b.Dx), b.Displace(c.ab)), c.off)
	axis, e := a.Rotate(c.axis), c.turned(a, b)
	sign := math.Copysign(1, e.Real)
	for k, x := range [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		switch {
		case !c.turn:
			ga[k] = spatial.Wrench{Force: x, Torque: spatial.Cross(xa, x)}
			gb[k] = spatial.Wrench{Force: spatial.Scale(-1, x), Torque: spatial.Cross(x, xb)}
		case m.Loops[c.loop].Kind == LoopWeld: // d(2e) = e₀(ω_A − ω_B) + (ω_A + ω_B) × e
			r, n := spatial.Scale(sign*e.Real, x), spatial.Scale(sign, spatial.Cross(axial(e), x))
			ga[k] = spatial.Wrench{Torque: spatial.Add(n, r)}
			gb[k] = spatial.Wrench{Torque: spatial.Sub(n, r)}
		case k < 2:
			t := spatial.Cross(axis, b.Rotate(c.across[k]))
			ga[k], gb[k] = spatial.Wrench{Torque: t}, spatial.Wrench{Torque: spatial.Scale(-1, t)}
		}
	}
}

func (s *Stepper) closureOf(r *row) *closure { return &s.closures[r.closure] }

func (s *Stepper) closureValue(c *closure) spatial.Vec {
	u := c.at(s.m, s.motionOf(c.a), s.motionOf(c.b))
	return spatial.AddScaled(u, -c.follow, c.start)
}

func (s *Stepper) describeClosure(b *ipm.Block, c *closure) {
	b.Kind = ipm.Equal
	if c.turn {
		b.Scale /= s.m.Trees[s.m.treeOfLoop(&s.m.Loops[c.loop])].Length
	}
}

// yielding is the compliance of loops that yield, in natural sizes by natural impulses.
const yielding = 1e-6

// yield solves a step that failed with loops that are stiff springs, and takes it if none of them is open then. Where a
// linkage lies flat (a parallelogram, a crank at its dead center) the gradients of knot 2 vanish along the line of its
// bars: no impulse that acts so keeps a motion on either of the branches that meet there, and there is no solution.
// Springs have one, that leaves the loop open in the second order of how far it turns; the steps after it close it
// again.
func (p *problem) yield(opt ipm.Options) bool {
	if p.result.Status == ipm.Solved || p.shut == len(p.rows) {
		return p.result.Status == ipm.Solved
	}
	p.prepare()
	p.yields = true
	for n := p.shut; n < len(p.rows); n++ {
		b := &p.blocks[n]
		b.Compliance = yielding * b.Scale * b.Scale / b.Kappa
	}
	p.retry(opt, 0)
	for n := p.shut; n < len(p.rows) && p.result.Status == ipm.Solved; n++ {
		if c := p.s.closureOf(&p.rows[n]); !(spatial.Norm(p.solver.U[n]) <= openBy*p.s.sizeOf(c)) {
			p.result.Status = ipm.Stalled
		}
	}
	if p.yields = p.result.Status == ipm.Solved; !p.yields {
		p.prepare()
	}
	return p.yields
}

// singular reports whether all that a failed solve lacks is that loops close, where nothing touches: then they yield
// before ways are gone that take long, and lead around cones.
func (p *problem) singular() bool {
	const balanced, near = 1e-6, 1e-3
	r := &p.result
	return p.shut < len(p.rows) && p.shut > 0 && p.shut == p.joints && r.Residual < balanced && r.Gap < near && r.Centrality < 1
}

// add adds sign·Nᵀλ to the wrenches of both bodies.
func (c *closure) add(dst []spatial.Wrench, l spatial.Vec, sign float64) {
	addWrench(&dst[c.a], &c.na, l, sign)
	if c.b != World {
		addWrench(&dst[c.b], &c.nb, l, sign)
	}
}

// powers returns J t for twists of the bodies at knot 3.
func (c *closure) powers(t []spatial.Twist) spatial.Vec { return c.product(&c.ga, &c.gb, t) }

// sums returns N z.
func (c *closure) sums(z []spatial.Twist) spatial.Vec { return c.product(&c.na, &c.nb, z) }

func (c *closure) product(ga, gb *[3]spatial.Wrench, t []spatial.Twist) spatial.Vec {
	u := powers(ga, &t[c.a])
	if c.b != World {
		u = spatial.Add(u, powers(gb, &t[c.b]))
	}
	return u
}

// back adds Jᵀz to what both bodies feel at knot 3.
func (c *closure) back(dst []spatial.Wrench, z spatial.Vec) {
	addWrench(&dst[c.a], &c.ga, z, 1)
	if c.b != World {
		addWrench(&dst[c.b], &c.gb, z, 1)
	}
}

// loudness returns how large the summands of product may be.
func (c *closure) loudness(ga, gb *[3]spatial.Wrench, t []spatial.Twist) spatial.Vec {
	of := func(g *spatial.Wrench, t *spatial.Twist) float64 {
		return spatial.Norm(g.Force)*spatial.Norm(t.Lin) + spatial.Norm(g.Torque)*spatial.Norm(t.Ang)
	}
	all := func(g *[3]spatial.Wrench, t *spatial.Twist) spatial.Vec {
		return spatial.Vec{X: of(&g[0], t), Y: of(&g[1], t), Z: of(&g[2], t)}
	}
	u := all(ga, &t[c.a])
	if c.b != World {
		u = spatial.Add(u, all(gb, &t[c.b]))
	}
	return u
}

// closureMatrix adds NᵀWG to the matrices, as meetMatrix does.
func (s *Stepper) closureMatrix(p *problem, c *closure, w *ipm.Matrix) {
	c.gradients(s.m, &c.ga, &c.gb, s.motionOf(c.a), s.motionOf(c.b))
	if c.b == World {
		addContact(&s.tree.A[c.a], &c.na, &c.ga, w, false)
		return
	}
	ab, ba := p.graph.Blocks(p.linked[c.near])
	addContact(ab, &c.na, &c.gb, w, false)
	addContact(ba, &c.nb, &c.ga, w, false)
}
