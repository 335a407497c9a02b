package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// inFlight is a floating tree of all sorts of joints, far from anything.
func inFlight(t testing.TB, rng *rand.Rand) *dynamics.Model {
	joints := []sim.JointType{sim.Spherical(), sim.Cylindrical(r3.Vec{X: 1}), sim.Universal(r3.Vec{Y: 1}, r3.Vec{Z: 1})}
	return mechanism(t, rng, joints, func(int, *sim.Axis) {}, contact.Sphere(0.05), 0.5, true, sim.Cone, -100).Engine()
}

// TestMomentumOfAnInterval: what a body carries out of an interval is what it carries into the next, seen from the other end; in the
// limit of slow turns it is m v and J ω.
func TestMomentumOfAnInterval(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 1))
	for range 5 {
		m := inFlight(t, rng).Clone()
		m.Gravity = r3.Vec{}
		q, v := make([]float64, m.NQ), make([]float64, m.NV)
		m.Neutral(q)
		for i := range v {
			v[i] = 4 * rng.NormFloat64()
		}
		s := dynamics.NewStepper(m)
		var p, l [2]r3.Vec
		past := 0.0
		for _, h := range []float64{0.01, 0.017, 0.004} { // from an instant on, and momentum does not care about lengths
			if !s.Load(q, v, nil, h, past) {
				t.Fatal("load")
			}
			p[0], l[0] = s.Momentum()
			if r := s.Solve(dynamics.NewOptions(1e-6, 0, 1e-13, 0)); r.Status != ipm.Solved {
				t.Fatalf("%+v", r)
			}
			s.Store(q, v)
			if !s.Load(q, v, nil, 0.01, h) {
				t.Fatal("load")
			}
			p[1], l[1] = s.Momentum()
			tol.Within(t, r3.Norm(r3.Sub(p[1], p[0]))/r3.Norm(p[0]), 1e-12, "linear momentum over a step of %g s", h)
			tol.Within(t, r3.Norm(r3.Sub(l[1], l[0]))/r3.Norm(l[0]), 1e-12, "angular momentum over a step of %g s", h)
			past = h
		}
	}
	b := sim.NewBuilder("box")
	b.SetTimestep(1e-6)
	b.SetGravity(r3.Vec{})
	half := r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}
	b.AddFree("root", b.AddLink("box", sim.BoxInertia(3, half)))
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s, x := dynamics.NewStepper(m.Engine()), m.NewState()
	copy(x.Q, []float64{1, 2, 3}) // away from the world's origin
	copy(x.V, []float64{1, -2, 0.5, 0.3, 0.7, -1.1})
	if !s.Load(x.Q, x.V, nil, 1e-6, 0) {
		t.Fatal("load")
	}
	p, l := s.Momentum()
	want := r3.Vec{X: 3, Y: -6, Z: 1.5}
	spin := r3.Vec{X: 0.3 * (0.04 + 0.09), Y: 0.7 * (0.01 + 0.09), Z: -1.1 * (0.01 + 0.04)} // m/3 (b²+c²) ω, m = 3
	tol.Within(t, r3.Norm(r3.Sub(p, want)), 1e-10, "m v")
	tol.Within(t, r3.Norm(r3.Sub(l, r3.Add(spin, r3.Cross(r3.Vec{X: 1, Y: 2, Z: 3}, want)))), 1e-5, "J ω + r × m v")
	e, ok := s.Energy()
	if !ok {
		t.Fatal("singular")
	}
	kinetic := 3*(1+4+0.25)/2 + (0.3*spin.X+0.7*spin.Y-1.1*spin.Z)/2
	tol.Within(t, math.Abs(e.Kinetic-kinetic), 1e-9, "kinetic energy")
}

// TestBalanceByAllKnots: a body's balance of momentum by its twist at each of the three knots, the others held fixed. Configurations
// at the knots are moved by every degree of freedom, and the velocities before and after follow from them.
func TestBalanceByAllKnots(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 1))
	for range 4 {
		m := inFlight(t, rng)
		x := knots{m: m, q2: make([]float64, m.NQ), q3: make([]float64, m.NQ), v: make([]float64, m.NV), h: 0.02, past: 0.013}
		v, d := make([]float64, m.NV), make([]float64, m.NV)
		for i := range v {
			d[i], x.v[i], v[i] = 0.5*rng.NormFloat64(), 4*rng.NormFloat64(), 4*rng.NormFloat64()
		}
		m.Neutral(x.q2)
		m.Displace(x.q2, x.q2, d)
		s := dynamics.NewStepper(m)
		for i := range m.Bodies {
			s.SetWrench(i, spatial.Wrench{Force: gauss(rng, 3), Torque: gauss(rng, 1)})
		}
		if !s.Load(x.q2, x.v, nil, x.h, x.past) || s.Solve(dynamics.NewOptions(1e-6, 0, 0, 0)).Status != ipm.Solved || !s.Linearize() {
			t.Fatal("no step")
		}
		s.Store(x.q3, v)
		q1 := make([]float64, m.NQ)
		m.Integrate(q1, x.q2, x.v, -x.past)
		at := [3][]float64{q1, x.q2, x.q3}
		balances := func(q [3][]float64) []spatial.Wrench {
			e := dynamics.NewStepper(m)
			e.CopyWrenches(s)
			if !e.Load(q[1], velocityTo(m, q[1], q[0], -x.past), nil, x.h, x.past) {
				t.Fatal("load")
			}
			p := e.NewProbe(0, 0)
			p.Set(velocityTo(m, q[1], q[2], x.h))
			p.Values()
			return p.Balances()
		}
		for knot := range 3 {
			for k := range v {
				var w [2][]spatial.Wrench
				var ps [2][]spatial.Pose
				for n, d := range []float64{-third, third} {
					e, q := make([]float64, m.NV), make([]float64, m.NQ)
					e[k] = d
					m.Displace(q, at[knot], e)
					moved := at
					moved[knot] = q
					w[n], ps[n] = balances(moved), poses(m, q)
				}
				for i := range m.Bodies {
					a1, a2, a3 := s.BodyMatrices(i)
					tw := twistBetween(ps[0][i], ps[1][i], s.Origin(i), third)
					var got spatial.Wrench
					[]*spatial.Mat6{&a1, &a2, &a3}[knot].MulTwist(&got, &tw)
					got.Torque = r3.Add(got.Torque, r3.Cross(s.Origin(i), got.Force))
					want := flat(w[1][i])
					for c, x := range flat(w[0][i]) {
						want[c] = (want[c] - x) / (2 * third)
					}
					tol.Within(t, near(flat(got), want, 1), 2e-8, "balance of body %d by dof %d at knot %d", i, k, knot+1)
				}
			}
		}
	}
}

// TestBalanceByTheState: a body's balance of momentum by coordinates at knot 2 and by velocities, knot 3 held fixed, as its matrices and
// the motions at knots 1 and 2 say; also where there is no knot 1, at an instant.
func TestBalanceByTheState(t *testing.T) {
	rng := rand.New(rand.NewPCG(43, 1))
	for _, past := range []float64{0, 0.02, 0.013, 0} {
		m := inFlight(t, rng)
		x := knots{m: m, q2: make([]float64, m.NQ), q3: make([]float64, m.NQ), v: make([]float64, m.NV), h: 0.02, past: past}
		d := make([]float64, m.NV)
		for i := range d {
			d[i], x.v[i] = 0.5*rng.NormFloat64(), 4*rng.NormFloat64()
		}
		m.Neutral(x.q2)
		m.Displace(x.q2, x.q2, d)
		s := dynamics.NewStepper(m)
		for i := range m.Bodies {
			s.SetWrench(i, spatial.Wrench{Force: gauss(rng, 3), Torque: gauss(rng, 1)})
		}
		if !s.Load(x.q2, x.v, nil, x.h, x.past) || s.Solve(dynamics.NewOptions(1e-6, 0, 0, 0)).Status != ipm.Solved || !s.Linearize() {
			t.Fatal("no step")
		}
		s.Store(x.q3, make([]float64, m.NV))
		slope := func(at func(d float64) knots) []spatial.Wrench {
			var w [2][]spatial.Wrench
			for n, d := range []float64{third, -third} {
				y := at(d)
				e := dynamics.NewStepper(m)
				e.CopyWrenches(s)
				if !e.Load(y.q2, y.v, nil, y.h, y.past) {
					t.Fatal("load")
				}
				p := e.NewProbe(0, 0)
				p.Set(velocityTo(m, y.q2, y.q3, y.h))
				p.Values()
				w[n] = p.Balances()
			}
			for i := range w[0] {
				w[0][i].Force = r3.Scale(1/(2*third), r3.Sub(w[0][i].Force, w[1][i].Force))
				w[0][i].Torque = r3.Scale(1/(2*third), r3.Sub(w[0][i].Torque, w[1][i].Torque))
			}
			return w[0]
		}
		at2, _ := s.Screws()
		byQ, byV := s.PastScrews()
		for k := range x.v {
			coordinate := slope(func(d float64) knots { return x.moved(2, k, d) })
			velocity := slope(func(d float64) knots { return x.faster(k, d) })
			for i := range m.Bodies {
				if !moves(m, i, k) {
					continue
				}
				a1, a2, _ := s.BodyMatrices(i)
				check := func(what string, want spatial.Wrench, parts ...spatial.Wrench) {
					t.Helper()
					var got spatial.Wrench
					for _, w := range parts {
						got.Force, got.Torque = r3.Add(got.Force, w.Force), r3.Add(got.Torque, w.Torque)
					}
					got.Torque = r3.Add(got.Torque, r3.Cross(s.Origin(i), got.Force))
					tol.Within(t, near(flat(got), flat(want), 1), 2e-8, "balance of body %d by %s %d, %g s after an interval", i, what, k, past)
				}
				check("coordinate", coordinate[i], product(&a1, byQ[k]), product(&a2, at2[k]))
				check("velocity", velocity[i], product(&a1, byV[k]))
			}
		}
	}
}

func product(a *spatial.Mat6, t spatial.Twist) (w spatial.Wrench) {
	a.MulTwist(&w, &t)
	return w
}
