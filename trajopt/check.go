package trajopt

import (
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// Check compares the derivatives of all costs, limits and goals with central differences of their values, along the
// rollout of inputs (nil is zero) from the start. The error names the function, the step and the entry that is off by
// more than [implicit.Limit] of the largest of its derivative; it is nil when none is.
func (p *Problem) Check(inputs [][]float64) error {
	if err := p.check(); err != nil {
		return err
	}
	if inputs != nil && len(inputs) != p.Steps {
		return fmt.Errorf("trajopt: %d inputs for %d steps", len(inputs), p.Steps)
	}
	terms, stepper, x, f := p.terms(), p.Model.NewStepper(sim.Options{}), p.Start.Clone(), implicit.Forces{}
	u := make([]float64, p.Model.NU())
	named := func(t *term, k int, err error) error {
		if err != nil {
			err = fmt.Errorf("trajopt: %q at state %d: %w", t.Name, k, err)
		}
		return err
	}
	for k := range p.Steps {
		if clear(u); inputs != nil {
			copy(u, inputs[k])
		}
		for _, t := range terms.stage {
			if err := named(t, k, t.check(p.Model, k, x, u)); err != nil {
				return err
			}
		}
		if _, err := stepper.Step(&x, x, u); err != nil {
			return fmt.Errorf("trajopt: step %d: %w", k, err)
		}
		forces(&f, stepper)
		for _, t := range terms.forced {
			if err := named(t, k, t.checkForces(k, f)); err != nil {
				return err
			}
		}
	}
	for _, t := range terms.final {
		if err := named(t, p.Steps, t.check(p.Model, p.Steps, x, nil)); err != nil {
			return err
		}
	}
	return nil
}

// check compares the derivative of f at one state with differences.
func (f *Function) check(m *sim.Model, k int, x sim.State, u []float64) error {
	n := 2 * m.NV()
	r, dx := make([]float64, f.Dim), mat.NewDense(f.Dim, n, nil)
	var du *mat.Dense
	if u != nil {
		du = mat.NewDense(f.Dim, len(u), nil)
	}
	f.Eval(k, x, u, r, dx, du)
	plain := make([]float64, f.Dim)
	f.Eval(k, x, u, plain, nil, nil)
	for i := range r {
		if !(math.Abs(r[i]-plain[i]) <= 1e-12*(1+math.Abs(r[i]))) {
			return fmt.Errorf("number %d is %g with derivatives and %g without", i, r[i], plain[i])
		}
	}
	value := func(column int, eps float64) []float64 {
		y, v, d := x.Clone(), append([]float64(nil), u...), implicit.NewTangent(m)
		switch {
		case column < m.NV():
			d.Q[column] = eps
		case column < n:
			d.V[column-m.NV()] = eps
		default:
			v[column-n] += eps
		}
		implicit.Displace(m, &y, x, d)
		if u == nil {
			v = nil
		}
		out := make([]float64, f.Dim)
		f.Eval(k, y, v, out, nil, nil)
		return out
	}
	err := compare("state", dx, func(c int, eps float64) []float64 { return value(c, eps) })
	if du != nil {
		err = errors.Join(err, compare("input", du, func(c int, eps float64) []float64 { return value(n+c, eps) }))
	}
	return err
}

// compare compares a Jacobian with differences of value, Richardson extrapolated, each entry at the best of several sizes.
func compare(by string, j *mat.Dense, value func(column int, eps float64) []float64) error {
	rows, cols := j.Dims()
	best, slopes := mat.NewDense(rows, cols, nil), mat.NewDense(rows, cols, nil)
	scale := 1e-6
	for c := range cols {
		for i := range rows {
			best.Set(i, c, math.Inf(1))
		}
		for _, eps := range []float64{1e-2, 1e-3, 1e-4, 1e-5, 1e-6} {
			a, b, d, e := value(c, 2*eps), value(c, -2*eps), value(c, eps), value(c, -eps)
			for i := range rows {
				slope := (8*(d[i]-e[i]) - (a[i] - b[i])) / (12 * eps)
				if off := math.Abs(slope - j.At(i, c)); off < best.At(i, c) {
					best.Set(i, c, off)
					slopes.Set(i, c, slope)
				}
			}
		}
		for i := range rows {
			scale = math.Max(scale, math.Max(math.Abs(j.At(i, c)), math.Abs(slopes.At(i, c))))
		}
	}
	for i := range rows {
		for c := range cols {
			if off := best.At(i, c); !(off <= implicit.Limit*scale) {
				return fmt.Errorf("the derivative of number %d by %s %d is given as %g, differences say %g", i, by, c, j.At(i, c), slopes.At(i, c))
			}
		}
	}
	return nil
}
