package mjcf_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestHeightFieldIsTerrain: a ball falls on a height field where MuJoCo has it, at the corner that the file's first row, the farthest in y, raises; and slides with
// MuJoCo's friction of the two.
func TestHeightFieldIsTerrain(t *testing.T) {
	const file = `<mujoco><asset><hfield name="h" nrow="3" ncol="3" size="2 1 0.5 0.1" elevation="0 4 4  0 4 4  0 0 0"/></asset>
<worldbody><geom name="ground" type="hfield" hfield="h" pos="1 0 0.25" friction="0.9"/>
<body name="ball" pos="2.5 0.5 1.2"><freejoint/><geom name="ball" size="0.1" friction="0.3"/></body></worldbody></mujoco>`
	r, m := build(t, file, mjcf.Options{})
	for _, n := range r.Notes {
		if n.Element == "<geom>" {
			t.Errorf("note %v", n)
		}
	}
	var ground sim.Collider
	for _, c := range r.Builder.Colliders() {
		if c.Name == "ground" {
			ground = c
		}
	}
	if ground.Shape.Kind != contact.KindTerrain {
		t.Fatalf("colliders %+v", r.Builder.Colliders())
	}
	if z, _ := ground.Shape.Terrain.Height(1.5, 0.5); z != 0.5 {
		t.Errorf("height %g at the high corner", z)
	}
	if z, _ := ground.Shape.Terrain.Height(-1.5, -0.9); z != 0 {
		t.Errorf("height %g at the low corner", z)
	}
	x, err := r.Start(m, "")
	if err != nil {
		t.Fatal(err)
	}
	s := m.NewStepper(sim.Options{})
	for range 1000 {
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	if math.Abs(x.Q[2]-0.85) > 1e-4 {
		t.Errorf("the ball rests at %v", x.Q[:3])
	}
}
