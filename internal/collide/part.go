package collide

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Part is what of a shape touches another. Its code is, of a sphere or an ellipsoid 0; of a capsule, and of the side of
// a cylinder, 0 for the line along it, 1 and 2 for its ends at +z and −z; of a box (x+1) + 3(y+1) + 9(z+1), where x, y,
// z are the signs of the faces that the part lies on, 0 for none: one of them for a face, two for an edge, three for a
// vertex. Of points: the number of a vertex, after them the edges and then the faces of the hull; so, from 3 on, those
// of the prism in a cylinder, the vertices of its ends, and its two rims, as disks and as circles.
type Part struct {
	Along float64 // where on an edge (m from its middle) a point of it is
	Cell  int32   // of terrain, instead of a code: the number of a vertex, after them the edges and then the faces
	Code  uint16
	marks
}

// marks say more about a part. They are a struct of their own as the compiler keeps none of more than four fields in
// registers: parts went through memory six times.
type marks struct {
	Point bool // a point of the edge that the code says, fixed to the body
	Rim   bool // of a cylinder, where its rim has the angle Along about the axis: the tangent there; the code is of the edge of the prism beside it
	Back  bool // an edge with its axis turned around
}

const (
	side uint16 = iota
	endUp
	endDown
	roundCodes
)

// stands is, of a cylinder, the code of the first of its features on a half-space. Of these only the vertices of its
// ends have such codes: they carry what stands on terrain.
const stands uint16 = 1 << 14

// The rims of a cylinder: its ends as disks without thickness, an oval each, and as circles, which touch planes. Along
// the normal of an end a disk supports no point more than others: there it is the end that is touched (overEnd).
const (
	rimUp uint16 = 1<<15 + iota
	rimDown
	circleUp
	circleDown
)

// signs is the part of a box on the faces with these signs.
func signs(s [3]int) Part { return Part{Code: uint16(s[0] + 1 + 3*(s[1]+1) + 9*(s[2]+1))} }

func (p Part) signs() [3]int {
	c := int(p.Code)
	return [3]int{c%3 - 1, c/3%3 - 1, c/9 - 1}
}

// boxParts are the parts of boxes by code: their signs, on how many faces they lie, and the axis of edges.
var boxParts = func() (t [27]struct {
	signs, free r3.Vec
	faces       int
}) {
	for i := range t {
		s := Part{Code: uint16(i)}.signs()
		t[i].signs, t[i].faces = r3.Vec{X: float64(s[0]), Y: float64(s[1]), Z: float64(s[2])}, faces(s)
		for k := range s {
			if s[k] == 0 && t[i].faces == 2 {
				t[i].free = unit(k)
			}
		}
	}
	return t
}()

func unit(k int) r3.Vec { return [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[k] }

func array(v r3.Vec) [3]float64 { return [3]float64{v.X, v.Y, v.Z} }

// Feature returns the part p of s, whose hull is h, in the frame of the shape.
func (p Part) Feature(s *contact.Shape, h *Hull) (f gap.Feature) {
	if p.Back {
		p.Back = false
		f = p.Feature(s, h)
		f.Axis = spatial.Scale(-1, f.Axis)
		return f
	}
	switch s.Kind {
	case contact.KindTerrain:
		return p.terrain(h.ground)
	case contact.KindPoints, contact.KindCylinder:
		switch {
		case p.Rim:
			return p.tangent(s, h)
		case s.Kind == contact.KindCylinder && p.Code < roundCodes:
			return p.round(s)
		case p.isRim(s):
			return p.rim(s)
		case p.isStand(s):
			f.Center = center(s, int(p.Code-stands))
			return f
		}
		switch v, e, a := h.find(s, p); {
		case v != nil:
			f.Center = v.at
		case a != nil:
			f.Center, f.Axis = a.middle, a.normal
		case p.Point:
			f.Center = spatial.AddScaled(h.halfway(e), p.Along, e.axis)
		default:
			f.Center, f.Axis = h.halfway(e), e.axis
		}
	case contact.KindSphere:
		f.Radius = s.Radius
	case contact.KindEllipsoid:
		f.Oval = gap.OvalOf(s.Half)
	case contact.KindCapsule:
		return p.round(s)
	case contact.KindBox:
		p.ofBox(&f, &s.Half)
	}
	return f
}

// ofBox makes f, which is empty, the feature that part p of a box is.
func (p *Part) ofBox(f *gap.Feature, half *r3.Vec) {
	t := &boxParts[p.Code]
	x, y, z := t.signs.X*half.X, t.signs.Y*half.Y, t.signs.Z*half.Z
	switch {
	case t.faces == 1:
		f.Axis, f.Radius = t.signs, t.signs.X*x+t.signs.Y*y+t.signs.Z*z
		return
	case p.Point:
		x, y, z = x+p.Along*t.free.X, y+p.Along*t.free.Y, z+p.Along*t.free.Z
	case t.faces == 2 && p.Back:
		f.Axis = spatial.Scale(-1, t.free)
	case t.faces == 2:
		f.Axis = t.free
	}
	f.Center.X, f.Center.Y, f.Center.Z = x, y, z
}

// isDown reports whether a rim is that of the end at −z.
func (p Part) isDown() bool { return (p.Code-rimUp)%2 == 1 }

func (p Part) isRim(s *contact.Shape) bool { return s.Kind == contact.KindCylinder && p.Code >= rimUp }

func (p Part) isStand(s *contact.Shape) bool {
	return s.Kind == contact.KindCylinder && p.Code >= stands && p.Code < rimUp
}

func (p Part) rim(s *contact.Shape) (f gap.Feature) {
	f.Center.Z = s.HalfLength
	if p.isDown() {
		f.Center.Z = -f.Center.Z
	}
	if p.Code >= circleUp {
		f.Axis, f.Radius = unit(2), s.Radius
		return f
	}
	f.Oval = gap.OvalOf(r3.Vec{X: s.Radius, Y: s.Radius})
	return f
}

// rimShift is Shift of rims.
func (p Part) rimShift(s *contact.Shape, i int) (c gap.Change) {
	switch c.Center.Z = 1; {
	case p.Code >= circleUp && i == 0:
		c.Center.Z, c.Radius = 0, 1
	case i == 0:
		c.Center.Z, c.Oval = 0, gap.Oval{XX: 2 * s.Radius, YY: 2 * s.Radius}
	}
	if p.isDown() {
		c.Center.Z = -c.Center.Z
	}
	return c
}

// tangent is Feature of a point of a rim, or the tangent there.
func (p Part) tangent(s *contact.Shape, h *Hull) (f gap.Feature) {
	y, x := math.Sincos(p.Along)
	f.Center = r3.Vec{X: s.Radius * x, Y: s.Radius * y, Z: h.endOf(s, p) * s.HalfLength}
	if !p.Point {
		f.Axis = r3.Vec{X: -y, Y: x}
	}
	return f
}

// endOf returns the sign of the end of a cylinder whose rim p is of.
func (h *Hull) endOf(s *contact.Shape, p Part) float64 {
	if _, e, _ := h.find(s, p); max(e.left, e.right) > sides {
		return -1
	}
	return 1
}

// round is Feature of capsules, and of the side of cylinders.
func (p Part) round(s *contact.Shape) (f gap.Feature) {
	f.Radius = s.Radius
	switch p.Code {
	case side:
		if f.Center.Z = p.Along; !p.Point {
			f.Axis = unit(2)
		}
	case endUp:
		f.Center.Z = s.HalfLength
	case endDown:
		f.Center.Z = -s.HalfLength
	}
	return f
}

// Shift returns how that feature changes per unit of size i of the shape, numbered as [contact.Shape.Param] does.
func (p Part) Shift(s *contact.Shape, h *Hull, i int) (c gap.Change) {
	if p.Back {
		p.Back = false
		c = p.Shift(s, h, i)
		c.Axis = spatial.Scale(-1, c.Axis)
		return c
	}
	switch {
	case s.Kind == contact.KindTerrain:
		return p.terrainShift(s, h.ground, i)
	case p.Rim && i == 0:
		c.Center.Y, c.Center.X = math.Sincos(p.Along)
	case p.Rim:
		c.Center.Z = h.endOf(s, p)
	case p.isRim(s):
		return p.rimShift(s, i)
	case p.isStand(s):
		return Shift(s, int(p.Code-stands), i)
	case s.Kind == contact.KindPoints || s.Kind == contact.KindCylinder && p.Code >= roundCodes:
		return p.shiftHull(s, h, i)
	case s.Kind == contact.KindBox:
		on := p.signs()
		if on[0]*on[0]+on[1]*on[1]+on[2]*on[2] == 1 {
			c.Radius = float64(on[i] * on[i])
		} else {
			c.Center = spatial.Scale(float64(on[i]), unit(i))
		}
	case s.Kind == contact.KindEllipsoid:
		c.Oval = ovalShift(s, i)
	case i == 0:
		c.Radius = 1
	case p.Code == endUp:
		c.Center.Z = 1
	case p.Code == endDown:
		c.Center.Z = -1
	}
	return c
}

// find returns the vertex, edge or face that p is, of points or of a prism.
func (h *Hull) find(s *contact.Shape, p Part) (*corner, *ridge, *facet) {
	n := len(s.Vertices)
	if s.Kind == contact.KindCylinder {
		n = int(roundCodes) + len(h.vertices)
	}
	switch c := int(p.Code); {
	case c >= n+len(h.edges):
		return nil, nil, &h.faces[c-n-len(h.edges)]
	case c >= n:
		return nil, &h.edges[c-n], nil
	}
	if s.Kind == contact.KindCylinder {
		return &h.vertices[p.Code-roundCodes], nil, nil
	}
	return &h.vertices[h.index[p.Code]], nil, nil
}

func (h *Hull) halfway(e *ridge) r3.Vec {
	return spatial.Scale(0.5, spatial.Add(h.vertices[e.from].at, h.vertices[e.to].at))
}

// shiftHull is Shift of points and prisms: everything follows the vertices.
func (p Part) shiftHull(s *contact.Shape, h *Hull, i int) (c gap.Change) {
	moved := func(v int32) r3.Vec { return vertexShift(s, int(h.vertices[v].code), i) }
	v, e, f := h.find(s, p)
	switch {
	case v != nil:
		c.Center = vertexShift(s, int(v.code), i)
	case e != nil:
		from, to := moved(e.from), moved(e.to)
		c.Axis = spatial.Scale(1/(2*e.half), spatial.Across(spatial.Sub(to, from), e.axis))
		c.Center = spatial.Scale(0.5, spatial.Add(from, to))
		if p.Point {
			c.Center, c.Axis = spatial.AddScaled(c.Center, p.Along, c.Axis), r3.Vec{}
		}
	default:
		var dn r3.Vec // of the normal times the area
		for k, v := range f.loop {
			d, next := moved(v), moved(f.loop[(k+1)%len(f.loop)])
			x, y := h.spokes(f, k) // the middle drops out of the sum
			dn = spatial.AddScaled(dn, 0.5, spatial.Add(spatial.Cross(d, y), spatial.Cross(x, next)))
			c.Center = spatial.AddScaled(c.Center, 1/float64(len(f.loop)), d)
		}
		c.Axis = spatial.Scale(1/spatial.Norm(h.area(f)), spatial.Across(dn, f.normal))
	}
	return c
}

// vertexShift returns how a vertex of points or of a prism moves per unit of size i.
func vertexShift(s *contact.Shape, code, i int) (d r3.Vec) {
	if s.Kind == contact.KindPoints {
		if i/3 == code {
			d = unit(i % 3)
		}
		return d
	}
	if d = prismCorner(code - int(roundCodes)); i == 0 {
		d.Z = 0
	} else {
		d.X, d.Y = 0, 0
	}
	return d
}
