package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// solid is a triangle mesh for the graphics: seven numbers per vertex, position, normal and how far the
// vertex goes along with the end of the shape's cylinder (−1, 0 or 1). So one mesh serves all capsules.
type solid struct {
	data  []float32
	index []uint32
}

const solidFloats = 7

func (s *solid) add(p, n r3.Vec, end float64) uint32 {
	s.data = append(s.data, float32(p.X), float32(p.Y), float32(p.Z), float32(n.X), float32(n.Y), float32(n.Z), float32(end))
	return uint32(len(s.data)/solidFloats - 1)
}

// lathe turns a profile around z. Each pair of profile points is a band with its own normals, so edges
// stay sharp where the profile has them.
func (s *solid) lathe(profile []knot, sides int) {
	for i := 0; i+1 < len(profile); i += 2 {
		ring := [2][]uint32{make([]uint32, sides+1), make([]uint32, sides+1)}
		for k, q := range profile[i : i+2] {
			for j := range sides + 1 {
				sin, cos := math.Sincos(2 * math.Pi * float64(j) / float64(sides))
				ring[k][j] = s.add(r3.Vec{X: q.r * cos, Y: q.r * sin, Z: q.z}, r3.Vec{X: q.nr * cos, Y: q.nr * sin, Z: q.nz}, q.end)
			}
		}
		for j := range sides {
			a, b, c, d := ring[0][j], ring[0][j+1], ring[1][j], ring[1][j+1]
			if profile[i].r > 0 {
				s.index = append(s.index, a, b, c)
			}
			if profile[i+1].r > 0 {
				s.index = append(s.index, b, d, c)
			}
		}
	}
}

// knot is a point of a profile: radius, height, normal, end.
type knot struct{ r, z, nr, nz, end float64 }

// capsuleSolid returns the unit ball, cut at the equator. With length 0 it is a sphere. It has so many sides;
// shading is smooth, only outlines show the corners.
func capsuleSolid(sides int) solid {
	rings := sides / 4
	var s solid
	var p []knot
	at := func(i int, end float64) knot {
		sin, cos := math.Sincos(math.Pi / 2 * float64(i) / float64(rings))
		return knot{cos, sin, cos, sin, end}
	}
	for i := -rings; i < 0; i++ {
		p = append(p, at(i, -1), at(i+1, -1))
	}
	p = append(p, at(0, -1), at(0, 1))
	for i := range rings {
		p = append(p, at(i, 1), at(i+1, 1))
	}
	s.lathe(p, sides)
	return s
}

// cylinderSolid has radius 1 and reaches from −1 to 1.
func cylinderSolid(sides int) solid {
	var s solid
	s.lathe([]knot{{0, -1, 0, -1, 0}, {1, -1, 0, -1, 0}, {1, -1, 1, 0, 0}, {1, 1, 1, 0, 0}, {1, 1, 0, 1, 0}, {0, 1, 0, 1, 0}}, sides)
	return s
}

// coneSolid has radius 1 at −1 and its tip at 1.
func coneSolid(sides int) solid {
	var s solid
	nr, nz := 2/math.Sqrt(5), 1/math.Sqrt(5)
	s.lathe([]knot{{0, -1, 0, -1, 0}, {1, -1, 0, -1, 0}, {1, -1, nr, nz, 0}, {0, 1, nr, nz, 0}}, sides)
	return s
}

// boxSolid is the cube [−1, 1]³.
func boxSolid() solid {
	var s solid
	for axis := range 3 {
		for _, side := range [2]float64{-1, 1} {
			turn := func(x, y, z float64) r3.Vec { // cyclic, so that windings stay
				return [3]r3.Vec{{X: z, Y: x, Z: y}, {X: y, Y: z, Z: x}, {X: x, Y: y, Z: z}}[axis]
			}
			n := turn(0, 0, side)
			a := s.add(turn(-1, -1*side, side), n, 0)
			b := s.add(turn(1, -1*side, side), n, 0)
			c := s.add(turn(1, 1*side, side), n, 0)
			d := s.add(turn(-1, 1*side, side), n, 0)
			s.index = append(s.index, a, b, c, a, c, d)
		}
	}
	return s
}

// meshSolid copies a mesh. Corners are not shared: their normals differ.
func meshSolid(m *scene.Mesh) solid {
	var s solid
	for i, t := range m.Triangles {
		a, b, c := m.Vertices[t[0]], m.Vertices[t[1]], m.Vertices[t[2]]
		n := r3.Cross(r3.Sub(b, a), r3.Sub(c, a))
		if l := r3.Norm(n); l > 0 {
			n = r3.Scale(1/l, n)
		}
		for k, v := range [3]r3.Vec{a, b, c} {
			m3 := n
			if len(m.Normals) != 0 && m.Normals[3*i+k] != (r3.Vec{}) {
				m3 = m.Normals[3*i+k]
			}
			s.index = append(s.index, s.add(v, m3, 0))
		}
	}
	return s
}
