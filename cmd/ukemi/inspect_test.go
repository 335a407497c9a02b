package main

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestInspectNamesJoints: the usual kinds by their names, others by what they leave free.
func TestInspectNamesJoints(t *testing.T) {
	m := contraption(t)
	x := inspectWorld(&world{model: m, start: m.NewState(), flags: &worldFlags{}})
	var got []string
	for _, j := range x.Joints {
		got = append(got, j.Name+" "+j.Type+" "+j.Drive)
	}
	want := "base free passive, hinge revolute torque, slide prismatic torque, screw cylindrical passive, table planar passive, " +
		"cross universal servo, ball spherical servo, shadow revolute passive"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("joints are %s\nwant %s", s, want)
	}
	odd := sim.JointInfo{Type: sim.JointType{Trans: sim.Free().Trans, Rot: sim.Free().Rot[:1]}}
	if got := jointKind(odd); got != "3 translations, 1 rotations" {
		t.Errorf("an odd joint is %q", got)
	}
}

// TestInspectNumbers: limits and efforts are there when the joint has them, null when not; the tree holds every body once.
func TestInspectNumbers(t *testing.T) {
	m := contraption(t)
	x := inspectWorld(&world{model: m, start: m.NewState(), flags: &worldFlags{}})
	hinge, slide := x.Joints[1], x.Joints[2]
	if hinge.Limits == nil || *hinge.Limits[0] != -0.01 || *hinge.Limits[1] != 0.02 || hinge.Effort == nil || *hinge.Effort != 2 {
		t.Errorf("the hinge is %+v", hinge)
	}
	if slide.Limits != nil || slide.Effort != nil || slide.Parent != "hinge link" || slide.Child != "slide link" {
		t.Errorf("the slider is %+v", slide)
	}
	count, mass := 0, 0.0
	var walk func(n *treeNode)
	walk = func(n *treeNode) {
		count++
		mass += float64(n.Mass)
		for _, c := range n.Children {
			walk(c)
		}
	}
	for _, n := range x.Tree {
		walk(n)
	}
	if count != len(m.Bodies()) || math.Abs(mass-m.TotalMass()) > 1e-12 || len(x.Tree) != 1 {
		t.Errorf("the tree holds %d bodies of %g kg", count, mass)
	}
	if len(x.Masses) != x.Bodies || math.Abs(float64(x.Masses[0].Inertia[0])-2.0/3*0.01) > 1e-15 {
		t.Errorf("the trunk's inertia is %v", x.Masses[0].Inertia)
	}
	if want := (pairInfo{"feet/ground", "trunk", "world", 2}); x.Contacts != 2 || len(x.Pairs) != 1 || x.Pairs[0] != want {
		t.Errorf("%d contacts of the pairs %v, want 2 of %v", x.Contacts, x.Pairs, want)
	}
	data, err := json.Marshal(x)
	if err != nil || !strings.Contains(string(data), `"limits":null,"effort":null`) {
		t.Errorf("%s, %v", data, err)
	}
}

// TestInspectDrawsTheTree: one line a body, branches as deep as the body, welded links beside it.
func TestInspectDrawsTheTree(t *testing.T) {
	status, out, errs := ukemi("inspect", "quadruped")
	if status != 0 {
		t.Fatal(errs)
	}
	for _, want := range []string{
		"quadruped: 13 bodies, 19 coordinates, 18 degrees of freedom, 12 inputs, 24 contacts",
		"BODY", "trunk", "free",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
	for pattern, n := range map[string]int{`(?m)^├ \S+hip`: 3, `(?m)^└ \S+hip`: 1, `(?m)^│ └ \S+thigh`: 3, `(?m)^  └ \S+thigh`: 1, `(?m)^│   └ \S+calf`: 3, `(?m)^    └ \S+calf`: 1} {
		if got := len(regexp.MustCompile(pattern).FindAllString(out, -1)); got != n {
			t.Errorf("%d lines match %s, want %d:\n%s", got, pattern, n, out)
		}
	}
}

// TestManyRemarksAreCut in the text; the JSON has all.
func TestManyRemarksAreCut(t *testing.T) {
	m := contraption(t)
	w := &world{model: m, start: m.NewState(), flags: &worldFlags{}}
	before := len(w.remarks())
	for range 45 {
		w.say("remark %d", len(w.said))
	}
	x := inspectWorld(w)
	var out strings.Builder
	if err := x.print(&out, w); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.Contains(s, fmt.Sprintf("(%d remarks):", 45+before)) || !strings.Contains(s, fmt.Sprintf("remark %d", 39-before)) ||
		strings.Contains(s, fmt.Sprintf("remark %d", 40-before)) || !strings.Contains(s, fmt.Sprintf("… and %d more; --json lists all", 5+before)) {
		t.Errorf("%s", s)
	}
	if len(x.Warnings) != 45+before {
		t.Errorf("%d warnings in JSON", len(x.Warnings))
	}
}

func TestClip(t *testing.T) {
	for want, l := range map[string][]string{"": nil, "a": {"a"}, "a, b, c": {"a", "b", "c"}, "a, b, c and 2 more": {"a", "b", "c", "d", "e"}} {
		if got := clip(l); got != want {
			t.Errorf("%v is %q, want %q", l, got, want)
		}
	}
}

// TestModelsJSON compares the list with the models themselves.
func TestModelsJSON(t *testing.T) {
	_, out, _ := ukemi("models", "--json")
	var rows []struct {
		Name            string
		Aliases         []string
		NQ, NV, NU      int
		Contacts        int
		Number, Summary string
	}
	if err := json.Unmarshal([]byte(out), &rows); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if len(rows) != len(models.All()) {
		t.Fatalf("%d rows for %d models", len(rows), len(models.All()))
	}
	for _, r := range rows {
		m, _, err := models.Load(r.Name, models.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if r.NQ != m.NQ() || r.NV != m.NV() || r.NU != m.NU() || r.Contacts != m.MaxContacts() || r.Summary == "" || r.Aliases == nil {
			t.Errorf("%+v", r)
		}
		if _, text, _ := ukemi("models"); r.Number != "" && !strings.Contains(text, r.Name+":N, N = "+r.Number) {
			t.Errorf("the text does not say what N of %s may be:\n%s", r.Name, text)
		}
	}
}

// TestInspectListsThrusters: they were no drives, and so nowhere.
func TestInspectListsThrusters(t *testing.T) {
	status, out, errs := ukemi("inspect", "x2")
	if want := "4 inputs: thrust1 on x2, 0 … 13; thrust2"; status != 0 || !strings.Contains(out, want) {
		t.Errorf("no %q in\n%s%s", want, out, errs)
	}
	status, _, errs = ukemi("inspect", "x2", "--out", filepath.Join(t.TempDir(), "x2.urdf"))
	if status == 0 || !strings.Contains(errs, `thruster "thrust1": URDF has none`) {
		t.Errorf("status %d, %s", status, errs)
	}
}

// TestInspectListsFollowers: which joint follows which other, along what, as text and as JSON.
func TestInspectListsFollowers(t *testing.T) {
	b := sim.NewBuilder("louvre")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{})
	for name, follow := range map[string]*sim.Mimic{"lead": nil, "slat": {Joint: "lead", Ratio: -2, Offset: 0.5}, "bow": {Joint: "lead", Curve: [3]float64{0, 3}}} {
		b.AddJoint(sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Z: 1}), Parent: sim.World, Child: b.AddLink(name, sim.SphereInertia(1, 0.1)), Mimic: follow})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{model: m, start: m.NewState(), flags: &worldFlags{}}
	var out strings.Builder
	x := inspectWorld(w)
	if err := x.print(&out, w); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"slat = +0.5 -2 lead", "bow = +3 lead^3", "2 joints"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if len(x.Mimics) != 2 || x.Mimics[0].Of != "lead" || x.Mimics[0].Coef[3]+x.Mimics[1].Coef[3] != 3 {
		t.Errorf("%+v", x.Mimics)
	}
}
