package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/robust"
)

const robustnessHelp = `Throw a box, a capsule, a chain of five links and the quadruped at random and count the steps that fail.

Each cell of the table (mechanism, step length h from 1 to 50 ms, κ from 1e-3 to 1e-8) gets the same share of
the steps, in tosses with friction coefficients from 0 to 5 and masses from 1e-6 to 1e6 kg. The exit status is
0 only if no step failed. --only SYSTEM:H:KAPPA:TOSS repeats one toss with the same --seed.

--scenes throws the models of the zoo whose bodies touch each other or close loops instead: stacks, cards, balls, grippers, linkages, a
necklace. They are pushed from their own start, or, if all bodies are loose, fall in a heap; none begin in each other.

--mechanisms N runs N random mechanisms instead, 120 steps each at the default κ: trees of 1 to 30 bodies with joints of
all types, limits, springs, dampers, dry friction, torques, servos and mimics, shapes of all kinds above level and tilted
planes, masses that differ by up to 1e6, steps of 1 to 50 ms. "energy grew" counts mechanisms without springs and drives
whose energy rose above the least so far by more than 1e-3 of the natural energy, weight times radius of gyration plus the
largest kinetic energy so far; "in quarters" those of which it does so too when that rise is taken again in steps of a
quarter, which leave a sixteenth of an error of second order. --only mechanism:NUMBER repeats one.`

type robustnessFlags struct {
	steps, mechanisms, workers int
	seed                       uint64
	only                       string
	json, scenes               bool
}

func robustnessCommand() *cobra.Command {
	var f robustnessFlags
	c := &cobra.Command{
		Use:   "robustness",
		Short: "Count failing steps in a million steps of random tosses",
		Long:  robustnessHelp,
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.steps < 1 {
				return fmt.Errorf("--steps is %d, want at least 1", f.steps)
			}
			if f.scenes && f.mechanisms > 0 {
				return fmt.Errorf("--scenes and --mechanisms are two runs: take one of them")
			}
			if f.mechanisms < 1 && c.Flags().Changed("mechanisms") {
				return fmt.Errorf("--mechanisms is %d, want at least 1", f.mechanisms)
			}
			if f.workers < 0 {
				return fmt.Errorf("--workers is %d, want a number of workers, or 0 for that of the processors", f.workers)
			}
			switch {
			case f.only != "":
				return f.again(c.OutOrStdout())
			case f.mechanisms > 0:
				return f.assorted(c)
			}
			return f.run(c)
		},
	}
	l := c.Flags()
	l.IntVar(&f.steps, "steps", 1_000_000, "`number` of steps in all cells together")
	l.IntVar(&f.mechanisms, "mechanisms", 0, "run this `number` of random mechanisms instead of tosses")
	l.BoolVar(&f.scenes, "scenes", false, "throw scenes of bodies that touch each other instead of single ones")
	l.Uint64Var(&f.seed, "seed", 1, "`seed` of the tosses or mechanisms")
	l.IntVar(&f.workers, "workers", 0, "`number` of cells or mechanisms at work at the same time; 0 is the number of processors")
	l.StringVar(&f.only, "only", "", "repeat one toss `SYSTEM:H:KAPPA:TOSS` or one mechanism:NUMBER, as a failure names it")
	l.BoolVar(&f.json, "json", false, "print JSON")
	return c
}

func (f *robustnessFlags) run(c *cobra.Command) error {
	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	b := newBar(c.ErrOrStderr(), f.steps, "tossing")
	began := time.Now()
	systems := robust.Systems
	if f.scenes {
		systems = robust.Scenes
	}
	counts, err := robust.Run(stop, robust.Config{Steps: f.steps, Seed: f.seed, Systems: systems, Workers: f.workers, Progress: b.add})
	b.done()
	if err != nil {
		return err
	}
	if f.json {
		err = printJSON(c.OutOrStdout(), robustRows(counts))
	} else {
		err = f.print(c.OutOrStdout(), counts, time.Since(began))
	}
	for _, n := range counts {
		if len(n.Failures) > 0 && err == nil {
			err = errQuiet
		}
	}
	return err
}

// total adds up counts; it keeps the cell of the first.
func total(counts []robust.Count) robust.Count {
	s := robust.Count{Cell: counts[0].Cell}
	for _, c := range counts {
		s.Tosses += c.Tosses
		s.Steps += c.Steps
		s.Halvings += c.Halvings
		s.Iterations += c.Iterations
		s.IterationsMax = max(s.IterationsMax, c.IterationsMax)
		s.Penetration = max(s.Penetration, c.Penetration)
		s.Failures = append(s.Failures, c.Failures...)
	}
	return s
}

func (f *robustnessFlags) print(out io.Writer, counts []robust.Count, took time.Duration) error {
	for _, part := range []struct {
		title string
		value func(robust.Count) string
	}{
		{"iterations per step, mean / most", func(c robust.Count) string {
			return fmt.Sprintf("%.1f/%d", float64(c.Iterations)/float64(max(1, c.Steps)), c.IterationsMax)
		}},
		{"failures / parts divided in two", func(c robust.Count) string { return fmt.Sprintf("%d/%d", len(c.Failures), c.Halvings) }},
	} {
		fmt.Fprintf(out, "%s\n", part.title)
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprint(w, "\th \\ κ\t")
		for _, k := range robust.Kappas {
			fmt.Fprintf(w, "%g\t", k)
		}
		fmt.Fprintln(w)
		for i := 0; i < len(counts); i += len(robust.Kappas) {
			fmt.Fprintf(w, "%s\t%g ms\t", counts[i].System, 1e3*counts[i].H)
			for k := range robust.Kappas {
				fmt.Fprintf(w, "%s\t", part.value(counts[i+k]))
			}
			fmt.Fprintln(w)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\ttosses\tsteps\tfailures\tdivided\titerations\tmost\tdeepest [m]\t")
	each := len(robust.Steps) * len(robust.Kappas)
	line := func(name string, s robust.Count) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%.2f\t%d\t%.2g\t\n", name, s.Tosses, s.Steps, len(s.Failures), s.Halvings,
			float64(s.Iterations)/float64(max(1, s.Steps)), s.IterationsMax, s.Penetration)
	}
	for i := 0; i < len(counts); i += each {
		line(counts[i].System, total(counts[i:i+each]))
	}
	all := total(counts)
	line("all", all)
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nseed %d, %.3g s\n", f.seed, took.Seconds())
	for _, x := range all.Failures {
		fmt.Fprintf(out, "FAILED: --seed %d --only %s:%g:%g:%d (μ = %.4g, mass %.4g), step %d: %v\n", f.seed, x.System, x.H, x.Kappa, x.Toss, x.Mu, x.Mass, x.Step, x.Err)
	}
	return nil
}

type robustRow struct {
	System         string   `json:"system"`
	Timestep       float64  `json:"timestep"`
	Kappa          float64  `json:"kappa"`
	Tosses         int      `json:"tosses"`
	Steps          int      `json:"steps"`
	Failures       int      `json:"failures"`
	Halvings       int      `json:"halvings"`
	IterationsMean float64  `json:"iterations_mean"`
	IterationsMax  int      `json:"iterations_max"`
	PenetrationMax float64  `json:"penetration_max"`
	Again          []string `json:"again"` // what --only repeats the failures
}

func robustRows(counts []robust.Count) []robustRow {
	var l []robustRow
	for _, c := range counts {
		r := robustRow{
			c.System, c.H, c.Kappa, c.Tosses, c.Steps, len(c.Failures), c.Halvings,
			float64(c.Iterations) / float64(max(1, c.Steps)), c.IterationsMax, c.Penetration, []string{},
		}
		for _, x := range c.Failures {
			r.Again = append(r.Again, fmt.Sprintf("%s:%g:%g:%d", x.System, x.H, x.Kappa, x.Toss))
		}
		l = append(l, r)
	}
	return l
}

// again repeats one toss and says how it went.
func (f *robustnessFlags) again(out io.Writer) error {
	part := strings.Split(f.only, ":")
	bad := fmt.Errorf("--only is %q, want SYSTEM:H:KAPPA:TOSS such as box:0.01:1e-06:3, or mechanism:NUMBER", f.only)
	if part[0] == "mechanism" && len(part) == 2 {
		n, err := strconv.Atoi(part[1])
		if err != nil || n < 0 {
			return bad
		}
		return f.againMechanism(out, n)
	}
	if len(part) != 4 {
		return bad
	}
	h, err1 := strconv.ParseFloat(part[1], 64)
	k, err2 := strconv.ParseFloat(part[2], 64)
	n, err3 := strconv.Atoi(part[3])
	if err1 != nil || err2 != nil || err3 != nil || !(h > 0) || !(k > 0) || n < 0 {
		return bad
	}
	c := robust.Count{Cell: robust.Cell{System: part[0], H: h, Kappa: k}}
	if err := robust.Toss(&c, f.seed, n, f.steps); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d steps, %d halvings, %.2f iterations per step, at most %d, deepest %.3g m\n", c.Steps, c.Halvings, float64(c.Iterations)/float64(c.Steps), c.IterationsMax, c.Penetration)
	for _, x := range c.Failures {
		return fmt.Errorf("μ = %.6g, mass %.6g, step %d: %w", x.Mu, x.Mass, x.Step, x.Err)
	}
	return nil
}
