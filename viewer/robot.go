package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/internal/knobs"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Robot is what [Options.Open] returns.
type Robot = scene.Robot

// load opens a file that was dropped on the window, or with an empty name what is shown once more: it may have changed.
func (d *desk) load(path string) {
	if d.opener == nil || !d.mayChange() {
		d.say("this window keeps its robot")
		return
	}
	r, err := d.opener(path)
	if err == nil {
		err = r.Model.CheckState(r.Start)
	}
	if err != nil {
		d.failed = err
		return
	}
	step := d.options.Step
	step.Kappa, step.Polish = d.stepper.Options().Kappa, d.stepper.Options().Polish // what its user chose holds for the next robot too
	d.options.Step, d.options.Control, d.options.Figure, d.options.Stepper = step, r.Control, r.Figure, nil
	s := newSession(r.Model, &d.options)
	if err := s.goLive(r.Start, &d.options); err != nil {
		d.failed = err
		return
	}
	paused, shown := d.paused, d.board
	d.letGo()
	if r.Title == "" {
		r.Title = r.Model.Name()
	}
	d.settle(s, r.Title)
	d.paused, d.board = paused, shown
	if d.options.Camera == nil {
		d.lens.home = scene.Camera{}
	}
	d.frame(r.Start.Q)
	d.clock.forgive()
	d.say("opened " + r.Title)
}

// settle begins with a session.
func (d *desk) settle(s *session, title string) {
	m := s.model
	d.session, d.title, d.figure, d.selected, d.sliders = s, title, scene.FromModel(m, d.options.Figure), -1, scene.Sliders(m)
	d.poses, d.before = make([]sim.Pose, m.NB()), make([]sim.Pose, m.NB())
	d.kept, d.recalled, d.picked = nil, 0, make([]bool, len(scene.SignalNames(m)))
}

// turn switches gravity, friction or contact.
func (d *desk) turn(name string, on bool) {
	if err := d.set(map[string]bool{name: on}); err != nil {
		d.say(err.Error())
	}
}

// set gives the model other switches from the next step on.
func (s *session) set(switches map[string]bool) error {
	next, err := s.settings.With(nil, switches)
	if err != nil {
		return err
	}
	m, err := next.Apply(s.model)
	if err != nil {
		return err
	}
	st, err := knobs.Turn(s.stepper, m)
	if err != nil {
		return err
	}
	if st != s.stepper {
		for b := range m.NB() {
			st.SetWrench(b, s.stepper.Wrench(b))
		}
	}
	s.stepper, s.settings, s.lab = st, next, m.NewStepper(sim.Options{})
	return nil
}

// slide moves an input, from now on, or a joint, at once: the robot then rests at the nearest configuration that its loops allow. A press
// on its name gives an input back to the controller.
func (d *desk) slide(s *scene.Slider, part int, at float64) {
	x := s.Low + at*(s.High-s.Low)
	switch {
	case !d.mayChange():
		d.say("joints and inputs belong to whoever steps")
	case s.Input && part == 1:
		d.own[s.Index] = math.NaN()
		d.inputs()
	case s.Input:
		d.own[s.Index] = x
		d.inputs()
	case part == 0:
		next := d.now().State.Clone()
		next.Q[s.Index], next.H = x, 0
		clear(next.V)
		if err := d.stepper.Model().Assemble(&next); err != nil {
			d.say(err.Error())
			return
		}
		d.paused = true
		d.place(next)
	}
}

// place puts a state where the moment on show is, and forgets what was to come.
func (s *session) place(x sim.State) {
	s.tape.cut(s.cursor)
	m := s.now()
	m.take(s.time(), x)
	m.weigh(s.lab)
	m.sample(s.signals, s.cursor)
	s.failed = nil
}

// inputs asks the controller for those of the step to come, and overrides it where a slider was moved.
func (s *session) inputs() {
	clear(s.u)
	if s.control != nil {
		s.control(s.u, s.cursor, s.now().State)
	}
	for i, x := range s.own {
		if x == x {
			s.u[i] = x
		}
	}
}

// off returns the names of what is switched off.
func (s *session) off() (l []string) {
	for _, name := range knobs.Switches {
		if s.settings.Off[name] {
			l = append(l, name)
		}
	}
	return l
}
