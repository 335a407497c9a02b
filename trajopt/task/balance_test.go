package task

import (
	"context"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestBudget: a controller that never has the time for a decision stands. Decisions that were cut short were given up,
// the plan before was followed ever further, at twice its pace, and on a busy machine the robot fell under 150 N from
// the side. The clock is the test's own, of which every look takes 0.1 ms: a decision is worth some 6 ms of it.
func TestBudget(t *testing.T) {
	for _, c := range []struct {
		budget time.Duration
		push   r3.Vec
		tilt   float64 // rad, at most
	}{
		{4 * time.Millisecond, r3.Vec{Y: 60}, 0.1},
		{4 * time.Millisecond, r3.Vec{X: 150}, 0.1},
		{4 * time.Millisecond, r3.Vec{Y: 150}, 0.1},
		{2 * time.Millisecond, r3.Vec{X: 60}, 0.1},
		{2 * time.Millisecond, r3.Vec{Y: 150}, 0.5}, // one plan in four ticks: it sways, and stands again
	} {
		now := time.Time{}
		pace := trajopt.Pace{Budget: c.budget, Now: func() time.Time {
			now = now.Add(100 * time.Microsecond)
			return now
		}}
		b, err := NewBalance(context.Background(), trajopt.Options{}, pace)
		if err != nil {
			t.Fatal(err)
		}
		how, err := b.Push(context.Background(), c.push, 2, func() {})
		if err != nil {
			t.Fatal(err)
		}
		late, iterations, oldest, longest := 0, 0, 0.0, time.Duration(0)
		for _, tick := range how.Ticks {
			iterations += tick.Iterations
			oldest, longest = max(oldest, tick.Age), max(longest, tick.Elapsed)
			if tick.Late {
				late++
			}
		}
		t.Logf("%v of budget: %s; %d of %d ticks cut short, %d iterations, plans %g s old at most, the longest tick %v", c.budget, how.Words(), late, len(how.Ticks), iterations, oldest, longest)
		if late < len(how.Ticks)/2 {
			t.Errorf("%v of budget: %d of %d ticks are late, so this shows nothing", c.budget, late, len(how.Ticks))
		}
		if longest > c.budget+time.Millisecond {
			t.Errorf("%v of budget: a tick takes %v", c.budget, longest)
		}
		if !(how.Tilt < c.tilt && how.Speed < 0.01 && how.End < 0.06) {
			t.Errorf("%v of budget: it does not stand: %s", c.budget, how.Words())
		}
	}
}
