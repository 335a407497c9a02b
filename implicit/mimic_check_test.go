package implicit_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r3"
)

// hand is a palm on a slider over the ground with a servo, two fingers on sliders that mirror each other, each with stops, and
// a thumb on a hinge that follows them along a curve. It holds a ball, or nothing.
func hand(t testing.TB, holds bool) (*sim.Model, sim.State) {
	b := world("hand", 9.81)
	b.AddGround()
	palm := b.AddLink("palm", sim.BoxInertia(0.5, r3.Vec{X: 0.1, Y: 0.05, Z: 0.02}))
	b.AddJoint(sim.Joint{Name: "lift", Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: sim.World, Child: palm, Origin: sim.At(0, 0, 0.3), Axes: []sim.Axis{{Drive: sim.Servo, Kp: 500, Kd: 20}}})
	for i, side := range []float64{1, -1} {
		name := []string{"left", "right"}[i]
		l := b.AddLink(name, sim.BoxInertia(0.1, r3.Vec{X: 0.01, Y: 0.02, Z: 0.05}))
		j := sim.Joint{Name: name, Type: sim.Prismatic(r3.Vec{X: 1}), Parent: palm, Child: l, Origin: sim.At(0.05*side, 0, -0.07), Axes: []sim.Axis{{Limited: true, Lower: -0.04, Upper: 0.04, Friction: 0.2}}}
		if i == 0 {
			j.Axes[0].Drive = sim.Torque
		} else {
			j.Mimic = &sim.Mimic{Joint: "left", Ratio: -1}
		}
		b.AddJoint(j)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Box(r3.Vec{X: 0.01, Y: 0.02, Z: 0.05}), Friction: 0.7})
	}
	thumb := b.AddLink("thumb", sim.SphereInertia(0.05, 0.02).Placed(sim.At(0, 0, -0.05)))
	b.AddJoint(sim.Joint{Name: "thumb", Type: sim.Revolute(r3.Vec{X: 1}), Parent: palm, Child: thumb, Origin: sim.At(0, -0.06, 0), Axes: []sim.Axis{{Damping: 0.01}},
		Mimic: &sim.Mimic{Joint: "left", Ratio: 20, Offset: 0.1, Curve: [3]float64{30, -200, 1000}}})
	if holds {
		ball := b.AddLink("ball", sim.SphereInertia(0.1, 0.0295))
		b.AddFree("ball_free", ball)
		b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(0.0295), Friction: 0.7})
	}
	m := must(t, b)
	x := m.NewState()
	if holds {
		j, err := m.Joint("ball_free")
		if err != nil {
			t.Fatal(err)
		}
		x.Q[j.Q+2] = 0.2
	}
	return m, x
}

// lead moves the leader of the hand to q at speed v, and all that follow it.
func lead(m *sim.Model, x sim.State, q, v float64) {
	x.Q[1], x.V[1] = q, v
	for _, c := range m.Mimics() {
		j := m.Joints()[c.Joint]
		x.Q[j.Q] = c.Offset + q*(c.Ratio+q*(c.Curve[0]+q*(c.Curve[1]+q*c.Curve[2])))
		x.V[j.V] = v * (c.Ratio + q*(2*c.Curve[0]+q*(3*c.Curve[1]+q*4*c.Curve[2])))
	}
}

// TestCheckMimics: derivatives by the numbers of mimics, lines and curves, of a hand that holds a ball, and of one whose
// fingers begin beyond their stops: how fast they leave these the thumb bounds, at 20 rad/m, in the model as built.
func TestCheckMimics(t *testing.T) {
	for _, holds := range []bool{true, false} {
		for _, kappa := range []float64{1e-3, 1e-6} {
			m, x := hand(t, holds)
			lead(m, x, []float64{0.06, -0.0105}[map[bool]int{true: 1}[holds]], 0.1)
			name := fmt.Sprintf("holds %v, κ = %g", holds, kappa)
			r, err := implicit.Check(m, implicit.CheckOptions{Kappa: kappa, Steps: 5, Every: 4, Params: 1, Seed: 3, Start: x})
			if err != nil {
				t.Fatal(name, err)
			}
			worst, ok := r.Kinds["mimic"]
			if t.Logf("%s: by mimics %.1e, by all %.1e, worst %s", name, worst, r.Params, r.Worst); !ok || !(worst < checkLimit && r.Params < checkLimit && r.State < checkLimit) {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
}

// TestSavedMimics: a model whose mimic was changed steps from beyond its stops as it does when it is saved and loaded.
func TestSavedMimics(t *testing.T) {
	m, x := hand(t, false)
	lead(m, x, 0.06, 0)
	set, err := implicit.Set(m, find(t, m, []string{"thumb.mimic_ratio", "right.mimic_offset"}), []float64{19.5, 0.001})
	if err != nil {
		t.Fatal(err)
	}
	if c := set.Mimics(); c[1].Ratio != 19.5 || c[0].Offset != 0.001 || m.Mimics()[1].Ratio != 20 {
		t.Errorf("set to %+v, from %+v", c, m.Mimics())
	}
	var file bytes.Buffer
	if err := set.Save(&file); err != nil {
		t.Fatal(err)
	}
	back, err := sim.LoadModel(&file)
	if err != nil {
		t.Fatal(err)
	}
	a, b := step(t, set.NewStepper(sim.Options{}), x, nil), step(t, back.NewStepper(sim.Options{}), x, nil)
	if !slices.Equal(a.Q, b.Q) || !slices.Equal(a.V, b.V) {
		t.Errorf("%v and %v", a, b)
	}
	if s := m.NewStepper(sim.Options{}); s.SetModel(back) != nil {
		t.Error("it is of another structure")
	}
}

// TestMimicsOfDividedRollouts: the gradient of a rollout with impacts that divide steps, by all numbers of mimics, is what differences
// of its cost say, and Sensitivity says it too.
func TestMimicsOfDividedRollouts(t *testing.T) {
	m, x := hand(t, true)
	lead(m, x, 0.003, -0.5)
	var params []implicit.Param
	for _, p := range implicit.Params(m) {
		if p.Kind == "mimic" {
			params = append(params, p)
		}
	}
	if len(params) != 10 {
		t.Fatalf("%d numbers of 2 mimics", len(params))
	}
	opt := tightly(1e-4)
	opt.DivideImpacts = true
	rng := rand.New(rand.NewPCG(5, 1))
	weights := make([]float64, 2*m.NV())
	for i := range weights {
		weights[i] = rng.NormFloat64()
	}
	inputs := make([][]float64, 20)
	for k := range inputs {
		inputs[k] = []float64{-0.2, 5 * math.Sin(0.3*float64(k))}
	}
	x.Q[0], x.V[0] = -0.15, -1
	nv := m.NV()
	cost := implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 {
		floats.Add(gx.V, weights[:nv])
		return floats.Dot(x.V, weights[:nv])
	}}
	s := m.NewStepper(opt)
	g := gradient(t, s, implicit.Options{})
	r, err := g.Rollout(x, inputs, cost, implicit.RolloutOptions{Params: params})
	if err != nil {
		t.Fatal(err)
	}
	divided := 0
	y := x.Clone()
	for _, u := range inputs {
		res, err := s.Step(&y, y, u)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Parts()) > 1 || res.Halvings > 0 {
			divided++
		}
	}
	if t.Logf("%d of %d steps are divided", divided, len(inputs)); divided == 0 {
		t.Error("no step is divided")
	}
	worst := differ(r.Params, 0, func(eps float64) []float64 {
		var c []float64
		for _, p := range params {
			m2, err := implicit.With(m, p, value(t, m, p)+eps)
			if err != nil {
				t.Fatal(err)
			}
			total, err := gradient(t, m2.NewStepper(opt), implicit.Options{}).Cost(x, inputs, cost)
			if err != nil {
				return nil
			}
			c = append(c, total)
		}
		return c
	}, 1e-4, 1e-5, 1e-6)
	if t.Logf("gradient %.6g, off by %.1e", r.Params, worst); !(worst < 1e-6) {
		t.Errorf("differences of the cost are off by %.1e", worst)
	}
}

// TestMimicThatSaysWhatALoopSays: a hinge of a parallelogram follows another, as its loop makes it do anyway. By the numbers of
// this mimic the two say different things: motion has a derivative, forward and backward, that of a loop that yields; forces
// have none, which is an error.
func TestMimicThatSaysWhatALoopSays(t *testing.T) {
	m := parallelogram(t, &sim.Mimic{Joint: "hinge0", Ratio: 1, Offset: math.Pi})
	x := m.NewState()
	copy(x.Q, []float64{0.7, -0.7, math.Pi + 0.7})
	copy(x.V, []float64{1, -1, 1})
	g, next := gradient(t, m.NewStepper(sim.Options{Tolerance: 1e-12}), implicit.Options{}), m.NewState()
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	var params []implicit.Param
	for _, p := range implicit.Params(m) {
		if strings.HasPrefix(p.Name, "hinge2.mimic") {
			params = append(params, p)
		}
	}
	y, out, pulled := implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, len(params))
	for i := range y.Q {
		y.Q[i], y.V[i] = float64(1+i), 0.3*float64(2-i)
	}
	if err := g.ParamVJP(pulled, params, y); err != nil {
		t.Fatal(err)
	}
	for i, p := range params {
		if err := g.ParamJVP(out, p); err != nil {
			t.Fatal(err)
		}
		along := floats.Dot(y.Q, out.Q) + floats.Dot(y.V, out.V)
		if t.Logf("%s: %.6g, %.6g", p.Name, along, pulled[i]); !(math.Abs(along-pulled[i]) <= 1e-9*(1+math.Abs(along))) {
			t.Errorf("by %s forward %.12g, backward %.12g", p.Name, along, pulled[i])
		}
		worst := differ(out.Q, 0, func(eps float64) []float64 { // of changes so small that the loop yields to them
			m2, err := implicit.With(m, p, value(t, m, p)+eps)
			if err != nil {
				t.Fatal(err)
			}
			return step(t, m2.NewStepper(sim.Options{Tolerance: 1e-12}), x, nil).Q
		}, 1e-9, 1e-8, 1e-7)
		if !(worst < 1e-5) { // the loop that yields has a compliance of 1e-6, which the derivative leaves out
			t.Errorf("by %s differences are off by %.1e", p.Name, worst)
		}
	}
	f := g.NewForces()
	f.Joints[0].Force.X = 1
	if err := g.ParamForceVJP(pulled[:1], params[:1], y, f); !errors.Is(err, implicit.ErrOpens) {
		t.Errorf("forces have a derivative by %s: %v", params[0].Name, err)
	}
}
