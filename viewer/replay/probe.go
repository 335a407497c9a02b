package replay

import (
	"math"

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
}

// signals of every page, in the order in which Probe.Row fills them.
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

// A Moment is what a page shows of one instant.
type Moment struct {
	State    sim.State
	Contacts []sim.Contact // nil when not known
	Energy   *sim.Energy   // nil when not known
	Result   *sim.Result   // nil when not known
	Kappa    float64
}

// Probe turns moments of a model into rows of numbers, as pages understand them: per body position and
// quaternion (w, x, y, z), per contact point and force, then the signals. It belongs to one goroutine.
type Probe struct {
	figure   *scene.Figure
	normals  []spatial.Vec // of the half-space of each contact
	poses    []sim.Pose
	contacts []sim.Contact
}

// NewProbe returns a probe of the figure's model.
func NewProbe(f *scene.Figure) *Probe {
	m := f.Model()
	p := &Probe{figure: f, poses: make([]sim.Pose, len(m.Bodies()))}
	for i := range m.NumContacts() {
		p.normals = append(p.normals, m.ContactInfo(i).Normal)
	}
	return p
}

// Columns returns the length of a row.
func (p *Probe) Columns() int { return 7*len(p.poses) + 6*len(p.normals) + len(signals) }

// Look returns the moment after a step of st that ended in state; res is nil at the start.
func (p *Probe) Look(st *sim.Stepper, state sim.State, res *sim.Result) Moment {
	m := Moment{State: state, Result: res, Kappa: st.Options().Kappa}
	p.contacts = p.contacts[:0]
	if res != nil {
		p.contacts = scene.Contacts(p.contacts, st)
	}
	m.Contacts = p.contacts
	// the energy of a fast spinning state may not exist
	if e, err := st.Energy(state); err == nil {
		m.Energy = &e
	}
	return m
}

// Row appends the row of a moment to dst.
func (p *Probe) Row(dst []float64, m *Moment) []float64 {
	model := p.figure.Model()
	model.Poses(p.poses, m.State.Q)
	for i := range p.poses {
		x, q := p.poses[i].Pos, p.poses[i].Rot
		dst = append(dst, x.X, x.Y, x.Z, q.Real, q.Imag, q.Jmag, q.Kmag)
	}
	normal, friction := 0.0, 0.0
	for i, n := range p.normals {
		var c sim.Contact
		if i < len(m.Contacts) {
			c = m.Contacts[i]
		}
		dst = append(dst, c.Point.X, c.Point.Y, c.Point.Z, c.Force.X, c.Force.Y, c.Force.Z)
		f := spatial.Dot(n, c.Force)
		side := spatial.AddScaled(c.Force, -f, n)
		normal += f
		friction += math.Sqrt(spatial.Dot(side, side))
	}
	if m.Contacts == nil {
		normal, friction = math.NaN(), math.NaN()
	}
	return append(dst, p.signals(m, normal, friction)...)
}

func (p *Probe) signals(m *Moment, normal, friction float64) []float64 {
	nan := math.NaN()
	kinetic, potential, total := nan, nan, nan
	if e := m.Energy; e != nil {
		kinetic, potential = e.Kinetic, e.Gravity+e.Spring
		total = kinetic + potential
	}
	iterations, residual := nan, nan
	if r := m.Result; r != nil {
		iterations, residual = float64(r.Iterations), r.Residual
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
