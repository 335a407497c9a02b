package sim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// What the physics tests share: small models, random attitudes and a stepper that fails the test.

const gravity = 9.81

var up = r3.Vec{Z: 1}

// seeded returns a reproducible source of random numbers.
func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)) }

func randomVec(rng *rand.Rand, s float64) r3.Vec {
	return r3.Vec{X: s * rng.NormFloat64(), Y: s * rng.NormFloat64(), Z: s * rng.NormFloat64()}
}

func randomUnit(rng *rand.Rand) r3.Vec { return r3.Unit(randomVec(rng, 1)) }

func randomQuat(rng *rand.Rand) quat.Number {
	q := quat.Number{Real: rng.NormFloat64(), Imag: rng.NormFloat64(), Jmag: rng.NormFloat64(), Kmag: rng.NormFloat64()}
	return quat.Scale(1/quat.Abs(q), q)
}

func axisAngle(axis r3.Vec, angle float64) quat.Number {
	s, c := math.Sincos(angle / 2)
	return quat.Number{Real: c, Imag: s * axis.X, Jmag: s * axis.Y, Kmag: s * axis.Z}
}

// turn returns q r q*.
func turn(q quat.Number, r r3.Vec) r3.Vec {
	p := quat.Mul(quat.Mul(q, quat.Number{Imag: r.X, Jmag: r.Y, Kmag: r.Z}), quat.Conj(q))
	return r3.Vec{X: p.Imag, Y: p.Jmag, Z: p.Kmag}
}

// randomInertia returns the inertia of a solid ellipsoid-like body with turned principal axes and its
// center of mass off the origin.
func randomInertia(rng *rand.Rand) sim.Inertia {
	half := r3.Vec{X: 0.05 + 0.2*rng.Float64(), Y: 0.05 + 0.2*rng.Float64(), Z: 0.05 + 0.2*rng.Float64()}
	return sim.BoxInertia(0.3+2*rng.Float64(), half).Placed(sim.Pose{Pos: randomVec(rng, 0.1), Rot: randomQuat(rng)})
}

// newWorld returns a builder with step h and standard gravity.
func newWorld(name string, h float64) *sim.Builder {
	b := sim.NewBuilder(name)
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{Z: -gravity})
	return b
}

func mustModel(t testing.TB, b *sim.Builder) *sim.Model {
	t.Helper()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// addBox adds a free solid cube-like box that collides.
func addBox(b *sim.Builder, name string, mass float64, half r3.Vec, mu float64) sim.Link {
	l := b.AddLink(name, sim.BoxInertia(mass, half))
	b.AddFree(name+"_base", l)
	b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Box(half), Friction: mu})
	return l
}

// must takes one step in place and fails the test where it does not converge.
func must(t testing.TB, s *sim.Stepper, st *sim.State, u []float64) sim.Result {
	t.Helper()
	r, err := s.Step(st, *st, u)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// setPose places a free joint at coordinates q[at:].
func setPose(st *sim.State, at int, p r3.Vec, q quat.Number) {
	copy(st.Q[at:], []float64{p.X, p.Y, p.Z, q.Real, q.Imag, q.Jmag, q.Kmag})
}

func vecOf(x []float64) r3.Vec { return r3.Vec{X: x[0], Y: x[1], Z: x[2]} }

func quatOf(x []float64) quat.Number {
	return quat.Number{Real: x[0], Imag: x[1], Jmag: x[2], Kmag: x[3]}
}

func totalEnergy(t testing.TB, s *sim.Stepper, st sim.State) float64 {
	t.Helper()
	e, err := s.Energy(st)
	if err != nil {
		t.Fatal(err)
	}
	return e.Kinetic + e.Gravity + e.Spring
}

// slope returns the least-squares slope of log y over log x.
func slope(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	n := float64(len(x))
	for i := range x {
		a, b := math.Log(x[i]), math.Log(y[i])
		sx, sy, sxx, sxy = sx+a, sy+b, sxx+a*a, sxy+a*b
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// quadruped returns a floating trunk with four legs of three hinges and a ball foot each: 13 bodies.
func quadruped(h, mu float64, ground bool, axis sim.Axis) *sim.Builder {
	b := newWorld("quadruped", h)
	trunk := b.AddLink("trunk", sim.BoxInertia(6, r3.Vec{X: 0.13, Y: 0.1, Z: 0.06}))
	b.AddFree("base", trunk)
	for i, leg := range []string{"fr", "fl", "rr", "rl"} {
		x, y := 0.18, 0.05
		if i >= 2 {
			x = -x
		}
		if i%2 == 0 {
			y = -y
		}
		side := math.Copysign(0.08, y)
		hip := b.AddLink(leg+"_hip", sim.BoxInertia(0.7, r3.Vec{X: 0.04, Y: 0.04, Z: 0.04}))
		thigh := b.AddLink(leg+"_thigh", sim.BoxInertia(1, r3.Vec{X: 0.02, Y: 0.02, Z: 0.1}).Placed(sim.At(0, 0, -0.08)))
		shin := b.AddLink(leg+"_shin", sim.BoxInertia(0.2, r3.Vec{X: 0.01, Y: 0.01, Z: 0.1}).Placed(sim.At(0, 0, -0.1)))
		b.AddJoint(sim.Joint{Name: leg + "_hip", Type: sim.Revolute(r3.Vec{X: 1}), Parent: trunk, Child: hip, Origin: sim.At(x, y, 0), Axes: []sim.Axis{axis}})
		b.AddJoint(sim.Joint{Name: leg + "_thigh", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: hip, Child: thigh, Origin: sim.At(0, side, 0), Axes: []sim.Axis{axis}})
		b.AddJoint(sim.Joint{Name: leg + "_shin", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: thigh, Child: shin, Origin: sim.At(0, 0, -0.2), Axes: []sim.Axis{axis}})
		if ground {
			b.AddCollider(sim.Collider{Name: leg + "_foot", Link: shin, Shape: contact.Sphere(0.02), Pose: sim.At(0, 0, -0.2), Friction: mu})
		}
	}
	if ground {
		b.AddCollider(sim.Collider{Name: "trunk", Link: trunk, Shape: contact.Box(r3.Vec{X: 0.13, Y: 0.1, Z: 0.06}), Friction: mu})
		b.AddGround()
	}
	return b
}

// crouch puts the quadruped's legs into a stance with the feet level, the trunk at the height z.
func crouch(m *sim.Model, z float64) sim.State {
	st := m.NewState()
	st.Q[2] = z
	for k := 0; k < 4; k++ {
		st.Q[7+3*k+1], st.Q[7+3*k+2] = 0.8, -1.6
	}
	return st
}

// chainModel returns n rods of 0.2 m hanging on a hinge, with hinges that alternate between two axes.
func chainModel(h float64, n int, parallel bool) *sim.Builder {
	b := newWorld("chain", h)
	parent, at := sim.World, sim.IdentityPose
	for i := 0; i < n; i++ {
		l := b.AddLink("rod"+string(rune('a'+i%26))+itoa(i), sim.BoxInertia(0.5, r3.Vec{X: 0.01, Y: 0.015, Z: 0.1}).Placed(sim.At(0, 0, -0.1)))
		axis := r3.Vec{Y: 1}
		if i%2 == 1 && !parallel {
			axis = r3.Vec{X: 1}
		}
		b.AddJoint(sim.Joint{Name: "hinge" + itoa(i), Type: sim.Revolute(axis), Parent: parent, Child: l, Origin: at})
		parent, at = l, sim.At(0, 0, -0.2)
	}
	return b
}

func itoa(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return itoa(i/10) + string(rune('0'+i%10))
}
