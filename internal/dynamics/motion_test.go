package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// What a joint is, checked against the poses of bodies: Kinematics and Integrate say where bodies are, and motions, screws and
// velocity maps must be what differences of them say. No formula of a rate is repeated here.

// jointModels calls f for every joint type, the joint between two hinges, with a state of some speed: after an interval longer than
// the step, one as long, and at an instant.
func jointModels(t *testing.T, f func(t *testing.T, rng *rand.Rand, x knots)) {
	for i, typ := range allJoints {
		t.Run(fmt.Sprintf("%d translations, %d rotations", len(typ.Trans), len(typ.Rot)), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(uint64(i), 3))
			joints := []sim.JointType{sim.Revolute(r3.Vec{X: 1, Z: 0.3}), typ, sim.Revolute(r3.Vec{Y: 1})}
			m := mechanism(t, rng, joints, func(int, *sim.Axis) {}, contact.Sphere(0.05), 0.5, i%2 == 0, sim.Cone, -100).Engine()
			for _, past := range []float64{0.03, 0.02, 0} {
				x := knots{m: m, q2: make([]float64, m.NQ), q3: make([]float64, m.NQ), v: make([]float64, m.NV), h: 0.02, past: past}
				d, v := make([]float64, m.NV), make([]float64, m.NV)
				for k := range d {
					d[k], x.v[k], v[k] = 0.5*rng.NormFloat64(), 6*rng.NormFloat64(), 6*rng.NormFloat64()
				}
				m.Neutral(x.q2)
				m.Displace(x.q2, x.q2, d)
				m.Integrate(x.q3, x.q2, v, x.h)
				f(t, rng, x)
			}
		})
	}
}

func poses(m *dynamics.Model, q []float64) []spatial.Pose {
	p := make([]spatial.Pose, len(m.Bodies))
	m.Kinematics(p, q)
	return p
}

// twistBetween returns the motion per unit of 2d from pose a to pose b, about the point o.
func twistBetween(a, b spatial.Pose, o r3.Vec, d float64) (t spatial.Twist) {
	t.Ang = r3.Scale(1/(2*d), spatial.LogQuat(quat.Mul(b.Rot, quat.Conj(a.Rot))))
	v := r3.Scale(1/(2*d), r3.Sub(b.Pos, a.Pos))
	middle := r3.Scale(0.5, r3.Add(a.Pos, b.Pos))
	t.Lin = r3.Add(v, r3.Cross(t.Ang, r3.Sub(o, middle)))
	return t
}

func twistList(t spatial.Twist) []float64 { return append(list(t.Lin), list(t.Ang)...) }

// near returns the largest difference relative to the largest number of want, or to size.
func near(got, want []float64, size float64) float64 {
	worst := 0.0
	for i := range want {
		size = max(size, math.Abs(want[i]))
		if e := math.Abs(got[i] - want[i]); !(e <= worst) {
			worst = e
		}
	}
	if len(got) != len(want) || size == 0 {
		return math.Inf(1)
	}
	return worst / size
}

// TestIntervalIsWhatKinematicsSays: the motion of every body over an interval is the change of its pose from q to q ⊕ h v, forward
// and backward in time.
func TestIntervalIsWhatKinematicsSays(t *testing.T) {
	jointModels(t, func(t *testing.T, rng *rand.Rand, x knots) {
		s := dynamics.NewStepper(x.m)
		if !s.Load(x.q2, x.v, nil, x.h, x.past) {
			t.Fatal("load")
		}
		for _, h := range []float64{x.h, -x.past, 1e-6} {
			compareInterval(t, s, x, x.v, h, 1e-13)
		}
	})
}

func compareInterval(t *testing.T, s *dynamics.Stepper, x knots, v []float64, h, limit float64) {
	t.Helper()
	mo, ok := s.Interval(v, h)
	if !ok {
		t.Fatal("half a turn")
	}
	q := make([]float64, x.m.NQ)
	x.m.Integrate(q, x.q2, v, h)
	before, after := poses(x.m, x.q2), poses(x.m, q)
	for i := range mo {
		arm := r3.Vec{X: 0.3, Y: -0.5, Z: 0.7}
		turned := spatial.QuatRotate(after[i].Rot, spatial.QuatRotate(quat.Conj(before[i].Rot), arm))
		tol.Within(t, r3.Norm(r3.Sub(mo[i].Rotate(arm), turned)), limit, "turn of body %d over %g s", i, h)
		tol.Within(t, r3.Norm(r3.Sub(mo[i].Dx, r3.Sub(after[i].Pos, before[i].Pos))), limit, "displacement of body %d over %g s", i, h)
	}
}

// TestHalfATurn: two hinges on one axis may together turn by nearly half a turn in a step, to the same accuracy in proportion to
// the tangent of the angle, but not by more.
func TestHalfATurn(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	axis := r3.Vec{Y: 1}
	m := mechanism(t, rng, []sim.JointType{sim.Revolute(axis), sim.Universal(axis, r3.Vec{X: 1}), sim.Spherical()}, func(int, *sim.Axis) {}, contact.Sphere(0.05), 0.5, false, sim.Cone, -100).Engine()
	m.Bodies[1].Origin.Rot = spatial.Identity
	x := knots{m: m, q2: make([]float64, m.NQ), q3: make([]float64, m.NQ), v: make([]float64, m.NV), h: 0.01, past: 0.01}
	m.Neutral(x.q2)
	s := dynamics.NewStepper(m)
	if !s.Load(x.q2, x.v, nil, x.h, x.past) {
		t.Fatal("load")
	}
	for _, c := range []struct {
		turns  float64
		passes bool
	}{{0.4, true}, {0.49, true}, {0.499, true}, {0.51, false}, {0.7, false}} {
		for _, h := range []float64{x.h, -x.h} {
			copy(x.q3, x.q2)
			x.q3[0], x.q3[1] = math.Pi*c.turns, math.Pi*c.turns // each
			v := velocityTo(m, x.q2, x.q3, h)
			if _, ok := s.Interval(v, h); ok != c.passes {
				t.Fatalf("%g turns over %g s: accepted %v", c.turns, h, ok)
			}
			if c.passes {
				compareInterval(t, s, x, v, h, 1e-11)
			}
		}
	}
}

// TestOwnHalfTurn: the joints themselves turn by less than half a turn in a step, ball joints about any axis, and what is not a number
// does not pass.
func TestOwnHalfTurn(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 8))
	for name, typ := range map[string]sim.JointType{"hinge": sim.Revolute(r3.Vec{X: 1}), "universal": sim.Universal(r3.Vec{X: 1}, r3.Vec{Z: 1}), "spherical": sim.Spherical()} {
		m := mechanism(t, rng, []sim.JointType{typ}, func(int, *sim.Axis) {}, contact.Sphere(0.05), 0.5, false, sim.Cone, -100).Engine()
		x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), h: 0.01}
		m.Neutral(x.q2)
		s := dynamics.NewStepper(m)
		if !s.Load(x.q2, x.v, nil, x.h, x.past) {
			t.Fatal("load")
		}
		for _, h := range []float64{x.h, -x.h} {
			for _, angle := range []float64{3.13, -3.13, 3.15, -3.15, 7, math.NaN(), math.Inf(1)} {
				v := make([]float64, m.NV)
				v[len(v)-1] = angle / h
				_, ok := s.Interval(v, h)
				if want := math.Abs(angle) < math.Pi; ok != want {
					t.Errorf("%s: a turn of %g rad over %g s is accepted: %v", name, angle, h, ok)
				} else if want {
					compareInterval(t, s, x, v, h, 1e-12)
				}
			}
		}
	}
}

// TestScrews: the motions of degrees of freedom at knots 2 and 3, and at knot 1 per unit of coordinate and velocity, are the
// differences of poses. What stands for knot 1 at an instant are differences of the bodies' twists, which are those of poses.
func TestScrews(t *testing.T) {
	jointModels(t, func(t *testing.T, rng *rand.Rand, x knots) {
		p := x.probe(t, 0)
		if _, ok := p.Values(); !ok {
			t.Fatal("half a turn")
		}
		s := p.Stepper()
		at2, at3 := s.Screws()
		for k := range x.v {
			checkScrew(t, x, s, k, "at knot 2", at2[k], func(d float64) []float64 { return x.moved(2, k, d).q2 })
			checkScrew(t, x, s, k, "at knot 3", at3[k], func(d float64) []float64 { return x.moved(3, k, d).q3 })
		}
		if x.past == 0 {
			checkInstant(t, x, s, at2)
			return
		}
		byQ, byV := s.PastScrews()
		knot1 := func(q, v []float64) []float64 {
			q1 := make([]float64, x.m.NQ)
			x.m.Integrate(q1, q, v, -x.past)
			return q1
		}
		for k := range x.v {
			checkScrew(t, x, s, k, "at knot 1 by knot 2", byQ[k], func(d float64) []float64 { return knot1(x.moved(2, k, d).q2, x.v) })
			checkScrew(t, x, s, k, "at knot 1 by velocity", byV[k], func(d float64) []float64 { return knot1(x.q2, x.faster(k, d).v) })
		}
	})
}

// faster returns the knots with velocity k changed by d.
func (x knots) faster(k int, d float64) knots {
	x.v = append([]float64(nil), x.v...)
	x.v[k] += d
	return x
}

// checkScrew compares the motion of the body of degree of freedom k with that between configurations.
func checkScrew(t *testing.T, x knots, s *dynamics.Stepper, k int, name string, screw spatial.Twist, q func(d float64) []float64) {
	t.Helper()
	body := x.m.Dofs[k].Body
	a, b := poses(x.m, q(-third))[body], poses(x.m, q(third))[body]
	e := near(twistList(screw), twistList(twistBetween(a, b, s.Origin(body), third)), 1e-3)
	tol.Within(t, e, 1e-8, "dof %d %s", k, name) // 1.5e-9 by velocity, whose motions are short
}

// checkInstant checks twists of bodies and their changes at an instant.
func checkInstant(t *testing.T, x knots, s *dynamics.Stepper, at2 []spatial.Twist) {
	rates := s.Rates()
	q := [2][]float64{make([]float64, x.m.NQ), make([]float64, x.m.NQ)}
	x.m.Integrate(q[0], x.q2, x.v, -third)
	x.m.Integrate(q[1], x.q2, x.v, third)
	a, b := poses(x.m, q[0]), poses(x.m, q[1])
	for i := range rates {
		e := near(twistList(rates[i]), twistList(twistBetween(a[i], b[i], s.Origin(i), third)), 1)
		tol.Within(t, e, 1e-8, "twist of body %d", i)
	}
	byQ, byV := s.PastScrews()
	slope := func(i int, o r3.Vec, at func(d float64) knots) []float64 {
		var side [2][]float64
		for n, d := range []float64{third, -third} {
			e := at(d).probe(t, 0).Stepper()
			w := e.Rates()[i]
			w.Lin = r3.Add(w.Lin, r3.Cross(w.Ang, r3.Sub(o, e.Origin(i)))) // the reference point moves with the root
			side[n] = twistList(w)
		}
		for n := range side[0] {
			side[0][n] = (side[0][n] - side[1][n]) / (2 * third)
		}
		return side[0]
	}
	for k := range x.v {
		for i := range x.m.Bodies {
			if !moves(x.m, i, k) {
				continue
			}
			o := s.Origin(i)
			// carried along as a whole, a twist changes by s × t
			want := twistList(at2[k].Cross(&rates[i]))
			for n, d := range slope(i, o, func(d float64) knots { return x.moved(2, k, d) }) {
				want[n] -= d
			}
			tol.Within(t, near(twistList(byQ[k]), want, 1), 1e-8, "twist of body %d by coordinate %d, beyond being carried along", i, k)
			want = slope(i, o, func(d float64) knots { return x.faster(k, d) })
			tol.Within(t, near(twistList(byV[k].Scaled(-1)), want, 1), 1e-8, "twist of body %d by velocity %d", i, k)
		}
	}
}

// moves reports whether degree of freedom k moves body i.
func moves(m *dynamics.Model, i, k int) bool {
	for ; i != dynamics.World; i = m.Bodies[i].Parent {
		if m.Dofs[k].Body == i {
			return true
		}
	}
	return false
}

// TestVelocityMaps: derivatives of v⁺ by knots 3 and 2 against differences, and their transposes by ⟨y, Jx⟩ = ⟨Jᵀy, x⟩.
func TestVelocityMaps(t *testing.T) {
	jointModels(t, func(t *testing.T, rng *rand.Rand, x knots) {
		p := x.probe(t, 0)
		s, n := p.Stepper(), x.m.NV
		for knot, change := range map[int]func([]float64) []float64{2: s.StartVelocityChange, 3: s.VelocityChange} {
			for k := range n {
				e := make([]float64, n)
				e[k] = 1
				got := change(e)
				hi, lo := x.moved(knot, k, third), x.moved(knot, k, -third)
				want, b := velocityTo(x.m, hi.q2, hi.q3, x.h), velocityTo(x.m, lo.q2, lo.q3, x.h)
				for i := range want {
					want[i] = (want[i] - b[i]) / (2 * third)
				}
				tol.Within(t, near(got, want, 0), 1e-8, "v⁺ by knot %d of dof %d", knot, k)
				if knot == 2 {
					tol.Within(t, near(s.StartVelocity(k), got, 0), 1e-15, "column %d of v⁺ by knot 2", k)
				}
			}
		}
		for name, maps := range map[string][2]func([]float64) []float64{
			"knot 3": {s.VelocityChange, s.VelocityPull},
			"knot 2": {s.StartVelocityChange, s.StartVelocityPull},
		} {
			a, b := make([]float64, n), make([]float64, n)
			for i := range a {
				a[i], b[i] = rng.NormFloat64(), rng.NormFloat64()
			}
			jx, jy, left, right, size := maps[0](a), maps[1](b), 0.0, 0.0, 0.0
			for i := range a {
				left += b[i] * jx[i]
				right += jy[i] * a[i]
				size += math.Abs(b[i] * jx[i])
			}
			tol.Within(t, math.Abs(left-right)/size, 1e-14, "transpose of v⁺ by %s", name)
		}
	})
}
