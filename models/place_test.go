package models_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestLiftTo: what is below the height goes up to it, what is above stays.
func TestLiftTo(t *testing.T) {
	b := sim.NewBuilder("balls")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	for _, name := range []string{"low", "high"} {
		l := b.AddLink(name, sim.SphereInertia(1, 0.1))
		b.AddFree(name+"_free", l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1)})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	x.Q[2], x.Q[9] = -1, 2
	if !models.LiftTo(m, x.Q, 0.5) || math.Abs(x.Q[2]-0.6) > 1e-12 || x.Q[9] != 2 {
		t.Errorf("low at %g, high at %g", x.Q[2], x.Q[9])
	}
	if models.LiftTo(m, x.Q, 0.5-1e-9) {
		t.Error("moved again")
	}
}
