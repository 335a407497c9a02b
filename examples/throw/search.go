package main

import (
	"fmt"

	"gonum.org/v1/gonum/optimize"
)

// search returns a throw that ends near the target, found from another one. each hears of every iteration.
// A search that ends elsewhere, or takes as many iterations as are given, is an error.
func (p *problem) search(from []float64, iterations int, each func(n int)) ([]float64, error) {
	r, err := optimize.Minimize(
		optimize.Problem{Func: p.cost, Grad: p.gradient, Status: p.status},
		from,
		&optimize.Settings{Converger: &watch{each: each}, MajorIterations: iterations},
		// a line search that halves the slope, where the default takes off a tenth, ends nearer here
		&optimize.LBFGS{Linesearcher: &optimize.Bisection{CurvatureFactor: 0.5}},
	)
	if err != nil {
		return nil, err
	}
	if r.Status != optimize.FunctionThreshold {
		return nil, fmt.Errorf("it ends with %v at a cost of %.1e m², not %.0e", r.Status, r.F, enough)
	}
	return r.X, nil
}

// status ends a search when a rollout failed.
func (p *problem) status() (optimize.Status, error) {
	if p.err != nil {
		return optimize.Failure, p.err
	}
	return optimize.NotTerminated, nil
}

// watch tells of every iteration and ends the search at a cost that is low enough. It is a Converger because
// an optimize.Recorder does not hear of the iteration that converges.
type watch struct {
	each func(n int)
	n    int
}

func (*watch) Init(int) {}

func (w *watch) Converged(l *optimize.Location) optimize.Status {
	w.each(w.n)
	w.n++
	if l.F < enough {
		return optimize.FunctionThreshold
	}
	return optimize.NotTerminated
}
