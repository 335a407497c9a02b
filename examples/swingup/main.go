// Command swingup finds the force that swings the pole of a cart up and stops it there, and follows it with feedback from
// a start that is off. The task itself is a page to read: trajopt/task/swingup.go.
//
//	go run ./examples/swingup [-plot FILE.png] [-html FILE.html]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"

	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/internal/show"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"github.com/ukemi-sim/ukemi/trajopt/task"
)

func main() { program.Main("swingup", run) }

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("swingup", flag.ContinueOnError)
	files := show.Flags(f)
	if err := program.Parse(f, args); err != nil {
		return err
	}
	t, err := task.Swingup()
	if err != nil {
		return err
	}
	p := t.Problem
	r, err := trajopt.Solve(context.Background(), p, t.Guess, t.Options)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s after %d iterations: cost %.4f, goal and limits within %.1e\n", r.Status, r.Iterations, r.Cost, r.Violation)

	off := p.Start.Clone()
	off.Q[1] += 0.1
	motion, err := p.Model.NewStepper(sim.Options{}).Rollout(off, p.Steps, r.Controller())
	if err != nil {
		return err
	}
	last := motion.States[p.Steps]
	fmt.Fprintf(w, "with feedback, from 0.1 rad beside: ends at q = %.3f, v = %.3f\n", last.Q, last.V)
	if !(math.Abs(last.Q[1]) < 0.1) {
		return fmt.Errorf("the pole ends at %g rad", last.Q[1])
	}
	return files.Write(p.Model, r.States, r.Inputs, r.Kappa)
}
