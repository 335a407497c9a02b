package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestScalesOfKnownBodies: mass and radius of gyration of a box, and inertias about the axes of a double pendulum of point-like
// masses, by hand; and what forces on them move, which κ is measured in.
func TestScalesOfKnownBodies(t *testing.T) {
	build := func(f func(b *sim.Builder)) *dynamics.Model {
		b := sim.NewBuilder("known")
		b.SetTimestep(0.01)
		b.SetGravity(r3.Vec{Z: -4})
		f(b)
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		return m.Engine()
	}
	check := func(name string, got, want float64) {
		t.Helper()
		tol.Within(t, math.Abs(got-want)/want, 1e-12, "%s is %g, want %g", name, got, want)
	}
	half := r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}
	collider := func(b *sim.Builder, l sim.Link, x float64) {
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1), Pose: sim.At(x, 0, 0)})
	}
	box := build(func(b *sim.Builder) {
		l := b.AddLink("box", sim.BoxInertia(3, half))
		b.AddFree("root", l)
		collider(b, l, 0)
		collider(b, l, 0.5)
	})
	length := math.Sqrt((0.01 + 0.04 + 0.09) / 3)
	check("mass of a box", box.Trees[0].Mass, 3)
	check("length of a box", box.Trees[0].Length, length)
	check("κ at the middle of a box", box.ColliderUnit(0), 3*4*0.01*length)
	// m/3 (a²+c²) about y, m/3 (a²+b²) about z: what forces at x = 0.5 along z and y turn
	answer := 3/3.0 + 0.25/(0.01+0.09) + 0.25/(0.01+0.04)
	check("κ beside a box", box.ColliderUnit(1), 3/answer*4*0.01*length)
	check("inertia of a translation", box.Dofs[0].Scale, 3)
	check("inertia of a turn about x", box.Dofs[3].Scale, 0.04+0.09)
	check("speed of a translation", box.Dofs[0].Speed, math.Sqrt(4*length))
	check("speed of a turn", box.Dofs[3].Speed, math.Sqrt(4/length))

	// masses of 2 and 5 kg, 1 and 3 m along x from hinges about y, the second hinge 2 m out; radius of their balls 0.1 m
	pendulum := build(func(b *sim.Builder) {
		ball := func(mass, x float64) sim.Inertia {
			return sim.SphereInertia(mass, 0.1).Placed(sim.At(x, 0, 0))
		}
		upper, lower := b.AddLink("upper", ball(2, 1)), b.AddLink("lower", ball(5, 3))
		y := sim.Revolute(r3.Vec{Y: 1})
		b.AddJoint(sim.Joint{Name: "upper", Type: y, Parent: sim.World, Child: upper, Origin: sim.At(7, 8, 9)})
		b.AddJoint(sim.Joint{Name: "lower", Type: y, Parent: upper, Child: lower, Origin: sim.At(2, 0, 0), Axes: []sim.Axis{{Armature: 0.5}}})
		collider(b, lower, 10)
		collider(b, lower, 3)
		collider(b, upper, 0) // on its hinge: nothing moves it
	})
	ball := func(mass float64) float64 { return 0.4 * mass * 0.01 }
	check("inertia about the upper hinge", pendulum.Dofs[0].Scale, 2*1+5*25+ball(7))
	check("inertia about the lower hinge", pendulum.Dofs[1].Scale, 5*9+ball(5)+0.5)
	// the inertia about one hinge while the other is free, 1/(M⁻¹)ᵢᵢ
	m11, m12, m22 := pendulum.Dofs[0].Scale, 5*5*3+ball(5), pendulum.Dofs[1].Scale
	center := (2*1.0 + 5*5.0) / 7
	gyration := (2*(1-center)*(1-center) + 5*(5-center)*(5-center) + 1.5*ball(7)) / 7
	check("length of the pendulum", pendulum.Trees[0].Length, math.Sqrt(gyration))
	unit := 4 * 0.01 * math.Sqrt(gyration) // g h ℓ
	check("κ at the upper hinge", pendulum.DofUnit(0), (m11-m12*m12/m22)/gyration*unit)
	check("κ at the lower hinge", pendulum.DofUnit(1), (m22-m12*m12/m11)/gyration*unit)
	far := (144*m22 - 2*12*10*m12 + 100*m11) / (m11*m22 - m12*m12) // J M⁻¹ Jᵀ, J = (12, 10) along z alone
	check("κ far out", pendulum.ColliderUnit(0), 3/far*unit)
	check("κ at the tip, where 3/tr(J M⁻¹ Jᵀ) is more than all", pendulum.ColliderUnit(1), 7*unit)
	check("κ on the hinge", pendulum.ColliderUnit(2), 7*unit)

	space := build(func(b *sim.Builder) {
		b.SetGravity(r3.Vec{})
		b.AddFree("root", b.AddLink("box", sim.BoxInertia(3, half)))
	})
	check("reference gravity in free space", space.GravityRef, 9.81)
}

// TestScalesFollowUnits: in other units of mass and length the scales are the same things.
func TestScalesFollowUnits(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 1))
	const kg, m = 1e3, 1e-2 // new numbers per old
	a := inFlight(t, rng)
	b := a.Clone()
	b.Gravity = spatial.Scale(m, b.Gravity)
	for i := range b.Bodies {
		x := &b.Bodies[i]
		x.Mass *= kg
		x.COM, x.Origin.Pos = spatial.Scale(m, x.COM), spatial.Scale(m, x.Origin.Pos)
		j := &x.Inertia
		for _, v := range []*float64{&j.XX, &j.XY, &j.XZ, &j.YY, &j.YZ, &j.ZZ} {
			*v *= kg * m * m
		}
	}
	for i := range b.Colliders {
		p := &b.Colliders[i].Pose
		p.Pos = spatial.Scale(m, p.Pos)
	}
	if bad := b.SetScales(); bad >= 0 {
		t.Fatalf("dof %d moves nothing", bad)
	}
	check := func(name string, got, want float64) {
		t.Helper()
		tol.Within(t, math.Abs(got/want-1), 1e-12, "%s", name)
	}
	check("mass", b.Trees[0].Mass, kg*a.Trees[0].Mass)
	check("length", b.Trees[0].Length, m*a.Trees[0].Length)
	for i := range a.Colliders {
		check("κ of a contact", b.ColliderUnit(i), kg*m*m*a.ColliderUnit(i))
	}
	for i := range a.Dofs {
		check("κ of a joint", b.DofUnit(i), kg*m*m*a.DofUnit(i))
		body := &a.Bodies[a.Dofs[i].Body]
		if i < body.V+body.NT {
			check("inertia of a slider", b.Dofs[i].Scale, kg*a.Dofs[i].Scale)
			check("speed of a slider", b.Dofs[i].Speed, m*a.Dofs[i].Speed)
		} else {
			check("inertia of a turn", b.Dofs[i].Scale, kg*m*m*a.Dofs[i].Scale)
			check("speed of a turn", b.Dofs[i].Speed, a.Dofs[i].Speed)
		}
	}
}

// TestDofWithoutInertia: the first degree of freedom that moves no inertia is named.
func TestDofWithoutInertia(t *testing.T) {
	m := inFlight(t, rand.New(rand.NewPCG(18, 1))).Clone()
	last := len(m.Bodies) - 1
	m.Bodies[last].Mass, m.Bodies[last].Inertia = 0, spatial.Sym3{}
	if bad := m.SetScales(); bad != m.Bodies[last].V {
		t.Errorf("dof %d is named, want %d", bad, m.Bodies[last].V)
	}
}

// TestUnitsOfRows: κ = 1 is the weight of what a row moves, for half of both intervals, times the length of its mechanism for gaps and
// its natural speed for sliding.
func TestUnitsOfRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 1))
	opt := func(k int, a *sim.Axis) {
		*a = sim.Axis{Limited: true, Lower: -0.5, Upper: 0.5, Friction: 0.4, Drive: sim.Servo, Kp: 40, Kd: 2, Effort: 3, MaxSpeed: 2}
	}
	joints := []sim.JointType{sim.Revolute(r3.Vec{X: 1}), sim.Spherical(), sim.Prismatic(r3.Vec{Y: 1})}
	m := mechanism(t, rng, joints, opt, contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.05}), 0.5, true, sim.Cone, -1).Engine()
	x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU)}
	m.Neutral(x.q2)
	x.q3 = x.q2
	seen := map[dynamics.RowKind]bool{}
	for _, x.past = range []float64{0, 0.01, 0.03} {
		x.h = 0.005 // half a timestep
		for _, r := range x.probe(t, 0).RowStates() {
			unit := 0.0
			if seen[r.Kind] = true; r.Kind == dynamics.RowTouch {
				unit = m.ColliderUnit(m.Contacts[r.Contact].Collider)
			} else {
				unit = m.DofUnit(r.Dof)
			}
			unit *= (x.past + x.h) / 2 / m.Timestep
			speed := math.Sqrt(m.GravityRef / m.Trees[0].Length)
			gap := unit
			if r.Kind == dynamics.RowFast || r.Kind == dynamics.RowBack { // the unit of sliding
				gap *= speed
			}
			tol.Within(t, math.Abs(r.Block.Kappa/gap-1), 1e-12, "row of kind %d: κ of gaps", r.Kind)
			tol.Within(t, math.Abs(r.Block.KappaT/(unit*speed)-1), 1e-12, "row of kind %d: κ of sliding", r.Kind)
		}
	}
	pairs := meeting(t, rng, sim.Cone, true)
	x = knots{m: pairs, q2: make([]float64, pairs.NQ), v: make([]float64, pairs.NV), u: make([]float64, pairs.NU), h: 0.005, past: 0.03}
	pairs.Neutral(x.q2)
	x.q3 = x.q2
	for _, r := range x.probe(t, 0).RowStates() {
		if r.Kind == dynamics.RowMeet {
			seen[r.Kind] = true
			a, b := pairs.Colliders[pairs.Pairs[r.Pair].A], pairs.Colliders[pairs.Pairs[r.Pair].B]
			mass, length := a.Mass, pairs.Trees[pairs.Bodies[a.Body].Tree].Length
			if b.Body != dynamics.World {
				mass = a.Mass * b.Mass / (a.Mass + b.Mass)
				length = min(length, pairs.Trees[pairs.Bodies[b.Body].Tree].Length)
			}
			speed := math.Sqrt(pairs.GravityRef * length)
			unit := mass * pairs.GravityRef * (x.past + x.h) / 2 * length
			tol.Within(t, math.Abs(r.Block.KappaT*length/(r.Block.Kappa*speed)-1), 1e-12, "pair %d: κ of sliding", r.Pair)
			tol.Within(t, math.Abs(r.Block.Scale/(x.h*speed)-1), 1e-12, "pair %d: scale of gaps", r.Pair)
			tol.Within(t, math.Abs(r.Block.Product/(mass*speed*speed*(x.past+x.h)/2)-1), 1e-12, "pair %d: product", r.Pair)
			tol.Within(t, math.Abs(r.Block.Kappa/unit-1), 1e-12, "pair %d: κ of gaps", r.Pair) // one contact each
		}
	}
	if len(seen) != int(dynamics.RowKinds)-1 { // equations have no κ
		t.Errorf("rows seen: %v", seen)
	}
}
