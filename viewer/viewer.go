package viewer

import (
	"errors"
	"fmt"
	"image"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// surface is a window of the system, with OpenGL in it.
type surface interface {
	poll(wait time.Duration) // delivers events; waits for one at most so long
	closed() bool
	size() (width, height int) // of the picture (pixels)
	draw(sc *scene.Scene, extra *extra, fine bool)
	picture() *image.RGBA // what was drawn last
	copy(text string)     // to the clipboard
	close()
}

// extra is what the window draws that no scene has.
type extra struct {
	bar   float64 // share of the time bar that is filled; negative for none
	wires bool
}

// Viewer is an open window. All its methods, and the functions that open one, must be called from the main
// goroutine: systems allow windows only on the thread the program started on.
type Viewer struct {
	desk  *desk
	win   surface
	scene scene.Scene

	reported sim.Result // of the next Update

	last   time.Time // when time passed last
	drawn  time.Time // when a picture was drawn last
	frames int
	fine   bool // the picture on the screen has all samples
	film   film
	shots  int
}

// Open opens a window for a loop of the caller, who says with [Viewer.Update] what to show.
func Open(m *sim.Model, opt Options) (*Viewer, error) {
	if opt.Stepper != nil && opt.Stepper.Model() != m {
		return nil, errors.New("viewer: Options.Stepper belongs to another model")
	}
	v, err := open(m, opt)
	if err != nil {
		return nil, err
	}
	v.desk.mode = loop
	return v, nil
}

// Run simulates m from start in a window until it is closed.
func Run(m *sim.Model, start sim.State, opt Options) error {
	return show(m, opt, func(d *desk) error { return d.goLive(start, &opt) })
}

// Replay shows a recorded trajectory of m in a window until it is closed.
func Replay(m *sim.Model, t *sim.Trajectory, opt Options) error {
	return show(m, opt, func(d *desk) error { return d.play(t, &opt) })
}

// show opens a window on what begin sets up.
func show(m *sim.Model, opt Options, begin func(*desk) error) error {
	v, err := open(m, opt)
	if err != nil {
		return err
	}
	defer v.Close()
	if err := begin(v.desk); err != nil {
		return err
	}
	v.begin()
	v.serve()
	return nil
}

func open(m *sim.Model, opt Options) (*Viewer, error) {
	d := newDesk(m, opt)
	if opt.Title == "" {
		opt.Title = "ukemi: " + m.Name() + " (F1 help, O panels)"
	}
	win, err := openSurface(opt, d.handle)
	if err != nil {
		return nil, err
	}
	return &Viewer{desk: d, win: win}, nil
}

// begin looks at the first state.
func (v *Viewer) begin() {
	w, h := v.win.size()
	v.desk.width, v.desk.height = float64(w), float64(h)
	v.desk.frame(v.desk.now().State.Q)
	v.last = time.Now()
}

// Closed reports whether the user closed the window. The loop should end then.
func (v *Viewer) Closed() bool { return v.desk.quit || v.win.closed() }

// Close closes the window.
func (v *Viewer) Close() {
	v.desk.filming = false
	v.shoot(time.Now())
	v.win.close()
}

// Frames returns how many pictures were drawn so far.
func (v *Viewer) Frames() int { return v.frames }

// Picture returns a copy of the last picture.
func (v *Viewer) Picture() *image.RGBA { return v.win.picture() }

// serve draws and simulates until the window is closed.
func (v *Viewer) serve() {
	for !v.Closed() {
		v.cycle()
	}
}

// refresh is how often pictures are drawn at most.
const refresh = time.Second / 60

// cycle handles events, lets time pass and draws, once.
func (v *Viewer) cycle() {
	wait := refresh - time.Since(v.drawn)
	if v.desk.paused && v.fine {
		wait = 100 * time.Millisecond // nothing moves: wait for the user
	}
	v.win.poll(max(wait, 0))
	now := time.Now()
	v.desk.advance(now.Sub(v.last).Seconds(), refresh)
	v.last = now
	v.paint()
}

// paint draws the moment on show. A picture that would be the same as the last one is drawn once more with
// all samples, then left alone.
func (v *Viewer) paint() {
	w, h := v.win.size()
	if w == 0 || h == 0 { // minimized
		return
	}
	d := v.desk
	if float64(w) != d.width || float64(h) != d.height {
		d.width, d.height, d.changed = float64(w), float64(h), true
	}
	if d.said != "" && time.Since(d.saidAt) > 2*time.Second {
		d.said, d.changed = "", true
	}
	still := d.still()
	if d.filming || v.film.gif != nil {
		defer func() { v.shoot(time.Now()) }()
	}
	if still && v.fine {
		return
	}
	d.draw(&v.scene)
	e := extra{bar: d.bar(), wires: d.shown("wires")}
	began := time.Now()
	v.win.draw(&v.scene, &e, still)
	d.profile.time(drawPhase, began)
	d.profile.picture()
	v.fine = still
	v.drawn = time.Now()
	v.frames++
	if d.shot {
		d.shot = false
		v.save()
	}
	if d.clip != "" {
		v.win.copy(d.clip)
		d.clip = ""
	}
}

// save writes the picture on the screen to a new file in the working folder.
func (v *Viewer) save() {
	v.shots++
	name := fmt.Sprintf("%s-%s-%d.png", v.desk.model.Name(), time.Now().Format("150405"), v.shots)
	if err := raster.WritePNG(name, v.win.picture()); err != nil {
		v.desk.say("no picture: " + err.Error())
		return
	}
	v.desk.say("saved " + name)
}

// Update shows a state of the caller's loop; every call is one step. It returns when it is time for the
// next step by the clock, so that the loop runs at the speed the user chose; most calls draw nothing. While
// the user has paused, it stays in here, drawing, until the user goes on, steps, or closes the window.
//
// What the user does with the mouse reaches the stepper of [Options] before Update returns.
func (v *Viewer) Update(s sim.State) {
	d := v.desk
	if v.Closed() {
		return
	}
	if err := d.model.CheckState(s); err != nil {
		d.failed = err
	} else {
		d.failed = nil
		d.record(s, v.reported)
	}
	v.reported = sim.Result{}
	d.restart = false // a loop that did not ask cannot start again
	if v.last.IsZero() {
		v.begin()
	}
	if d.single > 0 {
		d.single--
	}
	for {
		now := time.Now()
		d.advance(now.Sub(v.last).Seconds(), 0)
		v.last = now
		held := d.paused && d.single == 0 && !d.restart
		due := !held && (d.single > 0 || d.restart || d.clock.due(d.timestep()))
		if held || !due || time.Since(v.drawn) >= refresh {
			v.win.poll(v.rest(due, held))
			v.paint()
		}
		if due || v.Closed() {
			break
		}
	}
	d.applyPush()
}

// Restart reports, once, that the user asked to start again. A loop that can should then go back to its
// first state; time counts from zero again.
func (v *Viewer) Restart() bool {
	d := v.desk
	asked := d.restart
	d.restart = false
	if asked && d.mode == loop {
		d.tape.restart(0)
	}
	return asked
}

// Report says what the step returned whose state the next Update shows: iterations and residuals then
// appear in the text. It may be left out.
func (v *Viewer) Report(r sim.Result) { v.reported = r }

// rest returns how long to wait for events.
func (v *Viewer) rest(due, held bool) time.Duration {
	switch {
	case due:
		return 0
	case held && v.fine:
		return 100 * time.Millisecond
	}
	left := (v.desk.timestep() - v.desk.clock.owed) / v.desk.clock.speed
	return min(time.Duration(left*float64(time.Second)), refresh)
}
