package task

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

// Hopper is a jump of Raibert's hopper by half a meter forward and half a meter aside, in a second. Masses, horizon, weights, the
// point in the air and the goal are those of Dojo's example (Dojo.jl, examples/trajectory_optimization), which ends 1e-3 from
// the goal after 96 iterations.
func Hopper() (*Task, error) {
	const steps, timestep = 20, 0.05 // s
	model, start, err := models.Load("hopper", models.Options{Timestep: timestep})
	if err != nil {
		return nil, err
	}
	impulse := 0.02 * timestep * timestep // the published weight is of impulses
	p := &trajopt.Problem{
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
		p.Stage, p.Final = append(p.Stage, cost...), append(p.Final, cost...)
		p.Goal = append(p.Goal, at, speed.Rows(0, 1, 2))
	}
	guess := make([][]float64, steps)
	for k := range guess { // the leg holds the body
		guess[k] = []float64{0, 0, 0, -4.18 * 9.81}
	}
	return &Task{
		Problem: p, Guess: guess, Options: trajopt.Options{Kappas: []float64{1e-2, hard}, Tolerance: 1e-3},
		Check: func(r *trajopt.Result) error {
			air := 0
			for _, x := range r.States {
				if low, _ := models.Lowest(model, x.Q); low > 0.05 {
					air++
				}
			}
			if air < 4 {
				return fmt.Errorf("the hopper is off the ground in %d steps, want at least 4", air)
			}
			return nil
		},
	}, nil
}
