package main

import (
	"context"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
	"gonum.org/v1/gonum/spatial/r3"
)

// kappa is how soft contact is: a cube that stands on four corners floats 4κℓ = 0.2 mm above the board.
const kappa = 0.001

// far is the noise of what nothing measures.
var far = math.Inf(1)

// Noise of what is measured in flight, small, and of whole tosses, whose errors are those of the model: the best published.
var (
	flightNoise = noise(3e-4, 5e-3)
	tossNoise   = noise(0.105*2*toss.HalfWidth, 10.7*math.Pi/180)
	exact       = make([]float64, 12) // starts: measured ones, as in the protocol, or those of flights
)

func noise(position, rotation float64) []float64 {
	return []float64{position, position, position, rotation, rotation, rotation, far, far, far, far, far, far}
}

// rung is a model with more found than in the one before, and how far it is from the tosses.
type rung struct {
	Found  string        `json:"found"`
	Train  errors        `json:"train"`
	Test   errors        `json:"test"`
	Fitted errors        `json:"test_start_fitted_to_flight"`
	Fit    *sysid.Result `json:"fit,omitempty"`

	model         *sim.Model
	out, smoothed []outcome // of the tests, from the measured start and from the one fitted to the flight
}

// data is both sets of tosses, with the starts of their simulations.
type data struct {
	ex                        toss.Experiment
	train, test               []toss.Toss
	trainStarts, testStarts   []sim.State // measured
	trainFlights, testFlights []sim.State // fitted to the flight
}

// flights is the problem of the flights: starts unknown, nothing touches.
func flights(m *sim.Model, ex toss.Experiment, tosses []toss.Toss) *sysid.Problem {
	p := &sysid.Problem{
		Model: m, Noise: flightNoise, StartNoise: []float64{far, far, far, far, far, far, far, far, far, far, far, far},
		Stages: []sysid.Stage{{Kappa: 1e-6}}, Tolerance: 1e-5,
	}
	for _, t := range tosses {
		n := min(max(flight(t), 5), len(t.Samples)) // five poses bound a start
		p.Trajectories = append(p.Trajectories, sysid.Trajectory{Name: t.Name, States: states(m, ex, t)[:n]})
	}
	return p
}

// climb fits one model after the other, each with more of it free, and says what each brings. Flights come first: gravity and
// the center of mass need no contact, and the starts that they give are far better than the measured ones, whose velocities
// are differences of two poses. Contact is fitted to whole tosses from there.
func climb(ctx context.Context, d *data, progress func(step, of int, p sysid.Progress)) ([]rung, error) {
	inertia := same("core.lc_d1", "core.lc_d2", "core.lc_d3") // one factor of all moments
	friction, height := corners(".friction"), sysid.Parameter{Name: "ground.offset", Lower: -0.02, Upper: 0.02}
	bounce := []sysid.Parameter{corners(".contact_stiffness"), corners(".contact_damping")}
	ladder := []struct {
		found  string
		soft   bool
		params []sysid.Parameter
	}{
		{"nothing: published", false, nil},
		{"gravity", false, []sysid.Parameter{{Name: "gravity.z"}}},
		{"center of mass", false, []sysid.Parameter{{Name: "gravity.z"}, {Name: "core.com"}}},
		{"friction, height of the board", false, []sysid.Parameter{friction, height}},
		{"inertia", false, []sysid.Parameter{friction, height, inertia}},
		{"soft corners", true, append([]sysid.Parameter{friction, height, inertia}, bounce...)},
		{"width, radius of corners", true, append([]sysid.Parameter{friction, height, inertia, width(), corners(".radius")}, bounce...)},
	}
	m, err := cube(d.ex, d.ex.G*toss.HalfWidth, r3.Vec{}, false)
	if err != nil {
		return nil, err
	}
	var rungs []rung
	for i, l := range ladder {
		if l.soft && !ladder[i-1].soft {
			if m, err = cube(d.ex, -m.Gravity().Z, m.BodyInertia(0).COM, true); err != nil {
				return nil, err
			}
		}
		flying := i < 3
		p := flights(m, d.ex, d.train)
		if !flying {
			p = d.tosses(m)
		}
		p.Parameters = l.params
		p.Progress = func(_ int, at sysid.Progress) { progress(i, len(ladder), at) }
		r, err := d.rung(ctx, l.found, p, flying)
		if ctx.Err() != nil && len(rungs) > 0 {
			break // what is found so far is worth showing
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.found, err)
		}
		m, rungs = r.model, append(rungs, *r)
	}
	return rungs, nil
}

// rung fits a model and rolls out all tosses. One fitted to flights also gives the starts for what follows.
func (d *data) rung(ctx context.Context, found string, p *sysid.Problem, flying bool) (*rung, error) {
	r := &rung{Found: found, model: p.Model}
	if len(p.Parameters) > 0 {
		var err error
		if r.Fit, err = p.Fit(ctx); err != nil {
			return nil, err
		}
		set, err := sysid.NewSet(p.Model, p.Parameters...)
		if err != nil {
			return nil, err
		}
		if r.model, err = set.Model(r.Fit.X); err != nil {
			return nil, err
		}
	}
	if flying {
		if err := d.fitStarts(ctx, r.model); err != nil {
			return nil, err
		}
	}
	return r, r.judge(d)
}

// enough tosses are fitted whole, evenly spread, so that a run takes minutes.
const enough = 100

// tosses is the problem of whole tosses, from the starts that their flights give. The loss grows with the distance, not its
// square, as the published errors do: one toss that lands on another face does not rule.
func (d *data) tosses(m *sim.Model) *sysid.Problem {
	p := &sysid.Problem{
		Model: m, Noise: tossNoise, StartNoise: exact, Stages: []sysid.Stage{{Kappa: kappa}}, Substeps: stepsPerSample(m, d.ex),
		Loss: sysid.Loss{Kind: sysid.Huber, Width: 0.1, Group: 3}, Tolerance: 1e-4, Iterations: 25,
	}
	every := max(1, len(d.train)/enough)
	for i := 0; i < len(d.train); i += every {
		t := d.train[i]
		s := states(m, d.ex, t)
		s[0] = d.trainFlights[i]
		p.Trajectories = append(p.Trajectories, sysid.Trajectory{Name: t.Name, States: s})
	}
	return p
}

// fitStarts fits the starts of all tosses to their flights, with the gravity and center of mass of a model.
func (d *data) fitStarts(ctx context.Context, m *sim.Model) (err error) {
	if d.trainFlights, err = flights(m, d.ex, d.train).Starts(ctx); err != nil {
		return err
	}
	d.testFlights, err = flights(m, d.ex, d.test).Starts(ctx)
	return err
}

// judge rolls out all tosses.
func (r *rung) judge(d *data) error {
	train, err := rollOut(r.model, d.ex, d.train, d.trainStarts)
	if err != nil {
		return err
	}
	if r.out, err = rollOut(r.model, d.ex, d.test, d.testStarts); err != nil {
		return err
	}
	if r.smoothed, err = rollOut(r.model, d.ex, d.test, d.testFlights); err != nil {
		return err
	}
	r.Train, r.Test, r.Fitted = mean(train), mean(r.out), mean(r.smoothed)
	return nil
}
