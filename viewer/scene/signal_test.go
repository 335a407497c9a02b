package scene_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// TestSignals: names, units, groups and values belong together, known or not, of every model.
func TestSignals(t *testing.T) {
	for _, e := range models.All() {
		m, x := zoo(t, e.Name)
		names, units, n := scene.SignalNames(m), scene.SignalUnits(m), 1
		for _, g := range scene.SignalGroups(m) {
			if g.First != n {
				t.Errorf("%s: %s begins at %d, want %d", e.Name, g.Name, g.First, n)
			}
			n += g.N
			for i := g.First; i < g.First+g.N; i++ {
				if wrench := strings.HasPrefix(names[i], "wrench."); wrench != (g.Name == "joint wrenches") {
					t.Errorf("%s: %s is one of the %s", e.Name, names[i], g.Name)
				}
			}
		}
		if n != len(names) || n != len(units) {
			t.Fatalf("%s: %d names, %d units, %d in groups", e.Name, len(names), len(units), n)
		}
		var now scene.Moment
		st := m.NewStepper(sim.Options{})
		compare := func() {
			t.Helper()
			for i, want := range scene.AppendSignals(nil, m, &now) {
				if got := scene.SignalAt(m, &now, i); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
					t.Errorf("%s: %s is %g, want %g", e.Name, names[i], got, want)
				}
			}
		}
		now.Set(0, x)
		compare()
		if v := scene.SignalAt(m, &now, len(names)-1); m.NB() > 0 && !math.IsNaN(v) {
			t.Errorf("%s: a wrench is %g before there was a step", e.Name, v)
		}
		u := make([]float64, m.NU())
		for i := range u {
			u[i] = 0.1 * float64(i+1)
		}
		r, err := st.Step(&x, x, u)
		if err != nil {
			t.Fatal(err)
		}
		now.Set(m.Timestep(), x)
		now.Report(st, r)
		now.Feed(u)
		_ = now.Weigh(st)
		compare()
	}
}
