package implicit_test

import (
	"math"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// TestCheckPairs: derivatives along 40 steps in which balls and an arm touch each other, under every friction law; and of a ball on a box
// and on a capsule.
func TestCheckPairs(t *testing.T) {
	for i, c := range scenes(t) {
		if slices.Contains(pairScenes[:], c.name) {
			for _, kappa := range []float64{1e-2, 1e-4} {
				check(t, c.name, c.model, implicit.CheckOptions{Kappa: kappa, Start: c.start, Steps: 40, Every: 13, Params: 2, Seed: uint64(i)})
			}
		}
	}
	for _, shape := range []contact.Shape{contact.Box(cube), contact.Capsule(0.1, 0.2)} {
		b := world("ball on a "+shape.Kind.String(), 9.81)
		b.AddGround()
		for i, s := range []contact.Shape{shape, contact.Sphere(0.1)} {
			l := b.AddLink(s.Kind.String(), sim.BoxInertia(1, cube))
			b.AddFree(s.Kind.String(), l)
			b.AddCollider(sim.Collider{Link: l, Shape: s, Friction: 0.4 + 0.1*float64(i), Pose: sim.Pose{Pos: sim.At(0.01, 0, 0).Pos, Rot: sim.RPY(1.4, 0.02, 0.1)}})
		}
		m := must(t, b)
		x := m.NewState()
		copy(x.Q, []float64{0.02, 0.01, 0.27})
		copy(x.Q[7:], []float64{-0.02, 0.05, 0.7})
		x.V[0], x.V[5], x.V[8] = 0.3, 2, -3
		check(t, m.Name(), m, implicit.CheckOptions{Kappa: 1e-4, Start: x, Steps: 20, Every: 6, Params: 1})
	}
}

// TestDividedStepWithPairs: the derivative of a divided step in which bodies touch each other is that of its differences, forward and
// backward, and forces of joints have tangents.
func TestDividedStepWithPairs(t *testing.T) {
	b := sim.NewBuilder("flail and ball")
	flailParts(b)
	l := b.AddLink("ball", sim.SphereInertia(0.3, 0.1))
	b.AddFree("ball", l)
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Friction: 0.5})
	m := must(t, b)
	opt := sim.Options{Kappa: 1e-3, Tolerance: 1e-12, Centrality: 1e-10, Margin: math.Inf(1)}
	s := m.NewStepper(opt)
	x := m.NewState()
	x.Q[2], x.V[6], x.V[7] = 0.12, 20, -40
	copy(x.Q[9:], []float64{0.9, 0.05, 0.11})
	u := []float64{3, -4}
	var cur sim.State
	halvings := 0
	for k := 0; k < 40 && halvings == 0; k++ {
		cur = x.Clone()
		r, err := s.Step(&x, x, u)
		if err != nil {
			t.Fatal(err)
		}
		halvings = r.Halvings
	}
	if halvings == 0 {
		t.Fatal("no step was divided")
	}
	stepper := m.NewStepper(opt)
	g := gradient(t, stepper, implicit.Options{})
	next := m.NewState()
	if r, err := g.Step(&next, cur, u); err != nil || r.Halvings != halvings {
		t.Fatalf("%+v, %v", r, err)
	}
	// energies between the step and its derivative are asked of another engine
	if _, err := stepper.Energy(next); err != nil {
		t.Fatal(err)
	}
	nv := m.NV()
	if err := stepper.KnotVelocity(make([]float64, nv), next); err != nil {
		t.Fatal(err)
	}
	var a mat.Dense
	if err := g.StateJacobian(&a); err != nil {
		t.Fatal(err)
	}
	d, y, back := implicit.NewTangent(m), implicit.NewTangent(m), implicit.NewTangent(m)
	for i := range nv {
		d.Q[i], d.V[i] = math.Sin(float64(i+1)), math.Cos(float64(3*i))
	}
	if err := g.JVP(y, d, nil); err != nil {
		t.Fatal(err)
	}
	joints := make([]sim.Wrench, len(m.Bodies()))
	if err := g.JointTangent(joints); err != nil {
		t.Fatal(err)
	}
	tangent := both(y)
	for _, w := range joints {
		tangent = append(tangent, w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z)
	}
	fd, to := m.NewStepper(opt), implicit.NewTangent(m)
	e := differ(tangent, 0, func(eps float64) []float64 {
		z, w, dx := m.NewState(), m.NewState(), implicit.NewTangent(m)
		for i := range nv {
			dx.Q[i], dx.V[i] = eps*d.Q[i], eps*d.V[i]
		}
		implicit.Displace(m, &z, cur, dx)
		if r, err := fd.Step(&w, z, u); err != nil || r.Halvings != halvings {
			return nil
		}
		implicit.Difference(m, to, w, next)
		f := append([]float64{}, both(to)...)
		for i := range m.Bodies() {
			j := fd.JointWrench(i)
			f = append(f, j.Force.X, j.Force.Y, j.Force.Z, j.Torque.X, j.Torque.Y, j.Torque.Z)
		}
		return f
	}, sizes...)
	if !(e < 1e-6) {
		t.Errorf("tangents differ by %.1e from differences", e)
	}
	// ⟨Jd, z⟩ = ⟨d, Jᵀz⟩, and the matrix says the same
	f := g.NewForces()
	z := implicit.NewTangent(m)
	for i := range nv {
		z.Q[i], z.V[i] = math.Cos(float64(2*i)), math.Sin(float64(5*i+1))
	}
	left, right, size := 0.0, 0.0, 0.0
	for i := range f.Joints {
		f.Joints[i].Force.X, f.Joints[i].Torque.Z = 1, -2
		left += joints[i].Force.X - 2*joints[i].Torque.Z
		size += math.Abs(joints[i].Force.X) + math.Abs(joints[i].Torque.Z)
	}
	if err := g.ForceVJP(back, make([]float64, m.NU()), z, f); err != nil {
		t.Fatal(err)
	}
	for i, x := range both(y) {
		left += x * both(z)[i]
		right += both(d)[i] * both(back)[i]
		size += math.Abs(x*both(z)[i]) + math.Abs(both(d)[i]*both(back)[i])
		row := mat.Row(nil, i, &a)
		sum := 0.0
		for k, v := range both(d) {
			sum += row[k] * v
		}
		if !(math.Abs(sum-x) < 1e-9*largest(&a)) {
			t.Errorf("row %d: JVP is %g, the matrix says %g", i, x, sum)
		}
	}
	if !(math.Abs(left-right) < 1e-9*size) {
		t.Errorf("⟨Jd, z⟩ = %g, ⟨d, Jᵀz⟩ = %g", left, right)
	}
	t.Logf("%d halvings: differences %.1e, products %.1e", halvings, e, math.Abs(left-right)/size)
}

// TestRolloutsWithPairs: gradients of rollouts agree with differences of their costs; of polished ones too, at another κ.
func TestRolloutsWithPairs(t *testing.T) {
	for _, c := range scenes(t) {
		if !slices.Contains(pairScenes[:], c.name) {
			continue
		}
		inputs := make([][]float64, 12)
		cost := quadratic(c.model)
		cost.Forces = nil
		g := gradient(t, c.model.NewStepper(tightly(1e-3)), implicit.Options{})
		if err := g.CheckCost(c.start, inputs, cost); err != nil {
			t.Error(c.name, err)
		}
		r, err := g.Rollout(c.start, inputs, cost, implicit.RolloutOptions{})
		if err != nil {
			t.Fatal(err)
		}
		d := implicit.NewTangent(c.model)
		slope := 0.0
		for i := range d.V {
			d.Q[i], d.V[i] = 0.1*math.Sin(float64(i)), math.Cos(float64(i))
			slope += d.Q[i]*r.Start.Q[i] + d.V[i]*r.Start.V[i]
		}
		e := differ([]float64{slope}, 0, func(eps float64) []float64 {
			x, dx := c.start.Clone(), implicit.NewTangent(c.model)
			for i := range d.V {
				dx.Q[i], dx.V[i] = eps*d.Q[i], eps*d.V[i]
			}
			implicit.Displace(c.model, &x, c.start, dx)
			sum, err := g.Cost(x, inputs, cost)
			if err != nil {
				t.Fatal(c.name, err)
			}
			return []float64{sum}
		}, 1e-4, 1e-5, 1e-6)
		if !(e < 1e-6) {
			t.Errorf("%s: slope of a rollout is off by %.1e", c.name, e)
		}
		t.Logf("%s: slope of a rollout is off by %.1e", c.name, e)
		polished := gradient(t, c.model.NewStepper(sim.Options{Polish: true}), implicit.Options{Kappa: 1e-3})
		p, err := polished.Rollout(c.start, inputs, cost, implicit.RolloutOptions{})
		if err != nil {
			t.Fatal(c.name, err)
		}
		for i := range p.Start.V {
			if math.IsNaN(p.Start.V[i]) {
				t.Fatalf("%s: polished gradient %v", c.name, p.Start.V)
			}
		}
	}
}
