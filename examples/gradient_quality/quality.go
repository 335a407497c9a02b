package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	rigid   = 1e-8 // κ of what is sampled
	points  = 41   // at which estimates are compared
	draws   = 100  // samples of an estimate
	repeats = 200  // of an estimate, to see its bias and spread
	tails   = 4    // standard deviations of the noise beyond which samples are left out
)

// softs are the κ whose gradients are judged.
var softs = []float64{1e-2, 1e-3, 1e-4, 1e-5, rigid}

// table is the outcome of hard contact over an even grid, and its derivative.
type table struct {
	low, step float64
	y, slope  []float64
}

// tabulate rolls hard contact out over the range and the tails of the noise. Then samples cost nothing.
func (t *trial) tabulate(n int) (*table, error) {
	g, err := implicit.New(t.model.NewStepper(sim.Options{Kappa: rigid}), implicit.Options{})
	if err != nil {
		return nil, err
	}
	low, high := t.low-tails*t.sigma, t.high+tails*t.sigma
	b := &table{low: low, step: (high - low) / float64(n)}
	for i := 0; i <= n; i++ {
		y, s, err := t.at(g, low+b.step*float64(i))
		if err != nil {
			return nil, err
		}
		b.y, b.slope = append(b.y, y), append(b.slope, s)
	}
	return b, nil
}

// at returns the outcome at x, between two grid points by a straight line, and the derivative at the nearest.
func (b *table) at(x float64) (y, slope float64) {
	s := math.Max(0, math.Min(float64(len(b.y)-1)-1e-9, (x-b.low)/b.step))
	i := int(s)
	return b.y[i] + (s-float64(i))*(b.y[i+1]-b.y[i]), b.slope[int(s+0.5)]
}

// smoothed returns the derivative by x of the mean outcome under normal noise: the mean of the slopes of the table's straight lines.
func (b *table) smoothed(x, sigma float64) float64 {
	normal, sum, all := distuv.Normal{Mu: x, Sigma: sigma}, 0.0, 0.0
	last := normal.CDF(b.low)
	for i := range len(b.y) - 1 {
		next := normal.CDF(b.low + b.step*float64(i+1))
		sum += (next - last) * (b.y[i+1] - b.y[i]) / b.step
		all += next - last
		last = next
	}
	return sum / all
}

// estimate is a way to get the slope. Bias and deviation are root mean squares over the range, relative to that of the true slope.
type estimate struct {
	name            string
	rollouts        int
	slopes          []float64 // means by point
	one             []float64 // a single estimate at each point, of those that differ from time to time
	bias, deviation float64
}

// quality is what was found about a trial.
type quality struct {
	*trial
	at        []float64 // points
	truth     []float64
	table     *table
	estimates []*estimate
}

// judge compares the estimates.
func (t *trial) judge(grid int) (*quality, error) {
	b, err := t.tabulate(grid)
	if err != nil {
		return nil, err
	}
	q := &quality{trial: t, table: b}
	for i := range points {
		x := t.low + (t.high-t.low)*float64(i)/(points-1)
		q.at, q.truth = append(q.at, x), append(q.truth, b.smoothed(x, t.sigma))
	}
	for _, k := range softs {
		g, err := implicit.New(t.model.NewStepper(sim.Options{Kappa: k}), implicit.Options{})
		if err != nil {
			return nil, err
		}
		e := &estimate{name: fmt.Sprintf("exact gradient at κ = %.0e", k), rollouts: 1}
		for _, x := range q.at {
			_, s, err := t.at(g, x)
			if err != nil {
				return nil, err
			}
			e.slopes = append(e.slopes, s)
		}
		q.add(e, nil)
	}
	first, _, variances := q.sample(func(x, w, y float64) float64 {
		_, s := b.at(x + w)
		return s
	})
	q.add(&estimate{name: fmt.Sprintf("mean of exact gradients at κ = %.0e", rigid), rollouts: draws, slopes: first}, variances)
	zeroth, one, variances := q.sample(func(x, w, y float64) float64 {
		there, _ := b.at(x + w)
		return (there - y) * w / (t.sigma * t.sigma)
	})
	q.add(&estimate{name: "randomized smoothing, no gradient", rollouts: draws + 1, slopes: zeroth, one: one}, variances)
	return q, nil
}

// sample returns means of estimates from samples of normal noise, one of them, and their variances, by point. Noise in
// the tails is drawn anew.
func (q *quality) sample(of func(x, w, y float64) float64) (means, ones, variances []float64) {
	normal := distuv.Normal{Sigma: q.sigma, Src: rand.NewPCG(1, 2)}
	for _, x := range q.at {
		y, _ := q.table.at(x)
		sum, squares := 0.0, 0.0
		for r := range repeats {
			mean := 0.0
			for range draws {
				w := normal.Rand()
				for math.Abs(w) > tails*q.sigma {
					w = normal.Rand()
				}
				mean += of(x, w, y) / draws
			}
			if r == 0 {
				ones = append(ones, mean)
			}
			sum += mean
			squares += mean * mean
		}
		sum /= repeats
		means, variances = append(means, sum), append(variances, squares/repeats-sum*sum)
	}
	return means, ones, variances
}

// add measures an estimate.
func (q *quality) add(e *estimate, variances []float64) {
	size := 0.0
	for i, want := range q.truth {
		size += want * want
		e.bias += (e.slopes[i] - want) * (e.slopes[i] - want)
		if variances != nil {
			e.deviation += variances[i]
		}
	}
	e.bias, e.deviation = math.Sqrt(e.bias/size), math.Sqrt(e.deviation/size)
	q.estimates = append(q.estimates, e)
}

// error is what one estimate is off by, in the root mean square.
func (e *estimate) error() float64 { return math.Hypot(e.bias, e.deviation) }

func (q *quality) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %s by %s, %g to %g %s; noise %g %s\n\n", q.name, q.outcome, q.number, q.low, q.high, q.unit, q.sigma, q.unit)
	fmt.Fprintln(w, "estimate of the slope                 rollouts   bias    deviation")
	for _, e := range q.estimates {
		fmt.Fprintf(w, "%-38s %5d    %6.3f    %6.3f\n", e.name, e.rollouts, e.bias, e.deviation)
	}
	last := q.estimates[len(q.estimates)-1]
	fmt.Fprintf(w, "%s is off by least; randomized smoothing needs %.1g rollouts for as much\n\n", q.best().name, draws*math.Pow(last.deviation/q.best().error(), 2))
}

// best returns the estimate of a single gradient that is off by least.
func (q *quality) best() *estimate {
	b := q.estimates[0]
	for _, e := range q.estimates[:len(softs)] {
		if e.bias < b.bias {
			b = e
		}
	}
	return b
}
