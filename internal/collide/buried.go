package collide

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// What is deep in something else leaves along the one direction in which it is least deep, as a ball does: corners of
// faces that cross under a large angle have normals that point to all sides, and of some no motion satisfies all. Faces
// that are flush keep their corners, whose normals agree, and push what lies on them out flat.
//
// What is soft is as deep as its springs are pressed, and all of its corners can give at once: it is not buried. One
// spring as long as a box leaned and four where it was flush gave it up to 2.5 times the energy that it fell with. Only
// the sides of cylinders are buried then too, whose prisms have 4 points where the line along them has 2.

// buried is how deep that is, in radii of the lesser of the balls inside both, and flush the cosine between normals of
// faces that are flush.
const (
	buried = 0.3
	flush  = 0.999
)

// isBuried reports whether x is the axis of what is buried, with balls inside of these radii, and the normals of the
// faces that are best along it. Edges that nearly lie along each other cross anywhere.
func (x *axis) isBuried(innerA, innerB float64, na, nb r3.Vec) bool {
	crosses := x.edgeA < 0 || spatial.Dot(x.dual, x.dual)*crossing[1]*crossing[1] < 1 // ‖dual‖ is one over the sine
	return x.apart < -buried*min(innerA, innerB) && spatial.Dot(na, nb) > -flush && crosses
}

// buriedHulls adds the contact of hulls one of which is buried in the other, and reports whether that is so. Lines have
// the inside of the other, and face it as they lie on it.
func (f *Finder) buriedHulls(x *axis) bool {
	a, b := &f.ha, &f.hb
	if !b.solid || !a.solid && len(a.faces) > 0 || f.isSoft() && !a.onSide(f.facesA) && !b.onSide(f.facesB) {
		return false
	}
	nb := b.front(f.facesB)
	na, inner := r3.Vec{}, b.inner
	if a.solid {
		na, inner = a.front(f.facesA), a.inner
	} else {
		na = spatial.Scale(-1, spatial.Across(nb, a.axis[0]))
	}
	if !x.isBuried(inner, b.inner, na, nb) {
		return false
	}
	f.deepest(x, 1)
	return true
}

// isSoft reports whether one of the surfaces gives.
func (f *Finder) isSoft() bool { return f.a.Soft || f.b.Soft }

// onSide reports whether the best of these faces is of the side of a cylinder.
func (x *solid) onSide(faces []shared) bool {
	for i := range faces {
		if faces[i].share.of == 1 && x.isSide(int(faces[i].face)) {
			return true
		}
	}
	return false
}

// front returns the normal of the best of these faces.
func (x *solid) front(faces []shared) (n r3.Vec) {
	for i := range faces {
		if faces[i].share.of == 1 {
			return x.normal[faces[i].face]
		}
	}
	return n
}

// buriedBoxes is buriedHulls of boxes.
func (f *Finder) buriedBoxes(a, b *box, x *axis, ofA, ofB *turned) bool {
	front := func(b *box, t *turned) (n r3.Vec) {
		for i := range t.shares {
			if t.shares[i].of == 1 {
				return b.normal(i, t.signs[i])
			}
		}
		return n
	}
	inner := func(b *box) float64 { return min(b.half[0], b.half[1], b.half[2]) }
	if f.isSoft() || !x.isBuried(inner(a), inner(b), front(a, ofA), front(b, ofB)) {
		return false
	}
	f.deepestBoxes(a, b, x, 1)
	return true
}
