package rows_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/python/rows"
	"github.com/ukemi-sim/ukemi/sim"
)

// BenchmarkOneRow: what a call of one row costs beyond its step.
func BenchmarkOneRow(b *testing.B) {
	m, err := rows.Zoo("pendulum", rows.Options{})
	if err != nil {
		b.Fatal(err)
	}
	batch, err := rows.New([]*rows.Model{m}, rows.Settings{Workers: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("step", func(b *testing.B) {
		s, x := m.NewStepper(sim.Options{}), m.Start.Clone()
		for b.Loop() {
			if _, err := s.Step(&x, x, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("row", func(b *testing.B) {
		b.ReportAllocs()
		r, out := start(m, 1), next(m, 1)
		r.H = make([]float64, 1)
		out.X, out.H = r.X, r.H
		for b.Loop() {
			if f, err := batch.Step(r, 1, nil, out); err != nil || f.Count > 0 {
				b.Fatal(f, err)
			}
		}
	})
}
