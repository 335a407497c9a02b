package viewer

import (
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/viewer/internal/knobs"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// widget is a row of the board, with what the pointer does to it: part says where it was pressed, at how far along, from 0 to 1.
type widget struct {
	row scene.Row
	do  func(part int, at float64)
}

// section is a part of the board that opens and closes.
type section uint8

const (
	setupSection section = iota
	showSection
	jointSection
	inputSection
	signalSection
	bodySection
	keySection
	profileSection
	sections
)

func (s section) String() string {
	return [...]string{"simulation", "show", "joints", "inputs", "signals", "bodies", "key frames", "profiler"}[s]
}

// boardWidth is that of the board in letters.
const boardWidth = 31

// board is what the user has made of the controls.
type board struct {
	shown  bool
	open   [sections]bool
	groups map[string]bool // of signals that are open
	scroll int
	held   scene.Spot // under the pressed button
	over   scene.Overlay
	now    scene.Scene // what over was laid out for
}

// controls returns the rows of the board.
func (d *desk) controls() []widget {
	var all []widget
	for s := range sections {
		if !d.has(s) {
			continue
		}
		fold := scene.Row{Kind: scene.FoldRow, Text: s.String(), On: d.board.open[s]}
		all = append(all, widget{fold, func(int, float64) { d.board.open[s] = !d.board.open[s] }})
		if d.board.open[s] {
			all = append(all, d.section(s)...)
		}
	}
	return all
}

// has reports whether there is something in a section.
func (d *desk) has(s section) bool {
	slider := func(input bool) bool {
		return slices.ContainsFunc(d.sliders, func(s scene.Slider) bool { return s.Input == input })
	}
	switch s {
	case jointSection:
		return slider(false)
	case inputSection:
		return slider(true)
	case bodySection:
		return d.model.NB() > 0
	}
	return true
}

func (d *desk) section(s section) []widget {
	switch s {
	case setupSection:
		return d.setupRows()
	case showSection:
		return d.showRows()
	case jointSection:
		return d.sliderRows(false)
	case inputSection:
		return d.sliderRows(true)
	case signalSection:
		return d.signalRows()
	case bodySection:
		return d.bodyRows()
	case keySection:
		return d.keyRows()
	default:
		return d.profileRows()
	}
}

// mayChange reports whether the model at hand may be changed: it is simulated here.
func (d *desk) mayChange() bool { return d.mode == live }

func (d *desk) setupRows() []widget {
	var rows []widget
	if d.mayChange() {
		for _, name := range knobs.Switches {
			on := !d.settings.Off[name]
			rows = append(rows, widget{
				scene.Row{Kind: scene.TickRow, Text: name, On: on},
				func(int, float64) { d.turn(name, !on) },
			})
		}
		const low, high = -9, -1
		k := d.stepper.Options().Kappa
		rows = append(rows, widget{
			scene.Row{Kind: scene.SlideRow, Text: "κ", At: (math.Log10(k) - low) / (high - low), Value: fmt.Sprintf("%.1e", k), On: true},
			func(_ int, at float64) { d.stepper.SetKappa(math.Pow(10, low+math.Round(20*at*(high-low))/20)) },
		})
	}
	if !d.clock.free {
		span := math.Log2(maxSpeed / minSpeed)
		rows = append(rows, widget{
			scene.Row{Kind: scene.SlideRow, Text: "speed", At: math.Log2(d.clock.speed/minSpeed) / span, Value: d.clock.String(), On: true},
			func(_ int, at float64) { d.clock.speed = minSpeed * math.Exp2(math.Round(at*span)) },
		})
	}
	again := ""
	if d.opener != nil && d.mayChange() {
		again = "load again"
	}
	rows = append(rows, widget{scene.Row{Kind: scene.PressRow, Text: "to the start", Value: again}, func(part int, _ float64) {
		if part == 1 {
			d.load("")
			return
		}
		d.toStart()
	}})
	film := scene.Row{Kind: scene.PressRow, Text: "record a video", On: d.filming}
	if d.filming {
		film.Text = "end the video"
	}
	rows = append(rows, widget{film, func(int, float64) { d.filming = !d.filming }})
	if again != "" {
		rows = append(rows, widget{scene.Row{Kind: scene.NoteRow, Text: "drop a URDF or MJCF file"}, nil})
	}
	return rows
}

func (d *desk) showRows() (rows []widget) {
	for i := range scene.Shows {
		s := &scene.Shows[i]
		rows = append(rows, widget{
			scene.Row{Kind: scene.TickRow, Text: s.Text, Value: s.Key, On: d.shows[i]},
			func(int, float64) { d.shows[i] = !d.shows[i] },
		})
	}
	return rows
}

// sliderRows are the sliders of joints, or of inputs.
func (d *desk) sliderRows(input bool) (rows []widget) {
	m := d.now()
	for i := range d.sliders {
		s := &d.sliders[i]
		if s.Input != input {
			continue
		}
		x, own := math.NaN(), false
		switch {
		case !input:
			x, own = m.State.Q[s.Index], d.mayChange()
		case d.mayChange():
			if x, own = d.u[s.Index], true; d.own[s.Index] != d.own[s.Index] {
				own = false
			}
		case len(m.Input) == len(d.u):
			x = m.Input[s.Index]
		}
		r := scene.Row{Kind: scene.SlideRow, Text: s.Name, At: (x - s.Low) / (s.High - s.Low), On: own, Value: short(x)}
		rows = append(rows, widget{r, func(part int, at float64) { d.slide(s, part, at) }})
	}
	return rows
}

// short writes a number in at most seven letters.
func short(x float64) string {
	switch a := math.Abs(x); {
	case x != x:
		return "–"
	case a >= 1e5 || a > 1e-9 && a < 1e-3:
		return fmt.Sprintf("%.0e", x)
	case a >= 100:
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3f", x)
}

func (d *desk) bodyRows() (rows []widget) {
	depth := make([]int, d.model.NB())
	joints := d.model.Joints()
	for i, name := range d.model.Bodies() {
		if p := joints[i].Parent; p >= 0 {
			depth[i] = depth[p] + 1
		}
		r := scene.Row{Kind: scene.TickRow, Text: name, On: !d.figure.Hidden(i), Depth: min(depth[i], 8)}
		if i == d.selected {
			r.At = 1
		}
		rows = append(rows, widget{r, func(part int, _ float64) {
			switch {
			case part == 0:
				d.figure.Hide(i, !d.figure.Hidden(i))
			case d.selected == i:
				d.selected = -1
			default:
				d.selected = i
			}
		}})
	}
	return rows
}

func (d *desk) keyRows() []widget {
	rows := []widget{{scene.Row{Kind: scene.PressRow, Text: "keep this state (K)"}, func(int, float64) { d.keep() }}}
	for i := range d.kept {
		r := scene.Row{Kind: scene.PressRow, Text: fmt.Sprintf("%d: %.3f s", i+1, d.kept[i].time), Value: "copy", On: i == d.recalled}
		rows = append(rows, widget{r, func(part int, _ float64) {
			if part == 1 {
				d.clip = d.kept[i].text()
				d.say(fmt.Sprintf("copied q and v of key frame %d", i+1))
				return
			}
			d.recall(i)
		}})
	}
	return rows
}

// layBoard adds the board to a scene.
func (d *desk) layBoard(sc *scene.Scene) []widget {
	if !d.board.shown {
		return nil
	}
	all := d.controls()
	b := scene.Board{Corner: scene.TopLeft, Width: boardWidth, Scroll: d.board.scroll, Rows: make([]scene.Row, len(all))}
	for i := range all {
		b.Rows[i] = all[i].row
	}
	sc.Boards = append(sc.Boards, b)
	return all
}

// spot returns what part of the board is at a pixel, and the controls as they are. It lays out anew what is over the picture: between two
// pictures much may have happened.
func (d *desk) spot(x, y float64) (scene.Spot, []widget, bool) {
	b := &d.board
	if !b.shown || d.tape.empty() {
		return scene.Spot{}, nil, false
	}
	b.now.Reset()
	all := d.overlays(&b.now, d.now())
	v := b.now.Camera.View()
	b.over.Arrange(&b.now, &v, int(d.width), int(d.height), d.foot())
	b.scroll = b.now.Boards[0].Scroll
	s, ok := b.over.At(x, y)
	return s, all, ok
}

// pressBoard answers to a press of a button on the board; it reports whether it was there.
func (d *desk) pressBoard(e event) bool {
	s, all, ok := d.spot(e.x, e.y)
	if !ok {
		return false
	}
	d.letGo()
	d.drag = boardDrag
	d.board.held = scene.Spot{Row: -1}
	if e.button == leftButton && s.Row >= 0 && all[s.Row].do != nil {
		d.board.held = s
		all[s.Row].do(s.Part, s.Share(e.x))
	}
	return true
}

// dragBoard moves the slider that is held.
func (d *desk) dragBoard(x float64) {
	s := &d.board.held
	if s.Row < 0 || s.Part != 0 {
		return
	}
	all := d.controls()
	if s.Row < len(all) && all[s.Row].row.Kind == scene.SlideRow {
		all[s.Row].do(0, s.Share(x))
	}
}

// scrollBoard turns the wheel over the board; it reports whether it was there.
func (d *desk) scrollBoard(turns float64) bool {
	if _, _, ok := d.spot(d.x, d.y); !ok {
		return false
	}
	d.board.scroll = max(0, d.board.scroll-int(math.Round(3*turns)))
	return true
}
