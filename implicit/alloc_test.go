package implicit_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

func testAllocations(t *testing.T, name string, g *implicit.Gradient, m *sim.Model, x sim.State) {
	t.Helper()
	next, place, params := m.NewState(), m.NewState(), implicit.Params(m)
	var a, b, p mat.Dense
	d, y, u, out := implicit.NewTangent(m), implicit.NewTangent(m), make([]float64, m.NU()), make([]float64, len(params))
	if _, err := g.Step(&next, x, nil); err != nil {
		t.Fatal(err)
	}
	timestep, forces := params[len(params)-1], g.NewForces()
	contacts, joints := forces.Contacts, forces.Joints
	for _, c := range []struct {
		what string
		f    func() error
	}{
		{"Step", func() error { _, err := g.Step(&next, x, nil); return err }},
		{"Step in place", func() error { place.Copy(x); _, err := g.Step(&place, place, nil); return err }},
		{"StateJacobian", func() error { return g.StateJacobian(&a) }},
		{"InputJacobian", func() error { return g.InputJacobian(&b) }},
		{"ParamJacobian", func() error { return g.ParamJacobian(&p, params) }},
		{"JVP", func() error { return g.JVP(d, y, u) }},
		{"VJP", func() error { return g.VJP(d, u, y) }},
		{"ForceVJP", func() error { return g.ForceVJP(d, u, y, forces) }},
		{"ParamForceVJP", func() error { return g.ParamForceVJP(out, params, y, forces) }},
		{"ParamVJP", func() error { return g.ParamVJP(out, params, y) }},
		{"ParamJVP", func() error { return g.ParamJVP(d, timestep) }},
		{"ContactTangent", func() error { return g.ContactTangent(contacts) }},
		{"JointTangent", func() error { return g.JointTangent(joints) }},
	} {
		if err := c.f(); err != nil {
			t.Fatalf("%s: %s: %v", name, c.what, err)
		}
		if n := testing.AllocsPerRun(20, func() {
			if c.f() != nil {
				panic("failed")
			}
		}); n != 0 {
			t.Errorf("%s: %s allocates %v times", name, c.what, n)
		}
	}
}
