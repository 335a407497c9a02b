package sim

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Batch advances many states of one model on several workers. Every worker owns a [Stepper], a state is
// worked on by one of them at a time, and no step depends on an earlier one of the same stepper: so the
// results have the same bits as one state after the other, for any number of workers. A Batch is for one
// goroutine at a time.
type Batch struct {
	m        *Model
	steppers []*Stepper
}

// NewBatch returns a batch for m. With workers ≤ 0 it has one for every processor that Go may use.
func (m *Model) NewBatch(opt Options, workers int) *Batch {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	b := &Batch{m: m, steppers: make([]*Stepper, workers)}
	for i := range b.steppers {
		b.steppers[i] = m.NewStepper(opt)
	}
	return b
}

// Model returns the batch's model.
func (b *Batch) Model() *Model { return b.m }

// Workers returns the number of workers.
func (b *Batch) Workers() int { return len(b.steppers) }

// BatchError says which of the jobs of a batch failed.
type BatchError struct {
	Jobs  int // how many there were
	Index int // the first that failed
	Err   error
	Count int // how many failed
}

func (e *BatchError) Error() string {
	return fmt.Sprintf("sim: %d of %d in the batch failed, the first is %d: %v", e.Count, e.Jobs, e.Index, e.Err)
}

func (e *BatchError) Unwrap() error { return e.Err }

// Progress hears how many of the jobs are done. Calls come one at a time, in order, from any goroutine.
type Progress func(done, total int)

// Each runs job(0) … job(n−1) on the workers, each with the stepper of the worker that took it, and
// returns once all have ended. A job must not leave settings on its stepper that change later steps, or
// results would depend on who took which. All jobs run even when some fail; the error is a *[BatchError].
// progress may be nil.
func (b *Batch) Each(n int, job func(i int, s *Stepper) error, progress Progress) error {
	if n == 1 {
		return b.one(job, progress)
	}
	var (
		next atomic.Int64
		wg   sync.WaitGroup
		mu   sync.Mutex // guards what follows
		done int
		fail BatchError
	)
	// A worker takes a few neighbors at a time: often enough that none waits long at the end, rarely
	// enough that short steps do not queue for the counter and neighbors do not share cache lines.
	chunk := max(1, min(16, n/(16*len(b.steppers))))
	work := func(s *Stepper) {
		for {
			end := int(next.Add(int64(chunk)))
			for i := end - chunk; i < min(end, n); i++ {
				err := job(i, s)
				if err == nil && progress == nil {
					continue
				}
				mu.Lock()
				if err != nil {
					if fail.Count == 0 || i < fail.Index {
						fail.Index, fail.Err = i, err
					}
					fail.Count++
				}
				if done++; progress != nil {
					progress(done, n)
				}
				mu.Unlock()
			}
			if end >= n {
				return
			}
		}
	}
	for _, s := range b.steppers[1:min(len(b.steppers), max(n, 1))] {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work(s)
		}()
	}
	work(b.steppers[0])
	wg.Wait()
	if fail.Count > 0 {
		fail.Jobs = n
		return &fail
	}
	return nil
}

// one runs the only job there is, without what many need: a step may be as short as a microsecond.
func (b *Batch) one(job func(i int, s *Stepper) error, progress Progress) error {
	err := job(0, b.steppers[0])
	if progress != nil {
		progress(1, 1)
	}
	if err != nil {
		return &BatchError{Jobs: 1, Err: err, Count: 1}
	}
	return nil
}

// Step stores in next[i] the state one timestep after cur[i] under the input u[i], for every i. A nil u or
// u[i] is zero. results, which may be nil, receives what [Stepper.Step] returns. A state whose step fails
// is left as it was, the others advance all the same, and the error is a *[BatchError].
//
// The lengths of next, cur and, when they are not nil, u and results must agree; next[i] may be cur[i].
func (b *Batch) Step(next, cur []State, u [][]float64, results []Result) error {
	n := len(cur)
	if len(next) != n || (u != nil && len(u) != n) || (results != nil && len(results) != n) {
		return fmt.Errorf("sim: batch step with %d current states, %d next, %d inputs and %d results", n, len(next), len(u), len(results))
	}
	return b.Each(n, func(i int, s *Stepper) error {
		var ui []float64
		if u != nil {
			ui = u[i]
		}
		res, err := s.Step(&next[i], cur[i], ui)
		if results != nil {
			results[i] = res
		}
		return err
	}, nil)
}

// BatchController computes the input u (length NU, zero on entry) for step k of rollout i from its state.
// Different rollouts call it at the same time.
type BatchController func(u []float64, i, k int, cur State)

// Rollout takes steps from every start and returns the trajectories in the same order. ctrl and progress
// may be nil. A rollout that fails ends where it failed and the error is a *[BatchError]; the others are
// complete. It keeps every state; use [Batch.Each] where only part of them matters.
func (b *Batch) Rollout(starts []State, steps int, ctrl BatchController, progress Progress) ([]*Trajectory, error) {
	out := make([]*Trajectory, len(starts))
	err := b.Each(len(starts), func(i int, s *Stepper) (err error) {
		var c Controller
		if ctrl != nil {
			c = func(u []float64, k int, cur State) { ctrl(u, i, k, cur) }
		}
		out[i], err = s.Rollout(starts[i], steps, c)
		return err
	}, progress)
	return out, err
}
