package gap

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestDisksTouchWithTheirRims: ovals without thickness are as far from balls, lines, ovals and each other as their rims
// are, along any normal that is not theirs: built from the normal, with both supporting it. Towards the axis of a disk
// the point that it supports leaps from one side of the rim to the other within less and less of a turn; normals 1e-7
// from it are found.
func TestDisksTouchWithTheirRims(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	unit := func() r3.Vec {
		return r3.Unit(r3.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()})
	}
	turn := func() *spatial.Mat3 {
		var m spatial.Mat3
		m.Set(spatial.RotationVector(r3.Scale(3*rng.Float64(), unit())))
		return &m
	}
	const radius = 0.2
	for _, other := range []string{"ball", "line", "oval", "disk"} {
		missed := 0
		for range 3000 {
			var a, b placed
			to := turn()
			a.oval = OvalOf(r3.Vec{X: radius, Y: radius}).Turned(to)
			axis, n := to.MulVec(r3.Vec{Z: 1}), unit()
			if rng.IntN(2) == 0 {
				n = r3.Unit(r3.Add(axis, r3.Scale(math.Pow(10, -7*rng.Float64()), unit())))
			}
			k := OvalPoint
			b.radius = 0.05
			switch other {
			case "line":
				k, b.axis = OvalLine, r3.Unit(r3.Cross(n, unit()))
			case "oval":
				k, b.radius, b.oval = OvalOval, 0, OvalOf(r3.Vec{X: 0.1, Y: 0.07, Z: 0.03}).Turned(turn())
			case "disk":
				k, b.radius, b.oval = OvalOval, 0, OvalOf(r3.Vec{X: 0.1, Y: 0.1}).Turned(turn())
			}
			gap := []float64{1e-3, 0.05}[rng.IntN(2)]
			ta, tb := a.oval.tip(n), b.oval.tip(n)
			b.p = unit()
			a.p = r3.Add(b.p, r3.Add(r3.Add(ta.s, tb.s), r3.Scale(gap+b.radius, n)))
			b.p = r3.Add(b.p, r3.Scale(0.1*rng.NormFloat64(), b.axis))
			var x near
			x.meet(k, &a, &b, r3.Vec{Z: 1}, r3.Vec{})
			if spatial.Norm(r3.Cross(n, axis)) > 1e-7 && !(math.Abs(x.gap-gap) < 1e-9) {
				missed++
			}
		}
		// of two disks the search ends on a ridge now and then
		tol.Within(t, float64(missed), map[bool]float64{true: 3, false: 0}[other == "disk"], "%s: %d normals missed", other, missed)
	}
}
