package main

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// trial is a rollout whose outcome depends on one number, through contact.
type trial struct {
	name, number, unit string
	outcome            string  // in m
	low, high          float64 // of the number
	sigma              float64 // noise of randomized smoothing
	model              *sim.Model
	start              func(x float64) sim.State
	inputs             func(x float64) [][]float64
	coordinate         int // of the last state: the outcome
	byStart            int // velocity that the number is, −1 for none
	byInput            int // input that the number is, as long as it works, times sign
	sign               float64
	works              int // steps
}

func trials() ([]*trial, error) {
	var all []*trial
	for _, f := range []func() (*trial, error){push, throw, hop} {
		t, err := f()
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// forces returns inputs that are zero but for input i in the first steps.
func (t *trial) forces(steps int) func(x float64) [][]float64 {
	return func(x float64) [][]float64 {
		u := make([][]float64, steps)
		for k := range u {
			u[k] = make([]float64, t.model.NU())
			if k < t.works {
				u[k][t.byInput] = t.sign * x
			}
		}
		return u
	}
}

// push: a force acts on a block for half a second. Below μ m g nothing moves.
func push() (*trial, error) {
	mu := 0.5
	m, start, err := models.Load("driven_block", models.Options{Timestep: 0.05, Friction: &mu})
	if err != nil {
		return nil, err
	}
	models.PlaceAbove(m, start.Q, 0)
	t := &trial{name: "push", number: "force", unit: "N", outcome: "displacement of the block after 0.5 s", low: 0, high: 10, sigma: 1, model: m, byStart: -1, sign: 1, works: 10}
	t.start, t.inputs = func(float64) sim.State { return start.Clone() }, t.forces(10)
	return t, nil
}

// throw: a tilted box is thrown, hits the ground, tumbles and slides to rest.
func throw() (*trial, error) {
	half := r3.Vec{X: 0.15, Y: 0.1, Z: 0.05}
	b := sim.NewBuilder("box")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	l := b.AddLink("box", sim.BoxInertia(1, half))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: 0.4})
	m, err := b.Build()
	if err != nil {
		return nil, err
	}
	return &trial{
		name: "throw", number: "forward velocity", unit: "m/s", outcome: "displacement of the box after 1.6 s", low: 0.5, high: 2.5, sigma: 0.1, model: m, byStart: 0, byInput: -1,
		start: func(x float64) sim.State {
			s := m.NewState()
			s.Q[2] = 0.4
			q := sim.RPY(0.1, -0.15, 0)
			copy(s.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
			s.V[0], s.V[2] = x, 1.5
			return s
		},
		inputs: func(float64) [][]float64 { return make([][]float64, 160) },
	}, nil
}

// hop: the leg of Raibert's hopper pushes for 0.2 s. Below the weight the body sinks; from some force on the foot leaves the ground.
func hop() (*trial, error) {
	m, start, err := models.Load("hopper", models.Options{Timestep: 0.02})
	if err != nil {
		return nil, err
	}
	t := &trial{name: "hop", number: "force of the leg", unit: "N", outcome: "height of the body after 0.5 s", low: 20, high: 160, sigma: 8, model: m, coordinate: 2, byStart: -1, byInput: 3, sign: -1, works: 10}
	t.start, t.inputs = func(float64) sim.State { return start.Clone() }, t.forces(25)
	return t, nil
}

// at returns the outcome at κ and its derivative by the number.
func (t *trial) at(g *implicit.Gradient, x float64) (outcome, slope float64, err error) {
	cost := implicit.Cost{Terminal: func(s sim.State, gx implicit.Tangent) float64 {
		gx.Q[t.coordinate]++
		return s.Q[t.coordinate]
	}}
	r, err := g.Rollout(t.start(x), t.inputs(x), cost, implicit.RolloutOptions{})
	if err != nil {
		return 0, 0, fmt.Errorf("%s at %g %s: %w", t.name, x, t.unit, err)
	}
	if t.byStart >= 0 {
		return r.Cost, r.Start.V[t.byStart], nil
	}
	for _, u := range r.Inputs[:t.works] {
		slope += t.sign * u[t.byInput]
	}
	return r.Cost, slope, nil
}
