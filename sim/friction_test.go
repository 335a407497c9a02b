package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// sled returns a free body on four low points under a center of mass near the ground, so that braking
// does not tip it, or a flat box.
func sled(name string, h, mu float64, law sim.FrictionLaw, tilt quat.Number) *sim.Builder {
	b := newWorld(name, h)
	b.SetFrictionLaw(law)
	half := r3.Vec{X: 0.2, Y: 0.2, Z: 0.02}
	l := b.AddLink(name, sim.BoxInertia(1, half))
	b.AddFree("base", l)
	shape := contact.Box(half)
	if name == "points" {
		var pts []r3.Vec
		for i := 0; i < 12; i++ {
			s, c := math.Sincos(2 * math.Pi * float64(i) / 12)
			pts = append(pts, r3.Vec{X: 0.2 * c, Y: 0.2 * s, Z: -0.02})
		}
		shape = contact.Points(pts)
	}
	b.AddCollider(sim.Collider{Link: l, Shape: shape, Friction: mu})
	b.AddHalfSpace("ground", turn(tilt, up), 0)
	return b
}

// settled lets the model rest and clears what little speed is left.
func settled(t *testing.T, s *sim.Stepper, st sim.State, steps int) sim.State {
	t.Helper()
	for k := 0; k < steps; k++ {
		must(t, s, &st, nil)
	}
	for i := range st.V {
		st.V[i] = 0
	}
	return st
}

// TestSlidingStop slides bodies in many directions. Discrete Coulomb friction takes μgh of speed per step,
// so a body of speed v goes the sum of an arithmetic series, v²/2μg − vh/2 to second order: the tolerance is
// h v for that and 2e-3 for κ.
func TestSlidingStop(t *testing.T) {
	const h, mu, v0 = 0.005, 0.3, 2.0
	for _, name := range []string{"box", "points"} {
		m := mustModel(t, sled(name, h, mu, sim.Cone, quat.Number{Real: 1}))
		s := m.NewStepper(sim.Options{Kappa: 1e-8})
		st := m.NewState()
		st.Q[2] = 0.0201
		rest := settled(t, s, st, 50)
		want := v0*v0/(2*mu*gravity) - v0*h/2
		worst, aside, spin := 0.0, 0.0, 0.0
		for k := 0; k < 12; k++ {
			sin, cos := math.Sincos(0.1 + 2*math.Pi*float64(k)/12)
			st := rest.Clone()
			st.V[0], st.V[1] = v0*cos, v0*sin
			for i := 0; i < 200; i++ {
				must(t, s, &st, nil)
			}
			d := r3.Sub(vecOf(st.Q), vecOf(rest.Q))
			worst = math.Max(worst, math.Abs(d.X*cos+d.Y*sin-want))
			aside = math.Max(aside, math.Abs(d.Y*cos-d.X*sin))
			spin = math.Max(spin, 2*math.Abs(st.Q[6]))
		}
		t.Logf("%s: stops %.2g m from v²/2μg = %.4f m, %.2g m aside, turned by %.2g rad", name, worst, want, aside, spin)
		if worst > 1e-3*want {
			t.Errorf("%s: stopping distance off by %g m", name, worst)
		}
		// pressure and thus friction is not symmetric across the heading of a square, only along diagonals
		// and sides; at κ → 0 its corners share the braking as four Coulomb points that slide together, whose
		// forces are parallel, so the path is straight up to what the pressure's center is off: nothing
		if aside > 1e-4 || spin > 1e-3 {
			t.Errorf("%s: slides %g m aside and turns by %g", name, aside, spin)
		}
	}
}

func TestPyramidDependsOnHeading(t *testing.T) {
	const h, mu, v0 = 0.005, 0.3, 2.0
	m := mustModel(t, sled("points", h, mu, sim.Pyramid, quat.Number{Real: 1}))
	s := m.NewStepper(sim.Options{Kappa: 1e-8})
	st := m.NewState()
	st.Q[2] = 0.0201
	rest := settled(t, s, st, 50)
	run := func(heading float64) (along, aside float64) {
		sin, cos := math.Sincos(heading)
		st := rest.Clone()
		st.V[0], st.V[1] = v0*cos, v0*sin
		for i := 0; i < 300; i++ {
			must(t, s, &st, nil)
		}
		d := r3.Sub(vecOf(st.Q), vecOf(rest.Q))
		return d.X*cos + d.Y*sin, d.Y*cos - d.X*sin
	}
	exact := v0*v0/(2*mu*gravity) - v0*h/2
	var worst, best float64 = 0, math.Inf(1)
	bent := 0.0
	for k := 0; k < 16; k++ {
		along, aside := run(math.Pi * float64(k) / 16)
		worst, best, bent = math.Max(worst, along/exact), math.Min(best, along/exact), math.Max(bent, math.Abs(aside)/exact)
	}
	t.Logf("inscribed pyramid: stopping distances %.3f to %.3f of the cone's, %.3f aside", best, worst, bent)
	// the square inscribed in the circle brakes with μ along its corners and μ/√2 across its sides
	if math.Abs(best-1) > 2e-3 || math.Abs(worst-math.Sqrt2) > 0.02 || bent < 0.01 {
		t.Errorf("pyramid stops at %.3f to %.3f of the cone's distance and bends by %.3f; want 1 to √2, bent", best, worst, bent)
	}
}

func TestFrictionlessSlidesForever(t *testing.T) {
	m := mustModel(t, sled("box", 0.005, 0.5, sim.Frictionless, quat.Number{Real: 1}))
	s := m.NewStepper(sim.Options{Kappa: 1e-8})
	st := m.NewState()
	st.Q[2] = 0.0201
	st = settled(t, s, st, 50)
	st.V[0], st.V[1] = 1.5, -0.5
	for i := 0; i < 400; i++ {
		must(t, s, &st, nil)
	}
	if d := math.Hypot(st.V[0]-1.5, st.V[1]+0.5); d > 1e-9 {
		t.Errorf("a frictionless slide loses %g m/s in 2 s", d)
	}
}

// slope of 20°, friction angle of μ = 0.5 is 26.6°.
const hill = 20 * math.Pi / 180

func onSlope(t *testing.T, kappa, mu float64) (*sim.Model, *sim.Stepper, sim.State, r3.Vec) {
	t.Helper()
	tilt := axisAngle(r3.Vec{Y: 1}, hill)
	b := newWorld("slope", 0.01)
	addBox(b, "box", 1, r3.Vec{X: 0.2, Y: 0.2, Z: 0.05}, mu)
	b.AddHalfSpace("slope", turn(tilt, up), 0)
	m := mustModel(t, b)
	st := m.NewState()
	setPose(&st, 0, r3.Scale(0.0501, turn(tilt, up)), tilt)
	return m, m.NewStepper(sim.Options{Kappa: kappa}), st, turn(tilt, r3.Vec{X: 1})
}

func TestSlopeBelowFrictionAngle(t *testing.T) {
	var kappas, creeps []float64
	for _, kappa := range []float64{1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11} {
		_, s, st, down := onSlope(t, kappa, 0.5)
		iters := 0
		for i := 0; i < 200; i++ {
			iters = max(iters, must(t, s, &st, nil).Iterations)
		}
		from := vecOf(st.Q)
		for i := 0; i < 100; i++ {
			iters = max(iters, must(t, s, &st, nil).Iterations)
		}
		creep := r3.Dot(r3.Sub(vecOf(st.Q), from), down) / 1.0
		kappas, creeps = append(kappas, kappa), append(creeps, creep)
		t.Logf("κ = %g: creeps at %.3g m/s down the slope, at most %d iterations", kappa, creep, iters)
		if kappa == 1e-8 && !(math.Abs(creep) <= 3e-6) {
			t.Errorf("creep at κ = 1e-8 is %g m/s, want ≤ 3e-6", creep)
		}
	}
	if k := slope(kappas[:5], creeps[:5]); k < 0.95 || k > 1.05 {
		t.Errorf("creep grows as κ^%.2f, want κ", k)
	}
}

func TestSlopeAboveFrictionAngle(t *testing.T) {
	const mu = 0.2
	_, s, st, down := onSlope(t, 1e-8, mu)
	for i := 0; i < 20; i++ {
		must(t, s, &st, nil)
	}
	v0 := r3.Dot(vecOf(st.V), down)
	for i := 0; i < 100; i++ {
		must(t, s, &st, nil)
	}
	got := r3.Dot(vecOf(st.V), down) - v0
	want := gravity * (math.Sin(hill) - mu*math.Cos(hill))
	t.Logf("acceleration %.6f m/s², g(sin − μ cos) = %.6f", got, want)
	// over one second; κ leaves a relative gap of 1e-6 to the friction bound
	if math.Abs(got-want) > 1e-4*want {
		t.Errorf("acceleration %g m/s², want %g", got, want)
	}
}

// TestRestingGap lets a block rest: the gap is κ over the impulse that carries it, so it is proportional to
// κ, and with four corners four times κℓ.
func TestRestingGap(t *testing.T) {
	var kappas, gaps []float64
	for _, kappa := range []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9} {
		b := newWorld("block", 0.01)
		half := r3.Vec{X: 0.25, Y: 0.25, Z: 0.25}
		addBox(b, "box", 1, half, 0.5)
		b.AddGround()
		m := mustModel(t, b)
		s := m.NewStepper(sim.Options{Kappa: kappa})
		st := m.NewState()
		st.Q[2] = 0.3
		for i := 0; i < 200; i++ {
			must(t, s, &st, nil)
		}
		gap := st.Q[2] - 0.25
		length := math.Sqrt(3 * 2 * 0.25 * 0.25 / 3 / 2)
		t.Logf("κ = %g: rests %.4g m above the ground, 4κℓ = %.4g; unit of κ %.4g J s", kappa, gap, 4*kappa*length, m.KappaUnit(0))
		if kappa == 1e-8 && !(gap > 0 && gap <= 1e-7) {
			t.Errorf("gap at κ = 1e-8 is %g m, want in (0, 1e-7]", gap)
		}
		// the upper corners, half a meter up, carry 1/(gap ratio) of the weight
		if r := gap / (4 * kappa * length); math.Abs(r-1) > 0.02+20*kappa {
			t.Errorf("κ = %g: gap %g m, want 4κℓ = %g", kappa, gap, 4*kappa*length)
		}
		kappas, gaps = append(kappas, kappa), append(gaps, gap)
		var force r3.Vec
		for _, c := range s.Contacts() {
			force = r3.Add(force, c.Force)
		}
		if d := r3.Norm(r3.Sub(force, r3.Vec{Z: gravity})); d > 1e-4 {
			t.Errorf("κ = %g: contacts carry %v N, the weight is %g", kappa, force, gravity)
		}
	}
	if k := slope(kappas, gaps); math.Abs(k-1) > 0.02 {
		t.Errorf("gap grows as κ^%.3f", k)
	}
}

// TestBallStartsToRoll slides a ball: friction spins it up until it rolls at 5/7 of its first speed,
// whatever the friction, and from then on it loses nothing.
func TestBallStartsToRoll(t *testing.T) {
	const r, v0 = 0.1, 2.0
	for _, mu := range []float64{0.1, 0.5} {
		b := newWorld("ball", 0.005)
		l := b.AddLink("ball", sim.SphereInertia(1, r))
		b.AddFree("base", l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(r), Friction: mu})
		b.AddGround()
		m := mustModel(t, b)
		s := m.NewStepper(sim.Options{Kappa: 1e-8})
		st := m.NewState()
		st.Q[2] = r + 1e-6
		sin, cos := math.Sincos(0.7)
		st.V[0], st.V[1] = v0*cos, v0*sin
		slideEnd := 2 * v0 / (7 * mu * gravity)
		for i := 0; i < int(slideEnd/0.005)+40; i++ {
			must(t, s, &st, nil)
		}
		v1 := math.Hypot(st.V[0], st.V[1])
		for i := 0; i < 400; i++ {
			must(t, s, &st, nil)
		}
		v2 := math.Hypot(st.V[0], st.V[1])
		t.Logf("μ = %g: rolls at %.9f of its first speed (5/7 = %.9f), 2 s later %.9f", mu, v1/v0, 5./7, v2/v0)
		if math.Abs(v1/v0-5./7) > 1e-9 || math.Abs(v2-v1) > 1e-9 {
			t.Errorf("μ = %g: rolls at %g and %g of its first speed, want 5/7", mu, v1/v0, v2/v0)
		}
		if math.Abs(st.V[1]*cos-st.V[0]*sin) > 1e-9 {
			t.Error("the ball leaves its line")
		}
	}
}

// TestCylinder stands, rolls and leans a cylinder.
func TestCylinder(t *testing.T) {
	const r, half = 0.1, 0.05
	build := func(mu float64) (*sim.Model, *sim.Stepper) {
		b := newWorld("cylinder", 0.005)
		l := b.AddLink("cylinder", sim.CylinderInertia(1, r, half))
		b.AddFree("base", l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Cylinder(r, half), Friction: mu})
		b.AddGround()
		m := mustModel(t, b)
		return m, m.NewStepper(sim.Options{Kappa: 1e-8})
	}
	t.Run("stands", func(t *testing.T) {
		m, s := build(0.5)
		st := m.NewState()
		st.Q[2] = half + 0.01
		for i := 0; i < 400; i++ {
			must(t, s, &st, nil)
		}
		if gap := st.Q[2] - half; !(gap > 0 && gap < 1e-7) || math.Abs(st.Q[3]-1) > 1e-9 {
			t.Errorf("a standing cylinder is %g m above the ground, turned to %v", gap, st.Q[3:7])
		}
	})
	t.Run("rolls", func(t *testing.T) {
		m, s := build(0.5)
		st := m.NewState()
		setPose(&st, 0, r3.Vec{Z: r + 1e-7}, axisAngle(r3.Vec{X: 1}, math.Pi/2))
		st.V[0] = 1
		st.V[3], st.V[4], st.V[5] = 0, 0, -1/r // body z points along −y: rolling towards +x
		if w := turn(quatOf(st.Q[3:]), vecOf(st.V[3:])); math.Abs(w.Y-1/r) > 1e-12 {
			t.Fatalf("spin %v", w)
		}
		for i := 0; i < 400; i++ {
			must(t, s, &st, nil)
		}
		t.Logf("after 2 s: x = %.5f m, y = %.2g m, speed %.6f m/s", st.Q[0], st.Q[1], st.V[0])
		if math.Abs(st.V[0]-1) > 1e-3 || math.Abs(st.Q[0]-2) > 2e-3 || math.Abs(st.Q[1]) > 1e-4 {
			t.Errorf("a rolling cylinder is at (%g, %g) m with %g m/s, want (2, 0) m, 1 m/s", st.Q[0], st.Q[1], st.V[0])
		}
	})
	t.Run("slides to rolling", func(t *testing.T) { // a solid cylinder rolls at 2/3 of its first speed
		m, s := build(0.3)
		st := m.NewState()
		setPose(&st, 0, r3.Vec{Z: r + 1e-7}, axisAngle(r3.Vec{X: 1}, math.Pi/2))
		st.V[0] = 1.5
		for i := 0; i < 200; i++ {
			must(t, s, &st, nil)
		}
		t.Logf("rolls at %.5f of its first speed", st.V[0]/1.5)
		if math.Abs(st.V[0]/1.5-2./3) > 2e-3 {
			t.Errorf("rolls at %g of its first speed, want 2/3", st.V[0]/1.5)
		}
	})
	t.Run("falls over", func(t *testing.T) { // beyond the balance angle it falls on its side, below it gets up
		for _, c := range []struct {
			angle float64
			falls bool
		}{{0.9, false}, {1.3, true}} { // balance: atan(r/half) = 1.107
			m, s := build(2)
			st := m.NewState()
			lean := axisAngle(r3.Vec{Y: 1}, c.angle)
			z := r*math.Abs(turn(lean, r3.Vec{X: 1}).Z) + half*math.Cos(c.angle)
			setPose(&st, 0, r3.Vec{Z: z + 1e-4}, lean)
			for i := 0; i < 600; i++ {
				must(t, s, &st, nil)
			}
			axis := turn(quatOf(st.Q[3:]), up)
			if down := math.Abs(axis.Z) < 0.1; down != c.falls {
				t.Errorf("from %g rad the axis ends at %v, falls = %v expected", c.angle, axis, c.falls)
			}
		}
	})
}

func TestCapsuleRests(t *testing.T) {
	b := newWorld("capsule", 0.005)
	l := b.AddLink("capsule", sim.CapsuleInertia(1, 0.1, 0.2))
	b.AddFree("base", l)
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Capsule(0.1, 0.2), Friction: 0.5})
	b.AddGround()
	m := mustModel(t, b)
	s := m.NewStepper(sim.Options{Kappa: 1e-8})
	st := m.NewState()
	setPose(&st, 0, r3.Vec{Z: 0.5}, axisAngle(r3.Vec{X: 1}, 1.2))
	for i := 0; i < 1000; i++ {
		must(t, s, &st, nil)
	}
	axis := turn(quatOf(st.Q[3:]), up)
	if math.Abs(st.Q[2]-0.1) > 1e-6 || math.Abs(axis.Z) > 1e-5 {
		t.Errorf("the capsule ends at height %g m with its axis %v", st.Q[2], axis)
	}
}

// TestWorldOfAnyPose turns and moves the whole world, gravity included: the trajectory must turn and move
// with it to 1e-9. Ten kilometers away coordinates hold 2e-12 m, which each impact multiplies like any other
// disturbance: there, with an inclined plane whose offset is rounded as well, 1e-8.
func TestWorldOfAnyPose(t *testing.T) {
	const h, steps = 0.005, 120
	run := func(pose sim.Pose, start func(st *sim.State)) []sim.State {
		b := sim.NewBuilder("box")
		b.SetTimestep(h)
		b.SetGravity(turn(pose.Rot, r3.Vec{Z: -gravity}))
		addBox(b, "box", 1, r3.Vec{X: 0.1, Y: 0.15, Z: 0.2}, 0.5)
		n := turn(pose.Rot, up)
		b.AddHalfSpace("ground", n, r3.Dot(n, pose.Pos))
		m := mustModel(t, b)
		s := m.NewStepper(sim.Options{Centrality: 1e-9, Tolerance: 1e-12})
		st := m.NewState()
		start(&st)
		setPose(&st, 0, pose.Apply(vecOf(st.Q)), quat.Mul(pose.Rot, quatOf(st.Q[3:])))
		v := turn(pose.Rot, vecOf(st.V))
		st.V[0], st.V[1], st.V[2] = v.X, v.Y, v.Z
		out := []sim.State{}
		for k := 0; k < steps; k++ {
			must(t, s, &st, nil)
			out = append(out, st.Clone())
		}
		return out
	}
	start := func(st *sim.State) {
		setPose(st, 0, r3.Vec{Z: 0.35}, axisAngle(r3.Unit(r3.Vec{X: 1, Y: 2, Z: 0.5}), 0.4))
		copy(st.V, []float64{1, 0.3, -1, 2, -1, 1})
	}
	base := run(sim.IdentityPose, start)
	rng := seeded(3)
	for k, pose := range []sim.Pose{
		sim.At(1, 2, 3), {Rot: randomQuat(rng)}, {Pos: randomVec(rng, 10), Rot: randomQuat(rng)}, sim.At(1e4, -1e4, 0), {Pos: r3.Vec{X: 7e3, Y: 7e3, Z: 1e3}, Rot: randomQuat(rng)},
	} {
		worst := 0.0
		for i, st := range run(pose, start) {
			back := pose.Inv().Mul(sim.Pose{Pos: vecOf(st.Q), Rot: quatOf(st.Q[3:])})
			d := quat.Mul(quat.Conj(back.Rot), quatOf(base[i].Q[3:]))
			worst = math.Max(worst, r3.Norm(r3.Sub(back.Pos, vecOf(base[i].Q))))
			worst = math.Max(worst, 2*math.Sqrt(d.Imag*d.Imag+d.Jmag*d.Jmag+d.Kmag*d.Kmag))
		}
		t.Logf("world %d: trajectories differ by %.2g over %d steps", k, worst, steps)
		if worst > 1e-9 && (r3.Norm(pose.Pos) < 100 || worst > 1e-8) {
			t.Errorf("world %d at %v: trajectories differ by %g", k, pose.Pos, worst)
		}
	}
}

// TestCorner slides a box down a slope into a corner of three half-spaces, where it stays.
func TestCorner(t *testing.T) {
	b := sim.NewBuilder("corner")
	b.SetTimestep(0.005)
	b.SetGravity(r3.Vec{X: -4, Y: -3, Z: -8})
	addBox(b, "box", 1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}, 0.2)
	b.AddGround()
	b.AddHalfSpace("x", r3.Vec{X: 1}, -0.5)
	b.AddHalfSpace("y", r3.Vec{Y: 1}, -0.5)
	m := mustModel(t, b)
	s := m.NewStepper(sim.Options{Kappa: 1e-8})
	st := m.NewState()
	st.Q[2] = 0.3
	low := math.Inf(1)
	for i := 0; i < 800; i++ {
		must(t, s, &st, nil)
		for _, c := range s.Contacts() {
			low = math.Min(low, c.Gap)
		}
	}
	d := r3.Norm(r3.Sub(vecOf(st.Q), r3.Vec{X: -0.4, Y: -0.4, Z: 0.1}))
	t.Logf("ends %.2g m from the corner, lowest gap %.2g m", d, low)
	if d > 1e-4 || low < -1e-9 {
		t.Errorf("the box ends %g m from the corner at %v, lowest gap %g m", d, st.Q[:3], low)
	}
}
