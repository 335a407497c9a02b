package implicit_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// surfaces adds a box and balls whose surfaces run and turn, on a ground that does.
func surfaces(b *sim.Builder) {
	b.AddGround()
	b.SetSurfaceVelocity("ground", r3.Vec{X: 0.5, Y: -0.3})
	b.SetSurfaceSpin("ground", r3.Vec{X: 0.1, Z: 0.8})
	l := b.AddLink("crawler", sim.BoxInertia(1, cube))
	b.AddFree("crawler", l)
	b.AddCollider(sim.Collider{Name: "crawler", Link: l, Shape: contact.Box(cube), Friction: 0.6, Pose: sim.Pose{Rot: sim.RPY(0, 0, 0.2)}, Surface: contact.Surface{Velocity: r3.Vec{X: -0.8, Y: 0.2}, Spin: r3.Vec{Z: 1.5}}})
	l = b.AddLink("ball", sim.SphereInertia(1, 0.1))
	b.AddFree("ball", l)
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Friction: 0.4, Pose: sim.Pose{Pos: r3.Vec{X: 0.01}, Rot: sim.RPY(0.3, 0, 0)}, Surface: contact.Surface{Velocity: r3.Vec{Y: 0.6}}})
	b.AddCollider(sim.Collider{Name: "dome", Link: sim.World, Shape: contact.Sphere(0.3), Friction: 0.7, Pose: sim.At(1, 0, 0), Surface: contact.Surface{Velocity: r3.Vec{X: 0.3, Z: 0.5}, Spin: r3.Vec{X: -1, Y: 0.5}}})
}

// TestBeltGradient: a box set down on a belt moves at μ g t until it runs with the belt: the derivative of its speed by
// μ is g t and that by the belt's speed 0, and then 0 and 1.
func TestBeltGradient(t *testing.T) {
	b := world("belt", 9.81)
	addBox(b, "box", 1, cube, 0.4)
	b.AddGround()
	b.SetSurfaceVelocity("ground", r3.Vec{X: 1})
	m := must(t, b)
	var ps []implicit.Param
	for _, name := range []string{"box.friction", "ground.surface_x"} {
		p, err := implicit.FindParam(m, name)
		if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
	x := m.NewState()
	x.Q[2] = cube.Z
	cost := implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 {
		gx.V[0]++
		return x.V[0]
	}}
	for _, c := range []struct {
		steps  int
		by     [2]float64
		within float64
	}{{10, [2]float64{9.81 * 0.095, 0}, 1e-4}, {60, [2]float64{0, 1}, 1e-4}} {
		g, err := implicit.New(m.NewStepper(sim.Options{Kappa: 1e-8}), implicit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := g.Rollout(x, make([][]float64, c.steps), cost, implicit.RolloutOptions{Params: ps})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range ps {
			tol.Within(t, max(r.Params[i]-c.by[i], c.by[i]-r.Params[i]), c.within, "after %d steps, by %s: %g", c.steps, p.Name, r.Params[i])
		}
	}
}

// TestCheckBounceAtAnInstant: derivatives of the first step from an instant, in which a box bounces off the ground. The
// speed of approach is that over a sliver of a step: what a size or a place changes it by was the difference of two
// changes of gaps over that, and had lost all but five digits.
func TestCheckBounceAtAnInstant(t *testing.T) {
	b := world("bounce", 9.81)
	l := b.AddLink("box", sim.BoxInertia(1, cube))
	b.AddFree("box", l)
	b.AddCollider(sim.Collider{Name: "box", Link: l, Shape: contact.Box(cube), Friction: 0.5, Pose: sim.Pose{Pos: r3.Vec{X: 0.01, Y: 0.02}, Rot: sim.RPY(0.3, 0.1, 0.2)}, Surface: contact.Surface{Restitution: 0.6}})
	b.AddHalfSpace("slope", r3.Unit(r3.Vec{X: 0.1, Z: 1}), 0)
	m := must(t, b)
	x := m.NewState()
	x.Q[2] = 0.22
	copy(x.V, []float64{0.3, -0.2, -1, 1, 2, -1})
	r, err := implicit.Check(m, implicit.CheckOptions{Kappa: 1e-4, Start: x, Steps: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("state %.1e parameters %.1e", r.State, r.Params)
	tol.Within(t, max(r.State, r.Params), 2e-8, "κ=%g: %s", r.Kappa, r.Worst)
}

// TestBounceGradient: a ball that falls on the ground at the speed v leaves it at e v: the derivative of its speed by e
// is v, by v it is −e.
func TestBounceGradient(t *testing.T) {
	b := world("bounce", 0)
	l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
	b.AddFree("ball", l)
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Surface: contact.Surface{Restitution: 0.7}})
	b.AddGround()
	m := must(t, b)
	e, err := implicit.FindParam(m, "ball.restitution")
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	x.Q[2], x.V[2] = 0.2, -3
	cost := implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 {
		gx.V[2]++
		return x.V[2]
	}}
	g, err := implicit.New(m.NewStepper(sim.Options{Kappa: 1e-8}), implicit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Rollout(x, make([][]float64, 10), cost, implicit.RolloutOptions{Params: []implicit.Param{e}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{{"speed", r.Cost, 2.1}, {"by e", r.Params[0], 3}, {"by speed", r.Start.V[2], -0.7}} {
		tol.Within(t, max(c.got-c.want, c.want-c.got), 1e-5, "%s: %g, want %g", c.what, c.got, c.want)
	}
}

// TestBounceGradientOfPosition: where a ball is after a bounce follows from when it hits. The higher it starts, the
// lower it is then, by e: so says a step that is divided at the impact. An undivided one says that it is as much
// higher.
func TestBounceGradientOfPosition(t *testing.T) {
	const e = 0.7
	b := world("bounce", 0)
	l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
	b.AddFree("ball", l)
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Surface: contact.Surface{Restitution: e}})
	b.AddGround()
	m := must(t, b)
	x := m.NewState()
	x.Q[2], x.V[2] = 0.2134, -3
	cost := implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 {
		gx.Q[2]++
		return x.Q[2]
	}}
	for divided, want := range map[bool]float64{false: 1, true: -e} {
		g, err := implicit.New(m.NewStepper(sim.Options{Kappa: 1e-8, DivideImpacts: divided}), implicit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := g.Rollout(x, make([][]float64, 10), cost, implicit.RolloutOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("divided %t: ends at %g m, derivative %g", divided, r.Cost, r.Start.Q[2])
		tol.Within(t, max(r.Start.Q[2]-want, want-r.Start.Q[2]), 1e-4, "divided %t: %g", divided, r.Start.Q[2])
	}
}

// TestSoftStartIsATie: a soft contact with a damper that begins a step where it touches, as a ball does that is put
// down, has a derivative on each side: the check counts a tie. A hair off it has one derivative.
func TestSoftStartIsATie(t *testing.T) {
	b := world("ball", 9.81)
	b.AddGround()
	l := b.AddLink("ball", sim.SphereInertia(0.5, 0.1))
	b.AddFree("ball", l)
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Friction: 0.5, Surface: contact.Surface{Stiffness: 2000, Damping: 10}})
	m := must(t, b)
	for _, c := range []struct {
		gap  float64
		ties int
	}{{0, 1}, {1e-5, 0}, {-1e-5, 0}} {
		x := m.NewState()
		x.Q[2] = 0.1 + c.gap
		r, err := implicit.Check(m, implicit.CheckOptions{Start: x, Steps: 1, Every: 1, Params: 1})
		if err != nil {
			t.Fatal(err)
		}
		if r.Ties != c.ties || c.ties == 0 && !r.OK() || c.ties > 0 && r.OK() {
			t.Errorf("gap %g: %d ties, want %d; error %.1e", c.gap, r.Ties, c.ties, r.State)
		}
		t.Logf("gap %g: %d ties, error %.1e", c.gap, r.Ties, r.State)
	}
}
