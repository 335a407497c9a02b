package main

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		v    []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{4, 1}, 2.5}, {[]float64{5, 1, 2}, 2}} {
		if got := median(c.v); got != c.want {
			t.Errorf("median of %v is %g, want %g", c.v, got, c.want)
		}
	}
}

// TestPool: the least time counts, and the rounds tell how noisy it is.
func TestPool(t *testing.T) {
	p := newPool()
	k := key{"scene", ukemi, "step", 0.01}
	p.add(k, report{What: "step", Us: []float64{12, 10, 30}, DOF: 6})
	p.add(k, report{What: "step", Us: []float64{11, 15}, DOF: 6, Iterations: 2})
	all := p.measures()
	if len(all) != 1 {
		t.Fatalf("%d measures of one thing", len(all))
	}
	if m := all[0]; m.Least != 10 || m.Median != 12 || math.Abs(m.Spread-0.1) > 1e-15 || m.Iterations != 2 || m.DOF != 6 {
		t.Errorf("%+v", m)
	}
}

// TestErrors: positions are compared with those of the same engine's smallest step, references with ukemi's.
func TestErrors(t *testing.T) {
	p := newPool()
	add := func(engine string, h float64, at ...float64) {
		p.add(key{"fall", engine, "end", h}, report{What: "end", Us: []float64{1}, Positions: at})
	}
	add(ukemi, 0.001, 0, 0, 0, 1, 0, 0) // the reference comes first
	add(ukemi, 0.01, 0, 3, 4, 1, 0, 0)
	add(mujoco, 0.01, 0, 0, 1, 1, 1, 0)
	add(mujoco, 0.001, 0, 0, 1, 1, 0, 0)
	all := p.measures()
	want := []struct{ err, apart float64 }{{0, 0}, {5 / math.Sqrt2, 0}, {1 / math.Sqrt2, 0}, {0, 1 / math.Sqrt2}}
	for i, w := range want {
		if m := all[i]; math.Abs(m.Error-w.err) > 1e-15 || math.Abs(m.Apart-w.apart) > 1e-15 {
			t.Errorf("%s at %g s: error %g, apart %g, want %+v", m.Engine, m.H, m.Error, m.Apart, w)
		}
	}
	if !math.IsNaN(distance([]float64{1, 2, 3}, nil)) {
		t.Error("positions of other bodies are compared")
	}
}
