// Package knobs is what users change of a model while it runs: numbers and switches. The window and the pages share it.
package knobs

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
)

// Switches are the names of what can be switched off.
var Switches = [...]string{"gravity", "friction", "contact"}

// Settings are the changes. The zero value changes nothing.
type Settings struct {
	Values map[string]float64 // of parameters, by the names of package implicit
	Off    map[string]bool    // of Switches
}

// With returns s with more changes; s itself stays.
func (s Settings) With(values map[string]float64, switches map[string]bool) (Settings, error) {
	next := Settings{map[string]float64{}, map[string]bool{}}
	maps.Copy(next.Values, s.Values)
	maps.Copy(next.Values, values)
	maps.Copy(next.Off, s.Off)
	for name, on := range switches {
		if !slices.Contains(Switches[:], name) {
			return s, fmt.Errorf("there is no switch %q", name)
		}
		next.Off[name] = !on
	}
	return next, nil
}

// Apply returns m with the changes.
func (s Settings) Apply(m *sim.Model) (*sim.Model, error) {
	var params []implicit.Param
	var x []float64
	for _, name := range slices.Sorted(maps.Keys(s.Values)) {
		p, err := implicit.FindParam(m, name)
		if err != nil {
			return nil, err
		}
		params, x = append(params, p), append(x, s.Values[name])
	}
	for _, p := range implicit.Params(m) {
		if (p.Kind == "gravity" || p.Kind == "friction") && s.Off[p.Kind] {
			params, x = append(params, p), append(x, 0)
		}
	}
	changed, err := implicit.Set(m, params, x)
	if err == nil && s.Off["contact"] {
		changed = changed.WithoutContact()
	}
	return changed, err
}

// Turn makes the steps to come those of m: with st, or with a new stepper of its options where the structure is another one.
func Turn(st *sim.Stepper, m *sim.Model) (*sim.Stepper, error) {
	if st.Model().Structure() == m.Structure() {
		return st, st.SetModel(m)
	}
	return m.NewStepper(st.Options()), nil
}
