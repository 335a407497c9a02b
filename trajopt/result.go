package trajopt

import (
	"errors"
	"fmt"
	"time"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// Status says how a search ended.
type Status uint8

// The ways to end. Only Converged, and Stalled with all constraints met, come without an error.
const (
	Unsolved       Status = iota
	Converged             // the cost settles, goals and limits are met
	Stalled               // no step along the plan lowers the merit any more
	Infeasible            // goals or limits stay violated at the largest penalty
	IterationLimit        // Options.Iterations
	Canceled              // by the context
	Failed                // a step could not be differentiated
)

var statuses = [...]string{
	"unsolved", "converged", "stalled", "goals or limits not met", "iteration limit", "canceled", "a step without derivative",
}

func (s Status) String() string { return statuses[s] }

// Iteration is what Options.Progress hears.
type Iteration struct {
	Number         int
	Kappa          float64
	Cost           float64 // of the problem
	Violation      float64 // the largest of goals and limits, in their units
	Penalty        float64 // ρ
	Regularization float64
	Step           float64 // length of the step taken, 1 for a whole one, 0 for none
	Elapsed        time.Duration
}

// Result is the outcome of a search.
type Result struct {
	Status    Status
	Kappa     float64 // of the rollout: that of Options.Kappas to which the search has come
	Cost      float64 // of the problem, without penalties
	Violation float64 // the largest of goals and limits, in their units
	Worst     string  // which that is; empty when there are none

	Iterations int // linear-quadratic problems solved
	Rollouts   int // a search of one worker would take
	Timing     Timing

	Inputs [][]float64  // Steps × NU
	States []sim.State  // Steps + 1
	Gains  []*mat.Dense // Steps × (NU × 2NV): how inputs answer to a deviation of the state in the tangent space; zero rows at bounds

	model        *sim.Model
	lower, upper []float64
}

func (s *ILQR) report(kappa, alpha float64, begin time.Time) {
	if s.opt.Progress == nil {
		return
	}
	s.opt.Progress(Iteration{
		Number: s.count.Iterations, Kappa: kappa, Cost: s.now.cost, Violation: s.now.worst, Penalty: s.rho,
		Regularization: s.mu, Step: alpha, Elapsed: time.Since(begin),
	})
}

// result copies what was found.
func (s *ILQR) result(status Status) *Result {
	r := &Result{
		Status: status, Kappa: s.kappa, Cost: s.now.cost, Violation: s.now.worst, Worst: s.nameOf(&s.now.score),
		Iterations: s.count.Iterations, Rollouts: s.count.Rollouts, Timing: s.count.Timing,
		model: s.p.Model, lower: s.lower, upper: s.upper,
	}
	for k, x := range s.now.states {
		r.States = append(r.States, x.Clone())
		if k < s.p.Steps {
			r.Inputs = append(r.Inputs, append([]float64(nil), s.now.inputs[k]...))
			r.Gains = append(r.Gains, mat.DenseCopyOf(s.plan.gains[k]))
		}
	}
	return r
}

// nameOf says which constraint is worst.
func (s *ILQR) nameOf(c *score) string {
	if c.where == nil {
		return ""
	}
	kind := map[role]string{cost: "cost", goal: "goal", limit: "limit"}[c.where.role]
	return fmt.Sprintf("%s %q, number %d at state %d", kind, c.where.Name, c.of, c.at)
}

// err says what is missing of a result.
func (r *Result) err(s *ILQR) error {
	met := r.Violation <= s.opt.Tolerance
	switch {
	case met && (r.Status == Converged || r.Status == Stalled):
		return nil
	case r.Status == Failed:
		return s.failure()
	case met:
		return fmt.Errorf("trajopt: %s after %d iterations; goals and limits are met, the cost still falls", r.Status, r.Iterations)
	}
	return fmt.Errorf("trajopt: %s after %d iterations: %s is off by %.3g (tolerance %g); it may be out of reach of the inputs in %d steps, or the guess too far away",
		r.Status, r.Iterations, r.Worst, r.Violation, s.opt.Tolerance, s.p.Steps)
}

// failure says why a step could not be differentiated.
func (s *ILQR) failure() error {
	for _, w := range s.workers {
		if w.err != nil {
			return fmt.Errorf("trajopt: after %d iterations: %w", s.count.Iterations, w.err)
		}
	}
	return errors.New("trajopt: " + Failed.String())
}

// Controller follows the result: the inputs, with feedback of the deviation of the state, within the bounds. After the last
// step inputs are zero. Use one at a time.
func (r *Result) Controller() sim.Controller {
	d := implicit.NewTangent(r.model)
	return func(u []float64, k int, cur sim.State) {
		if k >= len(r.Inputs) {
			return
		}
		implicit.Difference(r.model, d, cur, r.States[k])
		for i := range u {
			row := r.Gains[k].RawRowView(i)
			u[i] = r.Inputs[k][i]
			for j := range d.Q {
				u[i] += row[j]*d.Q[j] + row[len(d.Q)+j]*d.V[j]
			}
		}
		clamp(u, r.lower, r.upper)
	}
}
