package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// box is a box in the world.
type box struct {
	at   *spatial.Pose
	axis [3]r3.Vec
	half [3]float64
}

func boxAt(at *spatial.Pose, half r3.Vec) (b box) {
	b.at, b.half = at, array(half)
	for k := range b.axis {
		b.axis[k] = spatial.QuatRotate(at.Rot, unit(k))
	}
	return b
}

// reach returns how far the box reaches from its center along the unit vector n.
func (b *box) reach(n r3.Vec) (d float64) {
	for k := range b.axis {
		d += b.half[k] * math.Abs(spatial.Dot(b.axis[k], n))
	}
	return d
}

// corner returns the point of the box with these signs; 0 is the middle.
func (b *box) corner(s [3]int) r3.Vec {
	p := b.at.Pos
	for k := range s {
		p = spatial.AddScaled(p, float64(s[k])*b.half[k], b.axis[k])
	}
	return p
}

// separate returns the unit vector from b to a along which the boxes are farthest apart or least deep, of the 15 across faces and pairs
// of edges (Gottschalk, Lin and Manocha, "OBBTree", SIGGRAPH 1996).
func separate(a, b *box) (n r3.Vec) {
	d := spatial.Sub(a.at.Pos, b.at.Pos)
	best := math.Inf(-1)
	try := func(x r3.Vec) {
		along := spatial.Dot(x, d)
		if s := math.Abs(along) - a.reach(x) - b.reach(x); s > best {
			best, n = s, spatial.Scale(math.Copysign(1, along), x)
		}
	}
	for k := range 3 {
		try(a.axis[k])
		try(b.axis[k])
	}
	for i := range 3 {
		for j := range 3 {
			x := spatial.Cross(a.axis[i], b.axis[j])
			if sin := spatial.Norm(x); sin > 1e-6 {
				try(spatial.Scale(1/sin, x))
			}
		}
	}
	return n
}

// tied is how much smaller the cosine of a face with the axis may be than that of the best one for it to take part.
const tied = 0.02

// facing returns the signs of the faces of b that face along n, each with its share: 1 of the best, less of those nearly as good.
func (b *box) facing(n r3.Vec) (faces [3][3]int, share [3]float64) {
	var c [3]float64
	for k := range c {
		c[k] = spatial.Dot(b.axis[k], n)
	}
	best := max(math.Abs(c[0]), math.Abs(c[1]), math.Abs(c[2]))
	for k := range c {
		faces[k][k] = int(math.Copysign(1, c[k]))
		share[k] = 1 - smooth(best-math.Abs(c[k]), 0, tied)
	}
	return faces, share
}

// boxes: the corners of the overlap polygons of facing faces; where there are none the nearest parts.
func (f *Finder) boxes() {
	a, b := boxAt(&f.pa, f.a.Shape.Half), boxAt(&f.pb, f.b.Shape.Half)
	n := separate(&a, &b)
	facesA, sharesA := a.facing(spatial.Scale(-1, n))
	facesB, sharesB := b.facing(n)
	p := &f.polygon
	total := 0.0
	for i, faceA := range facesA {
		for j, faceB := range facesB {
			if p.share = sharesA[i] * sharesB[j]; p.share > 0 && p.overlapBoxes(&a, &b, faceA, faceB) {
				f.corners(p)
				total += p.share
			}
		}
	}
	if total == 0 {
		f.nearest(&a, &b)
		return
	}
	for i := range f.dst[f.first:] {
		f.dst[f.first+i].Weight /= total
	}
}

// nearest adds the nearest parts of boxes: a vertex and what is nearest to it, or two edges.
func (f *Finder) nearest(a, b *box) {
	var best struct {
		kind gap.Kind
		a, b Part
		n    r3.Vec
	}
	least := math.Inf(1)
	for v := range 8 {
		s := [3]int{1 - v&1*2, 1 - v>>1&1*2, 1 - v>>2&1*2}
		on, d := b.nearest(a.corner(s))
		if d < least {
			least, best.kind, best.a, best.b = d, [...]gap.Kind{gap.PointPlane, gap.PointLine, gap.PointPoint}[faces(on)-1], signs(s), signs(on)
		}
		on, d = a.nearest(b.corner(s))
		if d < least {
			least, best.kind, best.a, best.b = d, [...]gap.Kind{gap.PlanePoint, gap.LinePoint, gap.PointPoint}[faces(on)-1], signs(on), signs(s)
		}
	}
	for i := range 12 {
		for j := range 12 {
			ka, sa := edge(i)
			kb, sb := edge(j)
			w := spatial.Sub(a.corner(sa), b.corner(sb))
			s, t := segments(a.axis[ka], b.axis[kb], w, a.half[ka], b.half[kb])
			n := spatial.Sub(spatial.AddScaled(w, s, a.axis[ka]), spatial.Scale(t, b.axis[kb]))
			inside := math.Abs(s) < a.half[ka] && math.Abs(t) < b.half[kb]
			if d := spatial.Norm(n); inside && d < least {
				least, best.kind, best.a, best.b, best.n = d, gap.LineLine, signs(sa), signs(sb), n
			}
		}
	}
	if best.kind == gap.LineLine {
		f.addLines(best.a, best.b, 1, best.n)
		return
	}
	f.add(best.kind, best.a, best.b, 1)
}

// edge returns the axis of edge i of 12 and the signs of its faces.
func edge(i int) (k int, s [3]int) {
	k = i / 4
	s[(k+1)%3], s[(k+2)%3] = 1-i&1*2, 1-i>>1&1*2
	return k, s
}

// faces returns on how many faces a part with these signs lies.
func faces(s [3]int) int { return s[0]*s[0] + s[1]*s[1] + s[2]*s[2] }

// nearest returns the signs of the part of b nearest to x, a point of the world, and its distance, 0 inside: there it is the face that is least deep.
func (b *box) nearest(x r3.Vec) (on [3]int, d float64) {
	d2, deep, least := 0.0, math.Inf(1), 0
	var c [3]float64
	for k := range c {
		c[k] = spatial.Dot(b.axis[k], spatial.Sub(x, b.at.Pos))
		if e := math.Abs(c[k]) - b.half[k]; e > 0 {
			on[k] = int(math.Copysign(1, c[k]))
			d2 += e * e
		} else if -e < deep {
			deep, least = -e, k
		}
	}
	if faces(on) == 0 {
		on[least] = int(math.Copysign(1, c[least]))
	}
	return on, math.Sqrt(d2)
}
