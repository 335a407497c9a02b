package implicit_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestNothingMoves: a model without a degree of freedom has no derivatives, which is an error instead of a panic.
func TestNothingMoves(t *testing.T) {
	b := sim.NewBuilder("wall")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddJoint(sim.Joint{Name: "bolts", Type: sim.Fixed(), Parent: sim.World, Child: b.AddLink("bricks", sim.Inertia{})})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	g, x := gradient(t, m.NewStepper(sim.Options{}), implicit.Options{}), m.NewState()
	if _, err := g.Step(&x, x, nil); err != nil {
		t.Fatal(err)
	}
	var a mat.Dense
	if err := g.StateJacobian(&a); err == nil || !strings.Contains(err.Error(), "nothing moves in the model") {
		t.Error(err)
	}
}

// TestErrors asserts that what has no derivative is an error: never NaN, never silently zero.
func TestErrors(t *testing.T) {
	s, x := zoo(t, "cartpole", sim.Options{})
	m := s.Model()
	g := gradient(t, s, implicit.Options{})
	y, z, u := implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, m.NU())
	wants := func(what string, err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one about %q", what, err, want)
		}
	}
	wants("no step", g.VJP(y, u, z), "no step")
	wants("no step", g.ParamVJP(nil, nil, z), "no step")
	wants("no step", g.ContactTangent(nil), "no step")
	next := m.NewState()
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	short := implicit.Tangent{Q: y.Q[:1], V: y.V}
	wants("short tangent", g.VJP(y, u, short), "lengths")
	wants("short tangent", g.JVP(y, short, nil), "lengths")
	wants("short tangent", g.ParamJVP(short, implicit.Params(m)[0]), "lengths")
	wants("long input", g.JVP(y, z, make([]float64, 7)), "length 7")
	wants("long input", g.VJP(y, make([]float64, 7), z), "length 7")
	wants("parameters", g.ParamVJP(make([]float64, 3), implicit.Params(m)[:2], z), "length 3")
	bad, force := implicit.NewTangent(m), g.NewForces()
	bad.V[1], force.Joints[0].Torque.Z = math.NaN(), math.Inf(1)
	wants("NaN tangent", g.JVP(y, bad, nil), "not finite")
	wants("NaN tangent", g.VJP(y, u, bad), "not finite")
	wants("NaN tangent", g.ParamVJP(make([]float64, 1), implicit.Params(m)[:1], bad), "not finite")
	wants("infinite input tangent", g.JVP(y, z, []float64{math.Inf(1)}), "not finite")
	wants("infinite force", g.ForceVJP(y, u, z, force), "not finite")
	wants("infinite force", g.ParamForceVJP(make([]float64, 1), implicit.Params(m)[:1], z, force), "not finite")
	for _, into := range []implicit.Tangent{z, {Q: z.Q, V: y.V}, {Q: y.Q, V: z.Q}} { // products went on with what they had overwritten
		wants("shared memory", g.JVP(into, z, nil), "shares memory")
		wants("shared memory", g.VJP(into, u, z), "shares memory")
	}
	if y.Q[0] = math.NaN(); g.VJP(y, u, z) != nil || y.Q[0] != 0 {
		t.Error("what a result held before counts")
	}
	_, err := g.Step(&next, x, []float64{math.NaN()})
	wants("NaN input", err, "NaN")
	wants("failed step", g.VJP(y, u, z), "no step")

	none := implicit.Cost{}
	nan := math.NaN()
	roll := func(inputs [][]float64, c implicit.Cost) error {
		r, err := g.Rollout(x, inputs, c, implicit.RolloutOptions{})
		if err != nil && r != nil {
			t.Error("a result next to an error")
		}
		return err
	}
	wants("long input", roll([][]float64{nil, make([]float64, 9)}, none), "step 1: sim: input has length 9")
	wants("NaN input", roll([][]float64{nil, nil, {nan}}, none), "step 2: sim: input 0")
	wants("terminal gradient", roll(make([][]float64, 3), implicit.Cost{Terminal: func(_ sim.State, gx implicit.Tangent) float64 {
		gx.V[0] = nan
		return 0
	}}), "not finite")
	wants("terminal cost", roll(make([][]float64, 3), implicit.Cost{Terminal: func(sim.State, implicit.Tangent) float64 { return nan }}), "the cost is NaN")
	wants("running gradient", roll(make([][]float64, 3), implicit.Cost{Running: func(k int, _ sim.State, _ []float64, gx implicit.Tangent, gu []float64) float64 {
		gu[0] = math.Inf(1)
		return 0
	}}), "step 2")
	if _, err := g.Rollout(sim.State{}, nil, none, implicit.RolloutOptions{}); err == nil {
		t.Error("a start of the wrong length passes")
	}
	each := func(int, sim.State, *mat.Dense) error { return nil }
	all := implicit.Unknowns{Start: implicit.Directions(m)}
	if err := g.Sensitivity(sim.State{}, make([][]float64, 2), all, each); err == nil {
		t.Error("a start of the wrong length passes")
	}
	wants("short tangent", g.Sensitivity(x, make([][]float64, 2), implicit.Unknowns{Start: []implicit.Tangent{short}}, each), "lengths")
	wants("no unknowns", g.Sensitivity(x, make([][]float64, 2), implicit.Unknowns{}, each), "no unknowns")
	wants("short direction", g.Sensitivity(x, make([][]float64, 2), implicit.Unknowns{Inputs: [][][]float64{{nil}}}, each), "1 steps")
	wants("long direction", g.Sensitivity(x, make([][]float64, 1), implicit.Unknowns{Inputs: [][][]float64{{make([]float64, 5)}}}, each), "length 5")
	wants("a failed step", g.Sensitivity(x, [][]float64{nil, {nan}}, all, each), "step 1: sim: input 0")
	stop := errors.New("stop")
	if err := g.Sensitivity(x, make([][]float64, 2), all, func(k int, _ sim.State, _ *mat.Dense) error {
		if k == 1 {
			return stop
		}
		return nil
	}); err != stop {
		t.Errorf("an error of the caller's comes back as %v", err)
	}

	// nothing to differentiate is not an error: the gradient is that of the terminal cost
	r, err := g.Rollout(x, nil, implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 {
		gx.Q[0] = 3
		return 7
	}}, implicit.RolloutOptions{Params: implicit.Params(m)[:2]})
	if err != nil || r.Cost != 7 || r.Start.Q[0] != 3 || len(r.Inputs) != 0 || len(r.States) != 1 || r.Params[0] != 0 {
		t.Errorf("no steps: %+v, %v", r, err)
	}
}

// TestRolloutStops: a rollout that is told to stop ends with that error, going forward and where a segment is taken again.
func TestRolloutStops(t *testing.T) {
	s, x := zoo(t, "cartpole", sim.Options{})
	g, err := implicit.New(s, implicit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	enough, inputs := errors.New("enough"), make([][]float64, 50)
	for _, after := range []int{0, 20, 60} {
		calls := 0
		opt := implicit.RolloutOptions{Segment: 10, Stop: func() error {
			if calls++; calls > after {
				return enough
			}
			return nil
		}}
		if _, err := g.Rollout(x, inputs, implicit.Cost{}, opt); !errors.Is(err, enough) || calls != after+1 {
			t.Errorf("told to stop after %d steps: %v after %d", after, err, calls)
		}
	}
}
