package sim_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestContactNamesCountFromZero: corners are named by their own number, whatever shapes came before: the first corner
// of a box after a capsule was "box[2]".
func TestContactNamesCountFromZero(t *testing.T) {
	b := newWorld("names", 0.01)
	for i, s := range []contact.Shape{contact.Capsule(0.1, 0.1), contact.Box(r3.Vec{X: 1, Y: 1, Z: 1}), contact.Points([]r3.Vec{{}, {X: 1}, {Y: 1}})} {
		l := b.AddLink(string(rune('a'+i)), sim.BoxInertia(1, r3.Vec{X: 1, Y: 1, Z: 1}))
		b.AddFree(string(rune('a'+i)), l)
		b.AddCollider(sim.Collider{Name: string(rune('a' + i)), Link: l, Shape: s})
	}
	b.AddGround()
	m := mustModel(t, b)
	for id, want := range map[sim.ContactID]string{{Pair: sim.Pair{A: 0, B: -1}}: "a[0]/ground", {Pair: sim.Pair{A: 1, B: -1}}: "b[0]/ground", {Pair: sim.Pair{A: 1, B: -1}, Feature: 7}: "b[7]/ground", {Pair: sim.Pair{A: 2, B: -1}, Feature: 1}: "c[1]/ground"} {
		if got := m.ContactName(id); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
