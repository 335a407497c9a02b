package viewer

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/internal/knobs"
)

// session is the run on show: who makes the states, which ones are kept, and which one is shown.
type session struct {
	mode    mode
	model   *sim.Model
	stepper *sim.Stepper // nil when a loop gave none
	tape    tape
	cursor  int // step shown
	failed  error

	start   sim.State      // live
	control sim.Controller // live
	u       []float64
	own     []float64 // inputs that the user has taken over, NaN for those of the controller
	signals []Signal

	settings knobs.Settings // live
	profile  profile

	track *sim.Trajectory // replay
	ahead int             // replay: first step not yet looked into

	lab *sim.Stepper // measures energies, so that the reports of the user's stepper stay untouched
}

func newSession(m *sim.Model, o *Options) *session {
	s := &session{
		model: m, stepper: o.Stepper, signals: o.Signals, u: make([]float64, m.NU()), own: make([]float64, m.NU()),
		lab: m.NewStepper(sim.Options{}), tape: newTape(tapeLength),
	}
	for i := range s.own {
		s.own[i] = math.NaN()
	}
	return s
}

// goLive makes the session step by itself.
func (s *session) goLive(start sim.State, o *Options) error {
	if err := s.model.CheckState(start); err != nil {
		return err
	}
	s.mode, s.control, s.start = live, o.Control, start.Clone()
	if s.stepper == nil {
		s.stepper = s.model.NewStepper(o.Step)
	}
	s.reset()
	return nil
}

// play shows a recorded trajectory.
func (s *session) play(t *sim.Trajectory, o *Options) error {
	if len(t.States) == 0 {
		return errors.New("viewer: the trajectory has no states")
	}
	for k, x := range t.States {
		if err := s.model.CheckState(x); err != nil {
			return fmt.Errorf("viewer: state %d of the trajectory: %w", k, err)
		}
	}
	s.mode, s.track = replay, t
	s.stepper = s.model.NewStepper(o.Step)
	s.tape = newTape(len(t.States))
	for k, x := range t.States {
		s.tape.next().take(float64(k)*s.timestep(), x)
	}
	s.cursor, s.ahead = 0, 0
	return nil
}

// now returns the moment on show.
func (s *session) now() *moment {
	if s.tape.empty() {
		return nil
	}
	return s.tape.at(s.cursor)
}

// time returns the simulated time of the moment on show (s).
func (s *session) time() float64 { return float64(s.cursor) * s.timestep() }

func (s *session) timestep() float64 {
	if s.mode == replay && s.track.Timestep > 0 {
		return s.track.Timestep
	}
	return s.model.Timestep()
}

// reset returns to the start.
func (s *session) reset() {
	s.failed = nil
	switch s.mode {
	case live:
		s.tape.restart(0)
		s.cursor = 0
		m := s.tape.next()
		m.take(0, s.start)
		m.weigh(s.lab)
		m.sample(s.signals, 0)
	case replay:
		s.cursor = 0
	case loop:
		// The caller starts again, and calls Update; until then the last state stays.
	}
}

// seek moves the cursor by whole steps within what is kept.
func (s *session) seek(by int) {
	s.cursor = int(clamp(float64(s.cursor+by), float64(s.tape.first), float64(s.tape.last)))
}

// latest reports whether the moment on show is the newest.
func (s *session) latest() bool { return s.cursor >= s.tape.last }

// forward shows the next step: from the tape when it has one and a run may not be rewritten, else by
// simulating. It reports whether there was one.
func (s *session) forward() bool {
	switch {
	case s.mode != live:
		if s.latest() {
			return false
		}
		s.cursor++
		return true
	default:
		return s.step()
	}
}

// step simulates from the moment on show; what was to come after it is forgotten.
func (s *session) step() bool {
	s.tape.cut(s.cursor)
	cur := s.now()
	s.inputs()
	x := s.model.NewState()
	began := time.Now()
	r, err := s.stepper.Step(&x, cur.State, s.u)
	if err != nil {
		s.failed = err
		return false
	}
	s.failed = nil
	s.profile.time(stepPhase, began)
	mean(&s.profile.iterations, float64(r.Iterations))
	began = time.Now()
	cur.Feed(s.u)
	s.append(x, r)
	s.profile.time(knowPhase, began)
	return true
}

// append puts a state with the stepper's last report at the end of the tape and shows it.
func (s *session) append(x sim.State, r sim.Result) {
	m := s.tape.next()
	m.take(float64(s.tape.last)*s.timestep(), x)
	if s.stepper != nil {
		m.Report(s.stepper, r)
	}
	m.weigh(s.lab)
	m.sample(s.signals, s.tape.last)
	s.cursor = s.tape.last
}

// look finds out about step k: forces, energy, signals. Where the trajectory does not have all of it, the step is taken once
// more; where that does not lead to the recorded state, options or pushes were different and its forces would be wrong,
// so they stay unknown.
func (s *session) look(k int) {
	m := s.tape.at(k)
	if m.looked {
		return
	}
	m.looked = true
	m.weigh(s.lab)
	m.sample(s.signals, k)
	if k < len(s.track.Inputs) {
		m.Feed(s.track.Inputs[k])
	}
	if k > 0 {
		if k <= len(s.track.Inputs) {
			s.retake(m, k) // for the forces of drives and joints, which no recording holds
		}
		m.Recall(s.track, k-1, s.stepper.Options().Kappa) // what was recorded goes before
	}
}

// retake takes the step to m, which is step k, once more.
func (s *session) retake(m *moment, k int) {
	x := s.model.NewState()
	r, err := s.stepper.Step(&x, s.track.States[k-1], s.track.Inputs[k-1])
	if err == nil && near(x.Q, m.State.Q) {
		m.Report(s.stepper, r)
	}
}

func near(a, b []float64) bool {
	for i, x := range a {
		if !(math.Abs(x-b[i]) <= 1e-9*(1+math.Abs(x))) {
			return false
		}
	}
	return true
}

// lookAhead looks into a few more steps of a replay, so that plots are complete without a wait at the
// start. It reports whether there was anything to do.
func (s *session) lookAhead(steps int) bool {
	if s.mode != replay {
		return false
	}
	s.look(s.cursor)
	for ; steps > 0 && s.ahead <= s.tape.last; steps-- {
		s.look(s.ahead)
		s.ahead++
	}
	return steps == 0
}

// record takes a state of the user's loop, and what the step to it returned when the user said so. A loop
// that paused in the past goes on at the newest moment.
func (s *session) record(x sim.State, r sim.Result) { s.append(x, r) }
