package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// slopes compares the derivative want with central differences of f at 0, component by component, relative
// to the largest. The step ε^⅓ leaves errors of ε^⅔ ≈ 4e-11 times the third derivative, which the fast
// spins of these tests raise to about 1e-8.
func slopes(t *testing.T, name string, f func(eps float64) []float64, want []float64, scale, tol float64) float64 {
	t.Helper()
	eps := math.Cbrt(0x1p-52) * scale
	hi, lo := f(eps), f(-eps)
	if len(hi) != len(want) || len(want) == 0 {
		t.Fatalf("%s: %d values, %d derivatives", name, len(hi), len(want))
	}
	size := 1e-12
	for i := range want {
		size = math.Max(size, math.Max(math.Abs(want[i]), math.Abs(hi[i]-lo[i])/(2*eps)))
	}
	worst := 0.0
	for i := range want {
		e := math.Abs((hi[i]-lo[i])/(2*eps)-want[i]) / size
		if !(e <= worst) {
			worst = e
		}
	}
	if !(worst <= tol) {
		t.Errorf("%s: derivative off by %.3g of its size %.3g", name, worst, size)
	}
	return worst
}

func flat(w spatial.Wrench) []float64 {
	return []float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z}
}

var gauss, attitude = fixture.Gauss, fixture.Attitude

func anyInertia(rng *rand.Rand) sim.Inertia {
	half := r3.Vec{X: 0.05 + 0.2*rng.Float64(), Y: 0.05 + 0.2*rng.Float64(), Z: 0.05 + 0.2*rng.Float64()}
	return sim.BoxInertia(0.3+2*rng.Float64(), half).Placed(sim.Pose{Pos: gauss(rng, 0.1), Rot: attitude(rng)})
}

func TestMomentumDerivative(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	worst := 0.0
	for n := 0; n < 50; n++ {
		b := sim.NewBuilder("body")
		h := 0.005 + 0.05*rng.Float64()
		b.SetTimestep(h)
		b.SetGravity(r3.Vec{})
		b.AddFree("base", b.AddLink("root", anyInertia(rng)))
		l := b.AddLink("body", anyInertia(rng)) // its origin is not at O
		b.AddJoint(sim.Joint{Name: "ball", Type: sim.Spherical(), Parent: 0, Child: l, Origin: sim.Pose{Pos: gauss(rng, 0.5), Rot: attitude(rng)}})
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		s := dynamics.NewStepper(m.Engine())
		st := m.NewState()
		for _, j := range m.Joints() {
			q := attitude(rng)
			copy(st.Q[j.QuaternionOf():], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
		}
		for i := range st.V {
			st.V[i] = rng.NormFloat64()
		}
		if !s.Load(st.Q, st.V, nil, h, 0) {
			t.Fatal("load")
		}
		w, dx := gauss(rng, 0.5), gauss(rng, 0.3)
		a := s.BodyMatrix(1, w, dx)
		for c := 0; c < 6; c++ {
			var e [6]float64
			e[c] = 1
			tw := spatial.Twist{Lin: r3.Vec{X: e[0], Y: e[1], Z: e[2]}, Ang: r3.Vec{X: e[3], Y: e[4], Z: e[5]}}
			want := make([]float64, 6)
			for r := range want {
				want[r] = a[6*r+c]
			}
			worst = math.Max(worst, slopes(t, fmt.Sprintf("column %d", c), func(eps float64) []float64 {
				w, dx := s.Moved(1, w, dx, tw, eps)
				return flat(s.BodyMomentum(1, w, dx))
			}, want, 1, 1e-8))
		}
	}
	t.Logf("momentum derivative: worst relative error %.2g", worst)
}

// linked is a model whose second joint is of the kind under test: the first is a free base or a hinge, a
// third body hangs on the second. Colliders of all kinds are on every link.
func linked(t *testing.T, rng *rand.Rand, typ sim.JointType, axis sim.Axis, floating, mimic bool, law sim.FrictionLaw) *sim.Model {
	b := sim.NewBuilder("linked")
	b.SetTimestep(0.02)
	b.SetGravity(gauss(rng, 5))
	b.SetFrictionLaw(law)
	root, mid, tip := b.AddLink("root", anyInertia(rng)), b.AddLink("mid", anyInertia(rng)), b.AddLink("tip", anyInertia(rng))
	base := sim.Joint{Name: "base", Type: sim.Revolute(gauss(rng, 1)), Parent: sim.World, Child: root, Origin: sim.Pose{Pos: gauss(rng, 0.2), Rot: attitude(rng)}}
	if floating {
		base.Type, base.Origin = sim.Free(), sim.IdentityPose
	}
	b.AddJoint(base)
	axes := make([]sim.Axis, typ.NV())
	for k := range axes {
		axes[k] = axis
		if k >= len(typ.Trans) && len(typ.Rot) == 3 {
			axes[k].MaxSpeed = 0
		}
		if k < len(typ.Trans) && len(typ.Rot) == 3 { // a slider's limits are not those of a ball
			axes[k].Limited = false
		}
	}
	b.AddJoint(sim.Joint{Name: "mid", Type: typ, Parent: root, Child: mid, Origin: sim.Pose{Pos: gauss(rng, 0.3), Rot: attitude(rng)}, Axes: axes})
	last := sim.Joint{Name: "tip", Type: sim.Revolute(gauss(rng, 1)), Parent: mid, Child: tip, Origin: sim.Pose{Pos: gauss(rng, 0.3), Rot: attitude(rng)}}
	if mimic {
		last.Mimic = &sim.Mimic{Joint: "mid", Ratio: -1.7, Offset: 0.3}
	}
	b.AddJoint(last)
	for i, l := range []sim.Link{root, mid, tip} {
		shape := []contact.Shape{contact.Box(r3.Vec{X: 0.1, Y: 0.2, Z: 0.05}), contact.Capsule(0.05, 0.1), contact.Cylinder(0.1, 0.05)}[i]
		b.AddCollider(sim.Collider{Link: l, Shape: shape, Pose: sim.Pose{Pos: gauss(rng, 0.1), Rot: attitude(rng)}, Friction: 0.7})
	}
	b.AddHalfSpace("a", gauss(rng, 1), -2)
	b.AddHalfSpace("b", gauss(rng, 1), -2)
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var axisKinds = []struct {
	name string
	axis sim.Axis
}{
	{"bare", sim.Axis{}},
	{"torque", sim.Axis{Drive: sim.Torque, Effort: 3}},
	{"spring", sim.Axis{Stiffness: 8}},
	{"damper", sim.Axis{Damping: 0.4}},
	{"armature", sim.Axis{Armature: 0.2}},
	{"limits", sim.Axis{Limited: true, Lower: -2, Upper: 2}},
	{"friction", sim.Axis{Friction: 0.6}},
	{"servo", sim.Axis{Drive: sim.Servo, Kp: 30, Kd: 1.5}},
	{"weakservo", sim.Axis{Drive: sim.Servo, Kp: 30, Kd: 1.5, Effort: 2}},
	{"speed", sim.Axis{MaxSpeed: 3, Drive: sim.Torque}},
	{"everything", sim.Axis{MaxSpeed: 5, Limited: true, Lower: -2, Upper: 2, Stiffness: 8, Damping: 0.4, Armature: 0.2, Friction: 0.6, Drive: sim.Servo, Kp: 30, Kd: 1.5, Effort: 2}},
}

// TestNewtonMatrix checks the whole matrix of the step. With dλ = k − W du the direction solves
//
//	F(x, λ) + ∂F/∂x dx + ∂F/∂λ dλ = 0,   du = ∂u/∂x dx
//
// so along it F must fall at the rate F and u grow at the rate du, for any k and any W, at an instant and after an interval of any
// length.
func TestNewtonMatrix(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	worst, answers, left := 0.0, 0.0, 0.0
	check := func(name string, m *sim.Model) {
		s := dynamics.NewStepper(m.Engine())
		for n := 0; n < 4; n++ {
			st := m.NewState()
			for i := range st.Q {
				st.Q[i] = 0.6 * rng.NormFloat64()
			}
			for _, j := range m.Joints() {
				if at := j.QuaternionOf(); at >= 0 {
					q := attitude(rng)
					if j.Axes[len(j.Axes)-1].Limited && q.Real < 0.1 { // keep clear of the kink at half a turn
						q.Real = 0.8
						q, _ = spatial.Normalize(q)
					}
					copy(st.Q[at:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
				}
			}
			u := make([]float64, m.NU())
			for i := range u {
				u[i] = 0.5 * rng.NormFloat64()
			}
			v := make([]float64, m.NV())
			for i := range v {
				st.V[i], v[i] = 5*rng.NormFloat64(), 8*rng.NormFloat64()
			}
			if !s.Load(st.Q, st.V, u, m.Timestep(), []float64{0, 1, 0.4, 2.5}[n]*m.Timestep()) {
				t.Fatal(name, "load")
			}
			p := s.NewProbe(0, 100)
			p.Set(v)
			blocks := p.Blocks()
			lambda, k, w := stirred(rng, blocks)
			if _, ok := p.Values(); !ok {
				t.Fatalf("%s: a body turns by half a turn", name)
			}
			f := p.Residual(lambda)
			if len(m.Engine().Mimics) == 0 {
				answers = math.Max(answers, localAnswers(t, name, p, w))
			}
			du, ok := p.Direction(w, k)
			if !ok {
				t.Fatalf("%s: singular", name)
			}
			dl := changes(p, w, k, du)
			left = math.Max(left, refined(t, name, p, w, k, du))
			size := 1.0
			for _, x := range p.Tangent() {
				size = math.Max(size, math.Abs(x))
			}
			want := make([]float64, len(f))
			for i := range f {
				want[i] = -f[i]
			}
			e := slopes(t, name+": balance of momentum", func(eps float64) []float64 {
				p.Step(eps)
				if _, ok := p.Values(); !ok {
					t.Fatal("half a turn")
				}
				l := make([]r3.Vec, len(lambda))
				for i := range l {
					l[i] = r3.Add(lambda[i], r3.Scale(eps, dl[i]))
				}
				return p.Residual(l)
			}, want, 1/size, 1e-7)
			if worst = math.Max(worst, e); len(blocks) == 0 {
				t.Fatal(name, "no blocks")
			}
			var wantU []float64
			for _, d := range du {
				wantU = append(wantU, d.X, d.Y, d.Z)
			}
			e = slopes(t, name+": values", func(eps float64) []float64 {
				p.Step(eps)
				uu, _ := p.Values()
				var out []float64
				for _, x := range uu {
					out = append(out, x.X, x.Y, x.Z)
				}
				return out
			}, wantU, 1/size, 1e-7)
			worst = math.Max(worst, e)
		}
	}
	types := 0
	for _, kind := range axisKinds {
		for c := 1; c < 16; c++ {
			typ := sim.JointType{}
			for k := 0; k < c/4; k++ {
				typ.Trans = append(typ.Trans, []r3.Vec{{X: 1, Y: 0.3}, {Y: 1, Z: -0.4}, {Z: 1, X: 0.2}}[k])
			}
			for k := 0; k < c%4; k++ {
				typ.Rot = append(typ.Rot, []r3.Vec{{X: 1, Z: 0.5}, {Y: 1, X: 0.2}, {Z: 1}}[k])
			}
			axis := kind.axis
			if len(typ.Rot) == 3 && axis.Limited {
				axis.Lower = 0
			}
			name := fmt.Sprintf("%s, %d translations, %d rotations", kind.name, c/4, c%4)
			check(name, linked(t, rng, typ, axis, c%2 == 0, false, sim.FrictionLaw(c%3)))
			types++
		}
		typ := sim.Revolute(r3.Vec{X: 1, Y: 2})
		check(kind.name+", mimicked", linked(t, rng, typ, kind.axis, true, true, sim.Cone))
	}
	t.Logf("%d kinds of joints: worst relative error of the Newton matrix %.2g, of what blocks answer to themselves %.2g; part of F that a direction leaves %.2g", types, worst, answers, left)
}

// stirred returns random multipliers, constants and condensed matrices of blocks: positive definite and not symmetric,
// sizes between soft and stiff.
func stirred(rng *rand.Rand, blocks []ipm.Block) (lambda, k []r3.Vec, w []ipm.Matrix) {
	lambda, k, w = make([]r3.Vec, len(blocks)), make([]r3.Vec, len(blocks)), make([]ipm.Matrix, len(blocks))
	for i, b := range blocks {
		lambda[i], k[i] = gauss(rng, 0.1), gauss(rng, 0.1)
		stiff := math.Exp(2 * rng.NormFloat64())
		for c := range w[i] {
			w[i][c] = 0.2 * stiff * rng.NormFloat64()
		}
		w[i][0], w[i][4], w[i][8] = stiff, stiff, stiff
		if b.Kind != ipm.Bound { // normal impulses depend on the gap alone
			w[i][1], w[i][2] = 0, 0
		}
		if b.Kind == ipm.Orthant { // a block of one number
			w[i] = ipm.Matrix{stiff}
			k[i].Y, k[i].Z, lambda[i].Y, lambda[i].Z = 0, 0, 0, 0
		}
	}
	for i, b := range blocks {
		if b.Kind == ipm.Turn { // what it and the block before feel of each other
			across, back := ipm.Matrix{}, ipm.Matrix{}
			for c := range across {
				across[c], back[c] = 0.2*rng.NormFloat64()*w[i][0], 0.2*rng.NormFloat64()*w[i][0]
			}
			across[0], across[1], across[2] = 0, 0, 0
			w = append(w, across, back)
		}
	}
	return lambda, k, w
}

// changes returns the steps k − W du of the multipliers.
func changes(p dynamics.Probe, w []ipm.Matrix, k, du []r3.Vec) []r3.Vec {
	dl := append([]r3.Vec(nil), k...)
	at, less := len(k), func(i int, w *ipm.Matrix, u r3.Vec) {
		dl[i] = r3.Sub(dl[i], (*spatial.Mat3)(w).MulVec(u))
	}
	for i, b := range p.Blocks() {
		if less(i, &w[i], du[i]); b.Kind == ipm.Turn {
			less(i-1, &w[at], du[i])
			less(i, &w[at+1], du[i-1])
			at += 2
		}
	}
	return dl
}

// refined checks that a direction leaves nothing of the linearized balances, that one which is wrong by a thousandth
// leaves about a thousandth, and that one correction takes this away, with the same factors and apart from them. It
// returns what is left of the largest of F.
func refined(t *testing.T, name string, p dynamics.Probe, w []ipm.Matrix, k, du []r3.Vec) float64 {
	const wrong = 1e-3
	size := p.Defect(make([]r3.Vec, len(k))) // the balances without the multipliers' steps
	left := p.Defect(changes(p, w, k, du)) / size
	for _, apart := range []bool{false, true} {
		p.Spoil(wrong)
		bad := make([]r3.Vec, len(du))
		for i := range du {
			bad[i] = r3.Scale(1+wrong, du[i])
		}
		spoiled := p.Defect(changes(p, w, k, bad)) / size
		for i, d := range p.Correct(apart) {
			bad[i] = r3.Add(bad[i], d)
			if e := r3.Norm(r3.Sub(bad[i], du[i])); !(e <= 1e-9*math.Max(1, r3.Norm(du[i]))) {
				t.Errorf("%s: the value of block %d changes by %g, corrected by %g (apart: %v)", name, i, du[i], bad[i], apart)
			}
		}
		mended := p.Defect(changes(p, w, k, bad)) / size
		if !(left < 1e-10 && mended < 1e-10 && spoiled > 1e-8) {
			t.Errorf("%s: of the balances a direction leaves %.2g, a wrong one %.2g, and corrected %.2g (apart: %v)", name, left, spoiled, mended, apart)
		}
	}
	return left
}

// localAnswers compares what Local says of every block with the directions of unit constants, and returns the worst
// relative error. Local is exact but for mimics, which it leaves out.
func localAnswers(t *testing.T, name string, p dynamics.Probe, w []ipm.Matrix) (worst float64) {
	k := make([]r3.Vec, len(p.Blocks()))
	base, ok := p.Direction(w, k)
	if !ok {
		t.Fatalf("%s: singular", name)
	}
	for i, a := range p.Local(w) {
		components := 3
		if b := p.Blocks()[i]; b.Kind == ipm.Orthant || b.Single {
			components = 1
		}
		for c := range components {
			k[i] = [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[c]
			du, _ := p.Direction(w, k)
			k[i] = r3.Vec{}
			d := r3.Sub(du[i], base[i])
			size := math.Abs(a[0]) + math.Abs(a[4]) + math.Abs(a[8])
			for r := range components {
				x := [3]float64{d.X, d.Y, d.Z}[r]
				e := math.Abs(x-a[3*r+c]) / size
				if worst = math.Max(worst, e); !(e < 1e-9) {
					t.Errorf("%s: block %d of kind %d answers with %g, Local says %g (%d, %d)", name, i, p.Blocks()[i].Kind, x, a[3*r+c], r, c)
				}
			}
		}
	}
	return worst
}
