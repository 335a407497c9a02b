package trajopt

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// trajectory is a rollout and what it is worth.
type trajectory struct {
	states []sim.State
	inputs [][]float64
	forces []implicit.Forces // of the steps, if terms ask for them
	score
}

func newTrajectory(p *Problem) *trajectory {
	t := &trajectory{states: make([]sim.State, p.Steps+1), inputs: make([][]float64, p.Steps), forces: make([]implicit.Forces, p.Steps)}
	for k := range t.states {
		t.states[k] = p.Model.NewState()
	}
	for k := range t.inputs {
		t.inputs[k] = make([]float64, p.Model.NU())
	}
	return t
}

// worker holds what one goroutine needs.
type worker struct {
	stepper *sim.Stepper
	grad    *implicit.Gradient
	trial   *trajectory
	dx      implicit.Tangent
	u       []float64
	buf     []float64
	forces  implicit.Forces
	err     error
}

// errHopeless ends the rollout of a candidate that cannot be better any more.
var errHopeless = errors.New("costs more than the trajectory at hand")

// roll takes w.trial along now's inputs from the start, changed by alpha times the step of the plan and by its
// feedback. What fails, or costs more than most before it ends, makes it no candidate: w.err says why. Wild rollouts
// are worth ending early, their steps are hard to solve.
func (s *ILQR) roll(w *worker, alpha float64, feedback bool, most float64) {
	p, t, m := s.p, w.trial, s.p.Model
	t.score = score{}
	t.states[0].Copy(p.Start)
	if len(p.Free) > 0 {
		nv := m.NV()
		for i, d := range s.plan.start {
			if i < nv {
				w.dx.Q[i] = alpha * d
			} else {
				w.dx.V[i-nv] = alpha * d
			}
		}
		implicit.Displace(m, &t.states[0], s.now.states[0], w.dx)
	}
	for k, u := range t.inputs {
		copy(u, s.now.inputs[k])
		if feedback {
			implicit.Difference(m, w.dx, t.states[k], s.now.states[k])
			for i := range u {
				row := s.plan.gains[k].RawRowView(i)
				u[i] += alpha * s.plan.step[k][i]
				for j, d := range w.dx.Q {
					u[i] += row[j]*d + row[m.NV()+j]*w.dx.V[j]
				}
			}
		}
		clamp(u, s.lower, s.upper)
		if t.score.add(s.terms.stage, k, t.states[k], u, implicit.Forces{}, w.buf); t.merit > most {
			w.err = errHopeless
			return
		}
		if _, w.err = w.stepper.Step(&t.states[k+1], t.states[k], u); w.err != nil {
			w.err = fmt.Errorf("step %d: %w", k, w.err)
			return
		}
		if len(s.terms.forced) > 0 {
			forces(&t.forces[k], w.stepper)
			t.score.add(s.terms.forced, k, t.states[k], u, t.forces[k], w.buf)
		}
	}
	t.score.add(s.terms.final, p.Steps, t.states[p.Steps], nil, implicit.Forces{}, w.buf)
	if !t.finite() {
		w.err = fmt.Errorf("costs or constraints are not finite: cost %g, %s %g", t.cost, s.nameOf(&t.score), t.worst)
	}
}

// rescore evaluates now under the multipliers and the penalty at hand.
func (s *ILQR) rescore() {
	s.now.score = score{}
	s.eachState(func(list []*term, k int, x sim.State, u []float64, f implicit.Forces) {
		s.now.score.add(list, k, x, u, f, s.workers[0].buf)
	})
}

// eachState calls f for every state of now, with all its terms.
func (s *ILQR) eachState(f func(list []*term, k int, x sim.State, u []float64, forces implicit.Forces)) {
	for k, u := range s.now.inputs {
		f(s.terms.stage, k, s.now.states[k], u, implicit.Forces{})
		f(s.terms.forced, k, s.now.states[k], u, s.now.forces[k])
	}
	f(s.terms.final, s.p.Steps, s.now.states[s.p.Steps], nil, implicit.Forces{})
}

// search rolls out ever shorter steps and takes the first, in that order, that brings enough of the decrease expected. The workers
// take them a few at a time, which changes when the search ends and never what it finds. It returns the step's length, or 0 when
// there is none.
func (s *ILQR) search(ctx context.Context) float64 {
	const shortest, enough = 1e-3, 1e-4
	most := s.now.merit + s.terms.credit()
	for first := 1.0; first > shortest && ctx.Err() == nil; {
		s.rest()
		var wg sync.WaitGroup
		alpha := first
		for _, w := range s.workers {
			a := alpha
			wg.Go(func() { s.roll(w, a, true, most) })
			alpha /= 2
		}
		wg.Wait()
		for _, w := range s.workers {
			if first <= shortest {
				break
			}
			s.count.Rollouts++ // those that one worker would have taken: the same for any number
			expected := -first*s.plan.linear - first*first*s.plan.square
			if w.err == nil && s.now.merit-w.trial.merit >= enough*expected && s.now.merit > w.trial.merit {
				s.now, w.trial = w.trial, s.now
				return first
			}
			first /= 2
		}
	}
	return 0
}

// differentiate computes the Jacobians of all steps of now and the expansions of its terms, split over the workers.
func (s *ILQR) differentiate() error {
	all := s.p.Steps + 1
	piece := all
	if s.pause != nil {
		piece = len(s.workers)
	}
	for first := 0; first < all; first += piece {
		if first > 0 {
			s.rest()
		}
		var wg sync.WaitGroup
		for i, w := range s.workers {
			wg.Go(func() {
				w.err = nil
				for k := first + i; k < min(first+piece, all) && w.err == nil; k += len(s.workers) {
					w.err = s.linearize(w, k)
				}
			})
		}
		wg.Wait()
		for _, w := range s.workers {
			if w.err != nil {
				return w.err
			}
		}
	}
	return nil
}

// inside returns u, a little less where that is a bound of its drive: there it has two derivatives, and the engine gives that of
// more, which is nothing. The bounds of a problem allow only less.
func inside(u float64, in *sim.InputInfo) float64 {
	const little = 1e-9
	switch at := u == in.Upper; {
	case !at && u != in.Lower:
		return u
	case u == 0 && at:
		return -little
	case u == 0:
		return little
	case at == (u > 0):
		return (1 - little) * u
	}
	return (1 + little) * u
}

// linearize does that at state k.
func (s *ILQR) linearize(w *worker, k int) error {
	x, n := s.now.states[k], s.p.Steps
	if k == n {
		s.models[k].expand(s.terms.final, k, x, nil)
		return nil
	}
	u := s.now.inputs[k]
	s.models[k].expand(s.terms.stage, k, x, u)
	for i := range s.drives {
		w.u[i] = inside(u[i], &s.drives[i])
	}
	if _, err := w.grad.Step(&w.trial.states[k+1], x, w.u); err != nil {
		return fmt.Errorf("step %d: %w", k, err)
	}
	if err := w.grad.StateJacobian(s.a[k]); err != nil {
		return fmt.Errorf("step %d: %w", k, err)
	}
	if err := w.grad.InputJacobian(s.b[k]); err != nil {
		return fmt.Errorf("step %d: %w", k, err)
	}
	if len(s.terms.forced) > 0 {
		forces(&w.forces, w.stepper)
		if err := s.models[k].force(s.terms.forced, k, w.grad, w.forces, s.now.forces[k], w.buf); err != nil {
			return fmt.Errorf("step %d: %w", k, err)
		}
	}
	for _, j := range []*mat.Dense{s.a[k], s.b[k]} {
		if !finite(j.RawMatrix().Data) {
			return fmt.Errorf("step %d has a derivative that is not finite", k)
		}
	}
	return nil
}
