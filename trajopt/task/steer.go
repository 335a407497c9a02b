package task

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

// Steer is two fingers that push a box over the ground and turn it, to rest 0.2 m ahead and 30° to the left, in 1.2 s:
// contact between bodies, which only pushes, so that the box has to be let go in time to slide out.
//
// It starts from fingers that stand behind the box: that their targets move it only a soft contact tells.
func Steer() (*Task, error) {
	const steps, timestep = 48, 0.025 // s
	model, start, err := models.Load("pusher", models.Options{Timestep: timestep})
	if err != nil {
		return nil, err
	}
	clear(start.V)
	models.PlaceAbove(model, start.Q, 0)
	way, turn := 0.2, math.Pi/6
	box, err := model.Joint("box")
	if err != nil {
		return nil, err
	}
	at := trajopt.Position(model, "box", r3.Vec{X: start.Q[box.Q] + way}).Rows(0).Named("0.2 m ahead")
	turned := trajopt.Orientation(model, "box", sim.RPY(0, 0, turn)).Named("turned by 30°")
	still := trajopt.Velocity(model, "box", r3.Vec{}, r3.Vec{}).Rows(0, 1, 5).Named("at rest")
	p := &trajopt.Problem{
		Model: model, Start: start, Steps: steps,
		Stage: []trajopt.Cost{trajopt.Input(model).Weigh(0.1), trajopt.Velocity(model, "left", r3.Vec{}, r3.Vec{}).Rows(0).Weigh(0.01), trajopt.Velocity(model, "right", r3.Vec{}, r3.Vec{}).Rows(0).Weigh(0.01)},
		Final: []trajopt.Cost{at.Weigh(10), turned.Weigh(1)},
		Goal:  []trajopt.Function{at, turned.Rows(2), still},
	}
	return &Task{
		Problem: p, Options: trajopt.Options{Kappas: []float64{1e-2, 1e-3, 1e-5}, Tolerance: 3e-3, Penalty: 10},
		Check: func(r *trajopt.Result) error {
			s, x := model.NewStepper(sim.Options{Kappa: r.Kappa}), start.Clone()
			touched := map[int]bool{}
			for _, u := range r.Inputs {
				if _, err := s.Step(&x, x, u); err != nil {
					return err
				}
				for _, c := range s.Contacts() {
					if _, ground := c.ID.HalfSpace(); !ground && r3.Norm(c.Force) > 0.1 {
						touched[c.ID.A], touched[c.ID.B] = true, true
					}
				}
			}
			if len(touched) != 3 {
				return fmt.Errorf("the box and %d fingers touch each other, want both", len(touched)-1)
			}
			return nil
		},
	}, nil
}
