package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// panel is one diagram of a picture.
type panel struct {
	title, unit string
	curves      []*series
	alone       bool // one curve, which the title names
	risen       bool // curves that stay at zero are not drawn
	log         bool
	level       float64 // a dashed line for comparison, when levelName is not empty
	levelName   string
	take        func(m *scene.Moment)
	takeRow     func(t float64, row []float64) // of signals, where it shows some
}

// picture records a run and draws it as a page of diagrams.
type picture struct {
	d       *draft.File
	title   string
	steps   int
	m       *sim.Model
	panels  []*panel
	columns int    // of panels
	across  string // what is to the right; the time when empty
	from    float64
	end     float64   // s
	row     []float64 // of signals at hand; nil when none were asked for
	pairs   []sim.PairInfo
	names   []string // of the row, and their units
	units   []string
}

// pictureKinds are the endings of files that it can draw.
var pictureKinds = []string{".png", ".svg", ".pdf"}

func newPicture(d *draft.File, w *world, steps int, want choice) (*picture, error) {
	p := &picture{d: d, steps: steps, m: w.model, columns: 2}
	p.title = fmt.Sprintf("%s   %.4g kg, %d degrees of freedom, h = %g ms", w.model.Name(), w.model.TotalMass(), w.model.NV(), 1e3*w.model.Timestep())
	if want.text != "" {
		return p, p.choose(want)
	}
	p.base()
	p.joints()
	p.energy()
	if len(w.model.Pairs()) > 0 {
		p.forces()
		p.gap()
	} else {
		p.drift()
	}
	p.iterations()
	return p, nil
}

// choose shows the signals that were asked for: those of a pattern together where few, as small multiples where many.
func (p *picture) choose(want choice) error {
	p.names, p.units = columnNames(p.m), columnUnits(p.m)
	p.pairs, p.row = p.m.Pairs(), []float64{}
	return p.group(want)
}

// group adds panels of the signals that were asked for.
func (p *picture) group(want choice) error {
	const together = 7 // as many as there are colors
	for _, pattern := range strings.Split(want.text, ",") {
		keep, err := choice{want.flag, pattern}.of(p.names)
		if err != nil {
			return err
		}
		var at []int
		for i, k := range keep {
			if k {
				at = append(at, i)
			}
		}
		if len(at) <= together {
			p.signals(strings.TrimSpace(pattern), at)
			continue
		}
		p.columns = 3
		for _, i := range at {
			p.signals(p.names[i], []int{i})
		}
	}
	return nil
}

// signals adds a panel of columns.
func (p *picture) signals(title string, at []int) {
	n := &panel{title: title}
	if len(at) == 1 {
		n.title = p.names[at[0]]
	}
	var seen []string
	for _, i := range at {
		n.curves = append(n.curves, p.curve(p.names[i], nil))
		if u := p.units[i]; u != "" && !slices.Contains(seen, u) {
			seen = append(seen, u)
		}
	}
	n.unit, n.alone = strings.Join(seen, ", "), len(at) == 1
	n.takeRow = func(t float64, row []float64) {
		for k, i := range at {
			if y := row[i]; y-y == 0 { // else not known
				n.curves[k].add(t, y)
			}
		}
	}
	n.take = func(m *scene.Moment) { n.takeRow(m.Time, p.row) }
	p.add(n)
}

func (p *picture) curve(name string, keep func(a, b float64) float64) *series {
	return newSeries(name, p.steps, keep)
}

func (p *picture) add(n *panel) { p.panels = append(p.panels, n) }

func (p *picture) take(m *scene.Moment) error {
	p.end = m.Time
	if p.row != nil {
		p.row = appendPairs(scene.AppendSignals(p.row[:0], p.m, m), p.pairs, m)
	}
	for _, n := range p.panels {
		n.take(m)
	}
	return nil
}

// base shows where the first floating base goes.
func (p *picture) base() {
	for i, j := range p.m.Joints() {
		if j.Parent >= 0 || len(j.Type.Trans) < 2 {
			continue
		}
		poses := make([]sim.Pose, len(p.m.Bodies()))
		x, y, z := p.curve("x", nil), p.curve("y", nil), p.curve("z", nil)
		p.add(&panel{title: "Position of " + p.m.Bodies()[i], unit: "m", curves: []*series{x, y, z}, take: func(m *scene.Moment) {
			p.m.Poses(poses, m.State.Q)
			at := poses[i].Pos
			x.add(m.Time, at.X)
			y.add(m.Time, at.Y)
			z.add(m.Time, at.Z)
		}})
		return
	}
}

// joints shows the coordinates of hinges and sliders; for a lone body, its velocity.
func (p *picture) joints() {
	var at []int
	n := &panel{title: "Joint coordinates", unit: "rad"}
	slides := 0
	for _, j := range p.m.Joints() {
		if j.NQ > j.NV || len(j.Type.Trans) > 1 {
			continue // floating bases have their own panel
		}
		for k := range j.NQ {
			name := strings.TrimSuffix(j.Name, "_joint")
			if j.NQ > 1 {
				name = fmt.Sprintf("%s[%d]", name, k)
			}
			if k < len(j.Type.Trans) {
				slides++
			}
			at = append(at, j.Q+k)
			n.curves = append(n.curves, p.curve(name, nil))
		}
	}
	switch slides {
	case 0:
	case len(at):
		n.unit = "m"
	default:
		n.unit = "rad, m"
	}
	if len(at) == 0 {
		p.velocities()
		return
	}
	n.take = func(m *scene.Moment) {
		for k, i := range at {
			n.curves[k].add(m.Time, m.State.Q[i])
		}
	}
	p.add(n)
}

func (p *picture) velocities() {
	n := &panel{title: "Velocities", unit: "m/s, rad/s"}
	for _, name := range scene.VelocityNames(p.m) {
		n.curves = append(n.curves, p.curve(name[strings.LastIndexByte(name, '.')+1:], nil))
	}
	n.take = func(m *scene.Moment) {
		for i, c := range n.curves {
			c.add(m.Time, m.State.V[i])
		}
	}
	if n.curves != nil {
		p.add(n)
	}
}

func (p *picture) energy() {
	k, u, e := p.curve("kinetic", nil), p.curve("potential", nil), p.curve("total", nil)
	p.add(&panel{title: "Energy", unit: "J", curves: []*series{k, u, e}, take: func(m *scene.Moment) {
		k.add(m.Time, m.Energy.Kinetic)
		u.add(m.Time, m.Energy.Gravity+m.Energy.Spring)
		e.add(m.Time, m.TotalEnergy())
	}})
}

// drift shows what the total energy of a model without contacts does.
func (p *picture) drift() {
	c := p.curve("total − first", nil)
	first := math.NaN()
	p.add(&panel{title: "Change of total energy", unit: "J", curves: []*series{c}, take: func(m *scene.Moment) {
		if !m.Knows(scene.KnownResult) {
			first = m.TotalEnergy()
		}
		c.add(m.Time, m.TotalEnergy()-first)
	}})
}

// forces shows normal forces, summed over the contacts of each collision shape.
func (p *picture) forces() {
	n := &panel{title: "Normal forces", unit: "N", risen: true, levelName: "weight", level: p.m.TotalMass() * r3.Norm(p.m.Gravity())}
	names := p.m.Colliders()
	of := map[int]int{} // the curve of each collider
	for _, pair := range p.m.Pairs() {
		for _, c := range []int{pair.A, pair.B} {
			if _, seen := of[c]; !seen && c >= 0 {
				of[c] = len(n.curves)
				n.curves = append(n.curves, p.curve(names[c], math.Max))
			}
		}
	}
	sum := make([]float64, len(n.curves))
	n.take = func(m *scene.Moment) {
		if !m.Knows(scene.KnownResult) {
			return
		}
		clear(sum)
		for i := range m.Contacts {
			c := &m.Contacts[i]
			for _, collider := range [...]int{c.ID.A, c.ID.B} {
				if k, ok := of[collider]; ok { // a half-space has none
					sum[k] += r3.Dot(c.Force, c.Normal)
				}
			}
		}
		for k, f := range sum {
			n.curves[k].add(m.Time, f)
		}
	}
	p.add(n)
}

// gap shows how close the closest contact comes. At κ > 0 a hard contact never quite touches.
func (p *picture) gap() {
	const floor = 1e-12 // m; a logarithm needs one
	c := p.curve("closest contact", math.Min)
	p.add(&panel{title: "Smallest gap", unit: "m", curves: []*series{c}, log: true, take: func(m *scene.Moment) {
		if !m.Knows(scene.KnownResult) {
			return
		}
		g := math.Inf(1)
		for i := range m.Contacts {
			g = math.Min(g, m.Contacts[i].Gap)
		}
		c.add(m.Time, math.Max(g, floor))
	}})
}

func (p *picture) iterations() {
	c := p.curve("per step", math.Max)
	p.add(&panel{title: "Iterations of the solver", curves: []*series{c}, take: func(m *scene.Moment) {
		if m.Knows(scene.KnownResult) {
			c.add(m.Time, float64(m.Result.Iterations))
		}
	}})
}

func (p *picture) close() error {
	if err := p.d.Keep(p.draw()); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	return nil
}
