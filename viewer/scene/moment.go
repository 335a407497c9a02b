package scene

import (
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
)

// Moment is one instant of a run: the state, and what is known about the step that led to it.
type Moment struct {
	Time     float64 // s
	State    sim.State
	Result   sim.Result
	Contacts []sim.Contact // of that step, as many as it had
	Drives   []float64     // force of every drive in that step (N or N m), by input
	Wrenches []sim.Wrench  // of every joint in that step, see sim.Stepper.JointWrench
	Input    []float64     // of the step that follows
	Energy   sim.Energy    // NaN where it does not exist
	Kappa    float64       // of the stepper; 0 when it is not known
	Known    Knowledge
}

// Knowledge says which parts of a [Moment] mean something, beside time and state.
type Knowledge uint8

// What may be known.
const (
	KnownResult Knowledge = 1 << iota
	KnownContacts
	KnownEnergy
	KnownForces // of drives and joints
	KnownInput
)

// Knows reports whether all of k is known.
func (m *Moment) Knows(k Knowledge) bool { return m.Known&k == k }

// Set makes m the moment at time t (s) with the state s, which is copied. Nothing else is known then.
func (m *Moment) Set(t float64, s sim.State) {
	m.Time = t
	m.State.Copy(s)
	m.Contacts, m.Drives, m.Wrenches, m.Input = m.Contacts[:0], m.Drives[:0], m.Wrenches[:0], m.Input[:0]
	m.Result, m.Energy, m.Kappa, m.Known = sim.Result{}, sim.Energy{}, 0, 0
}

// Report stores what the stepper's last step, which led to m, was like. The zero result is not known.
func (m *Moment) Report(st *sim.Stepper, r sim.Result) {
	m.Result, m.Kappa = r, st.Options().Kappa
	m.Contacts = append(m.Contacts[:0], st.Contacts()...)
	m.Known |= KnownContacts
	if r == (sim.Result{}) {
		return
	}
	m.Known |= KnownResult | KnownForces
	m.Drives = slices.Grow(m.Drives[:0], st.Model().NU())[:st.Model().NU()]
	st.DriveForces(m.Drives)
	m.Wrenches = m.Wrenches[:0]
	for i := range st.Model().NB() {
		m.Wrenches = append(m.Wrenches, st.JointWrench(i))
	}
}

// Feed stores the input of the step that follows; it is copied.
func (m *Moment) Feed(u []float64) {
	m.Input = append(m.Input[:0], u...)
	m.Known |= KnownInput
}

// Recall stores what a trajectory knows of its step k, which led to m and was taken at κ. It reports whether that is all there is to
// know; else the step must be taken once more.
func (m *Moment) Recall(t *sim.Trajectory, k int, kappa float64) bool {
	if k < len(t.Contacts) {
		m.Contacts = append(m.Contacts[:0], t.Contacts[k]...)
		m.Known |= KnownContacts
	}
	if k < len(t.Results) {
		m.Result, m.Kappa = t.Results[k], kappa
		m.Known |= KnownResult
	}
	return m.Knows(KnownContacts | KnownResult)
}

// Weigh stores the energy of the state. It fails for a body that spins too fast to have one; its energy is then NaN
// and not known. It leaves the reports of the stepper as they are.
func (m *Moment) Weigh(st *sim.Stepper) error {
	e, err := st.Energy(m.State)
	if err != nil {
		nan := math.NaN()
		m.Energy = sim.Energy{Kinetic: nan, Gravity: nan, Spring: nan}
		return err
	}
	m.Energy = e
	m.Known |= KnownEnergy
	return nil
}

// TotalEnergy returns the sum of the energies (J).
func (m *Moment) TotalEnergy() float64 { return m.Energy.Kinetic + m.Energy.Gravity + m.Energy.Spring }

// Clone returns a copy of m that shares no memory with it.
func (m *Moment) Clone() Moment {
	c := *m
	c.State, c.Contacts = m.State.Clone(), slices.Clone(m.Contacts)
	c.Drives, c.Wrenches, c.Input = slices.Clone(m.Drives), slices.Clone(m.Wrenches), slices.Clone(m.Input)
	return c
}

// Panel returns the text over a picture of m, without what is not known. Speed is that of the playback, left out
// when it is 1; touching counts the contacts at work, left out when it is below 0.
func (m *Moment) Panel(title string, speed float64, touching int) Panel {
	p := Panel{Corner: TopLeft, Title: title, Lines: []string{fmt.Sprintf("time       %.2f s", m.Time)}}
	add := func(known bool, format string, x any) {
		if known {
			p.Lines = append(p.Lines, fmt.Sprintf(format, x))
		}
	}
	e := m.TotalEnergy()
	add(speed != 1, "speed      %.3g×", speed)
	add(m.Knows(KnownEnergy) && e == e, "energy     %.4g J", e)
	add(touching >= 0, "contacts   %d", touching)
	add(m.Knows(KnownResult), "iterations %d", m.Result.Iterations)
	add(m.Kappa > 0, "κ          %.1e", m.Kappa)
	add(m.Knows(KnownResult), "residual   %.1e", m.Result.Residual)
	return p
}
