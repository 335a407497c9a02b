package urdf

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// parseNumber reads a number, infinite and not a number included: what they mean is for the caller to say.
func parseNumber(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case err == nil, errors.Is(err, strconv.ErrRange): // an overflow is ±Inf
		return v, nil
	case strings.ContainsAny(s, "−–—"):
		return 0, fmt.Errorf("%q is not a number; write the minus as a hyphen", clip(s))
	case strings.ContainsAny(s, ",;"):
		return 0, fmt.Errorf("%q is not a number; write a decimal point, and blanks between numbers", clip(s))
	}
	if number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ°µ²³^/*"); number != "" && number != s {
		if _, err := strconv.ParseFloat(number, 64); err == nil {
			return 0, fmt.Errorf("%q is not a number; leave out the unit, URDF is in meters, kilograms, seconds and radians", clip(s))
		}
	}
	return 0, fmt.Errorf("%q is not a number", clip(s))
}

// formula reports whether an attribute holds what xacro computes where it is in ${…}.
func formula(s string) bool {
	l := strings.ToLower(s)
	return strings.ContainsAny(l, "*/(") || strings.HasSuffix(strings.TrimLeft(l, "+-0123456789."), "pi")
}

func errFormula(s string) error {
	return fmt.Errorf("%q is a formula; write the number it stands for, or run xacro first if it is one of xacro's", clip(s))
}

// split returns the words of an attribute that shall hold want numbers. Commas separate as blanks do where
// there is one between every two numbers and nothing else they could mean.
func split(s string, want int) (words []string, commas bool) {
	isComma := func(c rune) bool { return c == ',' || c == ';' }
	parts := strings.FieldsFunc(s, func(c rune) bool { return isComma(c) || strings.ContainsRune(" \t\r\n", c) })
	if n := len(s) - len(strings.Map(func(c rune) rune {
		if isComma(c) {
			return -1
		}
		return c
	}, s)); n > 0 && n == want-1 && len(parts) == want {
		return parts, true
	}
	return strings.Fields(s), false
}

// values returns the want numbers of an attribute, infinite or not a number among them; given is false when
// it is absent or empty, ok when it is wrong.
func (r *reader) values(n *node, name string, want int) (v []float64, given, ok bool) {
	s, given := n.attr(name)
	if !given {
		return nil, false, true
	}
	if xmltree.Template(s) {
		r.errorf(n, "attribute %s: %q is not a number but an expression: run xacro first (or the template processor the file was made for)", name, clip(s))
		return nil, true, false
	}
	words, commas := split(s, want)
	if commas {
		r.notef(Reading, n, "attribute %s=%q: commas read as blanks", name, clip(s))
	}
	if len(words) == 0 {
		r.notef(Reading, n, "attribute %s is empty, read as absent", name)
		return nil, false, true
	}
	for _, w := range words[:min(len(words), want+1)] { // one more shows whether they are numbers
		x, err := parseNumber(w)
		if err != nil && formula(s) {
			err = errFormula(s)
		}
		if err != nil {
			r.errorf(n, "attribute %s: %w", name, err)
			return nil, true, false
		}
		v = append(v, x)
	}
	if len(words) != want {
		r.errorf(n, "attribute %s=%q has %d numbers, want %d", name, clip(s), len(words), want)
		return nil, true, false
	}
	return v, true, true
}

// beyond is what no length, mass or coefficient of a robot comes near, in any unit: from there on products of
// numbers overflow.
const beyond = 1e12

// numbers is values that have to be finite, and a robot can have.
func (r *reader) numbers(n *node, name string, want int) (v []float64, given, ok bool) {
	v, given, ok = r.values(n, name, want)
	for i, x := range v {
		words, _ := split(n.peek(name), want)
		switch {
		case math.IsNaN(x) || math.IsInf(x, 0):
			r.errorf(n, "attribute %s: %q is not a finite number", name, clip(words[i]))
			return nil, true, false
		case math.Abs(x) > beyond:
			r.errorf(n, "attribute %s: %q is beyond anything a robot has", name, clip(words[i]))
			return nil, true, false
		}
	}
	return v, given, ok
}

// number returns a number, or def when the attribute is absent.
func (r *reader) number(n *node, name string, def float64) (float64, bool) {
	v, given, ok := r.numbers(n, name, 1)
	if !given || !ok {
		return def, ok
	}
	return v[0], true
}

// absent says how an attribute without numbers is absent.
func absent(n *node, name string) string {
	for i := range n.attrs {
		if n.attrs[i].Name == name {
			return "empty"
		}
	}
	return "missing"
}

// need is number without a default.
func (r *reader) need(n *node, name string) (float64, bool) {
	v, given, ok := r.numbers(n, name, 1)
	if !given {
		r.errorf(n, "attribute %s is %s", name, absent(n, name))
	}
	if !given || !ok {
		return 0, false
	}
	return v[0], true
}

// nonNegative is number for quantities that cannot be negative.
func (r *reader) nonNegative(n *node, name string) float64 {
	v, given, ok := r.values(n, name, 1)
	if !given || !ok {
		return 0
	}
	if x := v[0]; x >= 0 && x <= beyond {
		return x
	}
	r.mend(n, fmt.Sprintf("attribute %s is %g, want a number ≥ 0 that is no more than 1e12", name, v[0]), "it is read as 0")
	return 0
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
	if o.peek("quat_xyzw") != "" {
		return sim.Pose{Pos: xyz, Rot: r.quaternion(o)}
	}
	rpy, _ := r.vec(o, "rpy", r3.Vec{})
	if most := math.Max(math.Abs(rpy.X), math.Max(math.Abs(rpy.Y), math.Abs(rpy.Z))); most > 2.01*math.Pi {
		r.notef(Reading, o, "attribute rpy=%q turns by %.4g rad: are they degrees? URDF has radians", clip(o.peek("rpy")), most)
	}
	return sim.Pose{Pos: xyz, Rot: sim.RPY(rpy.X, rpy.Y, rpy.Z)}
}

// quaternion reads the orientation that newer files give as x, y, z, w.
func (r *reader) quaternion(o *node) quat.Number {
	v, _, ok := r.numbers(o, "quat_xyzw", 4)
	if o.peek("rpy") != "" {
		r.errorf(o, "attributes rpy and quat_xyzw both give the orientation; keep one")
	}
	if !ok {
		return sim.IdentityPose.Rot
	}
	q, ok := spatial.Normalize(quat.Number{Real: v[3], Imag: v[0], Jmag: v[1], Kmag: v[2]})
	if !ok {
		r.errorf(o, "attribute quat_xyzw=%q is no orientation", clip(o.peek("quat_xyzw")))
		return sim.IdentityPose.Rot
	}
	return q
}
