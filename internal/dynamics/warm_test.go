package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestStateRemembersValues: the value that every block ended a step with can be read from the state alone.
// With the same inputs the next step therefore starts from the multipliers of this one.
func TestStateRemembersValues(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 3))
	joints := []sim.JointType{sim.Revolute(r3.Vec{Y: 1}), sim.Prismatic(r3.Vec{Z: 1}), sim.Spherical(), sim.Revolute(r3.Vec{X: 1})}
	opt := func(k int, a *sim.Axis) {
		*a = sim.Axis{Limited: true, Lower: -1.5, Upper: 1.5, Friction: 0.3, Armature: 0.02}
		if k > 0 {
			a.Drive, a.Kp, a.Kd, a.Effort = sim.Servo, 30, 1.5, 2
		}
	}
	kinds, touched := map[ipm.Kind]int{}, 0
	for name, shape := range map[string]contact.Shape{"ball": contact.Sphere(0.1), "box": contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}), "capsule": contact.Capsule(0.05, 0.1)} {
		for _, law := range []sim.FrictionLaw{sim.Cone, sim.Pyramid, sim.Frictionless} {
			m := mechanism(t, rng, joints, opt, shape, 0.5, true, law, -0.9)
			s := dynamics.NewStepper(m.Engine())
			st := randomState(m, rng, 0.2, 1)
			u := make([]float64, m.NU())
			for i := range u {
				u[i] = 0.3 * rng.NormFloat64()
			}
			h, past := m.Timestep(), 0.0
			for k := range 90 {
				if !s.Load(st.Q, st.V, u, h, past) {
					t.Fatal(name, "load")
				}
				if r := s.Solve(dynamics.NewOptions(1e-4, 0, 0, math.Inf(1))); r.Status != ipm.Solved {
					t.Fatalf("%s, law %d, step %d: %+v", name, law, k, r)
				}
				s.Store(st.Q, st.V)
				want := s.FinalValues(0)
				if past = h; k%5 == 0 {
					h = m.Timestep() / float64(1+k/5%3) // as in a divided step
				}
				s.Load(st.Q, st.V, u, h, past)
				blocks := s.NewProbe(0, math.Inf(1)).Blocks()
				if len(blocks) != len(want) || len(want) == 0 {
					t.Fatalf("%d blocks, %d values", len(blocks), len(want))
				}
				for i, b := range blocks {
					if b.Compliance > 0 && h != past {
						continue // a servo's value is in units of its gain, and that depends on the step
					}
					if kinds[b.Kind]++; b.Kind != ipm.Bound && want[i].X < 1e-3 {
						touched++
					}
					size := math.Max(b.Scale, r3.Norm(want[i]))
					if b.Kind == ipm.Bound {
						size = math.Max(b.ScaleT, r3.Norm(want[i]))
					}
					if e := r3.Norm(r3.Sub(b.Past, want[i])); !(e <= 1e-10*size) {
						if b.Kind == ipm.Orthant { // a gap: its tangential values are not used
							e = math.Abs(b.Past.X - want[i].X)
						}
						if !(e <= 1e-10*size) {
							t.Fatalf("%s, law %d, step %d, block %d of kind %d: ended at %v, the state says %v", name, law, k, i, b.Kind, want[i], b.Past)
						}
					}
				}
			}
		}
	}
	if len(kinds) != 4 || touched < 100 {
		t.Errorf("kinds of blocks seen: %v; %d contacts or limits at work", kinds, touched)
	}
}
