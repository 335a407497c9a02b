package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// The common normal of an oval and a point, a line or another oval is the unit vector n, across the line, along which they are farthest
// apart or least deep:
//
//	φ(n) = n·d − h_a(n) − h_b(n)   is largest,   d = a − b
//
// Where they are apart there is one such n. Newton's method finds it on the sphere: with the residual F = d − s_a − s_b
// − φ n (less its part along a line), which is the gradient of φ, and M = H_a + H_b + φ I, minus its Hessian,
//
//	dn = M⁻¹ F   across n
//
// (van den Bergen's GJK, 1999, needs some dozens of steps for what here takes four). Where M is not positive it is
// lifted, and a step is halved until φ does not fall. Cores that are deep in each other have more than one n; then it
// is the one uphill from the start. Where φ is not curved there, at a center, the normal is arbitrary: a tie.

const (
	mostSteps = 60    // of Newton's method
	still     = 1e-12 // a change of the normal that counts as none
	flat      = 1e-12 // of a determinant, as part of the cube of the trace, below which an oval is flat
	steepest  = 1e4   // of a curvature, in radii, that counts: that of a disk grows without bound towards its axis
	tied      = 1e-9  // of the curvature of φ, as part of the size of its matrix, below which the normal is arbitrary
)

// slope is φ at a normal, its gradient and its curvature.
type slope struct {
	n, f   r3.Vec
	phi    float64
	size   float64 // of the matrix
	low    float64 // its lesser eigenvalue across n; of a line, the curvature across both
	m      Oval    // H_a + H_b + φ(I − nnᵀ)
	t1, me r3.Vec  // across a line and n, and m times the line
}

func slopeOf(a, b *placed, d, n r3.Vec) (x slope) {
	ta, tb := a.oval.tip(n), b.oval.tip(n)
	x.n = n
	rest := spatial.Sub(d, spatial.Add(ta.s, tb.s))
	x.phi = spatial.Dot(n, rest)
	x.f = spatial.Across(rest, n)
	ta.add(&x.m)
	tb.add(&x.m)
	x.size = min(x.m.trace(), steepest*(math.Sqrt(a.oval.trace())+math.Sqrt(b.oval.trace()))) + math.Abs(x.phi)
	x.m.addScaled(x.phi, -x.phi, n)
	if e := b.axis; e != (r3.Vec{}) {
		x.t1 = spatial.Cross(e, n)
		x.me = x.m.mulVec(e)
		x.f = spatial.Scale(spatial.Dot(x.t1, rest), x.t1)
		x.low = spatial.Dot(x.t1, x.m.mulVec(x.t1))
		return x
	}
	// the eigenvalues across n are those of m but zero
	trace := x.m.trace()
	square := x.m.dot(&x.m)
	x.low = (trace - math.Sqrt(max(0, 2*square-trace*trace))) / 2
	return x
}

// solve returns (M + lift)⁻¹ y across n, and across the line if there is one.
func (x *slope) solve(y r3.Vec, lift float64) r3.Vec {
	if x.t1 != (r3.Vec{}) {
		return spatial.Scale(spatial.Dot(x.t1, y)/(x.low+lift), x.t1)
	}
	m := x.m
	m.addScaled(lift, x.size, x.n)
	r, _ := m.inverse()
	return spatial.Across(r.mulVec(spatial.Across(y, x.n)), x.n)
}

// aside returns the direction across n in which φ is least curved, towards the given one.
func (x *slope) aside(toward r3.Vec) r3.Vec {
	u := beside(x.n, toward)
	if x.t1 != (r3.Vec{}) {
		return spatial.Scale(math.Copysign(1, spatial.Dot(x.t1, u)), x.t1)
	}
	high := x.m.trace() - x.low
	if v := spatial.Across(spatial.AddScaled(x.m.mulVec(u), -high, u), x.n); spatial.Norm(v) > tied*x.size {
		return spatial.Scale(-1/spatial.Norm(v), v)
	}
	return spatial.Cross(x.n, u)
}

// begin returns where the search for the normal starts: along d, or along the normal at the center of b of the ovals' sum as if it were
// one, whichever the cores are farther apart along.
func begin(a, b *placed, d, toward r3.Vec) r3.Vec {
	e := b.axis
	sum := Oval(spatial.Sym3(a.oval).Add(spatial.Sym3(b.oval)))
	w, det := sum.inverse()
	if size := sum.trace(); !(det > flat*size*size*size) && (a.oval.isDisk() || b.oval.isDisk()) {
		sum.addScaled(1e-4*size, 0, d)
		w, _ = sum.inverse()
	}
	n, over := w.mulVec(d), spatial.Sub(d, spatial.Add(a.oval.brink(d), b.oval.brink(d)))
	line := e != r3.Vec{}
	if line {
		we := w.mulVec(e)
		n = spatial.AddScaled(n, -spatial.Dot(e, n)/spatial.Dot(e, we), we)
		d = spatial.Across(d, e)
	}
	best, most := r3.Vec{}, math.Inf(-1)
	for _, v := range [3]r3.Vec{n, d, over} {
		if line {
			v = spatial.Across(v, e)
		}
		l := spatial.Norm(v)
		if !(l > 0) || spatial.Norm(d) <= closest {
			continue
		}
		v = spatial.Scale(1/l, v)
		ta, tb := a.oval.tip(v), b.oval.tip(v)
		if phi := spatial.Dot(v, d) - (ta.h + tb.h); phi > most {
			best, most = v, phi
		}
	}
	switch {
	case best != r3.Vec{}:
		return best
	case line:
		return beside(e, toward)
	}
	return toward
}

// normal searches the common normal of cores whose centers are d apart, from n.
func normal(a, b *placed, d, n, toward r3.Vec) slope {
	x := slopeOf(a, b, d, n)
	diskA, diskB, turned := a.oval.isDisk(), b.oval.isDisk(), false
	for range mostSteps {
		lift := 0.0
		if least := 1e-3 * x.size; x.low < least && x.low < tied*x.size {
			lift = least - x.low
		}
		dn := x.solve(x.f, lift)
		l := spatial.Norm(dn)
		if lift > 0 && x.low < -tied*x.size && spatial.Norm(x.f) < 1e-6*x.size { // on a ridge
			dn, l = spatial.Scale(0.1, x.aside(toward)), 0.1
		}
		if l > 1 {
			dn = spatial.Scale(1/l, dn)
		}
		if diskA {
			dn = a.oval.aside(x.n, dn)
		}
		if diskB {
			dn = b.oval.aside(x.n, dn)
		}
		if !turned && (diskA || diskB) {
			if y, ok := x.round(a, b, d); ok {
				x, turned = y, true
				continue
			}
		}
		y, better := x, false
		for k := 1.0; k > 1e-6; k /= 4 {
			v := spatial.AddScaled(x.n, k, dn)
			if b.axis != (r3.Vec{}) {
				v = spatial.Across(v, b.axis)
			}
			y = slopeOf(a, b, d, spatial.Scale(1/spatial.Norm(v), v))
			if y.phi >= x.phi-1e-15*x.size {
				better = true
				break
			}
		}
		if !better {
			return x
		}
		x = y
		if l < still || lift > 0 && math.Abs(x.low) <= tied*x.size {
			return x
		}
	}
	return x
}

// round looks, of a normal that is next to the axis of a disk, where from the axis φ rises most: there, or along the
// axis where it rises nowhere.
func (x *slope) round(a, b *placed, d r3.Vec) (y slope, ok bool) {
	for _, q := range [2]*Oval{&a.oval, &b.oval} {
		if !q.isDisk() {
			continue
		}
		out := q.mulVec(x.n)
		r2 := q.trace() / 2
		if sine2 := spatial.Dot(out, out) / (r2 * r2); sine2 > 1e-6 {
			continue
		}
		n, _ := spatial.Unit(spatial.AddScaled(x.n, -1/r2, out))
		if e := b.axis; spatial.Dot(e, n) > 1e-12 || spatial.Dot(e, n) < -1e-12 {
			continue
		}
		y = slopeOf(a, b, d, n)
		g := spatial.Norm(y.f)
		r := math.Sqrt(r2)
		if g > r {
			u := spatial.Scale(1/g, y.f)
			t := (g - r) / max(spatial.Dot(u, y.m.mulVec(u)), 1e-3*r)
			n, _ = spatial.Unit(spatial.AddScaled(n, min(t, 1), u))
			y = slopeOf(a, b, d, n)
		}
		if y.phi >= x.phi {
			return y, true
		}
	}
	return y, false
}

func (x *near) meetOval(a, b *placed, toward, before r3.Vec) {
	x.d = spatial.Sub(a.p, b.p)
	n := before
	if b.axis != (r3.Vec{}) && n != (r3.Vec{}) {
		n = spatial.Across(n, b.axis)
		if l := spatial.Norm(n); l > aligned {
			n = spatial.Scale(1/l, n)
		} else {
			n = r3.Vec{}
		}
	}
	if n == (r3.Vec{}) {
		n = begin(a, b, x.d, toward)
	}
	s := normal(a, b, x.d, n, toward)
	x.n, x.inv = s.n, 1
	if s.low <= tied*s.size {
		x.tie, x.inv = true, 0
	}
	ta, tb := a.oval.tip(x.n), b.oval.tip(x.n)
	x.fa, x.fb = a.p, b.p
	if e := b.axis; e != (r3.Vec{}) {
		x.t = spatial.Dot(e, spatial.Sub(x.d, ta.s))
		x.fb = spatial.AddScaled(b.p, x.t, e)
	}
	x.gap = s.phi - (a.radius + b.radius)
	x.middleOval(a, b, &ta, &tb)
}

// middleOval puts the common point midway between the surfaces.
func (x *near) middleOval(a, b *placed, ta, tb *tip) {
	c := spatial.Add(spatial.Add(x.fa, x.fb), spatial.Sub(tb.s, ta.s))
	x.c = spatial.Scale(0.5, spatial.AddScaled(c, b.radius-a.radius, x.n))
}
