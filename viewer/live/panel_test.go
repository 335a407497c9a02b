package live

import (
	"math"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

func paused(t *testing.T, name string, control sim.Controller) *Session {
	t.Helper()
	m, start, err := models.Load(name, models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSession(m, start, Options{Paused: true, Control: control})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSwitches: without gravity what flies flies on, without friction nothing holds; all comes back, and the timestep chosen stays.
func TestSwitches(t *testing.T) {
	s := paused(t, "block", nil)
	s.do(&command{Set: map[string]float64{"timestep": 0.002}})
	s.do(&command{Switch: map[string]bool{"gravity": false, "friction": false}})
	var friction []implicit.Param
	for _, p := range implicit.Params(s.open.Model) {
		if p.Kind == "friction" {
			friction = append(friction, p)
		}
	}
	sum := func() (x float64) {
		for _, p := range friction {
			mu, err := implicit.Get(s.st.Model(), p)
			if err != nil {
				t.Fatal(err)
			}
			x += mu
		}
		return x
	}
	if len(friction) == 0 || sum() != 0 {
		t.Errorf("%d shapes, sum of their friction %g", len(friction), sum())
	}
	s.step()
	v := s.cur.V[2]
	for range 20 {
		s.step()
	}
	if math.Abs(s.cur.V[2]-v) > 1e-9 {
		t.Errorf("without gravity the block went from %g to %g m/s", v, s.cur.V[2])
	}
	s.do(&command{Switch: map[string]bool{"gravity": true, "friction": true}})
	v = s.cur.V[2]
	s.step()
	if want := v - 9.81*0.002; math.Abs(s.cur.V[2]-want) > 1e-6 || sum() == 0 {
		t.Errorf("with gravity the block has %g m/s after a step of 2 ms, want %g; friction %g", s.cur.V[2], want, sum())
	}
	s.do(&command{Watch: new(int)})
	s.do(&command{Switch: map[string]bool{"contact": false}})
	for range 500 {
		s.step()
	}
	if s.numbers(); s.cur.Q[2] > -2 || len(s.now.Contacts) > 0 || s.row[11] < 0.9 || s.row[8] != 0 {
		t.Errorf("without contact the block is at %g m with %d contacts, its answer to a push is %g", s.cur.Q[2], len(s.now.Contacts), s.row[11])
	}
	s.do(&command{Do: "reset", Switch: map[string]bool{"contact": true}})
	for range 500 {
		s.step()
	}
	if s.cur.Q[2] < 0 {
		t.Errorf("with contact again the block is at %g m", s.cur.Q[2])
	}
	if s.do(&command{Switch: map[string]bool{"time": false}}); s.refusal == nil {
		t.Error("a switch that is not there was found")
	}
	if s.do(&command{Set: map[string]float64{"timestep": -1}}); s.refusal == nil || s.st.Model().Timestep() != 0.002 {
		t.Errorf("a negative timestep: %v, %g s", s.refusal, s.st.Model().Timestep())
	}
}

func at(t *testing.T, s *Session, input bool) int {
	t.Helper()
	for i := range s.sliders {
		if s.sliders[i].Input == input {
			return i
		}
	}
	t.Fatal("no slider")
	return 0
}

// TestSlide: a joint goes where it is put, as far as the robot's loops allow, and rests; an input is the user's until it is given back.
func TestSlide(t *testing.T) {
	s := paused(t, "quadruped", func(u []float64, _ int, _ sim.State) { u[0] = 3 })
	for range 5 {
		s.step()
	}
	i, x := at(t, s, false), -0.5
	s.do(&command{Slide: &slide{Index: i, Value: &x}})
	if q := s.cur.Q[s.sliders[i].Index]; q != x || slices.ContainsFunc(s.cur.V, func(v float64) bool { return v != 0 }) {
		t.Errorf("the joint is at %g with v %v, want %g at rest", q, s.cur.V, x)
	}
	if s.numbers(); len(s.now.Contacts) > 0 || s.now.Known != 4 {
		t.Errorf("after a jump %d is known, want the energy alone", s.now.Known)
	}
	beyond := 1e9
	s.do(&command{Slide: &slide{Index: i, Value: &beyond}})
	if q := s.cur.Q[s.sliders[i].Index]; q != s.sliders[i].High {
		t.Errorf("the joint is at %g, its slider ends at %g", q, s.sliders[i].High)
	}

	k := at(t, s, true)
	if u := s.u[0]; u != 3 {
		t.Errorf("the controller's input is %g", u)
	}
	x = 1.5
	s.do(&command{Slide: &slide{Index: k, Value: &x}})
	s.step()
	if u := s.u[0]; u != x {
		t.Errorf("the input is %g, want the user's %g", u, x)
	}
	s.do(&command{Slide: &slide{Index: k}})
	s.step()
	if u := s.u[0]; u != 3 {
		t.Errorf("the input is %g, want the controller's", u)
	}
	for _, i := range []int{-1, 99} {
		s.do(&command{Slide: &slide{Index: i, Value: &x}})
	}

	bars := paused(t, "fourbar", nil)
	x = bars.cur.Q[bars.sliders[0].Index] + 0.3
	bars.do(&command{Slide: &slide{Index: 0, Value: &x}})
	if bars.refusal != nil {
		t.Fatal(bars.refusal)
	}
	if gap, _ := bars.st.Model().LoopGap(0, bars.cur.Q); gap > 1e-9 {
		t.Errorf("the loop is open by %g m", gap)
	}
}

// TestKeys: a state that was kept comes back to the bit, and the number of them is bounded.
func TestKeys(t *testing.T) {
	s := paused(t, "quadruped", nil)
	for range 7 {
		s.step()
	}
	want := s.cur.Clone()
	s.do(&command{Key: &key{Save: true}})
	for range 30 {
		s.step()
	}
	s.do(&command{Key: &key{Load: 0}})
	if !slices.Equal(s.cur.Q, want.Q) || !slices.Equal(s.cur.V, want.V) || s.cur.H != want.H {
		t.Error("another state came back")
	}
	for range 30 {
		s.step()
		s.do(&command{Key: &key{Save: true}})
	}
	if len(s.keys) != mostKeys || s.keys[mostKeys-1].Q[2] != s.cur.Q[2] {
		t.Errorf("%d states are kept", len(s.keys))
	}
	s.do(&command{Key: &key{Load: 99}})
	s.do(&command{Key: &key{Load: -1}})
	if s.do(&command{Open: &opening{Name: "x"}}); s.refusal == nil {
		t.Error("a page without other robots opened one")
	}
}
