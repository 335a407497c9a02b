package mesh

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/data"
)

// TestRealMeshes reads every mesh of the optional data, and compares hull and solid: a hull holds at least as much.
func TestRealMeshes(t *testing.T) {
	dir := data.Folder()
	var files []string
	for _, p := range []string{"*", "*/*", "*/*/*", "*/*/*/*"} {
		l, err := filepath.Glob(filepath.Join(dir, p))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, l...)
	}
	files = slices.DeleteFunc(files, func(f string) bool { return parser(f) == nil })
	if len(files) == 0 {
		t.Logf("LEFT OUT: no mesh files under %s; set UKEMI_DATA to the folder that holds some", dir)
	}
	for _, path := range files {
		name := strings.TrimPrefix(path, dir)
		m, err := Load(path)
		if err != nil {
			t.Error(err)
			continue
		}
		h, err := m.Hull()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		low, high := m.Bounds()
		checkHull(t, h, m.Vertices, 1e-11*(high.X-low.X+high.Y-low.Y+high.Z-low.Z))
		hull, err := h.Inertia(1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if in, err := m.Inertia(1); err == nil && in.Mass > hull.Mass*(1+1e-9) {
			t.Errorf("%s: %g m³, its hull %g", name, in.Mass, hull.Mass)
		}
		t.Logf("%s: %d vertices, %d triangles (%d degenerate), closed %v; hull %d vertices, %.4g m³", name, len(m.Vertices), len(m.Triangles), m.Degenerate, m.Closed(), len(h.Vertices), hull.Mass)
	}
}
