package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Forces are cotangents of the impulses of a step: of every contact's (world axes, and what resists turning) and of every joint's (force, and
// torque about the body frame origin at the start of the step, world axes), as [Stepper.ContactTangent] and
// [Stepper.JointTangent] order their tangents. nil is zero.
type Forces struct {
	Contacts []spatial.Wrench // with half-spaces
	Meetings []MeetingForce   // between colliders, sorted by key; those that the step does not have are ignored
	Joints   []spatial.Wrench
	Loops    []spatial.Wrench // as [Stepper.LoopTangent] orders them
}

// The tangents of impulses are, with t₁, t₂, t₃ the twists of the bodies at the knots, b the direct change of a body's
// wrench (A₁t₁ + A₂t₂, or what a parameter does) and r that of a contact's multiplier,
//
//	contact   dp = (n, t₁, t₂) dλ + dp of turned directions
//	joint     dF = Σ (b + A₃ t₃ − Nᵀdλ)_F over its subtree,   dT = Σ (…)_T − x × dF − dx × F,   dx = t₂ at x
//
// Transposed, a joint's cotangent (F̄, T̄) is the twist e = (F̄ + x×T̄, T̄) on what its subtree sums up, so a body's b
// and A₃t₃, and what rows bring to it, −Nᵀdλ, feel the sum E of those of its joint and all above it: one sweep down the
// tree. A₃ᵀE joins the right-hand side of the adjoint solve, as a wrench on each body, and −N E the cotangents of the
// multipliers. The solution Z says what a change of b does to y, so b's whole cotangent is E − Z.

// lift holds what the cotangents of a step's impulses leave on its motion, per body.
type lift struct {
	forces Forces           // at hand
	any    bool             // whether there are some
	sum    []spatial.Twist  // E
	arm    []spatial.Wrench // on t₂, by the arms of the joints' torques
	at2    []spatial.Wrench // on t₂, that of arms included, by what turns
	at3    []spatial.Wrench // and on t₃
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
		pr.follows(&s.lin.pulled, 0, pr.ownRowsFrom())
		copy(s.lin.z, s.tree.X)
		copy(s.lin.zt, s.tree.Twist)
		copy(s.lin.nu, s.dnu)
		for n, p := range params {
			if pr.stay(); !pr.perturb(p) { // only some parameters move bodies at knot 2
				continue
			}
			if pr.mayOpen(p) {
				if pr.respondTo(p); pr.parted {
					out[n] += pr.along(gq, gv)
					continue
				}
				pr.stay()
				pr.perturb(p)
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
			for k, i := range pr.mimics {
				out[n] += s.lin.nu[i] * pr.mimic.c[k]
			}
			out[n] += pr.rowsPower() + pr.liftDirect()
		}
	}
}

// along returns the product of the cotangents at hand with the tangent at hand, forces of joints and loops aside.
func (p *problem) along(gq, gv []float64) (sum float64) {
	s := p.s
	for _, tr := range p.parts {
		for i := tr.V0; i < tr.V1; i++ {
			sum += gq[i]*s.tree.X[i] + gv[i]*s.dv[i]
		}
	}
	for n := p.joints; n < p.shut && s.lin.lift.any; n++ {
		e, d := s.cotangent(&p.rows[n]), p.contactTangent(n)
		sum += e.Power(&d)
	}
	return sum
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
		l.at2, l.at3 = make([]spatial.Wrench, nb), make([]spatial.Wrench, nb)
	}
	clear(l.sum)
	clear(l.arm)
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
		for n := p.met; n < p.shut; n++ {
			p.liftMeet(n)
		}
	}
}

// cotangent returns that of the impulse of row r of a contact: a twist with one half. It alone knows how Forces orders contacts.
func (s *Stepper) cotangent(r *row) spatial.Twist {
	l, w := &s.lin.lift, spatial.Wrench{}
	switch {
	case r.kind == rowMeet:
		if i, ok := FindMeeting(l.forces.Meetings, s.key(&s.meets[r.contact])); ok {
			w = l.forces.Meetings[i].Impulse
		}
	case l.forces.Contacts != nil:
		w = l.forces.Contacts[r.contact]
	}
	if r.turns() {
		return spatial.Twist{Ang: w.Torque}
	}
	return spatial.Twist{Lin: w.Force}
}

// liftRow returns the cotangent of the multiplier of row n: of its impulse, and of what that brings to the joints' sums.
func (p *problem) liftRow(n int) (e spatial.Vec) {
	s, l := p.s, &p.s.lin.lift
	switch r := &p.rows[n]; r.kind {
	case rowTouch:
		t, b := s.touchOf(r)
		return spatial.Sub(along(s.cotangent(r), &t.Wrenches, t.N, t.T1, t.T2), powers(&t.Wrenches, &l.sum[b]))
	case rowMeet:
		c := p.meetOf(n)
		return spatial.Sub(along(s.cotangent(r), &c.Wrenches, c.N, c.T1, c.T2), c.sums(l.sum))
	case rowEqual:
		return spatial.Sub(p.liftLoop(n), s.closureOf(r).sums(l.sum))
	}
	return e
}

// along returns the products of a cotangent of a contact's impulse with its unit impulses: the force along normal and
// tangents, the torques w of what turns. Arms are no part of either.
func along(e spatial.Twist, w *[3]spatial.Wrench, n, t1, t2 spatial.Vec) spatial.Vec {
	if e.Ang != (spatial.Vec{}) {
		return powers(w, &e)
	}
	return spatial.Vec{X: spatial.Dot(e.Lin, n), Y: spatial.Dot(e.Lin, t1), Z: spatial.Dot(e.Lin, t2)}
}

// liftBias stores the bodies' and the rows' part of the cotangent d.
func (p *problem) liftBias(d *change) {
	l := &p.s.lin.lift
	for _, tr := range p.parts {
		clear(d.wrench[tr.First:tr.Last])
		for i := tr.First; i < tr.Last && l.any; i++ {
			d.wrench[i] = l.at3[i].Scaled(-1)
		}
	}
	clear(d.k[p.first:][:len(p.rows)])
	for n := p.joints; n < len(p.rows) && l.any; n++ {
		d.k[p.first+n] = p.liftRow(n)
	}
	if l.any && p.shut < len(p.rows) {
		p.shed(d.k[p.first+p.shut:][:len(p.rows)-p.shut], p.w[p.shut:len(p.rows)], pulled, articulated.Transposed)
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

// liftStart adds what impulses feel directly of the bodies' motions at knot 2 to what is pulled back there.
func (p *problem) liftStart() {
	l := &p.s.lin.lift
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last && l.any; i++ {
			subWrench(&p.s.lin.pull2[i], l.at2[i])
		}
	}
}

// rowsPower returns what the last perturb does by the rows.
func (p *problem) rowsPower() (sum float64) {
	l := p.s.lin
	for n := p.first; n < p.first+len(p.rows); n++ {
		sum += spatial.Dot(l.eta[n], l.direct.k[n]) - spatial.Dot(l.zeta[n], l.direct.du[n])
	}
	return sum
}

// liftDirect returns what the last perturb does to the impulses at a fixed motion and fixed multipliers, bodies' wrenches aside.
func (p *problem) liftDirect() (sum float64) {
	s, l := p.s, &p.s.lin.lift
	if !l.any {
		return 0
	}
	for n := p.joints; n < p.shut; n++ {
		df, r := spatial.Vec{}, &p.rows[n]
		if n >= p.met {
			df = s.lin.meets[r.contact].df
		} else {
			df = s.lin.touches[r.at].df
		}
		e := s.cotangent(r)
		sum += spatial.Dot(spatial.Add(e.Lin, e.Ang), df) // one half of it is zero
	}
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			sum += s.lin.t2[i].Power(&l.arm[i])
		}
	}
	return sum + p.liftDirections()
}
