package sim

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
	"gonum.org/v1/gonum/spatial/r3"
)

// Options tune steps. Zero values select the defaults.
type Options struct {
	// Kappa is the central-path parameter κ, a pure number: small is hard, large is smooth. A single
	// contact that carries the weight of its mechanism rests at the gap κℓ, ℓ its radius of gyration; see
	// [Model.KappaUnit]. Default 1e-6.
	Kappa float64
	// Centrality bounds the relative error of every complementarity product. Default 1e-4.
	Centrality float64
	// Tolerance bounds residuals as fractions of the mechanism's natural momenta and sizes. Default 1e-9.
	Tolerance float64
	// Margin is how far beyond its motion in a step a contact still takes part (m). math.Inf(1) keeps all
	// contacts. Default: 0.1 ℓ, or 1e4 κℓ when that is more.
	Margin float64
	// Polish takes every step on to κ = 0: contacts at rest have no gap and do not creep, and forces at their
	// bounds are exact. It starts from the solution at Kappa, by default 1e-11 then. Such a step has no
	// derivative.
	Polish bool
	// MaxHalvings bounds how often a step that does not converge is divided by two, and its halves again, and
	// so on: the shortest part is the timestep / 2^MaxHalvings. Default 6; a negative number is an error.
	MaxHalvings int
	// WholeSteps divides no step, because a divided one has no derivative: what does not converge whole is an
	// error. A joint may then turn by any angle in a step (by default a step in which the turn of one changes by more
	// than 0.4 rad is divided, for it may have found a distant solution). MaxHalvings must be 0.
	WholeSteps bool
}

func (o *Options) defaults() {
	if o.Kappa == 0 {
		o.Kappa = 1e-6
		if o.Polish {
			o.Kappa = 1e-11
		}
	}
	if o.MaxHalvings == 0 && !o.WholeSteps {
		o.MaxHalvings = 6
	}
}

func (o *Options) check() error {
	switch {
	case !(o.Kappa > 0) || math.IsInf(o.Kappa, 0):
		return fmt.Errorf("κ is %g, want a positive number", o.Kappa)
	case o.MaxHalvings < 0:
		return fmt.Errorf("MaxHalvings is %d, want a positive number, or 0 for 6 (or WholeSteps)", o.MaxHalvings)
	case o.WholeSteps && o.MaxHalvings > 0:
		return fmt.Errorf("MaxHalvings is %d although steps shall stay whole", o.MaxHalvings)
	}
	return nil
}

// Status says how a step ended; only ipm.Solved is a success.
type Status = ipm.Status

// Result describes a step. Residuals are the largest over its parts.
type Result struct {
	Status     Status
	Iterations int     // of the interior-point method, summed over the parts of a divided step
	Halvings   int     // how often the step or a part of it was divided by two
	Unpolished int     // parts of the step that should have reached κ = 0 and stayed at Options.Kappa
	Residual   float64 // of the balance of momentum, as a fraction of natural momenta
	Gap        float64 // mismatch of gaps and slacks, as a fraction of natural sizes
	Centrality float64 // largest relative error of a complementarity product
	Kappa      float64 // mean complementarity product reached, in units of κ
}

// Contact is what a contact did in the last step.
type Contact struct {
	Force r3.Vec  // mean force on the body over the step, world axes (N)
	Point r3.Vec  // where it acts, world coordinates (m)
	Gap   float64 // at the end of the step (m)
	Slide float64 // sliding speed (m/s)
}

// Wrench is a force (N) and a torque (N m), in world axes.
type Wrench = spatial.Wrench

// Stepper advances states of one model. It owns all scratch memory: use one per goroutine.
type Stepper struct {
	m        *Model
	opt      Options
	dyn      *dynamics.Stepper
	meter    *dynamics.Stepper // of energies and momenta
	wrenches []Wrench          // external ones, for the steps to come
	zero     []float64         // input of a model that is not driven
	part     State             // state inside a divided step
	contacts []dynamics.ContactReport
	joints   []spatial.Wrench
	lastH    float64 // length of the last whole step
	loaded   bool    // whether the engine could load the part of it that was tried last
	divided  bool
	division cause // of the first division of the last step
}

// NewStepper returns a stepper for m.
func (m *Model) NewStepper(opt Options) *Stepper {
	opt.defaults()
	return &Stepper{
		m: m, opt: opt, dyn: dynamics.NewStepper(m.dyn), zero: make([]float64, m.dyn.NU), part: m.NewState(),
		wrenches: make([]Wrench, len(m.dyn.Bodies)), lastH: m.dyn.Timestep, contacts: make([]dynamics.ContactReport, len(m.dyn.Contacts)), joints: make([]spatial.Wrench, len(m.dyn.Bodies)),
	}
}

// Model returns the stepper's model.
func (s *Stepper) Model() *Model { return s.m }

// Options returns the options in force, defaults filled in.
func (s *Stepper) Options() Options { return s.opt }

// SetKappa changes κ for the steps to come.
func (s *Stepper) SetKappa(kappa float64) { s.opt.Kappa = kappa }

// SetWrench sets an external force and torque on body i, acting at its center of mass in world axes,
// for all steps to come. Default zero.
func (s *Stepper) SetWrench(i int, w Wrench) { s.wrenches[i] = w }

// Wrench returns the external force and torque on body i for the steps to come.
func (s *Stepper) Wrench(i int) Wrench { return s.wrenches[i] }

// StepError says why a step failed and where its largest residual is.
type StepError struct {
	Model string
	Where string // "contact foot/ground", "joint knee", what is wrong with the start or with the arguments
	Result
	unloaded bool // it is the start
}

func (e *StepError) Error() string {
	if e.Status == ipm.Unsolved {
		return "sim: " + e.Where
	}
	if e.unloaded {
		return fmt.Sprintf("sim: step of model %q failed: %s; use a smaller timestep", e.Model, e.Where)
	}
	return fmt.Sprintf("sim: step of model %q failed: %s after %d iterations and %d halvings; largest residual at %s", e.Model, e.Status, e.Iterations, e.Halvings, e.Where)
}

func (e *StepError) Unwrap() error { return e.Status.Err() }

// Step stores in next the state one timestep after cur under the input u (length NU; nil is zero). A step
// that does not converge is divided by two, repeatedly. On failure next is left as it was, and the error
// (a *[StepError]) names the contact or joint with the largest residual. next may be cur.
func (s *Stepper) Step(next *State, cur State, u []float64) (Result, error) {
	if err := s.check(cur, u); err != nil {
		return Result{}, err
	}
	if u == nil {
		u = s.zero
	}
	clear(s.contacts)
	clear(s.joints)
	s.divided = false
	for i, w := range s.wrenches {
		s.dyn.SetWrench(i, w)
	}
	s.lastH = s.m.dyn.Timestep
	var res Result
	r := s.advance(&res, cur, u, s.lastH, 0)
	res.Status, res.Iterations = r.Status, r.Iterations
	res.Residual, res.Gap, res.Centrality, res.Kappa = r.Residual, r.Gap, r.Centrality, r.Kappa
	if res.Status != ipm.Solved {
		return res, s.failure(res)
	}
	next.Copy(s.part)
	return res, nil
}

// check returns an error for arguments that are no state or input of the model.
func (s *Stepper) check(cur State, u []float64) error {
	if err := s.m.CheckState(cur); err != nil {
		return &StepError{Model: s.m.name, Where: err.Error()[len("sim: "):]}
	}
	if u != nil && len(u) != s.m.dyn.NU {
		return &StepError{Model: s.m.name, Where: fmt.Sprintf("input has length %d, model %q has %d inputs", len(u), s.m.name, s.m.dyn.NU)}
	}
	for i, x := range u {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return &StepError{Model: s.m.name, Where: fmt.Sprintf("input %d (%s) is %g", i, s.m.inputs[i], x)}
		}
	}
	if err := s.opt.check(); err != nil {
		return &StepError{Model: s.m.name, Where: err.Error()}
	}
	return nil
}

// maxTurn is the change of a joint's Gibbs vector in one step, tan of half the change of its turn, beyond
// which the step is divided: a whip that cracks turns further, to a distant solution with far more energy.
const maxTurn = 0.2

// advance moves cur by h into s.part, in halves where a whole step does not converge or goes wild, and returns the
// results of what it took, joined. Where the halves of a wild step fail, it is better than nothing.
func (s *Stepper) advance(res *Result, cur State, u []float64, h float64, depth int) ipm.Result {
	whole := s.solve(cur, u, h)
	if whole.Status == ipm.Solved && (depth == s.opt.MaxHalvings || s.dyn.Turn() <= maxTurn) {
		s.accept(res, whole, h)
		return whole
	}
	if depth == s.opt.MaxHalvings || !s.loaded { // no half would load it either
		return whole
	}
	res.Halvings++
	if !s.divided {
		s.divided, s.division = true, s.why(whole.Status)
	}
	contacts := append([]dynamics.ContactReport(nil), s.contacts...) // allocates: a divided step is the exception
	joints := append([]spatial.Wrench(nil), s.joints...)
	halves := s.advance(res, cur, u, h/2, depth+1).After(whole)
	if halves.Status == ipm.Solved {
		halves = halves.Join(s.advance(res, s.part.Clone(), u, h/2, depth+1).After(halves))
	}
	if halves.Status == ipm.Solved || whole.Status != ipm.Solved {
		return halves
	}
	copy(s.contacts, contacts)
	copy(s.joints, joints)
	if whole = s.solve(cur, u, h).After(halves); whole.Status == ipm.Solved {
		s.accept(res, whole, h)
	}
	return whole
}

// solve solves one step of length h from cur.
func (s *Stepper) solve(cur State, u []float64, h float64) ipm.Result {
	if s.loaded = s.dyn.Load(cur.Q, cur.V, u, h, s.m.interval(cur)); !s.loaded {
		return ipm.Result{Status: ipm.NotFinite}
	}
	o := dynamics.NewOptions(s.opt.Kappa, s.opt.Centrality, s.opt.Tolerance, s.opt.Margin)
	o.Solver.Polish = s.opt.Polish
	return s.dyn.Solve(o)
}

// accept takes the solved step of length h into s.part and the reports.
func (s *Stepper) accept(res *Result, r ipm.Result, h float64) {
	if s.opt.Polish && !r.Polished {
		res.Unpolished++
	}
	s.dyn.Contacts(s.contacts)
	s.dyn.JointImpulses(s.joints)
	s.dyn.Store(s.part.Q, s.part.V)
	if s.part.H = 0; h != s.lastH {
		s.part.H = h
	}
}

// interval returns the length of the interval that the velocity of s belongs to.
func (m *Model) interval(s State) float64 {
	if s.H == 0 {
		return m.dyn.Timestep
	}
	return s.H
}

// Contact returns what contact i did in the last step.
func (s *Stepper) Contact(i int) Contact {
	c := &s.contacts[i]
	return Contact{Force: spatial.Scale(1/s.lastH, c.Impulse), Point: c.Point, Gap: c.Gap, Slide: c.Slide}
}

// Penetration returns the depth of the deepest contact at the end of the last step, at least 0 (m).
func (s *Stepper) Penetration() float64 {
	d := 0.0
	for i := range s.contacts {
		d = max(d, -s.contacts[i].Gap)
	}
	return d
}

// JointWrench returns the mean force and torque that joint i transmitted to its body in the last step,
// in world axes about the body frame origin, what drives and limits do along its free motions included.
func (s *Stepper) JointWrench(i int) Wrench {
	w := &s.joints[i]
	return Wrench{Force: spatial.Scale(1/s.lastH, w.Force), Torque: spatial.Scale(1/s.lastH, w.Torque)}
}

// Engine gives the engine's own packages access to the machinery of the last step.
func (s *Stepper) Engine() *dynamics.Stepper { return s.dyn }
