package sim_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestFingersOnABoltedPalm: two fingers slide on what does not move, so they share no moving body, and one
// follows the other. A force on the leader moves both masses.
func TestFingersOnABoltedPalm(t *testing.T) {
	b := newWorld("vise", 0.01)
	finger := func(name string, y float64, m *sim.Mimic) {
		l := b.AddLink(name, sim.BoxInertia(0.08, r3.Vec{X: 0.01, Y: 0.01, Z: 0.03}))
		b.AddJoint(sim.Joint{Name: name, Type: sim.Prismatic(r3.Vec{Y: y}), Parent: sim.World, Child: l, Axes: []sim.Axis{{Drive: sim.Torque}}, Mimic: m})
	}
	finger("right", -1, &sim.Mimic{Joint: "left", Ratio: 2, Offset: 0.01})
	bystander := b.AddLink("bystander", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddFree("bystander", bystander)
	b.AddCollider(sim.Collider{Link: bystander, Shape: contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}), Friction: 0.5})
	finger("left", 1, nil)
	finger("lone", 1, nil)
	b.AddGround()
	m := mustModel(t, b)
	if n := len(m.Engine().Trees); n != 2 {
		t.Errorf("%d mechanisms, want that of the coupled fingers and the lone one", n)
	}
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		t.Fatal(err)
	}
	loaded, err := sim.LoadModel(&file)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []*sim.Model{m, loaded} {
		st := m.NewState()
		q := func(name string) (float64, float64) {
			j, err := m.Joint(name)
			if err != nil {
				t.Fatal(err)
			}
			return st.Q[j.Q], st.V[j.V]
		}
		free, _ := m.Joint("bystander")
		st.Q[free.Q+2] = 0.1 // on the ground
		u := make([]float64, m.NU())
		for i, name := range m.Inputs() {
			if name == "left" {
				u[i] = 1
			}
		}
		s := m.NewStepper(sim.Options{})
		for range 50 {
			must(t, s, &st, u)
			l, _ := q("left")
			if r, _ := q("right"); math.Abs(r-2*l-0.01) > 1e-12 {
				t.Fatalf("right is at %g, left at %g", r, l)
			}
		}
		_, v := q("left")
		if want := (0.5 - m.Timestep()/2) / (0.08 + 4*0.08); math.Abs(v-want) > 1e-9*want {
			t.Errorf("1 N for half a second less half a step: %g m/s, want %g", v, want)
		}
		if q, v := q("lone"); q != 0 || v != 0 {
			t.Errorf("the lone finger moved to %g at %g", q, v)
		}
		if z := st.Q[free.Q+2]; math.Abs(z-0.1) > 1e-4 {
			t.Errorf("the bystander is at %g m, want to rest at 0.1", z)
		}
	}
}

// TestStartWhereFollowersMayBe: the neutral configuration heeds the limits of all that follow a joint.
func TestStartWhereFollowersMayBe(t *testing.T) {
	for _, c := range []struct {
		name                 string
		leader               sim.Axis
		ratio, offset        float64
		follower             sim.Axis
		wantLeader, wantFoll float64
	}{
		{"zero is below the follower's limit", sim.Axis{Limited: true, Lower: -1, Upper: 1}, 2, 0.5, sim.Axis{Limited: true, Lower: 0.9, Upper: 1.7}, 0.4, 1.3},
		{"mirrored", sim.Axis{}, -1, 0, sim.Axis{Limited: true, Lower: 0.2, Upper: math.Inf(1)}, -0.2, 0.2},
		{"both narrow it", sim.Axis{Limited: true, Lower: 0.3, Upper: 1}, 1, 0, sim.Axis{Limited: true, Lower: -1, Upper: 0.5}, 0.4, 0.4},
		{"nothing in common: the leader's own", sim.Axis{Limited: true, Lower: 1, Upper: 2}, 1, 0, sim.Axis{Limited: true, Lower: 3, Upper: 4}, 1.5, 1.5},
	} {
		b := newWorld("louvre", 0.01)
		for i, name := range []string{"follower", "leader"} {
			j := sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Z: 1}), Parent: sim.World, Child: b.AddLink(name, sim.SphereInertia(1, 0.3)), Axes: []sim.Axis{c.leader}}
			if i == 0 {
				j.Axes[0] = c.follower
				j.Mimic = &sim.Mimic{Joint: "leader", Ratio: c.ratio, Offset: c.offset}
			}
			b.AddJoint(j)
		}
		m := mustModel(t, b)
		st := m.NewState()
		if math.Abs(st.Q[1]-c.wantLeader) > 1e-15 || math.Abs(st.Q[0]-c.wantFoll) > 1e-15 {
			t.Errorf("%s: starts at %g and %g, want %g and %g", c.name, st.Q[1], st.Q[0], c.wantLeader, c.wantFoll)
		}
	}
}

// TestNothingMoves: a table bolted to the world has no degree of freedom, and steps all the same.
func TestNothingMoves(t *testing.T) {
	b := newWorld("table", 0.01)
	top := b.AddLink("top", sim.BoxInertia(9, r3.Vec{X: 1, Y: 1, Z: 0.1}))
	b.AddJoint(sim.Joint{Name: "bolts", Type: sim.Fixed(), Parent: sim.World, Child: top})
	b.AddCollider(sim.Collider{Link: top, Shape: contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.1})})
	b.AddGround()
	m := mustModel(t, b)
	for _, o := range []sim.Options{{}, {Polish: true}} {
		s, st := m.NewStepper(o), m.NewState()
		for range 3 {
			res, err := s.Step(&st, st, nil)
			if err != nil || res.Halvings != 0 || res.Unpolished != 0 {
				t.Fatalf("%+v, %v", res, err)
			}
		}
		if e, err := s.Energy(st); err != nil || e != (sim.Energy{}) {
			t.Errorf("energy %+v, %v", e, err)
		}
	}
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		t.Fatal(err)
	}
	if again, err := sim.LoadModel(&file); err != nil || again.Hash() != m.Hash() {
		t.Errorf("saved and loaded: %v", err)
	}
}

// louvre is a row of hinges on the world, the i-th following the joint of the given mimic.
func louvre(mimics map[string]*sim.Mimic, axes map[string]sim.Axis, names ...string) *sim.Builder {
	b := newWorld("louvre", 0.01)
	for _, name := range names {
		b.AddJoint(sim.Joint{
			Name: name, Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink(name, sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.2, Z: 0.3})),
			Axes: []sim.Axis{axes[name]}, Mimic: mimics[name],
		})
	}
	return b
}

// TestFollowersInACircle: joints that follow each other are refused by name, whether what they say agrees or not.
func TestFollowersInACircle(t *testing.T) {
	for _, c := range []struct {
		name   string
		mimics map[string]*sim.Mimic
		want   string
	}{
		{"contradictory", map[string]*sim.Mimic{"a": {Joint: "b", Ratio: 1, Offset: 0.1}, "b": {Joint: "a", Ratio: 1}}, `"a" follows "b" follows "a"`},
		{"agreeing", map[string]*sim.Mimic{"a": {Joint: "b", Ratio: 2}, "b": {Joint: "a", Ratio: 0.5}}, `"a" follows "b" follows "a"`},
		{"with a ratio that leaves one position", map[string]*sim.Mimic{"a": {Joint: "b", Ratio: -1}, "b": {Joint: "a", Ratio: 1}}, `"a" follows "b" follows "a"`},
		{"of three, one hangs on", map[string]*sim.Mimic{"a": {Joint: "d", Ratio: 1}, "b": {Joint: "c", Ratio: 1}, "c": {Joint: "d", Ratio: 3}, "d": {Joint: "b", Ratio: 1}}, `"b" follows "c" follows "d" follows "b"`},
		{"through a ratio of zero", map[string]*sim.Mimic{"a": {Joint: "b", Ratio: 0, Offset: 0.2}, "b": {Joint: "a", Ratio: 1}}, `"a" follows "b" follows "a"`},
		{"of one", map[string]*sim.Mimic{"c": {Joint: "c", Ratio: 1}}, `joint "c" mimics "c"`},
	} {
		_, err := louvre(c.mimics, nil, "a", "b", "c", "d").Build()
		if err == nil || strings.Count(err.Error(), c.want) != 1 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one with %s", c.name, err, c.want)
		}
	}
}

// TestFollowerOfAFollower: a chain of followers keeps to its leader in any order of declaration, from a start within the
// limits of all of them.
func TestFollowerOfAFollower(t *testing.T) {
	mimics := map[string]*sim.Mimic{"last": {Joint: "middle", Ratio: 2, Offset: 0.1}, "middle": {Joint: "leader", Ratio: -1.5, Offset: 0.2}}
	axes := map[string]sim.Axis{"last": {Limited: true, Lower: 1.1, Upper: 3.1}} // leader in [-0.866…, -0.2]: 2(0.2 − 1.5 q) + 0.1
	for _, names := range [][]string{{"last", "middle", "leader"}, {"leader", "middle", "last"}, {"middle", "last", "leader"}} {
		m := mustModel(t, louvre(mimics, axes, names...))
		s, st := m.NewStepper(sim.Options{}), m.NewState()
		q := func(name string) float64 {
			j, err := m.Joint(name)
			if err != nil {
				t.Fatal(err)
			}
			return st.Q[j.Q]
		}
		if got, want := q("last"), 2.1; math.Abs(got-want) > 1e-12 {
			t.Errorf("%v: the last follower starts at %g, want the middle of its limits, %g", names, got, want)
		}
		for range 50 {
			if a, b := q("middle"), q("last"); math.Abs(a+1.5*q("leader")-0.2) > 1e-12 || math.Abs(b-2*a-0.1) > 1e-12 {
				t.Fatalf("%v: leader %g, middle %g, last %g", names, q("leader"), a, b)
			}
			must(t, s, &st, nil)
		}
	}
}

// TestLimitsOfFollowersThatExcludeAreTold: where no position obeys the limits of a follower and of what it follows the
// model says so, with both joints and where they are; the first steps would stall.
func TestLimitsOfFollowersThatExcludeAreTold(t *testing.T) {
	limits := func(low, up float64) sim.Axis { return sim.Axis{Limited: true, Lower: low, Upper: up} }
	for _, c := range []struct {
		want          string // none: all is well
		lead, b, c    sim.Axis
		follow, third sim.Mimic
	}{
		{`joint "b": its limits -1 … 0.4 exclude those of joint "a", which it follows: that has room from 0.5 to 1, where this one is from 0.5 to 1`, limits(0.5, 1), limits(-1, 0.4), sim.Axis{}, sim.Mimic{Ratio: 1}, sim.Mimic{Ratio: 1}},
		{`joint "b": its limits 0.1 … 0.9 exclude those of joint "a", which it follows: that has room from 0 to 0.8, where this one is from -0.8 to 0`, limits(0, 0.8), limits(0.1, 0.9), sim.Axis{}, sim.Mimic{Ratio: -1}, sim.Mimic{Ratio: 1}},
		{`joint "c": its limits 1 … 2 exclude those of joint "a", which it follows: that has room from 0 to 0.2, where this one is from 0 to 0.4`, sim.Axis{}, limits(0, 0.2), limits(1, 2), sim.Mimic{Ratio: 1}, sim.Mimic{Ratio: 2}},
		{`joint "b": its limits -1 … -0.2 exclude those of joint "a", which it follows: that has room from -1 to 1, where this one is from 0 to 1`, limits(-1, 1), limits(-1, -0.2), sim.Axis{}, sim.Mimic{Curve: [3]float64{1}}, sim.Mimic{Ratio: 1}},
		{`joint "b": its limits 0 … 1 exclude those of joint "a", which it follows: that has room from -Inf to +Inf, where this one is from 2 to 2`, sim.Axis{}, limits(0, 1), sim.Axis{}, sim.Mimic{Offset: 2}, sim.Mimic{Ratio: 1}},
		{``, limits(0, 1), limits(-3, -2), limits(0.5, 4), sim.Mimic{Ratio: -2}, sim.Mimic{Ratio: 1}}, // a single position of a
		{``, sim.Axis{}, limits(-1, -0.2), limits(0.2, math.Inf(1)), sim.Mimic{Ratio: -0.5}, sim.Mimic{Ratio: 1}},
	} {
		c.follow.Joint, c.third.Joint = "a", "a"
		w := mustModel(t, louvre(map[string]*sim.Mimic{"b": &c.follow, "c": &c.third}, map[string]sim.Axis{"a": c.lead, "b": c.b, "c": c.c}, "a", "b", "c")).Warnings()
		if c.want == "" && len(w) > 0 || c.want != "" && (len(w) != 1 || w[0] != c.want) {
			t.Errorf("%q, want %q", w, c.want)
		}
	}
}
