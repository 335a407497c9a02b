package viewer

import (
	"fmt"
	"math"
)

// helpLines are what F1 shows; keys.go does what they say.
var helpLines = []string{
	"space        pause, go on",
	"← →          step back, forward",
	"↓ ↑          50 steps back, forward",
	"Home End     first, last step",
	"backspace    reset",
	"− +          slower, faster",
	", .          harder, softer contact (κ)",
	"drag         orbit; right: pan",
	"wheel        zoom",
	"[ ]          camera",
	"Esc          free camera, no selection",
	"double click select",
	"PgUp PgDn    select parent, next body",
	"ctrl-drag    twist; right: push",
	"C F M        contacts, forces, mass center",
	"E R L        frames, traces, names",
	"T W S        see-through, wires, shadows",
	"P            next plot",
	"K J          keep a key frame, go to one",
	"F2 Tab       text",
	"F12          save a picture",
	"ctrl-Q       quit",
}

// handle does what an event asks for.
func (d *desk) handle(e event) {
	d.changed = true
	switch e.kind {
	case keyEvent:
		if e.down {
			d.press(e.key, e.mods)
		}
	case buttonEvent:
		d.click(e)
	case moveEvent:
		d.move(e)
	case wheelEvent:
		d.lens.zoom(-0.12 * e.y)
	}
}

// far is how many steps the up and down keys move by.
const far = 50

func (d *desk) press(k key, m mods) {
	switch k {
	case keySpace:
		d.paused = !d.paused
		d.clock.forgive()
		if !d.paused {
			if d.mode == replay && d.latest() {
				d.cursor = 0 // as any player does
			}
			if d.mode == loop {
				d.cursor = d.tape.last
			}
		}
	case keyRight:
		d.forwardBy(1)
	case keyLeft:
		d.scrub(-1)
	case keyUp:
		d.forwardBy(far)
	case keyDown:
		d.scrub(-far)
	case keyHome:
		d.scrub(d.tape.first - d.cursor)
	case keyEnd:
		d.scrub(d.tape.last - d.cursor)
	case keyBackspace:
		d.letGo()
		d.restart = true
		d.reset()
		d.clock.forgive()
	case keyMinus, keyPadMinus:
		d.clock.slower()
	case keyEqual, keyPadPlus:
		d.clock.faster()
	case keyComma:
		d.soften(-1)
	case keyPeriod:
		d.soften(1)
	case keyLeftBr, keyRightBr:
		d.lens.cycle(int(k-keyLeftBr) - 1)
		d.say("camera: " + d.lens.mode.String())
	case keyEscape:
		d.selected, d.lens.mode = -1, lensFree
		d.letGo()
	case keyPageUp:
		if d.selected >= 0 {
			d.selected = d.model.Joints()[d.selected].Parent
		}
	case keyPageDown:
		d.selected = (d.selected + 1) % max(len(d.poses), 1)
	case keyF12:
		d.shot = true
	case 'K':
		d.keep()
	case 'J':
		d.recall()
	case 'Q':
		d.quit = d.quit || m&control != 0
	default:
		d.toggle(k)
	}
}

// toggle switches parts of the picture on and off.
func (d *desk) toggle(k key) {
	s := &d.show
	switch k {
	case keyF1, 'H':
		s.help = !s.help
	case keyF2, keyTab:
		s.panel = !s.panel
	case keyF3, 'P':
		s.plot = (s.plot + 1) % (len(d.plots()) + 1)
	case 'C':
		s.contacts = !s.contacts
	case 'F':
		s.forces = !s.forces
	case 'M':
		s.com = !s.com
	case 'E':
		s.frames = (s.frames + 1) % 3
	case 'R':
		s.traces = !s.traces
	case 'L':
		s.labels = !s.labels
	case 'T':
		s.ghost = !s.ghost
	case 'W':
		s.wires = !s.wires
	case 'S':
		s.shadows = !s.shadows
	}
}

// forwardBy pauses and goes forward; a live simulation simulates what is not there yet.
func (d *desk) forwardBy(n int) {
	d.paused = true
	for ; n > 0; n-- {
		if d.latest() {
			if d.mode == loop {
				d.single += n
			}
			if d.mode != live || !d.onward() {
				return
			}
			continue
		}
		d.seek(1)
	}
}

// scrub pauses and moves within what is kept.
func (d *desk) scrub(by int) {
	d.paused = true
	d.seek(by)
}

// softest and hardest bound κ: beyond them pictures show nothing new.
const hardest, softest = 1e-9, 1e-1

// soften multiplies κ by √10 or divides it.
func (d *desk) soften(by float64) {
	if d.stepper == nil || d.mode == replay {
		d.say("κ belongs to whoever steps; here it cannot be changed")
		return
	}
	// Half decades exactly: many presses up and down must return to the same number.
	halves := math.Round(2*math.Log10(d.stepper.Options().Kappa)) + by
	kappa := clamp(math.Pow(10, halves/2), hardest, softest)
	d.stepper.SetKappa(kappa)
	d.say(fmt.Sprintf("κ = %.2g", kappa))
}
