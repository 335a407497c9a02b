package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// pendulums returns balls on hinges side by side, all but touching, as in Newton's cradle.
func pendulums(t *testing.T) *sim.Model {
	b := sim.NewBuilder("pendulums")
	b.SetGravity(r3.Vec{Z: -9.81})
	b.SetTimestep(0.005)
	for i := range 5 {
		in := sim.SphereInertia(1, 0.1)
		in.COM = r3.Vec{Z: -1}
		name := fmt.Sprint(i)
		l := b.AddLink(name, in)
		b.AddJoint(sim.Joint{Name: name, Type: sim.Revolute(r3.Vec{Y: 1}), Parent: sim.World, Child: l, Origin: sim.At(0.2001*float64(i), 0, 0)})
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Sphere(0.1), Friction: 0.3, Pose: sim.At(0, 0, -1)})
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestHardBlowsKeepDigits: what contact of 13 m/s that closes at κ = 1e-8 and 1e-9 does to bodies is up to 1e13 times
// what their inertia does, and the matrix that is factored, the sum, keeps three digits of inertia. Derivatives were
// off by up to their own size. Solutions and multipliers are compared with those of the same equations in numbers of
// 400 bits, and forward products with backward ones, of parameters and forces too.
func TestHardBlowsKeepDigits(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 10))
	axis := func(k int, a *sim.Axis) {
		*a = sim.Axis{Damping: 0.3, Stiffness: 20, Armature: 0.05, Friction: []float64{0, 0.4}[k%2], Limited: k%3 == 0, Lower: -1, Upper: 1}
	}
	revolute, spherical := sim.Revolute(r3.Vec{X: 1, Y: 0.3}), sim.Spherical()
	scenes := map[string]func() *sim.Model{
		"pendulums": func() *sim.Model { return pendulums(t) },
		"tree": func() *sim.Model {
			return mechanism(t, rng, []sim.JointType{revolute, spherical, revolute}, axis, contact.Sphere(0.15), 0.5, true, sim.Cone, -0.4)
		},
		"bolted": func() *sim.Model {
			return mechanism(t, rng, []sim.JointType{revolute, revolute, spherical}, axis, contact.Capsule(0.05, 0.1), 0.5, false, sim.Pyramid, -0.4)
		},
	}
	for _, name := range []string{"pendulums", "tree", "bolted"} {
		hard, worst, forces, both := 0, 0.0, 0.0, 0.0
		for try := 0; hard < 6 && try < 400; try++ {
			m := scenes[name]()
			kappa := []float64{1e-8, 1e-9}[try%2]
			s, d := dynamics.NewStepper(m.Engine()), m.Engine()
			x := randomState(m, rng, 0, 10)
			if name == "pendulums" {
				x = m.NewState()
				x.V[0] = -13
			}
			o := dynamics.Options{Solver: ipm.Options{Kappa: kappa, Centrality: 1e-4, Tolerance: 1e-9}, Margin: math.Inf(1)}
			if !s.Load(x.Q, x.V, make([]float64, d.NU), d.Timestep, d.Timestep) || s.Solve(o).Status != ipm.Solved || !s.Linearize() {
				continue
			}
			p := s.Linearized(0)
			if len(p.Dofs()) < d.NV || !p.Hard() {
				continue
			}
			hard++
			for range 2 {
				off, loff := inexact(p, d, 0, rng)
				worst, forces = math.Max(worst, off), math.Max(forces, loff)
				tol.Within(t, off, 1e-10, "%s, κ = %g, try %d: the solution", name, kappa, try)
				tol.Within(t, loff, 1e-8, "%s, κ = %g, try %d: the multipliers", name, kappa, try)
			}
			e, _, _, _, _ := checkAdjoints(t, fmt.Sprintf("%s, κ = %g, try %d", name, kappa, try), d, s, 1e-9, 1e-3, rng) // friction of what sticks does 1e-9 of what others do
			both = math.Max(both, e)
		}
		if hard < 6 {
			t.Errorf("%s: %d blows of 6", name, hard)
		}
		t.Logf("%s: solutions are off by %.1e of the largest component, multipliers by %.1e; forward and backward differ by %.1e", name, worst, forces, both)
	}
}

// inexact returns by how much of the largest component the answer to a random tangent differs from that in long
// numbers, and the same of the multipliers from row first on.
func inexact(p dynamics.Probe, d *dynamics.Model, first int, rng *rand.Rand) (motion, forces float64) {
	dq, dv := make([]float64, d.NV), make([]float64, d.NV)
	for i := range dq {
		dq[i], dv[i] = d.Timestep*rng.NormFloat64(), rng.NormFloat64()
	}
	got, dl := p.Answer(dq, dv)
	want, dw := p.Exact(dq, dv)
	size, off, lsize, loff := 0.0, 0.0, 0.0, 0.0
	for i := range want {
		size, off = math.Max(size, math.Abs(want[i])), math.Max(off, math.Abs(got[i]-want[i]))
	}
	for n := first; n < len(dw); n++ {
		lsize, loff = math.Max(lsize, r3.Norm(dw[n])), math.Max(loff, r3.Norm(r3.Sub(dl[n], dw[n])))
	}
	return off / size, loff / lsize
}

// TestStopsKeepDigits: a joint that hits its stop at 10 rad/s is 1e6 times as stiff as its inertia and more, and a
// robot under random torques has some of these all the time. Solves were refined for them, five times the time of a
// Jacobian. Stiffness of one axis is in one pivot alone: without refinement motions and the multipliers of contacts are
// those of the same equations in numbers of 400 bits, and forward products, of parameters and forces too, are the
// backward ones.
func TestStopsKeepDigits(t *testing.T) {
	rng := rand.New(rand.NewPCG(26, 11))
	axis := func(k int, a *sim.Axis) {
		*a = sim.Axis{Damping: 0.1, Armature: []float64{0, 0.02}[k%2], Friction: []float64{0, 0.4}[k%2], Limited: true, Lower: -0.4, Upper: 0.4}
	}
	revolute, slide := sim.Revolute(r3.Vec{X: 1, Y: 0.3}), sim.Prismatic(r3.Vec{Y: 1, Z: 0.2})
	for _, free := range []bool{false, true} {
		found, worst, forces, both := 0, 0.0, 0.0, 0.0
		for try := 0; found < 10 && try < 400; try++ {
			m := mechanism(t, rng, []sim.JointType{revolute, revolute, slide, revolute}, axis, contact.Sphere(0.15), 0.5, free, sim.Cone, -0.5)
			s, d := dynamics.NewStepper(m.Engine()), m.Engine()
			x := randomState(m, rng, 0, 10)
			o := dynamics.Options{Solver: ipm.Options{Kappa: []float64{1e-7, 1e-9}[try%2], Centrality: 1e-4, Tolerance: 1e-9}, Margin: math.Inf(1)}
			if !s.Load(x.Q, x.V, make([]float64, d.NU), d.Timestep, d.Timestep) || s.Solve(o).Status != ipm.Solved || !s.Linearize() {
				continue
			}
			p := s.Linearized(0)
			if p.Hard() || p.Stopped() < 1e7 {
				continue
			}
			found++
			for range 3 {
				off, loff := inexact(p, d, p.Joints(), rng)
				worst, forces = math.Max(worst, off), math.Max(forces, loff)
				tol.Within(t, off, 1e-12, "free %v, try %d: the solution", free, try)
				tol.Within(t, loff, 1e-9, "free %v, try %d: the multipliers of contacts", free, try)
			}
			e, _, _, _, _ := checkAdjoints(t, fmt.Sprintf("free %v, try %d", free, try), d, s, 1e-9, 1e-3, rng)
			both = math.Max(both, e)
		}
		if found < 10 {
			t.Errorf("free %v: %d steps of 10", free, found)
		}
		t.Logf("free %v: solutions are off by %.1e of the largest component, multipliers of contacts by %.1e; forward and backward differ by %.1e", free, worst, forces, both)
	}
}
