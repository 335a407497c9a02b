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
		`half-space "ground": surface velocity (+Inf, 0, 0) is not finite`: func(b *sim.Builder, _ *sim.Collider) {
			b.SetSurfaceVelocity("ground", r3.Vec{X: math.Inf(1)})
		},
		`SetSurfaceVelocity: there is no half-space "sky"`: func(b *sim.Builder, _ *sim.Collider) { b.SetSurfaceVelocity("sky", r3.Vec{}) },
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
