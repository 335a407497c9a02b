package mesh

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/pieces"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Closed reports whether the mesh bounds a solid: every edge of a triangle is met by one of another in the
// opposite direction. Triangles without area count as well.
func (m *Mesh) Closed() bool { return pieces.Closed(m.Triangles) }

// Inertia returns the inertia of the solid inside a closed mesh, wound outward, of the given density (kg/m³). It
// sums the moments of the tetrahedra between a fixed point and the triangles, which are negative where a
// triangle faces the point (Tonon 2004, "Explicit exact formulas for the 3-D tetrahedron inertia tensor in
// terms of its vertex coordinates"). Meshes that are open, or inside out, are errors: [Mesh.Hull] is closed.
func (m *Mesh) Inertia(density float64) (sim.Inertia, error) {
	if !m.Closed() {
		return sim.Inertia{}, fmt.Errorf("mesh: it is not closed, so it has no inside")
	}
	low, high := m.Bounds()
	o := spatial.Scale(0.5, spatial.Add(low, high)) // near the solid: less rounding
	var volume float64
	var first r3.Vec    // ∫ x
	var s [3][3]float64 // ∫ x xᵀ
	for i := range m.Triangles {
		a, b, c := m.corners(i)
		a, b, c = spatial.Sub(a, o), spatial.Sub(b, o), spatial.Sub(c, o)
		v := spatial.Dot(a, spatial.Cross(b, c)) / 6
		sum := spatial.Add(a, spatial.Add(b, c))
		volume += v
		first = spatial.AddScaled(first, v/4, sum)
		for _, x := range [4]r3.Vec{a, b, c, sum} {
			p := [3]float64{x.X, x.Y, x.Z}
			for r := range 3 {
				for k := range 3 {
					s[r][k] += v / 20 * p[r] * p[k]
				}
			}
		}
	}
	size := spatial.Norm(spatial.Sub(high, low))
	if !(volume > 1e-12*size*size*size) { // what rounding leaves of a flat mesh
		return sim.Inertia{}, fmt.Errorf("mesh: the volume inside is %.3g m³; it is flat, or wound inside out", volume)
	}
	c := spatial.Scale(1/volume, first)
	mass := density * volume
	about := func(r, k int, x, y float64) float64 { return density*s[r][k] - mass*x*y } // ∫ about the center of mass
	xx, yy, zz := about(0, 0, c.X, c.X), about(1, 1, c.Y, c.Y), about(2, 2, c.Z, c.Z)
	in := sim.Inertia{
		Mass: mass, COM: spatial.Add(o, c), Ixx: yy + zz, Iyy: xx + zz, Izz: xx + yy,
		Ixy: -about(0, 1, c.X, c.Y), Ixz: -about(0, 2, c.X, c.Z), Iyz: -about(1, 2, c.Y, c.Z),
	}
	if err := in.Check(); err != nil || math.IsInf(mass, 0) {
		return sim.Inertia{}, fmt.Errorf("mesh: the inertia of the solid inside is impossible: %w", err)
	}
	return in, nil
}
