package urdf_test

import (
	"reflect"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func TestCollisions(t *testing.T) {
	tests := []struct {
		geometry string
		want     contact.Shape
	}{
		{`<box size="1 2 3"/>`, contact.Box(r3.Vec{X: 0.5, Y: 1, Z: 1.5})},
		{`<sphere radius="2"/>`, contact.Sphere(2)},
		{`<cylinder radius="2" length="3"/>`, contact.Cylinder(2, 1.5)},
		{`<capsule radius="2" length="3"/>`, contact.Capsule(2, 1.5)},
		{`<capsule radius="2" length="0"/>`, contact.Sphere(2)},
		{`<d:capsule xmlns:d="http://drake.mit.edu" radius="2" length="3"/>`, contact.Capsule(2, 1.5)},
	}
	for _, c := range tests {
		m, notes := build(t, `<link name="a">`+heavy+`<collision><origin xyz="1 2 3" rpy="0 0 1"/><geometry>`+c.geometry+`</geometry></collision></link>`, urdf.Options{})
		d := m.Drawn()
		if len(d) != 1 || !d[0].Collides || !reflect.DeepEqual(d[0].Shape, c.want) || !near(d[0].Pose.Pos, r3.Vec{X: 1, Y: 2, Z: 3}) || d[0].Pose.Rot != sim.RPY(0, 0, 1) {
			t.Errorf("%s: %+v", c.geometry, d)
		}
		if len(notes) != 0 {
			t.Errorf("%s: notes %v", c.geometry, notes)
		}
	}
}

func TestCollisionNames(t *testing.T) {
	shape := `<geometry><sphere radius="1"/></geometry></collision>`
	m, _ := build(t, `<link name="a">`+heavy+`<collision>`+shape+`<collision>`+shape+`<collision name="a_2">`+shape+`<collision name="foot">`+shape+`</link>`, urdf.Options{})
	if got, want := m.Colliders(), []string{"a", "a_2", "a_2_2", "foot"}; !reflect.DeepEqual(got, want) {
		t.Errorf("names %q, want %q", got, want)
	}
}

func TestCollisionMeshIsReported(t *testing.T) {
	m, notes := build(t, `<link name="a">`+heavy+`<collision><geometry><mesh filename="a.stl"/></geometry></collision></link>`, urdf.Options{})
	if n := len(m.Drawn()); n != 0 || len(notes) != 1 {
		t.Errorf("%d shapes, notes %v", n, notes)
	}
	wantNote(t, notes, `<mesh> "a": touches nothing: mesh "a.stl": file does not exist`)
}

func TestVisuals(t *testing.T) {
	m, notes := build(t, `
		<material name="sky"><color rgba="0 0 1 1"/></material>
		<link name="a">`+heavy+`
			<visual name="v0"><geometry><box size="2 2 2"/></geometry><material name="sky"/></visual>
			<visual><geometry><mesh filename="package://m/a.stl" scale="1 2 -3"/></geometry><material name=""><color rgba=".5 0 0 1"/></material></visual>
			<visual><geometry><mesh filename="b.stl"/></geometry><material name="later"/></visual>
			<visual><geometry><sphere radius="1"/></geometry><material name="later"><color rgba="0 1 0 .5"/></material></visual>
			<visual><geometry><sphere radius="1"/></geometry><material name="never"/></visual>
		</link>`, urdf.Options{})
	d := m.Drawn()
	if len(d) != 5 {
		t.Fatalf("%d visuals", len(d))
	}
	for i, want := range []sim.Color{{B: 1, A: 1}, {R: .5, A: 1}, {G: 1, A: .5}, {G: 1, A: .5}, {}} {
		if d[i].Color != want || d[i].Collides {
			t.Errorf("visual %d: color %v, want %v", i, d[i].Color, want)
		}
	}
	if d[0].Name != "v0" || d[1].Mesh != "package://m/a.stl" || d[1].Scale != (r3.Vec{X: 1, Y: 2, Z: -3}) || d[2].Scale != (r3.Vec{X: 1, Y: 1, Z: 1}) {
		t.Errorf("visuals %+v", d)
	}
	if len(notes) != 1 {
		t.Errorf("notes %v", notes)
	}
	wantNote(t, notes, `line 8: <material> "never": ignored: no color is given for material "never"`)
}
