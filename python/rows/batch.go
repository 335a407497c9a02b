// Package rows is the engine on arrays: a row of numbers is a state, and one call steps or differentiates many rows on all
// cores. It is what the C interface of the Python package exports, without any C.
//
// A row x of a state is (q, v), NQ + NV numbers, and h the length of the interval that v belongs to ([sim.State]). All arrays
// are C-contiguous and belong to the caller. What is wrong with an argument (a length, a number that is not finite, a
// quaternion far from unit) is an error that names row and joint, before anything is computed. A step that fails is no error of
// the call: its row has a [Status] and keeps its state, its derivatives are zero.
//
// Quaternions within 1e-12 of unit are taken as they are, so that rows have the bits of the same steps in Go; up to 10 % off
// they are normalized, which is what a derivative by their four numbers needs.
package rows

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// Status says what became of a row.
type Status = int32

// What can become of a row.
const (
	Solved       Status = iota
	Failed              // a step did not converge, even divided: the row keeps its state
	NoDerivative        // it stepped, and has no derivative
	Canceled            // the call was ended early
)

// Settings tune a batch. Zero values select the engine's defaults.
type Settings struct {
	Kappa         float64  `json:"kappa"`
	Tolerance     float64  `json:"tolerance"`
	Centrality    float64  `json:"centrality"`
	GradientKappa float64  `json:"gradient_kappa"` // at which steps are differentiated, at least Kappa
	Workers       int      `json:"workers"`        // ≤ 0: one per processor
	DivideImpacts bool     `json:"divide_impacts"` // [sim.Options]
	Sensors       []Sensor `json:"sensors"`
}

// Batch works on rows with all its workers. Calls from several goroutines take turns.
type Batch struct {
	mu      sync.Mutex
	m       *Model // the first, for all that they have in common
	models  []*Model
	batch   *sim.Batch
	set     Settings
	workers sync.Map // *sim.Stepper → *worker
	quats   []quaternion
	nx      int
	joints  int
	checked sim.State // scratch
}

// worker is what one stepper needs besides.
type worker struct {
	gradient         *implicit.Gradient
	sensors          []*sim.Sensor
	queries          map[*sim.Model]*query
	start, cur, next sim.State
	a, b, p          mat.Dense                   // of all sub steps
	one              struct{ a, b, p mat.Dense } // of the last of them
	product          mat.Dense
	mid              []float64
	x, y             implicit.Tangent
}

// Fails says which rows of a call did not end as they should.
type Fails struct {
	Count int
	Err   error // of the first of them; nil when there are none
}

// Rows are states and, step by step, the inputs of n rows.
type Rows struct {
	N int
	X []float64 // n×nx
	H []float64 // n; nil is zero
	U []float64 // n×nu, of rollouts n×t×nu; nil is zero

	Vary *Vary // nil leaves all parameters as they are
}

// New returns a batch in which row i belongs to model i mod their number. They share their structure and differ in parameters.
func New(models []*Model, s Settings) (*Batch, error) {
	if len(models) == 0 {
		return nil, errors.New("a batch without a model")
	}
	m := models[0]
	for i, other := range models {
		if other.Structure() != m.Structure() {
			return nil, fmt.Errorf("model %d, %q, differs from model 0, %q, not only in parameters: bodies, joints, shapes, pairs that may touch or names do", i, other.Name(), m.Name())
		}
	}
	for _, v := range []struct {
		name  string
		value float64
	}{{"kappa", s.Kappa}, {"tolerance", s.Tolerance}, {"centrality", s.Centrality}, {"gradient_kappa", s.GradientKappa}} {
		if !(v.value >= 0) || math.IsInf(v.value, 1) {
			return nil, fmt.Errorf("%s is %g, want a positive number", v.name, v.value)
		}
	}
	if s.Workers > 1024 {
		return nil, fmt.Errorf("%d workers, want at most 1024", s.Workers)
	}
	b := &Batch{m: m, models: models, set: s, nx: m.NQ() + m.NV(), quats: quaternions(m.Model),
		joints: len(m.Bodies()), checked: m.NewState()}
	opt := sim.Options{Kappa: s.Kappa, Tolerance: s.Tolerance, Centrality: s.Centrality, DivideImpacts: s.DivideImpacts}
	b.batch = m.NewBatch(opt, s.Workers)
	try := m.NewStepper(opt)
	if _, err := implicit.New(try, implicit.Options{Kappa: s.GradientKappa}); err != nil {
		return nil, err
	}
	if _, err := add(try, s.Sensors); err != nil {
		return nil, err
	}
	return b, nil
}

// Sensors returns how many sensors it has.
func (b *Batch) Sensors() int { return len(b.set.Sensors) }

// Joints returns how many joints, and bodies, its models have.
func (b *Batch) Joints() int { return b.joints }

// Model returns the batch's first model.
func (b *Batch) Model() *Model { return b.m }

// worker returns what belongs to a stepper, which only one goroutine uses at a time.
func (b *Batch) worker(s *sim.Stepper) (*worker, error) {
	if w, ok := b.workers.Load(s); ok {
		return w.(*worker), nil
	}
	g, err := implicit.New(s, implicit.Options{Kappa: b.set.GradientKappa})
	if err != nil {
		return nil, err
	}
	sensors, err := add(s, b.set.Sensors)
	if err != nil {
		return nil, err
	}
	nt := max(b.nx, 2*b.m.NV())
	w := &worker{gradient: g, sensors: sensors, queries: map[*sim.Model]*query{}, start: b.m.NewState(), cur: b.m.NewState(), next: b.m.NewState(), mid: make([]float64, nt*nt),
		x: implicit.NewTangent(b.m.Model), y: implicit.NewTangent(b.m.Model)}
	b.workers.Store(s, w)
	return w, nil
}

// check returns what is wrong with the rows of a call of t steps. It ends early when the call is to stop: then no row is worked on.
func (b *Batch) check(r Rows, t int, stop *int32) error {
	if r.N < 0 || t < 0 {
		return fmt.Errorf("%d rows and %d steps", r.N, t)
	}
	if err := r.Vary.check(r.N); err != nil {
		return err
	}
	nu := b.m.NU()
	if len(r.X) != r.N*b.nx || r.H != nil && len(r.H) != r.N || r.U != nil && len(r.U) != r.N*t*nu {
		return fmt.Errorf("%d states, %d intervals, %d inputs do not make %d rows of %d, %d steps of %d inputs", len(r.X), len(r.H), len(r.U), r.N, b.nx, t, nu)
	}
	for i := range r.N {
		if stopped(stop) {
			return nil
		}
		if err := b.load(&b.checked, r, i); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
		if r.U == nil {
			continue
		}
		for k, v := range r.U[i*t*nu : (i+1)*t*nu] {
			if v-v == 0 {
				continue
			}
			if t > 1 {
				return fmt.Errorf("row %d, step %d: input %q is %g", i, k/nu, b.m.Inputs()[k%nu], v)
			}
			return fmt.Errorf("row %d: input %q is %g", i, b.m.Inputs()[k], v)
		}
	}
	return nil
}

// load stores row i in s, with unit quaternions.
func (b *Batch) load(s *sim.State, r Rows, i int) error {
	x, nq := r.X[i*b.nx:(i+1)*b.nx], b.m.NQ()
	copy(s.Q, x[:nq])
	copy(s.V, x[nq:])
	if s.H = 0; r.H != nil {
		s.H = r.H[i]
	}
	for _, k := range b.quats {
		q := s.Q[k.q : k.q+4]
		n := norm(q)
		if off := math.Abs(n - 1); off > 0.1 {
			return fmt.Errorf("quaternion of joint %q has length %g, want 1 (order w, x, y, z)", k.joint, n)
		} else if off > 1e-12 {
			for c := range q {
				q[c] /= n
			}
		}
	}
	return b.m.CheckState(*s)
}

// input returns the input of row i in step k of t.
func (b *Batch) input(r Rows, i, k, t int) []float64 {
	if r.U == nil {
		return nil
	}
	nu := b.m.NU()
	return r.U[(i*t+k)*nu : (i*t+k+1)*nu]
}

// each runs job for every row and collects what became of them.
func (b *Batch) each(r Rows, status []Status, job func(i int, s *sim.Stepper, w *worker) (Status, error)) (Fails, error) {
	err := b.batch.Each(r.N, func(i int, s *sim.Stepper) error {
		w, err := b.worker(s)
		if err != nil {
			return err
		}
		if m := b.model(r.Vary, i, r.N); s.Model() != m {
			if err := s.SetModel(m); err != nil {
				return err
			}
		}
		if err := b.load(&w.cur, r, i); err != nil {
			return err
		}
		status[i], err = job(i, s, w)
		if err != nil {
			err = fmt.Errorf("row %d: %w", i, err)
		}
		return err
	}, nil)
	var be *sim.BatchError
	if errors.As(err, &be) {
		return Fails{be.Count, be.Err}, nil
	}
	return Fails{}, err
}

var errCanceled = errors.New("canceled")

// stopped reports whether a call shall end early: stop may be nil, and somebody may set it while the call lasts.
func stopped(stop *int32) bool { return stop != nil && atomic.LoadInt32(stop) != 0 }

// store writes a state as a row.
func (b *Batch) store(x []float64, s sim.State) {
	copy(x, s.Q)
	copy(x[b.m.NQ():], s.V)
}
