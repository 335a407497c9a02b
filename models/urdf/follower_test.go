package urdf_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

func TestFollowersOfWhatDoesNotMove(t *testing.T) {
	for _, c := range []struct {
		name, leader, mimic string
		repair              bool
		at                  float64
		note                string
	}{
		{"leader locked by its limits", `type="revolute"><limit lower="0.2" upper="0.2"/>`, `multiplier="2" offset="0.1"`, true, 0.5, `joint "jl" does not move, so this one is fixed at 0.5`},
		{"fixed leader", `type="fixed">`, `multiplier="2" offset="0.1"`, true, 0.1, `repaired: joint "jl" is fixed; only a joint with one free motion can be mimicked: the joint is fixed too`},
		{"multiplier 0", `type="revolute"><limit lower="-1" upper="1"/>`, `multiplier="0" offset="0.4"`, false, 0.4, "multiplier 0: the joint is fixed at 0.4"},
	} {
		body := `<link name="world"/><link name="l">` + heavy + `</link><link name="f">` + heavy + `</link><joint name="jl" ` + c.leader + `<parent link="world"/><child link="l"/></joint>
			<joint name="jf" type="continuous"><parent link="l"/><child link="f"/><axis xyz="0 0 1"/><mimic joint="jl" ` + c.mimic + `/></joint>`
		if _, err := read(body, urdf.Options{}); (err != nil) != c.repair {
			t.Errorf("%s: as it is: %v", c.name, err)
		}
		m, notes := build(t, body, urdf.Options{Repair: c.repair})
		wantNote(t, notes, c.note)
		f, _ := m.Frame("f")
		l, _ := m.Frame("l")
		rel := r3.Rotation(quat.Mul(quat.Conj(l.Pose.Rot), f.Pose.Rot)).Rotate(r3.Vec{X: 1})
		if f.Body != l.Body || !near(rel, r3.Vec{X: math.Cos(c.at), Y: math.Sin(c.at)}) {
			t.Errorf("%s: the follower points along %v", c.name, rel)
		}
	}
	for _, mimic := range []string{`joint="jf"`, `joint="nobody"`, ``} {
		body := onWorld("f", heavy, "continuous", `<mimic `+mimic+`/>`)
		m, notes := build(t, body, urdf.Options{Repair: true})
		if m.NU() != 1 || m.NV() != 1 {
			t.Errorf("mimic %s: nu %d, nv %d", mimic, m.NU(), m.NV())
		}
		wantNote(t, notes, "the joint moves on its own")
	}
}

func TestFollowerLimits(t *testing.T) {
	robot := func(leader, follower, mimic string) string {
		return onWorld("l", heavy, "revolute", `<limit `+leader+`/>`) + "\n" + `<link name="f">` + heavy + `</link><joint name="jf" type="revolute"><parent link="l"/><child link="f"/>
			<origin xyz="0 1 0"/><limit ` + follower + `/><mimic joint="jl" ` + mimic + `/></joint>`
	}
	for _, c := range []struct {
		name, leader, follower, mimic string
		kept                          bool
		note                          string
	}{
		{"copied from the leader, mirrored", `lower="0" upper="0.7"`, `lower="0" upper="0.7"`, `multiplier="-1"`, false,
			`line 3: <mimic> "jf": its own limits 0 … 0.7 are dropped: joint "jl" has room from 0 to 0.7, which puts this one into -0.7 … 0`},
		{"apart", `lower="0" upper="1"`, `lower="5" upper="6"`, ``, false, `its own limits 5 … 6 are dropped`},
		{"equal limits", `lower="0" upper="1"`, `lower="0.5" upper="0.5"`, ``, false, `its own limits 0.5 … 0.5 are dropped`},
		{"narrower", `lower="0" upper="1"`, `lower="0.7" upper="2.3"`, `multiplier="2" offset="0.3"`, true, `its limits 0.7 … 2.3 leave joint "jl" the room from 0.2 to 1`},
		{"wider", `lower="0" upper="1"`, `lower="-4" upper="4"`, `multiplier="2"`, true, ""},
		{"mirrored, as it should be", `lower="0" upper="1"`, `lower="-2" upper="0"`, `multiplier="-2"`, true, ""},
		{"mirrored and narrower", `lower="0" upper="1"`, `lower="-1" upper="0.5"`, `multiplier="-2" offset="0.5"`, true, `leave joint "jl" the room from 0 to 0.75`},
	} {
		m, notes := build(t, robot(c.leader, c.follower, c.mimic), urdf.Options{})
		if c.note != "" {
			wantNote(t, notes, c.note)
		} else if len(notes) > 0 {
			t.Errorf("%s: notes %q", c.name, notes)
		}
		if m.Joints()[1].Axes[0].Limited != c.kept {
			t.Errorf("%s: kept %v", c.name, !c.kept)
		}
		run(t, m)
	}
}
