package sysid

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// parallel runs job(worker, i) for all i < n, each worker one at a time, and returns the error of the smallest i that
// failed. Jobs not yet begun when the context ends are left out.
func parallel(ctx context.Context, workers, n int, job func(worker, i int) error) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range min(workers, n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				errs[i] = job(w, i)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

func cloneAll(x [][]float64) [][]float64 {
	c := make([][]float64, len(x))
	for i := range x {
		c[i] = slices.Clone(x[i])
	}
	return c
}

// added returns x + d.
func added(x, d []float64) []float64 {
	s := slices.Clone(x)
	for i := range d {
		s[i] += d[i]
	}
	return s
}

func addedAll(x, d [][]float64) [][]float64 {
	s := make([][]float64, len(x))
	for i := range x {
		s[i] = added(x[i], d[i])
	}
	return s
}
