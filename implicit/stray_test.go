package implicit_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestDeepStartDoesNotLeap: two rods on a hinge and a third one, thrown into each other and the ground, come out by no
// more than what moves them out. The solve that has the configuration of such a step could go to a distant solution,
// which no energy told, for its velocity is thrown away: the worst of these starts left what its velocity said by 1083
// m/s or rad/s, two radians in a step of 2 ms.
func TestDeepStartDoesNotLeap(t *testing.T) {
	held, worst := 0, 0.0
	for seed := range uint64(400) {
		m, x := rods(t, rand.New(rand.NewPCG(seed, 5)))
		s, next, d := m.NewStepper(sim.Options{}), m.NewState(), implicit.NewTangent(m)
		for range 20 {
			res, err := s.Step(&next, x, nil)
			if err != nil {
				t.Fatalf("start %d: %v", seed, err)
			}
			if len(s.Parts()) == 1 && s.Parts()[0].Held {
				held++
			}
			implicit.Difference(m, d, next, x)
			x.Copy(next)
			if res.Halvings > 0 { // the velocity is that of the last part
				continue
			}
			for i, dq := range d.Q {
				worst = math.Max(worst, math.Abs(dq/m.Timestep()-x.V[i]))
			}
		}
	}
	t.Logf("configurations leave what velocities say by at most %.0f m/s or rad/s; %d steps stayed as deep", worst, held)
	if worst > 120 || held == 0 {
		t.Errorf("a configuration left what its velocity says by %g m/s or rad/s; %d steps stayed as deep", worst, held)
	}
}

// TestHeldStepHasDerivatives: a step whose way out of what it starts in would be a leap stays as deep, and is one
// solve: so are its derivatives, by the state and by every parameter, forward and backward.
func TestHeldStepHasDerivatives(t *testing.T) {
	opt := sim.Options{Kappa: 1e-4, Tolerance: 1e-12, Centrality: 1e-10}
	found := 0
	for seed := range uint64(600) {
		m, x := rods(t, rand.New(rand.NewPCG(seed, 5)))
		s, next := m.NewStepper(opt), m.NewState()
		held := func(s *sim.Stepper, next *sim.State, x sim.State) bool {
			_, err := s.Step(next, x, nil)
			return err == nil && len(s.Parts()) == 1 && s.Parts()[0].Held
		}
		if !held(s, &next, x) {
			continue
		}
		found++
		g := gradient(t, m.NewStepper(opt), implicit.Options{})
		if _, err := g.Step(&next, x, nil); err != nil {
			t.Fatal(err)
		}
		var a mat.Dense
		if err := g.StateJacobian(&a); err != nil {
			t.Fatal(err)
		}
		worst, base, diff, end := 0.0, next.Clone(), implicit.NewTangent(m), m.NewState()
		off := func(column []float64, scale float64, change func(eps float64) (*sim.Stepper, sim.State)) float64 {
			return differ(column, scale, func(eps float64) []float64 {
				if s, x := change(eps); !held(s, &end, x) {
					return nil
				}
				implicit.Difference(m, diff, end, base)
				return both(diff)
			}, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
		}
		for c, dir := range implicit.Directions(m) {
			e := off(mat.Col(nil, c, &a), mat.Max(&a), func(eps float64) (*sim.Stepper, sim.State) {
				along, y := implicit.NewTangent(m), m.NewState()
				floats.AddScaled(along.Q, eps, dir.Q)
				floats.AddScaled(along.V, eps, dir.V)
				implicit.Displace(m, &y, x, along)
				return s, y
			})
			worst = math.Max(worst, e)
		}
		params, y := implicit.Params(m), implicit.NewTangent(m)
		for i := range y.Q {
			y.Q[i], y.V[i] = math.Sin(float64(i)), math.Cos(float64(i))
		}
		pulled := make([]float64, len(params))
		if err := g.ParamVJP(pulled, params, y); err != nil {
			t.Fatal(err)
		}
		columns, scale := make([]implicit.Tangent, len(params)), map[string]float64{}
		for i, p := range params {
			columns[i] = implicit.NewTangent(m)
			if err := g.ParamJVP(columns[i], p); err != nil {
				t.Fatal(err)
			}
			scale[p.Kind] = math.Max(scale[p.Kind], floats.Norm(both(columns[i]), math.Inf(1)))
		}
		for i, p := range params {
			column := columns[i]
			if e := math.Abs(floats.Dot(both(y), both(column)) - pulled[i]); !(e < 1e-9*math.Max(1, floats.Norm(both(column), 1))) {
				t.Errorf("start %d, %s: forward and backward differ by %.1e", seed, p.Name, e)
			}
			if p.Kind == "external force" {
				continue
			}
			value, err := implicit.Get(m, p)
			if err != nil {
				t.Fatal(err)
			}
			e := off(both(column), scale[p.Kind], func(eps float64) (*sim.Stepper, sim.State) {
				changed, err := implicit.With(m, p, value+eps)
				if err != nil {
					t.Fatal(err)
				}
				return changed.NewStepper(opt), x
			})
			if worst = math.Max(worst, e); !(e < 1e-6) {
				t.Errorf("start %d, %s: differences say otherwise, by %.1e of the largest entry", seed, p.Name, e)
			}
		}
		if !(worst < 1e-6) {
			t.Errorf("start %d: differences say otherwise, by %.1e of the largest entry", seed, worst)
		}
		t.Logf("start %d: %.1e", seed, worst)
	}
	if found == 0 {
		t.Error("no start is held")
	}
}

// rods draws two on a hinge and a third one; most are in each other or in the ground.
func rods(t *testing.T, r *rand.Rand) (*sim.Model, sim.State) {
	u := func() float64 { return 2*r.Float64() - 1 }
	turn := func() quat.Number {
		q := quat.Number{Real: u(), Imag: u(), Jmag: u(), Kmag: u()}
		return quat.Scale(1/quat.Abs(q), q)
	}
	b := sim.NewBuilder("rods")
	b.SetTimestep(0.002)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	half := r3.Vec{X: 0.1, Y: 0.06, Z: 0.04}
	names := [...]string{"upper", "lower", "box"}
	var links [3]sim.Link
	for i, name := range names {
		links[i] = b.AddLink(name, sim.BoxInertia(1, half))
		b.AddCollider(sim.Collider{Link: links[i], Shape: contact.Box(half), Friction: 0.5})
	}
	axis := r3.Unit(r3.Vec{X: u(), Y: u(), Z: u()})
	b.AddFree("upper", links[0])
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(axis), Parent: links[0], Child: links[1], Origin: sim.Pose{Pos: r3.Vec{X: 0.12 * u(), Y: 0.12 * u(), Z: 0.25}, Rot: turn()}})
	b.AddFree("box", links[2])
	m := must(t, b)
	x := m.NewState()
	for _, at := range [...][2]int{{0, 0}, {8, 7}} {
		q := turn()
		copy(x.Q[at[0]:], []float64{0.08 * u(), 0.08 * u(), 0.1 + 0.04*u(), q.Real, q.Imag, q.Jmag, q.Kmag})
		for i := range 6 {
			x.V[at[1]+i] = 2 * u()
		}
	}
	return m, x
}
