package trajopt

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// arm is a free body with a driven hinge and a ball joint: all kinds of coordinates.
func arm(t testing.TB) (*sim.Model, sim.State) {
	t.Helper()
	b := sim.NewBuilder("arm")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	half := r3.Vec{X: 0.1, Y: 0.05, Z: 0.15}
	base, upper, hand := b.AddLink("base", sim.BoxInertia(2, half)), b.AddLink("upper", sim.BoxInertia(1, half)), b.AddLink("hand", sim.BoxInertia(0.5, half))
	b.AddFree("free", base)
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: base, Child: upper, Origin: sim.At(0.1, 0, 0.2), Axes: []sim.Axis{{Drive: sim.Torque}}})
	b.AddJoint(sim.Joint{Name: "ball", Type: sim.Spherical(), Parent: upper, Child: hand, Origin: sim.At(0, 0, 0.3)})
	b.AddCollider(sim.Collider{Link: base, Shape: contact.Box(half), Friction: 0.5})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s, d, rng := m.NewState(), implicit.NewTangent(m), rand.New(rand.NewPCG(1, 2))
	for i := range d.Q {
		d.Q[i], d.V[i] = 0.5*rng.NormFloat64(), 0.5*rng.NormFloat64()
	}
	s.Q[2] = 1
	implicit.Displace(m, &s, s, d)
	return m, s
}

// TestFunctions compares the derivatives of everything the package offers with differences.
func TestFunctions(t *testing.T) {
	m, s := arm(t)
	other := m.NewState()
	p := &Problem{
		Model: m, Start: s, Steps: 3,
		Stage: []Cost{
			State(m, other).Weigh(1), Input(m, []float64{2}).Weigh(1),
			Position(m, "hand", r3.Vec{X: 1}, r3.Vec{Y: 1}, r3.Vec{}, r3.Vec{}).Weigh(3),
			Orientation(m, "upper", sim.RPY(0.3, 0.2, 0.1)).Weigh(1, 2, 3),
			Velocity(m, "hand", r3.Vec{X: 1}, r3.Vec{Y: 1}).Weigh(1),
		},
		Final: []Cost{State(m, other).Rows(0, 3, 12).Weigh(1)},
		Limit: []Function{Position(m, "hand", r3.Vec{}).Rows(2).AtLeast(0.3), Input(m).AtMost(3)},
		Goal:  []Function{Position(m, "hand", r3.Vec{})},
	}
	if err := p.Check([][]float64{{1}, {-1}, {0.5}}); err != nil {
		t.Error(err)
	}
	wrong := Input(m)
	eval := wrong.Eval
	wrong.Eval = func(k int, x sim.State, u, r []float64, dx, du *mat.Dense) {
		if eval(k, x, u, r, dx, du); du != nil {
			du.Set(0, 0, 1.01)
		}
	}
	p.Stage = []Cost{wrong.Named("wrong").Weigh(1)}
	if err := p.Check(nil); err == nil || !strings.Contains(err.Error(), `"wrong" at state 0: the derivative of number 0 by input 0 is given as 1.01, differences say 1`) {
		t.Errorf("a wrong derivative: %v", err)
	}
}

// TestProblemErrors: all mistakes together, each in a sentence.
func TestProblemErrors(t *testing.T) {
	m, s := arm(t)
	p := &Problem{
		Model: m, Start: s, Steps: 0,
		Stage: []Cost{State(m, s).Weigh(1, 2), Input(m).Weigh(-1), {Function: Position(m, "foot", r3.Vec{})}},
		Final: []Cost{Input(m).Weigh(1)},
		Limit: []Function{State(m, s).Rows(99), State(m, s).AtMost(1, 2)},
		Goal:  []Function{Position(m, "hand", make([]r3.Vec, 7)...)},
		Lower: []float64{1}, Upper: []float64{-1},
	}
	_, err := NewILQR(p, Options{})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"Steps is 0", "2 weights for 20 numbers", "weight 0 is -1", `"position of foot"`, "the last state has none", "row 99 of 20",
		"2 bounds for 20 numbers", "has 7 targets", `bounds of input "hinge" are crossed: 1 to -1`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %q in\n%v", want, err)
		}
	}
	if _, err := NewILQR(&Problem{}, Options{}); err == nil {
		t.Error("a problem without model")
	}
}
