package mesh

import (
	"cmp"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/hull"
	"gonum.org/v1/gonum/spatial/r3"
)

// MostCorners is how many points [Corners] leaves. Up to these a mesh touches by all corners of its hull.
const MostCorners = 256

// Corners returns points, the corners of a convex hull, or, where they are more than [MostCorners], those whose hull is
// as near to that of all as a few rounds find; and how far the farthest of the others is outside of it (m). It begins
// with the farthest in 26 directions and goes on with those that stick out most, one above each face, as a hull grows
// (Barber, Dobkin, Huhdanpaa, "The quickhull algorithm for convex hulls", 1996). Of points in one plane those that are
// the farthest in as many directions are left, and the distance is that along the directions between.
func Corners(points []r3.Vec) (kept []r3.Vec, off float64) {
	if len(points) <= MostCorners {
		return points, 0
	}
	taken := make([]bool, len(points))
	take := func(i int) {
		if !taken[i] {
			taken[i] = true
			kept = append(kept, points[i])
		}
	}
	for _, d := range directions() {
		take(farthest(points, d))
	}
	triangles, err := hull.Of(kept)
	for err == nil && len(kept) < MostCorners {
		above := sticking(points, taken, kept, triangles)
		if len(above) == 0 {
			return kept, 0
		}
		room := MostCorners - len(kept)
		for _, s := range above[:min(len(above), max(1, room/2))] {
			take(s.point)
		}
		triangles, err = hull.Of(kept)
	}
	if err != nil {
		return outermost(points)
	}
	for i, p := range points {
		if !taken[i] {
			off = math.Max(off, outside(p, kept, triangles))
		}
	}
	return kept, off
}

// stuck is a point above a face.
type stuck struct {
	point int
	high  float64
}

// sticking returns, of the points that are not taken, those that are highest above faces, one above each, the highest
// first. A point is above the face from which it is farthest.
func sticking(points []r3.Vec, taken []bool, kept []r3.Vec, triangles [][3]int32) (above []stuck) {
	best := make([]stuck, len(triangles))
	planes := make([]r3.Vec, len(triangles))
	for k, t := range triangles {
		planes[k] = r3.Unit(r3.Cross(r3.Sub(kept[t[1]], kept[t[0]]), r3.Sub(kept[t[2]], kept[t[0]])))
	}
	for i, p := range points {
		if taken[i] {
			continue
		}
		face, high := -1, 0.0
		for k, t := range triangles {
			if h := r3.Dot(planes[k], r3.Sub(p, kept[t[0]])); h > high {
				face, high = k, h
			}
		}
		if face >= 0 && high > best[face].high {
			best[face] = stuck{i, high}
		}
	}
	for _, s := range best {
		if s.high > 0 {
			above = append(above, s)
		}
	}
	slices.SortStableFunc(above, func(a, b stuck) int { return cmp.Compare(b.high, a.high) })
	return above
}

// outside returns how far p is outside of a hull.
func outside(p r3.Vec, corners []r3.Vec, triangles [][3]int32) float64 {
	least := math.Inf(1)
	for _, t := range triangles {
		a, b, c := corners[t[0]], corners[t[1]], corners[t[2]]
		n := r3.Cross(r3.Sub(b, a), r3.Sub(c, a))
		if r3.Dot(n, r3.Sub(p, a)) > 0 {
			least = math.Min(least, toTriangle(p, a, b, c, n))
		}
	}
	if math.IsInf(least, 1) { // below all faces
		return 0
	}
	return least
}

// toTriangle returns the distance of p from a triangle with the normal n, of any length.
func toTriangle(p, a, b, c, n r3.Vec) float64 {
	inside, least := true, math.Inf(1)
	for _, e := range [3][2]r3.Vec{{a, b}, {b, c}, {c, a}} {
		d, w := r3.Sub(e[1], e[0]), r3.Sub(p, e[0])
		inside = inside && r3.Dot(r3.Cross(n, d), w) >= 0
		t := math.Max(0, math.Min(1, r3.Dot(d, w)/r3.Norm2(d)))
		least = math.Min(least, r3.Norm(r3.Sub(w, r3.Scale(t, d))))
	}
	if inside {
		return r3.Dot(n, r3.Sub(p, a)) / r3.Norm(n)
	}
	return least
}

// outermost is Corners of points in one plane.
func outermost(points []r3.Vec) (kept []r3.Vec, off float64) {
	taken := map[int]bool{}
	for _, d := range around(points, MostCorners) {
		if i := farthest(points, d); !taken[i] {
			taken[i] = true
			kept = append(kept, points[i])
		}
	}
	for _, d := range around(points, 8*MostCorners) {
		off = math.Max(off, r3.Dot(d, points[farthest(points, d)])-r3.Dot(d, kept[farthest(kept, d)]))
	}
	return kept, off
}

// around returns n directions all around in the plane of points.
func around(points []r3.Vec, n int) []r3.Vec {
	var x, y r3.Vec // in the plane: to the point farthest from the first, and across it
	for _, p := range points {
		if d := r3.Sub(p, points[0]); r3.Norm(d) > r3.Norm(x) {
			x = d
		}
	}
	x = r3.Scale(1/math.Max(r3.Norm(x), 1e-300), x)
	for _, p := range points {
		d := r3.Sub(p, points[0])
		if d = r3.Sub(d, r3.Scale(r3.Dot(d, x), x)); r3.Norm(d) > r3.Norm(y) {
			y = d
		}
	}
	y = r3.Scale(1/math.Max(r3.Norm(y), 1e-300), y)
	out := make([]r3.Vec, n)
	for k := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(n))
		out[k] = r3.Add(r3.Scale(cos, x), r3.Scale(sin, y))
	}
	return out
}

// farthest returns the first of the points farthest along d.
func farthest(points []r3.Vec, d r3.Vec) int {
	best, most := 0, math.Inf(-1)
	for i, p := range points {
		if h := r3.Dot(d, p); h > most {
			best, most = i, h
		}
	}
	return best
}

// directions are those from the center of a cube to its faces, edges and corners.
func directions() []r3.Vec {
	var out []r3.Vec
	for x := -1.0; x <= 1; x++ {
		for y := -1.0; y <= 1; y++ {
			for z := -1.0; z <= 1; z++ {
				if d := (r3.Vec{X: x, Y: y, Z: z}); d != (r3.Vec{}) {
					out = append(out, d)
				}
			}
		}
	}
	return out
}
