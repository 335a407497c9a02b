package live

import (
	"encoding/binary"
	"math"
	"sync"
	"time"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/replay"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// Options are the choices around a live page. The zero value selects the defaults.
type Options struct {
	Title   string         // default: the model's name
	Step    sim.Options    // of the stepper
	Control sim.Controller // input; nil is none
	Figure  scene.FigureOptions
	FPS     float64          // rows sent per second. Default 50
	Paused  bool             // begins so
	Ready   func(url string) // called by Serve when the page can be opened
}

// session is one running simulation, shared by all pages that look at it.
type session struct {
	mu      sync.Mutex
	model   *sim.Model
	st      *sim.Stepper
	start   sim.State
	cur     sim.State
	u       []float64
	control sim.Controller
	probe   *replay.Probe
	now     scene.Moment
	result  sim.Result // of the last step, zero at the start
	failure error

	playing bool
	speed   float64 // wanted
	rate    float64 // reached
	kappa   float64
	steps   int     // since the start
	owed    float64 // simulated time not yet taken (s)
	version int     // counts changes worth sending
	pull    pull
	poses   []sim.Pose
	row     []float64
}

func newSession(m *sim.Model, start sim.State, f *scene.Figure, opt *Options) *session {
	s := &session{
		model: m, st: m.NewStepper(opt.Step), start: start.Clone(), cur: start.Clone(), u: make([]float64, m.NU()),
		control: opt.Control, probe: replay.NewProbe(f), playing: !opt.Paused, speed: 1,
		poses: make([]sim.Pose, len(m.Bodies())),
	}
	s.kappa = s.st.Options().Kappa
	s.pull.body = -1
	return s
}

// command is what a page asks for; see web/live.js.
type command struct {
	Do      string   `json:"do"` // play, pause, step, reset
	Count   int      `json:"count"`
	Speed   *float64 `json:"speed"`
	Kappa   *float64 `json:"kappa"`
	Grab    *grab    `json:"grab"`
	Release bool     `json:"release"`
	Push    *shove   `json:"push"`
}

// grab pulls a point of a body (body axes) toward a target (world axes).
type grab struct {
	Body   int        `json:"body"`
	Local  [3]float64 `json:"local"`
	Target [3]float64 `json:"target"`
}

// shove is a force (N, world axes) at the center of mass of a body for some seconds.
type shove struct {
	Body    int        `json:"body"`
	Force   [3]float64 `json:"force"`
	Seconds float64    `json:"seconds"`
}

// do carries out a command. Impossible ones are ignored: they come from a page, which could not do better.
func (s *session) do(c *command) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	switch c.Do {
	case "play":
		s.playing = s.failure == nil
	case "pause":
		s.playing = false
	case "step":
		s.playing = false
		for range min(max(c.Count, 1), 100) {
			s.step()
		}
	case "reset":
		s.cur.Copy(s.start)
		s.result, s.failure, s.steps, s.owed = sim.Result{}, nil, 0, 0
		s.pull.body = -1
	}
	if v := c.Speed; v != nil && *v >= 0.001 && *v <= 100 {
		s.speed = *v
	}
	if v := c.Kappa; v != nil && *v >= 1e-12 && *v <= 1 {
		s.kappa = *v
		s.st.SetKappa(*v)
	}
	if g := c.Grab; g != nil && g.Body >= 0 && g.Body < len(s.poses) && finite(g.Local) && finite(g.Target) {
		s.pull.grab(s.model, g)
	}
	if p := c.Push; p != nil && p.Body >= 0 && p.Body < len(s.poses) && finite(p.Force) && p.Seconds > 0 && p.Seconds <= 10 {
		s.pull = pull{body: p.Body, force: vec(p.Force), left: p.Seconds}
	}
	if c.Release {
		s.pull.body = -1
	}
}

// advance simulates for the wall time dt, but computes for at most half of it, so that others get a turn
// and a simulation slower than the clock falls behind instead of freezing the page.
func (s *session) advance(dt time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.playing {
		s.rate, s.owed = 0, 0
		return
	}
	h := s.model.Timestep()
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
func (s *session) step() {
	if s.failure != nil {
		return
	}
	clear(s.u)
	if s.control != nil {
		s.control(s.u, s.steps, s.cur)
	}
	h := s.model.Timestep()
	s.model.Poses(s.poses, s.cur.Q)
	if s.pull.body >= 0 {
		s.st.SetWrench(s.pull.body, s.pull.wrench(s.model, s.poses, h))
	}
	res, err := s.st.Step(&s.cur, s.cur, s.u)
	if s.pull.body >= 0 {
		s.st.SetWrench(s.pull.body, sim.Wrench{})
		s.pull.pass(h)
	}
	if err != nil {
		s.failure, s.playing = err, false
		return
	}
	s.result = res
	s.steps++
}

// message returns the present moment as bytes for pages, and its version.
func (s *session) message(dst []byte) ([]byte, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &s.now
	m.Set(float64(s.steps)*s.model.Timestep(), s.cur)
	if s.steps > 0 {
		m.Report(s.st, s.result)
	}
	_ = m.Weigh(s.st) // the energy of a fast spinning state may not exist
	m.Kappa = s.kappa
	s.row = append(s.row[:0], m.Time, flag(s.playing), s.rate, s.kappa, flag(s.failure != nil))
	s.row = s.probe.Contacts(s.probe.Row(s.row, m), m)
	dst = dst[:0]
	for _, x := range s.row {
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(x)))
	}
	return dst, s.version, s.failure
}

// changed reports whether there is something newer than version.
func (s *session) changed(version int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version != version
}

func flag(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

func finite(v [3]float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.Abs(x) > 1e9 {
			return false
		}
	}
	return true
}

func vec(v [3]float64) r3.Vec { return r3.Vec{X: v[0], Y: v[1], Z: v[2]} }

// pull is what the user's hand does to a body: a damped spring, or a force for some time.
type pull struct {
	body   int // −1 for none
	local  r3.Vec
	target r3.Vec
	mass   float64 // that the spring is made for (kg)

	last  r3.Vec // where the point was before the last step
	moved bool   // whether last is known

	force r3.Vec
	left  float64 // s; above 0 selects the force
}

func (p *pull) grab(m *sim.Model, g *grab) {
	if p.body != g.Body || p.left > 0 {
		*p = pull{body: g.Body, mass: math.Sqrt(m.TotalMass() * m.BodyInertia(g.Body).Mass)}
	}
	p.local, p.target = vec(g.Local), vec(g.Target)
}

// stiffness of the spring per kilogram (1/s²) and its damping (1/s), near critical: a body that carries its
// own weight hangs 3 cm below the hand. Both forces are constant over a step, so a light body gets less
// damping, or it would be thrown back and forth.
const (
	stiffness = 300.0
	damping   = 30.0
)

func (p *pull) wrench(m *sim.Model, poses []sim.Pose, h float64) sim.Wrench {
	if p.left > 0 {
		return sim.Wrench{Force: p.force}
	}
	pose := poses[p.body]
	at := pose.Apply(p.local)
	var v r3.Vec
	if p.moved {
		v = spatial.Scale(1/h, spatial.Sub(at, p.last))
	}
	p.last, p.moved = at, true
	body := m.BodyInertia(p.body)
	c := math.Min(damping, 0.5/h*body.Mass/p.mass)
	f := spatial.Scale(p.mass*stiffness, spatial.Sub(p.target, at))
	f = spatial.AddScaled(f, -p.mass*c, v)
	arm := spatial.Sub(at, pose.Apply(body.COM))
	return sim.Wrench{Force: f, Torque: spatial.Cross(arm, f)}
}

// pass lets h seconds of a push go by.
func (p *pull) pass(h float64) {
	if p.left > 0 {
		if p.left -= h; p.left <= 1e-9 {
			*p = pull{body: -1}
		}
	}
}
