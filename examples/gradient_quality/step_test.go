package main

import (
	"math"
	"testing"
)

// TestClosed checks the closed forms themselves: derivatives by differences, and the limit of hard contact.
func TestClosed(t *testing.T) {
	m, err := buildBox()
	if err != nil {
		t.Fatal(err)
	}
	for _, mo := range motions {
		for _, k := range []float64{1e-3, 1e-5, 1e-7} {
			c := newConstants(m, k)
			for _, f := range []float64{0.5, 3, mo.center, 15} {
				const e = 1e-5
				a, _ := mo.closed(c, f+e)
				b, _ := mo.closed(c, f-e)
				_, d := mo.closed(c, f)
				if got := (a - b) / (2 * e); math.Abs(got-d) > 1e-4*free {
					t.Errorf("%s κ=%g at %g N: derivative %g, differences %g", mo.name, k, f, d, got)
				}
			}
		}
		c := newConstants(m, 1e-12)
		for _, f := range []float64{0.5 * mo.center, 1.5 * mo.center} {
			x, _ := mo.closed(c, f)
			if want := free * math.Max(0, f-mo.center); math.Abs(x-want) > 1e-8 {
				t.Errorf("%s at %g N: hard contact goes to %g, want %g", mo.name, f, x, want)
			}
		}
	}
}
