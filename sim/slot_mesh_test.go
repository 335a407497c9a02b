package sim_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// slotWalls are two walls that face each other along y, sheets of one mesh.
func slotWalls(half float64) contact.Shape {
	var v []r3.Vec
	for _, y := range []float64{-half, half} {
		v = append(v, r3.Vec{X: -1, Y: y, Z: -1}, r3.Vec{X: 1, Y: y, Z: -1}, r3.Vec{X: 1, Y: y, Z: 1}, r3.Vec{X: -1, Y: y, Z: 1})
	}
	return contact.Mesh(v, [][3]int32{{0, 2, 1}, {0, 3, 2}, {4, 5, 6}, {4, 6, 7}})
}

// TestASlotInAMesh: walls of one mesh hold a body as those of two shapes do. Of what is too thick for them by 1 nm to
// 10 µm, as features that touch anew may be, the quick ways told that both sides push against each other, but it
// counted as held by a single shape, and each first step failed after 17 000 to 20 000 iterations; by more it was said
// to have no position after 300 to 800.
func TestASlotInAMesh(t *testing.T) {
	shapes := map[string]contact.Shape{
		"ball": contact.Sphere(0.1), "box": contact.Box(half), "can": contact.Cylinder(0.1, 0.1), "capsule": contact.Capsule(0.1, 0.1), "egg": contact.Ellipsoid(0.2, 0.1, 0.15),
		"hull": contact.Points([]r3.Vec{{X: 0.1}, {X: -0.1}, {Y: 0.1}, {Y: -0.1}, {Z: 0.1}, {Z: -0.1}}),
	}
	for name, shape := range shapes {
		for _, friction := range []float64{0, 0.5} {
			for _, thick := range []float64{0, 1e-9, 1e-8, 1e-7, 1e-5, 1e-3} {
				b := newWorld("slot", 0.01)
				l := b.AddLink("body", sim.BoxInertia(1, half))
				b.AddFree("free", l)
				b.AddCollider(sim.Collider{Name: "body", Link: l, Shape: shape, Friction: friction})
				b.AddTerrain("walls", slotWalls(0.1-thick/2), sim.Pose{})
				m := mustModel(t, b)
				s, x := m.NewStepper(sim.Options{}), m.NewState()
				var err error
				for k := 0; k < 30 && err == nil; k++ {
					var res sim.Result
					if res, err = s.Step(&x, x, nil); res.Iterations > 250 {
						t.Errorf("%s, friction %g, %g m too thick, step %d: %d iterations", name, friction, thick, k, res.Iterations)
					}
				}
				if thick > 5e-4 {
					if !errors.Is(err, ipm.Infeasible.Err()) || !strings.Contains(err.Error(), "contact body/walls") {
						t.Errorf("%s, friction %g, %g m too thick: %v", name, friction, thick, err)
					}
					continue
				}
				if err != nil {
					t.Errorf("%s, friction %g, %g m too thick: %v", name, friction, thick, err)
				}
				tol.Within(t, s.Penetration(), thick/2+3e-10, "%s, friction %g, %g m too thick: depth", name, friction, thick)
				if friction == 0 {
					tol.Within(t, x.Q[2]+gravity/2*0.3*0.3, 1e-6, "%s, %g m too thick: height fallen to", name, thick)
				}
			}
		}
	}
}
