package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/show"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"github.com/ukemi-sim/ukemi/trajopt/task"
)

type optimizeFlags struct {
	kappas        []float64
	gradientKappa float64
	iterations    int
	seconds       float64
	budget        float64
	list, json    bool
	files         show.Files
	set           func(flag string) bool // whether the user gave it
}

const optimizeHelp = `Find the inputs that make a robot do something, through contact.

The tasks are those that come with package trajopt (--list); docs/optimize.md shows how to write your own. "mpc" is no
motion but a controller: it plans anew a hundred times a second while the robot is pushed.

Interrupted (Ctrl-C), the search says what it has, and writes it. The exit status is 0 only if the goal is reached.`

func optimizeCommand() *cobra.Command {
	var f optimizeFlags
	c := &cobra.Command{
		Use:   "optimize TASK",
		Short: "Find the inputs that make a robot swing up, push, lift, steer, hop, trot, leap, rise or keep its balance",
		Long:  optimizeHelp,
		Example: `  ukemi optimize --list
  ukemi optimize hopper --html jump.html
  ukemi optimize lift --kappa 1e-3,1e-8 --plot lift.png
  ukemi optimize mpc --seconds 2`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error { return optimize(c, args, &f) },
	}
	l := c.Flags()
	l.BoolVar(&f.list, "list", false, "list the tasks")
	l.Float64SliceVar(&f.kappas, "kappa", nil, "`κ` of the contact, from soft to hard; the last is that of the result (default: the task's own;\nof mpc one, that of the plan)")
	l.Float64Var(&f.gradientKappa, "gradient-kappa", 0, "differentiate at this `κ` where it is softer than that of the rollout")
	l.IntVar(&f.iterations, "iterations", 0, "at most this `many` iterations (default 300; of mpc for each decision, 1)")
	l.Float64Var(&f.seconds, "seconds", 1, "mpc: simulated `time` after each push")
	l.Float64Var(&f.budget, "budget", 0, "mpc: `milliseconds` of a tick, and what takes longer goes on in the next; 0 is as long as a decision wants")
	l.BoolVar(&f.json, "json", false, "print the result as JSON: inputs, states, iterations")
	l.StringVar(&f.files.Picture, "plot", "", "write a picture of the motion to this PNG `file`")
	l.StringVar(&f.files.Page, "html", "", "write the motion to this HTML `file`, for any browser")
	l.Lookup("kappa").DefValue = "" // the help says whose it is
	f.set = l.Changed
	return c
}

const mpcTask = "mpc"

func optimize(c *cobra.Command, args []string, f *optimizeFlags) error {
	if f.list {
		if len(args) > 0 {
			return errors.New("--list wants no task")
		}
		return listTasks(c.OutOrStdout(), f.json)
	}
	if len(args) != 1 {
		return errors.New("optimize wants one task; `ukemi optimize --list` lists them")
	}
	if err := f.check(args[0]); err != nil {
		return err
	}
	ctx, cancel := interruptible(c.Context())
	defer cancel()
	if args[0] == mpcTask {
		return balance(ctx, c, f)
	}
	t, err := task.Find(args[0])
	if err != nil {
		return fmt.Errorf("%w, %s", err, mpcTask)
	}
	return search(ctx, c, args[0], t, f)
}

func listTasks(out io.Writer, asJSON bool) error {
	type row struct {
		Name    string `json:"name"`
		Summary string `json:"summary"`
	}
	var rows []row
	for _, e := range task.All() {
		rows = append(rows, row{e.Name, e.Summary})
	}
	rows = append(rows, row{mpcTask, "a quadruped keeps its balance under pushes of 60 and 150 N, replanning at 100 Hz"})
	if asJSON {
		return printJSON(out, rows)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\n", r.Name, r.Summary)
	}
	return w.Flush()
}

func (f *optimizeFlags) check(name string) error {
	for _, k := range f.kappas {
		if err := softness("kappa", k); err != nil {
			return err
		}
	}
	if f.set("gradient-kappa") {
		if err := softness("gradient-kappa", f.gradientKappa); err != nil {
			return err
		}
	}
	if f.set("iterations") && f.iterations < 1 {
		return fmt.Errorf("--iterations is %d, want a positive number", f.iterations)
	}
	if err := positive("seconds", f.seconds, "s"); err != nil {
		return err
	}
	if !(f.budget >= 0) || f.budget > 1e6 {
		return fmt.Errorf("--budget is %g ms, want a number from 0 to 1e6", f.budget)
	}
	switch {
	case name != mpcTask && (f.set("seconds") || f.set("budget")):
		return errors.New("--seconds and --budget are for mpc; the other tasks have their own horizon")
	case name == mpcTask && len(f.kappas) > 1:
		return errors.New("--kappa: mpc wants one κ, there is no time to go from soft to hard in a decision")
	}
	return errors.Join(writable("plot", f.files.Picture, ".png"), writable("html", f.files.Page, ".html"))
}

// found is what --json prints of a task.
type found struct {
	Task       string      `json:"task"`
	Model      string      `json:"model"`
	Status     string      `json:"status"`
	Reached    bool        `json:"reached"` // the goal, and in the way the task asks for
	Kappa      float64     `json:"kappa"`
	Cost       number      `json:"cost"`
	Violation  number      `json:"violation"` // the largest of goals and limits, in their units
	Worst      string      `json:"worst"`     // which that is
	Tolerance  float64     `json:"tolerance"`
	Iterations int         `json:"iterations"`
	Rollouts   int         `json:"rollouts"`
	Seconds    float64     `json:"wall_seconds"`
	Timestep   float64     `json:"timestep"`
	InputNames []string    `json:"input_names"`
	Inputs     [][]number  `json:"inputs"` // by step
	Q          [][]number  `json:"q"`      // by state, one more than steps
	V          [][]number  `json:"v"`
	History    []iteration `json:"history"`
}

// iteration is a line of the table.
type iteration struct {
	Number    int     `json:"iteration"`
	Kappa     float64 `json:"kappa"`
	Cost      number  `json:"cost"`
	Violation number  `json:"violation"`
	Penalty   number  `json:"penalty"`
	Step      float64 `json:"step"`
}

// search solves a task. The table of iterations is the progress; with --json it goes to the terminal, if there is one.
func search(ctx context.Context, c *cobra.Command, name string, t *task.Task, f *optimizeFlags) error {
	if f.kappas != nil {
		t.Options.Kappas = f.kappas
	}
	if len(t.Options.Kappas) == 0 {
		t.Options.Kappas = []float64{sim.DefaultKappa}
	}
	t.Options.GradientKappa, t.Options.Iterations = f.gradientKappa, f.iterations
	out, table := c.OutOrStdout(), c.OutOrStdout()
	if f.json {
		if table = io.Discard; isTerminal(c.ErrOrStderr()) {
			table = c.ErrOrStderr()
		}
	}
	p := t.Problem
	fmt.Fprintf(table, "%s: model %s, %d steps of %g ms, %s\n\n", name, p.Model.Name(), p.Steps, 1e3*p.Model.Timestep(), plural(p.Model.NU(), "input", "inputs"))
	fmt.Fprintln(table, "iteration      κ          cost   off the goal   penalty   step")
	var history []iteration
	t.Options.Progress = func(i trajopt.Iteration) {
		history = append(history, iteration{i.Number, i.Kappa, number(i.Cost), number(i.Violation), number(i.Penalty), i.Step})
		fmt.Fprintf(table, "%9d   %.0e   %9.4g        %.1e    %.0e   %.3g\n", i.Number, i.Kappa, i.Cost, i.Violation, i.Penalty, i.Step)
	}
	r, err := trajopt.Solve(ctx, p, t.Guess, t.Options)
	if r == nil {
		return err
	}
	if err == nil && t.Check != nil {
		if err = t.Check(r); err != nil {
			err = fmt.Errorf("the goal is reached, but not as the task asks: %w", err)
		}
	}
	if f.json {
		err = errors.Join(err, printJSON(out, newFound(name, p, t.Options, r, history, err == nil)))
	} else {
		fmt.Fprintf(out, "\n%s after %s and %s in %v\ncost %.6g\n", r.Status, plural(r.Iterations, "iteration", "iterations"),
			plural(r.Rollouts, "rollout", "rollouts"), r.Timing.Total.Round(time.Millisecond), r.Cost)
		if r.Worst != "" {
			fmt.Fprintf(out, "off by %.2g from goals and limits; the worst is %s\n", r.Violation, r.Worst)
		}
	}
	if e := f.files.Write(p.Model, r.States, r.Inputs, r.Kappa); e != nil {
		return errors.Join(err, e)
	}
	if r.Status == trajopt.Canceled {
		return fmt.Errorf("interrupted: this is the best so far, at κ = %g: %w", r.Kappa, err)
	}
	return err
}

func newFound(name string, p *trajopt.Problem, opt trajopt.Options, r *trajopt.Result, history []iteration, reached bool) *found {
	j := &found{
		Task: name, Model: p.Model.Name(), Status: r.Status.String(), Reached: reached, Kappa: r.Kappa, Cost: number(r.Cost),
		Violation: number(r.Violation), Worst: r.Worst, Tolerance: opt.Tolerance, Iterations: r.Iterations, Rollouts: r.Rollouts,
		Seconds: r.Timing.Total.Seconds(), Timestep: p.Model.Timestep(), InputNames: p.Model.Inputs(), History: history,
	}
	if j.Tolerance == 0 {
		j.Tolerance = trajopt.DefaultTolerance
	}
	for _, u := range r.Inputs {
		j.Inputs = append(j.Inputs, numbers(u))
	}
	for _, x := range r.States {
		j.Q, j.V = append(j.Q, numbers(x.Q)), append(j.V, numbers(x.V))
	}
	return j
}

// pushed is what --json prints of a push.
type pushed struct {
	Force      [3]float64 `json:"force"` // N
	Far        number     `json:"far"`   // m
	End        number     `json:"end"`   // m
	Tilt       number     `json:"tilt"`  // rad
	Speed      number     `json:"speed"` // m/s, at the end
	Stands     bool       `json:"stands"`
	Decisions  int        `json:"decisions"`
	Late       int        `json:"late"`        // cut short by the budget
	OldestPlan number     `json:"oldest_plan"` // s
	MeanMillis number     `json:"decision_ms_mean"`
	MaxMillis  number     `json:"decision_ms_max"`
}

// balance pushes the quadruped that mpc keeps on its feet; pictures show the last push.
func balance(ctx context.Context, c *cobra.Command, f *optimizeFlags) error {
	opt := trajopt.Options{Kappas: f.kappas, GradientKappa: f.gradientKappa, Iterations: f.iterations}
	out, all := c.OutOrStdout(), []pushed{}
	bar := newBar(c.ErrOrStderr(), len(task.BalancePushes)*task.BalanceDecisions(f.seconds), "balancing")
	defer bar.done()
	var bad error
	var last *task.Balance
	for _, force := range task.BalancePushes {
		b, err := task.NewBalance(ctx, opt, trajopt.Pace{Budget: time.Duration(f.budget * float64(time.Millisecond))})
		if err != nil {
			bad = err
			break
		}
		how, err := b.Push(ctx, force, f.seconds, bar.step)
		last = b
		if err == nil {
			err = how.Check()
			bad = errors.Join(bad, err)
		} else {
			bad = errors.Join(bad, err)
		}
		j := pushed{
			Force: [3]float64{force.X, force.Y, force.Z}, Far: number(how.Far), End: number(how.End), Tilt: number(how.Tilt), Speed: number(how.Speed),
			Stands: err == nil, Decisions: len(how.Ticks),
		}
		for _, t := range how.Ticks {
			ms := float64(t.Elapsed) / float64(time.Millisecond)
			j.MeanMillis += number(ms / float64(len(how.Ticks)))
			j.MaxMillis = number(math.Max(float64(j.MaxMillis), ms))
			j.OldestPlan = number(math.Max(float64(j.OldestPlan), t.Age))
			if t.Late {
				j.Late++
			}
		}
		all = append(all, j)
		if !f.json {
			fmt.Fprintf(out, "%s\n  %s\n", how.Words(), how.Time())
		}
		if ctx.Err() != nil {
			break
		}
	}
	if f.json {
		bad = errors.Join(bad, printJSON(out, all))
	}
	if last != nil && len(last.States) > 0 {
		bad = errors.Join(bad, f.files.Write(last.Model, last.States, nil, 0))
	}
	if ctx.Err() != nil {
		return errors.New("interrupted: this is what was simulated so far")
	}
	return bad
}
