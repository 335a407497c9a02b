package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestConfigurationMaps: Difference undoes Displace, also where source and destination are the same; Integrate goes back where
// it came from, is the same in parts as in one, and its velocity is the difference over the time.
func TestConfigurationMaps(t *testing.T) {
	jointModels(t, func(t *testing.T, rng *rand.Rand, x knots) {
		m := x.m
		d, back := make([]float64, m.NV), make([]float64, m.NV)
		for i := range d {
			d[i] = 0.9 * rng.NormFloat64()
		}
		for i := range m.Bodies { // a rotation vector is unique up to half a turn
			if b := &m.Bodies[i]; b.NR == 3 {
				w := d[b.V+b.NT : b.V+b.NT+3]
				if l := r3.Norm(vector(w)); l > 3 {
					for k := range w {
						w[k] *= 3 / l
					}
				}
			}
		}
		q := append([]float64(nil), x.q2...)
		m.Displace(q, q, d)
		m.Difference(back, q, x.q2)
		tol.Within(t, near(back, d, 1), 1e-14, "Difference of Displace")

		m.Integrate(q, x.q2, x.v, x.h)
		alias := append([]float64(nil), x.q2...)
		m.Integrate(alias, alias, x.v, x.h)
		if near(alias, q, 1) != 0 {
			t.Error("Integrate in place is another map")
		}
		m.Integrate(q, q, x.v, -x.h)
		m.Difference(back, q, x.q2)
		for i := range back {
			tol.Within(t, math.Abs(back[i]), 1e-15*10, "Integrate there and back, dof %d", i)
		}

		for _, h := range []float64{x.h, -x.h, 1e-6} {
			m.Integrate(q, x.q2, x.v, h)
			m.Difference(back, q, x.q2)
			for i := range back {
				back[i] /= h
			}
			tol.Within(t, near(back, x.v, 0), 1e-15/math.Abs(h), "velocity of Integrate over %g s", h)
			m.Integrate(q, q, x.v, 0.7*h)
			m.Integrate(alias, x.q2, x.v, 1.7*h)
			m.Difference(back, q, alias)
			for i := range back {
				tol.Within(t, math.Abs(back[i]), 1e-15*10, "Integrate in two parts, dof %d", i)
			}
		}
	})
}

// TestQuaternionsStayUnit: a thousand turns of a ball joint leave its quaternion of unit length.
func TestQuaternionsStayUnit(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	m := linked(t, rng, sim.Spherical(), sim.Axis{}, true, false, sim.Cone).Engine()
	q, v := make([]float64, m.NQ), make([]float64, m.NV)
	m.Neutral(q)
	for range 1000 {
		for i := range v {
			v[i] = 30 * rng.NormFloat64()
		}
		m.Integrate(q, q, v, 0.01)
	}
	n := 0
	for i := range m.Bodies {
		if b := &m.Bodies[i]; b.NR == 3 {
			k := q[b.Q+b.NT:]
			e := math.Abs(math.Sqrt(k[0]*k[0]+k[1]*k[1]+k[2]*k[2]+k[3]*k[3]) - 1)
			tol.Within(t, e, 1e-15, "length of quaternion of body %d", i)
			n++
		}
	}
	if n != 2 {
		t.Fatalf("%d quaternions", n)
	}
}

// TestNeutral: the reference configuration keeps all limits, follows mimics and does not turn ball joints.
func TestNeutral(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, c := range []struct{ lower, upper, want float64 }{
		{-1, 1, 0}, {0.2, 0.6, 0.4}, {-0.9, -0.3, -0.6}, {0.2, math.Inf(1), 0.2}, {math.Inf(-1), -0.3, -0.3},
	} {
		m := linked(t, rng, sim.Revolute(r3.Vec{X: 1}), sim.Axis{}, true, true, sim.Cone).Engine().Clone()
		master := m.Mimics[0].Of
		m.Dofs[master].Lower, m.Dofs[master].Upper = c.lower, c.upper
		q := make([]float64, m.NQ)
		m.Neutral(q)
		if got := q[m.QIndex[master]]; math.Abs(got-c.want) > 1e-15 {
			t.Errorf("limits %g and %g: neutral %g, want %g", c.lower, c.upper, got, c.want)
		}
		if got, want := q[m.QIndex[m.Mimics[0].Dof]], -1.7*c.want+0.3; math.Abs(got-want) > 1e-15 {
			t.Errorf("the mimic of %g is at %g, want %g", c.want, got, want)
		}
		if r := spatial.LogQuat(spatial.Quat{Real: q[3], Imag: q[4], Jmag: q[5], Kmag: q[6]}); r != (r3.Vec{}) {
			t.Errorf("the base is turned by %v", r)
		}
	}
}
