package implicit_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCheckCapsuleOnHulls: derivatives of steps in which a capsule falls on a plate that moves, a box or points.
func TestCheckCapsuleOnHulls(t *testing.T) {
	for plate, top := range map[string]contact.Shape{
		"a box":  contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.05}),
		"points": contact.Points([]r3.Vec{{X: 0.3, Y: 0.2, Z: 0.05}, {X: -0.3, Y: 0.2, Z: 0.05}, {X: -0.25, Y: -0.2, Z: 0.05}, {X: 0.3, Y: -0.2, Z: 0.05}, {Z: -0.1}}),
	} {
		t.Run(plate, func(t *testing.T) {
			b := world("hulls", 9.81)
			b.AddGround()
			for i, s := range []contact.Shape{top, contact.Capsule(0.05, 0.1)} {
				l := b.AddLink([]string{"plate", "other"}[i], sim.SphereInertia(1, 0.1))
				b.AddFree([]string{"plate", "other"}[i], l)
				b.AddCollider(sim.Collider{Link: l, Shape: s, Friction: 0.4 + 0.1*float64(i), Pose: sim.Pose{Pos: r3.Vec{X: 0.01}}})
			}
			m := must(t, b)
			x := m.NewState()
			copy(x.Q[0:], []float64{0, 0, 0.12, math.Sqrt(1 - 0.0014), 0.02, 0.03, 0.01})
			copy(x.Q[7:], []float64{0.12, 0.05, 0.4, math.Sqrt(1 - 0.09*3), 0.3, 0.3, 0.3})
			x.V[6], x.V[9] = 0.3, 1
			checks(t, m, implicit.CheckOptions{Kappa: 1e-2, Start: x, Steps: 40, Every: 4})
		})
	}
}

// TestCheckCanOnAnEdge: derivatives of steps in which a can falls with its rim on the edge of a box that moves, and
// with its side along one.
func TestCheckCanOnAnEdge(t *testing.T) {
	for name, turn := range map[string]sim.Pose{
		"rim":  {Rot: sim.RPY(0.5, 0.4, 0.3)},
		"side": {Rot: sim.RPY(math.Pi/2+0.03, 0.02, math.Pi/2+0.05)},
	} {
		t.Run(name, func(t *testing.T) {
			b := world("edge", 9.81)
			b.AddGround()
			for i, s := range []contact.Shape{contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.15}), contact.Cylinder(0.1, 0.08)} {
				l := b.AddLink([]string{"block", "can"}[i], sim.SphereInertia(1, 0.1))
				b.AddFree([]string{"block", "can"}[i], l)
				b.AddCollider(sim.Collider{Link: l, Shape: s, Friction: 0.4 + 0.1*float64(i)})
			}
			m := must(t, b)
			x := m.NewState()
			edge := sim.RPY(math.Pi/4, 0.05, 0.1) // an edge along x is up
			copy(x.Q, []float64{0, 0, 0.27, edge.Real, edge.Imag, edge.Jmag, edge.Kmag})
			copy(x.Q[7:], []float64{0.05, 0.01, 0.66, turn.Rot.Real, turn.Rot.Imag, turn.Rot.Jmag, turn.Rot.Kmag})
			x.V[6], x.V[8], x.V[9] = 0.3, -1, 1
			checks(t, m, implicit.CheckOptions{Kappa: 1e-2, Start: x, Steps: 30, Every: 3})
		})
	}
}

// TestCheckAcrossARim: derivatives of steps in which what lies across the rim of a disk that moves lands on it: edges,
// rims and sides cross its circle level.
func TestCheckAcrossARim(t *testing.T) {
	for name, s := range map[string]contact.Shape{
		"box": contact.Box(r3.Vec{X: 0.1, Y: 0.08, Z: 0.05}), "can": contact.Cylinder(0.1, 0.05), "rod": contact.Capsule(0.05, 0.1),
	} {
		t.Run(name, func(t *testing.T) {
			b := world("rim", 9.81)
			b.AddGround()
			for i, s := range []contact.Shape{contact.Cylinder(0.3, 0.05), s} {
				l := b.AddLink([]string{"disk", "other"}[i], sim.SphereInertia(1, 0.1))
				b.AddFree([]string{"disk", "other"}[i], l)
				b.AddCollider(sim.Collider{Link: l, Shape: s, Friction: 0.4 + 0.1*float64(i)})
			}
			m := must(t, b)
			x := m.NewState()
			turn := sim.RPY(0.01, -0.02, 0.4)
			if name == "rod" {
				turn = sim.RPY(0.01, math.Pi/2+0.02, 0.4)
			}
			copy(x.Q, []float64{0, 0, 0.051, 1, 0, 0, 0})
			copy(x.Q[7:], []float64{0.27, 0.05, 0.153, turn.Real, turn.Imag, turn.Jmag, turn.Kmag})
			x.V[6], x.V[9] = 0.1, 0.3
			checks(t, m, implicit.CheckOptions{Kappa: 1e-2, Start: x, Steps: 12, Every: 2})
		})
	}
}

// checks fails where derivatives differ from differences.
func checks(t *testing.T, m *sim.Model, opt implicit.CheckOptions) {
	t.Helper()
	r, err := implicit.Check(m, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("state %.1e input %.1e params %.1e worst %s, %d contacts", r.State, r.Input, r.Params, r.Worst, r.Contacts)
	if !r.OK() {
		t.Errorf("%+v", r)
	}
}
