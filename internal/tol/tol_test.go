package tol

import (
	"fmt"
	"math"
	"testing"
)

type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

// TestWithin: what is not a number is never within anything, and a scale of 0 shows every error.
func TestWithin(t *testing.T) {
	defer func(s func() float64) { scale = s }(scale)
	for _, c := range []struct {
		scale, e, limit float64
		fails           bool
	}{
		{1, 1e-9, 1e-8, false}, {1, 1e-8, 1e-8, false}, {1, 2e-8, 1e-8, true}, {3, 2e-8, 1e-8, false},
		{1, math.NaN(), 1e-8, true}, {1, math.Inf(1), 1e-8, true},
		{0, 1e-300, 1e-8, true}, {0, 0, 1e-8, false}, {0, math.NaN(), 1, true},
	} {
		scale = func() float64 { return c.scale }
		r := &recorder{}
		if Within(r, c.e, c.limit, "thing %d", 7); (len(r.said) == 1) != c.fails {
			t.Errorf("scale %g, error %g, limit %g: said %q", c.scale, c.e, c.limit, r.said)
		}
	}
}
