package trajopt_test

import (
	"context"
	"fmt"
	"log"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
)

// A block on the ground shall be a meter further on after a second, at rest, with little force. It begins soft, because the derivative of a
// block that sticks is zero.
func Example() {
	model, start, err := models.Load("driven_block", models.Options{Timestep: 0.1})
	if err != nil {
		log.Fatal(err)
	}
	models.PlaceAbove(model, start.Q, 0)
	goal := start.Clone()
	goal.Q[0] = 1
	problem := &trajopt.Problem{
		Model: model, Start: start, Steps: 10,
		Stage: []trajopt.Cost{trajopt.Input(model).Weigh(0.02)},
		Goal:  []trajopt.Function{trajopt.State(model, goal).Named("a meter on")},
	}
	if err := problem.Check(nil); err != nil { // derivatives against differences
		log.Fatal(err)
	}
	r, err := trajopt.Solve(context.Background(), problem, nil, trajopt.Options{Kappas: []float64{1e-2, 1e-8}, Tolerance: 1e-3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Status)

	// the same inputs, simulated, with the feedback of the plan
	motion, err := model.NewStepper(sim.Options{Kappa: 1e-8}).Rollout(start, problem.Steps, r.Controller())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f m\n", motion.States[problem.Steps].Q[0])
	// Output:
	// converged
	// 1.00 m
}
