package dynamics_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestSweptPairsAreThoseThatMeet: many bodies of three shapes that fall on a shelf and fly through each other go the same way, bit by bit,
// whether boxes are swept for the pairs that come near each other or all pairs are looked at.
func TestSweptPairsAreThoseThatMeet(t *testing.T) {
	b := sim.NewBuilder("crowd")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddCollider(sim.Collider{Name: "shelf", Link: sim.World, Shape: contact.Box(r3.Vec{X: 2, Y: 2, Z: 0.1}), Friction: 0.5})
	const n = 60
	shapes := []contact.Shape{contact.Sphere(0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.08, Z: 0.12}), contact.Capsule(0.06, 0.1)}
	for i := range n {
		l := b.AddLink(fmt.Sprint("body", i), sim.SphereInertia(1, 0.1))
		b.AddFree(fmt.Sprint("free", i), l)
		b.AddCollider(sim.Collider{Link: l, Shape: shapes[i%3], Friction: 0.5})
	}
	model, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	m := model.Engine()
	var ways [2][]float64
	for all := range ways {
		s := dynamics.NewStepper(m)
		if !s.Swept() {
			t.Fatalf("%d pairs of %d colliders are not swept", len(m.Pairs), n)
		}
		if all == 1 {
			s.LookAtAll()
		}
		x := model.NewState()
		for i := range n {
			x.Q[7*i], x.Q[7*i+1], x.Q[7*i+2] = 0.3*float64(i%4), 0.3*float64(i/4%4), 0.3+0.3*float64(i/16)
		}
		rng := rand.New(rand.NewPCG(3, 12))
		for i := range x.V {
			x.V[i] = 3 * rng.NormFloat64()
		}
		u := make([]float64, m.NU)
		before, touched := 0.0, 0
		for k := range 40 {
			if !s.Load(x.Q, x.V, u, m.Timestep, before) {
				t.Fatalf("step %d does not load", k)
			}
			if r := s.Solve(dynamics.NewOptions(1e-5, 1e-4, 1e-9, 0)); r.Status != ipm.Solved {
				t.Fatalf("step %d: %v", k, r.Status)
			}
			s.Store(x.Q, x.V)
			before = m.Timestep
			touched += len(s.Meetings(nil))
		}
		if touched < 1000 {
			t.Errorf("only %d contacts were met", touched)
		}
		poses := make([]spatial.Pose, len(m.Bodies))
		m.Kinematics(poses, x.Q)
		if _, d, _ := s.Overlap(poses, 0); d > 0 {
			t.Errorf("bodies are %g m in each other", d)
		}
		ways[all] = append(slices.Clone(x.Q), x.V...)
	}
	if !slices.Equal(ways[0], ways[1]) {
		t.Error("swept pairs lead elsewhere than all pairs")
	}
}

// TestBallsBesideBoxes: a ball is said to be out of reach of a box, turned in a body that is turned, only if it is so
// of all points of the box, and else it is within reach of one of them.
func TestBallsBesideBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 12))
	beside := 0
	for range 300 {
		half, at := r3.Vec{X: 1, Y: 0.1 + rng.Float64(), Z: 0.1}, sim.Pose{Pos: r3.Vec{X: rng.Float64()}, Rot: spatial.RotationVector(r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64()})}
		b := sim.NewBuilder("beside")
		b.SetTimestep(0.01)
		b.SetGravity(r3.Vec{})
		plate, ball := b.AddLink("plate", sim.BoxInertia(1, half)), b.AddLink("ball", sim.SphereInertia(1, 0.1))
		b.AddFree("plate", plate)
		b.AddFree("ball", ball)
		b.AddCollider(sim.Collider{Name: "plate", Link: plate, Shape: contact.Box(half), Pose: at})
		b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(0.1)})
		model, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		m, x := model.Engine(), model.NewState()
		q := spatial.RotationVector(r3.Vec{X: rng.NormFloat64(), Z: rng.NormFloat64()})
		copy(x.Q, []float64{rng.NormFloat64(), 0, 0, q.Real, q.Imag, q.Jmag, q.Kmag, rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()})
		s := dynamics.NewStepper(m)
		if !s.Load(x.Q, x.V, make([]float64, m.NU), m.Timestep, 0) {
			t.Fatal("not loaded")
		}
		const reach = 0.2
		poses := make([]spatial.Pose, len(m.Bodies))
		m.Kinematics(poses, x.Q)
		p := at.Inv().Apply(poses[0].Inv().Apply(poses[1].Pos)) // of the ball, in axes of the box
		near := p
		near.X, near.Y, near.Z = min(max(p.X, -half.X), half.X), min(max(p.Y, -half.Y), half.Y), min(max(p.Z, -half.Z), half.Z)
		out := r3.Norm(r3.Sub(p, near)) > 0.1+reach
		if s.BesideBox(0, reach) != out {
			t.Fatalf("a ball at %v beside a box of %v is out of reach: %v", p, half, !out)
		}
		if out {
			beside++
		}
	}
	if beside < 30 || beside > 270 {
		t.Errorf("%d of 300 are out of reach", beside)
	}
}
