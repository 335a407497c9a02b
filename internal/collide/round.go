package collide

import (
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

// capsules: two of them.
func (f *Finder) capsules() { f.lines(share{of: 1}) }

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
