package models_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestIterationsUnderTorques: robots that are thrown about by random torques, new ones every 20 ms, change the branches
// of a dozen laws in a step. Neither robots nor torques are those that the solver's constants were chosen on, but
// for the first.
func TestIterationsUnderTorques(t *testing.T) {
	mu := 0.8
	scenes := map[string]func(h float64) (*sim.Model, sim.State){
		"quadruped12": func(h float64) (*sim.Model, sim.State) {
			return build(t, "quadruped12", models.Options{Timestep: h, Friction: &mu})
		},
		"ant": func(h float64) (*sim.Model, sim.State) {
			return build(t, "ant", models.Options{Timestep: h, Friction: &mu})
		},
	}
	for _, name := range []string{"hyq", "anymal_b", "anymal_c", "go1", "talos_reduced", "dojo_humanoid", "simple_humanoid", "icub"} {
		file := fixture.DataFile(t, "urdf/"+name+".urdf")
		if file == "" {
			continue
		}
		scenes[name] = func(h float64) (*sim.Model, sim.State) {
			r, err := urdf.Load(file, urdf.Options{Base: urdf.FloatingBase, Timestep: h, Ground: true, Friction: mu, Repair: true})
			if err != nil {
				t.Fatal(err)
			}
			m, err := r.Builder.Build()
			if err != nil {
				t.Fatal(err)
			}
			x := m.NewState()
			models.PlaceAbove(m, x.Q, 0.02)
			return m, x
		}
	}
	for name, scene := range scenes {
		sum, steps, most := 0, 0, 0
		for _, h := range []float64{0.01, 0.002} {
			m, start := scene(h)
			s := m.NewStepper(sim.Options{})
			size, u := torques(m), make([]float64, m.NU())
			for seed := range uint64(3) {
				rng, x := rand.New(rand.NewPCG(41, seed)), start.Clone()
				for k := range int(1.5 / h) {
					if k%int(0.02/h+0.5) == 0 {
						for i := range u {
							u[i] = size[i] * (2*rng.Float64() - 1)
						}
					}
					r, err := s.Step(&x, x, u)
					if err != nil {
						t.Fatalf("%s, h = %g, seed %d, step %d: %v", name, h, seed, k, err)
					}
					if float64(k)*h >= 0.5 { // on the ground
						sum, steps, most = sum+r.Iterations, steps+1, max(most, r.Iterations)
					}
				}
			}
		}
		mean := float64(sum) / float64(steps)
		t.Logf("%s: %.2f iterations per step, at most %d", name, mean, most)
		if mean > 6.2 { // talos_reduced: 5.6 to 6.0 over slightly different κ, for its cylinders; all others stay below 5.2
			t.Errorf("%s: %.2f iterations per step, want ≤ 6.2", name, mean)
		}
	}
}

// torques returns the size of a torque that throws about what hangs on each joint: 0.3 √(mass beyond it × whole mass).
func torques(m *sim.Model) (size []float64) {
	joints := m.Joints()
	beyond, total := make([]float64, len(joints)), 0.0
	for i := len(joints) - 1; i >= 0; i-- {
		mass := m.BodyInertia(i).Mass
		beyond[i] += mass
		total += mass
		if p := joints[i].Parent; p >= 0 {
			beyond[p] += beyond[i]
		}
	}
	for i, j := range joints {
		for _, a := range j.Axes {
			if a.Drive != sim.Passive {
				size = append(size, 0.3*math.Sqrt(beyond[i]*total))
			}
		}
	}
	return size
}

// TestFullTorques throws the A1 with 12 contacts about by torques up to the effort limit of its drives, held for a
// time. Few steps are divided; when every step was in which a joint turned far, 65 % were, at 30 iterations per step;
// before paths that wander were given up it took 8.45 and 8.16, before ways that take long were left to steps that come
// near 8.21 and 7.61, before late contacts went on from the solution without them 7.83 and 6.81. The goal is 3 % at 7.5
// iterations: both are met by torques that are held for long. The bounds are what was measured and some.
func TestFullTorques(t *testing.T) {
	for _, c := range []struct {
		held       int // steps
		part, mean float64
	}{{2, 0.03, 7.75}, {10, 0.045, 6.9}} {
		m, start := build(t, "quadruped:12", models.Options{Timestep: 0.01})
		s, u := m.NewStepper(sim.Options{}), make([]float64, m.NU())
		steps, divided, iterations, whole, most := 0, 0, 0, 0, 0
		for seed := range uint64(10) {
			rng, x := rand.New(rand.NewPCG(12, seed)), start.Clone()
			for k := range 300 {
				if k%c.held == 0 {
					for i := range u {
						u[i] = 33.5 * (2*rng.Float64() - 1)
					}
				}
				r, err := s.Step(&x, x, u)
				if err != nil {
					t.Fatalf("seed %d, step %d: %v", seed, k, err)
				}
				steps, iterations, most = steps+1, iterations+r.Iterations, max(most, r.Iterations)
				if r.Halvings > 0 {
					divided++
				} else {
					whole += r.Iterations
				}
			}
		}
		part, mean := float64(divided)/float64(steps), float64(iterations)/float64(steps)
		t.Logf("torques held for %d ms: %.1f %% of %d steps divided, %.2f iterations per step, at most %d; %.2f per whole step", 10*c.held, 100*part, steps, mean, most, float64(whole)/float64(steps-divided))
		if part > c.part || mean > c.mean {
			t.Errorf("torques held for %d ms: %.1f %% of steps are divided, %.2f iterations per step, want ≤ %g %% and ≤ %g", 10*c.held, 100*part, mean, 100*c.part, c.mean)
		}
	}
}

// TestRobotThatTouchesItself: an anymal, whose joints are not limited, is thrown about and touches itself. Where no
// quick run solved a step, slides that lean were tried before halves as if it were loose bodies, and paths on which
// friction thaws wherever the quick runs had ended: 24.8 iterations per step, at most 1053. One step takes 600 or 810
// as its last digits are, so several starts that differ by no more count.
func TestRobotThatTouchesItself(t *testing.T) {
	file := fixture.DataFile(t, "urdf/anymal_c.urdf")
	if file == "" {
		return
	}
	r, err := urdf.Load(file, urdf.Options{Base: urdf.FloatingBase, Timestep: 0.01, Ground: true, Friction: 0.8, Repair: true})
	if err != nil {
		t.Fatal(err)
	}
	r.Builder.SetSelfContact(true)
	m, err := r.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	start := m.NewState()
	models.PlaceAbove(m, start.Q, 0.02)
	s, size, u := m.NewStepper(sim.Options{}), torques(m), make([]float64, m.NU())
	sum, steps, most := 0, 0, 0
	for run := range uint64(8) {
		rng, x := rand.New(rand.NewPCG(41, run%2)), start.Clone()
		x.Q[7] += 1e-13 * float64(run/2)
		for k := range 100 {
			for i := 0; k%2 == 0 && i < len(u); i++ {
				u[i] = size[i] * (2*rng.Float64() - 1)
			}
			res, err := s.Step(&x, x, u)
			if err != nil {
				t.Fatalf("run %d, step %d: %v", run, k, err)
			}
			sum, steps, most = sum+res.Iterations, steps+1, max(most, res.Iterations)
		}
	}
	mean := float64(sum) / float64(steps)
	t.Logf("%.1f iterations per step, at most %d", mean, most)
	if mean > 14 || most > 1000 {
		t.Errorf("%.1f iterations per step, at most %d; want ≤ 14 and ≤ 1000", mean, most)
	}
}

// TestStandingGap: the A1 stands on its four feet, held by proportional and derivative control of its torques, so close to the
// ground that nobody sees the gap at the default κ.
func TestStandingGap(t *testing.T) {
	m, x := build(t, "quadruped4", models.Options{Timestep: 0.002})
	s, u, target := m.NewStepper(sim.Options{}), make([]float64, m.NU()), x.Clone()
	for range 2000 {
		for i := range u {
			u[i] = 80*(target.Q[7+i]-x.Q[7+i]) - 2*x.V[6+i]
		}
		if _, err := s.Step(&x, x, u); err != nil {
			t.Fatal(err)
		}
	}
	widest, weight, speed := 0.0, 0.0, 0.0
	for _, c := range s.Contacts() {
		widest, weight = max(widest, c.Gap), weight+c.Force.Z
	}
	for _, v := range x.V {
		speed = max(speed, math.Abs(v))
	}
	t.Logf("four feet carry %.3f N %.2g m above the ground; the fastest joint moves with %.1e rad/s", weight, widest, speed)
	if !(widest > 0 && widest < 5e-7) || math.Abs(weight/(m.TotalMass()*9.81)-1) > 1e-3 || speed > 1e-3 {
		t.Errorf("feet carry %g N at gaps of up to %g m, speeds up to %g", weight, widest, speed)
	}
}
