// Command hopper lets Raibert's hopper jump half a meter forward and half a meter aside, in a second, with no more iterations than
// Dojo's 96. The task itself is a page to read: trajopt/task/hopper.go.
//
//	go run ./examples/hopper [-plot FILE.png] [-html FILE.html]
package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/ukemi-sim/ukemi/examples/internal/motion"
	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/internal/show"
	"github.com/ukemi-sim/ukemi/trajopt/task"
)

func main() { program.Main("hopper", run) }

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("hopper", flag.ContinueOnError)
	files := show.Flags(f)
	if err := program.Parse(f, args); err != nil {
		return err
	}
	t, err := task.Hopper()
	if err != nil {
		return err
	}
	r, err := motion.Find(t, w)
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
