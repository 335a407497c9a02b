package mjcf

import (
	"fmt"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
)

// Robot is a model as far as the engine can simulate it, ready to be completed and built.
type Robot struct {
	Name     string
	Model    *Model // all the file says
	Builder  *sim.Builder
	Notes    []Note // of the file, and what the engine cannot take
	HasPlane bool   // whether the file brings its own ground

	drives    []drive // of the joints, in the order of inputs
	thrusters []int   // actuators whose inputs are the last
}

// Load reads the file at path. Its coordinates q and v are MuJoCo's.
func Load(path string, opt Options) (*Robot, error) {
	m, err := ParseFile(path)
	if err != nil {
		return nil, err
	}
	return m.Robot(opt)
}

// Start returns the state of a keyframe at rest or in its motion; the name "" means the reference pose.
func (r *Robot) Start(m *sim.Model, key string) (sim.State, error) {
	x := m.NewState()
	if len(x.Q) != r.Model.NQ || len(x.V) != r.Model.NV {
		return x, fmt.Errorf("mjcf: %s: the model has other joints than the file", r.Name)
	}
	copy(x.Q, r.Model.Reference())
	if key == "" {
		return x, nil
	}
	var names []string
	for _, k := range r.Model.Keys {
		if k.Name == key {
			copy(x.Q, k.Q)
			copy(x.V, k.V)
			return x, nil
		}
		names = append(names, fmt.Sprintf("%q", k.Name))
	}
	return x, fmt.Errorf("mjcf: %s: there is no keyframe %q; there are %s", r.Name, clip(key), strings.Join(names, ", "))
}

// Home returns the name of the keyframe a robot starts in: "home" where there is one, else the first that has
// a name, else "".
func (r *Robot) Home() string {
	first := ""
	for _, k := range r.Model.Keys {
		if k.Name == "home" {
			return k.Name
		}
		if first == "" {
			first = k.Name
		}
	}
	return first
}

// Inputs fills u, one number per input of the built model, from MuJoCo's controls ctrl, one per actuator of the file.
// Controls are clamped to their ranges. Actuators that are not simulated have no effect.
func (r *Robot) Inputs(u, ctrl []float64) {
	for i := range r.drives {
		d := &r.drives[i]
		u[i] = d.constant
		for _, t := range d.terms {
			u[i] += t.scale * r.control(t.actuator, ctrl)
		}
		if d.kp > 0 {
			u[i] /= d.kp
		}
	}
	for i, a := range r.thrusters {
		u[len(r.drives)+i] = r.control(a, ctrl)
	}
}

// control returns the control of an actuator within its range.
func (r *Robot) control(i int, ctrl []float64) float64 {
	if a := &r.Model.Actuators[i]; a.CtrlLimited {
		return math.Max(a.CtrlRange[0], math.Min(a.CtrlRange[1], ctrl[i]))
	}
	return ctrl[i]
}

// drive is what all actuators of one joint do together: the force constant + Σ scale·ctrl − kp q − kd v.
type drive struct {
	joint    int
	terms    []driveTerm
	constant float64
	kp, kd   float64
	effort   float64 // +Inf for none
	damping  float64
	armature float64
}

type driveTerm struct {
	actuator int
	scale    float64
}
