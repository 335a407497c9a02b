package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCountsOfContacts: mean and most of contacts that push, of their pairs and of islands.
func TestCountsOfContacts(t *testing.T) {
	var c meetingCounts
	push := func(a, b int, fz float64) sim.Contact {
		return sim.Contact{ID: sim.ContactID{Pair: sim.Pair{A: a, B: b}}, Force: r3.Vec{Z: fz}}
	}
	c.add([]sim.Contact{push(0, -1, 1), push(0, -1, 2), push(1, 0, 3), push(1, -1, 0)}, 1)
	c.add(nil, 4)
	c.add([]sim.Contact{push(0, -1, 1)}, 1)
	if want := (meetingCounts{ContactsMean: 4.0 / 3, ContactsMax: 3, PairsMean: 1, PairsMax: 2, IslandsMean: 2, IslandsMax: 4, steps: 3}); math.Abs(float64(c.ContactsMean-want.ContactsMean)) > 1e-15 || c.ContactsMax != 3 || c.PairsMean != 1 || c.PairsMax != 2 || c.IslandsMean != 2 || c.IslandsMax != 4 {
		t.Errorf("%+v, want %+v", c, want)
	}
	if s := c.String(); s != "1.33 contacts of 1 pairs per step, in 2 islands; at most 3, 2 and 4" {
		t.Errorf("%s", s)
	}
}

// TestSimulateCountsContacts: three boxes on each other are one island, each with contacts to the next.
func TestSimulateCountsContacts(t *testing.T) {
	status, out, errs := ukemi("simulate", "stack", "--seconds", "0.5", "--json")
	if status != 0 {
		t.Fatal(errs)
	}
	var r struct {
		Bodies       int     `json:"bodies"`
		ContactsMean float64 `json:"contacts_mean"`
		ContactsMax  int     `json:"contacts_max"`
		PairsMax     int     `json:"pairs_max"`
		IslandsMin   float64 `json:"islands_mean"`
		IslandsMax   int     `json:"islands_max"`
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if r.PairsMax < r.Bodies || r.ContactsMax < 4*r.Bodies || r.ContactsMean <= 0 || r.IslandsMin < 1 || r.IslandsMax > r.Bodies {
		t.Errorf("%+v", r)
	}
}

// TestInspectListsShapes: shape, size, body and pairs of every collider, filters where there are any, and what may touch what.
func TestInspectListsShapes(t *testing.T) {
	status, out, errs := ukemi("inspect", "gripper")
	if status != 0 {
		t.Fatal(errs)
	}
	for _, want := range []string{"COLLIDER", "SHAPE", "SIZE [m]", "half x", "pairs that may touch:"} {
		if !strings.Contains(out, want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "GROUPS") {
		t.Errorf("filters that nobody set:\n%s", out)
	}
	file := write(t, "f.xml", `<mujoco><worldbody><body name="a" pos="0 0 1"><freejoint/><geom name="a" size=".1" contype="2" conaffinity="4"/></body>
<body name="b" pos="0 0 2"><freejoint/><geom name="b" type="capsule" size=".1 .2" contype="4" conaffinity="1"/></body></worldbody></mujoco>`)
	status, out, errs = ukemi("inspect", file, "--json")
	if status != 0 {
		t.Fatal(errs)
	}
	var x struct{ Shapes []shapeInfo }
	if err := json.Unmarshal([]byte(out), &x); err != nil || len(x.Shapes) != 2 {
		t.Fatalf("%v: %s", err, out)
	}
	a, b := x.Shapes[0], x.Shapes[1]
	if a.Groups != 2 || a.Touches != 4 || a.HalfSpaces || a.Pairs != 1 || b.Shape != "capsule" || b.Size["half_length"] != 0.2 || !b.HalfSpaces || b.Pairs != 2 {
		t.Errorf("%+v", x.Shapes)
	}
	if _, out, _ = ukemi("inspect", file); !strings.Contains(out, "GROUPS") || !strings.Contains(out, "0x4") {
		t.Errorf("no filters:\n%s", out)
	}
}

// TestSelfContactFlag: the same robot with and without; both formats and the zoo.
func TestSelfContactFlag(t *testing.T) {
	file := write(t, "f.xml", `<mujoco><worldbody><body pos="0 0 5"><freejoint/><geom size=".1"/><body pos="0 0 1"><joint/><geom size=".1"/><body pos="0 0 1"><joint/><geom size=".1"/></body></body></body></worldbody></mujoco>`)
	for _, source := range []string{file, "quadruped"} {
		pairs := func(flags ...string) int {
			status, out, errs := ukemi(append([]string{"inspect", source, "--json"}, flags...)...)
			if status != 0 {
				t.Fatal(errs)
			}
			var x inspection
			if err := json.Unmarshal([]byte(out), &x); err != nil {
				t.Fatal(err)
			}
			return len(x.Pairs)
		}
		if with, without := pairs("--self-contact"), pairs(); with <= without {
			t.Errorf("%s: %d pairs with self-contact, %d without", source, with, without)
		}
	}
}

// write writes a file of that name into a folder of the test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
