// Command push finds the force that moves a block by a meter over the ground, from rest to rest, in a second.
//
//	go run ./examples/push [-plot FILE.png] [-html FILE.html]
//
// Block, horizon, weights and goal are those of Dojo's example "box right" (Dojo.jl, examples/trajectory_optimization), which ends
// 3e-3 from the goal after 30 iterations.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/ukemi-sim/ukemi/examples/internal/show"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/trajopt"
)

const (
	hard = 1e-8 // κ
	near = 3e-3 // m, m/s, rad, rad/s: of the goal
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
	friction := 0.5
	model, start, err := models.Load("driven_block", models.Options{Timestep: 0.1, Friction: &friction})
	if err != nil {
		return err
	}
	models.PlaceAbove(model, start.Q, 0)
	goal := start.Clone()
	goal.Q[0] = 1
	to := trajopt.State(model, goal)
	problem := &trajopt.Problem{
		Model: model, Start: start, Steps: 10,
		Stage: []trajopt.Cost{to.Weigh(2), trajopt.Input(model).Weigh(0.02)},
		Final: []trajopt.Cost{to.Weigh(2)},
		Goal:  []trajopt.Function{to},
	}
	// From no force at all: the block sticks, and the derivative of hard contact says that a force is of no use.
	ctx := context.Background()
	if _, err := trajopt.Solve(ctx, problem, nil, trajopt.Options{Kappas: []float64{hard}, Tolerance: near}); err == nil {
		return fmt.Errorf("hard contact alone finds a way: the example has lost its point")
	}
	fmt.Fprintln(w, "hard contact alone finds no way; from soft to hard:")
	r, err := trajopt.Solve(ctx, problem, nil, trajopt.Options{Kappas: []float64{1e-3, hard}, Tolerance: near, Progress: func(i trajopt.Iteration) {
		fmt.Fprintf(w, "%2d  κ %.0e  cost %8.4f  off the goal by %.1e\n", i.Number, i.Kappa, i.Cost, i.Violation)
	}})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: the block ends %.1e from rest at the goal\n", r.Status, r.Violation)
	if r.Iterations > 30 {
		return fmt.Errorf("%d iterations, want at most 30", r.Iterations)
	}
	return files.Write(model, r.States, r.Inputs, hard)
}
