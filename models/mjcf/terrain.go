package mjcf

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
)

// terrain returns geom i as terrain, if it is a height field that does not move and that something may touch. Its columns run along x and its rows
// along y; elevation 0 lies in the plane z = 0 of the geom. MuJoCo cuts all rectangles along the same diagonal, the engine along the more level one.
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
	return sim.Collider{
		Name: name, Link: c.link[g.Body], Shape: shape, Pose: pose, Friction: c.friction(g.Friction[0], g.Condim), Color: g.Color,
		Filter: &contact.Filter{Groups: g.Contype, Touches: g.Conaffinity},
	}, true
}
