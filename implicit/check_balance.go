package implicit

import (
	"errors"
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
)

// shifts are the sizes of differences of the equations, by how far they move what moves most (rad, m), those that serve
// most first. Where features of two shapes lie on each other only the smallest have the same ones.
var shifts = []float64{1e-3, 3e-3, 1e-4, 1e-2, 1e-5, 3e-2, 3e-5, 1, 1e-1, 1e-6, 1e-7, 1e-8, 1e-9}

// balanced ends the search for better ones: by rounding so many entries do not agree better.
const balanced = 1e-8

var errUnlike = errors.New("other equations")

// balance returns the largest relative error of a column against what differences of the equations say it is, and its row;
// infinite where they say nothing.
//
// Where contact is hard the solution bends within gaps of 1e-9 m and less, and differences of whole steps have to be
// smaller than that: they are rounding. Velocities and multipliers together obey equations that do not bend there.
func (c *checker) balance(x *checked) (worst float64, row int, err error) {
	if err := x.push(); err != nil {
		return 0, 0, err
	}
	c.step.Course(&c.course, x.col[c.d.NV:])
	worst = math.Inf(1)
	var tried []trial
	for _, shift := range shifts {
		off, err := c.amended(x, shift)
		if err != nil {
			continue
		}
		e, at := largestOf(off)
		if tried = append(tried, trial{shift, e}); e < worst {
			worst, row = e, at
		}
		if worst < balanced {
			break
		}
	}
	if worst > resolved {
		if e, at := c.averages(x, tried, c.amended); e < worst {
			worst, row = e, at
		}
	}
	return worst, row, nil
}

// amended returns by how much a column has to change, as part of the block's largest entry, for the equations of the
// problems that are moved by shift to hold.
func (c *checker) amended(x *checked, shift float64) ([]float64, error) {
	nv := c.d.NV
	most := math.Max(1, math.Max(largest(x.col[:nv]), c.d.Timestep*largest(x.col[nv:])))
	slope, err := c.slope(shift/(most*x.unit), 3, func(eps float64) (y sample, err error) {
		s, by, err := c.pose(x.at, eps)
		if err != nil {
			return y, err
		}
		left, ok := s.Along(nil, c.step, &c.course, by*x.unit)
		if !ok {
			return y, errUnlike
		}
		y = c.sample(s, by*x.unit)
		y.left = left
		return y, nil
	})
	if err != nil {
		return nil, err
	}
	off := make([]float64, 2*nv)
	c.step.Amend(off[:nv], off[nv:], slope[2*nv:], &c.course)
	for i := range off {
		off[i] = x.off(i, slope[i]+off[i])
	}
	return off, nil
}

// pose poses the problem that is changed by eps as the step at hand was, and where that does not say all solves it. It
// returns by how much the problem is changed.
func (c *checker) pose(at func(eps float64) (sim.State, *dynamics.Stepper, []float64), eps float64) (*dynamics.Stepper, float64, error) {
	cur, s, u := at(eps)
	if err := c.load(s, cur, u); err != nil {
		return nil, 0, err
	}
	if s.Imitate(c.step) {
		return s, eps, nil
	}
	return c.beside(at, eps)
}
