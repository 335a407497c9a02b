package scene

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

var (
	boneColor = RGB(0xB8C0C8)
	massColor = RGB(0xE8743B)
)

// bones draws what would be invisible: bodies whose mesh was not found, or all bodies where most that have mass are not
// shown. A bone goes from the frame of a body, where its joint is, to each joint that it carries. A body of which
// nothing else is shown gets a ball of its mass, or where it carries no joint the box of its inertia.
func (f *Figure) bones(shown, lost map[int]bool) {
	m := f.model
	most := f.mostHidden(shown, nil)
	poses := make([]Pose, m.NB())
	m.Poses(poses, m.NewState().Q)
	low, high := emptyBox()
	for i := range poses {
		c := poses[i].Apply(m.BodyInertia(i).COM)
		low, high = minVec(low, minVec(c, poses[i].Pos)), maxVec(high, maxVec(c, poses[i].Pos))
	}
	size := r3.Norm(r3.Sub(high, low))
	thick := 0.012 * size
	carries := make([]bool, m.NB())
	for _, j := range m.Joints() {
		if j.Parent >= 0 {
			carries[j.Parent] = true
		}
	}
	bare := func(b int) bool { return lost[b] || !shown[b] && most }
	for i, j := range m.Joints() {
		if p := j.Parent; p >= 0 && bare(p) {
			f.bone(p, poses[p].Inv().Apply(poses[i].Pos), thick)
		}
		if !bare(i) || shown[i] {
			continue
		}
		in := m.BodyInertia(i)
		box := !carries[i] && f.box(i, in, size)
		if !box {
			f.bone(i, in.COM, thick/2)
		}
		const density = 3000 // kg/m³: of water balls would hide each other
		if r := math.Cbrt(3 * in.Mass / (4 * math.Pi * density)); !box && r > 0 {
			f.parts = append(f.parts, Part{Body: i, Pose: Pose{Pos: in.COM, Rot: quat.Number{Real: 1}}, Shape: contact.Sphere(r), Color: massColor})
		}
	}
}

// mostHidden reports whether most bodies that have mass are neither shown nor would be by those parts.
func (f *Figure) mostHidden(shown map[int]bool, parts []Part) bool {
	also := map[int]bool{}
	for i := range parts {
		also[parts[i].Body] = true
	}
	hidden, heavy := 0, 0
	for b := range f.model.NB() {
		if f.model.BodyInertia(b).Mass > 0 {
			if heavy++; !shown[b] && !also[b] {
				hidden++
			}
		}
	}
	return 2*hidden > heavy
}

// bone adds a rod from the frame of a body to a point of it.
func (f *Figure) bone(body int, to r3.Vec, radius float64) {
	length := r3.Norm(to)
	if !(radius > 0) || length < radius {
		return
	}
	at := Pose{Pos: r3.Scale(0.5, to), Rot: quat.Number{Real: 1}}
	z := r3.Vec{Z: 1}
	if axis := r3.Cross(z, to); r3.Norm(axis) > 1e-9*length {
		at.Rot = spatial.AxisAngle(r3.Unit(axis), math.Atan2(r3.Norm(axis), to.Z))
	}
	f.parts = append(f.parts, Part{Body: body, Pose: at, Shape: contact.Capsule(radius, length/2), Color: boneColor})
}

// box adds the box of a body's inertia; it reports whether there is one. One that is large against the robot, of so
// many meters from joint to joint, is no shape of a link but a number that nobody measured.
func (f *Figure) box(body int, in sim.Inertia, robot float64) bool {
	at, half, ok := in.Box()
	largest := math.Max(half.X, math.Max(half.Y, half.Z))
	if !ok || robot > 0 && largest > robot/2 {
		return false
	}
	least := 0.05 * largest // a plate has some thickness
	half = maxVec(half, r3.Vec{X: least, Y: least, Z: least})
	f.parts = append(f.parts, Part{Body: body, Pose: at, Shape: contact.Box(half), Color: massColor})
	return true
}
