package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// square is a quadrilateral of the ground relative to the eye, corners in order. Only the part of the
// ground that shadows can reach pays for looking into the shadow map: a ring around it is drawn without.
type square [4]r3.Vec

func groundSquare(t1, t2, foot r3.Vec, size float64) (q square) {
	for i, k := range [4][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		q[i] = spatial.AddScaled(spatial.AddScaled(foot, k[0]*size, t1), k[1]*size, t2)
	}
	return q
}

// shade returns a rectangle along t1 and t2 that holds the shadows on a plane, and whether there are any. n
// is the plane's normal, height that of the eye over it, limit bounds the rectangle.
func (s *sunView) shade(n r3.Vec, height float64, t1, t2 r3.Vec, limit float64) (square, bool) {
	fall := r3.Dot(s.to, n)
	if s.empty() || fall < 1e-3 {
		return square{}, false // the light comes from below the plane, or grazes it
	}
	low, high := [2]float64{limit, limit}, [2]float64{-limit, -limit}
	for i := range 4 {
		a := r3.Vec{X: s.low.X, Y: s.low.Y}
		if i&1 != 0 {
			a.X = s.high.X
		}
		if i&2 != 0 {
			a.Y = s.high.Y
		}
		p := spatial.AddScaled(r3.Scale(a.X, s.u), a.Y, s.v)
		// along the light down to n·p = −height
		p = spatial.AddScaled(p, -(height+r3.Dot(n, p))/fall, s.to)
		for k, t := range [2]r3.Vec{t1, t2} {
			d := r3.Dot(t, p)
			low[k], high[k] = math.Min(low[k], d), math.Max(high[k], d)
		}
	}
	for k := range low {
		low[k], high[k] = math.Max(low[k], -limit), math.Min(high[k], limit)
		if !(low[k] < high[k]) {
			return square{}, false
		}
	}
	foot := r3.Scale(-height, n)
	at := func(a, b float64) r3.Vec {
		return spatial.AddScaled(spatial.AddScaled(foot, a, t1), b, t2)
	}
	return square{at(low[0], low[1]), at(high[0], low[1]), at(high[0], high[1]), at(low[0], high[1])}, true
}

func appendCorners(data []float32, corners ...r3.Vec) []float32 {
	for _, v := range corners {
		data = append(data, float32(v.X), float32(v.Y), float32(v.Z))
	}
	return data
}

// squareTriangles returns the triangles of q, or none when it is not there.
func squareTriangles(q square, there bool) []float32 {
	if !there {
		return nil
	}
	return appendCorners(nil, q[0], q[1], q[2], q[0], q[2], q[3])
}

// ringTriangles returns the triangles of outer without inner, or all of outer when inner is not there.
func ringTriangles(outer, inner square, there bool) (data []float32) {
	if !there {
		return squareTriangles(outer, true)
	}
	for i := range outer {
		j := (i + 1) % len(outer)
		data = appendCorners(data, outer[i], outer[j], inner[j], outer[i], inner[j], inner[i])
	}
	return data
}
