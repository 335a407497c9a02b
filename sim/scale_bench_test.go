package sim_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// benchScene times steps of a scene of the zoo after a warm-up, over and over the same ones.
func benchScene(b *testing.B, name string, warm, cycle int) {
	m, x, err := models.Load(name, models.Options{Timestep: 0.01})
	if err != nil {
		b.Fatal(err)
	}
	benchModel(b, m, x, nil, warm, cycle)
}

// benchModel is benchScene of a model and its start.
func benchModel(b *testing.B, m *sim.Model, x sim.State, u []float64, warm, cycle int) {
	s := m.NewStepper(sim.Options{})
	for range warm {
		must(b, s, &x, u)
	}
	start, its, k := x.Clone(), 0, 0
	for range cycle { // for its capacities
		must(b, s, &x, u)
	}
	b.ReportAllocs()
	for b.Loop() {
		if k%cycle == 0 {
			x.Copy(start)
		}
		k++
		r, err := s.Step(&x, x, u)
		if err != nil {
			b.Fatal(err)
		}
		its += r.Iterations
	}
	b.ReportMetric(float64(its)/float64(k), "iters/op")
	b.ReportMetric(float64(len(s.Contacts())), "contacts")
}

// BenchmarkTower times cubes on each other, the first hundredth and the second half second after they were dropped by a millimeter.
func BenchmarkTower(b *testing.B) {
	for _, n := range []int{10, 30, 100, 300, 1000} {
		b.Run(itoa(n)+"/falling", func(b *testing.B) { benchScene(b, "stack"+itoa(n), 0, 5) })
		b.Run(itoa(n)+"/standing", func(b *testing.B) { benchScene(b, "stack"+itoa(n), 50, 50) })
	}
}

// BenchmarkHeap times balls that fall on a heap, and what lies there a second later.
func BenchmarkHeap(b *testing.B) {
	for _, n := range []int{10, 30, 100, 200} {
		b.Run(itoa(n)+"/falling", func(b *testing.B) { benchScene(b, "balls"+itoa(n), 20, 20) })
		b.Run(itoa(n)+"/lying", func(b *testing.B) { benchScene(b, "balls"+itoa(n), 100, 20) })
	}
}

// BenchmarkBoxed times n³ balls at rest in a box, 4.7 s after they were dropped into it.
func BenchmarkBoxed(b *testing.B) {
	for _, n := range []int{2, 3, 4, 5} {
		b.Run(itoa(n*n*n), func(b *testing.B) { benchScene(b, "spheres"+itoa(n), 470, 30) })
	}
}

// BenchmarkPyramid times a wall of 210 bricks.
func BenchmarkPyramid(b *testing.B) { benchScene(b, "pyramid20", 50, 50) }
