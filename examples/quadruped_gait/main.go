// Command quadruped_gait finds the targets of servos with which a quadruped trots 0.6 m forward, from standing to standing.
//
//	go run ./examples/quadruped_gait [-plot FILE.png] [-html FILE.html]
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
)

const (
	timestep = 0.02 // s
	half     = 10   // steps of half a cycle, in which one diagonal pair of feet swings
	halves   = 8
	steps    = half * halves
	distance = 0.6  // m
	lift     = 0.05 // m, of a foot
	kappa    = 1e-5
	near     = 3e-4 // m: of the goal
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
	if err := f.Parse(args); err != nil {
		return err
	}
	model, start, guess, err := robot()
	if err != nil {
		return err
	}
	trunk, feet, err := plan(model, start)
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
		Model: model, Start: start, Steps: steps,
		Stage: append(state, trajopt.Input(model, guess...).Weigh(1e-2)), Final: state,
		Goal: []trajopt.Function{at.Named("place")},
	}
	r, err := trajopt.Solve(context.Background(), problem, guess, trajopt.Options{Kappas: []float64{kappa}, Penalty: 1000, Tolerance: near, CostTolerance: 5e-3, Progress: func(i trajopt.Iteration) {
		fmt.Fprintf(w, "%2d  cost %8.4f  off the goal by %.1e\n", i.Number, i.Cost, i.Violation)
	}})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: walked %.3f m, ends %.1e m from the goal\n", r.Status, r.States[steps].Q[0]-start.Q[0], r.Violation)
	if r.Iterations > 20 {
		return fmt.Errorf("%d iterations, want at most 20", r.Iterations)
	}
	if err := trots(model, r.States); err != nil {
		return err
	}
	return files.Write(model, r.States, r.Inputs, kappa)
}

// trots returns an error unless each foot is off the ground in the middle of its swings, and its diagonal partner with it.
func trots(m *sim.Model, states []sim.State) error {
	poses := make([]sim.Pose, len(m.Bodies()))
	for h := range halves {
		m.Poses(poses, states[h*half+half/2].Q)
		for i, leg := range legs {
			f, err := m.Frame(leg + "_foot")
			if err != nil {
				return err
			}
			if z := f.Placed(poses).Pos.Z; (z > 0.04) != swings(i, h) {
				return fmt.Errorf("foot %s is %.3f m high in the middle of half cycle %d", leg, z, h)
			}
		}
	}
	return nil
}

// swings reports whether leg i swings in half cycle h: FR with RL, FL with RR.
func swings(i, h int) bool { return (h+i+i/2)%2 == 0 }

// robot returns the quadruped with servos in its joints, standing at rest, and the targets that hold it there.
func robot() (m *sim.Model, rest sim.State, hold [][]float64, err error) {
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
	t, err := m.NewStepper(sim.Options{Kappa: kappa}).Rollout(start, 100, func(u []float64, _ int, _ sim.State) { copy(u, start.Q[7:]) })
	if err != nil {
		return nil, rest, nil, err
	}
	for range steps {
		hold = append(hold, slices.Clone(start.Q[7:]))
	}
	return m, t.States[100], hold, nil
}
