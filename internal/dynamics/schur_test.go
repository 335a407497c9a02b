package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestColumnsWithoutHardRows: columns of steps under hard blows, found with factors that the hard rows are not in, are
// the refined forward products, for all kinds of rows that may be hard, and products after columns have the bits of
// those before.
func TestColumnsWithoutHardRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(26, 12))
	revolute, spherical := sim.Revolute(r3.Vec{X: 1, Y: 0.3}), sim.Spherical()
	free := func(k int, a *sim.Axis) {
		*a = sim.Axis{Damping: 0.1, Armature: 0.02, Friction: []float64{0, 0.4}[k%2], Limited: true, Lower: -1, Upper: 1, Drive: sim.Servo, Kp: 500, Kd: 2, Effort: 3}
	}
	stuck := func(k int, a *sim.Axis) { // joints that stick, and servos as stiff as stops
		*a = sim.Axis{Friction: 1e3}
		if k < 4 {
			*a = sim.Axis{Drive: sim.Servo, Kp: 1e9, Effort: 1e5}
		}
	}
	seen := map[string]int{}
	worst, steps, separated := 0.0, 0, 0
	for try := range 400 {
		var m *dynamics.Model
		axis := free
		switch law := sim.FrictionLaw(try / 4 % 3); try % 4 {
		case 0:
			if try%8 == 4 {
				axis = stuck
			}
			m = mechanism(t, rng, []sim.JointType{revolute, spherical, spherical}, axis, contact.Sphere(0.15), 0.5, true, law, -0.3).Engine()
		case 1:
			m = surfaced(mechanism(t, rng, []sim.JointType{spherical, revolute, spherical}, axis, contact.Capsule(0.05, 0.1), 0.5, try%8 == 1, law, -0.3).Engine())
			m.Timestep = 0.03 // in which more bounces
		case 2:
			m = meeting(t, rng, law, try%8 == 2)
		case 3:
			m = pendulums(t).Engine()
		}
		s, kappa := dynamics.NewStepper(m), math.Pow(10, -6-3*rng.Float64())
		x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU)}
		d := make([]float64, m.NV)
		for i := range d {
			d[i], x.v[i] = []float64{0.5, 0.5, 0.1}[min(try%4, 2)]*rng.NormFloat64(), 10*rng.NormFloat64()
			if rng.IntN(4) == 0 {
				x.v[i] = 0
			}
		}
		for i := range x.u {
			x.u[i] = 0.3 * rng.NormFloat64()
		}
		if m.Neutral(x.q2); try%4 != 3 {
			m.Displace(x.q2, x.q2, d)
		}
		o := dynamics.Options{Solver: ipm.Options{Kappa: kappa, Centrality: 1e-4, Tolerance: 1e-9}, Margin: math.Inf(1)}
		if !s.Load(x.q2, x.v, x.u, m.Timestep, m.Timestep) || s.Solve(o).Status != ipm.Solved || !s.Linearize() || !s.AnyHard() {
			continue
		}
		steps++
		nv := m.NV
		products := func() (out []float64) {
			for k := range 2*nv + m.NU {
				in, o := make([]float64, 2*nv+m.NU), make([]float64, 2*nv)
				in[k] = 1
				s.JVP(o[:nv], o[nv:], in[:nv], in[nv:2*nv], in[2*nv:])
				out = append(out, o...)
			}
			return out
		}
		want := products()
		a, b := make([]float64, 4*nv*nv), make([]float64, 2*nv*m.NU)
		s.StateJacobian(a)
		s.InputJacobian(b)
		kinds := s.Separated()
		if len(kinds) == 0 {
			continue
		}
		separated++
		for k, n := range kinds {
			seen[k] += n
		}
		size, off := 0.0, 0.0
		for k := range 2*nv + m.NU {
			for r := range 2 * nv {
				got := 0.0
				if k < 2*nv {
					got = a[r*2*nv+k]
				} else {
					got = b[r*m.NU+k-2*nv]
				}
				size, off = math.Max(size, math.Abs(got)), math.Max(off, math.Abs(got-want[k*2*nv+r]))
			}
		}
		worst = math.Max(worst, off/size)
		tol.Within(t, off/size, 1e-9, "try %d, κ = %.1e: columns", try, kappa)
		for i, x := range products() {
			if x != want[i] {
				t.Fatalf("try %d: a product after columns is %g, was %g", try, x, want[i])
			}
		}
	}
	t.Logf("%d of %d steps, hard rows %v: columns and products differ by %.1e", separated, steps, seen, worst)
	for _, k := range []string{"contact", "bounce", "meeting", "cone", "friction", "servo"} {
		if seen[k] == 0 {
			t.Errorf("no hard row of the kind %s", k)
		}
	}
	if separated < steps/2 {
		t.Error("most are refined")
	}
}
