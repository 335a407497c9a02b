package task

import (
	"slices"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

// newGait is the task of a gait. What is given is where trunk and feet shall be, and joint angles that would put them there without
// gravity and inertia. The targets of the servos that make the robot do it, on its own feet, are found. Dojo's quadruped takes 20
// iterations to 3e-4 from its goal.
func newGait(g *gait) (*Task, error) {
	model, start, guess, err := g.robot()
	if err != nil {
		return nil, err
	}
	trunk, feet, err := g.plan(model, start)
	if err != nil {
		return nil, err
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
	return &Task{
		Problem: &trajopt.Problem{
			Model: model, Start: start, Steps: g.steps,
			Stage: append(state, trajopt.Input(model, guess...).Weigh(1e-2)), Final: state,
			Goal: []trajopt.Function{at.Named("place")},
		},
		Guess:   guess,
		Options: trajopt.Options{Kappas: []float64{gaitKappa}, Penalty: 1000, Tolerance: 3e-4, CostTolerance: 1e-2},
		Check:   func(r *trajopt.Result) error { return g.check(model, r.States) },
	}, nil
}

func trunkOf(x sim.State) r3.Vec { return r3.Vec{X: x.Q[0], Y: x.Q[1], Z: x.Q[2]} }

// quadruped returns the robot with servos of the given stiffness and damping in its joints, in steps of h seconds, and its start.
func quadruped(h, kp, kd float64) (*sim.Model, sim.State, error) {
	e, err := models.Find("quadruped4")
	if err != nil {
		return nil, sim.State{}, err
	}
	b := e.Builder(models.Options{Timestep: h})
	for _, j := range b.Joints() {
		if len(j.Axes) == 1 {
			b.SetServo(j.Name, kp, kd)
		}
	}
	m, err := b.Build()
	if err != nil {
		return nil, sim.State{}, err
	}
	return m, e.Start(m), nil
}

// robot returns the quadruped at rest on bent legs, and the targets that hold it there.
func (g *gait) robot() (m *sim.Model, rest sim.State, hold [][]float64, err error) {
	m, start, err := quadruped(gaitStep, 100, 2)
	if err != nil {
		return nil, rest, nil, err
	}
	for i := range legs {
		start.Q[7+3*i+1], start.Q[7+3*i+2] = g.bend, -2*g.bend
	}
	models.PlaceAbove(m, start.Q, 0.02)
	t, err := m.NewStepper(sim.Options{Kappa: gaitKappa}).Rollout(start, 100, func(u []float64, _ int, _ sim.State) { copy(u, start.Q[7:]) })
	if err != nil {
		return nil, rest, nil, err
	}
	for range g.steps {
		hold = append(hold, slices.Clone(start.Q[7:]))
	}
	return m, t.States[100], hold, nil
}
