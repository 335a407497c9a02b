package collide

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Collider is a shape on a body at knot 2.
type Collider struct {
	Index int // of all colliders: of two alike the lower is worked on first, so that exchanged sides give the same bits
	Body  int // or gap.World
	Shape *contact.Shape
	Hull  *Hull        // of the shape
	Pose  spatial.Pose // of the shape in the body frame
	At    spatial.Pose // of the body frame in the world
	Seen  r3.Vec       // Middle where the step begins: from there, what has two sides is seen
	Soft  bool         // whether its surface gives: it may be deep in another one, and that is not buried
}

// Contact is a pair of parts that may touch.
type Contact struct {
	gap.Pair
	PartA, PartB Part
	Other        uint16  // code of the edge of the other body that a point of an edge crosses
	Turn         r3.Vec  // change of Weight as A turns against B, by its rotation vector in world axes
	Slide        Slide   // of the part that is a point of an edge
	Weight       float64 // share of κ: those of all contacts of two colliders, whether within reach or not, sum to 1. It changes as they turn, not as they move
	Points       float64 // how many points of contact it counts for where contact is soft: its weight, times corners where faces overlap, times 2 where lines do
	PointsTurn   r3.Vec  // change of Points, as Turn is of Weight
	Gap          float64 // at knot 2 (m)
	name         uint64  // of those with terrain, whose parts have no numbers as small as codes
}

// Slide says how a point of an edge that another one crosses, or of a rim, moves along it as A moves against B: by
// Lin·v + Ang·ω, with v the velocity of A against B at the point At and ω its angular velocity (world axes).
type Slide struct {
	Lin, Ang r3.Vec
	At, Axis r3.Vec  // the point, and the unit vector along which it moves
	Bend     r3.Vec  // change of that per way, of a rim (1/m)
	Rim      bool    // whether it is a rim that crosses at a point,
	Along    float64 // and where on the rim or edge that is
}

// Slides reports whether a part of c moves along its edge or rim as another one that crosses it moves, and which of them does.
func (c *Contact) Slides() (a, b bool) {
	a = c.PartA.Point || c.PartA.Rim
	return a, !a && (c.PartB.Point || c.PartB.Rim)
}

// Crossing returns the point of A, or of B, where what crosses meets. Of a plane it is that of the edge or rim around
// it which crosses the point of the other side, of the side of a cylinder that of the end.
func (c *Contact) Crossing(ofA bool) Part {
	own, plane := c.PartB, gap.PointPlane
	if ofA {
		own, plane = c.PartA, gap.PlanePoint
	}
	if c.Kind == plane || c.Kind == gap.LinePoint && c.Other != 0 {
		return Part{Code: c.Other, Along: c.Slide.Along, marks: marks{Point: true, Rim: c.Slide.Rim}}
	}
	own.Point = true
	return own
}

// ID tells the contacts of two colliders apart, and is the same as long as the same parts touch.
func (c *Contact) ID() uint64 {
	if c.name != 0 {
		return c.name
	}
	return uint64(c.Kind)<<48 | uint64(c.PartA.Code)<<32 | uint64(c.PartB.Code)<<16 | uint64(c.Other)
}

// faintest is the weight below which a contact is dropped: it would push with that part of κ.
const faintest = 1e-6

// corners is how many points of contact the corners of two faces that overlap are together: the four of boxes are one
// each, others go by exterior angles. Where a corner leaves over an edge the crossings in its place have its angle
// together, so nothing leaps. (Rejected: one for each corner of some weight, since a corner is two when it leaves; one
// from a right angle on, less below, since crossings take the angle of a corner that goes, and acute corners leap.)
const corners = 4

// Finder finds the contacts of two colliders. Make one per goroutine: it keeps memory, but nothing that changes what it finds.
type Finder struct {
	dst            []Contact
	first          int // of these two in dst
	reach          float64
	a, b           *Collider
	pa, pb         spatial.Pose // of the shapes in the world
	ra, rb         spatial.Mat3 // of the bodies
	ra2, rb2       mount        // of the shapes on the bodies
	fa, fb         gap.Frame    // of the bodies
	polygon        polygon
	turn           r3.Vec // Turn of what is added, and Slide
	slide          Slide
	from           r3.Vec  // From of what is added
	points         float64 // per weight of what is added
	egg            egg
	ha, hb         solid
	spine, spineB  solid // of cylinders
	facesA, facesB []shared
	field
	moving *moving // nil, or the vertex
	vertex moving
}

// Find appends to dst the contacts of a and b that are no farther apart than reach (m).
func (f *Finder) Find(dst []Contact, a, b *Collider, reach float64) []Contact {
	f.dst, f.first, f.reach, f.points = dst, len(dst), reach, 1
	if ka, kb := a.rank(), b.rank(); ka < kb || ka == kb && a.Index <= b.Index {
		f.find(a, b)
		return f.dst
	}
	f.moving.exchange()
	f.find(b, a)
	found := f.dst[f.first:]
	for i := range found {
		found[i].swap()
	}
	return f.dst
}

// swap exchanges the sides of c.
func (c *Contact) swap() {
	c.Swap()
	c.PartA, c.PartB, c.Turn, c.PointsTurn = c.PartB, c.PartA, spatial.Scale(-1, c.Turn), spatial.Scale(-1, c.PointsTurn)
	c.Slide.Lin, c.Slide.Ang = spatial.Scale(-1, c.Slide.Lin), spatial.Scale(-1, c.Slide.Ang) // in place: it is long
}

// exchanged adds what add does with the sides exchanged.
func (f *Finder) exchanged(add func()) {
	flip := func() {
		f.a, f.b, f.pa, f.pb, f.ra, f.rb, f.ra2, f.rb2 = f.b, f.a, f.pb, f.pa, f.rb, f.ra, f.rb2, f.ra2
		f.fa.Pos, f.fb.Pos = f.fb.Pos, f.fa.Pos // their rotations are ra and rb
		f.ha, f.hb, f.spine, f.spineB = f.hb, f.ha, f.spineB, f.spine
		f.moving.exchange()
	}
	first, n := f.first, len(f.dst)
	flip()
	f.first = n
	add()
	flip()
	f.first = first
	added := f.dst[n:]
	f.dst = f.dst[:n]
	for i := range added {
		c := &added[i]
		c.swap()
		if d := f.same(c.Kind, c.PartA, c.PartB, c.Other); d != nil {
			d.join(c.Weight, c.Points, c.Turn, c.PointsTurn)
		} else {
			f.dst = append(f.dst, *c)
		}
	}
}

// rank is the order in which shapes are worked on: what has no faces before what has, and what can lie on its side before what cannot.
func (c *Collider) rank() int {
	switch c.Shape.Kind {
	case contact.KindEllipsoid:
		return 0
	case contact.KindSphere:
		return 1
	case contact.KindCapsule:
		return 2
	case contact.KindCylinder:
		return 4
	case contact.KindBox:
		return 5
	case contact.KindTerrain:
		return 7
	}
	if c.Hull.faces == nil {
		return 3
	}
	return 6
}

// mount is how the shape of a collider sits on its body: how it is turned there, and whether it is plain, with the frame
// of the body, as those of most free bodies are.
type mount struct {
	spatial.Mat3
	plain bool
}

// place finds whether c is plain, and makes x where its shape is in the world: of one that is, to the bit what composition says.
func (m *mount) place(c *Collider, x *spatial.Pose) {
	p, q := &c.Pose.Pos, &c.Pose.Rot
	if m.plain = q.Real == 1 && q.Imag == 0 && q.Jmag == 0 && q.Kmag == 0 && p.X == 0 && p.Y == 0 && p.Z == 0; m.plain {
		*x = c.At
	} else {
		x.Compose(&c.At, &c.Pose)
	}
}

// turn finds how the shape is turned, after place.
func (m *mount) turn(c *Collider) {
	if m.plain {
		m.Mat3 = spatial.Mat3{0: 1, 4: 1, 8: 1}
	} else {
		m.Set(c.Pose.Rot)
	}
}

func (f *Finder) find(a, b *Collider) {
	f.a, f.b = a, b
	f.ra2.place(a, &f.pa)
	f.rb2.place(b, &f.pb)
	if a.Shape.Kind == contact.KindBox && b.Shape.Kind == contact.KindBox {
		f.boxes()
		return
	}
	f.turns()
	f.egg.part = Part{}
	if b.Shape.Kind == contact.KindTerrain {
		f.terrain()
		return
	}
	switch [2]contact.Kind{a.Shape.Kind, b.Shape.Kind} {
	case [2]contact.Kind{contact.KindSphere, contact.KindSphere}:
		f.add(gap.PointPoint, Part{}, Part{}, 1)
	case [2]contact.Kind{contact.KindSphere, contact.KindCapsule}:
		f.sphereCapsule()
	case [2]contact.Kind{contact.KindSphere, contact.KindBox}:
		f.sphereBox()
	case [2]contact.Kind{contact.KindCapsule, contact.KindCapsule}:
		f.capsules()
	case [2]contact.Kind{contact.KindSphere, contact.KindCylinder}:
		f.sphereCylinder()
	default:
		if a.Shape.Kind == contact.KindEllipsoid {
			f.ovals()
		} else {
			f.hulls()
		}
	}
}

// turns finds where the bodies are and how their shapes are turned in them, which what is apart need not know.
func (f *Finder) turns() {
	f.ra.Set(f.a.At.Rot)
	f.rb.Set(f.b.At.Rot)
	f.frames()
}

// frames is turns where the rotations of the bodies are known.
func (f *Finder) frames() {
	f.ra2.turn(f.a)
	f.rb2.turn(f.b)
	f.fa.Pos, f.fa.Rot = f.a.At.Pos, &f.ra
	f.fb.Pos, f.fb.Rot = f.b.At.Pos, &f.rb
}

// add adds the contact of two parts if it is within reach and counts.
func (f *Finder) add(k gap.Kind, a, b Part, weight float64) { f.put(k, a, b, 0, weight, r3.Vec{}) }

// addLines is add of two lines, with the axes oriented along n, from B to A.
func (f *Finder) addLines(a, b Part, weight float64, n r3.Vec) {
	f.put(gap.LineLine, a, b, 0, weight, n)
}

func (f *Finder) put(kind gap.Kind, a, b Part, other uint16, weight float64, along r3.Vec) {
	if !(weight >= faintest) {
		return
	}
	turn := r3.Vec{X: f.turn.X, Y: f.turn.Y, Z: f.turn.Z} // number by number, as it was just written: wider loads wait
	points, pointsTurn := f.points*weight, r3.Vec{X: f.points * turn.X, Y: f.points * turn.Y, Z: f.points * turn.Z}
	if d := f.same(kind, a, b, other); d != nil {
		d.join(weight, points, turn, pointsTurn)
		return
	}
	c := f.next()
	c.Kind, c.From, c.PartA, c.PartB, c.Other = kind, f.from, a, b, other
	c.Weight, c.Turn, c.Points, c.PointsTurn = weight, turn, points, pointsTurn
	if f.slide.Axis != (r3.Vec{}) {
		c.Slide = f.slide
	}
	f.settle(c, along)
}

// settle makes the sides of what was appended last, with the axes of lines oriented along the given vector from B to A,
// and drops it beyond reach.
func (f *Finder) settle(c *Contact, along r3.Vec) {
	f.a.side(&c.A, &c.PartA, &f.ra2)
	f.b.side(&c.B, &c.PartB, &f.rb2)
	if c.Kind == gap.LineLine {
		n := spatial.Cross(f.ra.MulVec(c.A.Axis), f.rb.MulVec(c.B.Axis))
		if spatial.Dot(n, along) < 0 {
			n, c.B.Axis, c.PartB.Back = spatial.Scale(-1, n), spatial.Scale(-1, c.B.Axis), true
			if _, b := c.Slides(); b {
				c.Slide.Bend = spatial.Scale(-1, c.Slide.Bend)
			}
		}
		c.Gap = c.GapAcross(&f.fa, &f.fb, n)
	} else {
		c.Gap = c.Pair.Gap(&f.fa, &f.fb)
	}
	if !(c.Gap <= f.reach) {
		f.dst = f.dst[:len(f.dst)-1]
	}
}

// next appends an empty contact, in its place: a contact is half a kilobyte, too much to copy.
func (f *Finder) next() *Contact {
	f.dst = append(f.dst, Contact{})
	return &f.dst[len(f.dst)-1]
}

// same returns the same contact, of the corner of another polygon, nil if there is none.
func (f *Finder) same(kind gap.Kind, a, b Part, other uint16) *Contact {
	found := f.dst[f.first:]
	for i := range found {
		d := &found[i]
		if d.PartA.Code == a.Code && d.PartB.Code == b.Code && d.Kind == kind && d.Other == other {
			return d
		}
	}
	return nil
}

// join adds to the weight of c.
func (c *Contact) join(weight, points float64, turn, pointsTurn r3.Vec) {
	c.Weight += weight
	c.Points += points
	c.Turn = spatial.Add(c.Turn, turn)
	c.PointsTurn = spatial.Add(c.PointsTurn, pointsTurn)
}

// side makes s, which is empty, the part p of the collider, whose shape sits on the body as told.
func (c *Collider) side(s *gap.Side, p *Part, on *mount) {
	s.Body = c.Body
	center, axis := r3.Vec{}, r3.Vec{}
	switch c.Shape.Kind { // the most common ones without a copy, which is most of what their contacts cost
	case contact.KindBox:
		p.ofBox(&s.Feature, &c.Shape.Half)
		if on.plain {
			return
		}
		s.Center = spatial.Add(c.Pose.Pos, on.MulVec(s.Center))
		if boxParts[p.Code].faces < 3 && !p.Point {
			s.Axis = on.MulVec(s.Axis)
		}
		return
	case contact.KindSphere:
		s.Radius = c.Shape.Radius
	default:
		s.Feature = p.Feature(c.Shape, c.Hull)
		center, axis = s.Center, s.Axis
	}
	s.Center = spatial.Add(c.Pose.Pos, on.MulVec(center))
	if (axis != r3.Vec{}) {
		s.Axis = on.MulVec(axis)
	}
	if s.IsOval() {
		s.Oval = s.Oval.Turned(&on.Mat3)
	}
}

// world returns the center of part p in the world.
func (c *Collider) world(p Part, on *mount) r3.Vec {
	var s gap.Side
	c.side(&s, &p, on)
	return c.At.Apply(s.Center)
}

// smooth is the step from 0 at x ≤ a to 1 at x ≥ b with two continuous derivatives.
func smooth(x, a, b float64) float64 {
	switch { // mostly
	case x <= a:
		return 0
	case x >= b:
		return 1
	}
	t := min(max((x-a)/(b-a), 0), 1)
	return t * t * t * (10 - t*(15-6*t))
}

// smoothSlope is its derivative.
func smoothSlope(x, a, b float64) float64 {
	if x <= a || x >= b {
		return 0
	}
	t := min(max((x-a)/(b-a), 0), 1)
	return 30 * t * t * (1 - t) * (1 - t) / (b - a)
}

// rescale divides the weights of what was found by their total.
func (f *Finder) rescale(total share) {
	if total == (share{of: 1}) { // mostly
		return
	}
	for i := range f.dst[f.first:] {
		c := &f.dst[f.first+i]
		c.Weight /= total.of
		c.Turn = spatial.Scale(1/total.of, spatial.AddScaled(c.Turn, -c.Weight, total.by))
		c.Points /= total.of
		c.PointsTurn = spatial.Scale(1/total.of, spatial.AddScaled(c.PointsTurn, -c.Points, total.by))
	}
}
