package implicit_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCheckWhatRemains: derivatives of steps in which a ball on a pivot, which friction holds, begins a hair deep in an edge and stays so.
func TestCheckWhatRemains(t *testing.T) {
	checked := 0
	for n := 0; n < 200 && checked < 3; n++ {
		rng := rand.New(rand.NewPCG(uint64(n), 11))
		b := world("edge", 9.81)
		b.SetTimestep(0.01)
		hold(b, contact.Sphere(0.1), sim.At(0.3, 0, 0), sim.Spherical(), 0.35, 3)
		at := sim.At(0.15+0.1*rng.NormFloat64(), 0.1*rng.NormFloat64(), -0.4)
		b.AddCollider(sim.Collider{Name: "box", Link: sim.World, Shape: contact.Box(r3.Vec{X: 0.4, Y: 0.32, Z: 0.48}), Pose: at, Friction: 3})
		m := must(t, b)
		x := m.NewState()
		for i := range x.V {
			x.V[i] = 3 * rng.NormFloat64()
		}
		s := m.NewStepper(sim.Options{Kappa: 1e-5})
		deep := 0.0
		for range 100 {
			before := x.Clone()
			r, err := s.Step(&x, x, nil)
			if err != nil {
				break
			}
			was := deep
			if deep = s.Penetration(); was > 1e-8 && deep > was/2 && r.Halvings == 0 {
				t.Logf("%d: %g m deep, then %g, %d iterations", n, was, deep, r.Iterations)
				checks(t, m, implicit.CheckOptions{Kappa: 1e-5, Start: before, Steps: 1, Every: 1, Params: 1})
				checked++
				break
			}
		}
	}
	if checked < 3 {
		t.Errorf("%d steps in which something remains", checked)
	}
}

// TestCheckWhatWaits: derivatives of steps in which bodies that are deep in each other wait for others to make way.
// (Whether they have to may differ between neighbors: of start 12 one 1e-8 away is solved without.)
func TestCheckWhatWaits(t *testing.T) {
	checked := 0
	for n := 13; n < 40 && checked < 2; n++ {
		rng := rand.New(rand.NewPCG(uint64(n), 12))
		b := world("buried", 9.81)
		b.SetTimestep(0.01)
		b.AddGround()
		for i, shape := range []contact.Shape{contact.Box(r3.Vec{X: 0.1, Y: 0.05, Z: 0.15}), contact.Capsule(0.08, 0.1), contact.Ellipsoid(0.1, 0.15, 0.07), contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1})} {
			name := string(rune('a' + i))
			l := b.AddLink(name, sim.SphereInertia(1+rng.Float64(), 0.1))
			b.AddFree(name, l)
			b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shape, Friction: 0.8})
		}
		m := must(t, b)
		x := m.NewState()
		for i := range 4 {
			q := r3.NewRotation(6*rng.Float64(), r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()})
			copy(x.Q[7*i:], []float64{0.1 * rng.Float64(), 0.1 * rng.Float64(), 0.1 * rng.Float64(), q.Real, q.Imag, q.Jmag, q.Kmag})
		}
		opt := sim.Options{Kappa: 1e-5, Tolerance: 1e-12, Centrality: 1e-10}
		s := m.NewStepper(opt)
		for k := range 20 {
			before := x.Clone()
			r, err := s.Step(&x, x, nil)
			if err != nil || r.Halvings > 0 || r.Iterations > 2000 {
				break
			}
			if r.Iterations < 220 { // solved without
				continue
			}
			d := implicit.NewTangent(m)
			for i := range d.Q {
				d.Q[i], d.V[i] = 0.1*rng.NormFloat64(), rng.NormFloat64()
			}
			e := differ(derivative(t, m, opt, before, d), 0, along(t, m, opt, before, d), 1e-6, 1e-7, 1e-8)
			if t.Logf("%d, step %d: %d iterations, off by %.1e", n, k, r.Iterations, e); !(e < 1e-6) {
				t.Errorf("%d, step %d: derivatives are off by %g", n, k, e)
			}
			checked++
			break
		}
	}
	if checked < 2 {
		t.Errorf("%d steps in which something waits", checked)
	}
}
