package dynamics

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// What surfaces of colliders do beyond sliding with friction, see contact.Surface.

// runOf returns how the surface of collider i runs over its body, which is there about O, at knot 2 in world axes.
func (s *Stepper) runOf(i int, at *gap.Frame) (r gap.Run) {
	c := &s.m.Colliders[i]
	if u := c.Surface.Velocity; u != r.V {
		r.V = s.inWorld(i, u)
	}
	if u := c.Surface.Spin; u != r.W {
		r.W, r.At = s.inWorld(i, u), spatial.Add(at.Pos, c.Pose.Pos)
		if c.Body != World {
			r.At = spatial.Add(at.Pos, at.Rot.MulVec(c.Pose.Pos))
		}
	}
	return r
}

// runs reports whether the surface of collider i moves over its body.
func (m *Model) runs(i int) bool {
	u := &m.Colliders[i].Surface
	return u.Velocity != spatial.Vec{} || u.Spin != spatial.Vec{}
}

// runOfPlane is that of a half-space, about the origin of the world.
func (s *Stepper) runOfPlane(i int, world *gap.Frame) gap.Run {
	p := &s.m.Planes[i]
	return gap.Run{V: p.Velocity, W: p.Spin, At: world.Pos}
}

// surfaceRun returns how the run of a surface changes with its number comp, which is one of its velocity or spin.
func (s *Stepper) surfaceRun(collider, comp int) (d gap.Run) {
	if comp >= surfaceSpin {
		d.W = s.inWorld(collider, unitOf(comp-surfaceSpin))
	} else {
		d.V = s.inWorld(collider, unitOf(comp))
	}
	return d
}

// inWorld returns a vector in axes of collider i in world axes at knot 2.
func (s *Stepper) inWorld(i int, v spatial.Vec) spatial.Vec {
	c := &s.m.Colliders[i]
	v = spatial.QuatRotate(c.Pose.Rot, v)
	if c.Body != World {
		v = s.knots[c.Body].rot.MulVec(v)
	}
	return v
}

// pairFriction is the rule by which two coefficients make that of a pair: 2 μ_a μ_b/(μ_a + μ_b), which is that of equal ones, zero where
// one is, and smooth.
func (m *Model) pairFriction(i int) float64 {
	switch {
	case m.Pairs[i].Own:
		return m.Pairs[i].Friction
	case m.onTerrain(i): // as on a half-space
		return m.Colliders[m.Pairs[i].A].Friction
	}
	a, b := m.Colliders[m.Pairs[i].A].Friction, m.Colliders[m.Pairs[i].B].Friction
	if a+b == 0 {
		return 0
	}
	return 2 * a * b / (a + b)
}

// pairFrictionBy returns its derivative by the coefficient of A or of B.
func (m *Model) pairFrictionBy(pair int, ofA bool) float64 {
	switch {
	case m.Pairs[pair].Own:
		return 0
	case m.onTerrain(pair):
		if ofA {
			return 1
		}
		return 0
	}
	a, b := m.Colliders[m.Pairs[pair].A].Friction, m.Colliders[m.Pairs[pair].B].Friction
	if !ofA {
		a, b = b, a
	}
	return 2 * b * b / ((a + b) * (a + b))
}

// Friction against spinning and rolling. Torques about the normal and about the tangents are bounded by a length times
// the normal force. Each is a Coulomb block of its own, of the gap and of the rate of turning times a lever; the blocks
// of a contact have the same gap and the same share of κ, so they share its normal force evenly.

// which numbers of a surface they are.
const (
	surfaceTorsion = 6
	surfaceRolling = 7
	surfaceSpin    = 8
)

// initTouches makes the memory of all contacts with half-spaces.
func (s *start) initTouches(m *Model) {
	s.touches, s.modes = make([]touch, len(m.Contacts)), make([][]int, len(m.Contacts))
	for i := range m.Contacts {
		c := &m.Contacts[i]
		u := &m.Colliders[c.Collider].Surface
		s.modes[i] = []int{i}
		for _, mode := range modes[1:] {
			if m.touchTurning(c, mode) > 0 {
				s.addMode(i, mode)
			}
		}
		for _, at := range s.modes[i] {
			t := &s.touches[at]
			t.Lever, t.sharing = m.Trees[m.Bodies[c.Body].Tree].Length, float64(len(s.modes[i]))
			t.special = *u != contact.Surface{} || len(s.modes[i]) > 1 || m.Planes[c.Plane].Runs()
		}
	}
}

func (s *start) addMode(i int, mode gap.Mode) {
	s.modes[i] = append(s.modes[i], len(s.touches))
	s.touches = append(s.touches, touch{Touch: gap.Touch{Mode: mode}})
}

// footing returns what the collider of c has of its own on its half-space, nil if nothing.
func (m *Model) footing(c *Contact) *Pair {
	for i := range m.Footings {
		if f := &m.Footings[i]; f.A == c.Collider && f.B == c.Plane {
			return f
		}
	}
	return nil
}

// touchFriction returns the coefficient of a contact with a half-space: that of the shape, unless both have their own.
// touchTurning is that of torques.
func (m *Model) touchFriction(c *Contact) float64 {
	if f := m.footing(c); f != nil && f.Own {
		return f.Friction
	}
	return m.Colliders[c.Collider].Friction
}

func (m *Model) touchTurning(c *Contact, mode gap.Mode) float64 {
	if f := m.footing(c); f != nil && f.Turns {
		return f.turning(mode)
	}
	return m.turning(c.Collider, mode)
}

// touchBound returns how the coefficient of the block of r, a contact with a half-space, changes with a number that bounds its friction.
func (s *Stepper) touchBound(par Param, r *row) float64 {
	t, n := &s.touches[r.at], float64(len(s.modes[r.contact]))
	f := s.m.footing(&s.m.Contacts[r.contact])
	own := f != nil && (t.Mode == gap.Slide && f.Own || t.Mode != gap.Slide && f.Turns)
	mode := gap.Slide
	switch par.Kind {
	case ParamFooting:
		mode = modes[par.Comp]
	case ParamSurface:
		mode = modes[1+par.Comp-surfaceTorsion]
	}
	switch {
	case t.Mode != mode || own != (par.Kind == ParamFooting):
		return 0
	case mode != gap.Slide:
		return n / t.Lever
	case s.m.Law == Pyramid:
		return n * inscribed
	}
	return n
}

// meetLawBy adds the effect of a property of collider A or B on the law of the meeting of row n, and reports whether par is one.
func (p *problem) meetLawBy(par Param, n int, ofA bool) bool {
	c, m := p.meetOf(n), p.s.m
	switch {
	case par.Kind == ParamFriction:
		mu := m.pairFrictionBy(c.pair, ofA)
		if m.Law == Pyramid {
			mu *= inscribed
		}
		if c.Mode != gap.Slide {
			mu = 0
		}
		p.addRow(n, spatial.Vec{}, p.solver.Shift(n, ipm.Change{Mu: c.sharing * mu}))
	case par.Kind == ParamSurface && par.Comp == surfaceRestitution:
		p.bounceBy(n, &c.bounce, m.pairRestitution(c.pair), m.pairRestitutionBy(c.pair, ofA))
	case par.Kind == ParamSurface && (par.Comp == surfaceStiffness || par.Comp == surfaceDamping):
		p.softBy(n, &c.soft, m.pairSoftBy(c.pair, ofA).of(par.Comp), c.Gap2)
	case par.Kind == ParamSurface && (par.Comp == surfaceTorsion || par.Comp == surfaceRolling):
		if mode := modes[1+par.Comp-surfaceTorsion]; c.Mode == mode {
			mu := c.sharing * m.pairTurningBy(c.pair, ofA, mode) / c.Lever
			p.addRow(n, spatial.Vec{}, p.solver.Shift(n, ipm.Change{Mu: mu}))
		}
	default:
		return false
	}
	return true
}

// pairLawBy adds the effect of a number that is the pair's own on the law of the meeting of row n.
func (p *problem) pairLawBy(par Param, n int) {
	c := p.meetOf(n)
	if par.Index != c.pair || c.Mode != modes[par.Comp] {
		return
	}
	mu := c.sharing / c.Lever
	switch {
	case c.Mode == gap.Slide && p.s.m.Law == Pyramid:
		mu = c.sharing * inscribed
	case c.Mode == gap.Slide:
		mu = c.sharing
	}
	p.addRow(n, spatial.Vec{}, p.solver.Shift(n, ipm.Change{Mu: mu}))
}

// param returns what a pair has of its own: its friction and its lengths.
func (p *Pair) param(comp int) *float64 {
	return [...]*float64{&p.Friction, &p.Torsion, &p.Rolling}[comp]
}

// differentiable reports whether it is one to differentiate by.
func (p *Pair) differentiable(comp int, law Friction) bool {
	own := p.Turns
	if comp == 0 {
		own = p.Own && law != Frictionless
	}
	return own && *p.param(comp) > 0
}

// modes of contacts, in the order of their blocks.
var modes = [...]gap.Mode{gap.Slide, gap.Spin, gap.Roll}

// pairModes returns how many blocks a contact of pair i has: all where it resists turning.
func (m *Model) pairModes(i int) int {
	if m.pairTurning(i, gap.Spin) == 0 && m.pairTurning(i, gap.Roll) == 0 {
		return 1
	}
	return len(modes)
}

// pairTurning is the rule by which two lengths that bound torques make that of a pair that has none of its own: the
// larger one. pairTurningBy is its derivative by that of A or of B.
func (m *Model) pairTurning(i int, mode gap.Mode) float64 {
	if p := &m.Pairs[i]; p.Turns {
		return p.turning(mode)
	}
	return max(m.turning(m.Pairs[i].A, mode), m.turning(m.Pairs[i].B, mode))
}

func (m *Model) pairTurningBy(i int, ofA bool, mode gap.Mode) float64 {
	if m.Pairs[i].Turns {
		return 0
	}
	return larger(m.turning(m.Pairs[i].A, mode), m.turning(m.Pairs[i].B, mode), ofA)
}

// turning is the length of a pair that has its own.
func (p *Pair) turning(mode gap.Mode) float64 {
	if mode == gap.Spin {
		return p.Torsion
	}
	return p.Rolling
}

// turning is the length of collider i.
func (m *Model) turning(i int, mode gap.Mode) float64 {
	u := &m.Colliders[i].Surface
	if mode == gap.Spin {
		return u.Torsion
	}
	return u.Rolling
}

// larger returns the derivative of the larger of a and b, by a or by b, half of each where they are equal.
func larger(a, b float64, ofA bool) float64 {
	switch {
	case a == b:
		return 0.5
	case a > b == ofA:
		return 1
	}
	return 0
}

// unitOf returns unit vector k.
func unitOf(k int) (e spatial.Vec) {
	*axisOf(&e, k) = 1
	return e
}

// SurfaceParams is how many numbers describe the surface of a collider, and BeltParams those of a half-space: velocity and spin.
var SurfaceParams = contact.SurfaceParams

const BeltParams = 6

// belt returns number i of how the surface of half-space p runs.
func belt(p *contact.HalfSpace, i int) *float64 {
	if i < 3 {
		return axisOf(&p.Velocity, i)
	}
	return axisOf(&p.Spin, i-3)
}

// BeltParam returns name and unit of number i.
func BeltParam(i int) (name, unit string) {
	if i >= 3 {
		i += surfaceSpin - 3
	}
	return contact.SurfaceParam(i)
}

// SurfaceParam returns name and unit of number i.
func SurfaceParam(i int) (name, unit string) { return contact.SurfaceParam(i) }

// turnedRun returns how the run of a surface changes as its collider turns by w.
func turnedRun(r *gap.Run, w spatial.Vec) gap.Run {
	return gap.Run{V: spatial.Cross(w, r.V), W: spatial.Cross(w, r.W)}
}
