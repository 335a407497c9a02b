package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
)

// findParams returns the parameters that a pattern names.
func findParams(m *sim.Model, pattern string) ([]implicit.Param, error) {
	is, all := like(pattern), implicit.Params(m)
	var found []implicit.Param
	names := make([]string, len(all))
	for i, p := range all {
		if names[i] = p.Name; is(p.Name) {
			found = append(found, p)
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	if !strings.Contains(pattern, "*") {
		if _, err := implicit.FindParam(m, pattern); err != nil && strings.Contains(err.Error(), " is 0") { // it knows why it is none
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s has no parameter %q%s", m.Name(), pattern, meant(pattern, names))
}

// setParams returns m with other values of parameters, as `name=value,…` says; * stands for any letters.
func setParams(m *sim.Model, text string) (*sim.Model, error) {
	var params []implicit.Param
	var values []float64
	for _, s := range strings.Split(text, ",") {
		name, value, ok := strings.Cut(s, "=")
		x, err := finiteNumber(value)
		if !ok || err != nil {
			return nil, fmt.Errorf("%q, want parameter=value, a number", strings.TrimSpace(s))
		}
		if math.Abs(x) > 1e15 {
			return nil, fmt.Errorf("%q is beyond anything a robot has", strings.TrimSpace(s))
		}
		l, err := findParams(m, strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		for _, p := range l {
			params, values = append(params, p), append(values, x)
		}
	}
	return implicit.Set(m, params, values)
}
