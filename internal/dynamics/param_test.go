package dynamics_test

import (
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

// allParams lists every differentiable parameter of m.
func allParams(m *dynamics.Model) []dynamics.Param {
	var ps []dynamics.Param
	add := func(k dynamics.ParamKind, index, comps int) {
		for c := 0; c < comps; c++ {
			if p := (dynamics.Param{Kind: k, Index: index, Comp: c}); m.Differentiable(p) {
				ps = append(ps, p)
			}
		}
	}
	for i := range m.Bodies {
		add(dynamics.ParamInertia, i, 10)
		add(dynamics.ParamOrigin, i, 6)
		add(dynamics.ParamForce, i, 6)
	}
	for i := range m.Colliders {
		add(dynamics.ParamFriction, i, 1)
		add(dynamics.ParamSurface, i, dynamics.SurfaceParams)
		add(dynamics.ParamShape, i, m.Colliders[i].Shape.NumParams())
		add(dynamics.ParamPlace, i, 6)
	}
	for i := range m.Pairs {
		add(dynamics.ParamPair, i, 3)
	}
	for i := range m.Footings {
		add(dynamics.ParamFooting, i, 3)
	}
	for i := range m.Planes {
		add(dynamics.ParamNormal, i, 3)
		add(dynamics.ParamOffset, i, 1)
		add(dynamics.ParamBelt, i, dynamics.BeltParams)
	}
	for i := range m.Dofs {
		for k := dynamics.ParamDamping; k <= dynamics.ParamKd; k++ {
			add(k, i, 1)
		}
	}
	for i := range m.Loops {
		add(dynamics.ParamLoopA, i, 6)
		add(dynamics.ParamLoopB, i, 6)
	}
	for i := range m.Mimics {
		add(dynamics.ParamMimic, i, dynamics.MimicParams)
	}
	for i := range m.Thrusters {
		add(dynamics.ParamThruster, i, dynamics.ThrusterParams)
	}
	add(dynamics.ParamGravity, 0, 3)
	add(dynamics.ParamTimestep, 0, 1)
	return ps
}

// coupled ties the second joint of m with one free motion to the first, where there are two in its first tree, along a
// polynomial, and moves it there in q.
func coupled(m *dynamics.Model, q []float64) *dynamics.Model {
	var v []int
	for i := m.Trees[0].First; i < m.Trees[0].Last; i++ {
		if b := &m.Bodies[i]; b.NV() == 1 {
			v = append(v, b.V)
		}
	}
	if len(v) < 2 {
		return m
	}
	c := dynamics.Mimic{Dof: v[1], Of: v[0], Ratio: -0.8, Offset: 0.1, Curve: [3]float64{0.4, 0, -0.3}}
	m.Mimics = append(m.Mimics, c)
	if q != nil {
		q[m.QIndex[v[1]]] = c.At(q[m.QIndex[v[0]]])
	}
	return m
}

// ballOnPlate returns a ball that spins on a plate that slides on the ground, each with what only these two have
// against spinning and rolling.
func ballOnPlate(t *testing.T, law sim.FrictionLaw) (*dynamics.Model, sim.State) {
	t.Helper()
	b := sim.NewBuilder("ball on plate")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.SetFrictionLaw(law)
	b.AddGround()
	plate, ball := b.AddLink("plate", sim.SphereInertia(1, 0.1)), b.AddLink("ball", sim.SphereInertia(2, 0.1))
	b.AddFree("plate", plate)
	b.AddFree("ball", ball)
	b.AddCollider(sim.Collider{Name: "plate", Link: plate, Shape: contact.Box(r3.Vec{X: 0.4, Y: 0.4, Z: 0.1}), Friction: 0.4})
	b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(0.1), Friction: 0.4})
	b.SetPairFriction("ball", "plate", 0.3)
	b.SetPairTurning("ball", "plate", 0.004, 0.003)
	b.SetPairFriction("plate", "ground", 0.35)
	b.SetPairTurning("plate", "ground", 0.005, 0.05)
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	copy(x.Q, []float64{0, 0, 0.1005})
	copy(x.Q[7:], []float64{0.02, 0.01, 0.301})
	copy(x.V, []float64{-0.3, 0.2, 0, 0.5, 1, 3, 0.3, 0.2, -0.2, 1, 4, 6})
	x.H = 0.01
	return m.Engine(), x
}

// surfaced gives the colliders and half-spaces of m surfaces that do more than slide.
func surfaced(m *dynamics.Model) *dynamics.Model {
	for i := range m.Colliders {
		x := float64(i)
		if i%4 == 1 {
			m.Colliders[i].Surface.Stiffness, m.Colliders[i].Surface.Damping = 200+30*x, 2
		} else {
			m.Colliders[i].Surface.Restitution = []float64{0.5, 0.8, 0.5}[i%3]
		}
		if i%2 == 0 {
			m.Colliders[i].Surface.Torsion, m.Colliders[i].Surface.Rolling = 0.02, 0.01*float64(1+i)
		}
		m.Colliders[i].Surface.Velocity = r3.Vec{X: 0.3 - 0.1*x, Y: 0.2*x - 0.4, Z: 0.1 + 0.05*x}
		if i%3 != 1 {
			m.Colliders[i].Surface.Spin = r3.Vec{X: 2 - x, Y: 0.5 * x, Z: 1.5}
		}
	}
	for i := range m.Planes {
		m.Planes[i].Velocity, m.Planes[i].Spin = r3.Vec{X: -0.5, Y: 0.2, Z: 0.1}, r3.Vec{X: 0.3, Y: -0.4, Z: 2}
	}
	return m
}

// thrusting puts thrusters on bodies of m and returns inputs for all drives: u, then three that the first and the last thruster follow, and
// the second does not, for it is at a limit, the lower or the upper one.
func thrusting(m *dynamics.Model, seed int, u []float64) []float64 {
	rng := rand.New(rand.NewPCG(71, uint64(seed)))
	n := len(m.Bodies)
	for i := range 3 {
		m.Thrusters = append(m.Thrusters, dynamics.Thruster{
			Body: []int{0, n / 2, n - 1}[i], Point: gauss(rng, 0.2), Force: gauss(rng, 1), Torque: gauss(rng, 0.3), Lower: -1.5, Upper: 1.5,
		})
	}
	m.Thrusters[1].Lower, m.Thrusters[2].Upper, m.NU = 1, math.Inf(1), m.NU+3
	return append(append([]float64(nil), u...), 1.2, []float64{-2, 2}[rng.IntN(2)], 3+rng.Float64())
}

func stepWith(t testing.TB, m *dynamics.Model, p dynamics.Param, d float64, st sim.State, u []float64, kappa float64) ([]float64, []float64) {
	c := m.Clone()
	c.SetValue(p, c.Value(p)+d)
	s := dynamics.NewStepper(c)
	if p.Kind == dynamics.ParamForce {
		var w spatial.Wrench
		*[]*float64{&w.Force.X, &w.Force.Y, &w.Force.Z, &w.Torque.X, &w.Torque.Y, &w.Torque.Z}[p.Comp] = d
		s.SetWrench(p.Index, w)
	}
	if !s.Load(st.Q, st.V, u, c.Timestep, st.H) {
		t.Fatal("load")
	}
	if r := s.Solve(tight(kappa)); r.Status != ipm.Solved {
		t.Fatalf("%+v", r)
	}
	q, v := make([]float64, m.NQ), make([]float64, m.NV)
	s.Store(q, v)
	return q, v
}

func checkParams(t *testing.T, name string, m *dynamics.Model, st sim.State, u []float64, kappa float64, worstOf map[dynamics.ParamKind]float64) {
	t.Helper()
	s := dynamics.NewStepper(m)
	s.Load(st.Q, st.V, u, m.Timestep, st.H)
	if r := s.Solve(tight(kappa)); r.Status != ipm.Solved {
		t.Fatalf("%s: %+v", name, r)
	}
	if !s.Linearize() {
		t.Fatal("linearize")
	}
	nv := m.NV
	params := allParams(m)
	cols := make([][]float64, len(params))
	scale := map[dynamics.ParamKind]float64{}
	for n, p := range params {
		cols[n] = make([]float64, 2*nv)
		s.ParamColumn(cols[n][:nv], cols[n][nv:], p)
		for _, x := range cols[n] {
			scale[p.Kind] = math.Max(scale[p.Kind], math.Abs(x))
		}
	}
	// adjoint
	rng := rand.New(rand.NewPCG(1, 1))
	y := make([]float64, 2*nv)
	for i := range y {
		y[i] = rng.NormFloat64()
	}
	out := make([]float64, len(params))
	s.ParamVJP(out, params, y[:nv], y[nv:])
	for n := range params {
		sum, size := 0.0, 0.0
		for i := range y {
			sum += y[i] * cols[n][i]
			size += math.Abs(y[i] * cols[n][i])
		}
		digits := 1e-11
		if name == "loops" { // their forces are carried on to 1e-10, forward and back each by its own ways
			digits = 1e-10
		}
		if math.Abs(sum-out[n]) > digits*math.Max(1, 1e-2/kappa)*math.Max(size, scale[params[n].Kind]) {
			t.Errorf("%s: VJP of parameter %+v is %g, want %g", name, params[n], out[n], sum)
		}
	}
	for n, p := range params {
		// a block whose largest entry is below what differences resolve is compared absolutely, to 1e-10
		scale[p.Kind] = math.Max(scale[p.Kind], 1e-4)
		best := make([]float64, 2*nv)
		for e, eps := range []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7} {
			if p.Kind == dynamics.ParamTimestep || p.Kind == dynamics.ParamInertia {
				eps *= 0.1
			}
			fd := make([][]float64, 2)
			for k, d := range []float64{2 * eps, eps} {
				qp, vp := stepWith(t, m, p, d, st, u, kappa)
				qm, vm := stepWith(t, m, p, -d, st, u, kappa)
				fd[k] = make([]float64, 2*nv)
				m.Difference(fd[k][:nv], qp, qm)
				for i := 0; i < nv; i++ {
					fd[k][i] /= 2 * d
					fd[k][nv+i] = (vp[i] - vm[i]) / (2 * d)
				}
			}
			for i := range best {
				err := math.Abs((4*fd[1][i]-fd[0][i])/3-cols[n][i]) / scale[p.Kind]
				if e == 0 || err < best[i] || math.IsNaN(err) {
					best[i] = err
				}
			}
		}
		for i, e := range best {
			if !(e <= worstOf[p.Kind]) {
				worstOf[p.Kind] = e
			}
			if !(e < 1e-6) {
				t.Errorf("%s κ=%g: parameter %+v, row %d: %.6g, relative error %.1e of %.1e", name, kappa, p, i, cols[n][i], e, scale[p.Kind])
				break
			}
		}
	}
}

// TestParameterDerivatives checks the derivative of a step with respect to every parameter kind against
// central differences, in contact and at limits, and the adjoint against the columns.
func TestParameterDerivatives(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	worst := map[dynamics.ParamKind]float64{}
	shapes := []contact.Shape{contact.Sphere(0.1), contact.Capsule(0.05, 0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.05}), contact.Cylinder(0.1, 0.15), contact.Points([]r3.Vec{{X: 0.1}, {Y: 0.1}, {Z: -0.2}}), contact.Ellipsoid(0.1, 0.2, 0.15)}
	opts := []func(k int, a *sim.Axis){
		func(k int, a *sim.Axis) {
			a.Damping, a.Stiffness, a.Rest, a.Armature, a.Drive, a.Effort = 0.3, 20, 0.1, 0.05, sim.Torque, 0.8
		},
		func(k int, a *sim.Axis) { a.Drive, a.Kp, a.Kd = sim.Servo, 50, 2 },
		func(k int, a *sim.Axis) {
			a.Drive, a.Kp, a.Kd, a.Effort, a.Friction, a.MaxSpeed = sim.Servo, 50, 2, 3, 0.4, 0.5
		},
		func(k int, a *sim.Axis) { a.Limited, a.Lower, a.Upper = true, -0.5, 0.5 },
	}
	for i, shape := range shapes {
		for k, opt := range opts {
			kappa := []float64{1e-2, 1e-3, 1e-5, 1e-7}[(i+k)%4]
			law := []sim.FrictionLaw{sim.Cone, sim.Cone, sim.Pyramid}[(i+k)%3]
			js := []sim.JointType{sim.Revolute(r3.Vec{X: 1}), sim.Spherical(), allJoints[(4*i+k)%len(allJoints)]}
			m := mechanism(t, rng, js, opt, shape, 0.5, k%2 == 0, law, []float64{0, -1}[k%2])
			if i == k || i == k+1 {
				surfaced(m.Engine())
			}
			st := randomState(m, rng, 0.4, 1)
			coupled(m.Engine(), st.Q)
			s := m.NewStepper(sim.Options{Kappa: kappa})
			u := make([]float64, m.NU())
			for j := range u {
				u[j] = 0.5 * rng.NormFloat64()
			}
			for n := 3 + rng.IntN(30); n > 0; n-- {
				if _, err := s.Step(&st, st, u); err != nil {
					t.Fatal(err)
				}
			}
			st.H = []float64{st.H, 0, 0.4 * m.Timestep()}[(i+2*k)%3]
			if (i+k)%2 == 0 {
				u = thrusting(m.Engine(), i+6*k, u)
			}
			checkParams(t, shape.Kind.String(), m.Engine(), st, u, kappa, worst)
		}
	}
	for k := range dynamics.LoopKind(3) {
		m := closing(t, rng, k)
		m.Loops = m.Loops[:2] // more would leave nothing free
		st := sim.State{Q: make([]float64, m.NQ), V: make([]float64, m.NV), H: 0.01}
		m.Neutral(st.Q)
		for i := range st.V {
			st.V[i] = 0.2 * rng.NormFloat64()
		}
		if k == dynamics.LoopHinge {
			coupled(m, st.Q)
		}
		checkParams(t, "loops", m, st, nil, 1e-3, worst)
	}
	for _, law := range []sim.FrictionLaw{sim.Cone, sim.Pyramid} {
		m, st := ballOnPlate(t, law)
		checkParams(t, "a pair of its own law", m, st, nil, 1e-3, worst)
	}
	for k := dynamics.ParamKind(0); k < dynamics.ParamKinds; k++ {
		e, ok := worst[k]
		t.Logf("kind %d: %.1e", k, e)
		if !ok {
			t.Errorf("parameter kind %d was not checked", k)
		}
	}
}
