package rows

import (
	"fmt"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/implicit"
)

// Description is what a program in another language needs to know of a model.
type Description struct {
	Name       string   `json:"name"`
	NQ         int      `json:"nq"`
	NV         int      `json:"nv"`
	NU         int      `json:"nu"`
	Contacts   int      `json:"contacts"` // with half-spaces, the most at a time
	Timestep   float64  `json:"timestep"`
	Mass       float64  `json:"mass"`
	Inputs     []Input  `json:"inputs"`
	Bodies     []string `json:"bodies"`
	Links      []string `json:"links"` // the named frames
	Colliders  []string `json:"colliders"`
	HalfSpaces []string `json:"half_spaces"`
	Joints     []Joint  `json:"joints"`
	Pairs      [][2]int `json:"pairs"` // of colliders that may touch each other; below zero half-spaces, −1 the first
	Sensors    []Sensor `json:"sensors"`
	Notes      []Note   `json:"notes"`
	Q          []float64
	V          []float64
	Hash       string `json:"hash"`
}

// Joint says where the coordinates of a joint are.
type Joint struct {
	Name       string `json:"name"`
	Parent     int    `json:"parent"` // body, −1 for the world
	Q, NQ      int
	V, NV      int
	Quaternion int     `json:"quaternion"` // its place in q, −1 for none
	Limits     []Limit `json:"limits"`     // one per velocity
}

// Limit is where a motion ends (m, rad), nil where it does not.
type Limit [2]*float64

// Input says what an input drives.
type Input struct {
	Name   string   `json:"name"`
	Servo  bool     `json:"servo"`  // a target position, else a force or torque, or what a thruster multiplies
	Effort *float64 `json:"effort"` // N or N m; nil without bound
	Lower  *float64 `json:"lower"`  // what it is clamped to; nil where it is not, and for target positions
	Upper  *float64 `json:"upper"`
}

// Describe returns the description of m.
func (m *Model) Describe() Description {
	d := Description{
		Name: m.Name(), NQ: m.NQ(), NV: m.NV(), NU: m.NU(), Contacts: m.MaxContacts(), Timestep: m.Timestep(), Mass: m.TotalMass(),
		Bodies: m.Bodies(), Colliders: m.Colliders(), Notes: m.Notes, Sensors: m.Sensors, Q: m.Start.Q, V: m.Start.V, Hash: fmt.Sprintf("%016x", m.Hash()),
	}
	_, d.HalfSpaces = m.HalfSpaces()
	for _, f := range m.Frames() {
		d.Links = append(d.Links, f.Name)
	}
	for _, p := range m.Pairs() {
		d.Pairs = append(d.Pairs, [2]int{p.A, p.B})
	}
	joints := m.Joints()
	for _, j := range joints {
		e := Joint{Name: j.Name, Parent: j.Parent, Q: j.Q, NQ: j.NQ, V: j.V, NV: j.NV, Quaternion: j.QuaternionOf()}
		for _, a := range j.Axes {
			var l Limit
			if a.Limited {
				l = Limit{bound(a.Lower), bound(a.Upper)} // one side alone may be there
			}
			e.Limits = append(e.Limits, l)
		}
		d.Joints = append(d.Joints, e)
	}
	for i, name := range m.Inputs() {
		in := m.InputInfo(i)
		most := math.Max(-in.Lower, in.Upper)
		if in.Servo && joints[in.Joint].Axes[in.Axis].Effort > 0 {
			most = joints[in.Joint].Axes[in.Axis].Effort
		}
		d.Inputs = append(d.Inputs, Input{Name: name, Servo: in.Servo, Effort: bound(most), Lower: bound(in.Lower), Upper: bound(in.Upper)})
	}
	return d
}

// bound returns nil for what is none.
func bound(x float64) *float64 {
	if math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// Param is a parameter and its value.
type Param struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"`
	Kind  string  `json:"kind"`
	Value float64 `json:"value"`
}

// Params lists all parameters of m.
func (m *Model) Params() ([]Param, error) {
	var all []Param
	for _, p := range implicit.Params(m.Model) {
		v, err := implicit.Get(m.Model, p)
		if err != nil {
			return nil, err
		}
		all = append(all, Param{p.Name, p.Unit, p.Kind, v})
	}
	return all, nil
}

// Find returns the parameters of the given names, which newlines separate; no text is no parameter.
func (m *Model) Find(names string) ([]implicit.Param, error) {
	if names == "" {
		return nil, nil
	}
	var ps []implicit.Param
	for _, n := range strings.Split(names, "\n") {
		p, err := implicit.FindParam(m.Model, n)
		if err != nil {
			return nil, err
		}
		ps = append(ps, p)
	}
	return ps, nil
}

// Get returns the value of the parameter of the given name.
func (m *Model) Get(name string) (float64, error) {
	p, err := implicit.FindParam(m.Model, name)
	if err != nil {
		return 0, err
	}
	return implicit.Get(m.Model, p)
}

// Set returns a copy of m with other parameters.
func (m *Model) Set(names string, values []float64) (*Model, error) {
	ps, err := m.Find(names)
	if err != nil {
		return nil, err
	}
	if len(ps) != len(values) {
		return nil, fmt.Errorf("%d parameters and %d values", len(ps), len(values))
	}
	c, err := implicit.Set(m.Model, ps, values)
	if err != nil {
		return nil, err
	}
	return &Model{c, m.about}, nil
}
