package sim_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// alone is the filter of shapes that touch half-spaces and no shape.
var alone = &contact.Filter{}

// crowd is a model with much contact and everything joints can have: two boxes, and a crawler of a free
// trunk with four two-joint legs, limits, dry friction, servos, a ball joint and a mimic.
func crowd(t testing.TB) *sim.Model {
	b := newWorld("crowd", 0.01)
	b.AddGround()
	b.AddHalfSpace("ramp", r3.Vec{X: -0.5, Z: 1}, -0.5)
	for i, s := range []float64{0.1, 0.2} {
		half := r3.Vec{X: s, Y: s, Z: s / 2}
		l := b.AddLink(fmt.Sprintf("box%d", i), sim.BoxInertia(1+s, half))
		b.AddFree(fmt.Sprintf("float%d", i), l)
		b.AddCollider(sim.Collider{Link: l, Filter: alone, Shape: contact.Box(half), Friction: 0.3 + s})
	}
	trunk := b.AddLink("trunk", sim.BoxInertia(4, r3.Vec{X: 0.2, Y: 0.1, Z: 0.05}))
	b.AddFree("base", trunk)
	b.AddCollider(sim.Collider{Link: trunk, Filter: alone, Shape: contact.Capsule(0.05, 0.15), Pose: sim.Pose{Rot: sim.RPY(0, math.Pi/2, 0)}, Friction: 0.5})
	for i := 0; i < 4; i++ {
		x, y := 0.2*float64(1-i&2), 0.1*float64(1-2*(i&1))
		thigh := b.AddLink(fmt.Sprintf("thigh%d", i), sim.CylinderInertia(0.5, 0.02, 0.1))
		b.AddJoint(sim.Joint{
			Name: fmt.Sprintf("hip%d", i), Type: sim.Revolute(r3.Vec{Y: 1}), Parent: trunk, Child: thigh, Origin: sim.At(x, y, -0.1),
			Axes: []sim.Axis{{Limited: true, Lower: -1, Upper: 1, Damping: 0.05, Friction: 0.1, Armature: 0.01, Drive: sim.Servo, Kp: 20, Kd: 0.5, Effort: 8}},
		})
		foot := b.AddLink(fmt.Sprintf("foot%d", i), sim.SphereInertia(0.2, 0.03))
		j := sim.Joint{
			Name: fmt.Sprintf("ankle%d", i), Type: sim.Revolute(r3.Vec{Y: 1}), Parent: thigh, Child: foot, Origin: sim.At(0, 0, -0.15),
			Axes: []sim.Axis{{Damping: 0.1, Stiffness: 3, Rest: 0.1}},
		}
		switch i {
		case 1:
			j.Axes, j.Mimic = nil, &sim.Mimic{Joint: "hip1", Ratio: -0.5}
		case 2:
			a := sim.Axis{Damping: 0.02, Stiffness: 3}
			j.Type, j.Axes = sim.Spherical(), []sim.Axis{a, a, a}
		case 3:
			j.Axes[0].Drive = sim.Torque
		}
		b.AddJoint(j)
		shape := contact.Sphere(0.05)
		if i == 3 {
			shape = contact.Cylinder(0.03, 0.04)
		}
		b.AddCollider(sim.Collider{Link: foot, Filter: alone, Shape: shape, Friction: 0.6, Color: sim.Color{R: 0.2, G: 0.4, B: 1, A: 1}})
		tip := b.AddLink(fmt.Sprintf("tip%d", i), sim.Inertia{})
		b.AddJoint(sim.Joint{Name: fmt.Sprintf("weld%d", i), Type: sim.Fixed(), Parent: foot, Child: tip, Origin: sim.At(0, 0, -0.08)})
	}
	b.AddVisual(sim.Visual{Name: "shell", Link: trunk, Mesh: "shell <1>.stl", Scale: r3.Vec{X: 1, Y: 1, Z: 1}})
	m := mustModel(t, b)
	return m
}

// scatter returns n states of m that fall, tumble and touch.
func scatter(m *sim.Model, n int) []sim.State {
	rng := rand.New(rand.NewPCG(1, 2))
	out := make([]sim.State, n)
	for i := range out {
		s := m.NewState()
		for _, j := range m.Joints() {
			if k := j.QuaternionOf(); k >= 0 && j.NQ == 7 {
				s.Q[j.Q], s.Q[j.Q+1], s.Q[j.Q+2] = rng.Float64()-2, rng.Float64(), 0.35+0.2*rng.Float64()
				q := sim.RPY(0.4*rng.NormFloat64(), 0.4*rng.NormFloat64(), 3*rng.NormFloat64())
				s.Q[k], s.Q[k+1], s.Q[k+2], s.Q[k+3] = q.Real, q.Imag, q.Jmag, q.Kmag
			}
		}
		for k := range s.V {
			s.V[k] = 0.5 * rng.NormFloat64()
		}
		out[i] = s
	}
	return out
}

func sameBits(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return false
		}
	}
	return true
}

func wave(m *sim.Model) sim.BatchController {
	return func(u []float64, i, k int, cur sim.State) {
		for j := range u {
			u[j] = 0.6 * math.Sin(0.1*float64(k)+float64(i+j)) // same on every worker; any function would do
		}
	}
}

// TestBatchSameBits: one by one with fresh steppers, and with 1, 2 and 7 workers, must agree to the last
// bit, step by step and as rollouts.
func TestBatchSameBits(t *testing.T) {
	m := crowd(t)
	starts := scatter(m, 12)
	const steps = 60
	ctrl := wave(m)
	want := make([]*sim.Trajectory, len(starts))
	touching := 0
	for i := range starts {
		s := m.NewStepper(sim.Options{})
		var err error
		want[i], err = s.Rollout(starts[i], steps, func(u []float64, k int, cur sim.State) { ctrl(u, i, k, cur) })
		if err != nil {
			t.Fatalf("rollout %d: %v", i, err)
		}
		for _, c := range s.Contacts() {
			if c.Force.Z > 0.1 {
				touching++
			}
		}
	}
	t.Logf("%d contacts carry load at the end of %d rollouts", touching, len(starts))
	if touching < len(starts) {
		t.Errorf("only %d contacts carry load: the test would prove little", touching)
	}
	for _, workers := range []int{1, 2, 7} {
		b := m.NewBatch(sim.Options{}, workers)
		last := 0
		got, err := b.Rollout(starts, steps, ctrl, func(done, total int) {
			if done != last+1 || total != len(starts) {
				t.Errorf("progress %d of %d after %d", done, total, last)
			}
			last = done
		})
		if err != nil {
			t.Fatal(err)
		}
		if last != len(starts) {
			t.Errorf("progress ended at %d", last)
		}
		cur := make([]sim.State, len(starts))
		for i := range cur {
			cur[i] = starts[i].Clone()
		}
		results := make([]sim.Result, len(starts))
		u := make([][]float64, len(starts))
		for k := 0; k < steps; k++ {
			for i := range u {
				u[i] = make([]float64, m.NU())
				ctrl(u[i], i, k, cur[i])
			}
			if err := b.Step(cur, cur, u, results); err != nil {
				t.Fatal(err)
			}
			for i := range cur {
				w := want[i].States[k+1]
				if !sameBits(cur[i].Q, w.Q) || !sameBits(cur[i].V, w.V) || results[i] != want[i].Results[k] {
					t.Fatalf("%d workers, step %d: state %d differs from the one simulated alone", workers, k, i)
				}
				if g := got[i].States[k+1]; !sameBits(g.Q, w.Q) || !sameBits(g.V, w.V) || got[i].Results[k] != want[i].Results[k] {
					t.Fatalf("%d workers, step %d: rollout %d differs from the one simulated alone", workers, k, i)
				}
			}
		}
	}
}

func TestBatchErrors(t *testing.T) {
	m := crowd(t)
	b := m.NewBatch(sim.Options{}, 3)
	cur := scatter(m, 9)
	next := make([]sim.State, 9)
	cur[4].Q[0] = math.NaN()
	cur[7].V = nil
	var be *sim.BatchError
	if err := b.Step(next, cur, nil, nil); !errors.As(err, &be) || be.Index != 4 || be.Count != 2 || be.Jobs != 9 {
		t.Errorf("got %v, want a BatchError about states 4 and 7 of 9", err)
	} else {
		t.Log(err)
	}
	for i := range next {
		if failed := i == 4 || i == 7; (next[i].Q == nil) != failed {
			t.Errorf("state %d: next is set %v", i, next[i].Q != nil)
		}
	}
	if b.Step(next[:3], cur, nil, nil) == nil || b.Step(next, cur, make([][]float64, 2), nil) == nil || b.Step(next, cur, nil, make([]sim.Result, 1)) == nil {
		t.Error("lengths that differ are accepted")
	}
	if err := b.Step(nil, nil, nil, nil); err != nil {
		t.Errorf("an empty batch: %v", err)
	}
	if _, err := b.Rollout(cur, 2, nil, nil); !errors.As(err, &be) {
		t.Errorf("rollout from a bad start: %v", err)
	}
}

// BenchmarkBatch measures the throughput of one and two workers on the same states.
func BenchmarkBatch(b *testing.B) {
	m := crowd(b)
	starts := scatter(m, 64)
	warm := m.NewBatch(sim.Options{}, 0)
	for k := 0; k < 40; k++ {
		if err := warm.Step(starts, starts, nil, nil); err != nil {
			b.Fatal(err)
		}
	}
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			batch := m.NewBatch(sim.Options{}, workers)
			next := make([]sim.State, len(starts))
			b.ReportAllocs()
			for b.Loop() {
				if err := batch.Step(next, starts, nil, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*len(starts))/b.Elapsed().Seconds(), "steps/s")
		})
	}
}
