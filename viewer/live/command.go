package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// command is what a page asks for; see web/live.js of package replay.
type command struct {
	Do      string             `json:"do,omitempty"` // play, pause, step, reset
	Count   int                `json:"count,omitempty"`
	Speed   *float64           `json:"speed,omitempty"`
	Kappa   *float64           `json:"kappa,omitempty"`
	Set     map[string]float64 `json:"set,omitempty"` // parameters by name, as package implicit knows them
	Watch   *int               `json:"watch,omitempty"`
	Grab    *grab              `json:"grab,omitempty"`
	Release bool               `json:"release,omitempty"`
	Push    *shove             `json:"push,omitempty"`
	Open    *opening           `json:"open,omitempty"`
	Switch  map[string]bool    `json:"switch,omitempty"` // gravity, friction, contact: on or off
	Slide   *slide             `json:"slide,omitempty"`
	Key     *key               `json:"key,omitempty"`
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

// opening asks for a robot: by its name alone, or by the name and text of a file.
type opening struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// slide moves a slider of the panel; without a value an input is the controller's again.
type slide struct {
	Index int      `json:"index"`
	Value *float64 `json:"value"`
}

// key saves the present state, or goes to one that was saved.
type key struct {
	Save bool `json:"save"`
	Load int  `json:"load"`
}

// mostSet is how many parameters may be set at a time.
const mostSet = 64

// Do carries out a command, the JSON that a page sends. What cannot be understood is ignored, as a page could not do
// better; what is refused is said to all pages.
func (s *Session) Do(data []byte) {
	var c command
	if json.Unmarshal(data, &c) == nil {
		s.do(&c)
	}
}

func (s *Session) do(c *command) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	s.refusal = nil
	if c.Open != nil {
		s.refusal = s.replace(c.Open)
	}
	s.play(c)
	if v := c.Speed; v != nil && *v >= 0.001 && *v <= 100 {
		s.speed = *v
	}
	if v := c.Kappa; v != nil && *v >= 1e-12 && *v <= 1 {
		s.kappa = *v
		s.st.SetKappa(*v)
	}
	if len(c.Set) > 0 && len(c.Set) <= mostSet || len(c.Switch) > 0 {
		s.refusal = errors.Join(s.refusal, s.set(c.Set, c.Switch))
	}
	if c.Slide != nil {
		s.refusal = errors.Join(s.refusal, s.slide(c.Slide))
	}
	if c.Key != nil {
		s.key(c.Key)
	}
	if b := c.Watch; b != nil && *b >= -1 && *b < len(s.poses) {
		s.watch(*b)
	}
	s.hand(c)
}

// play does what a tape recorder does.
func (s *Session) play(c *command) {
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
		s.restart()
	}
}

// hand grabs, pushes and lets go.
func (s *Session) hand(c *command) {
	m := s.st.Model()
	if g := c.Grab; g != nil && g.Body >= 0 && g.Body < len(s.poses) && finite(g.Local) && finite(g.Target) {
		s.pull.grab(m, g)
	}
	if p := c.Push; p != nil && p.Body >= 0 && p.Body < len(s.poses) && finite(p.Force) && p.Seconds > 0 && p.Seconds <= 10 {
		s.pull = pull{body: p.Body, force: vec(p.Force), left: p.Seconds}
	}
	if c.Release {
		s.pull.body = -1
	}
}

// replace opens another robot.
func (s *Session) replace(o *opening) error {
	if s.opt.Open == nil {
		return errors.New("this page keeps its robot")
	}
	r, err := s.opt.Open(o.Name, []byte(o.Text))
	if err != nil {
		return err
	}
	if err := s.load(r); err != nil {
		return fmt.Errorf("%s: %w", o.Name, err)
	}
	return nil
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
