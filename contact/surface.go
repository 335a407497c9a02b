package contact

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Surface is what the surface of a shape does in contact beyond sliding with friction. The zero Surface does nothing.
type Surface struct {
	// Velocity at which the material of the surface runs over the shape, which stays where it is: a conveyor belt, a crawler (m/s, in
	// axes of the shape). Friction opposes what is left of the sliding velocity; the part along the normal of a contact does nothing.
	Velocity r3.Vec
	// Spin is the angular velocity with which it turns about the origin of the shape besides: a turntable, a roller
	// (rad/s, in axes of the shape). At x it runs with Velocity + Spin × x.
	Spin r3.Vec `json:",omitzero"`
	// Restitution is Newton's coefficient, 0 to 1: the part of the speed of approach at which a contact opens again. Of
	// two shapes the larger counts.
	Restitution float64
	// Stiffness (N/m) and Damping (N s/m) make every point of contact a spring and a damper that only push, of the
	// depth of the point inside the other shape: soft soil, rubber. Zero stiffness is hard. Two soft shapes are in
	// series. Faces of two shapes that overlap are four points together, shared by exterior angles: a right-angled corner
	// is one, all of a can's end are four. What sinks in beyond its middle falls through a mesh that is not closed, of
	// which sim.Model.Warnings tells where its own weight suffices.
	Stiffness, Damping float64
	// Torsion and Rolling bound the torques of a contact about its normal and about its tangents: lengths (m), times
	// the normal force. They are MuJoCo's second and third number of friction. Of two shapes the larger counts, unless
	// the pair has its own (sim.Builder.SetPairTurning). With a normal force of γ (N) friction β (N) and both torques
	// τ (N m) are bounded together by one cone, ‖(β/μ, τ_n/Torsion, τ_t/Rolling)‖ ≤ γ: what slides and spins trades
	// one for the other. A zero takes its torques out of it.
	Torsion, Rolling float64
}

// surfaceParams are the numbers of a Surface.
var surfaceParams = []struct{ name, unit string }{
	{"surface_x", "m/s"}, {"surface_y", "m/s"}, {"surface_z", "m/s"}, {"restitution", ""},
	{"contact_stiffness", "N/m"}, {"contact_damping", "N s/m"}, {"torsion", "m"}, {"rolling", "m"},
	{"surface_spin_x", "rad/s"}, {"surface_spin_y", "rad/s"}, {"surface_spin_z", "rad/s"},
}

// SurfaceParams is how many numbers describe a [Surface].
var SurfaceParams = len(surfaceParams)

// Param returns number i of s.
func (s *Surface) Param(i int) *float64 {
	return [...]*float64{&s.Velocity.X, &s.Velocity.Y, &s.Velocity.Z, &s.Restitution, &s.Stiffness, &s.Damping, &s.Torsion, &s.Rolling, &s.Spin.X, &s.Spin.Y, &s.Spin.Z}[i]
}

// SurfaceParam returns name and unit of number i.
func SurfaceParam(i int) (name, unit string) { return surfaceParams[i].name, surfaceParams[i].unit }

// Differentiable reports whether number i is one to differentiate by: a component of a velocity or spin that is not
// zero, or another number inside its range.
func (s *Surface) Differentiable(i int) bool {
	switch {
	case i < 3:
		return s.Velocity != r3.Vec{}
	case i >= 8:
		return s.Spin != r3.Vec{}
	}
	return *s.Param(i) > 0 && !(i == 3 && s.Restitution == 1)
}

// What is larger is lost in rounding beside the speeds, torques and dampers of whatever is simulated: boxes of 20 cm on
// belts of 1e8 m/s and wheels with a rolling friction of 1e12 m stalled.
const (
	maxSpeed  = 1e7  // of what runs (m/s) or turns (rad/s)
	maxLength = 1e6  // of torsion and rolling (m)
	maxDamper = 1e12 // N s/m
)

// Check returns an error that says what is wrong with s.
func (s *Surface) Check() error {
	if v := s.Velocity; !spatial.Finite(v) {
		return fmt.Errorf("surface velocity is (%g, %g, %g) m/s, want finite numbers", v.X, v.Y, v.Z)
	}
	if w := s.Spin; !spatial.Finite(w) {
		return fmt.Errorf("surface spin is (%g, %g, %g) rad/s, want finite numbers", w.X, w.Y, w.Z)
	}
	if e := s.Restitution; !(e >= 0 && e <= 1) {
		return fmt.Errorf("restitution is %g, want a number from 0 to 1", e)
	}
	if a, b := s.Torsion, s.Rolling; !(a >= 0 && b >= 0) || math.IsInf(a, 0) || math.IsInf(b, 0) {
		return fmt.Errorf("torsion is %g m and rolling %g m, want finite lengths ≥ 0", a, b)
	}
	switch k, d := s.Stiffness, s.Damping; {
	case !(k >= 0 && d >= 0) || math.IsInf(k, 0) || math.IsInf(d, 0):
		return fmt.Errorf("stiffness is %g N/m and damping %g N s/m, want finite numbers ≥ 0", k, d)
	case k == 0 && d > 0:
		return fmt.Errorf("damping is %g N s/m without stiffness, which is that of a hard contact", d)
	case k > 0 && s.Restitution > 0:
		return fmt.Errorf("restitution is %g of what has a stiffness of %g N/m: its spring is what bounces", s.Restitution, k)
	}
	for _, n := range [...]struct {
		name, unit  string
		value, most float64
	}{
		{"surface velocity", "m/s", r3.Norm(s.Velocity), maxSpeed}, {"surface spin", "rad/s", r3.Norm(s.Spin), maxSpeed},
		{"torsion", "m", s.Torsion, maxLength}, {"rolling", "m", s.Rolling, maxLength}, {"damping", "N s/m", s.Damping, maxDamper},
	} {
		if n.value > n.most {
			return fmt.Errorf("%s is %g %s: more than %g is lost in rounding", n.name, n.value, n.unit, n.most)
		}
	}
	return nil
}
