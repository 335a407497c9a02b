package implicit

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
)

// checked is a column of a Jacobian that is compared with differences.
type checked struct {
	col   []float64
	scale float64                                                     // of its block
	unit  float64                                                     // of what is changed
	at    func(eps float64) (sim.State, *dynamics.Stepper, []float64) // the problem changed by eps units
	push  func() error                                                // makes the linearization of the step at hand answer to it
}

// off returns how far v is from entry i of the column, as part of the block's largest entry.
func (x *checked) off(i int, v float64) float64 {
	return (v - x.col[i]) / math.Max(x.scale, floorScale)
}

// Errors at which the search for better sizes of differences ends: where whole steps tell all that is asked, where they
// need further sizes for that, and where nothing is left to tell.
const (
	resolved   = 1e-7
	agreed     = 1e-6
	goodEnough = 1e-9
)

// blur times 1/κ is what whole steps blur at most, where contact is hard: 3e-4 at κ = 1e-7, of the zoo's pusher.
const blur = 1e-10

// Where rounding is all that a size tells, the mean is taken over so many sizes from it on up to twice that, for each of
// the few best: it has an eighth of the rounding, and all of an error.
const (
	averaged = 64
	few      = 3
)

// Sizes of differences of whole steps, those that serve most first. Where others press a body it answers within 1e-9
// rad or m at κ = 1e-7: only the smallest of the last ones are small enough. Where a contact is felt from afar the best
// lies between two of the first.
var (
	serving = []float64{1e-4, 1e-5, 1e-6, 1e-3, 1e-7}
	further = []float64{1e-8, 3e-8, 3e-9, 1e-9, 1e-2, 1e-1}
	last    = []float64{3e-6, 3e-7, 3e-5, 3e-10, 1e-10, 3e-11, 1e-11, 3e-12, 1e-12}
)

// compare returns the largest relative error of a column, and its row: against differences of whole steps, of which
// each entry counts with the best of several sizes, and where their digits end against those of the equations. Those are
// asked only where whole steps differ by no more than blur: what a step does beside its equations would be hidden.
func (c *checker) compare(x *checked) (worst float64, row int, err error) {
	w := whole{best: make([]float64, len(x.col)), worst: math.Inf(1)}
	for i := range w.best {
		w.best[i] = math.Inf(1)
	}
	if w.try(c, x, serving, resolved); w.worst > agreed {
		w.try(c, x, further, agreed)
	}
	worst, row = w.worst, w.row
	if worst > goodEnough {
		e, at, err := c.balance(x)
		if err != nil {
			return 0, 0, err
		}
		if e < worst && w.confirms(c, x) {
			worst, row = e, at
		}
	}
	if worst > resolved {
		if w.search(c, x, resolved); w.worst < worst {
			worst, row = w.worst, w.row
		}
	}
	if math.IsInf(worst, 1) {
		return 0, 0, w.err
	}
	return worst, row, nil
}

// whole is what differences of whole steps tell of a column: the best error of every entry, and the largest of these.
type whole struct {
	best  []float64
	worst float64
	row   int
	tried []trial
	err   error // of the last size for which there is no such step
}

// trial is a size of differences and their largest error.
type trial struct{ size, worst float64 }

// confirms reports whether whole steps differ by so little that they only blur.
func (w *whole) confirms(c *checker, x *checked) bool {
	most := math.Max(agreed, blur/c.report.Kappa)
	w.search(c, x, most)
	return w.worst < most
}

// search compares with differences of all sizes, and then with means, until no entry is off by as much as enough.
func (w *whole) search(c *checker, x *checked, enough float64) {
	w.try(c, x, further, enough)
	if w.try(c, x, last, enough); w.worst < enough {
		return
	}
	if e, at := c.averages(x, w.tried, c.stepped); e < w.worst {
		w.worst, w.row = e, at
	}
}

// try compares with differences of these sizes, those that were not tried yet, until no entry is off by as much as enough.
func (w *whole) try(c *checker, x *checked, sizes []float64, enough float64) {
	for _, eps := range sizes {
		if w.worst < enough {
			return
		}
		if slices.ContainsFunc(w.tried, func(t trial) bool { return t.size == eps }) {
			continue
		}
		off, err := c.stepped(x, eps)
		if err != nil { // so far off there may be no such step
			w.err = err
			continue
		}
		for i := range w.best {
			w.best[i] = math.Min(w.best[i], math.Abs(off[i]))
		}
		e, _ := largestOf(off)
		w.tried = append(w.tried, trial{eps, e})
		w.worst, w.row = largestOf(w.best)
	}
}

// stepped returns how far differences of whole steps of size eps are from a column, as part of the block's largest entry.
func (c *checker) stepped(x *checked, eps float64) ([]float64, error) {
	off, err := c.slope(eps, 2, func(eps float64) (sample, error) {
		s, by, err := c.beside(x.at, eps)
		if err != nil {
			return sample{}, err
		}
		return c.sample(s, by*x.unit), nil
	})
	for i, v := range off {
		off[i] = x.off(i, v)
	}
	return off, err
}

// averages returns the least of the largest errors of means about the best of the sizes that were tried, and its row.
func (c *checker) averages(x *checked, tried []trial, off func(x *checked, size float64) ([]float64, error)) (worst float64, row int) {
	worst = math.Inf(1)
	tried = slices.SortedFunc(slices.Values(tried), func(a, b trial) int { return cmp.Compare(a.worst, b.worst) })
	for _, t := range tried[:min(few, len(tried))] {
		mean, n := make([]float64, len(x.col)), 0.0
		for k := range averaged {
			d, err := off(x, t.size*(1+float64(k)/averaged))
			if err != nil {
				continue
			}
			n++
			for i, v := range d {
				mean[i] += v
			}
		}
		for i := range mean {
			mean[i] /= n
		}
		if e, at := largestOf(mean); e < worst {
			worst, row = e, at
		}
	}
	return worst, row
}

// largestOf returns the size of the largest of errors, also where it is NaN, and its place.
func largestOf(e []float64) (worst float64, at int) {
	for i, v := range e {
		if v = math.Abs(v); !(v <= worst) {
			worst, at = v, i
		}
	}
	return worst, at
}

// sample is where a changed problem leads: a state, and what a derivative leaves of its equations.
type sample struct {
	change float64
	end    sim.State
	left   []float64
}

func (c *checker) sample(s *dynamics.Stepper, change float64) sample {
	x := sample{change: change, end: c.m.NewState()}
	s.Store(x.end.Q, x.end.V)
	return x
}

// slope returns the derivative of samples, states first, by central differences of so many sizes eps, 2 eps, 4 eps, …
// and Richardson's extrapolations.
func (c *checker) slope(eps float64, levels int, at func(eps float64) (sample, error)) ([]float64, error) {
	nv := c.d.NV
	fd := make([][]float64, levels)
	for n := range fd {
		var x [2]sample
		for k, sign := range [2]float64{1, -1} {
			var err error
			if x[k], err = at(sign * math.Ldexp(eps, levels-1-n)); err != nil { // the largest first: for that there may be no sample
				return nil, err
			}
		}
		fd[n] = make([]float64, 2*nv, 2*nv+len(x[0].left))
		c.d.Difference(fd[n][:nv], x[0].end.Q, x[1].end.Q)
		for i := range nv {
			fd[n][nv+i] = x[0].end.V[i] - x[1].end.V[i]
		}
		for i, v := range x[0].left {
			fd[n] = append(fd[n], v-x[1].left[i])
		}
		for i := range fd[n] {
			fd[n][i] /= x[0].change - x[1].change
		}
		for k, p := n-1, 4.0; k >= 0; k, p = k-1, 4*p { // of order 2, 4, 6, …
			for i, v := range fd[k] {
				fd[k][i] = (p*fd[k+1][i] - v) / (p - 1)
			}
		}
	}
	return fd[0], nil
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
