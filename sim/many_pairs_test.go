package sim_test

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestTooManyPairsAreRefused: crowds of shapes on free bodies took gigabytes until the program was killed.
func TestTooManyPairsAreRefused(t *testing.T) {
	b := newWorld("crowd", 0.01)
	for range 112 {
		addBody(b, 100)
	}
	if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), "11200 colliders make 62160000 pairs that may touch each other, more than 60000000") {
		t.Errorf("%.200v", err)
	}
}

// addBody adds a free body with n balls.
func addBody(b *sim.Builder, n int) {
	names, _ := b.Links()
	name := "body" + string(rune('A'+len(names)))
	l := b.AddLink(name, sim.SphereInertia(1, 1))
	b.AddFree(name, l)
	for range n {
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1)})
	}
}
