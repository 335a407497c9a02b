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

// TestPlaceLikeKeepsTheStack: a stack whose cubes are turned a little stays a stack. A seed of the command put every cube on the ground,
// one inside the other.
func TestPlaceLikeKeepsTheStack(t *testing.T) {
	m, start, err := models.Load("stack", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := append([]float64(nil), start.Q...)
	d := make([]float64, m.NV())
	for i := range d {
		if i%6 == 3 {
			d[i] = 0.05
		}
		if i%6 == 2 {
			d[i] = 0.3
		}
	}
	m.Displace(q, q, d)
	if !models.PlaceLike(m, q, start.Q) {
		t.Error("nothing was moved")
	}
	for i, j := range m.Joints() {
		if h := q[j.Q+2] - start.Q[j.Q+2]; h < 1e-4 || h > 0.01 {
			t.Errorf("cube %d is moved by %g m, want a little up, for it stands on an edge", i, h)
		}
	}
}
