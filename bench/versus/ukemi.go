package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// bench is ukemi's side: it takes a scene file and prints reports, as every engine's program does.
type bench struct {
	*world
	st      *sim.Stepper
	seconds float64 // to spend on one measurement
	out     *json.Encoder
}

func runUkemi(out io.Writer, what, file string, seconds float64) error {
	runtime.LockOSThread() // cpu is the time of a thread
	debug.SetGCPercent(800)
	w, err := readWorld(file)
	if err != nil {
		return err
	}
	b := &bench{w, w.model.NewStepper(sim.Options{}), seconds, json.NewEncoder(out)}
	switch what {
	case "step":
		return b.step()
	case "gradient":
		return b.gradient()
	case "batch":
		return b.batch()
	case "end":
		return b.end()
	}
	return fmt.Errorf("ukemi does not measure %q", what)
}

// repeat calls f until the CPU time is used up, three times at least after a first one that warms the memory,
// and returns the times (µs) per unit of work.
func (b *bench) repeat(units int, f func() error) ([]float64, error) {
	if err := f(); err != nil {
		return nil, err
	}
	var us []float64
	for end := cpu() + 1e6*b.seconds; len(us) < 3 || cpu() < end; {
		t := cpu()
		if err := f(); err != nil {
			return nil, err
		}
		us = append(us, (cpu()-t)/float64(units))
	}
	return us, nil
}

// simulate takes n steps from x, the first of which is step from of the scene, and stores the end in x.
func (b *bench) simulate(st *sim.Stepper, x *sim.State, from, n int) error {
	for k := range n {
		if _, err := st.Step(x, *x, b.inputs[from+k]); err != nil {
			return fmt.Errorf("step %d: %w", from+k, err)
		}
	}
	return nil
}

// warmed returns the state after the warm-up.
func (b *bench) warmed() (sim.State, error) {
	x := b.start.Clone()
	return x, b.simulate(b.st, &x, 0, b.warm)
}

func (b *bench) step() error {
	start, err := b.warmed()
	if err != nil {
		return err
	}
	r := report{What: "step", DOF: b.model.NV()}
	x := start.Clone()
	weight := b.model.TotalMass() * gravity
	for k := range b.run { // what the motion is like
		res, err := b.st.Step(&x, x, b.inputs[b.warm+k])
		if err != nil {
			return err
		}
		r.Iterations += float64(res.Iterations) / float64(b.run)
		r.Divided += res.Halvings
		for _, c := range b.st.Contacts() {
			if c.Force.Z > 1e-4*weight {
				r.Contacts += 1 / float64(b.run)
			}
		}
	}
	r.Us, err = b.repeat(b.run, func() error {
		x.Copy(start)
		return b.simulate(b.st, &x, b.warm, b.run)
	})
	if err != nil {
		return err
	}
	return b.out.Encode(r)
}

// samples is at how many states of a motion one step is differentiated.
const samples = 20

// sample returns about as many states of the motion, spread evenly, and their inputs. Divided steps have no
// derivative and are passed over.
func (b *bench) sample() (at []sim.State, u [][]float64, err error) {
	x, err := b.warmed()
	if err != nil {
		return nil, nil, err
	}
	next := x.Clone()
	for k := range b.run {
		in := b.inputs[b.warm+k]
		r, err := b.st.Step(&next, x, in)
		if err != nil {
			return nil, nil, err
		}
		if k%max(1, b.run/samples) == 0 && r.Halvings == 0 {
			at, u = append(at, x.Clone()), append(u, in)
		}
		x.Copy(next)
	}
	return at, u, nil
}

// gradient measures a step alone, with all Jacobians by state and input, and with one backward product.
func (b *bench) gradient() error {
	at, u, err := b.sample()
	if err != nil {
		return err
	}
	g, err := implicit.New(b.st, implicit.Options{})
	if err != nil {
		return err
	}
	next := b.model.NewState()
	var a, c mat.Dense
	y, dx, du := implicit.NewTangent(b.model), implicit.NewTangent(b.model), make([]float64, b.model.NU())
	for i := range y.Q {
		y.Q[i], y.V[i] = 1, 1
	}
	for _, w := range []struct {
		what string
		do   func(i int) error
	}{
		{"step at samples", func(i int) error {
			_, err := b.st.Step(&next, at[i], u[i])
			return err
		}},
		{"step+jacobians", func(i int) error {
			if _, err := g.Step(&next, at[i], u[i]); err != nil {
				return err
			}
			if err := g.StateJacobian(&a); err != nil || b.model.NU() == 0 {
				return err
			}
			return g.InputJacobian(&c)
		}},
		{"step+vjp", func(i int) error {
			if _, err := g.Step(&next, at[i], u[i]); err != nil {
				return err
			}
			return g.VJP(dx, du, y)
		}},
	} {
		r := report{What: w.what, DOF: b.model.NV()}
		r.Us, err = b.repeat(len(at), func() error {
			for i := range at {
				if err := w.do(i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := b.out.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// A batch takes so many rollouts of so many steps at most: short enough that some pass finds both processors
// idle on a machine that others use too.
const (
	jobs      = 16
	batchRuns = 25
)

// workerCounts are the numbers of workers that are compared.
var workerCounts = []int{1, 2, 4}

// batch measures the wall time per step of rollouts on several workers, in turns, and the memory of each.
func (b *bench) batch() error {
	start, err := b.warmed()
	if err != nil {
		return err
	}
	stepper, gradient, err := b.memory()
	if err != nil {
		return err
	}
	run := min(batchRuns, b.run)
	reports := make([]report, len(workerCounts))
	began := time.Now()
	for round := 0; round < 3 || time.Since(began).Seconds() < b.seconds; round++ {
		for i, n := range workerCounts {
			batch := b.model.NewBatch(sim.Options{}, n)
			t := time.Now()
			err := batch.Each(jobs, func(_ int, s *sim.Stepper) error {
				x := start.Clone()
				return b.simulate(s, &x, b.warm, run)
			}, nil)
			if err != nil {
				return err
			}
			us := 1e6 * time.Since(t).Seconds() / float64(jobs*run)
			reports[i].Us = append(reports[i].Us, us)
		}
	}
	for i, n := range workerCounts {
		reports[i].What, reports[i].DOF = fmt.Sprintf("workers %d", n), b.model.NV()
		reports[i].Bytes, reports[i].GradientBytes = stepper, gradient
		if err := b.out.Encode(reports[i]); err != nil {
			return err
		}
	}
	return nil
}

// memory returns the bytes that a stepper holds, and a Gradient on top of it, after a step with Jacobians.
func (b *bench) memory() (stepper, gradient float64, err error) {
	const n = 20
	steppers, grads := make([]*sim.Stepper, n), make([]*implicit.Gradient, n)
	before := heap()
	for i := range steppers {
		steppers[i] = b.model.NewStepper(sim.Options{})
		x := b.start.Clone()
		if err := b.simulate(steppers[i], &x, 0, 1); err != nil {
			return 0, 0, err
		}
	}
	stepped := heap()
	var jac mat.Dense
	for i := range grads {
		if grads[i], err = implicit.New(steppers[i], implicit.Options{}); err != nil {
			return 0, 0, err
		}
		x := b.start.Clone()
		if _, err := grads[i].Step(&x, x, b.inputs[0]); err != nil {
			return 0, 0, err
		}
		if err := grads[i].StateJacobian(&jac); err != nil {
			return 0, 0, err
		}
	}
	all := heap()
	runtime.KeepAlive(steppers)
	runtime.KeepAlive(grads)
	return (stepped - before) / n, (all - stepped) / n, nil
}

func heap() float64 {
	runtime.GC()
	runtime.GC() // the second frees what the first one's finalizers let go
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.HeapAlloc)
}

// end measures the whole motion and tells where the bodies' centers of mass are at its end (m).
func (b *bench) end() error {
	r := report{What: "end", DOF: b.model.NV(), Us: []float64{math.Inf(1)}}
	x := b.start.Clone()
	began := cpu()
	for pass := 0; pass == 0 || (pass < 5 && cpu()-began < 1e6*b.seconds); pass++ {
		x.Copy(b.start)
		t := cpu()
		if err := b.simulate(b.st, &x, 0, b.run); err != nil {
			return err
		}
		r.Us[0] = min(r.Us[0], (cpu()-t)/float64(b.run))
	}
	poses := make([]sim.Pose, len(b.model.Joints()))
	b.model.Poses(poses, x.Q)
	for i, p := range poses {
		c := p.Mul(sim.Pose{Pos: b.model.BodyInertia(i).COM, Rot: sim.IdentityPose.Rot}).Pos
		r.Positions = append(r.Positions, c.X, c.Y, c.Z)
	}
	return b.out.Encode(r)
}
