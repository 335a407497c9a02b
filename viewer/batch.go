package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// form is the mesh an instance is made of; from meshForm on they are meshes of the scene.
type form int

const (
	capsuleForm form = iota // spheres too
	boxForm
	cylinderForm
	coneForm
	meshForm
)

// instance is a placed, stretched, colored form: 21 numbers for the graphics.
type instance [21]float32

// look is how an instance is shaded.
type look float32

const (
	itemLook look = iota
	markLook
	massLook
)

// batch holds instances by form.
type batch struct {
	of     [][]instance
	meshes map[*scene.Mesh]form
	list   []*scene.Mesh // by form − meshForm
}

func (b *batch) reset() {
	for i := range b.of {
		b.of[i] = b.of[i][:0]
	}
}

// form returns the form of a mesh.
func (b *batch) form(m *scene.Mesh) form {
	f, ok := b.meshes[m]
	if !ok {
		if b.meshes == nil {
			b.meshes = map[*scene.Mesh]form{}
		}
		f = meshForm + form(len(b.list))
		b.meshes[m] = f
		b.list = append(b.list, m)
	}
	return f
}

func (b *batch) add(f form, v *instance) {
	for len(b.of) <= int(f) {
		b.of = append(b.of, nil)
	}
	b.of[f] = append(b.of[f], *v)
}

// stretch is the size of a form along its axes, and the half length of a capsule.
type stretch struct{ x, y, z, end float64 }

func makeInstance(p scene.Pose, eye r3.Vec, s stretch, c scene.Color, l look) instance {
	var m spatial.Mat3
	m.Set(scene.Upright(p.Rot))
	at := r3.Sub(p.Pos, eye)
	f := func(v float64) float32 { return float32(v) }
	return instance{
		f(m[0]), f(m[1]), f(m[2]), f(at.X), f(m[3]), f(m[4]), f(m[5]), f(at.Y), f(m[6]), f(m[7]), f(m[8]), f(at.Z),
		f(s.x), f(s.y), f(s.z), f(s.end), f(linear(c.R)), f(linear(c.G)), f(linear(c.B)), f(c.A), float32(l),
	}
}

// linear is the transfer function of sRGB, IEC 61966-2-1.
func linear(c float64) float64 {
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

// item adds what an item becomes: usually one instance; a set of points becomes one ball each.
func (b *batch) item(it *scene.Item, eye r3.Vec, c scene.Color) {
	if !spatial.Finite(it.Pose.Pos) {
		return
	}
	put := func(f form, p scene.Pose, s stretch) {
		v := makeInstance(p, eye, s, c, itemLook)
		b.add(f, &v)
	}
	s := &it.Shape
	switch {
	case it.Mesh != nil:
		k := it.Scale
		if k == (r3.Vec{}) {
			k = r3.Vec{X: 1, Y: 1, Z: 1}
		}
		put(b.form(it.Mesh), it.Pose, stretch{k.X, k.Y, k.Z, 0})
	case s.Kind == contact.KindSphere:
		put(capsuleForm, it.Pose, stretch{s.Radius, s.Radius, s.Radius, 0})
	case s.Kind == contact.KindCapsule:
		put(capsuleForm, it.Pose, stretch{s.Radius, s.Radius, s.Radius, s.HalfLength})
	case s.Kind == contact.KindBox:
		put(boxForm, it.Pose, stretch{s.Half.X, s.Half.Y, s.Half.Z, 0})
	case s.Kind == contact.KindCylinder:
		put(cylinderForm, it.Pose, stretch{s.Radius, s.Radius, s.HalfLength, 0})
	case s.Kind == contact.KindPoints:
		r := math.Max(0.03*s.Extent(), 1e-3)
		p := it.Pose
		p.Rot = scene.Upright(p.Rot)
		for _, v := range s.Vertices {
			put(capsuleForm, scene.Pose{Pos: p.Apply(v), Rot: p.Rot}, stretch{r, r, r, 0})
		}
	}
}

// reach returns a ball around an item.
func reach(it *scene.Item) (r3.Vec, float64) {
	if it.Mesh == nil {
		return it.Pose.Pos, it.Shape.Extent()
	}
	low, high := it.Mesh.Bounds()
	k := it.Scale
	if k == (r3.Vec{}) {
		k = r3.Vec{X: 1, Y: 1, Z: 1}
	}
	c, h := r3.Scale(0.5, r3.Add(low, high)), r3.Scale(0.5, r3.Sub(high, low))
	p := it.Pose
	p.Rot = scene.Upright(p.Rot)
	return p.Apply(r3.Vec{X: c.X * k.X, Y: c.Y * k.Y, Z: c.Z * k.Z}), r3.Norm(r3.Vec{X: h.X * k.X, Y: h.Y * k.Y, Z: h.Z * k.Z})
}

// arrow adds a shaft and a tip. The tip keeps its proportions until the arrow is shorter than it; then all
// of the arrow shrinks, so a vanishing force vanishes.
func (b *batch) arrow(from, v r3.Vec, radius float64, eye r3.Vec, c scene.Color) {
	dir, ok := spatial.Unit(v)
	if !ok || !spatial.Finite(from) {
		return
	}
	length, tip := r3.Norm(v), 6*radius
	if length < 1.5*tip {
		radius *= length / (1.5 * tip)
		tip = length / 1.5
	}
	t1, t2 := spatial.Tangents(dir)
	m := spatial.Mat3{t1.X, t2.X, dir.X, t1.Y, t2.Y, dir.Y, t1.Z, t2.Z, dir.Z}
	rot := m.Quat()
	shaft := (length - tip) / 2
	s := makeInstance(scene.Pose{Pos: spatial.AddScaled(from, shaft, dir), Rot: rot}, eye, stretch{radius, radius, shaft, 0}, c, markLook)
	b.add(cylinderForm, &s)
	s = makeInstance(scene.Pose{Pos: spatial.AddScaled(from, length-tip/2, dir), Rot: rot}, eye, stretch{2.4 * radius, 2.4 * radius, tip / 2, 0}, c, markLook)
	b.add(coneForm, &s)
}

// frame adds three axes.
func (b *batch) frame(f *scene.Frame, otherwise float64, eye r3.Vec) {
	size := positive(f.Size, otherwise)
	q := scene.Upright(f.Pose.Rot)
	for k, c := range [3]uint32{0xE0443E, 0x3FA34D, 0x3B6FD4} {
		axis := [3]r3.Vec{{X: size}, {Y: size}, {Z: size}}[k]
		b.arrow(f.Pose.Pos, spatial.QuatRotate(q, axis), 0.03*size, eye, scene.RGB(c))
	}
}

// point adds a marker.
func (b *batch) point(p *scene.Point, camera float64, eye r3.Vec) {
	if !spatial.Finite(p.At) {
		return
	}
	l, r := markLook, positive(p.Radius, 0.008*camera)
	if p.Kind == scene.CenterOfMass {
		l, r = massLook, positive(p.Radius, 0.016*camera)
	}
	s := makeInstance(scene.Pose{Pos: p.At}, eye, stretch{r, r, r, 0}, p.Color.Or(scene.RGB(0xF4D03F)), l)
	b.add(capsuleForm, &s)
}

func positive(v, otherwise float64) float64 {
	if v > 0 {
		return v
	}
	return otherwise
}
