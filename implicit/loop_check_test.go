package implicit_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// looped returns a chain of hinges and a ball on a floating or hanging base, a free ball, and loops of one type: between two
// links of the chain, from its end to the free ball, and from there to the world if asked for. Other links are where the
// frames of the loops fit.
func looped(t testing.TB, rng *rand.Rand, typ sim.LoopType, floating, world bool) (*sim.Model, sim.State) {
	t.Helper()
	b := sim.NewBuilder(fmt.Sprintf("looped %v", typ))
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	at := func() r3.Vec {
		return r3.Scale(0.2, r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()})
	}
	rot := func() quat.Number {
		q := quat.Number{Real: rng.NormFloat64(), Imag: rng.NormFloat64(), Jmag: rng.NormFloat64(), Kmag: rng.NormFloat64()}
		return quat.Scale(1/quat.Abs(q), q)
	}
	base := b.AddLink("base", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.2, Z: 0.15}))
	if floating {
		b.AddFree("base", base)
	} else {
		b.AddJoint(sim.Joint{Name: "base", Type: sim.Revolute(r3.Vec{X: 1, Z: 0.4}), Parent: sim.World, Child: base, Origin: sim.At(0, 0, 0.5)})
	}
	last := base
	var all []sim.Link
	for i := range 6 {
		l := b.AddLink(fmt.Sprint("link", i), sim.BoxInertia(0.3, r3.Vec{X: 0.05, Y: 0.1, Z: 0.08}))
		j := sim.Joint{Name: fmt.Sprint("joint", i), Type: sim.Revolute(at()), Parent: last, Child: l, Origin: sim.Pose{Pos: at(), Rot: rot()}, Axes: []sim.Axis{{Drive: sim.Torque, Damping: 0.1}}}
		if i == 3 {
			j.Type, j.Axes = sim.Spherical(), nil
		}
		b.AddJoint(j)
		last, all = l, append(all, l)
	}
	free := b.AddLink("free", sim.SphereInertia(0.5, 0.1))
	b.AddFree("free", free)
	b.AddCollider(sim.Collider{Name: "ball", Link: free, Shape: contact.Sphere(0.1), Friction: 0.6})
	// the frames are those of the neutral configuration, where all poses are known from a model without loops
	open := must(t, b)
	x := open.NewState()
	poses := make([]sim.Pose, len(open.Bodies()))
	j, err := open.Joint("free")
	if err != nil {
		t.Fatal(err)
	}
	x.Q[j.Q+2] = 0.101 // at 0.1 it touched the ground exactly, where a start that is deep begins: derivatives by the contact are one-sided there
	open.Poses(poses, x.Q)
	close := func(name string, typ sim.LoopType, la, lb sim.Link, a, other int) {
		here := sim.Pose{Pos: r3.Add(poses[a].Pos, at()), Rot: rot()}
		pb := here
		if other >= 0 {
			pb = poses[other].Inv().Mul(here)
		}
		b.AddLoop(sim.Loop{Name: name, Type: typ, LinkA: la, LinkB: lb, PoseA: poses[a].Inv().Mul(here), PoseB: pb})
	}
	body := func(name string) int {
		f, err := open.Frame(name)
		if err != nil {
			t.Fatal(err)
		}
		return f.Body
	}
	if typ == sim.LoopPoint {
		close("inner", typ, base, all[4], body("base"), body("link4"))
	}
	close("outer", typ, all[5], free, body("link5"), body("free"))
	if world {
		if !floating { // four hinges would be locked by more
			typ = sim.LoopPoint
		}
		close("fixed", typ, all[2], sim.World, body("link2"), -1)
	}
	m := must(t, b)
	for i := range x.V {
		x.V[i] = 0.3 * rng.NormFloat64()
	}
	return m, x
}

// TestCheckLoops: derivatives of steps with loops within a mechanism, between two and to the world.
func TestCheckLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 8))
	for _, typ := range []sim.LoopType{sim.LoopPoint, sim.LoopHinge, sim.LoopWeld} {
		for k := range 4 {
			m, x := looped(t, rng, typ, k%2 == 0, k > 1)
			for _, kappa := range []float64{1e-2, 1e-4} { // at 1e-5 differences by the height of the ground are 2e-6 off by curvature
				check(t, fmt.Sprintf("%v %d", typ, k), m, implicit.CheckOptions{Kappa: kappa, Steps: 20, Every: 7, Params: 2, Start: x})
			}
		}
	}
}

// TestLoopsThatLeanOnHardContactStayClosed: derivatives of the next state keep a necklace closed that lies on its peg
// at κ = 1e-7, where contact is harder than the springs that stand for loops. They were up to 2.5 % wrong there.
func TestLoopsThatLeanOnHardContactStayClosed(t *testing.T) {
	m, x, err := models.Load("necklace", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := m.NewStepper(sim.Options{Kappa: 1e-7})
	g, err := implicit.New(s, implicit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	poses := make([]sim.Pose, len(m.Bodies()))
	for k := range 60 {
		next := m.NewState()
		if _, err := g.Step(&next, x, nil); err != nil {
			t.Fatal(err)
		}
		if k%10 == 9 {
			var a mat.Dense
			if err := g.StateJacobian(&a); err != nil {
				t.Fatal(err)
			}
			for c := range m.NV() {
				size, d := 0.0, implicit.NewTangent(m)
				for r := range d.Q {
					d.Q[r] = a.At(r, c)
					size = math.Max(size, math.Abs(d.Q[r]))
				}
				const eps = 1e-7
				var open [2]r3.Vec
				for i, sign := range [2]float64{1, -1} {
					e, y := implicit.NewTangent(m), m.NewState()
					for r := range d.Q {
						e.Q[r] = sign * eps / size * d.Q[r]
					}
					implicit.Displace(m, &y, next, e)
					m.Poses(poses, y.Q)
					open[i] = r3.Sub(poses[0].Pos, poses[len(poses)-1].Apply(r3.Vec{X: 0.08}))
				}
				worst = math.Max(worst, r3.Norm(r3.Sub(open[0], open[1]))/(2*eps))
			}
		}
		x = next
	}
	t.Logf("the clasp opens by %.1e of a change", worst)
	if worst > 1e-7 {
		t.Errorf("the clasp opens by %g of a change", worst)
	}
}

// TestJacobianOfAnOpenLoop: a linkage that starts open moves out of that in one solve and gets its velocity from
// another. In the second the Jacobian's columns were off by up to 3e-3 of the largest row: where all that was left of a
// loop's equations was rounding, its forces went on a long way along a direction of noise.
func TestJacobianOfAnOpenLoop(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 3))
	s, start := zoo(t, "fourbar", tightly(1e-4))
	m, worst := s.Model(), 0.0
	g, next, nv := gradient(t, s, implicit.Options{}), m.NewState(), m.NV()
	for range 300 {
		x, d, out := start.Clone(), implicit.NewTangent(m), implicit.NewTangent(m)
		for i := range nv {
			d.Q[i], d.V[i] = 3e-3*rng.NormFloat64(), 5*rng.NormFloat64()
		}
		implicit.Displace(m, &x, x, d)
		x.H = m.Timestep()
		if _, err := g.Step(&next, x, nil); err != nil || len(s.Parts()) == 0 {
			continue // whirls too fast to close
		}
		var a mat.Dense
		if err := g.StateJacobian(&a); err != nil {
			t.Fatal(err)
		}
		for i := range nv {
			d.Q[i], d.V[i] = rng.NormFloat64(), rng.NormFloat64()
		}
		if err := g.JVP(out, d, nil); err != nil {
			t.Fatal(err)
		}
		var product mat.VecDense
		product.MulVec(&a, mat.NewVecDense(2*nv, both(d)))
		for i, want := range both(out) {
			worst = math.Max(worst, math.Abs(product.AtVec(i)-want)/mat.Norm(&a, math.Inf(1)))
		}
	}
	t.Logf("Jacobians and products along a direction differ by up to %.1e of the largest row", worst)
	if !(worst < 1e-6) {
		t.Errorf("a Jacobian and a product along a direction differ by %.1e", worst)
	}
}

// TestCheckLeavesOutOnlyWhatOpens: a check of a model with loops left out every parameter but a few: of what does not
// touch a loop's equation rounding was taken for an opening, so that of 250 columns of a linkage 134 were never
// compared, nor any by an inertia.
func TestCheckLeavesOutOnlyWhatOpens(t *testing.T) {
	m, x, err := models.Load("fourbar", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := implicit.Check(m, implicit.CheckOptions{Start: x, Steps: 4, Every: 4, Params: 1})
	if err != nil {
		t.Fatal(err)
	}
	places, checked := 0, map[string]bool{}
	for _, p := range implicit.Params(m) {
		if strings.HasPrefix(p.Kind, "placement") {
			places++
		}
		checked[p.Kind] = true
	}
	if t.Logf("%d columns of two steps left out, of each %d are by places", r.Opening, places); r.Opening == 0 || r.Opening >= 2*places || !r.OK() {
		t.Errorf("%d columns left out: %+v", r.Opening, r)
	}
	for kind := range checked {
		if _, ok := r.Kinds[kind]; !ok {
			t.Errorf("nothing by %s was compared", kind)
		}
	}
}

// parallelogram returns one whose last hinge follows the first one as said, or by its loop alone.
func parallelogram(t *testing.T, follows *sim.Mimic) *sim.Model {
	b := world("parallelogram", 9.81)
	b.SetTimestep(0.01)
	parent, origin := sim.World, sim.At(0, 0, 0)
	for i, l := range []float64{0.3, 0.5, 0.3} {
		bar := b.AddLink(fmt.Sprint("bar", i), sim.BoxInertia(1, r3.Vec{X: l / 2, Y: 0.02, Z: 0.02}).Placed(sim.At(l/2, 0, 0)))
		j := sim.Joint{Name: fmt.Sprint("hinge", i), Type: sim.Revolute(r3.Vec{Y: 1}), Parent: parent, Child: bar, Origin: origin}
		if i == 2 {
			j.Mimic = follows
		}
		b.AddJoint(j)
		parent, origin = bar, sim.At(l, 0, 0)
	}
	b.AddLoop(sim.Loop{Name: "pin", LinkA: parent, PoseA: origin, LinkB: sim.World, PoseB: sim.At(0.5, 0, 0)})
	return must(t, b)
}

// TestDerivativesOfALoopThatYields: the first step of a parallelogram that lies flat has its loop for a spring
// (sim.TestAFlatParallelogramMoves). Its products along directions agree with differences, and forward with backward
// ones.
func TestDerivativesOfALoopThatYields(t *testing.T) {
	m := parallelogram(t, nil)
	x, rng := m.NewState(), rand.New(rand.NewPCG(3, 1))
	x.Q[2] = math.Pi
	copy(x.V, []float64{0.03, -0.05, 0.01})
	g, next := gradient(t, m.NewStepper(sim.Options{Tolerance: 1e-12}), implicit.Options{}), m.NewState()
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	if gap, _ := m.LoopGap(0, next.Q); gap < 1e-7 {
		t.Fatalf("the loop is open by %.2g m: it does not yield", gap)
	}
	d, y, out, back := implicit.NewTangent(m), implicit.NewTangent(m), implicit.NewTangent(m), implicit.NewTangent(m)
	for i := range 3 {
		d.V[i], y.Q[i], y.V[i] = rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
	}
	d.Q[0], d.Q[2] = 0.4, -0.3 // opens the loop, which differences see otherwise: they start open
	if err := errors.Join(g.JVP(out, d, nil), g.VJP(back, nil, y)); err != nil {
		t.Fatal(err)
	}
	along, against := floats.Dot(both(y), both(out)), floats.Dot(both(back), both(d))
	if math.Abs(along-against) > 1e-9*math.Abs(along) {
		t.Errorf("forward %.12g, backward %.12g", along, against)
	}
	params := implicit.Params(m)
	pulled := make([]float64, len(params))
	if err := g.ParamVJP(pulled, params, y); err != nil {
		t.Fatal(err)
	}
	for i, p := range params {
		if err := g.ParamJVP(out, p); err != nil {
			t.Fatal(err)
		}
		if along := floats.Dot(both(y), both(out)); math.Abs(along-pulled[i]) > 1e-9*(1+math.Abs(along)) {
			t.Errorf("by %s forward %.12g, backward %.12g", p.Name, along, pulled[i])
		}
	}
	clear(d.Q)
	if err := g.JVP(out, d, nil); err != nil {
		t.Fatal(err)
	}
	const eps = 1e-4
	var ends [2]sim.State
	for k, sign := range []float64{1, -1} {
		moved := x.Clone()
		floats.AddScaled(moved.V, sign*eps, d.V)
		ends[k] = m.NewState()
		if _, err := g.Step(&ends[k], moved, nil); err != nil {
			t.Fatal(err)
		}
	}
	diff := implicit.NewTangent(m)
	implicit.Difference(m, diff, ends[0], ends[1])
	want := both(diff)
	floats.Scale(1/(2*eps), want)
	if e := floats.Distance(want, both(out), math.Inf(1)); e > 1e-6*floats.Norm(want, math.Inf(1)) {
		t.Errorf("differences are %v, the product is %v", want, both(out))
	}
}
