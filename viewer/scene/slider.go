package scene

import (
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// Slider is a number of a model that a panel lets its user move: an input, or the coordinate of a hinge or slide.
type Slider struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"`
	Input bool    `json:"input"`
	Index int     `json:"-"` // in the inputs, or in q
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Sliders returns what panels let move, inputs first. The range of a coordinate is that of its limits, else a turn or 2 m; a force
// goes to its bound, else to the weight of its mechanism, at the lever of the radius of gyration where it is a torque.
func Sliders(m *sim.Model) []Slider {
	var l []Slider
	joints := m.Joints()
	for i, name := range m.Inputs() {
		s := inputSlider(m, joints, m.InputInfo(i))
		s.Name, s.Input, s.Index = name, true, i
		l = append(l, s)
	}
	follows := map[int]bool{}
	for _, c := range m.Mimics() {
		follows[c.Joint] = true
	}
	for k := range joints {
		if j := &joints[k]; j.NV == 1 && !follows[k] {
			s := axisSlider(j, 0)
			s.Name, s.Index = j.Name, j.Q
			l = append(l, s)
		}
	}
	return l
}

// inputSlider returns the range of an input.
func inputSlider(m *sim.Model, joints []sim.JointInfo, in sim.InputInfo) Slider {
	if in.Servo {
		return axisSlider(&joints[in.Joint], in.Axis)
	}
	body := in.Joint // a joint carries the body of its number
	if in.Thruster >= 0 {
		body = m.Thrusters()[in.Thruster].Body
	}
	mech := m.Mechanism(body)
	most := mech.Weight()
	if in.Unit == "N m" {
		most *= mech.Radius
	}
	s := Slider{Unit: in.Unit, Low: -most, High: most}
	if !math.IsInf(in.Lower, 0) {
		s.Low = math.Max(in.Lower, -1e9)
	}
	if !math.IsInf(in.Upper, 0) {
		s.High = math.Min(in.Upper, 1e9)
	}
	return s
}

// axisSlider returns the range of the coordinate of one axis.
func axisSlider(j *sim.JointInfo, k int) Slider {
	s := Slider{Unit: "m", Low: -1, High: 1}
	if k >= len(j.Type.Trans) {
		s = Slider{Unit: "rad", Low: -math.Pi, High: math.Pi}
	}
	if a := &j.Axes[k]; a.Limited {
		if a.Lower > -1e6 {
			s.Low = a.Lower
		}
		if a.Upper < 1e6 {
			s.High = a.Upper
		}
	}
	return s
}
