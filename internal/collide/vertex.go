package collide

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Weights depend on shapes through directions alone: the axes of edges and the normals of faces. Of all sizes only the
// vertices of points and of terrain change these.

// moving is a vertex of points, or of terrain, by which weights are differentiated, in place of the turn of A against B; nil where it is that turn.
type moving struct {
	shape  *contact.Shape
	hull   *Hull
	rot    spatial.Mat3 // turns the frame of the shape into that of the directions
	vertex int
	ofA    bool
	ground *ground.Surface // whose vertex it is, at: see terrain_vertex.go
	at     int32
}

// pull returns the gradient of w·d by what moves, the turn of A or the vertex in the frame of its shape. The direction
// d is of A or of B, the axis of the edge or the normal of the face with the code. What a vertex of B does counts
// against A, as its turn does, so that sides can be exchanged.
func (m *moving) pull(ofA bool, code uint16, d, w r3.Vec) r3.Vec {
	if m != nil {
		return m.pullVertex(ofA, code, w)
	}
	if ofA {
		return spatial.Cross(d, w)
	}
	return r3.Vec{}
}

func (m *moving) pullVertex(ofA bool, code uint16, w r3.Vec) (g r3.Vec) {
	if ofA != m.ofA || m.ground != nil {
		return g
	}
	if w = m.rot.TMulVec(w); !ofA {
		w = spatial.Scale(-1, w)
	}
	along := func(i int) float64 {
		d := Part{Code: code}.Shift(m.shape, m.hull, 3*m.vertex+i)
		return spatial.Dot(w, d.Axis)
	}
	return r3.Vec{X: along(0), Y: along(1), Z: along(2)}
}

// aim is a direction of A or B, the axis of an edge or the normal of a face, and the code of that, of points.
type aim struct {
	d    r3.Vec
	code uint16
}

// aim returns the normal of a face.
func (x *solid) aim(face int) aim { return aim{x.normal[face], x.faces[face].code} }

// exchange is told that the sides are.
func (m *moving) exchange() {
	if m != nil {
		m.ofA = !m.ofA
	}
}

// turned is told how the shape is turned in the frame of the directions.
func (m *moving) turned(rot spatial.Quat) {
	if m != nil {
		m.rot.Set(rot)
	}
}

// FindByVertex is Find, with the derivative by the position of a vertex of points or terrain, a or b, in the frame of its shape,
// in place of that by turns: Turn is that of Weight, and Slide.Ang that of what slides, but for what Slide.Lin says of
// how the edges move where they cross, of terrain with it. Both are negative of a vertex of b.
func (f *Finder) FindByVertex(dst []Contact, a, b *Collider, reach float64, ofA bool, vertex int) []Contact {
	c := b
	if ofA {
		c = a
	}
	f.vertex = moving{shape: c.Shape, hull: c.Hull, vertex: vertex, ofA: ofA}
	if f.vertex.at = int32(vertex); c.Shape.Kind == contact.KindTerrain {
		f.vertex.ground = c.Hull.ground
	}
	f.moving, f.polygon.moving = &f.vertex, &f.vertex
	f.moving.turned(quat.Mul(c.At.Rot, c.Pose.Rot))
	dst = f.Find(dst, a, b, reach)
	f.moving, f.polygon.moving = nil, nil
	return dst
}
