package sim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// cam returns a slider along x, and one along z that follows it along a polynomial: a bead on the curve z = P(x).
func cam(t *testing.T, h float64, curve [3]float64) *sim.Model {
	t.Helper()
	b := newWorld("cam", h)
	for _, name := range []string{"x", "z"} {
		j := sim.Joint{Name: name, Type: sim.Prismatic(map[string]r3.Vec{"x": {X: 1}, "z": {Z: 1}}[name]), Parent: sim.World, Child: b.AddLink(name, sim.SphereInertia(1, 0.1))}
		if name == "z" {
			j.Mimic = &sim.Mimic{Joint: "x", Ratio: 0.1, Offset: 0.3, Curve: curve}
		}
		b.AddJoint(j)
	}
	return mustModel(t, b)
}

// TestMimicAlongACurve: two sliders of 1 kg, one of which follows the other along a polynomial, keep to it and keep
// their energy to second order in h.
func TestMimicAlongACurve(t *testing.T) {
	curve := [3]float64{0.5, -0.1, 0.2}
	p := func(x float64) float64 { return 0.3 + 0.1*x + 0.5*x*x - 0.1*x*x*x + 0.2*x*x*x*x }
	var hs, errs []float64
	for _, h := range []float64{0.01, 0.005, 0.0025} {
		m := cam(t, h, curve)
		s, x := m.NewStepper(sim.Options{}), m.NewState()
		if math.Abs(x.Q[1]-p(0)) > 1e-15 {
			t.Errorf("neutral configuration %v", x.Q)
		}
		x.Q[0] = 1
		if err := m.Assemble(&x); err != nil {
			t.Fatal(err)
		}
		x.Q[0], x.Q[1] = 1, p(1)
		e0, err := s.Energy(x)
		if err != nil {
			t.Fatal(err)
		}
		worst, off, swing := 0.0, 0.0, 0.0
		for range int(10 / h) {
			must(t, s, &x, nil)
			e, err := s.Energy(x)
			if err != nil {
				t.Fatal(err)
			}
			worst = max(worst, math.Abs(e.Kinetic+e.Gravity-e0.Kinetic-e0.Gravity))
			off = max(off, math.Abs(x.Q[1]-p(x.Q[0])))
			swing = min(swing, x.Q[0])
		}
		if off > 1e-9 || swing > -0.5 {
			t.Errorf("the follower is %.3g m off the curve, the leader swings to %.3g", off, swing)
		}
		hs, errs = append(hs, h), append(errs, worst)
	}
	if k := slope(hs, errs); k < 1.9 {
		t.Errorf("energy is off by %.3g, falls as h^%.2f, want h²", errs, k)
	}
	t.Logf("energy is off by %.2g J, falls as h^%.2f", errs, slope(hs, errs))
}

// TestCurvesInAChain: followers along curves do not follow each other.
func TestCurvesInAChain(t *testing.T) {
	b := newWorld("chain", 0.01)
	for i, name := range []string{"a", "b", "c"} {
		j := sim.Joint{Name: name, Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: sim.World, Child: b.AddLink(name, sim.SphereInertia(1, 0.1))}
		if i > 0 {
			j.Mimic = &sim.Mimic{Joint: []string{"", "a", "b"}[i], Ratio: 1}
			if i == 1 {
				j.Mimic.Curve[1] = 2
			}
		}
		b.AddJoint(j)
	}
	if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), `"c" follows "b" follows "a"`) {
		t.Errorf("error %v", err)
	}
}
