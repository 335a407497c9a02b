package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// mechanism builds those with every joint type and joint force, over a plane.
func mechanism(t testing.TB, rng *rand.Rand, joints []sim.JointType, opt func(k int, a *sim.Axis), shape contact.Shape, mu float64, free bool, law sim.FrictionLaw, ground float64) *sim.Model {
	b := sim.NewBuilder("mechanism")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{X: 0.3, Z: -9.81})
	b.SetFrictionLaw(law)
	inertia := func() sim.Inertia {
		in := sim.BoxInertia(0.5+rng.Float64(), r3.Vec{X: 0.1 + 0.1*rng.Float64(), Y: 0.15, Z: 0.1 + 0.1*rng.Float64()})
		p := sim.Pose{Rot: sim.RPY(rng.Float64(), rng.Float64(), rng.Float64())}
		in = in.Placed(p)
		in.COM = r3.Vec{X: 0.1 * rng.NormFloat64(), Y: 0.1 * rng.NormFloat64(), Z: 0.1 * rng.NormFloat64()}
		return in
	}
	parent := sim.World
	if free {
		parent = b.AddLink("base", inertia())
		b.AddFree("root", parent)
		b.AddCollider(sim.Collider{Name: "base", Link: parent, Shape: shape, Friction: mu})
	}
	n := 0
	for i, jt := range joints {
		name := string(rune('a' + i))
		l := b.AddLink(name, inertia())
		axes := make([]sim.Axis, jt.NV())
		for k := range axes {
			kk := n + k
			if len(jt.Rot) == 3 && k > len(jt.Trans) {
				kk = n + len(jt.Trans)
			}
			opt(kk, &axes[k])
			if len(jt.Rot) == 3 && k >= len(jt.Trans) {
				axes[k].Rest, axes[k].MaxSpeed = 0, 0
				if axes[k].Limited {
					axes[k].Lower, axes[k].Upper = 0, 1.2
				}
			}
		}
		n += jt.NV()
		b.AddJoint(sim.Joint{Name: "j" + name, Type: jt, Parent: parent, Child: l, Axes: axes,
			Origin: sim.Pose{Pos: r3.Vec{X: 0.3, Y: 0.1 * rng.NormFloat64(), Z: 0.1 * rng.NormFloat64()}, Rot: sim.RPY(0.3*rng.NormFloat64(), 0.3*rng.NormFloat64(), rng.NormFloat64())}})
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shape, Friction: mu, Pose: sim.At(0.05, 0, 0)})
		if i%2 == 0 || parent == sim.World {
			parent = l
		}
	}
	b.AddHalfSpace("ground", r3.Vec{X: 0.1, Y: -0.2, Z: 1}, ground)
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func randomState(m *sim.Model, rng *rand.Rand, height, speed float64) sim.State {
	st := m.NewState()
	for _, j := range m.Joints() {
		for k := 0; k < j.NQ; k++ {
			st.Q[j.Q+k] += 0.3 * rng.NormFloat64()
		}
		if q := j.QuaternionOf(); q >= 0 {
			v := quat.Number{Real: st.Q[q], Imag: st.Q[q+1], Jmag: st.Q[q+2], Kmag: st.Q[q+3]}
			v = quat.Scale(1/quat.Abs(v), v)
			st.Q[q], st.Q[q+1], st.Q[q+2], st.Q[q+3] = v.Real, v.Imag, v.Jmag, v.Kmag
		}
		for k := 0; k < j.NV; k++ {
			st.V[j.V+k] = speed * rng.NormFloat64()
		}
	}
	if len(m.Joints()) > 0 && m.Joints()[0].NV == 6 {
		st.Q[2] = height
	}
	return st
}

func tight(kappa float64) dynamics.Options {
	return dynamics.Options{Solver: ipm.Options{Kappa: kappa, Centrality: 1e-11, Tolerance: 1e-12}, Margin: math.Inf(1)}
}

// stepDifference returns (next(x ⊞ εd) ⊟ next(x ⊟ εd))/2ε.
func stepDifference(t testing.TB, m *dynamics.Model, st sim.State, u []float64, kappa float64, d []float64, du []float64, eps float64) []float64 {
	nv := m.NV
	out := make([][]float64, 2)
	qs := make([][]float64, 2)
	for n, sgn := range []float64{1, -1} {
		s := dynamics.NewStepper(m)
		q, v, uu := make([]float64, m.NQ), make([]float64, nv), make([]float64, m.NU)
		dd := make([]float64, nv)
		for i := range dd {
			dd[i] = sgn * eps * d[i]
			v[i] = st.V[i] + sgn*eps*d[nv+i]
		}
		for i := range uu {
			uu[i] = u[i] + sgn*eps*du[i]
		}
		m.Displace(q, st.Q, dd)
		if !s.Load(q, v, uu, m.Timestep, st.H) {
			t.Fatal("load")
		}
		if r := s.Solve(tight(kappa)); r.Status != ipm.Solved {
			t.Fatalf("%+v", r)
		}
		qs[n], out[n] = make([]float64, m.NQ), make([]float64, nv)
		s.Store(qs[n], out[n])
	}
	res := make([]float64, 2*nv)
	m.Difference(res[:nv], qs[0], qs[1])
	for i := 0; i < nv; i++ {
		res[i] /= 2 * eps
		res[nv+i] = (out[0][i] - out[1][i]) / (2 * eps)
	}
	return res
}

func checkStep(t *testing.T, name string, m *dynamics.Model, st sim.State, u []float64, kappa float64) {
	t.Helper()
	s := dynamics.NewStepper(m)
	if !s.Load(st.Q, st.V, u, m.Timestep, st.H) {
		t.Fatal("load")
	}
	if r := s.Solve(tight(kappa)); r.Status != ipm.Solved {
		t.Fatalf("%s: %+v", name, r)
	}
	if !s.Linearize() {
		t.Fatal("linearize")
	}
	nv := m.NV
	a := make([]float64, 4*nv*nv)
	s.StateJacobian(a)
	b := make([]float64, 2*nv*m.NU)
	s.InputJacobian(b)
	scale := 0.0
	for _, x := range a {
		scale = math.Max(scale, math.Abs(x))
	}
	worst, where := 0.0, [2]int{}
	// Near a kink of width ~κ truncation asks for small steps, elsewhere rounding asks for large ones: an
	// entry agrees when it does at one of the step sizes.
	compare := func(d, du, col []float64, scale float64) (worst float64, at int) {
		best := make([]float64, len(col))
		for n, eps := range []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7} {
			x := stepDifference(t, m, st, u, kappa, d, du, 2*eps)
			y := stepDifference(t, m, st, u, kappa, d, du, eps)
			for i := range x {
				if e := math.Abs((4*y[i]-x[i])/3-col[i]) / scale; n == 0 || e < best[i] || math.IsNaN(e) {
					best[i] = e
				}
			}
		}
		for i, e := range best {
			if e > worst || math.IsNaN(e) {
				worst, at = e, i
			}
		}
		return worst, at
	}
	for c := 0; c < 2*nv; c++ {
		d, col := make([]float64, 2*nv), make([]float64, 2*nv)
		d[c] = 1
		for r := range col {
			col[r] = a[r*2*nv+c]
		}
		if e, at := compare(d, make([]float64, m.NU), col, scale); !(e <= worst) {
			worst, where = e, [2]int{at, c}
		}
	}
	scaleU, worstU := 0.0, 0.0
	for _, x := range b {
		scaleU = math.Max(scaleU, math.Abs(x))
	}
	for c := 0; c < m.NU; c++ {
		du, col := make([]float64, m.NU), make([]float64, 2*nv)
		du[c] = 1
		for r := range col {
			col[r] = b[r*m.NU+c]
		}
		e, _ := compare(make([]float64, 2*nv), du, col, scaleU)
		worstU = math.Max(worstU, e)
	}
	checkProducts(t, name, kappa, s, m, a, b)
	t.Logf("%s κ=%g: state %.1e of %.1e at (%d,%d) of %d, input %.1e of %.1e", name, kappa, worst, scale, where[0], where[1], 2*nv, worstU, scaleU)
	if !(worst < 1e-6) || !(worstU < 1e-6) {
		t.Errorf("%s: Jacobian differs from central differences", name)
	}
}

var allJoints = func() []sim.JointType {
	x, y, z := r3.Vec{X: 1}, r3.Vec{Y: 1}, r3.Vec{X: 0.2, Z: 1}
	var out []sim.JointType
	tr := [][]r3.Vec{{}, {x}, {x, y}, {x, y, z}}
	ro := [][]r3.Vec{{}, {y}, {y, z}, {x, y, r3.Vec{Z: 1}}}
	for _, a := range tr {
		for _, b := range ro {
			if len(a)+len(b) > 0 {
				out = append(out, sim.JointType{Trans: a, Rot: b})
			}
		}
	}
	return out
}()

// TestJacobianInFlight checks state and input Jacobians of mechanisms with every joint type, without and
// with joint forces of every kind, against central differences of the step; of states at an instant and after
// intervals as long as the step, shorter and longer.
func TestJacobianInFlight(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for i, jt := range allJoints {
		for n, opt := range []func(k int, a *sim.Axis){
			func(k int, a *sim.Axis) {},
			func(k int, a *sim.Axis) {
				a.Damping, a.Stiffness, a.Rest, a.Armature, a.Drive = 0.3, 20, 0.1, 0.05, sim.Torque
			},
			func(k int, a *sim.Axis) { a.Drive, a.Kp, a.Kd = sim.Servo, 50, 2 },
			func(k int, a *sim.Axis) { a.Drive, a.Kp, a.Kd, a.Effort, a.Friction = sim.Servo, 50, 2, 3, 0.4 },
			func(k int, a *sim.Axis) { a.Limited, a.Lower, a.Upper = true, -1.2, 1.2 },
			func(k int, a *sim.Axis) { a.MaxSpeed, a.Drive = 0.7, sim.Torque },
		} {
			js := []sim.JointType{jt, sim.Revolute(r3.Vec{X: 1}), allJoints[(i+5)%len(allJoints)]}
			m := mechanism(t, rng, js, opt, contact.Sphere(0.05), 0.5, i%2 == 0, sim.Cone, -100)
			st := randomState(m, rng, 1, 1)
			st.H = []float64{0, 1, 0.4, 2.5}[(i+n)%4] * m.Timestep()
			u := make([]float64, m.NU())
			for k := range u {
				u[k] = 0.3 * rng.NormFloat64()
			}
			if (i+n)%3 == 0 {
				u = thrusting(m.Engine(), 6*i+n, u)
			}
			checkStep(t, string(rune('0'+n))+" joint "+string(rune('a'+i)), m.Engine(), st, u, 1e-4)
		}
	}
}

// TestJacobianInContact checks state and input Jacobians of mechanisms that lie on, slide on and hit a
// plane, for every shape and friction law, over the range of κ.
func TestJacobianInContact(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	shapes := []contact.Shape{contact.Sphere(0.1), contact.Capsule(0.05, 0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.05}), contact.Cylinder(0.1, 0.15), contact.Points([]r3.Vec{{X: 0.1}, {Y: 0.1}, {Z: -0.2}}), contact.Ellipsoid(0.1, 0.2, 0.15)}
	for i, shape := range shapes {
		for _, law := range []sim.FrictionLaw{sim.Cone, sim.Pyramid, sim.Frictionless} {
			for _, kappa := range []float64{1e-3, 1e-5, 1e-8} {
				js := []sim.JointType{sim.Revolute(r3.Vec{X: 1}), sim.Spherical(), sim.Revolute(r3.Vec{Y: 1})}
				opt := func(k int, a *sim.Axis) {
					a.Limited, a.Lower, a.Upper, a.Drive, a.Damping = true, -0.8, 0.8, sim.Torque, 0.1
				}
				m := mechanism(t, rng, js, opt, shape, 0.5, true, law, 0)
				st := randomState(m, rng, 0.3, 1)
				s := m.NewStepper(sim.Options{Kappa: kappa})
				steps := 5 + rng.IntN(40)
				for k := 0; k < steps; k++ {
					if _, err := s.Step(&st, st, nil); err != nil {
						t.Fatal(err)
					}
				}
				st.H = []float64{st.H, st.H, 0, 0.4 * m.Timestep()}[rng.IntN(4)]
				u := make([]float64, m.NU())
				for k := range u {
					u[k] = rng.NormFloat64()
				}
				if kappa == 1e-5 {
					u = thrusting(m.Engine(), i, u)
				}
				checkStep(t, shapes[i].Kind.String(), m.Engine(), st, u, kappa)
			}
		}
	}
}

// checkProducts compares VJP and JVP with the full matrices for random vectors. The tolerance grows with
// 1/κ below 1e-2 because the condition number of the step's matrix does: a contact's stiffness is γ²/κ.
func checkProducts(t *testing.T, name string, kappa float64, s *dynamics.Stepper, m *dynamics.Model, a, b []float64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 8))
	nv, nu := m.NV, m.NU
	vec := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		return x
	}
	y, x, du := vec(2*nv), vec(2*nv), vec(nu)
	o, ou, f := make([]float64, 2*nv), make([]float64, nu), make([]float64, 2*nv)
	s.VJP(o[:nv], o[nv:], ou, y[:nv], y[nv:])
	s.JVP(f[:nv], f[nv:], x[:nv], x[nv:], du)
	back, fwd, size := 0.0, 0.0, 0.0
	for i := range x {
		back += o[i] * x[i]
		fwd += y[i] * f[i]
		size += math.Abs(o[i]*x[i]) + math.Abs(y[i]*f[i])
	}
	for i := range du {
		back += ou[i] * du[i]
		size += math.Abs(ou[i] * du[i])
	}
	// rounding: 1.1e-12 measured where trees are pressed deep into each other at κ = 1e-2
	if e := math.Abs(back-fwd) / size; !(e < 3e-12*math.Max(1, 1e-2/kappa)) {
		t.Errorf("%s: ⟨y, Jx⟩ and ⟨Jᵀy, x⟩ differ by %.1e relative", name, e)
	}
	scale, worst := 0.0, 0.0
	for r := 0; r < 2*nv; r++ {
		sum := 0.0
		for c := range x {
			sum += a[r*2*nv+c] * x[c]
		}
		for c := range du {
			sum += b[r*nu+c] * du[c]
		}
		scale = math.Max(scale, math.Abs(sum))
		worst = math.Max(worst, math.Abs(sum-f[r]))
	}
	// Both factor the same matrix by ways that differ, so they differ by its condition: in flight and in contact
	// 4e-10 measured; at an impact multipliers are of natural size and the condition is 1/κ: two roundings (1.2e-8
	// at κ = 1e-8).
	const eps = 0x1p-52
	if !(worst/scale < math.Max(1e-9, 2*eps/kappa)) {
		t.Errorf("%s: JVP differs from the matrix by %.1e relative", name, worst/scale)
	}
}
