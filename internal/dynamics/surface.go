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

// Friction against spinning and rolling: torques about the normal and about the tangents, bounded by a length times the
// normal force, in one cone with the friction against sliding: see row_turn.go.

// which numbers of a surface they are; friction is none of them.
const (
	surfaceFriction = -1
	surfaceTorsion  = 6
	surfaceRolling  = 7
	surfaceSpin     = 8
)

// bounds are the numbers of Pair.param.
var bounds = [...]int{surfaceFriction, surfaceTorsion, surfaceRolling}

// initTouches makes the memory of all contacts with half-spaces.
func (s *start) initTouches(m *Model) {
	s.touches, s.second = make([]touch, len(m.Contacts)), make([]int, len(m.Contacts))
	for i := range m.Contacts {
		special, turns := m.touchKind(i)
		if s.second[i] = -1; turns {
			s.second[i] = len(s.touches)
			lever := m.Trees[m.Bodies[m.Contacts[i].Body].Tree].Length
			s.touches = append(s.touches, touch{Touch: gap.Touch{Mode: gap.Turn, Lever: lever}, special: true})
		}
		s.touches[i].special = special
	}
}

// followTouches makes it anew where m has contacts of other kinds, and reports whether it did.
func (s *start) followTouches(m *Model) bool {
	for i := range m.Contacts {
		special, turns := m.touchKind(i)
		if s.touches[i].special != special || s.second[i] >= 0 != turns {
			s.initTouches(m)
			return true
		}
	}
	return false
}

// touchKind reports whether the surfaces of a contact with a half-space do more than slide, and whether they resist turning.
func (m *Model) touchKind(i int) (special, turns bool) {
	c := &m.Contacts[i]
	least := slippery * m.Trees[m.Bodies[c.Body].Tree].Length
	turns = m.touchTurning(c, surfaceTorsion) >= least || m.touchTurning(c, surfaceRolling) >= least
	return m.Colliders[c.Collider].Surface != contact.Surface{} || turns || m.Planes[c.Plane].Runs(), turns
}

// TouchTurns reports whether contact i with a half-space resists turning, as PairTurns does of pairs.
func (m *Model) TouchTurns(i int) bool {
	_, turns := m.touchKind(i)
	return turns
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

func (m *Model) touchTurning(c *Contact, comp int) float64 {
	if f := m.footing(c); f != nil && f.Turns {
		return f.turning(comp)
	}
	return m.turning(c.Collider, comp)
}

// touchBound returns how the law of the contact of r, with a half-space, changes with a number that bounds its friction.
func (s *Stepper) touchBound(par Param, r *row) ipm.Change {
	c := &s.m.Contacts[r.contact]
	f, comp := s.m.footing(c), surfaceFriction
	switch par.Kind {
	case ParamFooting:
		comp = bounds[par.Comp]
	case ParamSurface:
		comp = par.Comp
	}
	if own := f != nil && (comp == surfaceFriction && f.Own || comp != surfaceFriction && f.Turns); own != (par.Kind == ParamFooting) {
		return ipm.Change{}
	}
	return s.m.boundBy(comp, 1, s.m.Trees[s.treeOf(r)].Length, r.mate != 0)
}

// boundBy returns how a law changes with one of the numbers that bound friction, which changes at the rate by.
func (m *Model) boundBy(comp int, by, lever float64, turns bool) ipm.Change {
	switch {
	case comp == surfaceTorsion:
		return ipm.Change{Spin: by / lever}
	case comp == surfaceRolling:
		return ipm.Change{Roll: by / lever}
	case m.Law == Pyramid && !turns:
		by *= inscribed
	}
	return ipm.Change{Mu: by}
}

// meetLawBy adds the effect of a property of collider A or B on the law of the meeting of row n, and reports whether par is one.
func (p *problem) meetLawBy(par Param, n int, ofA bool) bool {
	c, m := p.meetOf(n), p.s.m
	switch {
	case par.Kind == ParamFriction:
		p.boundMeetBy(n, surfaceFriction, m.pairFrictionBy(c.pair, ofA))
	case par.Kind == ParamSurface && (par.Comp == surfaceTorsion || par.Comp == surfaceRolling):
		p.boundMeetBy(n, par.Comp, m.pairTurningBy(c.pair, ofA, par.Comp))
	case par.Kind == ParamSurface && c.Mode == gap.Turn && par.Comp >= surfaceRestitution && par.Comp <= surfaceDamping: // the row before does it
	case par.Kind == ParamSurface && par.Comp == surfaceRestitution:
		p.bounceBy(n, &c.bounce, m.pairRestitution(c.pair), m.pairRestitutionBy(c.pair, ofA))
	case par.Kind == ParamSurface && (par.Comp == surfaceStiffness || par.Comp == surfaceDamping):
		p.softBy(n, &c.soft, m.pairSoftBy(c.pair, ofA).of(par.Comp), c.Gap2)
	default:
		return false
	}
	return true
}

// boundMeetBy adds the effect of a number that bounds friction, which changes at the rate by, on the meeting of row n.
func (p *problem) boundMeetBy(n, comp int, by float64) {
	c := p.meetOf(n)
	p.addRow(n, spatial.Vec{}, p.solver.Shift(n, p.s.m.boundBy(comp, by, p.s.m.Trees[c.tree].Length, c.turns)))
}

// pairLawBy adds the effect of a number that is the pair's own on the law of the meeting of row n.
func (p *problem) pairLawBy(par Param, n int) {
	if par.Index == p.meetOf(n).pair {
		p.boundMeetBy(n, bounds[par.Comp], 1)
	}
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

// PairTurns reports whether contacts of pair i resist turning.
func (m *Model) PairTurns(i int) bool {
	least := slippery * m.Trees[m.treeOfPair(i)].Length
	return m.pairTurning(i, surfaceTorsion) >= least || m.pairTurning(i, surfaceRolling) >= least
}

// pairTurning is the rule by which two lengths that bound torques make that of a pair that has none of its own: the
// larger one. pairTurningBy is its derivative by that of A or of B.
func (m *Model) pairTurning(i, comp int) float64 {
	if p := &m.Pairs[i]; p.Turns {
		return p.turning(comp)
	}
	return max(m.turning(m.Pairs[i].A, comp), m.turning(m.Pairs[i].B, comp))
}

func (m *Model) pairTurningBy(i int, ofA bool, comp int) float64 {
	if m.Pairs[i].Turns {
		return 0
	}
	return larger(m.turning(m.Pairs[i].A, comp), m.turning(m.Pairs[i].B, comp), ofA)
}

// turning is the length of a pair that has its own.
func (p *Pair) turning(comp int) float64 {
	if comp == surfaceTorsion {
		return p.Torsion
	}
	return p.Rolling
}

// turning is the length of collider i.
func (m *Model) turning(i, comp int) float64 {
	u := &m.Colliders[i].Surface
	if comp == surfaceTorsion {
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
