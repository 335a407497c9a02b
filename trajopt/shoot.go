package trajopt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/optimize"
)

// Shoot solves p by direct single shooting: all inputs together are the unknowns of gonum's L-BFGS, and the gradient
// comes from one backward sweep of [implicit.Gradient.Rollout]. Bounds of the inputs become limits, so that they hold
// to Options.Tolerance only. It takes many more rollouts than [ILQR] and none of its model of the cost: it suits small
// problems, and to see that both find the same.
func Shoot(ctx context.Context, p *Problem, guess [][]float64, opt Options) (*Result, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if len(p.Free) > 0 {
		return nil, errors.New("trajopt: Shoot finds inputs alone: give the start, or use Solve")
	}
	lower, upper := p.bounds()
	own := *p
	own.Limit = slices.Clone(p.Limit)
	own.Lower, own.Upper = make([]float64, len(lower)), make([]float64, len(upper))
	for i, name := range p.Model.Inputs() {
		u := Input(p.Model).Rows(i).Named("input " + name)
		if !math.IsInf(lower[i], 0) {
			own.Limit = append(own.Limit, u.AtLeast(lower[i]))
		}
		if !math.IsInf(upper[i], 0) {
			own.Limit = append(own.Limit, u.AtMost(upper[i]))
		}
		own.Lower[i], own.Upper[i] = math.Inf(-1), math.Inf(1)
	}
	s, err := NewILQR(&own, opt)
	if err != nil {
		return nil, err
	}
	s.inner = s.shoot
	return s.Solve(ctx, guess)
}

// shot is a rollout that a minimizer has asked for.
type shot struct {
	s     *ILQR
	x     []float64 // its inputs, one step after the other
	value float64
	grad  []float64
}

// shoot is minimize with gonum's L-BFGS.
func (s *ILQR) shoot(ctx context.Context, kappa, near float64, most int, begin time.Time) Status {
	nu := s.p.Model.NU()
	h := &shot{s: s, grad: make([]float64, s.p.Steps*nu)}
	x0 := slices.Concat(s.now.inputs...)
	tol := s.opt.CostTolerance
	if s.now.worst > near {
		tol = max(tol, min(loose*tol, loosest))
	}
	watch := &watch{s: s, kappa: kappa, begin: begin, settle: optimize.FunctionConverge{Relative: tol / 10, Iterations: 3}}
	r, err := optimize.Minimize(optimize.Problem{
		Func: h.cost, Grad: h.gradient,
		Status: func() (optimize.Status, error) { return optimize.NotTerminated, ctx.Err() },
	}, x0, &optimize.Settings{MajorIterations: most - s.count.Iterations, Converger: watch},
		&optimize.LBFGS{Linesearcher: &optimize.Backtracking{}})
	if r != nil {
		s.take(r.X)
	}
	switch {
	case ctx.Err() != nil:
		return Canceled
	case err != nil && !errors.Is(err, optimize.ErrLinesearcherFailure) && !errors.Is(err, optimize.ErrNoProgress):
		s.workers[0].err = fmt.Errorf("the minimizer gave up: %w", err)
		return Failed
	case err != nil:
		return Stalled
	case r.Status == optimize.IterationLimit:
		return IterationLimit
	}
	return Converged
}

// take makes now the rollout of the inputs x, unless that fails: then now stays.
func (s *ILQR) take(x []float64) bool {
	nu, w := s.p.Model.NU(), s.workers[0]
	old := slices.Concat(s.now.inputs...)
	load := func(x []float64) {
		for k, u := range s.now.inputs {
			copy(u, x[k*nu:])
		}
	}
	load(x)
	s.roll(w, 0, false, math.Inf(1))
	s.count.Rollouts++
	load(old) // the inputs of now belong to its states
	if w.err != nil {
		return false
	}
	s.now, w.trial = w.trial, s.now
	return true
}

// at takes the rollout of x, unless it is the last one: a minimizer asks for cost and gradient one after the other.
func (h *shot) at(x []float64) {
	if slices.Equal(x, h.x) {
		return
	}
	h.x, h.value = append(h.x[:0], x...), math.Inf(1) // where a step fails there is no minimum
	s, nu := h.s, h.s.p.Model.NU()
	clear(h.grad)
	inputs := make([][]float64, s.p.Steps)
	for k := range inputs {
		inputs[k] = x[k*nu : (k+1)*nu]
	}
	s.count.Rollouts++
	r, err := s.workers[0].grad.Rollout(s.p.Start, inputs, s.asCost(), implicit.RolloutOptions{})
	if err != nil {
		return
	}
	h.value = r.Cost
	for k, g := range r.Inputs {
		copy(h.grad[k*nu:], g)
	}
}

func (h *shot) cost(x []float64) float64 {
	h.at(x)
	return h.value
}

func (h *shot) gradient(grad, x []float64) {
	h.at(x)
	copy(grad, h.grad)
}

// asCost is the augmented Lagrangian as package implicit takes costs.
func (s *ILQR) asCost() implicit.Cost {
	at := func(list []*term, k int, x sim.State, u []float64, gx implicit.Tangent, gu []float64) float64 {
		e, c := s.models[k], score{}
		c.add(list, k, x, u, implicit.Forces{}, s.workers[0].buf)
		e.expand(list, k, x, u)
		floats.Add(gx.Q, e.x[:len(gx.Q)])
		floats.Add(gx.V, e.x[len(gx.Q):])
		if u != nil {
			floats.Add(gu, e.u)
		}
		return c.merit
	}
	cost := implicit.Cost{
		Running: func(k int, x sim.State, u []float64, gx implicit.Tangent, gu []float64) float64 {
			return at(s.terms.stage, k, x, u, gx, gu)
		},
		Terminal: func(x sim.State, gx implicit.Tangent) float64 { return at(s.terms.final, s.p.Steps, x, nil, gx, nil) },
	}
	if len(s.terms.forced) > 0 {
		cost.Forces = s.forceCost
	}
	return cost
}

// forceCost is the part of the forces of step k.
func (s *ILQR) forceCost(k int, f, gf implicit.Forces) float64 {
	c, sum := score{}, components(gf)
	c.add(s.terms.forced, k, sim.State{}, nil, f, s.workers[0].buf)
	for _, t := range s.terms.forced {
		r, d := make([]float64, t.Dim), zeros(t.Dim, f)
		t.EvalForces(k, f, r, d)
		for i, v := range r {
			_, slope, _ := t.square(k, i, v)
			for j, x := range components(d[i]) {
				*sum[j] += slope * *x
			}
		}
	}
	return c.merit
}

// watch counts iterations and reports them.
type watch struct {
	s      *ILQR
	kappa  float64
	begin  time.Time
	settle optimize.FunctionConverge
}

func (w *watch) Init(dim int) { w.settle.Init(dim) }

func (w *watch) Converged(l *optimize.Location) optimize.Status {
	w.s.count.Iterations++
	if w.s.opt.Progress != nil {
		w.s.take(l.X)
		w.s.report(w.kappa, 1, w.begin)
	}
	return w.settle.Converged(l)
}
