package trajopt

import (
	"context"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// BenchmarkTick is a decision about a standing quadruped: 20 steps of 20 ms, one iteration, one core.
func BenchmarkTick(b *testing.B) {
	e, err := models.Find("quadruped4")
	if err != nil {
		b.Fatal(err)
	}
	builder := e.Builder(models.Options{Timestep: 0.02})
	for _, j := range builder.Joints() {
		if len(j.Axes) == 1 {
			builder.SetServo(j.Name, 50, 1)
		}
	}
	m, err := builder.Build()
	if err != nil {
		b.Fatal(err)
	}
	start := e.Start(m)
	hold := start.Q[7:]
	t, err := m.NewStepper(sim.Options{}).Rollout(start, 100, func(u []float64, _ int, _ sim.State) { copy(u, hold) })
	if err != nil {
		b.Fatal(err)
	}
	rest := t.States[100]
	cost := State(m, rest)
	p := &Problem{
		Model: m, Start: rest, Steps: 20,
		Stage: []Cost{cost.Weigh(1), Input(m, hold).Weigh(0.1)}, Final: []Cost{cost.Weigh(1)},
	}
	c, err := NewMPC(p, Options{Kappas: []float64{1e-3}, Workers: 1, CostTolerance: 1e-15}, Pace{})
	if err != nil {
		b.Fatal(err)
	}
	guess := make([][]float64, p.Steps)
	for k := range guess {
		guess[k] = hold
	}
	if err := c.Prepare(context.Background(), guess, 3); err != nil {
		b.Fatal(err)
	}
	u, i := make([]float64, m.NU()), 0
	var sum Timing
	for b.Loop() {
		x := rest.Clone()
		x.V[1] += 0.1 * float64(i%5-2)
		tick, err := c.Tick(u, x)
		if err != nil {
			b.Fatal(err)
		}
		sum.Rollouts += tick.Timing.Rollouts
		sum.Derivatives += tick.Timing.Derivatives
		sum.Backward += tick.Timing.Backward
		i++
	}
	b.ReportMetric(float64(sum.Rollouts.Microseconds())/float64(i), "µs-rollouts")
	b.ReportMetric(float64(sum.Derivatives.Microseconds())/float64(i), "µs-derivatives")
	b.ReportMetric(float64(sum.Backward.Microseconds())/float64(i), "µs-backward")
}
