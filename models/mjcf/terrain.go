package mjcf

import (
	"slices"
	"strconv"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
)

// terrain returns geom i as terrain, if it is a height field that does not move and that something may touch. Its
// columns run along x and its rows along y; elevation 0 lies in the plane z = 0 of the geom. MuJoCo cuts all rectangles
// along the same diagonal, the engine along the more level one.
func (c *builder) terrain(i int, name string, pose sim.Pose) (t sim.Collider, ok bool) {
	g := &c.m.Geoms[i]
	if g.Type != HFieldGeom || g.HField < 0 || c.moving[g.Body] || c.m.off.contact || c.m.off.constraint || g.Contype == 0 && g.Conaffinity == 0 {
		return t, false
	}
	f := &c.m.HFields[g.HField]
	if len(f.Elevation) == 0 {
		return t, false // reported where it was read
	}
	heights := make([]float64, len(f.Elevation))
	for k, z := range f.Elevation {
		heights[k] = f.Size[2] * z
	}
	shape := contact.HeightField(f.Cols, f.Rows, 2*f.Size[0]/float64(f.Cols-1), 2*f.Size[1]/float64(f.Rows-1), heights)
	friction := c.friction(g.Friction, g.Condim)
	return sim.Collider{
		Name: name, Link: c.link[g.Body], Shape: shape, Pose: pose, Friction: friction[0], Surface: turning(friction), Color: g.Color,
		Filter: &contact.Filter{Groups: g.Contype, Touches: g.Conaffinity},
	}, true
}

// field writes a height field of this name, and returns its lowest height, which is in the plane z = 0 of the geom.
func (w *writer) field(name string, t *contact.Terrain) (low float64) {
	low, high := slices.Min(t.Heights), slices.Max(t.Heights)
	size := high - low
	if size == 0 {
		size = 1 // of nothing
	}
	var elevation []float64
	for r := t.Rows - 1; r >= 0; r-- { // the first row is the one farthest in y
		for _, z := range t.Heights[r*t.Columns : (r+1)*t.Columns] {
			elevation = append(elevation, (z-low)/size)
		}
	}
	w.asset.Add(xmltree.New("hfield", "name", name, "nrow", strconv.Itoa(t.Rows), "ncol", strconv.Itoa(t.Columns),
		"size", nums(float64(t.Columns-1)*t.Dx/2, float64(t.Rows-1)*t.Dy/2, size, base), "elevation", nums(elevation...)))
	return low
}

// base is the thickness of what is solid below the lowest height (m), in MuJoCo; here all below is.
const base = 0.1
