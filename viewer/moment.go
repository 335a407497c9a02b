package viewer

import (
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// moment is one step as it is shown: what came out and what the stepper said about it.
type moment struct {
	state    sim.State
	result   sim.Result
	contacts []sim.Contact // empty when unknown
	energy   sim.Energy
	values   []float64 // of the user's signals, one after the other
	known    knowledge
}

// knowledge says which parts of a moment mean something.
type knowledge uint8

const (
	knownState knowledge = 1 << iota
	knownStep            // result and contacts
	knownEnergy
)

// take stores a state; what is known about it comes later.
func (m *moment) take(s sim.State) {
	m.state.Copy(s)
	m.contacts = m.contacts[:0]
	m.result = sim.Result{}
	m.known = knownState
}

// report stores what the stepper's last step, which led to this moment, was like.
func (m *moment) report(st *sim.Stepper, r sim.Result) {
	m.result = r
	m.contacts = scene.Contacts(m.contacts, st)
	m.known |= knownStep
}

// weigh stores the energy of the state. It needs a stepper only for its memory.
func (m *moment) weigh(st *sim.Stepper) {
	if e, err := st.Energy(m.state); err == nil {
		m.energy = e
		m.known |= knownEnergy
	}
}

// sample stores the values of the user's signals.
func (m *moment) sample(signals []Signal, k int) {
	m.values = m.values[:0]
	for i := range signals {
		n := len(m.values)
		for range signals[i].Names {
			m.values = append(m.values, 0)
		}
		signals[i].Sample(m.values[n:], k, m.state)
	}
}
