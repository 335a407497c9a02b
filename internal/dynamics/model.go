package dynamics

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// World is the parent index of bodies whose joint hangs on the world.
const World = articulated.World

// Friction selects the friction law of all contacts.
type Friction uint8

// The friction laws.
const (
	Coulomb      Friction = iota // exact second-order cone
	Pyramid                      // four-sided pyramid inscribed in the cone, for comparison
	Frictionless                 // normal forces only
)

// Body is a rigid body and the joint that carries it. The body frame is the joint's frame on the child side.
type Body struct {
	Parent  int          // body index or World
	Tree    int          // index of its kinematic tree
	NT, NR  int          // free translations (first) and rotations of the joint; NR = 3 is spherical
	Q, V    int          // first coordinate and first velocity of the joint
	Origin  spatial.Pose // joint frame in the parent's body frame at zero coordinates
	Axes    [6]spatial.Vec
	Mass    float64      // kg
	COM     spatial.Vec  // center of mass in body axes (m)
	Inertia spatial.Sym3 // about the center of mass, body axes (kg m²)
}

// Drive is what moves a degree of freedom.
type Drive uint8

// The drives.
const (
	Passive Drive = iota
	Torque        // the input is a force or torque
	Servo         // the input is a target position
)

// Dof holds the scalar properties of one degree of freedom. Units: m or rad, N or N m.
type Dof struct {
	Body         int
	Lower, Upper float64 // limits; ±Inf when there is none
	Damping      float64 // N s/m or N m s/rad, implicit
	Stiffness    float64 // spring
	Rest         float64 // rest position of the spring
	Friction     float64 // dry friction bound
	Armature     float64 // reflected rotor inertia, kg or kg m²
	Effort       float64 // bound on the drive's force; +Inf when there is none
	MaxSpeed     float64 // bound on the speed; +Inf when there is none
	Kp, Kd       float64 // servo gains
	Drive        Drive
	Input        int     // index of the input, −1 for a passive one
	Scale        float64 // reference inertia of the dof (kg or kg m²); sets tolerances, never results
	Speed        float64 // natural speed √(g ℓ) or √(g/ℓ) of the dof's tree; sets tolerances and κ units
	Mass         float64 // what a force on the dof alone moves, 1/(M⁻¹)ᵢᵢ, over ℓ² on rotations (kg); sets κ units
	Leave        float64 `json:",omitzero"` // that of leaveSpeeds in the model as built, where a mimic was changed since
}

// Tree is one kinematic tree, or several that mimics couple and that are solved together. Its scales are fixed when the
// model is built: they define the unit of κ and do not follow later changes of parameters.
type Tree struct {
	First, Last int     // bodies First ≤ b < Last
	V0, V1      int     // velocities V0 ≤ i < V1
	Mass        float64 // total mass (kg)
	Length      float64 // radius of gyration at the reference configuration (m)
}

func (t *Tree) span() articulated.Span {
	return articulated.Span{First: t.First, Last: t.Last, V0: t.V0, V1: t.V1}
}

// Collider is a shape fixed to a body.
type Collider struct {
	Body     int
	Pose     spatial.Pose
	Shape    contact.Shape
	Friction float64
	// ShapesOnly says that it touches no half-space.
	ShapesOnly bool            `json:",omitempty"`
	Surface    contact.Surface `json:",omitzero"`
	Mass       float64         // what a force at its center moves, 3/tr(J M⁻¹Jᵀ) (kg); sets κ units

	hull *collide.Hull // of the shape, where it is in a pair
}

// Contact is a feature of a collider against a half-space.
type Contact struct {
	Collider int
	Plane    int
	Body     int
	Feature  gap.Feature
}

// Mimic couples two scalar degrees of freedom exactly: q[Dof] = Offset + Ratio·x + Curve[0] x² + Curve[1] x³ + Curve[2] x⁴, x = q[Of].
type Mimic struct {
	Dof, Of       int // velocity indices
	Ratio, Offset float64
	Curve         [3]float64
}

// curved returns the part of the polynomial beyond the linear one, slope its derivative and bend its second derivative.
func (c *Mimic) curved(x float64) float64 { return x * x * (c.Curve[0] + x*(c.Curve[1]+x*c.Curve[2])) }
func (c *Mimic) slope(x float64) float64 {
	return c.Ratio + x*(2*c.Curve[0]+x*(3*c.Curve[1]+x*4*c.Curve[2]))
}
func (c *Mimic) bend(x float64) float64 { return 2*c.Curve[0] + x*(6*c.Curve[1]+x*12*c.Curve[2]) }

// At is the coordinate of the follower where that of the other is x.
func (c *Mimic) At(x float64) float64 { return c.Ratio*x + c.Offset + c.curved(x) }

// left returns how far the two coordinates are from coupled.
func (c *Mimic) left(q, x float64) float64 { return q - c.Ratio*x - c.Offset - c.curved(x) }

// Model is the compiled description of a world. It is not changed by steps.
type Model struct {
	NQ, NV, NU int
	Timestep   float64
	Gravity    spatial.Vec
	GravityRef float64 // acceleration of the κ unit: |gravity| when built, 9.81 m/s² in free space
	Law        Friction
	Bodies     []Body
	Dofs       []Dof
	QIndex     []int // coordinate of a scalar dof, or the first of its quaternion
	Trees      []Tree
	Planes     []contact.HalfSpace
	Colliders  []Collider
	Contacts   []Contact
	Pairs      []Pair `json:",omitempty"` // of colliders that may touch
	Footings   []Pair `json:",omitempty"` // colliders and half-spaces (their B) that have a law of their own
	Mimics     []Mimic
	Loops      []Loop `json:",omitempty"`
	Thrusters  []Thruster
}

// Clone returns a deep copy of m.
func (m *Model) Clone() *Model {
	c := *m
	c.Bodies = append([]Body(nil), m.Bodies...)
	c.Dofs = append([]Dof(nil), m.Dofs...)
	c.QIndex = append([]int(nil), m.QIndex...)
	c.Trees = append([]Tree(nil), m.Trees...)
	c.Planes = append([]contact.HalfSpace(nil), m.Planes...)
	c.Colliders = append([]Collider(nil), m.Colliders...)
	for i := range c.Colliders {
		c.Colliders[i].Shape.Vertices = append([]spatial.Vec(nil), m.Colliders[i].Shape.Vertices...)
	}
	c.Contacts = append([]Contact(nil), m.Contacts...)
	c.Pairs = append([]Pair(nil), m.Pairs...)
	c.Footings = append([]Pair(nil), m.Footings...)
	c.Mimics = append([]Mimic(nil), m.Mimics...)
	c.Loops = append([]Loop(nil), m.Loops...)
	c.Thrusters = append([]Thruster(nil), m.Thrusters...)
	return &c
}

// PlaceContacts recomputes the contact features from the colliders. Call it after any change of a
// collider; it keeps their order. Points whose hull is lost by the change touch no other shape.
func (m *Model) PlaceContacts() {
	_, _ = m.PlaceHulls()
	m.Contacts = m.Contacts[:0]
	for i := range m.Colliders {
		c := &m.Colliders[i]
		if c.Body == World || c.ShapesOnly {
			continue
		}
		for _, f := range collide.Features(&c.Shape, c.Pose) {
			for p := range m.Planes {
				m.Contacts = append(m.Contacts, Contact{Collider: i, Plane: p, Body: c.Body, Feature: f})
			}
		}
	}
}

// wall returns half-space i as a feature of the world.
func (m *Model) wall(i int) gap.Feature {
	h := &m.Planes[i]
	return gap.HalfSpace(h.Normal, h.Offset)
}

// NumFeatures returns how many features of collider i may touch a half-space.
func (m *Model) NumFeatures(i int) int { return collide.NumFeatures(&m.Colliders[i].Shape) }

// kappaUnit returns what κ = 1 means for rows that move the given mass in tree t: m g h ℓ (J s).
func (m *Model) kappaUnit(mass float64, t int) float64 {
	return mass * m.GravityRef * m.Timestep * m.Trees[t].Length
}

// ColliderUnit returns what κ = 1 means for the gaps of collider i (J s), DofUnit for the limits of dof i.
func (m *Model) ColliderUnit(i int) float64 {
	c := &m.Colliders[i]
	if c.Body == World {
		return 0
	}
	return m.kappaUnit(c.Mass, m.Bodies[c.Body].Tree)
}

// PairUnit returns what κ = 1 means for the gap of a contact of pair i that is the only one of its pair (J s).
func (m *Model) PairUnit(i int) float64 { return m.kappaUnit(m.massOfPair(i), m.treeOfPair(i)) }

func (m *Model) DofUnit(i int) float64 {
	return m.kappaUnit(m.Dofs[i].Mass, m.Bodies[m.Dofs[i].Body].Tree)
}
