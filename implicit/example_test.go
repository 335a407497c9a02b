package implicit_test

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// How far a puck slides, and how that changes with the speed of the throw and with friction. In continuous
// time the distance is v²/(2 μ g) = 0.4 m; the steps brake from the first on, which takes 1 cm.
func ExampleGradient_Rollout() {
	b := sim.NewBuilder("puck")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -10})
	l := b.AddLink("puck", sim.SphereInertia(1, 0.1))
	b.AddJoint(sim.Joint{Name: "table", Type: sim.JointType{Trans: []r3.Vec{{X: 1}, {Z: 1}}}, Parent: sim.World, Child: l})
	b.AddCollider(sim.Collider{Name: "rim", Link: l, Shape: contact.Sphere(0.1), Friction: 0.5})
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := implicit.New(m.NewStepper(sim.Options{}), implicit.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	mu, err := implicit.FindParam(m, "rim.friction")
	if err != nil {
		fmt.Println(err)
		return
	}

	start := m.NewState()
	start.Q[1], start.V[0] = 0.1, 2
	r, err := g.Rollout(start, make([][]float64, 100), implicit.Cost{
		Terminal: func(x sim.State, gx implicit.Tangent) float64 {
			gx.Q[0] = 1
			return x.Q[0]
		},
	}, implicit.RolloutOptions{Params: []implicit.Param{mu}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("distance %.2f m, by speed %.2f s, by friction %.2f m\n", r.Cost, r.Start.V[0], r.Params[0])
	// Output:
	// distance 0.39 m, by speed 0.40 s, by friction -0.80 m
}
