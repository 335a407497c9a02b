package implicit_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// checkLimit is the error that a gradient check may show, at any κ.
const checkLimit = 1e-6

func check(t *testing.T, name string, m *sim.Model, opt implicit.CheckOptions) {
	t.Helper()
	r, err := implicit.Check(m, opt)
	if err != nil {
		t.Errorf("%s κ=%g: %v", name, opt.Kappa, err)
		return
	}
	t.Logf("%s κ=%g: state %.1e input %.1e parameters %.1e contacts %d, worst %s", name, opt.Kappa, r.State, r.Input, r.Params, r.Contacts, r.Worst)
	if !(r.State < checkLimit && r.Input < checkLimit && r.Params < checkLimit) {
		t.Errorf("%s κ=%g: %+v", name, opt.Kappa, r)
	}
}

// manyParams is that of a robot, whose check takes seconds: one κ and one state tell.
const manyParams = 600

// TestCheckZoo runs the gradient check on every model of the zoo over the range of κ.
func TestCheckZoo(t *testing.T) {
	t.Parallel()
	for _, e := range models.All() {
		t.Run(e.Name, func(t *testing.T) { checkModel(t, e) })
	}
}

func checkModel(t *testing.T, e models.Entry) {
	for _, kappa := range []float64{1e-3, 1e-5, 1e-7} {
		m := must(t, e.Builder(models.Options{}))
		opt := implicit.CheckOptions{Kappa: kappa, Steps: 40, Every: 39, Params: 1, Seed: 1, Start: e.Start(m)}
		if len(implicit.Params(m)) > manyParams || e.Name == "panda" || e.Name == "robotiq" { // at κ = 1e-7 differences of their fingers take minutes
			if kappa != 1e-5 {
				continue
			}
			opt.Steps, opt.Every = 2, 2
		}
		if touching := m.Pairs(); len(touching) > 0 && touching[len(touching)-1].B >= 0 {
			opt.Start, opt.Steps, opt.Every = untied(t, m, opt.Start), 5, 4
			moved, err := implicit.MoveCorners(m, 1e-4, 7)
			if err != nil {
				t.Fatal(err)
			}
			m = moved
		}
		check(t, e.Name, m, opt)
	}
}

// TestCheckTimesteps: the same at the default κ and steps of 1 to 50 ms, in motions that land.
func TestCheckTimesteps(t *testing.T) {
	t.Parallel()
	for name, seconds := range map[string]float64{"block": 0.4, "hopper": 0.4, "chain": 0.4, "quadruped4": 0.4, "fourbar": 0.4, "eggs": 0.4, "stack": 0.4} {
		e, err := models.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []float64{0.001, 0.005, 0.02, 0.05} {
			m := must(t, e.Builder(models.Options{Timestep: h}))
			start, steps := e.Start(m), max(2, int(seconds/h))
			if touching := m.Pairs(); len(touching) > 0 && touching[len(touching)-1].B >= 0 {
				start = untied(t, m, start)
			}
			check(t, fmt.Sprintf("%s, h = %g,", name, h), m, implicit.CheckOptions{Kappa: sim.DefaultKappa, Steps: steps, Every: max(1, steps/3), Params: 1, Start: start})
		}
	}
}

// untied moves the bodies of a scene a little. Where edges lie exactly on edges, as those of boxes on one ground do, which features touch
// and how much each counts has a kink, and no derivative.
func untied(t *testing.T, m *sim.Model, start sim.State) sim.State {
	rng := rand.New(rand.NewPCG(7, 7))
	x, d := start.Clone(), make([]float64, m.NV())
	for k := range d {
		d[k] = 1e-3 * rng.Float64()
	}
	m.Engine().Displace(x.Q, start.Q, d)
	if err := m.Assemble(&x); err != nil { // loops are closed again
		t.Fatal(err)
	}
	return x
}

// TestCheckScenes runs the gradient check in situations that the zoo does not show: every friction law while
// sliding, sticking, deep penetration, many contacts and half-spaces, limits, dry friction, saturated
// drives, couplings, ball joints, several mechanisms, no gravity.
func TestCheckScenes(t *testing.T) {
	for i, c := range append(scenes(t), fading(t)) {
		for _, kappa := range []float64{[]float64{1e-3, 1e-4}[i%2], []float64{1e-6, 1e-8}[i%2]} {
			if slices.Contains(pairScenes[:], c.name) {
				// bodies that came out of each other rest within 1e-9 m of touching at κ = 1e-8, where what eases a deep start has its kink
				kappa = math.Max(kappa, 1e-6)
			}
			check(t, c.name, c.model, implicit.CheckOptions{Kappa: kappa, Steps: 5, Every: 4, Params: 1, Seed: 3, Start: c.start})
		}
	}
}

// TestScenesHappen makes sure that each scene shows what it is named for.
func TestScenesHappen(t *testing.T) {
	for _, c := range append(scenes(t), fading(t)) {
		s, x, seen := c.model.NewStepper(sim.Options{}), c.start.Clone(), c.happens == nil
		for k := 0; k < 5; k++ {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			seen = seen || c.happens(s, x)
		}
		if !seen {
			t.Errorf("%s does not happen", c.name)
		}
	}
}

// TestDifferencesResolve shows what limits differences of whole steps at small κ: a foot above the ground feels its radius with
// 4e-5 per meter, and the error of differences has its least where curvature, which falls with their
// size, meets rounding, which grows tenfold per decade. A wrong derivative would stay wrong.
func TestDifferencesResolve(t *testing.T) {
	const kappa = 1e-8
	s, x := zoo(t, "quadruped4", tightly(kappa))
	m := s.Model()
	p, err := implicit.FindParam(m, "FR_foot.radius")
	if err != nil {
		t.Fatal(err)
	}
	g, d := gradient(t, s, implicit.Options{}), implicit.NewTangent(m)
	next := m.NewState()
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	if err := g.ParamJVP(d, p); err != nil {
		t.Fatal(err)
	}
	e := map[float64]float64{}
	for _, eps := range []float64{5e-3, 1e-5, 1e-7} {
		e[eps] = differ(d.V, 0, func(h float64) []float64 {
			m2, err := implicit.With(m, p, value(t, m, p)+h)
			if err != nil {
				t.Fatal(err)
			}
			return step(t, m2.NewStepper(tightly(kappa)), x, nil).V
		}, eps)
		t.Logf("differences of %g m are off by %.1e of %g", eps, e[eps], 1e-4)
	}
	if !(e[1e-5] < 1e-6 && e[5e-3] > 5*e[1e-5] && e[1e-7] > 5*e[1e-5]) {
		t.Errorf("errors %v are not those of curvature and rounding", e)
	}
}

// TestImpossibleOptionsAreNamed: see the test of that name in sim.
func TestImpossibleOptionsAreNamed(t *testing.T) {
	e, err := models.Find("pendulum")
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Builder(models.Options{}).Build()
	if err != nil {
		t.Fatal(err)
	}
	named := func(err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %s", err, want)
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1} {
		_, err := implicit.New(m.NewStepper(sim.Options{}), implicit.Options{Kappa: x})
		named(err, " Options.Kappa")
		_, err = implicit.Check(m, implicit.CheckOptions{Kappa: x})
		named(err, "CheckOptions.Kappa")
	}
	_, err = implicit.Check(m, implicit.CheckOptions{Steps: -1})
	named(err, "CheckOptions")
	g, err := implicit.New(m.NewStepper(sim.Options{}), implicit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.Rollout(m.NewState(), make([][]float64, 3), implicit.Cost{}, implicit.RolloutOptions{Segment: -1})
	named(err, "RolloutOptions.Segment")
}

// TestDerivativesOutsideAConeLimit: the eased limit of a ball joint follows the angle of the start.
func TestDerivativesOutsideAConeLimit(t *testing.T) {
	for _, angle := range []float64{1.2, 0.5} {
		b := sim.NewBuilder("ball")
		b.SetTimestep(0.01)
		b.SetGravity(r3.Vec{Z: -9.81})
		in := sim.BoxInertia(1, r3.Vec{X: 0.05, Y: 0.07, Z: 0.1})
		in.COM = r3.Vec{X: 0.02, Z: -0.1}
		a := sim.Axis{Limited: true, Upper: 0.3, Damping: 0.01}
		b.AddJoint(sim.Joint{Name: "ball", Type: sim.Spherical(), Parent: sim.World, Child: b.AddLink("a", in), Axes: []sim.Axis{a, a, a}})
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		st := m.NewState()
		copy(st.Q, []float64{math.Cos(angle / 2), 0.6 * math.Sin(angle/2), 0.8 * math.Sin(angle/2), 0})
		r, err := implicit.Check(m, implicit.CheckOptions{Steps: 4, Every: 1, Start: st})
		if err != nil {
			t.Fatal(err)
		}
		if r.State > 1e-7 || r.Params > 1e-6 {
			t.Errorf("at %g rad: errors of %.1e by the state, %.1e by parameters, worst %s", angle, r.State, r.Params, r.Worst)
		}
	}
}
