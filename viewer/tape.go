package viewer

// tape keeps the last moments by step number, so that time can be turned back.
type tape struct {
	ring        []moment
	first, last int // step numbers kept, both included; last < first when empty
}

// tapeLength is what a live simulation remembers: 40 s at 100 Hz, some 10 MB for a robot.
const tapeLength = 4000

func newTape(n int) tape { return tape{ring: make([]moment, n), last: -1} }

func (t *tape) empty() bool { return t.last < t.first }

// at returns the moment of step k, which must be kept.
func (t *tape) at(k int) *moment { return &t.ring[k%len(t.ring)] }

// next returns the place for the step after the last, forgetting the oldest when all places are taken.
func (t *tape) next() *moment {
	t.last++
	if t.last-t.first >= len(t.ring) {
		t.first++
	}
	return t.at(t.last)
}

// cut forgets everything after step k.
func (t *tape) cut(k int) { t.last = min(t.last, k) }

// restart forgets everything; the next moment is step k.
func (t *tape) restart(k int) { t.first, t.last = k, k-1 }
