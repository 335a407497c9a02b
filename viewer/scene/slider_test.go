package scene

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
)

// TestSliders: panels offer the inputs and the joints with one coordinate, in ranges that make sense, at indices that exist.
func TestSliders(t *testing.T) {
	for _, c := range []struct {
		name           string
		inputs, joints int
	}{{"quadruped", 12, 12}, {"block", 0, 0}, {"driven_block", 3, 0}, {"cartpole", 1, 2}} {
		m, start, err := models.Load(c.name, models.Options{})
		if err != nil {
			t.Fatal(err)
		}
		inputs, joints := 0, 0
		for _, s := range Sliders(m) {
			if !(s.Low < s.High) || math.IsInf(s.High-s.Low, 0) || s.Name == "" || s.Unit == "" {
				t.Errorf("%s: slider %+v", c.name, s)
			}
			if s.Input {
				inputs++
				if m.Inputs()[s.Index] != s.Name {
					t.Errorf("%s: input %d is not %s", c.name, s.Index, s.Name)
				}
				continue
			}
			joints++
			j, err := m.Joint(s.Name)
			if err != nil || j.Q != s.Index {
				t.Errorf("%s: %+v is not the coordinate of its joint: %v", c.name, s, err)
			}
			if q := start.Q[s.Index]; q < s.Low || q > s.High {
				t.Errorf("%s: the start has %s = %g, outside of the slider, %g to %g", c.name, s.Name, q, s.Low, s.High)
			}
		}
		if inputs != c.inputs || joints != c.joints {
			t.Errorf("%s: %d inputs and %d joints, want %d and %d", c.name, inputs, joints, c.inputs, c.joints)
		}
	}
	m, _, err := models.Load("quadruped", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := Sliders(m)
	j, err := m.Joint(l[12].Name)
	if err != nil {
		t.Fatal(err)
	}
	if a := j.Axes[0]; l[12].Low != a.Lower || l[12].High != a.Upper || l[0].High != a.Effort || l[0].Unit != "N m" || l[12].Unit != "rad" {
		t.Errorf("%+v and %+v of the joint %+v", l[0], l[12], a)
	}
}
