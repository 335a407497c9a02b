package implicit_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
)

// TestCheckZoo runs the gradient check on every model of the zoo over the range of κ.
func TestCheckZoo(t *testing.T) {
	for _, e := range models.All() {
		for _, kappa := range []float64{1e-3, 1e-5, 1e-8} {
			m, err := e.Builder(models.Options{}).Build()
			if err != nil {
				t.Fatal(err)
			}
			r, err := implicit.Check(m, implicit.CheckOptions{Kappa: kappa, Steps: 40, Every: 13, Params: 1, Seed: 1, Start: e.Start(m)})
			if err != nil {
				t.Errorf("%s κ=%g: %v", e.Name, kappa, err)
				continue
			}
			t.Logf("%s κ=%g: state %.1e input %.1e parameters %.1e contacts %d, worst %s", e.Name, kappa, r.State, r.Input, r.Params, r.Contacts, r.Worst)
			if !(r.State < 1e-6 && r.Input < 1e-6 && r.Params < 1e-6) {
				t.Errorf("%s κ=%g: %+v", e.Name, kappa, r)
			}
		}
	}
}
