package implicit_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// quadratic is a running and terminal cost that sees every coordinate, velocity, input and force.
func quadratic(m *sim.Model) implicit.Cost {
	ref := m.NewState()
	at := func(x sim.State, w float64, g implicit.Tangent) float64 {
		c, d := 0.0, implicit.NewTangent(m)
		implicit.Difference(m, d, x, ref)
		for i := range d.Q {
			k := w * (1 + 0.1*float64(i))
			// the distance in a chart is no function of the tangent at x; scalars and velocities are
			if !m.Engine().Ball(i) {
				c += k * d.Q[i] * d.Q[i] / 2
				g.Q[i] += k * d.Q[i]
			}
			c += 0.1 * k * d.V[i] * d.V[i] / 2
			g.V[i] += 0.1 * k * d.V[i]
		}
		return c
	}
	return implicit.Cost{
		Running: func(k int, x sim.State, u []float64, gx implicit.Tangent, gu []float64) float64 {
			c := at(x, 1e-2, gx)
			for i := range u {
				c += 1e-3 * u[i] * u[i] / 2
				gu[i] += 1e-3 * u[i]
			}
			return c
		},
		Forces: func(_ int, f, gf implicit.Forces) float64 {
			c := 0.0
			square := func(f r3.Vec, g *r3.Vec, w float64) {
				c += w / 2 * r3.Norm2(f)
				*g = r3.Add(*g, r3.Scale(w, f))
			}
			for i := range f.Contacts {
				square(f.Contacts[i].Force, &gf.Contacts[i].Force, 1e-6*float64(1+i%3))
				square(f.Contacts[i].Torque, &gf.Contacts[i].Torque, 1e-4*float64(1+i%3))
			}
			for i := range f.Joints {
				square(f.Joints[i].Force, &gf.Joints[i].Force, 1e-6)
				square(f.Joints[i].Torque, &gf.Joints[i].Torque, 1e-5)
			}
			return c
		},
		Terminal: func(x sim.State, gx implicit.Tangent) float64 { return at(x, 1, gx) },
	}
}

// costOf evaluates a cost by plain simulation.
func costOf(t testing.TB, s *sim.Stepper, x sim.State, inputs [][]float64, c implicit.Cost) float64 {
	t.Helper()
	m := s.Model()
	g, gu, sum := implicit.NewTangent(m), make([]float64, m.NU()), 0.0
	x = x.Clone()
	for k, u := range inputs {
		sum += c.Running(k, x, u, g, gu)
		if r, err := s.Step(&x, x, u); err != nil || r.Halvings > 0 {
			t.Fatalf("step %d: %+v %v", k, r, err)
		}
		f, gf := implicit.Forces{Joints: make([]sim.Wrench, len(m.Bodies()))}, implicit.Forces{Joints: make([]sim.Wrench, len(m.Bodies()))}
		for _, c := range s.Contacts() {
			f.Contacts = append(f.Contacts, implicit.ContactForce{ID: c.ID, Force: c.Force, Torque: c.Torque})
			gf.Contacts = append(gf.Contacts, implicit.ContactForce{ID: c.ID})
		}
		for i := range f.Joints {
			f.Joints[i] = s.JointWrench(i)
		}
		sum += c.Forces(k, f, gf)
	}
	return sum + c.Terminal(x, g)
}

// rollouts are long and rich in contact, and forget: friction and damping bring them to rest, so that a change
// of the start shrinks. A tumbling that ends on another face, or legs that fall freely, amplify a change
// by orders of magnitude per second; their gradients are as exact, but differences are not.
func rollouts(t testing.TB) map[string]struct {
	m      *sim.Model
	x      sim.State
	inputs [][]float64
	params []string
} {
	type entry = struct {
		m      *sim.Model
		x      sim.State
		inputs [][]float64
		params []string
	}
	all := map[string]entry{}
	b := world("box", 9.81)
	addBox(b, "box", 1, cube, 0.4)
	b.AddGround()
	m := must(t, b)
	x := m.NewState()
	x.Q[2], x.V[0], x.V[1], x.V[4], x.V[5] = 0.3, 2, 0.5, 1.5, 2 // lands on an edge, tips over, slides
	all["box"] = entry{m, x, make([][]float64, 500), []string{"box.mass", "box.iyy", "box.friction", "box.half_x", "box.z", "ground.offset", "ground.normal_x", "gravity.z", "timestep", "box.lc_t1", "box.fx"}}

	s, x := zoo(t, "quadruped4", sim.Options{})
	m = s.Model()
	rng := rand.New(rand.NewPCG(1, 2))
	inputs := make([][]float64, 500)
	u := make([]float64, m.NU())
	for k := range inputs {
		if k%50 == 0 {
			for i := range u {
				u[i] = 2 * rng.NormFloat64()
			}
		}
		inputs[k] = append([]float64(nil), u...)
	}
	var names []string
	for i, p := range implicit.Params(m) {
		if i%97 == 0 {
			names = append(names, p.Name)
		}
	}
	all["quadruped"] = entry{m, x, inputs, names}
	return all
}

func find(t testing.TB, m *sim.Model, names []string) []implicit.Param {
	t.Helper()
	var ps []implicit.Param
	for _, n := range names {
		p, err := implicit.FindParam(m, n)
		if err != nil {
			t.Fatal(err)
		}
		ps = append(ps, p)
	}
	return ps
}

// TestRolloutGradient compares the gradient of the cost of 500 steps in contact with differences of the
// rollout, along random directions of the start and of the inputs and by every parameter.
func TestRolloutGradient(t *testing.T) {
	t.Parallel()
	const kappa = 1e-3
	rng := rand.New(rand.NewPCG(3, 4))
	for name, r := range rollouts(t) {
		m := r.m
		c, s := quadratic(m), m.NewStepper(tightly(kappa))
		params := find(t, m, r.params)
		got, err := gradient(t, s, implicit.Options{}).Rollout(r.x, r.inputs, c, implicit.RolloutOptions{Params: params})
		if err != nil {
			t.Fatal(name, err)
		}
		want := costOf(t, s, r.x, r.inputs, c)
		if math.Abs(got.Cost-want) > 1e-9*want {
			t.Errorf("%s: cost %g, want %g", name, got.Cost, want)
		}
		if alone, err := gradient(t, s, implicit.Options{}).Cost(r.x, r.inputs, c); err != nil || alone != got.Cost {
			t.Errorf("%s: cost without gradient %v, want %v (%v)", name, alone, got.Cost, err)
		}
		report := func(what string, d float64, f func(eps float64) float64, sizes ...float64) {
			t.Helper()
			e := math.Inf(1)
			for _, eps := range sizes {
				if e = math.Min(e, differ([]float64{d}, 0, func(eps float64) []float64 { return []float64{f(eps)} }, eps)); e < 1e-6 {
					break
				}
			}
			t.Logf("%s: %s: %.6g, error %.1e", name, what, d, e)
			if !(e < 1e-5) {
				t.Errorf("%s: gradient by %s differs by %.1e from differences", name, what, e)
			}
		}
		d, slope := implicit.NewTangent(m), 0.0
		for i := range d.Q {
			d.Q[i], d.V[i] = rng.NormFloat64(), rng.NormFloat64()
			slope += d.Q[i]*got.Start.Q[i] + d.V[i]*got.Start.V[i]
		}
		report("start", slope, func(eps float64) float64 {
			e, y := implicit.NewTangent(m), m.NewState()
			for i := range e.Q {
				e.Q[i], e.V[i] = eps*d.Q[i], eps*d.V[i]
			}
			implicit.Displace(m, &y, r.x, e)
			return costOf(t, s, y, r.inputs, c)
		}, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
		if m.NU() > 0 {
			du, slope := make([][]float64, len(r.inputs)), 0.0
			for k := range du {
				du[k] = make([]float64, m.NU())
				for i := range du[k] {
					du[k][i] = rng.NormFloat64()
					slope += du[k][i] * got.Inputs[k][i]
				}
			}
			report("inputs", slope, func(eps float64) float64 {
				us := make([][]float64, len(r.inputs))
				for k := range us {
					us[k] = append([]float64(nil), r.inputs[k]...)
					for i := range us[k] {
						us[k][i] += eps * du[k][i]
					}
				}
				return costOf(t, s, r.x, us, c)
			}, 1e-6, 1e-5, 1e-7)
		}
		for i, p := range params {
			report(p.Name, got.Params[i], func(eps float64) float64 {
				if p.Kind == "external force" {
					s := m.NewStepper(tightly(kappa))
					body, comp := bodyOf(t, m, p)
					s.SetWrench(body, unitWrench(comp, eps))
					return costOf(t, s, r.x, r.inputs, c)
				}
				m2, err := implicit.With(m, p, value(t, m, p)+eps)
				if err != nil {
					t.Fatal(err)
				}
				return costOf(t, m2.NewStepper(tightly(kappa)), r.x, r.inputs, c)
			}, 1e-6, 1e-7, 1e-5, 1e-8)
		}
	}
}

func tangentError(a, b implicit.Tangent) float64 {
	worst, scale := 0.0, 0.0
	for _, p := range [][2][]float64{{a.Q, b.Q}, {a.V, b.V}} {
		for i := range p[0] {
			scale = math.Max(scale, math.Abs(p[0][i]))
			worst = math.Max(worst, math.Abs(p[0][i]-p[1][i]))
		}
	}
	return worst / scale
}

// TestSegments asserts that checkpointing gives the same numbers, bit by bit, for any length of segments.
func TestSegments(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
	m := s.Model()
	inputs := make([][]float64, 60)
	params := find(t, m, []string{"FL_calf.mass", "FL_foot.friction", "gravity.z", "trunk.lc_alpha"})
	g := gradient(t, s, implicit.Options{})
	var first *implicit.RolloutGradient
	for _, seg := range []int{60, 1, 7, 8, 1000, 0} {
		r, err := g.Rollout(x, inputs, quadratic(m), implicit.RolloutOptions{Params: params, Segment: seg})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
			continue
		}
		same := r.Cost == first.Cost && tangentError(first.Start, r.Start) == 0
		for k := range r.Inputs {
			for i := range r.Inputs[k] {
				same = same && r.Inputs[k][i] == first.Inputs[k][i]
			}
		}
		for i := range r.Params {
			same = same && r.Params[i] == first.Params[i]
		}
		if !same {
			t.Errorf("segments of %d steps give another gradient", seg)
		}
	}
}

// columnOf returns column j of a derivative of the state.
func columnOf(m *sim.Model, dx *mat.Dense, j int) implicit.Tangent {
	c := implicit.NewTangent(m)
	for i := range c.Q {
		c.Q[i], c.V[i] = dx.At(i, j), dx.At(m.NV()+i, j)
	}
	return c
}

// TestSetParams: after SetParams a gradient is, bit by bit, that of a model built with the new values.
func TestSetParams(t *testing.T) {
	for _, kappa := range []float64{0, 1e-3} {
		s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
		m := s.Model()
		x.V[2], x.V[0] = -1, 0.5
		names := []string{"FL_calf.mass", "FL_foot.friction", "FL_foot.radius", "FL_calf_joint.x", "FR_hip_joint.upper", "ground.normal_x", "gravity.z", "timestep", "trunk.lc_t1",
			m.Joints()[0].Name + "[2].damping"} // with it the base is no free body any more
		params, values := find(t, m, names), []float64{0.3, 0.2, 0.03, 0.01, 0.7, 0.1, -5, 0.008, 0.02, 3}
		g, inputs := gradient(t, s, implicit.Options{Kappa: kappa}), make([][]float64, 30)
		roll := func(g *implicit.Gradient) *implicit.RolloutGradient {
			r, err := g.Rollout(x, inputs, quadratic(m), implicit.RolloutOptions{Params: params})
			if err != nil {
				t.Fatal(err)
			}
			next := m.NewState()
			_, err = g.Step(&next, x, nil)
			d := implicit.NewTangent(m)
			if err := errors.Join(err, g.ParamJVP(d, params[8])); err != nil {
				t.Fatal(err)
			}
			r.Params = append(r.Params, d.V...)
			return r
		}
		first := roll(g)
		if err := g.SetParams(params, values); err != nil {
			t.Fatal(err)
		}
		m2, err := implicit.Set(m, params, values)
		if err != nil {
			t.Fatal(err)
		}
		got, want := roll(g), roll(gradient(t, m2.NewStepper(sim.Options{Kappa: 1e-4}), implicit.Options{Kappa: kappa}))
		same := got.Cost == want.Cost && tangentError(want.Start, got.Start) == 0
		for i := range want.Params {
			same = same && got.Params[i] == want.Params[i]
		}
		if !same {
			t.Errorf("κ %g: the gradient is not that of the new model", kappa)
		}
		if m2.Structure() != m.Structure() || s.Model() == m || value(t, m, params[0]) == 0.3 {
			t.Error("the old model changed, or the new one is another structure")
		}
		if err := g.SetParams(params[:1], []float64{-1}); err == nil {
			t.Error("a negative mass passes")
		}
		if err := s.SetModel(m); err != nil {
			t.Fatal(err)
		}
		if back := roll(g); back.Cost != first.Cost || tangentError(first.Start, back.Start) != 0 {
			t.Errorf("κ %g: the old model gives another gradient than before", kappa)
		}
	}
}

// TestSensitivity compares forward sensitivities with the backward sweep.
func TestSensitivity(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-3})
	m := s.Model()
	rng := rand.New(rand.NewPCG(7, 8))
	inputs := make([][]float64, 80)
	params := find(t, m, []string{"FL_calf.mass", "FL_foot.friction", "FL_calf_joint.x", "gravity.z", "timestep", "trunk.lc_t1"})
	g := gradient(t, s, implicit.Options{})
	d, y := implicit.NewTangent(m), implicit.NewTangent(m)
	for i := range d.Q {
		d.Q[i], d.V[i], y.Q[i], y.V[i] = rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()
	}
	dot := func(a, b implicit.Tangent) (sum, size float64) {
		for i := range a.Q {
			sum += a.Q[i]*b.Q[i] + a.V[i]*b.V[i]
			size += math.Abs(a.Q[i]*b.Q[i]) + math.Abs(a.V[i]*b.V[i])
		}
		return sum, size
	}
	of, ofParams := implicit.NewTangent(m), make([]implicit.Tangent, len(params))
	err := g.Sensitivity(x, inputs, implicit.Unknowns{Start: []implicit.Tangent{d}, Params: params}, func(k int, _ sim.State, dx *mat.Dense) error {
		if k == len(inputs) {
			of = columnOf(m, dx, 0)
			for i := range params {
				ofParams[i] = columnOf(m, dx, 1+i)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Rollout(x, inputs, implicit.Cost{Terminal: func(_ sim.State, gx implicit.Tangent) float64 {
		copy(gx.Q, y.Q)
		copy(gx.V, y.V)
		return 0
	}}, implicit.RolloutOptions{Params: params})
	if err != nil {
		t.Fatal(err)
	}
	fwd, size := dot(of, y)
	back, size2 := dot(d, r.Start)
	if e := math.Abs(fwd-back) / (size + size2); !(e < 1e-10) {
		t.Errorf("start: forward %g, backward %g, relative difference %.1e", fwd, back, e)
	}
	for i, p := range params {
		fwd, size := dot(ofParams[i], y)
		if e := math.Abs(fwd-r.Params[i]) / size; !(e < 1e-10) {
			t.Errorf("%s: forward %g, backward %g, relative difference %.1e", p.Name, fwd, r.Params[i], e)
		}
	}
}
