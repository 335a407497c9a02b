package sim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestCollidingBodiesKeepMomenta: bodies that fly into each other keep linear and angular momentum, 1e-12 of what they had in every
// step; with friction, without, and with that of a pyramid, and never gain energy.
func TestCollidingBodiesKeepMomenta(t *testing.T) {
	rng := seeded(71)
	worst, hits, gain := 0.0, 0, 0.0
	for k := range 30 {
		m, x := thrown(t, rng, 0.01, k%5, 3+k%2, sim.FrictionLaw(k%3), 0.6)
		s := m.NewStepper(sim.Options{Tolerance: 1e-12})
		p0, l0, err := s.Momentum(x)
		if err != nil {
			t.Fatal(err)
		}
		e, _ := s.Energy(x)
		start := e.Kinetic
		// what momenta are made of: of every body
		size := 0.0
		for i := range m.Bodies() {
			mass := m.Engine().Bodies[i].Mass
			size += mass * r3.Norm(r3.Vec{X: x.V[6*i], Y: x.V[6*i+1], Z: x.V[6*i+2]})
		}
		for step := range 30 {
			r, err := s.Step(&x, x, nil)
			if err != nil {
				t.Fatalf("scene %d, step %d: %v", k, step, err)
			}
			hits += hitting(s)
			p, l, _ := s.Momentum(x)
			d := (r3.Norm(r3.Sub(p, p0)) + r3.Norm(r3.Sub(l, l0))) / size
			worst = math.Max(worst, d)
			tol.Within(t, d, 1e-12, "scene %d, step %d (%d parts): momenta", k, step, r.Halvings+1)
			p0, l0 = p, l
			after, _ := s.Energy(x)
			gain = math.Max(gain, (after.Kinetic-e.Kinetic)/start)
			e = after
		}
	}
	// what the barrier between near bodies holds is given back: a few κ of their weights
	tol.Within(t, gain, 1e-3, "gain of energy in a step, of all there is")
	if hits < 200 {
		t.Errorf("%d hits", hits)
	}
	t.Logf("%d hits: momenta change by %.1e a step, energy grows by %.1e at most", hits, worst, gain)
}

// TestOrderOfBodies: bodies added in another order do the same; A and B of every pair are exchanged.
func TestOrderOfBodies(t *testing.T) {
	for kind, pair := range [][2]contact.Shape{
		{contact.Sphere(0.1), contact.Sphere(0.15)}, {contact.Box(r3.Vec{X: 0.1, Y: 0.2, Z: 0.1}), contact.Box(r3.Vec{X: 0.2, Y: 0.1, Z: 0.15})},
		{contact.Capsule(0.1, 0.2), contact.Capsule(0.08, 0.1)}, {contact.Sphere(0.1), contact.Box(r3.Vec{X: 0.2, Y: 0.2, Z: 0.1})}, {contact.Sphere(0.1), contact.Capsule(0.1, 0.2)},
		{contact.Ellipsoid(0.1, 0.15, 0.2), contact.Ellipsoid(0.2, 0.1, 0.1)}, {contact.Ellipsoid(0.1, 0.15, 0.2), contact.Box(r3.Vec{X: 0.2, Y: 0.2, Z: 0.1})},
	} {
		var end [2]sim.State
		var forces [2][]sim.Contact
		for n := range end {
			list := []solid{{"a", pair[0], 1, 0.5}, {"b", pair[1], 2, 0.7}}
			first := 0
			if n == 1 {
				list[0], list[1], first = list[1], list[0], 1
			}
			m := solids(t, 9.81, sim.Cone, list...)
			x := m.NewState()
			place(&x, first, r3.Vec{X: 0.02, Y: 0.03, Z: 0.7}, r3.Vec{Z: -2}, r3.Vec{X: 1, Y: 0.5})
			place(&x, 1-first, r3.Vec{Z: 0.3}, r3.Vec{X: 0.1}, r3.Vec{Z: 2})
			s := m.NewStepper(sim.Options{Tolerance: 1e-12, Centrality: 1e-9})
			met := false
			for range 40 {
				if _, err := s.Step(&x, x, nil); err != nil {
					t.Fatal(err)
				}
				met = met || hitting(s) > 0
			}
			if !met {
				t.Errorf("shapes %d: no touch", kind)
			}
			if end[n] = x.Clone(); n == 1 {
				copy(end[n].Q, x.Q[7:])
				copy(end[n].Q[7:], x.Q[:7])
				copy(end[n].V, x.V[6:])
				copy(end[n].V[6:], x.V[:6])
			}
			forces[n] = append(forces[n], s.Contacts()...)
		}
		worst := 0.0
		for i := range end[0].Q {
			worst = math.Max(worst, math.Abs(end[0].Q[i]-end[1].Q[i]))
		}
		for i := range end[0].V {
			worst = math.Max(worst, math.Abs(end[0].V[i]-end[1].V[i]))
		}
		tol.Within(t, worst, 1e-8, "shapes %d: states after 40 steps", kind)
		t.Logf("shapes %d: %.1e", kind, worst)
	}
}

// pile is a few bodies that fall on each other and on the ground, come together and part, on two places.
func pile(t testing.TB) (*sim.Model, sim.State) {
	box, ball := contact.Box(r3.Vec{X: 0.15, Y: 0.1, Z: 0.1}), contact.Sphere(0.1)
	m := solids(t, 9.81, sim.Cone, solid{"far", ball, 1, 0.5}, solid{"low", box, 1, 0.5}, solid{"high", box, 2, 0.6}, solid{"top", ball, 1, 0.4}, solid{"bullet", ball, 3, 0.4}, solid{"far too", ball, 1, 0.4})
	x := m.NewState()
	place(&x, 0, r3.Vec{X: 3, Z: 0.2}, r3.Vec{}, r3.Vec{})
	place(&x, 1, r3.Vec{Z: 0.11}, r3.Vec{}, r3.Vec{})
	place(&x, 2, r3.Vec{X: 0.02, Y: 0.01, Z: 0.4}, r3.Vec{}, r3.Vec{Z: 1})
	place(&x, 3, r3.Vec{X: 0.05, Z: 0.8}, r3.Vec{}, r3.Vec{})
	place(&x, 4, r3.Vec{X: -1.5, Z: 0.35}, r3.Vec{X: 5, Z: 1}, r3.Vec{Y: 3})
	place(&x, 5, r3.Vec{X: 3.05, Z: 0.5}, r3.Vec{}, r3.Vec{})
	return m, x
}

func run(t testing.TB, s *sim.Stepper, x sim.State, steps int) []float64 {
	t.Helper()
	x = x.Clone()
	var bits []float64
	for k := range steps {
		r, err := s.Step(&x, x, nil)
		if err != nil {
			t.Fatalf("step %d: %v", k, err)
		}
		bits = append(append(append(bits, x.Q...), x.V...), float64(r.Iterations))
		for _, c := range s.Contacts() {
			bits = append(bits, c.Force.X, c.Force.Y, c.Force.Z, c.Gap)
		}
	}
	return bits
}

// TestPairsSameBits: what happens does not depend on what the stepper did before, nor on how many workers there are.
func TestPairsSameBits(t *testing.T) {
	m, x := pile(t)
	want := run(t, m.NewStepper(sim.Options{}), x, 60)
	s := m.NewStepper(sim.Options{})
	for k := range 3 { // other steps: all in one heap, then all apart
		y := x.Clone()
		for i := range 6 {
			place(&y, i, r3.Vec{X: 0.1 * float64(i%2), Y: 0.12 * float64(i/2), Z: 0.15 + 0.22*float64(i)*float64(k)}, r3.Vec{X: float64(k)}, r3.Vec{})
		}
		for range 10 {
			s.Step(&y, y, nil) // some fail
		}
		if !sameBits(run(t, s, x, 60), want) {
			t.Fatalf("after other steps (%d) the bits are others", k)
		}
	}
	starts := make([]sim.State, 7)
	for i := range starts {
		starts[i] = x.Clone()
		starts[i].V[6*4] += 0.1 * float64(i)
	}
	var ends [][]sim.State
	for _, workers := range []int{1, 3} {
		b := m.NewBatch(sim.Options{}, workers)
		cur := make([]sim.State, len(starts))
		for i := range cur {
			cur[i] = starts[i].Clone()
		}
		for range 50 {
			if err := b.Step(cur, cur, nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		ends = append(ends, cur)
	}
	for i := range starts {
		if !sameBits(ends[0][i].Q, ends[1][i].Q) || !sameBits(ends[0][i].V, ends[1][i].V) {
			t.Errorf("state %d: the bits depend on the number of workers", i)
		}
	}
}

// TestPairStepsDoNotAllocate: whole steps in which islands join and part need no memory once it has grown.
func TestPairStepsDoNotAllocate(t *testing.T) {
	m, x := pile(t)
	s := m.NewStepper(sim.Options{})
	run(t, s, x, 80) // memory grows
	st, halvings := x.Clone(), 0
	if n := testing.AllocsPerRun(79, func() {
		r, err := s.Step(&st, st, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.Contacts()
		halvings += r.Halvings
	}); n != 0 || halvings > 0 {
		t.Errorf("a step allocates %v times (%d halvings)", n, halvings)
	}
}

// TestIslandsAreIndependent: bodies far from each other move as in models of their own, and all together in one island to the far
// forces between them.
func TestIslandsAreIndependent(t *testing.T) {
	m, x := pile(t)
	ball := contact.Sphere(0.1)
	alone := solids(t, 9.81, sim.Cone, solid{"far", ball, 1, 0.5}, solid{"far too", ball, 1, 0.4})
	y := alone.NewState()
	copy(y.Q, x.Q[:7])
	copy(y.Q[7:], x.Q[35:])
	s, one := m.NewStepper(sim.Options{}), alone.NewStepper(sim.Options{})
	both := m.NewStepper(sim.Options{Tolerance: 1e-12, Margin: math.Inf(1)})
	apart := m.NewStepper(sim.Options{Tolerance: 1e-12})
	z := m.NewState()
	met := false
	for k := range 60 {
		if _, err := both.Step(&z, x, nil); err != nil {
			t.Fatal(err)
		}
		w := m.NewState()
		if _, err := apart.Step(&w, x, nil); err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for i := range w.Q {
			worst = math.Max(worst, math.Abs(w.Q[i]-z.Q[i]))
		}
		tol.Within(t, worst, 1e-6, "step %d: all in one island", k)
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := one.Step(&y, y, nil); err != nil {
			t.Fatal(err)
		}
		met = met || hitting(one) > 0
		if !sameBits(append(append([]float64{}, x.Q[:7]...), x.Q[35:]...), y.Q) || !sameBits(append(append([]float64{}, x.V[:6]...), x.V[30:]...), y.V) {
			t.Fatalf("step %d: an island of a larger model has other bits than alone", k)
		}
	}
	if !met {
		t.Error("no touch")
	}
}

// TestFrictionlessEnergyNeverGrows: without friction contact takes or keeps energy: of balls to rounding, of bodies that roll on
// their edges to second order in h, as in free flight, and never beyond what there was before they met.
func TestFrictionlessEnergyNeverGrows(t *testing.T) {
	var steps []float64
	for _, h := range []float64{0.01, 0.0025} {
		rng := seeded(72)
		balls, others, above, hits := 0.0, 0.0, 0.0, 0
		for k := range 10 {
			m, x := thrown(t, rng, h, k%5, 3, sim.Frictionless, 0)
			s := m.NewStepper(sim.Options{Kappa: 1e-10})
			e, _ := s.Energy(x)
			start := e.Kinetic
			last := start
			for range int(0.4 / h) {
				if _, err := s.Step(&x, x, nil); err != nil {
					t.Fatal(err)
				}
				hits += hitting(s)
				e, _ := s.Energy(x)
				gain := (e.Kinetic - last) / start
				if last = e.Kinetic; k%5 == 0 {
					balls = math.Max(balls, gain)
				} else {
					others = math.Max(others, gain)
				}
				above = math.Max(above, (last-start)/start)
			}
		}
		if hits < 30 {
			t.Errorf("h = %g: %d hits", h, hits)
		}
		tol.Within(t, balls, 1e-8, "h = %g: gain of balls in a step, of all there is", h)
		tol.Within(t, above, 1e-4, "h = %g: energy above that at the start", h)
		steps = append(steps, others)
		t.Logf("h = %g, %d hits: in a step energy of balls grows by %.1e, of others by %.1e; %.1e above the start", h, hits, balls, others, above)
	}
	if steps[0] > 0.01 || steps[1] > steps[0]/8 {
		t.Errorf("gains of a step are %g, and %g of a step four times as short", steps[0], steps[1])
	}
}

// TestTenBoxesStand: a stack of ten boxes stands for 10 s in a wind, with no penetration, at κ = 1e-8 with gaps below
// 1e-6 m and creep below 1e-5 m/s; the creep is in proportion to κ.
func TestTenBoxesStand(t *testing.T) {
	var kappas, creeps []float64
	for _, kappa := range []float64{1e-6, 1e-7, 1e-8} {
		creep, widest := standsInWind(t, kappa)
		kappas, creeps = append(kappas, kappa), append(creeps, creep)
		if kappa == 1e-8 && (!(creep < 1e-5) || !(widest < 1e-6)) {
			t.Errorf("creeps at %g m/s, widest gap %g m", creep, widest)
		}
	}
	if k := slope(kappas, creeps); !(k > 0.98 && k < 1.02) {
		t.Errorf("creep grows as κ^%.3f, want κ", k)
	}
}

// standsInWind runs the stack for 10 s and returns how fast the fastest box creeps in the second half, and the widest gap of what pushes.
func standsInWind(t *testing.T, kappa float64) (creep, widest float64) {
	t.Helper()
	m, x := tower(t, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	rng := seeded(73)
	for i := range 10 {
		place(&x, i, r3.Vec{X: 0.01 * rng.NormFloat64(), Y: 0.01 * rng.NormFloat64(), Z: x.Q[7*i+2]}, r3.Vec{}, r3.Vec{})
		q := sim.RPY(0, 0, 0.3*rng.NormFloat64())
		copy(x.Q[7*i+3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
	}
	s := m.NewStepper(sim.Options{Kappa: kappa})
	for i := range 10 { // wind
		s.SetWrench(i, sim.Wrench{Force: r3.Vec{X: 0.3, Y: 0.1}})
	}
	its, before := 0, x
	for k := range 1000 {
		if k == 500 {
			before = x.Clone()
		}
		r, err := s.Step(&x, x, nil)
		if err != nil {
			t.Fatalf("κ = %g, step %d: %v", kappa, k, err)
		}
		its += r.Iterations
		for _, c := range reports(s) {
			if c.Gap < 0 {
				t.Fatalf("κ = %g, step %d: %g m inside", kappa, k, -c.Gap)
			}
			if c.Active {
				widest = math.Max(widest, c.Gap)
			}
		}
	}
	for i := range 10 {
		d := r3.Sub(vecOf(x.Q[7*i:]), vecOf(before.Q[7*i:]))
		creep = math.Max(creep, r3.Norm(d)/5)
	}
	t.Logf("κ = %g: %.2f iterations a step, creep %.2e m/s, widest gap %.1e m", kappa, float64(its)/1000, creep, widest)
	return creep, widest
}

// TestContradictoryFilters: friction of two shapes that may not touch is an error that says what keeps them apart, AddPair overrides
// that, and of two settings for one pair the last holds.
func TestContradictoryFilters(t *testing.T) {
	build := func(set func(b *sim.Builder, x, y sim.Link)) (*sim.Model, error) {
		b := newWorld("two", 0.01)
		trunk := b.AddLink("trunk", sim.SphereInertia(1, 0.1))
		leg := b.AddLink("leg", sim.SphereInertia(1, 0.1))
		other := b.AddLink("other", sim.SphereInertia(1, 0.1))
		b.AddFree("free", trunk)
		b.AddFree("other_free", other)
		b.AddJoint(sim.Joint{Name: "hip", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: trunk, Child: leg})
		for i, l := range []sim.Link{trunk, leg, other} {
			b.AddCollider(sim.Collider{Name: []string{"trunk", "leg", "other"}[i], Link: l, Shape: contact.Sphere(0.1), Friction: 1})
		}
		b.AddCollider(sim.Collider{Name: "ghost", Link: other, Shape: contact.Sphere(0.1), Filter: &contact.Filter{}})
		set(b, trunk, other)
		return b.Build()
	}
	for want, set := range map[string]func(b *sim.Builder, x, y sim.Link){
		"their filters have no group in common": func(b *sim.Builder, x, y sim.Link) { b.SetPairFriction("trunk", "ghost", 1) },
		"their links are excluded": func(b *sim.Builder, x, y sim.Link) {
			b.Exclude(x, y)
			b.SetPairTurning("other", "trunk", 1, 1)
		},
		"they are of one mechanism, without SetSelfContact": func(b *sim.Builder, x, y sim.Link) { b.SetPairFriction("trunk", "leg", 1) },
		"a joint is between their bodies": func(b *sim.Builder, x, y sim.Link) {
			b.SetSelfContact(true)
			b.SetPairFriction("trunk", "leg", 1)
		},
		"they are on one body": func(b *sim.Builder, x, y sim.Link) { b.SetPairFriction("other", "ghost", 1) },
	} {
		if _, err := build(set); err == nil || !strings.Contains(err.Error(), "do not touch each other: "+want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	m, err := build(func(b *sim.Builder, x, y sim.Link) {
		b.Exclude(x, y)
		b.AddPair("trunk", "other")
		b.SetPairFriction("trunk", "other", 0.3)
		b.SetPairFriction("other", "trunk", 0.7)
	})
	if err != nil {
		t.Fatal(err)
	}
	e := m.Engine()
	if i := max(e.FindPair(0, 2), e.FindPair(2, 0)); i < 0 || e.Pairs[i].Friction != 0.7 {
		t.Errorf("pair %d of %+v, the last friction is 0.7", i, e.Pairs)
	}
}
