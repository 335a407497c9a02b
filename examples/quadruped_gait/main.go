// Command quadruped_gait finds the targets of servos with which a quadruped trots 0.6 m forward, leaps 0.3 m, or stands up. What is
// given is where trunk and feet shall be: trajopt/task/gait.go.
//
//	go run ./examples/quadruped_gait [-motion trot|leap|rise] [-plot FILE.png] [-html FILE.html]
package main

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

const most = 40 // iterations: what happens to touch first decides, and 8 starts from a few mm apart take 12 to 40, half of them 16 or less

func main() { program.Main("quadruped_gait", run) }

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("quadruped_gait", flag.ContinueOnError)
	files := show.Flags(f)
	name := f.String("motion", "trot", "trot, leap or rise")
	if err := program.Parse(f, args); err != nil {
		return err
	}
	t, err := task.Find(*name)
	if err != nil {
		return err
	}
	t.Options.Progress = func(i trajopt.Iteration) {
		fmt.Fprintf(w, "%2d  cost %8.4f  off the goal by %.1e\n", i.Number, i.Cost, i.Violation)
	}
	r, err := trajopt.Solve(context.Background(), t.Problem, t.Guess, t.Options)
	if err != nil {
		return err
	}
	first, last := r.States[0].Q, r.States[t.Problem.Steps].Q
	fmt.Fprintf(w, "%s: the trunk moves by (%.3f, %.3f, %.3f) m and ends %.1e m from the goal\n", r.Status, last[0]-first[0], last[1]-first[1], last[2]-first[2], r.Violation)
	if r.Iterations > most {
		return fmt.Errorf("%d iterations, want at most %d", r.Iterations, most)
	}
	if err := t.Check(r); err != nil {
		return err
	}
	return files.Write(t.Problem.Model, r.States, r.Inputs, r.Kappa)
}
