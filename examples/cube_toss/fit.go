package main

import (
	"context"
	"math"

	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/sysid"
)

// fitMu returns the setup with the friction coefficient that fits the tosses best: whole rollouts, the distance of every
// sample in units of the best published errors. The loss grows with the distance, not its square, as the published errors
// do; and it is rough where single tosses land on another face, so the search starts from two coefficients.
func fitMu(ex toss.Experiment, tosses []toss.Toss, set setup) (setup, error) {
	p, r := toss.Published[0].Position/100*2*toss.HalfWidth, toss.Published[0].Rotation*math.Pi/180
	far, exact := math.Inf(1), make([]float64, 12) // published rollouts start from measured states
	best := math.Inf(1)
	for _, mu := range []float64{0.12, 0.25} {
		s := set
		s.mu = mu
		m, err := cube(ex, s)
		if err != nil {
			return set, err
		}
		problem := sysid.Problem{
			Model: m, Parameters: []sysid.Parameter{{Name: "box.friction", Lower: 1e-3, Upper: 2}},
			Noise: []float64{p, p, p, r, r, r, far, far, far, far, far, far}, StartNoise: exact,
			Substeps: set.substeps, Stages: []sysid.Stage{{Kappa: set.kappa}}, Tolerance: 1e-4, Loss: sysid.Loss{Kind: sysid.Huber, Width: 0.1, Group: 3},
		}
		for _, t := range tosses {
			trajectory := sysid.Trajectory{Name: t.Name}
			for _, sample := range t.Samples {
				trajectory.States = append(trajectory.States, start(m, ex, s, sample))
			}
			problem.Trajectories = append(problem.Trajectories, trajectory)
		}
		found, err := problem.Fit(context.Background())
		if err != nil {
			return set, err
		}
		if found.Cost < best {
			best, set.mu = found.Cost, found.Estimates[0].Value
		}
	}
	return set, nil
}
