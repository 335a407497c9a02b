package sysid

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// die is a box whose center of mass is off its middle.
func die(t *testing.T, friction, com float64) *sim.Model {
	t.Helper()
	half := r3.Vec{X: 0.05, Y: 0.05, Z: 0.05}
	b := sim.NewBuilder("die")
	b.SetTimestep(0.005)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	in := sim.BoxInertia(0.4, half)
	in.COM = r3.Vec{Z: com}
	l := b.AddLink("die", in)
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Name: "box", Link: l, Shape: contact.Box(half), Friction: friction})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// tosses simulates throws of a model and adds noise to what is measured, the start included.
func tosses(t *testing.T, m *sim.Model, n, samples, substeps int, kappa, noise float64) []Trajectory {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	random := func(scale float64) r3.Vec {
		return r3.Scale(scale, r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()})
	}
	s := m.NewStepper(sim.Options{Kappa: kappa})
	var out []Trajectory
	for i := range n {
		x := m.NewState()
		x.H = m.Timestep()
		x.Q[2] = 0.15
		turn, v, w := random(0.5), random(0.5), random(4)
		implicit.Displace(m, &x, x, implicit.Tangent{Q: []float64{0, 0, 0, turn.X, turn.Y, turn.Z}, V: []float64{v.X, v.Y, v.Z, w.X, w.Y, w.Z}})
		tr := Trajectory{Name: fmt.Sprintf("throw %d", i)}
		for k := range samples {
			if k > 0 {
				for range substeps {
					if _, err := s.Step(&x, x, nil); err != nil {
						t.Fatal(err)
					}
				}
			}
			d, y := implicit.NewTangent(m), sim.State{}
			for c := range d.Q {
				d.Q[c], d.V[c] = noise*rng.NormFloat64(), 5*noise*rng.NormFloat64()
			}
			implicit.Displace(m, &y, x, d)
			tr.States = append(tr.States, y)
		}
		out = append(out, tr)
	}
	return out
}

func filled(n int, v float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = v
	}
	return x
}

// exactFit makes a problem ready for comparisons with differences, which see what a step leaves.
func exactFit(t *testing.T, p *Problem, set *Set) *fit {
	t.Helper()
	f, err := p.ready(set)
	if err != nil {
		t.Fatal(err)
	}
	exact := p.Model.NewStepper(sim.Options{Kappa: 1e-3, Centrality: 1e-9, Tolerance: 1e-12})
	g, err := implicit.New(exact, implicit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f.workers = []*worker{{stepper: exact, gradient: g}}
	return f
}

// offBy compares the Jacobians of all windows with central differences: for every number of x and y how far they are apart at most, and the
// largest entry. Residuals must be the same with and without derivatives.
func (f *fit) offBy(t *testing.T, x, y []float64) [][2]float64 {
	t.Helper()
	const h = 2e-7
	z := slices.Concat(x, y)
	off := make([][2]float64, len(z))
	for _, win := range f.windows {
		b, err := f.residual(f.workers[0], win, x, y, true)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := f.residual(f.workers[0], win, x, y, false)
		if err != nil || !reflect.DeepEqual(plain.R, b.R) {
			t.Fatalf("residuals differ with and without derivatives: %v", err)
		}
		for j := range z {
			at := func(d float64) []float64 {
				c := slices.Clone(z)
				c[j] += d
				b, err := f.residual(f.workers[0], win, c[:len(x)], c[len(x):], false)
				if err != nil {
					t.Fatal(err)
				}
				return b.R
			}
			up, down := at(h), at(-h)
			for i := range b.R {
				var got float64
				if j < len(x) {
					got = b.X.At(i, j)
				} else {
					got = b.Y.At(i, j-len(x))
				}
				off[j] = [2]float64{max(off[j][0], math.Abs(got-(up[i]-down[i])/(2*h))), max(off[j][1], math.Abs(got))}
			}
		}
	}
	return off
}

// TestResidualDerivative compares the Jacobian of a window with central differences, by the parameters and by a start that
// is away from its measurement, over windows of one sample, of several and of all, with a sample missing.
func TestResidualDerivative(t *testing.T) {
	m := die(t, 0.3, 0.004)
	ts := tosses(t, die(t, 0.3, 0.004), 1, 40, 2, 1e-3, 0.002)
	ts[0].States[7] = sim.State{}
	noise := filled(12, 0.01)
	noise[9] = math.Inf(1)
	start := filled(12, 0.05)
	start[1], start[4] = 0, math.Inf(1)
	for _, window := range []int{1, 5, 0} {
		p := &Problem{Model: m, Trajectories: ts, Noise: noise, StartNoise: start, Window: window, Substeps: 2}
		set, err := NewSet(m, Parameter{Name: "box.friction"}, Parameter{Name: "die.inertia"}, Parameter{Name: "ground.offset"}, Parameter{Name: "box.half_x", Ties: []Tie{{Name: "box.half_y", Ratio: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		f := exactFit(t, p, set)
		x, worst, largest := set.Start(), 0.0, 0.0
		y := []float64{0.003, -0.004, 0.2, -0.3, 0.25, 0.02, 0.01, 0.02, 0.1, -0.2, 0.1}
		for _, e := range f.offBy(t, x, y) {
			worst, largest = max(worst, e[0]), max(largest, e[1])
		}
		t.Logf("window %d: %d windows, off by %.2g of %.3g", window, len(f.windows), worst, largest)
		if worst > 1e-5*largest {
			t.Errorf("window %d: the Jacobian is off by %g of %g", window, worst, largest)
		}
	}
}

// TestProblem finds friction, center of mass and the height of the ground from noisy throws with noisy starts, to within
// three standard errors, the same bits with one worker and with three.
func TestProblem(t *testing.T) {
	truth := die(t, 0.25, 0.006)
	p := &Problem{
		Model:        die(t, 0.4, 0),
		Parameters:   []Parameter{{Name: "box.friction", Lower: 0.01, Upper: 2}, {Name: "die.com"}, {Name: "ground.offset", Std: 0.01}},
		Trajectories: tosses(t, truth, 8, 60, 1, 1e-4, 0.001),
		Noise:        []float64{0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.005, 0.005, 0.005, 0.005, 0.005, 0.005},
		Stages:       []Stage{{1e-3, 15}, {1e-3, 30}, {1e-3, 0}, {1e-4, 0}, {1e-4, 0}},
	}
	p.StartNoise = p.Noise
	want := []float64{0.25, 0, 0, 0.006, 0}
	var first *Result
	for _, workers := range []int{1, 3} {
		p.Workers = workers
		r, err := p.Fit(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range r.Estimates {
			t.Logf("%-16s %.5f ± %.5f, truth %g", e.Name, e.Value, float64(e.StdErr), want[i])
			if !(math.Abs(e.Value-want[i]) < 3*float64(e.StdErr)) {
				t.Errorf("%s is %g ± %g, truth %g", e.Name, e.Value, float64(e.StdErr), want[i])
			}
		}
		t.Logf("%+v", r.Trajectories)
		t.Logf("noise %.3f of what was stated, %d iterations, %s", float64(r.Noise), r.Iterations, r.Status)
		if r.Noise < 0.9 || r.Noise > 1.1 || len(r.Trajectories) != 8 {
			t.Errorf("noise left is %g of what was put in", float64(r.Noise))
		}
		if first == nil {
			first = r
		} else if !reflect.DeepEqual(first, r) {
			t.Error("results depend on the number of workers")
		}
	}
}

// TestFirstSampleIsMeasuredToo: the first sample of a log was taken for exact unless StartNoise said more, and its
// noise went into what was found: of 40 logs of a pendulum the damping was 6.7 standard errors off (rms), as if the log
// were sure of it.
func TestFirstSampleIsMeasuredToo(t *testing.T) {
	b := sim.NewBuilder("pendulum")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	l := b.AddLink("bob", sim.BoxInertia(1, r3.Vec{X: 0.05, Y: 0.05, Z: 0.2}).Placed(sim.At(0, 0, -0.3)))
	b.AddJoint(sim.Joint{Name: "hinge", Parent: sim.World, Child: l, Type: sim.Revolute(r3.Vec{Y: 1}), Axes: []sim.Axis{{Damping: 0.05}}})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	x.Q[0], x.H = 1, m.Timestep()
	path, err := m.NewStepper(sim.Options{}).Rollout(x, 150, nil)
	if err != nil {
		t.Fatal(err)
	}
	const logs = 40
	noise, rng := []float64{0.02, 0.1}, rand.New(rand.NewPCG(2, 9))
	off := func(start []float64) float64 {
		sum := 0.0
		for range logs {
			log := Trajectory{Name: "log"}
			for _, s := range path.States {
				s = s.Clone()
				s.Q[0] += noise[0] * rng.NormFloat64()
				s.V[0] += noise[1] * rng.NormFloat64()
				log.States = append(log.States, s)
			}
			p := &Problem{Model: m, Parameters: []Parameter{{Name: "hinge.damping"}}, Trajectories: []Trajectory{log}, Noise: noise, StartNoise: start}
			r, err := p.Fit(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			e := r.Estimates[0]
			sum += math.Pow((e.Value-0.05)/float64(e.StdErr), 2)
		}
		return math.Sqrt(sum / logs)
	}
	exact, noisy := off([]float64{0, 0}), off(nil)
	t.Logf("damping off by %.2f standard errors (rms), with exact starts %.2f", noisy, exact)
	if !(noisy < 1.4 && exact > 2) {
		t.Errorf("damping off by %.2f standard errors (rms), with exact starts %.2f", noisy, exact)
	}
}

// TestStarts: with the true parameters the start is found better than it was measured.
func TestStarts(t *testing.T) {
	m := die(t, 0.25, 0.006)
	exact, noisy := tosses(t, m, 4, 30, 1, 1e-5, 0), tosses(t, m, 4, 30, 1, 1e-5, 0.002)
	p := &Problem{Model: m, Trajectories: noisy, Noise: filled(12, 0.002), StartNoise: filled(12, math.Inf(1))}
	starts, err := p.Starts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	before, after := 0.0, 0.0
	for i := range starts {
		for k := range 3 {
			before += math.Abs(noisy[i].States[0].V[k] - exact[i].States[0].V[k])
			after += math.Abs(starts[i].V[k] - exact[i].States[0].V[k])
		}
	}
	t.Logf("error of the start's velocities %.4f m/s, measured %.4f", after/12, before/12)
	if after > before/2 {
		t.Errorf("starts found are off by %g m/s, measured ones by %g", after/12, before/12)
	}
	p.StartNoise = filled(12, 0)
	if _, err := p.Starts(context.Background()); err == nil {
		t.Error("nothing to find was taken")
	}
}

// TestMass: without a known force but gravity, masses cannot be told, and the result says so.
func TestMass(t *testing.T) {
	p := &Problem{
		Model: die(t, 0.3, 0), Parameters: []Parameter{{Name: "die.lc_alpha"}, {Name: "box.friction"}, {Name: "free.x"}},
		Trajectories: tosses(t, die(t, 0.25, 0), 2, 40, 1, 1e-5, 0.001), Noise: filled(12, 0.01), StartNoise: filled(12, 0),
	}
	p.Parameters = p.Parameters[:2]
	r, err := p.Fit(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(r.Notes, "\n")
	t.Logf("%q, singular values %.3g", said, r.Singular)
	if !strings.Contains(said, "mass cannot be told without a known force") {
		t.Errorf("notes are %q", said)
	}
}

// TestBadProblems: mistakes are told by trajectory and sample.
func TestBadProblems(t *testing.T) {
	m := die(t, 0.3, 0)
	good := func() *Problem {
		return &Problem{Model: m, Parameters: []Parameter{{Name: "box.friction"}}, Trajectories: tosses(t, m, 2, 5, 1, 1e-5, 0), Noise: filled(12, 1)}
	}
	for _, c := range []struct {
		want  string
		spoil func(p *Problem)
	}{
		{"throw 1, sample 3: sim: coordinate 1 of joint \"free\" is NaN", func(p *Problem) { p.Trajectories[1].States[3].Q[1] = math.NaN() }},
		{"throw 0 has 1 samples, want at least 2", func(p *Problem) { p.Trajectories[0].States = p.Trajectories[0].States[:1] }},
		{"no sample behind its first", func(p *Problem) {
			for k := range p.Trajectories[0].States[1:] {
				p.Trajectories[0].States[k+1] = sim.State{}
			}
		}},
		{"inputs of 2 steps, want 4", func(p *Problem) { p.Trajectories[0].Inputs = make([][]float64, 2) }},
		{"the input of step 1", func(p *Problem) { p.Trajectories[0].Inputs = [][]float64{nil, {1}, nil, nil} }},
		{"no trajectories", func(p *Problem) { p.Trajectories = nil }},
		{"Problem.Noise has 3 numbers, want 12", func(p *Problem) { p.Noise = p.Noise[:3] }},
		{"Problem.Noise[2] is 0", func(p *Problem) { p.Noise[2] = 0 }},
		{"nothing was measured", func(p *Problem) { p.Noise = filled(12, math.Inf(1)) }},
		{"Problem.StartNoise[0] is -1", func(p *Problem) { p.StartNoise = filled(12, -1) }},
		{"Problem.Stages[1] has κ 0", func(p *Problem) { p.Stages = []Stage{{Kappa: 1}, {}} }},
		{"windows of -1", func(p *Problem) { p.Window = -1 }},
		{"no parameters", func(p *Problem) { p.Parameters = nil }},
		{"do not bound", func(p *Problem) {
			p.Trajectories = p.Trajectories[:1]
			p.Trajectories[0].States = p.Trajectories[0].States[:2]
			p.StartNoise = filled(12, math.Inf(1))
		}},
	} {
		p := good()
		c.spoil(p)
		if _, err := p.Fit(context.Background()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	if _, err := good().Fit(context.Background()); err != nil {
		t.Errorf("unspoiled: %v", err)
	}
}

// TestFlightHidesInertia: in free flight hardly anything depends on a factor of all moments of a cube. The first step of a
// search sent it to e^5, the worst place, and ended there with everything else where it began. It leaves the
// inertia about where it was, finds the rest, and says what it hardly knows.
func TestFlightHidesInertia(t *testing.T) {
	set, err := NewSet(die(t, 0.3, 0.006), Parameter{Name: "gravity.z"})
	if err != nil {
		t.Fatal(err)
	}
	truth, err := set.Model([]float64{-9.6}) // as tosses are whose lengths are 2 % too short
	if err != nil {
		t.Fatal(err)
	}
	p := &Problem{
		Model:        die(t, 0.3, 0),
		Parameters:   []Parameter{{Name: "gravity.z"}, {Name: "die.com"}, {Name: "die.lc_d1", Ties: []Tie{{Name: "die.lc_d2", Ratio: 1}, {Name: "die.lc_d3", Ratio: 1}}}},
		Trajectories: tosses(t, truth, 20, 12, 1, 1e-6, 3e-4), Stages: []Stage{{Kappa: 1e-6}},
		Noise: append(filled(6, 3e-4), filled(6, math.Inf(1))...), StartNoise: filled(12, math.Inf(1)), Tolerance: 1e-5,
	}
	r, err := p.Fit(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Estimates {
		t.Logf("%-10s %.5g ± %.2g from %.5g", e.Name, e.Value, float64(e.StdErr), e.Start)
	}
	g, d := r.Estimates[0], r.Estimates[4]
	if !(math.Abs(g.Value+9.6) < 4*float64(g.StdErr)) || !(r.Noise > 0.8 && r.Noise < 1.2) || math.Abs(d.Value-d.Start) > 1 {
		t.Errorf("gravity %g ± %g, logarithm of the inertia %g from %g, noise %g of what was put in", g.Value, float64(g.StdErr), d.Value, d.Start, float64(r.Noise))
	}
	if !strings.Contains(strings.Join(r.Notes, "\n"), "depends on die.lc_d1") {
		t.Errorf("notes are %q", r.Notes)
	}
}

// impatient is a context that has ended when it has been asked so often.
type impatient struct {
	context.Context
	left atomic.Int64
}

func (c *impatient) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestInterruptedLosesNothing: once a first stage has a point, an end at any later moment returns the best so far, also between stages.
func TestInterruptedLosesNothing(t *testing.T) {
	truth := die(t, 0.3, 0.002)
	p := Problem{
		Model: die(t, 0.5, 0), Parameters: []Parameter{{Name: "box.friction"}}, Trajectories: tosses(t, truth, 2, 40, 1, 1e-4, 0),
		Noise: filled(12, 1e-3), Workers: 1, Iterations: 3, Stages: []Stage{{Kappa: 1e-3}, {Kappa: 1e-4}}, Searches: 2,
	}
	had, done := false, false
	for n := int64(0); n < 400 && !done; n++ {
		ctx := &impatient{Context: context.Background()}
		ctx.left.Store(n)
		r, err := p.Fit(ctx)
		if had && err != nil {
			t.Fatalf("after %d questions there is an error: %v", n, err)
		}
		had = had || err == nil
		if err == nil && r.Status != Canceled && ctx.left.Load() < 0 {
			t.Fatalf("after %d questions: %s, although it was ended", n, r.Status)
		}
		done = err == nil && r.Status != Canceled
	}
	if !done {
		t.Error("no end is late enough")
	}
}

// TestOneChart: the inertia of a body cannot be set twice.
func TestOneChart(t *testing.T) {
	_, err := NewSet(die(t, 0.3, 0), Parameter{Name: "die.com"}, Parameter{Name: "die.mass"})
	if err == nil || !strings.Contains(err.Error(), "both set the inertia of a body") {
		t.Errorf("%v", err)
	}
}
