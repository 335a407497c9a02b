package models

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Dzhanibekov's nut is one of Dojo's mechanisms [Howell et al. 2022]; sizes are ours: a handle across a rod, spun about the axis of its
// middle moment of inertia, turns over again and again (Euler's equations; seen in orbit by V. Dzhanibekov, 1985). It floats: there is no
// gravity here, whatever the options say.
var dzhanibekov = family{
	name:    "dzhanibekov",
	source:  "Howell et al. 2022 (Dojo); sizes of ours",
	summary: "a T-shaped handle spinning in space about its middle axis, which turns over every few seconds",
	builder: func(o Options, _ int) *sim.Builder {
		bar, stem := r3.Vec{X: 0.02, Y: 0.1, Z: 0.02}, r3.Vec{X: 0.05, Y: 0.02, Z: 0.02}
		out := at(0.07, 0, 0)
		in := sim.BoxInertia(0.4, bar).Plus(sim.BoxInertia(0.1, stem).Placed(out))
		in.COM, out.Pos.X = r3.Vec{}, out.Pos.X-in.COM.X // the frame is where the mass is
		b := o.assembled("dzhanibekov", 0.5, []part{{
			name: "handle", joint: "floating_base", typ: sim.Free(), inertia: in,
			shapes: []solid{{contact.Box(bar), at(out.Pos.X-0.07, 0, 0)}, {contact.Box(stem), out}},
		}})
		b.SetGravity(r3.Vec{})
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		s.Q[2] = 0.5
		copy(s.V[3:], []float64{6, 0.01, 0}) // about x, nearly
		return s
	},
}
