package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// rockers returns a parallelogram whose bars are tied by a loop or by mimics.
func rockers(t *testing.T, h float64, loop bool) (*sim.Model, sim.State) {
	b := newWorld("linkage", h)
	hinge := sim.Revolute(r3.Vec{Y: 1})
	bar := func(name string, l, m float64) sim.Link {
		return b.AddLink(name, sim.BoxInertia(m, r3.Vec{X: l / 2, Y: 0.02, Z: 0.02}).Placed(sim.At(l/2, 0, 0)))
	}
	crank, coupler, rocker := bar("crank", 0.3, 1), bar("coupler", 0.5, 0.7), bar("rocker", 0.3, 2)
	js := []sim.Joint{{Name: "crank", Type: hinge, Parent: sim.World, Child: crank}, {Name: "coupler", Type: hinge, Parent: crank, Child: coupler, Origin: sim.At(0.3, 0, 0)},
		{Name: "rocker", Type: hinge, Parent: sim.World, Child: rocker, Origin: sim.At(0.5, 0, 0)}}
	if !loop {
		js[1].Mimic, js[2].Mimic = &sim.Mimic{Joint: "crank", Ratio: -1}, &sim.Mimic{Joint: "crank", Ratio: 1}
	} else {
		b.AddLoop(sim.Loop{Name: "pin", LinkA: coupler, PoseA: sim.At(0.5, 0, 0), LinkB: rocker, PoseB: sim.At(0.3, 0, 0)})
	}
	for _, j := range js {
		b.AddJoint(j)
	}
	m := mustModel(t, b)
	x := m.NewState()
	copy(x.Q, []float64{1, -1, 1})
	copy(x.V, []float64{2, -2, 2})
	return m, x
}

// tumbling returns a box thrown on a fixed box or on a half-space.
func tumbling(t *testing.T, h float64, fixed bool) (*sim.Model, sim.State) {
	b := newWorld("box", h)
	half := r3.Vec{X: 0.1, Y: 0.15, Z: 0.05}
	l := b.AddLink("box", sim.BoxInertia(1, half))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Name: "box", Link: l, Shape: contact.Box(half), Friction: 0.4})
	if fixed {
		b.AddCollider(sim.Collider{Name: "floor", Link: sim.World, Shape: contact.Box(r3.Vec{X: 5, Y: 5, Z: 1}), Friction: 0.4, Pose: sim.At(0, 0, -1)})
	} else {
		b.AddGround()
	}
	m := mustModel(t, b)
	x := m.NewState()
	copy(x.Q, []float64{0, 0, 0.3})
	q := sim.RPY(0.4, 0.3, 0.2)
	copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
	copy(x.V, []float64{1, 0.5, 0, 1, -2, 0.5})
	return m, x
}

func farthest(a, b []float64) (d float64) {
	for i := range a {
		d = max(d, math.Abs(a[i]-b[i]))
	}
	return
}

// TestALoopMovesAsMimicsDo: a parallelogram that a loop closes has the trajectory of one whose bars follow the crank.
func TestALoopMovesAsMimicsDo(t *testing.T) {
	m, x := rockers(t, 0.01, true)
	n, y := rockers(t, 0.01, false)
	s, r := m.NewStepper(sim.Options{}), n.NewStepper(sim.Options{})
	for range 200 {
		must(t, s, &x, nil)
		must(t, r, &y, nil)
		tol.Within(t, farthest(x.Q, y.Q), 1e-11, "loop at %g, mimics at %g", x.Q, y.Q)
	}
}

// TestABoxTumblesOnABoxAsOnAHalfSpace: up to what κ softens, which corners that share a face feel otherwise.
func TestABoxTumblesOnABoxAsOnAHalfSpace(t *testing.T) {
	for kappa, off := range map[float64]float64{1e-4: 2e-3, 1e-6: 1e-4, 1e-8: 6e-6} { // measured 9.7e-4, 4.0e-5, 2.5e-6
		m, x := tumbling(t, 0.01, true)
		n, y := tumbling(t, 0.01, false)
		s, r := m.NewStepper(sim.Options{Kappa: kappa}), n.NewStepper(sim.Options{Kappa: kappa})
		for range 100 {
			must(t, s, &x, nil)
			must(t, r, &y, nil)
			tol.Within(t, farthest(x.Q, y.Q), off, "κ = %g: on a box at %g, on a half-space at %g", kappa, x.Q, y.Q)
		}
	}
}

// TestElasticBouncesGoBack: with its velocity turned round after four bounces a ball goes through all places again.
func TestElasticBouncesGoBack(t *testing.T) {
	m, x := bouncing(t, 0.01, 1, 0, sim.SphereInertia(1, 0.1), contact.Sphere(0.1))
	x.Q[2] = 1.1
	s, path := m.NewStepper(sim.Options{Kappa: 1e-8}), []float64{x.Q[2]}
	for range 360 {
		must(t, s, &x, nil)
		path = append(path, x.Q[2])
	}
	last := len(path) - 2 // a velocity is that of the interval before
	x.Q[2], x.V[2] = path[last], -x.V[2]
	for k := last - 1; k >= 0; k-- {
		must(t, s, &x, nil)
		tol.Within(t, math.Abs(x.Q[2]-path[k]), 1e-6, "at %g, was at %g", x.Q[2], path[k])
	}
}
