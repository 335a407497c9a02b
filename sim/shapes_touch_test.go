package sim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// on returns a model of a free shape of 1 kg over a fixed table, whose top is at z = 0.
func on(t testing.TB, table, shape contact.Shape, j r3.Vec) *sim.Model {
	b := newWorld("on", 0.005)
	b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: table, Friction: 0.5})
	l := b.AddLink("free", sim.Inertia{Mass: 1, Ixx: j.X, Iyy: j.Y, Izz: j.Z})
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Link: l, Shape: shape, Friction: 0.5})
	m := mustModel(t, b)
	return m
}

func cornersOf(h, at r3.Vec) (l []r3.Vec) {
	for i := range 8 {
		l = append(l, r3.Add(at, r3.Vec{X: h.X * float64(1-i&1*2), Y: h.Y * float64(1-i>>1&1*2), Z: h.Z * float64(1-i>>2&1*2)}))
	}
	return l
}

// tables are plates with the top at z = 0.
var tables = map[string]contact.Shape{
	"points": contact.Points(cornersOf(r3.Vec{X: 2, Y: 1, Z: 0.25}, r3.Vec{Z: -0.25})),
	"flat":   contact.Points(cornersOf(r3.Vec{X: 2, Y: 1}, r3.Vec{})),
}

// TestCylinderRollsStraight: a cylinder on its side keeps its speed, axis and height (mujoco_warp#1555, mujoco#420); dropped with a tilt of
// its axis it comes to rest within a second.
func TestCylinderRollsStraight(t *testing.T) {
	for name, table := range tables {
		m := on(t, table, contact.Cylinder(0.1, 0.1), r3.Vec{X: 0.006, Y: 0.006, Z: 0.005})
		s := m.NewStepper(sim.Options{})
		x := m.NewState()
		c := math.Sqrt(0.5)
		copy(x.Q, []float64{-0.5, 0, 0.1001, c, c, 0, 0})
		x.V[0], x.V[5] = 1, -10
		for range 200 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		tol.Within(t, math.Abs(x.V[0]-1)+math.Abs(x.Q[1])+math.Abs(x.Q[2]-0.1), 1e-3, "on %s: rolled to %v at %v", name, x.Q[:3], x.V)
		copy(x.Q, []float64{0, 0, 0.15, math.Sqrt(0.5 - 0.01), c, 0.1, 0})
		clear(x.V)
		x.H = 0
		for range 200 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		turn := math.Hypot(x.V[3], x.V[4]) // about axes across
		tol.Within(t, turn+math.Abs(x.V[2])+math.Abs(x.Q[2]-0.1), 1e-2, "on %s: dropped to %v at %v", name, x.Q, x.V)
	}
}

// TestShapesComeToRest: every shape dropped on a table comes to rest on it, upright, without spin (coal#144), at the
// height where it stands.
func TestShapesComeToRest(t *testing.T) {
	h := r3.Vec{X: 0.1, Y: 0.12, Z: 0.08}
	for tableName, table := range tables {
		for name, c := range map[string]struct {
			shape  contact.Shape
			height float64
		}{
			"box":      {contact.Box(h), h.Z},
			"points":   {contact.Points(cornersOf(h, r3.Vec{})), h.Z},
			"cylinder": {contact.Cylinder(0.1, 0.08), 0.08},
			"flat":     {contact.Points(cornersOf(r3.Vec{X: 0.1, Y: 0.1}, r3.Vec{Z: -0.05})), 0.05},
		} {
			m := on(t, table, c.shape, r3.Vec{X: 0.005, Y: 0.005, Z: 0.005})
			s := m.NewStepper(sim.Options{})
			x := m.NewState()
			x.Q[0], x.Q[2] = 0.3, c.height+0.05
			for range 200 {
				if _, err := s.Step(&x, x, nil); err != nil {
					t.Fatalf("%s on %s: %v", name, tableName, err)
				}
			}
			moving := 0.0
			for _, v := range x.V {
				moving += math.Abs(v)
			}
			tol.Within(t, moving+math.Abs(x.Q[0]-0.3)+math.Abs(x.Q[2]-c.height)+math.Abs(x.Q[3]-1), 1e-3, "%s on %s: at %v, moving %v", name, tableName, x.Q, x.V)
		}
	}
}

// TestShapesThatNothingTouches are refused, with the names of both colliders.
func TestShapesThatNothingTouches(t *testing.T) {
	b := sim.NewBuilder("line")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{})
	for _, name := range []string{"stick", "ball"} {
		l := b.AddLink(name, sim.SphereInertia(1, 0.1))
		b.AddFree(name, l)
		s := contact.Sphere(0.1)
		if name == "stick" {
			s = contact.Points(make([]r3.Vec, 5000))
		}
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: s})
	}
	if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), `"stick" and "ball"`) || !strings.Contains(err.Error(), "more than") {
		t.Errorf("%v", err)
	}
}
