package robust

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// Trial is what happened to a random mechanism.
type Trial struct {
	Number int
	Kind   Kind
	Bodies int
	Spread int     // masses differ by up to this factor
	H      float64 // (s)

	Steps, Divided, Iterations, IterationsMax int

	Growth  float64 // largest rise of the energy over the least so far, as a part of Natural; only of passive mechanisms
	Kept    float64 // of that, where it is more than Growing, what is left if it is taken again in steps of a quarter, from where it began
	Natural float64 // weight times radius of gyration and the largest kinetic energy so far (J)
	Beyond  float64 // largest excess over a limit (m or rad), ≥ 0
	Depth   float64 // deepest contact (m), ≥ 0

	Err error // what ended it, nil when nothing did
}

// Failure names the kind of error that ended the trial: the status of the step.
func (t *Trial) Failure() string {
	var e *sim.StepError
	switch {
	case t.Err == nil:
		return ""
	case errors.As(t.Err, &e):
		return e.Status.String()
	}
	return "other"
}

// trialSteps is how long a mechanism is watched.
const trialSteps = 120

// Mechanisms runs as many random mechanisms. What becomes of each does not depend on the number of workers. Progress is told
// about mechanisms.
func Mechanisms(ctx context.Context, n int, c Config) ([]Trial, error) {
	trials, errs := make([]Trial, n), make([]error, n)
	share(ctx, n, c, func(i int, done func(int)) {
		trials[i], errs[i] = Try(c.Seed, i)
		done(1)
	})
	return trials, errors.Join(append(errs, ctx.Err())...)
}

// Try runs mechanism number n of a seed. A failed step ends it and is in the trial; the error is for mechanisms that
// could not be built.
func Try(seed uint64, n int) (Trial, error) {
	m, err := Draw(seed, n)
	if err != nil {
		return Trial{}, fmt.Errorf("robust: mechanism %d of seed %d: %w", n, seed, err)
	}
	model, err := m.Build()
	if err != nil {
		return Trial{}, fmt.Errorf("robust: mechanism %d of seed %d: %w", n, seed, err)
	}
	t := Trial{Number: n, Kind: m.Kind, Bodies: len(m.Bodies), Spread: m.Spread, H: m.H}
	w := watch{m: m, st: model.NewStepper(sim.Options{}), trial: &t}
	w.run(model, m.inputs(model, random(seed, n, 1)))
	if t.Growth > Growing {
		if rise, err := w.climb.again(m); err == nil {
			t.Kept = rise / t.Natural
		} else { // nothing says that it was an error of the steps' length
			t.Kept = t.Growth
		}
	}
	return t, nil
}

// inputs returns what stores the inputs of the steps, one after another: new ones every ten steps.
func (m *Mechanism) inputs(model *sim.Model, r interface{ Float64() float64 }) func(u []float64, k int) {
	var ranges [][2]float64
	for i := range model.NU() {
		in := model.InputInfo(i)
		name := model.Joints()[in.Joint].Name
		for k := range m.Bodies {
			if m.Bodies[k].Joint.Name == name {
				ranges = append(ranges, m.Bodies[k].Inputs[in.Axis])
			}
		}
	}
	return func(u []float64, k int) {
		if k%10 != 0 {
			return
		}
		for i, l := range ranges {
			u[i] = l[0] + (l[1]-l[0])*r.Float64()
		}
	}
}

// watch follows a mechanism.
type watch struct {
	m      *Mechanism
	st     *sim.Stepper
	trial  *Trial
	weight float64 // times radius of gyration (J)
	least  float64 // energy so far (J)
	low    climb   // since then
	climb  climb   // the largest
}

func (w *watch) run(model *sim.Model, inputs func(u []float64, k int)) {
	t, x, u := w.trial, w.m.Start(model), make([]float64, model.NU())
	if t.Err = w.begin(model, x); t.Err != nil {
		return
	}
	for k := range trialSteps {
		inputs(u, k)
		res, err := w.st.Step(&x, x, u)
		t.Steps++
		t.Iterations += res.Iterations
		t.IterationsMax = max(t.IterationsMax, res.Iterations)
		if res.Halvings > 0 {
			t.Divided++
		}
		if err == nil {
			err = w.look(model, x)
		}
		if err != nil {
			t.Err = fmt.Errorf("step %d: %w", k, err)
			return
		}
	}
}

// begin measures the start.
func (w *watch) begin(model *sim.Model, x sim.State) error {
	for i := 0; i < len(model.Bodies()); i = model.Mechanism(i).Last {
		tree := model.Mechanism(i)
		w.weight += tree.Weight() * tree.Radius
	}
	w.least = math.Inf(1)
	return w.look(model, x)
}

// look measures the state after a step.
func (w *watch) look(model *sim.Model, x sim.State) error {
	t := w.trial
	t.Depth = max(t.Depth, w.st.Penetration())
	t.Beyond = max(t.Beyond, beyond(model, x.Q))
	kinetic, e, err := energy(w.st, x)
	if err != nil || t.Kind != Passive {
		return err
	}
	t.Natural = max(t.Natural, w.weight+kinetic)
	if w.low.steps++; e < w.least {
		w.least, w.low = e, climb{from: x.Clone()}
	}
	if growth := (e - w.least) / t.Natural; growth > t.Growth {
		t.Growth, w.climb = growth, w.low
	}
	return nil
}

// beyond returns by how much a limit is exceeded at most.
func beyond(model *sim.Model, q []float64) float64 {
	most := 0.0
	for _, j := range model.Joints() {
		for k, a := range j.Axes {
			if !a.Limited {
				continue
			}
			if s := j.QuaternionOf(); s >= 0 && k >= len(j.Type.Trans) { // the limit is on the total angle
				angle := 2 * math.Atan2(math.Sqrt(q[s+1]*q[s+1]+q[s+2]*q[s+2]+q[s+3]*q[s+3]), math.Abs(q[s]))
				most = max(most, angle-a.Upper)
				continue
			}
			most = max(most, a.Lower-q[j.Q+k], q[j.Q+k]-a.Upper)
		}
	}
	return most
}
