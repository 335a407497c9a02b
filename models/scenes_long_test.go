package models_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// run steps a scene for so many seconds at a timestep and calls each after every step.
func run(t *testing.T, name string, h, seconds float64, opt sim.Options, each func(s *sim.Stepper, x sim.State)) (m *sim.Model, x sim.State) {
	t.Helper()
	m, x = build(t, name, models.Options{Timestep: h})
	s := m.NewStepper(opt)
	u := make([]float64, m.NU())
	for k := range int(math.Round(seconds / h)) {
		if _, err := s.Step(&x, x, u); err != nil {
			t.Fatalf("%s, h = %g: step %d: %v", name, h, k, err)
		}
		if each != nil {
			each(s, x)
		}
	}
	return m, x
}

// TestScenesRunFiveSeconds: at 1, 10 and 20 ms, without a failed step and nothing in anything else.
func TestScenesRunFiveSeconds(t *testing.T) {
	for _, name := range []string{"cardtower", "eggs12", "tippetop", "rolling", "pusher", "necklace"} {
		for _, h := range []float64{0.001, 0.01, 0.02} {
			t.Run(fmt.Sprint(name, " ", h), func(t *testing.T) {
				deepest := 0.0
				run(t, name, h, 5, sim.Options{}, func(s *sim.Stepper, x sim.State) { deepest = math.Max(deepest, s.Penetration()) })
				if deepest > 1e-9 {
					t.Errorf("deepest penetration is %g m", deepest)
				}
			})
		}
	}
}

// TestCardTowerStands: its cards fall by the tenth of a millimeter that the start leaves them, and go no further.
func TestCardTowerStands(t *testing.T) {
	for _, h := range []float64{0.001, 0.01, 0.02} {
		_, start := build(t, "cardtower4", models.Options{})
		_, x := run(t, "cardtower4", h, 5, sim.Options{}, nil)
		worst := 0.0
		for i := range x.Q {
			worst = math.Max(worst, math.Abs(x.Q[i]-start.Q[i]))
		}
		t.Logf("h = %g: moved by %.1e", h, worst)
		if worst > 5e-3 {
			t.Errorf("h = %g: moved by %g", h, worst)
		}
	}
}

// TestCardTowerSettlesAtSmallKappa: its first steps, with 186 contacts, nearly all of them more than hold the cards. The central path winds
// between 4 and 0.1·10⁻⁶ and back, and all runs towards a target jammed there, in halves of the step too.
func TestCardTowerSettlesAtSmallKappa(t *testing.T) {
	m, x := build(t, "cardtower4", models.Options{})
	s := m.NewStepper(sim.Options{Kappa: 1e-7})
	for k := range 3 {
		res, err := s.Step(&x, x, nil)
		if err != nil {
			t.Fatalf("step %d: %v", k, err)
		}
		t.Logf("step %d: %d iterations, %d halvings", k, res.Iterations, res.Halvings)
	}
}

// TestTippeTopTurnsOver: its axis, which begins 0.2 rad from upright, comes to within half a radian of upside down.
func TestTippeTopTurnsOver(t *testing.T) {
	for _, h := range []float64{0.001, 0.01, 0.02} {
		least := 1.0
		run(t, "tippetop", h, 5, sim.Options{}, func(s *sim.Stepper, x sim.State) {
			if up := 1 - 2*(x.Q[4]*x.Q[4]+x.Q[5]*x.Q[5]); up < least {
				least = up
			}
		})
		t.Logf("h = %g: axis down to %.3f", h, least)
		if least > -math.Cos(0.5) {
			t.Errorf("h = %g: the axis comes to a cosine of %g", h, least)
		}
	}
}

// TestRolling: the ball that rolls keeps its speed and the one that slides ends at 5/7 of it, in proportion to κ: mean
// squared errors of the velocities of centers and at the foot, m²/s².
func TestRolling(t *testing.T) {
	for _, kappa := range []float64{1e-6, 1e-8} {
		sum, n, time := 0.0, 0.0, 0.0
		run(t, "rolling", 0.01, 5, sim.Options{Kappa: kappa}, func(s *sim.Stepper, x sim.State) {
			time += 0.01
			add := func(e float64) { sum, n = sum+e*e, n+1 }
			add(x.V[0] - 1)
			add(x.V[0] - 0.1*x.V[4])
			if time > 0.5 { // it slides for 2/7 of v/μg
				add(x.V[6] - 5.0/7)
				add(x.V[6] - 0.1*x.V[10])
			}
		})
		t.Logf("κ = %g: %.1e m²/s²", kappa, sum/n)
		if limit := 1e-13 * (kappa / 1e-8) * (kappa / 1e-8); !(sum/n < limit) {
			t.Errorf("κ = %g: mean squared error %g, want at most %g", kappa, sum/n, limit)
		}
	}
}

// TestFingersPush: fingers that are sent 20 cm ahead take the box along, and it stays ahead of them.
func TestFingersPush(t *testing.T) {
	m, x := build(t, "pusher", models.Options{})
	s := m.NewStepper(sim.Options{})
	u := make([]float64, m.NU())
	for k := range 300 {
		for i := range u {
			u[i] = 0.2 * math.Min(1, float64(k)/200)
		}
		if _, err := s.Step(&x, x, u); err != nil {
			t.Fatal(err)
		}
	}
	box := x.Q[2:]
	if ahead := box[0] - (x.Q[0] - 0.08); box[0] < 0.15 || ahead < 0.07 || ahead > 0.08 || math.Abs(box[1]) > 1e-3 || math.Abs(x.Q[0]-0.2) > 0.02 {
		t.Errorf("fingers at %g and %g, box at %g, %g", x.Q[0], x.Q[1], box[0], box[1])
	}
}

// TestNecklaceHangs on its peg: the topmost link on it, the lowest well below, nothing moves sideways out of its plane,
// and its clasp holds.
func TestNecklaceHangs(t *testing.T) {
	m, x := run(t, "necklace", 0.01, 5, sim.Options{}, nil)
	poses := make([]sim.Pose, len(m.Bodies()))
	m.Poses(poses, x.Q)
	top, low := math.Inf(-1), math.Inf(1)
	for _, p := range poses {
		top, low = math.Max(top, p.Pos.Z), math.Min(low, p.Pos.Z)
		if math.Abs(p.Pos.Y) > 1e-6 || p.Pos.Z < 0.02 {
			t.Errorf("a link is at %v", p.Pos)
		}
	}
	if gap, _ := m.LoopGap(0, x.Q); gap > 1e-9 {
		t.Errorf("the clasp is open by %g m", gap)
	}
	if peg := 0.1 + 12*0.08/2; top < peg+0.05 || top > peg+0.1 || low > peg-0.25 {
		t.Errorf("links from %g to %g m, the peg at %g", low, top, peg)
	}
}
