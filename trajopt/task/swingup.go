package task

import (
	"math"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/trajopt"
)

// Swingup is a cart that swings its pole up in 2 s and stops it there, on a track of 2 m.
func Swingup() (*Task, error) {
	model, top, err := models.Load("cartpole", models.Options{Timestep: 0.02})
	if err != nil {
		return nil, err
	}
	top.Q[1] = 0         // the pole stands
	start := top.Clone() // and hangs:
	start.Q[1] = math.Pi
	cart := trajopt.State(model, top).Rows(0)
	p := &trajopt.Problem{
		Model: model, Start: start, Steps: 100,
		Stage: []trajopt.Cost{trajopt.Input(model).Weigh(0.01)},
		Limit: []trajopt.Function{cart.AtMost(1).Named("right end of the track"), cart.AtLeast(-1).Named("left end of the track")},
		Goal:  []trajopt.Function{trajopt.State(model, top).Named("upright")},
	}
	guess := make([][]float64, p.Steps)
	for k := range guess { // hanging still is a saddle: any push leaves it
		guess[k] = []float64{0.1}
	}
	return &Task{Problem: p, Guess: guess}, nil
}
