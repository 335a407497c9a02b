package scene

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// What bodies consist of behind their looks: the shapes that touch, the mass, the joints.

// ShowSolids makes f draw what collides in place of what is meant to be looked at, or the latter again. Both at a time would
// fight for the same pixels where they coincide.
func (f *Figure) ShowSolids(on bool) { f.touch = on }

// Solids returns what collides, as f draws it. It must not be changed.
func (f *Figure) Solids() []Part { return f.solids }

// Hide leaves a body out of the pictures to come, or shows it again.
func (f *Figure) Hide(body int, on bool) { f.hidden[body] = on }

// Hidden reports whether a body is left out.
func (f *Figure) Hidden(body int) bool { return f.hidden[body] }

// Inertias returns the box of uniform density that moves as each body does, for all that have one.
func (f *Figure) Inertias() (parts []Part) {
	for b := range f.bodies {
		if at, half, ok := f.bodies[b].Box(); ok {
			parts = append(parts, Part{Name: f.model.Bodies()[b], Body: b, Pose: at, Shape: contact.Box(half), Color: massColor})
		}
	}
	return parts
}

// AddInertias adds the boxes of Inertias as last drawn.
func (f *Figure) AddInertias(s *Scene) {
	parts := f.Inertias()
	for i := range parts {
		if p := &parts[i]; !f.hidden[p.Body] {
			s.Items = append(s.Items, Item{Shape: p.Shape, Pose: f.place(p), Color: p.Color, Name: p.Name, Group: p.Body})
		}
	}
}

// Axis is the axis of a hinge or slide, in the frame of the body that it moves; all of them go through its origin.
type Axis struct {
	Body   int
	Vector r3.Vec // unit
	Slides bool
}

// Axes returns the axes of joints that turn about one axis at most and slide along one at most. Those of other joints depend on
// how far they have moved.
func (f *Figure) Axes() (axes []Axis) {
	for _, j := range f.model.Joints() {
		if len(j.Type.Trans) > 1 || len(j.Type.Rot) > 1 {
			continue
		}
		for _, v := range j.Type.Trans {
			axes = append(axes, Axis{j.Child, r3.Unit(v), true})
		}
		for _, v := range j.Type.Rot {
			axes = append(axes, Axis{j.Child, r3.Unit(v), false})
		}
	}
	return axes
}

// The colors of axes that turn, and that slide.
var hingeColor, slideColor = RGB(0x8E5BD6), RGB(0x2FA7A0)

// AddAxes adds an arrow along every axis, through the bodies.
func (f *Figure) AddAxes(s *Scene) {
	length := 0.2 * f.size
	for _, a := range f.Axes() {
		if f.hidden[a.Body] {
			continue
		}
		at, c := f.poses[a.Body], hingeColor
		if a.Slides {
			c = slideColor
		}
		v := spatial.QuatRotate(at.Rot, spatial.Scale(length, a.Vector))
		s.Arrows = append(s.Arrows, Arrow{From: spatial.AddScaled(at.Pos, -0.5, v), Vector: v, Radius: 0.006 * f.size, Color: c, OnTop: true})
	}
}
