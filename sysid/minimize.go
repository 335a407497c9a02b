package sysid

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Block is a part of the residual, such as that of one trajectory: rows divided by the standard deviation of their noise.
type Block struct {
	R      []float64
	X      *mat.Dense // ∂R/∂x, by the unknowns that all blocks share; nil is zero
	Y      *mat.Dense // ∂R/∂y, by those of this block alone, such as its first state; nil is zero
	Priors int        // how many of the last rows are priors: no loss and no count of data takes them for measurements
}

// LeastSquares is the problem of the smallest loss of residuals that come in blocks.
//
// The unknowns of single blocks are eliminated block by block (the Jacobian is an arrow), so a thousand trajectories with
// unknown first states cost no more than a thousand small problems.
type LeastSquares struct {
	X0           []float64
	Lower, Upper []float64   // bounds of x; nil: none
	Size         []float64   // a large change of each number of x, damped as if it cost all that is left; nil: infinite
	Blocks       int         // how many
	Y0           [][]float64 // unknowns of each block alone; nil: none
	Loss         Loss

	// Residual returns block i at x and y, with derivatives if asked for. It is called by several workers at a time. An
	// error at a trial point makes the step shorter; one at the first point is returned.
	Residual func(worker, i int, x, y []float64, derivatives bool) (Block, error)

	Workers    int              // default: one for every processor that Go may use; results do not depend on it
	Iterations int              // default 100
	Tolerance  float64          // ends the search when a step gains less than this part of the cost; default 1e-8
	Progress   func(p Progress) // hears of every iteration; nil: nobody does
}

// Progress is where a search is.
type Progress struct {
	Iteration, Of int
	Cost          float64
	Lambda        float64 // damping
}

// Status says how a search ended.
type Status string

// Ends of a search.
const (
	Converged Status = "converged"          // a step would gain next to nothing
	Stalled   Status = "no better point"    // the residual is too rough for its derivative to lead further down
	Exhausted Status = "iterations used up" // LeastSquares.Iterations
	Canceled  Status = "canceled"           // by the context
)

// Minimum is the best point of a search.
type Minimum struct {
	X          []float64
	Y          [][]float64
	Cost       float64 // Σ loss + ½ Σ priors²
	StartCost  float64
	Status     Status
	Iterations int
	Data       int        // rows that are measurements
	Priors     int        // rows that are priors
	R          *mat.Dense // triangle of the Jacobian by x and the residual, [X r], the unknowns of single blocks eliminated
	Told       *mat.Dense // the same without the blocks that are priors alone: what the data tells
}

// Minimize searches by Levenberg–Marquardt: Marquardt's scaling, Nielsen's damping (1999), steps projected on the bounds.
// When the context ends it returns the best point so far, with that status and no error.
func (ls LeastSquares) Minimize(ctx context.Context) (*Minimum, error) {
	if err := ls.defaults(); err != nil {
		return nil, err
	}
	x, y := slices.Clone(ls.X0), cloneAll(ls.Y0)
	at, err := ls.linearize(ctx, x, y)
	if err != nil {
		return nil, err
	}
	best := &Minimum{X: x, Y: y, Cost: at.cost, StartCost: at.cost, Status: Exhausted}
	lambda, grow := 1e-3, 2.0
	for ; best.Iterations < ls.Iterations; best.Iterations++ {
		if ls.Progress != nil {
			ls.Progress(Progress{best.Iterations, ls.Iterations, best.Cost, lambda})
		}

		// the step of the linear model, damped and within the bounds
		dx, dy := at.step(ls, best.X, lambda)
		predicted := at.gain(dx, dy)
		if !(predicted > ls.Tolerance*best.Cost) || lambda > 1e10 {
			if best.Status = Converged; lambda > 1e3 {
				best.Status = Stalled
			}
			break
		}

		// what it gains in truth
		x, y = added(best.X, dx), addedAll(best.Y, dy)
		cost, err := ls.cost(ctx, x, y)
		gained := best.Cost - cost
		next := at
		if err == nil && gained > 0 {
			next, err = ls.linearize(ctx, x, y)
		}
		if ctx.Err() != nil {
			best.Status = Canceled
			break
		}
		if err != nil || !(gained > 0) {
			lambda, grow = lambda*grow, 2*grow
			continue
		}
		best.X, best.Y, best.Cost, at = x, y, cost, next
		lambda *= max(1.0/3, 1-math.Pow(2*gained/predicted-1, 3))
		lambda, grow = max(lambda, 1e-12), 2
	}
	best.Data, best.Priors = at.data, at.priors
	best.R, best.Told = at.shared(false), at.shared(true)
	return best, nil
}

func (ls *LeastSquares) defaults() error {
	n := len(ls.X0)
	if ls.Iterations == 0 {
		ls.Iterations = 100
	}
	if ls.Tolerance == 0 {
		ls.Tolerance = 1e-8
	}
	if ls.Lower == nil {
		ls.Lower = slices.Repeat([]float64{math.Inf(-1)}, n)
	}
	if ls.Upper == nil {
		ls.Upper = slices.Repeat([]float64{math.Inf(1)}, n)
	}
	if ls.Size == nil {
		ls.Size = slices.Repeat([]float64{math.Inf(1)}, n)
	}
	if ls.Y0 == nil {
		ls.Y0 = make([][]float64, ls.Blocks)
	}
	switch {
	case ls.Blocks == 0:
		return fmt.Errorf("sysid: least squares of no blocks")
	case len(ls.Lower) != n || len(ls.Upper) != n || len(ls.Size) != n || len(ls.Y0) != ls.Blocks:
		return fmt.Errorf("sysid: %d and %d bounds and %d sizes for %d unknowns, %d starts for %d blocks", len(ls.Lower), len(ls.Upper), len(ls.Size), n, len(ls.Y0), ls.Blocks)
	case ls.Iterations < 0 || !(ls.Tolerance > 0):
		return fmt.Errorf("sysid: %d iterations to a tolerance of %g, want positive numbers", ls.Iterations, ls.Tolerance)
	}
	for i, v := range ls.X0 {
		if !(ls.Lower[i] <= v && v <= ls.Upper[i]) {
			return fmt.Errorf("sysid: unknown %d starts at %g, outside its bounds %g … %g", i, v, ls.Lower[i], ls.Upper[i])
		}
	}
	return ls.Loss.check()
}

// errFinite is a residual that is no number.
var errFinite = errors.New("sysid: the residual or its derivative is not finite")

// block evaluates block i and weighs it by the loss.
func (ls *LeastSquares) block(worker, i int, x, y []float64, derivatives bool) (Block, float64, error) {
	b, err := ls.Residual(worker, i, x, y, derivatives)
	if err != nil {
		return b, 0, err
	}
	c := ls.Loss.apply(&b)
	if c-c != 0 {
		return b, 0, errFinite
	}
	return b, c, nil
}

// cost returns the loss at a point.
func (ls *LeastSquares) cost(ctx context.Context, x []float64, y [][]float64) (float64, error) {
	costs := make([]float64, ls.Blocks)
	err := parallel(ctx, ls.Workers, ls.Blocks, func(worker, i int) (err error) {
		_, costs[i], err = ls.block(worker, i, x, y[i], false)
		return err
	})
	return sum(costs), err
}

// restart sets the unknowns of each block back to zero where that is better: parameters that were far off may have driven
// them into another basin, from where no derivative leads back.
func (ls *LeastSquares) restart(ctx context.Context) error {
	return parallel(ctx, ls.Workers, ls.Blocks, func(worker, i int) error {
		zero := make([]float64, len(ls.Y0[i]))
		if slices.Equal(zero, ls.Y0[i]) {
			return nil
		}
		_, there, err := ls.block(worker, i, ls.X0, ls.Y0[i], false)
		_, back, failed := ls.block(worker, i, ls.X0, zero, false)
		if failed == nil && (err != nil || back < there) {
			ls.Y0[i] = zero
		}
		return nil
	})
}

// linear is the problem near a point: a triangle for every block with unknowns of its own, [Y X r], and two for all others
// together, [X r]: of those with data, and of priors alone.
type linear struct {
	nx           int
	triangles    []*mat.Dense
	blocks       []int       // which block each triangle is of, −1 for many
	told         []bool      // whether there is data in it
	scale        []float64   // of x: lengths of columns
	scales       [][]float64 // of y
	cost         float64
	data, priors int
	workers      int
}

// linearize evaluates all blocks with their derivatives.
func (ls *LeastSquares) linearize(ctx context.Context, x []float64, y [][]float64) (*linear, error) {
	costs, triangles := make([]float64, ls.Blocks), make([]*mat.Dense, ls.Blocks)
	data, priors := make([]int, ls.Blocks), make([]int, ls.Blocks)
	err := parallel(ctx, ls.Workers, ls.Blocks, func(worker, i int) error {
		b, c, err := ls.block(worker, i, x, y[i], true)
		if err != nil {
			return err
		}
		t := compress(b, len(y[i]), len(x))
		if s := mat.Norm(t, 1); s-s != 0 {
			return errFinite
		}
		triangles[i], costs[i], data[i], priors[i] = t, c, len(b.R)-b.Priors, b.Priors
		return nil
	})
	if err != nil {
		return nil, err
	}
	l := &linear{nx: len(x), workers: ls.Workers, cost: sum(costs)}
	add := func(t *mat.Dense, block, ny int, told bool) {
		l.triangles, l.blocks, l.told = append(l.triangles, t), append(l.blocks, block), append(l.told, told)
		l.scales = append(l.scales, nonzero(columns(t, 0, ny)))
	}
	var rest [2][]*mat.Dense
	for i, t := range triangles {
		l.data, l.priors = l.data+data[i], l.priors+priors[i]
		if len(y[i]) > 0 {
			add(t, i, len(y[i]), data[i] > 0)
		} else if data[i] > 0 {
			rest[0] = append(rest[0], t)
		} else {
			rest[1] = append(rest[1], t)
		}
	}
	for k, ts := range rest {
		if len(ts) > 0 {
			add(stack(ts), -1, 0, k == 0)
		}
	}
	squares := make([]float64, len(x))
	for i, t := range l.triangles {
		ny := len(l.scales[i])
		for k, c := range columns(t, ny, ny+len(x)) {
			squares[k] += c * c
		}
	}
	for k := range squares {
		squares[k] = math.Sqrt(squares[k] + 2*l.cost/(ls.Size[k]*ls.Size[k]))
	}
	l.scale = nonzero(squares)
	return l, nil
}

// nonzero replaces the zeros of scales by ones: nothing depends on these unknowns, and they stay.
func nonzero(d []float64) []float64 {
	for i := range d {
		if d[i] == 0 {
			d[i] = 1
		}
	}
	return d
}

// step returns the minimum of the linear model with the damping ½λ‖D·step‖², D the norms of the columns of the Jacobian
// (of x with all that is left over its size: what the data hardly tells would go far beyond what its derivative knows
// about), cut at the bounds of x. Unknowns at a bound that the step would cross stay where they are, and the rest moves
// without them.
func (l *linear) step(ls LeastSquares, x []float64, lambda float64) (dx []float64, dy [][]float64) {
	damped := make([]*mat.Dense, len(l.triangles))
	_ = parallel(context.Background(), l.workers, len(damped), func(_, i int) error { // cannot fail
		damped[i] = damp(l.triangles[i], l.scales[i], lambda)
		return nil
	})
	corners := make([]*mat.Dense, len(damped))
	for i, t := range damped {
		corners[i] = corner(t, len(l.scales[i]))
	}
	shared := stack(corners)
	held := make([]bool, l.nx)
	for crossed := true; crossed; {
		t := mat.DenseCopyOf(shared)
		for j, h := range held {
			for i := 0; h && i <= j; i++ {
				t.Set(i, j, 0)
			}
		}
		t = damp(t, l.scale, lambda)
		dx = back(t, negated(t, l.nx))
		crossed = false
		for j, d := range dx {
			if !held[j] && (d < 0 && x[j] <= ls.Lower[j] || d > 0 && x[j] >= ls.Upper[j]) {
				held[j], crossed = true, true
			}
		}
	}
	for j := range dx {
		dx[j] = min(max(x[j]+dx[j], ls.Lower[j]), ls.Upper[j]) - x[j]
		if held[j] {
			dx[j] = 0
		}
	}
	dy = make([][]float64, ls.Blocks)
	for i, t := range damped {
		ny := len(l.scales[i])
		b := negated(t, ny)
		for r := range b {
			for k, d := range dx {
				b[r] -= t.At(r, ny+k) * d
			}
		}
		if ny > 0 {
			dy[l.blocks[i]] = back(t, b)
		}
	}
	return dx, dy
}

// negated returns minus the first n numbers of the last column.
func negated(t *mat.Dense, n int) []float64 {
	b := make([]float64, n)
	_, cols := t.Dims()
	for i := range b {
		b[i] = -t.At(i, cols-1)
	}
	return b
}

// gain returns how much a step lowers ½‖r‖² by the linear model.
func (l *linear) gain(dx []float64, dy [][]float64) float64 {
	g := 0.0
	for i, t := range l.triangles {
		z := append(slices.Clone(dx), 1)
		if k := l.blocks[i]; k >= 0 {
			z = append(slices.Clone(dy[k]), z...)
		}
		for r := range z {
			s := 0.0
			row := t.RawRowView(r)
			for c := r; c < len(z); c++ {
				s += row[c] * z[c]
			}
			last := row[len(z)-1]
			g += (last - s) * (last + s) / 2
		}
	}
	return g
}

// shared returns the triangle [X r] of all blocks, or of those with data, their own unknowns eliminated.
func (l *linear) shared(data bool) *mat.Dense {
	corners := []*mat.Dense{mat.NewDense(l.nx+1, l.nx+1, nil)}
	for i, t := range l.triangles {
		if !data || l.told[i] {
			corners = append(corners, corner(t, len(l.scales[i])))
		}
	}
	return stack(corners)
}
