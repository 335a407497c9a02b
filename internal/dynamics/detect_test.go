package dynamics_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// pasts are lengths of the interval before a step of 0.01 s: an instant, one as long, and others.
var pasts = []float64{0, 0.01, 0.004, 0.03}

// ballOver returns a stepper of a ball of 0.1 m and 1 kg over the ground, on a slider that ends at 2 m, and the height of its
// lowest point as a state.
func ballOver(t *testing.T, gap, speed float64) (*dynamics.Stepper, []float64, []float64) {
	t.Helper()
	b := sim.NewBuilder("ball")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
	b.AddJoint(sim.Joint{Name: "up", Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{Limited: true, Lower: -5, Upper: 2}}})
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1)})
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return dynamics.NewStepper(m.Engine()), []float64{gap + 0.1}, []float64{speed}
}

// TestWhichContactsTakePart: those that the motion of the last interval could bring near, within a margin that follows κ or is
// given.
func TestWhichContactsTakePart(t *testing.T) {
	size := 0.1 * math.Sqrt(0.6) // radius of gyration of the ball: its length
	fall := 9.81 * 0.01 * 0.01
	for _, c := range []struct {
		name                      string
		gap, speed, kappa, margin float64
		want                      bool
	}{
		{"touching", 1e-6, 0, 1e-6, 0, true},
		{"within a tenth of its length", 0.09 * size, 0, 1e-6, 0, true},
		{"a length away", size, 0, 1e-6, 0, false},
		{"what gravity covers in a step beyond", 0.1*size + 0.9*fall, 0, 1e-6, 0, true},
		{"a little more", 0.1*size + 1.1*fall, 0, 1e-6, 0, false},
		{"a length away, but soft", size, 0, 1e-3, 0, true},
		{"a length away, with that margin", size, 0, 1e-6, 1.1 * size, true},
		{"near, with a small margin", 0.09 * size, 0, 1e-6, 1e-4, false},
		{"a length away, falling fast", size, -100 * size, 1e-6, 0, true},
		{"any distance", 1.5, 0, 1e-6, math.Inf(1), true},
		{"deep", -0.05, 0, 1e-6, 0, true},
	} {
		for _, past := range pasts {
			s, q, v := ballOver(t, c.gap, c.speed)
			if !s.Load(q, v, nil, 0.01, past) {
				t.Fatal("load")
			}
			s.NewProbeAt(0, c.kappa, c.margin)
			if got := s.TakesPart(0); got != c.want {
				t.Errorf("%s, %g s after an interval: takes part %v", c.name, past, got)
			}
		}
	}
}

// TestVerify: a contact and a limit that the motion of the past says nothing about, but that a force throws the ball through in one
// step, are found after the solve, and no step ends beyond them.
func TestVerify(t *testing.T) {
	for _, c := range []struct {
		name  string
		start float64 // gap
		force float64
	}{{"thrown at the ground", 0.5, -2e4}, {"thrown at the end of its slider", 1, 3e5}} {
		for _, past := range pasts {
			s, q, v := ballOver(t, c.start, 0)
			s.SetWrench(0, spatial.Wrench{Force: r3.Vec{Z: c.force}})
			if !s.Load(q, v, nil, 0.01, past) {
				t.Fatal("load")
			}
			before := len(s.NewProbe(0, 0).Blocks())
			if r := s.Solve(dynamics.NewOptions(1e-6, 0, 0, 0)); r.Status != ipm.Solved {
				t.Fatalf("%s: %+v", c.name, r)
			}
			after := len(s.FinalValues(0))
			s.Store(q, v)
			if before != 0 || after != 1 {
				t.Errorf("%s, %g s after an interval: %d rows before the step, %d at its end", c.name, past, before, after)
			}
			if q[0] < 0.1 || q[0] > 2 {
				t.Errorf("%s, %g s after an interval: ends at %g m", c.name, past, q[0])
			}
		}
	}
}

// TestEase: what starts a step in penetration, or beyond a limit, leaves at the natural speed of the mechanism, not at once: it moves
// by h √(gℓ) and the gap that the report shows is the true one.
func TestEase(t *testing.T) {
	reach := 0.01 * math.Sqrt(9.81*0.1*math.Sqrt(0.6))
	for _, c := range []struct {
		name      string
		gap, want float64 // gap at the end
	}{
		{"deep in the ground", -0.2, -0.2 + reach},
		{"hardly in the ground", -reach / 2, 0},
	} {
		for _, past := range pasts {
			s, q, v := ballOver(t, c.gap, 0)
			if !s.Load(q, v, nil, 0.01, past) {
				t.Fatal("load")
			}
			if r := s.Solve(dynamics.NewOptions(1e-10, 0, 0, 0)); r.Status != ipm.Solved {
				t.Fatalf("%s: %+v", c.name, r)
			}
			s.Store(q, v)
			report := make([]dynamics.ContactReport, 1)
			s.Contacts(report)
			tol.Within(t, math.Abs(q[0]-0.1-c.want), 1e-9, "%s, %g s after an interval: gap", c.name, past)
			tol.Within(t, math.Abs(q[0]-0.1-report[0].Gap), 1e-15, "%s, %g s after an interval: gap of the report", c.name, past)
		}
	}
	// beyond its limit by 0.3 m, pushed against it so that it rests there and does not fly
	for _, past := range pasts {
		s, q, v := ballOver(t, 2.2, 0)
		s.SetWrench(0, spatial.Wrench{Force: r3.Vec{Z: 9.81 + 1000}})
		if !s.Load(q, v, nil, 0.01, past) || s.Solve(dynamics.NewOptions(1e-10, 0, 0, 0)).Status != ipm.Solved {
			t.Fatal("no step")
		}
		s.Store(q, v)
		tol.Within(t, math.Abs(q[0]-(2.3-reach)), 1e-9, "beyond a limit, %g s after an interval", past)
	}
}
