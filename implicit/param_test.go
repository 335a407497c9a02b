package implicit_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// everyModel returns the zoo and all scenes.
func everyModel(t testing.TB) []*sim.Model {
	var ms []*sim.Model
	for _, e := range models.All() {
		m, err := e.Builder(models.Options{}).Build()
		if err != nil {
			t.Fatal(err)
		}
		ms = append(ms, m)
	}
	for _, c := range scenes(t) {
		ms = append(ms, c.model)
	}
	return append(ms, armOfAllJoints(t))
}

// TestParamsByName asserts that every listed name is unique and found, that setting a parameter to its value
// changes nothing, and that all kinds occur.
func TestParamsByName(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range everyModel(t) {
		names := map[string]bool{}
		ps := implicit.Params(m)
		for _, p := range ps {
			seen[p.Kind] = true
			if names[p.Name] {
				t.Errorf("%s: the name %q occurs twice", m.Name(), p.Name)
			}
			names[p.Name] = true
		}
		for i, p := range ps {
			if i%7 != 0 && len(ps) > 200 { // FindParam lists all of them each time
				continue
			}
			q, err := implicit.FindParam(m, p.Name)
			if err != nil || q != p {
				t.Errorf("%s: %q is not found: %+v, %v", m.Name(), p.Name, q, err)
			}
			x := value(t, m, p)
			m2, err := implicit.Set(m, []implicit.Param{p}, []float64{x})
			if p.Kind == "external force" {
				if err == nil {
					t.Errorf("%s: an external force is set in a model", m.Name())
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %s: %v", m.Name(), p.Name, err)
				continue
			}
			for _, o := range ps {
				if a, b := value(t, m, o), value(t, m2, o); math.Abs(a-b) > 1e-12*math.Max(1, math.Abs(a)) {
					t.Errorf("%s: setting %s to its value changes %s from %g to %g", m.Name(), p.Name, o.Name, a, b)
				}
			}
		}
	}
	for _, k := range implicit.ParamKinds() {
		if !seen[k] {
			t.Errorf("no model has a parameter of kind %q", k)
		}
		delete(seen, k)
	}
	for k := range seen {
		t.Errorf("kind %q is not listed", k)
	}
}

// sameTurn reports whether the rotation vector of owner in set is that in m with one component replaced, as a rotation.
func sameTurn(t *testing.T, m, set *sim.Model, owner, replaced string, by float64) bool {
	t.Helper()
	turn := func(m *sim.Model, replace bool) quat.Number {
		var v [3]float64
		for k, axis := range []string{".rx", ".ry", ".rz"} {
			p, err := implicit.FindParam(m, owner+axis)
			if err != nil {
				t.Fatal(err)
			}
			if v[k] = value(t, m, p); replace && axis == replaced {
				v[k] = by
			}
		}
		return quat.Exp(quat.Number{Imag: v[0] / 2, Jmag: v[1] / 2, Kmag: v[2] / 2})
	}
	a, b := turn(m, true), turn(set, false)
	return math.Min(quat.Abs(quat.Sub(a, b)), quat.Abs(quat.Add(a, b))) < 1e-9
}

// TestSetAndGet asserts that a parameter has the value that was set, and the original keeps its own.
func TestSetAndGet(t *testing.T) {
	for _, m := range everyModel(t) {
		for i, p := range implicit.Params(m) {
			x := value(t, m, p)
			if i%5 != 0 || p.Kind == "external force" || p.Kind == "half-space normal" {
				continue
			}
			want := x * (1 + 1e-5) // published inertias are close to the limit of what is possible
			if x == 0 && p.Kind != "inertia" {
				want = 1e-3
			}
			m2, err := implicit.Set(m, []implicit.Param{p}, []float64{want})
			if err != nil {
				t.Errorf("%s: %s: %v", m.Name(), p.Name, err)
				continue
			}
			got := value(t, m2, p)
			if axis := strings.LastIndex(p.Name, ".r"); axis > 0 && strings.HasPrefix(p.Kind, "placement") && sameTurn(t, m, m2, p.Name[:axis], p.Name[axis:], want) {
				got = want // a rotation beyond half a turn is one the other way round
			}
			if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
				t.Errorf("%s: %s is %g after it was set to %g", m.Name(), p.Name, got, want)
			}
			if got := value(t, m, p); got != x {
				t.Errorf("%s: setting %s of a copy changed the original from %g to %g", m.Name(), p.Name, x, got)
			}
		}
	}
}

// TestSetIsTheModelBuiltSo asserts that a model with changed parameters steps like one built with them: no
// derived quantity is left behind.
func TestSetIsTheModelBuiltSo(t *testing.T) {
	build := func(radius, x, mu, arm, damping, h float64) *sim.Model {
		b := world("two", 9.81)
		b.SetTimestep(h)
		base := b.AddLink("base", sim.BoxInertia(1, cube))
		b.AddFree("free", base)
		l := b.AddLink("arm", sim.BoxInertia(0.5, cube))
		b.AddJoint(sim.Joint{Name: "elbow", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: base, Child: l, Origin: sim.At(arm, 0, 0), Axes: []sim.Axis{{Damping: damping, Stiffness: 1}}})
		b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(radius), Pose: sim.At(x, 0, 0), Friction: mu})
		b.AddCollider(sim.Collider{Name: "box", Link: base, Shape: contact.Box(cube), Friction: 0.5})
		b.AddGround()
		return must(t, b)
	}
	m := build(0.1, 0.05, 0.4, 0.3, 0.1, 0.01)
	want := build(0.12, 0.07, 0.5, 0.35, 0.2, 0.008)
	got, err := implicit.Set(m, find(t, m, []string{"ball.radius", "ball.x", "ball.friction", "elbow.x", "elbow.damping", "timestep"}), []float64{0.12, 0.07, 0.5, 0.35, 0.2, 0.008})
	if err != nil {
		t.Fatal(err)
	}
	x, y := m.NewState(), m.NewState()
	x.Q[2], x.V[0], x.V[4] = 0.2, 1, 2
	y.Copy(x)
	// the unit of κ stays that of the model as built, and with it the solution differs by κ
	a, b := got.NewStepper(tightly(1e-9)), want.NewStepper(tightly(1e-9))
	for k := 0; k < 30; k++ {
		x, y = step(t, a, x, nil), step(t, b, y, nil)
	}
	d := implicit.NewTangent(m)
	implicit.Difference(m, d, x, y)
	for i := range d.Q {
		if math.Abs(d.Q[i]) > 1e-5 {
			t.Errorf("coordinate %d differs by %g from that of the model built so", i, d.Q[i])
		}
	}
	for i, v := range got.Drawn() {
		if w := want.Drawn()[i]; v.Pose != w.Pose || v.Shape.Radius != w.Shape.Radius || v.Shape.Half != w.Shape.Half {
			t.Errorf("%s is drawn as %+v at %+v, want %+v at %+v", v.Name, v.Shape, v.Pose, w.Shape, w.Pose)
		}
	}
	if j, _ := got.Joint("elbow"); j.Axes[0].Damping != 0.2 {
		t.Errorf("the joint tells of a damping of %g", j.Axes[0].Damping)
	}
	for _, v := range m.Drawn() {
		if v.Name == "ball" && (v.Shape.Radius != 0.1 || v.Pose.Pos.X != 0.05) {
			t.Error("the original is drawn changed")
		}
	}
}

// TestSetVectors: components of a normal or of a rotation vector that are set together were normalized, or
// wrapped to half a turn, one after the other, and came out as another direction.
func TestSetVectors(t *testing.T) {
	m := everyModel(t)[1]
	for _, c := range []struct {
		names       []string
		first, then []float64
	}{
		{[]string{"ground.normal_x", "ground.normal_y", "ground.normal_z"}, []float64{0, 0.6, 0.8}, []float64{0.8, 0, -0.6}},
		{[]string{"block.rx", "block.ry", "block.rz"}, []float64{0, 3, 0}, []float64{3, 0, 0}},
	} {
		ps := find(t, m, c.names)
		m2, err := implicit.Set(m, ps, c.first)
		if err != nil {
			t.Fatal(err)
		}
		if m2, err = implicit.Set(m2, ps, c.then); err != nil {
			t.Fatal(err)
		}
		for i, p := range ps {
			if got := value(t, m2, p); math.Abs(got-c.then[i]) > 1e-12 {
				t.Errorf("%s is %g, want %g", p.Name, got, c.then[i])
			}
		}
	}
}

// TestSetErrors asserts that impossible values and unknown names are errors that name the parameter.
func TestSetErrors(t *testing.T) {
	s, _ := zoo(t, "quadruped4", sim.Options{})
	m := s.Model()
	for _, c := range []struct {
		name  string
		value float64
	}{
		{"trunk.mass", -1}, {"trunk.mass", 0}, {"trunk.ixx", -1}, {"trunk.ixx", 1e3}, {"trunk.ixy", 5}, {"trunk.mx", 100},
		{"FL_foot.friction", -0.1}, {"FL_foot.radius", -0.01}, {"FL_calf_joint.damping", -1}, {"FL_calf_joint.lower", 5},
		{"timestep", 0}, {"timestep", math.NaN()}, {"gravity.z", math.Inf(-1)}, {"trunk.lc_alpha", math.NaN()},
	} {
		p := find(t, m, []string{c.name})
		if _, err := implicit.Set(m, p, []float64{c.value}); err == nil {
			t.Errorf("%s = %g is accepted", c.name, c.value)
		}
	}
	p := find(t, m, []string{"ground.normal_x", "ground.normal_y", "ground.normal_z"})
	if _, err := implicit.Set(m, p, []float64{0, 0, 0}); err == nil {
		t.Error("a normal of zero is accepted")
	}
	if _, err := implicit.Set(m, p, []float64{1}); err == nil {
		t.Error("one value for three parameters is accepted")
	}
	for name, near := range map[string]string{"FL_calf.weight": "FL_calf.mass", "FL_foot.diameter": "FL_foot.radius", "gravity": "gravity.x"} {
		_, err := implicit.FindParam(m, name)
		if err == nil || !strings.Contains(err.Error(), near) {
			t.Errorf("%q: error %v, want one that proposes %q", name, err, near)
		}
	}
	if _, err := implicit.FindParam(m, "zebra.stripes"); err == nil || !strings.Contains(err.Error(), "zebra.stripes") {
		t.Errorf("zebra: %v", err)
	}
}

// TestLogCholesky checks the chart: round trip, Jacobian, and that no coordinates leave the possible set.
func TestLogCholesky(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := 0; n < 300; n++ {
		var c [10]float64
		for i := range c {
			c[i] = rng.NormFloat64()
		}
		v := implicit.FromLogCholesky(c)
		in := sim.Inertia{Mass: v[0], COM: r3.Vec{X: v[1] / v[0], Y: v[2] / v[0], Z: v[3] / v[0]}}
		x := in.COM // moments about the center of mass, by the parallel-axis rule
		in.Ixx = v[4] - v[0]*(x.Y*x.Y+x.Z*x.Z)
		in.Iyy = v[6] - v[0]*(x.X*x.X+x.Z*x.Z)
		in.Izz = v[9] - v[0]*(x.X*x.X+x.Y*x.Y)
		in.Ixy, in.Ixz, in.Iyz = v[5]+v[0]*x.X*x.Y, v[7]+v[0]*x.X*x.Z, v[8]+v[0]*x.Y*x.Z
		if err := in.Check(); err != nil {
			t.Fatalf("%v: %v", c, err)
		}
		back, err := implicit.LogCholesky(v)
		if err != nil {
			t.Fatal(err)
		}
		for i := range c {
			if math.Abs(back[i]-c[i]) > 1e-9 {
				t.Errorf("coordinate %d is %g after a round trip, was %g", i, back[i], c[i])
			}
		}
		j := implicit.LogCholeskyJacobian(c)
		for k := range c {
			col := make([]float64, 10)
			for i := range col {
				col[i] = j[i][k]
			}
			if e := differ(col, 0, func(eps float64) []float64 {
				d := c
				d[k] += eps
				v := implicit.FromLogCholesky(d)
				return v[:]
			}, 1e-2, 1e-3); !(e < 1e-8) {
				t.Errorf("column %d of the Jacobian at %v: %.1e", k, c, e)
			}
		}
	}
	for _, v := range [][10]float64{
		{}, {-1, 0, 0, 0, 1, 0, 1, 0, 0, 1}, {1, 0, 0, 0, 1, 0, 1, 0, 0, 3}, {1, 5, 0, 0, 1, 0, 1, 0, 0, 1}, {1, 0, 0, 0, -1, 0, 1, 0, 0, 1}, {math.NaN()},
	} {
		if c, err := implicit.LogCholesky(v); err == nil {
			t.Errorf("%v has coordinates %v", v, c)
		}
	}
}

// TestImpossibleValuesAreNamed: the error of a value that nothing can have names the parameter that got it, and not a
// number of the engine's.
func TestImpossibleValuesAreNamed(t *testing.T) {
	s, _ := zoo(t, "quadruped", sim.Options{})
	m := s.Model()
	for _, c := range []struct {
		names  []string
		values []float64
		want   string
	}{
		{[]string{"FL_foot.friction", "FR_foot.friction"}, []float64{0.5, -1}, `parameter "FR_foot.friction" = -1: friction coefficient -1 is negative`},
		{[]string{"FR_calf_joint.damping"}, []float64{-2}, `parameter "FR_calf_joint.damping" = -2: -2 is negative`},
		{[]string{"FR_foot.radius"}, []float64{-0.1}, `parameter "FR_foot.radius" = -0.1: `},
		{[]string{"FR_calf_joint.lower", "FR_calf_joint.upper"}, []float64{-1, -2}, `parameter "FR_calf_joint.upper" = -2: limits `},
		{[]string{"timestep"}, []float64{0}, `parameter "timestep" = 0: timestep 0 s is not positive`},
		{[]string{"ground.normal_x", "ground.normal_y", "ground.normal_z"}, []float64{0, 0, 0}, `half-space "ground" has the normal`},
	} {
		if _, err := implicit.Set(m, find(t, m, c.names), c.values); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v = %v: error %v, want one about %s", c.names, c.values, err, c.want)
		}
	}
}
