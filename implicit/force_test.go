package implicit_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestSoftLanding is the gradient of the sum of squared normal forces of a block that lands flat, by its first vertical
// velocity. The numbers are those of forward tangents, which central differences confirm to all digits.
func TestSoftLanding(t *testing.T) {
	const want, wantCost = -467.089074, 1255.977741
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.02}
	b := world("block", 9.81)
	b.AddGround()
	l := b.AddLink("block", sim.BoxInertia(1, half))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: 0.5})
	m := must(t, b)
	x := m.NewState()
	x.Q[2], x.V[0], x.V[2] = 0.03, 0.5, -0.5
	x.H = m.Timestep() // as if it had come from an interval
	g := gradient(t, m.NewStepper(sim.Options{Kappa: 1e-4, Centrality: 1e-10, Tolerance: 1e-12}), implicit.Options{})
	squares := implicit.Cost{Forces: func(_ int, f, gf implicit.Forces) float64 {
		sum := 0.0
		for i, c := range f.Contacts {
			sum += c.Force.Z * c.Force.Z
			gf.Contacts[i].Force.Z += 2 * c.Force.Z
		}
		return sum
	}}
	inputs := make([][]float64, 20)
	// thrown at the instant it falls half a step's gravity less, which moves the impacts to other parts of a step
	thrown := x.Clone()
	thrown.H = 0
	if r, err := g.Rollout(thrown, inputs, squares, implicit.RolloutOptions{}); err != nil || math.Abs(r.Cost-1261.975429) > 1e-5 || math.Abs(r.Start.V[2]-704.163838) > 1e-5 {
		t.Errorf("thrown: %+v, %v", r, err)
	}
	if err := g.CheckCost(thrown, inputs, squares); err != nil {
		t.Error(err)
	}
	for _, segment := range []int{20, 3} {
		r, err := g.Rollout(x, inputs, squares, implicit.RolloutOptions{Segment: segment})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(r.Cost-wantCost) > 1e-6 || math.Abs(r.Start.V[2]-want) > 1e-6 {
			t.Errorf("segments of %d: cost %.6f, slope %.6f, want %.6f, %.6f", segment, r.Cost, r.Start.V[2], wantCost, want)
		}
	}
	if c, err := g.Cost(x, inputs, squares); err != nil || math.Abs(c-wantCost) > 1e-6 {
		t.Errorf("cost alone: %.6f, %v", c, err)
	}
	if err := g.CheckCost(x, inputs, squares); err != nil {
		t.Error(err)
	}
}

// TestForceVJP compares ⟨Jx, y⟩ with ⟨x, Jᵀy⟩ for forces in newtons, in all scenes, with respect to state, input and
// every parameter, log-Cholesky coordinates and the timestep included.
func TestForceVJP(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	worst := 0.0
	for i, c := range append(scenes(t), fading(t)) {
		for _, second := range []float64{0, 1e-3} { // and differentiated at another κ
			kappa := []float64{1e-3, 1e-4, 1e-5}[i%3]
			m := c.model
			g := gradient(t, m.NewStepper(sim.Options{Kappa: kappa}), implicit.Options{Kappa: second})
			next, x, u := m.NewState(), c.start.Clone(), make([]float64, m.NU())
			copy(u, c.input)
			for k := 0; k < 3; k++ {
				if _, err := g.Step(&next, x, u); err != nil {
					t.Fatal(c.name, err)
				}
				x.Copy(next)
			}
			d, y, fwd, back := implicit.NewTangent(m), implicit.NewTangent(m), implicit.NewTangent(m), implicit.NewTangent(m)
			du, gu, f := make([]float64, m.NU()), make([]float64, m.NU()), g.NewForces()
			for _, v := range [][]float64{d.Q, d.V, y.Q, y.V, du} {
				for i := range v {
					v[i] = rng.NormFloat64()
				}
			}
			normal := func() r3.Vec { return r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()} }
			for i := range f.Contacts {
				f.Contacts[i].Force, f.Contacts[i].Torque = normal(), normal()
			}
			for _, l := range [][]sim.Wrench{f.Joints, f.Loops} {
				for i := range l {
					l[i] = sim.Wrench{Force: normal(), Torque: normal()}
				}
			}
			weights := slices.Concat(entries(contactWrenches(f.Contacts)...), entries(f.Joints...), entries(f.Loops...))
			forward := func() (sum, size float64) {
				for _, p := range [][2][]float64{{fwd.Q, y.Q}, {fwd.V, y.V}, {forceTangents(t, g, m), weights}} {
					for i := range p[0] {
						sum += p[0][i] * p[1][i]
						size += math.Abs(p[0][i] * p[1][i])
					}
				}
				return sum, size
			}
			compare := func(what string, left, right, size float64) {
				t.Helper()
				e := math.Abs(left-right) / size
				worst = math.Max(worst, e)
				if !(e < digits(&c, true)*1e-11) { // 1/κ is 1e5 at most
					t.Errorf("%s κ=%g, %g: %s: ⟨Jx, y⟩ and ⟨x, Jᵀy⟩ differ by %.1e relative", c.name, kappa, second, what, e)
				}
			}
			if err := g.JVP(fwd, d, du); err != nil {
				t.Fatal(err)
			}
			left, size := forward()
			if err := g.ForceVJP(back, gu, y, f); err != nil {
				t.Fatal(err)
			}
			right := 0.0
			for _, p := range [][2][]float64{{back.Q, d.Q}, {back.V, d.V}, {gu, du}} {
				for i := range p[0] {
					right += p[0][i] * p[1][i]
					size += math.Abs(p[0][i] * p[1][i])
				}
			}
			compare("state and input", left, right, size)
			params := implicit.Params(m)
			out, lefts, sizes := make([]float64, len(params)), make([]float64, len(params)), map[string]float64{}
			for i, p := range params {
				if err := g.ParamJVP(fwd, p); err != nil {
					t.Fatal(err)
				}
				l, s := forward()
				lefts[i], sizes[p.Kind] = l, math.Max(sizes[p.Kind], s)
			}
			if err := g.ParamForceVJP(out, params, y, f); err != nil {
				t.Fatal(err)
			}
			for i, p := range params {
				if sizes[p.Kind] > 0 {
					compare(p.Name, lefts[i], out[i], sizes[p.Kind])
				}
			}
		}
	}
	t.Logf("largest difference %.1e", worst)
}

// TestContactForcesGoByID: in which order contacts are listed, and which are left out, changes nothing; two entries of one add up.
func TestContactForcesGoByID(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-3})
	m := s.Model()
	g := gradient(t, s, implicit.Options{})
	for range 40 { // until it stands on some feet
		if _, err := g.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	d := implicit.NewTangent(m)
	for i := range d.V {
		d.V[i] = 1
	}
	if err := g.JVP(implicit.NewTangent(m), d, nil); err != nil {
		t.Fatal(err)
	}
	all := g.NewForces().Contacts
	if err := g.ContactTangent(all); err != nil {
		t.Fatal(err)
	}
	some := []implicit.ContactForce{{ID: all[3].ID}, {ID: all[1].ID}}
	if err := g.ContactTangent(some); err != nil {
		t.Fatal(err)
	}
	if len(all) != 4 || all[1] == all[3] || some[0] != all[3] || some[1] != all[1] || all[1].Force == (r3.Vec{}) {
		t.Errorf("the tangents of %v are %v", all, some)
	}
	pull := func(l ...implicit.ContactForce) implicit.Tangent {
		y, u := implicit.NewTangent(m), make([]float64, m.NU())
		if err := g.ForceVJP(y, u, implicit.NewTangent(m), implicit.Forces{Contacts: l}); err != nil {
			t.Fatal(err)
		}
		return y
	}
	id := all[1].ID
	one, two := implicit.ContactForce{ID: id, Force: r3.Vec{Z: 1}}, implicit.ContactForce{ID: id, Force: r3.Vec{Z: 2}}
	three, none := implicit.ContactForce{ID: id, Force: r3.Vec{Z: 3}}, implicit.ContactForce{ID: all[0].ID}
	if a, b := pull(three), pull(one, none, two); largestOf(a.V) == 0 || !slices.Equal(a.Q, b.Q) || !slices.Equal(a.V, b.V) {
		t.Errorf("pulled back: %v, in parts %v", a, b)
	}
}

func largestOf(l []float64) (x float64) {
	for _, v := range l {
		x = math.Max(x, math.Abs(v))
	}
	return x
}

// TestForceErrors: forces of the wrong number, and gradients that are not finite.
func TestForceErrors(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
	m := s.Model()
	g := gradient(t, s, implicit.Options{})
	next, y, u := m.NewState(), implicit.NewTangent(m), make([]float64, m.NU())
	if err := g.ForceVJP(y, u, y, implicit.Forces{}); err != implicit.ErrNoStep {
		t.Errorf("no step: %v", err)
	}
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	z := implicit.NewTangent(m)
	strange := []implicit.ContactForce{{ID: sim.ContactID{Pair: sim.Pair{A: 2, B: -1}, Feature: 7}}}
	for want, f := range map[string]implicit.Forces{
		"wrenches of 2 joints, the model has 13":                    {Joints: make([]sim.Wrench, 2)},
		"the step has no contact (feature 7 of colliders 2 and -1)": {Contacts: strange},
		"the step has no contact (feature 0 of colliders 0 and 1)":  {Contacts: []implicit.ContactForce{{ID: sim.ContactID{Pair: sim.Pair{A: 0, B: 1}}}}},
		"the step has no contact (feature 0 of colliders 9 and -1)": {Contacts: []implicit.ContactForce{{ID: sim.ContactID{Pair: sim.Pair{A: 9, B: -1}}}}},
		"the step has no contact (feature 0 of colliders 0 and -2)": {Contacts: []implicit.ContactForce{{ID: sim.ContactID{Pair: sim.Pair{A: 0, B: -2}}}}},
	} {
		if err := g.ForceVJP(y, u, z, f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if err := g.ParamForceVJP(nil, nil, z, f); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if err := g.JVP(y, z, nil); err != nil {
		t.Fatal(err)
	}
	if err := g.ContactTangent(strange); err == nil || !strings.Contains(err.Error(), "has no contact (feature 7") {
		t.Errorf("the tangent of a contact that is not there: %v", err)
	}
	_, err := g.Rollout(x, make([][]float64, 3), implicit.Cost{Forces: func(k int, f, gf implicit.Forces) float64 {
		gf.Contacts[0].ID = strange[0].ID
		return 0
	}}, implicit.RolloutOptions{})
	if err == nil || !strings.Contains(err.Error(), "step 2: the cost of forces changed what they are of: implicit: the step has no contact") {
		t.Errorf("a cost that renames contacts: %v", err)
	}
	_, err = g.Rollout(x, make([][]float64, 3), implicit.Cost{Forces: func(k int, f, gf implicit.Forces) float64 {
		gf.Joints[1].Torque.X = math.NaN()
		return 0
	}}, implicit.RolloutOptions{})
	if err == nil || !strings.Contains(err.Error(), "step 2: implicit: the gradient of the cost of forces") {
		t.Errorf("a gradient that is no number: %v", err)
	}
}
