package sysid

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
)

// Trajectory is a measured motion: samples at even intervals.
type Trajectory struct {
	Name string
	// States are the samples. One without coordinates (nil Q) is missing; the first cannot be. Coordinates that nothing
	// measures (see Problem.Noise) still have to be numbers, but only those of the first sample count: simulations start there.
	States []sim.State
	Inputs [][]float64 // of every step, Substeps for each interval of the samples; nil: all zero
	// Readings are what Problem.Sensors said at each sample, one after the other in their order; NaN, or no row, is
	// missing. Those of the first sample do not count.
	Readings [][]float64
}

// Problem is to find the parameters with which simulated motion agrees best with what was measured.
//
// Simulations start from measured states: at the first sample of each trajectory, or every Window samples (one-step
// prediction with Window 1, multiple shooting with more). Short windows make a smooth problem that noise of the velocities
// at their starts rules; whole trajectories see parameters best and make a rough one. Start states with noise are
// unknowns of their own (StartNoise).
type Problem struct {
	Model        *sim.Model // values of parameters in it are where the search starts
	Parameters   []Parameter
	Trajectories []Trajectory
	Substeps     int // steps of the model per interval of the samples; default 1
	Sensors      []Sensor

	// Noise is the standard deviation of each measured number in the tangent space, 2NV, order (q, v); math.Inf(1) is
	// what was not measured. Orientations are compared by rotation vectors. nil: only sensors measured.
	Noise []float64
	// StartNoise is that of the states that simulations start from: 0 is exact, math.Inf(1) nothing known. nil: the
	// Noise of what was measured, the rest exact.
	StartNoise []float64
	Window     int     // samples that a simulation predicts; 0: all
	Stages     []Stage // searches, each from where the last one ended; default: one at sim.DefaultKappa over all samples
	Loss       Loss    // of the measurements
	Searches   int     // from how many places to search, the first the model's own, the others random (see Set.Scatter); the best wins. Default 1

	Workers    int                           // default: one for every processor that Go may use; results do not depend on it
	Iterations int                           // of each search; default 100
	Tolerance  float64                       // see LeastSquares; default 1e-8
	Progress   func(search int, at Progress) // nil: nobody hears
}

// Stage is one search. Soft contact leads from afar and hard contact tells the truth; the first samples, the flight before
// contact, put starts right, without which the rest falls on another face. So go from soft and short to hard and whole.
type Stage struct {
	Kappa   float64
	Horizon int // samples that count of those that a simulation predicts; 0: all
}

// Misfit is how far simulations of a trajectory are from it.
type Misfit struct {
	Name string `json:"name"`
	RMS  Number `json:"rms"` // of residuals over their noise
}

// window is what one simulation predicts: samples first < k ≤ last of a trajectory.
type window struct{ trajectory, first, last int }

// fit is a Problem made ready.
type fit struct {
	*Problem
	set        *Set
	windows    []window
	free       []int // numbers of a start state that are unknowns
	startNoise []float64
	rows       []int // numbers of a state that are measured
	inverse    []float64
	sensed     []sensor
	late       int // the unknown by which inputs are late, −1 for none
	workers    []*worker
}

// worker simulates, one window at a time.
type worker struct {
	stepper  *sim.Stepper
	gradient *implicit.Gradient
	x        []float64 // of the model that the stepper has
	err      error     // why it could not get that model
}

// Fit searches for the parameters, one stage after the other. When the context ends it returns the best so far.
func (p *Problem) Fit(ctx context.Context) (*Result, error) {
	set, err := NewSet(p.Model, p.Parameters...)
	if err != nil {
		return nil, err
	}
	f, err := p.ready(set)
	if err != nil {
		return nil, err
	}
	best, total, err := f.stagesFrom(ctx, 0, set.Start())
	if err != nil {
		return nil, err
	}
	costs, canceled := []float64{best.Cost}, best.Status == Canceled
	for i := 1; i < p.Searches && !canceled; i++ {
		found, n, err := f.stagesFrom(ctx, i, set.Scatter(uint64(i)))
		total += n
		switch {
		case err != nil && ctx.Err() != nil:
			canceled = true
		case err != nil: // a place where nothing can be simulated
			costs = append(costs, math.Inf(1))
		default:
			canceled = found.Status == Canceled
			if costs = append(costs, found.Cost); found.Cost < best.Cost {
				found.StartCost, best = best.StartCost, found
			}
		}
	}
	r, err := NewResult(set, best)
	if err != nil {
		return nil, err
	}
	r.Method, r.Iterations = f.method(), total
	if canceled { // perhaps in a search that was not the best, or between two
		r.Status = Canceled
	}
	if len(costs) > 1 {
		r.Notes = append(r.Notes, fmt.Sprintf("best of %d searches, which ended at the costs %.4g", len(costs), costs))
	}
	r.Trajectories, err = f.misfits(best)
	return r, err
}

// stagesFrom takes search number i through all stages, from x.
func (f *fit) stagesFrom(ctx context.Context, i int, x []float64) (found *Minimum, iterations int, err error) {
	y := f.starts()
	for k := range f.stages() {
		next, err := f.search(ctx, i*len(f.stages())+k, k, x, y)
		switch {
		case err != nil && ctx.Err() != nil && found != nil: // what the stages before have found is not lost
			found.Status = Canceled
		case err != nil:
			return nil, iterations, err
		default:
			found, iterations = next, iterations+next.Iterations
		}
		x, y = found.X, found.Y
		if found.Status == Canceled {
			break
		}
	}
	return found, iterations, nil
}

// Starts returns the first states of the trajectories that fit their measurements best, the parameters as they are in the
// model. StartNoise says what of them is unknown.
func (p *Problem) Starts(ctx context.Context) ([]sim.State, error) {
	whole := *p
	whole.Window = 0
	f, err := whole.ready(&Set{m: p.Model})
	if err != nil {
		return nil, err
	}
	if len(f.free) == 0 {
		return nil, errors.New("sysid: StartNoise leaves nothing of the first states to find")
	}
	states := make([]sim.State, len(f.windows))
	for i := range f.windows { // each on its own: none waits for another
		one := *f
		one.windows = f.windows[i : i+1]
		y := one.starts()
		for k := range one.stages() {
			found, err := one.search(ctx, k, k, nil, y)
			if err != nil {
				return nil, err
			}
			y = found.Y
		}
		states[i], _ = one.start(one.windows[0], y[0])
	}
	return states, ctx.Err()
}

func (p *Problem) stages() []Stage {
	if len(p.Stages) == 0 {
		return []Stage{{Kappa: sim.DefaultKappa}}
	}
	return p.Stages
}

func (p *Problem) method() string {
	switch p.Window {
	case 0:
		return "simulation of whole trajectories"
	case 1:
		return "one-step prediction"
	}
	return fmt.Sprintf("simulation over windows of %d samples", p.Window)
}

// search is the minimization of a stage; its progress is told under number.
func (f *fit) search(ctx context.Context, number, k int, x []float64, y [][]float64) (*Minimum, error) {
	stage := f.stages()[k]
	for _, w := range f.workers {
		w.stepper.SetKappa(stage.Kappa)
	}
	lower, upper := f.set.Bounds()
	blocks := len(f.windows)
	residual := func(worker, i int, x, y []float64, derivatives bool) (Block, error) {
		if i == blocks {
			return f.set.Prior(x), nil
		}
		win := f.windows[i]
		if stage.Horizon > 0 {
			win.last = min(win.last, win.first+stage.Horizon)
		}
		return f.residual(f.workers[worker], win, x, y, derivatives)
	}
	ls := LeastSquares{
		X0: x, Lower: lower, Upper: upper, Size: f.set.Size(), Y0: append(slices.Clone(y), nil)[:blocks+1], Blocks: blocks + 1, Loss: f.Loss,
		Workers: len(f.workers), Iterations: f.Iterations, Tolerance: f.Tolerance,
		Residual: residual,
	}
	if err := ls.restart(ctx); err != nil {
		return nil, err
	}
	if f.Progress != nil {
		ls.Progress = func(p Progress) { f.Progress(number, p) }
	}
	return ls.Minimize(ctx)
}

// starts returns the unknowns of every window at the measured states: zeros.
func (f *fit) starts() [][]float64 {
	y := make([][]float64, len(f.windows))
	for i := range y {
		y[i] = make([]float64, len(f.free))
	}
	return y
}

// ready checks the problem and builds what the search needs.
func (p *Problem) ready(set *Set) (*fit, error) {
	f := &fit{Problem: p, set: set}
	var err error
	f.sensed, f.late, err = p.sensors(set)
	if err := errors.Join(err, p.checkNoise(), p.checkSettings(), p.checkTrajectories()); err != nil {
		return nil, err
	}
	f.inverse = make([]float64, 2*p.Model.NV())
	for i, s := range p.Noise {
		if !math.IsInf(s, 1) {
			f.rows, f.inverse[i] = append(f.rows, i), 1/s
		}
	}
	f.startNoise = p.startNoise()
	for i, s := range f.startNoise {
		if s > 0 {
			f.free = append(f.free, i)
		}
	}
	for i, t := range p.Trajectories {
		first, last := 0, len(t.States)-1
		for k := 1; k <= last; k++ {
			if k == last || p.Window > 0 && k-first >= p.Window && t.States[k].Q != nil {
				f.windows, first = append(f.windows, window{i, first, k}), k
			}
		}
	}
	n := p.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	for range n {
		s := p.Model.NewStepper(sim.Options{})
		g, err := implicit.New(s, implicit.Options{})
		if err != nil {
			return nil, err
		}
		f.workers = append(f.workers, &worker{stepper: s, gradient: g})
	}
	return f, nil
}

// startNoise returns StartNoise or its default: a first sample is as noisy as those after it. Taken for exact it bends
// all that is simulated from it.
func (p *Problem) startNoise() []float64 {
	if p.StartNoise != nil {
		return p.StartNoise
	}
	s := slices.Clone(p.Noise)
	for i, v := range s {
		if math.IsInf(v, 1) {
			s[i] = 0
		}
	}
	return s
}

func (p *Problem) substeps() int { return max(p.Substeps, 1) }

func (p *Problem) checkSettings() error {
	for i, s := range p.stages() {
		if !(s.Kappa > 0) || math.IsInf(s.Kappa, 1) || s.Horizon < 0 {
			return fmt.Errorf("sysid: Problem.Stages[%d] has κ %g and %d samples, want positive numbers, or 0 for all samples", i, s.Kappa, s.Horizon)
		}
	}
	if p.Substeps < 0 || p.Window < 0 || p.Searches < 0 {
		return fmt.Errorf("sysid: %d substeps, windows of %d samples and %d searches, want positive numbers, or 0 for the defaults", p.Substeps, p.Window, p.Searches)
	}
	return nil
}

func (p *Problem) checkNoise() error {
	n := 2 * p.Model.NV()
	if len(p.Noise) != n && (p.Noise != nil || len(p.Sensors) == 0) {
		return fmt.Errorf("sysid: Problem.Noise has %d numbers, want %d: one of each coordinate and velocity of model %q", len(p.Noise), n, p.Model.Name())
	}
	if p.StartNoise != nil && len(p.StartNoise) != n {
		return fmt.Errorf("sysid: Problem.StartNoise has %d numbers, want %d, or none", len(p.StartNoise), n)
	}
	measured := len(p.Sensors) > 0
	for i, s := range p.Noise {
		if !(s > 0) {
			return fmt.Errorf("sysid: Problem.Noise[%d] is %g, want a positive number, or infinity for what was not measured", i, s)
		}
		measured = measured || !math.IsInf(s, 1)
	}
	for i, s := range p.StartNoise {
		if !(s >= 0) {
			return fmt.Errorf("sysid: Problem.StartNoise[%d] is %g, want 0 for exact, a positive number, or infinity", i, s)
		}
	}
	if !measured {
		return errors.New("sysid: Problem.Noise says that nothing was measured")
	}
	return nil
}

func (p *Problem) checkTrajectories() error {
	var errs []error
	for i, t := range p.Trajectories {
		name := t.Name
		if name == "" {
			name = fmt.Sprintf("trajectory %d", i)
		}
		if len(t.States) < 2 {
			errs = append(errs, fmt.Errorf("sysid: %s has %d samples, want at least 2", name, len(t.States)))
			continue
		}
		seen := 0
		for k, s := range t.States {
			if s.Q == nil && k > 0 {
				continue
			}
			seen++
			if err := p.Model.CheckState(s); err != nil {
				errs = append(errs, fmt.Errorf("sysid: %s, sample %d: %w", name, k, err))
				break
			}
		}
		if seen < 2 && t.Readings == nil {
			errs = append(errs, fmt.Errorf("sysid: %s has no sample behind its first", name))
		}
		if want := (len(t.States) - 1) * p.substeps(); t.Inputs != nil && len(t.Inputs) != want {
			errs = append(errs, fmt.Errorf("sysid: %s has inputs of %d steps, want %d", name, len(t.Inputs), want))
		}
		errs = append(errs, p.checkReadings(&t, name))
		for k, u := range t.Inputs {
			if bad := slices.ContainsFunc(u, func(v float64) bool { return v-v != 0 }); bad || u != nil && len(u) != p.Model.NU() {
				errs = append(errs, fmt.Errorf("sysid: %s: the input of step %d is %g, want %d finite numbers", name, k, u, p.Model.NU()))
				break
			}
		}
	}
	if len(p.Trajectories) == 0 {
		errs = append(errs, errors.New("sysid: no trajectories"))
	}
	return errors.Join(errs...)
}
