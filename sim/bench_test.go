package sim_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// benchStep times steps from a warmed-up state with all its contacts. Each cycle of the pushed motion starts
// again from that state, so that the number of iterations of the benchmark does not choose the problem.
func benchStep(b *testing.B, m *sim.Model, start sim.State, u []float64, warm, cycle int) {
	s := m.NewStepper(sim.Options{Kappa: 1e-6})
	for k := 0; k < warm; k++ {
		must(b, s, &start, u)
	}
	st := start.Clone()
	iters, k := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		if k%cycle == 0 {
			st.Copy(start)
		}
		k++
		r, err := s.Step(&st, st, u)
		if err != nil {
			b.Fatal(err)
		}
		iters += r.Iterations
	}
	b.ReportMetric(float64(iters)/float64(k), "iters/op")
	touching := 0
	for _, c := range s.Contacts() {
		if r3.Norm(c.Force) > 1e-3 {
			touching++
		}
	}
	b.ReportMetric(float64(touching), "contacts")
}

func BenchmarkStep(b *testing.B) {
	b.Run("box", func(b *testing.B) { // slides on four corners, all eight in play
		w := newWorld("box", 0.01)
		addBox(w, "box", 1, r3.Vec{X: 0.25, Y: 0.25, Z: 0.25}, 0.5)
		w.AddGround()
		m := mustModel(b, w)
		st := m.NewState()
		st.Q[2] = 0.2501
		st.V[0], st.V[1], st.V[5] = 3, 1, 2
		benchStep(b, m, st, nil, 5, 40)
	})
	b.Run("box tumbling", func(b *testing.B) {
		w := newWorld("box", 0.01)
		addBox(w, "box", 1, r3.Vec{X: 0.25, Y: 0.25, Z: 0.25}, 0.5)
		w.AddGround()
		m := mustModel(b, w)
		st := m.NewState()
		toss(&st, 3)
		benchStep(b, m, st, nil, 0, 150)
	})
	b.Run("quadruped4", func(b *testing.B) { // stands on four ball feet, held by servos
		w := quadruped(0.01, 0.8, true, sim.Axis{Drive: sim.Servo, Kp: 40, Kd: 1})
		m := mustModel(b, w)
		st := crouch(m, 0.31)
		u := servoTarget(m, st)
		st.V[0] = 0.3
		benchStep(b, m, st, u, 20, 50)
	})
	b.Run("contacts12", func(b *testing.B) { // a plate on twelve points that slides and turns
		w := newWorld("plate", 0.01)
		l := w.AddLink("plate", sim.BoxInertia(1, r3.Vec{X: 0.2, Y: 0.2, Z: 0.02}))
		w.AddFree("base", l)
		var pts []r3.Vec
		for i := 0; i < 12; i++ {
			p := turn(axisAngle(up, float64(i)/12*6.28), r3.Vec{X: 0.2})
			p.Z = -0.02
			pts = append(pts, p)
		}
		w.AddCollider(sim.Collider{Link: l, Shape: contact.Points(pts), Friction: 0.5})
		w.AddGround()
		m := mustModel(b, w)
		st := m.NewState()
		st.Q[2] = 0.0201
		st.V[0], st.V[5] = 3, 2
		benchStep(b, m, st, nil, 5, 40)
	})
	for _, n := range []int{10, 100, 1000} {
		b.Run("chain"+itoa(n), func(b *testing.B) {
			m := mustModel(b, chainModel(0.002, n, false))
			st := m.NewState()
			for i := range st.Q {
				st.Q[i] = 0.02
			}
			benchStep(b, m, st, nil, 5, 50)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/link")
		})
	}
}
