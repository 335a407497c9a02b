package mjcf

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"gonum.org/v1/gonum/spatial/r3"
)

// maxNumbers bounds lists of numbers; only meshes and height fields have long ones.
const maxNumbers = 1 << 22

func parseNumber(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	switch {
	case err == nil && !math.IsNaN(v) && !math.IsInf(v, 0):
		return v, nil
	case err == nil || errors.Is(err, strconv.ErrRange) && math.IsInf(v, 0):
		return 0, fmt.Errorf("%q is not a finite number", clip(s))
	case errors.Is(err, strconv.ErrRange):
		return 0, nil // smaller than the smallest number
	case strings.Contains(s, ","):
		return 0, fmt.Errorf("%q is not a number; write a decimal point, and blanks between numbers", clip(s))
	}
	return 0, fmt.Errorf("%q is not a number", clip(s))
}

// list returns all numbers of an attribute, nil when it is absent or wrong.
func (r *reader) list(n *node, name string) []float64 {
	s, given := n.attr(name)
	if !given {
		return nil
	}
	if xmltree.Template(s) {
		r.errorf(n, "attribute %s: %q is not a number but an expression: run xacro first (or the template processor the file was made for)", name, clip(s))
		return nil
	}
	words := strings.Fields(s)
	if len(words) > maxNumbers {
		r.errorf(n, "attribute %s has %d numbers, more than %d", name, len(words), maxNumbers)
		return nil
	}
	v := make([]float64, len(words))
	for i, w := range words {
		x, err := parseNumber(w)
		if err != nil {
			r.errorf(n, "attribute %s: %w", name, err)
			return nil
		}
		v[i] = x
	}
	return v
}

// upTo overwrites the first numbers of dst by those of an attribute, which may have fewer: what it does not
// give stays as the default class has it. It reports whether the attribute is given and right.
func (r *reader) upTo(n *node, name string, dst []float64) bool {
	return r.between(n, name, dst, 1)
}

// exact is upTo for attributes that must have all numbers.
func (r *reader) exact(n *node, name string, dst []float64) bool {
	return r.between(n, name, dst, len(dst))
}

func (r *reader) between(n *node, name string, dst []float64, least int) bool {
	before := r.mistakes()
	v := r.list(n, name)
	if v == nil || r.mistakes() > before {
		return false
	}
	if len(v) < least || len(v) > len(dst) {
		want := fmt.Sprint(len(dst))
		if least < len(dst) {
			want = fmt.Sprintf("%d to %d", least, len(dst))
		}
		r.errorf(n, "attribute %s=%q has %d numbers, want %s", name, clip(n.peek(name)), len(v), want)
		return false
	}
	copy(dst, v)
	return true
}

// number overwrites dst by an attribute where it is given.
func (r *reader) number(n *node, name string, dst *float64) bool {
	v := [1]float64{*dst}
	ok := r.exact(n, name, v[:])
	*dst = v[0]
	return ok
}

// integer is number for whole numbers.
func (r *reader) integer(n *node, name string, dst *int) bool {
	v := 0.0
	if !r.number(n, name, &v) {
		return false
	}
	if v != math.Trunc(v) || math.Abs(v) > 1<<31 {
		r.errorf(n, "attribute %s=%q, want a whole number", name, clip(n.peek(name)))
		return false
	}
	*dst = int(v)
	return true
}

// reachable reports an attribute with a number beyond anything.
func (r *reader) reachable(n *node, name string, v []float64) bool {
	for _, x := range v {
		if math.Abs(x) > beyond {
			r.errorf(n, "attribute %s: %g is beyond anything a robot has", name, x)
			return false
		}
	}
	return true
}

func (r *reader) vec(n *node, name string, dst *r3.Vec) bool {
	v := [3]float64{dst.X, dst.Y, dst.Z}
	ok := r.exact(n, name, v[:]) && r.reachable(n, name, v[:])
	*dst = vec3(v[:])
	return ok
}

func vec3(v []float64) r3.Vec { return r3.Vec{X: v[0], Y: v[1], Z: v[2]} }

// word overwrites dst by an attribute that must have one of the given values.
func (r *reader) word(n *node, name string, dst *string, values ...string) bool {
	s, given := n.attr(name)
	if !given {
		return false
	}
	for _, v := range values {
		if s == v {
			*dst = s
			return true
		}
	}
	r.errorf(n, "attribute %s=%q, want %s", name, clip(s), strings.Join(values, ", "))
	return false
}

func (r *reader) flag(n *node, name string, dst *bool) bool {
	s := ""
	ok := r.word(n, name, &s, "true", "false")
	if ok {
		*dst = s == "true"
	}
	return ok
}

// text overwrites dst by an attribute where it is given.
func (r *reader) text(n *node, name string, dst *string) bool {
	s, given := n.attr(name)
	if given {
		*dst = s
	}
	return given
}

// need is text without a default.
func (r *reader) need(n *node, name string) string {
	s, given := n.attr(name)
	if !given || s == "" {
		r.errorf(n, "attribute %s is missing", name)
	}
	return s
}
