package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// weighted sums products and their sizes.
type weighted struct{ sum, size float64 }

func (w *weighted) add(a, b float64) { w.sum, w.size = w.sum+a*b, w.size+math.Abs(a*b) }

func (w *weighted) dots(a, b []float64) {
	for i := range a {
		w.add(a[i], b[i])
	}
}

// impulse adds the product of a cotangent of a contact's impulse with a tangent.
func (w *weighted) impulse(a, b spatial.Wrench) {
	for _, p := range [][2]spatial.Vec{{a.Force, b.Force}, {a.Torque, b.Torque}} {
		w.add(1, spatial.Dot(p[0], p[1]))
		w.size += spatial.Norm(p[0]) * spatial.Norm(p[1])
	}
}

// forces adds ⟨f, impulses⟩, both as lists of contacts, meetings and joints.
func (w *weighted) forces(f dynamics.Forces, contacts []spatial.Wrench, meetings []dynamics.MeetingForce, joints []spatial.Wrench) {
	for _, c := range f.Meetings {
		if i, ok := dynamics.FindMeeting(meetings, c.Key); ok {
			w.impulse(c.Impulse, meetings[i].Impulse)
		} else {
			w.sum = math.NaN() // of another step
		}
	}
	for i, c := range f.Contacts {
		w.impulse(c, contacts[i])
	}
	for i, j := range f.Joints {
		w.add(1, spatial.Dot(j.Force, joints[i].Force))
		w.add(1, spatial.Dot(j.Torque, joints[i].Torque))
	}
}

// impulses of the step just solved.
func impulses(s *dynamics.Stepper, m *dynamics.Model) (cs []spatial.Wrench, ms []dynamics.MeetingForce, js []spatial.Wrench) {
	rep, js := make([]dynamics.ContactReport, len(m.Contacts)), make([]spatial.Wrench, len(m.Bodies))
	s.Contacts(rep)
	s.JointImpulses(js)
	for i := range rep {
		cs = append(cs, spatial.Wrench{Force: rep[i].Impulse, Torque: rep[i].Turn})
	}
	for _, c := range s.Meetings(nil) {
		ms = append(ms, dynamics.MeetingForce{Key: c.Key, Impulse: spatial.Wrench{Force: c.Impulse, Torque: c.Turn}})
	}
	return cs, ms, js
}

// settle makes the solve that has the impulses of a step: the second one of a deep start. (What pushes it out in the first, and
// no step reports, is 1e4 times as hard, and so is the matrix: adjoints agree to 3e-7 there.)
func settle(s *dynamics.Stepper, q, v, u []float64, before, kappa float64) bool {
	if !s.Load(q, v, u, s.Model().Timestep, before) || s.Solve(tight(kappa)).Status != ipm.Solved {
		return false
	}
	if !s.Deep() {
		return true
	}
	s.Hold()
	return s.Solve(tight(kappa)).Status == ipm.Solved
}

// checkAdjoints compares ⟨Jx, y⟩ with ⟨x, Jᵀy⟩ of the linearized step for random tangents x of state, input and all
// parameters and random cotangents y of the next state and f of the impulses of contacts and joints. It returns the
// largest difference, relative to the terms of the sums or, of parameters, the part least of the largest of them, the
// tangents and f, and ⟨f, impulses⟩ along the tangents.
func checkAdjoints(t *testing.T, name string, m *dynamics.Model, s *dynamics.Stepper, limit, least float64, rng *rand.Rand) (worst float64, x, du []float64, f dynamics.Forces, slope weighted) {
	t.Helper()
	vec := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		return x
	}
	nv := m.NV
	turn := rand.New(rand.NewPCG(8, 9)) // of its own: few contacts resist turning
	f = dynamics.Forces{Contacts: make([]spatial.Wrench, len(m.Contacts)), Joints: make([]spatial.Wrench, len(m.Bodies))}
	for i := range f.Contacts {
		f.Contacts[i] = spatial.Wrench{Force: gauss(rng, 1), Torque: gauss(turn, 1)}
	}
	for _, c := range s.Meetings(nil) {
		f.Meetings = append(f.Meetings, dynamics.MeetingForce{Key: c.Key, Impulse: spatial.Wrench{Force: gauss(rng, 1), Torque: gauss(turn, 1)}})
	}
	for i := range f.Joints {
		f.Joints[i] = spatial.Wrench{Force: gauss(rng, 1), Torque: gauss(rng, 1)}
	}
	y := vec(2 * nv)
	x, du = vec(2*nv), vec(m.NU)
	for _, c := range m.Mimics { // off a coupling the step jumps back
		x[c.Dof] = c.Ratio * x[c.Of]
	}
	next, cs, js := make([]float64, 2*nv), make([]spatial.Wrench, len(m.Contacts)), make([]spatial.Wrench, len(m.Bodies))
	compare := func(what string, left, right weighted) {
		t.Helper()
		e := math.Abs(left.sum-right.sum) / (left.size + right.size + 1e-300)
		if worst = math.Max(worst, e); !(e < limit) {
			t.Errorf("%s: %s: ⟨Jx, y⟩ = %g and ⟨x, Jᵀy⟩ = %g differ by %.1e relative", name, what, left.sum, right.sum, e)
		}
	}

	o, ou := make([]float64, 2*nv), make([]float64, m.NU)
	var left, right weighted
	s.ForceVJP(o[:nv], o[nv:], ou, y[:nv], y[nv:], f)
	right.dots(o, x)
	right.dots(ou, du)
	s.JVP(next[:nv], next[nv:], x[:nv], x[nv:], du)
	s.ContactTangent(cs)
	s.JointTangent(js)
	left.dots(next, y)
	left.forces(f, cs, s.MeetingTangent(nil), js)
	compare("state and input", left, right)
	slope.forces(f, cs, s.MeetingTangent(nil), js)

	params := allParams(m)
	out := make([]float64, len(params))
	s.ParamForceVJP(out, params, y[:nv], y[nv:], f)
	lefts, rights, size, largest := make([]weighted, len(params)), make([]weighted, len(params)), map[dynamics.ParamKind]float64{}, 0.0
	for i, p := range params {
		var left, right weighted
		right.add(out[i], 1)
		s.ParamColumn(next[:nv], next[nv:], p)
		s.ContactTangent(cs)
		s.JointTangent(js)
		left.dots(next, y)
		left.forces(f, cs, s.MeetingTangent(nil), js)
		size[p.Kind], largest = math.Max(size[p.Kind], left.size), math.Max(largest, left.size)
		lefts[i], rights[i] = left, right
	}
	for i, p := range params { // a turn of all there is about itself moves nothing, by sums that cancel
		lefts[i].size = math.Max(size[p.Kind], least*largest)
		compare(fmt.Sprintf("parameter %+v", p), lefts[i], rights[i])
	}

	return worst, x, du, f, slope
}

// checkCotangents is checkAdjoints of a step, and compares the backward side with differences of ⟨f, impulses⟩ along x.
// It returns both errors, relative to the terms of the sums.
func checkCotangents(t *testing.T, name string, m *dynamics.Model, st sim.State, u []float64, kappa float64, rng *rand.Rand) (adjoint, difference float64) {
	t.Helper()
	s := dynamics.NewStepper(m)
	if !settle(s, st.Q, st.V, u, st.H, kappa) || !s.Linearize() {
		t.Fatalf("%s: not solved", name)
	}
	limit := 1e-12 * math.Max(1, 1e-2/kappa) // the condition of the step's matrix grows as 1/κ
	if len(m.Pairs) > 0 {
		limit *= 100 // and joints press bodies of one tree against each other: forces are small differences of stiff ones
	}
	worst, x, du, f, slope := checkAdjoints(t, fmt.Sprintf("%s κ=%g", name, kappa), m, s, limit, 0, rng)
	adjoint = worst * math.Min(1, kappa/1e-4)
	nv, o, ou := m.NV, make([]float64, 2*m.NV), make([]float64, m.NU)

	// differences of the forces alone, against the backward side alone
	s.ForceVJP(o[:nv], o[nv:], ou, make([]float64, nv), make([]float64, nv), f)
	var back weighted
	back.dots(o, x)
	back.dots(ou, du)
	at := func(eps float64) float64 {
		d := dynamics.NewStepper(m)
		q, v, w, e := make([]float64, m.NQ), make([]float64, nv), make([]float64, m.NU), make([]float64, nv)
		for i := range e {
			e[i], v[i] = eps*x[i], st.V[i]+eps*x[nv+i]
		}
		for i := range w {
			w[i] = u[i] + eps*du[i]
		}
		m.Displace(q, st.Q, e)
		if !settle(d, q, v, w, st.H, kappa) {
			return math.NaN() // too far for these whirling mechanisms: no such step
		}
		cs, ms, js := impulses(d, m)
		var sum weighted
		sum.forces(f, cs, ms, js)
		return sum.sum
	}
	difference = math.Inf(1)
	for _, eps := range []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7} {
		d := (8*(at(eps)-at(-eps)) - (at(2*eps) - at(-2*eps))) / (12 * eps)
		if e := math.Abs(d-back.sum) / slope.size; e < difference {
			difference = e
		}
	}
	if !(difference < 1e-7) {
		t.Errorf("%s κ=%g: the backward derivative of impulses, %g, differs by %.1e of its terms from differences", name, kappa, back.sum, difference)
	}
	return adjoint, difference
}

// moving returns a state some steps after a random one, and the stepper that took them. A draw that puts a fixed
// mechanism in a place that limits and ground do not let it leave is drawn again.
func moving(t *testing.T, m *sim.Model, rng *rand.Rand, steps int) (*sim.Stepper, sim.State) {
	t.Helper()
	for range 20 {
		s, st, err := m.NewStepper(sim.Options{Kappa: 1e-4}), randomState(m, rng, 0.1, 0.5), error(nil)
		for n := 0; n < steps && err == nil; n++ {
			_, err = s.Step(&st, st, nil)
		}
		if err == nil {
			return s, st
		}
	}
	t.Fatal("no state in 20 draws")
	return nil, sim.State{}
}

// TestForceCotangents sweeps impulses of contacts and joints backward, on every type of joint with every kind of
// joint force, in flight and in contact, under every friction law, after a step as long, after one of another length and at an instant.
func TestForceCotangents(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	shapes := []contact.Shape{contact.Sphere(0.1), contact.Capsule(0.05, 0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.05}), contact.Cylinder(0.1, 0.15), contact.Points([]r3.Vec{{X: 0.1}, {Y: 0.1}, {Z: -0.2}}), contact.Ellipsoid(0.1, 0.2, 0.15)}
	adjoint, difference, touching := 0.0, 0.0, 0
	for i, jt := range allJoints {
		for k, kind := range axisKinds {
			js := []sim.JointType{jt, sim.Revolute(r3.Vec{X: 1}), allJoints[(i+5)%len(allJoints)]}
			opt := func(_ int, a *sim.Axis) { *a = kind.axis }
			m := mechanism(t, rng, js, opt, shapes[(i+k)%len(shapes)], 0.5, i%2 == 0, sim.FrictionLaw((i+k)%3), []float64{-0.35, -100}[k%2])
			s, st := moving(t, m, rng, 2+k)
			switch k % 3 {
			case 0:
				st.H = 0.004
			case 1:
				st.H = 0
			}
			u := make([]float64, m.NU())
			for j := range u {
				u[j] = 0.5 * rng.NormFloat64()
			}
			for _, c := range s.Contacts() {
				if spatial.Norm(c.Force) > 0.1 {
					touching++
				}
			}
			if (i+k)%3 == 0 {
				u = thrusting(m.Engine(), i+k, u)
			}
			name := fmt.Sprintf("%s, %d translations, %d rotations", kind.name, len(jt.Trans), len(jt.Rot))
			a, d := checkCotangents(t, name, m.Engine(), st, u, []float64{1e-3, 1e-4, 1e-6}[(i+k)%3], rng)
			adjoint, difference = math.Max(adjoint, a), math.Max(difference, d)
		}
	}
	for i, kind := range axisKinds { // couplings
		m := linked(t, rng, sim.Revolute(r3.Vec{X: 1, Y: 2}), kind.axis, i%2 == 0, true, sim.Cone)
		st := m.NewState()
		for k := range st.V {
			st.V[k] = 0.5 * rng.NormFloat64()
		}
		if e := m.Engine(); len(e.Mimics) == 1 {
			c := e.Mimics[0]
			st.Q[e.QIndex[c.Dof]] = c.Ratio*st.Q[e.QIndex[c.Of]] + c.Offset
		}
		a, d := checkCotangents(t, kind.name+", mimicked", m.Engine(), st, make([]float64, m.NU()), 1e-4, rng)
		adjoint, difference = math.Max(adjoint, a), math.Max(difference, d)
	}
	t.Logf("adjoint %.1e (scaled to κ = 1e-4), differences %.1e, %d contacts carry", adjoint, difference, touching)
	if touching < 20 {
		t.Errorf("only %d contacts carry a force", touching)
	}
}
