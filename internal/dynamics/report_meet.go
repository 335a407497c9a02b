package dynamics

import (
	"cmp"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Key names a contact between two colliders. Every step may have others; lists of them are sorted by it.
type Key struct {
	A, B    int // colliders
	Feature uint64
}

// Compare orders keys by A, then B, then feature.
func (k Key) Compare(o Key) int {
	switch {
	case k.A != o.A:
		return cmp.Compare(k.A, o.A)
	case k.B != o.B:
		return cmp.Compare(k.B, o.B)
	}
	return cmp.Compare(k.Feature, o.Feature)
}

// before reports whether k comes before o.
func (k *Key) before(o *Key) bool {
	if k.A == o.A && k.B == o.B { // mostly
		return k.Feature < o.Feature
	}
	return k.A < o.A || k.A == o.A && k.B < o.B
}

// Meeting is what a contact between two colliders did in a step.
type Meeting struct {
	Key
	Pair          int         // index in Model.Pairs
	ContactReport             // the impulse is that on A
	Normal        spatial.Vec // from B to A
}

// Meetings adds the impulses of the contacts between colliders of the step just solved to dst, stores the rest into it, and returns
// it with those inserted that it did not have.
func (s *Stepper) Meetings(dst []Meeting) []Meeting {
	for _, p := range s.islands {
		for n := p.met; n < p.shut; n++ {
			c, u := p.meetOf(n), p.solver.U[n]
			d := meetingOf(&dst, s.key(c))
			if p.rows[n].turns() {
				d.Turn = spatial.Add(d.Turn, torqueOf(&c.Wrenches, p.solver.Lambda[n]))
				continue
			}
			d.Pair = c.pair
			d.Active, d.Impulse, d.Normal = true, spatial.Add(d.Impulse, c.Force(p.solver.Lambda[n])), c.N
			d.Point = spatial.Add(s.originOf(c.a), c.Point)
			d.Gap = u.X - c.Ease - p.roomOf(&p.rows[n])
			d.Slide = math.Sqrt(u.Y*u.Y + u.Z*u.Z)
		}
	}
	return dst
}

// meetingOf returns the one in l with the key k, which it inserts if there is none. Most come nearly in order, and none
// is copied that stays where it is.
func meetingOf(l *[]Meeting, k Key) *Meeting {
	n := len(*l)
	i := n
	for ; i > 0 && !(*l)[i-1].before(&k); i-- {
		if (*l)[i-1].Key == k {
			return &(*l)[i-1]
		}
	}
	*l = slices.Grow(*l, 1)[:n+1]
	if i < n {
		copy((*l)[i+1:], (*l)[i:n])
	}
	d := &(*l)[i]
	*d = Meeting{Key: k}
	return d
}

// Kinks returns how many contacts of the step just solved have a kink: an arbitrary normal at its start or its end,
// between colliders, a damper and a gap within reach (m) of zero at its start, or a place that follows where a solve
// without it ended.
func (s *Stepper) Kinks(reach float64) (n int) {
	for i := range s.meets {
		c := &s.meets[i]
		if c.on && c.Mode == gap.Slide && (c.Kinked(s.motionOf(c.a), s.motionOf(c.b)) || c.soft.kinked(c.Gap2, reach) || c.late && wanders(c.Contact)) {
			n++
		}
	}
	for _, p := range s.islands {
		for i := p.joints; i < p.met; i++ {
			if t, _ := s.touchOf(&p.rows[i]); t.Mode == gap.Slide && t.soft.kinked(t.Gap2, reach) {
				n++
			}
		}
	}
	return n
}

// MeetingForce is the impulse on A of a contact between colliders (world axes, N s), with the angular one by which it resists turning
// (N m s), or a tangent or cotangent of it.
type MeetingForce struct {
	Key
	Impulse spatial.Wrench
}

// FindMeeting returns where k is in l, or where it belongs.
func FindMeeting(l []MeetingForce, k Key) (int, bool) {
	return slices.BinarySearchFunc(l, k, func(m MeetingForce, k Key) int { return m.Compare(k) })
}

// AddMeeting adds f to the entry k of l, which it inserts if there is none.
func AddMeeting(l []MeetingForce, k Key, f spatial.Wrench) []MeetingForce {
	i, found := FindMeeting(l, k)
	if !found {
		l = slices.Insert(l, i, MeetingForce{Key: k})
	}
	addWrenchTo(&l[i].Impulse, f)
	return l
}

// MeetingTangent adds to dst what ContactTangent is for the contacts between colliders.
func (s *Stepper) MeetingTangent(dst []MeetingForce) []MeetingForce {
	for _, p := range s.islands {
		for n := p.met; n < p.shut; n++ {
			dst = AddMeeting(dst, s.key(p.meetOf(n)), p.contactTangent(n))
		}
	}
	return dst
}

func (s *Stepper) key(c *meet) Key {
	p := &s.m.Pairs[c.pair]
	return Key{A: p.A, B: p.B, Feature: c.ID()}
}

// FindPair returns the index of a pair of colliders in m.Pairs, −1 when they cannot touch.
func (m *Model) FindPair(a, b int) int {
	return slices.IndexFunc(m.Pairs, func(p Pair) bool { return p.A == a && p.B == b })
}
