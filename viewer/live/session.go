package live

import (
	"cmp"
	"encoding/json"
	"math"
	"sync"
	"time"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/internal/knobs"
	"github.com/ukemi-sim/ukemi/viewer/replay"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Options are the choices around a live page. The zero value selects the defaults.
type Options struct {
	Title   string         // default: the model's name
	Step    sim.Options    // of the stepper
	Control sim.Controller // input; nil is none
	Figure  scene.FigureOptions
	Notes   []string         // about the robot, shown to whoever looks
	FPS     float64          // rows sent per second. Default 50
	Paused  bool             // begins so
	Ready   func(url string) // called by Serve when the page can be opened

	// Open answers a page that asks for another robot, by the name of one or with a file's name and text. Nil
	// refuses.
	Open func(name string, text []byte) (*Robot, error)

	// Folder is where Serve puts the files that come with a robot, such as meshes, below it as they lay in the folder that was dropped on a
	// page. Empty refuses them.
	Folder string
}

// Robot is what [Options.Open] returns.
type Robot = scene.Robot

// Session is a running simulation that pages look at, each by its own [Viewer]. Its methods may be called by
// several goroutines.
type Session struct {
	mu   sync.Mutex
	opt  Options
	open Robot // what is simulated

	scene    json.RawMessage // what pages know of the robot
	st       *sim.Stepper
	gradient *implicit.Gradient // of the steps of st
	probe    *replay.Probe
	start    sim.State
	cur      sim.State
	u        []float64
	now      scene.Moment
	result   sim.Result // of the last step, zero at the start
	failure  error      // of a step: it stops the simulation until the next start
	refusal  error      // of a command

	playing  bool
	speed    float64 // wanted
	rate     float64 // reached
	kappa    float64
	time     float64 // since the start (s)
	steps    int     // since the start
	owed     float64 // simulated time not yet taken (s)
	version  int     // counts changes worth sending
	robots   int     // counts those that were opened
	pull     pull
	watched  int               // body whose response is asked for, −1 none
	pushes   [3]implicit.Param // forces on it
	weight   float64           // of the last step (s), 0 when it has no derivative at hand
	poses    []sim.Pose        // of the bodies
	sliders  []scene.Slider
	own      []float64 // inputs that the user has taken over, NaN for those of the controller
	settings knobs.Settings
	keys     []keyframe
	kept     int     // counts changes of keys
	stepped  bool    // whether result is of the step that led to cur
	cost     float64 // mean time that a step takes (s)
	row      []float64
}

// NewSession returns a simulation of m from start, which begins to run with the first call of [Session.Advance].
func NewSession(m *sim.Model, start sim.State, opt Options) (*Session, error) {
	s := &Session{opt: opt, playing: !opt.Paused, speed: 1}
	r := Robot{Title: opt.Title, Model: m, Start: start, Control: opt.Control, Figure: opt.Figure, Notes: opt.Notes}
	if err := s.load(&r); err != nil {
		return nil, err
	}
	return s, nil
}

// load makes r the robot at hand, at its start.
func (s *Session) load(r *Robot) error {
	if err := r.Model.CheckState(r.Start); err != nil {
		return err
	}
	st := r.Model.NewStepper(s.opt.Step)
	g, err := implicit.New(st, implicit.Options{})
	if err != nil {
		return err
	}
	figure, title := scene.FromModel(r.Model, r.Figure), cmp.Or(r.Title, r.Model.Name())
	description, err := replay.Describe(figure, title, r.Start.Q)
	if err != nil {
		return err
	}
	s.open, s.st, s.gradient, s.scene, s.probe = *r, st, g, description, replay.NewProbe(figure)
	if s.kappa > 0 {
		st.SetKappa(s.kappa) // what its user chose holds for the next robot too
	}
	s.kappa = st.Options().Kappa
	s.start, s.cur = r.Start.Clone(), r.Start.Clone()
	s.u, s.own, s.sliders = make([]float64, r.Model.NU()), make([]float64, r.Model.NU()), scene.Sliders(r.Model)
	for i := range s.own {
		s.own[i] = math.NaN()
	}
	s.settings, s.keys, s.cost = knobs.Settings{}, nil, 0
	s.kept++
	s.poses = make([]sim.Pose, len(r.Model.Bodies()))
	s.robots++
	s.watched = -1
	s.restart()
	return nil
}

// restart goes to the start.
func (s *Session) restart() {
	s.cur.Copy(s.start)
	s.result, s.failure, s.refusal = sim.Result{}, nil, nil
	s.time, s.steps, s.owed, s.weight, s.stepped = 0, 0, 0, 0, false
	s.pull.body = -1
	s.inputs()
	s.version++
}

// Advance simulates for the wall time dt, but computes for at most four fifths of it, so that others get a turn
// and a simulation slower than the clock falls behind instead of freezing the page.
func (s *Session) Advance(dt time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.playing {
		s.rate, s.owed = 0, 0
		return
	}
	h := s.st.Model().Timestep()
	s.owed += s.speed * dt.Seconds()
	began, taken := time.Now(), 0.0
	for s.owed >= h && s.playing {
		s.step()
		s.owed -= h
		taken += h
		if time.Since(began) > dt*4/5 {
			s.owed = 0
		}
	}
	if taken > 0 {
		s.version++
	}
	s.rate += 0.1 * (taken/dt.Seconds() - s.rate) // a step may be longer than dt: average
}

// step takes one step. A failure stops the simulation until it is reset.
func (s *Session) step() {
	if s.failure != nil {
		return
	}
	s.inputs()
	m := s.st.Model()
	h := m.Timestep()
	weight := (s.cur.H + h) / 2
	m.Poses(s.poses, s.cur.Q)
	if s.pull.body >= 0 {
		s.st.SetWrench(s.pull.body, s.pull.wrench(m, s.poses, h))
	}
	var res sim.Result
	var err error
	s.weight = 0
	began := time.Now()
	if s.watched >= 0 {
		res, err = s.gradient.Step(&s.cur, s.cur, s.u)
		s.weight = weight
	} else {
		res, err = s.st.Step(&s.cur, s.cur, s.u)
	}
	took := time.Since(began).Seconds()
	if s.cost > 0 {
		took = min(took, 4*s.cost) // else one step that others interrupted is seen for seconds
	}
	s.cost += 0.05 * (took - s.cost)
	if s.pull.body >= 0 {
		s.st.SetWrench(s.pull.body, sim.Wrench{})
		s.pull.pass(h)
	}
	if err != nil {
		s.failure, s.playing = err, false
		return
	}
	s.result, s.stepped = res, true
	s.steps++
	s.time += h
}
