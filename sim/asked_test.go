package sim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestAskedPairsTouch: two balls of one arm, next to each other, filtered and excluded, touch because the pair is asked
// for; one that is for shapes only falls through the ground and lands on what is fixed to the world.
func TestAskedPairsTouch(t *testing.T) {
	build := func(edit func(b *sim.Builder)) (*sim.Model, error) {
		b := newWorld("asked", 0.01)
		in := sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1})
		lower, upper := b.AddLink("lower", in), b.AddLink("upper", in)
		z := sim.Prismatic(r3.Vec{Z: 1})
		b.AddJoint(sim.Joint{Name: "lower", Type: z, Parent: sim.World, Child: lower})
		b.AddJoint(sim.Joint{Name: "upper", Type: z, Parent: lower, Child: upper, Origin: sim.At(0, 0, 0.5)})
		none := &contact.Filter{}
		b.AddCollider(sim.Collider{Name: "lower", Link: lower, Shape: contact.Sphere(0.1), Filter: none, ShapesOnly: true})
		b.AddCollider(sim.Collider{Name: "upper", Link: upper, Shape: contact.Sphere(0.1), Filter: none, ShapesOnly: true})
		b.AddCollider(sim.Collider{Name: "floor", Link: sim.World, Shape: contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.1}), Pose: sim.At(0, 0, -1.1), Filter: none})
		b.AddCollider(sim.Collider{Name: "wall", Link: sim.World, Shape: contact.Sphere(0.1), Pose: sim.At(2, 0, 0), Filter: none})
		b.AddHalfSpace("water", r3.Vec{Z: 1}, -0.5)
		b.Exclude(lower, upper)
		edit(b)
		return b.Build()
	}
	m, err := build(func(b *sim.Builder) {
		b.AddPair("lower", "upper")
		b.AddPair("upper", "lower") // twice is once
		b.AddPair("floor", "lower")
		b.SetPairFriction("lower", "upper", 0.3)
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(m.Pairs()); n != 2 {
		t.Fatalf("%d pairs: %v", n, m.Pairs())
	}
	s, x := m.NewStepper(sim.Options{}), m.NewState()
	for range 300 {
		must(t, s, &x, nil)
	}
	if math.Abs(x.Q[0]+0.9) > 1e-4 || math.Abs(x.Q[1]+0.3) > 1e-4 {
		t.Errorf("rest at %v, want −0.9 and −0.3 above each other", x.Q)
	}
	if d := s.Penetration(); d > 1e-6 {
		t.Errorf("%g m deep in what they do not touch", d)
	}
	if m, err = build(func(b *sim.Builder) { b.AddPair("lower", "upper"); b.ExcludePair("floor", "lower") }); err != nil || len(m.Pairs()) != 1 {
		t.Errorf("pairs are %v, %v, want one", m.Pairs(), err)
	}
	for want, edit := range map[string]func(b *sim.Builder){
		"AddPair asks for them":       func(b *sim.Builder) { b.AddPair("lower", "upper"); b.ExcludePair("upper", "lower") },
		`there is no collider "roof"`: func(b *sim.Builder) { b.ExcludePair("upper", "roof") },
		"they are excluded by name":   func(b *sim.Builder) { b.ExcludePair("upper", "lower"); b.SetPairFriction("lower", "upper", 0.3) },
	} {
		if _, err := build(edit); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s: %v", want, err)
		}
	}
	for want, names := range map[string][2]string{`there is no collider "roof"`: {"lower", "roof"}, "half-spaces touch every shape": {"lower", "water"}, "fixed to the world": {"floor", "wall"}} {
		if _, err := build(func(b *sim.Builder) { b.AddPair(names[0], names[1]) }); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", names, err)
		}
	}
}
