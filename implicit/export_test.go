package implicit

import "github.com/ukemi-sim/ukemi/sim"

// With is Set without the check that the value is possible: differences go to both sides of a damping of zero.
func With(m *sim.Model, p Param, x float64) (*sim.Model, error) {
	d := m.Engine().Clone()
	err := assign(d, p, x)
	return m.WithEngine(d), err
}
