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

// ballOnGround returns a ball of 1 kg and 0.1 m that touches the ground, or a table whose surface has the numbers then.
func ballOnGround(t *testing.T, mu float64, u contact.Surface, table bool) (*sim.Model, sim.State) {
	b := newWorld("ball on ground", 0.01)
	if table {
		b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(r3.Vec{X: 9, Y: 1, Z: 0.5}), Pose: sim.At(0, 0, -0.5), Friction: mu, Surface: u})
		u = contact.Surface{}
	} else {
		b.AddGround()
	}
	l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
	b.AddFree("ball", l)
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Friction: mu, Surface: u})
	m := mustModel(t, b)
	x := m.NewState()
	x.Q[2] = 0.1
	return m, x
}

// rolled is a ball of 1 kg that slides, rolls and spins.
type rolled struct{ v, w, spin float64 }

// after returns it at a later time on the ground, whose friction is that of one cone: with n = ‖(μ(v − R w), r_r w, r_t
// spin)‖ the force −γ μ²(v − R w)/n and the torques −γ r_r² w/n and −γ r_t² spin/n.
func (b rolled) after(at, mu, radius float64, u contact.Surface) rolled {
	const n, inertia = 200000, 0.4
	rate := func(b rolled) rolled {
		slip := b.v - radius*b.w
		g := gravity / math.Sqrt(mu*mu*slip*slip+u.Rolling*u.Rolling*b.w*b.w+u.Torsion*u.Torsion*b.spin*b.spin+1e-30)
		f, j := -g*mu*mu*slip, inertia*radius*radius
		return rolled{f, (-radius*f - g*u.Rolling*u.Rolling*b.w) / j, -g * u.Torsion * u.Torsion * b.spin / j}
	}
	plus := func(b, d rolled, h float64) rolled { return rolled{b.v + h*d.v, b.w + h*d.w, b.spin + h*d.spin} }
	for range n { // midpoint rule
		b = plus(b, rate(plus(b, rate(b), at/n/2)), at/n)
	}
	return b
}

// TestPairsTurnByTheirOwn: where two shapes have numbers of their own for each other, those of the shapes do not count:
// one that would spin and roll on stops, and one that would stop goes on. Spinning and rolling are traded to first order
// of the step.
func TestPairsTurnByTheirOwn(t *testing.T) {
	const radius = 0.1
	for _, c := range []struct {
		shape, own contact.Surface
	}{{contact.Surface{}, contact.Surface{Torsion: 0.003, Rolling: 0.002}}, {contact.Surface{Torsion: 0.003, Rolling: 0.002}, contact.Surface{}}, {contact.Surface{Torsion: 0.01}, contact.Surface{Torsion: 0.003}}} {
		for _, other := range []string{"table", "ground"} {
			b := newWorld("ball on "+other, 0.001)
			if other == "ground" {
				b.AddGround()
				b.AddHalfSpace("wall", r3.Vec{X: -1}, -9) // by which the ball turns as its shape says
			} else {
				b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(r3.Vec{X: 9, Y: 1, Z: 0.5}), Pose: sim.At(0, 0, -0.5), Friction: 0.1})
			}
			l := b.AddLink("ball", sim.SphereInertia(1, radius))
			b.AddFree("ball", l)
			b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(radius), Friction: 0.1, Surface: c.shape})
			b.SetPairTurning("ball", other, c.own.Torsion, c.own.Rolling)
			b.SetPairFriction("ball", other, 0.5)
			m := mustModel(t, b)
			s, x := m.NewStepper(sim.Options{Kappa: 1e-9}), m.NewState()
			x.Q[2], x.V[0], x.V[4], x.V[5] = radius, 0.5, 0.5/radius, 8
			for range 400 {
				must(t, s, &x, nil)
			}
			want := rolled{0.5, 0.5 / radius, 8}
			if c.own != (contact.Surface{}) {
				want = want.after(0.3995, 0.5, radius, c.own)
			}
			tol.Within(t, math.Abs(turn(quatOf(x.Q[3:]), r3.Vec{X: x.V[3], Y: x.V[4], Z: x.V[5]}).Z-want.spin), 3e-4, "own %+v on the %s: spin", c.own, other)
			tol.Within(t, math.Abs(x.V[0]-want.v), 1e-4, "own %+v on the %s: speed", c.own, other)
		}
	}
	b := newWorld("wrong", 0.01)
	l := b.AddLink("ball", sim.SphereInertia(1, radius))
	b.AddFree("ball", l)
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(radius)})
	b.AddCollider(sim.Collider{Name: "post", Link: sim.World, Shape: contact.Sphere(radius)})
	b.SetPairTurning("ball", "post", -1, 0)
	b.SetPairTurning("ball", "nobody", 1, 0)
	b.AddGround()
	b.SetPairFriction("post", "ground", 1)
	b.SetPairFriction("ball", "ground", -1)
	b.SetPairTurning("ball", "ground", 1e9, 0)
	_, err := b.Build()
	for _, want := range []string{`pair torsion of "ball" and "post" is -1 m`, `pair torsion and rolling: there are no colliders "ball" and "nobody"`,
		`pair friction: collider "post" does not touch half-space "ground"`, `pair friction of "ball" and "ground" is -1`, `pair of "ball" and "ground": torsion is 1e+09 m: more than 1e+06`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestSpinDecays: a ball that spins about the normal slows down by the torque r_t m g, to rounding, and stops; it goes nowhere.
func TestSpinDecays(t *testing.T) {
	const torsion, spin, inertia = 0.003, 8.0, 0.4 * 0.01
	for _, table := range []bool{false, true} {
		m, x := ballOnGround(t, 0.5, contact.Surface{Torsion: torsion}, table)
		x.V[5] = spin
		s := m.NewStepper(sim.Options{Polish: true})
		for k := 1; k <= 150; k++ {
			if r, err := s.Step(&x, x, nil); err != nil || r.Unpolished > 0 {
				t.Fatal(r, err)
			}
			want := max(0, spin-torsion*9.81/inertia*(float64(k)-0.5)*m.Timestep())
			tol.Within(t, math.Abs(x.V[5]-want), 1e-9, "table %t, step %d: spins at %g rad/s", table, k, x.V[5])
			tol.Within(t, r3.Norm(r3.Vec{X: x.V[0], Y: x.V[1], Z: x.V[2]}), 1e-9, "table %t, step %d", table, k)
		}
	}
}

// TestContactWrenchTurns: the torque by which a contact resists turning is in its report and in the wrenches of bodies,
// with which momenta change. Both told of the force alone.
func TestContactWrenchTurns(t *testing.T) {
	const inertia, mass = 0.4 * 0.01, 1.0
	for _, table := range []bool{false, true} {
		m, x := ballOnGround(t, 0.5, contact.Surface{Torsion: 0.003, Rolling: 0.002}, table)
		x.V[0], x.V[3], x.V[5] = 0.3, 0.2, 0.5
		s := m.NewStepper(sim.Options{Kappa: 1e-9})
		must(t, s, &x, nil)
		for k := range 20 {
			before := x.Clone()
			must(t, s, &x, nil)
			at := r3.Vec{X: before.Q[0], Y: before.Q[1], Z: before.Q[2]}
			w := s.ContactWrench(0, at)
			spin := func(x sim.State) r3.Vec { return turn(quatOf(x.Q[3:]), r3.Vec{X: x.V[3], Y: x.V[4], Z: x.V[5]}) }
			want := r3.Scale(inertia/m.Timestep(), r3.Sub(spin(x), spin(before)))
			tol.Within(t, r3.Norm(r3.Sub(w.Torque, want)), 1e-6, "table %t, step %d: torque is %v N m, want %v", table, k, w.Torque, want)
			tol.Within(t, math.Abs(w.Force.X-mass*(x.V[0]-before.V[0])/m.Timestep()), 1e-6, "table %t, step %d: force", table, k)
			if own := s.Contacts()[0].Torque; !(math.Abs(own.Z) > 1e-3) {
				t.Errorf("table %t, step %d: the contact's own torque is %v", table, k, own)
			}
		}
	}
}

// TestRollingStops: what resists rolling at v = (R + s) ω is the friction of one cone, of which rolling leaves sliding a
// part: the ball slips by s ω, and stops after v²/2a. With k = J/m, n² = μ²s² + r² and γ = m g
//
//	a = g μ² s/n,   k μ² s/(R + s) = r² − R μ² s,
//
// the second of which is a quadratic equation for s. To second order of the step, and of r it is a = r g/(R + k/R).
func TestRollingStops(t *testing.T) {
	const rolling, speed, radius, mu, k = 0.002, 0.5, 0.1, 0.5, 0.4 * 0.01
	c := (k*mu*mu + radius*radius*mu*mu - rolling*rolling) / (2 * radius * mu * mu)
	slip := rolling * rolling / (mu * mu) / (c + math.Sqrt(c*c+rolling*rolling/(mu*mu)))
	a := gravity * mu * mu * slip / math.Hypot(mu*slip, rolling)
	tol.Within(t, math.Abs(a/(rolling*gravity/(radius+k/radius))-1), 1e-3, "deceleration %g m/s²", a)
	for _, table := range []bool{false, true} {
		m, x := ballOnGround(t, mu, contact.Surface{Rolling: rolling, Torsion: 0.001}, table)
		x.V[0], x.V[4] = speed, speed/(radius+slip)
		s := m.NewStepper(sim.Options{Kappa: 1e-9})
		for n := range 600 {
			if must(t, s, &x, nil); n == 100 {
				tol.Within(t, math.Abs(x.V[0]/x.V[4]-radius-slip), 1e-3*slip, "table %t: slips", table)
			}
		}
		tol.Within(t, math.Abs(x.Q[0]/(speed*speed/2/a)-1), 1e-4, "table %t: stops after %g m, want %g", table, x.Q[0], speed*speed/2/a)
		tol.Within(t, math.Abs(x.V[0]), 1e-6, "table %t: rolls at %g m/s", table, x.V[0])
	}
}

// TestRolling: pure rolling, and sliding that becomes rolling, of the closed forms: the mean squared error of the
// velocity is below 1e-13 m²/s² at κ = 1e-8, and grows as κ².
func TestRolling(t *testing.T) {
	const radius, mu, g = 0.1, 0.3, 9.81
	for _, c := range []struct {
		name        string
		speed, turn float64 // at the start; ω R
	}{{"pure rolling", 1, 1}, {"sliding to rolling", 1, 0}} {
		var errors [2]float64
		for i, kappa := range []float64{1e-8, 1e-6} {
			m, x := ballOnGround(t, mu, contact.Surface{}, false)
			x.V[0], x.V[4] = c.speed, c.turn/radius
			s := m.NewStepper(sim.Options{Kappa: kappa, Centrality: 1e-8})
			const steps = 100
			for k := 1; k <= steps; k++ {
				if _, err := s.Step(&x, x, nil); err != nil {
					t.Fatal(err)
				}
				at := (float64(k) - 0.5) * m.Timestep()
				// v − μ g t until v = ω R, which is at 5/7 of the difference
				v := max(c.speed-mu*g*at, c.speed-2.0/7*(c.speed-c.turn))
				errors[i] += (x.V[0] - v) * (x.V[0] - v) / steps
			}
		}
		t.Logf("%s: mean squared error %.1e m²/s² at κ = 1e-8, %.1e at 1e-6", c.name, errors[0], errors[1])
		tol.Within(t, errors[0], 1e-13, c.name)
		if r := errors[1] / errors[0]; errors[0] > 1e-18 && (r < 3e3 || r > 3e4) {
			t.Errorf("%s: a hundred times κ gives %g of the error", c.name, r)
		}
	}
}
