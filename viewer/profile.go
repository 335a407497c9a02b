package viewer

import (
	"fmt"
	"time"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// phase is something that takes time.
type phase uint8

const (
	stepPhase  phase = iota // the step itself
	knowPhase               // energies, forces and signals of it
	scenePhase              // what the picture shows
	drawPhase               // the picture
	phases
)

func (p phase) String() string {
	return [...]string{"step", "energy, signals", "scene", "picture"}[p]
}

// profile holds running means of what phases take (s), and of iterations.
type profile struct {
	takes      [phases]float64
	iterations float64
	period     float64   // between pictures
	last       time.Time // when a picture was drawn
}

// mean moves a running mean toward a new value; the first one is taken as it is.
func mean(old *float64, new float64) {
	if *old == 0 {
		*old = new
		return
	}
	*old += 0.1 * (new - *old)
}

// time measures a phase that began at the given time.
func (p *profile) time(f phase, began time.Time) { mean(&p.takes[f], time.Since(began).Seconds()) }

// picture counts a picture.
func (p *profile) picture() {
	now := time.Now()
	if dt := now.Sub(p.last).Seconds(); dt < 1 { // else nothing had to be drawn
		mean(&p.period, dt)
	}
	p.last = now
}

func (d *desk) profileRows() []widget {
	p := &d.profile
	var rows []widget
	note := func(name, value string) {
		rows = append(rows, widget{scene.Row{Kind: scene.NoteRow, Text: name, Value: value}, nil})
	}
	for f := range phases {
		note(f.String(), duration(p.takes[f]))
	}
	note("iterations of a step", fmt.Sprintf("%.1f", p.iterations))
	rate := "–"
	if p.period > 0 {
		rate = fmt.Sprintf("%.0f", 1/p.period)
	}
	note("pictures a second", rate)
	if p.takes[stepPhase] > 0 {
		note("of real time", fmt.Sprintf("%.3g×", d.timestep()/p.takes[stepPhase]))
	}
	return rows
}

// duration writes a time.
func duration(s float64) string {
	switch {
	case s == 0:
		return "–"
	case s < 1e-3:
		return fmt.Sprintf("%.0f µs", 1e6*s)
	}
	return fmt.Sprintf("%.1f ms", 1e3*s)
}
