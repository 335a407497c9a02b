// Package trajopt finds inputs that make a simulated mechanism do what is wanted: the least cost of a motion under bounds of
// the inputs, limits of the states and goals for the last state.
//
//	p := &trajopt.Problem{
//		Model: model, Start: start, Steps: 100,
//		Stage: []trajopt.Cost{trajopt.Input(model).Weigh(1e-3)},
//		Goal:  []trajopt.Function{trajopt.State(model, upright)},
//	}
//	r, err := trajopt.Solve(ctx, p, nil, trajopt.Options{})
//	…
//	stepper.Rollout(start, p.Steps, r.Controller()) // r.Inputs, r.States, r.Gains
//
// # Method
//
// [ILQR] is the iterative linear-quadratic regulator (Li and Todorov 2004): it rolls the inputs out, takes the exact Jacobians
// of every step from package implicit, in the tangent space of the state, solves the linear-quadratic problem around the
// trajectory backward, and rolls its answer out with feedback. Costs are squares, so their Gauss–Newton Hessians are never
// indefinite, and second derivatives of the dynamics are left out.
//
// Bounds of the inputs are kept exactly in every iterate by a projected Newton method within the backward pass (Tassa, Mansard
// and Todorov 2014, "box-DDP"). Clamping what an unbounded pass wants would be shorter, but spoils the descent and
// leaves feedback on inputs that cannot move.
//
// Goals and limits are kept by an augmented Lagrangian (Howell, Jackson and Manchester 2019, ALTRO). An interior-point
// method would need a first trajectory that keeps the limits, and would tie its own barrier to κ, which already is one; the
// multipliers survive a change of κ.
//
// [Shoot] solves the same problems by another method, and [MPC] solves one again at every tick of a controller.
//
// # Contact
//
// The derivative of hard contact is exact and may be zero: a force too small to lift a block does not move it. [Options.Kappas] begins
// with soft contact and goes on to hard; [Options.GradientKappa] rolls out at one κ and differentiates at a softer one.
// See docs/gradients.md.
package trajopt
