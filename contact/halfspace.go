package contact

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// HalfSpace is the solid n·x ≤ Offset of the world; its surface is what bodies rest on.
type HalfSpace struct {
	Normal r3.Vec  // unit, out of the solid, world axes
	Offset float64 // m along Normal from the world origin
	// Velocity is that of its surface (m/s, world axes), which stays where it is: see [Surface]. The part along the normal does nothing.
	Velocity r3.Vec `json:",omitzero"`
	// Spin is the angular velocity with which that turns about the world's origin besides (rad/s, world axes): at x it
	// is Velocity + Spin × x. About a point c it turns with Velocity −Spin × c.
	Spin r3.Vec `json:",omitzero"`
}

// Runs reports whether the surface runs.
func (h *HalfSpace) Runs() bool { return h.Velocity != r3.Vec{} || h.Spin != r3.Vec{} }

// Gap returns the distance of the shape s, placed at pos (m) and turned by the unit quaternion rot in the world, from
// the half-space, or minus how deep it is inside (m).
func (h *HalfSpace) Gap(s *Shape, pos r3.Vec, rot quat.Number) float64 {
	n := spatial.QuatRotate(quat.Conj(rot), h.Normal)
	return spatial.Dot(h.Normal, pos) + spatial.Dot(n, s.Lowest(n)) - h.Offset
}
