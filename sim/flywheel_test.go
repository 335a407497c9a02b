package sim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
)

// TestFlywheelBeyondTwoRadiansPerStep: an interval in which a joint turns by more than 2 rad carries far more momentum than
// its velocity says, so a wheel that was driven to 3 rad per step stayed at 2.3, and trees leaped in energy when a light limb
// whirled. Such steps are divided.
func TestFlywheelBeyondTwoRadiansPerStep(t *testing.T) {
	const h, inertia, torque = 0.01, 0.01, 3.0
	m := rotor(t, h, inertia)
	s, st := m.NewStepper(sim.Options{}), m.NewState()
	for k := range 100 {
		must(t, s, &st, []float64{torque})
		want := torque / inertia * (float64(k+1)*h - st.H/2) // in the middle of the last interval
		if math.Abs(st.V[0]/want-1) > 0.06 {                 // what is still taken whole: 5.6 % at 2 rad
			t.Fatalf("step %d: the wheel turns at %.4g rad/s, want %.4g", k, st.V[0], want)
		}
	}
	if why := s.Division(); !strings.Contains(why, "joint hinge turns by") {
		t.Errorf("the last step was divided because %q", why)
	}
}

// TestFlywheel: torque, rate and energy of a wheel belong together, however far it turns in a step; and without torque it
// turns by its rate times the time. (With the rates of the Cayley map it turned at 80 rad/s and had 36 J.)
func TestFlywheel(t *testing.T) {
	const inertia = 0.01
	for _, h := range []float64{0.01, 0.005, 0.001} {
		m := rotor(t, h, inertia)
		s := m.NewStepper(sim.Options{})
		st := m.NewState()
		for range int(math.Round(1 / h)) {
			must(t, s, &st, []float64{1})
		}
		// what the torque gives in the second half of the last interval is not in the state
		v, e := []float64{0}, totalEnergy(t, s, st)
		if err := s.KnotVelocity(v, st); err != nil {
			t.Fatal(err)
		}
		if want := 0.5 * inertia * v[0] * v[0]; math.Abs(v[0]/st.V[0]-1) > 1e-4 || math.Abs(e/want-1) > 1e-9 { // 2e-5 is the rational g's
			t.Errorf("h = %g: %g J and %g rad/s at the knot, want %g J and %g rad/s", h, e, v[0], want, st.V[0])
		}
		v[0] += st.H / 2 / inertia
		kinetic := 0.5 * inertia * v[0] * v[0]
		t.Logf("h = %g: %.5f rad/s and %.5f J after 1 s; the state without the last half: %.4f rad/s, %.4f J", h, v[0], kinetic, st.V[0], e)
		if math.Abs(v[0]/100-1) > 1e-3 || math.Abs(kinetic/50-1) > 1e-3 {
			t.Errorf("h = %g: %g rad/s and %g J, want 100 and 50", h, v[0], kinetic)
		}
		// let go, it keeps what the state says
		must(t, s, &st, []float64{0})
		if math.Abs(st.V[0]/(100*(1-h/2))-1) > 1e-3 {
			t.Errorf("h = %g: let go, it turns at %g rad/s, want %g", h, st.V[0], 100*(1-h/2))
		}
		st = m.NewState()
		st.V[0] = 100
		for range int(math.Round(1 / h)) {
			must(t, s, &st, nil)
		}
		if math.Abs(st.Q[0]-100) > 1e-2 {
			t.Errorf("h = %g: a wheel at 100 rad/s turns by %g rad in 1 s", h, st.Q[0])
		}
	}
}
