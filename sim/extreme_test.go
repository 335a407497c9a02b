package sim_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestExtremeNumbersWorkOrAreNamed: a pendulum whose joint has one property of any size swings, or Build says which is too
// large; a box with any friction comes down. No step takes long.
func TestExtremeNumbersWorkOrAreNamed(t *testing.T) {
	sizes := []float64{1e-300, 1e-100, 1e-20, 1e-12, 1e-9, 1e-6, 1e-3, 1, 1e4, 1e6, 1e8, 1e10, 1e11, 1e12, 1e14, 1e16, 1e18, 1e30, 1e100, 1e300}
	axes := map[string]func(x float64) sim.Axis{
		"dry friction": func(x float64) sim.Axis { return sim.Axis{Friction: x} },
		"stiffness":    func(x float64) sim.Axis { return sim.Axis{Stiffness: x} },
		"damping":      func(x float64) sim.Axis { return sim.Axis{Damping: x} },
		"armature":     func(x float64) sim.Axis { return sim.Axis{Armature: x} },
		"effort":       func(x float64) sim.Axis { return sim.Axis{Drive: sim.Servo, Kp: 100, Kd: 1, Effort: x} },
		"kp":           func(x float64) sim.Axis { return sim.Axis{Drive: sim.Servo, Kp: x} },
		"kd":           func(x float64) sim.Axis { return sim.Axis{Drive: sim.Servo, Kp: x, Kd: x / 1000} },
		"bounded kp":   func(x float64) sim.Axis { return sim.Axis{Drive: sim.Servo, Kp: x, Effort: 10} },
	}
	worked, refused, longest := 0, 0, 0
	run := func(name string, b *sim.Builder, q []float64, kappa float64) {
		m, err := b.Build()
		if err != nil {
			if refused++; !strings.Contains(err.Error(), `joint "hinge"`) || !strings.Contains(err.Error(), "more than") {
				t.Errorf("%s: %v", name, err)
			}
			return
		}
		worked++
		s, st, u := m.NewStepper(sim.Options{Kappa: kappa}), m.NewState(), make([]float64, m.NU())
		copy(st.Q, q)
		for k := range 30 {
			for i := range u {
				u[i] = 0.3 * float64(k/10)
			}
			res, err := s.Step(&st, st, u)
			longest = max(longest, res.Iterations)
			if err != nil {
				t.Errorf("%s: step %d: %v", name, k, err)
				return
			}
		}
	}
	for _, h := range []float64{1e-3, 1e-2} {
		for _, kappa := range []float64{1e-3, 1e-8} {
			for _, x := range sizes {
				for _, property := range names(axes) {
					b := newWorld("pendulum", h)
					in := sim.BoxInertia(1, r3.Vec{X: 0.03, Y: 0.03, Z: 0.1})
					in.COM.Z = -0.1
					b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink("rod", in), Axes: []sim.Axis{axes[property](x)}})
					run(fmt.Sprintf("%s %g, h %g, κ %g", property, x, h, kappa), b, []float64{0.5}, kappa)
				}
				b := newWorld("box", h)
				half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
				l := b.AddLink("box", sim.BoxInertia(1, half))
				b.AddFree("free", l)
				b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: x})
				b.AddGround()
				run(fmt.Sprintf("friction coefficient %g, h %g, κ %g", x, h, kappa), b, []float64{0, 0, 0.12, math.Sqrt(0.84), 0.4, 0, 0}, kappa)
			}
		}
	}
	if t.Logf("%d worked, %d were refused, at most %d iterations", worked, refused, longest); longest > 20000 || refused > worked/5 {
		t.Error("too long, or too many are refused")
	}
}

// TestExtremeSurfacesWorkOrAreNamed: the same of what surfaces do: a box that lands skidding and turning on a half-space
// or a table goes on, or Build names what is too large. Torques bounded by 1e-200 m on half-spaces were singular, and
// surfaces at 1e9 m/s or dampers of 1e19 N s/m stalled or were singular.
func TestExtremeSurfacesWorkOrAreNamed(t *testing.T) {
	sizes := []float64{1e-300, 1e-200, 1e-100, 1e-20, 1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 1e7, 1e8, 1e9, 1e12, 1e16, 1e20, 1e100, 1e300}
	surfaces := map[string]func(x float64) contact.Surface{
		"torsion":          func(x float64) contact.Surface { return contact.Surface{Torsion: x} },
		"rolling":          func(x float64) contact.Surface { return contact.Surface{Rolling: x, Torsion: 0.01} },
		"damping":          func(x float64) contact.Surface { return contact.Surface{Stiffness: 1e4, Damping: x} },
		"surface velocity": func(x float64) contact.Surface { return contact.Surface{Velocity: r3.Vec{X: x}} },
		"surface spin":     func(x float64) contact.Surface { return contact.Surface{Spin: r3.Vec{Z: x}} },
	}
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
	worked, refused, longest := 0, 0, 0
	for _, table := range []bool{false, true} {
		for _, kappa := range []float64{1e-3, 1e-5, 1e-8} {
			for _, name := range names(surfaces) {
				for _, x := range sizes {
					b := newWorld("skid", 0.01)
					if table {
						b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(r3.Vec{X: 5, Y: 5, Z: 1}), Pose: sim.At(0, 0, -1), Friction: 0.5})
					} else {
						b.AddGround()
					}
					l := b.AddLink("box", sim.BoxInertia(1, half))
					b.AddFree("free", l)
					b.AddCollider(sim.Collider{Name: "box", Link: l, Shape: contact.Box(half), Friction: 0.5, Surface: surfaces[name](x)})
					m, err := b.Build()
					if err != nil {
						if refused++; x < 1e6 || !strings.Contains(err.Error(), `collider "box": `+name) || !strings.Contains(err.Error(), "more than") {
							t.Errorf("%s %g: %v", name, x, err)
						}
						continue
					}
					worked++
					s, st := m.NewStepper(sim.Options{Kappa: kappa}), m.NewState()
					st.Q[2], st.V[0], st.V[5] = 0.13, 0.3, 2
					for k := range 40 {
						res, err := s.Step(&st, st, nil)
						longest = max(longest, res.Iterations)
						if err != nil {
							t.Errorf("%s %g, table %v, κ %g: step %d: %v", name, x, table, kappa, k, err)
							break
						}
					}
				}
			}
		}
	}
	if t.Logf("%d worked, %d were refused, at most %d iterations", worked, refused, longest); longest > 2000 {
		t.Error("too long")
	}
}

// TestTinyFrictionIsNone: what is too small to be felt changes nothing.
func TestTinyFrictionIsNone(t *testing.T) {
	swing := func(friction float64) float64 {
		b := newWorld("pendulum", 0.01)
		in := sim.BoxInertia(1, r3.Vec{X: 0.03, Y: 0.03, Z: 0.1})
		in.COM.Z = -0.1
		b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink("rod", in), Axes: []sim.Axis{{Friction: friction}}})
		m := mustModel(t, b)
		s, st := m.NewStepper(sim.Options{Kappa: 1e-3}), m.NewState()
		st.Q[0] = 0.5
		for range 100 {
			must(t, s, &st, nil)
		}
		return st.Q[0]
	}
	want := swing(0)
	for _, f := range []float64{1e-300, 1e-12, 1e-9} {
		if q := swing(f); math.Abs(q-want) > 1e-7 {
			t.Errorf("dry friction of %g N m: %.12g, without %.12g", f, q, want)
		}
	}
}

// TestDividedStepEnds: a wheel that turns 1.6 million times in a step would be divided into as many parts, were there no bound.
func TestDividedStepEnds(t *testing.T) {
	b := newWorld("wheel", 0.01)
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink("wheel", sim.SphereInertia(1, 0.1))})
	m := mustModel(t, b)
	s, st := m.NewStepper(sim.Options{MaxHalvings: 40}), m.NewState()
	st.V[0] = 1e9
	if res, err := s.Step(&st, st, nil); err == nil || res.Iterations+res.Halvings > 150000 {
		t.Errorf("%d iterations, %d halvings: %v", res.Iterations, res.Halvings, err)
	}
}

// TestOutsideALimitLeavesGently: what starts beyond a limit leaves it at the natural speed of the mechanism, on a hinge, on a
// ball joint, and where a leader or a follower stands beyond its own limit, whatever the ratio.
func TestOutsideALimitLeavesGently(t *testing.T) {
	in := sim.BoxInertia(1, r3.Vec{X: 0.05, Y: 0.05, Z: 0.1})
	in.COM.Z = -0.1
	hinges := func(ratio float64, leader, follower sim.Axis) *sim.Builder {
		b := newWorld("hinges", 0.01)
		b.AddJoint(sim.Joint{Name: "leader", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink("a", in), Axes: []sim.Axis{leader}})
		if ratio != 0 {
			b.AddJoint(sim.Joint{Name: "follower", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: b.AddLink("b", in), Axes: []sim.Axis{follower}, Mimic: &sim.Mimic{Joint: "leader", Ratio: ratio}})
		}
		return b
	}
	ball := newWorld("ball", 0.01)
	cone := sim.Axis{Limited: true, Upper: 0.3}
	ball.AddJoint(sim.Joint{Name: "ball", Type: sim.Spherical(), Parent: sim.World, Child: ball.AddLink("a", in), Axes: []sim.Axis{cone, cone, cone}})
	up := func(x float64) sim.Axis { return sim.Axis{Limited: true, Lower: -4, Upper: x} }
	for _, c := range []struct {
		name string
		b    *sim.Builder
		q    []float64
	}{
		{"hinge", hinges(0, up(0.3), sim.Axis{}), []float64{1.2}},
		{"ball joint", ball, []float64{math.Cos(0.6), math.Sin(0.6), 0, 0}},
		{"ball joint, almost there", ball, []float64{math.Cos(0.2), math.Sin(0.2), 0, 0}},
		{"follower", hinges(1, sim.Axis{}, up(0.3)), []float64{1.2, 1.2}},
		{"slow follower", hinges(0.1, sim.Axis{}, up(0.03)), []float64{1.2, 0.12}},
		{"leader of a fast follower", hinges(10, up(0.05), sim.Axis{}), []float64{0.12, 1.2}},
		{"mirrored", hinges(-0.5, sim.Axis{}, sim.Axis{Limited: true, Lower: -0.1, Upper: 4}), []float64{1.2, -0.6}},
	} {
		m := mustModel(t, c.b)
		s, st := m.NewStepper(sim.Options{}), m.NewState()
		copy(st.Q, c.q)
		energy := func() float64 {
			e, err := s.Energy(st)
			if err != nil {
				t.Fatal(err)
			}
			return e.Kinetic + e.Gravity
		}
		most, natural := energy(), 0.0
		// ½ I ω² of bodies that all turn at √(g/ℓ), ℓ the radius of gyration of the tree at rest
		for i := range m.Bodies() {
			tr := m.Engine().Trees[m.Engine().Bodies[i].Tree]
			natural += m.Engine().Dofs[m.Joints()[i].V].Scale * gravity / tr.Length / 2
		}
		for range 100 {
			must(t, s, &st, nil)
			if e := energy(); e > most+1.2*natural {
				t.Fatalf("%s: the energy has grown by %.3g J, the natural one is %.3g J", c.name, e-most, natural)
			}
		}
	}
}

// TestServoPressesHard: a servo without effort limit that wants an arm deep under the ground holds it there, whatever
// its strength, timestep and κ. At 1e5 N m/rad the contact carries 60 000 times the arm's weight: of the margin to the
// wall of its friction cone rounding leaves a few digits at κ = 1e-9, and none at the κ from which a polish starts.
func TestServoPressesHard(t *testing.T) {
	const reach, radius, height = 0.2, 0.03, 0.15
	in := sim.BoxInertia(1, r3.Vec{X: 0.03, Y: 0.03, Z: 0.1})
	in.COM.Z = -reach / 2
	for _, kp := range []float64{1e3, 1e5, 1e7} {
		for _, mu := range []float64{0, 0.3, 0.8} {
			for _, h := range []float64{0.001, 0.01, 0.05} {
				for _, kappa := range []float64{1e-3, 1e-6, 1e-9, 0} {
					b := newWorld("arm", h)
					b.AddGround()
					arm := b.AddLink("arm", in)
					servo := sim.Axis{Drive: sim.Servo, Kp: kp, Kd: math.Sqrt(kp) / 3}
					b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: arm, Origin: sim.At(0, 0, height), Axes: []sim.Axis{servo}})
					b.AddCollider(sim.Collider{Link: arm, Shape: contact.Sphere(radius), Pose: sim.At(0, 0, -reach), Friction: mu})
					m := mustModel(t, b)
					s, x := m.NewStepper(sim.Options{Kappa: kappa, Polish: kappa == 0}), m.NewState()
					x.Q[0] = 1.5
					name, iterations := fmt.Sprintf("%g N m/rad, μ = %g, h = %g, κ = %g", kp, mu, h, kappa), 0
					steps := 0
					for ; steps < 100; steps++ {
						res, err := s.Step(&x, x, nil)
						if iterations += res.Iterations; err != nil {
							t.Errorf("%s: step %d: %v", name, steps, err)
							break
						}
					}
					gap := height - reach*math.Cos(x.Q[0]) - radius
					if steps == 100 && !(gap > -1e-9 && gap < 1e-3 && math.Abs(x.V[0]) < 0.05) || iterations > 60*steps {
						t.Errorf("%s: gap %g m, speed %g rad/s, %d iterations", name, gap, x.V[0], iterations)
					}
				}
			}
		}
	}
}
