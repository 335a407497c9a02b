package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// ContactReport is what one contact did in a step.
type ContactReport struct {
	Active  bool        // whether it took part in the step
	Impulse spatial.Vec // on the body, world axes (N s)
	Turn    spatial.Vec // angular impulse on it about Point, of what resists turning, world axes (N m s)
	Point   spatial.Vec // where it acts, world coordinates at the start of the step (m)
	Gap     float64     // at the end of the step (m)
	Slide   float64     // sliding speed over the step (m/s)
	Far     bool        // it was too far to take part, and Gap is left out: see FarGaps
}

// Contacts adds the impulses of contacts with half-spaces of the step just solved to the reports and stores the rest into them.
func (s *Stepper) Contacts(dst []ContactReport) {
	for i := range dst {
		dst[i].Active, dst[i].Far, dst[i].Slide = false, true, 0
	}
	for t := range s.parts {
		for _, i := range s.parts[t].near {
			c, mo := &s.touches[i], &s.mo[s.m.Contacts[i].Body]
			if dst[i].Far, dst[i].Active = false, c.on; c.on {
				continue
			}
			dst[i].Gap, _, _ = c.Eval(mo, 1/s.h)
			dst[i].Gap -= c.Ease + c.Blunted(mo)
		}
	}
	for _, p := range s.islands {
		v := &p.solver
		for k := p.joints; k < p.met; k++ {
			i, u := p.rows[k].contact, v.U[k]
			c, d := &s.touches[p.rows[k].at], &dst[i]
			if p.rows[k].turns() {
				d.Turn = spatial.Add(d.Turn, torqueOf(&c.Wrenches, v.Lambda[k]))
				continue
			}
			d.Impulse = spatial.Add(d.Impulse, c.force(v.Lambda[k]))
			d.Point = spatial.Add(s.o[s.treeOf(&p.rows[k])], spatial.Add(c.P, c.Reach))
			d.Gap = u.X - c.Ease - p.roomOf(&p.rows[k]) - c.Blunted(&s.mo[s.m.Contacts[i].Body])
			d.Slide = math.Sqrt(u.Y*u.Y + u.Z*u.Z)
		}
	}
}

// torqueOf returns Nᵀλ of rows that only turn.
func torqueOf(n *[3]spatial.Wrench, l spatial.Vec) spatial.Vec {
	return spatial.AddScaled(spatial.AddScaled(spatial.Scale(l.X, n[0].Torque), l.Y, n[1].Torque), l.Z, n[2].Torque)
}

// JointImpulses adds to dst the impulse that each joint transmitted to its body in the step just solved:
// force and torque about the body frame origin at the start of the step, world axes. It includes what
// drives and limits do along the free motions.
func (s *Stepper) JointImpulses(dst []spatial.Wrench) {
	for i := range s.m.Bodies {
		w, x := &s.sums[i], s.knots[i].pos
		dst[i].Force = spatial.Add(dst[i].Force, w.Force)
		dst[i].Torque = spatial.Add(dst[i].Torque, spatial.Sub(w.Torque, spatial.Cross(x, w.Force)))
	}
}

// DriveImpulses adds to dst (length NU) the impulse of each drive in the step just solved: what a torque input is after
// its effort limit, what a servo does, the input of a thruster within its limits. The row of a servo with a limit holds
// it; of others it is the force that the step itself took.
func (s *Stepper) DriveImpulses(dst []float64) {
	for i := range s.m.Thrusters {
		u, _ := s.throttle(i)
		dst[s.m.ThrustInput(i)] += s.weight * u
	}
	for i := range s.m.Dofs {
		d := &s.m.Dofs[i]
		switch {
		case d.Drive == Torque:
			f, _ := s.torque(i)
			dst[d.Input] += s.weight * f
		case d.unbounded() && s.balls[i]:
			r := s.m.Bodies[d.Body].ball()
			e := bend(s.fromTarget(r, s.ballPose(r, s.vNext, s.h)))
			dst[d.Input] -= s.weight * (d.Kp*[3]float64{e.X, e.Y, e.Z}[i-r] + d.Kd*s.vNext[i])
		case d.unbounded():
			dst[d.Input] -= s.weight * (d.Kp*(s.position(i)-s.u[d.Input]) + d.Kd*s.vNext[i])
		}
	}
	for _, p := range s.islands {
		for k := range p.joints {
			r := &p.rows[k]
			if r.kind != rowServo {
				continue
			}
			lam := p.solver.Lambda[k]
			dst[s.m.Dofs[r.dof].Input] += lam.X
			if r.ball {
				dst[s.m.Dofs[r.dof+1].Input] += lam.Y
				dst[s.m.Dofs[r.dof+2].Input] += lam.Z
			}
		}
	}
}

// listed returns where the reports list the contact of r, after those with half-spaces where it is a meeting; −1 on a joint.
func (s *Stepper) listed(r *row) int {
	if r.kind == rowMeet {
		return len(s.m.Contacts) + r.contact
	}
	return r.contact
}

// PairOf returns the colliders of a contact that the reports of the step at hand list after those with half-spaces.
func (s *Stepper) PairOf(contact int) Pair { return s.m.Pairs[s.meets[contact-len(s.m.Contacts)].pair] }

// Worst names the row or dof with the largest violation of the last solve: a contact as the reports list it, or a dof
// index, the other −1.
func (s *Stepper) Worst() (contact, dof int) {
	p := s.islands[max(0, slices.IndexFunc(s.islands, func(p *problem) bool { return p.result.Status != ipm.Solved }))]
	v := &p.solver
	contact, dof = -1, -1
	worst := -1.0
	for _, tr := range p.parts {
		for i := tr.V0; i < tr.V1; i++ {
			if e := math.Abs(s.res[i]) * s.perMomentum[i]; e > worst || math.IsNaN(e) {
				worst, dof = e, i
			}
		}
	}
	if len(v.U) < len(p.rows) {
		return contact, dof
	}
	for k := range p.rows {
		if e := v.Violation(k); e > worst {
			worst, contact, dof = e, s.listed(&p.rows[k]), p.rows[k].dof
		}
	}
	return contact, dof
}

// WorstLoop returns the loop of the last solve with the largest violation, −1 if one of another kind is larger; and the loop that
// the step at hand begins with farthest open, −1 if all are closed.
func (s *Stepper) WorstLoop() (loop, open int) {
	loop, open = -1, -1
	p := s.islands[max(0, slices.IndexFunc(s.islands, func(p *problem) bool { return p.result.Status != ipm.Solved }))]
	worst := 0.0
	for k := range p.rows {
		if len(p.solver.U) < len(p.rows) {
			break
		}
		if e := p.solver.Violation(k); e > worst {
			if worst, loop = e, -1; p.rows[k].kind == rowEqual {
				loop = s.closureOf(&p.rows[k]).loop
			}
		}
	}
	worst = 0
	for i := range s.closures {
		c := &s.closures[i]
		if e := spatial.Norm(c.start) / s.sizeOf(c); e > worst && c.open {
			worst, open = e, c.loop
		}
	}
	return loop, open
}

// SetWrench sets the external force and torque at the center of mass of body i for the steps to come.
func (s *Stepper) SetWrench(i int, w spatial.Wrench) { s.ext[i] = w }
