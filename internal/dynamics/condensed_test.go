package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// limbed returns a free base with limbs of so many joints, of which the second bears a twig and every third is
// spherical; the last joint follows the first.
func limbed(t testing.TB, rng *rand.Rand, limbs ...int) *dynamics.Model {
	b := sim.NewBuilder("limbed")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{X: 0.3, Z: -9.81})
	base := b.AddLink("base", sim.BoxInertia(3, r3.Vec{X: 0.4, Y: 0.3, Z: 0.1}))
	b.AddFree("free", base)
	b.AddCollider(sim.Collider{Name: "base", Link: base, Shape: contact.Sphere(0.2), Friction: 0.5})
	b.AddGround()
	n := 0
	link := func(parent sim.Link, follows bool) sim.Link {
		name := fmt.Sprint("l", n)
		in := sim.BoxInertia(0.2+rng.Float64(), r3.Vec{X: 0.1, Y: 0.1 + 0.1*rng.Float64(), Z: 0.2})
		in.COM = gauss(rng, 0.05)
		l := b.AddLink(name, in)
		j := sim.Joint{Name: name, Type: sim.Revolute(gauss(rng, 1)), Parent: parent, Child: l, Origin: sim.Pose{Pos: gauss(rng, 0.2), Rot: attitude(rng)}}
		if n%3 == 2 && !follows {
			j.Type = sim.Spherical()
		}
		for range j.Type.NV() {
			j.Axes = append(j.Axes, sim.Axis{Damping: 0.2, Stiffness: 3, Drive: sim.Torque})
		}
		if follows {
			j.Axes[0].Drive, j.Mimic = sim.Passive, &sim.Mimic{Joint: "l0", Ratio: -0.7}
		}
		b.AddJoint(j)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: contact.Sphere(0.1), Friction: 0.5})
		n++
		return l
	}
	for i, size := range limbs {
		parent := base
		for k := range size {
			l := link(parent, i == len(limbs)-1 && k == size-1)
			if k == 1 {
				link(l, false)
			}
			parent = l
		}
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m.Engine()
}

// TestColumnsOfLimbs: columns of a robot, of which other limbs follow the base, are its forward products. Contacts just
// not hard enough to be kept apart leave 4e-10.
func TestColumnsOfLimbs(t *testing.T) {
	rng := rand.New(rand.NewPCG(26, 13))
	worst := 0.0
	for try := range 12 {
		m := limbed(t, rng, [][]int{{3, 1, 2}, {1, 1}, {4}, {2, 3, 1, 2}}[try%4]...)
		s := dynamics.NewStepper(m)
		x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU), h: m.Timestep, past: m.Timestep}
		for !solvedAt(s, rng, &x, 0.1, 1e-4) {
		}
		if !s.Linearize() {
			t.Fatal("singular")
		}
		nv, nu := m.NV, m.NU
		a, b := make([]float64, 4*nv*nv), make([]float64, 2*nv*nu)
		s.StateJacobian(a)
		s.InputJacobian(b)
		size, off := 0.0, 0.0
		for k := range 2*nv + nu {
			in, o := make([]float64, 2*nv+nu), make([]float64, 2*nv)
			in[k] = 1
			s.JVP(o[:nv], o[nv:], in[:nv], in[nv:2*nv], in[2*nv:])
			for r, want := range o {
				got := 0.0
				if k < 2*nv {
					got = a[r*2*nv+k]
				} else {
					got = b[r*nu+k-2*nv]
				}
				size, off = math.Max(size, math.Abs(want)), math.Max(off, math.Abs(got-want))
			}
		}
		worst = math.Max(worst, off/size)
		tol.Within(t, off/size, 1e-8, "try %d: columns", try)
	}
	t.Logf("%.1e of the largest entry", worst)
}
