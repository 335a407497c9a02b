package implicit

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
)

// goodEnough stops the search for a better step size of the differences, and resolved that among the further sizes.
const (
	goodEnough = 1e-9
	resolved   = 1e-7
)

// Sizes of differences, those that serve most first. Where others press a body it answers within 1e-9 rad or m at κ =
// 1e-7: only the smallest of the further ones are small enough. Where a contact is felt from afar the best lies between
// two of the first.
var (
	sizes   = []float64{1e-4, 1e-5, 1e-6, 1e-3, 1e-7, 1e-8, 3e-8, 3e-9, 1e-9, 1e-2, 1e-1}
	further = []float64{3e-6, 3e-7, 3e-5, 3e-10, 1e-10, 3e-11, 1e-11, 3e-12, 1e-12}
)

// compare returns the largest relative error of a column against central differences of the step from the
// changed problem, over the best of several sizes, and its row.
func (c *checker) compare(col []float64, scale float64, at func(eps float64) (sim.State, *dynamics.Stepper, []float64), unit ...float64) (worst float64, row int, err error) {
	nv := c.d.NV
	scale = math.Max(scale, floorScale)
	best := make([]float64, 2*nv)
	for i := range best {
		best[i] = math.Inf(1)
	}
	size := 1.0
	if len(unit) > 0 {
		size = unit[0]
	}
	x := [2]sim.State{c.m.NewState(), c.m.NewState()}
	fd := [2][]float64{make([]float64, 2*nv), make([]float64, 2*nv)}
ladder:
	for n, eps := range slices.Concat(sizes, further) {
		if n >= len(sizes) && worst < resolved {
			break
		}
		for n, d := range [2]float64{2 * eps, eps} {
			var change [2]float64
			for k, sign := range [2]float64{1, -1} {
				s, by, e := c.beside(at, sign*d)
				if e != nil { // so far off there may be no such step
					err = e
					continue ladder
				}
				s.Store(x[k].Q, x[k].V)
				change[k] = by
			}
			c.d.Difference(fd[n][:nv], x[0].Q, x[1].Q)
			for i := 0; i < nv; i++ {
				fd[n][nv+i] = x[0].V[i] - x[1].V[i]
			}
			for i := range fd[n] {
				fd[n][i] /= (change[0] - change[1]) * size
			}
		}
		worst, row = 0, 0
		for i := range best {
			best[i] = math.Min(best[i], math.Abs((4*fd[1][i]-fd[0][i])/3-col[i])/scale)
			if !(best[i] <= worst) {
				worst, row = best[i], i
			}
		}
		if worst < goodEnough {
			break
		}
	}
	if len(best) > 0 && math.IsInf(best[0], 1) {
		return 0, 0, err
	}
	return worst, row, nil
}

// elsewhere is how far a velocity carries a changed problem away from the step at hand when it is another solution
// (rad, m): no difference comes near that.
const elsewhere = 0.5

// Changes of last digits (rad, m, parameters), and how often they are tried.
const (
	lastDigits = 1e-14
	tries      = 16
)

var errElsewhere = errors.New("another solution")

// beside solves the problem that is changed by about eps, and wants the solution beside that of the step at hand. Where
// hard shapes begin deep in each other last digits may decide between two: those of eps are changed until it comes out.
// It returns by how much the problem is changed.
func (c *checker) beside(at func(eps float64) (sim.State, *dynamics.Stepper, []float64), eps float64) (*dynamics.Stepper, float64, error) {
	home, end := c.m.NewState(), c.m.NewState()
	c.step.Store(home.Q, home.V)
	for n := range tries {
		change := eps + lastDigits*float64(n)
		cur, s, u := at(change)
		if err := c.take(s, cur, u); err != nil {
			return nil, 0, err
		}
		s.Store(end.Q, end.V)
		far := 0.0
		for i, v := range end.V {
			far = math.Max(far, c.d.Timestep*math.Abs(v-home.V[i]))
		}
		if far < elsewhere {
			return s, change, nil
		}
	}
	return nil, 0, fmt.Errorf("implicit: a step changed by %g has %w", eps, errElsewhere)
}
