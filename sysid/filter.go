package sysid

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/interp"
)

// Filter says how a log becomes a smooth motion: sampled on an even grid by straight lines, then through a fourth-order
// Butterworth low-pass that runs forward and backward and so delays nothing; velocities, if not measured, and accelerations are
// central differences of what is filtered. Positions, velocities and torques pass through the same filter, so that torque and
// motion still belong together.
type Filter struct {
	Rate   float64 `json:"rate_hz"`   // samples per second
	Cutoff float64 `json:"cutoff_hz"` // where each of both runs halves the power
	Gap    float64 `json:"gap_s"`     // where the log has no sample for longer it is cut in two, each filtered for itself
}

// DefaultFilter suits arms that are measured at 1 kHz: what they do is below 10 Hz.
var DefaultFilter = Filter{Rate: 1000, Cutoff: 10, Gap: 0.05}

// Motion is a smooth motion on an even grid, with the torques that made it. Rows are samples, columns joints.
type Motion struct {
	Name            string
	Start, Step     float64 // s
	Cutoff          float64 // Hz, of the filter
	Q, V, A, Torque [][]float64

	// Noise is what the filter leaves of the variance of white noise: 1/Noise samples in a row tell as much as one.
	Noise float64

	low cascade
}

// Smooth passes a signal that belongs to the motion through the filter of its log: what is no smooth function of a smooth motion,
// such as the torque of dry friction where a joint turns back, shows in the filtered torque as its filtered self.
func (m *Motion) Smooth(x []float64) []float64 { return m.low.bothWays(x) }

// Motions filters the log. Parts between gaps that are shorter than four periods of the filter's cutoff are left out, and it is an error
// when nothing remains.
func (l *Log) Motions(f Filter) ([]Motion, error) {
	switch {
	case !(f.Cutoff > 0) || !(f.Rate >= 4*f.Cutoff) || math.IsInf(f.Rate, 0):
		return nil, fmt.Errorf("sysid: a filter with a cutoff of %g Hz at %g samples per second, want at least four samples per period", f.Cutoff, f.Rate)
	case !(f.Gap > 0):
		return nil, fmt.Errorf("sysid: a gap of %g s, want a positive time", f.Gap)
	}
	var all []Motion
	for first := 0; first < len(l.Time); {
		end := first + 1
		for end < len(l.Time) && l.Time[end]-l.Time[end-1] <= f.Gap {
			end++
		}
		if l.Time[end-1]-l.Time[first] >= 4/f.Cutoff && end-first >= fewest {
			all = append(all, l.motion(f, first, end))
		}
		first = end
	}
	if len(all) == 0 {
		mean := (l.Time[len(l.Time)-1] - l.Time[0]) / float64(max(len(l.Time)-1, 1))
		return nil, fmt.Errorf("sysid: %s has no part of %g s without a gap of %g s; its samples come every %.3g s", l.Name, 4/f.Cutoff, f.Gap, mean)
	}
	return all, nil
}

// motion filters the samples from first to end.
func (l *Log) motion(f Filter, first, end int) Motion {
	t := l.Time[first:end]
	n := int((t[len(t)-1]-t[0])*f.Rate+1e-9) + 1
	low := butterworth(f.Cutoff / f.Rate)
	m := Motion{Name: l.Name, Start: t[0], Step: 1 / f.Rate, Cutoff: f.Cutoff, Noise: low.noise(), low: low}
	smooth := func(rows [][]float64) [][]float64 {
		return byColumn(rows[first:end], n, func(x []float64) []float64 {
			var p interp.PiecewiseLinear
			if err := p.Fit(t, x); err != nil { // two or more samples at growing instants always fit
				panic(err)
			}
			y := make([]float64, n)
			for i := range y {
				y[i] = p.Predict(t[0] + float64(i)/f.Rate)
			}
			return low.bothWays(y)
		})
	}
	slope := func(rows [][]float64) [][]float64 {
		return byColumn(rows, n, func(x []float64) []float64 { return slopes(x, 1/f.Rate) })
	}
	m.Q, m.Torque = smooth(l.Q), smooth(l.Torque)
	if l.V != nil {
		m.V = smooth(l.V)
	} else {
		m.V = slope(m.Q)
	}
	m.A = slope(m.V)
	return m
}

// byColumn makes rows of n samples of what f makes of each column.
func byColumn(rows [][]float64, n int, f func([]float64) []float64) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, len(rows[0]))
	}
	x := make([]float64, len(rows))
	for c := range rows[0] {
		for i := range x {
			x[i] = rows[i][c]
		}
		for i, y := range f(x) {
			out[i][c] = y
		}
	}
	return out
}

// slopes returns central differences, one-sided ones at the ends.
func slopes(x []float64, h float64) []float64 {
	d := make([]float64, len(x))
	for i := range x {
		a, b := max(i-1, 0), min(i+1, len(x)-1)
		d[i] = (x[b] - x[a]) / (float64(b-a) * h)
	}
	return d
}

// biquad is a filter of second order, y = b·(x, x₋₁, x₋₂) − a·(y₋₁, y₋₂), with the gain 1 for what does not change.
type biquad struct{ b0, b1, b2, a1, a2 float64 }

// cascade runs one after the other.
type cascade []biquad

// butterworth returns the low-pass of fourth order with the cutoff as a part of the sampling rate: two sections whose poles
// are those of the analog filter under the bilinear map, which keeps the cutoff in place (Oppenheim, Schafer, "Discrete-Time
// Signal Processing", section 7.2).
func butterworth(cutoff float64) cascade {
	k := math.Tan(math.Pi * cutoff)
	var c cascade
	for _, angle := range []float64{math.Pi / 8, 3 * math.Pi / 8} { // of the poles from the negative axis
		d := 2 * math.Cos(angle) * k
		a0 := 1 + d + k*k
		c = append(c, biquad{k * k / a0, 2 * k * k / a0, k * k / a0, (2*k*k - 2) / a0, (1 - d + k*k) / a0})
	}
	return c
}

// run filters x in place, as if it had been x[0] for ever.
func (c cascade) run(x []float64) {
	for _, s := range c {
		x1, x2, y1, y2 := x[0], x[0], x[0], x[0]
		for i, v := range x {
			y := s.b0*v + s.b1*x1 + s.b2*x2 - s.a1*y1 - s.a2*y2
			x1, x2, y1, y2 = v, x1, y, y1
			x[i] = y
		}
	}
}

// bothWays filters x forward and backward. Beyond its ends it goes on as its own image, turned about the end points, for as
// long as the filter remembers, so that what goes on straight stays so (Gustafsson, 1996, discusses others).
func (c cascade) bothWays(x []float64) []float64 {
	pad := min(c.memory(), len(x)-1)
	y := make([]float64, 0, len(x)+2*pad)
	last := len(x) - 1
	for i := pad; i > 0; i-- {
		y = append(y, 2*x[0]-x[i])
	}
	y = append(y, x...)
	for i := 1; i <= pad; i++ {
		y = append(y, 2*x[last]-x[last-i])
	}
	for range 2 {
		c.run(y)
		slices.Reverse(y)
	}
	return y[pad : pad+len(x)]
}

// memory returns after how many samples less than 1e-3 is left of what the filter held.
func (c cascade) memory() int {
	n := 0.0
	for _, s := range c {
		n = max(n, math.Log(1e-3)/math.Log(math.Sqrt(s.a2))) // poles come in pairs of size √a2
	}
	return int(n) + 1
}

// noise returns the part of the variance of white noise that both runs leave: the sum of the squares of what an impulse becomes.
func (c cascade) noise() float64 {
	n := c.memory()
	x := make([]float64, 4*n+1)
	x[2*n] = 1
	s := 0.0
	for _, y := range c.bothWays(x) {
		s += y * y
	}
	return s
}
