package implicit_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// terms returns the costs of a foot, the trunk and the world of the quadruped.
func terms(t *testing.T, m *sim.Model) map[string]implicit.Term {
	t.Helper()
	frame := func(name string) sim.Frame {
		f, err := m.Frame(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Pose = f.Pose.Mul(sim.Pose{Pos: r3.Vec{X: 0.1, Y: -0.2, Z: 0.05}, Rot: sim.RPY(0.3, -0.2, 0.5)})
		return f
	}
	all := map[string]implicit.Term{}
	add := func(name string) func(implicit.Term, error) {
		return func(c implicit.Term, err error) {
			if err != nil {
				t.Fatal(err)
			}
			all[name] = c
		}
	}
	add("position")(implicit.PositionTerm(m, frame("FR_calf"), r3.Vec{X: 0.2, Y: 0.1, Z: 0.3}, 2))
	add("orientation")(implicit.OrientationTerm(m, frame("FR_calf"), quat.Scale(2, sim.RPY(1, -0.5, 2)), 3)) // made unit
	add("velocity")(implicit.VelocityTerm(m, frame("RL_thigh"), r3.Vec{X: 1, Z: -1}, r3.Vec{Y: 2}, 0.7, 0.3))
	add("trunk")(implicit.OrientationTerm(m, frame("trunk"), sim.RPY(0.1, 0, 0), 3))
	add("of the world")(implicit.PositionTerm(m, sim.Frame{Body: -1, Pose: sim.At(1, 0, 0)}, r3.Vec{}, 2))
	all["sum"] = implicit.Sum(all["position"], all["orientation"], all["velocity"])
	return all
}

// TestTerms compares the gradients of costs of frames with differences, also of a state whose velocity belongs to a
// shorter interval, and their values with what they say.
func TestTerms(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
	m := s.Model()
	g := gradient(t, s, implicit.Options{})
	rng := rand.New(rand.NewPCG(41, 42))
	for i := range x.V {
		x.V[i] = rng.NormFloat64()
	}
	d := implicit.NewTangent(m)
	for i := range d.Q {
		d.Q[i] = 0.2 * rng.NormFloat64()
	}
	implicit.Displace(m, &x, x, d)
	for _, h := range []float64{0, 0.003} {
		x.H = h
		for name, c := range terms(t, m) {
			if err := g.CheckCost(x, nil, implicit.Cost{Terminal: c}); err != nil {
				t.Errorf("%s, H = %g: %v", name, h, err)
			}
			if err := g.CheckCost(x, make([][]float64, 2), implicit.Cost{Running: implicit.EveryStep(c)}); err != nil {
				t.Errorf("%s, H = %g, running: %v", name, h, err)
			}
		}
	}
	all, gx := terms(t, m), implicit.NewTangent(m)
	if c := all["of the world"](x, gx); c != 1 {
		t.Errorf("½·2·1 m² cost %g", c)
	}
	trunk, err := m.Frame("trunk")
	if err != nil {
		t.Fatal(err)
	}
	y := m.NewState()
	turned, err := implicit.OrientationTerm(m, trunk, sim.RPY(0, 0, 0.4), 2)
	if c := turned(y, gx); err != nil || math.Abs(c-0.16) > 1e-14 {
		t.Errorf("½·2·0.4² cost %g, %v", c, err)
	}
	y.V[0], y.V[5] = 3, 1 // the mean angular velocity is (2/h) tan(θ/2): that of the state
	moving, err := implicit.VelocityTerm(m, trunk, r3.Vec{X: 1}, r3.Vec{}, 1, 2)
	if c := moving(y, gx); err != nil || math.Abs(c-(2+1)) > 1e-12 {
		t.Errorf("½·4 + ½·2·1 cost %g, %v", c, err)
	}
	if _, err := implicit.PositionTerm(m, sim.Frame{Name: "tail", Body: 99}, r3.Vec{}, 1); err == nil || !strings.Contains(err.Error(), `"tail" is on body 99`) {
		t.Errorf("a frame of another model: %v", err)
	}
	if _, err := implicit.OrientationTerm(m, trunk, quat.Number{}, 1); err == nil {
		t.Error("an orientation of zero passes")
	}
}

// TestCheckCost: right costs pass, and every kind of mistake is found where it is.
func TestCheckCost(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
	m := s.Model()
	g := gradient(t, s, implicit.Options{})
	inputs := make([][]float64, 12)
	x.V[2] = -1 // lands
	if err := g.CheckCost(x, inputs, quadratic(m)); err != nil {
		t.Error(err)
	}
	for want, c := range map[string]implicit.Cost{
		"running cost of step 3: gx.Q[2]": {Running: func(k int, x sim.State, _ []float64, gx implicit.Tangent, _ []float64) float64 {
			if k == 3 {
				gx.Q[2] -= 2 * x.Q[2]
			} else {
				gx.Q[2] += 2 * x.Q[2]
			}
			return x.Q[2] * x.Q[2]
		}},
		"running cost of step 0: gx.V[1]": {Running: func(_ int, x sim.State, _ []float64, gx implicit.Tangent, _ []float64) float64 {
			gx.V[1] = 2 * (x.V[1] + 1) // overwrites
			return (x.V[1] + 1) * (x.V[1] + 1)
		}},
		"running cost of step 0: gu[4]": {Running: func(_ int, _ sim.State, u []float64, _ implicit.Tangent, gu []float64) float64 {
			gu[4] += 1.001
			return u[4]
		}},
		"cost of forces of step 11: gf.Contacts[": {Forces: func(k int, f, gf implicit.Forces) float64 {
			sum := 0.0
			for i, c := range f.Contacts {
				sum += c.Force.Z * c.Force.Z
				if k < 11 {
					gf.Contacts[i].Force.Z += 2 * c.Force.Z
				}
			}
			return sum
		}},
		"cost of forces of step 0: gf.Joints[22]": {Forces: func(_ int, f, gf implicit.Forces) float64 {
			gf.Joints[3].Torque.X++
			return f.Joints[3].Torque.Y + f.Joints[3].Torque.X
		}},
		"terminal cost: gx.V[7] gets NaN": {Terminal: func(x sim.State, gx implicit.Tangent) float64 {
			gx.V[7] = math.NaN()
			return 0
		}},
		"step 0: sim: quaternion": {Terminal: func(sim.State, implicit.Tangent) float64 { return 0 }},
	} {
		start := x
		if strings.Contains(want, "quaternion") {
			start = x.Clone()
			start.Q[3] = 2
			want = "quaternion"
		}
		if err := g.CheckCost(start, inputs, c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one about %q", err, want)
		}
	}
}

// TestResiduals compares the Jacobian of the residuals of all states with differences, for directions of the start and of
// the inputs and parameters, far from the data: a turn by 2 rad.
func TestResiduals(t *testing.T) {
	s, x := zoo(t, "quadruped4", tightly(1e-4))
	m := s.Model()
	g := gradient(t, s, implicit.Options{})
	rng := rand.New(rand.NewPCG(51, 52))
	const steps = 12
	inputs, along, data, weights := make([][]float64, steps), make([][]float64, steps), make([]sim.State, steps+1), make([]float64, 2*m.NV())
	for k := range data {
		data[k] = m.NewState()
		copy(data[k].Q[3:], []float64{math.Cos(1), math.Sin(1) * 0.6, 0, math.Sin(1) * 0.8})
		if k < steps {
			inputs[k], along[k] = make([]float64, m.NU()), make([]float64, m.NU())
			for i := range along[k] {
				inputs[k][i], along[k][i] = rng.NormFloat64(), rng.NormFloat64()
			}
		}
	}
	along[3] = nil // is zero
	for i := range weights {
		weights[i] = 0.5 + rng.Float64()
	}
	residual, err := implicit.StateResidual(m, data, weights)
	if err != nil {
		t.Fatal(err)
	}
	params := find(t, m, []string{"FL_calf.mass", "FL_foot.friction", "trunk.lc_t1", "gravity.x", "timestep"})
	d := implicit.NewTangent(m)
	for i := range d.Q {
		d.Q[i], d.V[i] = rng.NormFloat64(), rng.NormFloat64()
	}
	by := implicit.Unknowns{Start: []implicit.Tangent{d}, Params: params, Inputs: [][][]float64{along}}
	x.V[2] = -1
	r, j, err := g.Residuals(x, inputs, by, len(weights), residual)
	if err != nil {
		t.Fatal(err)
	}
	if rows, cols := j.Dims(); rows != len(r) || len(r) != (steps+1)*len(weights) || cols != by.Len() {
		t.Fatalf("%d residuals and a derivative of %d×%d", len(r), rows, cols)
	}
	plain := func(s *sim.Stepper, x sim.State, inputs [][]float64) []float64 {
		x, out, dr := x.Clone(), []float64(nil), mat.NewDense(len(weights), len(weights), nil)
		for k := range data {
			one := make([]float64, len(weights))
			if err := residual(k, x, one, dr); err != nil {
				t.Fatal(err)
			}
			if out = append(out, one...); k < steps {
				x = step(t, s, x, inputs[k])
			}
		}
		return out
	}
	fd := m.NewStepper(tightly(1e-4))
	for i, want := range plain(fd, x, inputs) {
		if r[i] != want {
			t.Fatalf("residual %d is %g, want %g", i, r[i], want)
		}
	}
	names := append([]string{"start"}, "FL_calf.mass", "FL_foot.friction", "trunk.lc_t1", "gravity.x", "timestep", "inputs")
	for c, name := range names {
		e := differ(mat.Col(nil, c, j), 0, func(eps float64) []float64 {
			switch name {
			case "start":
				e, y := implicit.NewTangent(m), sim.State{}
				for i := range e.Q {
					e.Q[i], e.V[i] = eps*d.Q[i], eps*d.V[i]
				}
				implicit.Displace(m, &y, x, e)
				return plain(fd, y, inputs)
			case "inputs":
				us := make([][]float64, steps)
				for k := range us {
					us[k] = append([]float64(nil), inputs[k]...)
					for i := range along[k] {
						us[k][i] += eps * along[k][i]
					}
				}
				return plain(fd, x, us)
			}
			p := params[c-1]
			m2, err := implicit.With(m, p, value(t, m, p)+eps)
			if err != nil {
				t.Fatal(err)
			}
			if err := fd.SetModel(m2); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := fd.SetModel(m); err != nil {
					t.Fatal(err)
				}
			}()
			return plain(fd, x, inputs)
		}, 1e-4, 1e-5, 1e-6, 1e-7)
		t.Logf("%s: %.1e", name, e)
		if size := mat.Max(j.Slice(0, len(r), c, c+1)) - mat.Min(j.Slice(0, len(r), c, c+1)); size < 1e-4 {
			t.Errorf("residuals by %s are all but constant: %g", name, size)
		}
		if !(e < 1e-6) {
			t.Errorf("residuals by %s differ by %.1e from differences", name, e)
		}
	}

	if _, err := implicit.StateResidual(m, []sim.State{{}}, nil); err == nil || !strings.HasPrefix(err.Error(), "state 0") {
		t.Errorf("an empty state: %v", err)
	}
	if _, err := implicit.StateResidual(m, data, weights[:2]); err == nil || !strings.Contains(err.Error(), "2 weights for 36") {
		t.Errorf("two weights: %v", err)
	}
	short, err := implicit.StateResidual(m, data[:3], nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := g.Residuals(x, inputs, by, len(weights), short); err == nil || !strings.Contains(err.Error(), "no measured state 3") {
		t.Errorf("too few data: %v", err)
	}
}

// TestSensitivityAllocations: a longer rollout allocates no more.
func TestSensitivityAllocations(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-4})
	m := s.Model()
	warm(t, s, &x, 60)
	g := gradient(t, s, implicit.Options{})
	inputs := make([][]float64, 40)
	by := implicit.Unknowns{Start: implicit.Directions(m)[:3], Params: find(t, m, []string{"FL_calf.mass", "trunk.lc_t1", "timestep"}), Inputs: [][][]float64{inputs}}
	each := func(int, sim.State, *mat.Dense) error { return nil }
	count := func(steps int) float64 {
		by.Inputs[0] = inputs[:steps]
		return testing.AllocsPerRun(3, func() {
			if err := g.Sensitivity(x, inputs[:steps], by, each); err != nil {
				t.Fatal(err)
			}
		})
	}
	if short, long := count(4), count(40); long != short {
		t.Errorf("4 steps allocate %v times, 40 steps %v", short, long)
	}
}
