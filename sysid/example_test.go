package sysid_test

import (
	"context"
	"fmt"
	"log"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
	"gonum.org/v1/gonum/spatial/r3"
)

// A box slides to rest, and its friction is found from where it was.
func ExampleProblem() {
	box := func(friction float64) *sim.Model {
		half := r3.Vec{X: 0.05, Y: 0.05, Z: 0.05}
		b := sim.NewBuilder("box")
		b.SetTimestep(0.01)
		b.SetGravity(r3.Vec{Z: -9.81})
		b.AddGround()
		l := b.AddLink("box", sim.BoxInertia(1, half))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Name: "bottom", Link: l, Shape: contact.Box(half), Friction: friction})
		m, err := b.Build()
		if err != nil {
			log.Fatal(err)
		}
		return m
	}
	start := box(0.3).NewState()
	start.Q[2], start.V[0] = 0.05, 1.5
	measured, err := box(0.3).NewStepper(sim.Options{}).Rollout(start, 40, nil)
	if err != nil {
		log.Fatal(err)
	}

	problem := sysid.Problem{
		Model:        box(0.6),
		Parameters:   []sysid.Parameter{{Name: "bottom.friction"}},
		Trajectories: []sysid.Trajectory{{Name: "slide", States: measured.States}},
		Noise:        []float64{1e-3, 1e-3, 1e-3, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.1, 0.1, 0.1},
	}
	result, err := problem.Fit(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range result.Estimates {
		fmt.Printf("%s from %.2f to %.4f\n", e.Name, e.Start, e.Value)
	}
	// Output: bottom.friction from 0.60 to 0.3000
}
