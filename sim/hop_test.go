package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// hopper is a mechanism that rests on a side, a contact or a limit, and where it starts by so much beyond it. Its height is that above where it touches.
type hopper struct {
	name   string
	build  func(h float64) *sim.Builder
	start  func(m *sim.Model, depth float64) (sim.State, []float64)
	height func(x sim.State) float64
	folds  bool
}

func hoppers() []hopper {
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
	free := func(name string, shape contact.Shape, on bool) hopper {
		top := 0.1
		if on {
			top = 0.3
		}
		return hopper{name, func(h float64) *sim.Builder {
			b := newWorld(name, h)
			b.AddGround()
			l := b.AddLink("body", sim.BoxInertia(1, half))
			b.AddFree("free", l)
			b.AddCollider(sim.Collider{Name: "body", Link: l, Shape: shape, Friction: 0.5})
			if on {
				b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(r3.Vec{X: 1, Y: 1, Z: 0.1}), Pose: sim.At(0, 0, 0.1), Friction: 0.5})
				b.AddPair("body", "table")
			}
			return b
		}, func(m *sim.Model, depth float64) (sim.State, []float64) {
			x := m.NewState()
			if x.Q[2] = top - depth; shape.Kind == contact.KindCapsule {
				x.Q[3], x.Q[4] = math.Sqrt(0.5), math.Sqrt(0.5)
			}
			return x, nil
		}, func(x sim.State) float64 { return x.Q[2] - top }, false}
	}
	joint := func(name string, kind sim.JointType) hopper {
		return hopper{name, func(h float64) *sim.Builder {
			b := newWorld(name, h)
			l := b.AddLink("arm", sim.BoxInertia(1, half).Placed(sim.At(0.2, 0, 0)))
			b.AddJoint(sim.Joint{Name: name, Type: kind, Parent: sim.World, Child: l, Axes: []sim.Axis{{Limited: true, Lower: 0, Upper: 1}}})
			return b
		}, func(m *sim.Model, depth float64) (sim.State, []float64) {
			x := m.NewState()
			x.Q[0] = -depth
			return x, nil
		}, func(x sim.State) float64 { return x.Q[0] }, false}
	}
	const stand = 0.4*0.6967067093471654 + 0.02 // cos 0.8
	return []hopper{
		free("ball", contact.Sphere(0.1), false), free("box", contact.Box(half), false), free("capsule", contact.Capsule(0.1, 0.1), false),
		free("box on a table", contact.Box(half), true),
		joint("slider", sim.Prismatic(r3.Vec{Z: 1})), joint("hinge", sim.Revolute(r3.Vec{Y: -1})),
		{"quadruped", func(h float64) *sim.Builder {
			return quadruped(h, 0.8, true, sim.Axis{Drive: sim.Servo, Kp: 400, Kd: 10})
		}, func(m *sim.Model, depth float64) (sim.State, []float64) {
			u := make([]float64, m.NU())
			for k := range 4 {
				u[3*k+1], u[3*k+2] = 0.8, -1.6
			}
			return crouch(m, stand-depth), u
		}, func(x sim.State) float64 { return x.Q[2] - stand }, true},
	}
}

// TestDeepStartsHopNoHigherThanTouchingOnes: what starts at rest where it just touches is pushed off by the softness of κ, and what starts beyond it no higher, however deep it is.
// While a body came out over several steps its weight let the gap of κ, nκℓ, become speed in each of them: at κ = 1e-3 and 1 ms a box from 1 cm hopped 3 mm and from 10 cm 9, one that touches 1 mm.
func TestDeepStartsHopNoHigherThanTouchingOnes(t *testing.T) {
	const grazed = 1e-5 // what a last step leaves less than a graze deep leaves at up to a hundredth of √(gℓ)
	for _, c := range hoppers() {
		for _, kappa := range []float64{1e-2, 1e-3, 1e-4, 1e-6, 1e-8} {
			for _, h := range []float64{0.001, 0.002, 0.005, 0.01, 0.02} {
				m := mustModel(t, c.build(h))
				hop := func(depth float64) (top float64) {
					s := m.NewStepper(sim.Options{Kappa: kappa})
					x, u := c.start(m, depth)
					top = math.Inf(-1)
					for range int(0.3 / h) {
						if _, err := s.Step(&x, x, u); err != nil {
							t.Fatalf("%s, κ = %g, h = %g s, %g deep: %v", c.name, kappa, h, depth, err)
						}
						top = math.Max(top, c.height(x))
					}
					return top
				}
				touching := hop(0)
				for _, depth := range []float64{1e-4, 1e-3, 3e-3, 0.01, 0.1} {
					if c.folds && depth > 0.01 {
						continue // its legs fold by what it comes out, and servos stretch them again: that is a jump at any κ
					}
					if top := hop(depth); top > touching+math.Abs(touching)/4+grazed {
						t.Errorf("%s, κ = %g, h = %g s, %g deep: rises to %.3g m, one that touches to %.3g m", c.name, kappa, h, depth, top, touching)
					}
				}
			}
		}
	}
}
