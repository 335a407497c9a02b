package implicit_test

import (
	"fmt"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCheckOfWhatRests: columns by the timestep of bars that a loop locks and of a stack that came to rest, in steps of 0.1 to 10 ms.
// They are nothing but rounding, and the check took up to 1.4e-5 of it for an error of the derivative.
func TestCheckOfWhatRests(t *testing.T) {
	compare := func(m *sim.Model, opt implicit.CheckOptions) {
		t.Helper()
		opt.Params = 1
		r, err := implicit.Check(m, opt)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s, h = %g, κ = %g: %.1e", m.Name(), m.Timestep(), opt.Kappa, r.Kinds["timestep"])
		if e := r.Kinds["timestep"]; !(e < 1e-9) || !r.OK() {
			t.Errorf("%s, h = %g, κ = %g: by the timestep %.1e: %+v", m.Name(), m.Timestep(), opt.Kappa, e, r)
		}
	}
	for _, h := range []float64{1e-2, 1e-3, 1e-4} {
		m, x := lockedBars(t, h)
		compare(m, implicit.CheckOptions{Steps: 4, Every: 3, Start: x})
	}
	e, err := models.Find("stack")
	if err != nil {
		t.Fatal(err)
	}
	m := must(t, e.Builder(models.Options{Timestep: 1e-3}))
	for _, kappa := range []float64{1e-4, 1e-6} {
		compare(m, implicit.CheckOptions{Kappa: kappa, Steps: 801, Every: 800, Start: untied(t, m, e.Start(m))})
	}
}

// lockedBars are two whose ends are pinned to the world.
func lockedBars(t *testing.T, h float64) (*sim.Model, sim.State) {
	b := world("locked bars", 9.81)
	b.SetTimestep(h)
	parent, origin := sim.World, sim.At(0, 0, 0)
	for i, l := range []float64{0.3, 0.4} {
		bar := b.AddLink(fmt.Sprint("bar", i), sim.BoxInertia(1, r3.Vec{X: l / 2, Y: 0.02, Z: 0.02}).Placed(sim.At(l/2, 0, 0)))
		b.AddJoint(sim.Joint{Name: fmt.Sprint("hinge", i), Type: sim.Revolute(r3.Vec{Y: 1}), Parent: parent, Child: bar, Origin: origin})
		parent, origin = bar, sim.At(l, 0, 0)
	}
	b.AddLoop(sim.Loop{Name: "pin", LinkA: parent, PoseA: origin, LinkB: sim.World, PoseB: sim.At(0.5, 0, 0)})
	m := must(t, b)
	x := m.NewState()
	copy(x.Q, []float64{-0.9, 1.6})
	if err := m.Assemble(&x); err != nil {
		t.Fatal(err)
	}
	return m, x
}
