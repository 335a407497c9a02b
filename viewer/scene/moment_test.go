package scene_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// TestMomentOfAStep fills a moment as a run does and compares it with what the stepper says.
func TestMomentOfAStep(t *testing.T) {
	m, st := zoo(t, "quadruped4")
	step := m.NewStepper(sim.Options{Kappa: 1e-4})
	var now scene.Moment
	now.Set(0, st)
	if now.Knows(scene.KnownEnergy) || now.Knows(scene.KnownContacts) || now.Knows(scene.KnownResult) {
		t.Errorf("a state alone makes known %b", now.Known)
	}
	now.Report(step, sim.Result{})
	if !now.Knows(scene.KnownContacts) || now.Knows(scene.KnownResult) || len(now.Contacts) != 0 {
		t.Errorf("before the first step %b is known, %d contacts", now.Known, len(now.Contacts))
	}
	for range 20 {
		res, err := step.Step(&st, st, nil)
		if err != nil {
			t.Fatal(err)
		}
		now.Set(0.2, st)
		now.Report(step, res)
		if err := now.Weigh(step); err != nil || !now.Knows(scene.KnownEnergy|scene.KnownContacts|scene.KnownResult) {
			t.Fatalf("%b is known, %v", now.Known, err)
		}
		e, _ := step.Energy(st)
		if now.Energy != e || now.TotalEnergy() != e.Kinetic+e.Gravity+e.Spring || now.Result != res || now.Kappa != 1e-4 {
			t.Fatalf("%+v", now)
		}
		if len(now.Contacts) != 4 || !slices.Equal(now.Contacts, step.Contacts()) {
			t.Fatalf("contacts are %+v, want %+v", now.Contacts, step.Contacts())
		}
	}
	copied := now.Clone()
	st.Q[0] += 7
	if now.Set(1, st); now.Known != 0 || now.Kappa != 0 || len(now.Contacts) != 0 {
		t.Errorf("a new state leaves known %b, κ %g, %d contacts", now.Known, now.Kappa, len(now.Contacts))
	}
	now.Report(step, sim.Result{})
	now.Contacts[0].Gap = 99
	if copied.Time != 0.2 || copied.State.Q[0] == st.Q[0] || copied.Contacts[0].Gap == 99 || !copied.Knows(scene.KnownResult) {
		t.Errorf("a clone changed with its original: %+v", copied)
	}
}

// TestEnergyThatIsNot: a body that would turn by more than half a turn per step has no energy of the interval.
func TestEnergyThatIsNot(t *testing.T) {
	m, st := zoo(t, "quadruped4")
	st.V[7], st.V[8], st.H = 1e3, 1e3, m.Timestep() // rad/s of a thigh, and as much again of its calf
	var now scene.Moment
	now.Set(0, st)
	if err := now.Weigh(m.NewStepper(sim.Options{})); err == nil || now.Knows(scene.KnownEnergy) || !math.IsNaN(now.TotalEnergy()) {
		t.Errorf("%v, energy %v", err, now.Energy)
	}
}

// TestPanelLeavesOutWhatIsNotKnown: no line for a number that means nothing.
func TestPanelLeavesOutWhatIsNotKnown(t *testing.T) {
	var now scene.Moment
	lines := func(speed float64, touching int) string {
		p := now.Panel("ant", speed, touching)
		if p.Title != "ant" || p.Corner != scene.TopLeft {
			t.Errorf("%+v", p)
		}
		return strings.Join(p.Lines, "|")
	}
	now.Time = 1.5
	if got, want := lines(1, -1), "time       1.50 s"; got != want {
		t.Errorf("lines %q, want %q", got, want)
	}
	now.Kappa = 1e-6
	if got, want := lines(0.25, 2), "time       1.50 s|speed      0.25×|contacts   2|κ          1.0e-06"; got != want {
		t.Errorf("lines %q, want %q", got, want)
	}
	now.Energy, now.Result = sim.Energy{Kinetic: 3, Gravity: -1}, sim.Result{Iterations: 4, Residual: 2e-9}
	now.Known = scene.KnownEnergy | scene.KnownResult
	if got, want := lines(1, 0), "time       1.50 s|energy     2 J|contacts   0|iterations 4|κ          1.0e-06|residual   2.0e-09"; got != want {
		t.Errorf("lines %q, want %q", got, want)
	}
	now.Energy.Spring = math.NaN()
	if got := lines(1, 0); strings.Contains(got, "energy") {
		t.Errorf("an energy that is not a number is written: %q", got)
	}
}
