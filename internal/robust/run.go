package robust

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/ukemi-sim/ukemi/sim"
)

// The table's sides.
var (
	Steps  = []float64{1e-3, 2e-3, 5e-3, 10e-3, 20e-3, 50e-3} // step lengths h (s)
	Kappas = []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8}
)

// Cell names a cell of the table.
type Cell struct {
	System   string
	H, Kappa float64
}

// Count is what happened in a cell.
type Count struct {
	Cell
	Tosses, Steps, Halvings int
	Iterations              int     // all of them
	IterationsMax           int     // in one step
	Penetration             float64 // deepest (m), ≥ 0
	Failures                []Failure
}

// Failure is a step that did not converge.
type Failure struct {
	Cell
	Toss     int
	Mu, Mass float64
	Step     int
	Err      error
}

// Config says what to run.
type Config struct {
	Steps    int         // in all cells together
	Seed     uint64      //
	Systems  []string    // Default: Systems
	Workers  int         // Default: as many as there are processors
	Progress func(n int) // told how many steps were taken since it was last told; one call at a time
}

// allCells returns the cells of the systems.
func allCells(systems []string) []Cell {
	var l []Cell
	for _, s := range systems {
		for _, h := range Steps {
			for _, k := range Kappas {
				l = append(l, Cell{s, h, k})
			}
		}
	}
	return l
}

// Run throws until every cell has had its share of the steps. The counts do not depend on the number of
// workers.
func Run(ctx context.Context, c Config) ([]Count, error) {
	if c.Systems == nil {
		c.Systems = Systems
	}
	cells := allCells(c.Systems)
	counts, errs := make([]Count, len(cells)), make([]error, len(cells))
	share(ctx, len(cells), c, func(i int, done func(int)) {
		steps := (i+1)*c.Steps/len(cells) - i*c.Steps/len(cells)
		counts[i].Cell = cells[i]
		for counts[i].Steps < steps && errs[i] == nil && ctx.Err() == nil {
			before := counts[i].Steps
			errs[i] = Toss(&counts[i], c.Seed, counts[i].Tosses, steps-before)
			done(counts[i].Steps - before)
		}
	})
	for _, err := range errs {
		if err != nil {
			return counts, err
		}
	}
	return counts, ctx.Err()
}

// share gives the jobs 0 … n−1 to workers until the context ends. A job says how much is done as it goes.
func share(ctx context.Context, n int, c Config, job func(i int, done func(int))) {
	workers := c.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var tell sync.Mutex
	done := func(n int) {
		if c.Progress != nil {
			tell.Lock()
			defer tell.Unlock()
			c.Progress(n)
		}
	}
	work := make(chan int)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := range work {
				if ctx.Err() == nil {
					job(i, done)
				}
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	all.Wait()
}

// Toss makes toss number n of the cell, at most the given number of steps, and adds what happened to the
// count. A failed step ends the toss. The error is for cells that do not exist.
func Toss(c *Count, seed uint64, n, most int) error {
	r := rand.New(rand.NewPCG(seed^cellSeed(c.Cell), uint64(n)))
	mu := 5 * math.Pow(r.Float64(), 2)
	if r.Float64() < 0.15 {
		mu = 0
	}
	mass := math.Pow(10, 12*r.Float64()-6)
	m, state, err := begin(c.Cell, mass, mu, r)
	if err != nil {
		return err
	}
	st := m.NewStepper(sim.Options{Kappa: c.Kappa})
	const seconds, shortest, longest = 0.6, 40, 400
	steps := min(most, max(shortest, min(longest, int(seconds/c.H))))
	c.Tosses++
	for k := range steps {
		res, err := st.Step(&state, state, nil)
		c.Steps++
		c.Halvings += res.Halvings
		c.Iterations += res.Iterations
		c.IterationsMax = max(c.IterationsMax, res.Iterations)
		if err != nil {
			c.Failures = append(c.Failures, Failure{c.Cell, n, mu, mass, k, err})
			return nil
		}
		c.Penetration = math.Max(c.Penetration, st.Penetration())
	}
	return nil
}

// begin returns the model of a cell, and a random start.
func begin(c Cell, mass, mu float64, r *rand.Rand) (m *sim.Model, x sim.State, err error) {
	if slices.Contains(Scenes, c.System) {
		if m, err = scene(c.System, c.H, mass, mu); err == nil {
			x, err = disturb(c.System, m, r)
		}
		return m, x, err
	}
	if m, err = build(c.System, c.H, mass, mu); err == nil {
		x = throw(m, r)
	}
	return m, x, err
}

// cellSeed keeps the tosses of different cells apart.
func cellSeed(c Cell) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s:%g:%g", c.System, c.H, c.Kappa)
	return h.Sum64()
}
