package viewer

import (
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// TestKeyFrames: K keeps states, J goes back to them one after the other, and a live simulation goes on from there as it did before.
func TestKeyFrames(t *testing.T) {
	d := liveDesk(t, Options{})
	if d.tap('J', 0); d.said == "" || d.cursor != 0 {
		t.Error("without a key frame J says nothing")
	}
	var kept [2][]float64
	for i := range kept {
		d.forwardBy(20)
		d.tap('K', 0)
		kept[i] = slices.Clone(d.now().State.Q)
	}
	d.forwardBy(10)
	after := slices.Clone(d.now().State.Q)
	for _, want := range [][]float64{kept[1], kept[0], kept[1]} {
		d.tap('J', 0)
		if !slices.Equal(d.now().State.Q, want) {
			t.Fatal("J leads to another state than was kept")
		}
		if d.now().Knows(scene.KnownContacts) || !d.latest() || !d.paused {
			t.Error("forces are known of a state that no step led to, or time goes on")
		}
	}
	d.forwardBy(10)
	if !slices.Equal(d.now().State.Q, after) {
		t.Error("from a key frame the run goes another way")
	}
	for range 3 * mostKeyframes {
		d.tap('K', 0)
	}
	if len(d.kept) != mostKeyframes {
		t.Errorf("%d key frames, want at most %d", len(d.kept), mostKeyframes)
	}

	r := replayDesk(t, 30)
	r.forwardBy(12)
	r.tap('K', 0)
	r.forwardBy(10)
	if r.tap('J', 0); r.cursor != 12 || r.tape.last != 30 {
		t.Errorf("J leads to step %d of %d in a replay, want 12 of 30", r.cursor, r.tape.last)
	}
}
