package urdf_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

// linkage is a parallelogram of two cranks and a coupler about y: 0.2 m and 0.3 m.
const linkage = `<robot name="linkage">
<link name="base"/>
<link name="left"><inertial><origin xyz="0 0 -0.1"/><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.001"/></inertial></link>
<link name="right"><inertial><origin xyz="0 0 -0.1"/><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.001"/></inertial></link>
<link name="coupler"><inertial><origin xyz="0.15 0 0"/><mass value="1"/><inertia ixx="0.001" iyy="0.01" izz="0.01"/></inertial></link>
<joint name="l" type="continuous"><parent link="base"/><child link="left"/><axis xyz="0 1 0"/></joint>
<joint name="r" type="continuous"><parent link="base"/><child link="right"/><origin xyz="0.3 0 0"/><axis xyz="0 1 0"/></joint>
<joint name="c" type="continuous"><parent link="left"/><child link="coupler"/><origin xyz="0 0 -0.2"/><axis xyz="0 1 0"/></joint>
LOOP
</robot>`

// TestLoopJoint: all types that close a loop keep a parallelogram one, also read back from what was written.
func TestLoopJoint(t *testing.T) {
	for _, c := range []struct {
		loop string
		typ  sim.LoopType
	}{
		{`<loop_joint name="k" type="spherical"><link1 link="coupler" xyz="0.3 0 0"/><link2 link="right" xyz="0 0 -0.2" rpy="0 0 1"/></loop_joint>`, sim.LoopPoint},
		{`<loop_joint name="k" type="spherical"><link1 link="coupler" xyz="0.3 0 0"/><link1 link="right" xyz="0 0 -0.2"/></loop_joint>`, sim.LoopPoint},
		{`<loop_joint name="k" type="continuous"><axis xyz="0 1 0"/><link1 link="coupler" xyz="0.3 0 0"/><link2 link="right" xyz="0 0 -0.2" rpy="0 0.4 0"/></loop_joint>`, sim.LoopHinge},
		{`<link name="end"><inertial><mass value="0.1"/><inertia ixx="0.001" iyy="0.001" izz="0.001"/></inertial></link>
		<joint name="e" type="continuous"><parent link="right"/><child link="end"/><origin xyz="0 0 -0.2"/><axis xyz="0 1 0"/></joint>
		<loop_joint name="k" type="fixed"><link1 link="coupler" xyz="0.3 0 0"/><link2 link="end"/></loop_joint>`, sim.LoopWeld},
	} {
		robot, err := urdf.Read(strings.NewReader(strings.Replace(linkage, "LOOP", c.loop, 1)), "r.urdf", urdf.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := robot.Write(&out); err != nil {
			t.Fatal(err)
		}
		again, err := urdf.Read(&out, "again.urdf", urdf.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []*urdf.Robot{robot, again} {
			m, err := r.Builder.Build()
			if err != nil {
				t.Fatal(err)
			}
			if l := m.Loops(); len(l) != 1 || l[0].Type != c.typ || l[0].Name != "k" {
				t.Fatalf("loops %+v, want one of type %v", l, c.typ)
			}
			l, err := m.Joint("l")
			if err != nil {
				t.Fatal(err)
			}
			right, err := m.Joint("r")
			if err != nil {
				t.Fatal(err)
			}
			x := m.NewState()
			x.Q[l.Q] = 0.5
			if err := m.Assemble(&x); err != nil {
				t.Fatal(err)
			}
			s, start := m.NewStepper(sim.Options{}), x.Q[l.Q]
			for range 100 {
				if _, err := s.Step(&x, x, nil); err != nil {
					t.Fatal(err)
				}
			}
			if d := math.Abs(x.Q[l.Q] - x.Q[right.Q]); d > 1e-9 || math.Abs(x.Q[l.Q]-start) < 0.01 {
				t.Errorf("%v: cranks at %.12f and %.12f", c.typ, x.Q[l.Q], x.Q[right.Q])
			}
		}
	}
}

// TestLoopMistakes: what is wrong with a loop is named.
func TestLoopMistakes(t *testing.T) {
	for loop, want := range map[string]string{
		`<loop_joint name="k" type="spherical"><link1 link="coupler"/></loop_joint>`:                                        "wants two links",
		`<loop_joint name="k" type="spherical"><link1 link="coupler"/><link2 link="none"/></loop_joint>`:                    `no link "none"`,
		`<loop_joint type="spherical"><link1 link="coupler"/><link2 link="right"/></loop_joint>`:                            "names of their own",
		`<loop_joint name="k" type="revolute"><axis xyz="0 0 0"/><link1 link="coupler"/><link2 link="right"/></loop_joint>`: "no direction",
		`<loop_joint name="k" type="spherical"><link1 link="coupler" xyz="a b c"/><link2 link="right"/></loop_joint>`:       "xyz",
	} {
		_, err := urdf.Read(strings.NewReader(strings.Replace(linkage, "LOOP", loop, 1)), "r.urdf", urdf.Options{})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "r.urdf:9") {
			t.Errorf("%s: error %v, want one with %q and the line", loop, err, want)
		}
	}
}
