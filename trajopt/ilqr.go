package trajopt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// Options tune [ILQR]. Zero values select the defaults.
type Options struct {
	// Kappas are the κ of the rollouts, from soft to hard: the problem is solved at each in turn, from the answer at the
	// one before. The last is the κ of the result. Default: [sim.DefaultKappa] alone.
	Kappas []float64
	// GradientKappa is the κ at which steps are differentiated, where it is larger than that of the rollout ("two κ"). Default: that
	// of the rollout.
	GradientKappa float64

	Iterations    int     // at most, of all κ together. Default 300
	Tolerance     float64 // of goals and limits, in their own units. Default [DefaultTolerance]
	CostTolerance float64 // ends the search at a κ: a decrease of the merit by less than this, relative to the merit. Default 1e-4
	Penalty       float64 // ρ that constraints begin with, per square of their units. Default 1
	PenaltyGrowth float64 // factor by which ρ grows when the constraints are not met. Default 10
	Workers       int     // goroutines of rollouts and derivatives; the result has the same bits for any number. Default: GOMAXPROCS

	// Progress, when not nil, is called after every iteration, from the goroutine of Solve.
	Progress func(Iteration)
}

// DefaultTolerance is that of goals and limits.
const DefaultTolerance = 1e-3

func (o Options) withDefaults() Options {
	def := func(x *float64, v float64) {
		if *x == 0 {
			*x = v
		}
	}
	if len(o.Kappas) == 0 {
		o.Kappas = []float64{sim.DefaultKappa}
	}
	if o.Iterations == 0 {
		o.Iterations = 300
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	def(&o.Tolerance, DefaultTolerance)
	def(&o.CostTolerance, 1e-4)
	def(&o.Penalty, 1)
	def(&o.PenaltyGrowth, 10)
	return o
}

func (o Options) check() error {
	var bad []error
	positive := func(name string, x float64) {
		if !(x > 0) || math.IsInf(x, 1) {
			bad = append(bad, fmt.Errorf("trajopt: Options.%s is %g, want a positive number", name, x))
		}
	}
	positive("Tolerance", o.Tolerance)
	positive("CostTolerance", o.CostTolerance)
	positive("Penalty", o.Penalty)
	for i, k := range o.Kappas {
		positive(fmt.Sprintf("Kappas[%d]", i), k)
	}
	if !(o.PenaltyGrowth > 1) {
		bad = append(bad, fmt.Errorf("trajopt: Options.PenaltyGrowth is %g, want more than 1", o.PenaltyGrowth))
	}
	if o.Iterations < 0 {
		bad = append(bad, fmt.Errorf("trajopt: Options.Iterations is %d, want a positive number, or 0 for the default", o.Iterations))
	}
	if !(o.GradientKappa >= 0) || math.IsInf(o.GradientKappa, 1) {
		bad = append(bad, fmt.Errorf("trajopt: Options.GradientKappa is %g, want a positive number, or 0 for that of the rollout", o.GradientKappa))
	}
	return errors.Join(bad...)
}

// ILQR solves a [Problem] by the iterative linear-quadratic regulator. It owns all scratch memory: one Solve at a time.
type ILQR struct {
	p            *Problem
	opt          Options
	lower, upper []float64
	drives       []sim.InputInfo
	terms        *terms
	workers      []*worker

	inner func(ctx context.Context, kappa, near float64, most int, begin time.Time) Status // minimize, or shoot
	pause func()                                                                           // between pieces of an iteration, each no longer than a rollout; nil: nobody waits
	away  time.Duration                                                                    // in pauses
	clock func() time.Time                                                                 // time.Now

	now    *trajectory
	models []*expansion // by state
	a, b   []*mat.Dense // Jacobians by step: 2NV×2NV, 2NV×NU
	plan   *plan
	sweep  *sweep
	fresh  bool    // whether models, a and b are those of now and the multipliers at hand
	kappa  float64 // of now
	mu     float64 // regularization
	rho    float64 // penalty
	count  counters
}

// counters are what Result and Iteration tell of the effort.
type counters struct {
	Iterations int    // backward passes
	Rollouts   int    // that one worker would take: those tried at once beyond the one accepted do not count
	Timing     Timing // of Solve
}

// Timing is where the time went.
type Timing struct {
	Total, Rollouts, Derivatives, Backward time.Duration
}

// NewILQR returns a solver of p, or an error that says all that is wrong with it. p may change its Start between solves, and
// nothing else.
func NewILQR(p *Problem, opt Options) (*ILQR, error) {
	opt = opt.withDefaults()
	if err := p.check(); err != nil {
		return nil, err
	}
	if err := opt.check(); err != nil {
		return nil, err
	}
	m := p.Model
	n, nu := 2*m.NV(), m.NU()
	s := &ILQR{p: p, opt: opt, terms: p.terms(), now: newTrajectory(p), plan: newPlan(p.Steps, nu, n), sweep: newSweep(n, nu)}
	s.inner, s.clock = s.minimize, time.Now
	s.lower, s.upper = p.bounds()
	for i := range nu {
		s.drives = append(s.drives, m.InputInfo(i))
	}
	for k := range p.Steps + 1 {
		s.models = append(s.models, newExpansion(n, nu))
		if k < p.Steps {
			s.a, s.b = append(s.a, mat.NewDense(n, n, nil)), append(s.b, mat.NewDense(n, nu, nil))
		}
	}
	for range min(opt.Workers, p.Steps+1) {
		s.workers = append(s.workers, &worker{
			stepper: m.NewStepper(sim.Options{Kappa: opt.Kappas[0]}), trial: newTrajectory(p), dx: implicit.NewTangent(m),
			u: make([]float64, nu), buf: make([]float64, s.terms.largest),
		})
	}
	return s, nil
}

// Solve is NewILQR and [ILQR.Solve] in one.
func Solve(ctx context.Context, p *Problem, guess [][]float64, opt Options) (*Result, error) {
	s, err := NewILQR(p, opt)
	if err != nil {
		return nil, err
	}
	return s.Solve(ctx, guess)
}

// Solve searches from a guess of the inputs (Steps×NU; nil, or nil entries, are zero; clamped to the bounds), such as Result.Inputs of
// an earlier solve. The error is nil when the search has converged and goals and limits are met. Otherwise it says what is
// missing, and unless the guess itself could not be rolled out the result is the best so far: when ctx ends, too.
func (s *ILQR) Solve(ctx context.Context, guess [][]float64) (*Result, error) {
	begin := time.Now()
	s.count = counters{}
	if err := s.begin(guess); err != nil {
		return nil, err
	}
	status := Unsolved
	for i, kappa := range s.opt.Kappas {
		if err := s.setKappa(kappa); err != nil {
			return nil, err
		}
		w := s.workers[0]
		s.roll(w, 0, i > 0, math.Inf(1)) // under another contact the feedback of the last plan keeps it near
		if s.count.Rollouts++; w.err != nil && i > 0 {
			s.roll(w, 0, false, math.Inf(1))
			s.count.Rollouts++
		}
		if w.err != nil {
			return nil, fmt.Errorf("trajopt: the rollout of the inputs at κ = %g fails: %w", kappa, w.err)
		}
		s.now, w.trial, s.kappa = w.trial, s.now, kappa
		near := s.opt.Tolerance
		if i+1 < len(s.opt.Kappas) {
			near *= loose // soft contact need not get exactly to where hard contact does, and perhaps cannot
		}
		if status = s.constrain(ctx, kappa, near, begin); status == Canceled || status == IterationLimit || status == Failed {
			break
		}
	}
	s.settle(status)
	s.count.Timing.Total = time.Since(begin)
	r := s.result(status)
	if status == Canceled {
		return r, fmt.Errorf("trajopt: %w after %d iterations", context.Cause(ctx), r.Iterations)
	}
	return r, r.err(s)
}

// settle makes the gains those around the trajectory that was found. A search that was cut short keeps those of its last step.
func (s *ILQR) settle(status Status) {
	if status != Converged && status != Stalled || s.fresh && s.mu == 0 {
		return
	}
	ok := s.fresh
	if !ok {
		s.count.Timing.Derivatives += s.timed(func() { ok = s.differentiate() == nil })
	}
	if ok {
		s.count.Timing.Backward += s.timed(func() { s.backward(s.mu) })
	}
}

// begin takes the guess in.
func (s *ILQR) begin(guess [][]float64) error {
	if err := s.p.Model.CheckState(s.p.Start); err != nil {
		return fmt.Errorf("trajopt: the start: %w", err)
	}
	if guess != nil && len(guess) != s.p.Steps {
		return fmt.Errorf("trajopt: a guess of %d inputs for %d steps", len(guess), s.p.Steps)
	}
	s.now.states[0].Copy(s.p.Start)
	clear(s.plan.start)
	for k, u := range s.now.inputs {
		clear(u)
		if guess != nil && guess[k] != nil {
			if len(guess[k]) != len(u) || !finite(guess[k]) {
				return fmt.Errorf("trajopt: the guess of step %d is %v, want %d numbers", k, guess[k], len(u))
			}
			copy(u, guess[k])
		}
		clamp(u, s.lower, s.upper)
		clear(s.plan.step[k])
	}
	s.terms.each(func(t *term) {
		for _, l := range t.lambda {
			clear(l)
		}
	})
	s.rho, s.mu, s.fresh = s.opt.Penalty, 0, false
	s.terms.setPenalty(s.rho)
	return nil
}

// setKappa makes all steps to come those of a κ.
func (s *ILQR) setKappa(kappa float64) (err error) {
	soft := 0.0
	if s.opt.GradientKappa > kappa {
		soft = s.opt.GradientKappa
	}
	for _, w := range s.workers {
		w.stepper.SetKappa(kappa)
		if w.grad, err = implicit.New(w.stepper, implicit.Options{Kappa: soft}); err != nil {
			return err
		}
	}
	return nil
}

// loose is by how much tolerances are wider while the search is not where it shall end; loosest is what a tolerance of
// the merit does not pass by that.
const loose, loosest = 30, 3e-3

// constrain solves the problem at one κ: it minimizes the augmented Lagrangian again and again, and raises multipliers and penalty in
// between, until goals and limits are met but for near.
func (s *ILQR) constrain(ctx context.Context, kappa, near float64, begin time.Time) Status {
	const most = 1e9
	for {
		before := s.now.worst
		s.rescore()
		if status := s.inner(ctx, kappa, near, s.opt.Iterations, begin); status != Converged && status != Stalled {
			return status
		} else if s.now.worst <= near {
			return status
		}
		if s.rho >= most {
			return Infeasible
		}
		s.raise(1)
		if s.now.worst > before/4 {
			s.rho *= s.opt.PenaltyGrowth
			s.terms.setPenalty(s.rho)
		}
	}
}

// raise moves the multipliers, of which a part is kept, to the slopes of the penalties at the trajectory.
func (s *ILQR) raise(keep float64) {
	s.eachState(func(list []*term, k int, x sim.State, u []float64, f implicit.Forces) {
		for _, t := range list {
			if t.role == cost {
				continue
			}
			for i, v := range t.value(k, x, u, f, s.workers[0].buf) {
				t.raise(k, i, v, keep)
			}
		}
	})
}

// minimize searches the least augmented Lagrangian, in at most so many iterations of all: differentiate, sweep
// backward, search along the plan.
func (s *ILQR) minimize(ctx context.Context, kappa, near float64, most int, begin time.Time) Status {
	s.fresh = false
	for s.count.Iterations < most {
		if ctx.Err() != nil {
			return Canceled
		}
		s.rest()
		if !s.fresh {
			var err error
			s.count.Timing.Derivatives += s.timed(func() { err = s.differentiate() })
			if err != nil {
				return Failed
			}
			s.fresh = true
		}
		s.rest()
		var ok bool
		s.count.Timing.Backward += s.timed(func() { ok = s.backward(s.mu) })
		tol := s.opt.CostTolerance
		if s.now.worst > near {
			tol = max(tol, min(loose*tol, loosest)) // the multipliers will move it anyway
		}
		if gain := -s.plan.linear - s.plan.square; ok && gain <= math.Max(1e-3*tol*math.Abs(s.now.merit), 1e-15) {
			return Converged // the model itself sees next to nothing to gain
		}
		s.count.Iterations++
		alpha, old := 0.0, s.now.merit
		if ok {
			s.count.Timing.Rollouts += s.timed(func() { alpha = s.search(ctx) })
		}
		s.report(kappa, alpha, begin)
		if alpha == 0 {
			if ctx.Err() != nil {
				return Canceled
			}
			if s.mu = adapt(s.mu, 0); s.mu > largest {
				s.mu = 0
				return Stalled
			}
			continue
		}
		s.fresh = false
		s.mu = adapt(s.mu, alpha)
		if old-s.now.merit <= tol*math.Abs(old) {
			return Converged
		}
	}
	return IterationLimit
}

const least, largest, growth = 1e-3, 1e6, 4 // of the regularization

// adapt returns the regularization after a step of length alpha: a model that is good for short steps only gets more of it, because a
// step that is regularized gives up directions of which the model knows little, and a short one gives up all alike.
func adapt(mu, alpha float64) float64 {
	switch {
	case alpha < 0.2:
		return math.Max(least, mu*growth)
	case alpha < 0.4:
		return mu
	case mu/growth < least:
		return 0
	}
	return mu / growth
}

// timed returns how long f takes, without its pauses.
func (s *ILQR) timed(f func()) time.Duration {
	begin, away := s.clock(), s.away
	f()
	return s.clock().Sub(begin) - (s.away - away)
}

// rest lets who waits go on, if anybody does.
func (s *ILQR) rest() {
	if s.pause != nil {
		begin := s.clock()
		s.pause()
		s.away += s.clock().Sub(begin)
	}
}

// less is what came on top of an earlier timing.
func (t Timing) less(o Timing) Timing {
	return Timing{t.Total - o.Total, t.Rollouts - o.Rollouts, t.Derivatives - o.Derivatives, t.Backward - o.Backward}
}
