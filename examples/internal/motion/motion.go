// Package motion is what the examples that look for a motion have in common.
package motion

import (
	"context"
	"flag"
	"fmt"
	"io"

	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/internal/show"
	"github.com/ukemi-sim/ukemi/trajopt"
	"github.com/ukemi-sim/ukemi/trajopt/task"
)

// Find solves t and says on w how it goes.
func Find(t *task.Task, w io.Writer) (*trajopt.Result, error) {
	t.Options.Progress = func(i trajopt.Iteration) {
		fmt.Fprintf(w, "%2d  κ %.0e  cost %8.4f  off the goal by %.1e\n", i.Number, i.Kappa, i.Cost, i.Violation)
	}
	return trajopt.Solve(context.Background(), t.Problem, t.Guess, t.Options)
}

// Block moves a block from rest to rest: hard contact alone must find no way, soft contact that hardens one of at most so many
// iterations and that cost.
func Block(name string, find func() (*task.Task, error), iterations int, cost float64) func(args []string, w io.Writer) error {
	return func(args []string, w io.Writer) error {
		f := flag.NewFlagSet(name, flag.ContinueOnError)
		files := show.Flags(f)
		if err := program.Parse(f, args); err != nil {
			return err
		}
		t, err := find()
		if err != nil {
			return err
		}
		alone := t.Options
		alone.Kappas = t.Options.Kappas[1:]
		if _, err := trajopt.Solve(context.Background(), t.Problem, t.Guess, alone); err == nil {
			return fmt.Errorf("hard contact alone finds a way: the example has lost its point")
		}
		fmt.Fprintln(w, "hard contact alone finds no way; from soft to hard:")
		r, err := Find(t, w)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: the block ends %.1e from rest at the goal\n", r.Status, r.Violation)
		if r.Iterations > iterations || r.Cost > cost {
			return fmt.Errorf("%d iterations to a cost of %g, want at most %d and %g", r.Iterations, r.Cost, iterations, cost)
		}
		return files.Write(t.Problem.Model, r.States, r.Inputs, r.Kappa)
	}
}
