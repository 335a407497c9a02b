package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
	"gonum.org/v1/gonum/spatial/r3"
)

// cornersReport is what -corners -json prints.
type cornersReport struct {
	Tosses   int           `json:"tosses"`
	Friction float64       `json:"friction"`
	Mean     float64       `json:"corner_error_percent_mean"`  // distance from the published corner over that from the middle
	Worst    float64       `json:"corner_error_percent_worst"` // of the eight
	Fit      *sysid.Result `json:"fit"`
}

// findCorners finds friction and the places of all eight corners, from a friction of 0.4 and corners twice as far out: so far
// that the board is full of corners in most samples. Only short windows lead from there: each starts from a measured state,
// and that the cube is thrown out of the board says at once how far.
func findCorners(ctx context.Context, d *data, progress func(step, of int, p sysid.Progress), asJSON bool, w io.Writer) error {
	flown, err := flown(ctx, d)
	if err != nil {
		return err
	}
	b := sim.NewBuilder("cube")
	b.SetTimestep(d.ex.DT)
	b.SetGravity(flown.Gravity())
	b.AddGround()
	l := b.AddLink("core", flown.BodyInertia(0))
	b.AddFree("free", l)
	params := []sysid.Parameter{{Name: "hull.friction", Lower: 0.01, Upper: 2}}
	var points []r3.Vec
	for k := range 8 {
		s, at := signs(k), 2*toss.HalfWidth
		points = append(points, r3.Vec{X: at * s[0], Y: at * s[1], Z: at * s[2]})
		for c, s := range s { // a corner stays in its octant
			p := sysid.Parameter{Name: fmt.Sprintf("hull.point%d_%c", k, "xyz"[c])}
			p.Lower, p.Upper = min(0.4*s, 2.1*s)*toss.HalfWidth, max(0.4*s, 2.1*s)*toss.HalfWidth
			params = append(params, p)
		}
	}
	b.AddCollider(sim.Collider{Name: "hull", Link: l, Shape: contact.Points(points), Friction: 0.4})
	m, err := b.Build()
	if err != nil {
		return err
	}
	p := sysid.Problem{
		Model: m, Parameters: params, Noise: noise(5e-4, 1e-2), StartNoise: exact, Window: 3, Tolerance: 1e-3, Iterations: 25,
		Stages: []sysid.Stage{{Kappa: 1e-2}, {Kappa: 1e-3}, {Kappa: 1e-4}}, Loss: sysid.Loss{Kind: sysid.Huber, Width: 2, Group: 3},
		Progress: func(search int, at sysid.Progress) { progress(search, 4, at) },
	}
	for _, t := range d.train {
		p.Trajectories = append(p.Trajectories, sysid.Trajectory{Name: t.Name, States: states(m, d.ex, t)})
	}
	r := cornersReport{Tosses: len(d.train)}
	near, err := p.Fit(ctx)
	if err != nil {
		return err
	}
	if r.Fit, err = d.refine(ctx, flown, &p, near); err != nil {
		return err
	}
	r.Friction = r.Fit.Estimates[0].Value
	for k := range 8 {
		e := 0.0
		for c, s := range signs(k) {
			e = math.Hypot(e, r.Fit.Estimates[1+3*k+c].Value-s*toss.HalfWidth)
		}
		e *= 100 / (toss.HalfWidth * math.Sqrt(3))
		r.Mean, r.Worst = r.Mean+e/8, max(r.Worst, e)
	}
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	fmt.Fprintf(w, "%d tosses, from a friction of 0.4 and corners twice as far out:\n", r.Tosses)
	fmt.Fprintf(w, "  friction %.4f (measured by tilting: %g), corners off by %.1f %% on average, the worst by %.1f %%\n", r.Friction, d.ex.Mu, r.Mean, r.Worst)
	if !(r.Mean < 15) || !(math.Abs(r.Friction/d.ex.Mu-1) < 0.3) {
		return fmt.Errorf("that is not the cube")
	}
	return nil
}

// refine fits whole tosses, from the starts of their flights, with the corners that windows found to within a tenth of a millimeter:
// windows place corners well, and friction badly, which the noise of the velocities that they start from moves upward.
func (d *data) refine(ctx context.Context, flown *sim.Model, windows *sysid.Problem, near *sysid.Result) (*sysid.Result, error) {
	set, err := sysid.NewSet(windows.Model, windows.Parameters...)
	if err != nil {
		return nil, err
	}
	m, err := set.Model(near.X)
	if err != nil {
		return nil, err
	}
	if d.trainFlights, err = flights(flown, d.ex, d.train).Starts(ctx); err != nil {
		return nil, err
	}
	p := d.tosses(m)
	p.Parameters = windows.Parameters
	for i := range p.Parameters[1:] {
		q := &p.Parameters[1+i]
		q.Mean, q.Std = near.Estimates[1+i].Value, 1e-4
	}
	return p.Fit(ctx)
}

// flown returns the published cube with the gravity and the center of mass that its flights show.
func flown(ctx context.Context, d *data) (*sim.Model, error) {
	m, err := cube(d.ex, d.ex.G*toss.HalfWidth, r3.Vec{}, false)
	if err != nil {
		return nil, err
	}
	p := flights(m, d.ex, d.train)
	p.Parameters = []sysid.Parameter{{Name: "gravity.z"}, {Name: "core.com"}}
	r, err := p.Fit(ctx)
	if err != nil {
		return nil, err
	}
	set, err := sysid.NewSet(m, p.Parameters...)
	if err != nil {
		return nil, err
	}
	return set.Model(r.X)
}
