package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/robust"
)

// tally is what happened to a class of random mechanisms.
type tally struct {
	Class         string         `json:"class"`
	Mechanisms    int            `json:"mechanisms"`
	Steps         int            `json:"steps"`
	Failures      int            `json:"failures"`
	Errors        map[string]int `json:"errors"`  // failures by what they are
	Divided       int            `json:"divided"` // steps
	Iterations    int            `json:"iterations"`
	IterationsMax int            `json:"iterations_max"`
	Growing       int            `json:"growing"`    // passive mechanisms whose energy grew
	GrowthMax     number         `json:"growth_max"` // as a part of the natural energy
	Keeping       int            `json:"keeping"`    // those of which it grows in steps of a quarter too
	KeptMax       number         `json:"kept_max"`   // by what
	BeyondMax     number         `json:"beyond_max"` // excess over a limit (m or rad)
	DepthMax      number         `json:"depth_max"`  // of a contact (m)
}

func (c *tally) add(t *robust.Trial) {
	c.Mechanisms++
	c.Steps += t.Steps
	if t.Err != nil {
		c.Failures++
		c.Errors[t.Failure()]++
	}
	c.Divided += t.Divided
	c.Iterations += t.Iterations
	c.IterationsMax = max(c.IterationsMax, t.IterationsMax)
	if t.Growth > robust.Growing {
		c.Growing++
	}
	if t.Kept > robust.Growing {
		c.Keeping++
	}
	c.KeptMax = max(c.KeptMax, number(t.Kept))
	c.GrowthMax = max(c.GrowthMax, number(t.Growth))
	c.BeyondMax = max(c.BeyondMax, number(t.Beyond))
	c.DepthMax = max(c.DepthMax, number(t.Depth))
}

// class is a part of the mechanisms.
type class struct {
	name string
	has  func(*robust.Trial) bool
}

// classes sorts mechanisms by what moves them, their masses, bodies and steps.
func classes() []class {
	var l []class
	for _, k := range []robust.Kind{robust.Passive, robust.Sprung, robust.Driven} {
		l = append(l, class{k.String(), func(t *robust.Trial) bool { return t.Kind == k }})
	}
	for _, s := range robust.Spreads {
		l = append(l, class{fmt.Sprintf("masses 1 : %.0e", float64(s)), func(t *robust.Trial) bool { return t.Spread == s }})
	}
	for _, b := range [][2]int{{1, 2}, {3, 5}, {6, 15}, {16, robust.MostBodies}} {
		l = append(l, class{fmt.Sprintf("%d–%d bodies", b[0], b[1]), func(t *robust.Trial) bool { return b[0] <= t.Bodies && t.Bodies <= b[1] }})
	}
	for _, h := range robust.Steps {
		l = append(l, class{fmt.Sprintf("h = %g ms", 1e3*h), func(t *robust.Trial) bool { return t.H == h }})
	}
	return append(l, class{"all", func(*robust.Trial) bool { return true }})
}

// tallies counts each class; the last holds all.
func tallies(trials []robust.Trial) []tally {
	var l []tally
	for _, c := range classes() {
		n := tally{Class: c.name, Errors: map[string]int{}}
		for i := range trials {
			if c.has(&trials[i]) {
				n.add(&trials[i])
			}
		}
		l = append(l, n)
	}
	return l
}

// assorted runs random mechanisms.
func (f *robustnessFlags) assorted(c *cobra.Command) error {
	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	b := newBar(c.ErrOrStderr(), f.mechanisms, "mechanisms")
	began := time.Now()
	trials, err := robust.Mechanisms(stop, f.mechanisms, robust.Config{Seed: f.seed, Workers: f.workers, Progress: b.add})
	b.done()
	if err != nil {
		return err
	}
	l := tallies(trials)
	if f.json {
		err = printJSON(c.OutOrStdout(), l)
	} else {
		err = f.printTrials(c.OutOrStdout(), l, trials, time.Since(began))
	}
	if err == nil && l[len(l)-1].Failures > 0 {
		err = errQuiet
	}
	return err
}

func (f *robustnessFlags) printTrials(out io.Writer, l []tally, trials []robust.Trial, took time.Duration) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tmechanisms\tsteps\tfailures\tdivided\titerations\tmost\tenergy grew\tmost\tin quarters\tmost\tbeyond limits\tdeepest [m]\t")
	for _, c := range l {
		n := float64(max(1, c.Steps))
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.2f %%\t%.2f\t%d\t%d\t%.2g\t%d\t%.2g\t%.2g\t%.2g\t\n", c.Class, c.Mechanisms, c.Steps, c.Failures,
			100*float64(c.Divided)/n, float64(c.Iterations)/n, c.IterationsMax, c.Growing, c.GrowthMax, c.Keeping, c.KeptMax, c.BeyondMax, c.DepthMax)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nseed %d, %.3g s\n", f.seed, took.Seconds())
	for i := range trials {
		t := &trials[i]
		if t.Err != nil {
			fmt.Fprintf(out, "FAILED: %s\n", f.describe(t))
		} else if t.Growth > robust.Growing {
			fmt.Fprintf(out, "GREW: %s\n", f.describe(t))
		}
	}
	return nil
}

// describe says how to repeat a trial, what it is and what became of it.
func (f *robustnessFlags) describe(t *robust.Trial) string {
	s := fmt.Sprintf("--seed %d --only mechanism:%d (%s, %d bodies, masses 1 : %.0e, h = %g ms)", f.seed, t.Number, t.Kind, t.Bodies, float64(t.Spread), 1e3*t.H)
	if t.Err != nil {
		return fmt.Sprintf("%s, %v", s, t.Err)
	}
	return fmt.Sprintf("%s, energy by %.3g of its natural energy of %.3g J, in steps of a quarter by %.3g", s, t.Growth, t.Natural, t.Kept)
}

// againMechanism repeats one trial and says how it went.
func (f *robustnessFlags) againMechanism(out io.Writer, n int) error {
	t, err := robust.Try(f.seed, n)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %d bodies, masses 1 : %.0e, h = %g ms: %d steps, %d divided, %.2f iterations per step, at most %d, energy grew by %.3g of %.3g J (in steps of a quarter %.3g), at most %.3g beyond limits, deepest %.3g m\n",
		t.Kind, t.Bodies, float64(t.Spread), 1e3*t.H, t.Steps, t.Divided, float64(t.Iterations)/float64(max(1, t.Steps)), t.IterationsMax, t.Growth, t.Natural, t.Kept, t.Beyond, t.Depth)
	return t.Err
}
