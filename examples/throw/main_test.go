package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
)

func TestThrow(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plot.png")
	var first, second bytes.Buffer
	if err := run([]string{"-plot", file}, &first); err != nil {
		t.Fatalf("%v\n%s", err, &first)
	}
	if f, err := os.Stat(file); err != nil || f.Size() < 20000 {
		t.Errorf("plot: %v", err)
	}
	if err := run(nil, &second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("a second run says other things: %v", err)
	}
	if !strings.Contains(first.String(), "comes to rest") {
		t.Error(first.String())
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

// TestBFGS: the valley of Rosenbrock, with a wall.
func TestBFGS(t *testing.T) {
	x, last := []float64{-1.2, 1}, math.Inf(1)
	f := func(x, g []float64) float64 {
		if x[0] > 1.2 {
			return math.Inf(1)
		}
		a, b := 1-x[0], x[1]-x[0]*x[0]
		g[0], g[1] = -2*a-400*x[0]*b, 200*b
		last = a*a + 100*b*b
		return last
	}
	if err := bfgs(f, x, 100, 1e-16, func(int) {}); err != nil || !(math.Abs(x[0]-1) < 1e-6 && math.Abs(x[1]-1) < 1e-6) {
		t.Errorf("ends at %g with %g: %v", x, last, err)
	}
	if err := bfgs(func(_, _ []float64) float64 { return math.Inf(1) }, x, 10, 0, func(int) {}); err == nil {
		t.Error("a start without value is no error")
	}
}
