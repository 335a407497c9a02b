package sim

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// JointType says which motions a joint leaves free: up to three translations, then rotations, all about
// axes of the joint frame. One rotation axis is a revolute joint, two are a universal joint (the second
// axis turns with the first), three are a spherical joint whose coordinate is a quaternion. All 16
// combinations are possible; the functions below name the usual ones.
type JointType struct {
	Trans []r3.Vec // free translation axes, linearly independent
	Rot   []r3.Vec // free rotation axes, applied after the translation
}

var ex, ey, ez = r3.Vec{X: 1}, r3.Vec{Y: 1}, r3.Vec{Z: 1}

// Fixed returns the joint that leaves nothing free.
func Fixed() JointType { return JointType{} }

// Prismatic returns a slider along axis.
func Prismatic(axis r3.Vec) JointType { return JointType{Trans: []r3.Vec{axis}} }

// Revolute returns a hinge about axis.
func Revolute(axis r3.Vec) JointType { return JointType{Rot: []r3.Vec{axis}} }

// Cylindrical returns a slider along axis that also turns about it.
func Cylindrical(axis r3.Vec) JointType {
	return JointType{Trans: []r3.Vec{axis}, Rot: []r3.Vec{axis}}
}

// Planar returns a joint that slides in the plane across normal and turns about it.
func Planar(normal r3.Vec) JointType {
	n, ok := spatial.Unit(normal)
	if !ok {
		return JointType{Trans: []r3.Vec{{}, {}}, Rot: []r3.Vec{normal}} // Build reports the zero axis
	}
	t1, t2 := spatial.Tangents(n)
	return JointType{Trans: []r3.Vec{t1, t2}, Rot: []r3.Vec{n}}
}

// Universal returns a joint that turns about first, then about second, which moves with the first.
func Universal(first, second r3.Vec) JointType { return JointType{Rot: []r3.Vec{first, second}} }

// Spherical returns a ball joint. Its coordinate is a quaternion, its velocity the angular velocity in
// the axes of the child.
func Spherical() JointType { return JointType{Rot: []r3.Vec{ex, ey, ez}} }

// Free returns the joint of a floating base: coordinates are the position of the body frame origin in
// the parent frame and a quaternion; velocities are linear in parent axes, angular in body axes.
func Free() JointType {
	return JointType{Trans: []r3.Vec{ex, ey, ez}, Rot: []r3.Vec{ex, ey, ez}}
}

// NV returns the number of free motions.
func (t JointType) NV() int { return len(t.Trans) + len(t.Rot) }

func (t JointType) check() error {
	if len(t.Trans) > 3 || len(t.Rot) > 3 {
		return fmt.Errorf("has %d translations and %d rotations, at most 3 of each are possible", len(t.Trans), len(t.Rot))
	}
	for _, a := range append(append([]r3.Vec(nil), t.Trans...), t.Rot...) {
		if _, ok := spatial.Unit(a); !ok || !spatial.Finite(a) {
			return fmt.Errorf("has the axis (%g, %g, %g), want a direction", a.X, a.Y, a.Z)
		}
	}
	unit := func(a r3.Vec) r3.Vec { u, _ := spatial.Unit(a); return u }
	const parallel = 1e-3
	for _, set := range [][]r3.Vec{t.Trans, t.Rot} {
		if len(set) == 2 && spatial.Norm(spatial.Cross(unit(set[0]), unit(set[1]))) < parallel {
			return fmt.Errorf("has two parallel axes")
		}
		if len(set) == 3 && math.Abs(spatial.Dot(unit(set[0]), spatial.Cross(unit(set[1]), unit(set[2])))) < parallel {
			return fmt.Errorf("has three axes in one plane")
		}
	}
	return nil
}

// Drive is what moves a joint axis.
type Drive uint8

// The drives of an axis.
const (
	Passive Drive = Drive(dynamics.Passive) // nothing
	Torque  Drive = Drive(dynamics.Torque)  // the input is a force (N) or torque (N m)
	Servo   Drive = Drive(dynamics.Servo)   // the input is a target position (m or rad); implicit gains Kp, Kd
)

// Axis holds the properties of one free motion of a joint. The zero value is a free, passive,
// frictionless axis without limits. On a spherical joint the three axes share one set of scalar
// properties (the first axis), damping, spring, dry friction and servo act isotropically about it,
// and a limit bounds the total angle from the zero orientation by Upper.
type Axis struct {
	Limited      bool    // whether Lower and Upper hold
	Lower, Upper float64 // m or rad
	Damping      float64 // viscous, implicit: stable at any step (N s/m or N m s/rad)
	Stiffness    float64 // spring (N/m or N m/rad)
	Rest         float64 // rest position of the spring (m or rad)
	Friction     float64 // dry friction: largest force it resists with (N or N m)
	Armature     float64 // reflected rotor inertia (kg or kg m²)
	Drive        Drive
	Effort       float64 // bound on the drive's force (N or N m); 0 means none
	MaxSpeed     float64 // bound on the speed, of which a brake takes what is more (m/s or rad/s); 0 means none. Not on spherical rotations
	Kp, Kd       float64 // servo gains (N/m, N s/m or N m/rad, N m s/rad)
}

// Mimic ties an axis exactly to another joint:
//
//	q = Offset + Ratio·x + Curve[0] x² + Curve[1] x³ + Curve[2] x⁴,   x = q(Joint)
//
// Both joints must have one free motion. That joint may follow a third one, but not along or after a curve; a circle of
// followers is an error.
type Mimic struct {
	Joint         string
	Ratio, Offset float64
	Curve         [3]float64 // zero is a line
}

// Joint connects two links.
type Joint struct {
	Name   string
	Type   JointType
	Parent Link
	Child  Link
	Origin Pose   // joint frame in the parent link frame; zero Rot means no rotation. The child frame starts there
	Axes   []Axis // one per free motion, in the order of Type, or empty for the zero value
	Mimic  *Mimic // nil when independent
}
