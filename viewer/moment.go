package viewer

import (
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// moment is a step as the tape keeps it: with the values of the user's signals, one after the other.
type moment struct {
	scene.Moment
	values []float64
	looked bool // a replay has found out what it can about this step
}

// take stores a state; what is known about it comes later.
func (m *moment) take(t float64, s sim.State) {
	m.Set(t, s)
	m.values, m.looked = m.values[:0], false
}

// weigh stores the energy of the state where it has one.
func (m *moment) weigh(st *sim.Stepper) { _ = m.Weigh(st) }

// sample stores the values of the user's signals.
func (m *moment) sample(signals []Signal, k int) {
	m.values = m.values[:0]
	for i := range signals {
		n := len(m.values)
		for range signals[i].Names {
			m.values = append(m.values, 0)
		}
		signals[i].Sample(m.values[n:], k, m.State)
	}
}
