package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestKnotVelocity: at an instant it is the velocity itself; after an interval it has, as one of an instant, the kinetic energy of the
// state, and the momentum of a mechanism that floats.
func TestKnotVelocity(t *testing.T) {
	rng := rand.New(rand.NewPCG(45, 1))
	for _, kind := range axisKinds {
		for n, typ := range allJoints {
			free := n%2 == 0
			axis := kind.axis
			if axis.Limited && len(typ.Rot) == 3 {
				axis.Lower = 0
			}
			m := linked(t, rng, typ, axis, free, n == 0, sim.Cone).Engine() // the first is a hinge that another mimics
			x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), h: 0.02}
			d, v := make([]float64, m.NV), make([]float64, m.NV)
			for i := range d {
				d[i], x.v[i] = 0.5*rng.NormFloat64(), 3*rng.NormFloat64()
			}
			for _, c := range m.Mimics {
				x.v[c.Dof] = c.Ratio * x.v[c.Of]
			}
			m.Neutral(x.q2)
			m.Displace(x.q2, x.q2, d)
			s := dynamics.NewStepper(m)
			if !s.Load(x.q2, x.v, nil, x.h, 0) || !s.KnotVelocity(v) {
				t.Fatal("load")
			}
			tol.Within(t, near(v, x.v, 1), 1e-11, "%s: velocity at an instant", kind.name)

			if !s.Load(x.q2, x.v, nil, x.h, 0.013) || !s.KnotVelocity(v) {
				t.Fatal("load")
			}
			e, ok := s.Energy()
			p, l := s.Momentum()
			if !ok || !s.Load(x.q2, v, nil, x.h, 0) {
				t.Fatal("load")
			}
			f, ok := s.Energy()
			if !ok {
				t.Fatal("singular")
			}
			tol.Within(t, math.Abs(f.Kinetic/e.Kinetic-1), 1e-11, "%s: kinetic energy", kind.name)
			if free {
				pf, lf := s.Momentum()
				tol.Within(t, r3.Norm(r3.Sub(pf, p))/r3.Norm(p), 1e-11, "%s: linear momentum", kind.name)
				tol.Within(t, r3.Norm(r3.Sub(lf, l))/r3.Norm(l), 1e-11, "%s: angular momentum", kind.name)
			}
		}
	}
}

// TestSpringAtTheKnot: a mass on a spring that falls. Momentum at the knot is that of the interval, half its weight and half what the
// spring gave in its middle; and the energy is constant to rounding, from an instant on, at steps that are long for the spring.
func TestSpringAtTheKnot(t *testing.T) {
	const mass, k, g = 2.0, 900.0, 4.0
	s, q, v := slide(t, sim.Axis{Stiffness: k, Rest: 0.1})
	m := s.Model().Clone()
	m.Gravity = r3.Vec{X: g}
	s = dynamics.NewStepper(m)
	first, past := 0.0, 0.0
	for n := range 200 {
		const h = 0.05 // hω = 1.06
		if !s.Load(q, v, nil, h, past) {
			t.Fatal("load")
		}
		middle := q[0] - v[0]*past/2
		want := v[0] + past/2*(g-k*(middle-0.1)/mass)
		var knot [1]float64
		if !s.KnotVelocity(knot[:]) {
			t.Fatal("singular")
		}
		tol.Within(t, math.Abs(knot[0]-want), 1e-12, "velocity at knot %d", n)
		e, ok := s.Energy()
		if !ok {
			t.Fatal("singular")
		}
		x := q[0] - 0.1
		tol.Within(t, math.Abs(e.Kinetic-mass*want*want/2)+math.Abs(e.Spring-k*x*x/2), 1e-11, "energies at knot %d", n)
		sum := e.Kinetic + e.Gravity + e.Spring
		if n == 0 {
			first = sum
		}
		tol.Within(t, math.Abs(sum-first), 1e-9, "energy at knot %d", n)
		if s.Solve(tight(1e-6)).Status != ipm.Solved {
			t.Fatal("no step")
		}
		s.Store(q, v)
		past = h
	}
}
