package sim_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func sensor(t *testing.T, s *sim.Stepper, link string, at sim.Pose) *sim.Sensor {
	t.Helper()
	x, err := s.AddSensor(link, at)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func sameWrench(t *testing.T, got, want sim.Wrench, limit float64, what string) {
	t.Helper()
	tol.Within(t, math.Max(r3.Norm(r3.Sub(got.Force, want.Force)), r3.Norm(r3.Sub(got.Torque, want.Torque))), limit, "%s: %v, want %v", what, got, want)
}

// TestWeightOnAWeldedLink: an arm held by a stiff servo carries a hand of 2 kg welded 0.4 m out, with a bob of 0.5 kg
// that hangs on the hand by a hinge. The weld carries both; the torque is that of the hand's weight about it.
func TestWeightOnAWeldedLink(t *testing.T) {
	b := newWorld("arm", 0.01)
	arm := b.AddLink("arm", sim.BoxInertia(3, r3.Vec{X: 0.2, Y: 0.05, Z: 0.05}))
	hand := b.AddLink("hand", sim.BoxInertia(2, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}).Placed(sim.At(0.15, 0, 0)))
	bob := b.AddLink("bob", sim.BoxInertia(0.5, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}).Placed(sim.At(0, 0, -0.3)))
	b.AddJoint(sim.Joint{Name: "shoulder", Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: sim.World, Child: arm, Axes: []sim.Axis{{Drive: sim.Servo, Kp: 1e6, Kd: 1e4}}})
	b.AddJoint(sim.Joint{Name: "wrist", Type: sim.Fixed(), Parent: arm, Child: hand, Origin: sim.Pose{Pos: r3.Vec{X: 0.4}, Rot: sim.RPY(0, math.Pi/2, 0)}})
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: hand, Child: bob, Origin: sim.Pose{Pos: r3.Vec{X: 0.2}, Rot: sim.RPY(0, -math.Pi/2, 0)}, Axes: []sim.Axis{{Damping: 0.2}}})
	m := mustModel(t, b)
	s := m.NewStepper(sim.Options{})
	wrist, base := sensor(t, s, "hand", sim.IdentityPose), sensor(t, s, "arm", sim.IdentityPose)
	off := sensor(t, s, "hand", sim.At(0, 0, 0.1)) // z of the hand is x of the world
	x := m.NewState()
	for range 1500 {
		must(t, s, &x, nil)
	}
	// the hand's x points down, so its center is 0.15 m below the weld and the hinge 0.2 m below
	up := r3.Vec{Z: 2.5 * gravity}
	sameWrench(t, wrist.Wrench(), sim.Wrench{Force: up}, 1e-6, "at the weld, world axes")
	sameWrench(t, wrist.Reading(), sim.Wrench{Force: r3.Vec{X: -2.5 * gravity}}, 1e-6, "at the weld, its own axes")
	sameWrench(t, off.Wrench(), sim.Wrench{Force: up, Torque: r3.Vec{Y: 0.1 * 2.5 * gravity}}, 1e-6, "0.1 m farther out")
	sameWrench(t, base.Wrench(), sim.Wrench{Force: r3.Vec{Z: 5.5 * gravity}, Torque: r3.Vec{Y: -0.4 * 2.5 * gravity}}, 1e-6, "at the shoulder")
	sameWrench(t, base.Wrench(), s.JointWrench(0), 1e-12, "at the shoulder, the joint's")
	if _, err := s.AddSensor("elbow", sim.IdentityPose); err == nil || !strings.Contains(err.Error(), `no link "elbow"`) {
		t.Errorf("a sensor at no link: %v", err)
	}
}

// TestBoxOnATable: a table bolted to the world feels its own weight and the box's, the box the table's force, and the
// sums of contact forces agree, whoever asks; pushed sideways too.
func TestBoxOnATable(t *testing.T) {
	b := newWorld("table", 0.01)
	table := b.AddLink("table", sim.BoxInertia(7, r3.Vec{X: 1, Y: 1, Z: 0.05}))
	b.AddJoint(sim.Joint{Name: "bolt", Type: sim.Fixed(), Parent: sim.World, Child: table, Origin: sim.At(0, 0, 1)})
	b.AddCollider(sim.Collider{Name: "top", Link: table, Shape: contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.05}), Friction: 1})
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
	addBox(b, "box", 3, half, 1)
	b.AddGround()
	m := mustModel(t, b)
	s := m.NewStepper(sim.Options{})
	bolt := sensor(t, s, "table", sim.IdentityPose)
	x := m.NewState()
	x.Q[0], x.Q[2] = 0.3, 1.15
	for range 200 {
		must(t, s, &x, nil)
	}
	at := r3.Vec{X: 0.3, Z: 1.15}
	sameWrench(t, bolt.Wrench(), sim.Wrench{Force: r3.Vec{Z: 10 * gravity}, Torque: r3.Vec{Y: -0.3 * 3 * gravity}}, 1e-4, "the table's bolts")
	up := sim.Wrench{Force: r3.Vec{Z: 3 * gravity}}
	sameWrench(t, s.ContactWrench(0, at), up, 1e-4, "on the box")
	sameWrench(t, s.ContactWrenchFrom(0, -1, at), up, 1e-4, "on the box, from the world")
	down := sim.Wrench{Force: r3.Scale(-1, up.Force)}
	sameWrench(t, s.ContactWrench(-1, at), down, 1e-4, "on the world")
	sameWrench(t, s.ContactWrenchFrom(-1, 0, at), down, 1e-4, "on the world, from the box")
	pair := sim.Pair{A: 1, B: 0}
	sameWrench(t, s.PairWrench(pair, at), up, 1e-4, "of the pair")
	sameWrench(t, s.PairWrench(sim.Pair{A: 0, B: 1}, at), down, 1e-4, "of the pair turned round")
	sameWrench(t, s.PairWrench(sim.Pair{A: 1, B: -1}, at), sim.Wrench{}, 0, "of box and ground")
	s.SetWrench(0, sim.Wrench{Force: r3.Vec{X: 10}})
	for range 100 {
		must(t, s, &x, nil)
	}
	if f := bolt.Wrench().Force; math.Abs(f.X+10) > 1e-3 {
		t.Errorf("pushed by 10 N along x the bolts hold with %g N", f.X)
	}
	if n := testing.AllocsPerRun(10, func() {
		must(t, s, &x, nil)
		bolt.Reading()
		s.ContactWrench(0, at)
		s.PairWrench(pair, at)
	}); n > 0 {
		t.Errorf("a step and what is asked of it take %g allocations", n)
	}
	in := s.ContactWrench(0, at).In(sim.Pose{Rot: sim.RPY(0, 0, math.Pi/2)})
	if math.Abs(in.Force.Y-10) > 1e-3 {
		t.Errorf("in axes turned by 90° the friction is %v", in.Force)
	}
}

// TestSensorAgreesWithASplitBody: two halves of a body that a fixed joint merges, thrown with a tail: what the joint
// transmits is what a loop does that welds the halves when they are bodies of their own, but for terms of second order
// in h.
func TestSensorAgreesWithASplitBody(t *testing.T) {
	build := func(h float64, split bool) (*sim.Model, sim.State) {
		b := newWorld("halves", h)
		rng := rand.New(rand.NewPCG(3, 1))
		left, right := b.AddLink("left", randomInertia(rng)), b.AddLink("right", randomInertia(rng))
		tail := b.AddLink("tail", randomInertia(rng))
		b.AddFree("base", left)
		if split {
			b.AddFree("free", right)
			b.AddLoop(sim.Loop{Name: "weld", Type: sim.LoopWeld, LinkA: right, LinkB: left, PoseB: sim.At(0.3, 0.1, 0)})
		} else {
			b.AddJoint(sim.Joint{Name: "weld", Type: sim.Fixed(), Parent: left, Child: right, Origin: sim.At(0.3, 0.1, 0)})
		}
		b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: right, Child: tail, Origin: sim.At(0.2, 0, 0)})
		m := mustModel(t, b)
		x := m.NewState()
		spin, at := r3.Vec{X: 1, Y: -2, Z: 1.5}, r3.Vec{X: 0.3, Y: 0.1}
		for _, j := range m.Joints() {
			switch {
			case j.Name == "base":
				copy(x.V[j.V:], []float64{0.3, 0, 1, spin.X, spin.Y, spin.Z})
			case j.Name == "free":
				v := r3.Add(r3.Vec{X: 0.3, Z: 1}, r3.Cross(spin, at))
				copy(x.Q[j.Q:], []float64{at.X, at.Y, 0})
				copy(x.V[j.V:], []float64{v.X, v.Y, v.Z, spin.X, spin.Y, spin.Z})
			default:
				x.V[j.V] = 2
			}
		}
		return m, x
	}
	var errs []float64
	for _, h := range []float64{0.008, 0.004, 0.002} {
		m, x := build(h, false)
		n, y := build(h, true)
		s, r := m.NewStepper(sim.Options{Tolerance: 1e-12}), n.NewStepper(sim.Options{Tolerance: 1e-12})
		weld := sensor(t, s, "right", sim.IdentityPose)
		for range int(0.2 / h) {
			must(t, s, &x, nil)
			must(t, r, &y, nil)
		}
		f := r.LoopForce(0)
		errs = append(errs, r3.Norm(r3.Sub(weld.Wrench().Force, f.Force))+r3.Norm(r3.Sub(weld.Wrench().Torque, f.Torque)))
		if h == 0.008 && r3.Norm(f.Force) < 1 {
			t.Fatalf("the weld transmits %v: too little to tell", f)
		}
	}
	t.Logf("welded and split bodies differ by %.3g N at h = 8, 4, 2 ms", errs)
	if errs[2] > 0.3*errs[1] || errs[1] > 0.3*errs[0] {
		t.Errorf("welded and split bodies differ by %.3g, which does not fall as h²", errs)
	}
}

// TestSensorOfEverything: a piece that is all of a body but a link without mass measures what the body's joint does,
// with contacts of half-spaces and bodies, loops on both sides and joints that hang on it.
func TestSensorOfEverything(t *testing.T) {
	b := newWorld("burdened", 0.01)
	rng := rand.New(rand.NewPCG(2, 1))
	carrier, cargo := b.AddLink("carrier", sim.Inertia{}), b.AddLink("cargo", randomInertia(rng))
	tail, ball, stick := b.AddLink("tail", randomInertia(rng)), b.AddLink("ball", randomInertia(rng)), b.AddLink("stick", randomInertia(rng))
	b.AddJoint(sim.Joint{Name: "lift", Type: sim.Cylindrical(r3.Vec{Z: 1}), Parent: sim.World, Child: carrier, Origin: sim.At(0, 0, 0.3)})
	b.AddJoint(sim.Joint{Name: "weld", Type: sim.Fixed(), Parent: carrier, Child: cargo, Origin: sim.Pose{Pos: r3.Vec{X: 0.1, Y: 0.2, Z: 0.1}, Rot: sim.RPY(0.3, 0.1, -0.4)}})
	b.AddJoint(sim.Joint{Name: "tail", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: cargo, Child: tail, Origin: sim.At(0.2, 0, 0)})
	b.AddFree("ball", ball)
	b.AddFree("stick", stick)
	b.AddLoop(sim.Loop{Name: "a", Type: sim.LoopPoint, LinkA: cargo, LinkB: stick, PoseA: sim.At(0.1, 0.3, 0.2)})
	b.AddLoop(sim.Loop{Name: "b", Type: sim.LoopPoint, LinkA: tail, LinkB: cargo, PoseA: sim.At(0, 0.1, 0), PoseB: sim.At(0.2, 0.1, 0)})
	b.AddCollider(sim.Collider{Name: "cargo", Link: cargo, Shape: contact.Box(r3.Vec{X: 0.4, Y: 0.4, Z: 0.1}), Friction: 0.5})
	b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(0.1), Friction: 0.5})
	b.AddGround()
	m := mustModel(t, b)
	x := m.NewState()
	for _, j := range m.Joints() {
		switch j.Name {
		case "ball":
			copy(x.Q[j.Q:], []float64{0.1, 0.2, 0.7})
		case "stick":
			copy(x.Q[j.Q:], []float64{0.1, 0.5, 0.5})
		}
	}
	if err := m.Assemble(&x); err != nil {
		t.Fatal(err)
	}
	s := m.NewStepper(sim.Options{})
	weld, lift := sensor(t, s, "cargo", sim.IdentityPose), sensor(t, s, "carrier", sim.Pose{Pos: r3.Vec{X: 0.1, Y: 0.2, Z: 0.1}, Rot: sim.RPY(0.3, 0.1, -0.4)})
	pushed, divided := map[string]bool{}, 0
	x.V[m.Joints()[0].V+1] = 250 // rad/s: the first steps are divided
	for range 150 {
		divided += must(t, s, &x, nil).Halvings
		sameWrench(t, weld.Wrench(), lift.Wrench(), 1e-9, "weld and lift")
		sameWrench(t, weld.Reading(), lift.Reading(), 1e-9, "weld and lift, their own axes")
		for _, c := range s.Contacts() {
			if r3.Norm(c.Force) > 1 {
				pushed[m.ContactName(c.ID)[:6]] = true
			}
		}
	}
	if len(pushed) < 2 || divided == 0 {
		t.Errorf("only %v pushed, %d divisions", pushed, divided)
	}
}
