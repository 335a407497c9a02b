package implicit_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// armOfAllJoints is a chain of every kind of joint, with a sensor off the last body's frame.
func armOfAllJoints(t testing.TB) *sim.Model {
	b := world("arm of all joints", 9.81)
	parent := sim.World
	tilt := r3.Vec{X: 0.3, Y: 1, Z: -0.2}
	for i, jt := range []sim.JointType{
		sim.Free(), sim.Revolute(tilt), sim.Prismatic(tilt), sim.Universal(r3.Vec{X: 1}, tilt),
		sim.Spherical(), sim.Cylindrical(r3.Vec{Y: 1}), sim.Planar(tilt),
	} {
		name := string(rune('a' + i))
		l := b.AddLink(name, sim.BoxInertia(1, cube))
		b.AddJoint(sim.Joint{Name: "joint " + name, Type: jt, Parent: parent, Child: l, Origin: sim.Pose{Pos: r3.Vec{X: 0.2, Y: 0.1}, Rot: sim.RPY(0.2, 0.3, 0.4)}})
		parent = l
	}
	imu := b.AddLink("imu", sim.Inertia{})
	b.AddJoint(sim.Joint{Name: "mount", Type: sim.Fixed(), Parent: parent, Child: imu, Origin: sim.Pose{Pos: r3.Vec{X: 0.05, Z: 0.1}, Rot: sim.RPY(1, 0.5, 0.2)}})
	return must(t, b)
}

func randomize(m *sim.Model, x *sim.State, rng *rand.Rand, speed float64) {
	d := implicit.NewTangent(m)
	for i := range d.Q {
		d.Q[i], d.V[i] = 0.7*rng.NormFloat64(), speed*rng.NormFloat64()
	}
	implicit.Displace(m, x, x.Clone(), d)
}

// poseDifference returns position and rotation vector (world axes, on the left) from a to b.
func poseDifference(a, b sim.Pose) []float64 {
	q := quat.Mul(b.Rot, quat.Conj(a.Rot))
	l := quat.Log(q)
	d := r3.Sub(b.Pos, a.Pos)
	return []float64{d.X, d.Y, d.Z, 2 * l.Imag, 2 * l.Jmag, 2 * l.Kmag}
}

// TestFrameJacobians compares the derivatives of pose and velocity of a frame with differences, for every kind
// of joint and at speeds at which a body turns visibly in one step.
func TestFrameJacobians(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	m := armOfAllJoints(t)
	f, err := m.Frame("imu")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []float64{0, 0.0025} { // the interval of a divided step is shorter
		x := m.NewState()
		randomize(m, &x, rng, 20)
		x.H = h
		j, err := implicit.FrameJacobian(m, x.Q, f)
		if err != nil {
			t.Fatal(err)
		}
		jv, err := implicit.FrameVelocityJacobian(m, x, f)
		if err != nil {
			t.Fatal(err)
		}
		nv, scale, scaleV := m.NV(), mat.Max(j), mat.Max(jv)
		for k := 0; k < 2*nv; k++ {
			at := func(eps float64) sim.State {
				d, y := implicit.NewTangent(m), m.NewState()
				if k < nv {
					d.Q[k] = eps
				} else {
					d.V[k-nv] = eps
				}
				implicit.Displace(m, &y, x, d)
				y.H = x.H
				return y
			}
			if k < nv {
				p0 := implicit.FramePose(m, x.Q, f)
				if e := differ(mat.Col(nil, k, j), scale, func(eps float64) []float64 {
					return poseDifference(p0, implicit.FramePose(m, at(eps).Q, f))
				}, sizes...); !(e < 1e-9) {
					t.Errorf("pose, column %d: %.1e", k, e)
				}
			}
			if e := differ(mat.Col(nil, k, jv), scaleV, func(eps float64) []float64 {
				l, a, err := implicit.FrameVelocity(m, at(eps), f)
				if err != nil {
					t.Fatal(err)
				}
				return []float64{l.X, l.Y, l.Z, a.X, a.Y, a.Z}
			}, sizes...); !(e < 1e-9) {
				t.Errorf("velocity, column %d: %.1e", k, e)
			}
		}
	}
}

// TestFrameVelocityIsThatOfTheStep compares with the poses before and after a step, and the derivative of both
// sensors after a step with differences through the step.
func TestFrameVelocityIsThatOfTheStep(t *testing.T) {
	s, x := zoo(t, "quadruped4", tightly(1e-3))
	m := s.Model()
	warm(t, s, &x, 40)
	f, err := m.Frame("FL_foot")
	if err != nil {
		t.Fatal(err)
	}
	g := gradient(t, s, implicit.Options{})
	next := m.NewState()
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	lin, _, err := implicit.FrameVelocity(m, next, f)
	if err != nil {
		t.Fatal(err)
	}
	a, b := implicit.FramePose(m, x.Q, f), implicit.FramePose(m, next.Q, f)
	if d := r3.Norm(r3.Sub(r3.Scale(m.Timestep(), lin), r3.Sub(b.Pos, a.Pos))); d > 1e-12 {
		t.Errorf("displacement is off by %g m", d)
	}

	var ju, chain mat.Dense
	if err := g.InputJacobian(&ju); err != nil {
		t.Fatal(err)
	}
	jv, err := implicit.FrameVelocityJacobian(m, next, f)
	if err != nil {
		t.Fatal(err)
	}
	chain.Mul(jv, &ju)
	for k := 0; k < m.NU(); k++ {
		if e := differ(mat.Col(nil, k, &chain), 0, func(eps float64) []float64 {
			u := make([]float64, m.NU())
			u[k] = eps
			l, a, err := implicit.FrameVelocity(m, step(t, s, x, u), f)
			if err != nil {
				t.Fatal(err)
			}
			return []float64{l.X, l.Y, l.Z, a.X, a.Y, a.Z}
		}, append([]float64{1e-2}, sizes...)...); !(e < 2e-8) { // an input with little effect needs a large one
			t.Errorf("velocity of the foot by input %d: %.1e", k, e)
		}
	}
	if _, err := implicit.FrameJacobian(m, x.Q[1:], f); err == nil {
		t.Error("a configuration of the wrong length passes")
	}
	if _, err := implicit.FrameJacobian(m, x.Q, sim.Frame{Name: "nowhere", Body: 99}); err == nil {
		t.Error("a frame of another model passes")
	}
}

// TestFrameParamJacobian compares the derivative of the pose of a frame by all parameters with differences.
func TestFrameParamJacobian(t *testing.T) {
	m := armOfAllJoints(t)
	f, err := m.Frame("imu")
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	randomize(m, &x, rand.New(rand.NewPCG(15, 16)), 0)
	params := implicit.Params(m)
	j, err := implicit.FrameParamJacobian(m, x.Q, f, params)
	if err != nil {
		t.Fatal(err)
	}
	p0, scale, moving := implicit.FramePose(m, x.Q, f), mat.Max(j), 0
	for k, p := range params {
		c := mat.Col(nil, k, j)
		if p.Kind != "placement of joints" {
			if floats.Norm(c, 2) > 0 {
				t.Errorf("%s moves the frame", p.Name)
			}
			continue
		}
		moving++
		v, err := implicit.Get(m, p)
		if err != nil {
			t.Fatal(err)
		}
		at := func(eps float64) []float64 {
			n, err := implicit.Set(m, []implicit.Param{p}, []float64{v + eps})
			if err != nil {
				t.Fatal(p.Name, err)
			}
			g, err := n.Frame("imu")
			if err != nil {
				t.Fatal(err)
			}
			return poseDifference(p0, implicit.FramePose(n, x.Q, g))
		}
		if e := differ(c, scale, at, 1e-4, 1e-5); !(e < 1e-9) {
			t.Errorf("%s: off by %.1e", p.Name, e)
		}
	}
	if moving != 6*7 {
		t.Errorf("%d parameters move the frame, want those of 7 joints", moving)
	}
}
