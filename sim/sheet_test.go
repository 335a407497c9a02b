package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// sheets are flat sheets of 0.5 by 0.5 m: of two triangles, and of many.
func sheets() []contact.Shape {
	return []contact.Shape{
		contact.Mesh([]r3.Vec{{X: -0.25, Y: -0.25}, {X: 0.25, Y: -0.25}, {X: 0.25, Y: 0.25}, {X: -0.25, Y: 0.25}}, [][3]int32{{0, 1, 2}, {0, 2, 3}}),
		contact.Mesh(smallField(7, 0.5/6, func(x, y float64) float64 { return 0 }).Terrain.Surface()),
	}
}

// TestRimsOfSheets: what is put on a sheet with its middle a centimeter inside of the rim stays there, and a centimeter
// outside of it falls; what slides over the rim, is pushed against it from the side, or is thrown at it goes nowhere
// into the sheet. Of these steps one in eight was up to 0.1 m deep in it where walls below the rim stood for its back.
func TestRimsOfSheets(t *testing.T) {
	shapes := append([]contact.Shape{contact.Box(r3.Vec{X: 0.15, Y: 0.1, Z: 0.004}), contact.Cylinder(0.02, 0.12), contact.Cylinder(0.1, 0.003)}, terrainShapes...)
	lies := []float64{0.004, 0.12, 0.003, 0.1, 0.06, 0.06, 0.07, 0.06, 0.06}
	const in, out, slides, pushed, falls = 0, 1, 2, 3, 4
	var c tally
	for k, s := range shapes {
		for n := range 60 {
			rng := seeded(uint64(100*k + n))
			m := onTerrain(t, s, sheets()[n/5%2], 0.1+0.6*rng.Float64(), []float64{0.005, 0.01, 0.02}[n%3])
			x, q := m.NewState(), sim.RPY(0, 0, 6*rng.Float64())
			at := r3.Vec{Y: 0.3 * (rng.Float64() - 0.5), Z: lies[k] + 1e-3}
			if s.Kind == contact.KindCapsule {
				q = sim.RPY(math.Pi/2, 0, 6*rng.Float64())
			}
			kind := n % 5
			switch kind {
			case in:
				at.X = 0.24
			case out:
				at.X = 0.26
			case slides:
				at.X = 0.05
				x.V[0] = 1.5
			case pushed:
				at = r3.Vec{X: -0.27 - s.Extent(), Y: at.Y, Z: 0.02 * (rng.Float64() - 0.5)}
				x.V[0] = 1.5
			case falls:
				at = r3.Vec{X: 0.6 * (rng.Float64() - 0.5), Y: 0.6 * (rng.Float64() - 0.5), Z: 0.4}
				q = randomQuat(rng)
			}
			v, w := r3.Vec{X: x.V[0]}, r3.Vec{}
			if kind == falls {
				v, w = randomVec(rng, 1), randomVec(rng, 3)
			}
			place(&x, 0, at, v, w)
			copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
			step := m.NewStepper(sim.Options{})
			c.bodies++
			for i := 0; float64(i)*m.Timestep() < 1.5; i++ {
				r, err := step.Step(&x, x, nil)
				if err != nil {
					t.Fatalf("%v %d, case %d, step %d: %v", s.Kind, k, kind, i, err)
				}
				c.steps++
				c.iterations += r.Iterations
				c.halvings += r.Halvings
				if d := step.Penetration(); d > 1e-5 {
					t.Errorf("%v %d, throw %d, case %d, step %d: %.3g m deep at %.4f", s.Kind, k, n, kind, i, d, x.Q)
				}
			}
			if kind == in && x.Q[2] < 0 || kind == out && x.Q[2] > -1 {
				t.Errorf("%v %d, case %d: ends at %.3f", s.Kind, k, kind, x.Q)
			}
		}
	}
	c.divides(t, 500)
}

// TestStepsOverRims: single steps of throws over the rims of sheets. The corner of a hull went past the rim, faced
// nothing where the step began, and nobody looked where it ended: 1.4 mm deep. A plate came in deeper than edges of
// shapes go into solids, 18 mm. Another was taken for past the end of a rim that goes on straight, by rounding: 3 mm.
// And a disk whose far rim seemed deep behind the rim of the sheet was divided nine times.
func TestStepsOverRims(t *testing.T) {
	rough := contact.Mesh(smallField(5, 0.125, func(x, y float64) float64 { return 0.02 * math.Sin(31*x+17*y) }).Terrain.Surface())
	stairs := contact.Mesh(smallField(9, 0.0625, func(x, y float64) float64 { return 0.06 * math.Floor(x/0.125+1e-9) }).Terrain.Surface())
	plate := contact.Box(r3.Vec{X: 0.15, Y: 0.1, Z: 0.004})
	for name, c := range map[string]struct {
		shape, sheet contact.Shape
		h            float64
		q, v         []float64
	}{
		"hull past a rim": {terrainShapes[4], sheets()[0], 0.02, []float64{0.26823, 0.05796, 0.13373, 0.55607, 0.52263, 0.24562, 0.59776}, []float64{0.304, -0.341, -2.201, -1.554, -4.982, 3.241}},
		"plate deep":      {plate, rough, 0.02, []float64{0.26824, 0.20322, 0.17365, 0.46758, 0.11479, 0.67998, -0.55302}, []float64{0.449, -0.082, -2.022, 0.045, 1.654, 3.722}},
		"plate on a rim":  {plate, stairs, 0.005, []float64{0.29074, -0.11162, 0.15959, 0.26722, -0.41483, 0.86412, -0.09904}, []float64{1.219, -0.899, -2.124, 4.636, 11.168, 0.676}},
		"disk":            {contact.Cylinder(0.1, 0.003), rough, 0.01, []float64{0.25474, 0.08210, 0.01120, 0.51129, -0.06993, 0.04317, 0.85547}, []float64{1.025, 0.584, -0.075, 2.035, 0.048, 0.059}},
	} {
		m := onTerrain(t, c.shape, c.sheet, 0.5, c.h)
		x := m.NewState()
		copy(x.Q, c.q)
		l := math.Sqrt(x.Q[3]*x.Q[3] + x.Q[4]*x.Q[4] + x.Q[5]*x.Q[5] + x.Q[6]*x.Q[6])
		for i := range 4 {
			x.Q[3+i] /= l
		}
		copy(x.V, c.v)
		s := m.NewStepper(sim.Options{})
		for range 2 {
			r, err := s.Step(&x, x, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if d := s.Penetration(); d > 1e-6 || r.Halvings > 0 {
				t.Errorf("%s: %d halvings, %.3g m deep", name, r.Halvings, d)
			}
		}
	}
}
