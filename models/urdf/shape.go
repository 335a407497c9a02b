package urdf

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"gonum.org/v1/gonum/spatial/r3"
)

// shape returns the primitive in a <geometry> and whether there is one that can be used. Other
// elements are left to the report.
func (r *reader) shape(g *node) (contact.Shape, bool) {
	n := g.child("box", "sphere", "cylinder", "capsule", "drake:capsule")
	if len(g.kids) == 0 {
		if r.drawn {
			r.errorf(g, "holds no shape")
		} else {
			r.mend(g, "holds no shape", "it is left out")
		}
	}
	if n == nil {
		return contact.Shape{}, false
	}
	before := len(r.errs) + r.more + r.spoiled
	var s contact.Shape
	switch n.name {
	case "box":
		size, given, _ := r.numbers(n, "size", 3)
		if !given {
			r.errorf(n, "attribute size is missing")
		}
		if size != nil {
			s = contact.Box(r3.Vec{X: size[0] / 2, Y: size[1] / 2, Z: size[2] / 2})
		}
	case "sphere":
		radius, _ := r.need(n, "radius")
		s = contact.Sphere(radius)
	case "cylinder":
		radius, _ := r.need(n, "radius")
		length, _ := r.need(n, "length")
		s = contact.Cylinder(radius, length/2)
	default:
		radius, _ := r.need(n, "radius")
		length, ok := r.need(n, "length")
		s = contact.Capsule(radius, length/2)
		if ok && length == 0 {
			s = contact.Sphere(radius)
		}
	}
	if len(r.errs)+r.more+r.spoiled > before {
		return s, false
	}
	if err := s.Check(); err != nil {
		if r.drawn {
			r.errorf(n, "%w", err)
		} else {
			r.mend(n, err.Error(), "the shape is left out")
		}
		return s, false
	}
	return s, true
}

// unique returns name, numbered when another collider has it: URDF does not ask for unique names.
func (r *reader) unique(name string) string {
	out := name
	for r.shapes[out] > 0 {
		r.shapes[name]++
		out = fmt.Sprintf("%s_%d", name, r.shapes[name])
	}
	r.shapes[out] = 1
	return out
}
