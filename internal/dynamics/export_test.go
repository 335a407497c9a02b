package dynamics

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Probe opens the problem of one tree to the tests of its derivatives.
type Probe struct {
	p *problem
	n int
}

// NewProbe returns the problem of the island whose first tree is t, of the loaded state, with every contact taking part.
func (s *Stepper) NewProbe(t int, margin float64) Probe { return s.NewProbeAt(t, 1e-6, margin) }

// NewProbeAt is NewProbe at another κ, which says which contacts take part.
func (s *Stepper) NewProbeAt(t int, kappa, margin float64) Probe {
	p := &s.probs[t]
	for t := range s.parts {
		s.detect(&s.parts[t], kappa, margin)
	}
	s.meetAll(kappa, margin)
	s.close()
	s.split()
	p.list()
	p.prepare()
	p.Reset()
	return Probe{p, len(p.rows)}
}

// Blocks returns the blocks of the solver.
func (p Probe) Blocks() []ipm.Block { return p.p.blocks }

// Set makes v the velocity of the coming interval.
func (p Probe) Set(v []float64) { copy(p.p.s.vNext, v) }

// Swept reports whether the model has so many pairs of colliders that boxes are swept for them.
func (s *Stepper) Swept() bool { return s.many() }

// LookAtAll makes it look at all pairs all the same.
func (s *Stepper) LookAtAll() {
	s.broad = broad{around: s.around}
	for i := range s.m.Pairs {
		s.pairs = append(s.pairs, int32(i))
	}
}

// First reports whether tree t is the first one of an island.
func (s *Stepper) First(t int) bool { return s.leader(t) == t }

// SetMultipliers makes nu the multipliers of the couplings.
func (p Probe) SetMultipliers(nu []float64) { copy(p.p.s.nu, nu) }

// Values returns the values of the blocks.
func (p Probe) Values() ([]spatial.Vec, bool) {
	u := make([]spatial.Vec, p.n)
	ok := p.p.Values(u)
	return u, ok
}

// Residual returns the equations F(x, λ) = 0 of the tree: one per dof, then the couplings.
func (p Probe) Residual(lambda []spatial.Vec) []float64 {
	p.p.Residual(lambda)
	f := append([]float64(nil), p.p.s.res[p.p.parts[0].V0:p.p.parts[0].V1]...)
	return append(f, p.p.mimic.c...)
}

// Norm returns the size of those equations that the solver looks at.
func (p Probe) Norm(lambda []spatial.Vec) float64 { return p.p.Residual(lambda) }

// Direction factors with the condensed matrices w and returns the changes of the blocks' values along the
// direction of the constants k.
func (p Probe) Direction(w []ipm.Matrix, k []spatial.Vec) ([]spatial.Vec, bool) {
	if !p.p.Factor(w) {
		return nil, false
	}
	du := make([]spatial.Vec, p.n)
	p.p.Direction(k, du)
	return du, true
}

// Defect returns what the last direction leaves, with the steps dl of the multipliers, in units of the residual's norm.
func (p Probe) Defect(dl []spatial.Vec) float64 { return p.p.Defect(dl) }

// Spoil makes the last direction wrong by the part e of itself.
func (p Probe) Spoil(e float64) {
	s := p.p.s
	for i := range s.tree.X {
		s.tree.X[i] *= 1 + e
	}
	for i := range s.tree.Twist {
		addTwist(&s.tree.Twist[i], e, &s.tree.Twist[i])
	}
	for i := range s.dnu {
		s.dnu[i] *= 1 + e
	}
}

// Correct takes the last defect away, with the factors that left it or apart from them, and returns the changes of the
// values along what it adds.
func (p Probe) Correct(apart bool) []spatial.Vec {
	du := make([]spatial.Vec, p.n)
	if p.p.apart.factored = false; !apart {
		p.p.left = 0
	}
	p.p.Correct(du)
	return du
}

// Local factors with the condensed matrices w and returns what every block answers to its own multiplier.
func (p Probe) Local(w []ipm.Matrix) []ipm.Matrix {
	a, wanted := make([]ipm.Matrix, p.n), make([]bool, p.n)
	for i := range wanted {
		wanted[i] = true
	}
	p.p.Factor(w)
	p.p.Local(a, wanted)
	return a
}

// Step moves to the point of the last Direction plus alpha times it.
func (p Probe) Step(alpha float64) { p.p.Step(alpha) }

// Tangent returns the last direction in the tangent at knot 3.
func (p Probe) Tangent() []float64 {
	return append([]float64(nil), p.p.s.tree.X[p.p.parts[0].V0:p.p.parts[0].V1]...)
}

// BodyMomentum returns the outgoing momenta of body i as a wrench about O for a motion (w, dx).
func (s *Stepper) BodyMomentum(i int, w, dx spatial.Vec) spatial.Wrench {
	mo := spatial.NewMotion(w, dx)
	p, l, _ := s.momentum(i, &mo, 1/s.h)
	return spatial.Wrench{Force: p, Torque: spatial.Add(l, spatial.Cross(s.knots[i].r2, p))}
}

// BodyMatrix returns the derivative of BodyMomentum with respect to a twist at knot 3 about O.
func (s *Stepper) BodyMatrix(i int, w, dx spatial.Vec) spatial.Mat6 {
	var a spatial.Mat6
	mo := spatial.NewMotion(w, dx)
	_, _, dc := s.momentum(i, &mo, 1/s.h)
	s.momentumJac(&a, i, &mo, &dc, 1/s.h)
	return a
}

// Moved returns the motion (w, dx) of body i after a further small twist at knot 3 about O.
func (s *Stepper) Moved(i int, w, dx spatial.Vec, t spatial.Twist, eps float64) (spatial.Vec, spatial.Vec) {
	turn := spatial.Scale(eps/2, t.Ang)
	x := spatial.Add(s.knots[i].pos, dx)
	dx = spatial.Add(dx, spatial.AddScaled(spatial.Displace(turn, x), eps, t.Lin))
	w, _ = spatial.Compose(turn, w)
	return w, dx
}

// FinalValues returns the values with which the blocks of tree t ended the last solve.
func (s *Stepper) FinalValues(t int) []spatial.Vec {
	return append([]spatial.Vec(nil), s.probs[t].solver.U...)
}

// Linked returns how many pairs of bodies of the island whose first tree is t its matrix couples, and how many push each other.
func (s *Stepper) Linked(t int) (linked, near int) {
	return len(s.probs[t].links), len(s.probs[t].near)
}

// BesideBox says of pair i what the broad phase does.
func (s *Stepper) BesideBox(i int, reach float64) bool {
	s.ballAll(0, 0)
	return s.besideBox(&s.m.Pairs[i], reach)
}
