package urdf_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestVelocityLimits: they hold where the options ask for it, are written back, and what is none is said.
func TestVelocityLimits(t *testing.T) {
	for _, c := range []struct {
		kind, inner string
		want        float64
		note        string
	}{
		{"revolute", `<limit lower="-1" upper="1" velocity="2"/>`, 2, ""},
		{"continuous", `<limit velocity="0.5"/>`, 0.5, ""},
		{"prismatic", `<limit upper="1" velocity="0"/>`, 0, "velocity 0 read as no bound on the speed"},
		{"prismatic", `<limit upper="1" velocity="1e16"/>`, 0, "velocity 1e+16 read as no bound on the speed"},
		{"revolute", `<limit upper="1"/>`, 0, ""},
		{"planar", `<limit velocity="3"/>`, 0, "ignored: a planar joint has no limits"},
	} {
		m, notes := build(t, hinge(c.kind, c.inner), urdf.Options{Base: urdf.FixedBase, VelocityLimits: true})
		if got := m.Joints()[0].Axes[0].MaxSpeed; got != c.want {
			t.Errorf("%s %s: %g, want %g", c.kind, c.inner, got, c.want)
		}
		said := false
		for _, n := range notes {
			said = said || strings.Contains(n.String(), "velocity")
			if c.note != "" && strings.Contains(n.String(), c.note) {
				c.note = ""
			}
		}
		if c.note != "" || said != (c.want == 0 && strings.Contains(c.inner, "velocity")) {
			t.Errorf("%s %s: notes %v", c.kind, c.inner, notes)
		}
	}
	r, err := read(hinge("revolute", `<limit lower="-1" upper="1" effort="4" velocity="2"/>`), urdf.Options{Base: urdf.FixedBase, VelocityLimits: true})
	if err != nil {
		t.Fatal(err)
	}
	r.Builder.ChangeJoint("j", func(j *sim.Joint) { j.Axes[0].MaxSpeed = 3 })
	var text bytes.Buffer
	if err := r.Write(&text); err != nil || !strings.Contains(text.String(), `velocity="3"`) {
		t.Errorf("%v\n%s", err, text.String())
	}
}
