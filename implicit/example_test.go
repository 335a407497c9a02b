package implicit_test

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
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
	// distance 0.40 m, by speed 0.40 s, by friction -0.80 m
}

// A box of 1 kg sticks: half of what would move it has no slope in hard contact, and an optimizer stops at once. So the
// search for the force that pushes the box by 0.3 m in half a second begins at κ = 1e-3, where sticking creeps, and
// goes on from its result at smaller and smaller κ.
func ExampleGradient_sticking() {
	b := sim.NewBuilder("box")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -10})
	l := b.AddLink("box", sim.SphereInertia(1, 0.1))
	b.AddJoint(sim.Joint{Name: "push", Type: sim.JointType{Trans: []r3.Vec{{X: 1}, {Z: 1}}}, Parent: sim.World, Child: l,
		Axes: []sim.Axis{{Drive: sim.Torque}, {}}})
	b.AddCollider(sim.Collider{Name: "sole", Link: l, Shape: contact.Sphere(0.1), Friction: 0.5})
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	s := m.NewStepper(sim.Options{})
	g, err := implicit.New(s, implicit.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	start, inputs := m.NewState(), make([][]float64, 50)
	start.Q[1] = 0.1
	distance := implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 {
		e := x.Q[0] - 0.3
		gx.Q[0] += e
		return e * e / 2
	}}
	search := func(kappa float64, from []float64) []float64 {
		s.SetKappa(kappa)
		push := func(u []float64) [][]float64 {
			for k := range inputs {
				inputs[k] = u
			}
			return inputs
		}
		r, err := optimize.Minimize(optimize.Problem{
			Func: func(u []float64) float64 {
				c, err := g.Cost(start, push(u), distance)
				if err != nil {
					return math.NaN()
				}
				return c
			},
			Grad: func(grad, u []float64) {
				grad[0] = math.NaN()
				if r, err := g.Rollout(start, push(u), distance, implicit.RolloutOptions{}); err == nil {
					grad[0] = 0
					for _, gu := range r.Inputs {
						grad[0] += gu[0]
					}
				}
			},
		}, from, &optimize.Settings{GradientThreshold: 1e-6, MajorIterations: 50}, &optimize.BFGS{})
		if err != nil {
			fmt.Println(err)
			return from
		}
		return r.X
	}

	half := []float64{2.5} // 5 N move the box
	fmt.Printf("at κ = 1e-8 alone: %.2f N\n", search(1e-8, half)[0])
	u := half
	for _, kappa := range []float64{1e-3, 1e-4, 1e-6, 1e-8} {
		u = search(kappa, u)
	}
	fmt.Printf("from κ = 1e-3 down: %.2f N\n", u[0]) // 0.3 m = ½ (7.4 m/s² − 5 m/s²) (0.5 s)², and 1 cm of the discrete sum
	// Output:
	// at κ = 1e-8 alone: 2.50 N
	// from κ = 1e-3 down: 7.40 N
}

// Friction and speed of a puck from a record of its states, by Gauss–Newton: residuals and their Jacobian come from one
// rollout, and the model follows the estimate in place.
func ExampleGradient_Residuals() {
	b := sim.NewBuilder("puck")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -10})
	l := b.AddLink("puck", sim.SphereInertia(1, 0.1))
	b.AddJoint(sim.Joint{Name: "table", Type: sim.JointType{Trans: []r3.Vec{{X: 1}, {Z: 1}}}, Parent: sim.World, Child: l})
	b.AddCollider(sim.Collider{Name: "rim", Link: l, Shape: contact.Sphere(0.1), Friction: 0.35})
	b.AddGround()
	truth, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	start, inputs := truth.NewState(), make([][]float64, 80)
	start.Q[1], start.V[0] = 0.1, 2
	record, err := truth.NewStepper(sim.Options{}).Rollout(start, len(inputs), nil)
	if err != nil {
		fmt.Println(err)
		return
	}

	estimate := []float64{0.25, 1.5} // friction, speed
	mu, err := implicit.FindParam(truth, "rim.friction")
	if err != nil {
		fmt.Println(err)
		return
	}
	residual, err := implicit.StateResidual(truth, record.States, []float64{1, 0, 0, 0}) // measured along the table
	if err != nil {
		fmt.Println(err)
		return
	}
	speed := implicit.NewTangent(truth)
	speed.V[0] = 1
	g, err := implicit.New(truth.NewStepper(sim.Options{Kappa: 1e-5}), implicit.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	by := implicit.Unknowns{Start: []implicit.Tangent{speed}, Params: []implicit.Param{mu}}
	for range 8 {
		start.V[0] = estimate[1]
		if err := g.SetParams(by.Params, estimate[:1]); err != nil {
			fmt.Println(err)
			return
		}
		r, j, err := g.Residuals(start, inputs, by, 4, residual)
		if err != nil {
			fmt.Println(err)
			return
		}
		var d mat.VecDense
		if err := d.SolveVec(j, mat.NewVecDense(len(r), r)); err != nil {
			fmt.Println(err)
			return
		}
		estimate[1] -= d.AtVec(0)
		estimate[0] -= d.AtVec(1)
	}
	fmt.Printf("friction %.3f, speed %.3f m/s\n", estimate[0], estimate[1])
	// Output:
	// friction 0.350, speed 2.000 m/s
}
