// Command push finds the force that moves a block by a meter over the ground, from rest to rest, in a second: not
// from hard contact alone, whose derivative says that a force is of no use, but from soft to hard. The task itself is a page to
// read: trajopt/task/block.go.
//
//	go run ./examples/push [-plot FILE.png] [-html FILE.html]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/ukemi-sim/ukemi/internal/show"
	"github.com/ukemi-sim/ukemi/trajopt"
	"github.com/ukemi-sim/ukemi/trajopt/task"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "push:", err)
		os.Exit(1)
	}
}

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("push", flag.ContinueOnError)
	files := show.Flags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	t, err := task.Push()
	if err != nil {
		return err
	}
	alone := t.Options
	alone.Kappas = t.Options.Kappas[1:]
	if _, err := trajopt.Solve(context.Background(), t.Problem, t.Guess, alone); err == nil {
		return fmt.Errorf("hard contact alone finds a way: the example has lost its point")
	}
	fmt.Fprintln(w, "hard contact alone finds no way; from soft to hard:")
	t.Options.Progress = func(i trajopt.Iteration) {
		fmt.Fprintf(w, "%2d  κ %.0e  cost %8.4f  off the goal by %.1e\n", i.Number, i.Kappa, i.Cost, i.Violation)
	}
	r, err := trajopt.Solve(context.Background(), t.Problem, t.Guess, t.Options)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: the block ends %.1e from rest at the goal\n", r.Status, r.Violation)
	if r.Iterations > 30 || r.Cost > 20 {
		return fmt.Errorf("%d iterations to a cost of %g, want at most 30 and 20", r.Iterations, r.Cost)
	}
	return files.Write(t.Problem.Model, r.States, r.Inputs, r.Kappa)
}
