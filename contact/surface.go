package contact

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Surface is what the surface of a shape does in contact beyond sliding with friction. The zero Surface does nothing.
type Surface struct {
	// Velocity at which the material of the surface runs over the shape, which stays where it is: a conveyor belt, a crawler (m/s, in
	// axes of the shape). Friction opposes what is left of the sliding velocity; the part along the normal of a contact does nothing.
	Velocity r3.Vec
}

// surfaceParams are the numbers of a Surface.
var surfaceParams = []struct{ name, unit string }{
	{"surface_x", "m/s"}, {"surface_y", "m/s"}, {"surface_z", "m/s"},
}

// SurfaceParams is how many numbers describe a [Surface].
var SurfaceParams = len(surfaceParams)

// Param returns number i of s.
func (s *Surface) Param(i int) *float64 {
	return [...]*float64{&s.Velocity.X, &s.Velocity.Y, &s.Velocity.Z}[i]
}

// SurfaceParam returns name and unit of number i.
func SurfaceParam(i int) (name, unit string) { return surfaceParams[i].name, surfaceParams[i].unit }

// Differentiable reports whether number i is one to differentiate by: a component of a velocity that is not zero.
func (s *Surface) Differentiable(i int) bool { return s.Velocity != r3.Vec{} }

// Check returns an error that says what is wrong with s.
func (s *Surface) Check() error {
	if v := s.Velocity; !spatial.Finite(v) {
		return fmt.Errorf("surface velocity is (%g, %g, %g) m/s, want finite numbers", v.X, v.Y, v.Z)
	}
	return nil
}
