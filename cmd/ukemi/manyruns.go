package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
)

// manyRuns is what `ukemi simulate --seeds` and `--sweep` print with --json.
type manyRuns struct {
	Model     string     `json:"model"`
	Parameter string     `json:"parameter,omitempty"`
	Timestep  number     `json:"timestep"`
	Kappa     number     `json:"kappa"`
	Asked     int        `json:"asked"` // runs; fewer were done when they were interrupted
	Failures  int        `json:"failures"`
	Warnings  []string   `json:"warnings"`
	Runs      []oneRunOf `json:"runs"`

	flags *simulateFlags
	world *world
}

// quantity is a number of a run that is looked at over all of them.
type quantity struct {
	name, unit string
	of         func(r *oneRunOf) float64
}

func (x *manyRuns) quantities() []quantity {
	body := "first body"
	if l := x.world.model.Bodies(); len(l) > 0 {
		body = l[0]
	}
	return []quantity{
		{body + " x at the end", "m", func(r *oneRunOf) float64 { return float64(r.End[0]) }},
		{body + " y at the end", "m", func(r *oneRunOf) float64 { return float64(r.End[1]) }},
		{body + " z at the end", "m", func(r *oneRunOf) float64 { return float64(r.End[2]) }},
		{"largest velocity at the end", "m/s, rad/s", func(r *oneRunOf) float64 { return float64(r.Speed) }},
		{"energy at the end", "J", func(r *oneRunOf) float64 { return float64(r.EnergyLast) }},
		{"iterations per step", "", func(r *oneRunOf) float64 { return float64(r.IterationsMean) }},
	}
}

// report writes all that was asked for.
func (x *manyRuns) report(c *cobra.Command, table *draft.File) error {
	f := x.flags
	for i := range x.Runs {
		if x.Runs[i].Error != "" {
			x.Failures++
		}
	}
	x.Warnings = append([]string{}, x.world.warnings()...)
	var err error
	if table != nil {
		if err = table.Keep(x.writeCSV(table)); err != nil {
			err = fmt.Errorf("--out: %w", err)
		}
	}
	if f.plot != "" && len(x.Runs) > 0 {
		err = errors.Join(err, x.plot())
	}
	switch out := c.OutOrStdout(); {
	case f.json:
		err = errors.Join(err, printJSON(out, x))
	case f.out == "-":
		x.print(c.ErrOrStderr())
	default:
		x.print(out)
	}
	switch {
	case err != nil:
		return err
	case len(x.Runs) < x.Asked:
		return fmt.Errorf("interrupted after %d of %d runs", len(x.Runs), x.Asked)
	case x.Failures > 0:
		return fmt.Errorf("%d of %d runs did not converge", x.Failures, x.Asked)
	}
	return nil
}

// groups returns the runs by value; one group without a sweep.
func (x *manyRuns) groups() (l [][]*oneRunOf) {
	for i := range x.Runs {
		r := &x.Runs[i]
		if n := len(l); n > 0 && (r.Value == nil || *r.Value == *l[n-1][0].Value) {
			l[n-1] = append(l[n-1], r)
		} else {
			l = append(l, []*oneRunOf{r})
		}
	}
	return l
}

// spread returns mean, standard deviation and extremes of a quantity.
func spread(runs []*oneRunOf, of func(*oneRunOf) float64) (mean, sd, low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, r := range runs {
		y := of(r)
		mean += y / float64(len(runs))
		low, high = math.Min(low, y), math.Max(high, y)
	}
	for _, r := range runs {
		d := of(r) - mean
		sd += d * d / math.Max(1, float64(len(runs)-1))
	}
	return mean, math.Sqrt(sd), low, high
}

// print shows the spread of every quantity over the seeds, or what it is for every value.
func (x *manyRuns) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintf(w, "model\t%s\n", x.Model)
	fmt.Fprintf(w, "simulated\t%s of %g s, κ = %.3g; %d did not converge\n", plural(len(x.Runs), "run", "runs"), x.flags.seconds, x.Kappa, x.Failures)
	for _, s := range x.world.brief() {
		fmt.Fprintf(w, "note\t%s\n", s)
	}
	w.Flush()
	fmt.Fprintln(out)
	w = tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	if x.Parameter == "" {
		fmt.Fprintln(w, "OVER ALL SEEDS\tMEAN\tSD\tLEAST\tMOST")
		for _, g := range x.groups() {
			for _, q := range x.quantities() {
				mean, sd, low, high := spread(g, q.of)
				fmt.Fprintf(w, "%s %s\t%.4g\t%.2g\t%.4g\t%.4g\n", q.name, q.unit, mean, sd, low, high)
			}
		}
	} else {
		fmt.Fprintf(w, "%s", x.Parameter)
		for _, q := range x.quantities() {
			fmt.Fprintf(w, "\t%s", q.name)
		}
		fmt.Fprintln(w)
		for _, g := range x.groups() {
			fmt.Fprintf(w, "%.5g", *g[0].Value)
			for _, q := range x.quantities() {
				mean, sd, _, _ := spread(g, q.of)
				if fmt.Fprintf(w, "\t%.4g", mean); len(g) > 1 {
					fmt.Fprintf(w, " ± %.2g", sd)
				}
			}
			fmt.Fprintln(w)
		}
	}
	w.Flush()
	for i := range x.Runs {
		if r := &x.Runs[i]; r.Error != "" {
			at := fmt.Sprintf("seed %d", r.Seed)
			if r.Value != nil {
				at = fmt.Sprintf("%s = %.5g, %s", x.Parameter, *r.Value, at)
			}
			fmt.Fprintf(out, "STOPPED: %s, step %d: %s\n", at, r.Steps+1, r.Error)
			break // the others are in --json and --out
		}
	}
}

// writeCSV writes a line per run.
func (x *manyRuns) writeCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	head := []string{"seed", "steps", "halvings", "iterations_mean", "iterations_max", "penetration_max", "energy_last", "end.x", "end.y", "end.z", "speed", "state_hash", "error"}
	if x.Parameter != "" {
		head = append([]string{x.Parameter}, head...)
	}
	_ = w.Write(head) // kept for Error
	number := func(x number) string { return strconv.FormatFloat(float64(x), 'g', 17, 64) }
	for i := range x.Runs {
		r := &x.Runs[i]
		var row []string
		if r.Value != nil {
			row = append(row, number(*r.Value))
		}
		_ = w.Write(append(row, strconv.FormatUint(r.Seed, 10), strconv.Itoa(r.Steps), strconv.Itoa(r.Halvings), number(r.IterationsMean), strconv.Itoa(r.IterationsMax),
			number(r.PenetrationMax), number(r.EnergyLast), number(r.End[0]), number(r.End[1]), number(r.End[2]), number(r.Speed), r.StateHash, r.Error))
	}
	w.Flush()
	return w.Error()
}

// plot draws every quantity over the parameter, or how it is distributed over the seeds.
func (x *manyRuns) plot() error {
	d, err := draft.New(x.flags.plot, nil)
	if err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	p := &picture{d: d, columns: 2, title: fmt.Sprintf("%s   %s of %g s", x.Model, plural(len(x.Runs), "run", "runs"), x.flags.seconds)}
	groups := x.groups()
	for _, q := range x.quantities() {
		n := &panel{title: q.name, unit: q.unit, alone: true}
		mean, low, high := newSeries("mean", len(groups), nil), newSeries("least", len(groups), nil), newSeries("most", len(groups), nil)
		switch {
		case x.Parameter != "":
			p.across, p.from, p.end = x.Parameter, float64(*groups[0][0].Value), float64(*groups[len(groups)-1][0].Value)
			for _, g := range groups {
				m, _, l, h := spread(g, q.of)
				v := float64(*g[0].Value)
				mean.add(v, m)
				low.add(v, l)
				high.add(v, h)
			}
			if n.curves = append(n.curves, mean); x.flags.seeds > 1 {
				n.curves, n.alone = append(n.curves, low, high), false
			}
		default:
			p.across, p.end = "share of runs that are below", 1
			var all []float64
			for _, r := range groups[0] {
				all = append(all, q.of(r))
			}
			slices.Sort(all)
			share := newSeries("", len(all), nil)
			for i, y := range all {
				share.add(float64(i+1)/float64(len(all)), y)
			}
			n.curves = append(n.curves, share)
		}
		p.add(n)
	}
	if err := d.Keep(p.draw()); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	return nil
}
