package implicit_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// drawn is a random world: a builder, the model of it, a start that obeys its loops, and inputs.
type drawn struct {
	b     *sim.Builder
	m     *sim.Model
	start sim.State
	rng   *rand.Rand
	size  []float64 // of an input
}

func (d *drawn) chance(p float64) bool           { return d.rng.Float64() < p }
func (d *drawn) between(low, up float64) float64 { return low * math.Pow(up/low, d.rng.Float64()) }

func (d *drawn) direction() r3.Vec {
	if d.chance(0.5) {
		return [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[d.rng.IntN(3)]
	}
	return r3.Unit(normal(d.rng, 1))
}

func (d *drawn) attitude() quat.Number {
	q := quat.Number{Real: d.rng.NormFloat64(), Imag: d.rng.NormFloat64(), Jmag: d.rng.NormFloat64(), Kmag: d.rng.NormFloat64()}
	return quat.Scale(1/quat.Abs(q), q)
}

func (d *drawn) pose(s float64) sim.Pose {
	p := sim.Pose{Pos: normal(d.rng, s)}
	if d.chance(0.5) {
		p.Rot = d.attitude()
	}
	return p
}

// joint draws which motions are free.
func (d *drawn) joint() sim.JointType {
	a := d.direction()
	b := r3.Unit(r3.Cross(a, r3.Add(a, normal(d.rng, 1))))
	switch d.rng.IntN(10) {
	case 0, 1, 2:
		return sim.Revolute(a)
	case 3:
		return sim.Prismatic(a)
	case 4:
		return sim.Universal(a, b)
	case 5:
		return sim.Spherical()
	case 6:
		return sim.Cylindrical(a)
	case 7:
		return sim.Planar(a)
	case 8:
		return sim.Fixed()
	}
	axes := []r3.Vec{a, b, r3.Cross(a, b)}
	return sim.JointType{Trans: axes[:d.rng.IntN(4)], Rot: axes[:d.rng.IntN(4)]}
}

// axis draws the properties of an axis.
func (d *drawn) axis(ball bool) (a sim.Axis) {
	if d.chance(0.4) {
		a.Limited, a.Lower, a.Upper = true, -d.between(0.1, 2), d.between(0.1, 2)
		if ball {
			a.Lower = 0
		}
	}
	for _, x := range []*float64{&a.Damping, &a.Friction, &a.Armature} {
		if d.chance(0.3) {
			*x = d.between(1e-3, 1)
		}
	}
	if d.chance(0.3) {
		a.Stiffness = d.between(0.1, 100)
		if !ball {
			a.Rest = 0.3 * d.rng.NormFloat64()
		}
	}
	if d.chance(0.2) && !ball {
		a.MaxSpeed = d.between(0.3, 10)
	}
	if d.chance(0.4) {
		a.Effort = d.between(0.3, 30)
	}
	switch d.rng.IntN(3) {
	case 0:
		a.Drive = sim.Torque
	case 1:
		a.Drive, a.Kp, a.Kd = sim.Servo, d.between(1, 300), d.between(0.01, 3)
	default:
		a.Effort = 0
	}
	return a
}

// solid draws a shape and the inertia of the body that has it.
func (d *drawn) solid() (contact.Shape, sim.Inertia) {
	half, mass := r3.Vec{X: d.between(0.03, 0.2), Y: d.between(0.03, 0.2), Z: d.between(0.05, 0.2)}, d.between(0.1, 5)
	switch d.rng.IntN(6) {
	case 0:
		return contact.Sphere(half.X), sim.SphereInertia(mass, half.X)
	case 1:
		return contact.Capsule(half.X, half.Z), sim.CapsuleInertia(mass, half.X, half.Z)
	case 2:
		return contact.Cylinder(half.X, half.Z), sim.CylinderInertia(mass, half.X, half.Z)
	case 3:
		return contact.Ellipsoid(half.X, half.Y, half.Z), sim.EllipsoidInertia(mass, half)
	case 4:
		points := make([]r3.Vec, 1+d.rng.IntN(8))
		for i := range points {
			points[i] = r3.Vec{X: half.X * (2*d.rng.Float64() - 1), Y: half.Y * (2*d.rng.Float64() - 1), Z: half.Z * (2*d.rng.Float64() - 1)}
		}
		return contact.Points(points), sim.BoxInertia(mass, half)
	}
	return contact.Box(half), sim.BoxInertia(mass, half)
}

// drawWorld draws a world: trees of up to six bodies, on a ground or not, some with loops, followers and thrusters; nil
// where nobody can build it.
func drawWorld(seed uint64) *drawn {
	d := &drawn{b: sim.NewBuilder("drawn"), rng: rand.New(rand.NewPCG(seed, 0x7468726f77))}
	b := d.b
	b.SetTimestep([]float64{1e-3, 5e-3, 1e-2, 2e-2}[d.rng.IntN(4)])
	if d.chance(0.9) {
		b.SetGravity(r3.Vec{Z: -9.81})
	} else {
		b.SetGravity(normal(d.rng, 3))
	}
	b.SetFrictionLaw([]sim.FrictionLaw{sim.Cone, sim.Cone, sim.Cone, sim.Cone, sim.Pyramid, sim.Frictionless}[d.rng.IntN(6)])
	b.SetSelfContact(d.chance(0.3))
	d.grounds()
	n := 1 + d.rng.IntN(6)
	var links []sim.Link
	for i := range n {
		links = append(links, d.body(i, links))
	}
	for i := range d.rng.IntN(3) {
		force := r3.Scale(float64(d.rng.IntN(2)), d.direction())
		b.AddThruster(sim.Thruster{Name: fmt.Sprintf("rotor%d", i), Link: links[d.rng.IntN(n)], Pose: d.pose(0.1), Force: force, Torque: r3.Scale(0.05, d.direction()),
			Limited: d.chance(0.5), Lower: -1, Upper: 3})
	}
	d.couple()
	d.close()
	m, err := b.Build()
	if err != nil {
		return nil // nothing moves, a follower along what it must not follow, …
	}
	d.m = m
	if m.NV() == 0 || !d.place() {
		return nil
	}
	return d
}

// grounds draws what does not move.
func (d *drawn) grounds() {
	if d.chance(0.7) {
		d.b.AddHalfSpace("floor", r3.Unit(r3.Vec{X: 0.1 * d.rng.NormFloat64(), Z: 1}), -0.1)
		if d.chance(0.2) {
			d.b.SetSurfaceVelocity("floor", normal(d.rng, 0.5))
		}
		if d.chance(0.2) {
			d.b.SetSurfaceSpin("floor", normal(d.rng, 0.5))
		}
	}
	if d.chance(0.2) {
		d.b.AddHalfSpace("wall", r3.Vec{X: 1}, -0.6)
	}
	if d.chance(0.15) {
		d.b.AddTerrain("hills", terrains()["hills"], sim.At(0, 0, -0.1))
	}
}

// body adds body i with a joint and shapes.
func (d *drawn) body(i int, links []sim.Link) sim.Link {
	b := d.b
	shape, in := d.solid()
	pose := d.pose(0.05)
	l := b.AddLink(fmt.Sprintf("b%d", i), in.Placed(pose))
	j := sim.Joint{Name: fmt.Sprintf("j%d", i), Child: l, Parent: sim.World, Origin: d.pose(0.1)}
	root := i == 0 || d.chance(0.3)
	if !root {
		j.Parent = links[d.rng.IntN(i)]
		j.Origin.Pos = r3.Scale(d.between(0.1, 0.4), d.direction())
	}
	j.Type = d.joint()
	if root {
		j.Origin.Pos = r3.Vec{X: 0.3 * d.rng.NormFloat64(), Y: 0.3 * d.rng.NormFloat64(), Z: 0.4 * d.rng.Float64()}
		if d.chance(0.6) {
			j.Type, j.Origin = sim.Free(), sim.Pose{}
		}
	}
	if !(root && j.Type.NV() == 6) {
		for k := range j.Type.NV() {
			ball := len(j.Type.Rot) == 3 && k >= len(j.Type.Trans)
			if ball && k > len(j.Type.Trans) {
				j.Axes = append(j.Axes, j.Axes[len(j.Type.Trans)])
				continue
			}
			j.Axes = append(j.Axes, d.axis(ball))
		}
	}
	b.AddJoint(j)
	if d.chance(0.85) {
		c := sim.Collider{Name: fmt.Sprintf("c%d", i), Link: l, Shape: shape, Pose: pose, Friction: 1.5 * math.Pow(d.rng.Float64(), 2) * float64(min(1, d.rng.IntN(6)))}
		if d.chance(0.5) {
			c.Surface = surfaceOf(d.rng)
		}
		b.AddCollider(c)
		if d.chance(0.2) && len(b.HalfSpaces()) > 0 {
			b.SetPairFriction(c.Name, b.HalfSpaces()[0], d.rng.Float64())
		}
		if d.chance(0.1) && len(b.HalfSpaces()) > 0 {
			b.SetPairTurning(c.Name, b.HalfSpaces()[0], 0.01, 0.002)
		}
		if all := b.Colliders(); d.chance(0.2) && len(all) > 1 {
			if o := all[d.rng.IntN(len(all)-1)]; o.Link != sim.World {
				b.AddPair(c.Name, o.Name)
				b.SetPairFriction(c.Name, o.Name, d.rng.Float64())
			}
		}
	}
	return l
}

// couple lets joints of one motion follow others.
func (d *drawn) couple() {
	js := d.b.Joints()
	for i, j := range js {
		if j.Type.NV() != 1 || !d.chance(0.25) {
			continue
		}
		for _, o := range js[:i] {
			if o.Type.NV() != 1 || o.Mimic != nil {
				continue
			}
			mimic := &sim.Mimic{Joint: o.Name, Ratio: d.rng.NormFloat64()}
			if d.chance(0.5) {
				mimic.Curve = [3]float64{0.2 * d.rng.NormFloat64(), 0.1 * d.rng.NormFloat64()}
			}
			d.b.ChangeJoint(j.Name, func(j *sim.Joint) {
				j.Mimic = mimic
				for k := range j.Axes {
					j.Axes[k].Limited = false
				}
			})
			break
		}
	}
}

// close adds a loop between two bodies where they happen to be in the neutral configuration.
func (d *drawn) close() {
	if !d.chance(0.25) {
		return
	}
	m, err := d.b.Build()
	if err != nil || m.NB() < 2 {
		return
	}
	poses, x := make([]sim.Pose, m.NB()), m.NewState()
	m.Poses(poses, x.Q)
	i, k := d.rng.IntN(m.NB()), d.rng.IntN(m.NB())
	if i == k || m.NV() < 12 { // what loops lock is another test's
		return
	}
	a, c := d.b.Link(m.Bodies()[i]), d.b.Link(m.Bodies()[k])
	at := d.pose(0.1)
	if at.Rot == (quat.Number{}) {
		at.Rot.Real = 1
	}
	other := poses[k].Inv().Mul(poses[i].Mul(at))
	d.b.AddLoop(sim.Loop{Name: "loop", Type: sim.LoopPoint, LinkA: a, LinkB: c, PoseA: at, PoseB: other})
}

// place draws a start.
func (d *drawn) place() bool {
	m := d.m
	x := m.NewState()
	for _, j := range m.Joints() {
		if j.NV == 6 && j.Parent < 0 && len(j.Type.Trans) == 3 {
			copy(x.Q[j.Q:], []float64{0.3 * d.rng.NormFloat64(), 0.3 * d.rng.NormFloat64(), 0.6 * d.rng.Float64()})
		}
	}
	dq := make([]float64, m.NV())
	for i := range dq {
		dq[i] = 0.2 * d.rng.NormFloat64()
		x.V[i] = d.rng.NormFloat64() * float64(d.rng.IntN(2))
	}
	if len(m.Loops()) == 0 {
		m.Displace(x.Q, x.Q, dq)
	}
	if err := m.Assemble(&x); err != nil {
		return false
	}
	if _, depth := m.NewStepper(sim.Options{}).Deepest(x.Q); depth > 1e-3 {
		return false
	}
	d.start = x
	for i := range m.NU() {
		in := m.InputInfo(i)
		d.size = append(d.size, map[bool]float64{true: 0.5, false: 2}[in.Servo])
	}
	return true
}

// input draws an input.
func (d *drawn) input() []float64 {
	if d.chance(0.2) {
		return nil
	}
	u := make([]float64, len(d.size))
	for i := range u {
		u[i] = d.size[i] * d.rng.NormFloat64()
	}
	return u
}
