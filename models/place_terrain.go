package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
)

// PlaceOnTerrain lifts everything that floats, and was placed for a ground at z = 0, by the height of the highest
// corner of terrain under the shapes of the model.
func PlaceOnTerrain(m *sim.Model, q []float64, t *contact.Terrain) {
	top := highestUnder(t, m, q)
	for _, j := range m.Joints() {
		if j.Parent < 0 && j.NV == 6 {
			q[j.Q+2] += top
		}
	}
}

// highestUnder returns the height of the highest corner of triangles that reach under the shapes of a model; 0 where there are none.
func highestUnder(t *contact.Terrain, m *sim.Model, q []float64) float64 {
	poses := make([]sim.Pose, len(m.Joints()))
	m.Poses(poses, q)
	vertices, triangles := t.Surface()
	top := math.Inf(-1)
	for _, d := range m.Drawn() {
		if d.Body < 0 || d.Mesh != "" {
			continue
		}
		c, r := poses[d.Body].Mul(d.Pose).Pos, d.Shape.Extent()
		for _, f := range triangles {
			a, b, e := vertices[f[0]], vertices[f[1]], vertices[f[2]]
			if apart(c.X, r, a.X, b.X, e.X) || apart(c.Y, r, a.Y, b.Y, e.Y) {
				continue
			}
			top = math.Max(top, math.Max(a.Z, math.Max(b.Z, e.Z)))
		}
	}
	if math.IsInf(top, -1) {
		return 0
	}
	return top
}

// apart reports whether three coordinates are all beyond the same side of c ± r.
func apart(c, r float64, x ...float64) bool {
	return min(x[0], x[1], x[2]) > c+r || max(x[0], x[1], x[2]) < c-r
}
