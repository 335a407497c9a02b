package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// wound is a cube of 1 kg on a hinge with an undamped spring, wound by 0.5 rad. Its center is off the axle by a distance.
func wound(t *testing.T, hw, off float64) (*sim.Model, sim.State) {
	const stiffness, half = 100.0, 0.1
	b := newWorld("spring", hw/math.Sqrt(stiffness/(2./3*half*half+off*off)))
	l := b.AddLink("cube", sim.BoxInertia(1, r3.Vec{X: half, Y: half, Z: half}).Placed(sim.At(off, 0, 0)))
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{Stiffness: stiffness}}})
	m := mustModel(t, b)
	x := m.NewState()
	x.Q[0] = 0.5
	return m, x
}

// swing takes 10⁴ steps from x and returns how far the energy falls and rises (J) from e0 in the first tenth of them and in
// all, and how many steps are divided.
func swing(t *testing.T, s *sim.Stepper, x sim.State) (e0 float64, first, all [2]float64, divided int) {
	t.Helper()
	const steps = 10_000
	x = x.Clone()
	e0 = totalEnergy(t, s, x)
	for k := range steps {
		divided += min(1, must(t, s, &x, nil).Halvings)
		e := totalEnergy(t, s, x) - e0
		all = [2]float64{min(all[0], e), max(all[1], e)}
		if k < steps/10 {
			first = all
		}
	}
	return e0, first, all, divided
}

// TestSpringKeepsItsEnergy: a spring may be as stiff as it likes. A rule that divided steps in which a joint changes its
// rate much took the energy from 12.5 J to 4e5 J in 200 steps.
func TestSpringKeepsItsEnergy(t *testing.T) {
	for _, hw := range []float64{0.1, 0.2, 0.5, 1, 1.22, 2, 5, 10, 20} {
		m, x := wound(t, hw, 0)
		e0, first, all, divided := swing(t, m.NewStepper(sim.Options{}), x)
		t.Logf("hω = %g: energy changes by %.1e J in the first 1000 steps, %.1e J in 10⁴, of %.3g J; %d divided", hw, first, all, e0, divided)
		// what a rational g leaves (2e-5 at a radian per step)
		if rounding := 1e-5; all[0] < first[0]-rounding || all[1] > first[1]+rounding || all[1]-all[0] > 1e-4 {
			t.Errorf("hω = %g: energy changes by %.1e J in the first 1000 steps, %.1e J in 10⁴", hw, first, all)
		}
	}
}

// TestSpringOfALopsidedLink: with its center off the axle the link swings under gravity, and its energy oscillates by what
// a step of that length leaves. Whether steps are divided or not, it stays in that range. (Where the link turned back the
// spring did work on almost no kinetic energy, a fraction of a percent of which was taken for energy from nowhere; dividing there
// pumped as a child does on a swing: 12 J became 890 J in 10⁴ steps of hω = 1.)
func TestSpringOfALopsidedLink(t *testing.T) {
	for _, c := range []struct{ hw, rise float64 }{ // in units of the energy at the start
		{0.1, 1e-5}, {0.5, 1e-5}, {1, 1e-3}, {1.22, 5e-3}, {2, 1e-3}, {5, 2e-2}, {20, 1e-2},
	} {
		m, x := wound(t, c.hw, 0.1)
		e0, first, all, _ := swing(t, m.NewStepper(sim.Options{WholeSteps: true}), x)
		if margin := 1e-3 * e0; all[0] < first[0]-margin || all[1] > first[1]+margin {
			t.Errorf("hω = %g, whole steps: energy changes by %.3g J in the first 1000 steps, %.3g J in 10⁴", c.hw, first, all)
		}
		_, _, parts, divided := swing(t, m.NewStepper(sim.Options{}), x)
		t.Logf("hω = %g: energy changes by %.2g J in whole steps, by %.2g J where %d of 10⁴ are divided, of %.3g J", c.hw, all, parts, divided, e0)
		if parts[1] > c.rise*e0 {
			t.Errorf("hω = %g: energy rises by %g times itself", c.hw, parts[1]/e0)
		}
	}
}
