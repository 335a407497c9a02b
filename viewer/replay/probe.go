package replay

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// Signal is a number that a page shows over time.
type Signal struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
	Plot string `json:"plot,omitempty"` // title of the plot it is drawn in
	Text bool   `json:"text,omitempty"` // whether it is shown as text
	Body *int   `json:"body,omitempty"` // it is of this body: shown as text when that is selected, and its plot when it is chosen
}

// signals of every page, in the order in which Probe.Row fills them. Those of signalsOf follow.
var signals = []Signal{
	{Name: "center", Unit: "m", Plot: "height"},
	{Name: "kinetic", Unit: "J", Plot: "energy"},
	{Name: "potential", Unit: "J", Plot: "energy"},
	{Name: "total", Unit: "J", Plot: "energy"},
	{Name: "normal", Unit: "N", Plot: "contact force"},
	{Name: "friction", Unit: "N", Plot: "contact force"},
	{Name: "energy", Unit: "J", Text: true},
	{Name: "iterations", Text: true},
	{Name: "κ", Text: true},
	{Name: "residual", Text: true},
}

// signalsOf returns the signals of a model: those of all models, then the force of every drive, and force and torque of every joint.
func signalsOf(m *sim.Model) []Signal {
	l := slices.Clone(signals)
	add := func(name, unit string, body int) {
		l = append(l, Signal{Name: name, Unit: unit, Plot: name, Body: &body})
	}
	joints := m.Joints()
	for i, name := range m.Inputs() {
		in, unit := m.InputInfo(i), "N m"
		switch {
		case in.Thruster >= 0:
			add("tau."+name, in.Unit, m.Thrusters()[in.Thruster].Body)
			continue
		case in.Axis < len(joints[in.Joint].Type.Trans):
			unit = "N"
		}
		add("tau."+name, unit, joints[in.Joint].Child)
	}
	for _, j := range joints {
		add("force."+j.Name, "N", j.Child)
		add("torque."+j.Name, "N m", j.Child)
	}
	return l
}

// Probe turns moments of a model into rows of numbers, as pages understand them: per body position and
// quaternion (w, x, y, z), then the signals; and behind these, as many as there are, the numbers of every contact that
// is worth an arrow. It belongs to one goroutine.
type Probe struct {
	figure *scene.Figure
	poses  []sim.Pose
	most   int // signals
}

// NewProbe returns a probe of the figure's model.
func NewProbe(f *scene.Figure) *Probe {
	return &Probe{figure: f, poses: make([]sim.Pose, f.Model().NB()), most: len(signalsOf(f.Model()))}
}

// Columns returns the length of a row, without contacts.
func (p *Probe) Columns() int { return 7*len(p.poses) + p.most }

// shown reports whether a page keeps a contact: pages draw those with more than a thousandth of the weight.
func (p *Probe) shown(c *sim.Contact) bool { return spatial.Norm(c.Force) > 1e-4*p.figure.Weight() }

// touching are the numbers by which a page knows a contact: point, force on A, and 1 where the other side is a body
// too, which feels the opposite.
type touching [7]float64

func numbers(c *sim.Contact) touching {
	t := touching{c.Point.X, c.Point.Y, c.Point.Z, c.Force.X, c.Force.Y, c.Force.Z}
	if c.BodyB >= 0 {
		t[6] = 1
	}
	return t
}

// Contacts appends the contacts of a moment to dst, seven numbers each: point, force on A, and 1 where the other side is a body too.
func (p *Probe) Contacts(dst []float64, m *scene.Moment) []float64 {
	for i := range m.Contacts {
		if c := &m.Contacts[i]; p.shown(c) {
			t := numbers(c)
			dst = append(dst, t[:]...)
		}
	}
	return dst
}

// Row appends the row of a moment to dst, without contacts.
func (p *Probe) Row(dst []float64, m *scene.Moment) []float64 {
	model := p.figure.Model()
	model.Poses(p.poses, m.State.Q)
	for i := range p.poses {
		x, q := p.poses[i].Pos, p.poses[i].Rot
		dst = append(dst, x.X, x.Y, x.Z, q.Real, q.Imag, q.Jmag, q.Kmag)
	}
	normal, friction := 0.0, 0.0
	for i := range m.Contacts {
		c := &m.Contacts[i]
		f := spatial.Dot(c.Normal, c.Force)
		side := spatial.AddScaled(c.Force, -f, c.Normal)
		normal += f
		friction += math.Sqrt(spatial.Dot(side, side))
	}
	if !m.Knows(scene.KnownContacts) {
		normal, friction = math.NaN(), math.NaN()
	}
	return p.forces(append(dst, p.signals(m, normal, friction)...), m)
}

// forces appends those of drives and joints.
func (p *Probe) forces(dst []float64, m *scene.Moment) []float64 {
	if !m.Knows(scene.KnownForces) {
		for range p.most - len(signals) {
			dst = append(dst, math.NaN())
		}
		return dst
	}
	dst = append(dst, m.Drives...)
	for i := range m.Wrenches {
		dst = append(dst, spatial.Norm(m.Wrenches[i].Force), spatial.Norm(m.Wrenches[i].Torque))
	}
	return dst
}

func (p *Probe) signals(m *scene.Moment, normal, friction float64) []float64 {
	nan := math.NaN()
	kinetic, potential, total := nan, nan, nan
	if m.Knows(scene.KnownEnergy) {
		e := &m.Energy
		kinetic, potential = e.Kinetic, e.Gravity+e.Spring
		total = kinetic + potential
	}
	iterations, residual := nan, nan
	if m.Knows(scene.KnownResult) {
		iterations, residual = float64(m.Result.Iterations), m.Result.Residual
	}
	kappa := m.Kappa
	if kappa == 0 {
		kappa = nan
	}
	return []float64{
		p.figure.CenterOfMassAt(p.poses).Z, kinetic, potential, total, normal, friction,
		total, iterations, kappa, residual,
	}
}
