package implicit_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// scene is a model in a situation that the zoo does not show, and what must hold in it for the test to
// test it.
type scene struct {
	name  string
	model *sim.Model
	start sim.State
	input []float64 // nil: random ones
	// happens reports whether the situation is there after a step.
	happens func(s *sim.Stepper, x sim.State) bool
}

func world(name string, gravity float64) *sim.Builder {
	b := sim.NewBuilder(name)
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -gravity})
	return b
}

func addBox(b *sim.Builder, name string, mass float64, half r3.Vec, mu float64) sim.Link {
	l := b.AddLink(name, sim.BoxInertia(mass, half))
	b.AddFree(name+"_free", l)
	b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Box(half), Friction: mu})
	return l
}

func must(t testing.TB, b *sim.Builder) *sim.Model {
	t.Helper()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var cube = r3.Vec{X: 0.2, Y: 0.25, Z: 0.15}

// scenes returns all of them.
func scenes(t testing.TB) []scene {
	var all []scene
	add := func(b *sim.Builder, start func(m *sim.Model, x *sim.State), happens func(s *sim.Stepper, x sim.State) bool) *scene {
		m := must(t, b)
		x := m.NewState()
		if start != nil {
			start(m, &x)
		}
		all = append(all, scene{name: m.Name(), model: m, start: x, happens: happens})
		return &all[len(all)-1]
	}
	loaded := func(n int) func(s *sim.Stepper, x sim.State) bool {
		return func(s *sim.Stepper, x sim.State) bool { return carrying(s) >= n }
	}
	sliding := func(s *sim.Stepper, x sim.State) bool {
		for _, c := range s.Contacts() {
			if c := c; r3.Norm(c.Force) > 0.1 && c.Slide > 0.1 {
				return true
			}
		}
		return false
	}

	for _, law := range []sim.FrictionLaw{sim.Cone, sim.Pyramid, sim.Frictionless} {
		b := world("sliding "+[]string{"cone", "pyramid", "frictionless"}[law], 9.81)
		b.SetFrictionLaw(law)
		addBox(b, "box", 1, cube, 0.4)
		b.AddGround()
		add(b, func(m *sim.Model, x *sim.State) {
			x.Q[2], x.V[0], x.V[1], x.V[5] = 0.1501, 2, 0.7, 1
		}, sliding)
	}

	b := world("sticking on a slope", 9.81)
	addBox(b, "box", 1, cube, 0.8)
	b.AddHalfSpace("slope", r3.Vec{X: 0.2, Y: -0.1, Z: 1}, 0)
	add(b, func(m *sim.Model, x *sim.State) {
		x.Q[2] = 0.21
	}, loaded(1))

	b = world("penetrating deeply", 9.81)
	addBox(b, "box", 1, cube, 0.5)
	b.AddGround()
	add(b, func(m *sim.Model, x *sim.State) { x.Q[2], x.V[0] = 0.05, 0.3 }, func(s *sim.Stepper, x sim.State) bool {
		return s.Penetration() > 0.02
	})

	b = world("cylinder rolling", 9.81)
	l := b.AddLink("drum", sim.CylinderInertia(2, 0.1, 0.2))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Name: "drum", Link: l, Shape: contact.Cylinder(0.1, 0.2), Friction: 0.5})
	b.AddGround()
	add(b, func(m *sim.Model, x *sim.State) {
		q := sim.RPY(1.5, 0.02, 0.3)
		copy(x.Q, []float64{0, 0, 0.1145, q.Real, q.Imag, q.Jmag, q.Kmag})
		x.V[0], x.V[3] = 1, 2
	}, loaded(1))

	b = world("points in a corner", 9.81)
	l = b.AddLink("star", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddFree("free", l)
	var pts []r3.Vec
	for i := 0; i < 12; i++ {
		pts = append(pts, r3.Vec{X: 0.15 - 0.3*float64(i%2), Y: 0.15 - 0.3*float64(i/2%2), Z: -0.1 + 0.1*float64(i/4)})
	}
	b.AddCollider(sim.Collider{Name: "star", Link: l, Shape: contact.Points(pts), Friction: 0.3})
	b.AddGround()
	b.AddHalfSpace("left wall", r3.Vec{X: 1, Z: 0.05}, -0.2)
	b.AddHalfSpace("back wall", r3.Vec{Y: 1}, -0.2)
	add(b, func(m *sim.Model, x *sim.State) {
		x.Q[0], x.Q[1], x.Q[2], x.V[0], x.V[1] = -0.03, -0.04, 0.101, -1, -1
	}, loaded(3))

	b = world("hinge at its limit", 9.81)
	l = b.AddLink("arm", sim.BoxInertia(1, r3.Vec{X: 0.3, Y: 0.05, Z: 0.05}).Placed(sim.At(0.3, 0, 0)))
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l,
		Axes: []sim.Axis{{Limited: true, Lower: -1, Upper: 0.2, Damping: 0.01, Drive: sim.Torque}}})
	add(b, func(m *sim.Model, x *sim.State) { x.Q[0] = 0.199 }, func(s *sim.Stepper, x sim.State) bool { return x.Q[0] > 0.19 })

	b = world("dry friction and a weak servo", 9.81)
	l = b.AddLink("upper", sim.BoxInertia(1, r3.Vec{X: 0.3, Y: 0.05, Z: 0.05}).Placed(sim.At(0.3, 0, 0)))
	b.AddJoint(sim.Joint{Name: "shoulder", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l,
		Axes: []sim.Axis{{Friction: 2, Drive: sim.Servo, Kp: 100, Kd: 5, Effort: 3}}})
	l2 := b.AddLink("lower", sim.BoxInertia(0.3, r3.Vec{X: 0.2, Y: 0.05, Z: 0.05}).Placed(sim.At(0.2, 0, 0)))
	b.AddJoint(sim.Joint{Name: "elbow", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: l, Child: l2, Origin: sim.At(0.6, 0, 0),
		Axes: []sim.Axis{{Friction: 1, Stiffness: 3, Rest: 0.3, Armature: 0.02}}})
	add(b, nil, nil)

	b = world("torques beyond effort", 9.81)
	l = b.AddLink("wheel", sim.CylinderInertia(1, 0.2, 0.05))
	b.AddJoint(sim.Joint{Name: "axle", Type: sim.Revolute(r3.Vec{Z: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{Drive: sim.Torque, Effort: 0.5, Damping: 0.1}}})
	l2 = b.AddLink("rod", sim.BoxInertia(0.3, r3.Vec{X: 0.2, Y: 0.05, Z: 0.05}).Placed(sim.At(0.2, 0, 0)))
	b.AddJoint(sim.Joint{Name: "swing", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: l, Child: l2, Axes: []sim.Axis{{Drive: sim.Torque, Effort: 2}}})
	add(b, nil, nil).input = []float64{3, 0.7} // one beyond, one below

	b = world("gripper", 9.81)
	l = b.AddLink("hand", sim.BoxInertia(0.7, r3.Vec{X: 0.05, Y: 0.1, Z: 0.05}))
	b.AddJoint(sim.Joint{Name: "wrist", Type: sim.Revolute(r3.Vec{X: 1}), Parent: sim.World, Child: l, Origin: sim.At(0, 0, 0.3), Axes: []sim.Axis{{Drive: sim.Torque, Damping: 0.1}}})
	for i, n := range []string{"left", "right"} {
		y := 1 - 2*float64(i)
		f := b.AddLink(n, sim.BoxInertia(0.1, r3.Vec{X: 0.01, Y: 0.02, Z: 0.05}))
		j := sim.Joint{Name: n + "_slide", Type: sim.Prismatic(r3.Vec{Y: y}), Parent: l, Child: f, Origin: sim.At(0, 0, -0.1),
			Axes: []sim.Axis{{Limited: true, Lower: -0.01, Upper: 0.08, Damping: 1}}}
		if i == 0 {
			j.Axes[0].Drive, j.Axes[0].Effort = sim.Torque, 20
		} else {
			j.Mimic = &sim.Mimic{Joint: "left_slide", Ratio: 1}
		}
		b.AddJoint(j)
		b.AddCollider(sim.Collider{Name: n + "_pad", Link: f, Shape: contact.Box(r3.Vec{X: 0.01, Y: 0.02, Z: 0.05}), Friction: 0.8})
	}
	b.AddHalfSpace("table", r3.Vec{Z: 1}, 0.1499)
	add(b, func(m *sim.Model, x *sim.State) { x.Q[0], x.Q[1], x.Q[2] = 0.1, 0.0795, 0.0795 }, loaded(1))

	for _, a := range []struct {
		name string
		axis sim.Axis
	}{
		{"spring", sim.Axis{Stiffness: 2, Damping: 0.1, Armature: 0.01}},
		{"limit", sim.Axis{Limited: true, Lower: 0, Upper: 0.5}},
		{"servo", sim.Axis{Drive: sim.Servo, Kp: 20, Kd: 1}},
		{"weak servo", sim.Axis{Drive: sim.Servo, Kp: 20, Kd: 1, Effort: 0.5, Friction: 0.2}},
	} {
		b = world("ball joint with "+a.name, 9.81)
		l = b.AddLink("bob", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.05, Z: 0.15}).Placed(sim.At(0, 0.02, -0.2)))
		b.AddJoint(sim.Joint{Name: "ball", Type: sim.Spherical(), Parent: sim.World, Child: l, Axes: []sim.Axis{a.axis, a.axis, a.axis}})
		add(b, func(m *sim.Model, x *sim.State) {
			q := sim.RPY(0.35, 0.3, 0.1)
			copy(x.Q, []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
			x.V[0], x.V[1] = 0.5, 0.4
		}, nil)
	}

	// the velocity of a state after a divided step is that of a shorter interval
	b = world("after a divided step", 9.81)
	l = addBox(b, "box", 1, cube, 0.4)
	l2 = b.AddLink("ball", sim.BoxInertia(0.3, r3.Vec{X: 0.05, Y: 0.05, Z: 0.1}).Placed(sim.At(0, 0, 0.2)))
	b.AddJoint(sim.Joint{Name: "neck", Type: sim.Spherical(), Parent: l, Child: l2, Origin: sim.At(0, 0, 0.15),
		Axes: []sim.Axis{{Stiffness: 1, Damping: 0.01}, {Stiffness: 1, Damping: 0.01}, {Stiffness: 1, Damping: 0.01}}})
	l = b.AddLink("tail", sim.BoxInertia(0.2, r3.Vec{X: 0.1, Y: 0.02, Z: 0.02}).Placed(sim.At(0.1, 0, 0)))
	b.AddJoint(sim.Joint{Name: "tail", Type: sim.Universal(r3.Vec{Y: 1}, r3.Vec{Z: 1}), Parent: l2, Child: l,
		Axes: []sim.Axis{{Stiffness: 1, Armature: 0.01}, {Friction: 0.1}}})
	b.AddGround()
	add(b, func(m *sim.Model, x *sim.State) {
		x.Q[2], x.V[0], x.V[4], x.V[7], x.V[9], x.H = 0.1501, 2, 1, 2, 3, 0.003
	}, sliding)

	b = world("two trees", 9.81)
	addBox(b, "first", 1, cube, 0.5)
	addBox(b, "second", 3, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}, 0.2)
	b.AddGround()
	add(b, func(m *sim.Model, x *sim.State) {
		x.Q[2], x.Q[7], x.Q[9], x.V[6], x.V[0] = 0.1501, 1, 0.11, 1, -0.4
	}, loaded(4))

	// a mimic makes one mechanism of the trees it couples and of the one between
	b = world("coupled trees", 9.81)
	l = addBox(b, "first", 1, cube, 0.5)
	l2 = b.AddLink("arm", sim.BoxInertia(0.3, r3.Vec{X: 0.2, Y: 0.05, Z: 0.05}).Placed(sim.At(0.2, 0, 0)))
	b.AddJoint(sim.Joint{Name: "shoulder", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: l, Child: l2, Axes: []sim.Axis{{Drive: sim.Torque, Damping: 0.01}}})
	addBox(b, "second", 3, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}, 0.2)
	l = b.AddLink("far", sim.BoxInertia(0.2, r3.Vec{X: 0.1, Y: 0.02, Z: 0.02}).Placed(sim.At(0.1, 0, 0)))
	b.AddJoint(sim.Joint{Name: "far", Type: sim.Prismatic(r3.Vec{X: 1, Z: 1}), Parent: sim.World, Child: l, Mimic: &sim.Mimic{Joint: "shoulder", Ratio: -0.4, Offset: 0.1}})
	b.AddGround()
	add(b, func(m *sim.Model, x *sim.State) {
		x.Q[2], x.Q[7], x.V[0], x.V[6] = 0.1501, 0.3, -0.4, 0.5
		x.Q[8], x.Q[10] = 1, 0.11
		x.Q[15], x.V[13] = 0.1-0.4*x.Q[7], -0.4*x.V[6]
	}, loaded(4))

	b = world("contact without gravity", 0)
	addBox(b, "box", 1, cube, 0.5)
	b.AddGround()
	add(b, func(m *sim.Model, x *sim.State) {
		x.Q[2], x.V[2], x.V[0], x.V[3] = 0.16, -1.2, 0.4, 0.3
	}, loaded(1))
	for i, c := range pairScenes {
		b := world(c, 9.81)
		b.SetFrictionLaw(sim.FrictionLaw(i))
		pairs(b)
		add(b, func(m *sim.Model, x *sim.State) {
			copy(x.Q, []float64{0.02, 0.01, 0.31})
			copy(x.Q[7:], []float64{-0.02, 0.02, []float64{0.503, 0.503, 0.4}[i]}) // the last one deep in the other
			x.V[0], x.V[2], x.V[5], x.V[9] = 0.3, -1, 2, 1
			x.Q[14], x.Q[15] = -0.45, -0.1
			x.V[12] = -1
		}, meeting(1))
	}
	b = world("surfaces that run", 9.81)
	surfaces(b)
	add(b, func(m *sim.Model, x *sim.State) {
		x.Q[2], x.V[0] = 0.1501, 0.2
		copy(x.Q[7:], []float64{1.02, 0.01, 0.4005})
	}, loaded(2))

	b = world("soft ground and soft balls", 9.81)
	for i, name := range []string{"box", "ball", "top"} {
		l := b.AddLink(name, sim.SphereInertia(1, 0.1))
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: []contact.Shape{contact.Box(cube), contact.Sphere(0.1), contact.Sphere(0.1)}[i], Friction: 0.4,
			Surface: contact.Surface{Stiffness: 2000 + 1000*float64(i), Damping: 5 * float64(i+1), Torsion: 0.003 * float64(i), Rolling: 0.002 * float64(i)}})
	}
	b.SetPairFriction("ball", "top", 0.3)
	b.SetPairTurning("ball", "top", 0.004, 0.003)
	b.AddGround()
	add(b, func(m *sim.Model, x *sim.State) {
		q := sim.RPY(0.02, 0.03, 0)
		copy(x.Q, []float64{1, 0, 0.147, q.Real, q.Imag, q.Jmag, q.Kmag})
		copy(x.Q[7:], []float64{0, 0, 0.096})
		copy(x.Q[14:], []float64{0.01, 0.02, 0.293})
		x.V[0], x.V[9], x.V[11], x.V[12] = 0.5, 1, 3, 0.3
	}, func(s *sim.Stepper, x sim.State) bool { return loaded(5)(s, x) && meeting(1)(s, x) })

	b = world("bouncing", 9.81)
	for i, name := range []string{"box", "ball", "drum"} {
		l := b.AddLink(name, sim.BoxInertia(1, cube))
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: []contact.Shape{contact.Box(cube), contact.Sphere(0.1), contact.Cylinder(0.1, 0.1)}[i], Friction: 0.4,
			Filter: &contact.Filter{}, Surface: contact.Surface{Restitution: 0.5 + 0.2*float64(i)}})
	}
	b.AddGround()
	add(b, func(m *sim.Model, x *sim.State) {
		for i := range 3 {
			q := sim.RPY(0.3+float64(i), 0.2, 0.1)
			copy(x.Q[7*i:], []float64{float64(i), 0, []float64{0.34, 0.19, 0.23}[i], q.Real, q.Imag, q.Jmag, q.Kmag})
			x.V[6*i], x.V[6*i+2], x.V[6*i+4] = 0.5, -2, 1
		}
	}, func(_ *sim.Stepper, x sim.State) bool { return x.V[8] > 0.1 })

	// the lowest point runs around the rim, by 0.2 rad a step and by more than half a turn
	can := func(name string, tilt float64, w, v r3.Vec) {
		b := world(name, 9.81)
		l := b.AddLink("can", sim.CylinderInertia(0.35, 0.033, 0.06))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Name: "can", Link: l, Shape: contact.Cylinder(0.033, 0.06), Pose: sim.Pose{Rot: sim.RPY(0.1, 0, 0), Pos: r3.Vec{X: 0.001}}, Friction: 0.5})
		b.AddGround()
		add(b, func(m *sim.Model, x *sim.State) {
			q := sim.RPY(-0.1, tilt, 0)
			copy(x.Q, []float64{0, 0, 0.06*math.Cos(tilt) + 0.034*math.Sin(tilt), q.Real, q.Imag, q.Jmag, q.Kmag})
			copy(x.V, []float64{v.X, v.Y, v.Z, w.X, w.Y, w.Z})
		}, loaded(1))
	}
	can("can wobbling", 0.35, r3.Vec{X: -5, Z: 20}, r3.Vec{})
	can("can landing", 0.02, r3.Vec{X: 0.5, Y: -3}, r3.Vec{Z: -0.1})
	can("can standing", 0, r3.Vec{}, r3.Vec{X: 0.1})

	b = world("follower along a curve", 9.81)
	b.AddGround()
	for i, name := range []string{"leader", "follower"} {
		j := sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Y: 1, X: 0.2}), Parent: sim.World, Child: b.AddLink(name, sim.BoxInertia(1, cube).Placed(sim.At(0.3, 0, 0))), Origin: sim.At(0, float64(i), 0.5), Axes: []sim.Axis{{Drive: sim.Torque}}}
		if i == 1 {
			j.Mimic = &sim.Mimic{Joint: "leader", Ratio: 0.5, Offset: 0.1, Curve: [3]float64{0.4, -0.3, 0.2}}
		}
		b.AddJoint(j)
	}
	add(b, func(m *sim.Model, x *sim.State) {
		x.Q[0], x.V[0] = 0.7, 2
		x.Q[1] = 0.1 + 0.7*(0.5+0.7*(0.4+0.7*(-0.3+0.7*0.2)))
		x.V[1] = x.V[0] * (0.5 + 0.7*(2*0.4+0.7*(-3*0.3+0.7*4*0.2)))
	}, nil)
	for i, typ := range []sim.LoopType{sim.LoopPoint, sim.LoopHinge, sim.LoopWeld} {
		m, x := looped(t, rand.New(rand.NewPCG(9, uint64(i))), typ, i == 1, i != 2)
		all = append(all, scene{name: m.Name(), model: m, start: x, happens: func(s *sim.Stepper, _ sim.State) bool { return s.LoopForce(0) != sim.LoopForce{} }})
	}

	b = world("thrust along the ground", 9.81)
	l = addBox(b, "box", 1, cube, 0.5)
	b.AddThruster(sim.Thruster{Name: "jet", Link: l, Pose: sim.Pose{Pos: r3.Vec{X: -0.2, Z: 0.05}, Rot: sim.RPY(0.2, 0.3, 0)}, Force: r3.Vec{X: 1}, Limited: true, Lower: 8, Upper: 12})
	b.AddThruster(sim.Thruster{Name: "rotor", Link: l, Pose: sim.At(0, 0, 0.2), Force: r3.Vec{Z: 0.5}, Torque: r3.Vec{Z: 0.2}})
	b.AddGround()
	add(b, func(m *sim.Model, x *sim.State) { x.Q[2], x.V[0] = 0.1501, 1 }, sliding).input = []float64{10, 5}

	b = world("at its fastest", 9.81)
	l = b.AddLink("rod", sim.BoxInertia(1, r3.Vec{X: 0.3, Y: 0.05, Z: 0.05}).Placed(sim.At(0.3, 0, 0)))
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{MaxSpeed: 1.2, Drive: sim.Torque}}})
	add(b, func(m *sim.Model, x *sim.State) { x.V[0] = 1.15 }, func(s *sim.Stepper, x sim.State) bool { return x.V[0] > 1.19 })
	return all
}

var pairScenes = [3]string{"balls and an arm", "balls and an arm, pyramid", "balls and an arm, frictionless and deep"}

// digits returns by how much more rounding shows in a scene: what a pair feels is the difference of the motions of two bodies, each of
// which is larger, and its stiffness makes a force of that. It grows as 1/κ. Measured: 5 in tangents of states, 230 in those of forces.
func digits(c *scene, forces bool) float64 {
	switch {
	case forces && len(c.model.Loops()) > 0: // the springs of loops are 1e6 times as stiff as what they hold
		return 500
	case len(c.model.Loops()) > 0:
		return 10
	case c.name == "bouncing": // its impulses are tens of those of its weight, and stiffness grows with their square
		return 10
	case !slices.Contains(pairScenes[:], c.name):
		return 1
	case forces:
		return 500
	}
	return 10
}

// pairs adds a ball on one that is fixed in the world, another on it, and an arm that strikes them.
func pairs(b *sim.Builder) {
	b.AddGround()
	for i, name := range []string{"ball", "other"} {
		l := b.AddLink(name, sim.SphereInertia(1, 0.1))
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Sphere(0.1), Friction: 0.4 + 0.1*float64(i), Pose: sim.At(0.01, 0, 0)})
	}
	b.AddCollider(sim.Collider{Name: "fixed", Link: sim.World, Shape: contact.Sphere(0.2), Friction: 0.7, Pose: sim.At(0.1, 0, 0)})
	up, lo := b.AddLink("upper", sim.SphereInertia(0.5, 0.05)), b.AddLink("lower", sim.SphereInertia(0.5, 0.05))
	b.AddJoint(sim.Joint{Name: "shoulder", Child: up, Parent: sim.World, Type: sim.Revolute(r3.Vec{Y: 1}), Origin: sim.At(-0.4, 0, 0.75)})
	b.AddJoint(sim.Joint{Name: "elbow", Child: lo, Parent: up, Type: sim.Revolute(r3.Vec{Y: 1}), Origin: sim.At(0, 0, -0.3), Axes: []sim.Axis{{Drive: sim.Torque, Damping: 0.1}}})
	b.AddCollider(sim.Collider{Name: "hand", Link: lo, Shape: contact.Capsule(0.04, 0.1), Friction: 0.5, Pose: sim.At(0, 0, -0.2)})
}

// meeting reports whether n pairs of colliders push each other.
func meeting(n int) func(s *sim.Stepper, x sim.State) bool {
	return func(s *sim.Stepper, _ sim.State) bool {
		pushing := 0
		for _, r := range s.Engine().Meetings(nil) {
			if r3.Norm(r.Impulse) > 1e-3 {
				pushing++
			}
		}
		return pushing >= n
	}
}

// carrying counts the contacts that carry more than 0.1 N.
func carrying(s *sim.Stepper) int {
	n := 0
	for _, c := range s.Contacts() {
		if r3.Norm(c.Force) > 0.1 {
			n++
		}
	}
	return n
}
