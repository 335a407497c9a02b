package implicit_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// resting are shapes, and how they may lie: turns of them by roll, pitch and yaw.
var resting = []struct {
	shape contact.Shape
	turns []r3.Vec
}{
	{contact.Sphere(0.1), []r3.Vec{{}}},
	{contact.Capsule(0.06, 0.12), []r3.Vec{{X: math.Pi / 2}, {Y: math.Pi / 2}, {}}},
	{contact.Box(r3.Vec{X: 0.15, Y: 0.1, Z: 0.05}), []r3.Vec{{}, {X: math.Pi / 2}, {X: math.Pi / 4}}},
	{contact.Cylinder(0.1, 0.06), []r3.Vec{{}, {X: math.Pi / 2}, {X: 0.6}}},
	{contact.Ellipsoid(0.15, 0.1, 0.06), []r3.Vec{{}, {X: 1}}},
	{contact.Points([]r3.Vec{{X: 0.15, Y: 0.12, Z: -0.05}, {X: -0.15, Y: 0.1, Z: -0.05}, {X: -0.12, Y: -0.1, Z: -0.05}, {X: 0.1, Y: -0.13, Z: -0.05}, {X: 0.02, Z: 0.06}, {X: -0.06, Y: 0.02, Z: 0.06}}), []r3.Vec{{}, {X: math.Pi}}},
}

// grounds are what else they may lie on.
var grounds = []string{"slope", "hills", "stairs"}

func under(i int) string {
	if i < len(resting) {
		return resting[i].shape.Kind.String()
	}
	return grounds[i-len(resting)]
}

// everyPair is the seed.
const everyPair = 21

func normal(rng *rand.Rand, k float64) r3.Vec {
	return r3.Vec{X: k * rng.NormFloat64(), Y: k * rng.NormFloat64(), Z: k * rng.NormFloat64()}
}

// surfaceOf returns a surface with some of what it can do.
func surfaceOf(rng *rand.Rand) (s contact.Surface) {
	some := func() bool { return rng.IntN(3) == 0 }
	if some() {
		s.Velocity, s.Spin = normal(rng, 0.3), normal(rng, 1)
	}
	switch rng.IntN(3) {
	case 0:
		s.Restitution = 0.2 + 0.6*rng.Float64()
	case 1:
		s.Stiffness, s.Damping = 2000*(1+rng.Float64()), 10*rng.Float64()
	}
	if some() {
		s.Torsion, s.Rolling = 0.01*rng.Float64(), 0.01*rng.Float64()
	}
	return s
}

// randomPair returns a model of the shape over on the shape or ground under, and a start in which they nearly touch, slide and roll.
func randomPair(t *testing.T, rng *rand.Rand, over, base int) (*sim.Model, sim.State) {
	return randomPairOn(t, rng, over, base, false)
}

// randomPairOn is randomPair, with the shape under held by the world if it is fixed.
func randomPairOn(t *testing.T, rng *rand.Rand, over, base int, fixed bool) (*sim.Model, sim.State) {
	b := world("pair", 9.81)
	turned := func(v r3.Vec) sim.Pose { return sim.Pose{Rot: sim.RPY(v.X, v.Y, v.Z)} }
	at := [2]sim.Pose{}
	add := func(name string, i, k int) {
		s, l := resting[k], sim.World
		if !fixed || i == 0 {
			l = b.AddLink(name, sim.BoxInertia(0.5+rng.Float64(), r3.Vec{X: 0.1, Y: 0.08, Z: 0.06}))
			b.AddFree(name, l)
		}
		pose := sim.Pose{Pos: normal(rng, 0.02), Rot: sim.RPY(rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64())}
		c := sim.Collider{Name: name, Link: l, Shape: s.shape, Pose: pose, Friction: 0.2 + 0.6*rng.Float64(), Surface: surfaceOf(rng)}
		yaw := []float64{0.05 * rng.NormFloat64(), 6 * rng.Float64()}[rng.IntN(2)]
		tilt := []float64{1e-3, 0.02, 0.3}[rng.IntN(3)]
		at[i] = turned(normal(rng, tilt)).Mul(turned(r3.Vec{Z: yaw})).Mul(turned(s.turns[rng.IntN(len(s.turns))])).Mul(pose.Inv())
		if l == sim.World {
			c.Pose = at[i].Mul(pose)
		}
		b.AddCollider(c)
	}
	add("over", 0, over)
	name := "under"
	if base >= len(resting) {
		name = under(base)
	}
	switch name {
	case "slope":
		b.AddHalfSpace(name, r3.Unit(r3.Vec{X: 0.1 * rng.NormFloat64(), Z: 1}), 0)
		if rng.IntN(2) == 0 {
			b.SetSurfaceVelocity(name, normal(rng, 0.3))
			b.SetSurfaceSpin(name, normal(rng, 0.5))
		}
	case "hills", "stairs":
		b.AddTerrain(name, terrains()[name], sim.Pose{Rot: sim.RPY(0.05, -0.03, 0.4)})
	default:
		add(name, 1, base)
	}
	switch rng.IntN(4) {
	case 0:
		b.SetPairFriction("over", name, 0.3+rng.Float64())
	case 1:
		b.SetPairTurning("over", name, 0.01, 0.02)
	}
	m := must(t, b)
	x, q := m.NewState(), m.NewQuery()
	side := normal(rng, 0.04)
	put := func(z float64) {
		for i := range len(x.Q) / 7 {
			p := at[i]
			if i == 0 {
				p = sim.At(side.X, side.Y, z).Mul(p)
			}
			copy(x.Q[7*i:], []float64{p.Pos.X, p.Pos.Y, p.Pos.Z, p.Rot.Real, p.Rot.Imag, p.Rot.Jmag, p.Rot.Kmag})
		}
	}
	// down until they are as near as wanted
	want, low, high := 1e-5+1e-3*rng.Float64()*rng.Float64(), -0.3, 1.0
	for range 50 {
		z := (low + high) / 2
		if put(z); distance(t, m, q, x) > want {
			high = z
		} else {
			low = z
		}
	}
	for i := range x.V {
		x.V[i] = 0.3 * rng.NormFloat64()
	}
	x.V[2] -= 0.3
	return m, x
}

// distance returns how far the first collider is from the last, or from the half-space.
func distance(t *testing.T, m *sim.Model, q *sim.Query, x sim.State) float64 {
	t.Helper()
	p := sim.Pair{A: 0, B: len(m.Colliders()) - 1}
	if p.B == 0 {
		p.B = -1
	}
	if err := q.At(x.Q); err != nil {
		t.Fatal(err)
	}
	d, err := q.Distance(p)
	if err != nil {
		t.Fatal(err)
	}
	return d.Gap
}

// TestCheckFixed: what shapes fall on may be held by the world, as tables and walls are, and derivatives by its sizes,
// its place and its friction are asked for too. (The world's shapes had no parameters.)
func TestCheckFixed(t *testing.T) {
	for over := range resting {
		for base := range resting {
			m, x := randomPairOn(t, rand.New(rand.NewPCG(everyPair, uint64(100+10*over+base))), over, base, true)
			find(t, m, []string{"under.x", "under.rz", "under.friction", "under." + resting[base].shape.ParamName(0)})
			name := fmt.Sprintf("%v on a fixed %v", resting[over].shape.Kind, resting[base].shape.Kind)
			kappa := []float64{1e-2, 1e-3, 1e-4, 1e-5}[(over+base)%4]
			r, err := implicit.Check(m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 2, Every: 1, Params: 2})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			t.Logf("%s, κ=%g: state %.1e parameters %.1e, %d contacts, %d ties, worst %s", name, kappa, r.State, r.Params, r.Contacts, r.Ties, r.Worst)
			tol.Within(t, max(r.State, r.Params), 1e-6, "%s, κ=%g: %s", name, kappa, r.Worst)
		}
	}
}

// TestCheckEveryPair: derivatives by state and by all parameters of steps in which shapes of every two kinds,
// half-spaces and terrain, meet at random: they lie flat, nearly so or lean, slide and roll, run, spin, bounce, give
// way, and rub against turning. Where the gap of a soft contact with a damper is exactly zero, or a feature takes the
// place of another, they are one-sided: no start here is there.
func TestCheckEveryPair(t *testing.T) {
	for over := range resting {
		for i := over; i < len(resting)+len(grounds); i++ {
			t.Run(fmt.Sprintf("%v on %s", resting[over].shape.Kind, under(i)), func(t *testing.T) {
				m, x := randomPair(t, rand.New(rand.NewPCG(everyPair, uint64(10*over+i))), over, i)
				kappa := []float64{1e-2, 1e-3, 1e-4, 1e-5}[(over+i)%4]
				r, err := implicit.Check(m, implicit.CheckOptions{Kappa: kappa, Start: x, Steps: 3, Every: 1, Params: 3})
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("κ=%g: state %.1e parameters %.1e, %d contacts, %d ties, worst %s", kappa, r.State, r.Params, r.Contacts, r.Ties, r.Worst)
				tol.Within(t, max(r.State, r.Params), 1e-6, "κ=%g: %s", kappa, r.Worst)
			})
		}
	}
}
