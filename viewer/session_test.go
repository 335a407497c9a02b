package viewer

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestSeekStaysOnTheTape, also when the tape has forgotten its beginning.
func TestSeekStaysOnTheTape(t *testing.T) {
	d := liveDesk(t, Options{})
	d.tape = newTape(10)
	d.reset()
	d.forwardBy(25)
	if d.tape.first != 16 || d.cursor != 25 {
		t.Fatalf("the tape holds %d … %d, shown is %d", d.tape.first, d.tape.last, d.cursor)
	}
	for _, c := range []struct{ by, want int }{{-3, 22}, {-100, 16}, {100, 25}} {
		if d.seek(c.by); d.cursor != c.want || d.now().Time != float64(c.want)*0.01 {
			t.Errorf("%d steps lead to %d at %g s, want %d", c.by, d.cursor, d.now().Time, c.want)
		}
	}
}

// TestControllerIsAsked with the step and the state on show, and its forces arrive.
func TestControllerIsAsked(t *testing.T) {
	b := sim.NewBuilder("cart")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{})
	l := b.AddLink("cart", sim.Inertia{Mass: 2, Ixx: 1, Iyy: 1, Izz: 1})
	b.AddJoint(sim.Joint{Name: "rail", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{Drive: sim.Torque}}})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	var asked []int
	o := Options{Paused: true, Control: func(u []float64, k int, s sim.State) {
		asked = append(asked, k)
		if u[0] != 0 {
			t.Errorf("step %d starts with the input %g", k, u[0])
		}
		u[0] = 4
	}}
	d := newDesk(m, o)
	if err := d.goLive(m.NewState(), &o); err != nil {
		t.Fatal(err)
	}
	d.forwardBy(3)
	d.seek(-2)
	d.step() // time was turned back: step 1 is taken again
	if len(asked) != 4 || asked[2] != 2 || asked[3] != 1 || d.tape.last != 2 {
		t.Errorf("asked for steps %v, the tape ends at %d", asked, d.tape.last)
	}
	if v := d.now().State.V[0]; math.Abs(v-1.5*0.01*4/2) > 1e-9 { // the mean of the second step
		t.Errorf("4 N on 2 kg give %g m/s after 15 ms, want 0.03", v)
	}
}

// TestFailureLeavesTheLastState, and a reset or another step forgets it.
func TestFailureLeavesTheLastState(t *testing.T) {
	d := liveDesk(t, Options{})
	d.forwardBy(5)
	good := d.now().State.Clone()
	d.now().State.V[0] = math.NaN()
	if d.step() || d.failed == nil || d.cursor != 5 {
		t.Fatalf("a step from no state: %v, shown is %d", d.failed, d.cursor)
	}
	d.now().State.Copy(good)
	if !d.step() || d.failed != nil || d.cursor != 6 {
		t.Errorf("the next step: %v, shown is %d", d.failed, d.cursor)
	}
	d.now().State.V[0] = math.NaN()
	d.step()
	if d.reset(); d.failed != nil || d.cursor != 0 {
		t.Errorf("after a reset: %v, shown is %d", d.failed, d.cursor)
	}
}

// TestLookAheadEnds: it looks into every step once, a few at a time, and then has nothing to do.
func TestLookAheadEnds(t *testing.T) {
	d := replayDesk(t, 30)
	rounds := 0
	for d.lookAhead(8) {
		if rounds++; rounds > 10 {
			t.Fatal("it does not end")
		}
	}
	for k := range 31 {
		m := d.tape.at(k)
		if !m.Knows(scene.KnownEnergy) || m.Knows(scene.KnownContacts) != (k > 0) || !m.looked {
			t.Errorf("step %d knows %b", k, m.Known)
		}
	}
	if rounds != 3 {
		t.Errorf("31 steps took %d rounds of 8 and a rest, want 3", rounds)
	}
	if live := liveDesk(t, Options{}); live.lookAhead(8) {
		t.Error("a live run has something to look ahead to")
	}
}

// TestReplayWithoutEnergy: where a recorded state has none the curve has a hole; it drew 0 J.
func TestReplayWithoutEnergy(t *testing.T) {
	d := replayDesk(t, 5)
	m := d.tape.at(3)
	m.State.V[0] = math.NaN()
	d.look(3)
	if v := energyChart().value(1, m); !math.IsNaN(v) || !m.looked {
		t.Errorf("a state without energy is drawn at %g J", v)
	}
}

func TestEmptyTrajectory(t *testing.T) {
	m, _ := twoBoxes(t)
	o := Options{}
	if err := newDesk(m, o).play(&sim.Trajectory{}, &o); err == nil || !strings.Contains(err.Error(), "no states") {
		t.Errorf("nothing to play: %v", err)
	}
	d := newDesk(m, o)
	var sc scene.Scene
	sc.Items = make([]scene.Item, 3)
	if d.draw(&sc); len(sc.Items) != 0 || d.now() != nil {
		t.Error("a desk without a state shows something")
	}
}

// TestRecordedTimestepCounts: a table may hold every tenth step.
func TestRecordedTimestepCounts(t *testing.T) {
	m, s := twoBoxes(t)
	o := Options{}
	d := newDesk(m, o)
	if err := d.play(&sim.Trajectory{Timestep: 0.1, States: []sim.State{s, s, s}}, &o); err != nil {
		t.Fatal(err)
	}
	d.advance(0.25, time.Second)
	if d.cursor != 2 || d.time() != 0.2 || d.now().Time != 0.2 {
		t.Errorf("0.25 s show step %d at %g s", d.cursor, d.time())
	}
}

// TestClockReads its speed in words people use.
func TestClockReads(t *testing.T) {
	c := clock{speed: 1}
	for _, want := range []string{"2×", "4×"} {
		if c.faster(); c.String() != want {
			t.Errorf("%q, want %q", c.String(), want)
		}
	}
	for range 99 {
		c.slower()
	}
	if c.String() != "1/128×" {
		t.Errorf("the slowest is %q", c.String())
	}
	for range 99 {
		c.faster()
	}
	if c.String() != "64×" {
		t.Errorf("the fastest is %q", c.String())
	}
	if c.free = true; c.String() != "unbounded" {
		t.Errorf("%q", c.String())
	}
}

// TestClockForgetsLongWaits: after a stop of the program nothing rushes.
func TestClockForgetsLongWaits(t *testing.T) {
	c := clock{speed: 1}
	c.pass(3600)
	n := 0
	for c.due(0.01) {
		n++
	}
	if n != 25 {
		t.Errorf("an hour is made up for by %d steps, want %g s of them", n, most)
	}
	c.pass(-5)
	if c.owed != 0 || c.due(0.01) {
		t.Errorf("time that ran backward leaves a debt of %g s", c.owed)
	}
	// Half a second at half of the wanted speed.
	c = clock{speed: 1}
	for range 50 {
		c.pass(0.01)
		if c.owed >= 0.02 {
			c.due(0.01)
			c.forgive()
		}
	}
	if math.Abs(c.achieved-0.5) > 0.05 {
		t.Errorf("it reached %g of real time, want half", c.achieved)
	}
}

// TestWindowSavesPictures under names that do not collide, and says so.
func TestWindowSavesPictures(t *testing.T) {
	t.Chdir(t.TempDir())
	d := liveDesk(t, Options{})
	v := blindViewer(d)
	for range 2 {
		d.tap(keyF12, 0)
		v.paint()
	}
	files, err := filepath.Glob("boxes-*.png")
	if err != nil || len(files) != 2 || !strings.HasPrefix(d.said, "saved boxes-") {
		t.Errorf("%v, %v; it says %q", files, err, d.said)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Size() == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

// TestServeEndsWithTheUser and closes nothing before.
func TestServeEndsWithTheUser(t *testing.T) {
	d := liveDesk(t, Options{})
	v := blindViewer(d, press(keyRight, 0), press(keyRight, 0), press('Q', control))
	v.begin()
	v.serve()
	if d.cursor != 2 || !v.Closed() || v.Frames() == 0 || v.Frames() != v.win.(*blind).drawn {
		t.Errorf("step %d, closed %v, %d pictures of %d", d.cursor, v.Closed(), v.Frames(), v.win.(*blind).drawn)
	}
	if v.Close(); !v.win.(*blind).gone {
		t.Error("Close leaves the window")
	}
}

// TestStillPicturesAreDrawnOnceMore, with all samples, and then left alone.
func TestStillPicturesAreDrawnOnceMore(t *testing.T) {
	d := liveDesk(t, Options{})
	v := blindViewer(d)
	v.begin()
	d.changed = true
	var fine []bool
	for range 4 {
		v.paint()
		fine = append(fine, v.fine)
	}
	if v.Frames() != 2 || fine[0] || !fine[1] {
		t.Errorf("%d pictures, fine %v", v.Frames(), fine)
	}
	if d.tap(keyRight, 0); v.fine {
		v.paint()
	}
	if v.Frames() != 3 || v.fine {
		t.Errorf("after a step there are %d pictures, fine %v", v.Frames(), v.fine)
	}
}
