package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestImpulsesBalanceMomentum: over a step the momentum of a mechanism, linear and angular about the world's origin, changes by its
// weight, what pushes its bodies, its contacts and the joint on which it hangs, and by nothing else. A floating base hangs on
// nothing, a passive hinge transmits no torque about its axis, a driven one what its drive gives.
func TestImpulsesBalanceMomentum(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 1))
	touched, pushed := 0, 0.0
	for n := range 12 {
		free := n%2 == 0
		opt := func(k int, a *sim.Axis) {
			if k%2 == 0 {
				a.Drive, a.Effort = sim.Torque, 2
			}
		}
		joints := []sim.JointType{sim.Revolute(r3.Vec{Y: 1}), sim.Spherical(), sim.Cylindrical(r3.Vec{X: 1})}
		shape := []contact.Shape{contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.05}), contact.Cylinder(0.1, 0.15), contact.Sphere(0.1), contact.Ellipsoid(0.1, 0.2, 0.15)}[n%4]
		law := []sim.FrictionLaw{sim.Cone, sim.Pyramid, sim.Frictionless}[n/2%3]
		ground := []float64{-0.1, -0.35}[n%2] // what hangs on the world cannot leave where it may not be
		m := mechanism(t, rng, joints, opt, shape, 0.5, free, law, ground).Engine()
		if n%3 != 0 {
			thrusting(m, n, nil)
		}
		s := dynamics.NewStepper(m)
		ext := make([]spatial.Wrench, len(m.Bodies))
		for i := range ext {
			ext[i] = spatial.Wrench{Force: gauss(rng, 2), Torque: gauss(rng, 1)}
			s.SetWrench(i, ext[i])
		}
		x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU), h: 0.01, past: []float64{0.01, 0, 0.004}[n/2%3]}
		for tries := 0; !solvedAt(s, rng, &x, 0.3, 1e-4); tries++ {
			if tries == 20 {
				t.Fatal("no step converges")
			}
		}
		v := make([]float64, m.NV)
		q := make([]float64, m.NQ)
		joint, contacts := make([]spatial.Wrench, len(m.Bodies)), make([]dynamics.ContactReport, len(m.Contacts))
		s.JointImpulses(joint)
		s.Contacts(contacts)
		at := poses(m, x.q2)
		p0, l0 := s.Momentum()
		s.Store(q, v)
		after, weight := poses(m, q), (x.past+x.h)/2

		var p, l r3.Vec // impulses and their moments
		add := func(f, at r3.Vec) { p, l = r3.Add(p, f), r3.Add(l, r3.Cross(at, f)) }
		for i := range m.Bodies {
			c := at[i].Apply(m.Bodies[i].COM)
			for _, c := range []r3.Vec{c, after[i].Apply(m.Bodies[i].COM)} { // at each knot the half of the interval between
				add(r3.Scale(x.h/2*m.Bodies[i].Mass, m.Gravity), c)
			}
			add(r3.Scale(weight, ext[i].Force), c)
			l = r3.Add(l, r3.Scale(weight, ext[i].Torque))
		}
		for i := range m.Thrusters {
			h := &m.Thrusters[i]
			b, k := at[h.Body], weight*max(h.Lower, min(h.Upper, x.u[m.ThrustInput(i)]))
			add(r3.Scale(k, r3.Sub(b.Apply(h.Force), b.Pos)), b.Apply(h.Point))
			l = r3.Add(l, r3.Scale(k, r3.Sub(b.Apply(h.Torque), b.Pos)))
		}
		for i, c := range contacts {
			add(c.Impulse, c.Point)
			if c.Active && r3.Norm(c.Impulse) > 1e-3 {
				touched++
			}
			n := m.Planes[m.Contacts[i].Plane].Normal
			normal := r3.Dot(c.Impulse, n)
			tangential := r3.Norm(r3.Sub(c.Impulse, r3.Scale(normal, n)))
			if mu := 0.5; normal < 0 || tangential > mu*normal*(1+1e-9) || law == sim.Frictionless && tangential > 1e-12 {
				t.Errorf("contact %d pushes with %g and rubs with %g N s", i, normal, tangential)
			}
		}
		add(joint[0].Force, at[0].Pos)
		l = r3.Add(l, joint[0].Torque)
		pushed = max(pushed, r3.Norm(joint[0].Force))
		if free {
			tol.Within(t, r3.Norm(joint[0].Force)+r3.Norm(joint[0].Torque), 1e-10, "wrench of the joint of a floating base")
		}
		if !s.Load(q, v, x.u, x.h, x.h) {
			t.Fatal("load")
		}
		p1, l1 := s.Momentum()
		tol.Within(t, r3.Norm(r3.Sub(r3.Sub(p1, p0), p)), 1e-10, "linear momentum")
		tol.Within(t, r3.Norm(r3.Sub(r3.Sub(l1, l0), l)), 1e-10, "angular momentum")

		for k := range m.Dofs { // all along the axes of knot 2
			b := &m.Bodies[m.Dofs[k].Body]
			w := joint[m.Dofs[k].Body]
			screw := twistBetween(poses(m, x.moved(2, k, -third).q2)[m.Dofs[k].Body], poses(m, x.moved(2, k, third).q2)[m.Dofs[k].Body], at[m.Dofs[k].Body].Pos, third)
			want := 0.0
			if d := &m.Dofs[k]; d.Drive == dynamics.Torque {
				want = weight * max(-d.Effort, min(d.Effort, x.u[d.Input]))
			}
			if b.NV() < 6 {
				tol.Within(t, math.Abs(screw.Power(&w)-want), 1e-9, "impulse of the drive of dof %d", k)
			}
		}
	}
	if touched < 20 || pushed < 0.01 {
		t.Errorf("%d contacts touched, the base was held with %g N s: the test shows nothing", touched, pushed)
	}
}

// TestWorstIsNamed: of a step that fails the report names the contact or degree of freedom that is worst, and not both.
func TestWorstIsNamed(t *testing.T) {
	s, q, v := ballOver(t, 1e-3, -1)
	if !s.Load(q, v, nil, 0.01, 0) {
		t.Fatal("load")
	}
	o := dynamics.NewOptions(1e-6, 0, 0, 0)
	o.Solver.MaxIter = 1
	if r := s.Solve(o); r.Status == ipm.Solved {
		t.Fatal("a step solved in one iteration")
	}
	if c, d := s.Worst(); (c < 0) == (d < 0) {
		t.Errorf("worst are contact %d and dof %d", c, d)
	}
}
