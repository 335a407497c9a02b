// Command hopper lets Raibert's hopper jump half a meter forward and half a meter aside, in a second.
//
//	go run ./examples/hopper [-plot FILE.png] [-html FILE.html]
//
// Masses, horizon, weights, the point in the air and the goal are those of Dojo's example (Dojo.jl,
// examples/trajectory_optimization), which ends 1e-3 from the goal after 96 iterations.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/ukemi-sim/ukemi/examples/internal/show"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "hopper:", err)
		os.Exit(1)
	}
}

const (
	steps, timestep = 20, 0.05 // s
	hard            = 1e-8     // κ
	near            = 1e-3     // m and m/s: of the goal
)

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("hopper", flag.ContinueOnError)
	files := show.Flags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	model, start, err := models.Load("hopper", models.Options{Timestep: timestep})
	if err != nil {
		return err
	}
	impulse := 0.02 * timestep * timestep // the published weight is of impulses
	problem := &trajopt.Problem{
		Model: model, Start: start, Steps: steps,
		Stage: []trajopt.Cost{trajopt.Input(model).Weigh(impulse)},
		Lower: []float64{-100, -100, 0, -500}, // no torque about the leg
		Upper: []float64{100, 100, 0, 500},
	}
	for i, link := range []string{"body", "foot"} {
		height := []float64{0.55, 0.05}[i]
		up, there := r3.Vec{X: 0.5, Y: 0.5, Z: height + 0.5}, r3.Vec{X: 0.5, Y: 0.5, Z: height}
		way := make([]r3.Vec, steps+1) // first up, then there
		for k := range way {
			if way[k] = there; k < steps/2 {
				way[k] = up
			}
		}
		at, turned := trajopt.Position(model, link, way...), trajopt.Orientation(model, link, sim.RPY(0, 0, 0))
		speed := trajopt.Velocity(model, link, r3.Vec{}, r3.Vec{})
		cost := []trajopt.Cost{at.Weigh(2), turned.Weigh(0.05), speed.Weigh(0.02)}
		problem.Stage, problem.Final = append(problem.Stage, cost...), append(problem.Final, cost...)
		problem.Goal = append(problem.Goal, at, speed.Rows(0, 1, 2))
	}
	guess := make([][]float64, steps)
	for k := range guess { // the leg holds the body
		guess[k] = []float64{0, 0, 0, -4.18 * 9.81}
	}
	r, err := trajopt.Solve(context.Background(), problem, guess, trajopt.Options{Kappas: []float64{1e-2, hard}, Tolerance: near, Progress: func(i trajopt.Iteration) {
		fmt.Fprintf(w, "%2d  κ %.0e  cost %8.4f  off the goal by %.1e\n", i.Number, i.Kappa, i.Cost, i.Violation)
	}})
	if err != nil {
		return err
	}
	air := 0
	for _, x := range r.States {
		if low, _ := models.Lowest(model, x.Q); low > 0.05 {
			air++
		}
	}
	fmt.Fprintf(w, "%s: %.2f s in the air, stands %.1e from the goal\n", r.Status, float64(air)*timestep, r.Violation)
	if r.Iterations > 96 || air < 4 {
		return fmt.Errorf("%d iterations and %d steps in the air, want at most 96 and at least 4", r.Iterations, air)
	}
	return files.Write(model, r.States, r.Inputs, hard)
}
