package live

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// head is how many numbers of a row come before its columns: time (s), playing, speed reached, κ, failed, timestep (s), gravity on,
// friction on, contact on, time that a step takes (s), body watched, and its response to pushes along x, y and z, three numbers each. The
// columns are those of [replay.Probe] and the sliders' values.
const head = 11 + 9

// Viewer is what one page has been told about a session.
type Viewer struct {
	s                 *Session
	robot, sent, kept int
	said              string
	row               []byte
}

// NewViewer returns a viewer of s that has been told nothing.
func (s *Session) NewViewer() *Viewer { return &Viewer{s: s, sent: -1} }

// Next returns what the page does not know yet: JSON texts, then a row of little-endian 32-bit floats; nothing when
// nothing has changed. The row is valid until the next call.
//
// Texts are {"scene": …}, the robot as package replay describes it, {"say": "…"}, what is wrong or worth knowing, or
// nothing, and {"keys": […]}, the states that were kept.
func (v *Viewer) Next() (texts [][]byte, row []byte) {
	s := v.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.sent == s.version {
		return nil, nil
	}
	v.sent = s.version
	if v.robot != s.robots {
		v.robot = s.robots
		texts = append(texts, text("scene", s.scene))
	}
	if say := s.say(); say != v.said || len(texts) > 0 {
		v.said = say
		texts = append(texts, text("say", say))
	}
	if v.kept != s.kept {
		v.kept = s.kept
		texts = append(texts, text("keys", s.keys))
	}
	v.row = v.row[:0]
	for _, x := range s.numbers() {
		v.row = binary.LittleEndian.AppendUint32(v.row, math.Float32bits(float32(x)))
	}
	return texts, v.row
}

func text(name string, value any) []byte {
	data, _ := json.Marshal(map[string]any{name: value}) // of strings and of what Describe has marshaled
	return data
}

// say returns what is worth saying now.
func (s *Session) say() string {
	switch {
	case s.refusal != nil:
		return s.refusal.Error()
	case s.failure != nil:
		return s.failure.Error()
	case len(s.open.Notes) > mostNotes:
		return fmt.Sprintf("%s\nand %d more", strings.Join(s.open.Notes[:mostNotes], "\n"), len(s.open.Notes)-mostNotes)
	}
	return strings.Join(s.open.Notes, "\n")
}

// mostNotes is how many there is room for beside the robot.
const mostNotes = 4

// numbers returns the present moment.
func (s *Session) numbers() []float64 {
	s.row = append(s.row[:0], s.time, flag(s.playing), s.rate, s.kappa, flag(s.failure != nil), s.st.Model().Timestep(),
		flag(!s.settings.Off["gravity"]), flag(!s.settings.Off["friction"]), flag(!s.settings.Off["contact"]), s.cost, float64(s.watched))
	s.row = s.respond(s.row) // before anything else asks the stepper
	m := &s.now
	m.Set(s.time, s.cur)
	if s.stepped {
		m.Report(s.st, s.result)
	}
	_ = m.Weigh(s.st) // the energy of a fast spinning state may not exist
	m.Kappa = s.kappa
	s.row = s.probe.Row(s.row, m)
	for i := range s.sliders {
		if l := &s.sliders[i]; l.Input {
			s.row = append(s.row, s.u[l.Index])
		} else {
			s.row = append(s.row, s.cur.Q[l.Index])
		}
	}
	s.row = s.probe.Contacts(s.row, m)
	return s.row
}

func flag(on bool) float64 {
	if on {
		return 1
	}
	return 0
}
