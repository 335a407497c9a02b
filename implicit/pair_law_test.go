package implicit_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestPairLaw: a step has derivatives by the friction, torsion and rolling that two shapes, or a shape and a
// half-space, have for each other, under every law.
func TestPairLaw(t *testing.T) {
	for _, law := range []sim.FrictionLaw{sim.Cone, sim.Pyramid} {
		b := world("own law", 9.81)
		b.SetFrictionLaw(law)
		for i, name := range []string{"plate", "ball"} {
			l := b.AddLink(name, sim.SphereInertia(1+float64(i), 0.1))
			b.AddFree(name, l)
			b.AddCollider(sim.Collider{Name: name, Link: l, Shape: []contact.Shape{contact.Box(r3.Vec{X: 0.4, Y: 0.4, Z: 0.1}), contact.Sphere(0.1)}[i],
				Friction: 0.4, Surface: contact.Surface{Torsion: 0.01, Rolling: 0.02}})
		}
		b.AddGround()
		b.SetPairFriction("ball", "plate", 0.3)
		b.SetPairTurning("ball", "plate", 0.004, 0.003)
		b.SetPairFriction("plate", "ground", 0.35)
		b.SetPairTurning("plate", "ground", 0.005, 0.05)
		m := must(t, b)
		x := m.NewState()
		copy(x.Q, []float64{0, 0, 0.1005})
		copy(x.Q[7:], []float64{0.02, 0.01, 0.301})
		copy(x.V, []float64{-0.3, 0.2, 0, 0.5, 1, 3})
		copy(x.V[6:], []float64{0.3, 0.2, -0.2, 1, 4, 6})
		x.H = 0.01
		opt := sim.Options{Kappa: 1e-3, Tolerance: 1e-12, Centrality: 1e-10}
		g := gradient(t, m.NewStepper(opt), implicit.Options{})
		next := m.NewState()
		if _, err := g.Step(&next, x, nil); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"plate/ball.friction", "plate/ball.torsion", "plate/ball.rolling", "plate/ground.friction", "plate/ground.torsion", "plate/ground.rolling"} {
			p, err := implicit.FindParam(m, name)
			if err != nil {
				t.Fatal(err)
			}
			var j mat.Dense
			if err := g.ParamJacobian(&j, []implicit.Param{p}); err != nil {
				t.Fatal(err)
			}
			got := mat.Col(nil, 0, &j)
			v, err := implicit.Get(m, p)
			if err != nil {
				t.Fatal(err)
			}
			to := implicit.NewTangent(m)
			e := differ(got, 0, func(eps float64) []float64 {
				other, err := implicit.Set(m, []implicit.Param{p}, []float64{v + eps})
				if err != nil {
					t.Fatal(err)
				}
				y := other.NewState()
				if _, err := other.NewStepper(opt).Step(&y, x, nil); err != nil {
					t.Fatal(err)
				}
				implicit.Difference(m, to, y, next)
				return append([]float64{}, both(to)...)
			}, 1e-3*v, 1e-4*v)
			t.Logf("law %d, %s: largest %.2g, off by %.1e", law, name, largest(&j), e)
			if !(e < 1e-6) || largest(&j) < 1e-3 {
				t.Errorf("law %d, %s: derivative of size %g is off by %.1e", law, name, largest(&j), e)
			}
		}
	}
}
