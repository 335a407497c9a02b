package viewer

import (
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// chart is something to plot about every moment.
type chart struct {
	title string // it is chosen by
	names []string
	value func(i int, m *moment) float64 // of curve i; NaN where unknown
}

// allCharts returns the built-in charts, then the user's.
func (d *desk) allCharts() []chart {
	all := []chart{energyChart()}
	if len(d.model.Pairs()) > 0 && d.stepper != nil {
		all = append(all, d.forceChart())
	}
	if d.stepper != nil {
		all = append(all, iterationChart())
	}
	if c := d.jointChart(); len(c.names) > 0 {
		all = append(all, c)
	}
	at := 0
	for i := range d.signals {
		s, from := &d.signals[i], at
		all = append(all, chart{s.Title, s.Names, func(i int, m *moment) float64 {
			if from+i >= len(m.values) {
				return math.NaN()
			}
			return m.values[from+i]
		}})
		at += len(s.Names)
	}
	return all
}

const energyTitle = "energy [J]"

func energyChart() chart {
	return chart{energyTitle, []string{"kinetic", "total"}, func(i int, m *moment) float64 {
		switch {
		case !m.Knows(scene.KnownEnergy):
			return math.NaN()
		case i == 0:
			return m.Energy.Kinetic
		}
		return m.TotalEnergy()
	}}
}

func (d *desk) forceChart() chart {
	return chart{"contact force [N]", []string{"all", "largest"}, func(i int, m *moment) float64 {
		if !m.Knows(scene.KnownContacts) {
			return math.NaN()
		}
		var sum r3.Vec
		most := 0.0
		for k := range m.Contacts {
			sum = r3.Add(sum, m.Contacts[k].Force)
			most = math.Max(most, r3.Norm(m.Contacts[k].Force))
		}
		if i == 0 {
			return r3.Norm(sum)
		}
		return most
	}}
}

func iterationChart() chart {
	return chart{"solver", []string{"iterations"}, func(_ int, m *moment) float64 {
		if !m.Knows(scene.KnownResult) { // a step at rest may need no iteration
			return math.NaN()
		}
		return float64(m.Result.Iterations)
	}}
}

// curves bounds how many joints one chart shows; more could not be told apart.
const curves = 4

// jointChart shows the positions of the selected body's joint, or of the first joints with one axis.
func (d *desk) jointChart() chart {
	var names []string
	var at []int
	for i, j := range d.model.Joints() {
		if (d.selected < 0 || d.selected == i) && j.NQ == 1 && len(at) < curves {
			names, at = append(names, j.Name), append(at, j.Q)
		}
	}
	if d.selected >= 0 && len(at) == 0 {
		if j := d.model.Joints()[d.selected]; len(j.Type.Trans) == 3 {
			return chart{"position of " + j.Name + " [m]", []string{"x", "y", "z"}, func(i int, m *moment) float64 { return m.State.Q[j.Q+i] }}
		}
	}
	return chart{"joint position [rad or m]", names, func(i int, m *moment) float64 { return m.State.Q[at[i]] }}
}

// plotSteps is the width of a chart in steps.
const plotSteps = 300

// plot draws a chart of the moments up to the one on show.
func (d *desk) plot(c chart) scene.Plot {
	first := max(d.tape.first, d.cursor-plotSteps+1)
	h := d.timestep()
	p := scene.Plot{Corner: scene.BottomRight, Title: c.title, Samples: plotSteps, From: float64(first) * h, To: float64(first+plotSteps-1) * h}
	for i, name := range c.names {
		s := scene.Series{Name: name}
		for k := first; k <= d.cursor; k++ {
			s.Values = append(s.Values, c.value(i, d.tape.at(k)))
		}
		p.Series = append(p.Series, s)
	}
	return p
}

// Charts bound how many there is room for, and curves that can be told apart in one.
const mostCharts, mostCurves = 4, 6

// addPlots draws the charts that are chosen, the first ones where they are too many, lower the more they are.
func (d *desk) addPlots(sc *scene.Scene) {
	if !d.plots || d.help {
		return
	}
	for _, c := range d.allCharts() {
		if d.charts[c.title] {
			sc.Plots = append(sc.Plots, d.plot(c))
		}
	}
	for _, c := range d.pickedCharts() {
		sc.Plots = append(sc.Plots, d.plot(c))
	}
	sc.Plots = sc.Plots[:min(len(sc.Plots), mostCharts)]
	for i := range sc.Plots {
		sc.Plots[i].Height = min(0.2, 0.9/float64(len(sc.Plots))-0.12)
	}
}

// pickedCharts draw the signals that are picked, those of one group and unit together.
func (d *desk) pickedCharts() (l []chart) {
	if !slices.Contains(d.picked, true) {
		return nil
	}
	names, units := scene.SignalNames(d.model), scene.SignalUnits(d.model)
	for _, g := range scene.SignalGroups(d.model) {
		by := map[string][]int{} // signals by unit
		for i := g.First; i < g.First+g.N; i++ {
			if d.picked[i] {
				by[units[i]] = append(by[units[i]], i)
			}
		}
		for _, unit := range slices.Sorted(maps.Keys(by)) {
			for at := range slices.Chunk(by[unit], mostCurves) {
				c := chart{title: g.Name, value: func(i int, m *moment) float64 { return scene.SignalAt(d.model, &m.Moment, at[i]) }}
				if unit != "" {
					c.title += " [" + unit + "]"
				}
				for _, i := range at {
					c.names = append(c.names, names[i])
				}
				l = append(l, c)
			}
		}
	}
	return l
}

// signalRows offer charts, and all signals by what they are.
func (d *desk) signalRows() (rows []widget) {
	for _, c := range d.allCharts() {
		rows = append(rows, widget{
			scene.Row{Kind: scene.TickRow, Text: c.title, On: d.charts[c.title]},
			func(int, float64) { d.charts[c.title] = !d.charts[c.title] },
		})
	}
	names := scene.SignalNames(d.model)
	for _, g := range scene.SignalGroups(d.model) {
		if g.N == 0 {
			continue
		}
		n := 0
		for i := g.First; i < g.First+g.N; i++ {
			if d.picked[i] {
				n++
			}
		}
		r := scene.Row{Kind: scene.FoldRow, Text: g.Name, On: d.board.groups[g.Name], Depth: 1}
		if n > 0 {
			r.Value = strconv.Itoa(n)
		}
		rows = append(rows, widget{r, func(int, float64) { d.board.groups[g.Name] = !d.board.groups[g.Name] }})
		for i := g.First; i < g.First+g.N && r.On; i++ {
			rows = append(rows, widget{
				scene.Row{Kind: scene.TickRow, Text: names[i], On: d.picked[i], Depth: 2},
				func(int, float64) { d.picked[i] = !d.picked[i] },
			})
		}
	}
	return rows
}
