package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// sectors says which vertices of a hull can be the farthest along a direction. Directions are cut into cells, squares
// on the faces of a cube; the list of a cell has all vertices that are the farthest, or as far but for sameHeight,
// along some direction in it. So the farthest is found among few, and is the one that a search among all finds:
// climbing along edges would stop at a vertex of a face that is not quite flat, and begin where it ended last.
type sectors struct {
	first [6*cells*cells + 1]int32
	list  []int32
}

const (
	// cells is how many there are along the side of each face of the cube. Of a round hull, 3 % of the vertices are in each list.
	cells = 8
	// crowd is how many vertices a hull has from which lists are worth their memory.
	crowd = 24
)

// sectorOf returns the cell of a direction.
func sectorOf(n r3.Vec) int {
	face, main, u, v := 4, n.Z, n.X, n.Y
	if x, y, z := math.Abs(n.X), math.Abs(n.Y), math.Abs(n.Z); x >= y && x >= z {
		face, main, u, v = 0, n.X, n.Y, n.Z
	} else if y >= z {
		face, main, u, v = 2, n.Y, n.Z, n.X
	}
	if main < 0 {
		face++
	}
	at := func(u float64) int { return min(max(int((u/math.Abs(main)+1)*(cells/2)), 0), cells-1) }
	return (face*cells+at(u))*cells + at(v)
}

// sector returns the middle of cell k, a unit vector, and how far other directions in it are from that one.
func sector(k int) (middle r3.Vec, far float64) {
	at := func(i, j float64) r3.Vec {
		u, v, main := (float64(k/cells%cells)+i)*(2./cells)-1, (float64(k%cells)+j)*(2./cells)-1, 1.0
		face := k / (cells * cells)
		if face%2 == 1 {
			main = -1
		}
		n, _ := spatial.Unit([3]r3.Vec{{X: main, Y: u, Z: v}, {Y: main, Z: u, X: v}, {Z: main, X: u, Y: v}}[face/2])
		return n
	}
	middle = at(0.5, 0.5)
	for _, c := range [4][2]float64{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
		far = max(far, spatial.Norm(spatial.Sub(at(c[0], c[1]), middle)))
	}
	return middle, far + 1e-9
}

func newSectors(h *Hull) *sectors {
	s := &sectors{}
	for k := range len(s.first) - 1 {
		n, far := sector(k)
		top, most := 0, math.Inf(-1)
		for i := range h.vertices {
			if d := spatial.Dot(n, h.vertices[i].at); d > most {
				top, most = i, d
			}
		}
		for i := range h.vertices { // m·d ≤ n·d + ‖m − n‖‖d‖ of all directions m of the cell
			d := spatial.Sub(h.vertices[i].at, h.vertices[top].at)
			if spatial.Dot(n, d)+far*spatial.Norm(d) >= -2*sameHeight*h.size {
				s.list = append(s.list, int32(i))
			}
		}
		s.first[k+1] = int32(len(s.list))
	}
	return s
}

// along returns the vertices that can be the farthest along n, in axes of the hull.
func (h *Hull) along(n r3.Vec) []int32 {
	if h.sectors == nil {
		return h.every.vertices
	}
	k := sectorOf(n)
	return h.sectors.list[h.sectors.first[k]:h.sectors.first[k+1]]
}

// top returns the first of the vertices farthest along n, in axes of the hull, and how far that is.
func (h *Hull) top(n r3.Vec) (best int32, most float64) {
	most = math.Inf(-1)
	for _, i := range h.along(n) {
		if d := spatial.Dot(n, h.vertices[i].at); d > most {
			best, most = i, d
		}
	}
	return best, most
}
