package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// thrown returns a ball and a box that slide, spin and roll on the ground and on a table, pressed on by gravity.
func thrown(t *testing.T, law sim.FrictionLaw) (*dynamics.Model, sim.State) {
	b := sim.NewBuilder("thrown")
	b.SetGravity(r3.Vec{Z: -9.81})
	b.SetTimestep(0.01)
	b.SetFrictionLaw(law)
	b.AddGround()
	b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(r3.Vec{X: 9, Y: 0.5, Z: 0.1}), Pose: sim.At(0, 2, 0.1), Friction: 0.5})
	for i, shape := range []contact.Shape{contact.Sphere(0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.1}), contact.Sphere(0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.1})} {
		name := string(rune('a' + i))
		l := b.AddLink(name, sim.SphereInertia(1, 0.1))
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shape, Friction: 0.4, Surface: contact.Surface{Torsion: 0.03, Rolling: 0.02}})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	for i := range 4 {
		q, v := x.Q[7*i:], x.V[6*i:]
		q[0], q[1], q[2] = float64(i), 2*float64(i/2), 0.1+0.2*float64(i/2)
		v[0], v[1], v[4], v[5] = 1.5, 0.5, 3, 9
	}
	return m.Engine(), x
}

// TestOneConeHolds: what slides, spins and rolls at once is at the bound of one cone, ‖(β/μ, τ_n/r_t, τ_t/r_r)‖ ≤ γ, within
// it to rounding, its friction opposite to (μ² v, r_t² ω_n, r_r² ω_t): it dissipates most of all in the cone.
func TestOneConeHolds(t *testing.T) {
	for _, law := range []sim.FrictionLaw{sim.Cone, sim.Pyramid, sim.Frictionless} {
		for _, kappa := range []float64{1e-3, 1e-6, 1e-8} {
			m, x := thrown(t, law)
			s, o := dynamics.NewStepper(m), tight(kappa)
			contacts, filled := 0, 0.0
			for range 20 {
				if !s.Load(x.Q, x.V, nil, m.Timestep, m.Timestep) || s.Solve(o).Status != ipm.Solved {
					t.Fatalf("law %v, κ %g: no step", law, kappa)
				}
				for tree := range m.Trees {
					if !s.First(tree) {
						continue
					}
					p := s.Linearized(tree)
					for n, r := range p.RowStates() {
						if r.Mode != gap.Turn {
							continue
						}
						contacts++
						full := checkCone(t, p, n)
						filled = max(filled, full)
					}
				}
				s.Store(x.Q, x.V)
			}
			if contacts < 50 || filled < 1-100*math.Sqrt(kappa) {
				t.Errorf("law %v, κ %g: %d contacts, the cone is filled by %g", law, kappa, contacts, filled)
			}
		}
	}
}

// checkCone checks the contact whose second row n is, and returns the part of its cone that it fills.
func checkCone(t *testing.T, p dynamics.Probe, n int) float64 {
	t.Helper()
	rows := p.RowStates()
	a, b := &rows[n-1], &rows[n]
	l, k := p.Multiplier(n-1), p.Multiplier(n)
	d := [5]float64{a.Block.Mu, a.Block.Mu, b.Block.Spin, b.Block.Roll, b.Block.Roll}
	force := [5]float64{l.Y, l.Z, k.X, k.Y, k.Z}
	rate := [5]float64{a.Value.Y, a.Value.Z, b.Value.X, b.Value.Y, b.Value.Z}
	g, s, power := 0.0, 0.0, 0.0
	for i, c := range d {
		power += force[i] * rate[i]
		s = math.Hypot(s, c*rate[i])
		if c > 0 {
			g = math.Hypot(g, force[i]/c)
		} else if force[i] != 0 {
			t.Errorf("without a coefficient the force %d is %g", i, force[i])
		}
	}
	if g > l.X*(1+1e-9) {
		t.Errorf("outside of the cone: %g of %g", g, l.X)
	}
	// opposite: −g·s = ‖g‖‖s‖
	tol.Within(t, (g*s+power)/(l.X*s+1e-300), 1e-6, "off the direction in which most is dissipated, filled by %g", g/l.X)
	return g / l.X
}

// TestTurningAllocatesNothing: steps and derivatives of contacts that resist turning.
func TestTurningAllocatesNothing(t *testing.T) {
	m, x := thrown(t, sim.Cone)
	s, o, rng := dynamics.NewStepper(m), tight(1e-5), rand.New(rand.NewPCG(1, 2))
	oq, ov, ou := make([]float64, m.NV), make([]float64, m.NV), make([]float64, m.NU)
	gq, gv := make([]float64, m.NV), make([]float64, m.NV)
	for i := range gq {
		gq[i], gv[i] = rng.NormFloat64(), rng.NormFloat64()
	}
	step := func() {
		if !s.Load(x.Q, x.V, nil, m.Timestep, m.Timestep) || s.Solve(o).Status != ipm.Solved || !s.Linearize() {
			t.Fatal("no step")
		}
		s.VJP(oq, ov, ou, gq, gv)
		s.JVP(oq, ov, gq, gv, nil)
	}
	step()
	if n := testing.AllocsPerRun(20, step); n != 0 {
		t.Errorf("a step and its products allocate %g times", n)
	}
}
