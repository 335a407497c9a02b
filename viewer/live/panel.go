package live

import (
	"math"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/internal/knobs"
)

// set changes parameters and switches from now on; all or, with an error, nothing.
func (s *Session) set(values map[string]float64, switches map[string]bool) error {
	next, err := s.settings.With(values, switches)
	if err != nil {
		return err
	}
	m, err := next.Apply(s.open.Model)
	if err != nil {
		return err
	}
	st, err := knobs.Turn(s.st, m)
	if err != nil {
		return err
	}
	s.settings = next
	if st == s.st {
		return nil
	}
	s.st, s.stepped, s.weight = st, false, 0
	if s.gradient, err = implicit.New(st, implicit.Options{}); err != nil {
		return err
	}
	s.watch(s.watched) // parameters belong to a structure
	return nil
}

// slide moves an input, from now on, or a joint, at once: the robot then rests at the nearest configuration that its loops allow.
func (s *Session) slide(c *slide) error {
	if c.Index < 0 || c.Index >= len(s.sliders) {
		return nil
	}
	l := &s.sliders[c.Index]
	x := math.NaN()
	if c.Value != nil {
		x = math.Min(math.Max(*c.Value, l.Low), l.High)
	}
	if l.Input {
		s.own[l.Index] = x
		s.inputs()
		return nil
	}
	if x != x {
		return nil
	}
	next := s.cur.Clone()
	next.Q[l.Index], next.H = x, 0
	clear(next.V)
	if err := s.st.Model().Assemble(&next); err != nil {
		return err
	}
	s.jump(next)
	return nil
}

// jump goes to a state and stops there; what is known of the last step is no longer true.
func (s *Session) jump(x sim.State) {
	s.cur.Copy(x)
	s.playing, s.stepped, s.failure, s.weight, s.owed = false, false, nil, 0, 0
	s.pull.body = -1
}

// inputs asks the controller, and overrides it where a slider was moved.
func (s *Session) inputs() {
	clear(s.u)
	if s.open.Control != nil {
		s.open.Control(s.u, s.steps, s.cur)
	}
	for i, x := range s.own {
		if x == x {
			s.u[i] = x
		}
	}
}

// mostKeys is how many states are kept; the oldest makes room.
const mostKeys = 20

// keyframe is a state that was kept.
type keyframe struct {
	Time float64   `json:"time"`
	Q    []float64 `json:"q"`
	V    []float64 `json:"v"`

	state sim.State
}

func (s *Session) key(c *key) {
	if c.Save {
		x := s.cur.Clone()
		s.keys = append(s.keys[max(0, len(s.keys)+1-mostKeys):len(s.keys):len(s.keys)], keyframe{s.time, x.Q, x.V, x})
		s.kept++
		return
	}
	if c.Load >= 0 && c.Load < len(s.keys) {
		s.jump(s.keys[c.Load].state)
	}
}
