package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// smallField returns a height field of n by n heights, d apart.
func smallField(n int, d float64, height func(x, y float64) float64) contact.Shape {
	h := make([]float64, n*n)
	for i := range h {
		h[i] = height((float64(i%n)-float64(n-1)/2)*d, (float64(i/n)-float64(n-1)/2)*d)
	}
	return contact.HeightField(n, n, d, d, h)
}

// TestNothingSinksIntoTheWallsOfAField: what falls over the rim of a height field, rolls below and comes back stays out
// of the ground under it. There were no walls below the rim: bodies went in there, up to 0.15 m, and what was in was
// pushed up as from a depth that it never had. The depth of a step is what the distance says.
func TestNothingSinksIntoTheWallsOfAField(t *testing.T) {
	fields := []contact.Shape{
		smallField(3, 0.2, func(x, y float64) float64 { return 0 }),
		smallField(7, 0.08, func(x, y float64) float64 { return 0.03 * math.Sin(31*x+17*y) }),
		smallField(13, 0.05, func(x, y float64) float64 { return 0.1 * math.Floor(x/0.15+1e-9) }),
	}
	var c tally
	below := 0
	for i, field := range fields {
		for k, s := range terrainShapes {
			for n := range 10 {
				rng := seeded(uint64(100*i + 10*k + n))
				b := newWorld("rim", []float64{0.005, 0.01, 0.02}[n%3])
				b.AddTerrain("terrain", field, sim.Pose{})
				b.AddHalfSpace("ground", r3.Vec{Z: 1}, -0.6)
				l := b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.08, Z: 0.06}))
				b.AddFree("free", l)
				b.AddCollider(sim.Collider{Name: "shape", Link: l, Shape: s, Friction: 0.2 + 0.6*rng.Float64()})
				m := mustModel(t, b)
				x := m.NewState()
				place(&x, 0, r3.Vec{X: 0.6 * (rng.Float64() - 0.5), Y: 0.6 * (rng.Float64() - 0.5), Z: 0.4}, randomVec(rng, 1), randomVec(rng, 3))
				q := randomQuat(rng)
				copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
				st, query := m.NewStepper(sim.Options{}), m.NewQuery()
				c.bodies++
				for step := 0; float64(step)*m.Timestep() < 1; step++ {
					r, err := st.Step(&x, x, nil)
					if err != nil {
						t.Fatalf("field %d, %v %d, step %d: %v", i, s.Kind, n, step, err)
					}
					c.steps++
					c.iterations += r.Iterations
					c.halvings += r.Halvings
					d := st.Penetration()
					if err := query.At(x.Q); err != nil {
						t.Fatal(err)
					}
					near, err := query.Nearest(nil)
					if err != nil || math.Abs(d-math.Max(0, -near.Gap)) > 1e-12 {
						t.Fatalf("%g m deep, the distance is %g, %v", d, near.Gap, err)
					}
					if s.Kind == contact.KindCylinder && d < 0.005*s.Radius {
						continue // on a ridge the edge of its prism is inside the rim
					}
					if d > 3e-3 {
						t.Errorf("field %d, %v %d, step %d: %g m deep at %v", i, s.Kind, n, step, d, x.Q)
					}
				}
				if x.Q[2] < -0.3 {
					below++
				}
			}
		}
	}
	if below < c.bodies/3 {
		t.Errorf("%d of %d bodies fell over the rim", below, c.bodies)
	}
	c.divides(t, 300)
}

// TestAThinHullStaysOnASheet: a hull falls across the rim of a floor without thickness. Where contacts gave way to ways
// out on its far side it went into the floor by 4 cm and was divided 946 times.
func TestAThinHullStaysOnASheet(t *testing.T) {
	floor := contact.Mesh([]r3.Vec{{X: -0.25, Y: -0.25}, {X: 0.25, Y: -0.25}, {X: 0.25, Y: 0.25}, {X: -0.25, Y: 0.25}}, [][3]int32{{0, 1, 2}, {0, 2, 3}})
	var c tally
	for n := range 12 {
		rng := seeded(uint64(n))
		h := []float64{0.005, 0.01, 0.02}[n%3]
		m := onTerrain(t, terrainShapes[4], floor, 0.2+0.6*rng.Float64(), h)
		x := m.NewState()
		place(&x, 0, r3.Vec{X: 0.6 * (rng.Float64() - 0.5), Y: 0.6 * (rng.Float64() - 0.5), Z: 0.4}, randomVec(rng, 1), randomVec(rng, 3))
		c.land(t, n, m, x, randomQuat(rng), 1, 1e-6)
	}
	c.divides(t, 200)
}
