package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// meeting returns a mechanism whose links may touch a free body, one on a slider, shapes of the world and, with self, each other.
func meeting(t *testing.T, rng *rand.Rand, law sim.FrictionLaw, self bool) *dynamics.Model {
	b := sim.NewBuilder("meeting")
	b.SetGravity(r3.Vec{X: 0.3, Z: -9.81})
	b.SetTimestep(0.01)
	b.SetFrictionLaw(law)
	b.AddGround()
	link := func(name string, parent sim.Link, jt sim.JointType, at r3.Vec, shape contact.Shape) sim.Link {
		in := sim.BoxInertia(0.5+rng.Float64(), r3.Vec{X: 0.1, Y: 0.15, Z: 0.2})
		in.COM = gauss(rng, 0.03)
		l := b.AddLink(name, in)
		b.AddJoint(sim.Joint{Name: name, Type: jt, Parent: parent, Child: l, Origin: sim.Pose{Pos: at, Rot: sim.RPY(0.2, 0.1, 0.4)}})
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shape, Friction: 0.3 + rng.Float64(), Pose: sim.Pose{Pos: gauss(rng, 0.02), Rot: sim.RPY(0.1, 0.3, 0.2)}})
		return l
	}
	box, ball, rod := contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.12}), contact.Sphere(0.1), contact.Capsule(0.07, 0.1)
	egg := contact.Ellipsoid(0.08, 0.14, 0.11)
	base := link("base", sim.World, sim.Free(), r3.Vec{Z: 0.3}, ball)
	up := link("up", base, sim.JointType{Rot: []r3.Vec{{X: 1}, {Y: 1, Z: 0.2}}}, r3.Vec{Z: 0.22}, box)
	link("hand", up, sim.Spherical(), r3.Vec{X: 0.2, Z: -0.05}, ball)
	link("other hand", base, sim.Revolute(r3.Vec{Y: 1}), r3.Vec{X: 0.25, Z: 0.1}, rod)
	link("free", sim.World, sim.Free(), r3.Vec{X: -0.2, Z: 0.5}, egg)
	link("slider", sim.World, sim.Prismatic(r3.Vec{Y: 1, X: 0.3}), r3.Vec{X: -0.2, Y: 0.4, Z: 0.5}, ball)
	b.AddCollider(sim.Collider{Name: "rock", Link: sim.World, Shape: contact.Sphere(0.3), Friction: 0.6, Pose: sim.At(0.2, -0.4, 0.3)})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	d := m.Engine()
	for i := 0; self && i < len(d.Colliders); i++ { // contacts of a tree with itself; its joints press neighbors into each other
		for j := range i {
			a, b := d.Colliders[j].Body, d.Colliders[i].Body
			// where a rod that is pressed deep into a box crosses its edges moves along these in a way that is not told
			rod := d.Colliders[i].Shape.Kind == contact.KindCapsule && d.Colliders[j].Shape.Kind == contact.KindBox
			if b != dynamics.World && d.Bodies[a].Tree == d.Bodies[b].Tree && d.Bodies[b].Parent != a && !rod {
				d.Pairs = append(d.Pairs, dynamics.Pair{A: j, B: i})
			}
		}
	}
	return d
}

// presses checks that multiplier i of meeting n is a pair of opposite unit forces at one point, the first along the normal, which points
// to A.
func (c *rowCheck) presses(n, i int, w [2]spatial.Wrench) {
	r, want := c.states[n], []float64{1, 0, 0}[i]
	f := w[0].Force
	if math.Abs(r3.Dot(f, r.Normal)-want) > 1e-12 || math.Abs(r3.Norm(f)-1) > 1e-12 {
		c.Errorf("meeting: λ%d is a force of %g, %g along the normal", i, r3.Norm(f), r3.Dot(f, r.Normal))
	}
	off := r3.Norm(r3.Sub(w[0].Torque, r3.Cross(r.Point, f)))
	if r.Bodies[1] != dynamics.World {
		off += r3.Norm(r3.Add(w[0].Force, w[1].Force)) + r3.Norm(r3.Add(w[0].Torque, w[1].Torque))
	}
	tol.Within(c, off, 1e-12, "meeting: λ%d is no pair of opposite forces at its point", i)
}

// pastMeeting checks the gap that a meeting says it had against that of the same features in the step before, and the sliding speed
// roughly: normal and point of contact are others now.
func (c *rowCheck) pastMeeting(n int, r *dynamics.RowState) {
	was := &c.states[n]
	if r.Mode == gap.Turn { // it turns as fast
		c.agree(n, []float64{r3.Norm(r.Past)}, []float64{r3.Norm(was.Value)}, 1/c.x.h, "past turn")
		return
	}
	c.agree(n, []float64{r.Past.X}, []float64{was.Value.X - was.Ease}, 1, "past gap")
	before, after := math.Hypot(was.Value.Y, was.Value.Z), math.Hypot(r.Past.Y, r.Past.Z)
	turn := r3.Norm(r3.Sub(r.Normal, was.Normal)) + r3.Norm(r3.Sub(r.Point, was.Point))
	if e := math.Abs(before - after); e > 0.01+20*turn*turn*(1+before)+3*turn*before {
		c.Errorf("%s: slides at %g m/s, which in the next step was %g; the normal turned by %g", c.name(n), before, after, turn)
	}
}

// rolling returns a can and an egg that lean and spin on a free box and on a box of the world, near enough to touch.
func rolling(t *testing.T, rng *rand.Rand) *dynamics.Model {
	b := sim.NewBuilder("rolling")
	b.SetGravity(r3.Vec{X: 0.3, Z: -9.81})
	b.SetTimestep(0.01)
	free := func(name string, shape contact.Shape) {
		in := sim.BoxInertia(0.5+rng.Float64(), r3.Vec{X: 0.1, Y: 0.15, Z: 0.2})
		in.COM = gauss(rng, 0.03)
		l := b.AddLink(name, in)
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shape, Friction: 0.3 + rng.Float64()})
	}
	free("can", contact.Cylinder(0.1, 0.12))
	free("egg", contact.Ellipsoid(0.1, 0.05, 0.15))
	free("box", contact.Box(r3.Vec{X: 0.5, Y: 0.5, Z: 0.1}))
	b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(r3.Vec{X: 2, Y: 2, Z: 0.1}), Friction: 0.6, Pose: sim.At(0, 0, -0.4)})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m.Engine()
}

// TestDerivativesOfRolling: those of rims and ellipsoids on faces that move, whose impulse acts where the step ends, as
// their point runs round a good part of the rim.
func TestDerivativesOfRolling(t *testing.T) {
	rng := rand.New(rand.NewPCG(43, 8))
	worst := map[dynamics.ParamKind]float64{}
	const kappa = 1e-4
	m := rolling(t, rng)
	x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU), h: m.Timestep, past: 0.4 * m.Timestep}
	s := dynamics.NewStepper(m)
	for tries := 0; !rollsOn(s, rng, &x, kappa); tries++ {
		if tries == 500 {
			t.Fatal("no step in which both push")
		}
	}
	st := sim.State{Q: x.q2, V: x.v, H: x.past}
	checkStep(t, "rolling", m, st, x.u, kappa)
	checkCotangents(t, "rolling", m, st, x.u, kappa, rng)
	checkParams(t, "rolling", m, st, x.u, kappa, worst)
}

// rollsOn solves a step of rolling from a random start, and reports whether a rim and an ellipsoid push a face in it.
func rollsOn(s *dynamics.Stepper, rng *rand.Rand, x *knots, kappa float64) bool {
	for k, pos := range []r3.Vec{{X: -0.25, Z: -0.09}, {X: 0.2, Y: 0.1, Z: -0.09}, {Z: -0.197}} {
		turn := spatial.RotationVector(gauss(rng, []float64{0.6, 0.6, 0.005}[k]))
		if k < 2 { // its lowest point
			low := x.m.Colliders[k].Shape.Lowest(spatial.QuatRotate(quat.Conj(turn), r3.Vec{Z: 1}))
			pos.Z -= spatial.QuatRotate(turn, low).Z
		}
		copy(x.q2[7*k:], []float64{pos.X, pos.Y, pos.Z, turn.Real, turn.Imag, turn.Jmag, turn.Kmag})
		v, w := gauss(rng, 0.3), gauss(rng, []float64{25, 25, 0.5}[k])
		copy(x.v[6*k:], []float64{v.X, v.Y, v.Z, w.X, w.Y, w.Z})
	}
	o := tight(kappa)
	o.Solver.Centrality = 1e-9
	if !s.Load(x.q2, x.v, x.u, x.h, x.past) || s.Solve(o).Status != ipm.Solved {
		return false
	}
	pushes := map[gap.Kind]bool{}
	for _, r := range s.Meetings(nil) {
		pushes[gap.Kind(r.Feature>>48)] = r3.Norm(r.Impulse) > 0.01 || pushes[gap.Kind(r.Feature>>48)]
	}
	return (pushes[gap.RimPlane] || pushes[gap.PlaneRim]) && (pushes[gap.OvalPlane] || pushes[gap.PlaneOval])
}

// TestDerivativesOfMeetings: state and input Jacobians, forward and backward products, those of all parameters, tangents and cotangents
// of the impulses of contacts and joints, of steps in which a tree touches itself, other trees and the world: under every friction law,
// from an instant and after intervals, apart and from deep inside each other.
func TestDerivativesOfMeetings(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 7))
	worst := map[dynamics.ParamKind]float64{}
	pushing, deep := 0, 0
	for i := range 3 {
		// a contact within a tree leaves of it the difference of stiffnesses, and of 16 digits those of mass over stiffness
		kappa := []float64{1e-2, 1e-4}[i%2]
		m := meeting(t, rng, sim.FrictionLaw(i%3), i%2 == 0)
		if i == 2 { // parameters of surfaces: TestDerivativesOfBounces
			surfaced(m)
		}
		x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU), h: m.Timestep, past: []float64{1, 0, 0.4}[(i+i/3)%3] * m.Timestep}
		s := dynamics.NewStepper(m)
		for tries := 0; !solvedAt(s, rng, &x, 0.1, kappa); tries++ {
			if tries == 20 {
				t.Fatal("no step converges")
			}
		}
		for _, r := range s.Meetings(nil) {
			if r3.Norm(r.Impulse) > 0.001 {
				pushing++
			}
			if r.Gap < -1e-3 {
				deep++
			}
		}
		st := sim.State{Q: x.q2, V: x.v, H: x.past}
		checkStep(t, "meeting", m, st, x.u, kappa)
		checkCotangents(t, "meeting", m, st, x.u, kappa, rng)
		if i == 0 {
			checkParams(t, "meeting", m, st, x.u, kappa, worst)
		}
	}
	if pushing < 10 || deep < 2 {
		t.Errorf("%d meetings push, %d are deep", pushing, deep)
	}
	t.Logf("%d meetings push, %d are deep", pushing, deep)
}
