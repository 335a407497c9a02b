package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// What a state is at its instant, knot 2, whether its velocity is one of the interval before or of the instant itself. The
// momentum is the one with which the interval before arrives there, p⁻ plus half its length times the conservative forces as
// it feels them: the discrete Legendre transform (Marsden, West, 2001, section 1.5).

// Energy is the mechanical energy of a state (J).
type Energy struct{ Kinetic, Gravity, Spring float64 }

func (e *Energy) add(o Energy) {
	e.Kinetic += o.Kinetic
	e.Gravity += o.Gravity
	e.Spring += o.Spring
}

func (e *Energy) total() float64 { return e.Kinetic + e.Gravity + e.Spring }

// Energy returns the energy of the loaded state. It uses the linear algebra of steps: what was solved or linearized before
// is lost.
func (s *Stepper) Energy() (e Energy, ok bool) {
	if !s.arriveAt() {
		return e, false
	}
	for t := range s.m.Trees {
		e.add(s.energyOf(&s.m.Trees[t]))
	}
	return e, true
}

// energyOf returns the energy of a tree of which arriveAt found the velocities.
func (s *Stepper) energyOf(tr *Tree) (e Energy) {
	m := s.m
	for i := tr.First; i < tr.Last; i++ {
		b, k, t := &m.Bodies[i], &s.knots[i], &s.tree.Twist[i]
		v := spatial.Add(t.Lin, spatial.Cross(t.Ang, k.r2))
		e.Kinetic += (b.Mass*spatial.Dot(v, v) + spatial.Dot(t.Ang, k.inertia.MulVec(t.Ang))) / 2
		e.Gravity -= b.Mass * spatial.Dot(m.Gravity, spatial.Add(s.o[b.Tree], k.r2))
	}
	for i := tr.V0; i < tr.V1; i++ {
		d, v := &m.Dofs[i], s.tree.X[i]
		e.Kinetic += d.Armature * v * v / 2
		switch {
		case d.Stiffness == 0:
		case !s.balls[i]:
			x := s.q[m.QIndex[i]] - d.Rest
			e.Spring += d.Stiffness * x * x / 2
		case i == m.Bodies[d.Body].ball():
			q := s.ballPose(i, s.v, 0)
			e.Spring += 2 * d.Stiffness * (q.Imag*q.Imag + q.Jmag*q.Jmag + q.Kmag*q.Kmag)
		}
	}
	return e
}

// KnotVelocity stores the velocity of the loaded state at its instant, M⁻¹ times its momentum. Like Energy it uses the linear
// algebra of steps.
func (s *Stepper) KnotVelocity(v []float64) bool {
	if !s.arriveAt() {
		return false
	}
	copy(v, s.tree.X)
	return true
}

// Momentum returns linear momentum (kg m/s) and angular momentum about the world origin (kg m²/s) of the loaded state.
func (s *Stepper) Momentum() (p, l spatial.Vec) {
	for i := range s.m.Bodies {
		k := &s.knots[i]
		c, pi := spatial.Add(s.o[s.m.Bodies[i].Tree], k.r2), s.impetus(i)
		p = spatial.Add(p, pi)
		l = spatial.Add(l, spatial.Add(k.lIn, spatial.Cross(c, pi)))
	}
	return p, l
}

// impetus returns the linear momentum of body i at the knot.
func (s *Stepper) impetus(i int) spatial.Vec {
	return spatial.AddScaled(s.knots[i].pIn, s.before/2*s.m.Bodies[i].Mass, s.m.Gravity)
}

// arriveAt finds the velocities at the knot, in s.tree.X, and the twists of the bodies.
func (s *Stepper) arriveAt() bool {
	s.separate()
	s.joinLoops()
	for _, p := range s.islands {
		if !p.arriveAt() {
			return false
		}
	}
	return true
}

func (p *problem) arriveAt() bool {
	for _, tr := range p.parts {
		p.s.rest(tr.Tree)
	}
	p.holdLoops()
	if !p.eliminate() || !p.couple() {
		return false
	}
	for _, tr := range p.parts {
		p.s.bring(tr)
	}
	p.depart()
	return true
}

// depart finds the velocities for the momenta that were brought.
func (p *problem) depart() {
	if p.shut == len(p.rows) {
		p.resolve(articulated.Forward)
		p.correctColumn()
		return
	}
	clear(p.mimic.c)
	p.hard = false
	p.remember(&p.s.lin.direct)
	p.settle(&p.s.lin.direct)
}

// rest makes knot 3 of a tree knot 2, and the matrices those of momentum by velocity.
func (s *Stepper) rest(tr *Tree) {
	for i := tr.V0; i < tr.V1; i++ {
		s.vNext[i] = 0
		s.tree.D[i] = s.m.Dofs[i].Armature
	}
	for i := tr.First; i < tr.Last; i++ {
		s.mo[i].Set(spatial.Vec{}, spatial.Vec{})
		s.instantJac(&s.tree.A[i], i)
		s.tree.Ball[i] = spatial.Mat3{}
	}
	s.screws(tr)
}

// bring stores minus the momenta that the interval before brings to a tree.
func (s *Stepper) bring(tr *part) {
	m := s.m
	for i := tr.First; i < tr.Last; i++ {
		k, pi := &s.knots[i], s.impetus(i)
		s.tree.Bias[i] = spatial.Wrench{Force: spatial.Scale(-1, pi), Torque: spatial.Scale(-1, spatial.Add(k.lIn, spatial.Cross(k.r2, pi)))}
	}
	for i := tr.V0; i < tr.V1; i++ {
		d := &m.Dofs[i]
		s.tree.RHS[i] = -d.Armature * s.v[i]
		if d.Stiffness != 0 && !s.balls[i] {
			s.tree.RHS[i] += s.before / 2 * d.Stiffness * ((s.q[m.QIndex[i]]+s.behind(i))/2 - d.Rest)
		}
	}
	for _, r := range tr.rolls {
		if d := &m.Dofs[r]; d.Stiffness != 0 {
			_, before := s.ballMiddles(r)
			addTo(s.tree.RHS[r:], s.before/2*d.Stiffness, before)
		}
	}
}

// swell returns by how much the energy that is read at a knot rises only because the step is longer than the interval
// before it. Contacts, limits and dampers have not pushed there yet; where their forces f last, what is read is by h²
// fᵀM⁻¹f/8 more than it is with them: all that something at rest seems to have. The meter is an engine of its own,
// whose solution it uses.
func (p *problem) swell(meter *Stepper) float64 {
	s := p.s
	if s.h <= s.before || !meter.Load(s.q, s.v, s.u, s.h, s.before) || !meter.arriveAt() {
		return 0
	}
	for t := range s.parts {
		s.oppose(&s.parts[t], meter)
	}
	for _, island := range meter.islands {
		island.depart()
	}
	k := 0.0
	for _, tr := range p.parts {
		k += meter.energyOf(tr.Tree).Kinetic
	}
	return k * (s.h - s.before) / (s.h + s.before)
}

// oppose brings to a tree of the meter what contacts, limits and dampers gave in the step just solved: the change of
// momentum without what gravity and springs gave.
func (s *Stepper) oppose(tr *part, meter *Stepper) {
	m, to := s.m, &meter.tree
	for i := tr.First; i < tr.Last; i++ {
		k := &s.knots[i]
		p, l, _ := s.momentum(i, &s.mo[i], 1/s.h)
		p = spatial.AddScaled(spatial.Sub(p, k.pIn), -s.weight*m.Bodies[i].Mass, m.Gravity)
		to.Bias[i] = spatial.Wrench{Force: spatial.Scale(-1, p), Torque: spatial.Scale(-1, spatial.Add(spatial.Sub(l, k.lIn), spatial.Cross(k.r2, p)))}
	}
	for i := tr.V0; i < tr.V1; i++ {
		d := &m.Dofs[i]
		if to.RHS[i] = -d.Armature * (s.vNext[i] - s.v[i]); d.Stiffness != 0 {
			to.RHS[i] += s.sprung(i, d)
		}
	}
}
