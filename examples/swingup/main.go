// Command swingup finds the force that swings the pole of a cart up and stops it there, and follows it with feedback from
// a start that is off.
//
//	go run ./examples/swingup [-plot FILE.png] [-html FILE.html]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/ukemi-sim/ukemi/examples/internal/show"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "swingup:", err)
		os.Exit(1)
	}
}

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("swingup", flag.ContinueOnError)
	files := show.Flags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	model, top, err := models.Load("cartpole", models.Options{Timestep: 0.02})
	if err != nil {
		return err
	}
	top.Q[1] = 0         // the pole stands
	start := top.Clone() // and hangs:
	start.Q[1] = math.Pi
	problem := &trajopt.Problem{
		Model: model, Start: start, Steps: 100, // 2 s
		Stage: []trajopt.Cost{trajopt.Input(model).Weigh(0.01)},
		Limit: []trajopt.Function{
			trajopt.State(model, top).Rows(0).AtMost(1).Named("right end of the track"),
			trajopt.State(model, top).Rows(0).AtLeast(-1).Named("left end of the track"),
		},
		Goal: []trajopt.Function{trajopt.State(model, top).Named("upright")},
	}
	guess := make([][]float64, problem.Steps)
	for k := range guess { // hanging still is a saddle: any push leaves it
		guess[k] = []float64{0.1}
	}
	r, err := trajopt.Solve(context.Background(), problem, guess, trajopt.Options{})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s after %d iterations: cost %.4f, goal and limits within %.1e\n", r.Status, r.Iterations, r.Cost, r.Violation)

	off := start.Clone()
	off.Q[1] += 0.1
	motion, err := model.NewStepper(sim.Options{}).Rollout(off, problem.Steps, r.Controller())
	if err != nil {
		return err
	}
	last := motion.States[problem.Steps]
	fmt.Fprintf(w, "with feedback, from 0.1 rad beside: ends at q = %.3f, v = %.3f\n", last.Q, last.V)
	if !(math.Abs(last.Q[1]) < 0.1) {
		return fmt.Errorf("the pole ends at %g rad", last.Q[1])
	}
	return files.Write(model, r.States, r.Inputs, sim.DefaultKappa)
}
