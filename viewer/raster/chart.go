package raster

import (
	"math"
	"strconv"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// chartSamples returns the number of samples across a plot.
func chartSamples(p *scene.Plot) int {
	if p.Samples > 0 {
		return p.Samples
	}
	n := 0
	for i := range p.Series {
		n = max(n, len(p.Series[i].Values))
	}
	return n
}

// chartRange returns the vertical range of a plot and the distance of its grid lines. A range from the
// data is widened to grid lines, so that it jumps seldom while a signal grows.
func chartRange(p *scene.Plot) (low, high, step float64) {
	low, high = p.Min, p.Max
	given := high > low && !math.IsInf(high-low, 0)
	if !given {
		low, high = math.Inf(1), math.Inf(-1)
		for i := range p.Series {
			for _, v := range p.Series[i].Values {
				if v-v == 0 {
					low, high = math.Min(low, v), math.Max(high, v)
				}
			}
		}
		if !(high >= low) {
			low, high = 0, 1
		}
		if size := math.Max(math.Abs(low), math.Abs(high)); high-low <= 1e-9*size || high == low {
			pad := math.Max(0.5*size, 0.5)
			low, high = low-pad, high+pad
		}
	}
	step = niceStep((high - low) / 3)
	if !given {
		low, high = step*math.Floor(low/step), step*math.Ceil(high/step)
	}
	return low, high, step
}

// niceStep returns the least of 1, 2, 5 times a power of ten that is not below x.
func niceStep(x float64) float64 {
	base := math.Pow(10, math.Floor(math.Log10(x)))
	for _, k := range [...]float64{1, 2, 5} {
		if k*base >= x*(1-1e-9) {
			return k * base
		}
	}
	return 10 * base
}

// tick writes a number of a grid with the given step.
func tick(v, step float64) string {
	v = math.Round(v/step) * step
	if v == 0 {
		return "0" // also for −0
	}
	if a := math.Abs(v); a >= 1e5 || step < 1e-4 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', max(0, int(-math.Floor(math.Log10(step)+1e-9))), 64)
}

// legendColumns returns the width of the names of all series in runes.
func legendColumns(p *scene.Plot) int {
	n := 0
	for i := range p.Series {
		if s := p.Series[i].Name; s != "" {
			n += columns(s) + 2
		}
	}
	return max(n-2, 0)
}
