package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

type simulateFlags struct {
	world      worldFlags
	seconds    float64
	kappa      float64
	impacts    bool
	seed       uint64
	controller string
	startFlags
	inputFlags
	runsFlags
	plot, out string
	columns   string
	signals   string
	record    string
	json      bool
}

const simulateHelp = `Simulate a robot file or a model of the zoo and report how it went.

The exit status is 0 only if every step converged. A step that does not converge, even divided into small
parts, ends the run; the report then says so.

Controllers:
  none     no inputs
  hold     position servos hold the start configuration. A servo's stiffness is its joint's reference force
           over a sag of 0.05 rad (0.05 m on a slider), the reference force being the effort limit or, when
           less, the robot's weight at the lever of its radius of gyration; damping is critical. The servos
           are implicit and stable at any step size, and never exceed the effort limit
  random   smooth random torques, three sines of 0.2 to 2 Hz within the same reference force, and for
           joints without effort limit within what moves their own links with 30 rad/s²

A --seed other than 0 also changes the start a little: hinges by up to 0.05 rad and sliders by up to 1 cm
within their limits, the attitude of floating bases by up to 0.1 rad, velocities by up to 0.1 m/s or rad/s.`

func simulateCommand() *cobra.Command {
	var f simulateFlags
	c := &cobra.Command{
		Use:   "simulate FILE|NAME",
		Short: "Simulate a robot and report how it went",
		Long:  simulateHelp,
		Example: `  ukemi simulate quadruped --seconds 2 --controller hold --plot fall.png --out fall.csv
  ukemi simulate robot.urdf --repair --height 0.5 --json
  ukemi simulate quadruped --q "*_calf_joint=-1.5" --slope 10 --controller hold --record slope.ukemi
  ukemi simulate block --sweep block.friction=0.1:1:10 --plot sweep.png`,
		Args: oneModel,
		RunE: func(c *cobra.Command, args []string) error { return simulate(c, args[0], &f) },
	}
	f.add(c, 2, "none", "none, hold or random")
	f.runsFlags.add(c)
	l := c.Flags()
	l.StringVar(&f.plot, "plot", "", "draw the run to this PNG, SVG or PDF `file`")
	l.StringVar(&f.signals, "plot-signals", "", "draw these signals in place of the usual ones: `names` of columns, separated by commas, * stands for any letters")
	l.StringVar(&f.out, "out", "", "write time, state, energy, inputs and forces of every step to this CSV `file` (- is standard output)")
	l.StringVar(&f.columns, "columns", "", "`names` of the columns of --out, as for --plot-signals (default all but wrench.*)")
	l.StringVar(&f.record, "record", "", "write the run with its model to this .ukemi `file`, for view, render, replay and export")
	l.BoolVar(&f.json, "json", false, "print the report as JSON")
	return c
}

// add adds the flags of a run, which simulate shares with render and view.
func (f *simulateFlags) add(c *cobra.Command, seconds float64, controller, controllers string) {
	f.world.add(c)
	f.startFlags.add(c)
	f.inputFlags.add(c)
	l := c.Flags()
	l.Float64Var(&f.seconds, "seconds", seconds, "simulated `time` in seconds")
	l.Float64Var(&f.kappa, "kappa", sim.DefaultKappa, "central-path parameter `κ`: small is hard contact, large is smooth; 0 polishes every step to exact contact")
	l.BoolVar(&f.impacts, "divide-impacts", false, "divide a step shortly before something hits the ground in it: landings several times as accurate,\nthree solves for such a step")
	l.Uint64Var(&f.seed, "seed", 0, "`seed` of the random controller; other than 0 it also changes the start a little")
	l.StringVar(&f.controller, "controller", controller, controllers)
}

func (f *simulateFlags) check() error {
	if err := f.world.check(); err != nil {
		return err
	}
	if err := positive("seconds", f.seconds, "s"); err != nil {
		return err
	}
	if f.kappa != 0 {
		if err := softness("kappa", f.kappa); err != nil {
			return err
		}
	}
	if err := f.countable(f.world.timestep, "--timestep"); err != nil {
		return err
	}
	switch f.controller {
	case "none", "hold", "random":
	default:
		return fmt.Errorf("--controller is %q, want none, hold or random", f.controller)
	}
	return f.inputFlags.check(f.controller)
}

// options returns those of the steps.
func (f *simulateFlags) options() sim.Options {
	return sim.Options{Kappa: f.kappa, Polish: f.kappa == 0, DivideImpacts: f.impacts}
}

// prepare returns the world to simulate, with servos and ground, and its stepper and controller.
func (f *simulateFlags) prepare(source string) (*world, *sim.Stepper, sim.Controller, error) {
	w, err := open(source, &f.world)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := f.begin(w); err != nil {
		return nil, nil, nil, err
	}
	w.flat = w.start
	w.start = w.flat.Clone()
	if f.seed != 0 && f.seeds == 0 {
		perturb(w.model, &w.start, f.seed)
		if !w.placed {
			models.PlaceLike(w.model, w.start.Q, w.flat.Q)
		}
	}
	if f.controller != "none" && w.model.NU() == 0 {
		w.say("--controller %s has no effect: %s has no driven joints", f.controller, w.model.Name())
	}
	switch {
	case f.gains != "":
		servos(w, f.kp, f.kd)
	case f.controller == "hold":
		hold(w)
	}
	if err := w.finish(); err != nil {
		return nil, nil, nil, err
	}
	if err := w.near(); err != nil {
		return nil, nil, nil, err
	}
	if h := w.model.Timestep(); h != f.world.timestep { // a file may have its own
		if err := f.countable(h, "the timestep of the file,"); err != nil {
			return nil, nil, nil, err
		}
	}
	if f.inputs != "" {
		if w.inputs, err = readInputs(w, f.inputs, f.smooth); err != nil {
			return nil, nil, nil, err
		}
	}
	ctrl, err := f.control(w, w.model, w.start, f.seed)
	if err != nil {
		return nil, nil, nil, err
	}
	return w, w.model.NewStepper(f.options()), ctrl, nil
}

// control returns the controller of a run: the table of --inputs, or the one that has a name.
func (f *simulateFlags) control(w *world, m *sim.Model, start sim.State, seed uint64) (sim.Controller, error) {
	if w.inputs != nil {
		return w.inputs.control(m.Timestep()), nil
	}
	return controller(f.controller, m, start, seed)
}

func simulate(c *cobra.Command, source string, f *simulateFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	if err := f.checkFiles(); err != nil {
		return err
	}
	if err := f.runsFlags.check(); err != nil {
		return err
	}
	if f.many() {
		return simulateMany(c, source, f)
	}
	w, st, ctrl, err := f.prepare(source)
	if err != nil {
		return err
	}
	steps := f.steps(w.model)
	stop, cancel := signal.NotifyContext(c.Context(), os.Interrupt)
	defer cancel()
	sinks, err := f.sinks(c, w, st, steps)
	if err != nil {
		return err
	}
	r := newReport(w, st)
	printWarnings(c.ErrOrStderr(), r.Warnings)
	said := len(r.Warnings)
	bar := newBar(c.ErrOrStderr(), steps, "simulating "+w.model.Name())
	loop(stop, r, st, w.start, steps, ctrl, sinks, bar)
	for _, s := range sinks {
		err = errors.Join(err, s.close())
	}
	printWarnings(c.ErrOrStderr(), r.Warnings[said:])
	switch out := c.OutOrStdout(); {
	case f.json:
		err = errors.Join(err, printJSON(out, r))
	case f.out == "-":
		r.print(c.ErrOrStderr(), f)
	default:
		r.print(out, f)
	}
	if err != nil {
		return err
	}
	if r.err != nil {
		return r.err
	}
	if stop.Err() != nil {
		return fmt.Errorf("interrupted after %d of %d steps", r.Steps, steps)
	}
	return nil
}

// countable returns an error where steps of length h are too many, or less than one.
func (f *simulateFlags) countable(h float64, whose string) error {
	const most = 1e9
	if n := f.seconds / h; n > most {
		return fmt.Errorf("--seconds %g at %s %g is %.3g steps, more than %g", f.seconds, whose, h, n, most)
	} else if math.Round(n) < 1 {
		return fmt.Errorf("--seconds %g is less than one step of %s %g", f.seconds, whose, h)
	}
	return nil
}

// steps returns how many there are.
func (f *simulateFlags) steps(m *sim.Model) int {
	return max(1, int(math.Round(f.seconds/m.Timestep())))
}

// sinks opens what the run is written to. Where one cannot be opened, nothing stays of the others.
func (f *simulateFlags) sinks(c *cobra.Command, w *world, st *sim.Stepper, steps int) (all []sink, err error) {
	var drafts []*draft.File
	defer func() {
		for _, d := range drafts {
			if err != nil {
				_ = d.Keep(err)
			}
		}
	}()
	for _, o := range []struct {
		flag, path string
		open       func(d *draft.File) (sink, error)
	}{
		{"out", f.out, func(d *draft.File) (sink, error) { return newCSV(w.model, choice{"columns", f.columns}, d) }},
		{"plot", f.plot, func(d *draft.File) (sink, error) { return newPicture(d, w, steps, choice{"plot-signals", f.signals}) }},
		{"record", f.record, func(d *draft.File) (sink, error) { return newRecorder(d, st, f.seed), nil }},
	} {
		if o.path == "" {
			continue
		}
		d, err := draft.New(o.path, c.OutOrStdout())
		if err != nil {
			return nil, fmt.Errorf("--%s: %w", o.flag, err)
		}
		drafts = append(drafts, d)
		s, err := o.open(d)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// checkFiles looks at the names of files before anything is done.
func (f *simulateFlags) checkFiles() error {
	switch {
	case f.many() && (f.record != "" || f.columns != "" || f.signals != ""):
		return errors.New("--seeds and --sweep make many runs: --record, --columns and --plot-signals are for one")
	case f.columns != "" && f.out == "":
		return errors.New("--columns is for --out")
	case f.signals != "" && f.plot == "":
		return errors.New("--plot-signals is for --plot")
	case f.out == "-" && f.json:
		return errors.New("--out - and --json both want standard output")
	}
	return errors.Join(writable("out", f.out, ".csv"), writable("plot", f.plot, pictureKinds...), writable("record", f.record, recordingExt))
}
