package trajopt

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
)

// Pace is how often a controller is asked, and how long it may think.
type Pace struct {
	Period float64          // s, between ticks. Default: the timestep of the problem's model
	Budget time.Duration    // of a tick; 0: as long as a decision takes
	Now    func() time.Time // the clock of the budget. Default: time.Now
}

// MPC is receding-horizon control: a decision takes the plan at hand on to the present, rolls it out with its feedback
// from the measured state, and improves it by a few iterations of [ILQR]. The steps k that the functions of the problem
// see count from the present.
//
// A decision that the budget of a tick cuts short goes on in the next. Until it is done the plan before is followed: its
// inputs of this time, and its feedback of what was measured. To give up what was begun would lose everything on a machine where
// a decision always takes longer than its budget, and the feedback of a plan is good for some ticks.
//
// Goals and limits have a penalty, Options.Penalty, and multipliers, which grow once a decision and go on with time as
// the plan does. Each decision keeps nine tenths of them: what cannot be met for a while does not wind them up, and
// what can is met up to ten times as well as by the penalty alone.
type MPC struct {
	pace Pace
	mind *mind
	next func() (done, ok bool) // the next piece of thought
	stop func()
}

// Tick says how one decision went.
type Tick struct {
	Elapsed    time.Duration
	Timing     Timing  // of the phases that ended in this tick
	Iterations int     // that were finished
	Cost       float64 // of the plan
	Late       bool    // the budget ended before the decision did
	Age        float64 // s: how long ago the plan was begun that gave the input
}

// NewMPC returns a controller for p with opt.Iterations per decision (default 1). A tick may take longer than its
// budget by one rollout of the plan. The start of p is where the first plan begins, from zero inputs: [MPC.Prepare]
// makes a better one.
func NewMPC(p *Problem, opt Options, pace Pace) (*MPC, error) {
	if opt.Iterations == 0 {
		opt.Iterations = 1
	}
	if len(opt.Kappas) > 1 {
		return nil, errors.New("trajopt: a controller has one κ: there is no time to go from soft to hard in a tick")
	}
	if pace.Budget < 0 || !(pace.Period >= 0) || math.IsInf(pace.Period, 1) {
		return nil, fmt.Errorf("trajopt: a budget of %v every %g s, want none negative", pace.Budget, pace.Period)
	}
	if len(p.Free) > 0 {
		return nil, errors.New("trajopt: a controller starts from what is measured: nothing of it is free")
	}
	own := *p
	own.Start = p.Start.Clone() // it will follow the measured state
	s, err := NewILQR(&own, opt)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.setKappa(s.opt.Kappas[0]), s.begin(nil)); err != nil {
		return nil, err
	}
	if pace.Period == 0 {
		pace.Period = p.Model.Timestep()
	}
	if pace.Now != nil {
		s.clock = pace.Now
	}
	c := &MPC{pace: pace, mind: &mind{s: s, plan: newPolicy(&own)}}
	c.clear()
	return c, nil
}

// clear drops the thought under way.
func (c *MPC) clear() {
	if c.stop != nil {
		c.stop()
	}
	c.next, c.stop = iter.Pull(c.mind.think)
	c.mind.idle = true
	runtime.AddCleanup(c, func(stop func()) { stop() }, c.stop) // a thought that nobody waits for would stay in memory
}

// Prepare makes a first plan from a guess of the inputs, as [ILQR.Solve] does, without budget, in at most so many iterations.
func (c *MPC) Prepare(ctx context.Context, guess [][]float64, iterations int) error {
	c.clear()
	s := c.mind.s
	if err := s.begin(guess); err != nil {
		return err
	}
	if err := s.restart(false); err != nil {
		return err
	}
	s.rescore()
	s.minimize(ctx, s.opt.Kappas[0], s.opt.Tolerance, s.count.Iterations+iterations, s.clock())
	c.mind.plan.take(s, 0)
	return ctx.Err()
}

// Tick stores the input for the state x in u (NU). When the plan cannot be rolled out from there, u follows the plan before, and
// the error says why; the next tick begins anew from its inputs.
func (c *MPC) Tick(u []float64, x sim.State) (Tick, error) {
	m, s := c.mind, c.mind.s
	begin, before := s.clock(), s.count
	if len(u) != s.p.Model.NU() {
		return Tick{}, fmt.Errorf("trajopt: an input of length %d, want %d", len(u), s.p.Model.NU())
	}
	if err := s.p.Model.CheckState(x); err != nil {
		return Tick{}, fmt.Errorf("trajopt: the state: %w", err)
	}
	t, fresh := Tick{}, false
	for !t.Late && m.err == nil {
		if m.idle && fresh {
			break
		}
		if m.idle {
			s.p.Start.Copy(x)
			m.idle, m.since, fresh = false, 0, true
		}
		m.idle, _ = c.next()
		t.Late = !m.idle && c.pace.Budget > 0 && s.clock().Sub(begin) >= c.pace.Budget
	}
	m.plan.input(u, x)
	clamp(u, s.lower, s.upper)
	t.Cost, t.Age = m.plan.cost, m.plan.age*s.p.Model.Timestep()
	steps := c.pace.Period / s.p.Model.Timestep()
	m.plan.age += steps
	m.since += steps
	t.Elapsed, t.Timing, t.Iterations = s.clock().Sub(begin), s.count.Timing.less(before.Timing), s.count.Iterations-before.Iterations
	err := m.err
	m.err = nil
	runtime.KeepAlive(c) // the cleanup stops the thought
	return t, err
}

// mind is what thinks for a controller.
type mind struct {
	s     *ILQR
	plan  *policy
	idle  bool    // no decision is under way
	since float64 // steps since the one under way began
	err   error   // of the last decision
}

// think takes decision after decision from the start of the solver's problem. It yields true after a decision, and
// false between its pieces.
func (m *mind) think(yield func(done bool) bool) {
	s := m.s
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s.pause = func() {
		if ctx.Err() == nil && !yield(false) {
			cancel()
		}
	}
	for more := true; more && ctx.Err() == nil; {
		m.plan.give(s)
		if m.err = s.restart(true); m.err != nil {
			m.plan.forget()
		} else if s.rest(); s.minimize(ctx, s.opt.Kappas[0], s.opt.Tolerance, s.count.Iterations+s.opt.Iterations, s.clock()) == Failed {
			m.err = s.failure()
		} else if ctx.Err() == nil {
			s.raise(keep)
			m.plan.take(s, m.since)
		}
		more = ctx.Err() == nil && yield(true)
	}
	s.pause = nil
}

// keep is the part of the multipliers that a decision leaves.
const keep = 0.9

// restart rolls the inputs of now out from the start, with the feedback of the plan if asked to.
func (s *ILQR) restart(feedback bool) error {
	w := s.workers[0]
	s.count.Timing.Rollouts += s.timed(func() { s.roll(w, 0, feedback, math.Inf(1)) })
	if s.count.Rollouts++; w.err != nil {
		return fmt.Errorf("trajopt: the rollout of the plan fails: %w", w.err)
	}
	s.now, w.trial = w.trial, s.now
	return nil
}
