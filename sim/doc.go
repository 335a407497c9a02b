// Package sim simulates rigid-body mechanisms with hard contact: the package that users touch first.
//
// Describe a world with a [Builder] (or load one with package models/urdf), compile it into an immutable
// [Model], and step plain [State] values with a [Stepper], one per goroutine:
//
//	b := sim.NewBuilder("box")
//	b.SetTimestep(0.01)
//	b.SetGravity(r3.Vec{Z: -9.81})
//	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
//	box := b.AddLink("box", sim.BoxInertia(1, half))
//	b.AddFree("base", box)
//	b.AddCollider(sim.Collider{Link: box, Shape: contact.Box(half), Friction: 0.5})
//	b.AddGround()
//	m, err := b.Build()
//	…
//	s := m.NewStepper(sim.Options{Kappa: 1e-5})
//	state := m.NewState()
//	state.Q[2] = 1
//	res, err := s.Step(&state, state, nil)
//
// A step converges, or is divided, or returns an error that names the contact or joint; it never yields NaN
// and never pretends. [Stepper.Rollout] records many steps, [Batch] takes many states over all cores with
// the same bits as one by one. Package implicit differentiates what this package simulates.
//
// Units are SI, angles radians, the world is right-handed with z up, quaternions are (w, x, y, z) and rotate
// body axes into world axes. Shapes touch half-spaces of the world, terrain and each other. See docs/simulate.md and
// docs/conventions.md.
package sim
