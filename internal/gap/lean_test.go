package gap_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestWhatSticksOnAPivotKeepsItsGap: a body that turns about a fixed point of its own and does not slide opens and
// closes nothing, whatever touches and however far it turns. (To the cube of the turn only where slides are those of
// the common point: then a can that rolls round a pivot may have to sink although friction holds it.)
func TestWhatSticksOnAPivotKeepsItsGap(t *testing.T) {
	missed := 0
	for _, spin := range []float64{0.003, 0.05, 0.3} { // about the normal (rad)
		encounters(t, 40, func(t *testing.T, rng *rand.Rand, e *encounter) {
			e.guided = true
			m, _ := e.met(r3.Vec{})
			tilt, round := 0.3+0.9*rng.Float64(), 6*rng.Float64() // of the way to the pivot against the normal
			way := r3.Add(r3.Scale(math.Cos(tilt), m.N), r3.Scale(math.Sin(tilt), r3.Add(r3.Scale(math.Cos(round), m.T1), r3.Scale(math.Sin(round), m.T2))))
			pivot := r3.Sub(r3.Add(m.Point, way), e.a.pos)
			e.b.m = spatial.NewMotion(r3.Vec{}, r3.Vec{})
			rolled := rollAbout(pivot, m.N, m.T1, m.T2, r3.Scale(math.Tan(spin/2)/math.Cos(tilt), way), func(motion spatial.Motion) (v1, v2 float64) {
				e.a.m = motion
				_, v := e.met(r3.Vec{})
				return v[1], v[2]
			})
			_, v := e.met(r3.Vec{})
			if !rolled { // by the differences of Newton's method
				missed++
				return
			}
			tol.Within(t, math.Abs(v[0]-m.Gap2-m.Ease), 1e-13, "turned by %g about the normal the gap grows by %g", spin, v[0]-m.Gap2-m.Ease)
		})
	}
	if missed > 10 {
		t.Errorf("%d rolling motions not found", missed)
	}
}

// rollAbout finds the turn about the pivot, of which the part along n stays that of w, at which slides are none, by
// Newton's method; slides is left there.
func rollAbout(pivot, n, t1, t2, w r3.Vec, slides func(m spatial.Motion) (v1, v2 float64)) bool {
	at := func(w r3.Vec) (v1, v2 float64) {
		m := spatial.NewMotion(w, r3.Vec{})
		m.Dx = r3.Scale(-1, m.Displace(pivot))
		return slides(m)
	}
	const eps = 1e-7
	for range 30 {
		a, b := at(w)
		if math.Hypot(a, b) < 1e-15 {
			return true
		}
		a1, b1 := at(r3.Add(w, r3.Scale(eps, t1)))
		a2, b2 := at(r3.Add(w, r3.Scale(eps, t2)))
		p, q, r, s := (a1-a)/eps, (a2-a)/eps, (b1-b)/eps, (b2-b)/eps
		det := p*s - q*r
		w = r3.Sub(w, r3.Add(r3.Scale((s*a-q*b)/det, t1), r3.Scale((p*b-r*a)/det, t2)))
	}
	return false
}
