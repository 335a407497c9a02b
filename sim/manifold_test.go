package sim_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// ngon returns a prism of n sides.
func ngon(n int, radius, half float64) contact.Shape {
	var l []r3.Vec
	for i := range 2 * n {
		y, x := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		l = append(l, r3.Vec{X: radius * x, Y: radius * y, Z: half * float64(1-i/n*2)})
	}
	return contact.Points(l)
}

// twoBodies returns a free body of a shape on one of the world, which has its middle at the origin.
func twoBodies(t *testing.T, upper, lower contact.Shape, friction float64) *sim.Model {
	t.Helper()
	b := newWorld("two", 0.01)
	l := b.AddLink("upper", sim.BoxInertia(1, r3.Vec{X: 0.2, Y: 0.2, Z: 0.1}))
	b.AddFree("upper", l)
	b.AddCollider(sim.Collider{Name: "upper", Link: l, Shape: upper, Friction: friction})
	b.AddCollider(sim.Collider{Name: "lower", Link: sim.World, Shape: lower, Friction: friction})
	return mustModel(t, b)
}

// TestRestGapOfAnyManifold: κ means the same for 4, 8 and 12 corners: what rests on a face rests κℓ above it, and all
// corners are there. A tower of equal faces that are turned against each other has twice as many as one of faces that
// are not (genesis-world#3223: eight were cut to five).
func TestRestGapOfAnyManifold(t *testing.T) {
	box := contact.Box(r3.Vec{X: 0.2, Y: 0.2, Z: 0.1})
	for _, c := range []struct {
		upper, lower contact.Shape
		yaw          float64
		corners      int
	}{
		{box, contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.1}), 0.3, 4}, {box, box, math.Pi / 4, 8}, {box, box, 0.3, 8},
		{ngon(6, 0.2, 0.1), ngon(6, 0.2, 0.1), math.Pi / 6, 12}, {ngon(6, 0.2, 0.1), ngon(6, 0.2, 0.1), 0.2, 12}, {ngon(6, 0.2, 0.1), box, 0.1, 6},
		{box, contact.Points(cornersOf(r3.Vec{X: 0.2, Y: 0.2, Z: 0.1}, r3.Vec{})), math.Pi / 4, 8},
	} {
		name := fmt.Sprintf("%v on %v, %d corners", c.upper.Kind, c.lower.Kind, c.corners)
		for _, kappa := range []float64{1e-4, 1e-6, 1e-8} {
			m := twoBodies(t, c.upper, c.lower, 0.5)
			s, x := m.NewStepper(sim.Options{Kappa: kappa}), m.NewState()
			setPose(&x, 0, r3.Vec{Z: 0.2 + 1e-4}, axisAngle(up, c.yaw))
			for range 100 {
				must(t, s, &x, nil)
			}
			force, n, unit := r3.Vec{}, 0, 0.0
			for _, k := range s.Contacts() {
				if force = r3.Add(force, k.Force); r3.Norm(k.Force) > 0.01*gravity {
					n++
				}
				unit = k.KappaUnit
			}
			want := kappa * unit / (gravity * 0.01)
			gap := x.Q[2] - 0.2
			if n != c.corners {
				t.Errorf("%s: %d contacts carry", name, n)
			}
			tol.Within(t, r3.Norm(r3.Sub(force, r3.Vec{Z: gravity}))/gravity, 1e-6, "%s, κ = %g: force", name, kappa)
			tol.Within(t, math.Abs(gap/want-1), 0.01, "%s, κ = %g: rests at %.4g of κℓ", name, kappa, gap/want)
		}
	}
}

// TestAlignedBoxesSlide: a box that slides without friction on one of its size, aligned to 1e-8 … 1e-4, keeps its
// speed: edges that are nearly parallel are no wall.
func TestAlignedBoxesSlide(t *testing.T) {
	box := contact.Box(r3.Vec{X: 0.2, Y: 0.2, Z: 0.1})
	for _, angle := range []float64{0, 1e-8, 1e-6, 1e-4, -1e-4} {
		for _, dir := range []r3.Vec{{X: 1}, {Y: -1}, r3.Unit(r3.Vec{X: 1, Y: 1})} {
			m := twoBodies(t, box, box, 0)
			s, x := m.NewStepper(sim.Options{Kappa: 1e-8}), m.NewState()
			setPose(&x, 0, r3.Vec{Z: 0.2 + 1e-8}, axisAngle(r3.Unit(r3.Vec{X: 0.1, Y: 0.2, Z: 1}), angle))
			copy(x.V, []float64{0.2 * dir.X, 0.2 * dir.Y, 0})
			for range 50 { // 0.1 m: over half of the box
				must(t, s, &x, nil)
			}
			across := math.Abs(dir.X*x.V[1] - dir.Y*x.V[0])
			tol.Within(t, math.Abs(math.Hypot(x.V[0], x.V[1])-0.2)+across+math.Abs(x.V[5]), 2e-5, "aligned to %g, along %.1f: change of speed", angle, dir)
		}
	}
}

// TestYawOfEqualBoxesJumpsNowhere: as one box turns on an equal one from -1 to 1 rad, leaning by a thousandth, what a
// step does to its velocity goes on without jumps beyond ten tilts of g h.
func TestYawOfEqualBoxesJumpsNowhere(t *testing.T) {
	const n, tilt = 2000, 1e-3
	box := contact.Box(r3.Vec{X: 0.2, Y: 0.2, Z: 0.1})
	m := twoBodies(t, box, box, 0.5)
	s, last, worst := m.NewStepper(sim.Options{}), r3.Vec{}, 0.0
	for i := range n + 1 {
		yaw := 2*float64(i)/n - 1
		x := m.NewState()
		setPose(&x, 0, r3.Vec{X: 0.02, Y: 0.01, Z: 0.2 + 3e-4}, quat.Mul(axisAngle(r3.Unit(r3.Vec{X: 1, Y: 0.4}), tilt), axisAngle(up, yaw)))
		x.H = 0.01
		must(t, s, &x, nil)
		v := r3.Vec{X: x.V[0], Y: x.V[1], Z: x.V[2]}
		if d := r3.Norm(r3.Sub(v, last)); i > 0 && d > worst {
			worst = d
		}
		last = v
	}
	t.Logf("velocity jumps by %.1e tilt g h at most", worst/(tilt*gravity*0.01))
	tol.Within(t, worst/(tilt*gravity*0.01), 10, "jump of the velocity, in tilt g h")
}

// TestDroppedBoxLandsWithoutSpin: a box that falls flat on another lands flat, in the middle, aside and over an edge
// (coal#144: one point for two flush faces spins it).
func TestDroppedBoxLandsWithoutSpin(t *testing.T) {
	box := contact.Box(r3.Vec{X: 0.2, Y: 0.15, Z: 0.1})
	for _, at := range []r3.Vec{{Z: 0.25}, {X: 0.1, Y: 0.05, Z: 0.25}, {X: 0.19, Z: 0.25}} {
		for _, yaw := range []float64{0, 0.3, math.Pi / 2} {
			m := twoBodies(t, box, contact.Box(r3.Vec{X: 0.2, Y: 0.2, Z: 0.1}), 0.5)
			s, x := m.NewStepper(sim.Options{Kappa: 1e-8}), m.NewState()
			setPose(&x, 0, at, axisAngle(up, yaw))
			spin := 0.0
			for range 60 {
				must(t, s, &x, nil)
				spin = math.Max(spin, math.Hypot(math.Hypot(x.V[3], x.V[4]), x.V[5]))
			}
			tol.Within(t, spin+math.Abs(x.Q[2]-0.2), 1e-5, "dropped at %.2f, yaw %.1f: spin and height", at, yaw)
		}
	}
}
