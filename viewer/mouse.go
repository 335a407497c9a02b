package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Two presses of the left button this close in time and place are a double click.
const doubleTime, doubleRange = 0.4, 6.0

func (d *desk) click(e event) {
	d.x, d.y = e.x, e.y
	if !e.down {
		d.letGo()
		return
	}
	switch {
	case d.pressBoard(e):
	case d.overBar(e.y):
		d.drag = barDrag
		d.seekBar(e.x)
	case e.mods&control != 0 && e.button != middleButton:
		d.grab(e)
	case e.button == middleButton:
		d.drag = zoomDrag
	case e.button == rightButton || e.mods&shift != 0:
		d.drag = panDrag
	default:
		d.drag = orbitDrag
		p := d.lastPress
		if p.down && e.at-p.at < doubleTime && math.Hypot(e.x-p.x, e.y-p.y) < doubleRange {
			d.selected, _ = d.pick(e.x, e.y)
			d.lastPress = event{} // a third press is not another one
			return
		}
		d.lastPress = e
	}
}

// grab takes hold of the selected body, or of what is under the pointer when nothing is selected or the
// pointer is on another body.
func (d *desk) grab(e event) {
	if d.stepper == nil || d.mode == replay {
		d.say("a recording cannot be pushed")
		if d.mode == loop {
			d.say("pushing needs Options.Stepper")
		}
		return
	}
	d.posesAt(d.poses, d.cursor)
	body, at := d.pick(e.x, e.y)
	if body < 0 {
		body = d.selected
		if body < 0 {
			return
		}
		in := d.model.BodyInertia(body)
		at = d.poses[body].Apply(in.COM)
	}
	d.letGo()
	d.selected, d.drag = body, pushDrag
	kind := twist
	if e.button == rightButton || e.mods&shift != 0 {
		kind = pull
	}
	d.push.begin(kind, d.model, body, d.poses, at)
}

// letGo ends a drag and takes the push off the stepper.
func (d *desk) letGo() {
	d.drag = noDrag
	if d.push.kind != noPush {
		d.stepper.SetWrench(d.push.body, zeroWrench)
		d.push = push{}
	}
}

func (d *desk) move(e event) {
	dx, dy := e.x-d.x, e.y-d.y
	d.x, d.y = e.x, e.y
	switch d.drag {
	case orbitDrag:
		d.lens.orbit(dx, dy, d.height)
	case panDrag:
		d.lens.pan(dx, dy, d.height)
	case zoomDrag:
		d.lens.zoom(3 * dy / d.height)
	case pushDrag:
		c := d.camera()
		v := c.View()
		d.push.drag(dx, dy, d.height, &v)
	case barDrag:
		d.seekBar(e.x)
	case boardDrag:
		d.dragBoard(e.x)
	}
}

// camera returns the camera of the next picture.
func (d *desk) camera() scene.Camera {
	if len(d.poses) == 0 || d.tape.empty() {
		return d.lens.camera(scene.Pose{})
	}
	d.posesAt(d.poses, d.cursor)
	return d.lens.camera(d.poses[0])
}

// overBar reports whether the pointer is on the time bar at the lower edge.
func (d *desk) overBar(y float64) bool {
	return y > d.height-barHeight(d.height) && d.tape.last > d.tape.first
}

func barHeight(height float64) float64 { return max(8, height/60) }

func (d *desk) seekBar(x float64) {
	f := clamp(x/d.width, 0, 1)
	k := d.tape.first + int(math.Round(f*float64(d.tape.last-d.tape.first)))
	d.scrub(k - d.cursor)
}
