package dynamics_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestDerivativesOfBounces: all derivatives of steps in which contacts bounce, with half-spaces, of rims too and between bodies:
// by state, input and all parameters, forward and backward, of states and impulses, from an instant and after intervals.
func TestDerivativesOfBounces(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 8))
	worst := map[dynamics.ParamKind]float64{}
	touches, meets := 0, 0
	for i := range 6 {
		var m *dynamics.Model
		if i%2 == 0 {
			m = meeting(t, rng, sim.FrictionLaw(i/2%3), false)
		} else {
			joints := []sim.JointType{sim.Revolute(r3.Vec{Y: 1}), sim.Spherical()}
			m = mechanism(t, rng, joints, func(int, *sim.Axis) {}, []contact.Shape{contact.Cylinder(0.1, 0.15), contact.Sphere(0.1)}[i/2%2], 0.5, true, sim.FrictionLaw(i/2%3), -0.2).Engine()
		}
		surfaced(m).Timestep = 0.04 // in which more bounces
		x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU), h: m.Timestep, past: []float64{1, 0, 0.4}[i%3] * m.Timestep}
		s := dynamics.NewStepper(m)
		for tries := 0; ; tries++ {
			if tries == 500 {
				t.Fatal("nothing bounces")
			}
			if !solvedAt(s, rng, &x, 0.1, 1e-2) {
				continue
			}
			if a, b := s.Bounces(); i%2 == 0 && b > 0 || i%2 == 1 && a > 0 {
				touches, meets = touches+a, meets+b
				break
			}
		}
		st := sim.State{Q: x.q2, V: x.v, H: x.past}
		checkStep(t, "bounce", m, st, x.u, 1e-2)
		checkCotangents(t, "bounce", m, st, x.u, 1e-2, rng)
		if i < 4 {
			checkParams(t, "bounce", m, st, x.u, 1e-2, worst)
		}
	}
	if touches == 0 || meets == 0 {
		t.Error("not all kinds bounce")
	}
	t.Logf("%d contacts with half-spaces bounce, %d between bodies", touches, meets)
}
