package urdf

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
)

// crossed is three balls on sliders behind each other; the first and the last are a centimeter in each other.
const crossed = `<robot name="crossed">
  <link name="base"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>
    <collision><geometry><sphere radius="0.1"/></geometry></collision></link>
  <link name="middle"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>
    <collision><geometry><sphere radius="0.1"/></geometry></collision></link>
  <link name="last"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>
    <collision name="inner"><geometry><sphere radius="0.1"/></geometry></collision>
    <collision name="outer"><origin xyz="0 1 0"/><geometry><sphere radius="0.1"/></geometry></collision></link>
  <joint name="a" type="prismatic"><parent link="base"/><child link="middle"/><origin xyz="0 0 0.19"/><axis xyz="0 1 0"/><limit effort="1" velocity="1" lower="-1" upper="1"/></joint>
  <joint name="b" type="prismatic"><parent link="middle"/><child link="last"/><origin xyz="0 0 0"/><axis xyz="0 1 0"/><limit effort="1" velocity="1" lower="-1" upper="1"/></joint>
</robot>`

// TestWhatOverlapsAtZeroDoesNotTouch: with self-contact shapes of links that share no joint touch each other, but those
// that are in each other at zero, which are named. (A robot whose covers overlap so failed in its first step.)
func TestWhatOverlapsAtZeroDoesNotTouch(t *testing.T) {
	r, err := Read(strings.NewReader(crossed), "crossed.urdf", Options{SelfContact: true, Base: FixedBase})
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	if l := m.Pairs(); len(l) != 1 || l[0].Name != "outer/base" && l[0].Name != "base/outer" {
		t.Errorf("pairs are %+v, want that of base and outer", l)
	}
	said := 0
	for _, n := range r.Notes {
		if n.Severity == Physics && strings.Contains(n.Message, "do not touch: ") && strings.Contains(n.Message, "inner") && !strings.Contains(n.Message, "outer") {
			said++
		}
	}
	if said != 1 {
		t.Errorf("notes are %v, want one that names inner", r.Notes)
	}
	s, x := m.NewStepper(sim.Options{}), m.NewState()
	for range 100 {
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	if r, err = Read(strings.NewReader(crossed), "crossed.urdf", Options{Base: FixedBase}); err != nil {
		t.Fatal(err)
	}
	if m, err = r.Builder.Build(); err != nil || len(m.Pairs()) != 0 {
		t.Errorf("without self-contact the pairs are %v, %v", m.Pairs(), err)
	}
}
