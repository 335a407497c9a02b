package urdf_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/internal/mutate"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

// FuzzURDF: whatever the file, the reader neither panics nor returns both or neither of robot and error,
// and what it accepts can be built or is refused in words.
func FuzzURDF(f *testing.F) {
	for _, kind := range []string{"revolute", "prismatic", "planar", "ball", "orbital", "floating", "fixed"} {
		f.Add([]byte(`<robot name="r">` + hinge(kind, `<origin xyz="1 2 3" rpy="0 1 0"/><axis xyz="0 0 1"/><limit lower="-1" upper="1" effort="2"/><dynamics damping="1"/>`) + `</robot>`))
	}
	f.Add([]byte(`<robot name="r">` + hinge("continuous", `<mimic joint="k" multiplier="2"/>`) +
		`<link name="c"/><joint name="k" type="continuous"><parent link="b"/><child link="c"/></joint></robot>`))
	f.Add([]byte(`<robot><material name="m"><color rgba="1 0 0 1"/></material><link name="a"><inertial><mass value="1e300"/><inertia ixx="1" iyy="-1" izz="1e-300"/></inertial>` +
		`<visual><geometry><mesh filename="m.stl" scale="1 1 1"/></geometry><material name="m"/></visual><collision><geometry><capsule radius="1" length="2"/></geometry></collision></link></robot>`))
	f.Add([]byte(`<?xml version="1.0" encoding="latin1"?><!DOCTYPE robot><robot>&amp;<loop_joint/></robot>`))
	f.Fuzz(check)
}

func check(t *testing.T, file []byte) {
	for _, repair := range []bool{false, true} {
		robot, err := urdf.Read(bytes.NewReader(file), "f.urdf", urdf.Options{Repair: repair})
		if (robot == nil) == (err == nil) {
			t.Fatalf("robot %v, error %v", robot, err)
		}
		if robot == nil {
			continue
		}
		m, err := robot.Builder.Build()
		if (m == nil) == (err == nil) {
			t.Fatalf("model %v, error %v", m, err)
		}
		if m == nil {
			if repair {
				t.Fatalf("repaired, but not built: %v\n%s", err, file)
			}
			continue
		}
		if err := robot.Write(io.Discard); err != nil {
			t.Fatalf("read, but not written: %v", err)
		}
		if m.NV() > 100 {
			continue
		}
		x := m.NewState()
		_, err = m.NewStepper(sim.Options{}).Step(&x, x, nil)
		var failed *sim.StepError
		if errors.As(err, &failed) && repair {
			t.Errorf("repaired, but the first step fails: %v", err)
		}
	}
}

// TestMutations spoils well-formed files, which bytes changed at random rarely stay: values are replaced
// by bad ones and by each other, tags are dropped and doubled.
func TestMutations(t *testing.T) {
	seed := `<robot name="r"><material name="m"><color rgba="1 0 0 1"/></material>` +
		hinge("revolute", `<origin xyz="1 2 3" rpy="0 1 0"/><axis xyz="0 0 1"/><limit lower="-1" upper="1" effort="2"/><dynamics damping="1" friction="0"/><mimic joint="k" multiplier="2" offset="1"/>`) +
		`<link name="c">` + heavy + `<visual><geometry><mesh filename="m.stl" scale="1 1 1"/></geometry><material name="m"/></visual>` +
		`<collision name="c"><origin xyz="1 0 0"/><geometry><capsule radius="1" length="2"/></geometry></collision></link>` +
		`<joint name="k" type="prismatic"><parent link="b"/><child link="c"/><limit lower="0" upper="2"/></joint>` +
		`<link name="d"/><joint name="l" type="continuous"><parent link="c"/><child link="d"/></joint><link name="e"><inertial><mass value="0.1"/><inertia ixx="1e-5" iyy="1e-5" izz="1e-5"/></inertial></link>` +
		`<joint name="m" type="revolute"><parent link="d"/><child link="e"/><axis xyz="0 1 0"/><limit lower="-1" upper="3" effort="1" velocity="2"/><mimic joint="k" multiplier="-1"/></joint></robot>`
	bad := []string{"", "0", "-1", "1e-320", "1e300", "-1e308", "NaN", "1 2", "0 0 0", "1e308 1e308 1e308", "${x}", "inf", "-inf", "1e-300", "1e-9", "1e9", "1e6", "1e-6", "1e16", "1,2,3", "1 0 0", "0.5", "a", "b", "j", "k", "world", "&#0;", "revolute", "prismatic", "continuous", "ball", "floating", "orbital", "planar", "fixed"}
	rng := rand.New(rand.NewPCG(1, 2))
	built := 0
	for range 3000 {
		file := mutate.XML(rng, seed, bad)
		check(t, []byte(file))
		if r, err := urdf.Read(strings.NewReader(file), "f.urdf", urdf.Options{}); err == nil && r != nil {
			built++
		}
		if t.Failed() {
			t.Fatalf("the file was\n%s", file)
		}
	}
	if built < 100 || built > 2900 {
		t.Errorf("%d of 3000 files load; the mutations are too hard or too soft", built)
	}
}
