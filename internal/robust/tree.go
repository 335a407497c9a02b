package robust

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Kind says what gives energy to a random mechanism.
type Kind int

// The kinds. Only the energy of a passive mechanism may never grow.
const (
	Passive Kind = iota // nothing but gravity
	Sprung              // springs
	Driven              // torques and servos, springs too
)

func (k Kind) String() string { return [...]string{"passive", "sprung", "driven"}[k] }

// Mechanism is a random tree, its start and its inputs: plain data, so that one that fails can be taken apart.
type Mechanism struct {
	Kind    Kind
	Spread  int     // masses differ by up to this factor
	Size    float64 // of a body (m)
	H       float64 // length of a step (s)
	Gravity r3.Vec
	Bodies  []Body
	Planes  []contact.HalfSpace
}

// Body is a link with the joint that carries it, whose parent is one of the bodies before it or the world.
type Body struct {
	Inertia   sim.Inertia
	Joint     sim.Joint
	Colliders []sim.Collider
	Q, V      []float64    // start
	Inputs    [][2]float64 // of each axis: the range from which inputs are drawn
}

// The sides of the table of mechanisms, with Steps.
var Spreads = []int{1, 1e2, 1e4, 1e6} // largest ratio of masses

// MostBodies is the size of the largest mechanism.
const MostBodies = 30

// Draw returns mechanism number n of a seed. It depends on nothing else.
func Draw(seed uint64, n int) (*Mechanism, error) {
	r := random(seed, n, 0)
	m := &Mechanism{
		Kind: Kind(r.IntN(3)), Spread: Spreads[r.IntN(len(Spreads))], Size: between(r, 0.05, 0.5), H: Steps[r.IntN(len(Steps))], Gravity: r3.Vec{Z: -9.81},
	}
	if chance(r, 0.1) {
		m.Gravity = r3.Vec{}
	}
	bodies := int(between(r, 1, MostBodies+1))
	for i := range bodies {
		m.Bodies = append(m.Bodies, m.body(r, i))
	}
	if err := m.equip(r); err != nil {
		return nil, err
	}
	m.couple(r)
	m.start(r)
	return m, m.ground(r)
}

// random returns a source for one purpose of mechanism n.
func random(seed uint64, n int, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed^purpose<<56, uint64(n)^0x6d656368<<32))
}

// between draws from [low, up) evenly in the logarithm.
func between(r *rand.Rand, low, up float64) float64 {
	return low * math.Pow(up/low, r.Float64())
}

func within(r *rand.Rand, low, up float64) float64 { return low + (up-low)*r.Float64() }

func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }

// direction draws a unit vector, half of the time along an axis: aligned axes are what people build.
func direction(r *rand.Rand) r3.Vec {
	if chance(r, 0.5) {
		return [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[r.IntN(3)]
	}
	return r3.Unit(r3.Vec{X: r.NormFloat64(), Y: r.NormFloat64(), Z: r.NormFloat64()})
}

func attitude(r *rand.Rand) quat.Number {
	q := quat.Number{Real: r.NormFloat64(), Imag: r.NormFloat64(), Jmag: r.NormFloat64(), Kmag: r.NormFloat64()}
	return quat.Scale(1/quat.Abs(q), q)
}

// body draws body i: where it hangs, its joint, its shape and mass.
func (m *Mechanism) body(r *rand.Rand, i int) Body {
	size := m.Size * between(r, 0.5, 2)
	shape, in := solid(r, size)
	mass := math.Pow(float64(m.Spread), r.Float64()-0.5)
	pose := sim.Pose{Pos: r3.Scale(size*r.Float64(), direction(r)), Rot: quat.Number{Real: 1}}
	if chance(r, 0.5) {
		pose.Rot = attitude(r)
	}
	b := Body{Inertia: in(mass).Placed(pose), Joint: sim.Joint{Name: fmt.Sprintf("j%d", i), Child: sim.Link(i), Parent: sim.World}}
	if chance(r, 0.85) {
		mu := 2 * math.Pow(r.Float64(), 2)
		if chance(r, 0.15) {
			mu = 0
		}
		b.Colliders = append(b.Colliders, sim.Collider{Link: sim.Link(i), Shape: shape, Pose: pose, Friction: mu})
	}
	root := i == 0 || chance(r, 0.03)
	if !root {
		b.Joint.Parent = sim.Link(i - 1)
		if chance(r, 0.5) {
			b.Joint.Parent = sim.Link(r.IntN(i))
		}
		b.Joint.Origin.Pos = r3.Scale(size*within(r, 0.5, 1.5), direction(r))
	}
	if chance(r, 0.5) {
		b.Joint.Origin.Rot = attitude(r)
	}
	switch {
	case root && chance(r, 0.6):
		b.Joint.Type = sim.Free()
	default:
		b.Joint.Type = joint(r, i == 0)
	}
	return b
}

// joint draws one of the usual types, or any. It leaves something free if it must.
func joint(r *rand.Rand, move bool) sim.JointType {
	a := direction(r)
	switch x := r.Float64(); {
	case x < 0.35:
		return sim.Revolute(a)
	case x < 0.47:
		return sim.Prismatic(a)
	case x < 0.57:
		return sim.Universal(a, across(r, a))
	case x < 0.70:
		return sim.Spherical()
	case x < 0.77:
		return sim.Cylindrical(a)
	case x < 0.84:
		return sim.Planar(a)
	case x < 0.88:
		return sim.Free()
	case x < 0.95 && !move:
		return sim.Fixed()
	}
	var t sim.JointType
	b := across(r, a)
	axes := []r3.Vec{a, b, r3.Cross(a, b)}
	t.Trans, t.Rot = axes[:r.IntN(4)], axes[:r.IntN(4)]
	if t.NV() == 0 && move {
		t.Rot = axes[:1]
	}
	return t
}

func across(r *rand.Rand, a r3.Vec) r3.Vec {
	for {
		b := r3.Cross(a, direction(r))
		if r3.Norm(b) > 0.1 {
			return r3.Unit(b)
		}
	}
}

// solid draws a shape of the given half size and the inertia of the body that has it.
func solid(r *rand.Rand, size float64) (contact.Shape, func(mass float64) sim.Inertia) {
	half := r3.Vec{X: size * between(r, 0.1, 1), Y: size * between(r, 0.1, 1), Z: size}
	box := func(mass float64) sim.Inertia { return sim.BoxInertia(mass, half) }
	switch r.IntN(6) {
	case 0:
		return contact.Sphere(half.X), func(mass float64) sim.Inertia { return sim.SphereInertia(mass, half.X) }
	case 1:
		return contact.Capsule(half.X, half.Z), func(mass float64) sim.Inertia { return sim.CapsuleInertia(mass, half.X, half.Z) }
	case 2:
		return contact.Cylinder(half.X, half.Z), func(mass float64) sim.Inertia { return sim.CylinderInertia(mass, half.X, half.Z) }
	case 3:
		return contact.Box(half), box
	case 4:
		return contact.Ellipsoid(half.X, half.Y, half.Z), func(mass float64) sim.Inertia { return sim.EllipsoidInertia(mass, half) }
	}
	points := make([]r3.Vec, 1+r.IntN(8))
	for i := range points {
		points[i] = r3.Vec{X: half.X * within(r, -1, 1), Y: half.Y * within(r, -1, 1), Z: half.Z * within(r, -1, 1)}
	}
	return contact.Points(points), box
}

// Build compiles the mechanism.
func (m *Mechanism) Build() (*sim.Model, error) {
	b := sim.NewBuilder("random")
	b.SetTimestep(m.H)
	b.SetGravity(m.Gravity)
	for i, p := range m.Planes {
		b.AddHalfSpace(fmt.Sprintf("plane%d", i), p.Normal, p.Offset)
	}
	for i := range m.Bodies {
		d := &m.Bodies[i]
		b.AddLink(fmt.Sprintf("b%d", i), d.Inertia)
		b.AddJoint(d.Joint)
		for _, c := range d.Colliders {
			c.Filter = &contact.Filter{} // links of random trees overlap
			b.AddCollider(c)
		}
	}
	return b.Build()
}

// Start returns the state in which the mechanism starts.
func (m *Mechanism) Start(model *sim.Model) sim.State {
	x := model.NewState()
	for i := range m.Bodies {
		d := &m.Bodies[i]
		if j, err := model.Joint(d.Joint.Name); err == nil { // a fixed joint is none of the model's
			copy(x.Q[j.Q:j.Q+j.NQ], d.Q)
			copy(x.V[j.V:j.V+j.NV], d.V)
		}
	}
	return x
}
