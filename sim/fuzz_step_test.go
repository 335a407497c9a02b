package sim_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// FuzzRecording: bytes behind a checksum that fits load, replay and save, or are refused as a format.
func FuzzRecording(f *testing.F) {
	m := hinge(f)
	f.Add(saveRecording(f, record(f, m, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := sim.LoadRecording(bytes.NewReader(reseal(data)))
		if err != nil {
			if !errors.Is(err, sim.ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		if r.Hash, r.Timestep = m.Hash(), m.Timestep(); len(r.Inputs) < 8 {
			_ = r.Replay(m)
		}
		if err := r.Save(&bytes.Buffer{}); err != nil {
			t.Fatalf("it was loaded, but cannot be saved: %v", err)
		}
	})
}

// FuzzStep: a step from any numbers gives a state, or an error and leaves the state.
func FuzzStep(f *testing.F) {
	var steppers []*sim.Stepper
	for _, name := range []string{"block", "cartpole", "chain", "quadruped4"} {
		m, _, err := models.Load(name, models.Options{})
		if err != nil {
			f.Fatal(err)
		}
		steppers = append(steppers, m.NewStepper(sim.Options{MaxHalvings: 2}))
	}
	f.Add(uint8(0), uint64(1), 1.0, 1.0, 0.0)
	f.Add(uint8(3), uint64(2), 1e10, 1e-3, 1e9)
	f.Add(uint8(1), uint64(3), 1e300, 1e300, 1e300)
	f.Fuzz(func(t *testing.T, which uint8, seed uint64, far, fast, strong float64) {
		s := steppers[int(which)%len(steppers)]
		m, r := s.Model(), rand.New(rand.NewPCG(seed, 1))
		x, u := m.NewState(), make([]float64, m.NU())
		for _, l := range []struct {
			v    []float64
			size float64
		}{{x.Q, far}, {x.V, fast}, {u, strong}} {
			for i := range l.v {
				l.v[i] = l.size * (2*r.Float64() - 1)
			}
		}
		for _, j := range m.Joints() {
			if q := j.QuaternionOf(); q >= 0 {
				a := 2 * math.Pi * r.Float64()
				copy(x.Q[q:], []float64{math.Cos(a), 0.6 * math.Sin(a), 0, -0.8 * math.Sin(a)})
			}
		}
		for range 2 {
			was := x.Clone()
			_, err := s.Step(&x, x, u)
			if err == nil {
				err = m.CheckState(x)
				if err != nil {
					t.Fatal(err)
				}
				continue
			}
			same := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
			if !slices.EqualFunc(x.Q, was.Q, same) || !slices.EqualFunc(x.V, was.V, same) {
				t.Fatal("a step that failed has changed the state")
			}
			return
		}
	})
}
