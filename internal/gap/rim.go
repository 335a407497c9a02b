package gap

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// blunt is the sine of the tilt below which a rim fades into the center of its disk. The true rim then reaches up to 0.141
// blunt radii lower than the gap says, at a third of that tilt; beyond it the gap is exact. A hundredth would be easier to solve
// for, but a can that is pushed at 3/4 of what turns it over would lean and tip.
const blunt = 7e-4

// rim is the attitude of a disk to a half-space. Its lowest point is inverse·down, with
//
//	inverse = 1/s  for the tilt's sine s ≥ δ = blunt,   (15 − 10 q + 3 q²)/8δ,  q = s²/δ²,  below:
//
// the Taylor polynomial of q^(−½) about 1. So all of it has two continuous derivatives.
type rim struct {
	down    r3.Vec  // what is left of −n in the plane of the disk: towards its lowest point
	cos     float64 // of the angle between the normals of disk and half-space
	sin2    float64 // s² = ‖down‖²
	inverse float64
	slope   float64 // d inverse/ds²
}

func rimOf(n, axis r3.Vec) (r rim) {
	r.cos = spatial.Dot(n, axis)
	r.down = spatial.AddScaled(spatial.Scale(-1, n), r.cos, axis)
	r.sin2 = spatial.Dot(r.down, r.down)
	if r.sin2 >= blunt*blunt {
		r.inverse = 1 / math.Sqrt(r.sin2)
		r.slope = -r.inverse / (2 * r.sin2)
		return r
	}
	q := r.sin2 / (blunt * blunt)
	r.inverse = (15 - q*(10-3*q)) / (8 * blunt)
	r.slope = (6*q - 10) / (8 * blunt * blunt * blunt)
	return r
}

// depth returns how far the rim reaches below its center, per radius: the sine of the tilt, blunted.
func (r *rim) depth() float64 { return r.sin2 * r.inverse }

// blunted returns how much deeper the true rim is, per radius.
func (r *rim) blunted() float64 {
	if r.sin2 >= blunt*blunt {
		return 0
	}
	return math.Sqrt(r.sin2) - r.depth()
}

// point returns the lowest point relative to the center, per radius.
func (r *rim) point() r3.Vec { return spatial.Scale(r.inverse, r.down) }

// RimFoot returns where a rim with this axis touches a plane with the normal n, per radius from its center: its lowest
// point, and where it lies flat, blunted, one between that and the center.
func RimFoot(n, axis r3.Vec) r3.Vec {
	r := rimOf(n, axis)
	return r.point()
}

// lever returns the arm of the gap's gradient, per radius: d depth/ds along down.
func (r *rim) lever() r3.Vec { return spatial.Scale(2*(r.inverse+r.sin2*r.slope), r.down) }

// sink returns the change of depth as axis and normal change.
func (r *rim) sink(daxis, dn r3.Vec) float64 {
	l := r.lever()
	return r.cos*spatial.Dot(l, daxis) - spatial.Dot(l, dn)
}

// turn returns the change of point as the axis and the normal n change.
func (r *rim) turn(n, axis, daxis, dn r3.Vec) r3.Vec {
	d := spatial.AddScaled(spatial.Scale(-1, dn), spatial.Dot(n, daxis)+spatial.Dot(dn, axis), axis)
	d = spatial.AddScaled(d, r.cos, daxis)
	return spatial.AddScaled(spatial.Scale(r.inverse, d), 2*r.slope*spatial.Dot(r.down, d), r.down)
}
