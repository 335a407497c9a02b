package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// knot holds what a body is at knot 2, fixed during the step. Positions are about the reference point O
// of its tree, vectors in world axes.
type knot struct {
	rot     spatial.Mat3
	frame   spatial.Mat3 // joint frame → world axes
	pos     spatial.Vec  // frame origin
	arm     spatial.Vec  // frame origin minus the parent's
	carm    spatial.Vec  // center of mass minus frame origin
	r2      spatial.Vec  // center of mass
	inertia spatial.Sym3 // about the center of mass
	base    spatial.Wrench
	pIn     spatial.Vec // momenta of the interval that ends at knot 2
	lIn     spatial.Vec
}

// Stepper holds all scratch memory of steps of one model. It is not safe for concurrent use.
type Stepper struct {
	m     *Model
	h     float64 // of the step at hand; shorter than the model's when a step is divided
	hPast float64 // of the interval before it, to which the loaded velocity belongs

	// state and input of the step at hand
	q, v, u []float64
	ext     []spatial.Wrench // external wrench on each body at its center of mass, world axes
	vNext   []float64

	o        []spatial.Vec // reference point of each tree, world coordinates
	knots    []knot
	world    []spatial.Pose
	axis2    []spatial.Vec // dof axes at knot 2
	screw2   []spatial.Twist
	screw3   []spatial.Twist // dof motions at knot 3 (tangent of q3)
	mo, past []motion        // forward and backward interval
	dc       []spatial.Vec   // displacements of the centers of mass at the last residual

	// linear algebra of the trees
	art     []articulated
	hinge   []hinge
	block   []jointBlock // one per body with more than one dof
	wrench  []spatial.Wrench
	bias    []spatial.Wrench
	twist   []spatial.Twist
	rj      []float64 // joint part of the residual
	res     []float64 // generalized residual
	dj      []float64 // joint part of the matrix, diagonal
	rhs     []float64
	dq, dv  []float64
	v0      []float64 // velocity at the last factorization
	touches []contact.Touch
	grads   [][3]spatial.Wrench
	probs   []problem
	solvers []ipm.Solver
	t1, t2  []spatial.Vec // tangents of the planes
	nu, nu0 []float64     // multipliers of the mimics
	dnu     []float64
	active  []bool // contacts that take part in the step at hand
	turns   []bool // dofs that are rotations
	balls   []bool // dofs of spherical rotations

	perMomentum []float64 // one over the natural momentum of each dof

	worstTree int
	lin       *linear // of the last Linearize
}

// NewStepper returns a stepper for m.
func NewStepper(m *Model) *Stepper {
	nb, nv := len(m.Bodies), m.NV
	s := &Stepper{
		m: m, q: make([]float64, m.NQ), v: make([]float64, nv), u: make([]float64, m.NU), ext: make([]spatial.Wrench, nb), vNext: make([]float64, nv), o: make([]spatial.Vec, len(m.Trees)),
		knots: make([]knot, nb), world: make([]spatial.Pose, nb), axis2: make([]spatial.Vec, nv),
		screw2: make([]spatial.Twist, nv), screw3: make([]spatial.Twist, nv), mo: make([]motion, nb), past: make([]motion, nb), dc: make([]spatial.Vec, nb),
		art: make([]articulated, nb), hinge: make([]hinge, nv), block: make([]jointBlock, nb),
		wrench: make([]spatial.Wrench, nb), bias: make([]spatial.Wrench, nb), twist: make([]spatial.Twist, nb),
		rj: make([]float64, nv), res: make([]float64, nv), dj: make([]float64, nv), rhs: make([]float64, nv),
		dq: make([]float64, nv), dv: make([]float64, nv), v0: make([]float64, nv),
		active: make([]bool, len(m.Contacts)), touches: make([]contact.Touch, len(m.Contacts)), grads: make([][3]spatial.Wrench, len(m.Contacts)),
		probs: make([]problem, len(m.Trees)), solvers: make([]ipm.Solver, len(m.Trees)),
		t1: make([]spatial.Vec, len(m.Planes)), t2: make([]spatial.Vec, len(m.Planes)),
		nu: make([]float64, len(m.Mimics)), nu0: make([]float64, len(m.Mimics)), dnu: make([]float64, len(m.Mimics)),
	}
	for i := range m.Planes {
		s.t1[i], s.t2[i] = spatial.Tangents(m.Planes[i].Normal)
		if m.Law == Pyramid {
			s.t1[i], s.t2[i] = pyramid(s.t1[i], s.t2[i])
		}
	}
	s.turns, s.balls, s.perMomentum = make([]bool, nv), make([]bool, nv), make([]float64, nv)
	for i := range m.Dofs {
		d := &m.Dofs[i]
		b := &m.Bodies[d.Body]
		s.perMomentum[i] = 1 / (d.Scale * d.Speed)
		s.turns[i], s.balls[i] = i >= b.V+b.NT, m.Ball(i)
	}
	for t := range s.probs {
		s.probs[t].init(s, t)
	}
	return s
}

// Load takes the state (q, v) and input u for a step of length h and computes everything that stays
// fixed during it. The velocity is that of an interval of length past, or h when that is zero: Cayley momenta
// depend on it, so a divided step must say which. The slices are copied.
func (s *Stepper) Load(q, v, u []float64, h, past float64) bool {
	if past == 0 {
		past = h
	}
	copy(s.q, q)
	copy(s.v, v)
	copy(s.u, u)
	s.h, s.hPast = h, past
	q, v = s.q, s.v
	m := s.m
	m.Kinematics(s.world, q)
	for t := range m.Trees {
		tr := &m.Trees[t]
		s.o[t] = s.world[tr.First].Pos
		for i := tr.First; i < tr.Last; i++ {
			s.place(i, s.o[t])
		}
		if !s.interval(s.past, tr, v, -past) {
			return false
		}
		for i := tr.First; i < tr.Last; i++ {
			k := &s.knots[i]
			p, l, _ := s.momentum(i, &s.past[i], 1/past) // minus the incoming momenta
			k.pIn, k.lIn = spatial.Scale(-1, p), spatial.Scale(-1, l)
			f := spatial.AddScaled(p, -h*m.Bodies[i].Mass, m.Gravity)
			f = spatial.AddScaled(f, -h, s.ext[i].Force)
			k.base.Force = f
			k.base.Torque = spatial.Add(spatial.AddScaled(l, -h, s.ext[i].Torque), spatial.Cross(k.r2, f))
		}
	}
	return true
}

// place computes knot i and the axes and screws of its joint at knot 2.
func (s *Stepper) place(i int, o spatial.Vec) {
	b, k := &s.m.Bodies[i], &s.knots[i]
	k.rot.Set(s.world[i].Rot)
	k.pos = spatial.Sub(s.world[i].Pos, o)
	if b.Parent != World {
		k.arm = spatial.Sub(s.world[i].Pos, s.world[b.Parent].Pos)
		var e spatial.Mat3
		e.Set(b.Origin.Rot)
		k.frame.Mul(&s.knots[b.Parent].rot, &e)
	} else {
		k.frame.Set(b.Origin.Rot)
	}
	k.carm = k.rot.MulVec(b.COM)
	k.r2 = spatial.Add(k.pos, k.carm)
	k.inertia.Conjugate(&k.rot, &b.Inertia)

	ax := s.axis2[b.V : b.V+b.NT+b.NR]
	for j := range ax {
		switch {
		case j >= b.NT && b.NR == 3:
			ax[j] = k.rot.Col(j - b.NT)
		case j == b.NT+1: // the second axis of a universal joint turns with the first
			q := spatial.AxisAngle(b.Axes[b.NT], s.q[b.Q+b.NT])
			ax[j] = k.frame.MulVec(spatial.QuatRotate(q, b.Axes[j]))
		default:
			ax[j] = k.frame.MulVec(b.Axes[j])
		}
		s.screw2[b.V+j] = screw(ax[j], k.pos, j < b.NT)
	}
}

// screw returns the twist about O of a unit translation along a, or of a unit rotation about the axis a
// through x.
func screw(a, x spatial.Vec, translation bool) spatial.Twist {
	if translation {
		return spatial.Twist{Lin: a}
	}
	return spatial.Twist{Lin: spatial.Cross(x, a), Ang: a}
}

// screws computes the dof motions of a tree at knot 3.
func (s *Stepper) screws(tr *Tree) {
	for i := tr.First; i < tr.Last; i++ {
		b := &s.m.Bodies[i]
		x := spatial.Add(s.knots[i].pos, s.mo[i].dx)
		w := spatial.Vec{}
		if b.Parent != World {
			w = s.mo[b.Parent].w
		}
		for j := 0; j < b.NT; j++ {
			s.screw3[b.V+j] = spatial.Twist{Lin: spatial.Rotate(w, s.axis2[b.V+j])}
		}
		switch r := b.V + b.NT; b.NR {
		case 1:
			s.screw3[r] = screw(spatial.Rotate(w, s.axis2[r]), x, false)
		case 2:
			s.screw3[r] = screw(spatial.Rotate(w, s.axis2[r]), x, false)
			w, _ = spatial.Compose(w, spatial.Scale(s.h/2*s.vNext[r], s.axis2[r]))
			s.screw3[r+1] = screw(spatial.Rotate(w, s.axis2[r+1]), x, false)
		case 3:
			w = s.mo[i].w
			for j := 0; j < 3; j++ {
				s.screw3[r+j] = screw(spatial.Rotate(w, s.axis2[r+j]), x, false)
			}
		}
	}
}

// Options tune a step.
type Options struct {
	Solver ipm.Options
	Margin float64 // distance beyond its motion at which a contact takes part (m); 0 chooses it from κ
}

// NewOptions returns the options of a step. Zeros select the solver's defaults.
func NewOptions(kappa, centrality, tolerance, margin float64) Options {
	return Options{Solver: ipm.Options{Kappa: kappa, Centrality: centrality, Tolerance: tolerance}, Margin: margin}
}

// Solve finds the velocity of the interval after the loaded state, tree by tree, and returns the worst
// result: the first failure, or the largest residuals and iteration count.
func (s *Stepper) Solve(opt Options) ipm.Result {
	worst := ipm.Result{Status: ipm.Solved, Polished: true} // of a model without bodies
	for t := range s.probs {
		p := &s.probs[t]
		p.detect(opt.Solver.Kappa, opt.Margin)
		r := s.solveTree(p, opt.Solver)
		for n := r.Iterations; r.Status == ipm.Solved && !p.verify(); n = r.Iterations {
			r = s.solveTree(p, opt.Solver)
			r.Iterations += n
		}
		if t == 0 {
			worst, s.worstTree = r, 0
			continue
		}
		n := max(worst.Iterations, r.Iterations)
		if worst.Status == ipm.Solved {
			if r.Status != ipm.Solved {
				worst, s.worstTree = r, t
			}
			worst.Residual = max(worst.Residual, r.Residual)
			worst.Gap = max(worst.Gap, r.Gap)
			worst.Centrality = max(worst.Centrality, r.Centrality)
			worst.Kappa = max(worst.Kappa, r.Kappa)
			worst.Polished = worst.Polished && r.Polished
		}
		worst.Iterations = n
	}
	return worst
}

// startKappa is where the solver starts. The wrenches of κ = 1 throw light feet about; from 0.1 a robot
// takes one to two iterations fewer, from 0.01 some steps take many more.
const startKappa = 0.1

func (s *Stepper) solveTree(p *problem, opt ipm.Options) ipm.Result {
	opt.Start = startKappa
	opt.Warm = !opt.Polish // a closed gap of zero remembers no force
	p.kappa = opt.Kappa
	p.prepare()
	p.Reset()
	return s.solvers[p.t].Solve(p, opt)
}

// Length returns the length of the step at hand (s).
func (s *Stepper) Length() float64 { return s.h }

// Store stores the state at the end of the interval: q ⊕ h v⁺ and v⁺.
func (s *Stepper) Store(q, v []float64) {
	s.m.Integrate(q, s.q, s.vNext, s.h)
	copy(v, s.vNext)
}

// CopyWrenches takes the external wrenches from another stepper of the same model.
func (s *Stepper) CopyWrenches(from *Stepper) { copy(s.ext, from.ext) }

// Model returns the stepper's model.
func (s *Stepper) Model() *Model { return s.m }

// Turn returns the largest change of a joint's Gibbs vector from the interval before the loaded state to
// that after it, per length of the step. Where it is large the discrete equations have several solutions,
// of which a distant one carries many times the energy.
func (s *Stepper) Turn() float64 {
	worst := 0.0
	for i := range s.m.Bodies {
		b := &s.m.Bodies[i]
		if b.Parent == World && b.NV() == 6 {
			continue // a free body has one solution
		}
		for k := b.V + b.NT; k < b.V+b.NT+b.NR; k++ {
			worst = math.Max(worst, math.Abs(s.h/2*(s.vNext[k]-s.v[k])))
		}
	}
	return worst
}
