package mjcf_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

const fingers = `<mujoco><compiler angle="radian"/><worldbody>
<body><joint name="j" axis="0 1 0" stiffness="2" springref="0.3" range="-1 1" damping="0.1"/><geom size="0.1" pos="0.2 0 0"/>
<body pos="0.4 0 0"><joint name="k" axis="0 1 0"/><geom size="0.1" pos="0.2 0 0"/></body></body></worldbody>
<equality><joint joint1="k" joint2="j" polycoef="0.2 3"/></equality><tendon>@</tendon></mujoco>`

// TestTendonsPull: a fixed tendon over joints that follow one is a spring, a damper and a limit of that. With L = 2 q +
// (−1)(3 q + 0.2) = −q − 0.2 a spring of 5 N/m that rests at 0.1 m pulls with −5 (q + 0.3) on q.
func TestTendonsPull(t *testing.T) {
	const both = `<fixed name="t" %><joint joint="j" coef="2"/><joint joint="k" coef="-1"/></fixed>`
	plain := sim.Axis{Stiffness: 2, Rest: 0.3, Limited: true, Lower: -1, Upper: 1, Damping: 0.1}
	for attrs, change := range map[string]func(a *sim.Axis){
		`stiffness="5" springlength="0.1"`:                func(a *sim.Axis) { a.Stiffness, a.Rest = 7, (2*0.3-5*0.3)/7 },
		`stiffness="5"`:                                   func(a *sim.Axis) { a.Stiffness, a.Rest = 7, (2*0.3-5*0.8)/7 }, // it rests where the springs of its joints do: L₀ = 2·0.3
		`damping="0.4" frictionloss="0.5" armature="0.6"`: func(a *sim.Axis) { a.Damping, a.Friction, a.Armature = 0.5, 0.5, 0.6 },
		`range="-0.7 0.3"`:                                func(a *sim.Axis) { a.Lower, a.Upper = -0.5, 0.5 },
	} {
		r, m := build(t, strings.Replace(fingers, "@", strings.Replace(both, "%", attrs, 1), 1), mjcf.Options{})
		want := plain
		change(&want)
		got := m.Joints()[0].Axes[0]
		off := math.Abs(got.Stiffness-want.Stiffness) + math.Abs(got.Rest-want.Rest) + math.Abs(got.Damping-want.Damping) + math.Abs(got.Friction-want.Friction) +
			math.Abs(got.Armature-want.Armature) + math.Abs(got.Lower-want.Lower) + math.Abs(got.Upper-want.Upper)
		tol.Within(t, off, 1e-12, "%s: %+v, want %+v", attrs, got, want)
		if says(r, "NOT SIMULATED") {
			t.Errorf("%s: %v", attrs, r.Notes)
		}
	}
	d, err := mjcf.Parse(strings.NewReader(strings.Replace(fingers, "@", `<fixed range="3 4"><joint joint="j" coef="1"/></fixed>`, 1)), "t.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Robot(mjcf.Options{}); err == nil || !strings.Contains(err.Error(), "leave no room") {
		t.Errorf("limits that exclude each other: %v", err)
	}
}

// TestEqualitiesThatRepeat: what says the same again is dropped with a remark, what contradicts is named. Both were
// \"coupled in a circle\".
func TestEqualitiesThatRepeat(t *testing.T) {
	const head = `<mujoco><worldbody><body><joint name="j"/><geom size="0.1"/><body><joint name="k"/><geom size="0.1"/></body></body></worldbody><equality><joint joint1="k" joint2="j" polycoef="0.5 2"/>`
	for more, want := range map[string]string{
		`<joint joint1="k" joint2="j" polycoef="0.5 2"/>`:     "says again",
		`<joint joint1="j" joint2="k" polycoef="-0.25 0.5"/>`: "says again",
		`<joint joint1="j" joint2="k" polycoef="0 1"/>`:       `leaves joint "j" the position -0.5 alone`,
		`<joint joint1="j" joint2="k" polycoef="0 0.5"/>`:     "contradicts itself",
		`<joint joint1="k" joint2="j" polycoef="0 2"/>`:       `joint "k" follows "j" otherwise`,
	} {
		r, m := build(t, head+more+`</equality></mujoco>`, mjcf.Options{})
		if len(m.Mimics()) != 1 || !says(r, "<joint>", want) || says(r, "NOT SIMULATED") == (want == "says again") {
			t.Errorf("%s: %d followers, %v", more, len(m.Mimics()), r.Notes)
		}
	}
}

// TestRangeInTheWrongOrder is none, and said: it was lost.
func TestRangeInTheWrongOrder(t *testing.T) {
	r, m := build(t, `<mujoco><worldbody><body><joint range="1 -1"/><geom size="0.1"/></body></worldbody></mujoco>`, mjcf.Options{})
	if m.Joints()[0].Axes[0].Limited || !says(r, "<joint>", "range 1 … -1 is empty or in the wrong order") {
		t.Errorf("%+v, %v", m.Joints()[0].Axes, r.Notes)
	}
}
