// Command hopper lets Raibert's hopper jump half a meter forward and half a meter aside, in a second, with no more iterations than
// Dojo's 96. The task itself is a page to read: trajopt/task/hopper.go.
//
//	go run ./examples/hopper [-plot FILE.png] [-html FILE.html]
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
		fmt.Fprintln(os.Stderr, "hopper:", err)
		os.Exit(1)
	}
}

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("hopper", flag.ContinueOnError)
	files := show.Flags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	t, err := task.Hopper()
	if err != nil {
		return err
	}
	t.Options.Progress = func(i trajopt.Iteration) {
		fmt.Fprintf(w, "%2d  κ %.0e  cost %8.4f  off the goal by %.1e\n", i.Number, i.Kappa, i.Cost, i.Violation)
	}
	r, err := trajopt.Solve(context.Background(), t.Problem, t.Guess, t.Options)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: stands %.1e from the goal\n", r.Status, r.Violation)
	if r.Iterations > 96 {
		return fmt.Errorf("%d iterations, want at most 96", r.Iterations)
	}
	if err := t.Check(r); err != nil {
		return err
	}
	return files.Write(t.Problem.Model, r.States, r.Inputs, r.Kappa)
}
