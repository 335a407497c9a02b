package urdf_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/urdf"
)

// decomposed loads a link of a cup, which is a mesh.
func decomposed(t *testing.T, inertial string, opt urdf.Options) *urdf.Robot {
	t.Helper()
	path := workspace(t, `<link name="cup">`+inertial+`<collision name="side"><geometry><mesh filename="cup.stl"/></geometry></collision></link>`)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "cup.stl"), fixture.STL(fixture.Cup(24)), 0o600); err != nil {
		t.Fatal(err)
	}
	robot, err := urdf.Load(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	return robot
}

// TestDecompose: a cup touches by its hull, and a note says how far that is outside and what to do; asked for pieces it touches by those,
// which are named in order. Written and read it is the same.
func TestDecompose(t *testing.T) {
	robot := decomposed(t, heavy, urdf.Options{})
	if n := len(robot.Builder.Colliders()); n != 1 {
		t.Errorf("%d colliders, want the hull", n)
	}
	wantNote(t, robot.Notes, `touches by its convex hull, which is up to 0.034 m outside of it (Options.Decompose, --decompose, takes convex pieces)`)
	heard := 0
	robot = decomposed(t, heavy, urdf.Options{Decompose: 0.003, Progress: func(mesh string, parts int) {
		if heard++; mesh != "cup.stl" || parts < 1 {
			t.Errorf("heard of %d parts of %s", parts, mesh)
		}
	}})
	if heard < 10 {
		t.Errorf("heard %d times of cuts", heard)
	}
	all := robot.Builder.Colliders()
	if len(all) < 5 || len(all) > 24 || all[0].Name != "side" || all[4].Name != "side_5" {
		t.Errorf("%d colliders, the first %q", len(all), all[0].Name)
	}
	wantNote(t, robot.Notes, `convex pieces, up to 0.00`)
	m, err := robot.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	if low, ok := models.Lowest(m, m.NewState().Q); !ok || math.Abs(low) > 2e-4 {
		t.Errorf("the cup begins at %g", low)
	}
	out := filepath.Join(t.TempDir(), "again.urdf")
	if err := robot.WriteFile(out); err != nil {
		t.Fatal(err)
	}
	again, err := urdf.Load(out, urdf.Options{Decompose: 0.003})
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Builder.Colliders(); len(got) != len(all) || got[4].Name != "side_5" {
		t.Errorf("%d colliders became %d", len(all), len(got))
	}
}

// TestDecomposeKeepsTheMass: what a repair takes for the mass is that of the mesh, not of its pieces, which overlap.
func TestDecomposeKeepsTheMass(t *testing.T) {
	var mass [2]float64
	for i, d := range []float64{0, 0.003} {
		r := decomposed(t, "", urdf.Options{Repair: true, Base: urdf.FloatingBase, Decompose: d})
		_, in := r.Builder.Links()
		mass[i] = in[0].Mass
	}
	if mass[0] != mass[1] || !(mass[0] > 0.1) {
		t.Errorf("masses %v", mass)
	}
}

func TestDecomposeByNothing(t *testing.T) {
	for _, d := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := urdf.Read(strings.NewReader("<robot/>"), "r", urdf.Options{Decompose: d}); err == nil || !strings.Contains(err.Error(), "want a length in meters") {
			t.Errorf("%g: %v", d, err)
		}
	}
}
