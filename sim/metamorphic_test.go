package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestTimeRunsBackward: the integrator is symmetric, so a motion without losses from which the velocity is
// turned round comes back to where it started. The state's velocity belongs to the interval that ends at its
// configuration; turned round, the next interval is that one again.
func TestTimeRunsBackward(t *testing.T) {
	m := mustModel(t, chainModel(0.005, 6, false))
	s := m.NewStepper(sim.Options{Tolerance: 1e-13})
	st := m.NewState()
	for i := range st.Q {
		st.Q[i] = 0.3
	}
	start := st.Clone()
	const n = 300
	for k := 0; k < n; k++ {
		must(t, s, &st, nil)
	}
	far := 0.0
	for i := range st.Q {
		far = math.Max(far, math.Abs(st.Q[i]-start.Q[i]))
	}
	// the velocity of the interval behind, reversed, would retrace it: step to the next interval first
	next := st.Clone()
	must(t, s, &next, nil)
	for i := range st.V {
		next.V[i] = -next.V[i]
	}
	next.Q = append(next.Q[:0], st.Q...)
	for k := 0; k < n; k++ {
		must(t, s, &next, nil)
	}
	worst := 0.0
	for i := range next.Q {
		worst = math.Max(worst, math.Abs(next.Q[i]-start.Q[i]))
	}
	t.Logf("a chain that swung by %.2g rad comes back to %.2g rad", far, worst)
	// Lyapunov growth over 3 s of residuals of 1e-13
	if far < 0.3 || worst > 1e-8 {
		t.Errorf("went %g rad away, came back to within %g rad", far, worst)
	}
}

// TestHeavyBase: a robot on a free base of 10⁷ kg moves like one on a fixed base, to the ratio of masses. (With
// 10⁹ kg the builder takes the arm for a joint that moves nothing: 1e-12 of the inertia of the whole.)
func TestHeavyBase(t *testing.T) {
	run := func(free bool) [2]float64 {
		b := sim.NewBuilder("arm")
		b.SetTimestep(0.005)
		b.SetGravity(r3.Vec{})
		base := b.AddLink("base", sim.SphereInertia(1e7, 3))
		typ := sim.Fixed()
		if free {
			typ = sim.Free()
		}
		b.AddJoint(sim.Joint{Name: "root", Type: typ, Parent: sim.World, Child: base})
		in := sim.BoxInertia(1, r3.Vec{X: 0.02, Y: 0.03, Z: 0.2}).Placed(sim.At(0, 0, -0.2))
		one, two := b.AddLink("one", in), b.AddLink("two", in)
		b.AddJoint(sim.Joint{Name: "one", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: base, Child: one, Origin: sim.At(0, 0, -1), Axes: []sim.Axis{{Stiffness: 3}}})
		b.AddJoint(sim.Joint{Name: "two", Type: sim.Revolute(r3.Vec{X: 1}), Parent: one, Child: two, Origin: sim.At(0, 0, -0.4)})
		m := mustModel(t, b)
		s := m.NewStepper(sim.Options{Tolerance: 1e-12})
		st := m.NewState()
		j1, _ := m.Joint("one")
		j2, _ := m.Joint("two")
		st.Q[j1.Q], st.Q[j2.Q], st.V[j2.V] = 0.7, -0.4, 1
		for k := 0; k < 200; k++ {
			must(t, s, &st, nil)
		}
		return [2]float64{st.Q[j1.Q], st.Q[j2.Q]}
	}
	a, b := run(false), run(true)
	d := math.Max(math.Abs(a[0]-b[0]), math.Abs(a[1]-b[1]))
	t.Logf("fixed base and one of 10⁷ kg: joints differ by %.2g rad after 1 s", d)
	if d > 1e-5 {
		t.Errorf("joints differ by %g rad: %v, %v", d, a, b)
	}
}

// TestOrderOfConvergence halves the step twice: the error of a swinging, tumbling mechanism falls as h². There is no
// damping: that of joints is implicit, which is stable at any step and of first order.
func TestOrderOfConvergence(t *testing.T) {
	run := func(h float64) sim.State {
		b := quadruped(h, 0, false, sim.Axis{Stiffness: 2, Rest: 0.3})
		m := mustModel(t, b)
		s := m.NewStepper(sim.Options{Tolerance: 1e-12})
		st := m.NewState()
		copy(st.V, []float64{0.5, -0.3, 1, 2, -1, 1.5})
		for k := 0; k < int(math.Round(0.4/h)); k++ {
			must(t, s, &st, nil)
		}
		return st
	}
	fine := run(0.0003125)
	var hs, errs []float64
	for _, h := range []float64{0.01, 0.005, 0.0025} {
		st := run(h)
		d := quat.Mul(quat.Conj(quatOf(st.Q[3:])), quatOf(fine.Q[3:]))
		e := r3.Norm(r3.Sub(vecOf(st.Q), vecOf(fine.Q))) + 2*math.Sqrt(d.Imag*d.Imag+d.Jmag*d.Jmag+d.Kmag*d.Kmag)
		for i := 7; i < len(st.Q); i++ {
			e = math.Max(e, math.Abs(st.Q[i]-fine.Q[i]))
		}
		hs, errs = append(hs, h), append(errs, e)
	}
	k := slope(hs, errs)
	t.Logf("errors %.2g at h = %v: order %.2f", errs, hs, k)
	if k < 1.8 || k > 2.3 {
		t.Errorf("the error falls as h^%.2f", k)
	}
}
