package sim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// puck returns a body that stands on one point below its center, slides in a plane and spins about its normal, on the
// ground or on a table.
func puck(t testing.TB, h, mu, torsion float64, table bool) (*sim.Model, sim.State) {
	b := newWorld("puck", h)
	if table {
		b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(r3.Vec{X: 9, Y: 9, Z: 0.5}), Pose: sim.At(0, 0, -0.5), Friction: mu})
	} else {
		b.AddGround()
	}
	l := b.AddLink("puck", sim.SphereInertia(1, 0.1))
	b.AddJoint(sim.Joint{Name: "plane", Type: sim.JointType{Trans: []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}, Rot: []r3.Vec{{Z: 1}}}, Parent: sim.World, Child: l})
	b.AddCollider(sim.Collider{Name: "puck", Link: l, Shape: contact.Sphere(0.1), Friction: mu, Surface: contact.Surface{Torsion: torsion}})
	m := mustModel(t, b)
	x := m.NewState()
	x.Q[2] = 0.1
	return m, x
}

// TestPuckTradesSlidingForSpinning: of one cone the friction of what slides at v and spins at ω is −μγ (μv, r²ω/μ)/n, n =
// ‖(μv, rω)‖: a puck that spins slides the farther. Speed and spin are those of
//
//	m v̇ = −m g μ² v/n,   J ω̇ = −m g r² ω/n
//
// to first order of the step, and both end at once.
func TestPuckTradesSlidingForSpinning(t *testing.T) {
	const mu, r, inertia, v0, w0, end = 0.3, 0.05, 0.4 * 0.01, 1.0, 30.0, 0.3
	v, w := v0, w0
	const n = 30000
	rate := func(v, w float64) (a, alpha float64) {
		s := gravity / math.Hypot(mu*v, r*w)
		return -mu * mu * v * s, -r * r * w * s / inertia
	}
	for range n { // midpoint rule
		a, alpha := rate(v, w)
		a, alpha = rate(v+a*end/n/2, w+alpha*end/n/2)
		v, w = v+a*end/n, w+alpha*end/n
	}
	if apart := v0 - mu*gravity*end; v-apart < 0.1 {
		t.Fatalf("slides at %g m/s, without spinning at %g: no trade to see", v, apart)
	}
	for _, table := range []bool{false, true} {
		var off [2]float64
		for i, h := range []float64{2e-3, 1e-3} {
			m, x := puck(t, h, mu, r, table)
			x.V[0], x.V[1], x.V[3] = v0*0.6, v0*0.8, w0
			s := m.NewStepper(sim.Options{Kappa: 1e-8})
			e := totalEnergy(t, s, x)
			for range int(math.Round(end/h)) + 1 {
				must(t, s, &x, nil)
				next := totalEnergy(t, s, x)
				if next > e+1e-9 {
					t.Errorf("table %t: the energy grows by %g", table, next-e)
				}
				e = next
			}
			// velocities are those of the middle of the last interval
			a, alpha := rate(v, w)
			off[i] = math.Hypot(math.Hypot(x.V[0], x.V[1])-(v+a*h/2), (x.V[3]-(w+alpha*h/2))*0.1)
			tol.Within(t, math.Abs(x.V[1]/x.V[0]-0.8/0.6), 1e-9, "table %t, h %g: turns from its way", table, h)
		}
		t.Logf("table %t: off by %.2g m/s at 2 ms, %.2g at 1 ms", table, off[0], off[1])
		tol.Within(t, off[1], 2e-3, "table %t: v and ω", table)
		if off[1] > 0.6*off[0] {
			t.Errorf("table %t: off by %g at 2 ms and by %g at 1 ms", table, off[0], off[1])
		}
	}
}

// marbles returns shapes of all kinds on the ground, a table and each other, with all numbers against sliding, spinning
// and rolling.
func marbles(t testing.TB, rng *rand.Rand, h float64) (*sim.Model, sim.State) {
	b := newWorld("marbles", h)
	length := func(most float64) float64 {
		if rng.IntN(4) == 0 {
			return 0
		}
		return most * rng.Float64()
	}
	surface := func() contact.Surface { return contact.Surface{Torsion: length(0.02), Rolling: length(0.01)} }
	b.AddGround()
	b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(r3.Vec{X: 0.3, Y: 0.3, Z: 0.1}), Pose: sim.At(0.4, 0, 0.1), Friction: rng.Float64(), Surface: surface()})
	shapes := []contact.Shape{contact.Sphere(0.05), contact.Capsule(0.04, 0.1), contact.Box(r3.Vec{X: 0.06, Y: 0.05, Z: 0.04}), contact.Cylinder(0.05, 0.06), contact.Ellipsoid(0.05, 0.07, 0.04)}
	n := 2 + rng.IntN(5)
	for i := range n {
		l := b.AddLink(fmt.Sprint("body", i), sim.SphereInertia(0.2+rng.Float64(), 0.05))
		b.AddFree(fmt.Sprint("free", i), l)
		b.AddCollider(sim.Collider{Name: fmt.Sprint("shape", i), Link: l, Shape: shapes[rng.IntN(len(shapes))], Friction: length(1), Surface: surface()})
	}
	m := mustModel(t, b)
	x := m.NewState()
	for i := range n {
		q, v := x.Q[7*i:7*i+7], x.V[6*i:6*i+6]
		q[0], q[1], q[2] = 0.25*float64(i%3)+0.05*rng.Float64(), 0.25*float64(i/3), 0.35+0.1*rng.Float64()
		for k := range v {
			v[k] = rng.NormFloat64() * []float64{0.5, 8}[k/3]
		}
	}
	return m, x
}

// TestMarbles: random scenes whose contacts resist sliding, spinning and rolling in one cone, in steps of 1 to 20 ms at κ
// from 1e-3 to 1e-8, and polished: no step fails, and they take few iterations each.
func TestMarbles(t *testing.T) {
	steps, iterations := 0, 0
	for seed := range uint64(marbleScenes) {
		rng := rand.New(rand.NewPCG(seed, 5))
		h := []float64{0.001, 0.005, 0.01, 0.02}[rng.IntN(4)]
		m, x := marbles(t, rng, h)
		opt := sim.Options{Kappa: math.Pow(10, -3-float64(rng.IntN(6))), Polish: seed%4 == 3}
		s := m.NewStepper(opt)
		for k := range 150 {
			r, err := s.Step(&x, x, nil)
			if err != nil {
				t.Errorf("seed %d, h %g, κ %g, polish %t, step %d: %v", seed, h, opt.Kappa, opt.Polish, k, err)
				break
			}
			steps++
			iterations += r.Iterations
		}
	}
	mean := float64(iterations) / float64(steps)
	t.Logf("%d steps, %.2f iterations each", steps, mean)
	tol.Within(t, mean, 7, "iterations")
}

const marbleScenes = 40
