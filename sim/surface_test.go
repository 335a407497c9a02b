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

// onBelt returns a cube of 1 kg that begins at rest on a belt of 1 m/s along x: on the ground, on a shape of the world, or as a crawler
// whose own surface runs.
func onBelt(t *testing.T, kind string, mu float64) (*sim.Model, sim.State) {
	b := newWorld(kind, 0.01)
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
	cube := b.AddLink("cube", sim.BoxInertia(1, half))
	b.AddFree("free", cube)
	c := sim.Collider{Name: "cube", Link: cube, Shape: contact.Box(half), Friction: mu}
	switch kind {
	case "ground":
		b.AddGround()
		b.SetSurfaceVelocity("ground", r3.Vec{X: 1, Z: 0.3})
	case "shape":
		b.AddCollider(sim.Collider{Name: "belt", Link: sim.World, Shape: contact.Box(r3.Vec{X: 1, Y: 3, Z: 0.1}), Friction: mu,
			Pose: sim.Pose{Pos: r3.Vec{Z: -0.1}, Rot: sim.RPY(0, 0, math.Pi/2)}, Surface: contact.Surface{Velocity: r3.Vec{Y: -1}}})
	case "crawler":
		b.AddGround()
		c.Surface.Velocity = r3.Vec{X: -1}
	}
	b.AddCollider(c)
	m := mustModel(t, b)
	x := m.NewState()
	x.Q[2] = 0.1
	return m, x
}

// TestBeltDrags: a cube set down on a belt speeds up by μ g t, to rounding, until it runs with the belt, and stays there.
func TestBeltDrags(t *testing.T) {
	const mu, g = 0.4, 9.81
	for _, kind := range []string{"ground", "shape", "crawler"} {
		m, x := onBelt(t, kind, mu)
		s := m.NewStepper(sim.Options{Polish: true})
		for k := 1; k <= 60; k++ {
			r, err := s.Step(&x, x, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Unpolished > 0 {
				continue
			}
			at := (float64(k) - 0.5) * m.Timestep() // of the interval's middle: the first has half a step of force
			tol.Within(t, x.V[0]-min(mu*g*at, 1), 1e-9, "%s, step %d: %g m/s", kind, k, x.V[0])
		}
		tol.Within(t, x.V[0]-1, 1e-9, "%s: runs at %g m/s", kind, x.V[0])
		tol.Within(t, math.Abs(x.V[1])+math.Abs(x.V[2])+math.Abs(x.V[4]), 1e-9, "%s: %v", kind, x.V)
	}
}

// TestBeltTurnsWithItsShape: a crawler that stands on the ground turned by 0.7 rad runs where it looks, and where its belt runs up a
// side nothing happens.
func TestBeltTurnsWithItsShape(t *testing.T) {
	m, x := onBelt(t, "crawler", 0.8)
	q := sim.RPY(0, 0, 0.7)
	x.Q[3], x.Q[4], x.Q[5], x.Q[6] = q.Real, q.Imag, q.Jmag, q.Kmag
	s := m.NewStepper(sim.Options{Kappa: 1e-9})
	for range 100 {
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	tol.Within(t, math.Hypot(x.V[0]-math.Cos(0.7), x.V[1]-math.Sin(0.7)), 1e-6, "runs at %v", x.V[:3])
}

// TestSurfaceMistakes names collider or half-space and field.
func TestSurfaceMistakes(t *testing.T) {
	for want, add := range map[string]func(b *sim.Builder, c *sim.Collider){
		`collider "c": surface velocity is (NaN, 0, 0) m/s, want finite numbers`: func(_ *sim.Builder, c *sim.Collider) { c.Surface.Velocity.X = math.NaN() },
		`half-space "ground": surface velocity is (+Inf, 0, 0) m/s, want finite numbers`: func(b *sim.Builder, _ *sim.Collider) {
			b.SetSurfaceVelocity("ground", r3.Vec{X: math.Inf(1)})
		},
		`collider "c": surface spin is (0, 0, NaN) rad/s, want finite numbers`: func(_ *sim.Builder, c *sim.Collider) { c.Surface.Spin.Z = math.NaN() },
		`half-space "ground": surface spin is (0, +Inf, 0) rad/s, want finite numbers`: func(b *sim.Builder, _ *sim.Collider) {
			b.SetSurfaceSpin("ground", r3.Vec{Y: math.Inf(1)})
		},
		`half-space "ground": surface velocity is 1e+09 m/s: more than 1e+07`: func(b *sim.Builder, _ *sim.Collider) {
			b.SetSurfaceVelocity("ground", r3.Vec{Y: 1e9})
		},
		`surface spin: there is no half-space "sky"`:     func(b *sim.Builder, _ *sim.Collider) { b.SetSurfaceSpin("sky", r3.Vec{}) },
		`surface velocity: there is no half-space "sky"`: func(b *sim.Builder, _ *sim.Collider) { b.SetSurfaceVelocity("sky", r3.Vec{}) },
	} {
		b := sim.NewBuilder("wrong")
		b.SetTimestep(0.01)
		b.SetGravity(r3.Vec{})
		b.AddGround()
		l := b.AddLink("l", sim.SphereInertia(1, 1))
		b.AddFree("free", l)
		c := sim.Collider{Name: "c", Link: l, Shape: contact.Sphere(1)}
		add(b, &c)
		b.AddCollider(c)
		if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that contains %q", err, want)
		}
	}
}

// onTurntable adds what turns with w about (0.1, -0.2, 0): the ground, a disk of the world that hangs upside down, or a
// free disk as heavy as a house.
func onTurntable(b *sim.Builder, kind string, w, mu float64) {
	disk := sim.Collider{Name: "table", Link: sim.World, Shape: contact.Cylinder(2, 0.05), Friction: mu, Surface: contact.Surface{Spin: r3.Vec{Z: -w}},
		Pose: sim.Pose{Pos: r3.Vec{X: 0.1, Y: -0.2, Z: -0.05}, Rot: sim.RPY(math.Pi, 0, 0.3)}}
	switch kind {
	case "ground":
		b.AddGround()
		b.SetSurfaceSpin("ground", r3.Vec{Z: w})
		b.SetSurfaceVelocity("ground", r3.Vec{X: -0.2 * w, Y: -0.1 * w}) // −w × c
		return
	case "free disk":
		disk.Pose = sim.At(0, 0, 0)
		disk.Link = b.AddLink("table", sim.CylinderInertia(1e9, 2, 0.05))
		b.AddFree("table", disk.Link)
	}
	b.AddCollider(disk)
}

// TestABallOnATurntableMovesOnCircles: a ball that rolls without slipping on a table that turns with w moves on a
// circle with 2/7 w, anywhere and however fast (Earnshaw, "Dynamics", 1844): it stays on it to rounding at any step,
// for the velocity of the surface is that of the middle of the step, and the angle per step is that of Cayley's map, 2
// atan(w h/7).
func TestABallOnATurntableMovesOnCircles(t *testing.T) {
	const w, radius, h = 6.0, 0.1, 0.01
	for _, kind := range []string{"ground", "disk", "free disk"} {
		b := newWorld(kind, h)
		ball := b.AddLink("ball", sim.SphereInertia(1, radius))
		b.AddFree("ball", ball)
		b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(radius), Friction: 1})
		onTurntable(b, kind, w, 1)
		m := mustModel(t, b)
		x := m.NewState()
		start, v := r3.Vec{X: 0.4, Y: 0.1}, r3.Vec{X: 0.2, Y: -0.3}
		table := r3.Vec{X: 0.1, Y: -0.2}
		copy(x.Q, []float64{start.X, start.Y, radius})
		// v − radius ω × z is the table's velocity
		slip := r3.Sub(v, r3.Cross(r3.Vec{Z: w}, r3.Sub(start, table)))
		roll := r3.Scale(1/radius, r3.Cross(r3.Vec{Z: 1}, slip))
		copy(x.V, []float64{v.X, v.Y, 0, roll.X, roll.Y, 0})
		k := 2. / 7 * w
		center := r3.Add(start, r3.Scale(1/k, r3.Cross(r3.Vec{Z: 1}, v)))
		if kind == "free disk" {
			place(&x, 1, r3.Vec{X: 0.1, Y: -0.2, Z: -0.05}, r3.Vec{}, r3.Vec{})
			q := sim.RPY(math.Pi, 0, 0.3)
			copy(x.Q[10:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
		}
		s := m.NewStepper(sim.Options{Kappa: 1e-10})
		if kind == "free disk" {
			s.SetWrench(1, sim.Wrench{Force: r3.Vec{Z: 1e9 * gravity}})
		}
		var first, last r3.Vec
		worst, turned := 0.0, 0.0
		for n := range 400 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			at := r3.Sub(r3.Vec{X: x.Q[0], Y: x.Q[1]}, center)
			if n == 0 {
				first = at
			} else {
				turned += math.Asin(r3.Cross(last, at).Z / (r3.Norm(last) * r3.Norm(at)))
			}
			last = at
			worst = math.Max(worst, math.Abs(r3.Norm(at)-r3.Norm(first)))
		}
		rate := turned / (399 * h)
		t.Logf("%s: the radius of %.4f m changes by %.1e m, the rate is %.6f of 2/7", kind, r3.Norm(first), worst, rate/k)
		tol.Within(t, worst, 1e-5, "%s: the radius", kind)
		tol.Within(t, math.Abs(rate-2/h*math.Atan(w*h/7))/k, 1e-5, "%s: the rate is %g rad/s", kind, rate)
	}
}

// TestABlockTurnsWithTheTable: a block set down near the middle of a turntable comes to turn with it; beyond μ g/w²
// from the middle it slides off. A ball in the middle that resists spinning comes to spin with it.
func TestABlockTurnsWithTheTable(t *testing.T) {
	const w, mu = 2.0, 0.4 // 0.98 m
	half := r3.Vec{X: 0.05, Y: 0.05, Z: 0.05}
	for kind, stays := range map[string]map[float64]bool{"ground": {0.2: true, 0.9: true, 1.1: false}, "disk": {0.2: true, 0.9: true, 1.1: false}} {
		for r, want := range stays {
			b := newWorld(kind, 0.01)
			l := b.AddLink("block", sim.BoxInertia(1, half))
			b.AddFree("block", l)
			b.AddCollider(sim.Collider{Name: "block", Link: l, Shape: contact.Box(half), Friction: mu})
			onTurntable(b, kind, w, mu)
			m := mustModel(t, b)
			x := m.NewState()
			// at rest on the table
			copy(x.Q, []float64{0.1 + r, -0.2, half.Z})
			x.V[1], x.V[5] = w*r, w
			s := m.NewStepper(sim.Options{Kappa: 1e-9})
			for range 150 {
				must(t, s, &x, nil)
			}
			d := math.Hypot(x.Q[0]-0.1, x.Q[1]+0.2)
			if stay := math.Abs(d-r) < 1e-3*r; stay != want || want && math.Abs(x.V[5]-w) > 1e-3*w {
				t.Errorf("%s: from %g m a block is at %g m and turns with %g rad/s", kind, r, d, x.V[5])
			}
		}
		b := newWorld(kind, 0.01)
		l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
		b.AddFree("ball", l)
		b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Friction: mu, Surface: contact.Surface{Torsion: 0.01}})
		onTurntable(b, kind, w, mu)
		m := mustModel(t, b)
		x := m.NewState()
		copy(x.Q, []float64{0.1, -0.2, 0.1})
		s := m.NewStepper(sim.Options{Kappa: 1e-9})
		for range 100 {
			must(t, s, &x, nil)
		}
		tol.Within(t, math.Abs(x.V[5]-w), 1e-3, "%s: the ball spins with %g rad/s", kind, x.V[5])
	}
}

// TestBeltsCarryOn: what falls on a belt that runs at up to 10 m/s is carried on by friction, which works many times
// what lifting the body by its size does: that is no energy from nowhere. Of these 60 bodies 10 failed, and they were
// divided in three of five steps.
func TestBeltsCarryOn(t *testing.T) {
	var c tally
	for n := range 60 {
		rng := seeded(uint64(n))
		friction, speed := 0.3+1.2*rng.Float64(), 0.5+9.5*rng.Float64()
		b := newWorld("belt", []float64{0.005, 0.01, 0.02}[n%3])
		b.AddCollider(sim.Collider{Name: "belt", Link: sim.World, Shape: contact.Box(r3.Vec{X: 5, Y: 1, Z: 0.1}), Friction: friction, Surface: contact.Surface{Velocity: r3.Vec{X: speed}}})
		l := b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.08, Y: 0.06, Z: 0.05}))
		b.AddFree("body", l)
		shape := []contact.Shape{contact.Box(r3.Vec{X: 0.08, Y: 0.06, Z: 0.05}), contact.Ellipsoid(0.08, 0.06, 0.05), contact.Cylinder(0.08, 0.05), contact.Capsule(0.05, 0.08)}[n%4]
		b.AddCollider(sim.Collider{Name: "body", Link: l, Shape: shape, Friction: friction})
		m := mustModel(t, b)
		x := m.NewState()
		place(&x, 0, r3.Vec{X: -4, Z: 0.4}, r3.Vec{Z: -5 * rng.Float64()}, randomVec(rng, 3))
		q := randomQuat(rng)
		copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
		s := m.NewStepper(sim.Options{})
		c.follow(t, n, s, x, 0.8)
	}
	c.divides(t, 100)
}
