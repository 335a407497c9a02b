package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestStartInsideTheGround: a box that starts at rest inside the ground, as after a careless reset, comes out and stays there.
// What moves it out is no physics and brings no energy. From 1 cm it used to hop by 4.5 cm. Where nothing presses it down the
// softness of the contact still gives it √(κgℓ), a tenth of a millimeter a second at the κ of that case.
func TestStartInsideTheGround(t *testing.T) {
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
	for _, gravity := range []float64{9.81, 0} {
		for _, h := range []float64{0.01, 0.002} {
			for _, depth := range []float64{1e-3, 0.01, 0.1} {
				b := newWorld("box", h)
				b.SetGravity(r3.Vec{Z: -gravity})
				b.AddGround()
				box := b.AddLink("box", sim.BoxInertia(1, half))
				b.AddFree("free", box)
				b.AddCollider(sim.Collider{Link: box, Shape: contact.Box(half), Friction: 0.5})
				m := mustModel(t, b)
				opt := sim.Options{}
				if gravity == 0 {
					opt.Kappa = 1e-10
				}
				x, s := m.NewState(), m.NewStepper(opt)
				x.Q[2] = half.Z - depth
				highest, pushed := x.Q[2], 0.0
				for k := range int(1 / h) {
					if _, err := s.Step(&x, x, nil); err != nil {
						t.Fatal(err)
					}
					highest = math.Max(highest, x.Q[2])
					if k == 0 {
						for _, c := range s.Contacts() {
							pushed += c.Force.Z
						}
						if d, want := s.Penetration(), half.Z-x.Q[2]; math.Abs(d-math.Max(0, want)) > 1e-12 {
							t.Errorf("reported %g m deep, it is %g", d, want)
						}
						if gap, want := s.Contacts()[4].Gap, x.Q[2]-half.Z; math.Abs(gap-want) > 1e-9 {
							t.Errorf("the gap of the report is %g m, the corner is %g above the ground", gap, want)
						}
					}
				}
				hop := highest - half.Z
				t.Logf("g = %g, h = %g s, %g m deep: hops %.1e m, rests at %+.1e m, first force %.3f N", gravity, h, depth, hop, x.Q[2]-half.Z, pushed)
				if hop > 2e-4 || gravity > 0 && math.Abs(x.Q[2]-half.Z) > 1e-5 {
					t.Errorf("g = %g, h = %g s, %g m deep: hopped %g m, ended at %g m", gravity, h, depth, hop, x.Q[2]-half.Z)
				}
				if pushed > 1.5*gravity+0.1 {
					t.Errorf("g = %g, h = %g s, %g m deep: the first step pushes with %g N", gravity, h, depth, pushed)
				}
			}
		}
	}
}

// TestStartBeyondALimit: a joint that starts beyond a limit comes back to it without speed. A hinge 0.05 rad beyond used to
// leave at 5 rad/s at 10 ms and 12.8 rad/s at 2 ms. No force presses it there, so κ is small.
func TestStartBeyondALimit(t *testing.T) {
	for _, c := range []struct {
		name  string
		joint sim.JointType
		q     func(x *sim.State, d float64)
		speed func(x sim.State) float64 // toward the inside
	}{
		{"hinge above", sim.Revolute(r3.Vec{Z: 1}), func(x *sim.State, d float64) { x.Q[0] = 0.3 + d }, func(x sim.State) float64 { return -x.V[0] }},
		{"hinge below", sim.Revolute(r3.Vec{Z: 1}), func(x *sim.State, d float64) { x.Q[0] = -0.3 - d }, func(x sim.State) float64 { return x.V[0] }},
		{"slider", sim.Prismatic(r3.Vec{X: 1}), func(x *sim.State, d float64) { x.Q[0] = 0.3 + d }, func(x sim.State) float64 { return -x.V[0] }},
		{"ball", sim.Spherical(), func(x *sim.State, d float64) { x.Q[0], x.Q[3] = math.Cos(0.15+d/2), math.Sin(0.15+d/2) }, func(x sim.State) float64 { return -x.V[2] }},
	} {
		for _, h := range []float64{0.01, 0.002} {
			for _, d := range []float64{1e-3, 0.05, 1} {
				b := newWorld("arm", h)
				a := sim.Axis{Limited: true, Lower: -0.3, Upper: 0.3}
				axes := []sim.Axis{a}
				if c.name == "ball" {
					a.Lower = 0
					axes = []sim.Axis{a, a, a}
				}
				b.AddJoint(sim.Joint{Name: "joint", Type: c.joint, Parent: sim.World, Child: b.AddLink("arm", sim.BoxInertia(1, r3.Vec{X: 0.2, Y: 0.05, Z: 0.05})), Axes: axes})
				m := mustModel(t, b)
				x, s := m.NewState(), m.NewStepper(sim.Options{Kappa: 1e-12})
				c.q(&x, d)
				inside := func() float64 {
					if c.name == "ball" {
						return 0.3 - 2*math.Acos(math.Min(1, math.Abs(x.Q[0])))
					}
					return 0.3 - math.Abs(x.Q[0])
				}
				worst := 0.0
				for range int(1 / h) {
					if _, err := s.Step(&x, x, nil); err != nil {
						t.Fatalf("%s, h = %g s, %g beyond: %v", c.name, h, d, err)
					}
					worst = math.Max(worst, c.speed(x))
				}
				t.Logf("%s, h = %g s, %g beyond: leaves at %.1e, ends %.1e inside", c.name, h, d, worst, inside())
				if worst > 1e-3 || inside() < 0 || inside() > 1e-3 {
					t.Errorf("%s, h = %g s, %g beyond: leaves at %g, ends %g inside", c.name, h, d, worst, inside())
				}
			}
		}
	}
}

// TestDeepStartKeepsItsMotion: the way out changes nothing of how a body moves along the ground or away from it.
func TestDeepStartKeepsItsMotion(t *testing.T) {
	for _, v := range []r3.Vec{{X: 1}, {X: 1, Z: 2}} {
		b := sim.NewBuilder("ball")
		b.SetGravity(r3.Vec{Z: -9.81})
		b.SetTimestep(0.01)
		b.AddGround()
		l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.1)})
		m := mustModel(t, b)
		x := m.NewState()
		x.Q[2], x.V[0], x.V[2] = 0.09, v.X, v.Z
		if _, err := m.NewStepper(sim.Options{}).Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
		want := v
		if want.Z > 0 {
			want.Z -= 9.81 * 0.005 // from an instant
		}
		if e := r3.Norm(r3.Sub(r3.Vec{X: x.V[0], Y: x.V[1], Z: x.V[2]}, want)); e > 1e-3 {
			t.Errorf("started at %v m/s, moves at %v, want %v", v, x.V[:3], want)
		}
	}
}
