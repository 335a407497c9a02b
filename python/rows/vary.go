package rows

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
)

// Vary gives rows models with other values of some parameters, in groups of neighbors: of n rows and k groups row i is in i·k/n.
type Vary struct {
	models [][]*sim.Model // group by group, those of the batch
}

// Vary returns the models of the named parameters' values, a row of them per group. Without values it is nil: all rows keep their models.
func (b *Batch) Vary(names string, values []float64) (*Vary, error) {
	if values == nil {
		return nil, nil
	}
	ps, err := b.m.Find(names)
	if err != nil || len(ps) == 0 {
		if err == nil && len(values) > 0 {
			err = fmt.Errorf("%d values of no parameter", len(values))
		}
		return nil, err
	}
	if len(values)%len(ps) != 0 {
		return nil, fmt.Errorf("%d values of %d parameters", len(values), len(ps))
	}
	v := &Vary{make([][]*sim.Model, len(values)/len(ps))}
	group := func(k int) []float64 { return values[k*len(ps) : (k+1)*len(ps)] }
	err = b.batch.Each(len(v.models), func(k int, _ *sim.Stepper) (err error) {
		if k > 0 && slices.Equal(group(k), group(k-1)) {
			return nil // the same models, see below
		}
		v.models[k], err = b.changed(ps, group(k))
		return err
	}, nil)
	if be := new(sim.BatchError); errors.As(err, &be) {
		return nil, be.Err
	}
	for k, m := range v.models {
		if m == nil {
			v.models[k] = v.models[k-1]
		}
	}
	return v, err
}

// changed returns the batch's models with other parameters.
func (b *Batch) changed(ps []implicit.Param, values []float64) ([]*sim.Model, error) {
	all := make([]*sim.Model, len(b.models))
	for i, m := range b.models {
		var err error
		if all[i], err = implicit.Set(m.Model, ps, values); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// check returns what is wrong with v for n rows.
func (v *Vary) check(n int) error {
	if v == nil || n == 0 {
		return nil
	}
	if k := len(v.models); k == 0 || n%k != 0 {
		return fmt.Errorf("%d rows of parameters for %d rows of states", k, n)
	}
	return nil
}

// model returns the model of row i of n.
func (b *Batch) model(v *Vary, i, n int) *sim.Model {
	if v == nil {
		return b.models[i%len(b.models)].Model
	}
	return v.models[i*len(v.models)/n][i%len(b.models)]
}
