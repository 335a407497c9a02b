package implicit_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
)

func normals(rng *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

// dot returns the product of two lists, and the sum of the sizes of its terms.
func dot(a, b []float64) (sum, size float64) {
	for i := range a {
		sum, size = sum+a[i]*b[i], size+math.Abs(a[i]*b[i])
	}
	return sum, size
}

// checkProducts: cotangents times tangents are the same forward and backward, of state, input, parameters and forces together.
func (d *drawn) checkProducts(t *testing.T, g *implicit.Gradient) {
	m, rng := d.m, d.rng
	n := m.NV()
	tangent := func(x []float64) implicit.Tangent { return implicit.Tangent{Q: x[:n], V: x[n:]} }
	x, du, y := normals(rng, 2*n), normals(rng, m.NU()), normals(rng, 2*n)
	next, back, gu := make([]float64, 2*n), make([]float64, 2*n), make([]float64, m.NU())
	f := g.NewForces()
	for i := range f.Contacts {
		f.Contacts[i].Force, f.Contacts[i].Torque = normal(rng, 1), normal(rng, 1)
	}
	for _, l := range [][]sim.Wrench{f.Joints, f.Loops} {
		for i := range l {
			l[i] = sim.Wrench{Force: normal(rng, 1), Torque: normal(rng, 1)}
		}
	}
	flat := func(f implicit.Forces) (l []float64) {
		return slices.Concat(entries(contactWrenches(f.Contacts)...), entries(f.Joints...), entries(f.Loops...))
	}
	forward := func() (sum, size float64) {
		df := g.NewForces()
		if err := errors.Join(g.ContactTangent(df.Contacts), g.JointTangent(df.Joints), g.LoopTangent(df.Loops)); err != nil {
			t.Fatal(err)
		}
		s1, a1 := dot(y, next)
		s2, a2 := dot(flat(f), flat(df))
		return s1 + s2, a1 + a2
	}
	if err := g.JVP(tangent(next), tangent(x), du); err != nil {
		t.Fatal(err)
	}
	s0, a0 := forward()
	if err := g.ForceVJP(tangent(back), gu, tangent(y), f); err != nil {
		t.Fatal(err)
	}
	s1, a1 := dot(back, x)
	s2, a2 := dot(gu, du)
	tol.Within(t, math.Abs(s0-s1-s2)/(1+a0+a1+a2), 1e-8, "forward %g, backward %g", s0, s1+s2)

	params := implicit.Params(m)
	rng.Shuffle(len(params), func(i, j int) { params[i], params[j] = params[j], params[i] })
	params = params[:min(len(params), 6)]
	out := make([]float64, len(params))
	if err := g.ParamForceVJP(out, params, tangent(y), f); err != nil {
		if !errors.Is(err, implicit.ErrOpens) {
			t.Error(err)
		}
		return
	}
	limit := 1e-8
	if len(m.Loops()) > 0 {
		limit = 1e-6 // rounding of positions times the springs that stand for the loops
	}
	for i, p := range params {
		if err := g.ParamJVP(tangent(next), p); err != nil {
			t.Fatal(err)
		}
		sum, size := forward()
		tol.Within(t, math.Abs(sum-out[i])/(1+size+math.Abs(out[i])), limit, "%s: forward %g, backward %g", p.Name, sum, out[i])
	}
}

// checkBatches: rows of batches have the bits of steps alone.
func (d *drawn) checkBatches(t *testing.T, opt sim.Options, states []sim.State, inputs [][]float64) {
	for workers := 1; workers <= 4; workers++ {
		b, next, results := d.m.NewBatch(opt, workers), make([]sim.State, len(states)), make([]sim.Result, len(states))
		for i := range next {
			next[i] = d.m.NewState()
		}
		if err := b.Step(next, states, inputs, results); err != nil {
			t.Error(err)
		}
		for i, x := range states {
			s := d.m.NewStepper(opt)
			if want := outcomeOf(s, s.Step, x, inputs[i]); want.Err == "" && (!reflect.DeepEqual(next[i], want.Next) || results[i] != want.Result) {
				t.Errorf("row %d of a batch of %d workers: got %v, want %v", i, workers, next[i], want.Next)
			}
		}
	}
}

// checkFiles: models, states and recordings read back as what they were, models with a parameter set too.
func (d *drawn) checkFiles(t *testing.T, opt sim.Options, inputs [][]float64) {
	m, params := d.m, implicit.Params(d.m)
	again, err := d.b.Build()
	if err != nil || again.Hash() != m.Hash() {
		t.Error("another model is built the second time", err)
	}
	p := params[d.rng.IntN(len(params))]
	v, err := implicit.Get(m, p)
	if err != nil {
		t.Error(err)
	}
	set, err := implicit.Set(m, []implicit.Param{p}, []float64{1.01 * v})
	if err != nil {
		set = m
	}
	for _, m := range []*sim.Model{m, set} {
		var file, second, state bytes.Buffer
		if err := errors.Join(m.Save(&file), m.SaveState(&state, d.start)); err != nil {
			t.Fatal(p.Name, err)
		}
		text := file.String()
		o, err := sim.LoadModel(&file)
		if err != nil {
			t.Fatal(p.Name, err)
		}
		if err := o.Save(&second); err != nil || second.String() != text {
			t.Error("saved again it is another file", err)
		}
		if x, err := o.LoadState(&state); err != nil || !reflect.DeepEqual(x, d.start) {
			t.Error(x, err)
		}
		a, b, c := m.NewStepper(opt), o.NewStepper(opt), d.m.NewStepper(opt)
		if err := c.SetModel(o); err != nil {
			t.Error(err)
		}
		want := outcomeOf(a, a.Step, d.start, nil)
		for _, s := range []*sim.Stepper{b, c} {
			if got := outcomeOf(s, s.Step, d.start, nil); !reflect.DeepEqual(got, want) {
				t.Errorf("a model of a file steps to %+v, want %+v", got, want)
			}
		}
	}
	s := m.NewStepper(opt)
	tr, _ := s.Rollout(d.start, len(inputs), func(u []float64, k int, _ sim.State) { copy(u, inputs[k]) }) // one that fails is recorded as far as it came
	var file bytes.Buffer
	if err := s.Record(tr, 3).Save(&file); err != nil {
		t.Fatal(err)
	}
	r, err := sim.LoadRecording(&file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.Of(m), r.Replay(m), r.Replay(r.World)); err != nil {
		t.Error(err)
	}
	if !reflect.DeepEqual(r.Trajectory, *tr) {
		t.Error("a recording reads back as another one")
	}
}

// checkNaN: a number that is none is an error, wherever it stands, and changes nothing.
func (d *drawn) checkNaN(t *testing.T, s *sim.Stepper) {
	m := d.m
	next := m.NewState()
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		x, u := d.start.Clone(), make([]float64, m.NU())
		for _, numbers := range [][]float64{x.Q, x.V, u} {
			for i, v := range numbers {
				numbers[i] = bad
				if _, err := s.Step(&next, x, u); err == nil {
					t.Errorf("%g as number %d of %d is no error", bad, i, len(numbers))
				}
				numbers[i] = v
			}
		}
		x.H = bad
		if _, err := s.Step(&next, x, u); err == nil {
			t.Errorf("an interval of %g is no error", bad)
		}
		for _, p := range implicit.Params(m) {
			if _, err := implicit.Set(m, []implicit.Param{p}, []float64{bad}); err == nil {
				t.Errorf("%s = %g is no error", p.Name, bad)
			}
		}
	}
	if !reflect.DeepEqual(next, m.NewState()) {
		t.Error("steps that failed left something")
	}
}
