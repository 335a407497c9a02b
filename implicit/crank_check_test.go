package implicit_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// deadCenter is a slider that hangs on a crank at its dead center, where its stop stands too.
func deadCenter(t testing.TB, h float64) *sim.Model {
	t.Helper()
	b := world("crank", 9.81)
	b.SetTimestep(h)
	frame := sim.Pose{Rot: sim.RPY(0, math.Pi/2, 0)}
	bar := func(name string, length float64, parent sim.Link, at sim.Pose) sim.Link {
		l := b.AddLink(name, sim.BoxInertia(0.5, r3.Vec{X: length / 2, Y: 0.02, Z: 0.02}).Placed(sim.At(length/2, 0, 0)))
		b.AddJoint(sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Y: 1}), Parent: parent, Child: l, Origin: at})
		return l
	}
	crank := bar("crank", 0.1, sim.World, frame)
	rod := bar("rod", 0.3, crank, sim.At(0.1, 0, 0))
	slider := b.AddLink("slider", sim.BoxInertia(1, r3.Vec{X: 0.05, Y: 0.05, Z: 0.05}))
	b.AddJoint(sim.Joint{Name: "slide", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: slider, Origin: frame, Axes: []sim.Axis{{Limited: true, Upper: 0.4}}})
	b.AddLoop(sim.Loop{Name: "pin", LinkA: rod, PoseA: sim.At(0.3, 0, 0), LinkB: slider})
	return must(t, b)
}

// TestCheckADeadCenter: what three steps leave of a crank's angle is 6e-4 to 1e-6 rad for these κ, and it answers to
// the slider with one over that. Derivatives are right there; differences are off by rounding, by that much more. At
// the last κ the loop yields: its spring is stated in natural sizes, which the timestep is one of, and that was left
// out of the derivative by the timestep (−1.66e-3 instead of 4.40e-3), and columns of parameters that open such a loop
// were left out of the check (17 of them, the timestep's too).
func TestCheckADeadCenter(t *testing.T) {
	for _, c := range []struct {
		kappa, most float64
		opening     int
	}{{1e-3, 2e-5, 11}, {1e-4, 2e-5, 11}, {1e-5, 1e-6, 0}} {
		m := deadCenter(t, 0.01)
		s, x := m.NewStepper(sim.Options{Kappa: c.kappa}), m.NewState()
		x.Q[2] = 0.4
		for range 3 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		r, err := implicit.Check(m, implicit.CheckOptions{Kappa: c.kappa, Start: x, Steps: 1, Every: 1, Params: 1})
		if err != nil {
			t.Fatal(err)
		}
		if !(max(r.State, r.Params) < c.most) || r.Opening != c.opening {
			t.Errorf("κ = %g: state %.1e, parameters %.1e (%s), %d left out", c.kappa, r.State, r.Params, r.Worst, r.Opening)
		}
	}
}
