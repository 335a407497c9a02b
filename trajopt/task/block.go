package task

import (
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

// hard is the κ of contact that is as good as rigid.
const hard = 1e-8

// Push is a force that moves a block by a meter over the ground, from rest to rest, in a second. Block, horizon,
// weights and goal are those of Dojo's example "box right" (Dojo.jl, examples/trajectory_optimization), which ends 3e-3
// from the goal after 30 iterations.
//
// It starts from no force at all: the block sticks, and the derivative of hard contact says that a force is of no use.
func Push() (*Task, error) { return block(r3.Vec{X: 1}, 1e-3) }

// Lift is a force that lifts a block off the ground and holds it still a meter higher, in a second: Dojo's example "box up",
// which ends 3e-3 from the goal after 106 iterations.
//
// It starts from no force at all. At κ = 1e-3 the force is felt so little while the block lies that the search leaps at the end,
// at four times the cost.
func Lift() (*Task, error) { return block(r3.Vec{Z: 1}, 1e-2) }

// block moves a block of 1 kg by way (m), from soft to hard contact.
func block(way r3.Vec, soft float64) (*Task, error) {
	friction := 0.5
	model, start, err := models.Load("driven_block", models.Options{Timestep: 0.1, Friction: &friction})
	if err != nil {
		return nil, err
	}
	models.PlaceAbove(model, start.Q, 0)
	goal := start.Clone()
	goal.Q[0] += way.X
	goal.Q[2] += way.Z
	to := trajopt.State(model, goal).Named("at rest there")
	return &Task{
		Problem: &trajopt.Problem{
			Model: model, Start: start, Steps: 10,
			Stage: []trajopt.Cost{to.Weigh(2), trajopt.Input(model).Weigh(0.02)},
			Final: []trajopt.Cost{to.Weigh(2)},
			Goal:  []trajopt.Function{to},
		},
		Options: trajopt.Options{Kappas: []float64{soft, hard}, Tolerance: 3e-3},
	}, nil
}
