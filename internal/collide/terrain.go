package collide

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// A shape on terrain. Terrain is not convex, so there is no one axis that separates the two, nor one polygon in which
// they overlap. Instead, every pair of features that can be the nearest place on both touches, and no other:
//
//	vertices, balls and ends of the shape on faces      the face below them
//	edges and sides of the shape on ridges              along their common normal, where it is out of both
//	faces and sides of the shape, balls on sharp vertices   where the normal is out of the vertex
//
// Coplanar triangles have no edges and no vertices of their own: a box on flat ground feels its corners alone, with the
// weights that they have on a half-space. A common normal that leaves the normals of its edge or vertex fades out over
// bounds of angles, for that a face lies flat on another is a tie. A valley needs nothing but its two faces. What of
// all this is called deep is seen from the middle of the shape.

// leaning are the sines of angles out of the normals of an edge or vertex between which a contact fades out.
var leaning = [2]float64{0, 0.05}

// more is by how much edges are longer, and tie the sine by which normals are wider, for what touches them exactly
// where they end: rounded, it would touch neither them nor what is next.
const (
	more = 1 + tie
	tie  = 1e-9
)

// level are the sines of the angle between two faces up to which near-parallel edges of theirs cross on them, and from which they do not.
var level = [2]float64{0.1, 0.3}

// field is memory of terrain.
type field struct {
	ground        *ground.Surface
	on            spatial.Mat3 // of the terrain in the world
	pg            spatial.Pose // of the shape in the frame of the terrain
	eye           r3.Vec       // Seen of the shape there
	near, facing  []int32      // faces
	ridges, peaks []int32
	marks         []uint64 // of vertices and edges: the round in which they were met
	round         uint64
	ruled         []ruling
	edges         []int32 // of the shape that may touch ridges
	other         uint16  // code of the edge that crosses at a point of a ridge
}

// terrain finds the contacts of a with the terrain b.
func (f *Finder) terrain() {
	g := f.b.Hull.ground
	f.ground = g
	f.on.Set(f.pb.Rot)
	f.pg = f.pb.Inv().Mul(f.pa)
	f.moving.turned(f.pg.Rot)
	a := &f.ha
	a.place(f.a.Hull, &f.pg)
	f.eye = into(&f.pb, f.a.Seen)
	var low, high r3.Vec
	if len(a.vertex) > 0 {
		low, high = a.bounds()
	} else { // an ellipsoid has no core
		l := f.a.Shape.Extent()
		far := r3.Vec{X: l, Y: l, Z: l}
		low, high = spatial.Sub(f.pg.Pos, far), spatial.Add(f.pg.Pos, far)
	}
	f.near = g.Facing(f.near[:0], low, high, f.reach+a.radius)
	if len(f.near) == 0 {
		return
	}
	f.gatherRidges(low, high)
	switch f.a.Shape.Kind {
	case contact.KindSphere:
		f.ballOnFaces(a.vertex[0], a.radius, Part{}, 1)
		f.ballOnRidges(a.vertex[0])
	case contact.KindEllipsoid:
		f.ovalOnTerrain(f.pg.Pos)
	case contact.KindCapsule:
		f.ballOnFaces(a.vertex[0], a.radius, Part{Code: endUp}, 1)
		f.ballOnFaces(a.vertex[1], a.radius, Part{Code: endDown}, 1)
		f.sideOnRidges(true)
	case contact.KindCylinder:
		f.cylinderOnFaces()
		f.rimsOnTerrain()
		f.rimsOnRidges()
		f.solidOnPeaks()
		f.sideOnRidges(false)
	default:
		for i, x := range a.vertex {
			f.ballOnFaces(x, 0, Part{Code: a.vertices[i].code}, 1)
		}
		f.solidOnRidges()
		f.solidOnPeaks()
	}
}

// Middle returns a point inside the shape, in the world.
func (c *Collider) Middle() r3.Vec { return c.At.Apply(c.Pose.Apply(c.Hull.middle)) }

// bounds returns the box of the vertices along the axes.
func (x *solid) bounds() (low, high r3.Vec) {
	low, high = x.vertex[0], x.vertex[0]
	for _, v := range x.vertex[1:] {
		low = r3.Vec{X: min(low.X, v.X), Y: min(low.Y, v.Y), Z: min(low.Z, v.Z)}
		high = r3.Vec{X: max(high.X, v.X), Y: max(high.Y, v.Y), Z: max(high.Z, v.Z)}
	}
	return low, high
}

// gatherRidges lists the ridges and the sharp vertices of the faces that are near, each once, that something of the shape may be out of.
func (f *Finder) gatherRidges(low, high r3.Vec) {
	g := f.ground
	f.ridges, f.peaks = f.ridges[:0], f.peaks[:0]
	f.round++
	f.marks = slices.Grow(f.marks[:0], len(g.Vertices)+len(g.Edges))[:len(g.Vertices)+len(g.Edges)]
	middle := spatial.Scale(0.5, spatial.Add(low, high))
	r := spatial.Norm(spatial.Sub(high, middle))
	// may reports whether what is at d from a ridge or vertex may be out of it along a line away from it, or deep there
	// by less than the size of the shape.
	may := func(along, d r3.Vec) bool {
		return spatial.Dot(along, d) <= 2*r+f.ha.radius+leaning[1]*(spatial.Norm(d)+r)
	}
	for _, i := range f.near {
		for k := range 3 {
			e, v := g.Faces[i].Edge[k], g.Faces[i].Vertex[k]
			if x := &g.Edges[e]; x.Bend == ground.Ridge && f.meets(f.edgeCode(e)) && f.seen(x) {
				if d := spatial.Sub(middle, g.Vertices[x.From]); may(x.InLeft, d) && may(x.InRight, d) {
					f.ridges = append(f.ridges, e)
				}
			}
			if g.IsSharp(v) && f.seesPeak(i, k) && f.meets(v) {
				d := spatial.Sub(middle, g.Vertices[v])
				if _, along := g.Outside(v, d); may(along, d) {
					f.peaks = append(f.peaks, v)
				}
			}
		}
	}
	slices.Sort(f.ridges)
	slices.Sort(f.peaks)
}

// meets reports whether gatherRidges meets an edge or a vertex for the first time.
func (f *Finder) meets(code int32) bool {
	if f.marks[code] == f.round {
		return false
	}
	f.marks[code] = f.round
	return true
}

// faces returns whether the middle of the shape is, or was when the step began, in front of a face. Behind it, the face
// is the far side of a wall. Deep ground has no far side.
func (f *Finder) faces(face int32) bool {
	g := f.ground
	t := &g.Faces[face]
	return g.Deep || spatial.Dot(t.Normal, spatial.Sub(f.eye, g.Vertices[t.Vertex[0]])) > 0
}

// seen reports whether an edge is before the middle of the shape: one of its faces is, or it is the rim of a sheet,
// which is seen from beside it too. What tips over a rim comes to be below the sheet while it leans there.
func (f *Finder) seen(e *ground.Edge) bool {
	if e.Right >= 0 {
		return f.faces(e.Left) || f.faces(e.Right)
	}
	return f.faces(e.Left) || spatial.Dot(e.InLeft, spatial.Sub(f.eye, f.ground.Vertices[e.From])) < 0
}

// seesPeak reports whether corner k of a face is before the middle of the shape. Those of solids always are.
func (f *Finder) seesPeak(face int32, k int) bool {
	g := f.ground
	if g.Solid || f.faces(face) {
		return true
	}
	for _, i := range [2]int32{g.Faces[face].Edge[k], g.Faces[face].Edge[(k+2)%3]} {
		if e := &g.Edges[i]; e.Right < 0 && f.seen(e) {
			return true
		}
	}
	return false
}

// height returns how far x is above the plane of a face.
func (f *Finder) height(face int32, x r3.Vec) float64 {
	t := &f.ground.Faces[face]
	return spatial.Dot(t.Normal, spatial.Sub(x, f.ground.Vertices[t.Vertex[0]]))
}

// ballOnFaces adds the contacts of a ball or vertex at x, a part of the shape, with the faces that it is over. What is
// near a valley feels both of its faces. Of the faces behind which x lies the nearest counts where it is in the solid:
// in deep ground below it, else where nothing is nearer that it is in front of, near or not.
func (f *Finder) ballOnFaces(x r3.Vec, radius float64, p Part, weight float64) {
	least, n := math.Inf(1), 0
	f.gatherFacing(x)
	for _, i := range f.facing {
		if h := f.height(i, x); h >= 0 && f.over(i, x, radius, -1) && f.faces(i) {
			least = min(least, h) // also of what is out of reach
			if h-radius <= f.reach {
				f.onFaces(i, x, radius, p, weight)
				n++
			}
		}
	}
	under := int32(-1)
	if f.ground.Deep {
		under, least = f.below(x)
	}
	behind := int32(-1)
	for _, i := range f.facing {
		if h := f.height(i, x); h < 0 && -h <= least && f.over(i, x, radius, -1) && f.faces(i) && f.beside(i, x, -2*h) && f.away(i, x) <= least {
			behind, least = i, -h
		}
	}
	if behind >= 0 && (f.ground.Solid || f.ground.Pierces(f.eye, x)) {
		f.onFaces(behind, x, radius, p, weight)
		n++
	}
	if n == 0 && under >= 0 {
		f.onFace(under, x, radius, p, weight)
	}
}

// gatherFacing lists those of the near faces that x may be over or behind.
func (f *Finder) gatherFacing(x r3.Vec) {
	f.facing = f.facing[:0]
	for _, i := range f.near {
		if f.ground.Faces[i].MayFace(x) {
			f.facing = append(f.facing, i)
		}
	}
}

// onFaces adds the contact of a ball with a face that it is over, and with those beyond its valleys.
func (f *Finder) onFaces(face int32, x r3.Vec, radius float64, p Part, weight float64) {
	f.onFace(face, x, radius, p, weight)
	for _, e := range f.ground.Faces[face].Edge {
		if next, ok := f.beyond(e, face, x, radius); ok {
			f.onFace(next, x, radius, p, weight)
		}
	}
}

// beside reports whether x is no farther beyond any edge of a face than d, in its plane.
func (f *Finder) beside(face int32, x r3.Vec, d float64) bool {
	t := &f.ground.Faces[face]
	for _, i := range t.Edge {
		e := &f.ground.Edges[i]
		out := spatial.Cross(e.Axis, t.Normal)
		if face != e.Left {
			out = spatial.Scale(-1, out)
		}
		if spatial.Dot(out, spatial.Sub(x, f.ground.Vertices[e.From])) > d {
			return false
		}
	}
	return true
}

// away returns how far x is from the nearest point of a face.
func (f *Finder) away(face int32, x r3.Vec) float64 {
	t, beyond, least := &f.ground.Faces[face], false, math.Inf(1)
	for k, v := range t.Vertex {
		p, q := f.ground.Vertices[v], f.ground.Vertices[t.Vertex[(k+1)%3]]
		e, d := spatial.Sub(q, p), spatial.Sub(x, p)
		beyond = beyond || spatial.Dot(spatial.Cross(t.Normal, e), d) < 0
		along := min(max(spatial.Dot(d, e)/spatial.Dot(e, e), 0), 1)
		least = min(least, spatial.Norm(spatial.AddScaled(d, -along, e)))
	}
	if !beyond {
		return math.Abs(f.height(face, x))
	}
	return least
}

// onFace adds the contact of a ball with a face, of cylinders with their share of it.
func (f *Finder) onFace(face int32, x r3.Vec, radius float64, p Part, weight float64) {
	if f.height(face, x)-radius > f.reach {
		return
	}
	f.turn = r3.Vec{}
	if f.a.Hull.spine != nil {
		if gap := f.height(face, x) - radius; radius > 0 && f.isDeep(gap) {
			if low, _ := f.lowest(face, x); !f.isBelow(low, -gap) {
				return
			}
		}
		share := f.lying(face)
		if p.Code >= roundCodes {
			share = f.flush(face, x)
		}
		weight, f.turn = weight*share.of, spatial.Scale(weight, share.by)
	}
	f.lay(gap.PointPlane, p, Part{Cell: f.faceCode(face)}, contactName{a: p.Code, cell: f.faceCode(face)}, weight, r3.Vec{})
}

// over reports whether x lies above a face: between the planes through its edges, which stand on the face where it is
// above the surface. Below a fold, and of vertices above a ridge, they are halfway between both faces, so that nothing
// is lost between them; on flat ground they are the same. One edge may be left out.
func (f *Finder) over(face int32, x r3.Vec, radius float64, but int32) bool {
	g := f.ground
	t := &g.Faces[face]
	deep := f.height(face, x) < 0
	for _, i := range t.Edge {
		e := &g.Edges[i]
		d := spatial.Sub(x, g.Vertices[e.From])
		left, right := e.InLeft, e.InRight
		switch {
		case i == but:
		case e.Right < 0:
			if spatial.Dot(d, left) < 0 {
				return false
			}
		case e.Bend == ground.Flat || deep || e.Bend == ground.Ridge && radius == 0:
			if b := spatial.Dot(d, spatial.Sub(left, right)); (b >= 0) != (face == e.Left) {
				return false
			}
		case face == e.Left && spatial.Dot(d, left) < 0 || face == e.Right && spatial.Dot(d, right) < 0:
			return false
		}
	}
	return true
}

// beyond returns the face on the other side of an edge, of a face that x is over, if the edge is a valley near x, and
// nothing but the valley keeps x from being over that face.
func (f *Finder) beyond(edge, face int32, x r3.Vec, radius float64) (next int32, ok bool) {
	g := f.ground
	e := &g.Edges[edge]
	if e.Bend != ground.Valley {
		return 0, false
	}
	left, right := e.InLeft, e.InRight
	if next = e.Right; face == e.Right {
		next, right = e.Left, left
	}
	d := spatial.Sub(x, g.Vertices[e.From])
	along := spatial.Dot(d, e.Axis)
	return next, along >= 0 && along <= 2*e.Half && -spatial.Dot(d, right) <= f.reach && f.faces(next) && f.over(next, x, radius, edge)
}

// below returns the face of deep ground that a point in it is straight below, and how far; else −1.
func (f *Finder) below(x r3.Vec) (face int32, deep float64) {
	g := f.ground
	for _, i := range f.near {
		t := &g.Faces[i]
		if t.Normal.Z <= 0 || !t.MayPlumb(x) { // a wall, or elsewhere
			continue
		}
		deep = -f.height(i, x) / t.Normal.Z
		inside := deep > 0
		for k, v := range t.Vertex {
			p, q := g.Vertices[v], g.Vertices[t.Vertex[(k+1)%3]]
			inside = inside && (q.X-p.X)*(x.Y-p.Y)-(q.Y-p.Y)*(x.X-p.X) >= 0
		}
		if inside {
			return i, deep
		}
	}
	return -1, 0
}

func (f *Finder) faceCode(face int32) int32 {
	return int32(len(f.ground.Vertices)+len(f.ground.Edges)) + face
}

func (f *Finder) edgeCode(e int32) int32 { return int32(len(f.ground.Vertices)) + e }

// terrain is Feature of terrain.
func (p Part) terrain(g *ground.Surface) (f gap.Feature) {
	c, v := int(p.Cell), len(g.Vertices)
	switch {
	case c >= v+len(g.Edges):
		t := &g.Faces[c-v-len(g.Edges)]
		f.Center, f.Axis = g.Vertices[t.Vertex[0]], t.Normal
	case c >= v:
		e := &g.Edges[c-v]
		if f.Center = g.Middle(e); p.Point {
			f.Center = spatial.AddScaled(f.Center, p.Along, e.Axis)
		} else {
			f.Axis = e.Axis
		}
	default:
		f.Center = g.Vertices[c]
	}
	return f
}

// contactName is what tells the contacts of a shape and terrain apart: a part of each.
type contactName struct {
	a    uint16
	cell int32
}

// lay adds a contact of a part of the shape and one of terrain. Turn and slide are given in the frame of the terrain.
func (f *Finder) lay(kind gap.Kind, a, b Part, name contactName, weight float64, along r3.Vec) {
	if !(weight >= faintest) {
		return
	}
	id := uint64(kind)<<48 | uint64(name.a)<<32 | uint64(uint32(name.cell))
	for i := range f.dst[f.first:] {
		if f.dst[f.first+i].name == id {
			return
		}
	}
	c := f.next()
	c.Kind, c.PartA, c.PartB, c.Other, c.Weight, c.name = kind, a, b, f.other, weight, id
	ang := f.slide.Ang
	if c.Turn = f.turn; f.moving == nil {
		c.Turn, ang = f.on.MulVec(f.turn), f.on.MulVec(ang)
	}
	c.Points, c.PointsTurn = c.Weight, c.Turn
	if s := &f.slide; a.Point || a.Rim || b.Point {
		c.Slide = Slide{
			Lin: f.on.MulVec(s.Lin), Ang: ang, At: f.pb.Apply(s.At), Axis: f.on.MulVec(s.Axis), Bend: f.on.MulVec(s.Bend), Rim: s.Rim, Along: s.Along,
		}
	}
	f.settle(c, f.on.MulVec(along))
}
