package ik_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sim/ik"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

func build(t testing.TB, f func(b *sim.Builder)) *sim.Model {
	t.Helper()
	b := sim.NewBuilder("arm")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	f(b)
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var in = sim.Inertia{Mass: 1, Ixx: 0.1, Iyy: 0.1, Izz: 0.1}

// planar is two rods of 1 m and 0.7 m that turn about z; the elbow bends by at most limit.
func planar(t testing.TB, limit float64) *sim.Model {
	return build(t, func(b *sim.Builder) {
		upper, lower, hand := b.AddLink("upper", in), b.AddLink("lower", in), b.AddLink("hand", sim.Inertia{})
		z := sim.Revolute(r3.Vec{Z: 1})
		b.AddJoint(sim.Joint{Name: "shoulder", Type: z, Parent: sim.World, Child: upper})
		b.AddJoint(sim.Joint{Name: "elbow", Type: z, Parent: upper, Child: lower, Origin: sim.At(1, 0, 0), Axes: []sim.Axis{{Limited: true, Lower: 0, Upper: limit}}})
		b.AddJoint(sim.Joint{Name: "weld", Type: sim.Fixed(), Parent: lower, Child: hand, Origin: sim.At(0.7, 0, 0)})
	})
}

func frame(t testing.TB, m *sim.Model, name string) sim.Frame {
	t.Helper()
	f, err := m.Frame(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func solver(t testing.TB, m *sim.Model, o ik.Options) *ik.Solver {
	t.Helper()
	s, err := ik.New(m, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// where returns the pose of a frame by the model's kinematics alone.
func where(m *sim.Model, q []float64, f sim.Frame) sim.Pose {
	poses := make([]sim.Pose, len(m.Bodies()))
	m.Poses(poses, q)
	return f.Placed(poses)
}

// off returns distance and angle between two poses.
func off(a, b sim.Pose) (distance, angle float64) {
	d := quat.Mul(quat.Conj(a.Rot), b.Rot)
	return r3.Norm(r3.Sub(a.Pos, b.Pos)), 2 * math.Atan2(math.Sqrt(d.Imag*d.Imag+d.Jmag*d.Jmag+d.Kmag*d.Kmag), math.Abs(d.Real))
}

// TestTwoLinks: in reach the elbow has the angle of the law of cosines; out of reach the arm points at the target, and what is left is
// what it lacks; an elbow at its limit leaves what the longest reach under it does.
func TestTwoLinks(t *testing.T) {
	at := func(r, a float64) ik.Target {
		return ik.Target{Pose: sim.At(r*math.Cos(a), r*math.Sin(a), 0), Point: true}
	}
	for _, c := range []struct {
		name       string
		limit      float64
		r, a       float64
		elbow      float64
		left       float64
		atLimit    string
		tolerance  float64
		iterations int
	}{
		{"in reach", 3, 1.2, 0.4, math.Acos((1.44 - 1.49) / 1.4), 0, "", 1e-8, 30},
		{"too far", 3, 2, -0.7, 0, 0.3, "elbow", 1e-4, 200},
		{"too near", 1, 0.5, 0.2, 1, math.Sqrt(1.49+1.4*math.Cos(1)) - 0.5, "elbow", 1e-4, 200},
	} {
		m := planar(t, c.limit)
		target := at(c.r, c.a)
		target.Frame = frame(t, m, "hand")
		q := []float64{0.1, 0.3}
		r, err := solver(t, m, ik.Options{}).Solve(q, q, target)
		if reached := err == nil; reached != (c.left == 0) || err != nil && (!errors.Is(err, ik.ErrNotReached) || !strings.Contains(err.Error(), c.atLimit)) {
			t.Errorf("%s: %v", c.name, err)
		}
		if math.Abs(q[1]-c.elbow) > c.tolerance || math.Abs(r.Distance-c.left) > c.tolerance*c.tolerance+1e-8 || strings.Join(r.AtLimit, "") != c.atLimit || r.Iterations > c.iterations {
			t.Errorf("%s: elbow at %g, want %g; %+v, want %g left", c.name, q[1], c.elbow, r, c.left)
		}
	}
}

// TestEveryKindOfJoint: a free base that is held, a ball joint with a limit, a universal joint, a slider, and a hinge
// that follows another reach a pose that the same joints have, within the limits.
func TestEveryKindOfJoint(t *testing.T) {
	m := build(t, func(b *sim.Builder) {
		names := []string{"base", "ball", "universal", "slider", "lead", "follow"}
		types := []sim.JointType{sim.Free(), sim.Spherical(), sim.Universal(r3.Vec{X: 1}, r3.Vec{Y: 1}), sim.Prismatic(r3.Vec{X: 1, Z: 1}), sim.Revolute(r3.Vec{Z: 1}), sim.Revolute(r3.Vec{Y: 1})}
		parent := sim.World
		for i, n := range names {
			l := b.AddLink(n, in)
			j := sim.Joint{Name: n, Type: types[i], Parent: parent, Child: l, Origin: sim.Pose{Pos: r3.Vec{X: 0.3}, Rot: sim.RPY(0.1, 0.2, float64(i))}}
			switch n {
			case "ball":
				a := sim.Axis{Limited: true, Upper: 0.8}
				j.Axes = []sim.Axis{a, a, a}
			case "slider":
				j.Axes = []sim.Axis{{Limited: true, Lower: -0.2, Upper: 0.2}}
			case "follow":
				j.Mimic = &sim.Mimic{Joint: "lead", Ratio: -0.5, Offset: 0.2, Curve: [3]float64{0.1}}
			}
			b.AddJoint(j)
			parent = l
		}
	})
	tip := frame(t, m, "follow")
	tip.Pose = sim.At(0.2, 0.1, 0)
	s := solver(t, m, ik.Options{Hold: []string{"base"}})
	rng := rand.New(rand.NewPCG(1, 1))
	reached := 0
	for range 40 {
		want := m.NewState().Q
		d := make([]float64, m.NV())
		for i := 6; i < len(d)-1; i++ {
			d[i] = 0.3 * rng.NormFloat64()
		}
		m.Displace(want, want, d)
		x := want[len(want)-2]
		want[len(want)-3] = min(max(want[len(want)-3], -0.2), 0.2)
		want[len(want)-1] = 0.2 - 0.5*x + 0.1*x*x
		q := m.NewState().Q
		before := append([]float64(nil), q[:7]...)
		r, err := s.Solve(q, q, ik.Target{Frame: tip, Pose: where(m, want, tip)})
		if fmt.Sprint(before) != fmt.Sprint(q[:7]) {
			t.Error("a joint that is held moved")
		}
		x = q[len(q)-2]
		if e := q[len(q)-1] - (0.2 - 0.5*x + 0.1*x*x); math.Abs(e) > 1e-12 {
			t.Errorf("the follower is off by %g", e)
		}
		if a := 2 * math.Acos(min(math.Abs(q[7]), 1)); a > 0.8+1e-9 || math.Abs(q[len(q)-3]) > 0.2 {
			t.Errorf("the ball joint is bent by %g, the slider at %g", a, q[len(q)-3])
		}
		if distance, angle := off(where(m, q, tip), where(m, want, tip)); math.Abs(distance-r.Distance) > 1e-12 || math.Abs(angle-r.Angle) > 1e-7 || err == nil && distance > 1e-8 {
			t.Errorf("off by %g m and %g rad, said %+v, %v", distance, angle, r, err)
		}
		if err == nil {
			reached++
		}
	}
	t.Logf("%d of 40 reached", reached)
	if reached < 36 {
		t.Errorf("%d of 40 reached", reached)
	}
}

// TestAFollowerCounts: a slider on one that it follows at twice the way moves the hand three times as far. One step of
// Newton's method knows.
func TestAFollowerCounts(t *testing.T) {
	m := build(t, func(b *sim.Builder) {
		lead, follow := b.AddLink("lead", in), b.AddLink("follow", in)
		x := sim.Prismatic(r3.Vec{X: 1})
		b.AddJoint(sim.Joint{Name: "lead", Type: x, Parent: sim.World, Child: lead})
		b.AddJoint(sim.Joint{Name: "follow", Type: x, Parent: lead, Child: follow, Mimic: &sim.Mimic{Joint: "lead", Ratio: 2}})
	})
	q := m.NewState().Q
	r, err := solver(t, m, ik.Options{Length: 10}).Solve(q, q, ik.Target{Frame: frame(t, m, "follow"), Pose: sim.At(1.5, 0, 0), Point: true})
	if err != nil || math.Abs(q[0]-0.5) > 1e-8 || r.Iterations > 5 {
		t.Errorf("at %v after %d steps, %v", q, r.Iterations, err)
	}
}

// TestFeetOfTheQuadruped: the trunk held, all four feet go where they are sent at once.
func TestFeetOfTheQuadruped(t *testing.T) {
	m, x, err := models.Load("quadruped4", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := solver(t, m, ik.Options{Hold: []string{m.Joints()[0].Name}})
	want := append([]float64(nil), x.Q...)
	for i := 7; i < len(want); i++ {
		want[i] += 0.2 * math.Sin(float64(i))
	}
	var targets []ik.Target
	for _, c := range m.Joints() {
		if leaf := len(targets) < 4 && strings.Contains(m.Bodies()[c.Child], "calf"); leaf {
			f := frame(t, m, m.Bodies()[c.Child])
			f.Pose = sim.At(0, 0, -0.2)
			targets = append(targets, ik.Target{Frame: f, Pose: where(m, want, f), Point: true})
		}
	}
	if len(targets) != 4 {
		t.Fatalf("%d feet", len(targets))
	}
	q := append([]float64(nil), x.Q...)
	r, err := s.Solve(q, q, targets...)
	if err != nil || r.Iterations > 20 {
		t.Errorf("%+v, %v", r, err)
	}
	for _, f := range targets {
		if d, _ := off(where(m, q, f.Frame), f.Pose); d > 1e-8 {
			t.Errorf("a foot is %g m off", d)
		}
	}
}

// TestArmsOfTheData: poses that random configurations within the limits of two arms have are reached from a start half
// a radian away in every joint, and from the middle mostly.
func TestArmsOfTheData(t *testing.T) {
	for _, c := range []struct{ file, tip string }{{"panda.urdf", "panda_link8"}, {"ur5.urdf", "ee_link"}} {
		path := fixture.DataFile(t, "urdf/"+c.file)
		if path == "" {
			continue
		}
		robot, err := urdf.Load(path, urdf.Options{Base: urdf.FixedBase})
		if err != nil {
			t.Fatal(err)
		}
		m, err := robot.Builder.Build()
		if err != nil {
			t.Fatal(err)
		}
		tip := frame(t, m, c.tip)
		s := solver(t, m, ik.Options{})
		rng := rand.New(rand.NewPCG(4, 4))
		const poses = 200
		near, far, tried := 0, 0, 0
		for range poses {
			want, q := m.NewState().Q, m.NewState().Q
			for _, j := range m.Joints() {
				low, up := max(j.Axes[0].Lower, -math.Pi), min(j.Axes[0].Upper, math.Pi)
				want[j.Q] = low + (up-low)*rng.Float64()
				q[j.Q] = min(max(want[j.Q]+0.5*(2*rng.Float64()-1), low), up)
			}
			for k, start := range [][]float64{q, m.NewState().Q} {
				r, err := s.Solve(q, start, ik.Target{Frame: tip, Pose: where(m, want, tip)})
				tried += r.Iterations
				d, a := off(where(m, q, tip), where(m, want, tip))
				if err == nil && (d > 1e-8 || a > 1e-6) {
					t.Errorf("%s: off by %g m and %g rad, said %+v", c.file, d, a, r)
				}
				for _, j := range m.Joints() {
					if x := q[j.Q]; j.Axes[0].Limited && (x < j.Axes[0].Lower || x > j.Axes[0].Upper) {
						t.Errorf("%s: joint %s at %g", c.file, j.Name, x)
					}
				}
				if err == nil {
					*[]*int{&near, &far}[k]++
				}
			}
		}
		t.Logf("%s: of %d poses %d are reached from nearby, %d from the middle, with %.1f steps each", c.file, poses, near, far, float64(tried)/float64(2*poses))
		if near < poses*95/100 || far < poses/2 {
			t.Errorf("%s: of %d poses %d are reached from nearby, %d from the middle", c.file, poses, near, far)
		}
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	m := planar(t, 1)
	s := solver(t, m, ik.Options{})
	q := m.NewState().Q
	hand := frame(t, m, "hand")
	for want, targets := range map[string][]ik.Target{
		"no target":      nil,
		"fixed to":       {{Frame: sim.Frame{Name: "floor", Body: -1}}},
		"not finite":     {{Frame: hand, Pose: sim.At(math.NaN(), 0, 0)}},
		"quaternion not": {{Frame: hand}},
	} {
		if _, err := s.Solve(q, q, targets...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want one that says %q", err, want)
		}
	}
	if _, err := s.Solve(q, q[:1], ik.Target{Frame: hand, Pose: sim.IdentityPose}); err == nil {
		t.Error("a start of one number")
	}
	if _, err := ik.New(m, ik.Options{Hold: []string{"knee"}}); err == nil || !strings.Contains(err.Error(), "knee") {
		t.Errorf("a joint that is not there: %v", err)
	}
	if _, err := ik.New(m, ik.Options{Tolerance: -1}); err == nil {
		t.Error("a negative tolerance")
	}
	loops, _, err := models.Load("fourbar", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ik.New(loops, ik.Options{}); err == nil || !strings.Contains(err.Error(), "loop") {
		t.Errorf("a linkage: %v", err)
	}
}

func ExampleSolver_Solve() {
	b := sim.NewBuilder("arm")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	upper, lower, hand := b.AddLink("upper", in), b.AddLink("lower", in), b.AddLink("hand", sim.Inertia{})
	hinge := sim.Revolute(r3.Vec{Y: -1})
	b.AddJoint(sim.Joint{Name: "shoulder", Type: hinge, Parent: sim.World, Child: upper})
	b.AddJoint(sim.Joint{Name: "elbow", Type: hinge, Parent: upper, Child: lower, Origin: sim.At(1, 0, 0)})
	b.AddJoint(sim.Joint{Name: "weld", Type: sim.Fixed(), Parent: lower, Child: hand, Origin: sim.At(1, 0, 0)})
	m, _ := b.Build()
	s, _ := ik.New(m, ik.Options{})
	f, _ := m.Frame("hand")
	q := []float64{0.2, 0.5} // where the search starts
	_, err := s.Solve(q, q, ik.Target{Frame: f, Pose: sim.At(1.2, 0, 0.9), Point: true})
	fmt.Printf("%.3f %.3f %v\n", q[0], q[1], err)
	// Output: -0.079 1.445 <nil>
}
