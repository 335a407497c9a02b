package viewer

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
)

// keyframe is a moment that its user kept.
type keyframe struct {
	step  int
	time  float64 // s
	state sim.State
}

// text returns the key frame as JSON.
func (k *keyframe) text() string {
	b, _ := json.Marshal(map[string]any{"time": k.time, "q": k.state.Q, "v": k.state.V}) // of finite numbers
	return string(b)
}

// mostKeyframes is how many are kept; the oldest makes room.
const mostKeyframes = 20

// keep keeps the moment on show.
func (d *desk) keep() {
	now := d.now()
	if now == nil {
		return
	}
	if len(d.kept) == mostKeyframes {
		d.kept = slices.Delete(d.kept, 0, 1)
	}
	d.kept = append(d.kept, keyframe{d.cursor, d.time(), now.State.Clone()})
	d.recalled = len(d.kept)
	d.say(fmt.Sprintf("kept %.2f s as key frame %d", d.time(), len(d.kept)))
}

// recallNext goes to the key frame before the one recalled last, from the first to the last again.
func (d *desk) recallNext() {
	if len(d.kept) == 0 {
		d.say("there is no key frame; K keeps one")
		return
	}
	i := d.recalled - 1
	if i < 0 {
		i = len(d.kept) - 1
	}
	d.recall(i)
}

// recall goes to a key frame. A live simulation goes on from there; what was to come is forgotten. In a user's loop states are the
// caller's.
func (d *desk) recall(i int) {
	if d.mode == loop {
		d.say("the states of this loop are its program's")
		return
	}
	d.recalled = i
	d.paused = true
	d.letGo()
	k := &d.kept[d.recalled]
	if d.mode == replay {
		d.seek(k.step - d.cursor)
	} else {
		d.jump(k.state)
	}
	d.say(fmt.Sprintf("key frame %d of %d", d.recalled+1, len(d.kept)))
}

// jump appends a state to the tape that no step led to: its forces are not known.
func (s *session) jump(x sim.State) {
	s.tape.cut(s.cursor)
	s.failed = nil
	m := s.tape.next()
	m.take(float64(s.tape.last)*s.timestep(), x)
	m.weigh(s.lab)
	m.sample(s.signals, s.tape.last)
	s.cursor = s.tape.last
}
