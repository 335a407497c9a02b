package mjcf_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
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

// TestPairs: a <pair> makes its geoms touch with its friction whatever masks, exclusions and joints say; two that
// cannot move against each other make none; with contact switched off there are none.
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

// TestPairsThatContradict: two pairs of the same geoms are an error that names both where they differ. The last one won in silence.
func TestPairsThatContradict(t *testing.T) {
	const world = `<mujoco><worldbody><geom name="table" type="box" size="1 1 .1"/><body pos="0 0 1"><freejoint/><geom name="ball" size=".1"/></body></worldbody>
<contact><pair geom1="ball" geom2="table" friction=".3 .3"/>
<pair geom1="table" geom2="ball" friction="%s .3"/></contact></mujoco>`
	build(t, fmt.Sprintf(world, ".3"), mjcf.Options{})
	_, err := mjcf.Parse(strings.NewReader(fmt.Sprintf(world, ".4")), "t.xml")
	if err == nil || !strings.Contains(err.Error(), `3: <pair>`) || !strings.Contains(err.Error(), `geoms "table" and "ball" are a pair already, of condim 3 and friction [0.3 0.3 0.005 0.0001 0.0001] in line 2`) {
		t.Errorf("two pairs of the same geoms: %v", err)
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

// TestSensorInAWeld: what is welded to a body, and to the world, weighs on the weld; a point welded to that does too.
// All of it was summed into the body.
func TestSensorInAWeld(t *testing.T) {
	_, b := build(t, `<mujoco><worldbody><body name="shelf" pos="0 0 3"><inertial mass="2" pos="0 0 0" diaginertia=".1 .1 .1"/></body>
<body name="arm"><joint type="slide" axis="0 0 1" damping="1e6"/><inertial mass="3" pos="0 0 0" diaginertia=".1 .1 .1"/>
<body name="hand" pos=".5 0 0"><inertial mass="1" pos="0 0 0" diaginertia=".1 .1 .1"/><body name="point"><inertial mass=".5" pos="0 0 0" diaginertia="0 0 0"/></body></body></body>
</worldbody></mujoco>`, mjcf.Options{})
	if m := b.TotalMass(); math.Abs(m-4.5) > 1e-12 {
		t.Fatalf("the arm weighs %g kg", m)
	}
	s, x := b.NewStepper(sim.Options{}), b.NewState()
	want := map[string]float64{"shelf": 2, "hand": 1.5, "arm": 4.5}
	sensors := map[string]*sim.Sensor{}
	for name := range want {
		var err error
		if sensors[name], err = s.AddSensor(name, sim.IdentityPose); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	for name, kg := range want {
		if f := sensors[name].Wrench().Force.Z; math.Abs(f-9.81*kg) > 1e-3 {
			t.Errorf("%s: %g N, want the weight of %g kg", name, f, kg)
		}
	}
}
