package main

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

const benchHelp = `Measure the time of a step.

Every case is a motion that is recorded once. Its steps are then taken again and again from the recorded
states, on one core, so that every repeat does exactly the same work on warm memory. The table shows the fastest and the
median repeat, the latter being what a busy machine gives.

Cases: the block from its first contact on until it rests; the quadruped dropped on its bent legs, which fold
(dry friction and limits in all joints included); the same without dry friction and limits; the same held by
servos; the same with 12 contacts, collapsing onto its trunk; hanging chains of 10 to 1000 links, at 2 ms if the time step
is longer: the waves across a taut chain of 1000 links are too fast for 10 ms.`

// benchCase is a motion to measure.
type benchCase struct {
	name       string
	model      string
	controller string
	from, to   int  // steps of the motion that are measured
	ideal      bool // no dry friction, no limits
}

// tautest is the longest step that all chains are measured with (s).
const tautest = 2e-3

var benchCases = []benchCase{
	{"block, 8 corners", "block", "none", 25, 125, false},
	{"sphere", "sphere", "none", 25, 125, false},
	{"quadruped, 4 feet", "quadruped4", "none", 5, 65, false},
	{"quadruped, 4 feet, bare joints", "quadruped4", "none", 5, 25, true},
	{"quadruped, 4 feet, servos", "quadruped4", "hold", 5, 105, false},
	{"quadruped, 12 contacts", "quadruped:12", "none", 5, 105, false},
	{"ant, 17 contacts", "ant", "none", 5, 105, false},
	{"cartpole", "cartpole", "none", 0, 100, false},
	{"pendulum", "pendulum", "none", 0, 100, false},
	{"chain of 10", "chain:10", "none", 50, 90, false},
	{"chain of 30", "chain:30", "none", 50, 90, false},
	{"chain of 100", "chain:100", "none", 50, 90, false},
	{"chain of 300", "chain:300", "none", 50, 90, false},
	{"chain of 1000", "chain:1000", "none", 50, 90, false},
}

// benchRow is a line of the table.
type benchRow struct {
	Case       string `json:"case"`
	NV         int    `json:"nv"`
	Contacts   int    `json:"contacts"`
	Steps      int    `json:"steps"`
	Fastest    number `json:"us_per_step_min"`
	Median     number `json:"us_per_step_median"`
	PerDOF     number `json:"us_per_dof_min"` // per link of a chain
	PerTurn    number `json:"us_per_iteration_min"`
	Iterations number `json:"iterations_mean"`
	Most       int    `json:"iterations_max"`
	Halvings   int    `json:"halvings"`
	Allocs     number `json:"allocs_per_step"`
}

type benchFlags struct {
	timestep, kappa, seconds float64
	json                     bool
}

func benchCommand() *cobra.Command {
	var f benchFlags
	c := &cobra.Command{
		Use:   "bench",
		Short: "Measure the time of a step",
		Long:  benchHelp,
		Args:  noArguments,
		RunE:  func(c *cobra.Command, _ []string) error { return bench(c, &f) },
	}
	l := c.Flags()
	l.Float64Var(&f.timestep, "timestep", 0.01, "length of a step `h` in seconds")
	l.Float64Var(&f.kappa, "kappa", sim.DefaultKappa, "central-path parameter `κ`")
	l.Float64Var(&f.seconds, "seconds", 0.5, "`time` to spend on repeats of a case, in seconds")
	l.BoolVar(&f.json, "json", false, "print JSON")
	c.AddCommand(robustnessCommand())
	return c
}

func bench(c *cobra.Command, f *benchFlags) error {
	for _, err := range []error{duration("timestep", f.timestep), softness("kappa", f.kappa), positive("seconds", f.seconds, "s")} {
		if err != nil {
			return err
		}
	}
	out := c.OutOrStdout()
	var rows []benchRow
	if !f.json {
		fmt.Fprintf(out, "h = %g ms, κ = %g, one core of %s/%s, %s\n\n", 1e3*f.timestep, f.kappa, runtime.GOOS, runtime.GOARCH, runtime.Version())
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "case\tdof\tµs min\tmedian\tµs/dof\tµs/iteration\titerations\tmax\thalvings\tallocs\t")
	for _, b := range benchCases {
		r, err := b.measure(f)
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		rows = append(rows, r)
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%.1f\t%.3f\t%.2f\t%.2f\t%d\t%d\t%.3g\t\n", r.Case, r.NV, r.Fastest, r.Median, r.PerDOF, r.PerTurn, r.Iterations, r.Most, r.Halvings, r.Allocs)
	}
	if f.json {
		return printJSON(out, rows)
	}
	return w.Flush()
}

// record returns the states of the motion and the input of every step.
func (b benchCase) record(f *benchFlags) (*sim.Stepper, *sim.Trajectory, error) {
	e, err := models.Find(b.model)
	if err != nil {
		return nil, nil, err
	}
	h := f.timestep
	if strings.HasPrefix(b.model, "chain") {
		h = min(h, tautest)
	}
	w := &world{source: b.model, builder: e.Builder(models.Options{Timestep: h, NoGround: true, Ideal: b.ideal}), flags: &worldFlags{groundFlags: groundFlags{ground: true}}}
	if err := w.build(); err != nil {
		return nil, nil, err
	}
	w.start = e.Start(w.model)
	if b.controller == "hold" {
		hold(w)
	}
	if err := w.finish(); err != nil {
		return nil, nil, err
	}
	ctrl, err := controller(b.controller, w.model, w.start, 0)
	if err != nil {
		return nil, nil, err
	}
	st := w.model.NewStepper(sim.Options{Kappa: f.kappa})
	t, err := st.Rollout(w.start, b.to, ctrl)
	return st, t, err
}

func (b benchCase) measure(f *benchFlags) (benchRow, error) {
	st, t, err := b.record(f)
	if err != nil {
		return benchRow{}, err
	}
	m := st.Model()
	r := benchRow{Case: b.name, NV: m.NV(), Contacts: m.MaxContacts(), Steps: b.to - b.from}
	next := m.NewState()
	total := 0
	pass := func() error {
		total, r.Most, r.Halvings = 0, 0, 0
		for k := b.from; k < b.to; k++ {
			res, err := st.Step(&next, t.States[k], t.Inputs[k])
			if err != nil {
				return fmt.Errorf("step %d: %w", k, err)
			}
			total += res.Iterations
			r.Most = max(r.Most, res.Iterations)
			r.Halvings += res.Halvings
		}
		return nil
	}
	if err := pass(); err != nil { // warm up
		return r, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := pass(); err != nil {
		return r, err
	}
	runtime.ReadMemStats(&after)
	n := float64(r.Steps)
	// what the runtime itself allocates now and then is not the step's
	r.Allocs = number(math.Floor(float64(after.Mallocs-before.Mallocs)/n*100) / 100)
	r.Iterations = number(float64(total) / n)

	const fewest = 5
	var times []float64
	for end := time.Now().Add(time.Duration(f.seconds * float64(time.Second))); len(times) < fewest || time.Now().Before(end); {
		began := time.Now()
		if err := pass(); err != nil {
			return r, err
		}
		times = append(times, 1e6*time.Since(began).Seconds()/n)
	}
	slices.Sort(times)
	r.Fastest, r.Median = number(times[0]), number(times[len(times)/2])
	r.PerDOF = r.Fastest / number(r.NV)
	if r.Iterations > 0 {
		r.PerTurn = r.Fastest / r.Iterations
	}
	return r, nil
}
