package implicit_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// sunk is a flail whose hinges have limits, with its ends in the ground and a hinge beyond its limit.
func sunk(t *testing.T) (*sim.Model, sim.State) {
	b := sim.NewBuilder("flail")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	parent := b.AddLink("base", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddFree("free", parent)
	b.AddCollider(sim.Collider{Name: "base", Link: parent, Shape: contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}), Friction: 0.3})
	for k, n := range []string{"upper", "lower"} {
		l := b.AddLink(n, sim.BoxInertia(0.5, r3.Vec{X: 0.2, Y: 0.05, Z: 0.05}).Placed(sim.At(0.2, 0, 0)))
		axis := sim.Axis{Drive: sim.Torque, Damping: 0.01, Friction: 0.05, Limited: true, Lower: -0.5, Upper: 0.5}
		b.AddJoint(sim.Joint{Name: n, Type: sim.Revolute(r3.Vec{Z: 1, X: 0.1}), Parent: parent, Child: l, Origin: sim.At(0.1+0.3*float64(k), 0, 0), Axes: []sim.Axis{axis}})
		b.AddCollider(sim.Collider{Name: n, Link: l, Shape: contact.Sphere(0.05), Pose: sim.At(0.4, 0, 0), Friction: 0.5})
		parent = l
	}
	m := must(t, b)
	x := m.NewState()
	x.Q[2], x.Q[8] = 0.03, 0.6
	x.V[0], x.V[3], x.V[7] = 0.5, 0.3, -1
	return m, x
}

// TestDeepStepHasDerivatives: the configuration after a step that starts in the ground or beyond a limit has the derivative of
// one solve, its velocity and its forces have that of another; at an instant and after an interval, whole and divided.
func TestDeepStepHasDerivatives(t *testing.T) {
	opt := sim.Options{Kappa: 1e-4, Tolerance: 1e-12, Centrality: 1e-10}
	m, x := sunk(t)
	u := []float64{0.3, -0.2}
	checkStep(t, m, x, u, opt, 0, true)
	x.H = 0.006
	checkStep(t, m, x, u, opt, 0, true)
	m, x = flail(t)
	x.Q[2], x.V[6], x.V[7] = 0.02, 0, 0
	x.V[5] = 105 // turns too fast to be taken whole
	s, next := m.NewStepper(opt), m.NewState()
	r, err := s.Step(&next, x, u)
	if err != nil || r.Halvings == 0 {
		t.Fatalf("%+v, %v: not divided", r, err)
	}
	checkStep(t, m, x, u, opt, r.Halvings, true)
}

// TestDeepStepByAnyWay: a rollout, and derivatives at another κ, agree with single steps where the start is deep.
func TestDeepStepByAnyWay(t *testing.T) {
	m, x := sunk(t)
	g := gradient(t, m.NewStepper(sim.Options{Kappa: 1e-4}), implicit.Options{Kappa: 1e-3})
	inputs := [][]float64{{0.3, -0.2}, nil}
	y := implicit.NewTangent(m)
	cost := implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 {
		gx.Q[2], gx.V[0] = gx.Q[2]+1, gx.V[0]+0.1
		return x.Q[2] + 0.1*x.V[0]
	}}
	r, err := g.Rollout(x, inputs, cost, implicit.RolloutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	y.Q[2], y.V[0] = 1, 0.1
	for k := len(inputs) - 1; k >= 0; k-- {
		next := m.NewState()
		if _, err := g.Step(&next, r.States[k], inputs[k]); err != nil {
			t.Fatal(err)
		}
		back := implicit.NewTangent(m)
		if err := g.VJP(back, make([]float64, m.NU()), y); err != nil {
			t.Fatal(err)
		}
		y = back
	}
	for i, v := range both(y) {
		if w := both(r.Start)[i]; v != w {
			t.Errorf("row %d: %g by steps, %g by the rollout", i, v, w)
		}
	}
}

// TestStepInAMeshSlotHasDerivatives: of a body that stays in both walls of a slot in a mesh by a hair, where slides
// lean and gaps are eased by what the step begins with.
func TestStepInAMeshSlotHasDerivatives(t *testing.T) {
	b := sim.NewBuilder("slot")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	l := b.AddLink("egg", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.08, Z: 0.1}))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Name: "egg", Link: l, Shape: contact.Ellipsoid(0.2, 0.1, 0.15), Friction: 0.5})
	const wall = 0.1 - 1e-7
	v := []r3.Vec{{X: -1, Y: -wall, Z: -1}, {X: 1, Y: -wall, Z: -1}, {X: 1, Y: -wall, Z: 1.1}, {X: -1, Y: -wall, Z: 1}, {X: -1, Y: wall, Z: -1}, {X: 1, Y: wall, Z: -1}, {X: 1, Y: wall, Z: 1.1}, {X: -1, Y: wall, Z: 1}}
	b.AddTerrain("walls", contact.Mesh(v, [][3]int32{{0, 2, 1}, {0, 3, 2}, {4, 5, 6}, {4, 6, 7}}), sim.Pose{})
	m := must(t, b)
	x := m.NewState()
	x.V[0], x.V[4] = 0.1, 0.2
	r, err := implicit.Check(m, implicit.CheckOptions{Start: x, Steps: 1, Every: 1, Params: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Errorf("%+v", r)
	}
	t.Logf("state off by %.1e, parameters by %.1e", r.State, r.Params)
}

// TestStepInAGrooveHasDerivatives: of a body in both walls of a groove that it sticks in, by a nanometer and so deep
// that the step is solved twice; it remains there.
func TestStepInAGrooveHasDerivatives(t *testing.T) {
	for _, round := range []bool{true, false} {
		for _, depth := range []float64{1e-9, 1e-5} {
			b := sim.NewBuilder("groove")
			b.SetTimestep(0.01)
			b.SetGravity(r3.Vec{Z: -9.81})
			const sin, cos = 0.28, 0.96
			b.AddHalfSpace("left", r3.Vec{X: cos, Z: sin}, 0)
			b.AddHalfSpace("right", r3.Vec{X: -cos, Z: sin}, 0)
			l := b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.08, Z: 0.1}))
			b.AddFree("free", l)
			shape, height := contact.Sphere(0.1), 0.1/sin
			if !round {
				shape, height = contact.Ellipsoid(0.1, 0.15, 0.1), 0.1/sin
			}
			b.AddCollider(sim.Collider{Name: "body", Link: l, Shape: shape, Friction: 0.5})
			m := must(t, b)
			x := m.NewState()
			x.Q[2], x.V[1], x.V[4] = height-depth/sin, 0.1, 0.2
			r, err := implicit.Check(m, implicit.CheckOptions{Start: x, Steps: 1, Every: 1, Params: 1})
			if err != nil {
				t.Fatal(err)
			}
			if !r.OK() {
				t.Errorf("round %v, %g m deep: %+v", round, depth, r)
			}
			t.Logf("round %v, %g m deep: state off by %.1e, parameters by %.1e", round, depth, r.State, r.Params)
		}
	}
}
