package trajopt

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// driven is a block of 1 kg on the ground that a force drives.
func driven(t *testing.T, timestep, height float64) (*sim.Model, sim.State) {
	t.Helper()
	m, x, err := models.Load("driven_block", models.Options{Timestep: timestep})
	if err != nil {
		t.Fatal(err)
	}
	models.PlaceAbove(m, x.Q, height)
	return m, x
}

// TestForceDerivatives compares what the expansion of a problem says of forces, by state and input, with differences of
// steps: of the contact force on the foot of a hopper that slides, and of the wrench of its leg, in parts, below a
// bound and above it.
func TestForceDerivatives(t *testing.T) {
	m, x, err := models.Load("hopper", models.Options{Timestep: 0.02})
	if err != nil {
		t.Fatal(err)
	}
	leg := m.Joints()[1].Name
	x.H = 0.02
	x.Q[2] += 1e-3 // on the ground itself a step has two derivatives
	for i := range x.V {
		x.V[i] = 0.4 * math.Sin(float64(3*i+1))
	}
	u := []float64{1, -0.5, 0.3, -30}
	f := []Function{Contact(m, "foot", r3.Vec{X: 1, Z: 10}), Contact(m, "foot").Rows(2, 0).AtMost(3), Wrench(m, leg).Rows(2, 4), Wrench(m, leg).AtLeast(1)}
	s := m.NewStepper(sim.Options{Kappa: 1e-3, Centrality: 1e-11, Tolerance: 1e-12})
	g, err := implicit.New(s, implicit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range f {
		term := &term{Function: &f[i]}
		value := func(c int, e float64) []float64 {
			d, y, v, next := implicit.NewTangent(m), x.Clone(), append([]float64(nil), u...), m.NewState()
			switch nv := m.NV(); {
			case c < nv:
				d.Q[c] = e
			case c < 2*nv:
				d.V[c-nv] = e
			default:
				v[c-2*nv] += e
			}
			implicit.Displace(m, &y, x, d)
			if _, err := s.Step(&next, y, v); err != nil {
				t.Fatal(err)
			}
			var at implicit.Forces
			forces(&at, s)
			r := make([]float64, f[i].Dim)
			f[i].EvalForces(0, at, r, nil)
			return r
		}
		next, at := m.NewState(), implicit.Forces{}
		if _, err := g.Step(&next, x, u); err != nil {
			t.Fatal(err)
		}
		forces(&at, s)
		dx, du := mat.NewDense(f[i].Dim, 2*m.NV(), nil), mat.NewDense(f[i].Dim, m.NU(), nil)
		if err := term.ofForces(0, g, at, dx, du); err != nil {
			t.Fatal(err)
		}
		largest := max(mat.Max(dx), -mat.Min(dx))
		if !(largest > 1) {
			t.Errorf("%s depends on nothing: its largest derivative is %g", f[i].Name, largest)
		}
		for c := range 2*m.NV() + m.NU() {
			const e = 1e-6
			up, down := value(c, e), value(c, -e)
			for r := range up {
				got := 0.0
				if c < 2*m.NV() {
					got = dx.At(r, c)
				} else {
					got = du.At(r, c-2*m.NV())
				}
				tol.Within(t, got-(up[r]-down[r])/(2*e), 2e-6*largest, "%s, number %d by %d", f[i].Name, r, c)
			}
		}
	}
}

// TestPress: a force that shall press a block on the ground with 30 N is found by both methods, and is 30 N less its weight. Contact forces
// are those of a step, not of a state.
func TestPress(t *testing.T) {
	m, x := driven(t, 0.02, 0)
	p := &Problem{Model: m, Start: x, Steps: 8, Stage: []Cost{Contact(m, m.Bodies()[0], r3.Vec{Z: 30}).Weigh(1), Input(m).Weigh(1e-6)}}
	if err := p.Check(nil); err != nil {
		t.Fatal(err)
	}
	r, err := Solve(context.Background(), p, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := Shoot(context.Background(), p, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for k := 2; k < p.Steps; k++ { // at first the block has to come down from the gap at which it would rest without
		tol.Within(t, r.Inputs[k][2]-(9.81-30), 0.01, "force of step %d", k)
	}
	tol.Within(t, other.Cost/r.Cost-1, 1e-3, "costs of both methods")
}

// TestSoftLanding: a block is set down from 5 cm and never feels more than twice its weight: a limit of a contact
// force, whose largest is 2.5 times that without it. The joint that carries the drives feels no more than the limit of
// its wrench says.
func TestSoftLanding(t *testing.T) {
	m, x := driven(t, 0.02, 0.05)
	down := x.Clone()
	models.PlaceAbove(m, down.Q, 0)
	there := State(m, down)
	p := &Problem{
		Model: m, Start: x, Steps: 15, Stage: []Cost{there.Rows(0, 1, 2, 3, 4, 5).Weigh(1000), Input(m).Weigh(0.001)}, Final: []Cost{there.Weigh(1000)},
	}
	opt := Options{Kappas: []float64{1e-2, 1e-4}}
	peak := func() float64 {
		r, err := Solve(context.Background(), p, nil, opt)
		if err != nil {
			t.Fatal(err)
		}
		if low, _ := models.Lowest(m, r.States[p.Steps].Q); low > 0.002 {
			t.Errorf("it ends %g m above the ground", low)
		}
		most, s := 0.0, m.NewStepper(sim.Options{Kappa: 1e-4})
		y := x.Clone()
		for _, u := range r.Inputs {
			if _, err := s.Step(&y, y, u); err != nil {
				t.Fatal(err)
			}
			var f implicit.Forces
			forces(&f, s)
			sum := 0.0
			for _, c := range f.Contacts {
				sum += c.Force.Z
			}
			most = math.Max(most, sum)
		}
		return most
	}
	hard := peak()
	const most = 2 * 9.81
	p.Limit = []Function{Contact(m, m.Bodies()[0]).Rows(2).AtMost(most)}
	soft := peak()
	t.Logf("the largest force is %.1f N without the limit of %.1f N, and %.3f N with it", hard, most, soft)
	if hard < 2*most || soft > most+2*DefaultTolerance {
		t.Errorf("the largest force is %g N without the limit of %g N, and %g N with it", hard, most, soft)
	}
}

// TestForceErrors: what makes no sense of forces is refused by name, and a derivative that is wrong is found.
func TestForceErrors(t *testing.T) {
	m, x := driven(t, 0.02, 0)
	force := Contact(m, m.Bodies()[0])
	for want, p := range map[string]Problem{
		"none begins at the last state":               {Goal: []Function{force}},
		`has no collider, and no body with colliders`: {Stage: []Cost{Contact(m, "hand").Weigh(1)}},
		`has no joint "knee"`:                         {Limit: []Function{Wrench(m, "knee").AtMost(1)}},
		"want one, or one for each of 4 steps":        {Stage: []Cost{Contact(m, m.Bodies()[0], r3.Vec{}, r3.Vec{}).Weigh(1)}},
		"want one of both":                            {Stage: []Cost{Function{Name: "nothing", Dim: 1}.Weigh(1)}},
	} {
		p.Model, p.Start, p.Steps = m, x, 4
		if _, err := NewILQR(&p, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	wrong := force
	wrong.EvalForces = func(k int, f implicit.Forces, r []float64, d []implicit.Forces) {
		force.EvalForces(k, f, r, d)
		for i := range d {
			d[i].Contacts[0].Force.Y += 0.1
		}
	}
	p := Problem{Model: m, Start: x, Steps: 4, Stage: []Cost{wrong.Weigh(1)}}
	if err := p.Check(nil); err == nil || !strings.Contains(err.Error(), `"contact force on `) || !strings.Contains(err.Error(), "component of the forces 1") {
		t.Errorf("a wrong derivative: %v", err)
	}
}
