package gap_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestTwisted: a line above another, at an angle to it, keeps its normal where it turns past the direction of the other one, and says so.
func TestTwisted(t *testing.T) {
	for _, c := range []struct {
		at, turn float64
		want     bool
	}{{0.3, -0.2, false}, {0.3, -0.4, true}, {0.3, 0.4, false}, {-0.3, 0.2, false}, {-0.3, 0.4, true}, {-0.3, -0.4, false}, {math.Pi - 0.3, 0.2, false}, {math.Pi - 0.3, 0.4, true}} {
		sin, cos := math.Sincos(c.at)
		p := gap.Pair{Kind: gap.LineLine}
		p.A = gap.Side{Body: 0, Feature: gap.Feature{Axis: r3.Vec{X: 1}}}
		p.B = gap.Side{Body: 1, Feature: gap.Feature{Axis: r3.Vec{X: cos, Y: sin}}}
		one := spatial.Mat3{0: 1, 4: 1, 8: 1}
		var m gap.Meeting
		m.Place(&p, &gap.Frame{Pos: r3.Vec{Z: -math.Copysign(0.1, sin)}, Rot: &one}, &gap.Frame{Rot: &one}, false)
		var still spatial.Motion
		turn := spatial.NewMotion(r3.Vec{Z: math.Tan(c.turn / 2)}, r3.Vec{})
		before := m.Gap2
		if after, _, _ := m.Eval(&still, &turn, 100); math.Abs(after-before) > 1e-12 {
			t.Errorf("at %g, turned by %g: the gap goes from %g to %g", c.at, c.turn, before, after)
		}
		if m.Twisted() != c.want {
			t.Errorf("at %g, turned by %g: %v", c.at, c.turn, m.Twisted())
		}
	}
}
