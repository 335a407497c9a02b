package implicit

import (
	"errors"
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// Parameters that open a loop which others hold closed too: what moves has the derivative that differences show, forward
// and transposed. Columns of xarm7's knuckles were 4e3 for 0.06 where they followed rounding of forces, and in its first
// step −2400 for 0.04 where they followed what its loops did against each other.
func TestOpeningColumns(t *testing.T) {
	for _, c := range []struct {
		model  string
		before int // steps
	}{{"xarm7", 0}, {"xarm7", 13}, {"fourbar", 5}, {"robotiq", 3}} {
		m, x := stirred(t, c.model)
		s := m.NewStepper(sharp)
		g, err := New(s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for range c.before {
			if _, err := g.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		next, opening := s.Model().NewState(), 0
		if _, err := g.Step(&next, x, nil); err != nil {
			t.Fatal(err)
		}
		for _, p := range Params(s.Model()) {
			column := NewTangent(s.Model())
			if err := g.ParamJVP(column, p); err != nil {
				t.Fatal(err)
			}
			if !g.last.opened {
				continue
			}
			opening++
			for i := range column.V {
				y, pulled := NewTangent(s.Model()), []float64{0}
				y.V[i] = 1
				if err := g.ParamVJP(pulled, []Param{p}, y); err != nil {
					t.Fatal(err)
				}
				if pulled[0] != column.V[i] {
					t.Errorf("%s after %d steps: %s: column %g in velocity %d, transposed %g", c.model, c.before, p.Name, column.V[i], i, pulled[0])
				}
			}
			if e := offDifferences(t, s, x, p, column); !(e < 1e-3) {
				t.Errorf("%s after %d steps: %s: differences are off by %.1e", c.model, c.before, p.Name, e)
			}
		}
		if opening < 10 {
			t.Errorf("%s: %d parameters open a loop", c.model, opening)
		}
	}
}

// A contact on a linkage that a parameter opens: the change of its force is that of the step too, forward and
// transposed. Forward it was that of the solve before, which had followed rounding. The foot is beside the plane of the
// linkage: in it what leaves the plane changes no force.
func TestContactsOfOpenedLoops(t *testing.T) {
	m, x := stirred(t, "fivebar", func(b *sim.Builder) {
		b.ChangeCollider("foot", func(c *sim.Collider) { c.Pose.Pos.Y = 0.08 })
	})
	s := m.NewStepper(sharp)
	g, err := New(s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	next, opening, felt := m.NewState(), 0, 0
	for range 25 { // the foot stands then
		if _, err := g.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	if f := s.Contacts(); len(f) != 1 || !(f[0].Force.Z > 1) {
		t.Fatalf("contacts %v", f)
	}
	for _, p := range Params(m) {
		column, change := NewTangent(m), g.NewForces()
		if err := errors.Join(g.ParamJVP(column, p), g.ContactTangent(change.Contacts)); err != nil {
			t.Fatal(err)
		}
		if !g.last.opened {
			continue
		}
		opening++
		f, pulled := g.NewForces(), []float64{0}
		f.Contacts[0].Force.Z = 1
		f.Joints, f.Loops = nil, nil
		if err := g.ParamForceVJP(pulled, []Param{p}, NewTangent(m), f); err != nil {
			t.Fatal(err)
		}
		got := change.Contacts[0].Force.Z
		if !(math.Abs(pulled[0]-got) <= 1e-12*math.Abs(got)) {
			t.Errorf("%s: force %g, transposed %g", p.Name, got, pulled[0])
		}
		value, err := Get(m, p)
		if err != nil {
			t.Fatal(err)
		}
		const eps = 1e-7
		var force [2]float64
		for i, to := range [2]float64{value + eps, value - eps} {
			changed, err := Set(m, []Param{p}, []float64{to})
			if err != nil {
				t.Fatal(err)
			}
			beside, end := changed.NewStepper(s.Options()), m.NewState()
			if _, err := beside.Step(&end, x, nil); err != nil {
				t.Fatal(err)
			}
			force[i] = beside.Contacts()[0].Force.Z
		}
		if want := (force[0] - force[1]) / (2 * eps); !(math.Abs(got-want) <= 1e-6*math.Max(1, math.Abs(want))) {
			t.Errorf("%s: force %g, differences %g", p.Name, got, want)
		} else if math.Abs(want) > 1 {
			felt++
		}
	}
	if opening < 10 || felt < 3 {
		t.Errorf("%d parameters open a loop, %d are felt", opening, felt)
	}
}

// sharp is for steps that are compared with differences.
var sharp = sim.Options{Kappa: 1e-4, Tolerance: 1e-12}

// stirred returns a model of the zoo, and a start whose joints move as its loops do not allow.
func stirred(t *testing.T, name string, change ...func(*sim.Builder)) (*sim.Model, sim.State) {
	t.Helper()
	e, err := models.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	b := e.Builder(models.Options{})
	for _, f := range change {
		f(b)
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	x := e.Start(m)
	for i := range x.V {
		x.V[i] = 0.5 * math.Sin(float64(7*i+1))
	}
	if err := m.Assemble(&x); err != nil {
		t.Fatal(err)
	}
	return m, x
}

// offDifferences returns by how much a column of velocities is off central differences, as part of the largest entry.
// Where loops open steps fail now and then: the best of several sizes counts.
func offDifferences(t *testing.T, s *sim.Stepper, x sim.State, p Param, column Tangent) float64 {
	m, best := s.Model(), math.Inf(1)
	value, err := Get(m, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, eps := range []float64{1e-6, 1e-7, 1e-5} {
		var ends [2]sim.State
		for i, to := range [2]float64{value + eps, value - eps} {
			changed, err := Set(m, []Param{p}, []float64{to})
			if err != nil {
				t.Fatal(err)
			}
			ends[i] = m.NewState()
			if r, err := changed.NewStepper(s.Options()).Step(&ends[i], x, nil); err != nil || r.Halvings > 0 {
				ends[i] = sim.State{}
			}
		}
		if ends[0].Q == nil || ends[1].Q == nil {
			continue
		}
		size, off := 0.1, 0.0
		for i := range column.V {
			d := (ends[0].V[i] - ends[1].V[i]) / (2 * eps)
			size, off = math.Max(size, math.Abs(d)), math.Max(off, math.Abs(d-column.V[i]))
		}
		if best = math.Min(best, off/size); best < 1e-4 {
			break
		}
	}
	return best
}
