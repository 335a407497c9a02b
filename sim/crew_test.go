package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// towers returns n towers of three boxes, every second of them about to be hit by its neighbor.
func towers(t testing.TB, n int) (*sim.Model, sim.State) {
	var list []solid
	for i := range 3 * n {
		list = append(list, solid{fmt.Sprint("box", i), contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}), 1, 0.5})
	}
	m := solids(t, 9.81, sim.Cone, list...)
	x := m.NewState()
	for i := range 3 * n {
		k := i / 3
		place(&x, i, r3.Vec{X: 0.5 * float64(k%8), Y: 0.5 * float64(k/8), Z: 0.101 + 0.201*float64(i%3)}, r3.Vec{X: 3 * float64(k%2)}, r3.Vec{})
	}
	return m, x
}

// TestStepsOfSeveralWorkersHaveTheSameBits: islands that join and part again are solved by one, two or five goroutines to the same states,
// forces and counts.
func TestStepsOfSeveralWorkersHaveTheSameBits(t *testing.T) {
	m, start := towers(t, 24)
	type sight struct {
		x        sim.State
		r        sim.Result
		contacts []sim.Contact
	}
	var want []sight
	for _, workers := range []int{0, 2, 5} {
		s := m.NewStepper(sim.Options{Workers: workers})
		x := start.Clone()
		for k := range 30 {
			r := must(t, s, &x, nil)
			got := sight{x.Clone(), r, slices.Clone(s.Contacts())}
			if workers == 0 {
				want = append(want, got)
				continue
			}
			if !slices.Equal(got.x.Q, want[k].x.Q) || !slices.Equal(got.x.V, want[k].x.V) || got.r != want[k].r || !slices.Equal(got.contacts, want[k].contacts) {
				t.Fatalf("step %d: %d workers come to something else", k, workers)
			}
		}
	}
}

// BenchmarkWorkers times steps of 64 towers of three boxes that spin by one and by two goroutines.
func BenchmarkWorkers(b *testing.B) {
	for _, workers := range []int{1, 2} {
		b.Run(itoa(workers), func(b *testing.B) {
			m, start := towers(b, 64)
			clear(start.V)
			for i := range 192 {
				start.V[6*i+5] = 2
			}
			s, x := m.NewStepper(sim.Options{Workers: workers}), start.Clone()
			must(b, s, &x, nil)
			b.ReportAllocs()
			for k := 0; b.Loop(); k++ {
				if k%30 == 0 {
					x.Copy(start)
				}
				must(b, s, &x, nil)
			}
		})
	}
}
