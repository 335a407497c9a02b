package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Interval returns the motions of all bodies over the time h at joint velocities v, seen from knot 2.
func (s *Stepper) Interval(v []float64, h float64) ([]spatial.Motion, bool) {
	dst := make([]spatial.Motion, len(s.m.Bodies))
	for t := range s.m.Trees {
		if !s.interval(dst, &s.m.Trees[t], v, h) {
			return nil, false
		}
	}
	return dst, true
}

// Screws returns the motions of the degrees of freedom at knots 2 and 3, of Probe.Set and Values.
func (s *Stepper) Screws() (at2, at3 []spatial.Twist) {
	for t := range s.m.Trees {
		s.screws(&s.m.Trees[t])
	}
	return append(at2, s.tree.Screw2...), s.allScrews3()
}

func (s *Stepper) allScrews3() (at3 []spatial.Twist) {
	var room [6]spatial.Twist
	for i := range s.m.Bodies {
		at3 = append(at3, s.screws3(&room, i)...)
	}
	return at3
}

// PastScrews returns the motions of bodies at knot 1 per unit of each coordinate at knot 2 and of each velocity; at an instant, minus
// what each changes of the bodies' twists beyond carrying them along.
func (s *Stepper) PastScrews() (byQ, byV []spatial.Twist) {
	l := s.newLinear()
	for t := range s.m.Trees {
		s.pastScrews(l, &s.m.Trees[t])
	}
	return l.screwQ, l.screwV
}

// Rates returns the twists of the bodies about O of a state that is loaded at an instant.
func (s *Stepper) Rates() []spatial.Twist { return append([]spatial.Twist(nil), s.rates...) }

// Origin returns the reference point O of the tree of body i, in world coordinates.
func (s *Stepper) Origin(i int) spatial.Vec { return s.o[s.m.Bodies[i].Tree] }

// VelocityChange and StartVelocityChange return the change of v⁺ for a tangent at knot 3, and at knot 2 with the other held
// fixed; VelocityPull and StartVelocityPull their transposes, StartVelocity a column.
func (s *Stepper) VelocityChange(dq []float64) []float64 {
	dv := make([]float64, s.m.NV)
	for t := range s.probs {
		s.probs[t].velocityChange(dv, dq)
	}
	return dv
}

func (s *Stepper) VelocityPull(g []float64) []float64 {
	y := make([]float64, s.m.NV)
	for t := range s.probs {
		s.probs[t].velocityPull(y, g)
	}
	return y
}

func (s *Stepper) StartVelocityChange(dq []float64) []float64 {
	dv := make([]float64, s.m.NV)
	for i := range s.m.Bodies {
		s.startVelocityChange(&s.m.Bodies[i], dv, dq)
	}
	return dv
}

func (s *Stepper) StartVelocityPull(g []float64) []float64 {
	o := make([]float64, s.m.NV)
	for i := range s.m.Bodies {
		s.startVelocityPull(&s.m.Bodies[i], o, g)
	}
	return o
}

func (s *Stepper) StartVelocity(k int) []float64 {
	dv := make([]float64, s.m.NV)
	s.startVelocity(&s.m.Bodies[s.m.Dofs[k].Body], k, dv)
	return dv
}

// Forces returns the joints' own forces on the degrees of freedom.
func (p Probe) Forces() []float64 {
	p.p.jointForces()
	return append([]float64(nil), p.p.s.rj...)
}

// ForcesByKnot3 returns their derivative by the tangent of degree of freedom k at knot 3.
func (p Probe) ForcesByKnot3(k int) []float64 {
	s := p.p.s
	for i := range s.tree.Ball {
		s.tree.Ball[i] = spatial.Mat3{}
	}
	p.p.jointSlopes()
	return s.jointColumn(k, s.tree.D, s.tree.Ball)
}

// ForcesByStart returns their derivatives by coordinate k at knot 2 (knots 1 and 3 moved and held as the state says), by velocity
// k, and by the input of degree of freedom k.
func (p Probe) ForcesByStart(k int) (byQ, byV, byU []float64) {
	s := p.p.s
	l := s.newLinear()
	for i := range s.m.Bodies {
		b := &s.m.Bodies[i]
		for k := b.V; k < b.V+b.scalars(); k++ {
			s.axisStart(l, k)
		}
		if k := b.ball(); k >= 0 {
			s.ballStart(l, k)
		}
	}
	byU = s.jointColumn(k, l.ju, l.ballU)
	if s.m.Ball(k) && s.m.Dofs[k].Drive == Torque {
		byU[k] = l.ju[k]
	}
	return s.jointColumn(k, l.jq, l.ballQ), s.jointColumn(k, l.jv, l.ballV), byU
}

// jointColumn returns column k of a matrix that is diagonal on scalar degrees of freedom and 3×3 on spherical rotations.
func (s *Stepper) jointColumn(k int, diag []float64, ball []spatial.Mat3) []float64 {
	col := make([]float64, s.m.NV)
	if !s.m.Ball(k) {
		col[k] = diag[k]
		return col
	}
	b := s.m.Dofs[k].Body
	r := s.m.Bodies[b].ball()
	addTo(col[r:], 1, ball[b].Col(k-r))
	return col
}

// ForcesByParam and ForcesByTime return their derivatives by a property of degree of freedom i, and as step and interval before grow,
// the configurations at all knots held fixed.
func (p Probe) ForcesByParam(kind ParamKind, i int) []float64 {
	s := p.p.s
	clear(s.tree.RHS)
	s.jointByParam(kind, i)
	return append([]float64(nil), s.tree.RHS...)
}

func (p Probe) ForcesByTime(t Lengths) []float64 {
	s := p.p.s
	clear(s.tree.RHS)
	s.forcesByTime(p.p.parts[0].Tree, t)
	return append([]float64(nil), s.tree.RHS...)
}

// Balances returns what is left of every body's balance of momentum without contacts, as wrenches about the world's origin.
func (p Probe) Balances() []spatial.Wrench {
	p.p.bodyResidual()
	w := append([]spatial.Wrench(nil), p.p.s.wrench...)
	for i := range w {
		w[i] = p.p.s.AtWorld(i, w[i])
	}
	return w
}

// BodyMatrices returns the derivatives of the balance of body i by its twist about O at knots 1, 2 and 3, after Linearize of a
// model without contacts.
func (s *Stepper) BodyMatrices(i int) (a1, a2, a3 spatial.Mat6) {
	return s.lin.a1[i], s.lin.a2[i], s.lin.a3[i]
}

// PushState returns the change of the tree's equations F and, minus, of the rows' multipliers, for a tangent of the state and the
// input at fixed knot 3; PerturbBy the same for a parameter. Multipliers change with it, so F has the part NᵀW du.
func (p Probe) PushState(dq, dv, du []float64) (f []float64, rows []spatial.Vec) {
	p.p.still()
	p.p.clearForce()
	p.p.pushState(dq, dv, du)
	return p.gathered()
}

func (p Probe) PerturbBy(par Param) (f []float64, rows []spatial.Vec) {
	p.p.still()
	if !p.p.perturb(par) {
		return make([]float64, p.p.parts[0].V1-p.p.parts[0].V0+len(p.p.mimics)), make([]spatial.Vec, p.n)
	}
	return p.gathered()
}

// gathered sums the wrenches of a change over subtrees and tests them with the joints' motions.
func (p Probe) gathered() (f []float64, rows []spatial.Vec) {
	s, tr := p.p.s, p.p.parts[0]
	p.p.drive(&s.lin.direct)
	w := append([]spatial.Wrench(nil), s.tree.Bias...)
	for i := tr.Last - 1; i > tr.First; i-- {
		q := &w[s.m.Bodies[i].Parent]
		q.Force, q.Torque = spatial.Add(q.Force, w[i].Force), spatial.Add(q.Torque, w[i].Torque)
	}
	for k := tr.V0; k < tr.V1; k++ {
		f = append(f, s.tree.Screw2[k].Power(&w[s.m.Dofs[k].Body])+s.tree.RHS[k])
	}
	for n := range p.n {
		rows = append(rows, p.minus(n))
	}
	return append(f, p.p.mimic.c...), rows
}

// Couplings returns the multipliers of the mimics.
func (s *Stepper) Couplings() []float64 { return s.nu }

// LUFactor, LUSolve and LUTSolve open the small dense solver of the couplings.
func LUFactor(a []float64, perm []int, n int) bool         { return luFactor(a, perm, n) }
func LUSolve(a []float64, perm []int, n int, b []float64)  { luSolve(a, perm, n, b) }
func LUTSolve(a []float64, perm []int, n int, b []float64) { luTSolve(a, perm, n, b) }

// Stepper returns the stepper whose problem the probe opens.
func (p Probe) Stepper() *Stepper { return p.p.s }

// TakesPart reports whether contact i takes part in the step at hand.
func (s *Stepper) TakesPart(i int) bool { return s.touches[i].on }

// Bounces counts the contacts that bounced in the step just solved: with half-spaces, and between colliders.
func (s *Stepper) Bounces() (touches, meets int) {
	for _, p := range s.islands {
		for n := p.joints; n < p.shut; n++ {
			if b, _ := p.rebound(n); b.Share > 0 {
				if n < p.met {
					touches++
				} else {
					meets++
				}
			}
		}
	}
	return touches, meets
}

// SolveSplit is Solve with every contact of two colliders in two coincident ones of half its weight. It returns how many there are.
func (s *Stepper) SolveSplit(opt Options) (r ipm.Result, meets int) {
	for t := range s.parts {
		s.detect(&s.parts[t], opt.Solver.Kappa, opt.Margin)
	}
	s.meetAll(opt.Solver.Kappa, opt.Margin)
	for i := range s.meets {
		s.meets[i].Weight /= 2
		s.meets = append(s.meets, s.meets[i])
	}
	s.close()
	s.opt = opt
	s.split()
	for t := range s.probs {
		s.probs[t].done = false
	}
	s.solveIslands()
	r = s.islands[0].result
	for _, p := range s.islands[1:] {
		r = r.Join(p.result)
	}
	return r, len(s.meets)
}
