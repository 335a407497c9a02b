package implicit_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestForcesOfLoops compares the derivatives of what loops do, by state, input and every parameter, with differences, and transposed ones
// with those.
func TestForcesOfLoops(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(14, 8))
	worst := map[string]float64{}
	for _, typ := range []sim.LoopType{sim.LoopPoint, sim.LoopHinge, sim.LoopWeld} {
		for k := range 4 {
			name := fmt.Sprintf("%v %d", typ, k)
			m, x := looped(t, rng, typ, k%2 == 0, k > 1)
			s := m.NewStepper(tightly(1e-4))
			g := gradient(t, s, implicit.Options{})
			u := make([]float64, m.NU())
			for range 4 {
				x = step(t, s, x, u)
			}
			next := m.NewState()
			if _, err := g.Step(&next, x, u); err != nil {
				t.Fatal(name, err)
			}
			f, y, d, du := g.NewForces(), implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, m.NU())
			for _, v := range [][]float64{d.Q, d.V, du} {
				for i := range v {
					v[i] = rng.NormFloat64()
				}
			}
			for i := range f.Loops {
				f.Loops[i].Force = r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()}
				f.Loops[i].Torque = r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()}
			}
			tangent := func() []float64 {
				l := make([]sim.Wrench, len(m.Loops()))
				if err := g.LoopTangent(l); err != nil {
					t.Fatal(name, err)
				}
				return entries(l...)
			}
			along := func(l []float64) (sum, size float64) {
				for i, w := range entries(f.Loops...) {
					sum, size = sum+w*l[i], size+math.Abs(w*l[i])
				}
				return sum, size
			}
			read := func(s *sim.Stepper, x sim.State, u []float64) []float64 {
				next := m.NewState()
				if r, err := s.Step(&next, x, u); err != nil || r.Halvings > 0 {
					return nil
				}
				var l []float64
				for i := range m.Loops() {
					l = append(l, entries(s.LoopForce(i).Wrench)...)
				}
				return l
			}
			fd := m.NewStepper(tightly(1e-4))
			if err := g.JVP(y, d, du); err != nil {
				t.Fatal(err)
			}
			forward := tangent()
			e := differ(forward, 0, func(eps float64) []float64 {
				z, v, e := m.NewState(), make([]float64, m.NU()), implicit.NewTangent(m)
				for k := range d.Q {
					e.Q[k], e.V[k] = eps*d.Q[k], eps*d.V[k]
				}
				for k := range v {
					v[k] = eps * du[k]
				}
				implicit.Displace(m, &z, x, e)
				return read(fd, z, v)
			}, sizes...)
			worst["state and input"] = math.Max(worst["state and input"], e)
			back, gu := implicit.NewTangent(m), make([]float64, m.NU())
			if err := g.ForceVJP(back, gu, implicit.NewTangent(m), implicit.Forces{Loops: f.Loops}); err != nil {
				t.Fatal(err)
			}
			left, size := along(forward)
			for _, p := range [][2][]float64{{back.Q, d.Q}, {back.V, d.V}, {gu, du}} {
				for i := range p[0] {
					left -= p[0][i] * p[1][i]
					size += math.Abs(p[0][i] * p[1][i])
				}
			}
			worst["transposed"] = math.Max(worst["transposed"], math.Abs(left)/size)

			params := implicit.Params(m)
			out, tangents, scale := make([]float64, len(params)), make([][]float64, len(params)), map[string]float64{}
			if err := g.ParamForceVJP(out, params, implicit.NewTangent(m), implicit.Forces{Loops: f.Loops}); err != nil {
				t.Fatal(err)
			}
			for i, p := range params {
				if err := g.ParamJVP(y, p); err != nil {
					t.Fatal(err)
				}
				tangents[i] = tangent()
				scale[p.Kind] = math.Max(scale[p.Kind], largestOf(tangents[i]))
			}
			for i, p := range params {
				sum, size := along(tangents[i])
				worst["transposed, parameters"] = math.Max(worst["transposed, parameters"], math.Abs(sum-out[i])/math.Max(size, scale[p.Kind]))
				if i%3 != k%3 || p.Kind == "external force" { // a third of them in each scene
					continue
				}
				x0 := value(t, m, p)
				e := differ(tangents[i], scale[p.Kind], func(eps float64) []float64 {
					m2, err := implicit.With(m, p, x0+eps)
					if err != nil {
						t.Fatal(err)
					}
					return read(m2.NewStepper(tightly(1e-4)), x, u)
				}, paramSizes(x0)...)
				worst[p.Kind] = math.Max(worst[p.Kind], e)
			}
		}
	}
	for kind, e := range worst {
		limit := 1e-6
		switch kind { // rounding of positions times the stiffness that stands for the equations: 5e-11 and, by the timestep, 2e-8 measured
		case "transposed":
			limit = 1e-9
		case "transposed, parameters":
			limit = 1e-7
		}
		t.Logf("%s: %.1e", kind, e)
		if !(e < limit) {
			t.Errorf("%s: derivatives of the forces of loops are %.1e off", kind, e)
		}
	}
}

// TestCostOfLoopForces: a cost of the pull in a loop has the gradient that differences of rollouts show, and its own is checked.
func TestCostOfLoopForces(t *testing.T) {
	m, x := looped(t, rand.New(rand.NewPCG(4, 9)), sim.LoopHinge, true, true)
	g := gradient(t, m.NewStepper(tightly(1e-4)), implicit.Options{})
	cost := implicit.Cost{Forces: func(_ int, f, gf implicit.Forces) (sum float64) {
		for i, l := range f.Loops {
			sum += 1e-3 * (r3.Norm2(l.Force) + r3.Norm2(l.Torque))
			gf.Loops[i].Force = r3.Add(gf.Loops[i].Force, r3.Scale(2e-3, l.Force))
			gf.Loops[i].Torque = r3.Add(gf.Loops[i].Torque, r3.Scale(2e-3, l.Torque))
		}
		return sum
	}}
	inputs := make([][]float64, 6)
	if err := g.CheckCost(x, inputs, cost); err != nil {
		t.Error(err)
	}
	r, err := g.Rollout(x, inputs, cost, implicit.RolloutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, slope := implicit.NewTangent(m), 0.0
	rng := rand.New(rand.NewPCG(4, 10))
	for i := range d.V {
		d.V[i] = rng.NormFloat64()
		slope += d.V[i] * r.Start.V[i]
	}
	e := differ([]float64{slope}, 0, func(eps float64) []float64 {
		y, e := m.NewState(), implicit.NewTangent(m)
		for i := range d.V {
			e.V[i] = eps * d.V[i]
		}
		implicit.Displace(m, &y, x, e)
		c, err := g.Cost(y, inputs, cost)
		if err != nil {
			return nil
		}
		return []float64{c}
	}, sizes...)
	if !(e < 1e-7) {
		t.Errorf("the gradient of a cost of forces of loops is %.1e off", e)
	}
	wrong := cost
	wrong.Forces = func(k int, f, gf implicit.Forces) float64 {
		gf.Loops[0].Torque.X++
		return cost.Forces(k, f, gf)
	}
	if err := g.CheckCost(x, inputs, wrong); err == nil {
		t.Error("a wrong gradient of the torque of a loop passes")
	}
	l := make([]sim.Wrench, len(m.Loops())+1)
	if err := errors.Join(g.JVP(d, d, nil), g.LoopTangent(l)); err == nil {
		t.Error("a list of more loops than the model has is taken")
	}
	if err := g.ForceVJP(d, make([]float64, m.NU()), implicit.NewTangent(m), implicit.Forces{Loops: l}); err == nil {
		t.Error("cotangents of more loops than the model has are taken")
	}
}

// TestForcesByWhatOpensALoop: a planar linkage says the same by two loops, and a hinge that leaves its plane opens
// them. What the loops do against each other then has no derivative; forward and backward products gave ones of which
// one was 1.5 times the other (6.3e6 and 9.5e6 N m/rad).
func TestForcesByWhatOpensALoop(t *testing.T) {
	s, x := zoo(t, "robotiq", tightly(1e-4))
	m := s.Model()
	warm(t, s, &x, 5)
	g, next := gradient(t, s, implicit.Options{}), m.NewState()
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	opens, closes := find(t, m, []string{"left_follower_joint.rz"})[0], find(t, m, []string{"left_follower_joint.armature"})[0]
	y, f, none, pulled := implicit.NewTangent(m), g.NewForces(), g.NewForces(), g.NewForces()
	pulled.Joints[0].Torque.X = 1
	for _, c := range []struct {
		p    implicit.Param
		want error
	}{{opens, implicit.ErrOpens}, {closes, nil}} {
		out := make([]float64, 2)
		sensed := g.ForceSensitivity(x, make([][]float64, 1), implicit.Unknowns{Params: []implicit.Param{c.p}}, func(int, sim.State, *mat.Dense, implicit.Forces, []implicit.Forces) error { return nil })
		_, rolled := g.Rollout(x, make([][]float64, 1), implicit.Cost{Forces: func(_ int, _, gf implicit.Forces) float64 { gf.Loops[0].Force.Z++; return 0 }}, implicit.RolloutOptions{Params: []implicit.Param{c.p}})
		for i, err := range []error{
			errors.Join(g.ParamJVP(y, c.p), g.JointTangent(f.Joints)), errors.Join(g.ParamJVP(y, c.p), g.LoopTangent(f.Loops)),
			g.ParamForceVJP(out, []implicit.Param{closes, c.p}, y, pulled), sensed, rolled,
		} {
			if !errors.Is(err, c.want) {
				t.Errorf("use %d of %s: %v, want %v", i, c.p.Name, err, c.want)
			}
		}
		// motion, and forces of contacts, have one
		if err := errors.Join(g.ParamJVP(y, c.p), g.ContactTangent(none.Contacts), g.ParamForceVJP(out, []implicit.Param{closes, c.p}, y, none)); err != nil {
			t.Errorf("%s: %v", c.p.Name, err)
		}
	}
}

// TestForcesOfAGripper: both fingers of a gripper close planar linkages, whose hinges say the same several times and
// differ by the digits of their file. What they do against each other changes with nothing: a cotangent of it pulls
// nothing back. It was pulled back along rounding, to 1e8 times what it is. Where a stop that a joint leans on
// outweighs its inertia 1e5 times, tangents followed rounding too, 5e-3 of them at κ = 1e-7 and 0.2 at 1e-8.
func TestForcesOfAGripper(t *testing.T) {
	rng := rand.New(rand.NewPCG(18, 11))
	for _, name := range []string{"robotiq", "xarm7"} {
		for _, kappa := range []float64{1e-3, 1e-5, 1e-7, 3e-8, 1e-8} {
			s, x := zoo(t, name, sim.Options{Kappa: kappa})
			m := s.Model()
			warm(t, s, &x, 5)
			g, next, f := gradient(t, s, implicit.Options{}), m.NewState(), implicit.Forces{}
			if _, err := g.Step(&next, x, nil); err != nil {
				t.Fatal(err)
			}
			for range m.Joints() {
				f.Joints = append(f.Joints, sim.Wrench{Force: normal(rng, 1), Torque: normal(rng, 1)})
			}
			for range m.Loops() {
				f.Loops = append(f.Loops, sim.Wrench{Force: normal(rng, 1), Torque: normal(rng, 1)})
			}
			back, none, params := implicit.NewTangent(m), implicit.NewTangent(m), []implicit.Param(nil)
			for _, p := range implicit.Params(m) {
				if p.Kind == "damping" || p.Kind == "armature" || p.Kind == "external force" {
					params = append(params, p)
				}
			}
			out := make([]float64, len(params))
			if err := errors.Join(g.ForceVJP(back, make([]float64, m.NU()), none, f), g.ParamForceVJP(out, params, none, f)); err != nil {
				t.Fatal(err)
			}
			along := func() (sum, size float64) {
				joints, loops := make([]sim.Wrench, len(f.Joints)), make([]sim.Wrench, len(f.Loops))
				if err := errors.Join(g.JointTangent(joints), g.LoopTangent(loops)); err != nil {
					t.Fatal(err)
				}
				cotangents := append(entries(f.Joints...), entries(f.Loops...)...)
				for i, c := range append(entries(joints...), entries(loops...)...) {
					sum, size = sum+c*cotangents[i], size+math.Abs(c*cotangents[i])
				}
				return sum, size
			}
			worst, y, d := 0.0, implicit.NewTangent(m), implicit.NewTangent(m)
			for i := range d.Q {
				d.Q[i], d.V[i] = rng.NormFloat64(), rng.NormFloat64()
			}
			if err := g.JVP(y, d, nil); err != nil {
				t.Fatal(err)
			}
			left, size := along()
			for i := range d.Q {
				left -= back.Q[i]*d.Q[i] + back.V[i]*d.V[i]
			}
			worst = math.Abs(left) / size
			for i, p := range params {
				if err := g.ParamJVP(y, p); err != nil {
					t.Fatal(err)
				}
				sum, size := along()
				worst = math.Max(worst, math.Abs(sum-out[i])/(size+1e-3))
			}
			t.Logf("%s, κ = %g: %.1e", name, kappa, worst)
			if !(worst < 1e-6) {
				t.Errorf("%s, κ = %g: forward and backward derivatives of forces differ by %.1e", name, kappa, worst)
			}
		}
	}
}
