package sim_test

import (
	"sort"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// testModels are the models every such test runs over, each with a start that leads to contact.
func testModels(t testing.TB) map[string]func() (*sim.Model, sim.State) {
	tossed := func(name string, shape contact.Shape, law sim.FrictionLaw) func() (*sim.Model, sim.State) {
		return func() (*sim.Model, sim.State) {
			b := newWorld(name, 0.01)
			b.SetFrictionLaw(law)
			l := b.AddLink(name, sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.15, Z: 0.2}))
			b.AddFree("base", l)
			b.AddCollider(sim.Collider{Link: l, Shape: shape, Friction: 0.5})
			b.AddGround()
			m := mustModel(t, b)
			st := m.NewState()
			toss(&st, 7)
			st.Q[2] = 0.4
			return m, st
		}
	}
	box := contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.2})
	return map[string]func() (*sim.Model, sim.State){
		"box":          tossed("box", box, sim.Cone),
		"box pyramid":  tossed("box", box, sim.Pyramid),
		"box slippery": tossed("box", box, sim.Frictionless),
		"capsule":      tossed("capsule", contact.Capsule(0.1, 0.2), sim.Cone),
		"cylinder":     tossed("cylinder", contact.Cylinder(0.1, 0.2), sim.Cone),
		"sphere":       tossed("sphere", contact.Sphere(0.2), sim.Cone),
		"chain": func() (*sim.Model, sim.State) {
			m := mustModel(t, chainModel(0.005, 10, false))
			st := m.NewState()
			for i := range st.Q {
				st.Q[i] = 0.3
			}
			return m, st
		},
		"quadruped servo": func() (*sim.Model, sim.State) {
			m := mustModel(t, quadruped(0.01, 0.8, true, sim.Axis{Drive: sim.Servo, Kp: 40, Kd: 1, Effort: 15, Limited: true, Lower: -2.5, Upper: 2.5, Friction: 0.1, Armature: 0.01, Damping: 0.1}))
			return m, crouch(m, 0.4)
		},
		"quadruped held": func() (*sim.Model, sim.State) {
			m := mustModel(t, quadruped(0.01, 0.8, true, sim.Axis{Drive: sim.Servo, Kp: 40, Kd: 1}))
			return m, crouch(m, 0.4)
		},
		"quadruped limp": func() (*sim.Model, sim.State) {
			m := mustModel(t, quadruped(0.01, 0.8, true, sim.Axis{}))
			return m, crouch(m, 0.4)
		},
		"all joints": func() (*sim.Model, sim.State) {
			b := newWorld("joints", 0.01)
			parent := b.AddLink("root", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
			b.AddFree("base", parent)
			for i := 1; i < 16; i++ {
				l := b.AddLink("link"+itoa(i), sim.BoxInertia(0.5, r3.Vec{X: 0.05, Y: 0.06, Z: 0.07}).Placed(sim.At(0.02, 0, 0)))
				typ := sim.JointType{Trans: []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[:i/4], Rot: []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[:i%4]}
				axes := make([]sim.Axis, typ.NV())
				for k := range axes {
					axes[k] = sim.Axis{Stiffness: 5, Damping: 0.2, Friction: 0.05}
				}
				b.AddJoint(sim.Joint{Name: "joint" + itoa(i), Type: typ, Parent: parent, Child: l, Origin: sim.At(0.1, 0.05, 0.1), Axes: axes})
				b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.05), Friction: 0.4})
				if i%3 != 0 {
					parent = l
				}
			}
			b.AddGround()
			m := mustModel(t, b)
			st := m.NewState()
			st.Q[2] = 0.3
			return m, st
		},
	}
}

func names[T any](m map[string]T) []string {
	var out []string
	for n := range m {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

func servoTarget(m *sim.Model, st sim.State) []float64 {
	u := make([]float64, m.NU())
	for _, j := range m.Joints() {
		if m.NU() > 0 && len(j.Axes) == 1 {
			u[j.V-6] = st.Q[j.Q]
		}
	}
	return u
}
