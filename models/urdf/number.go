package urdf

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func parseNumber(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case err == nil && !math.IsNaN(v) && !math.IsInf(v, 0):
		return v, nil
	case err == nil || errors.Is(err, strconv.ErrRange):
		return 0, fmt.Errorf("%q is not a finite number", clip(s))
	case strings.Contains(s, "${"):
		return 0, fmt.Errorf("%q is a xacro expression: run xacro first", clip(s))
	case strings.Contains(s, ","):
		return 0, fmt.Errorf("%q is not a number; write a decimal point, and blanks between numbers", clip(s))
	}
	return 0, fmt.Errorf("%q is not a number", clip(s))
}

// numbers returns the want numbers of an attribute; given is false when it is absent, ok when it is wrong.
func (r *reader) numbers(n *node, name string, want int) (v []float64, given, ok bool) {
	s, given := n.attr(name)
	if !given {
		return nil, false, true
	}
	words := strings.Fields(s)
	if strings.Contains(s, "${") {
		words = []string{s} // its blanks separate nothing
	}
	for _, w := range words {
		x, err := parseNumber(w)
		if err != nil {
			r.errorf(n, "attribute %s: %w", name, err)
			return nil, true, false
		}
		v = append(v, x)
	}
	if len(v) != want {
		r.errorf(n, "attribute %s=%q has %d numbers, want %d", name, clip(s), len(v), want)
		return nil, true, false
	}
	return v, true, true
}

// number returns a number, or def when the attribute is absent.
func (r *reader) number(n *node, name string, def float64) (float64, bool) {
	v, given, ok := r.numbers(n, name, 1)
	if !given || !ok {
		return def, ok
	}
	return v[0], true
}

// need is number without a default.
func (r *reader) need(n *node, name string) (float64, bool) {
	v, given, ok := r.numbers(n, name, 1)
	if !given {
		r.errorf(n, "attribute %s is missing", name)
	}
	if !given || !ok {
		return 0, false
	}
	return v[0], true
}

// nonNegative is number for quantities that cannot be negative.
func (r *reader) nonNegative(n *node, name string) float64 {
	v, ok := r.number(n, name, 0)
	if ok && v < 0 {
		r.errorf(n, "attribute %s is %g, want a number ≥ 0", name, v)
	}
	return v
}

func (r *reader) vec(n *node, name string, def r3.Vec) (r3.Vec, bool) {
	v, given, ok := r.numbers(n, name, 3)
	if !given || !ok {
		return def, ok
	}
	return r3.Vec{X: v[0], Y: v[1], Z: v[2]}, true
}

// origin returns the pose of n's <origin>, which may be absent.
func (r *reader) origin(n *node) sim.Pose {
	o := n.child("origin")
	if o == nil {
		return sim.IdentityPose
	}
	xyz, _ := r.vec(o, "xyz", r3.Vec{})
	rpy, _ := r.vec(o, "rpy", r3.Vec{})
	return sim.Pose{Pos: xyz, Rot: sim.RPY(rpy.X, rpy.Y, rpy.Z)}
}
