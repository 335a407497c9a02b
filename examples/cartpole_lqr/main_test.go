package main

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func Example() {
	if err := run(nil, os.Stdout); err != nil {
		os.Stdout.WriteString(err.Error())
	}
	// Output:
	// gain of            x           v          θ          ω
	// h = 1 ms      -0.99476    -2.67159    49.9470    11.3936
	// h = 2 ms      -0.98955    -2.65760    49.8013    11.3340
	// h = 5 ms      -0.97408    -2.61608    49.3687    11.1576
	// h = 20 ms     -0.90032    -2.41841    47.3055    10.3250
	// h = 50 ms     -0.76947    -2.06905    43.6423     8.8836
	// h = 10 ms     -0.94884    -2.54837    48.6627    10.8710
	// Dojo, 10 ms   -0.94884    -2.54837    48.6627    10.8710
	//
	// balanced in the full simulation
	// from 0.20 rad: the cart moves by 0.70 m at most, the force reaches 9.7 N, all is still after 20 s
	// from 0.79 rad: the cart moves by 3.89 m at most, the force reaches 38.2 N, all is still after 20 s
}

func TestPlot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plot.png")
	if err := run([]string{"-plot", file}, io.Discard); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Stat(file); err != nil || f.Size() < 10000 {
		t.Errorf("plot: %v", err)
	}
}

// TestLinearization compares with the textbook's equations of motion at the top:
//
//	(M+m) ẍ − m l θ̈ = u ,  −m l ẍ + (J + m l²) θ̈ = m g l θ
//
// stepped by v⁺ = v + h v̇, q⁺ = q + h v⁺, which is what the engine's integrator is to first order.
func TestLinearization(t *testing.T) {
	const h = 0.01
	m, err := cartpole(h)
	if err != nil {
		t.Fatal(err)
	}
	a, b, err := linearize(m)
	if err != nil {
		t.Fatal(err)
	}
	in := m.BodyInertia(1)
	const g, l = 9.81, 0.5
	inertia := mat.NewDense(2, 2, []float64{2, -l, -l, in.Ixx + l*l})
	var acc, force mat.Dense
	if err := acc.Solve(inertia, mat.NewDense(2, 2, []float64{0, 0, 0, g * l})); err != nil {
		t.Fatal(err)
	}
	if err := force.Solve(inertia, mat.NewDense(2, 1, []float64{1, 0})); err != nil {
		t.Fatal(err)
	}
	eye := func(i, j int) float64 {
		if i == j {
			return 1
		}
		return 0
	}
	check := func(name string, got, want float64) {
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %.12g, want %.12g", name, got, want)
		}
	}
	for i := range 2 {
		for j := range 2 {
			check("∂v/∂q", a.At(2+i, j), h*acc.At(i, j))
			check("∂v/∂v", a.At(2+i, 2+j), eye(i, j))
			check("∂q/∂q", a.At(i, j), eye(i, j)+h*h*acc.At(i, j))
			check("∂q/∂v", a.At(i, 2+j), h*eye(i, j))
		}
		check("∂v/∂u", b.At(2+i, 0), h*force.At(i, 0))
		check("∂q/∂u", b.At(i, 0), h*h*force.At(i, 0))
	}
}
