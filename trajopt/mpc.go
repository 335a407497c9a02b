package trajopt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
)

// MPC is receding-horizon control: at every tick it shifts its last plan by a step, rolls it out with its feedback from the measured state,
// improves it by a few iterations of [ILQR], and gives the first input. The steps k that the functions of the problem see
// count from the present.
//
// Goals and limits act as plain penalties at Options.Penalty: there is no time for multipliers.
type MPC struct {
	s      *ILQR
	budget time.Duration
	warm   bool
}

// Tick says how one decision went.
type Tick struct {
	Elapsed    time.Duration
	Timing     Timing
	Iterations int
	Cost       float64 // of the plan
	Late       bool    // the budget ended before the iterations did
}

// NewMPC returns a controller for p with opt.Iterations per tick (default 1). After budget (0 for none) no further iteration
// begins, and a search under way ends with the rollouts at hand, so a tick may take longer by one phase of one iteration. The
// start of p is where the first plan begins, from zero inputs: [MPC.Prepare] makes a better one.
func NewMPC(p *Problem, opt Options, budget time.Duration) (*MPC, error) {
	if opt.Iterations == 0 {
		opt.Iterations = 1
	}
	if len(opt.Kappas) > 1 {
		return nil, errors.New("trajopt: a controller has one κ: there is no time to go from soft to hard in a tick")
	}
	if budget < 0 {
		return nil, fmt.Errorf("trajopt: a budget of %v", budget)
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
	return &MPC{s: s, budget: budget}, nil
}

// Prepare makes a first plan from a guess of the inputs, as [ILQR.Solve] does, without budget, in at most so many iterations.
func (c *MPC) Prepare(ctx context.Context, guess [][]float64, iterations int) error {
	s := c.s
	if err := s.begin(guess); err != nil {
		return err
	}
	if err := c.start(false); err != nil {
		return err
	}
	s.count = counters{}
	s.rescore()
	s.minimize(ctx, s.opt.Kappas[0], s.opt.Tolerance, iterations, time.Now())
	c.warm = true
	return ctx.Err()
}

// Tick stores the input for the state x in u (NU). When the plan cannot be rolled out from there, u is the input of the plan before, shifted,
// and the error says why; the next tick begins anew from it.
func (c *MPC) Tick(u []float64, x sim.State) (Tick, error) {
	s, begin := c.s, time.Now()
	if len(u) != s.p.Model.NU() {
		return Tick{}, fmt.Errorf("trajopt: an input of length %d, want %d", len(u), s.p.Model.NU())
	}
	if err := s.p.Model.CheckState(x); err != nil {
		return Tick{}, fmt.Errorf("trajopt: the state: %w", err)
	}
	ctx := context.Background()
	if c.budget > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, begin.Add(c.budget))
		defer cancel()
	}
	s.p.Start.Copy(x)
	if c.warm {
		c.shift()
	}
	s.count = counters{}
	copy(u, s.now.inputs[0])
	if err := c.start(c.warm); err != nil {
		return Tick{Elapsed: time.Since(begin)}, err
	}
	c.warm = true
	status := s.minimize(ctx, s.opt.Kappas[0], s.opt.Tolerance, s.opt.Iterations, begin)
	if status == Failed {
		return Tick{Elapsed: time.Since(begin)}, s.failure()
	}
	copy(u, s.now.inputs[0])
	s.count.Timing.Total = time.Since(begin)
	return Tick{
		Elapsed: s.count.Timing.Total, Timing: s.count.Timing, Iterations: s.count.Iterations, Cost: s.now.cost, Late: status == Canceled,
	}, nil
}

// shift moves plan, trajectory and gains on by a step; the last one stays.
func (c *MPC) shift() {
	s, n := c.s, c.s.p.Steps
	for k := range n - 1 {
		copy(s.now.inputs[k], s.now.inputs[k+1])
		s.plan.gains[k].Copy(s.plan.gains[k+1])
	}
	for k := range n {
		s.now.states[k].Copy(s.now.states[k+1])
	}
}

// start rolls the plan out from the start, with its feedback when there is one.
func (c *MPC) start(feedback bool) error {
	s := c.s
	w := s.workers[0]
	begin := time.Now()
	s.roll(w, 0, feedback, math.Inf(1))
	s.count.Timing.Rollouts += time.Since(begin)
	s.count.Rollouts++
	if w.err != nil {
		c.warm = false
		return fmt.Errorf("trajopt: the rollout of the plan fails: %w", w.err)
	}
	s.now, w.trial = w.trial, s.now
	return nil
}
