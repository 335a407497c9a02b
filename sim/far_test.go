package sim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestFarContactsAreLeftOutUnseen: the contacts of a collider of many points, which are left out together where it is
// far, do the same to the bit as those of as many colliders of one point each, which are not: thrown at a floor and a
// wall, and pushed so hard that they may be far at the start of the step in which they hit; and tell the same gaps.
func TestFarContactsAreLeftOutUnseen(t *testing.T) {
	rng := rand.New(rand.NewPCG(81, 82))
	var points []r3.Vec
	for range 30 {
		points = append(points, r3.Vec{X: 0.1 * rng.NormFloat64(), Y: 0.05 * rng.NormFloat64(), Z: 0.02 * rng.NormFloat64()})
	}
	model := func(apart bool) *sim.Model {
		w := newWorld("rock", 0.01)
		l := w.AddLink("rock", sim.BoxInertia(1, r3.Vec{X: 0.3, Y: 0.2, Z: 0.1}))
		w.AddFree("base", l)
		if !apart {
			w.AddCollider(sim.Collider{Link: l, Shape: contact.Points(points), Friction: 0.5})
		}
		for i := range points {
			if apart {
				w.AddCollider(sim.Collider{Link: l, Shape: contact.Points(points[i : i+1]), Friction: 0.5})
			}
		}
		w.AddGround()
		w.AddHalfSpace("wall", r3.Vec{X: -1}, -2)
		return mustModel(t, w)
	}
	one, many := model(false), model(true)
	far, near := 0, 0
	for k := range 30 {
		x := one.NewState()
		toss(&x, uint64(k))
		x.Q[2] = 1 + 0.5*rng.Float64()
		for i := range 3 {
			x.V[i] = float64(1+k%2*29) * rng.NormFloat64()
			x.V[3+i] = 20 * rng.NormFloat64()
		}
		y := x.Clone()
		s, r := one.NewStepper(sim.Options{}), many.NewStepper(sim.Options{})
		for n := range 40 {
			push := sim.Wrench{}
			if n%10 == 3 {
				push.Force = r3.Vec{X: 3000, Z: -15000}
			}
			s.SetWrench(0, push)
			r.SetWrench(0, push)
			_, err := s.Step(&x, x, nil)
			_, err2 := r.Step(&y, y, nil)
			if (err == nil) != (err2 == nil) {
				t.Fatalf("toss %d, step %d: %v and %v", k, n, err, err2)
			}
			if err != nil {
				break
			}
			for i := range x.Q {
				if x.Q[i] != y.Q[i] {
					t.Fatalf("toss %d, step %d: %v, not %v", k, n, x.Q, y.Q)
				}
			}
			c, d := s.Contacts(), r.Contacts()
			if len(c) != len(d) || len(c) != 2*len(points) {
				t.Fatalf("%d and %d contacts", len(c), len(d))
			}
			for i := range c {
				if c[i].Force != d[i].Force {
					t.Fatalf("toss %d, step %d, contact %d: %v, not %v", k, n, i, c[i].Force, d[i].Force)
				}
				tol.Within(t, math.Abs(c[i].Gap-d[i].Gap), 1e-12, "gap")
				if c[i].Gap > 0.5 {
					far++
				} else if c[i].Gap < 1e-3 {
					near++
				}
			}
		}
	}
	if far < 1000 || near < 300 {
		t.Errorf("%d far, %d near", far, near)
	}
}
