package sim

import (
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// DefaultKappa is a hard contact: what lies on one point rests a hundred-thousandth of its size above it.
const DefaultKappa = 1e-5

// defaultHalvings leads from 50 ms to 6 µs, in which a light limb may turn at 300 000 rad/s. Of 6000 random mechanisms
// 29 failed with 10 of them, and of these steps 13 go on with 13. More do not help: a contact takes the same impulse in
// any part, so its gap shrinks with the part, below what rounding knows.
const defaultHalvings = 13

// Options tune steps. Zero values select the defaults.
type Options struct {
	// Kappa is the central-path parameter κ, a pure number: small is hard, large is smooth. A contact that carries the
	// weight of what it moves rests at the gap κℓ, ℓ the radius of gyration of its mechanism; see [Model.KappaUnit].
	// Default [DefaultKappa].
	Kappa float64
	// Centrality bounds the relative error of every complementarity product, below 1. Default 1e-4.
	Centrality float64
	// Tolerance bounds residuals as fractions of the mechanism's natural momenta and sizes, below 1. Default 1e-9.
	Tolerance float64
	// Margin is how far beyond its motion in a step a contact still takes part (m). math.Inf(1) keeps all
	// contacts. Default: 0.1 ℓ, or 1e4 κℓ when that is more.
	Margin float64
	// Polish takes every step on to κ = 0: contacts at rest have no gap and do not creep, and forces at their
	// bounds are exact. It starts from the solution at Kappa, by default 1e-10 then, and stays there where that is
	// not possible, or at 1000 Kappa where Kappa is none either, see Result.Unpolished and Result.Kappa. Such a step
	// has no derivative.
	Polish bool
	// MaxHalvings bounds how often a step that does not converge is divided by two, and its halves again, and
	// so on: the shortest part is the timestep / 2^MaxHalvings. Default 13; a negative number is an error.
	MaxHalvings int
	// WholeSteps divides no step: what does not converge whole is an error, and no look at the balance of energy
	// tells a distant solution. MaxHalvings must be 0.
	WholeSteps bool
	// DivideImpacts divides a step a hundredth of it before the first corner, ball, rim or ellipsoid meets a
	// half-space, unless that comes slower than after a fall of ten steps, or within a hundredth of the step at one of
	// its ends. Without it an impact within a step gives part of its impulse at the knot before and the rest at the
	// next, so what happens depends on where between two knots it falls. Landings are several times as accurate then,
	// and converge faster than at first order. Such a step costs three solves. Derivatives are those with the time of
	// the impact. Contacts between bodies, and with terrain, divide nothing.
	DivideImpacts bool
	// Workers is how many goroutines solve a step, where it falls apart into groups of bodies that do not touch each other. The results
	// have the same bits for any number. To run many states at a time there is [Batch]. Default 1.
	Workers int `json:"-"`
}

func (o *Options) defaults() {
	if o.Kappa == 0 {
		o.Kappa = DefaultKappa
		if o.Polish {
			o.Kappa = 1e-10
		}
	}
	if o.MaxHalvings == 0 && !o.WholeSteps {
		o.MaxHalvings = defaultHalvings
	}
}

func (o *Options) check() error {
	switch {
	case !positive(o.Kappa):
		return fmt.Errorf("Options.Kappa: κ is %g, want a positive number", o.Kappa)
	case o.Centrality != 0 && !(positive(o.Centrality) && o.Centrality < 1):
		return fmt.Errorf("Options.Centrality is %g, want a positive number below 1, or 0 for 1e-4", o.Centrality)
	case o.Tolerance != 0 && !(positive(o.Tolerance) && o.Tolerance < 1):
		return fmt.Errorf("Options.Tolerance is %g, want a positive number below 1, or 0 for 1e-9", o.Tolerance)
	case !(o.Margin >= 0):
		return fmt.Errorf("Options.Margin is %g m, want a positive number, or 0 for that of κ", o.Margin)
	case o.Workers < 0:
		return fmt.Errorf("Options.Workers is %d, want a positive number, or 0 for 1", o.Workers)
	case o.MaxHalvings < 0:
		return fmt.Errorf("Options.MaxHalvings is %d, want a positive number, or 0 for %d (or WholeSteps)", o.MaxHalvings, defaultHalvings)
	case o.WholeSteps && (o.MaxHalvings > 0 || o.DivideImpacts):
		return fmt.Errorf("Options.MaxHalvings is %d, DivideImpacts %v although steps shall stay whole", o.MaxHalvings, o.DivideImpacts)
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
	Unpolished int     // parts of the step that should have reached κ = 0 and stayed at Kappa
	Residual   float64 // of the balance of momentum, as a fraction of natural momenta
	Gap        float64 // mismatch of gaps and slacks, as a fraction of natural sizes
	Centrality float64 // largest relative error of a complementarity product
	Kappa      float64 // mean complementarity product reached, in units of κ
}

// Stepper advances states of one model. It owns all scratch memory: use one per goroutine.
type Stepper struct {
	m        *Model
	opt      Options
	dyn      *dynamics.Stepper
	meter    *dynamics.Stepper // of energies and momenta
	wrenches []Wrench          // external ones, for the steps to come
	pushed   bool              // whether one was ever set
	sensors  []*Sensor
	zero     []float64 // input of a model that is not driven

	// of the last step
	reports
	list     []Contact // as Contacts tells them
	solved   bool
	divided  bool
	division cause // of the first division

	// of the step at hand
	part    State // where the parts taken so far end
	landing State // where the next one of an impact starts
	span    span
	spent   int  // iterations so far
	most    int  // after which nothing is divided any more
	jammed  bool // whether dividing it makes nothing easier
	untrue  bool // whether the last part that was given up had been solved
	goal    goal

	// of the part of it that was tried last
	loaded  bool // whether the engine could load it
	flipped int  // loop whose start points the wrong way, −1
	effort  dynamics.Effort
	deep    bool    // whether it starts deep
	held    bool    // whether what it starts deep in stays as deep
	out     outcome // then of its first solve

	poses  []spatial.Pose // scratch
	finder distance.Finder
}

// NewStepper returns a stepper for m.
func (m *Model) NewStepper(opt Options) *Stepper {
	opt.defaults()
	nb := len(m.dyn.Bodies)
	return &Stepper{
		m: m, opt: opt, dyn: dynamics.NewStepper(m.dyn), wrenches: make([]Wrench, nb), zero: make([]float64, m.dyn.NU),
		reports: newReports(m.dyn), list: make([]Contact, 0, len(m.dyn.Contacts)), part: m.NewState(), landing: m.NewState(), poses: make([]spatial.Pose, nb),
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
func (s *Stepper) SetWrench(i int, w Wrench) { s.wrenches[i], s.pushed = w, true }

// Wrench returns the external force and torque on body i for the steps to come.
func (s *Stepper) Wrench(i int) Wrench { return s.wrenches[i] }

// StepError says why a step failed and where its largest residual is.
type StepError struct {
	Model string
	Where string // "contact foot/ground", "joint knee", what is wrong with the start or with the arguments
	Result
	unloaded bool // it is the start
	untrue   bool // it was solved, but not as mechanics go
}

func (e *StepError) Error() string {
	if e.Status == ipm.Unsolved {
		return "sim: " + e.Where
	}
	if e.Status == ipm.Infeasible {
		return fmt.Sprintf("sim: step of model %q failed: constraints exclude each other: %s; no position near the start obeys them (%d iterations)", e.Model, e.Where, e.Iterations)
	}
	if e.unloaded {
		return fmt.Sprintf("sim: step of model %q failed: %s; use a smaller timestep", e.Model, e.Where)
	}
	if e.untrue {
		return fmt.Sprintf("sim: step of model %q failed: what solves it is not true: %s (%d iterations and %d halvings); use a smaller timestep", e.Model, e.Where, e.Iterations, e.Halvings)
	}
	return fmt.Sprintf("sim: step of model %q failed: %s after %d iterations and %d halvings; largest residual at %s", e.Model, e.Status, e.Iterations, e.Halvings, e.Where)
}

func (e *StepError) Unwrap() error { return e.Status.Err() }

// Step stores in next the state one timestep after cur under the input u (length NU; nil is zero). A step that does not
// converge is divided by two, repeatedly; one in which something lands is, with [Options.DivideImpacts], taken in three
// parts, which [Stepper.Parts] tells, and the state that it ends in has the length of the last. On failure next is left
// as it was, and the error (a *[StepError]) names the contact or joint with the largest residual. next may be cur.
func (s *Stepper) Step(next *State, cur State, u []float64) (Result, error) {
	s.solved = false
	if err := s.check(cur, u); err != nil {
		return Result{}, err
	}
	if u == nil {
		u = s.zero
	}
	for i := 0; i < len(s.wrenches) && s.pushed; i++ {
		s.dyn.SetWrench(i, spatial.Wrench(s.wrenches[i]))
	}
	var res Result
	r := s.begin(&res, cur, u, s.opt.goals()[0])
	for _, g := range s.opt.goals()[1:] {
		if r.Status == ipm.Solved || r.Status == ipm.Infeasible {
			break
		}
		res = Result{}
		r = s.begin(&res, cur, u, g).After(r)
	}
	res.Status, res.Iterations = r.Status, r.Iterations
	res.Residual, res.Gap, res.Centrality, res.Kappa = r.Residual, r.Gap, r.Centrality, r.Kappa
	if res.Status != ipm.Solved {
		return res, s.failure(res)
	}
	s.solved = true
	next.Copy(s.part)
	return res, nil
}

// goal is how hard a step is solved: κ times looser, with a polish or without, in so many iterations.
type goal struct {
	polish bool
	looser float64
	most   int
}

// What fails while it is polished is taken at its κ, and what fails there at a larger one, which the result tells.
var (
	plainGoals  = []goal{{looser: 1, most: mostIterations}}
	polishGoals = []goal{{polish: true, looser: 1, most: hardIterations}, {looser: 1, most: hardIterations}, {looser: 1000, most: mostIterations}}
)

func (o *Options) goals() []goal {
	if o.Polish {
		return polishGoals
	}
	return plainGoals
}

// begin takes a step from nothing reported.
func (s *Stepper) begin(res *Result, cur State, u []float64, g goal) ipm.Result {
	s.goal = g
	s.reports.reset()
	for _, x := range s.sensors {
		x.reading = reading{}
	}
	s.spent, s.most, s.divided, s.jammed, s.untrue = 0, g.most, false, false, false
	return s.take(res, cur, u)
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
	for i := 0; i < len(s.wrenches) && s.pushed; i++ {
		if w := &s.wrenches[i]; !spatial.Finite(w.Force) || !spatial.Finite(w.Torque) {
			return &StepError{Model: s.m.name, Where: fmt.Sprintf("external wrench on body %s is not finite", s.m.bodies[i])}
		}
	}
	if err := s.opt.check(); err != nil {
		return &StepError{Model: s.m.name, Where: err.Error()}
	}
	return nil
}

// solve solves one step of length h from cur.
func (s *Stepper) solve(cur State, u []float64, h float64, effort dynamics.Effort) (r ipm.Result) {
	s.flipped = -1
	if s.loaded = s.dyn.Load(cur.Q, cur.V, u, h, cur.H); !s.loaded {
		return ipm.Result{Status: ipm.NotFinite}
	}
	if s.flipped = s.dyn.Flipped(); s.flipped >= 0 {
		s.loaded = false
		return ipm.Result{Status: ipm.NotFinite}
	}
	o := dynamics.NewOptions(s.goal.looser*s.opt.Kappa, s.opt.Centrality, s.opt.Tolerance, s.opt.Margin)
	o.Solver.Polish, o.Effort, o.Workers = s.goal.polish, effort, s.opt.Workers
	s.effort = effort
	r = s.dyn.Solve(o)
	s.held = false
	if s.deep = r.Status == ipm.Solved && s.dyn.Deep(); !s.deep {
		return r
	}
	if s.dyn.Strays() {
		s.deep, s.held = false, true
	} else {
		s.out.keep(s)
	}
	s.dyn.Hold()
	return r.Join(s.dyn.Solve(o).After(r))
}

// outcome is what the first solve of a deep part decides: where it ends.
type outcome struct {
	state    State
	contacts []dynamics.ContactReport
}

// keep takes it from the solve just made. It allocates the first time: deep starts are the exception.
func (o *outcome) keep(s *Stepper) {
	if o.contacts == nil {
		o.state, o.contacts = s.m.NewState(), make([]dynamics.ContactReport, len(s.contacts))
	}
	s.dyn.Store(o.state.Q, o.state.V)
	s.dyn.Contacts(o.contacts)
}

// accept takes the solved step of length h from cur into s.part and the reports.
func (s *Stepper) accept(res *Result, r ipm.Result, cur State, h float64) {
	if s.opt.Polish && !r.Polished {
		res.Unpolished++
	}
	s.calmed += s.dyn.Calmed()
	s.dyn.Contacts(s.contacts)
	s.meetings = s.dyn.Meetings(s.meetings)
	s.dyn.JointImpulses(s.joints)
	if len(s.drives) > 0 {
		s.dyn.DriveImpulses(s.drives)
	}
	s.dyn.LoopImpulses(s.loops)
	for _, x := range s.sensors {
		x.measure()
	}
	if s.deep || s.held || h < s.m.dyn.Timestep {
		n := len(s.parts)
		s.parts = slices.Grow(s.parts, 1)[:n+1]
		s.parts[n].Start.Copy(cur)
		s.parts[n].H, s.parts[n].Deep, s.parts[n].Held, s.parts[n].Effort = h, s.deep, s.held, s.effort
		s.parts[n].ByStep, s.parts[n].ByImpact = h/s.span.length*s.span.byStep, h/s.span.length*s.span.byImpact
	}
	s.dyn.Store(s.part.Q, s.part.V)
	s.part.H = h
	if s.deep {
		copy(s.part.Q, s.out.state.Q)
		for i, c := range s.out.contacts {
			s.contacts[i].Gap, s.contacts[i].Slide, s.contacts[i].Far = c.Gap, c.Slide, c.Far
		}
	}
	s.weights += s.dyn.Weight()
}

// Engine gives the engine's own packages access to the machinery of the last step.
func (s *Stepper) Engine() *dynamics.Stepper { return s.dyn }
