package models_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestRotorcraftHover: level, with a quarter of the weight at each rotor, both stay where they are; with more at two
// rotors that turn alike they climb straight and turn.
func TestRotorcraftHover(t *testing.T) {
	for name, yaw := range map[string][2]int{"quadrotor": {0, 2}, "x2": {1, 3}} { // rotors whose drag turns the body to the left
		m, s := build(t, name, models.Options{})
		copy(s.Q, []float64{0, 0, 1, 1, 0, 0, 0})
		st, u := m.NewStepper(sim.Options{}), make([]float64, 4)
		for i := range u {
			u[i] = m.TotalMass() * 9.81 / 4
		}
		for k := range 300 {
			if _, err := st.Step(&s, s, u); err != nil {
				t.Fatalf("%s, step %d: %v", name, k, err)
			}
		}
		for i, want := range []float64{0, 0, 1, 1, 0, 0, 0} {
			if math.Abs(s.Q[i]-want) > 1e-8 {
				t.Errorf("%s: coordinate %d is %g after 3 s, want %g", name, i, s.Q[i], want)
			}
		}
		u[yaw[0]] += 0.1
		u[yaw[1]] += 0.1
		for range 100 {
			if _, err := st.Step(&s, s, u); err != nil {
				t.Fatal(err)
			}
		}
		if climbs := 0.2 / m.TotalMass() / 2; math.Abs(s.Q[2]-1-climbs) > 0.01*climbs || s.V[5] < 0.01 || math.Abs(s.V[3])+math.Abs(s.V[4]) > 0.5 {
			t.Errorf("%s: after 1 s with 0.2 N more it is %g m higher, want %g, and turns at %v rad/s", name, s.Q[2]-1, climbs, s.V[3:])
		}
	}
}

// TestUUVTurnsOnTheSpot: opposite pushes of its four propellers in the plane turn it without moving it, and drag bounds the rate.
func TestUUVTurnsOnTheSpot(t *testing.T) {
	m, s := build(t, "uuv", models.Options{})
	s = m.NewState()
	s.Q[2] = 1
	st := m.NewStepper(sim.Options{})
	for range 1000 {
		if _, err := st.Step(&s, s, []float64{-5, 5, 5, -5, 0, 0}); err != nil {
			t.Fatal(err)
		}
	}
	lever := (0.14 + 0.09) / math.Sqrt2 // of each about z
	if rate := 4 * 5 * lever / 10; math.Abs(s.V[5]-rate) > 0.01*rate || math.Abs(s.V[0])+math.Abs(s.V[1]) > 0.02 {
		t.Errorf("it turns at %g rad/s, want %g, and moves at %v m/s", s.V[5], rate, s.V[:3])
	}
}
