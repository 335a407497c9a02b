package mesh_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models/mesh"
)

// TestTouchSaysHow: what is said of pieces is true whatever tolerance is asked for, and none takes for ever.
func TestTouchSaysHow(t *testing.T) {
	cup, dented := &mesh.Mesh{}, &mesh.Mesh{}
	cup.Vertices, cup.Triangles = fixture.Cup(6)
	dented.Vertices, dented.Triangles = fixture.Lathe(4, [2]float64{0, 0}, [2]float64{0.05, 0}, [2]float64{0.05, 0.05}, [2]float64{0, 0.05 - 2e-5})
	for _, c := range []struct {
		m         *mesh.Mesh
		tolerance float64
		how       string
		loud      bool
	}{
		{cup, 10, "its convex hull, up to 0.029 m outside of it", false}, // said 0 m
		{cup, 0.003, "7 convex pieces, less than 0.0002 m outside of it", false},
		{cup, 1e-9, "7 convex pieces, less than 5e-06 m outside of it", false}, // went on for minutes
		{dented, 1e-9, "its convex hull, up to 1.9e-05 m outside of it and not 1e-09 m: 7.5e-05 m, 1/2000 of its size, is the finest", true},
	} {
		touch, err := c.m.Touch(c.tolerance, nil)
		if err != nil {
			t.Fatal(err)
		}
		if touch.How != c.how || touch.Loud != c.loud {
			t.Errorf("%g m: %q (%v), want %q (%v)", c.tolerance, touch.How, touch.Loud, c.how, c.loud)
		}
	}
}
