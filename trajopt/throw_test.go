package trajopt

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestFreeStart: where nothing can be steered, the start velocity that brings a mass to 2 m in a second is 2 m/s, in
// one iteration; of two free numbers, with a price of each, the answer is that of the two equations by hand.
func TestFreeStart(t *testing.T) {
	m := slider(t, 0.1, 0)
	p := &Problem{
		Model: m, Start: at(m, 0, 0.3), Steps: 10, Lower: []float64{0}, Upper: []float64{0}, Free: []int{1},
		Final: []Cost{State(m, at(m, 2, 0)).Rows(0).Weigh(1)},
	}
	r, err := Solve(context.Background(), p, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	tol.Within(t, r.States[0].V[0]-2, 1e-9, "start velocity")
	tol.Within(t, r.States[10].Q[0]-2, 1e-9, "end")
	if r.Iterations > 2 || p.Start.V[0] != 0.3 {
		t.Errorf("%d iterations, the problem's start has become %g m/s", r.Iterations, p.Start.V[0])
	}
	// ½ 4 (q + v − 2)² + ½ q² + ½ 3 v²: q = 3 v, 4 (q + v − 2) = −q
	zero := State(m, at(m, 0, 0))
	price := Function{Name: "start", Dim: 2, Eval: func(k int, x sim.State, u, r []float64, dx, du *mat.Dense) {
		if k == 0 {
			zero.Eval(k, x, u, r, dx, du)
		}
	}}
	p.Free, p.Stage, p.Final = []int{1, 0}, []Cost{price.Weigh(1, 3)}, []Cost{State(m, at(m, 2, 0)).Rows(0).Weigh(4)}
	if r, err = Solve(context.Background(), p, nil, Options{}); err != nil {
		t.Fatal(err)
	}
	v := 8.0 / 19
	tol.Within(t, r.States[0].V[0]-v, 1e-8, "start velocity of two")
	tol.Within(t, r.States[0].Q[0]-3*v, 1e-8, "start position of two")
}

// TestThrow finds the velocity and spin with which a tilted box, after flight, impact and sliding, comes to rest at a
// target with a given heading: the throw of examples/throw, whose starts are its only unknowns; the drive that every
// problem needs is held at zero.
func TestThrow(t *testing.T) {
	half := r3.Vec{X: 0.15, Y: 0.1, Z: 0.05}
	b := sim.NewBuilder("box")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	l := b.AddLink("box", sim.BoxInertia(1, half))
	b.AddJoint(sim.Joint{Name: "free", Type: sim.Free(), Parent: sim.World, Child: l, Axes: []sim.Axis{{Drive: sim.Torque}, {}, {}, {}, {}, {}}})
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: 0.4})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	x.Q[2] = 0.4
	q := sim.RPY(0.1, -0.15, 0)
	copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
	copy(x.V, []float64{1, 0, 1.5})
	there, turned := Position(m, "box", r3.Vec{X: 2, Y: 0.6}).Rows(0, 1), Orientation(m, "box", sim.RPY(0, 0, math.Pi/3)).Rows(2)
	p := &Problem{
		Model: m, Start: x, Steps: 160, Lower: []float64{0}, Upper: []float64{0}, Free: []int{6, 7, 8, 9, 10, 11},
		Final: []Cost{there.Weigh(1), turned.Weigh(0.09)}, Goal: []Function{there, turned},
	}
	r, err := Solve(context.Background(), p, nil, Options{Kappas: []float64{1e-3, 1e-6}})
	if err != nil {
		t.Fatal(err)
	}
	hard, err := m.NewStepper(sim.Options{Kappa: 1e-8}).Rollout(r.States[0], p.Steps, nil)
	if err != nil {
		t.Fatal(err)
	}
	end := hard.States[p.Steps]
	d := math.Hypot(end.Q[0]-2, end.Q[1]-0.6)
	t.Logf("%d iterations, %d rollouts: velocity %.3f; on hard ground it ends %.1f mm from the target at %.1g m/s", r.Iterations, r.Rollouts, r.States[0].V, 1e3*d, end.V[0])
	if d > 0.01 || r.Rollouts > 100 {
		t.Errorf("%d rollouts, it ends %g m from the target", r.Rollouts, d)
	}
}

// TestFreeErrors: numbers of the start that are not there, and who cannot find them.
func TestFreeErrors(t *testing.T) {
	_, p := regulator(t)
	for _, free := range [][]int{{2}, {-1}, {0, 0}} {
		p.Free = free
		if _, err := NewILQR(p, Options{}); err == nil || !strings.Contains(err.Error(), "want each but once, from 0 to 1") {
			t.Errorf("%v: %v", free, err)
		}
	}
	p.Free = []int{1}
	if _, err := NewMPC(p, Options{}, Pace{}); err == nil || !strings.Contains(err.Error(), "nothing of it is free") {
		t.Errorf("MPC: %v", err)
	}
	if _, err := Shoot(context.Background(), p, nil, Options{}); err == nil || !strings.Contains(err.Error(), "Shoot finds inputs alone") {
		t.Errorf("Shoot: %v", err)
	}
}
