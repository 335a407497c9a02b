package implicit

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// Parameters that open a loop which others hold closed too: forward products and the transposed ones are the same
// numbers. The column of xarm7's knuckle was 4e3 for 0.06 where its forces had no bound.
func TestOpeningColumns(t *testing.T) {
	e, err := models.Find("xarm7")
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Builder(models.Options{}).Build()
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
	g, err := New(m.NewStepper(sim.Options{Kappa: 1e-4}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 13 {
		if _, err := g.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"right_inner_knuckle_joint.rx", "right_inner_knuckle_joint.rz", "left_inner_knuckle_joint.x", "left_inner_knuckle_joint.y"} {
		p, err := FindParam(m, name)
		if err != nil {
			t.Fatal(err)
		}
		column := NewTangent(m)
		if err := g.ParamJVP(column, p); err != nil {
			t.Fatal(err)
		}
		for i := range column.V {
			y, want := NewTangent(m), []float64{0}
			y.V[i] = 1
			if err := g.ParamVJP(want, []Param{p}, y); err != nil {
				t.Fatal(err)
			}
			if d := math.Abs(column.V[i] - want[0]); !(d <= 1e-6*(1+math.Abs(want[0]))) {
				t.Errorf("%s: column %g in velocity %d, transposed %g", name, column.V[i], i, want[0])
			}
		}
	}
}
