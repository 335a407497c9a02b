package main

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/examples/internal/runtest"
	"github.com/ukemi-sim/ukemi/implicit"
)

func TestThrow(t *testing.T) {
	if said := runtest.Repeats(t, run); !strings.Contains(said, "comes to rest") {
		t.Error(said)
	}
}

// TestCost compares the gradient of the cost with differences on the manifold.
func TestCost(t *testing.T) {
	m, err := buildBox()
	if err != nil {
		t.Fatal(err)
	}
	s := start(m, []float64{0, 0, 0, 0, 0, 0})
	g, d, none := implicit.NewTangent(m), implicit.NewTangent(m), implicit.NewTangent(m)
	cost(s, g)
	for i := range g.Q {
		const e = 1e-6
		at := func(e float64) float64 {
			x := s.Clone()
			d.Q[i] = e
			implicit.Displace(m, &x, s, d)
			d.Q[i] = 0
			return cost(x, none)
		}
		if want := (at(e) - at(-e)) / (2 * e); math.Abs(g.Q[i]-want) > 1e-8 {
			t.Errorf("component %d: %g, differences %g", i, g.Q[i], want)
		}
	}
}

// TestSearchFails: what keeps a search from the target is an error that tells of it.
func TestSearchFails(t *testing.T) {
	m, err := buildBox()
	if err != nil {
		t.Fatal(err)
	}
	for want, from := range map[string][]float64{
		"IterationLimit": guess,
		"NaN":            {math.NaN(), 0, 0, 0, 0, 0},
	} {
		p, err := newProblem(m, 1e-3)
		if err != nil {
			t.Fatal(err)
		}
		if throw, err := p.search(from, 3, func(int) {}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("from %g to %g: %v, want %s", from, throw, err, want)
		}
	}
}
