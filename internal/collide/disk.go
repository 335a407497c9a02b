package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/spatial/r3"
)

// The end of a cylinder is a disk. In a polygon its borders are those of the prism, which say what a corner is and what
// it weighs: weights so follow turns alone. But what is inside, and where borders of the other face cross, the circle
// itself says.
type disk struct {
	up       r3.Vec // out of the end
	center   r3.Vec
	ex, ey   r3.Vec // axes of the shape across
	radius   float64
	u, v     r2.Vec // coordinates along ex and ey, from the center, of a point x of the plane of the polygon, seen along its normal: u·x + at.X, v·x + at.Y
	at       r2.Vec
	first    int  // border of the polygon
	from     int  // number of the vertex of the prism where that begins
	backward bool // whether borders go round against the angles of the vertices
}

// place makes d the end of a cylinder with this face of its prism, whose borders are the last ones of p.
func (d *disk) place(p *polygon, c *Collider, at *spatial.Pose, face int) {
	sign := 1.0
	if face > sides {
		sign = -1
	}
	axis := spatial.QuatRotate(at.Rot, unit(2))
	d.ex, d.ey, d.up, d.radius = spatial.QuatRotate(at.Rot, unit(0)), spatial.QuatRotate(at.Rot, unit(1)), spatial.Scale(sign, axis), c.Shape.Radius
	d.center = spatial.AddScaled(at.Pos, sign*c.Shape.HalfLength, axis)
	w, k := spatial.Sub(p.origin, d.center), 1/spatial.Dot(axis, p.m)
	along := func(e r3.Vec) (g r2.Vec, c float64) {
		s := k * spatial.Dot(e, p.m)
		q := spatial.AddScaled(e, -s, axis) // across m
		return r2.Vec{X: spatial.Dot(q, p.t1), Y: spatial.Dot(q, p.t2)}, spatial.Dot(q, w)
	}
	d.u, d.at.X = along(d.ex)
	d.v, d.at.Y = along(d.ey)
	d.first, d.backward = len(p.borders)-sides, k < 0
	d.from = (int(p.borders[d.first].vertex) - int(roundCodes)) % sides
}

// into returns where a point of the plane is on the disk.
func (d *disk) into(x r2.Vec) r2.Vec {
	return r2.Add(d.at, r2.Vec{X: r2.Dot(d.u, x), Y: r2.Dot(d.v, x)})
}

func (d *disk) holds(x r2.Vec) bool { return r2.Norm2(d.into(x)) <= d.radius*d.radius }

// angle returns the angle of x about the axis, and border the border of the prism it is beside.
func (d *disk) angle(x r2.Vec) float64 {
	y := d.into(x)
	return math.Atan2(y.Y, y.X)
}

func (d *disk) border(angle float64) int {
	k := int(math.Floor(angle*(sides/(2*math.Pi)) - 0.5)) // vertices k and k+1 are beside it
	if k -= d.from; d.backward {
		k = -k - 1
	}
	return d.first + (k%sides+sides)%sides
}

// cuts returns where the segment from x to y enters and leaves the circle, as parts of it; in and out say whether its ends are inside.
func (d *disk) cuts(x, y r2.Vec, in, out bool) (from, to float64, ok bool) {
	p := d.into(x)
	w := r2.Sub(d.into(y), p)
	a, b, c := r2.Norm2(w), r2.Dot(p, w), r2.Norm2(p)-d.radius*d.radius
	root := b*b - a*c
	if from, to = 0, 1; in && out {
		return from, to, true
	}
	if !(root > 0) && !in && !out {
		return from, to, false
	}
	root = math.Sqrt(max(root, 0))
	if !in {
		from = min(max((-b-root)/a, 0), 1)
	}
	if !out {
		to = min(max((root-b)/a, 0), 1)
	}
	return from, to, in || out || -b-root > 0 && root-b < a
}

// overlapDisk makes p the overlap of a disk and the face with the other borders, from first on n of them, and reports whether there is any.
func (p *polygon) overlapDisk(d *disk, first, n int) bool {
	p.corner = p.corner[:0]
	at := func(i int) r2.Vec { return p.borders[first+i%n].from }
	start, left := -1, 0 // the border that enters the circle first
	for i := range n {
		if !d.holds(at(i)) {
			if _, _, ok := d.cuts(at(i), at(i+1), false, d.holds(at(i+1))); ok {
				start = i
				break
			}
		}
	}
	if start < 0 {
		return p.overlapAll(d, first, n)
	}
	var out r2.Vec // where it was left
	leave := -1
	for k := range n {
		i := (start + k) % n
		x, y := at(i), at(i+1)
		in, inNext := d.holds(x), d.holds(y)
		from, to, ok := d.cuts(x, y, in, inNext)
		if !ok {
			continue
		}
		if !in {
			x0 := r2.Add(x, r2.Scale(from, r2.Sub(y, x)))
			if leave >= 0 {
				p.arc(d, out, x0, first+leave, first+i, n)
			}
			x = x0
		}
		p.corner = append(p.corner, knee{x, first + i})
		if !inNext {
			out, leave = r2.Add(at(i), r2.Scale(to, r2.Sub(y, at(i)))), i
			left++
		}
	}
	if left > 0 {
		p.arc(d, out, p.corner[0].Vec, first+leave, first+start, n)
	}
	return len(p.corner) > 1
}

// overlapAll is overlapDisk where no border enters the circle: one is in the other, or they are apart.
func (p *polygon) overlapAll(d *disk, first, n int) bool {
	inside, c := true, r2.Vec{X: spatial.Dot(p.t1, spatial.Sub(d.center, p.origin)), Y: spatial.Dot(p.t2, spatial.Sub(d.center, p.origin))}
	for i := first; i < first+n; i++ {
		b := &p.borders[i]
		if d.holds(b.from) {
			p.corner = append(p.corner, knee{b.from, i})
		}
		inside = inside && r2.Cross(b.dir, r2.Sub(c, b.from)) >= 0
	}
	if len(p.corner) > 0 {
		return true
	}
	for i := d.first; i < d.first+sides && inside; i++ {
		p.corner = append(p.corner, knee{p.borders[i].from, i})
	}
	return inside
}

// arc adds the corners from where border i leaves the circle to where border j, of n, enters it again, but the latter.
func (p *polygon) arc(d *disk, out, in r2.Vec, i, j, n int) {
	sign := 1.0
	if d.backward {
		sign = -1
	}
	whole := func(a float64) float64 {
		if a < 0 {
			a += 2 * math.Pi
		}
		return a
	}
	from, to := d.angle(out), d.angle(in)
	far := whole(math.Remainder(sign*(to-from), 2*math.Pi))
	b, c := &p.borders[i], &p.borders[j]
	most := whole(math.Atan2(r2.Cross(b.dir, c.dir), r2.Dot(b.dir, c.dir))) // no arc turns by more than the borders do
	switch {
	case i == j:
		most = 2 * math.Pi
	case (j-i+n)%n == 1 && most > 3.2: // rounding
		most = 0
	}
	k, l := d.border(from), d.border(to)
	p.corner = append(p.corner, knee{out, k})
	if far > most+1e-6 { // rounding: there is no way between them
		return
	}
	steps := (l - k + sides) % sides
	if steps == 0 && far > math.Pi {
		steps = sides
	}
	for range steps {
		if k++; k == d.first+sides {
			k = d.first
		}
		p.corner = append(p.corner, knee{p.borders[k].from, k})
	}
}

// meetCircles moves a corner at which borders of two disks cross to where their circles do, by Newton's method.
func (p *polygon) meetCircles(x r2.Vec) r2.Vec {
	a, b := &p.disks[0], &p.disks[1]
	y := x
	for range 8 {
		ya, yb := a.into(y), b.into(y)
		fa, fb := (r2.Norm2(ya)-a.radius*a.radius)/2, (r2.Norm2(yb)-b.radius*b.radius)/2
		ga, gb := r2.Add(r2.Scale(ya.X, a.u), r2.Scale(ya.Y, a.v)), r2.Add(r2.Scale(yb.X, b.u), r2.Scale(yb.Y, b.v))
		det := r2.Cross(ga, gb)
		if !(math.Abs(det) > 1e-3*a.radius*b.radius) {
			return x
		}
		y = r2.Sub(y, r2.Vec{X: (fa*gb.Y - fb*ga.Y) / det, Y: (fb*ga.X - fa*gb.X) / det})
	}
	if r2.Norm(r2.Sub(y, x)) > 0.1*min(a.radius, b.radius) {
		return x
	}
	return y
}

// tangent returns the rim at the angle of x, with the code of a border of the prism, in place of that: the point of it, and its tangent.
func (d *disk) tangent(b *border, x r2.Vec) (l crossed) {
	return d.on(Part{Code: b.edge, marks: marks{Point: true, Rim: true}}, d.angle(x))
}

// on returns the point p of the rim moved to an angle.
func (d *disk) on(p Part, angle float64) (l crossed) {
	sin, cos := math.Sincos(angle)
	radial := spatial.AddScaled(spatial.Scale(cos, d.ex), sin, d.ey)
	l.part, l.part.Along = p, angle
	l.axis = spatial.AddScaled(spatial.Scale(-sin, d.ex), cos, d.ey)
	l.at = spatial.AddScaled(d.center, d.radius, radial)
	l.bend = spatial.Scale(-1/d.radius, radial)
	return l
}

// toward returns the point p of the rim moved to where it is nearest to x. At the axis none is.
func (d *disk) toward(p Part, x r3.Vec) (l crossed, ok bool) {
	w := spatial.Sub(x, d.center)
	y := r2.Vec{X: spatial.Dot(w, d.ex), Y: spatial.Dot(w, d.ey)}
	return d.on(p, math.Atan2(y.Y, y.X)), r2.Norm2(y) > 1e-6*d.radius*d.radius
}

// crossed is a line that another one crosses at a point: an edge, or the tangent of a rim, which bends by so much per way along it.
type crossed struct {
	part     Part // the point
	axis, at r3.Vec
	bend     r3.Vec
}

func (f *Finder) crossedOf(p *polygon, b *border, ofA bool, x r2.Vec) (l crossed) {
	side, c, rot := 1, f.b, &f.rb2
	if ofA {
		side, c, rot = 0, f.a, &f.ra2
	}
	if p.round[side] {
		return p.disks[side].tangent(b, x)
	}
	l = crossed{part: b.point(x), axis: b.axis}
	l.at = c.world(l.part, rot)
	return l
}

// line returns the part that is the line.
func (l *crossed) line() Part {
	p := l.part
	p.Point = false
	return p
}

// rimmedAt are the sines of the angle between a border of a prism and an edge between which they go from points of both
// to the lines themselves: the tangent of the rim, along which the edge crosses it, is up to a 64th of a turn from the
// border.
var rimmedAt = [2]float64{0.12, 0.2}

// crossRim is cross where a rim takes part.
func (f *Finder) crossRim(p *polygon, a, b *border, x r2.Vec, weight float64) {
	if p.round[0] && p.round[1] {
		x = p.meetCircles(x)
	}
	la, lb := f.crossedOf(p, a, true, x), f.crossedOf(p, b, false, x)
	var lines share // of their common normal: rims that cross have one that turns with both, and a contact of their own where they lean
	if !p.round[0] || !p.round[1] {
		lines = p.moving.parallel(a.aim(), b.aim(), rimmedAt)
	}
	all := share{weight, f.turn}
	defer func(turn r3.Vec) { f.turn, f.slide = turn, Slide{} }(f.turn)
	slideA, slideB := p.slidesA(&la, &lb), p.slidesB(&la, &lb)

	one := all.times(lines)
	f.turn = one.by
	switch {
	case one.of < faintest:
	case p.round[0]:
		f.rimOnLine(&p.disks[0], la, lb, one.of, true)
	case p.line != nil && !p.deep:
		f.sideOnRim(p, lb, &la, one.of)
	default:
		f.rimOnLine(&p.disks[1], lb, la, one.of, false)
	}

	rest := all.times(lines.rest())
	if p.ofA > 2 {
		rest = rest.scaled(0.5)
		f.turn, f.slide = rest.by, slideB.across(&la)
		f.put(gap.PlanePoint, p.faceA, lb.part, a.edge, rest.of, r3.Vec{})
	}
	f.turn, f.slide = rest.by, slideA.across(&lb)
	f.put(gap.PointPlane, la.part, p.faceB, b.edge, rest.of, r3.Vec{})
}

// growth returns how the sum of the angles changes as A turns against B. That of borders of a disk is more than 2π
// where an edge cuts off less of the disk than an edge of the prism does: one of the corners then turns back, and
// counts as none.
func (p *polygon) growth() (g r3.Vec) {
	if !p.round[0] && !p.round[1] {
		return g
	}
	n := len(p.corner)
	for i := range p.corner {
		if p.angle[i] > 0 {
			g = spatial.Add(g, spatial.Sub(p.turn(p.corner[i].on), p.turn(p.corner[(i+n-1)%n].on)))
		}
	}
	return g
}

// rimOnLine adds the contact of the rim of A, or of B, and the line l that crosses it at b: the tangent at the point
// that is nearest to the line. Where that is not there, or on the other side, the line is far away and seen from aside:
// then that at b.
func (f *Finder) rimOnLine(d *disk, b crossed, l crossed, weight float64, ofA bool) {
	x, w, ok := d.nearest(b, &l)
	p := &f.polygon
	ok = ok && spatial.Dot(w, p.m)*spatial.Dot(spatial.Sub(l.at, b.at), p.m) > 0 // on the same side
	switch {
	case ok:
		f.slide = p.slideToLine(&x, &l, w, ofA)
		l.part.Along += spatial.Dot(l.axis, spatial.Sub(spatial.Add(x.at, w), l.at))
	case ofA:
		x, f.slide = b, p.slidesA(&b, &l)
	default:
		x, f.slide = b, p.slidesB(&l, &b)
	}
	if ofA {
		f.addLines(x.line(), l.line(), weight, p.m)
	} else {
		f.addLines(l.line(), x.line(), weight, p.m)
	}
}

// nearest returns the point of the rim near b that is nearest to a line, and the way from there to it, by Newton's method.
func (d *disk) nearest(b crossed, l *crossed) (x crossed, w r3.Vec, ok bool) {
	x = b
	for range 10 {
		w = spatial.Sub(l.at, x.at)
		w = spatial.AddScaled(w, -spatial.Dot(dualOf(l.axis, x.axis), w), l.axis)
		t, q := spatial.Dot(w, x.axis), 1-spatial.Dot(w, x.bend)/sin2(l.axis, x.axis)
		if !(q > 0.3 && math.Abs(t) < d.radius) {
			return x, w, false
		}
		if math.Abs(t) < 1e-14*d.radius {
			break
		}
		x = d.on(x.part, x.part.Along+t/(q*d.radius))
	}
	return x, w, math.Abs(x.part.Along-b.part.Along) < 0.3
}

// sideOnRim is rimOnLine of the side of a capsule, or its end.
func (f *Finder) sideOnRim(p *polygon, b crossed, l *crossed, weight float64) {
	e, axis, d := &p.line.edges[0], p.line.axis[0], &p.disks[1]
	x, w, _ := d.nearest(b, l)
	s := spatial.Dot(spatial.Sub(spatial.Add(x.at, w), p.line.center(0)), axis)
	if math.Abs(s) < e.half {
		f.rimOnLine(d, b, *l, weight, false)
		return
	}
	end := spatial.AddScaled(p.line.center(0), math.Copysign(e.half, s), axis)
	if near, ok := d.toward(b.part, end); ok {
		b, f.slide = near, p.slideToPoint(&near, spatial.Sub(end, near.at))
	} else {
		f.slide = p.slidesB(l, &b)
	}
	f.add(gap.PointLine, Part{Code: p.line.vertices[[2]int32{e.from, e.to}[sign(s)]].code}, b.line(), weight)
}

// sin2 is the square of the sine between unit vectors.
func sin2(a, b r3.Vec) float64 {
	k := spatial.Dot(a, b)
	return 1 - k*k
}
