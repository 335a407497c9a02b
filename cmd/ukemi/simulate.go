package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

type simulateFlags struct {
	world      worldFlags
	seconds    float64
	kappa      float64
	seed       uint64
	controller string
	plot, out  string
	json       bool
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
  ukemi simulate robot.urdf --repair --height 0.5 --json`,
		Args: oneModel,
		RunE: func(c *cobra.Command, args []string) error { return simulate(c, args[0], &f) },
	}
	f.add(c, 2, "none", "none, hold or random")
	l := c.Flags()
	l.StringVar(&f.plot, "plot", "", "write a picture of the run to this PNG `file`")
	l.StringVar(&f.out, "out", "", "write time, state, energy and contact forces of every step to this CSV `file`")
	l.BoolVar(&f.json, "json", false, "print the report as JSON")
	return c
}

// add adds the flags of a run, which simulate shares with render and view.
func (f *simulateFlags) add(c *cobra.Command, seconds float64, controller, controllers string) {
	f.world.add(c)
	l := c.Flags()
	l.Float64Var(&f.seconds, "seconds", seconds, "simulated `time` in seconds")
	l.Float64Var(&f.kappa, "kappa", sim.DefaultKappa, "central-path parameter `κ`: small is hard contact, large is smooth; 0 polishes every step to exact contact")
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
		if err := positive("kappa", f.kappa, ""); err != nil {
			return err
		}
	}
	const most = 1e9
	if n := f.seconds / f.world.timestep; n > most {
		return fmt.Errorf("--seconds %g at --timestep %g is %.3g steps, more than %g", f.seconds, f.world.timestep, n, most)
	} else if math.Round(n) < 1 {
		return fmt.Errorf("--seconds %g is less than one step of --timestep %g", f.seconds, f.world.timestep)
	}
	switch f.controller {
	case "none", "hold", "random":
	default:
		return fmt.Errorf("--controller is %q, want none, hold or random", f.controller)
	}
	return nil
}

// options returns those of the steps.
func (f *simulateFlags) options() sim.Options {
	return sim.Options{Kappa: f.kappa, Polish: f.kappa == 0}
}

// prepare returns the world to simulate, with servos and ground, and its stepper and controller.
func (f *simulateFlags) prepare(source string) (*world, *sim.Stepper, sim.Controller, error) {
	w, err := open(source, &f.world)
	if err != nil {
		return nil, nil, nil, err
	}
	if f.seed != 0 {
		low, shaped := models.Lowest(w.model, w.start.Q)
		perturb(w.model, &w.start, f.seed)
		if shaped {
			models.PlaceAbove(w.model, w.start.Q, low)
		}
	}
	if f.controller != "none" && w.model.NU() == 0 {
		w.say("--controller %s has no effect: %s has no driven joints", f.controller, w.model.Name())
	}
	if f.controller == "hold" {
		hold(w)
	}
	if err := w.finish(); err != nil {
		return nil, nil, nil, err
	}
	ctrl, err := controller(f.controller, w.model, w.start, f.seed)
	if err != nil {
		return nil, nil, nil, err
	}
	return w, w.model.NewStepper(f.options()), ctrl, nil
}

func simulate(c *cobra.Command, source string, f *simulateFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	w, st, ctrl, err := f.prepare(source)
	if err != nil {
		return err
	}
	steps := max(1, int(math.Round(f.seconds/w.model.Timestep())))
	stop, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	var sinks []sink
	if f.out != "" {
		s, err := newCSV(f.out, w.model)
		if err != nil {
			return err
		}
		sinks = append(sinks, s)
	}
	if f.plot != "" {
		s, err := newPicture(f.plot, w, steps)
		if err != nil {
			return err
		}
		sinks = append(sinks, s)
	}
	r := newReport(w, st)
	bar := newBar(c.ErrOrStderr(), steps, "simulating "+w.model.Name())
	loop(stop, r, st, w.start, steps, ctrl, sinks, bar)
	for _, s := range sinks {
		err = errors.Join(err, s.close())
	}
	if f.json {
		err = errors.Join(err, printJSON(c.OutOrStdout(), r))
	} else {
		r.print(c.OutOrStdout(), f)
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
