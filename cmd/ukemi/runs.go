package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// runsFlags ask for many runs instead of one.
type runsFlags struct {
	seeds int
	sweep string
	set   func(flag string) bool // whether the user gave it

	pattern string // of the parameter
	values  []float64
}

func (f *runsFlags) add(c *cobra.Command) {
	l := c.Flags()
	f.set = l.Changed
	l.IntVar(&f.seeds, "seeds", 0, "simulate `N` times, with the seeds 1 to N, on all cores")
	l.StringVar(&f.sweep, "sweep", "", "simulate with n values of a parameter from a to b: `parameter=a:b:n` (names as for --set), on all cores")
}

// many reports whether more than one run was asked for.
func (f *runsFlags) many() bool { return f.seeds > 0 || f.sweep != "" }

func (f *runsFlags) check() error {
	const most = 1e6
	if f.set("seeds") && (f.seeds < 1 || f.seeds > most) {
		return fmt.Errorf("--seeds is %d, want 1 to %g", f.seeds, most)
	}
	if f.sweep == "" {
		return nil
	}
	name, span, ok := strings.Cut(f.sweep, "=")
	parts := strings.Split(span, ":")
	bad := fmt.Errorf("--sweep is %q, want parameter=a:b:n, as in *.friction=0.2:1:9, with n from 2 to %g", f.sweep, most)
	if !ok || len(parts) != 3 {
		return bad
	}
	a, err1 := finiteNumber(parts[0])
	b, err2 := finiteNumber(parts[1])
	n, err3 := strconv.Atoi(strings.TrimSpace(parts[2]))
	if errors.Join(err1, err2, err3) != nil || n < 2 || n > most {
		return bad
	}
	f.pattern, f.values = strings.TrimSpace(name), make([]float64, n)
	for i := range f.values {
		f.values[i] = (a*float64(n-1-i) + b*float64(i)) / float64(n-1) // both ends exactly
	}
	return nil
}

// oneRunOf is one of many.
type oneRunOf struct {
	Value          *number   `json:"value,omitempty"` // of the parameter
	Seed           uint64    `json:"seed"`
	Steps          int       `json:"steps"`
	Error          string    `json:"error,omitempty"` // why it ended early
	Halvings       int       `json:"halvings"`
	IterationsMean number    `json:"iterations_mean"`
	IterationsMax  int       `json:"iterations_max"`
	PenetrationMax number    `json:"penetration_max"`
	EnergyLast     number    `json:"energy_last"`
	End            [3]number `json:"end"`   // where the first body ends (m)
	Speed          number    `json:"speed"` // largest velocity at the end (m/s, rad/s)
	StateHash      string    `json:"state_hash"`

	done bool
}

// scatter returns the start of a seed; 0 is the start itself.
func (w *world) scatter(seed uint64) (sim.State, error) {
	x := w.flat.Clone()
	if seed != 0 {
		perturb(w.model, &x, seed)
		if !w.placed {
			models.PlaceLike(w.model, x.Q, w.flat.Q)
		}
	}
	if w.flags.moved && !w.placed {
		return x, w.carry(&x)
	}
	return x, nil
}

// simulateMany runs all seeds with all values.
func simulateMany(c *cobra.Command, source string, f *simulateFlags) error {
	w, st, _, err := f.prepare(source)
	if err != nil {
		return err
	}
	printWarnings(c.ErrOrStderr(), w.warnings())
	variants, err := f.variants(w)
	if err != nil {
		return err
	}
	var table *draft.File
	if f.out != "" {
		if table, err = draft.New(f.out, c.OutOrStdout()); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
	}
	seeds := max(f.seeds, 1)
	runs := make([]oneRunOf, seeds*len(variants))
	ctx, cancel := signal.NotifyContext(c.Context(), os.Interrupt)
	defer cancel()
	bar := newBar(c.ErrOrStderr(), len(runs), "simulating "+w.model.Name())
	batch := w.model.NewBatch(st.Options(), 0)
	err = batch.Each(len(runs), func(i int, s *sim.Stepper) error {
		r := &runs[i]
		if r.Seed = f.seed; f.seeds > 0 {
			r.Seed = uint64(i%seeds) + 1
		}
		if f.sweep != "" {
			v := number(f.values[i/seeds])
			r.Value = &v
		}
		if err := s.SetModel(variants[i/seeds]); err != nil {
			return err
		}
		return f.run(ctx, w, s, r)
	}, func(done, _ int) { bar.at(done) })
	bar.done()
	if e := (*sim.BatchError)(nil); errors.As(err, &e) {
		err = e.Err
	}
	if err != nil {
		return errors.Join(err, drop(table, err))
	}
	all := &manyRuns{Model: w.model.Name(), Parameter: f.pattern, Timestep: number(w.model.Timestep()), Kappa: number(f.kappa), Asked: len(runs), flags: f, world: w}
	for i := range runs {
		if runs[i].done {
			all.Runs = append(all.Runs, runs[i])
		}
	}
	return all.report(c, table)
}

func drop(d *draft.File, err error) error {
	if d == nil {
		return nil
	}
	return d.Keep(err)
}

// variants returns the models of a sweep, or the one there is.
func (f *simulateFlags) variants(w *world) ([]*sim.Model, error) {
	if f.sweep == "" {
		return []*sim.Model{w.model}, nil
	}
	params, err := findParams(w.model, f.pattern)
	if err != nil {
		return nil, fmt.Errorf("--sweep: %w", err)
	}
	var l []*sim.Model
	for _, x := range f.values {
		values := make([]float64, len(params))
		for i := range values {
			values[i] = x
		}
		m, err := implicit.Set(w.model, params, values)
		if err != nil {
			return nil, fmt.Errorf("--sweep: %s = %g: %w", f.pattern, x, err)
		}
		l = append(l, m)
	}
	return l, nil
}

// run simulates one of many. A step that fails ends it and is told in it; an interrupted one is not done.
func (f *simulateFlags) run(ctx context.Context, w *world, s *sim.Stepper, r *oneRunOf) error {
	m := s.Model()
	x, err := w.scatter(r.Seed)
	if err != nil {
		return err
	}
	ctrl, err := f.control(w, m, x, r.Seed)
	if err != nil {
		return err
	}
	u, total := make([]float64, m.NU()), 0
	for k := range f.steps(m) {
		if ctx.Err() != nil {
			return nil
		}
		if ctrl != nil {
			clear(u)
			ctrl(u, k, x)
		}
		res, err := s.Step(&x, x, u)
		total += res.Iterations
		r.Halvings += res.Halvings
		r.IterationsMax = max(r.IterationsMax, res.Iterations)
		if err != nil {
			r.Error = err.Error()
			break
		}
		r.Steps++
		r.PenetrationMax = number(math.Max(float64(r.PenetrationMax), s.Penetration()))
	}
	if r.Steps > 0 {
		r.IterationsMean = number(float64(total) / float64(r.Steps))
	}
	e, err := s.Energy(x)
	if r.EnergyLast = number(e.Kinetic + e.Gravity + e.Spring); err != nil {
		r.EnergyLast = number(math.NaN())
	}
	if m.NB() > 0 {
		poses := make([]sim.Pose, m.NB())
		m.Poses(poses, x.Q)
		r.End = [3]number{number(poses[0].Pos.X), number(poses[0].Pos.Y), number(poses[0].Pos.Z)}
	}
	for _, v := range x.V {
		r.Speed = number(math.Max(float64(r.Speed), math.Abs(v)))
	}
	r.StateHash, r.done = hash(x), true
	return nil
}
