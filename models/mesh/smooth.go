package mesh

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Smooth computes normals: the mean, weighted by area, of the faces around a vertex that meet the
// triangle at an angle below crease (rad). Sharper edges stay sharp.
func (m *Mesh) Smooth(crease float64) {
	face := make([]r3.Vec, len(m.Triangles)) // twice the area long
	unit := make([]r3.Vec, len(m.Triangles))
	start := make([]int32, len(m.Vertices)+1)
	for i, t := range m.Triangles {
		a, b, c := m.Vertices[t[0]], m.Vertices[t[1]], m.Vertices[t[2]]
		face[i] = spatial.Cross(spatial.Sub(b, a), spatial.Sub(c, a))
		unit[i], _ = spatial.Unit(face[i])
		for _, k := range t {
			start[k+1]++
		}
	}
	for k := 1; k < len(start); k++ {
		start[k] += start[k-1]
	}
	around := make([]int32, 3*len(m.Triangles))
	fill := append([]int32(nil), start...)
	for i, t := range m.Triangles {
		for _, k := range t {
			around[fill[k]] = int32(i)
			fill[k]++
		}
	}
	m.Normals = make([]r3.Vec, 3*len(m.Triangles))
	limit := math.Cos(crease)
	for i, t := range m.Triangles {
		for j, k := range t {
			sum := face[i]
			for _, o := range around[start[k]:start[k+1]] {
				if int(o) != i && spatial.Dot(unit[o], unit[i]) > limit {
					sum = spatial.Add(sum, face[o])
				}
			}
			m.Normals[3*i+j], _ = spatial.Unit(sum)
		}
	}
}
