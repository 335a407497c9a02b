package contact_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestHeightField: heights belong where the documentation says, the surface goes through them and faces up, and between
// them it is that of its triangles.
func TestHeightField(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	h := make([]float64, 4*3)
	for i := range h {
		h[i] = rng.NormFloat64()
	}
	s := contact.HeightField(4, 3, 0.5, 0.25, h)
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	for r := range 3 {
		for c := range 4 {
			x, y := (float64(c)-1.5)*0.5, float64(r-1)*0.25
			if z, ok := s.Terrain.Height(x, y); !ok || math.Abs(z-h[r*4+c]) > 1e-12 {
				t.Errorf("at (%g, %g): %g %v, want %g", x, y, z, ok, h[r*4+c])
			}
		}
	}
	if _, ok := s.Terrain.Height(0.76, 0); ok {
		t.Error("a height beyond the rim")
	}
	v, f := s.Terrain.Surface()
	area := 0.0
	for _, k := range f {
		n := r3.Cross(r3.Sub(v[k[1]], v[k[0]]), r3.Sub(v[k[2]], v[k[0]]))
		area += n.Z / 2
		middle := r3.Scale(1.0/3, r3.Add(v[k[0]], r3.Add(v[k[1]], v[k[2]])))
		if z, ok := s.Terrain.Height(middle.X, middle.Y); n.Z <= 0 || !ok || math.Abs(z-middle.Z) > 1e-12 {
			t.Errorf("triangle %v: %g %v, want %g", k, z, ok, middle.Z)
		}
	}
	if math.Abs(area-1.5*0.5) > 1e-12 {
		t.Errorf("the triangles cover %g m²", area)
	}
	h[0] = 100
	if s.Extent() > 50 {
		t.Error("the heights were not copied")
	}
}

// TestMeshWelds: vertices at one place are one, as in STL files, so that the edges between triangles are found.
func TestMeshWelds(t *testing.T) {
	s := contact.Mesh([]r3.Vec{{}, {X: 1}, {Y: 1}, {X: 1}, {X: 1, Y: 1}, {Y: 1}}, [][3]int32{{0, 1, 2}, {3, 4, 5}})
	if v, _ := s.Terrain.Surface(); len(v) != 4 || s.Check() != nil {
		t.Errorf("%d vertices, %v", len(v), s.Check())
	}
}

func TestTerrainCheckNamesTheMistake(t *testing.T) {
	nan := math.NaN()
	flat := make([]float64, 6)
	for _, c := range []struct {
		s    contact.Shape
		want string
	}{
		{contact.Shape{Kind: contact.KindTerrain}, "without a surface"},
		{contact.HeightField(1, 6, 1, 1, flat), "at least 2 by 2"},
		{contact.HeightField(2, 4, 1, 1, flat), "want 2 by 4"},
		{contact.HeightField(3, 2, 0, 1, flat), "positive lengths"},
		{contact.HeightField(3, 2, 1, nan, flat), "positive lengths"},
		{contact.HeightField(3, 2, 1, 1, []float64{0, 0, 0, 0, nan, 0}), "column 1 of row 1 is NaN: fill it, or leave"},
		{contact.HeightField(1<<20, 1<<20, 1, 1, nil), "coarser"},
		{contact.HeightField(math.MaxInt, math.MaxInt, 1, 1, nil), "coarser"},
		{contact.Mesh(nil, nil), "no triangles"},
		{contact.Mesh([]r3.Vec{{}, {X: 1}, {X: nan}}, [][3]int32{{0, 1, 2}}), "not finite"},
		{contact.Mesh([]r3.Vec{{}, {X: 1}, {}}, [][3]int32{{0, 1, 2}}), "no area"},
		{contact.Mesh([]r3.Vec{{}, {X: 1}, {}}, [][3]int32{{0, 1, 7}}), "triangle 0 has the vertex 7, there are 3"},
	} {
		if err := c.s.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
