package viewer

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// helpLines returns what F1 shows; this file does what they say.
func helpLines() (l []string) {
	for _, k := range scene.Keys {
		if k.Where&scene.InWindow != 0 {
			l = append(l, fmt.Sprintf("%-13s", k.Keys)+k.Does)
		}
	}
	return l
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
		if !d.scrollBoard(e.y) {
			d.lens.zoom(-0.12 * e.y)
		}
	case dropEvent:
		d.load(e.path)
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
		d.toStart()
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
	case keyF11:
		d.filming = !d.filming
	case keyF12:
		d.shot = true
	case keyF5:
		d.load("")
	case 'K':
		d.keep()
	case 'J':
		d.recallNext()
	case 'V':
		d.lens.toggle()
		d.say("camera: " + d.lens.mode.String())
	case 'Z':
		d.lens.reset()
	case 'Q':
		d.quit = d.quit || m&control != 0
	default:
		d.toggle(k)
	}
}

// toggle switches parts of the picture on and off.
func (d *desk) toggle(k key) {
	switch k {
	case keyF1, 'H':
		d.help = !d.help
	case keyF2, keyTab:
		d.text = !d.text
	case keyF3, 'P':
		d.plots = !d.plots
	case 'O':
		d.board.shown = !d.board.shown
	default:
		for i := range scene.Shows {
			if key(scene.Shows[i].Key[0]) == k {
				d.shows[i] = !d.shows[i]
			}
		}
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
