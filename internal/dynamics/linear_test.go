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

// zoo builds mechanisms with every joint type and joint force, over a plane.
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
				axes[k].Rest = 0
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
		if !s.Load(q, v, uu, m.Timestep) {
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
	if !s.Load(st.Q, st.V, u, m.Timestep) {
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
	rich := func(d, du []float64) []float64 {
		x := stepDifference(t, m, st, u, kappa, d, du, 2e-5)
		y := stepDifference(t, m, st, u, kappa, d, du, 1e-5)
		for i := range x {
			x[i] = (4*y[i] - x[i]) / 3
		}
		return x
	}
	for c := 0; c < 2*nv; c++ {
		d := make([]float64, 2*nv)
		d[c] = 1
		fd := rich(d, make([]float64, m.NU))
		for r := range fd {
			if e := math.Abs(fd[r]-a[r*2*nv+c]) / scale; e > worst || math.IsNaN(e) {
				worst, where = e, [2]int{r, c}
			}
		}
	}
	scaleU, worstU := 0.0, 0.0
	for _, x := range b {
		scaleU = math.Max(scaleU, math.Abs(x))
	}
	for c := 0; c < m.NU; c++ {
		du := make([]float64, m.NU)
		du[c] = 1
		fd := rich(make([]float64, 2*nv), du)
		for r := range fd {
			worstU = math.Max(worstU, math.Abs(fd[r]-b[r*m.NU+c])/scaleU)
		}
	}
	t.Logf("%s κ=%g: state %.1e at (%d,%d) of %d, input %.1e", name, kappa, worst, where[0], where[1], 2*nv, worstU)
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
// with joint forces of every kind, against central differences of the step.
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
		} {
			js := []sim.JointType{jt, sim.Revolute(r3.Vec{X: 1}), allJoints[(i+5)%len(allJoints)]}
			m := mechanism(t, rng, js, opt, contact.Sphere(0.05), 0.5, i%2 == 0, sim.Cone, -100)
			st := randomState(m, rng, 1, 1)
			u := make([]float64, m.NU())
			for k := range u {
				u[k] = 0.3 * rng.NormFloat64()
			}
			checkStep(t, string(rune('0'+n))+" joint "+string(rune('a'+i)), m.Engine(), st, u, 1e-4)
		}
	}
}

// TestJacobianInContact checks state and input Jacobians of mechanisms that lie on, slide on and hit a
// plane, for every shape and friction law, over the range of κ.
func TestJacobianInContact(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	shapes := []contact.Shape{contact.Sphere(0.1), contact.Capsule(0.05, 0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.05}), contact.Cylinder(0.1, 0.15), contact.Points([]r3.Vec{{X: 0.1}, {Y: 0.1}, {Z: -0.2}})}
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
				u := make([]float64, m.NU())
				for k := range u {
					u[k] = rng.NormFloat64()
				}
				checkStep(t, shapes[i].Kind.String(), m.Engine(), st, u, kappa)
			}
		}
	}
}
