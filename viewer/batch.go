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
	red, green, blue := c.Linear()
	f := func(v float64) float32 { return float32(v) }
	return instance{
		f(m[0]), f(m[1]), f(m[2]), f(at.X), f(m[3]), f(m[4]), f(m[5]), f(at.Y), f(m[6]), f(m[7]), f(m[8]), f(at.Z),
		f(s.x), f(s.y), f(s.z), f(s.end), f(red), f(green), f(blue), f(c.A), float32(l),
	}
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
		k := scene.Stretch(it.Scale)
		put(b.form(it.Mesh), it.Pose, stretch{k.X, k.Y, k.Z, 0})
	case s.Kind == contact.KindSphere:
		put(capsuleForm, it.Pose, stretch{s.Radius, s.Radius, s.Radius, 0})
	case s.Kind == contact.KindCapsule:
		put(capsuleForm, it.Pose, stretch{s.Radius, s.Radius, s.Radius, s.HalfLength})
	case s.Kind == contact.KindEllipsoid:
		put(capsuleForm, it.Pose, stretch{s.Half.X, s.Half.Y, s.Half.Z, 0})
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
	k := scene.Stretch(it.Scale)
	c, h := r3.Scale(0.5, r3.Add(low, high)), r3.Scale(0.5, r3.Sub(high, low))
	p := it.Pose
	p.Rot = scene.Upright(p.Rot)
	return p.Apply(r3.Vec{X: c.X * k.X, Y: c.Y * k.Y, Z: c.Z * k.Z}), r3.Norm(r3.Vec{X: h.X * k.X, Y: h.Y * k.Y, Z: h.Z * k.Z})
}

// mark adds a piece of an arrow, a frame or a point.
func (b *batch) mark(p *scene.Piece, eye r3.Vec) {
	f, s := capsuleForm, stretch{p.Radius, p.Radius, p.Radius, 0}
	switch p.Kind {
	case scene.BallPiece:
	case scene.ShaftPiece:
		f, s.z = cylinderForm, p.Half
	case scene.TipPiece:
		f, s.z = coneForm, p.Half
	}
	l := markLook
	if p.Quarters {
		l = massLook
	}
	v := makeInstance(p.Pose, eye, s, p.Color, l)
	b.add(f, &v)
}
