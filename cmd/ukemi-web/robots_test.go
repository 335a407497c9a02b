package main

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
)

const arm = `<robot name="arm"><link name="base"/><link name="rod"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>
<collision><geometry><box size="1 1 1"/></geometry></collision></link>
<joint name="hinge" type="continuous"><parent link="base"/><child link="rod"/><axis xyz="0 1 0"/></joint></robot>`

// TestOpen reads what a page may ask for: robots of the zoo by name, files by their text.
func TestOpen(t *testing.T) {
	for _, e := range models.All() {
		r, err := open(e.Name, nil)
		if err != nil || r.Model.CheckState(r.Start) != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
	for _, c := range []struct{ name, text, want, notes string }{
		{"arm.urdf", arm, "arm", ""},
		{"ARM.XML", arm, "arm", ""},
		{"massless.urdf", strings.Replace(arm, `mass value="1"`, `mass value="-1"`, 1), "arm", "mass"},
		{"ball.xml", `<mujoco model="ball"><worldbody><body><freejoint/><geom type="sphere" size="0.1"/></body></worldbody></mujoco>`, "ball", ""},
		{"ball.urdf", `<mujoco model="ball"><worldbody><body><freejoint/><geom type="sphere" size="0.1"/></body></worldbody></mujoco>`, "ball", ""},
		{"comment.xml", `<!-- once a <robot> --><mujoco model="ball"><worldbody><body><freejoint/><geom type="sphere" size="0.1"/></body></worldbody></mujoco>`, "ball", ""},
	} {
		r, err := open(c.name, []byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if r.Title != c.want || r.Model.NV() == 0 || !strings.Contains(strings.Join(r.Notes, "\n"), c.notes) {
			t.Errorf("%s: %q with %d degrees of freedom, notes %q", c.name, r.Title, r.Model.NV(), r.Notes)
		}
		if planes, _ := r.Model.HalfSpaces(); len(planes) != 1 {
			t.Errorf("%s: %d half-spaces, want the ground", c.name, len(planes))
		}
	}
	for _, c := range []struct{ name, text, want string }{
		{"nobody", "", "nobody"}, {"a.stl", "solid", ".urdf"}, {"a.urdf", "<robot", "a.urdf"}, {"a.xml", "<mujoco><worldbody><body>", "a.xml"},
	} {
		if _, err := open(c.name, []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
}
