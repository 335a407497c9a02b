package sim

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestChangeJoint: a robot that is built already gets other numbers; what Joints gave out before keeps the old ones, and names that are not
// there are errors of Build.
func TestChangeJoint(t *testing.T) {
	b := NewBuilder("rod")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	l := b.AddLink("rod", BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.5}))
	b.AddJoint(Joint{Name: "hinge", Type: Revolute(r3.Vec{Y: 1}), Parent: World, Child: l, Axes: []Axis{{Damping: 0.1}}})
	old := b.Joints()
	b.ChangeJoint("hinge", func(j *Joint) { j.Axes[0].Damping = 0.7 })
	b.SetInertia(l, BoxInertia(2, r3.Vec{X: 0.1, Y: 0.1, Z: 0.5}))
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if d, kg := m.Joints()[0].Axes[0].Damping, m.BodyInertia(0).Mass; d != 0.7 || kg != 2 || old[0].Axes[0].Damping != 0.1 {
		t.Errorf("damping %g, mass %g, damping before %g", d, kg, old[0].Axes[0].Damping)
	}
	b.ChangeJoint("knee", func(*Joint) { t.Error("there is no knee to change") })
	b.SetInertia(7, Inertia{})
	if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), `no joint "knee"`) || !strings.Contains(err.Error(), "no link 7") {
		t.Errorf("%v", err)
	}
}

// TestChangeCollider: by its own name or by the one that Build gives it.
func TestChangeCollider(t *testing.T) {
	b := NewBuilder("balls")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	l := b.AddLink("ball", BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddFree("free", l)
	for _, name := range []string{"", "", "nose"} {
		b.AddCollider(Collider{Name: name, Link: l, Shape: contact.Sphere(0.1)})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range m.Colliders() {
		b.ChangeCollider(name, func(c *Collider) { c.Friction = float64(1 + i) })
	}
	for i, c := range b.Colliders() {
		if c.Friction != float64(1+i) {
			t.Errorf("collider %d, %q: friction %g", i, m.Colliders()[i], c.Friction)
		}
	}
	b.ChangeCollider("tail", func(*Collider) { t.Error("there is no tail to change") })
	if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), `no collider "tail"`) {
		t.Errorf("%v", err)
	}
}
