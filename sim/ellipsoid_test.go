package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// egg returns a free solid ellipsoid on the ground.
func egg(t *testing.T, h, mu float64, r r3.Vec) *sim.Model {
	b := newWorld("egg", h)
	l := b.AddLink("egg", sim.EllipsoidInertia(1, r))
	b.AddFree("egg", l)
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Ellipsoid(r.X, r.Y, r.Z), Friction: mu})
	b.AddGround()
	return mustModel(t, b)
}

// TestEggRocks: a solid ellipsoid that rocks a little on a rough plane has the frequency of small oscillations, that of Steiner's
// moment about the point of contact and the height of the center of curvature above the center: ω² = m g (ρ − c)/(I + m c²), ρ = a²/c.
func TestEggRocks(t *testing.T) {
	const a, c, h = 0.3, 0.1, 0.001
	m := egg(t, h, 2, r3.Vec{X: a, Y: 0.2, Z: c})
	s := m.NewStepper(sim.Options{Kappa: 1e-9})
	x := m.NewState()
	tilt := 0.005
	x.Q[2] = math.Sqrt(c*c*math.Cos(tilt)*math.Cos(tilt) + a*a*math.Sin(tilt)*math.Sin(tilt))
	x.Q[3], x.Q[5] = math.Cos(tilt/2), math.Sin(tilt/2)
	must(t, s, &x, nil)
	e0 := totalEnergy(t, s, x) // from then on with the half step of gravity that what rests does not take
	var zero []float64         // times of passing the upright
	for k := 0; len(zero) < 9; k++ {
		was := x.Q[5]
		must(t, s, &x, nil)
		if was*x.Q[5] < 0 {
			zero = append(zero, h*(float64(k)+was/(was-x.Q[5])))
		}
	}
	got := math.Pi * 8 / (zero[8] - zero[0])
	want := math.Sqrt(9.81 * (a*a/c - c) / ((a*a+c*c)/5 + c*c))
	// the frequency falls by about ω² tilt² relative, and by (ωh)²/24
	tol.Within(t, math.Abs(got/want-1), 1e-3, "frequency: %g rad/s, want %g", got, want)
	swing := 9.81 * (a*a/c - c) * tilt * tilt / 2
	tol.Within(t, math.Abs(totalEnergy(t, s, x)-e0)/swing, 1e-3, "change of energy, of that of the swing")
}

// TestCoinShapedEggGainsNoEnergy: a flat ellipsoid that spins down on its edge, as Euler's disk does, at steps in which
// the point of contact runs round a part of the edge.
func TestCoinShapedEggGainsNoEnergy(t *testing.T) {
	for _, h := range []float64{0.002, 0.01, 0.02} {
		m := egg(t, h, 0.5, r3.Vec{X: 0.1, Y: 0.1, Z: 0.01})
		s := m.NewStepper(sim.Options{})
		x := m.NewState()
		x.Q[2], x.Q[3], x.Q[4] = 0.11, math.Cos(0.6), math.Sin(0.6)
		x.V[4], x.V[5] = 3, 8
		e, most := totalEnergy(t, s, x), math.Inf(-1)
		for range int(3 / h) {
			must(t, s, &x, nil)
			most = math.Max(most, totalEnergy(t, s, x)-e)
		}
		t.Logf("h = %g ms: energy %.4f J at the start, %.4f at the end, at most %+.2e", 1000*h, e, totalEnergy(t, s, x), most)
		if most > 0.01*e {
			t.Errorf("h = %g ms: gains %g of %g J", 1000*h, most, e)
		}
	}
}

// TestEllipsoidsFall: piles of ellipsoids of all proportions with other shapes settle without a failed step, at three timesteps.
func TestEllipsoidsFall(t *testing.T) {
	steps := 0
	for seed := range uint64(6) {
		rng := seeded(100 + seed)
		b := newWorld("eggs", []float64{0.002, 0.01, 0.02}[seed%3])
		b.AddGround()
		for i := range 6 {
			r := r3.Vec{X: 0.02 + 0.13*rng.Float64(), Y: 0.02 + 0.13*rng.Float64(), Z: 0.02 + 0.13*rng.Float64()}
			shape := contact.Ellipsoid(r.X, r.Y, r.Z)
			if i%3 == 2 {
				shape = []contact.Shape{contact.Box(r), contact.Cylinder(r.X, r.Z), contact.Capsule(r.X, r.Z), contact.Sphere(r.X)}[rng.IntN(4)]
			}
			name := string(rune('a' + i))
			l := b.AddLink(name, sim.EllipsoidInertia(0.1+rng.Float64(), r))
			b.AddFree(name, l)
			b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shape, Friction: rng.Float64()})
		}
		m := mustModel(t, b)
		x := m.NewState()
		for i := range 6 {
			setPose(&x, 7*i, r3.Vec{X: 0.05 * rng.NormFloat64(), Y: 0.05 * rng.NormFloat64(), Z: 0.3 + 0.35*float64(i)}, randomQuat(rng))
			for k := range 6 {
				x.V[6*i+k] = rng.NormFloat64()
			}
		}
		s := m.NewStepper(sim.Options{})
		for range int(2 / m.Timestep()) {
			must(t, s, &x, nil)
			steps++
			if p := s.Penetration(); p > 1e-4 {
				t.Fatalf("seed %d: %g m deep", seed, p)
			}
		}
	}
	t.Logf("%d steps", steps)
}
