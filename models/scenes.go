package models

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Scenes are of bodies that touch each other.

// spaced is the gap between bodies where a scene starts (m).
const spaced = 1e-3

func between(least, most int, whole, parts string) func(n int) error {
	return func(n int) error {
		if n < least || n > most {
			return fmt.Errorf("%s has %d to %d %s", whole, least, most, parts)
		}
		return nil
	}
}

// loose adds a free body of one shape, of one color or the other by its number.
func loose(b *sim.Builder, o Options, name string, in sim.Inertia, shape contact.Shape, mu float64, number int) {
	l := b.AddLink(name, o.mass(in))
	b.AddFree(name, l)
	b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shape, Friction: o.friction(mu), Color: [2]sim.Color{orange, slate}[number%2]})
}

func brick(b *sim.Builder, o Options, name string, mass float64, half r3.Vec, mu float64, number int) {
	loose(b, o, name, sim.BoxInertia(mass, half), contact.Box(half), mu, number)
}

// row returns the builder of n bodies, each added by add.
func row(name string, add func(b *sim.Builder, o Options, i int)) func(o Options, n int) *sim.Builder {
	return func(o Options, n int) *sim.Builder {
		b := o.builder(fmt.Sprintf("%s%d", name, n))
		for i := range n {
			add(b, o, i)
		}
		return b
	}
}

var stack = family{
	name:    "stack",
	source:  "sizes of ours",
	summary: "N cubes of 0.2 m and 1 kg, dropped by a millimeter each onto a tower",
	count:   "cubes, 1 to 1000",
	n:       3,
	check:   between(1, 1000, "a stack", "cubes"),
	builder: row("stack", func(b *sim.Builder, o Options, i int) {
		brick(b, o, fmt.Sprintf("cube%d", i+1), 1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}, 0.5, i)
	}),
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		for i := range m.NV() / 6 {
			// not one exactly on the other, as children build
			s.Q[7*i], s.Q[7*i+1], s.Q[7*i+2] = 0.004*float64(i%3-1), 0.003*float64(i%2), 0.1+spaced+float64(i)*(0.2+spaced)
		}
		return s
	},
}

var pyramid = family{
	name:    "pyramid",
	source:  "sizes of ours",
	summary: "a wall of bricks in N rows, each a brick shorter than the one below",
	count:   "rows, 1 to 30",
	n:       2,
	check:   between(1, 30, "a pyramid", "rows"),
	builder: func(o Options, n int) *sim.Builder {
		b := o.builder(fmt.Sprintf("pyramid%d", n))
		for row := range n {
			for i := range n - row {
				brick(b, o, fmt.Sprintf("brick%d_%d", row+1, i+1), 1, r3.Vec{X: 0.1, Y: 0.05, Z: 0.05}, 0.6, row+i)
			}
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		n := int(math.Round(math.Sqrt(0.25+2*float64(m.NV()/6)) - 0.5))
		q := s.Q
		for row := range n {
			for i := range n - row {
				// not flush: where edges lie exactly on edges nothing has a derivative
				q[0], q[1], q[2] = 0.205*(float64(i)-0.5*float64(n-row-1)), 0.004*float64(row%2), 0.05+spaced+float64(row)*(0.1+spaced)
				q = q[7:]
			}
		}
		return s
	},
}

var dominoes = family{
	name:    "dominoes",
	source:  "sizes of ours",
	summary: "N dominoes in a row, the first one falling",
	count:   "dominoes, 1 to 200",
	n:       3,
	check:   between(1, 200, "a row", "dominoes"),
	builder: row("dominoes", func(b *sim.Builder, o Options, i int) {
		brick(b, o, fmt.Sprintf("domino%d", i+1), 0.1, r3.Vec{X: 0.01, Y: 0.05, Z: 0.1}, 0.3, i)
	}),
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		for i := range m.NV() / 6 {
			s.Q[7*i], s.Q[7*i+1], s.Q[7*i+2] = 0.08*float64(i), 0.004*float64(i%2), 0.1+spaced
		}
		const lean = 0.15 // over the edge, and falling
		s.Q[2] = 0.1*math.Cos(lean) + 0.01*math.Sin(lean) + spaced
		q := sim.RPY(0, lean, 0)
		s.Q[3], s.Q[4], s.Q[5], s.Q[6] = q.Real, q.Imag, q.Jmag, q.Kmag
		s.V[4] = 1
		return s
	},
}

var balls = family{
	name:    "balls",
	source:  "sizes of ours",
	summary: "N balls of 0.2 m falling onto each other",
	count:   "balls, 1 to 1000",
	n:       3,
	check:   between(1, 1000, "a heap", "balls"),
	builder: row("balls", func(b *sim.Builder, o Options, i int) {
		loose(b, o, fmt.Sprintf("ball%d", i+1), sim.SphereInertia(1, 0.1), contact.Sphere(0.1), 0.5, i)
	}),
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		n := m.NV() / 6
		side := max(1, int(math.Ceil(math.Cbrt(float64(n)/4)))) // layers of side × side, leaning so that it falls apart
		for i := range n {
			x, y, z := i%side, i/side%side, i/side/side
			s.Q[7*i], s.Q[7*i+1] = 0.21*float64(x)+0.03*float64(z%2), 0.21*float64(y)+0.02*float64(z%3)
			s.Q[7*i+2] = 0.1 + spaced + 0.22*float64(z)
		}
		return s
	},
}

// The gripper has two fingers that springs press on a cube with 10 N each; the hand is on a servo, inputs on the fingers open them.
var gripper = family{
	name:    "gripper",
	source:  "sizes of ours",
	summary: "a two-finger gripper that lifts a cube of 0.1 kg",
	builder: func(o Options, _ int) *sim.Builder {
		b := o.builder("gripper")
		hand := b.AddLink("hand", o.mass(sim.BoxInertia(1, r3.Vec{X: 0.08, Y: 0.03, Z: 0.02})))
		k := o.MassScale
		lift := o.axis(sim.Axis{Drive: sim.Servo, Kp: 2000 * k, Kd: 100 * k, Effort: 100})
		press := o.axis(sim.Axis{Drive: sim.Torque, Stiffness: 500 * k, Rest: 0.05, Damping: 10, Effort: 40})
		b.AddJoint(sim.Joint{Name: "lift", Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: sim.World, Child: hand, Origin: sim.At(0, 0, 0.2), Axes: []sim.Axis{lift}})
		b.AddVisual(sim.Visual{Link: hand, Shape: contact.Box(r3.Vec{X: 0.08, Y: 0.03, Z: 0.02}), Color: slate})
		for i, side := range []float64{1, -1} {
			half := r3.Vec{X: 0.01, Y: 0.02, Z: 0.05}
			f := b.AddLink([]string{"right", "left"}[i], o.mass(sim.BoxInertia(0.1, half).Placed(sim.At(0, 0, -0.07))))
			b.AddJoint(sim.Joint{Name: []string{"right_finger", "left_finger"}[i], Type: sim.Prismatic(r3.Vec{X: -side}), Parent: hand, Child: f, Origin: sim.At(0.07*side, 0, 0), Axes: []sim.Axis{press}})
			b.AddCollider(sim.Collider{Link: f, Shape: contact.Box(half), Pose: sim.At(0, 0, -0.07), Friction: o.friction(1), Color: slate})
		}
		brick(b, o, "cube", 0.1, r3.Vec{X: 0.03, Y: 0.03, Z: 0.03}, 1, 0)
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[1], s.Q[2] = 0.0299, 0.0299 // about to touch the cube
		s.Q[5] = 0.13
		return s
	},
}
