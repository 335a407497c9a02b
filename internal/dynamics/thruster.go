package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// Thruster pushes a body along axes that are fixed in it: a rotor with the torque that it leaves behind, a jet. The
// input times Force acts at Point, the input times Torque besides, both at knot 2 for the weight of the step, as
// external wrenches do. Inputs of thrusters come after those of joints.
type Thruster struct {
	Body          int
	Point         spatial.Vec // body axes (m)
	Force, Torque spatial.Vec // per unit of input, body axes
	Lower, Upper  float64     // of the input, which is clamped to them; ±Inf when there are none
}

// ThrustInput returns the input of thruster i.
func (m *Model) ThrustInput(i int) int { return m.NU - len(m.Thrusters) + i }

// throttle returns the input of thruster i within its limits, and whether it follows.
func (s *Stepper) throttle(i int) (u float64, follows bool) {
	t, u := &s.m.Thrusters[i], s.u[s.m.ThrustInput(i)]
	switch {
	case u < t.Lower:
		return t.Lower, false
	case u > t.Upper:
		return t.Upper, false
	}
	return u, true
}

// gear returns the impulse about O that an input u would give at thruster i.
func (s *Stepper) gear(i int, u float64) (w spatial.Wrench) {
	t := &s.m.Thrusters[i]
	k := &s.knots[t.Body]
	u *= s.weight
	w.Torque = spatial.Scale(u, k.rot.MulVec(t.Torque))
	addForce(&w, spatial.Scale(u, k.rot.MulVec(t.Force)), spatial.Add(k.pos, k.rot.MulVec(t.Point)))
	return w
}

// thrust returns the impulse of thruster i about O.
func (s *Stepper) thrust(i int) spatial.Wrench {
	u, _ := s.throttle(i)
	return s.gear(i, u)
}

// propel adds the impulses of the thrusters to what bodies bring to their balance.
func (s *Stepper) propel() {
	for i := range s.m.Thrusters {
		subWrench(&s.knots[s.m.Thrusters[i].Body].base, s.thrust(i))
	}
}

// thrustStart adds to the derivatives of balances by twists at knot 2 that the impulses of thrusters turn and move with their bodies:
// force ω×f, torque v×f + ω×τ.
func (s *Stepper) thrustStart(l *linear, tr *Tree) {
	for i := range s.m.Thrusters {
		if b := s.m.Thrusters[i].Body; b >= tr.First && b < tr.Last {
			w := s.thrust(i)
			f, t := skew(w.Force), skew(w.Torque)
			addBlock(&l.a2[b], 0, 3, &f)
			addBlock(&l.a2[b], 3, 0, &f)
			addBlock(&l.a2[b], 3, 3, &t)
		}
	}
}

// pushThrust adds what changes du of the inputs do to the balances.
func (p *problem) pushThrust(du []float64) {
	s := p.s
	for i := range s.m.Thrusters {
		b := s.m.Thrusters[i].Body
		if _, follows := s.throttle(i); follows && du != nil && p.has(s.m.Bodies[b].Tree) {
			subWrench(&s.tree.Bias[b], s.gear(i, du[s.m.ThrustInput(i)]))
		}
	}
}

// pullThrust takes the adjoint's twists back to the inputs.
func (p *problem) pullThrust(ou []float64) {
	s := p.s
	for i := range s.m.Thrusters {
		b := s.m.Thrusters[i].Body
		if _, follows := s.throttle(i); follows && p.has(s.m.Bodies[b].Tree) {
			w := s.gear(i, 1)
			ou[s.m.ThrustInput(i)] += s.tree.Twist[b].Power(&w)
		}
	}
}

// The numbers of a thruster, as components of ParamThruster: its point, force, torque (three each) and limits.
const (
	thrustForce  = 3
	thrustTorque = 6
	thrustLower  = 9
	thrustUpper  = 10

	// ThrusterParams is how many there are.
	ThrusterParams = 11
)

func (t *Thruster) param(c int) *float64 {
	switch {
	case c < thrustForce:
		return axisOf(&t.Point, c)
	case c < thrustTorque:
		return axisOf(&t.Force, c-thrustForce)
	case c < thrustLower:
		return axisOf(&t.Torque, c-thrustTorque)
	case c == thrustLower:
		return &t.Lower
	}
	return &t.Upper
}

// perturbThruster stores what a unit of number c of thruster i does to the balance of its body.
func (p *problem) perturbThruster(i, c int) {
	s := p.s
	t := &s.m.Thrusters[i]
	k, bias := &s.knots[t.Body], &s.tree.Bias[t.Body]
	u, follows := s.throttle(i)
	if c >= thrustLower {
		if at := *t.param(c); !follows && u == at {
			*bias = s.gear(i, -1)
		}
		return
	}
	var e spatial.Vec
	*axisOf(&e, c%3) = -s.weight * u
	e = k.rot.MulVec(e)
	switch {
	case c < thrustForce:
		bias.Torque = spatial.Cross(e, k.rot.MulVec(t.Force))
	case c < thrustTorque:
		addForce(bias, e, spatial.Add(k.pos, k.rot.MulVec(t.Point)))
	default:
		bias.Torque = e
	}
}

// thrustWork returns the work of the thrusters of a tree in the step, their impulses times the mean of both velocities.
func (s *Stepper) thrustWork(tr *Tree) (work float64) {
	for i := range s.m.Thrusters {
		b := s.m.Thrusters[i].Body
		if b < tr.First || b >= tr.Last {
			continue
		}
		w := s.thrust(i)
		v, spin := s.meanRate(b)
		work += spatial.Dot(w.Force, v) + spatial.Dot(spatial.Sub(w.Torque, spatial.Cross(s.knots[b].r2, w.Force)), spin)
	}
	return work
}
