package implicit_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// terrains are a rough height field and stairs, a mesh.
func terrains() map[string]contact.Shape {
	rng := rand.New(rand.NewPCG(7, 7))
	h := make([]float64, 9*9)
	for i := range h {
		h[i] = 0.04 * rng.NormFloat64()
	}
	vertices, triangles := []r3.Vec{}, [][3]int32{}
	for k := range 4 { // each with a tread and a riser
		x, z := 0.2*float64(k)-0.4, 0.07*float64(k)
		n := int32(len(vertices))
		for _, p := range [3][2]float64{{x, z}, {x + 0.2, z}, {x + 0.2, z + 0.07}} {
			vertices = append(vertices, r3.Vec{X: p[0], Y: -1, Z: p[1]}, r3.Vec{X: p[0], Y: 1, Z: p[1]})
		}
		triangles = append(triangles, [3]int32{n, n + 2, n + 3}, [3]int32{n, n + 3, n + 1}, [3]int32{n + 2, n + 4, n + 5}, [3]int32{n + 2, n + 5, n + 3})
	}
	return map[string]contact.Shape{"hills": contact.HeightField(9, 9, 0.15, 0.15, h), "stairs": contact.Mesh(vertices, triangles)}
}

// TestCheckTerrain: derivatives by state and by all parameters, sizes of shapes and places of terrain among them, of
// every shape that falls and slides on rough ground and on stairs.
func TestCheckTerrain(t *testing.T) {
	for name, ground := range terrains() {
		for i, s := range []contact.Shape{
			contact.Sphere(0.1), contact.Capsule(0.05, 0.1), contact.Box(r3.Vec{X: 0.12, Y: 0.09, Z: 0.06}), contact.Cylinder(0.08, 0.06),
			contact.Points([]r3.Vec{{X: 0.1, Y: 0.1, Z: -0.05}, {X: -0.1, Y: 0.08, Z: -0.05}, {Y: -0.12, Z: -0.06}, {Z: 0.1}}),
			contact.Ellipsoid(0.12, 0.08, 0.06),
		} {
			t.Run(s.Kind.String()+" on "+name, func(t *testing.T) {
				for _, kappa := range []float64{1e-2, 1e-4} {
					b := world("terrain", 9.81)
					b.AddTerrain(name, ground, sim.Pose{Pos: r3.Vec{X: 0.01, Z: 0.02}, Rot: sim.RPY(0.05, -0.03, 0.4)})
					l := b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.08, Z: 0.06}))
					b.AddFree("free", l)
					b.AddCollider(sim.Collider{Link: l, Shape: s, Friction: 0.5, Pose: sim.Pose{Pos: r3.Vec{X: 0.01}, Rot: sim.RPY(0.1, 0, 0.2)}})
					m := must(t, b)
					x := m.NewState()
					copy(x.Q, []float64{0.033, 0.021, 0.32, math.Sqrt(1 - 0.06), 0.2, 0.1, 0.1}) // not where a rim passes a ridge within 1e-6 m
					copy(x.V, []float64{-0.3, 0.2, -1, 2, 1, 0.5})
					check(t, m.Name(), m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 40, Every: 8, Params: 2, Seed: uint64(i)})
				}
			})
		}
	}
}

// TestCheckAlongRidge: derivatives where an edge of a box nearly along the edge of a stair crosses it, on the tread.
func TestCheckAlongRidge(t *testing.T) {
	for _, yaw := range []float64{0.015, 0.05, -0.08} {
		b := world("along a ridge", 9.81)
		b.AddTerrain("stairs", terrains()["stairs"], sim.Pose{Pos: r3.Vec{X: 0.01, Z: 0.02}, Rot: sim.RPY(0.02, 0.01, 0.4)})
		half := r3.Vec{X: 0.08, Y: 0.09, Z: 0.06}
		addBox(b, "box", 1, half, 0.5)
		m := must(t, b)
		x := m.NewState()
		at := sim.Pose{Pos: r3.Vec{X: 0.01, Z: 0.02}, Rot: sim.RPY(0.02, 0.01, 0.4)}.Mul(sim.Pose{Pos: r3.Vec{X: 0.0805, Y: 0.01, Z: 0.14 + 0.0605}, Rot: sim.RPY(0.005, 0.003, yaw)})
		copy(x.Q, []float64{at.Pos.X, at.Pos.Y, at.Pos.Z, at.Rot.Real, at.Rot.Imag, at.Rot.Jmag, at.Rot.Kmag})
		x.V[0], x.V[5] = 0.02, 0.1
		for _, kappa := range []float64{1e-2, 1e-4} {
			check(t, m.Name(), m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 5, Every: 1, Params: 2})
		}
		s := m.NewStepper(sim.Options{Kappa: 1e-4})
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
		points := 0
		for _, c := range s.Contacts() {
			if k := gap.Kind(c.ID.Feature >> 48); k == gap.PointPlane && c.ID.Feature&0xffffffff < 40 || k == gap.PlanePoint {
				points++
			}
		}
		if points < 2 {
			t.Errorf("yaw %g: no edge crosses along a ridge", yaw)
		}
	}
}

// TestCheckRimOnRidges: derivatives of a disk whose rim crosses the edge of a stair, lying on it and leaning on it, and
// of a can that lies along it.
func TestCheckRimOnRidges(t *testing.T) {
	stairs := sim.Pose{Pos: r3.Vec{X: 0.01, Z: 0.02}, Rot: sim.RPY(0.02, 0.01, 0.4)}
	for _, c := range []struct {
		shape contact.Shape
		at    sim.Pose
	}{
		{contact.Cylinder(0.15, 0.03), sim.Pose{Pos: r3.Vec{X: 0.1, Y: 0.01, Z: 0.14 + 0.0305}, Rot: sim.RPY(0.03, 0.02, 0.3)}},
		{contact.Cylinder(0.15, 0.03), sim.Pose{Pos: r3.Vec{X: 0.01, Y: 0.01, Z: 0.14 + 0.06}, Rot: sim.RPY(0.1, 0.4, 0.3)}},
		{contact.Cylinder(0.05, 0.1), sim.Pose{Pos: r3.Vec{X: 0.0005, Y: 0.01, Z: 0.14 + 0.0505}, Rot: sim.RPY(math.Pi/2+0.003, 0.004, 0.05)}},
	} {
		b := world("rims on ridges", 9.81)
		b.AddTerrain("stairs", terrains()["stairs"], stairs)
		l := b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.06}))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Link: l, Shape: c.shape, Friction: 0.5})
		m := must(t, b)
		x := m.NewState()
		at := stairs.Mul(c.at)
		copy(x.Q, []float64{at.Pos.X, at.Pos.Y, at.Pos.Z, at.Rot.Real, at.Rot.Imag, at.Rot.Jmag, at.Rot.Kmag})
		copy(x.V, []float64{0.1, 0.02, -0.1, 0.1, 0.05, 0.3})
		for _, kappa := range []float64{1e-2, 1e-4} {
			check(t, m.Name(), m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 12, Every: 2, Params: 2})
		}
	}
}

// TestCheckRimOfASheet: derivatives of what tips over the rim of an open sheet, touched from above, beside and below.
func TestCheckRimOfASheet(t *testing.T) {
	table := contact.Mesh([]r3.Vec{{X: -0.6, Y: -0.3}, {Y: -0.3}, {Y: 0.3}, {X: -0.6, Y: 0.3}}, [][3]int32{{0, 1, 2}, {0, 2, 3}})
	for i, s := range []contact.Shape{
		contact.Capsule(0.05, 0.1), contact.Box(r3.Vec{X: 0.12, Y: 0.09, Z: 0.06}), contact.Cylinder(0.08, 0.06), contact.Ellipsoid(0.12, 0.08, 0.06),
		contact.Points([]r3.Vec{{X: 0.1, Y: 0.1, Z: -0.05}, {X: -0.1, Y: 0.08, Z: -0.05}, {Y: -0.12, Z: -0.06}, {Z: 0.1}}),
	} {
		for k, q := range [2]sim.Pose{{Pos: r3.Vec{X: 0.03, Y: 0.02, Z: 0.12}, Rot: sim.RPY(0.1, 0.15, 0.3)}, {Pos: r3.Vec{X: 0.1, Y: 0.29, Z: 0.05}, Rot: sim.RPY(0.2, 0.7, 0.3)}} {
			b := world("rim", 9.81)
			b.AddTerrain("table", table, sim.Pose{Pos: r3.Vec{X: 0.01, Z: 0.02}, Rot: sim.RPY(0.05, -0.03, 0.4)})
			l := b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.08, Z: 0.06}))
			b.AddFree("free", l)
			b.AddCollider(sim.Collider{Link: l, Shape: s, Friction: 0.5})
			m := must(t, b)
			x := m.NewState()
			copy(x.Q, []float64{q.Pos.X, q.Pos.Y, q.Pos.Z, q.Rot.Real, q.Rot.Imag, q.Rot.Jmag, q.Rot.Kmag})
			copy(x.V, []float64{-0.5 * float64(k), 0.2, -0.3, 0.2, 0.4, 0.1})
			for _, kappa := range []float64{1e-2, 1e-4} {
				check(t, m.Name(), m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 30, Every: 5, Params: 2, Seed: uint64(i)})
			}
		}
	}
}
