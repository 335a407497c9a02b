package viewer

import (
	"cmp"
	"math"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// desk is where the operator sits: it turns events into what the session does and what the picture shows.
// It knows no window; what it needs of one is its size.
type desk struct {
	*session
	options Options
	opener  func(path string) (*Robot, error)
	title   string
	figure  *scene.Figure
	sliders []scene.Slider
	clock   clock
	lens    lens
	push    push
	shows   [len(scene.Shows)]bool
	text    bool // over the picture
	help    bool
	plots   bool
	charts  map[string]bool // built-in ones and the user's that are drawn, by title
	picked  []bool          // signals that are drawn
	board   board

	paused   bool
	quit     bool
	shot     bool   // a picture was asked for
	filming  bool   // a video is
	clip     string // to be put on the clipboard
	selected int    // body, −1 for none
	restart  bool   // a reset was asked for; for loops of the caller
	single   int    // steps a user's loop may take while paused

	width, height float64 // of the picture (pixels)
	x, y          float64 // pointer
	drag          dragKind
	lastPress     event // of the left button, for double clicks

	poses, before []sim.Pose
	kept          []keyframe
	recalled      int       // key frame gone to last
	said          string    // a note about the last key
	saidAt        time.Time // when
	changed       bool      // the picture differs from the last one
}

// shown reports whether the picture has one of scene.Shows.
func (d *desk) shown(name string) bool {
	for i := range scene.Shows {
		if scene.Shows[i].Name == name {
			return d.shows[i]
		}
	}
	panic("viewer: nothing is called " + name)
}

type dragKind uint8

const (
	noDrag dragKind = iota
	orbitDrag
	panDrag
	zoomDrag
	pushDrag
	barDrag
	boardDrag
)

func newDesk(m *sim.Model, o Options) *desk {
	d := &desk{
		options: o, opener: o.Open, clock: clock{speed: 1, free: o.NoClock}, paused: o.Paused, width: 1280, height: 720,
		text: true, plots: true, charts: map[string]bool{energyTitle: true},
	}
	for i := range scene.Shows {
		d.shows[i] = scene.Shows[i].On
	}
	d.board.groups = map[string]bool{}
	d.settle(newSession(m, &o), cmp.Or(o.Title, m.Name()))
	if o.Speed > 0 {
		d.clock.speed = clamp(o.Speed, minSpeed, maxSpeed)
	}
	if o.Camera != nil {
		d.lens.home = *o.Camera
	}
	return d
}

// frame places the camera for a first look at state q, unless the user gave one.
func (d *desk) frame(q []float64) {
	if d.lens.home == (scene.Camera{}) {
		c := scene.Camera{Azimuth: -0.9, Elevation: 0.3}
		low, high := d.figure.Bounds(q)
		// Room to fall and to move: the ground below belongs to the picture.
		low.Z = math.Min(low.Z, math.Max(0, low.Z-d.figure.Size()))
		c.Fit(low, high, d.width/d.height)
		c.Distance *= 1.15
		d.lens.home = c
	}
	d.lens.reset()
}

// advance lets dt seconds of real time pass. Simulating may take at most the given real time: the picture
// comes first.
func (d *desk) advance(dt float64, budget time.Duration) {
	if d.lookAhead(8) {
		d.changed = true
	}
	if d.paused {
		return
	}
	d.clock.pass(dt)
	if d.mode == loop {
		return
	}
	start := time.Now()
	for d.clock.due(d.timestep()) {
		if !d.onward() {
			d.paused = true
			break
		}
		if time.Since(start) > budget {
			d.clock.forgive()
			break
		}
	}
}

// onward shows the next step, with the push applied to it.
func (d *desk) onward() bool {
	d.changed = true
	d.applyPush()
	return d.forward()
}

// applyPush hands the push to the stepper.
func (d *desk) applyPush() {
	if d.push.kind == noPush || d.stepper == nil || d.mode == replay {
		return
	}
	b := d.push.body
	in := d.model.BodyInertia(b)
	d.posesAt(d.before, max(d.cursor-1, d.tape.first))
	d.posesAt(d.poses, d.cursor)
	d.stepper.SetWrench(b, d.push.wrench(&in, d.poses[b], d.before[b], d.timestep()))
}

func (d *desk) posesAt(dst []sim.Pose, k int) { d.model.Poses(dst, d.tape.at(k).State.Q) }

// center returns the center of mass of the model on show.
func (d *desk) center() r3.Vec { return d.figure.CenterOfMass() }

func (d *desk) say(text string) { d.said, d.saidAt = text, time.Now() }

// bar returns the share of the time bar that is filled; negative where there is none.
func (d *desk) bar() float64 {
	if n := d.tape.last - d.tape.first; n > 0 && (d.paused || d.mode == replay) {
		return float64(d.cursor-d.tape.first) / float64(n)
	}
	return -1
}

// foot returns the height of the time bar (pixels).
func (d *desk) foot() int {
	if d.bar() < 0 {
		return 0
	}
	return int(barHeight(d.height))
}

// toStart goes to the first state, or asks the caller's loop to.
func (d *desk) toStart() {
	d.letGo()
	d.restart = true
	d.reset()
	d.clock.forgive()
}

// still reports whether the picture would be the same as the last one.
func (d *desk) still() bool {
	c := d.changed
	d.changed = false
	return !c
}
