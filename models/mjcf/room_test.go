package mjcf_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestFollowerLimitsThatContradict: limits of a follower that no position of its leader obeys are dropped and named; others stay.
func TestFollowerLimitsThatContradict(t *testing.T) {
	file := func(lead, follow, coef, more string) string {
		return `<mujoco><compiler angle="radian"/><worldbody><body><joint name="a" axis="0 0 1" ` + lead + `/><geom size=".1" mass="1"/><body pos="1 0 0"><joint name="b" axis="0 0 1" ` + follow +
			`/><geom size=".1" mass="1"/></body></body></worldbody><equality><joint joint1="b" joint2="a" polycoef="` + coef + `"/>` + more + `</equality></mujoco>`
	}
	for _, c := range []struct {
		file, want string
		limits     int // that are left
	}{
		{file(`range="0 1"`, `range="-1.5 -1.2"`, "0 -1 0 0 0", ""), "its own limits -1.5 … -1.2 are dropped: joint \"a\", which it follows, has room from 0 to 1, which puts this one into -1 … 0", 1},
		{file(`range="1 2"`, `range="0 0.5"`, "0 1 0 0 0", ""), "puts this one into 1 … 2", 1},
		{file(`range="-1 1"`, `range="2 3"`, "0 0.1 0 0 0", ""), "puts this one into -0.1 … 0.1", 1},
		{file(`range="0 0.8"`, `range="0 0.9"`, "0 -1 0 0 0", ""), "puts this one into -0.8 … 0", 1}, // they share a point alone
		{file(`range="0 1"`, `range="0.5 0.9"`, "0 1 0 0 0", ""), "", 2},
		{file("", `range="0.5 0.9"`, "0 1 0 0 0", ""), "", 1},
		{file(`range="0 1"`, `range="3 4"`, "2.5 1 0 0 0", ""), "", 2},
		{file(`range="0 1" ref="0.5"`, `range="5 6"`, "0 1 0 0 0", ""), "are dropped", 1},
		{`<mujoco><option><flag limit="disable"/></option>` + strings.TrimPrefix(file(`range="0 1"`, `range="3 4"`, "0 1 0 0 0", ""), "<mujoco>"), "", 0},
	} {
		m, err := mjcf.Parse(strings.NewReader(c.file), "t.xml")
		if err != nil {
			t.Fatal(err)
		}
		r, err := m.Robot(mjcf.Options{})
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for _, n := range r.Notes {
			if strings.Contains(n.Message, "dropped") && n.Physics() {
				said += n.Message
			}
		}
		if !strings.Contains(said, c.want) || (c.want == "") != (said == "") {
			t.Errorf("%s\nsays %q, want %q", c.file, said, c.want)
		}
		built, err := r.Builder.Build()
		if err != nil {
			t.Fatal(err)
		}
		limits := 0
		for _, j := range built.Joints() {
			if j.Axes[0].Limited {
				limits++
			}
		}
		if limits != c.limits || len(built.Warnings()) > 0 {
			t.Errorf("%s\n%d limits, want %d; %v", c.file, limits, c.limits, built.Warnings())
		}
		x := built.NewState()
		stepper := built.NewStepper(sim.Options{})
		for range 100 {
			if _, err := stepper.Step(&x, x, nil); err != nil {
				t.Fatalf("%s\n%v", c.file, err)
			}
		}
		if v := math.Abs(x.V[0]); v > 0.05 {
			t.Errorf("%s\nturns at %g rad/s after a second", c.file, v)
		}
	}
}
