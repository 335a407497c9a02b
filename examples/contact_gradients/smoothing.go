package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	samples = 500
	sigma   = 1.5 // N, standard deviation of the force in randomized smoothing
)

// cloud is randomized smoothing of hard contact over a range of forces: the derivative of E[x(F + w)],
// w normal, estimated from positions alone as the mean of (x(F + w) − x(F)) w/σ².
type cloud struct {
	force, derivative []float64
	exact             []float64 // with infinitely many samples
	rms               float64   // error over all forces, relative to h²/m
}

func smooth(m *sim.Model, mo motion, n int) (*cloud, error) {
	c := newConstants(m, hard)
	e, err := newEngine(m, mo, hard, mo.from(c))
	if err != nil {
		return nil, err
	}
	normal := distuv.Normal{Sigma: sigma, Src: rand.NewPCG(1, 2)}
	// The step of hard contact is sampled on a fine grid once: 20000 samples then cost no more steps.
	var v cloud
	hardStep, err := tabulate(e, -8*sigma, 2*mo.center+8*sigma)
	if err != nil {
		return nil, err
	}
	for i := 0; i <= 40; i++ {
		f := 2 * mo.center * float64(i) / 40
		at, sum := hardStep(f), 0.0
		for range n {
			w := normal.Rand()
			sum += (hardStep(f+w) - at) * w
		}
		d := sum / (float64(n) * sigma * sigma)
		// a hard contact yields from F* on; pushing, also from −F* on in the other direction
		exact := free * normal.CDF(f-mo.center)
		if mo.name == "push" {
			exact += free * normal.CDF(-f-mo.center)
		}
		v.force, v.derivative, v.exact = append(v.force, f), append(v.derivative, d), append(v.exact, exact)
		v.rms += (d - exact) * (d - exact) / (free * free) / 41
	}
	v.rms = math.Sqrt(v.rms)
	return &v, nil
}

// tabulate returns the position of a step as a function of the force, interpolated between the engine's.
func tabulate(e *engine, low, high float64) (func(float64) float64, error) {
	const n = 4000
	x := make([]float64, n+1)
	for i := range x {
		var err error
		if x[i], _, err = e.step(low + (high-low)*float64(i)/n); err != nil {
			return nil, err
		}
	}
	return func(f float64) float64 {
		t := math.Max(0, math.Min(n-1e-9, (f-low)/(high-low)*n))
		i := int(t)
		return x[i] + (t-float64(i))*(x[i+1]-x[i])
	}, nil
}

// student shows that κ is a randomized smoothing that needs no samples. The derivative of the pulled box,
// (1 + P/√(P² + c))/2, is the distribution function of Student's t with two degrees of freedom and scale
// √(c/2): the derivative of hard contact, averaged over such noise of P.
func student(w io.Writer, m *sim.Model) error {
	const kappa, draws = 1e-4, 4000
	mo, c := motions[0], newConstants(m, kappa)
	scale := math.Sqrt(2*corners*timestep*c.normal/mass) / free // N
	noise := distuv.StudentsT{Sigma: scale, Nu: 2, Src: rand.NewPCG(3, 4)}
	soft, err := newEngine(m, mo, kappa, 0)
	if err != nil {
		return err
	}
	rigid, err := newEngine(m, mo, hard, 0)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "the same derivative as κ = %g, from %d derivatives of hard contact under noise of\nStudent's t with two degrees of freedom and scale %.2f N\n\n", kappa, draws, scale)
	fmt.Fprintln(w, "   force    κ = 1e-4   mean of samples")
	for _, f := range []float64{0.25, 0.75, 1, 1.25, 1.75} {
		force := f * mo.center
		_, want, err := soft.step(force)
		if err != nil {
			return err
		}
		mean := 0.0
		for range draws {
			_, d, err := rigid.step(force + noise.Rand())
			if err != nil {
				return err
			}
			mean += d / draws
		}
		fmt.Fprintf(w, "  %6.2f N   %7.3f    %7.3f\n", force, want/free, mean/free)
		p := want / free
		if e := math.Abs(mean-want) / free; !(e < 5*math.Sqrt(p*(1-p)/draws)) {
			return fmt.Errorf("smoothing with Student's t gives %.4f at %.2f N, κ gives %.4f", mean/free, force, p)
		}
	}
	return nil
}
