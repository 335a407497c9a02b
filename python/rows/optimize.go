package rows

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Optimize is a [trajopt.Problem] in words. Of numbers, null is infinite.
type Optimize struct {
	X     []float64
	H     float64
	Steps int

	Stage, Final, Limit, Goal []Term
	Lower, Upper              []*float64
	Guess                     [][]float64

	Method                            string // "ilqr" or "shoot"
	Kappas                            []float64
	GradientKappa                     float64
	Iterations, Workers               int
	Tolerance, CostTolerance, Penalty float64
}

// Term is a function of states and inputs, see the functions of package trajopt: "input", "state", "position", "orientation"
// or "velocity" of a frame, less a target, one for all or one for every state.
type Term struct {
	Kind    string
	Frame   string
	Targets [][]float64
	Rows    []int
	Weight  []float64 // of costs
	Bound   []float64 // of limits
	Above   bool      // the function shall be at least, not at most, the bound
	Name    string
}

// Plan is what a search gives. Error says why it did not reach what was wanted; the plan is then the best so far.
type Plan struct {
	Status     string      `json:"status"`
	Error      string      `json:"error"`
	Kappa      float64     `json:"kappa"`
	Cost       float64     `json:"cost"`
	Violation  float64     `json:"violation"`
	Worst      string      `json:"worst"`
	Iterations int         `json:"iterations"`
	U          [][]float64 `json:"u"`
	X          [][]float64 `json:"x"`
	H          []float64   `json:"h"`
	Gains      [][]float64 `json:"gains"` // NU×2NV each
}

// function returns what a term says.
func (m *Model) function(t Term) (trajopt.Function, error) {
	for _, v := range t.Targets {
		want := map[string]int{"input": m.NU(), "state": m.NQ() + m.NV() + 1, "position": 3, "orientation": 4, "velocity": 6}[t.Kind]
		if len(v) != want {
			return trajopt.Function{}, fmt.Errorf("target of %q has %d numbers, want %d", t.Kind, len(v), want)
		}
	}
	one := len(t.Targets) == 1
	var f trajopt.Function
	switch {
	case t.Kind == "input":
		f = trajopt.Input(m.Model, t.Targets...)
	case t.Kind == "state":
		var states []sim.State
		nq, nx := m.NQ(), m.NQ()+m.NV()
		for _, v := range t.Targets {
			states = append(states, sim.State{Q: v[:nq], V: v[nq:nx], H: v[nx]})
		}
		f = trajopt.State(m.Model, states...)
	case t.Kind == "position":
		var points []r3.Vec
		for _, v := range t.Targets {
			points = append(points, r3.Vec{X: v[0], Y: v[1], Z: v[2]})
		}
		f = trajopt.Position(m.Model, t.Frame, points...)
	case t.Kind == "orientation" && one:
		v := t.Targets[0]
		f = trajopt.Orientation(m.Model, t.Frame, quat.Number{Real: v[0], Imag: v[1], Jmag: v[2], Kmag: v[3]})
	case t.Kind == "velocity" && one:
		v := t.Targets[0]
		f = trajopt.Velocity(m.Model, t.Frame, r3.Vec{X: v[0], Y: v[1], Z: v[2]}, r3.Vec{X: v[3], Y: v[4], Z: v[5]})
	default:
		return f, fmt.Errorf("there is no function %q with %d targets", t.Kind, len(t.Targets))
	}
	if t.Rows != nil {
		f = f.Rows(t.Rows...)
	}
	if t.Bound != nil && t.Above {
		f = f.AtLeast(t.Bound...)
	} else if t.Bound != nil {
		f = f.AtMost(t.Bound...)
	}
	if t.Name != "" {
		f = f.Named(t.Name)
	}
	return f, nil
}

// functions stores what terms say.
func (m *Model) functions(dst *[]trajopt.Function, terms []Term) error {
	for _, t := range terms {
		f, err := m.function(t)
		if err != nil {
			return err
		}
		*dst = append(*dst, f)
	}
	return nil
}

func (m *Model) costs(dst *[]trajopt.Cost, terms []Term) error {
	var fs []trajopt.Function
	if err := m.functions(&fs, terms); err != nil {
		return err
	}
	for i, f := range fs {
		*dst = append(*dst, f.Weigh(terms[i].Weight...))
	}
	return nil
}

// Optimize searches for the inputs of a motion; stop ends it early.
func (m *Model) Optimize(o Optimize, stop *int32) ([]byte, error) {
	nq, nx := m.NQ(), m.NQ()+m.NV()
	if len(o.X) != nx {
		return nil, fmt.Errorf("start has %d numbers, want %d", len(o.X), nx)
	}
	p := &trajopt.Problem{Model: m.Model, Start: sim.State{Q: o.X[:nq], V: o.X[nq:], H: o.H}, Steps: o.Steps}
	for _, err := range []error{m.costs(&p.Stage, o.Stage), m.costs(&p.Final, o.Final), m.functions(&p.Limit, o.Limit), m.functions(&p.Goal, o.Goal)} {
		if err != nil {
			return nil, err
		}
	}
	for _, v := range o.Lower {
		p.Lower = append(p.Lower, orElse(v, math.Inf(-1)))
	}
	for _, v := range o.Upper {
		p.Upper = append(p.Upper, orElse(v, math.Inf(1)))
	}
	opt := trajopt.Options{Kappas: o.Kappas, GradientKappa: o.GradientKappa, Iterations: o.Iterations, Workers: o.Workers,
		Tolerance: o.Tolerance, CostTolerance: o.CostTolerance, Penalty: o.Penalty}
	solve := trajopt.Solve
	switch o.Method {
	case "", "ilqr":
	case "shoot":
		solve = trajopt.Shoot
	default:
		return nil, fmt.Errorf("method is %q, want ilqr or shoot", o.Method)
	}
	if _, err := trajopt.NewILQR(p, opt); err != nil {
		return nil, err
	}
	ctx, cancel := watched(stop)
	defer cancel()
	r, err := solve(ctx, p, o.Guess, opt)
	if r == nil {
		return nil, err
	}
	if stopped(stop) {
		return nil, errCanceled
	}
	plan := Plan{Status: r.Status.String(), Kappa: r.Kappa, Cost: r.Cost, Violation: r.Violation, Worst: r.Worst, Iterations: r.Iterations, U: r.Inputs}
	if err != nil {
		plan.Error = err.Error()
	}
	for _, s := range r.States {
		x := make([]float64, nx)
		copy(x, s.Q)
		copy(x[nq:], s.V)
		plan.X, plan.H = append(plan.X, x), append(plan.H, s.H)
	}
	for _, g := range r.Gains {
		plan.Gains = append(plan.Gains, g.RawMatrix().Data)
	}
	return json.Marshal(plan)
}
