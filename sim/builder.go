package sim

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Link names a link of a [Builder], or the [World].
type Link int

// World is the parent of joints that hang on the ground.
const World Link = -1

// Color is red, green, blue, alpha in [0, 1]. The zero Color means "none given".
type Color struct{ R, G, B, A float64 }

func (c Color) finite() bool { return finite(c.R, c.G, c.B, c.A) }

// Collider is a collision shape fixed to a link.
type Collider struct {
	Name     string // default: link name and number
	Link     Link
	Shape    contact.Shape
	Pose     Pose            // of the shape in the link frame; zero Rot means no rotation
	Friction float64         // Coulomb coefficient, see [Builder.SetPairFriction]; above 100 it acts as 100
	Surface  contact.Surface // what it does beyond sliding with friction
	Filter   *contact.Filter // which other shapes it may touch; nil is [contact.Everyone]
	Color    Color
	// ShapesOnly says that it touches no half-space.
	ShapesOnly bool
}

// Visual is a shape that is only drawn. Exactly one of Shape.Kind and Mesh is set.
type Visual struct {
	Name  string
	Link  Link
	Shape contact.Shape
	Mesh  string // file name of a mesh
	Scale r3.Vec // of the mesh
	Pose  Pose
	Color Color
}

// FrictionLaw selects the friction law of all contacts.
type FrictionLaw uint8

// The friction laws. Cone is the exact Coulomb law; the others exist for comparison.
const (
	Cone FrictionLaw = iota
	Pyramid
	Frictionless
)

type link struct {
	name    string
	inertia Inertia
}

// Builder collects links, joints and shapes. Mistakes are remembered and reported together by Build.
type Builder struct {
	name      string
	timestep  float64
	gravity   r3.Vec
	hasG      bool
	law       FrictionLaw
	links     []link
	joints    []Joint
	colliders []Collider
	visuals   []Visual
	planes    []contact.HalfSpace
	planeName []string
	self      bool // whether shapes of one mechanism touch each other
	apart     []linkPair
	grips     []grip
	turns     []turning
	asked     [][2]string // pairs of colliders that touch in any case
	parted    [][2]string // and in none
	loops     []Loop
	thrusters []Thruster
	errs      []error
}

// NewBuilder returns an empty Builder for a model of the given name.
func NewBuilder(name string) *Builder { return &Builder{name: name} }

func (b *Builder) errorf(format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf(format, args...))
}

// SetTimestep sets the step length in seconds. It has no default.
func (b *Builder) SetTimestep(h float64) { b.timestep = h }

// SetGravity sets the acceleration of gravity in world axes (m/s²). It has no default.
func (b *Builder) SetGravity(g r3.Vec) { b.gravity, b.hasG = g, true }

// SetFrictionLaw selects the friction law of all contacts. Default Cone.
func (b *Builder) SetFrictionLaw(l FrictionLaw) { b.law = l }

// AddLink adds a link. A link without mass must be fixed to one with mass, or carry one.
func (b *Builder) AddLink(name string, in Inertia) Link {
	b.links = append(b.links, link{name, in})
	return Link(len(b.links) - 1)
}

// AddJoint adds a joint. Every link but the base of a fixed mechanism is the child of exactly one joint;
// a link that is nobody's child is an error: hang it on the World with Free() or Fixed().
func (b *Builder) AddJoint(j Joint) { b.joints = append(b.joints, j) }

// AddFree hangs link on the world by a free joint with the given name.
func (b *Builder) AddFree(name string, l Link) {
	b.AddJoint(Joint{Name: name, Type: Free(), Parent: World, Child: l})
}

// AddCollider adds a collision shape, which is also drawn.
func (b *Builder) AddCollider(c Collider) { b.colliders = append(b.colliders, c) }

// AddVisual adds a shape that is only drawn.
func (b *Builder) AddVisual(v Visual) { b.visuals = append(b.visuals, v) }

// AddHalfSpace adds the solid normal·x ≤ offset to the world, normal in world axes, offset in meters.
func (b *Builder) AddHalfSpace(name string, normal r3.Vec, offset float64) {
	n, ok := spatial.Unit(normal)
	if !ok || !finite(offset) {
		b.errorf("half-space %q: normal (%g, %g, %g) and offset %g do not define one", name, normal.X, normal.Y, normal.Z, offset)
		return
	}
	b.planes = append(b.planes, contact.HalfSpace{Normal: n, Offset: offset})
	b.planeName = append(b.planeName, name)
}

// HalfSpaces returns the names of the half-spaces added so far.
func (b *Builder) HalfSpaces() []string { return slices.Clone(b.planeName) }

// SetSurfaceVelocity lets the surface of a half-space run at the given velocity (m/s, world axes), as a conveyor belt
// does. Shapes say it by [Collider].Surface.
func (b *Builder) SetSurfaceVelocity(halfSpace string, velocity r3.Vec) {
	if p := b.surface("velocity", halfSpace, contact.Surface{Velocity: velocity}); p != nil {
		p.Velocity = velocity
	}
}

// SetSurfaceSpin lets the surface of a half-space turn about the world's origin with the given angular velocity (rad/s,
// world axes), as a turntable does, besides what [Builder.SetSurfaceVelocity] says: about a point c with the velocity
// −spin × c. Shapes say it by [Collider].Surface.
func (b *Builder) SetSurfaceSpin(halfSpace string, spin r3.Vec) {
	if p := b.surface("spin", halfSpace, contact.Surface{Spin: spin}); p != nil {
		p.Spin = spin
	}
}

// surface returns the half-space whose surface shall have the given velocity or spin, nil if there is none or the value is none.
func (b *Builder) surface(what, halfSpace string, value contact.Surface) *contact.HalfSpace {
	i := slices.Index(b.planeName, halfSpace)
	if i < 0 {
		b.errorf("surface %s: there is no half-space %q", what, halfSpace)
		return nil
	}
	if err := value.Check(); err != nil {
		b.errorf("half-space %q: %w", halfSpace, err)
		return nil
	}
	return &b.planes[i]
}

// AddGround adds the half-space z ≤ 0, named "ground".
func (b *Builder) AddGround() { b.AddHalfSpace("ground", r3.Vec{Z: 1}, 0) }

// SetServo turns the named joint's axes into position servos with the given gains, keeping their effort limits.
func (b *Builder) SetServo(joint string, kp, kd float64) {
	for i := range b.joints {
		if b.joints[i].Name == joint {
			for k := range b.joints[i].Axes {
				a := &b.joints[i].Axes[k]
				a.Drive, a.Kp, a.Kd = Servo, kp, kd
			}
			return
		}
	}
	b.errorf("SetServo: there is no joint %q", joint)
}

// ChangeJoint lets change edit the named joint: its origin, its axes.
func (b *Builder) ChangeJoint(name string, change func(*Joint)) {
	for i := range b.joints {
		if b.joints[i].Name == name {
			j := &b.joints[i]
			j.Axes = append([]Axis(nil), j.Axes...) // a copy that Joints gave out stays as it was
			change(j)
			return
		}
	}
	b.errorf("ChangeJoint: there is no joint %q", name)
}

// ChangeCollider lets change edit the named collider: its friction, its surface. Those without a name have the one that Build gives them.
func (b *Builder) ChangeCollider(name string, change func(*Collider)) {
	seen := map[string]bool{}
	for i := range b.colliders {
		own := b.colliderName(i, seen)
		if own == name {
			change(&b.colliders[i])
			return
		}
		seen[own] = true
	}
	b.errorf("ChangeCollider: there is no collider %q", name)
}

// colliderName returns the name of collider i, of which those before are in seen.
func (b *Builder) colliderName(i int, seen map[string]bool) string {
	s := &b.colliders[i]
	if s.Name != "" {
		return s.Name
	}
	name := "world"
	if s.Link >= 0 && int(s.Link) < len(b.links) {
		name = b.links[s.Link].name
	}
	if seen[name] {
		name = fmt.Sprintf("%s_%d", name, i)
	}
	return name
}

// SetInertia gives the link another inertia.
func (b *Builder) SetInertia(l Link, in Inertia) {
	if int(l) < 0 || int(l) >= len(b.links) {
		b.errorf("SetInertia: there is no link %d", l)
		return
	}
	b.links[l].inertia = in
}

// Name returns the name of the model.
func (b *Builder) Name() string { return b.name }

// Links returns name and inertia of the links added so far, as [Link] counts them.
func (b *Builder) Links() (names []string, inertias []Inertia) {
	for _, l := range b.links {
		names, inertias = append(names, l.name), append(inertias, l.inertia)
	}
	return names, inertias
}

// Link returns the link of a name, or an impossible one, which Build reports.
func (b *Builder) Link(name string) Link {
	for i, l := range b.links {
		if l.name == name {
			return Link(i)
		}
	}
	b.errorf("Link: there is no link %q", name)
	return World - 1
}

// Colliders returns the collision shapes added so far.
func (b *Builder) Colliders() []Collider { return append([]Collider(nil), b.colliders...) }

// Visuals returns the shapes added so far that are only drawn.
func (b *Builder) Visuals() []Visual { return append([]Visual(nil), b.visuals...) }

// Joints returns the joints added so far.
func (b *Builder) Joints() []Joint { return append([]Joint(nil), b.joints...) }

// Loops returns the loops added so far.
func (b *Builder) Loops() []Loop { return append([]Loop(nil), b.loops...) }

// Fail makes Build report err. Loaders use it for mistakes in their file.
func (b *Builder) Fail(err error) { b.errs = append(b.errs, err) }

func finite(v ...float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

func fillPose(p *Pose) error {
	if p.Rot == (quat.Number{}) {
		p.Rot.Real = 1
	}
	q, ok := spatial.Normalize(p.Rot)
	if !ok || !spatial.Finite(p.Pos) {
		return errors.New("pose is not finite")
	}
	p.Rot = q
	return nil
}
