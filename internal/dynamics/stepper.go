package dynamics

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Stepper takes steps of one model and knows their derivatives. It holds all scratch memory, by how long it lasts, and is not
// safe for concurrent use.
type Stepper struct {
	m *Model
	fixed
	start
	iterate
	tree    articulated.System       // screws and matrices of the iterate, their factors, right sides and solutions
	parts   []part                   // one per tree
	probs   []problem                // memory for as many islands
	islands []*problem               // of the step at hand
	lead    []int                    // scratch of split: the first tree of each one's island, or one on the way there
	wanted  []bool                   // scratch of Local: bodies whose response is needed
	crew                             // who solves them
	loads   int                      // how often the step at hand was replaced
	lin     *linear                  // of the last Linearize
	growth  Lengths                  // of the intervals with the timestep, see Grow
	end     struct{ q, v []float64 } // of a step that it weighs for another engine
}

// fixed is what follows from the model.
type fixed struct {
	turns  []bool        // dofs that are rotations
	balls  []bool        // dofs of spherical rotations
	leave  []float64     // speed at which each dof may leave what is beyond its limit
	walls  []gap.Feature // the planes
	t1, t2 []spatial.Vec // their tangents
	lively bool          // whether something bounces
	blind  bool          // see Blind
	adrift bool          // whether what wanders takes part late
}

// start is what stays as it is during a step: state and input, and all that is known at knot 2.
type start struct {
	h       float64 // of the step at hand; shorter than the model's when a step is divided
	before  float64 // length of the interval before it, to which the loaded velocity belongs; 0 at an instant
	weight  float64 // the time for which forces at knot 2 act: half of both intervals
	hPast   float64 // over which the motion before is traced: before, or a sliver of h at an instant
	instant bool
	held    bool // what is beyond a bound stays there, see Hold

	perMomentum []float64 // one over the momentum of each dof in which residuals are measured

	q, v, u []float64
	ext     []spatial.Wrench // external wrench on each body at its center of mass, world axes; for all steps to come

	o       []spatial.Vec // reference point of each tree, world coordinates
	world   []spatial.Pose
	knots   []knot
	axis2   []spatial.Vec    // dof axes at knot 2
	past    []spatial.Motion // the interval before, backward from knot 2
	rates   []spatial.Twist  // at an instant: twists of the bodies about O
	touches []touch          // of all contacts, and then those that turn
	second  []int            // of each contact, which of them turns, −1: none
	meets   []meet           // pairs of features that are near
	broad
	met    []uint8           // what is known of pairs of colliders, see pairs.go
	empty  []float64         // the reach within which those that are apart have nothing
	guided []bool            // whether the joints between colliders of a pair guide them
	hung   []bool            // whether those between a body and the world guide it
	heads  []int32           // one more than the index of a meeting of every pair, 0: none
	found  []collide.Contact // in the step at hand; where it grows, the meetings keep what was there
	ends   []spatial.Pose    // of the bodies at knot 3
	finder collide.Finder
	vertex vertex              // by which contacts were found last
	sides  [2]collide.Collider // scratch of find: as variables of its own they would be allocated
	bond   bond                // of the pair that was bound last

	closures []closure // rows of all loops
}

// knot holds what a body is at knot 2. Positions are about the reference point O of its tree, vectors in world axes.
type knot struct {
	rot     spatial.Mat3
	pos     spatial.Vec  // frame origin
	arm     spatial.Vec  // frame origin minus the parent's
	carm    spatial.Vec  // center of mass minus frame origin
	r2      spatial.Vec  // center of mass
	inertia spatial.Sym3 // about the center of mass
	base    spatial.Wrench
	pIn     spatial.Vec // momenta of the interval that ends at knot 2
	lIn     spatial.Vec
}

// iterate is where the solver is: the velocity of the coming interval and what follows from it.
type iterate struct {
	vNext []float64
	mo    []spatial.Motion // from knot 2 to knot 3
	dc    []spatial.Vec    // displacements of the centers of mass
	rj    []float64        // joint part of the residual
	res   []float64        // generalized residual

	wrench  []spatial.Wrench // balance of momentum of each body
	sums    []spatial.Wrench // and of its subtree, of the last residual
	moments []moment         // what adds up to them, see rounding.go

	v0, dv       []float64 // velocity at the last factorization, its last direction
	nu, nu0, dnu []float64 // the same for the multipliers of the mimics
	defect       defect    // of that direction
}

// NewStepper returns a stepper for m.
func NewStepper(m *Model) *Stepper {
	s := &Stepper{m: m, wanted: make([]bool, len(m.Bodies)), growth: Lengths{Step: 1}}
	s.parts, s.probs, s.lead = make([]part, len(m.Trees)), make([]problem, len(m.Trees)), make([]int, len(m.Trees))
	s.fixed.init(m)
	s.start.init(m)
	s.iterate.init(m)
	for t := range s.parts {
		s.parts[t].init(m, t)
	}
	s.separate()
	s.tree = *articulated.New(m.articulation())
	return s
}

func (f *fixed) init(m *Model) {
	f.lively = slices.ContainsFunc(m.Colliders, func(c Collider) bool { return c.Surface.Restitution > 0 })
	f.turns, f.balls = make([]bool, m.NV), make([]bool, m.NV)
	for i := range m.Dofs {
		d := &m.Dofs[i]
		b := &m.Bodies[d.Body]
		f.turns[i], f.balls[i] = i >= b.V+b.NT, m.Ball(i)
	}
	f.leave = m.leaveSpeeds()
	f.walls = make([]gap.Feature, len(m.Planes))
	f.t1, f.t2 = make([]spatial.Vec, len(m.Planes)), make([]spatial.Vec, len(m.Planes))
	for i := range m.Planes {
		f.walls[i] = m.wall(i)
		f.t1[i], f.t2[i] = spatial.Tangents(m.Planes[i].Normal)
		if m.Law == Pyramid {
			f.t1[i], f.t2[i] = pyramid(f.t1[i], f.t2[i])
		}
	}
}

func (s *start) init(m *Model) {
	nb := len(m.Bodies)
	s.perMomentum = make([]float64, m.NV)
	s.q, s.v, s.u = make([]float64, m.NQ), make([]float64, m.NV), make([]float64, m.NU)
	s.ext, s.o, s.world = make([]spatial.Wrench, nb), make([]spatial.Vec, len(m.Trees)), make([]spatial.Pose, nb)
	s.knots, s.axis2, s.past, s.rates = make([]knot, nb), make([]spatial.Vec, m.NV), make([]spatial.Motion, nb), make([]spatial.Twist, nb)
	s.initTouches(m)
	s.met, s.empty, s.heads = make([]uint8, len(m.Pairs)), make([]float64, len(m.Pairs)), make([]int32, len(m.Pairs))
	s.guided, s.hung = m.guides()
	s.broad.init(m)
	s.ends = make([]spatial.Pose, nb)
	s.closures = m.closures()
}

func (i *iterate) init(m *Model) {
	nb, nv, nm := len(m.Bodies), m.NV, len(m.Mimics)
	i.vNext, i.v0, i.dv = make([]float64, nv), make([]float64, nv), make([]float64, nv)
	i.mo, i.dc, i.wrench = make([]spatial.Motion, nb), make([]spatial.Vec, nb), make([]spatial.Wrench, nb)
	i.sums = make([]spatial.Wrench, nb)
	i.moments = make([]moment, nb)
	i.rj, i.res = make([]float64, nv), make([]float64, nv)
	i.defect.init(m)
	i.nu, i.nu0, i.dnu = make([]float64, nm), make([]float64, nm), make([]float64, nm)
}

// articulation describes the model's bodies to the linear algebra.
func (m *Model) articulation() []articulated.Body {
	bodies, bases := make([]articulated.Body, len(m.Bodies)), 0
	for i := range m.Bodies {
		b := &m.Bodies[i]
		a := &bodies[i]
		*a = articulated.Body{Parent: b.Parent, V: b.V, N: b.NV(), Ball: -1, Base: -1}
		if b.ball() >= 0 {
			a.Ball = b.NT
		}
		if m.alone(i) && m.bare(i) {
			a.Base = bases
			bases++
		}
	}
	return bodies
}

// alone reports whether root i is the only one of its tree: mimics couple several.
func (m *Model) alone(i int) bool {
	tr := &m.Trees[m.Bodies[i].Tree]
	for k := tr.First; k < tr.Last; k++ {
		if k != i && m.Bodies[k].Parent == World {
			return false
		}
	}
	return true
}

// bare reports whether body i floats and nothing acts on its joint but inputs, so that its matrix has no joint part.
func (m *Model) bare(i int) bool {
	b := &m.Bodies[i]
	if !b.floats() {
		return false
	}
	for k := b.V; k < b.V+6; k++ {
		d := &m.Dofs[k]
		if d.Damping != 0 || d.Stiffness != 0 || d.Armature != 0 || d.Friction != 0 || d.Drive == Servo ||
			d.slowed() || !math.IsInf(d.Lower, -1) || !math.IsInf(d.Upper, 1) {
			return false
		}
	}
	return true
}

// sliver is the part of a step over which the motion before an instant is traced, where only its direction matters.
const sliver = 1e-9

// Load takes the state (q, v) and input u for a step of length h and computes everything that stays
// fixed during it. The velocity is that of an interval of length before, or one at the instant itself when that is zero.
// The slices are copied.
func (s *Stepper) Load(q, v, u []float64, h, before float64) bool {
	s.loads++
	copy(s.q, q)
	copy(s.v, v)
	copy(s.u, u)
	s.h, s.before, s.weight, s.instant = h, before, (before+h)/2, before == 0
	s.held = false
	if s.hPast = before; s.instant {
		s.hPast = sliver * h
	}
	s.m.Kinematics(s.world, s.q)
	s.measureMomenta()
	for t := range s.m.Trees {
		tr := &s.m.Trees[t]
		s.o[t] = s.world[tr.First].Pos
		for i := tr.First; i < tr.Last; i++ {
			s.place(i, s.o[t])
		}
		if !s.interval(s.past, tr, s.v, -s.hPast) {
			return false
		}
		if s.instant {
			s.instantRates(tr)
		}
		for i := tr.First; i < tr.Last; i++ {
			s.arrive(i)
		}
	}
	s.propel()
	return true
}

// arrive computes what body i brings to the balance of momentum at knot 2: its momenta so far, gravity and external wrenches.
func (s *Stepper) arrive(i int) {
	k, w := &s.knots[i], s.weight
	if s.instant {
		t := &s.rates[i]
		k.pIn = spatial.Scale(s.m.Bodies[i].Mass, spatial.Add(t.Lin, spatial.Cross(t.Ang, k.r2)))
		k.lIn = k.inertia.MulVec(t.Ang)
	} else {
		p, l, _ := s.momentum(i, &s.past[i], 1/s.hPast) // minus them, backward
		k.pIn, k.lIn = spatial.Scale(-1, p), spatial.Scale(-1, l)
	}
	f := spatial.AddScaled(spatial.Scale(-1, k.pIn), -w*s.m.Bodies[i].Mass, s.m.Gravity)
	f = spatial.AddScaled(f, -w, s.ext[i].Force)
	k.base.Force = f
	k.base.Torque = spatial.Add(spatial.AddScaled(spatial.Scale(-1, k.lIn), -w, s.ext[i].Torque), spatial.Cross(k.r2, f))
}

// upright is the rotation of the world.
var upright = spatial.Mat3{0: 1, 4: 1, 8: 1}

// place computes knot i and the axes and screws of its joint at knot 2.
func (s *Stepper) place(i int, o spatial.Vec) {
	b, k := &s.m.Bodies[i], &s.knots[i]
	k.rot.Set(s.world[i].Rot)
	k.pos = spatial.Sub(s.world[i].Pos, o)
	parent := &upright
	if b.Parent != World {
		k.arm = spatial.Sub(s.world[i].Pos, s.world[b.Parent].Pos)
		parent = &s.knots[b.Parent].rot
	}
	k.carm = k.rot.MulVec(b.COM)
	k.r2 = spatial.Add(k.pos, k.carm)
	k.inertia.Conjugate(&k.rot, &b.Inertia)

	b.axes(s.axis2[b.V:b.V+b.NT+b.NR], parent, &k.rot)
	s.startScrews(i)
}

// Effort says which ways of solving a step are tried. The less, the sooner it is divided.
type Effort uint8

// The efforts.
const (
	All   Effort = iota // all ways
	Most                // not those that rarely help, and those that take long only where the quick ones came near
	Quick               // not those that take long either, but in piles
)

// Options tune a step.
type Options struct {
	Solver ipm.Options
	Margin float64 // distance beyond its motion at which a contact takes part (m); 0 chooses it from κ
	Effort Effort

	Workers int // how many islands are solved at a time, at most; 0: one
}

// NewOptions returns the options of a step. Zeros select the solver's defaults.
func NewOptions(kappa, centrality, tolerance, margin float64) Options {
	return Options{Solver: ipm.Options{Kappa: kappa, Centrality: centrality, Tolerance: tolerance}, Margin: margin}
}

// Solve finds the velocity of the interval after the loaded state, island by island, and returns their results joined.
func (s *Stepper) Solve(opt Options) (all ipm.Result) {
	if len(s.parts) == 0 {
		return ipm.Result{Status: ipm.Solved, Polished: true} // nothing moves
	}
	for t := range s.parts {
		s.detect(&s.parts[t], opt.Solver.Kappa, opt.Margin)
	}
	s.meetAll(opt.Solver.Kappa, opt.Margin)
	s.close()
	for t := range s.probs {
		s.probs[t].done, s.probs[t].result.Iterations = false, 0
	}
	s.opt, s.solved, s.blind, s.adrift = opt, false, false, false
	for ok := false; !ok; ok = !s.solved || s.verifyPairs() && (!s.lively || s.calm()) {
		s.split()
		s.solveIslands()
		s.solved = true
		for _, p := range s.islands {
			s.solved = s.solved && p.result.Status == ipm.Solved
		}
	}
	all = s.islands[0].result
	for _, p := range s.islands[1:] {
		all = all.Join(p.result)
	}
	return all
}

// run solves the island until all that would penetrate takes part; solved says that it was, without what takes part since.
func (p *problem) run(opt *Options, solved bool) {
	for !p.done {
		before := p.result.Iterations
		p.list()
		if p.result.Iterations = 0; !solved || !p.goOn(opt) {
			before += p.result.Iterations
			p.solve(opt)
		}
		p.result.Iterations += before
		solved = p.result.Status == ipm.Solved
		if p.done = !solved || p.verify(); p.done && solved {
			p.relieve()
		}
	}
}

// goOn solves the island from where it was solved without what takes part since, and reports whether that led to a
// solution. It takes half of the iterations of a solve from where the step begins. Where that needed more than leaps so
// will this.
func (p *problem) goOn(o *Options) bool {
	opt := o.Solver
	if opt.Polish || p.room > 0 || p.yields {
		return false
	}
	opt.Onward, opt.Loaded = true, p.touching()
	p.prepare()
	p.result = p.solver.Solve(p, opt)
	return p.result.Status == ipm.Solved
}

// startKappa is where the solver starts cold: forces there push as hard as what they move weighs. From 0.1, which suited
// units of the whole weight, torques take 60 % more iterations.
const startKappa = 1

// Grow says what a change of the timestep does to the lengths of the step at hand and of the interval before it, for
// derivatives by it. By default the step is as long as the timestep, and the state before it what it is.
func (s *Stepper) Grow(l Lengths) { s.growth = l }

// Share returns the least of the intervals before and after the knot as a part of the timestep: 1 where no step is divided.
func (s *Stepper) Share() float64 {
	h := s.h
	if !s.instant {
		h = min(h, s.before)
	}
	return min(1, h/s.m.Timestep)
}

// Weight returns the time for which the forces of the step at hand act: half of it and of the interval before (s).
func (s *Stepper) Weight() float64 { return s.weight }

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

// SetModel makes the steps to come those of m, which has the same structure as the stepper's model and may have other
// numbers. External wrenches stay.
func (s *Stepper) SetModel(m *Model) {
	s.m = m
	s.loads++
	s.fixed.init(m)
	for t := range s.parts {
		s.parts[t].init(m, t)
	}
	s.separate()
	if s.followTouches(m) {
		s.lin = nil // has memory for each
	}
	if bodies := m.articulation(); !slices.Equal(bodies, s.tree.Bodies) { // a base with a damper is no free one
		s.tree = *articulated.New(bodies)
	}
}

// Loads counts how often the step at hand was replaced by another: a linearization holds as long as it stays.
func (s *Stepper) Loads() int { return s.loads }
