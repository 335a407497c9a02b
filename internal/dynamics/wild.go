package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// wildTurn is half the change of a joint's angle in a step beyond which the equations may have several solutions. It only
// saves the check of all other steps.
const wildTurn = 0.05

// meetTurn is that where bodies touch each other: features that are fixed for a step know a body that turns no better than that.
const meetTurn = 1e-3

// springGain is the part of what springs and servos work that the balance takes for an error of their law, not for a
// distant solution: where a mechanism turns back, that work is large and the kinetic energy nearly zero, and dividing
// there pumps as a child does on a swing. A stiff servo that gets a new target turns by as much in any step, however
// short, and the mean of both velocities misses a tenth of its work. Energies at knots make no such error: there gains
// are measured by kinetic energy and that of springs.
const springGain = 0.1

// Wild reports whether the kinetic energy of an island after the knot exceeds what was there before by more than the active
// forces (gravity, springs, drives, external wrenches) did in work: by the fraction gain of what was there, by springGain, and
// by a hundredth of the natural energy M g ℓ. Contacts, limits, friction and dampers only take. Where a joint turns far in a
// step, the discrete equations have several solutions, and of these a distant one can carry many times the energy: a whip that
// cracks. And where the point of a rim or an oval runs far, its impulse can give energy.
//
// The balance of the intervals is cheap, but has chords for paths: of a pendulum that turns by a radian per step it
// misses a sixth of the work, and dividing there pumped it. So what it accuses is judged by the energies that the
// island has at knots 2 and 3. They are found by meter, an engine of its own. Where drives or external wrenches act the
// balance stands: their work is known by its means alone, which a distant solution makes too large, and judged so a
// step of a quadruped went on to where it jumped by 0.46 rad when it was divided at last.
//
// Undriven springs are judged by these energies always. At hω ≥ 1 they work a good part of the energy in every step,
// and springGain of that is more than they may gain: two bodies on nested planar joints went from 1.3 to 65 000 kJ at
// hω = 3. Where the balance finds no fault, what the reading swells by in a step longer than the interval before it is
// no gain.
//
// Of what undriven springs hold sprung is the fraction in place of gain. Where it is less, the island is looked at
// however little it turns: half a step after half a step and then a whole one gained 5 % each time it changed its turn
// by 0.03 rad.
func (s *Stepper) Wild(gain, sprung float64, meter *Stepper) bool {
	for _, p := range s.islands {
		far := p.turnsFar()
		if (far || p.rollsHard() || sprung < gain && p.wound()) && p.gains(gain, sprung, meter, far) {
			return true
		}
	}
	return false
}

// Kicked is Wild for bodies that touch each other. The features that touch stay those of knot 2, and beyond the ends of
// edges lines meet where no edges do: of two rods thrown at each other with 6 m/s a step of 10 ms could end a hundred
// times as fast.
func (s *Stepper) Kicked(gain float64, meter *Stepper) bool {
	if len(s.meets) == 0 {
		return false
	}
	for _, p := range s.islands {
		if p.turnsTouching() && p.gains(gain, gain, meter, true) && !p.acquitted(gain) {
			return true
		}
	}
	return false
}

// acquitted reports whether an island that is driven gained its energy elsewhere than where its bodies touch. The
// balance, for which chords stand for turns, knows the work of motors badly: it accused feet that turn by a third of a
// radian a step, on terrain alone, as half-spaces are not asked. What contacts work is known without it.
func (p *problem) acquitted(gain float64) bool {
	b := p.balance()
	if b.driven == 0 {
		return false
	}
	work := 0.0
	for n := p.met; n < p.shut; n++ {
		c := p.meetOf(n)
		f := c.Force(p.solver.Lambda[n])
		at := spatial.Add(p.s.originOf(c.a), c.Point)
		work += spatial.Dot(f, spatial.Sub(p.s.meanSpeed(c.a, at), p.s.meanSpeed(c.b, at)))
	}
	return work <= gain*b.before+p.allowance()
}

// allowance is what an island may gain by its contacts and limits, and a hundredth of its natural energy for want of better.
func (p *problem) allowance() float64 {
	natural := p.natural()
	opened, returned, running := p.opened()
	return running + returned + min(opened, natural/2) + natural/100
}

// natural returns the natural energy M g ℓ of the island.
func (p *problem) natural() (e float64) {
	for _, tr := range p.parts {
		e += tr.Mass * p.s.m.GravityRef * tr.Length
	}
	return e
}

// meanSpeed returns the mean velocity, before and after the knot, of what of a body is at a point of the world.
func (s *Stepper) meanSpeed(body int, at spatial.Vec) spatial.Vec {
	if body == World {
		return spatial.Vec{}
	}
	v, w := s.meanRate(body)
	return spatial.Add(v, spatial.Cross(w, spatial.Sub(spatial.Sub(at, s.originOf(body)), s.knots[body].r2)))
}

// Bodies that leave what they start in at their natural speeds have half a natural energy M g ℓ of their island; some
// that lie in each other have more, for the way out of one leads into another: with a bound of one half three of such
// heaps did not come out. Distant solutions have tens to thousands.
const (
	strayed   = 4 // natural energies
	strayGain = 2 // of the kinetic energy before, and of all work
)

// Strays reports whether the first solve of a deep start ended at a distant solution: rods in each other left by two
// radians in a step of 2 ms. Its velocity is thrown away, so nothing that looks at the second solve tells. Bodies that
// float by themselves have no distant ones, and from one place a hundred leave at many times their natural speeds.
func (s *Stepper) Strays() bool {
	for _, p := range s.islands {
		if b := p.balance(); p.turnsFar() && !(b.after-b.before <= strayGain*(b.before+math.Abs(b.work)+b.driven)+strayed*p.natural()) {
			return true
		}
	}
	return false
}

// Blind reports whether features are in each other at the end of the step that could not take part, as they do not face
// each other where it begins.
func (s *Stepper) Blind() bool { return s.blind }

// gains reports whether the island gained energy; of one that does not turn far, where nothing drives it.
func (p *problem) gains(gain, sprung float64, meter *Stepper, far bool) bool {
	b, allowed := p.balance(), p.allowance()
	fine := b.after-b.before-b.work <= gain*b.before+b.driven+springGain*b.sprung+allowed
	if b.driven != 0 {
		return far && !fine
	}
	if fine && b.sprung == 0 && !p.whirls() {
		return false
	}
	now, next, ok := p.energies(meter)
	if !ok {
		return true
	}
	if b.sprung != 0 && sprung < gain {
		allowed -= p.natural() / 100 * (1 - sprung/gain)
		gain = sprung
	}
	if fine {
		allowed += p.swell(meter)
	}
	return !(next.total()-now.total() <= gain*(now.Kinetic+now.Spring)+allowed)
}

// rollsHard reports whether a rim or an oval pushes: where its point runs, its impulse can give energy without a turn that is large.
func (p *problem) rollsHard() bool {
	for k := p.joints; k < p.met; k++ {
		if p.s.touches[p.rows[k].at].Rolls() && p.solver.Lambda[k].X > 0 {
			return true
		}
	}
	for n := p.met; n < p.shut; n++ {
		if p.meetOf(n).Rolls() && p.solver.Lambda[n].X > 0 {
			return true
		}
	}
	return false
}

// energies returns the energies of the island at knots 2 and 3. It allocates when first asked.
func (p *problem) energies(meter *Stepper) (now, next Energy, ok bool) {
	s := p.s
	if meter.end.q == nil {
		meter.end.q, meter.end.v = make([]float64, s.m.NQ), make([]float64, s.m.NV)
	}
	end := &meter.end
	s.Store(end.q, end.v)
	if now, ok = p.energyAt(meter, s.q, s.v, s.before); ok {
		next, ok = p.energyAt(meter, end.q, end.v, s.h)
	}
	return now, next, ok
}

// energyAt returns the energy of the island in a state.
func (p *problem) energyAt(meter *Stepper, q, v []float64, before float64) (e Energy, ok bool) {
	if !meter.Load(q, v, p.s.u, p.s.h, before) || !meter.arriveAt() {
		return e, false
	}
	for _, tr := range p.parts {
		e.add(meter.energyOf(tr.Tree))
	}
	return e, true
}

// fastTurn is the turn of a joint in a step (rad) beyond which an interval carries more momentum than its velocity should:
// 6 % there, 1.6 times at 2.4, without bound towards the half turn. So every momentum has a solution, but not a true one.
const fastTurn = 2

// Fast returns the body that turns most against its parent in the step, and by how much (rad), if that is more than the
// mechanics are true for; −1 if none does.
func (s *Stepper) Fast() (body int, turn float64) {
	if body, turn = s.m.fastest(s.vNext, s.h); turn > fastTurn {
		return body, turn
	}
	return -1, fastTurn
}

// Arriving returns by how much (rad) the body that arrives fastest with the velocity v would turn against its parent in the time h.
func (m *Model) Arriving(v []float64, h float64) float64 {
	_, turn := m.fastest(v, h)
	return turn
}

// fastest returns the body that turns most against its parent in the time h, and by how much; −1 if none turns.
func (m *Model) fastest(v []float64, h float64) (body int, turn float64) {
	body = -1
	for i := range m.Bodies {
		b := &m.Bodies[i]
		w := 0.0
		for k := b.V + b.NT; k < b.V+b.NV(); k++ {
			w += v[k] * v[k]
		}
		if d := h * math.Sqrt(w); d > turn {
			body, turn = i, d
		}
	}
	return body, turn
}

// turnsFar reports whether a rotation changes its rate much. A body that floats by itself has one solution,
// unless its joint has forces of its own.
func (p *problem) turnsFar() bool {
	s := p.s
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			b := &s.m.Bodies[i]
			if b.Parent == World && b.NV() == 6 && tr.Last-tr.First == 1 && len(tr.forces) == 0 {
				continue
			}
			if s.spins(b, wildTurn) {
				return true
			}
		}
	}
	return false
}

// turnsTouching reports whether one does of bodies that touch others; of the parts of a divided step all are looked at.
func (p *problem) turnsTouching() bool {
	if p.s.h < p.s.m.Timestep {
		return len(p.meets) > 0
	}
	a, b := World, World
	for _, i := range p.meets {
		c := &p.s.meets[i]
		if c.a == a && c.b == b { // contacts of two bodies come one after the other
			continue
		}
		a, b = c.a, c.b
		if p.s.spins(&p.s.m.Bodies[c.a], meetTurn) || c.b != World && p.s.spins(&p.s.m.Bodies[c.b], meetTurn) {
			return true
		}
	}
	return false
}

// whirlTurn is the turn of a body that touches others in a step (rad) beyond which the balance, whose rates are chords
// of turns, is no judge of gains: it misses 2 % of the energy of a spin there, and two disks at 20 m/s gained 9 %
// unseen.
const whirlTurn = 0.5

// whirls reports whether one turns by that before or after the knot.
func (p *problem) whirls() bool {
	s := p.s
	for _, n := range p.meets {
		for _, i := range [2]int{s.meets[n].a, s.meets[n].b} {
			if i == World {
				continue
			}
			for k, b := s.m.Bodies[i].V+s.m.Bodies[i].NT, &s.m.Bodies[i]; k < b.V+b.NV(); k++ {
				if s.h*math.Abs(s.vNext[k]) > whirlTurn || s.h*math.Abs(s.v[k]) > whirlTurn {
					return true
				}
			}
		}
	}
	return false
}

// spins reports whether a rotation of a body's joint changes its rate so that the angle after the step is another by
// more than twice most (rad).
func (s *Stepper) spins(b *Body, most float64) bool {
	for k := b.V + b.NT; k < b.V+b.NV(); k++ {
		if !(math.Abs(s.h/2*(s.vNext[k]-s.v[k])) <= most) {
			return true
		}
	}
	return false
}

// opened returns the work of contacts and limits that start in penetration and open as they push, what soft ones return
// of what they took, and what surfaces that run carry on. Eased starts are given half a natural energy of their island
// in all; soft contacts return what was put into them, however much.
func (p *problem) opened() (work, returned, running float64) {
	s := p.s
	v := &p.solver
	for k := range p.rows {
		r := &p.rows[k]
		if r.turns() {
			_, drift := p.rebound(k)
			running += carried(drift, v.Lambda[k])
		}
		if !r.side() {
			continue
		}
		ease, bounces := r.ease, false
		switch r.kind {
		case rowTouch:
			t := &s.touches[r.at]
			ease, bounces = t.Ease, t.bounce.Share > 0
			running += carried(t.Drifts(&s.mo[s.m.Contacts[r.contact].Body]), v.Lambda[k])
		case rowMeet:
			c := &s.meets[r.contact]
			ease, bounces = c.Ease, c.bounce.Share > 0
			running += carried(c.Drifts(s.motionOf(c.a), s.motionOf(c.b)), v.Lambda[k])
		}
		// the past value of soft ones is eased already, see soft.describe
		switch push := v.Lambda[k].X / s.h; {
		case bounces: // see rebound.go
		case p.blocks[k].Compliance > 0:
			returned += push * max(0, v.U[k].X-p.blocks[k].Past.X)
		default:
			work += push * max(0, v.U[k].X-ease-p.blocks[k].Past.X)
		}
	}
	return work, returned, running
}

// carried is the most that surfaces with the given drift work by the impulse l: λ·(slide − drift), of which λ·slide only takes.
func carried(drift, l spatial.Vec) float64 {
	return max(0, -(l.X*drift.X + (l.Y*drift.Y + l.Z*drift.Z)))
}

// balance is what a step does to the energy of intervals: their kinetic energies before and after the knot, with the
// inertias there; impulses times the mean of both velocities, work that of gravity and springs, driven that of drives
// and external wrenches; and what springs and servos did of it, without signs.
type balance struct{ before, after, work, driven, sprung float64 }

func (p *problem) balance() (b balance) {
	for _, tr := range p.parts {
		p.s.balance(tr.Tree, &b)
	}
	return b
}

func (s *Stepper) balance(tr *Tree, e *balance) {
	m := s.m
	for i := tr.First; i < tr.Last; i++ {
		k, b := &s.knots[i], &m.Bodies[i]
		v0, w0 := s.rateBefore(i)
		v1, w1 := s.rateAfter(i)
		e.before += (b.Mass*spatial.Dot(v0, v0) + spatial.Dot(w0, k.inertia.MulVec(w0))) / 2
		e.after += (b.Mass*spatial.Dot(v1, v1) + spatial.Dot(w1, k.inertia.MulVec(w1))) / 2
		v, w := spatial.Scale(0.5, spatial.Add(v0, v1)), spatial.Scale(0.5, spatial.Add(w0, w1))
		e.work += s.weight * b.Mass * spatial.Dot(m.Gravity, v)
		e.driven += s.weight * (spatial.Dot(s.ext[i].Force, v) + spatial.Dot(s.ext[i].Torque, w))
	}
	e.driven += s.thrustWork(tr)
	for i := tr.V0; i < tr.V1; i++ {
		d := &m.Dofs[i]
		e.before += d.Armature * s.v[i] * s.v[i] / 2
		e.after += d.Armature * s.vNext[i] * s.vNext[i] / 2
		mean := (s.v[i] + s.vNext[i]) / 2
		if d.Stiffness != 0 {
			spring := s.sprung(i, d) * mean
			e.work += spring
			e.sprung += math.Abs(spring)
		}
		drive := s.driven(i, d) * mean
		if e.driven += drive; d.Drive == Servo {
			e.sprung += math.Abs(drive)
		}
	}
}

// rateBefore returns velocity of the center of mass and angular velocity of body i before the knot.
func (s *Stepper) rateBefore(i int) (v, w spatial.Vec) {
	k := &s.knots[i]
	if s.instant {
		t := &s.rates[i]
		return spatial.Add(t.Lin, spatial.Cross(t.Ang, k.r2)), t.Ang
	}
	past := &s.past[i]
	v = spatial.Scale(-1/s.hPast, spatial.Add(past.Dx, past.Displace(k.carm)))
	return v, spatial.Scale(-2/s.hPast, past.Spin())
}

// rateAfter is rateBefore for the interval behind the knot, meanRate the mean of both.
func (s *Stepper) rateAfter(i int) (v, w spatial.Vec) {
	mo := &s.mo[i]
	return spatial.Scale(1/s.h, spatial.Add(mo.Dx, mo.Displace(s.knots[i].carm))), spatial.Scale(2/s.h, mo.Spin())
}

func (s *Stepper) meanRate(i int) (v, w spatial.Vec) {
	v0, w0 := s.rateBefore(i)
	v1, w1 := s.rateAfter(i)
	return spatial.Scale(0.5, spatial.Add(v0, v1)), spatial.Scale(0.5, spatial.Add(w0, w1))
}

// driven returns the impulse of the drive on dof i.
func (s *Stepper) driven(i int, d *Dof) (impulse float64) {
	b := &s.m.Bodies[d.Body]
	switch d.Drive {
	case Torque:
		f, _ := s.torque(i)
		impulse = s.weight * f
	case Servo:
		f := 0.0
		if r := b.ball(); s.balls[i] {
			e := bend(s.fromTarget(r, s.ballPose(r, s.vNext, s.h)))
			f = -d.Kp * [3]float64{e.X, e.Y, e.Z}[i-r]
		} else {
			f = d.Kp * (s.u[d.Input] - s.position(i))
		}
		impulse = s.weight * max(-d.Effort, min(d.Effort, f))
	}
	return impulse
}

// sprung returns the impulse of the spring on dof i.
func (s *Stepper) sprung(i int, d *Dof) float64 {
	if r := s.m.Bodies[d.Body].ball(); s.balls[i] {
		e := s.ballStretch(r)
		return -d.Stiffness * [3]float64{e.X, e.Y, e.Z}[i-r]
	}
	return -d.Stiffness * s.stretch(i)
}
