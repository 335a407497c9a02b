package implicit_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// tooThin is by what slots are thinner than the ball (m), less than the room: one that is the least bit wider needs none, so
// that forces jump there.
const tooThin = 2e-11

// narrow returns mechanisms that constraints leave a single position, so that their steps are solved with a billionth of
// room: a ball that falls along a slot exactly as wide, smooth or rough, a slider that holds a ball exactly on the ground, a
// follower with a ratio of −1 whose limits are those of its leader.
func narrow(t *testing.T) map[string]*sim.Model {
	all := map[string]*sim.Model{}
	for name, mu := range map[string]float64{"smooth slot": 0, "rough slot": 0.3} {
		b := world(name, 9.81)
		l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Friction: mu})
		b.AddHalfSpace("left", r3.Vec{Y: 1}, -0.1+tooThin)
		b.AddHalfSpace("right", r3.Vec{Y: -1}, -0.1)
		all[name] = must(t, b)
	}
	sled := world("sled", 9.81)
	l := sled.AddLink("ball", sim.SphereInertia(1, 0.1))
	sled.AddJoint(sim.Joint{Name: "rail", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: l, Origin: sim.At(0, 0, 0.1)})
	sled.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.1), Friction: 0.3})
	sled.AddGround()

	pair := world("pair", 9.81)
	in := sim.BoxInertia(1, r3.Vec{X: 0.03, Y: 0.03, Z: 0.1})
	in.COM.Z = -0.1
	for i, name := range []string{"leader", "follower"} {
		j := sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: pair.AddLink(name, in), Axes: []sim.Axis{{Limited: true, Upper: 1, Damping: 0.1}}}
		if i == 1 {
			j.Mimic = &sim.Mimic{Joint: "leader", Ratio: -1}
		}
		pair.AddJoint(j)
	}
	all["sled"], all["pair"] = must(t, sled), must(t, pair)
	return all
}

// TestRoomHasDerivatives: steps that are solved with room have the derivative of what they find. Where the room is felt only
// differences far smaller than it resolve it, elsewhere only larger ones; an entry counts with the best of several sizes.
func TestRoomHasDerivatives(t *testing.T) {
	for name, m := range narrow(t) {
		for _, kappa := range []float64{1e-3, 1e-5, 1e-7} {
			// forces are κ over the room, up to 1e7 times natural: rounding leaves no more of the balance
			opt, nv := sim.Options{Kappa: kappa, Centrality: 1e-9, Tolerance: 1e-10}, m.NV()
			x := m.NewState()
			if name != "pair" {
				x.V[0] = 0.5
			}
			g, next := gradient(t, m.NewStepper(opt), implicit.Options{}), m.NewState()
			if r, err := g.Step(&next, x, nil); err != nil || r.Halvings > 0 {
				t.Fatalf("%s: %+v, %v", name, r, err)
			}
			compare := func(what string, col, size []float64, at func(eps float64) (sim.State, *sim.Model)) {
				t.Helper()
				best, d := math.Inf(1), implicit.NewTangent(m)
				for _, eps := range []float64{1e-5, 1e-7, 1e-9, 1e-10, 1e-11, 1e-12} {
					var y [2]sim.State
					ok := true
					for k, sign := range []float64{1, -1} {
						z, mm := at(sign * eps)
						y[k] = m.NewState()
						r, err := mm.NewStepper(opt).Step(&y[k], z, nil)
						ok = ok && err == nil && r.Halvings == 0
					}
					if !ok {
						continue // farther off than the room
					}
					implicit.Difference(m, d, y[0], y[1])
					e := 0.0
					for i, v := range both(d) {
						e = math.Max(e, math.Abs(v/(2*eps)-col[i])/size[i/nv])
					}
					best = math.Min(best, e)
				}
				t.Logf("%s, κ = %g, %s: %.1e", name, kappa, what, best)
				if !(best < 1e-5) {
					t.Errorf("%s, κ = %g, %s: off by %g", name, kappa, what, best)
				}
			}
			for c := range 2 * nv {
				x0, d := implicit.NewTangent(m), implicit.NewTangent(m)
				if c < nv {
					x0.Q[c] = 1
				} else {
					x0.V[c-nv] = 1
				}
				if name == "pair" { // what the coupling allows
					if c%nv == 1 {
						continue
					}
					x0.Q[1], x0.V[1] = -x0.Q[0], -x0.V[0]
				}
				if err := g.JVP(d, x0, nil); err != nil {
					t.Fatal(err)
				}
				// a change of q is a change of v by 1/h
				h := m.Timestep()
				size := []float64{1, 1 / h}
				if c >= nv {
					size = []float64{h, 1}
				}
				compare([]string{"q", "v"}[c/nv]+string(rune('0'+c%nv)), both(d), size, func(eps float64) (sim.State, *sim.Model) {
					y, e := m.NewState(), implicit.NewTangent(m)
					for i := range nv {
						e.Q[i], e.V[i] = eps*x0.Q[i], eps*x0.V[i]
					}
					implicit.Displace(m, &y, x, e)
					return y, m
				})
			}
			if p, err := implicit.FindParam(m, "left.offset"); err == nil { // the ball follows half of it
				d, h := implicit.NewTangent(m), m.Timestep()
				if err := g.ParamJVP(d, p); err != nil {
					t.Fatal(err)
				}
				if math.Abs(d.Q[1]-0.5) > 1e-6 {
					t.Errorf("%s, κ = %g: as a wall moves the ball follows %g of it", name, kappa, d.Q[1])
				}
				compare(p.Name, both(d), []float64{1, 1 / h}, func(eps float64) (sim.State, *sim.Model) {
					m2, err := implicit.With(m, p, -0.1+tooThin+eps)
					if err != nil {
						t.Fatal(err)
					}
					return x, m2
				})
			}
		}
	}
}
