// Command quadruped_gait finds the targets of servos with which a quadruped trots 0.6 m forward, leaps 0.3 m, or stands up.
//
//	go run ./examples/quadruped_gait [-motion trot|leap|rise] [-plot FILE.png] [-html FILE.html]
//
// What is given is where trunk and feet shall be, and joint angles that would put them there without gravity and inertia. The targets
// of the servos that make the robot do it, on its own feet, are found. Dojo's quadruped takes 20 iterations to 3e-4 from its goal.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/ukemi-sim/ukemi/examples/internal/show"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

const (
	timestep = 0.02 // s
	kappa    = 1e-5
	near     = 3e-4 // m: of the goal
	most     = 40   // iterations: what happens to touch first decides, and 8 starts from a few mm apart take 12 to 40, half of them 16 or less
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "quadruped_gait:", err)
		os.Exit(1)
	}
}

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("quadruped_gait", flag.ContinueOnError)
	files := show.Flags(f)
	name := f.String("motion", "trot", "trot, leap or rise")
	if err := f.Parse(args); err != nil {
		return err
	}
	move, err := find(*name)
	if err != nil {
		return err
	}
	model, start, guess, err := robot(move)
	if err != nil {
		return err
	}
	trunk, feet, err := move.plan(model, start)
	if err != nil {
		return err
	}
	follow(guess, trunk, feet)
	at := trajopt.Position(model, "trunk", trunk...)
	posture := make([]float64, 2*model.NV()) // of the joints, and all velocities
	for i := range posture {
		if i >= 6 {
			posture[i] = 1e-2
		}
		if i >= model.NV() {
			posture[i] = 1e-3
		}
	}
	state := []trajopt.Cost{
		at.Weigh(20), trajopt.Orientation(model, "trunk", sim.RPY(0, 0, 0)).Weigh(2),
		trajopt.State(model, start).Weigh(posture...),
	}
	for i, way := range feet {
		state = append(state, trajopt.Position(model, legs[i]+"_foot", way...).Weigh(50))
	}
	problem := &trajopt.Problem{
		Model: model, Start: start, Steps: move.steps,
		Stage: append(state, trajopt.Input(model, guess...).Weigh(1e-2)), Final: state,
		Goal: []trajopt.Function{at.Named("place")},
	}
	r, err := trajopt.Solve(context.Background(), problem, guess, trajopt.Options{Kappas: []float64{kappa}, Penalty: 1000, Tolerance: near, CostTolerance: 1e-2, Progress: func(i trajopt.Iteration) {
		fmt.Fprintf(w, "%2d  cost %8.4f  off the goal by %.1e\n", i.Number, i.Cost, i.Violation)
	}})
	if err != nil {
		return err
	}
	way := r3.Sub(trunkOf(r.States[move.steps]), trunkOf(start))
	fmt.Fprintf(w, "%s: the trunk moves by (%.3f, %.3f, %.3f) m and ends %.1e m from the goal\n", r.Status, way.X, way.Y, way.Z, r.Violation)
	if r.Iterations > most {
		return fmt.Errorf("%d iterations, want at most %d", r.Iterations, most)
	}
	if err := move.check(model, r.States); err != nil {
		return err
	}
	return files.Write(model, r.States, r.Inputs, kappa)
}

func trunkOf(x sim.State) r3.Vec { return r3.Vec{X: x.Q[0], Y: x.Q[1], Z: x.Q[2]} }

// robot returns the quadruped with servos in its joints, at rest on bent legs, and the targets that hold it there.
func robot(move *motion) (m *sim.Model, rest sim.State, hold [][]float64, err error) {
	e, err := models.Find("quadruped")
	if err != nil {
		return nil, rest, nil, err
	}
	b := e.Builder(models.Options{Timestep: timestep})
	for _, j := range b.Joints() {
		if len(j.Axes) == 1 {
			b.SetServo(j.Name, 100, 2)
		}
	}
	if m, err = b.Build(); err != nil {
		return nil, rest, nil, err
	}
	start := e.Start(m)
	for i := range legs {
		start.Q[7+3*i+1], start.Q[7+3*i+2] = move.bend, -2*move.bend
	}
	models.PlaceAbove(m, start.Q, 0.02)
	t, err := m.NewStepper(sim.Options{Kappa: kappa}).Rollout(start, 100, func(u []float64, _ int, _ sim.State) { copy(u, start.Q[7:]) })
	if err != nil {
		return nil, rest, nil, err
	}
	for range move.steps {
		hold = append(hold, slices.Clone(start.Q[7:]))
	}
	return m, t.States[100], hold, nil
}
