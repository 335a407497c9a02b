package sim_test

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestWithoutContact: what rests on the ground and on each other falls freely, and the model itself stays as it was.
func TestWithoutContact(t *testing.T) {
	m, start, err := models.Load("stack", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	free := m.WithoutContact()
	if len(free.Pairs()) != 0 || free.MaxContacts() != 0 || len(m.Pairs()) == 0 || m.MaxContacts() == 0 {
		t.Fatalf("%d pairs without contact, %d with it", len(free.Pairs()), len(m.Pairs()))
	}
	if m.NewStepper(sim.Options{}).SetModel(free) == nil {
		t.Error("a stepper with contacts takes a model without")
	}
	fall := func(m *sim.Model) float64 {
		st, x := m.NewStepper(sim.Options{}), start.Clone()
		for range 50 {
			if _, err := st.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(st.Contacts()); (n == 0) != (m == free) {
			t.Errorf("%d contacts", n)
		}
		return start.Q[2] - x.Q[2]
	}
	h := 50 * m.Timestep()
	if got, want := fall(free), 9.81*h*h/2; got < 0.9*want || got > 1.1*want {
		t.Errorf("without contact the lowest box fell %g m, want %g", got, want)
	}
	if got := fall(m); got > 0.02 {
		t.Errorf("with contact the lowest box fell %g m", got)
	}
}

// TestEnergyBeyondNumbers: a height whose energy no number can hold is an error, no infinity.
func TestEnergyBeyondNumbers(t *testing.T) {
	m, x, err := models.Load("block", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	x.Q[2] = 1e308
	if e, err := m.NewStepper(sim.Options{}).Energy(x); err == nil || !strings.Contains(err.Error(), "too far away") {
		t.Errorf("at 1e308 m the energy is %+v, %v", e, err)
	}
}
