package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// chart is something to plot about every moment.
type chart struct {
	title string
	names []string
	value func(i int, m *moment) float64 // of curve i; NaN where unknown
}

// plots returns the built-in charts, then the user's.
func (d *desk) plots() []chart {
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

func energyChart() chart {
	return chart{"energy [J]", []string{"kinetic", "total"}, func(i int, m *moment) float64 {
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
	p := scene.Plot{Corner: scene.BottomRight, Title: c.title, Samples: plotSteps}
	for i, name := range c.names {
		s := scene.Series{Name: name}
		for k := first; k <= d.cursor; k++ {
			s.Values = append(s.Values, c.value(i, d.tape.at(k)))
		}
		p.Series = append(p.Series, s)
	}
	return p
}
