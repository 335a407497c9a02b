package pieces

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/hull"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// plane is n·x = d. What it keeps is behind it.
type plane struct {
	n r3.Vec
	d float64
}

func through(n, p r3.Vec) plane { return plane{n, spatial.Dot(n, p)} }

func (p *plane) height(x r3.Vec) float64 { return spatial.Dot(p.n, x) - p.d }

func (p *plane) turned() plane { return plane{spatial.Scale(-1, p.n), -p.d} }

// part is a part of a surface, and the convex piece that holds it.
type part struct {
	of        *component
	triangles []triangle
	walls     []plane  // that cut it off
	inner     []r3.Vec // where three walls meet inside of the body
	piece     solid
	outside   float64 // how far the piece is outside of the body
	worst     r3.Vec  // and where
}

// clip divides triangles into what is behind a plane and what is in front. What is within eps of the plane is on it, and a triangle
// that lies in it belongs to the side where the body is, behind the triangle.
func clip(all []triangle, p plane, eps float64) (behind, front []triangle) {
	for i := range all {
		t := &all[i]
		var h [3]float64
		below, above := 0, 0
		for k := range t {
			if h[k] = p.height(t[k]); math.Abs(h[k]) <= eps {
				h[k] = 0
			}
			if h[k] < 0 {
				below++
			} else if h[k] > 0 {
				above++
			}
		}
		switch {
		case above == 0 && (below > 0 || spatial.Dot(p.n, t.across()) > 0):
			behind = append(behind, *t)
		case below == 0:
			front = append(front, *t)
		default:
			behind, front = split(t, &h, behind, front)
		}
	}
	return behind, front
}

// split divides a triangle with corners on both sides, at heights h.
func split(t *triangle, h *[3]float64, behind, front []triangle) (_, _ []triangle) {
	var low, high [4]r3.Vec
	nl, nh := 0, 0
	for k := range t {
		j := (k + 1) % 3
		if h[k] <= 0 {
			low[nl] = t[k]
			nl++
		}
		if h[k] >= 0 {
			high[nh] = t[k]
			nh++
		}
		if h[k]*h[j] < 0 {
			x := crossing(t[k], t[j], h[k], h[j])
			low[nl], high[nh] = x, x
			nl, nh = nl+1, nh+1
		}
	}
	for k := 2; k < nl; k++ {
		behind = append(behind, triangle{low[0], low[k-1], low[k]})
	}
	for k := 2; k < nh; k++ {
		front = append(front, triangle{high[0], high[k-1], high[k]})
	}
	return behind, front
}

// crossing returns where a segment whose ends are at heights of different signs goes through zero, the same from either end.
func crossing(a, b r3.Vec, ha, hb float64) r3.Vec {
	if ha > 0 {
		a, b, ha, hb = b, a, hb, ha
	}
	return spatial.AddScaled(a, ha/(ha-hb), spatial.Sub(b, a))
}

// solid is the convex hull of points: its corners, and triangles of them wound outward. That of points in one plane has two sides.
type solid struct {
	corners []r3.Vec
	faces   [][3]int32
	volume  float64
	area    float64
}

// size is a volume that surfaces count for too, by half the tolerance each: of flat pieces it is all there is to go by.
func (s *solid) size(tolerance float64) float64 { return s.volume + s.area*tolerance/4 }

// hullOf returns the hull of points; nothing of points on one line.
func hullOf(points []r3.Vec) solid {
	faces, err := hull.Of(points)
	if err != nil {
		if points, faces = flat(points); faces == nil {
			return solid{}
		}
	}
	at := make([]int32, len(points))
	for _, f := range faces {
		for _, v := range f {
			at[v] = 1
		}
	}
	var s solid
	for i, p := range points {
		if at[i] == 1 {
			at[i] = int32(len(s.corners))
			s.corners = append(s.corners, p)
		}
	}
	for _, f := range faces {
		f = [3]int32{at[f[0]], at[f[1]], at[f[2]]}
		s.faces = append(s.faces, f)
		t := s.face(f)
		n := t.across()
		s.area += spatial.Norm(n) / 2
		s.volume += spatial.Dot(n, spatial.Sub(t[0], s.corners[0])) / 6
	}
	return s
}

func (s *solid) face(f [3]int32) triangle {
	return triangle{s.corners[f[0]], s.corners[f[1]], s.corners[f[2]]}
}

// flat returns points in one plane with triangles for both sides of their hull: those of a cone over it, without its sides.
func flat(points []r3.Vec) ([]r3.Vec, [][3]int32) {
	if len(points) < 3 {
		return nil, nil
	}
	var x, n r3.Vec
	for _, p := range points {
		if d := spatial.Sub(p, points[0]); spatial.Norm(d) > spatial.Norm(x) {
			x = d
		}
	}
	for _, p := range points {
		if d := spatial.Cross(x, spatial.Sub(p, points[0])); spatial.Norm(d) > spatial.Norm(n) {
			n = d
		}
	}
	u, ok := spatial.Unit(n)
	if !ok {
		return nil, nil
	}
	apex := int32(len(points))
	all, err := hull.Of(append(points[:apex:apex], spatial.AddScaled(points[0], spatial.Norm(x), u)))
	if err != nil {
		return nil, nil
	}
	var faces [][3]int32
	for _, f := range all {
		if f[0] != apex && f[1] != apex && f[2] != apex {
			faces = append(faces, f, [3]int32{f[0], f[2], f[1]})
		}
	}
	return points, faces
}

// thinned returns p, or where it has many triangles one that is good enough to choose where to cut: of corners in one cell of a grid the first
// stands for all (Rossignac and Borrel, "Multi-resolution 3D approximations for rendering complex scenes", 1993).
func (p *part) thinned(cell float64) *part {
	const few = 500
	if len(p.triangles) <= few {
		return p
	}
	out := *p
	out.triangles = nil
	first := map[[3]int64]r3.Vec{}
	stand := func(x r3.Vec) r3.Vec {
		d := spatial.Scale(1/cell, spatial.Sub(x, p.piece.corners[0]))
		key := [3]int64{int64(math.Floor(d.X)), int64(math.Floor(d.Y)), int64(math.Floor(d.Z))}
		if y, ok := first[key]; ok {
			return y
		}
		first[key] = x
		return x
	}
	for i := range p.triangles {
		t := &p.triangles[i]
		if s := (triangle{stand(t[0]), stand(t[1]), stand(t[2])}); s.across() != (r3.Vec{}) {
			out.triangles = append(out.triangles, s)
		}
	}
	return &out
}

// points returns the corners of triangles and others, each once.
func points(all []triangle, others []r3.Vec) []r3.Vec {
	out := make([]r3.Vec, 0, 3*len(all)+len(others))
	seen := make(map[r3.Vec]bool, 3*len(all))
	add := func(p r3.Vec) {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	for i := range all {
		for _, p := range all[i] {
			add(p)
		}
	}
	for _, p := range others {
		add(p)
	}
	return out
}
