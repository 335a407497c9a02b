package sysid

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// arm7 returns an arm with the joints of a usual one of seven axes, of other masses and frictions for every seed. Each link
// is heavier than it looks by up to spread.
func arm7(t testing.TB, spread float64) *sim.Model {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	vary := func(x float64) float64 { return x * math.Exp(spread*(2*r.Float64()-1)) }
	b := sim.NewBuilder("arm7")
	b.SetTimestep(0.001)
	b.SetGravity(r3.Vec{Z: -9.81})
	parent := sim.World
	for i, at := range []sim.Pose{
		sim.At(0, 0, 0.333),
		{Rot: sim.RPY(-math.Pi/2, 0, 0)},
		{Pos: r3.Vec{Y: -0.316}, Rot: sim.RPY(math.Pi/2, 0, 0)},
		{Pos: r3.Vec{X: 0.0825}, Rot: sim.RPY(math.Pi/2, 0, 0)},
		{Pos: r3.Vec{X: -0.0825, Y: 0.384}, Rot: sim.RPY(-math.Pi/2, 0, 0)},
		{Rot: sim.RPY(math.Pi/2, 0, 0)},
		{Pos: r3.Vec{X: 0.088}, Rot: sim.RPY(math.Pi/2, 0, 0)},
	} {
		name := string(rune('1' + i))
		in := sim.BoxInertia(vary(4-0.5*float64(i)), r3.Vec{X: vary(0.06), Y: vary(0.05), Z: vary(0.1)})
		in.COM = r3.Vec{X: vary(0.02), Y: vary(-0.03), Z: vary(0.04)}
		l := b.AddLink("link"+name, in)
		axis := sim.Axis{Drive: sim.Torque, Armature: vary(0.1), Damping: vary(0.3), Friction: vary(0.4)}
		b.AddJoint(sim.Joint{Name: "joint" + name, Type: sim.Revolute(r3.Vec{Z: 1}), Parent: parent, Child: l, Origin: at, Axes: []sim.Axis{axis}})
		parent = l
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// excite returns a log of 10 s at 1 kHz of the arm on a motion of five frequencies in every joint, with noise of the given sizes.
func excite(t testing.TB, m *sim.Model, seed uint64, noiseQ, noiseV, noiseTau float64) *Log {
	t.Helper()
	r := rand.New(rand.NewPCG(1, seed))
	nv := m.NV()
	const waves = 5
	var amp, phase [7][waves]float64
	for i := range nv {
		for k := range waves {
			amp[i][k], phase[i][k] = 0.5+0.5*r.Float64(), 2*math.Pi*r.Float64()
		}
	}
	l, d := &Log{Name: "excitation"}, m.NewInverse()
	for s := range 10000 {
		x := 0.001 * float64(s)
		q, v, a, tau := make([]float64, nv), make([]float64, nv), make([]float64, nv), make([]float64, nv)
		for i := range nv {
			for k := range waves {
				w := 2 * math.Pi * 0.1 * float64(k+1)
				sin, cos := math.Sincos(w*x + phase[i][k])
				q[i] += amp[i][k] / float64(k+1) * sin
				v[i] += amp[i][k] / float64(k+1) * w * cos
				a[i] -= amp[i][k] / float64(k+1) * w * w * sin
			}
		}
		if err := d.At(tau, q, v, a); err != nil {
			t.Fatal(err)
		}
		for i := range nv {
			q[i] += noiseQ * r.NormFloat64()
			v[i] += noiseV * r.NormFloat64()
			tau[i] += noiseTau*r.NormFloat64() + 0.05*float64(i) - 0.1 // an offset of each sensor
		}
		l.Time, l.Q, l.V, l.Torque = append(l.Time, x), append(l.Q, q), append(l.V, v), append(l.Torque, tau)
	}
	return l
}

// truth returns the true value of an unknown of a regression.
func (r *Regression) truth(m *sim.Model) []float64 {
	other := Regression{m: m}
	other.list()
	for i := range m.NV() {
		other.start[10*len(m.Bodies())+5*i+4] = 0.05*float64(i) - 0.1
	}
	return other.start
}

// hard is the presliding of an arm whose friction turns at once.
var hard = make([]float64, 7)

// TestArmOfSevenJoints: from 10 s of a noisy excitation, with a model that is wrong by up to a third, every combination
// that the motion tells, and every number of possible bodies, is as near to the truth as its standard error promises
// (of several seeds: TestStandardErrors), and what cannot be told is counted: an arm on a vertical axis hides ten
// numbers (Khalil, Dombre, "Modeling, Identification and Control of Robots", 2002, section 9.4: mass, moments and all
// but one inertia of the first link, the mass of the second, and its moment along its axis, which never leaves the
// plane).
func TestArmOfSevenJoints(t *testing.T) {
	model, real := arm7(t, 0), arm7(t, 0.3)
	motions, err := excite(t, real, 3, 1e-5, 1e-3, 0.1).Motions(DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	p := Torque{Model: model, Motions: motions, Presliding: hard, Prior: 0.5}
	s, err := NewSet(model, p.Parameters()...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Fit(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	truth := r.Regression.truth(real)
	within := [4]int{}
	for i, z := range r.Base.off(truth) {
		c, e := r.Base.Combinations[i], math.Abs(z)
		within[min(int(e), 3)]++
		if !(e <= likely(len(r.Base.Combinations))) {
			t.Errorf("%.60s is %.4g ± %.2g: %.1f standard errors from the truth", c.Words, c.Value, float64(c.StdErr), e)
		}
	}
	t.Logf("combinations within 1, 2, 3 standard errors and beyond: %d", within)
	if n := len(r.Base.Combinations); within[0] < n/2 || within[0] > 9*n/10 {
		t.Errorf("%d of %d combinations lie within one standard error, want two thirds", within[0], n)
	}
	if got, want := strings.Join(r.Base.Hidden, " "), "link1.mass link1.mx link1.my link1.mz link1.ixx link1.ixy link1.iyy link1.ixz link1.iyz link2.mass link2.mz"; !strings.HasPrefix(got, want) {
		t.Errorf("hidden: %s, want %s", got, want)
	}
	t.Log(r.Base.Words())
	told, friction := len(r.Base.Combinations), 33 // of each joint five, but armatures of the first two, which are inertias too
	if told != 43+friction || len(r.Unknowable) != s.Len()-(told-7) || len(r.Base.Hidden)+len(r.Base.Regrouped)+told != len(truth) {
		t.Errorf("%d combinations and %d directions of %d unknowns; %s", told, len(r.Unknowable), s.Len(), r.Base.Words()) // stiffness is none of the set
	}
	tol.Within(t, math.Abs(float64(r.Noise)-1), 0.1, "noise over what it is taken for")
	inside := [4]int{}
	named := map[string]float64{}
	for i, n := range r.Regression.names {
		named[n] = truth[i]
	}
	for _, e := range append(r.Estimates, r.Derived...) {
		want, ok := named[e.Name]
		if !ok || e.AtBound {
			continue
		}
		d := math.Abs(e.Value-want) / float64(e.StdErr)
		inside[min(int(d), 3)]++
		if !(d <= likely(len(r.Estimates)+len(r.Derived))) {
			t.Errorf("%s is %.4g ± %.2g, in truth %.4g: %.1f standard errors", e.Name, e.Value, float64(e.StdErr), want, d)
		}
	}
	t.Logf("numbers within 1, 2, 3 standard errors and beyond: %d", inside)
}

// TestDistance: the derivative of the distance of bodies agrees with differences; its square is the affine-invariant one to
// third order.
func TestDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var q0, q [10]float64
	for i := range q {
		q0[i], q[i] = 0.3*r.NormFloat64(), 0.3*r.NormFloat64()
	}
	_, j := distance(q, q0)
	for a := range q {
		const e = 1e-6
		plus, minus := q, q
		plus[a] += e
		minus[a] -= e
		up, _ := distance(plus, q0)
		down, _ := distance(minus, q0)
		for row := range up {
			tol.Within(t, math.Abs(j[row][a]-(up[row]-down[row])/(2*e)), 1e-8, "distance %d by coordinate %d", row, a)
		}
	}
	near := q0
	for i := range near {
		near[i] += 1e-3 * r.NormFloat64()
	}
	d, _ := distance(near, q0)
	var u, w mat.Dense
	_ = u.Solve(factor(q0), factor(near))
	w.Mul(&u, u.T()) // similar to P0^-½ P P0^-½
	var eig mat.EigenSym
	sym := mat.NewSymDense(4, nil)
	for i := range 4 {
		for k := i; k < 4; k++ {
			sym.SetSym(i, k, w.At(i, k))
		}
	}
	eig.Factorize(sym, false)
	exact, ours := 0.0, 0.0
	for _, v := range eig.Values(nil) {
		exact += math.Log(v) * math.Log(v)
	}
	for _, x := range d {
		ours += x * x
	}
	tol.Within(t, math.Abs(ours/exact-1), 0.01, "square of the distance of near bodies")
}

// TestChart: the derivative of torques' unknowns by those of a set agrees with differences, and so does that of the prior.
func TestChart(t *testing.T) {
	m := arm7(t, 0.2)
	motions, err := excite(t, m, 1, 0, 0, 0.01).Motions(DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	motions[0].cut(2000)
	r, err := NewRegression(m, motions, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := Torque{Model: m}
	s, err := NewSet(m, p.Parameters()...)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newChart(r, s)
	if err != nil {
		t.Fatal(err)
	}
	x := s.Start()
	random := rand.New(rand.NewPCG(5, 5))
	for i := range x {
		x[i] += 0.1 * random.NormFloat64()
	}
	_, d := c.values(x)
	b := c.prior(x, 0.5)
	for i := range x {
		const e = 1e-6
		at := func(e float64) ([]float64, []float64) {
			y := append([]float64(nil), x...)
			y[i] += e
			v, _ := c.values(y)
			return v, c.prior(y, 0.5).R
		}
		up, upR := at(e)
		down, downR := at(-e)
		for k := range up {
			tol.Within(t, math.Abs(d.At(k, i)-(up[k]-down[k])/(2*e)), 1e-7, "%s by %s", r.names[k], s.Names()[i])
		}
		for k := range upR {
			tol.Within(t, math.Abs(b.X.At(k, i)-(upR[k]-downR[k])/(2*e)), 1e-7, "prior %d by %s", k, s.Names()[i])
		}
	}
}

// cut shortens a motion to its first n samples.
func (m *Motion) cut(n int) { m.Q, m.V, m.A, m.Torque = m.Q[:n], m.V[:n], m.A[:n], m.Torque[:n] }

// TestPresliding: the distance in which bristles bend is found from torques.
func TestPresliding(t *testing.T) {
	m := arm7(t, 0.2)
	motions, err := excite(t, m, 1, 1e-5, 1e-3, 0.02).Motions(DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	mo := &motions[0]
	want := []float64{0.001, 0.002, 0.004, 0.008, 0.003, 0.002, 0.01}
	for i, d := range want {
		f := m.Joints()[i].Axes[0].Friction
		hard, soft := mo.dry(i, 0), mo.dry(i, d)
		for k := range mo.Torque {
			mo.Torque[k][i] += f * (soft[k] - hard[k])
		}
	}
	p := Torque{Model: m, Motions: motions, Prior: 0.5}
	s, err := NewSet(m, p.Parameters()...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Fit(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range r.Presliding {
		tol.Within(t, math.Abs(d/want[i]-1), 0.1, "presliding of joint %d", i+1)
	}
}

// TestTorqueWithAWeakPrior: bodies stay possible, the torques are met to their noise, and what no torque tells has an error as large
// as the prior's. Progress
// is told, and a search that is canceled keeps what it has found.
func TestTorqueWithAWeakPrior(t *testing.T) {
	model, real := arm7(t, 0), arm7(t, 0.3)
	motions, err := excite(t, real, 1, 1e-5, 1e-3, 0.1).Motions(DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	heard := 0
	p := Torque{Model: model, Motions: motions, Presliding: hard, Prior: 3, Iterations: 15, Progress: func(Progress) { heard++ }}
	s, err := NewSet(model, p.Parameters()...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Fit(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	if heard == 0 || r.Iterations > 15*rounds {
		t.Errorf("%d iterations, heard of %d", r.Iterations, heard)
	}
	for i, x := range r.Sigma {
		tol.Within(t, x/r.Base.Sigma[i]-1, 0.02, "joint %d: what is left, over what impossible bodies leave", i+1)
	}
	for _, e := range r.Derived {
		if e.Name == "link1.mass" && !(float64(e.StdErr) > e.Start) {
			t.Errorf("%s: %g ± %g", e.Name, e.Value, float64(e.StdErr))
		}
	}
	m, err := s.Model(r.X)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Bodies() {
		if _, err := implicit.LogCholesky(inertial(m.BodyInertia(i))); err != nil {
			t.Errorf("body %d: %v", i, err)
		}
	}
	p.Progress = func(at Progress) {
		if at.Iteration == 2 {
			cancel()
		}
	}
	if c, err := p.Fit(ctx, s); err != nil || c.Status != Canceled || !(c.Cost < c.StartCost) {
		t.Errorf("canceled: %+v, %v", c, err)
	}
}

// TestNextToNothing: a damping that is nearly none, told to 0.01 N m s/rad, was "known to no better than a factor of 1e+100".
func TestNextToNothing(t *testing.T) {
	model := arm7(t, 0)
	s, err := NewSet(model, Parameter{Name: "joint2.damping", Lower: 1e-4, Upper: math.Inf(1)})
	if err != nil {
		t.Fatal(err)
	}
	real, err := s.Model([]float64{math.Log(1e-3)})
	if err != nil {
		t.Fatal(err)
	}
	motions, err := excite(t, real, 2, 1e-5, 1e-3, 0.1).Motions(DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	p := Torque{Model: model, Motions: motions, Presliding: hard}
	r, err := p.Fit(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(r.Notes, "\n"); !strings.Contains(said, "hardly anything measured depends on joint2.damping, which may be anything up to 0.0") {
		t.Errorf("found %+v, notes %q", r.Estimates[0], said)
	}
}

// TestInterruptedTorqueLosesNothing: once a first round has a point, an end at any later moment returns the best so
// far, also between rounds.
func TestInterruptedTorqueLosesNothing(t *testing.T) {
	model := arm7(t, 0)
	motions, err := excite(t, arm7(t, 0.3), 1, 1e-5, 1e-3, 0.1).Motions(DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	p := Torque{Model: model, Motions: motions[:1], Presliding: hard, Iterations: 1}
	s, err := NewSet(model, Parameter{Name: "joint1.damping"}, Parameter{Name: "joint2.offset", Own: true, Unit: "N m"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := &impatient{Context: context.Background()}
	const plenty = 1000000
	ctx.left.Store(plenty)
	if _, err := p.Fit(ctx, s); err != nil {
		t.Fatal(err)
	}
	asked := plenty - ctx.left.Load()
	for n := asked / 2; n < asked; n++ {
		ctx.left.Store(n)
		if r, err := p.Fit(ctx, s); err != nil || r.Status != Canceled {
			t.Fatalf("after %d of %d questions: %v", n, asked, err)
		}
	}
}

// TestTorqueErrors: what torques do not tell of is refused by name.
func TestTorqueErrors(t *testing.T) {
	m := arm7(t, 0)
	motions, err := excite(t, m, 1, 0, 0, 0.01).Motions(DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want string
		p    Torque
		ps   []Parameter
	}{
		{`parameter "timestep"`, Torque{}, []Parameter{{Name: "timestep"}}},
		{`"joint1.scale" is no quantity`, Torque{}, []Parameter{{Name: "joint1.scale", Own: true}}},
		{"standard deviation", Torque{Prior: -1}, []Parameter{{Name: "joint1.armature"}}},
		{"presliding", Torque{Presliding: []float64{1}}, []Parameter{{Name: "joint1.armature"}}},
	} {
		s, err := NewSet(m, c.ps...)
		if err != nil {
			t.Fatal(err)
		}
		c.p.Model, c.p.Motions = m, motions
		if _, err := c.p.Fit(context.Background(), s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	if _, err := NewRegression(m, nil, nil); err == nil {
		t.Error("no motions")
	}
	if _, err := NewRegression(arm2(t), motions, nil); err == nil || !strings.Contains(err.Error(), "no motion of model") {
		t.Errorf("motions of another arm: %v", err)
	}
	if _, err := implicit.FindParam(m, "joint1.damping"); err != nil {
		t.Error(err)
	}
}
