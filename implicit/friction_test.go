package implicit_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestFrictionNearZero compares the derivative by a friction coefficient with the closed form of the relaxed cone. With
// a = μγ|u|/(κκ_t) its force is μγ y, y/(1 − y²) = a, and
//
//	∂(μγy)/∂μ = γ · 2a/√(1 + 4a²)
//
// which is that of hard contact, γ, from a = 1 on and vanishes in proportion to μ below: at μ = 0 it is zero.
func TestFrictionNearZero(t *testing.T) {
	worst := 0.0
	for _, kappa := range []float64{1e-3, 1e-4, 1e-6, 1e-8} {
		for _, mu := range []float64{1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8} {
			b := world("box", 9.81)
			addBox(b, "box", 1, cube, mu)
			b.AddGround()
			m := must(t, b)
			s, x := m.NewStepper(tightly(kappa)), m.NewState()
			x.Q[2] = cube.Z
			for range 40 { // to rest on four corners
				x = step(t, s, x, nil)
			}
			x.V[0] = 1
			g, y, d := gradient(t, s, implicit.Options{}), m.NewState(), implicit.NewTangent(m)
			if _, err := g.Step(&y, x, nil); err != nil {
				t.Fatal(err)
			}
			if err := g.ParamJVP(d, find(t, m, []string{"box.friction"})[0]); err != nil {
				t.Fatal(err)
			}
			// κκ_t of this tree is κ M g h √(gℓ), one of the corners carries some γ, all of them M g h
			sum := 0.0
			speed := math.Sqrt(m.KappaUnit(0) / m.Timestep()) // √(Mgℓ) with a mass of 1 kg
			for _, c := range s.Contacts() {
				gamma := c.Force.Z * m.Timestep()
				a := mu * gamma * c.Slide / (kappa * 9.81 * m.Timestep() * speed)
				sum += gamma * 2 * a / math.Sqrt(1+4*a*a)
			}
			e := math.Abs(-d.V[0]-sum) / sum
			worst = math.Max(worst, e)
			if !(e < 1e-3) { // a box that brakes tilts a little, and the closed form does not
				t.Errorf("κ = %g, μ = %g: derivative %.4g, closed form %.4g", kappa, mu, -d.V[0], sum)
			}
		}
	}
	t.Logf("largest difference %.1e", worst)
}

// TestNoFriction: a coefficient of zero has no parameter, and the error says why and what to do.
func TestNoFriction(t *testing.T) {
	b := world("box", 9.81)
	addBox(b, "box", 1, cube, 0)
	b.AddGround()
	m := must(t, b)
	for _, name := range []string{"box.friction", "collider:box.friction"} {
		if _, err := implicit.FindParam(m, name); err == nil || !strings.Contains(err.Error(), `friction coefficient of collider "box" of model "box" is 0`) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b = world("smooth", 9.81)
	b.SetFrictionLaw(sim.Frictionless)
	addBox(b, "box", 1, cube, 0.5)
	if _, err := implicit.FindParam(must(t, b), "box.friction"); err == nil || !strings.Contains(err.Error(), "is frictionless") {
		t.Errorf("without friction: %v", err)
	}
	s, _ := zoo(t, "cartpole", sim.Options{})
	joint := s.Model().Joints()[0].Name
	if _, err := implicit.FindParam(s.Model(), joint+".dry_friction"); err == nil || !strings.Contains(err.Error(), "dry friction of joint") {
		t.Errorf("a joint without dry friction: %v", err)
	}
}
