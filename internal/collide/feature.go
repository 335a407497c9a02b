package collide

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// An end of a cylinder is its rim and four vertices fixed to the body. The rim has one point, its lowest: it carries the
// cylinder while it leans, rolls or spins, wherever on the rim that point goes. Where the disk lies flat there is no lowest
// point; there the rim's fades into the center, and the vertices carry.
const capPoints = 5

// inset is how far inside the rim the vertices stand, as a fraction of the radius: on it a rolling coin would bump over them.
const inset = 0.01

// NumFeatures returns how many features of s can touch a plane.
func NumFeatures(s *contact.Shape) int {
	switch s.Kind {
	case contact.KindCapsule:
		return 2
	case contact.KindBox:
		return 8
	case contact.KindPoints:
		return len(s.Vertices)
	case contact.KindCylinder:
		return 2 * capPoints
	}
	return 1
}

// Features returns what of s, placed at pose in the body frame, can touch a plane: balls (a vertex is a ball of radius zero),
// the rims of cylinders and ellipsoids, in a fixed order.
func Features(s *contact.Shape, pose spatial.Pose) []gap.Feature {
	fs := make([]gap.Feature, NumFeatures(s))
	for k := range fs {
		f := &fs[k]
		f.Center = pose.Apply(center(s, k))
		switch {
		case s.Kind == contact.KindCylinder && k%capPoints == 0:
			f.Axis = spatial.QuatRotate(pose.Rot, r3.Vec{Z: 1})
			f.Radius = s.Radius
		case s.Kind == contact.KindSphere, s.Kind == contact.KindCapsule:
			f.Radius = s.Radius
		case s.Kind == contact.KindEllipsoid:
			f.Oval = oval(s, pose.Rot)
		}
	}
	return fs
}

// boxCorner returns corner i of a box: bit 0, 1, 2 of i choose −x, −y, −z.
func boxCorner(h r3.Vec, i int) r3.Vec {
	if i&1 != 0 {
		h.X = -h.X
	}
	if i&2 != 0 {
		h.Y = -h.Y
	}
	if i&4 != 0 {
		h.Z = -h.Z
	}
	return h
}

// center returns the center of feature k in the frame of the shape.
func center(s *contact.Shape, k int) r3.Vec {
	switch s.Kind {
	case contact.KindCapsule:
		return r3.Vec{Z: s.HalfLength * (1 - 2*float64(k))}
	case contact.KindCylinder:
		return capPoint(s, k)
	case contact.KindBox:
		return boxCorner(s.Half, k)
	case contact.KindPoints:
		return s.Vertices[k]
	}
	return r3.Vec{}
}

// oval returns an ellipsoid turned by rot.
func oval(s *contact.Shape, rot spatial.Quat) gap.Oval {
	var m spatial.Mat3
	m.Set(rot)
	return gap.OvalOf(s.Half).Turned(&m)
}

// ovalShift returns how it changes in its own frame per unit of radius i.
func ovalShift(s *contact.Shape, i int) gap.Oval {
	d := [3]gap.Oval{{XX: 1}, {YY: 1}, {ZZ: 1}}[i]
	r := 2 * *s.Param(i)
	return gap.Oval{XX: r * d.XX, YY: r * d.YY, ZZ: r * d.ZZ}
}

// Shift returns how feature k of s, in the frame of the shape, changes per unit of size i, numbered as [contact.Shape.Param] does.
func Shift(s *contact.Shape, k, i int) (c gap.Change) {
	axis := func(c int) r3.Vec { return [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[c] }
	switch {
	case s.Kind == contact.KindBox:
		c.Center = boxCorner(axis(i), k)
	case s.Kind == contact.KindPoints:
		if i/3 == k {
			c.Center = axis(i % 3)
		}
	case s.Kind == contact.KindEllipsoid:
		c.Oval = ovalShift(s, i)
	case i == 1:
		unit := contact.Shape{Kind: s.Kind, HalfLength: 1}
		c.Center = center(&unit, k)
	case s.Kind == contact.KindCylinder && k%capPoints != 0:
		unit := contact.Shape{Kind: s.Kind, Radius: 1}
		c.Center = center(&unit, k)
	default:
		c.Radius = 1
	}
	return c
}

// capPoint returns the center of feature k of a cylinder in its frame: of each end first the rim, then the vertices.
func capPoint(s *contact.Shape, k int) r3.Vec {
	p := r3.Vec{Z: s.HalfLength}
	if k >= capPoints {
		p.Z = -s.HalfLength
	}
	r := (1 - inset) * s.Radius
	switch k % capPoints {
	case 1:
		p.X = r
	case 2:
		p.Y = r
	case 3:
		p.X = -r
	case 4:
		p.Y = -r
	}
	return p
}
