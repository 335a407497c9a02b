package collide

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// slidesA returns how the point of a, of A, moves where b, of B, crosses it: with q = m×e_b and w = e_b×r across m, r
// from a point of b to it,
//
//	ds = −(v·q − w·dn_A/‖n_B − n_A‖)/(e_a·q)
func (p *polygon) slidesA(a, b *crossed) Slide {
	q, w := spatial.Cross(p.m, b.axis), spatial.Cross(b.axis, spatial.Sub(a.at, b.at))
	k := 1 / spatial.Dot(a.axis, q)
	return Slide{Lin: spatial.Scale(-k, q), Ang: spatial.Scale(k/p.spread, p.swing(spatial.Across(w, p.m))), At: a.at, Axis: a.axis, Bend: a.bend}
}

// slidesB is slidesA for the point of b: with r from a point of a to it, q = m×e_a and w = e_a×r,
//
//	ds = (v·q + ω·(m×w) + w·dn_A/‖n_B − n_A‖)/(e_b·q)
//
// Where a vertex moves, v is that of each edge where they cross, and ω nothing.
func (p *polygon) slidesB(a, b *crossed) Slide {
	q, w := spatial.Cross(p.m, a.axis), spatial.Cross(a.axis, spatial.Sub(b.at, a.at))
	k := 1 / spatial.Dot(b.axis, q)
	ang := spatial.Scale(1/p.spread, p.swing(spatial.Across(w, p.m)))
	if p.moving == nil {
		ang = spatial.Add(ang, spatial.Cross(p.m, w))
	}
	return Slide{Lin: spatial.Scale(k, q), Ang: spatial.Scale(k, ang), At: b.at, Axis: b.axis, Bend: b.bend}
}

// across is x where l crosses.
func (x Slide) across(l *crossed) Slide {
	x.Rim, x.Along = l.part.Rim, l.part.Along
	return x
}

// slideToLine returns how the point b of a rim, of B or of A, that is nearest to a line l of the other body, by w,
// moves so that it stays that. With k the cosine of the line's axis e and the tangent t, d dual to t across e, and c
// how the tangent bends,
//
//	ds = (d·v + ω·(w×d) − k/(1 − k²) w·de)/(1 − w·c/(1 − k²)),   v that of the line at b, de = ω×e
//
// of a vertex that moves with v that of the line where it is nearest, and ω nothing.
func (p *polygon) slideToLine(b, l *crossed, w r3.Vec, rimOfA bool) Slide {
	s := slideToLine(b, l, w)
	if rimOfA {
		s = s.back()
	}
	if p.moving != nil {
		k, s2, q := b.gearing(l.axis, w)
		s.Ang = spatial.Scale(-q*k/s2, p.moving.pull(!rimOfA, l.part.Code, l.axis, w))
	}
	return s
}

func slideToLine(b, l *crossed, w r3.Vec) Slide {
	e := l.axis
	k, s2, q := b.gearing(e, w)
	d := dualOf(b.axis, e)
	ang := spatial.AddScaled(spatial.Cross(w, d), -k/s2, spatial.Cross(e, w))
	return Slide{Lin: spatial.Scale(q, d), Ang: spatial.Scale(q, ang), At: b.at, Axis: b.axis, Bend: b.bend}
}

// gearing returns what slideToLine makes of the axis e of the line and of w: the cosine of it and the tangent, its sine squared,
// and how much farther the point moves since the tangent bends.
func (b *crossed) gearing(e, w r3.Vec) (k, s2, q float64) {
	k, s2 = spatial.Dot(e, b.axis), sin2(e, b.axis)
	return k, s2, 1 / (1 - spatial.Dot(w, b.bend)/s2)
}

// back is x of a rim of A, where A is what moves.
func (x Slide) back() Slide {
	x.Lin, x.Ang = spatial.Scale(-1, x.Lin), spatial.Scale(-1, x.Ang)
	return x
}

// slideToPoint is that where a point of A is nearest:
//
//	ds = (t·v + ω·(w×t))/(1 − w·c)
func (p *polygon) slideToPoint(b *crossed, w r3.Vec) Slide {
	q := 1 / (1 - spatial.Dot(w, b.bend))
	s := Slide{Lin: spatial.Scale(q, b.axis), Ang: spatial.Scale(q, spatial.Cross(w, b.axis)), At: b.at, Axis: b.axis, Bend: b.bend}
	if p.moving != nil {
		s.Ang = r3.Vec{}
	}
	return s
}
