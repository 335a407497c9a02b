package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Forces are cotangents of the impulses of a step: of every contact's (world axes) and of every joint's (force, and
// torque about the body frame origin at the start of the step, world axes), as [Stepper.ContactTangent] and
// [Stepper.JointTangent] order their tangents. nil is zero.
type Forces struct {
	Contacts []spatial.Vec  // with half-spaces
	Meetings []MeetingForce // between colliders, sorted by key; those that the step does not have are ignored
	Joints   []spatial.Wrench
	Loops    []spatial.Wrench // as [Stepper.LoopTangent] orders them
}

// The tangents of impulses are, with t₁, t₂, t₃ the twists of the bodies at the knots, b the direct change of a body's
// wrench (A₁t₁ + A₂t₂, or what a parameter does) and r that of a contact's multiplier,
//
//	contact   dp = −(n, t₁, t₂)(W G₃ t₃ + r) + dp of turned directions
//	joint     dF = Σ (b + A₃ t₃)_F over its subtree,   dT = Σ (b + A₃ t₃)_T − x × dF − dx × F,   dx = t₂ at x
//
// Transposed, a joint's cotangent (F̄, T̄) is the twist e = (F̄ + x×T̄, T̄) on what its subtree sums up, so a body's
// b and A₃t₃ feel the sum E of those of its joint and all above it: one sweep down the tree. A contact's feels G₃ᵀWᵀ
// of its components. What A₃ᵀE and G₃ᵀWᵀ leave on t₃ joins the right-hand side of the adjoint solve, as a wrench
// on each body; its solution Z says what a change of b does to y, so b's whole cotangent is E − Z.

// lift holds what the cotangents of a step's impulses leave on its motion, per body.
type lift struct {
	forces   Forces           // at hand
	any      bool             // whether there are some
	sum      []spatial.Twist  // E
	arm      []spatial.Wrench // on t₂, by the arms of the joints' torques
	at1, at2 []spatial.Wrench // on t₁, and on t₂, that of arms included
	at3      []spatial.Wrench // and on t₃
}

// ForceVJP is VJP with cotangents f of the step's impulses besides: it stores yᵀ∂next + fᵀ∂impulses.
func (s *Stepper) ForceVJP(oq, ov, ou, gq, gv []float64, f Forces) {
	clear(ou)
	s.liftForces(f)
	for _, p := range s.islands {
		p.adjoint(gq, gv)
		p.pullBack(oq, ov, ou, gv)
	}
}

// ParamForceVJP is ParamVJP with cotangents f of the step's impulses besides.
func (s *Stepper) ParamForceVJP(out []float64, params []Param, gq, gv []float64, f Forces) {
	s.liftForces(f)
	for _, pr := range s.islands {
		pr.adjoint(gq, gv)
		copy(s.lin.z, s.tree.X)
		copy(s.lin.zt, s.tree.Twist)
		for n, p := range params {
			if pr.stay(); !pr.perturb(p) { // only some parameters move bodies at knot 2
				continue
			}
			for _, tr := range pr.parts {
				for i := tr.First; i < tr.Last; i++ {
					out[n] -= s.lin.zt[i].Power(&s.tree.Bias[i])
				}
				for i := tr.V0; i < tr.V1; i++ {
					out[n] -= s.lin.z[i] * s.tree.RHS[i]
					if p.Kind == ParamTimestep {
						out[n] -= s.growth.Step * gv[i] * s.vNext[i] / s.h
					}
				}
			}
			out[n] += pr.liftDirect() - pr.closuresPower()
		}
	}
}

// liftForces takes the cotangents of the impulses and finds what they leave on the motion of every body.
func (s *Stepper) liftForces(f Forces) {
	l := &s.lin.lift
	l.forces, l.any = f, f.Contacts != nil || f.Meetings != nil || f.Joints != nil || f.Loops != nil
	if !l.any {
		return
	}
	if l.sum == nil {
		nb := len(s.m.Bodies)
		l.sum, l.arm = make([]spatial.Twist, nb), make([]spatial.Wrench, nb)
		l.at1, l.at2, l.at3 = make([]spatial.Wrench, nb), make([]spatial.Wrench, nb), make([]spatial.Wrench, nb)
	}
	clear(l.sum)
	clear(l.arm)
	clear(l.at1)
	clear(l.at3)
	for i := range f.Joints {
		w, x, e := &f.Joints[i], s.knots[i].pos, &l.sum[i]
		e.Lin, e.Ang = spatial.Add(w.Force, spatial.Cross(x, w.Torque)), w.Torque
		if p := s.m.Bodies[i].Parent; p != World {
			e.Lin, e.Ang = spatial.Add(e.Lin, l.sum[p].Lin), spatial.Add(e.Ang, l.sum[p].Ang)
		}
		s.lin.a3[i].TMulTwist(&l.at3[i], e)
		addForce(&l.arm[i], spatial.Cross(w.Torque, s.lin.sum[i].Force), x)
	}
	copy(l.at2, l.arm)
	for _, p := range s.islands {
		for n := p.joints; n < p.met; n++ {
			r := &p.rows[n]
			c, b := s.touchOf(r)
			a := (*spatial.Mat3)(&p.w[n]).TMulVec(p.liftRow(n))
			addWrench(&l.at3[b], &c.g, a, 1)
			addWrench(&l.at2[b], &s.lin.touches[r.at].g2, a, 1)
			if c.bounce.Share > 0 {
				addWrenchTo(&l.at1[b], s.lin.touches[r.at].g1.Scaled(a.X))
			}
		}
		for n := p.met; n < p.shut; n++ {
			p.liftMeet(n)
		}
		for n := p.shut; n < len(p.rows); n++ {
			p.liftClosure(n)
		}
	}
}

// cotangent returns that of the impulse of the contact of row r. It alone knows how Forces orders contacts.
func (s *Stepper) cotangent(r *row) spatial.Vec {
	l := &s.lin.lift
	switch {
	case r.kind == rowMeet:
		if i, ok := FindMeeting(l.forces.Meetings, s.key(&s.meets[r.contact])); ok {
			return l.forces.Meetings[i].Impulse
		}
	case l.forces.Contacts != nil:
		return l.forces.Contacts[r.contact]
	}
	return spatial.Vec{}
}

// liftRow returns the cotangent of the direct change of row n, which is minus that of its multiplier.
func (p *problem) liftRow(n int) spatial.Vec {
	c := p.s.cotangent(&p.rows[n])
	along := func(n, t1, t2 spatial.Vec) spatial.Vec {
		return spatial.Vec{X: -spatial.Dot(c, n), Y: -spatial.Dot(c, t1), Z: -spatial.Dot(c, t2)}
	}
	if n >= p.met {
		t := p.meetOf(n)
		if t.Mode != gap.Slide { // its torque is no part of the impulse
			return along(t.N, spatial.Vec{}, spatial.Vec{})
		}
		return along(t.N, t.T1, t.T2)
	}
	t, _ := p.s.touchOf(&p.rows[n])
	if t.Mode != gap.Slide {
		return along(t.N, spatial.Vec{}, spatial.Vec{})
	}
	return along(t.N, t.T1, t.T2)
}

// liftBias stores the bodies' part of the right-hand side of the adjoint solve.
func (p *problem) liftBias() {
	s, l := p.s, &p.s.lin.lift
	for _, tr := range p.parts {
		clear(s.tree.Bias[tr.First:tr.Last])
		for i := tr.First; i < tr.Last && l.any; i++ {
			s.tree.Bias[i] = l.at3[i].Scaled(-1)
		}
	}
}

// lower makes the twists of the adjoint, Z, the cotangents −(E − Z) of the wrenches' direct changes.
func (p *problem) lower() {
	s, l := p.s, &p.s.lin.lift
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last && l.any; i++ {
			addTwist(&s.tree.Twist[i], -1, &l.sum[i])
		}
	}
}

// liftStart adds what impulses feel directly of the bodies' motions at knots 1 and 2 to what is pulled back there.
func (p *problem) liftStart() {
	l := &p.s.lin.lift
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last && l.any; i++ {
			subWrench(&p.s.lin.pull1[i], l.at1[i])
			w := &p.s.lin.pull2[i]
			w.Force, w.Torque = spatial.Sub(w.Force, l.at2[i].Force), spatial.Sub(w.Torque, l.at2[i].Torque)
		}
	}
}

// liftDirect returns what the last perturb does to the impulses at a fixed motion, bodies' wrenches aside.
func (p *problem) liftDirect() (sum float64) {
	s, l := p.s, &p.s.lin.lift
	if !l.any {
		return 0
	}
	for n := p.joints; n < p.shut; n++ {
		df, i := spatial.Vec{}, p.rows[n].contact
		if n >= p.met {
			df = s.lin.meets[i].df
		} else {
			df = s.lin.touches[p.rows[n].at].df
		}
		sum += spatial.Dot(p.liftRow(n), s.lin.rows[p.first+n]) + spatial.Dot(s.cotangent(&p.rows[n]), df)
	}
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			sum += s.lin.t2[i].Power(&l.arm[i])
		}
	}
	return sum + p.liftDirections()
}
