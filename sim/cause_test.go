package sim_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// stuck is an arm on an upright hinge, whose tip is in the ground and cannot leave it.
func stuck(t *testing.T, depth float64) *sim.Model {
	t.Helper()
	b := newWorld("stuck", 0.01)
	l := b.AddLink("arm", sim.BoxInertia(1, r3.Vec{X: 0.2, Y: 0.05, Z: 0.05}).Placed(sim.At(0.2, 0, 0)))
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{X: 0.1, Z: 1}), Parent: sim.World, Child: l,
		Axes: []sim.Axis{{Limited: true, Lower: -0.1, Upper: 0.1}}})
	b.AddCollider(sim.Collider{Name: "tip", Link: l, Shape: contact.Sphere(0.05), Pose: sim.At(0.4, 0, 0), Friction: 0.5})
	b.AddHalfSpace("floor", r3.Vec{Z: 1}, depth-0.05)
	return mustModel(t, b)
}

// TestStartInTheGroundIsNamed: the error of a step that cannot leave the ground, and the reason why it was divided,
// used to name a residual and not the start.
func TestStartInTheGroundIsNamed(t *testing.T) {
	m := stuck(t, 0.2)
	for _, opt := range []sim.Options{{}, {WholeSteps: true}} {
		s, x := m.NewStepper(opt), m.NewState()
		res, err := s.Step(&x, x, nil)
		if err == nil || !strings.Contains(err.Error(), "contact tip/floor starts 0.2 m inside the half-space") {
			t.Errorf("error %v does not name the contact and its depth", err)
		}
		want := 1 // what excludes each other is not divided further
		if opt.WholeSteps {
			want = 0
		}
		if res.Halvings != want || (s.Division() != "") != (want > 0) {
			t.Errorf("divided %d times, want %d; said to be because %q", res.Halvings, want, s.Division())
		}
	}
	// the tip is in the ground as well, but the limit is the worse of both
	m = stuck(t, 0.03)
	x := m.NewState()
	x.Q[0] = 0.4
	if _, err := m.NewStepper(sim.Options{WholeSteps: true}).Step(&x, x, nil); err == nil || !strings.Contains(err.Error(), "joint hinge starts 0.3 rad beyond its limit") {
		t.Errorf("error %v does not say that the joint starts beyond its limit", err)
	}
}

// TestUntrueStepsSaySo: a step whose only solutions take energy from nowhere was said to have stalled, at a residual that
// was none.
func TestUntrueStepsSaySo(t *testing.T) {
	m := whip(t, 0.05)
	s, x := m.NewStepper(sim.Options{MaxHalvings: 1}), m.NewState()
	copy(x.Q, []float64{2.9, 3.7})
	copy(x.V, []float64{23, 52})
	r, err := s.Step(&x, x, nil)
	if err == nil || r.Residual > 1e-9 || !strings.Contains(err.Error(), "joint lower changes its turn by ") || !strings.Contains(err.Error(), "energy from nowhere") {
		t.Errorf("residual %g, error %v", r.Residual, err)
	}
}

// whip returns two links that turn about parallel axes.
func whip(t *testing.T, h float64) *sim.Model {
	b := newWorld("whip", h)
	parent, at := sim.World, 0.0
	for _, n := range []string{"upper", "lower"} {
		l := b.AddLink(n, sim.BoxInertia(1, r3.Vec{X: 0.2, Y: 0.25, Z: 0.15}).Placed(sim.At(0.2, 0, 0)))
		b.AddJoint(sim.Joint{Name: n, Type: sim.Revolute(r3.Vec{Z: 1}), Parent: parent, Child: l, Origin: sim.At(at, 0, 0)})
		parent, at = l, 0.4
	}
	return mustModel(t, b)
}

// TestDivisionSaysWhy: every divided step was said not to have converged, although most had and a joint turned far.
func TestDivisionSaysWhy(t *testing.T) {
	m := whip(t, 0.01)
	x := m.NewState()
	x.V[0], x.V[1] = 60, 60
	s, y := m.NewStepper(sim.Options{}), x.Clone()
	why := ""
	for k := 0; k < 20 && why == ""; k++ {
		res, err := s.Step(&y, y, nil)
		if err != nil {
			t.Fatal(err)
		}
		if why = s.Division(); (why != "") != (res.Halvings > 0) {
			t.Fatalf("%d halvings, because %q", res.Halvings, why)
		}
	}
	if !strings.Contains(why, "joint ") || !strings.Contains(why, "changes its turn by") {
		t.Errorf("divided because %q", why)
	}
	whole, y := m.NewStepper(sim.Options{WholeSteps: true}), x.Clone()
	for range 20 {
		if res, err := whole.Step(&y, y, nil); err != nil || res.Halvings != 0 || y.H != m.Timestep() {
			t.Fatalf("a whole step: %+v, %v", res, err)
		}
	}
	x.V[0], x.V[1], x.H = 250, 250, m.Timestep()
	_, err := s.Step(&y, x, nil)
	var e *sim.StepError
	if !errors.As(err, &e) || !strings.Contains(err.Error(), "body lower (joint lower) turns by half a turn") || e.Halvings != 0 {
		t.Errorf("a start that turns too far: %v", err)
	}
	if _, err := s.Energy(x); err == nil || !strings.Contains(err.Error(), "joint lower") {
		t.Errorf("its energy: %v", err)
	}
}

// TestHalvingsBound: a negative bound divided without end.
func TestHalvingsBound(t *testing.T) {
	m := stuck(t, 0.1)
	for _, c := range []struct {
		opt  sim.Options
		want string
	}{
		{sim.Options{MaxHalvings: -1}, "MaxHalvings is -1"},
		{sim.Options{Centrality: 1e300}, "Centrality is 1e+300"}, // anything was a solution, and had derivatives
		{sim.Options{Tolerance: 2}, "Tolerance is 2"},
		{sim.Options{MaxHalvings: 3, WholeSteps: true}, "MaxHalvings is 3"},
	} {
		x := m.NewState()
		if _, err := m.NewStepper(c.opt).Step(&x, x, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v", c.opt, err)
		}
	}
	if s := m.NewStepper(sim.Options{WholeSteps: true}); m.NewStepper(s.Options()).Options() != s.Options() {
		t.Errorf("options read back are other ones: %+v", s.Options())
	}
}

// TestSetModel: a stepper that follows another model takes the same steps, bit by bit, as one built for it.
func TestSetModel(t *testing.T) {
	build := func(k float64, extra bool) *sim.Model {
		b := newWorld("robot", 0.01*k)
		b.SetGravity(r3.Vec{X: k - 1, Z: -9.81})
		half := r3.Vec{X: 0.1 * k, Y: 0.1, Z: 0.05}
		trunk, leg := b.AddLink("trunk", sim.BoxInertia(k, half)), b.AddLink("leg", sim.BoxInertia(0.3, r3.Vec{X: 0.02, Y: 0.02, Z: 0.1 * k}))
		b.AddFree("free", trunk)
		axis := sim.Axis{Drive: sim.Torque, Stiffness: k, Rest: 0.1, Damping: 0.1 * k, Friction: k - 1, Limited: true, Lower: -k, Upper: 1}
		b.AddJoint(sim.Joint{Name: "hip", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: trunk, Child: leg, Origin: sim.At(0.05*k, 0, -0.05), Axes: []sim.Axis{axis}})
		b.AddCollider(sim.Collider{Name: "trunk", Link: trunk, Shape: contact.Box(half), Friction: k - 1})
		if extra {
			b.AddCollider(sim.Collider{Name: "foot", Link: leg, Shape: contact.Sphere(0.03)})
		}
		b.AddHalfSpace("slope", r3.Vec{X: 0.1 * k, Z: 1}, -0.2)
		return mustModel(t, b)
	}
	a, b := build(1, false), build(1.3, false)
	if a.Structure() != b.Structure() || a.Structure() == build(1, true).Structure() {
		t.Error("models of one structure differ in it, or others do not")
	}
	run := func(s *sim.Stepper, steps int) sim.State {
		x := s.Model().NewState()
		x.V[0], x.V[4] = 1, 2
		for range steps {
			if _, err := s.Step(&x, x, []float64{0.2}); err != nil {
				t.Fatal(err)
			}
		}
		return x
	}
	s := a.NewStepper(sim.Options{})
	s.SetWrench(0, sim.Wrench{Force: r3.Vec{Y: 1}})
	for _, m := range []*sim.Model{b, a, b} {
		run(s, 30)
		if err := s.SetModel(m); err != nil {
			t.Fatal(err)
		}
		fresh := m.NewStepper(sim.Options{})
		fresh.SetWrench(0, s.Wrench(0))
		got, want := run(s, 60), run(fresh, 60)
		for i := range want.V {
			if got.V[i] != want.V[i] {
				t.Fatalf("velocity %d is %g after SetModel, %g of a new stepper", i, got.V[i], want.V[i])
			}
		}
		e1, err1 := s.Energy(got)
		e2, err2 := fresh.Energy(want)
		if err := errors.Join(err1, err2); err != nil || e1 != e2 {
			t.Errorf("energy %v after SetModel, %v of a new stepper (%v)", e1, e2, err)
		}
	}
	if err := s.SetModel(build(1, true)); err == nil || !strings.Contains(err.Error(), "joints, shapes") {
		t.Errorf("a model of another structure: %v", err)
	}
}

// TestSetModelFromZero: the same where a number was zero, so that what it is of was not there: of contacts with
// half-spaces surfaces that bounced, gave way, ran or resisted turning in the new model alone did not.
func TestSetModelFromZero(t *testing.T) {
	type changes struct {
		axis        sim.Axis
		surface     contact.Surface
		friction    float64
		larger      float64
		speed, spin r3.Vec
		pairs       func(*sim.Builder)
	}
	build := func(c changes) *sim.Model {
		b := newWorld("robot", 0.01)
		trunk, leg, ball := b.AddLink("trunk", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.05})), b.AddLink("leg", sim.SphereInertia(0.3, 0.05)), b.AddLink("ball", sim.SphereInertia(0.5, 0.05))
		b.AddFree("free", trunk)
		b.AddFree("roll", ball)
		b.AddJoint(sim.Joint{Name: "hip", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: trunk, Child: leg, Origin: sim.At(0.1, 0, -0.05), Axes: []sim.Axis{c.axis}})
		b.AddCollider(sim.Collider{Name: "trunk", Link: trunk, Shape: contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.05}), Friction: c.friction, Surface: c.surface})
		b.AddCollider(sim.Collider{Name: "foot", Link: leg, Shape: contact.Sphere(0.05), Pose: sim.At(0, 0, -0.1), Friction: c.friction, Surface: c.surface})
		b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(0.05 + c.larger), Friction: 0.5})
		b.AddGround()
		b.SetSurfaceVelocity("ground", c.speed)
		b.SetSurfaceSpin("ground", c.spin)
		if c.pairs != nil {
			c.pairs(b)
		}
		return mustModel(t, b)
	}
	axis := func(a sim.Axis) changes { return changes{axis: a, friction: 0.5} }
	surface := func(s contact.Surface) changes { return changes{surface: s, friction: 0.5} }
	plain := build(changes{friction: 0.5})
	run := func(s *sim.Stepper) sim.State {
		x := s.Model().NewState()
		x.Q[2], x.V[0], x.V[4] = 0.25, 0.5, 2
		copy(x.Q[7:], []float64{0, 0, 0.35})
		x.V[6+2], x.V[6+5] = -1, 3
		for range 80 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		return x
	}
	seen := run(plain.NewStepper(sim.Options{}))
	for name, c := range map[string]changes{
		"damping": axis(sim.Axis{Damping: 0.1}), "stiffness": axis(sim.Axis{Stiffness: 5}), "dry friction": axis(sim.Axis{Friction: 0.2}),
		"armature": axis(sim.Axis{Armature: 0.1}), "limit": axis(sim.Axis{Limited: true, Lower: -0.1, Upper: 0.1}), "speed": axis(sim.Axis{MaxSpeed: 1}),
		"no friction": {}, "restitution": surface(contact.Surface{Restitution: 0.5}), "stiff surface": surface(contact.Surface{Stiffness: 2000, Damping: 20}),
		"torsion": surface(contact.Surface{Torsion: 0.02}), "rolling": surface(contact.Surface{Rolling: 0.02}),
		"crawler": surface(contact.Surface{Velocity: r3.Vec{Y: 1}}), "spin": surface(contact.Surface{Spin: r3.Vec{Z: 3}}),
		"larger": {friction: 0.5, larger: 0.04}, "belt": {friction: 0.5, speed: r3.Vec{X: 1}}, "turntable": {friction: 0.5, spin: r3.Vec{Z: 2}},
		"pair friction":  {friction: 0.5, pairs: func(b *sim.Builder) { b.SetPairFriction("ball", "trunk", 2) }},
		"pair torsion":   {friction: 0.5, pairs: func(b *sim.Builder) { b.SetPairTurning("ball", "trunk", 0.02, 0.01) }},
		"ground torsion": {friction: 0.5, pairs: func(b *sim.Builder) { b.SetPairTurning("foot", "ground", 0.02, 0.01) }},
		"ground grip":    {friction: 0.5, pairs: func(b *sim.Builder) { b.SetPairFriction("foot", "ground", 0) }},
	} {
		m := build(c)
		s := plain.NewStepper(sim.Options{})
		run(s)
		if err := s.SetModel(m); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, want := run(s), run(m.NewStepper(sim.Options{}))
		if !slices.Equal(got.V, want.V) || slices.Equal(want.V, seen.V) {
			t.Errorf("%s: velocities are %g after SetModel, %g of a new stepper, %g without it", name, got.V, want.V, seen.V)
		}
		if err := s.SetModel(plain); err != nil || !slices.Equal(run(s).V, seen.V) {
			t.Errorf("%s: and back it is not what it was (%v)", name, err)
		}
	}
}

// TestSetModelOfOtherPairs: what may touch what is structure: a stepper for fewer pairs has no room for more.
func TestSetModelOfOtherPairs(t *testing.T) {
	build := func(apart bool) *sim.Model {
		b := newWorld("pair", 0.01)
		for _, name := range []string{"a", "b"} {
			l := b.AddLink(name, sim.SphereInertia(1, 0.05))
			b.AddFree(name, l)
			b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Sphere(0.05), Friction: 0.5})
		}
		if apart {
			b.Exclude(0, 1)
		}
		return mustModel(t, b)
	}
	for _, apart := range []bool{false, true} {
		if err := build(apart).NewStepper(sim.Options{}).SetModel(build(!apart)); err == nil || !strings.Contains(err.Error(), "pairs that may touch") {
			t.Errorf("excluded at first %v: %v", apart, err)
		}
	}
}

// TestStartInEachOtherIsNamed: the shapes of many robots overlap where no joint can part them, which shows when they
// may touch each other. The error of the first step named the foot that stood on the ground.
func TestStartInEachOtherIsNamed(t *testing.T) {
	e, err := models.Find("humanoid")
	if err != nil {
		t.Fatal(err)
	}
	b := e.Builder(models.Options{})
	b.SetSelfContact(true)
	m := mustModel(t, b)
	x := e.Start(m)
	for _, o := range []sim.Options{{WholeSteps: true}, {}} {
		res, err := m.NewStepper(o).Step(&x, x, nil)
		if err == nil || !strings.Contains(err.Error(), "contact pelvis/thigh_right starts with its shapes 0.0961 m in each other") {
			t.Errorf("error %v does not name them", err)
		}
		if res.Iterations > 8000 { // steps may take fifty thousand; no division parts these
			t.Errorf("named after %d iterations", res.Iterations)
		}
	}
}
