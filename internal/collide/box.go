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
	b.place(at, half)
	return b
}

func (b *box) place(at *spatial.Pose, half r3.Vec) {
	b.at = at
	b.half[0], b.half[1], b.half[2] = half.X, half.Y, half.Z // an array that is put together is copied
	spatial.QuatAxes(&b.axis, at.Rot)
}

// turn makes m the rotation of the body of c, whose box it is: if that is plain the axes are its columns, to the bit.
func (b *box) turn(m *spatial.Mat3, c *Collider, plain bool) {
	if !plain {
		m.Set(c.At.Rot)
		return
	}
	x, y, z := &b.axis[0], &b.axis[1], &b.axis[2]
	m[0], m[1], m[2] = x.X, y.X, z.X
	m[3], m[4], m[5] = x.Y, y.Y, z.Y
	m[6], m[7], m[8] = x.Z, y.Z, z.Z
}

// corner returns the point of the box with these signs; 0 is the middle.
func (b *box) corner(s [3]int) r3.Vec {
	p := b.at.Pos
	for k := range s {
		p = spatial.AddScaled(p, float64(s[k])*b.half[k], b.axis[k])
	}
	return p
}

// after[k] and after[k+1] are the axes after k, around.
var after = [4]int{1, 2, 0, 1}

// ofBoxes makes x what separateHulls is of boxes, of the 15 axes there are. It stops at one along which they are farther apart than enough.
func (x *axis) ofBoxes(a, b *box, enough float64) {
	d := spatial.Sub(a.at.Pos, b.at.Pos)
	var c, size [3][3]float64 // cosines of axes of A and B
	var da, db [3]float64
	for i := range c {
		u, v, m, n := &a.axis[i], &b.axis[i], &c[i], &size[i]
		m[0], m[1], m[2] = spatial.Dot(*u, b.axis[0]), spatial.Dot(*u, b.axis[1]), spatial.Dot(*u, b.axis[2]) // one by one, as half
		n[0], n[1], n[2] = math.Abs(m[0]), math.Abs(m[1]), math.Abs(m[2])
		da[i], db[i] = spatial.Dot(*u, d), spatial.Dot(*v, d)
	}
	x.apart, x.faceA, x.faceB, x.edgeA, x.edgeB = math.Inf(-1), -1, -1, -1, -1
	for i := range c {
		if s := math.Abs(da[i]) - a.half[i] - (b.half[0]*size[i][0] + b.half[1]*size[i][1] + b.half[2]*size[i][2]); s > x.apart {
			x.apart, x.faceA, x.faceB = s, i, -1
		}
		if s := math.Abs(db[i]) - b.half[i] - (a.half[0]*size[0][i] + a.half[1]*size[1][i] + a.half[2]*size[2][i]); s > x.apart {
			x.apart, x.faceA, x.faceB = s, -1, i
		}
	}
	if x.apart > enough {
		return
	}
	for i := range c {
		i1, i2 := after[i], after[i+1]
		c1, c2, s0, s1, s2 := &c[i1], &c[i2], &size[i], &size[i1], &size[i2]
		d1, d2, h1, h2, h := da[i1], da[i2], a.half[i1], a.half[i2], &b.half
		x.tryCross(i, 0, math.Abs(d2*c1[0]-d1*c2[0])-(h1*s2[0]+h2*s1[0])-(h[1]*s0[2]+h[2]*s0[1]), c1[0], c2[0])
		x.tryCross(i, 1, math.Abs(d2*c1[1]-d1*c2[1])-(h1*s2[1]+h2*s1[1])-(h[2]*s0[0]+h[0]*s0[2]), c1[1], c2[1])
		x.tryCross(i, 2, math.Abs(d2*c1[2]-d1*c2[2])-(h1*s2[2]+h2*s1[2])-(h[0]*s0[1]+h[1]*s0[0]), c1[2], c2[2])
	}
	switch {
	case x.edgeA >= 0:
		x.faceA, x.faceB = -1, -1
		x.n, _ = spatial.Unit(spatial.Cross(a.axis[x.edgeA], b.axis[x.edgeB]))
		x.ofEdges(a.axis[x.edgeA], b.axis[x.edgeB])
	case x.faceA >= 0:
		x.n = a.axis[x.faceA]
	case x.faceB >= 0:
		x.n = b.axis[x.faceB]
	}
	if spatial.Dot(x.n, d) < 0 {
		x.n = spatial.Scale(-1, x.n)
	}
}

// tryCross takes the common normal of axis i of A and j of B if boxes are farther apart along it: by s over the sine
// between the axes, of which c1 and c2 are the parts. That is no farther than s where they are in each other, but for
// rounding.
func (x *axis) tryCross(i, j int, s, c1, c2 float64) {
	if s < 0 && s < x.apart*(1+1e-9) {
		return
	}
	sin2 := c1*c1 + c2*c2
	if sin2 < 1e-12 {
		return
	}
	if s /= math.Sqrt(sin2); s > x.apart {
		x.apart, x.edgeA, x.edgeB = s, i, j
	}
}

// tied is how much smaller the cosine of a face with the axis may be than that of the best one for it to take part.
const tied = 0.02

// turned is the signs of the faces of a box that face along an axis, and their shares.
type turned struct {
	signs  [3]float64
	shares [3]share
}

// face finds those of b along the axis, of A against it; t is empty before.
func (t *turned) face(b *box, x *axis, ofA bool) {
	n := x.n
	if ofA {
		n = spatial.Scale(-1, n)
	}
	x0, x1, x2 := spatial.Dot(b.axis[0], n), spatial.Dot(b.axis[1], n), spatial.Dot(b.axis[2], n)
	t.signs[0], t.signs[1], t.signs[2] = math.Copysign(1, x0), math.Copysign(1, x1), math.Copysign(1, x2)
	c0, c1, c2 := math.Abs(x0), math.Abs(x1), math.Abs(x2)
	best, most := 0, c0
	if c1 > most {
		best, most = 1, c1
	}
	if c2 > most {
		best, most = 2, c2
	}
	t.shares[best].of = 1
	for k, c := range [3]float64{c0, c1, c2} {
		if k != best && most-c < tied {
			t.shares[k] = x.tie(most, c, b.normal(best, t.signs[best]), b.normal(k, t.signs[k]), ofA)
		}
	}
}

// boxes is hulls of two boxes.
func (f *Finder) boxes() {
	var a, b box
	a.place(&f.pa, f.a.Shape.Half)
	b.place(&f.pb, f.b.Shape.Half)
	var x axis
	x.ofBoxes(&a, &b, f.reach)
	if !(x.apart <= f.reach) {
		return
	}
	a.turn(&f.ra, f.a, f.ra2.plain)
	b.turn(&f.rb, f.b, f.rb2.plain)
	f.frames()
	var ofA, ofB turned
	ofA.face(&a, &x, true)
	ofB.face(&b, &x, false)
	if x.apart < 0 && f.buriedBoxes(&a, &b, &x, &ofA, &ofB) {
		return
	}
	p := &f.polygon
	p.deep = false
	far := f.reach + sameHeight*(math.Abs(f.reach)+a.half[0]+a.half[1]+a.half[2]+b.half[0]+b.half[1]+b.half[2])
	var total, other share
	for i := range ofA.shares {
		if ofA.shares[i].of == 0 {
			continue
		}
		for j := range ofB.shares {
			if ofB.shares[j].of == 0 {
				continue
			}
			p.share = ofA.shares[i].times(ofB.shares[j])
			total = total.plus(p.share)
			if !p.overlapBoxes(&a, &b, i, j, ofA.signs[i], ofB.signs[j], far) || !f.corners(p) {
				other = other.plus(p.share)
			}
		}
	}
	if other.of > 0 {
		f.turn = other.by
		f.nearestBoxes(&a, &b, &x, other.of)
		f.turn = r3.Vec{}
	}
	f.rescale(total)
}

// normal returns the one out of the face of axis k with this sign.
func (b *box) normal(k int, sign float64) r3.Vec { return spatial.Scale(sign, b.axis[k]) }

// middle returns that of the face.
func (b *box) middle(k int, sign float64) r3.Vec {
	return spatial.AddScaled(b.at.Pos, sign*b.half[k], b.axis[k])
}

// toward returns the signs of the vertex of b farthest along n.
func (b *box) toward(n r3.Vec) (s [3]int) {
	for k := range s {
		s[k] = int(math.Copysign(1, spatial.Dot(b.axis[k], n)))
	}
	return s
}

// deepestBoxes is deepest of boxes.
func (f *Finder) deepestBoxes(a, b *box, x *axis, weight float64) {
	sa, sb := a.toward(spatial.Scale(-1, x.n)), b.toward(x.n)
	switch {
	case x.faceA >= 0:
		f.add(gap.PlanePoint, signs(only(sa, x.faceA)), signs(sb), weight)
	case x.faceB >= 0:
		f.add(gap.PointPlane, signs(sa), signs(only(sb, x.faceB)), weight)
	case x.edgeA >= 0:
		sa[x.edgeA], sb[x.edgeB] = 0, 0
		f.addLines(signs(sa), signs(sb), weight, x.n)
	}
}

// only returns the face of axis k with the sign that s has there.
func only(s [3]int, k int) (face [3]int) {
	face[k] = s[k]
	return face
}

// nearestBoxes is nearestParts of boxes: a vertex and what is nearest to it, or two edges.
func (f *Finder) nearestBoxes(a, b *box, x *axis, weight float64) {
	if x.apart <= 0 {
		f.deepestBoxes(a, b, x, weight)
		return
	}
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
		f.addLines(best.a, best.b, weight, best.n)
		return
	}
	f.add(best.kind, best.a, best.b, weight)
}

// edge returns the axis of edge i of 12 and the signs of its faces.
func edge(i int) (k int, s [3]int) {
	k = i / 4
	s[(k+1)%3], s[(k+2)%3] = 1-i&1*2, 1-i>>1&1*2
	return k, s
}

// faces returns on how many faces a part with these signs lies.
func faces(s [3]int) int { return s[0]*s[0] + s[1]*s[1] + s[2]*s[2] }

// nearest returns the signs of the part of b nearest to x, a point of the world, and its distance, 0 inside: there it
// is the face that is least deep.
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
