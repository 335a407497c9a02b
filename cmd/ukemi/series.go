package main

import "math"

// series is one curve of a picture, thinned while it is recorded: every bucket of steps leaves one point.
type series struct {
	name   string
	keep   func(old, new float64) float64 // how points of a bucket are merged; nil keeps the last
	bucket int                            // steps per point
	t, y   []float64
	n      int // in the open bucket
}

func newSeries(name string, steps int, keep func(a, b float64) float64) *series {
	const points = 2000 // as many as a picture can show
	return &series{name: name, keep: keep, bucket: max(1, (steps+points-1)/points)}
}

func (s *series) add(t, y float64) {
	if s.n > 0 && s.n < s.bucket {
		i := len(s.y) - 1
		if s.keep != nil {
			y = s.keep(s.y[i], y)
		}
		s.t[i], s.y[i] = t, y
		s.n++
		return
	}
	s.t, s.y, s.n = append(s.t, t), append(s.y, y), 1
}

// Len and XY make a series a plotter.XYer.
func (s *series) Len() int { return len(s.t) }

func (s *series) XY(i int) (x, y float64) { return s.t[i], s.y[i] }

// extent returns the smallest and largest value, and the value of largest magnitude.
func (s *series) extent() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, y := range s.y {
		low, high = math.Min(low, y), math.Max(high, y)
	}
	return low, high
}

// highest returns the largest value, 0 when there is none above.
func (s *series) highest() (y float64) {
	for _, v := range s.y {
		y = max(y, v)
	}
	return y
}
