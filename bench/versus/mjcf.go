package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// mjcfWriter writes a compiled model in MuJoCo's format: the same bodies, inertias, joints, shapes and drives.
// It is as much of the format as the scenes need; what it cannot say is an error.
type mjcfWriter struct {
	strings.Builder
	m         *sim.Model
	joints    []sim.JointInfo
	poses     []sim.Pose // of the bodies with all coordinates zero
	actuators strings.Builder
	err       error
}

// mjcf returns the text of the world's model.
func (w *world) mjcf() (string, error) {
	m := w.model
	x := &mjcfWriter{m: m, joints: m.Joints(), poses: zeroPoses(m)}
	integrator := "Euler"
	if w.control == servo {
		integrator = "implicitfast" // MuJoCo's own advice for stiff servos
	}
	g := m.Gravity()
	x.line(`<mujoco model="%s"><compiler angle="radian"/><size memory="64M"/>`, m.Name())
	x.line(`<option timestep="%.17g" gravity="%g %g %g" integrator="%s"/><worldbody>`, m.Timestep(), g.X, g.Y, g.Z, integrator)
	if len(m.Pairs()) > 0 {
		x.line(`<geom type="plane" size="0 0 1" contype="1" conaffinity="0" friction="%g 0 0"/>`, friction)
	}
	for i, j := range x.joints {
		if j.Parent < 0 {
			x.body(i)
		}
	}
	x.line(`</worldbody>`)
	if x.actuators.Len() > 0 {
		x.line("<actuator>\n%s</actuator>", x.actuators.String())
	}
	x.line(`</mujoco>`)
	return x.String(), x.err
}

// zeroPoses returns the poses from which MJCF measures joints.
func zeroPoses(m *sim.Model) []sim.Pose {
	q := make([]float64, m.NQ())
	for _, j := range m.Joints() {
		if k := j.QuaternionOf(); k >= 0 {
			q[k] = 1
		}
	}
	poses := make([]sim.Pose, len(m.Joints()))
	m.Poses(poses, q)
	return poses
}

func (x *mjcfWriter) line(format string, args ...any) { fmt.Fprintf(x, format+"\n", args...) }

func (x *mjcfWriter) fail(format string, args ...any) {
	if x.err == nil {
		x.err = fmt.Errorf("%s cannot be written as MJCF: %s", x.m.Name(), fmt.Sprintf(format, args...))
	}
}

// body writes body i and all bodies it carries.
func (x *mjcfWriter) body(i int) {
	j := x.joints[i]
	at := x.poses[i]
	if j.Parent >= 0 {
		at = inverse(x.poses[j.Parent]).Mul(at)
	}
	x.line(`<body name="%s" %s>`, x.m.Bodies()[i], placement(at))
	in := x.m.BodyInertia(i)
	x.line(`<inertial pos="%s" mass="%.17g" fullinertia="%s"/>`, vector(in.COM.X, in.COM.Y, in.COM.Z), in.Mass, vector(in.Ixx, in.Iyy, in.Izz, in.Ixy, in.Ixz, in.Iyz))
	x.joint(j)
	for _, d := range x.m.Drawn() {
		if d.Collides && d.Body == i {
			x.geom(d)
		}
	}
	for k := i + 1; k < len(x.joints); k++ {
		if x.joints[k].Parent == i {
			x.body(k)
		}
	}
	x.line(`</body>`)
}

// joint writes a joint as the simple joints it is made of, and their drives.
func (x *mjcfWriter) joint(j sim.JointInfo) {
	axis := func(k int) sim.Axis {
		if k < len(j.Axes) {
			return j.Axes[k]
		}
		return sim.Axis{}
	}
	trans, rot := j.Type.Trans, j.Type.Rot
	if len(rot) == 3 && len(trans) == 3 {
		x.line(`<freejoint name="%s"/>`, j.Name)
		return
	}
	for k, a := range trans {
		name := fmt.Sprintf("%s_t%d", j.Name, k)
		x.simple(name, "slide", a, axis(k))
		x.drive(name, axis(k), "")
	}
	if len(rot) == 3 {
		if len(trans) > 0 {
			x.fail("joint %s has %d translations and a ball", j.Name, len(trans))
		}
		x.simple(j.Name, "ball", r3.Vec{Z: 1}, axis(0))
		for k, gear := range [3]string{"1 0 0", "0 1 0", "0 0 1"} {
			x.drive(j.Name, axis(k), fmt.Sprintf(` gear="%s 0 0 0"`, gear))
		}
		return
	}
	for k, a := range rot {
		name := fmt.Sprintf("%s_r%d", j.Name, k)
		x.simple(name, "hinge", a, axis(len(trans)+k))
		x.drive(name, axis(len(trans)+k), "")
	}
}

func (x *mjcfWriter) simple(name, kind string, dir r3.Vec, a sim.Axis) {
	if a.Stiffness != 0 {
		x.fail("joint %s has a spring", name)
	}
	dir = r3.Unit(dir)
	limits := ""
	if a.Limited {
		limits = fmt.Sprintf(` limited="true" range="%s"`, vector(a.Lower, a.Upper))
	}
	x.line(`<joint name="%s" type="%s" axis="%s" damping="%g" frictionloss="%g" armature="%g"%s/>`, name, kind, vector(dir.X, dir.Y, dir.Z), a.Damping, a.Friction, a.Armature, limits)
}

func (x *mjcfWriter) drive(joint string, a sim.Axis, gear string) {
	limits := ""
	if a.Effort > 0 && !math.IsInf(a.Effort, 1) {
		limits = fmt.Sprintf(` forcelimited="true" forcerange="%g %g"`, -a.Effort, a.Effort)
	}
	switch a.Drive {
	case sim.Torque:
		fmt.Fprintf(&x.actuators, "<motor joint=\"%s\"%s%s/>\n", joint, gear, limits)
	case sim.Servo:
		fmt.Fprintf(&x.actuators, "<position joint=\"%s\" kp=\"%g\" kv=\"%g\"%s/>\n", joint, a.Kp, a.Kd, limits)
	}
}

func (x *mjcfWriter) geom(d sim.Drawn) {
	size, s := "", d.Shape
	switch s.Kind {
	case contact.KindSphere:
		size = vector(s.Radius)
	case contact.KindCapsule, contact.KindCylinder:
		size = vector(s.Radius, s.HalfLength)
	case contact.KindBox, contact.KindEllipsoid:
		size = vector(s.Half.X, s.Half.Y, s.Half.Z)
	default:
		x.fail("shape %s is a %s", d.Name, s.Kind)
	}
	x.line(`<geom type="%s" size="%s" %s contype="0" conaffinity="1" friction="%g 0 0"/>`, s.Kind, size, placement(d.Pose), friction)
}

// vector writes numbers so that they are read back to the same bits.
func vector(v ...float64) string {
	s := make([]string, len(v))
	for i := range v {
		s[i] = fmt.Sprintf("%.17g", v[i])
	}
	return strings.Join(s, " ")
}

func placement(p sim.Pose) string {
	return fmt.Sprintf(`pos="%s" quat="%s"`, vector(p.Pos.X, p.Pos.Y, p.Pos.Z), vector(p.Rot.Real, p.Rot.Imag, p.Rot.Jmag, p.Rot.Kmag))
}

func inverse(p sim.Pose) sim.Pose {
	back := sim.Pose{Rot: quat.Conj(p.Rot)}
	at := back.Mul(sim.Pose{Pos: p.Pos, Rot: sim.IdentityPose.Rot}).Pos
	return sim.Pose{Pos: r3.Scale(-1, at), Rot: back.Rot}
}
