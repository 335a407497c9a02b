package sim_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// thrownShapes are round, flat, sharp and long.
var thrownShapes = map[string]contact.Shape{
	"egg": contact.Ellipsoid(0.15, 0.25, 0.1), "box": contact.Box(r3.Vec{X: 0.2, Y: 0.15, Z: 0.1}), "rod": contact.Capsule(0.1, 0.2), "ball": contact.Sphere(0.15),
	"can": contact.Cylinder(0.15, 0.1), "coin": contact.Ellipsoid(0.2, 0.2, 0.02), "disk": contact.Cylinder(0.2, 0.01),
	"hull": contact.Points([]r3.Vec{{X: 0.2}, {Y: 0.25}, {X: -0.2, Y: -0.1, Z: -0.1}, {Z: 0.2}, {X: 0.1, Y: -0.2}, {X: 0.1, Z: -0.15}}),
}

// pairings are all 36 of them.
func pairings() (all [][2]string) {
	names := slices.Sorted(maps.Keys(thrownShapes))
	for i := range names {
		for _, other := range names[:i+1] {
			all = append(all, [2]string{names[i], other})
		}
	}
	return all
}

// thrownPair returns two bodies, apart times two from each other give or take off, that are thrown at each other with v and turn.
func thrownPair(t *testing.T, rng *rand.Rand, pair [2]string, apart, off, v float64) (*sim.Model, sim.State) {
	b := newWorld(fmt.Sprintf("%s on %s at %g m/s", pair[0], pair[1], v), 0.01) // an error names it
	b.SetGravity(r3.Vec{})
	for i, k := range pair {
		name := fmt.Sprint(k, i)
		l := b.AddLink(name, sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.12, Z: 0.15}))
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: thrownShapes[k], Friction: 0.5})
	}
	m := mustModel(t, b)
	x := m.NewState()
	dir := r3.Unit(randomVec(rng, 1))
	for i := range 2 {
		side := float64(1 - 2*i)
		at := r3.Scale(apart*side, dir)
		if off > 0 {
			at = r3.Add(at, randomVec(rng, off))
		}
		place(&x, i, at, r3.Add(r3.Scale(-v*side, dir), randomVec(rng, v/10)), randomVec(rng, v/3))
		q := randomQuat(rng)
		copy(x.Q[7*i+3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
	}
	return m, x
}

// mostGained returns the most kinetic energy that one of so many steps gains, of what there was in the beginning.
func mostGained(t *testing.T, m *sim.Model, x sim.State, steps int) (most float64) {
	t.Helper()
	s := m.NewStepper(sim.Options{})
	e, _ := s.Energy(x)
	first, last := e.Kinetic, e.Kinetic
	for k := range steps {
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatalf("step %d: %v", k, err)
		}
		e, _ = s.Energy(x)
		most, last = math.Max(most, (e.Kinetic-last)/first), e.Kinetic
	}
	return most
}

// TestBodiesDeepInEachOtherComeOut: what begins deep in each other, whatever it is and however fast it goes on into it, is eased out without a step that fails, and gains no energy. Of
// 40 000 such steps some seven failed while corners of faces that cross under a large angle all pushed, each its own way.
func TestBodiesDeepInEachOtherComeOut(t *testing.T) {
	rng := seeded(11)
	steps := 0
	for _, pair := range pairings() {
		for _, v := range []float64{2, 20, 60} {
			for range 12 {
				m, x := thrownPair(t, rng, pair, 0.06, 0.05, v)
				if gain := mostGained(t, m, x, 6); gain > 0.05 {
					t.Errorf("%v at %g m/s: energy grows by %g of what there was", pair, v, gain)
				}
				steps += 6
			}
		}
	}
	t.Logf("%d steps", steps)
}

// TestThrownBodiesGainNoEnergy: what is thrown at each other with 6 and 60 m/s, at 10 ms, gains no energy to speak of. The features that touch are those where a
// step begins, and beyond the ends of their edges lines meet where no edges do: rods ended a hundred times as fast, ellipsoids seven times. A can on a can had 7.7 times
// its energy after a step of which the halves could not be solved, a disk and a rod 2.4 times. No step gains more than 5 % of what there was.
func TestThrownBodiesGainNoEnergy(t *testing.T) {
	for _, pair := range pairings() {
		for v, throws := range map[float64]int{6: 30, 20: 30, 60: 10} {
			rng := seeded(5)
			worst, steps := 0.0, 0
			for range throws {
				m, x := thrownPair(t, rng, pair, 0.5, 0, v)
				worst = math.Max(worst, mostGained(t, m, x, 10))
				steps += 10
			}
			t.Logf("%v at %g m/s: %d steps, energy grows by %.1e at most", pair, v, steps, worst)
			if worst > 0.05 {
				t.Errorf("%v at %g m/s: energy grows by %g of what there was", pair, v, worst)
			}
		}
	}
}
