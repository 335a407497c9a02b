package implicit_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// turners are a ball, an egg and a box that slide, spin and roll at once on the ground, on a table and on each other.
func turners(t testing.TB) (*sim.Model, sim.State) {
	b := world("turners", 9.81)
	b.AddHalfSpace("ground", r3.Vec{X: 0.1, Y: -0.05, Z: 1}, 0)
	table := r3.Vec{X: 1, Y: 1, Z: 0.1}
	b.AddCollider(sim.Collider{Name: "table", Link: sim.World, Shape: contact.Box(table), Pose: sim.Pose{Pos: r3.Vec{Y: 3, Z: 0.6}, Rot: sim.RPY(0.1, 0.05, 0)}, Friction: 0.6})
	for i, shape := range []contact.Shape{contact.Sphere(0.1), contact.Ellipsoid(0.15, 0.1, 0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.12, Z: 0.1}), contact.Sphere(0.1), contact.Ellipsoid(0.1, 0.15, 0.1)} {
		name := string(rune('a' + i))
		l := b.AddLink(name, sim.SphereInertia(1, 0.1))
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: shape, Friction: 0.4, Surface: contact.Surface{Torsion: 0.03 + 0.01*float64(i), Rolling: 0.02}})
	}
	b.SetPairTurning("d", "e", 0.05, 0.04)
	m := must(t, b)
	x := m.NewState()
	for i, at := range []r3.Vec{{Z: 0.1}, {X: 1, Z: 0.01}, {X: -0.3, Y: 3, Z: 0.815}, {X: 0.4, Y: 3, Z: 0.785}, {X: 0.41, Y: 3.01, Z: 0.98}} {
		q, v := x.Q[7*i:], x.V[6*i:]
		q[0], q[1], q[2] = at.X, at.Y, at.Z
		v[0], v[1], v[2], v[3], v[4], v[5] = 0.5, 0.2, -0.3, 1, 3, 9
	}
	return m, x
}

// TestTorqueTangents: the derivatives of the torques by which contacts resist turning, by state and all parameters, are those
// that differences say, at the scale of the torques alone. Forces had derivatives, these torques none.
func TestTorqueTangents(t *testing.T) {
	const kappa = 1e-4
	rng := rand.New(rand.NewPCG(5, 6))
	m, x := turners(t)
	s := m.NewStepper(tightly(kappa))
	for range 4 {
		x = step(t, s, x, nil)
	}
	g, next := gradient(t, s, implicit.Options{}), m.NewState()
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	pressed, ids := map[sim.Pair]bool{}, []sim.ContactID(nil)
	for _, c := range s.Contacts() {
		if r3.Norm(c.Torque) > 0.01 {
			pressed[c.ID.Pair] = true
			ids = append(ids, c.ID)
		}
	}
	torques := func(s *sim.Stepper) (l []float64) {
		for _, c := range s.Contacts() {
			if slices.Contains(ids, c.ID) {
				l = append(l, c.Torque.X, c.Torque.Y, c.Torque.Z)
			}
		}
		if len(l) != 3*len(ids) {
			return nil // other features touch
		}
		return l
	}
	if len(pressed) < 5 {
		t.Fatalf("pairs that resist turning: %v", pressed)
	}
	d, out := implicit.NewTangent(m), implicit.NewTangent(m)
	tangents := func() (l []float64) {
		dst := g.NewForces().Contacts
		if err := g.ContactTangent(dst); err != nil {
			t.Fatal(err)
		}
		for _, c := range dst {
			if slices.Contains(ids, c.ID) {
				l = append(l, c.Torque.X, c.Torque.Y, c.Torque.Z)
			}
		}
		return l
	}
	for i := range d.Q {
		d.Q[i], d.V[i] = 0.3*rng.NormFloat64(), rng.NormFloat64()
	}
	if err := g.JVP(out, d, nil); err != nil {
		t.Fatal(err)
	}
	fd := m.NewStepper(tightly(kappa))
	check := func(what string, got []float64, scale float64, at func(eps float64) []float64, sizes ...float64) {
		t.Helper()
		if e := differ(got, scale, at, sizes...); !(e < 1e-6) {
			t.Errorf("κ %g: torques by %s differ by %.1e from differences", kappa, what, e)
		}
	}
	check("state", tangents(), 0, func(eps float64) []float64 {
		y, e := m.NewState(), implicit.NewTangent(m)
		for i := range d.Q {
			e.Q[i], e.V[i] = eps*d.Q[i], eps*d.V[i]
		}
		implicit.Displace(m, &y, x, e)
		step(t, fd, y, nil)
		return torques(fd)
	}, sizes...)
	params := implicit.Params(m)
	columns, scale := make([][]float64, len(params)), map[string]float64{}
	for k, p := range params {
		if err := g.ParamJVP(out, p); err != nil {
			t.Fatal(err)
		}
		columns[k] = tangents()
		for _, v := range columns[k] {
			scale[p.Kind] = math.Max(scale[p.Kind], math.Abs(v))
		}
	}
	for k, p := range params {
		if p.Kind == "external force" {
			continue // no value of the model
		}
		x0 := value(t, m, p)
		check(p.Name, columns[k], scale[p.Kind], func(eps float64) []float64 {
			m2, err := implicit.With(m, p, x0+eps)
			if err != nil {
				t.Fatal(err)
			}
			s2, next := m2.NewStepper(tightly(kappa)), m.NewState()
			if r, err := s2.Step(&next, x, nil); err != nil || r.Halvings > 0 {
				return nil
			}
			return torques(s2)
		}, paramSizes(x0)...)
	}
}

// TestCostOfTorques: a cost of the torques of contacts, as a foot's that shall not spin, has the gradient that differences of
// the cost say, by the start and by the lengths that bound the torques. It had none.
func TestCostOfTorques(t *testing.T) {
	m, x := turners(t)
	g := gradient(t, m.NewStepper(sim.Options{Kappa: 1e-4, Centrality: 1e-10, Tolerance: 1e-12}), implicit.Options{})
	squares := implicit.Cost{Forces: func(_ int, f, gf implicit.Forces) float64 {
		sum := 0.0
		for i, c := range f.Contacts {
			sum += r3.Norm2(c.Torque) / 2
			gf.Contacts[i].Torque = r3.Add(gf.Contacts[i].Torque, c.Torque)
		}
		return sum
	}}
	inputs := make([][]float64, 8)
	var params []implicit.Param
	for _, p := range implicit.Params(m) {
		if p.Kind == "surface" || p.Kind == "friction" || p.Kind == "pair" {
			params = append(params, p)
		}
	}
	if err := g.CheckCost(x, inputs, squares); err != nil {
		t.Error(err)
	}
	r, err := g.Rollout(x, inputs, squares, implicit.RolloutOptions{Params: params})
	if err != nil {
		t.Fatal(err)
	}
	cost := func(m *sim.Model, x sim.State) []float64 {
		c, err := gradient(t, m.NewStepper(sim.Options{Kappa: 1e-4, Centrality: 1e-10, Tolerance: 1e-12}), implicit.Options{}).Cost(x, inputs, squares)
		if err != nil {
			t.Fatal(err)
		}
		return []float64{c}
	}
	largest := math.Max(largestOf(r.Start.Q), largestOf(r.Start.V))
	for i := range 2 * m.NV() {
		got := both(r.Start)[i]
		e := differ([]float64{got}, largest, func(eps float64) []float64 {
			d, y := implicit.NewTangent(m), m.NewState()
			[2][]float64{d.Q, d.V}[i/m.NV()][i%m.NV()] = eps
			implicit.Displace(m, &y, x, d)
			return cost(m, y)
		}, 1e-5, 1e-6, 1e-7)
		if !(e < 1e-6) {
			t.Errorf("by entry %d of the start: off by %.1e", i, e)
		}
	}
	for i, p := range params {
		x0 := value(t, m, p)
		e := differ(r.Params[i:i+1], largestOf(r.Params), func(eps float64) []float64 {
			m2, err := implicit.With(m, p, x0+eps)
			if err != nil {
				return nil
			}
			return cost(m2, x)
		}, 1e-4, 1e-5, 1e-6)
		if !(e < 1e-6) {
			t.Errorf("by %s: %g is off by %.1e", p.Name, r.Params[i], e)
		}
	}
	if largestOf(r.Params) == 0 || len(params) < 10 {
		t.Errorf("%d parameters, derivatives %v", len(params), r.Params)
	}
}
