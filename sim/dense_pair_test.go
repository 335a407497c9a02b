package sim_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestPairsEqualDenseSolver: random mechanisms and free bodies whose balls touch, between trees, within one and with the world, move as
// the dense solver says, which finds the impulses by itself. Its κ of a pair is that of the reduced mass and the smaller length.
func TestPairsEqualDenseSolver(t *testing.T) {
	rng := seeded(12)
	worst, kinds, pushing := 0.0, map[string]int{}, 0
	for k := range 20 {
		mech := randomMechanism(rng, 2+rng.IntN(3), func() (int, int) { return rng.IntN(3), 1 + rng.IntN(3) }, k%2 == 0)
		for i := range 2 {
			free := part{name: fmt.Sprintf("free%d", i), parent: -1, origin: sim.IdentityPose, in: randomInertia(rng), tau: make([]float64, 6), axes: make([]sim.Axis, 6)}
			free.trans = []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}
			free.rot = free.trans
			mech.parts = append(mech.parts, free)
		}
		n := len(mech.parts)
		for len(mech.hits) < 4 {
			c := hit{link: [2]int{rng.IntN(n), rng.IntN(n+1) - 1}, at: [2]r3.Vec{randomVec(rng, 0.3), randomVec(rng, 0.3)}}
			if c.link[0] != c.link[1] {
				mech.hits = append(mech.hits, c)
			}
		}
		m := mustModel(t, mech.builder())
		st, q, v, u := mech.scatter(t, rng, m)
		z := mech.forward(q)
		e := m.Engine()
		e.Law = dynamics.Frictionless
		e.Pairs = e.Pairs[:0]
		const kappa = 1e-3
		for i := range mech.hits {
			c := &mech.hits[i]
			c.radius = c.gap(z) - (0.002 + 0.02*rng.Float64())
			a, b := &e.Colliders[2*i], &e.Colliders[2*i+1]
			a.Shape.Radius, b.Shape.Radius = c.radius/2, c.radius/2
			e.Pairs = append(e.Pairs, dynamics.Pair{A: 2 * i, B: 2*i + 1})
			tree := func(c *dynamics.Collider) *dynamics.Tree { return &e.Trees[e.Bodies[c.Body].Tree] }
			mass, length, kind := a.Mass, tree(a).Length, "world"
			if b.Body != dynamics.World {
				mass, length, kind = a.Mass*b.Mass/(a.Mass+b.Mass), min(length, tree(b).Length), "trees"
				if tree(a) == tree(b) {
					kind = "self"
				}
			}
			c.c = kappa * mass * e.GravityRef * mech.h * length
			kinds[kind]++
		}
		s := m.NewStepper(sim.Options{Kappa: kappa, Tolerance: 1e-13, Centrality: 1e-12, Margin: math.Inf(1)})
		out := st.Clone()
		if r, err := s.Step(&out, st, u); err != nil || r.Halvings > 0 {
			t.Fatal(k, r, err)
		}
		pushing += hitting(s)
		want, _ := mech.step(t, q, v)
		poses := make([]sim.Pose, len(m.Bodies()))
		m.Poses(poses, out.Q)
		diff := 0.0
		for i := range mech.parts {
			f, err := m.Frame(mech.parts[i].name)
			if err != nil {
				t.Fatal(err)
			}
			got := poses[f.Body].Mul(f.Pose)
			d := quat.Mul(quat.Conj(got.Rot), want[i].Rot)
			diff = max(diff, r3.Norm(r3.Sub(got.Pos, want[i].Pos)), 2*math.Sqrt(d.Imag*d.Imag+d.Jmag*d.Jmag+d.Kmag*d.Kmag))
		}
		worst = math.Max(worst, diff)
		tol.Within(t, diff, 1e-9, "mechanism %d: poses", k)
	}
	for _, kind := range []string{"trees", "self", "world"} {
		if kinds[kind] < 5 {
			t.Errorf("%d pairs of kind %q", kinds[kind], kind)
		}
	}
	if pushing < 20 {
		t.Errorf("%d pairs push", pushing)
	}
	t.Logf("pairs %v, %d push: poses differ by at most %.1e", kinds, pushing, worst)
}
