package viewer

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

var (
	selectColor = scene.RGB(0xFFC94D)
	pushColor   = scene.RGB(0x3BC7A0)
)

// draw fills the scene with the moment on show and everything around it.
func (d *desk) draw(sc *scene.Scene) {
	m := d.now()
	if m == nil {
		sc.Reset()
		return
	}
	defer d.profile.time(scenePhase, time.Now())
	d.figure.ShowSolids(d.shown("solids"))
	d.figure.Fill(sc, m.State.Q)
	d.model.Poses(d.poses, m.State.Q)
	d.lens.follow(d.center())
	sc.Camera = d.camera()
	sc.Light.NoShadows = !d.shown("shadows")
	inside := d.shown("inertias")
	for i := range sc.Items {
		d.tint(&sc.Items[i], inside || d.shown("ghost"))
	}
	if inside {
		d.figure.AddInertias(sc)
	}
	d.marks(sc, m)
	d.overlays(sc, m)
	d.addPlots(sc)
	if len(sc.Boards) > 0 {
		d.board.scroll = min(d.board.scroll, len(sc.Boards[0].Rows))
	}
}

// overlays adds the text over the picture, and the board, of which it returns the controls.
func (d *desk) overlays(sc *scene.Scene, m *moment) []widget {
	if d.text {
		d.panel(sc, m)
	}
	if d.help {
		sc.Panels = append(sc.Panels, scene.Panel{Corner: scene.TopRight, Title: "keys and mouse (F1)", Lines: helpLines()})
	}
	d.note(sc)
	return d.layBoard(sc)
}

// tint marks the selected body and makes bodies translucent when asked.
func (d *desk) tint(it *scene.Item, ghost bool) {
	if it.Group < 0 {
		return
	}
	c := it.Color.Or(scene.ColorOf(it.Group))
	if it.Group == d.selected {
		c = scene.Color{R: (c.R + selectColor.R) / 2, G: (c.G + selectColor.G) / 2, B: (c.B + selectColor.B) / 2, A: c.A}
		it.Color = c
	}
	if ghost {
		it.Color = c.Alpha(0.4 * c.A)
	}
}

// marks adds what is drawn in the world beside the model.
func (d *desk) marks(sc *scene.Scene, m *moment) {
	if forces, contacts := d.shown("forces"), d.shown("contacts"); forces || contacts {
		points, arrows := len(sc.Points), len(sc.Arrows)
		d.figure.AddContacts(sc, m.Contacts)
		if !contacts {
			sc.Points = sc.Points[:points]
		}
		if !forces {
			sc.Arrows = sc.Arrows[:arrows]
		}
	}
	if d.shown("com") {
		d.figure.AddCenterOfMass(sc)
	}
	if d.shown("axes") {
		d.figure.AddAxes(sc)
	}
	switch {
	case !d.shown("frames"):
	case d.selected >= 0:
		size := 0.3 * d.figure.Size()
		sc.Frames = append(sc.Frames, scene.Frame{Size: size}, scene.Frame{Pose: d.poses[d.selected], Size: size})
	default:
		d.figure.AddFrames(sc)
	}
	if d.shown("names") {
		for i, name := range d.model.Bodies() {
			sc.Labels = append(sc.Labels, scene.Label{At: d.poses[i].Pos, Text: name})
		}
	} else if d.selected >= 0 {
		at := d.poses[d.selected].Pos
		at.Z += 0.15 * d.figure.Size()
		sc.Labels = append(sc.Labels, scene.Label{At: at, Text: d.model.Bodies()[d.selected], Color: selectColor})
	}
	if d.shown("traces") {
		d.trace(sc)
	}
	if p := &d.push; p.kind == pull {
		at := d.poses[p.body].Apply(p.grip)
		r := 0.008 * d.figure.Size()
		sc.Arrows = append(sc.Arrows, scene.Arrow{From: at, Vector: r3.Sub(p.target, at), Radius: r, Color: pushColor})
		sc.Points = append(sc.Points, scene.Point{At: at, Radius: 2 * r, Color: pushColor, OnTop: true})
	} else if p.kind == twist {
		f := scene.Pose{Pos: d.poses[p.body].Pos, Rot: p.turn}
		sc.Frames = append(sc.Frames, scene.Frame{Pose: f, Size: 0.35 * d.figure.Size()})
	}
}

// traceSpan is how much of the past a trace shows (s), in at most traceKnots points.
const (
	traceSpan  = 3.0
	traceKnots = 150
)

// trace adds the recent path of the center of mass, or of the selected body. It is computed from the kept
// states every time: a path that was recorded along the way would be wrong after a step back.
func (d *desk) trace(sc *scene.Scene) {
	h := d.timestep()
	first := max(d.tape.first, d.cursor-int(traceSpan/h))
	stride := max(1, (d.cursor-first)/traceKnots)
	if d.cursor-first < 2 {
		return
	}
	var path []r3.Vec
	// Knots at multiples of the stride: else the whole path would shimmer with every step.
	for k := first - first%stride + stride; k < d.cursor; k += stride {
		path = append(path, d.tracePoint(k))
	}
	path = append(path, d.tracePoint(d.cursor))
	c := scene.RGB(0xE0443E)
	if d.selected >= 0 {
		c = selectColor
	}
	sc.Traces = append(sc.Traces, scene.Trace{Points: path, Color: c, Width: 2.5, Fade: true})
	d.model.Poses(d.poses, d.now().State.Q)
}

func (d *desk) tracePoint(k int) r3.Vec {
	d.posesAt(d.before, k)
	if b := d.selected; b >= 0 {
		in := d.model.BodyInertia(b)
		return d.before[b].Apply(in.COM)
	}
	return d.figure.CenterOfMassAt(d.before)
}

// panel adds the text in the upper left corner.
func (d *desk) panel(sc *scene.Scene, m *moment) {
	var l []string
	add := func(name, format string, a ...any) {
		l = append(l, fmt.Sprintf("%-12s", name)+fmt.Sprintf(format, a...))
	}
	add("time", "%.2f s", d.time())
	switch {
	case d.paused:
		add("speed", "paused")
	case d.clock.achieved > 0 && !d.clock.free && d.clock.achieved < 0.9*d.clock.speed:
		add("speed", "%s, reached %.2g×", &d.clock, d.clock.achieved)
	case d.clock.free:
		add("speed", "%.3g×", d.clock.achieved)
	default:
		add("speed", "%s", &d.clock)
	}
	if d.mode == replay {
		add("step", "%d of %d", d.cursor, d.tape.last)
	} else {
		add("step", "%d", d.cursor)
	}
	if m.Knows(scene.KnownEnergy) {
		add("energy", "%.4g J", m.TotalEnergy())
	}
	if m.Knows(scene.KnownContacts) {
		add("contacts", "%d of %d", d.active(m), d.model.MaxContacts())
	}
	if m.Knows(scene.KnownResult) {
		r := &m.Result
		add("iterations", "%d", r.Iterations)
		add("residual", "%.1e", math.Max(r.Residual, r.Gap))
	}
	if d.stepper != nil {
		add("κ", "%.2g", d.stepper.Options().Kappa)
	}
	d.forces(m, add)
	if off := d.off(); len(off) > 0 {
		add("without", "%s", strings.Join(off, ", "))
	}
	if d.push.kind != noPush {
		add("pushing", "%s", d.model.Bodies()[d.push.body])
	}
	sc.Panels = append(sc.Panels, scene.Panel{Corner: scene.TopLeft, Title: d.title, Lines: l})
}

// forces says what drives, joints and contacts of the selected body did; contacts have their arrows, so only where they resist turning.
func (d *desk) forces(m *moment, add func(name, format string, a ...any)) {
	if t := d.turning(m); d.selected >= 0 && t != (r3.Vec{}) {
		add("turning", "%.4g N m", r3.Norm(t))
	}
	if d.selected < 0 || !m.Knows(scene.KnownForces) {
		return
	}
	units := scene.SignalUnits(d.model)
	for i := range m.Drives {
		if in := d.model.InputInfo(i); in.Joint == d.selected {
			add("drive", "%.4g %s", m.Drives[i], units[len(units)-6*d.model.NB()-d.model.NU()+i])
		}
	}
	if d.model.Joints()[d.selected].NV == 6 {
		return // a free joint carries nothing
	}
	w := &m.Wrenches[d.selected]
	add("joint", "%.4g N, %.4g N m", r3.Norm(w.Force), r3.Norm(w.Torque))
}

// turning sums up the torques by which contacts resist the turning of the selected body.
func (d *desk) turning(m *moment) (t r3.Vec) {
	for i := range m.Contacts {
		c := &m.Contacts[i]
		if c.BodyA == d.selected {
			t = r3.Add(t, c.Torque)
		}
		if c.BodyB == d.selected {
			t = r3.Sub(t, c.Torque)
		}
	}
	return t
}

// active counts the contacts whose arrows are drawn.
func (d *desk) active(m *moment) (n int) {
	for i := range m.Contacts {
		if d.figure.Touches(&m.Contacts[i]) {
			n++
		}
	}
	return
}

// note adds what has to be said: an error, or for a while what a key did.
func (d *desk) note(sc *scene.Scene) {
	var l []string
	if d.failed != nil {
		l = wrap(d.failed.Error(), 70)
	} else if d.said != "" && time.Since(d.saidAt) < 2*time.Second {
		l = []string{d.said}
	} else if d.cursor == 0 && d.mode != loop && !d.help {
		l = []string{"F1 help, O panels"}
	}
	if l != nil {
		sc.Panels = append(sc.Panels, scene.Panel{Corner: scene.BottomLeft, Lines: l})
	}
}

// wrap breaks text into lines of at most n letters, at spaces.
func wrap(s string, n int) (lines []string) {
	r := []rune(s)
	for len(r) > n {
		cut := n
		for i := n; i > n/2; i-- {
			if r[i] == ' ' {
				cut = i
				break
			}
		}
		lines = append(lines, string(r[:cut]))
		r = r[cut:]
		if len(r) > 0 && r[0] == ' ' {
			r = r[1:]
		}
	}
	return append(lines, string(r))
}
