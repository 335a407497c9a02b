package sim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// arm is a floating trunk with a box and a passive hinge, a torque-driven universal joint and a servo on a ball
// after it, a welded tool with a round tip, and a pendulum of its own beside it.
func arm(t *testing.T) *sim.Model {
	t.Helper()
	b := newWorld("arm", 0.01)
	half := r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}
	in := sim.BoxInertia(2, half)
	trunk, upper, lower, hand, tool := b.AddLink("trunk", in), b.AddLink("upper", in), b.AddLink("lower", in), b.AddLink("hand", in), b.AddLink("tool", sim.Inertia{})
	b.AddFree("base", trunk)
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: trunk, Child: upper, Origin: sim.At(0, 0, -0.3)})
	drive, servo := sim.Axis{Drive: sim.Torque, Effort: 3}, sim.Axis{Drive: sim.Servo, Kp: 1}
	b.AddJoint(sim.Joint{Name: "elbow", Type: sim.Universal(r3.Vec{X: 1}, r3.Vec{Y: 1}), Parent: upper, Child: lower, Axes: []sim.Axis{drive, drive}})
	b.AddJoint(sim.Joint{Name: "wrist", Type: sim.Spherical(), Parent: lower, Child: hand, Axes: []sim.Axis{servo, servo, servo}})
	b.AddJoint(sim.Joint{Name: "weld", Type: sim.Fixed(), Parent: hand, Child: tool, Origin: sim.At(0, 0, -0.5)})
	b.AddCollider(sim.Collider{Link: trunk, Shape: contact.Box(half)})
	b.AddCollider(sim.Collider{Name: "tip", Link: tool, Shape: contact.Sphere(0.05), Pose: sim.At(0, 0, -0.1)})
	bob := b.AddLink("bob", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}).Placed(sim.At(0, 0, -1)))
	b.AddJoint(sim.Joint{Name: "pivot", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: bob, Axes: []sim.Axis{{Drive: sim.Torque, Armature: 0.25}}})
	b.AddGround()
	b.AddHalfSpace("wall", r3.Vec{X: -1}, -3)
	return mustModel(t, b)
}

func TestFind(t *testing.T) {
	m := arm(t)
	for _, list := range []struct {
		what  string
		names []string
		find  func(string) (int, error)
	}{{"body", m.Bodies(), m.FindBody}, {"input", m.Inputs(), m.FindInput}, {"collider", m.Colliders(), m.FindCollider}} {
		for i, name := range list.names {
			if k, err := list.find(name); k != i || err != nil {
				t.Errorf("%s %q is number %d (%v), want %d", list.what, name, k, err, i)
			}
		}
		k, err := list.find("tail")
		if k != -1 || err == nil || !strings.Contains(err.Error(), `"arm" has no `+list.what+` "tail"`) {
			t.Errorf("looking for a %s that is not there: %d, %v", list.what, k, err)
		}
	}
	if _, err := m.FindBody("tool"); err == nil || !strings.Contains(err.Error(), `fixed to body "hand"`) {
		t.Errorf("a welded link: %v", err)
	}
}

// TestFrameFollowsItsBody compares a welded link with a frame that the engine moves as a body.
func TestFrameFollowsItsBody(t *testing.T) {
	m := arm(t)
	st := m.NewState()
	toss(&st, 3)
	poses := make([]sim.Pose, len(m.Bodies()))
	m.Poses(poses, st.Q)
	for i, name := range m.Bodies() {
		f, err := m.Frame(name)
		if err != nil || f.Placed(poses) != poses[i].Mul(sim.IdentityPose) {
			t.Errorf("frame of body %s is at %v, want %v (%v)", name, f.Placed(poses), poses[i], err)
		}
	}
	tool, err := m.Frame("tool")
	hand, _ := m.FindBody("hand")
	if d := r3.Norm(r3.Sub(tool.Placed(poses).Pos, poses[hand].Apply(r3.Vec{Z: -0.5}))); d > 1e-14 || err != nil {
		t.Errorf("the tool is %g m from where the weld puts it (%v)", d, err)
	}
	if p := (sim.Frame{Body: -1, Pose: sim.At(1, 2, 3)}).Placed(nil); p != sim.At(1, 2, 3) {
		t.Errorf("a frame of the world is at %v", p)
	}
}

func TestInputInfo(t *testing.T) {
	m := arm(t)
	want := []string{"elbow 0", "elbow 1", "wrist 0", "wrist 1", "wrist 2", "pivot 0"}
	if m.NU() != len(want) {
		t.Fatalf("%d inputs", m.NU())
	}
	last := -1
	for i, name := range m.Inputs() {
		in := m.InputInfo(i)
		j := m.Joints()[in.Joint]
		if got := j.Name + " " + string(rune('0'+in.Axis)); got != want[i] || in.Name != name {
			t.Errorf("input %d is %s of %q, want %s of %q", i, got, in.Name, want[i], name)
		}
		if j.Axes[in.Axis].Drive == sim.Passive || j.V+in.Axis <= last {
			t.Errorf("input %d drives a passive axis, or inputs are out of order", i)
		}
		last = j.V + in.Axis
	}
}

// TestMechanism: the floating arm and the pendulum are two, with the scales of textbook bodies.
func TestMechanism(t *testing.T) {
	m := arm(t)
	for i, name := range m.Bodies() {
		k := m.Mechanism(i)
		first, last, mass := 0, 4, 8.0
		if name == "bob" {
			first, last, mass = 4, 5, 1
		}
		if k.First != first || k.Last != last || math.Abs(k.Mass-mass) > 1e-12 || math.Abs(k.Weight()-mass*9.81) > 1e-9 {
			t.Errorf("%s: %+v", name, k)
		}
	}
	bob, _ := m.FindBody("bob")
	// a cube of half edge a: a gyration of √(trace of inertia / 2 / m) = √(3 · (2/3) a² / 2)
	if got := m.Mechanism(bob).Radius; math.Abs(got-0.1) > 1e-12 {
		t.Errorf("the cube's radius of gyration is %g m, want 0.1", got)
	}
	pivot, err := m.Joint("pivot")
	if want := 1 + 2.0/3*0.01 + 0.25; err != nil || math.Abs(m.AxisInertia(pivot.V)-want) > 1e-12 {
		t.Errorf("the pivot moves %g kg m² (%v), want %g", m.AxisInertia(pivot.V), err, want)
	}
	if got := m.AxisInertia(0); math.Abs(got-8) > 1e-12 {
		t.Errorf("the floating base moves %g kg, want 8", got)
	}
	b := newWorld("space", 0.01)
	b.SetGravity(r3.Vec{})
	b.AddFree("free", b.AddLink("rock", sim.BoxInertia(1, r3.Vec{X: 1, Y: 1, Z: 1})))
	if g := mustModel(t, b).Mechanism(0).Gravity; g != 9.81 {
		t.Errorf("the reference gravity of free space is %g", g)
	}
}

func TestMimics(t *testing.T) {
	b := newWorld("gripper", 0.01)
	in := sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1})
	palm, left, right := b.AddLink("palm", in), b.AddLink("left", in), b.AddLink("right", in)
	b.AddFree("base", palm)
	b.AddJoint(sim.Joint{Name: "jaw", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: palm, Child: left})
	b.AddJoint(sim.Joint{Name: "other jaw", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: palm, Child: right, Mimic: &sim.Mimic{Joint: "jaw", Ratio: -2, Offset: 0.1}})
	m := mustModel(t, b)
	l := m.Mimics()
	if len(l) != 1 || m.Joints()[l[0].Joint].Name != "other jaw" || m.Joints()[l[0].Of].Name != "jaw" || l[0].Ratio != -2 || l[0].Offset != 0.1 {
		t.Errorf("%+v", l)
	}
	if l := arm(t).Mimics(); l != nil {
		t.Errorf("a model without couplings has %+v", l)
	}
}

// TestDisplace: coordinates add, a quaternion turns in body axes and stays unit.
func TestDisplace(t *testing.T) {
	m := arm(t)
	st := m.NewState()
	toss(&st, 11)
	d := make([]float64, m.NV())
	d[2], d[3], d[6] = 0.5, 0.3, -0.2 // base: z, turn about its x; hinge
	q := make([]float64, m.NQ())
	m.Displace(q, st.Q, d)
	before, after := make([]sim.Pose, len(m.Bodies())), make([]sim.Pose, len(m.Bodies()))
	m.Poses(before, st.Q)
	m.Poses(after, q)
	if dz := after[0].Pos.Z - before[0].Pos.Z; math.Abs(dz-0.5) > 1e-14 {
		t.Errorf("the base rose by %g m", dz)
	}
	x := r3.Vec{X: 1}
	if a, b := spatial.QuatRotate(before[0].Rot, x), spatial.QuatRotate(after[0].Rot, x); r3.Norm(r3.Sub(a, b)) > 1e-14 {
		t.Errorf("a turn about the body's x axis moved that axis from %v to %v", a, b)
	}
	y := r3.Vec{Y: 1}
	if c := r3.Dot(spatial.QuatRotate(before[0].Rot, y), spatial.QuatRotate(after[0].Rot, y)); math.Abs(c-math.Cos(0.3)) > 1e-14 {
		t.Errorf("the base turned by %g rad, want 0.3", math.Acos(c))
	}
	if got := q[7] - st.Q[7]; math.Abs(got+0.2) > 1e-14 {
		t.Errorf("the hinge moved by %g", got)
	}
	if err := m.CheckState(sim.State{Q: q, V: st.V}); err != nil {
		t.Error(err)
	}
	want := append([]float64(nil), q...)
	m.Displace(st.Q, st.Q, d) // in place
	for i := range want {
		if st.Q[i] != want[i] {
			t.Fatalf("in place, coordinate %d comes out as %g, not %g", i, st.Q[i], want[i])
		}
	}
}

// TestKappaUnits: a row is as hard as what it moves weighs. A ball has its own weight, whatever lies beside it; a slider of a
// heavy hand the weight of the finger, and of a hinge what turns about it; a shape off the center moves less mass.
func TestKappaUnits(t *testing.T) {
	const h = 0.01
	b := newWorld("scales", h)
	ball := b.AddLink("ball", sim.SphereInertia(2, 0.1))
	b.AddFree("ball", ball)
	b.AddCollider(sim.Collider{Name: "middle", Link: ball, Shape: contact.Sphere(0.1)})
	b.AddCollider(sim.Collider{Name: "aside", Link: ball, Shape: contact.Sphere(0.1), Pose: sim.At(0.3, 0, 0)})
	finger := b.AddLink("finger", sim.SphereInertia(0.05, 0.01))
	palm := b.AddLink("palm", sim.SphereInertia(100, 0.2))
	b.AddJoint(sim.Joint{Name: "lift", Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: sim.World, Child: palm})
	b.AddJoint(sim.Joint{Name: "grip", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: palm, Child: finger})
	rod := b.AddLink("rod", sim.SphereInertia(1, 0.1).Placed(sim.At(1, 0, 0)))
	b.AddJoint(sim.Joint{Name: "pivot", Type: sim.Revolute(r3.Vec{Z: 1}), Parent: sim.World, Child: rod})
	b.AddGround()
	m := mustModel(t, b)
	unit := func(mass, length float64) float64 { return mass * 9.81 * h * length }
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12*want {
			t.Errorf("%s: κ = 1 is %g J s, want %g", what, got, want)
		}
	}
	at := func(joint string) int {
		j, err := m.Joint(joint)
		if err != nil {
			t.Fatal(err)
		}
		return j.V
	}
	radius := func(body string) float64 {
		i, err := m.FindBody(body)
		if err != nil {
			t.Fatal(err)
		}
		return m.Mechanism(i).Radius
	}
	near("ball", m.KappaUnit(0), unit(2, radius("ball")))
	// a force across the arm of 0.3 m turns the ball: two of three directions move 1/(1/m + r²/I)
	inertia := 0.4 * 2 * 0.1 * 0.1
	near("aside", m.KappaUnit(1), unit(3/(3/2.+2*0.3*0.3/inertia), radius("ball")))
	near("grip", m.DofKappaUnit(at("grip")), unit(0.05, radius("finger")))
	near("lift", m.DofKappaUnit(at("lift")), unit(100.05, radius("palm")))
	l := radius("rod")
	near("pivot", m.DofKappaUnit(at("pivot")), unit((0.4*0.01+1)/(l*l), l))
}
