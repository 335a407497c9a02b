package mjcf_test

import (
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

// shapePairs returns the pairs of shapes that may touch, by name, and their own friction.
func shapePairs(m *sim.Model) map[string]float64 {
	l := map[string]float64{}
	for _, p := range m.Engine().Pairs {
		names := []string{m.Colliders()[p.A], m.Colliders()[p.B]}
		slices.Sort(names)
		l[names[0]+"-"+names[1]] = p.Friction
	}
	return l
}

// TestPairs: a <pair> makes its geoms touch with its friction whatever masks, exclusions and joints say; two that cannot move against each other make
// none; with contact switched off there are none.
func TestPairs(t *testing.T) {
	const world = `<worldbody>
<geom name="table" type="box" size="1 1 .1"/>
<body name="arm" pos="0 0 1"><joint/><geom name="arm" size=".1" contype="0" conaffinity="0"/><geom name="pad" size=".1" contype="0" conaffinity="0"/>
 <body name="hand" pos="0 0 1"><joint/><geom name="hand" size=".1"/></body></body>
</worldbody><contact>
<pair geom1="arm" geom2="hand" friction=".3 .3"/><pair geom1="arm" geom2="table" friction=".4 .2"/><pair geom1="arm" geom2="pad"/>
<pair geom1="hand" geom2="table" condim="1"/><exclude body1="arm" body2="hand"/></contact>`
	r, b := build(t, `<mujoco>`+world+`</mujoco>`, mjcf.Options{Ground: true})
	got, want := shapePairs(b), map[string]float64{"arm-hand": 0.3, "arm-table": 0.4, "hand-table": 0}
	if len(got) != len(want) {
		t.Errorf("pairs %v, want %v", got, want)
	}
	for name, mu := range want {
		if f, ok := got[name]; !ok || f != mu {
			t.Errorf("%s: friction %g, %v, want %g", name, f, ok, mu)
		}
	}
	for _, p := range b.Pairs() {
		if _, plane := p.HalfSpace(); plane && b.Colliders()[p.A] != "hand" {
			t.Errorf("%s touch", p.Name)
		}
	}
	if !says(r, "<pair>", "depends on the direction") {
		t.Errorf("notes %v", r.Notes)
	}
	_, b = build(t, `<mujoco><option><flag contact="disable"/></option>`+world+`</mujoco>`, mjcf.Options{})
	if p := b.Pairs(); len(p) > 0 {
		t.Errorf("contact is off, but %v", p)
	}
}

// TestSelfContact is MuJoCo's: all bodies of a robot but those that a joint, or several, connect.
func TestSelfContact(t *testing.T) {
	const file = `<mujoco><worldbody><body name="a" pos="0 0 5"><freejoint/><geom name="a" size=".1" friction=".5"/>
<body name="b" pos="0 0 1"><joint/><joint axis="1 0 0"/><geom name="b" size=".1" friction=".9"/><body name="tip"><geom name="tip" size=".1"/></body>
<body name="c" pos="0 0 1"><joint/><geom name="c" size=".1" friction=".9"/></body></body></body></worldbody></mujoco>`
	_, b := build(t, file, mjcf.Options{SelfContact: true})
	if got := shapePairs(b); len(got) != 1 || got["a-c"] != 0.9 {
		t.Errorf("pairs %v, want a-c with friction 0.9", got)
	}
	r, b := build(t, file, mjcf.Options{})
	if len(b.Pairs()) > 0 || !says(r, "geoms of one robot pass through each other") {
		t.Errorf("pairs %v, notes %v", b.Pairs(), r.Notes)
	}
	r, _ = build(t, file, mjcf.Options{SelfContact: true})
	if says(r, "pass through each other") {
		t.Errorf("notes %v", r.Notes)
	}
}
