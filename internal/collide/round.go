package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// into returns x, a point of the world, in the frame of p.
func into(p *spatial.Pose, x r3.Vec) r3.Vec {
	return spatial.QuatRotate(quat.Conj(p.Rot), spatial.Sub(x, p.Pos))
}

// end returns the part of a capsule nearest to the coordinate t along it, of half length h: its side or an end.
func end(t, h float64) Part {
	switch {
	case t >= h:
		return Part{Code: endUp}
	case t <= -h:
		return Part{Code: endDown}
	}
	return Part{Code: side}
}

func (f *Finder) sphereCapsule() {
	p := end(into(&f.pb, f.pa.Pos).Z, f.b.Shape.HalfLength)
	if p.Code == side {
		f.add(gap.PointLine, Part{}, p, 1)
	} else {
		f.add(gap.PointPoint, Part{}, p, 1)
	}
}

// sphereBox: the part of the box nearest to the center; of a center inside, the face that is least deep.
func (f *Finder) sphereBox() {
	b := boxAt(&f.pb, f.b.Shape.Half)
	on, _ := b.nearest(f.pa.Pos)
	f.add([...]gap.Kind{gap.PointPlane, gap.PointLine, gap.PointPoint}[faces(on)-1], Part{}, signs(on), 1)
}

// Two lines that cross under a small angle touch wherever they please. Below crossing[0], the sine of it, they count as parallel:
// what remains of a crossing are contacts of points, with continuous weights up to crossing[1].
var crossing = [2]float64{0.02, 0.1}

// capsules: two of them.
func (f *Finder) capsules() { f.lines(share{of: 1}) }

// lines are the contacts of the lines along capsules or cylinders: the nearest parts of the axes; as these become parallel their weight goes to both ends of the overlap.
func (f *Finder) lines(all share) {
	ha, hb := f.a.Shape.HalfLength, f.b.Shape.HalfLength
	ea, eb := spatial.QuatRotate(f.pa.Rot, unit(2)), spatial.QuatRotate(f.pb.Rot, unit(2))
	w := spatial.Sub(f.pa.Pos, f.pb.Pos)
	s, t := segments(ea, eb, w, ha, hb)
	k, mid := spatial.Dot(ea, eb), -spatial.Dot(ea, w)
	low, high := mid-hb*math.Abs(k), mid+hb*math.Abs(k) // B along A
	var both share                                      // of the ends
	if max(low, -ha) < min(high, ha) {
		both.of, both.by = parallel(ea, eb, crossing)
		both = both.rest()
	}
	defer func() { f.turn = r3.Vec{} }()
	n := spatial.Sub(spatial.AddScaled(w, s, ea), spatial.Scale(t, eb))
	one, each := all.times(both.rest()), all.times(both).scaled(0.5)
	f.turn = one.by
	f.addRound(end(s, ha), end(t, hb), one.of, n)
	f.turn = each.by
	for _, up := range [2]float64{-1, 1} {
		x, y := up*ha, up*math.Copysign(hb, k) // the ends
		if up*mid+hb*math.Abs(k) > ha {        // that of A comes first
			y = spatial.Dot(eb, w) + k*x
		} else {
			x = mid + k*y
		}
		f.addRound(end(x, ha), end(y, hb), each.of, r3.Vec{})
	}
}

// addRound adds the contact of two parts of capsules.
func (f *Finder) addRound(a, b Part, weight float64, n r3.Vec) {
	switch {
	case a.Code == side && b.Code == side:
		f.addLines(a, b, weight, n)
	case a.Code == side:
		f.add(gap.LinePoint, a, b, weight)
	case b.Code == side:
		f.add(gap.PointLine, a, b, weight)
	default:
		f.add(gap.PointPoint, a, b, weight)
	}
}

// segments returns where two segments of half lengths ha and hb are nearest: s and t along the unit axes from their middles, which are
// w apart, from B to A (Ericson, "Real-Time Collision Detection", 2005, section 5.1.9).
func segments(ea, eb, w r3.Vec, ha, hb float64) (s, t float64) {
	k, c, d := spatial.Dot(ea, eb), spatial.Dot(ea, w), spatial.Dot(eb, w)
	clamp := func(x, h float64) float64 { return min(max(x, -h), h) }
	if sin2 := 1 - k*k; sin2 > 1e-14 {
		s = clamp((k*d-c)/sin2, ha)
	}
	t = d + k*s
	if b := clamp(t, hb); b != t {
		t = b
		s = clamp(k*t-c, ha)
	}
	return s, t
}
