package sim_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// balls returns a model of n free balls.
func balls(t testing.TB, n int, g r3.Vec, ground bool, mu float64) *sim.Model {
	b := sim.NewBuilder("balls")
	b.SetTimestep(0.01)
	b.SetGravity(g)
	if ground {
		b.AddGround()
	}
	for i := range n {
		m := 1 + 0.3*float64(i)
		j := 0.4 * m * 0.01
		name := fmt.Sprintf("ball%d", i)
		l := b.AddLink(name, sim.Inertia{Mass: m, Ixx: j, Iyy: j, Izz: j})
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1), Friction: mu})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestBallsCollide(t *testing.T) {
	m := balls(t, 3, r3.Vec{}, false, 0.5)
	s := m.NewStepper(sim.Options{})
	x := m.NewState()
	for i := range 3 {
		copy(x.Q[7*i:], []float64{0.3 * float64(i), 0.03 * float64(i*i), 0})
		copy(x.V[6*i:], []float64{1 - float64(i), 0, 0, 0, 0, float64(i)})
	}
	p0, l0, _ := s.Momentum(x)
	for k := range 100 {
		r, err := s.Step(&x, x, nil)
		if err != nil {
			t.Fatal(err)
		}
		p, l, _ := s.Momentum(x)
		e, _ := s.Energy(x)
		t.Log(k, r.Iterations, r3.Norm(r3.Sub(p, p0)), r3.Norm(r3.Sub(l, l0)), e.Kinetic)
		if d := r3.Norm(r3.Sub(p, p0)) + r3.Norm(r3.Sub(l, l0)); !(d < 1e-12) || math.IsNaN(d) {
			t.Errorf("step %d: momenta changed by %g", k, d)
		}
	}
}
