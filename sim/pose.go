package sim

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Pose places a frame in its parent: a point p of the frame is at Pos + Rot p there. It has the fields of the engine's own
// type, which converts to it and back without a copy.
type Pose struct {
	Pos r3.Vec      // m
	Rot quat.Number // unit quaternion (w, x, y, z)
}

// IdentityPose is the pose of a frame that coincides with its parent.
var IdentityPose = Pose(spatial.IdentityPose)

// At returns the pose of a frame moved by (x, y, z) without rotation.
func At(x, y, z float64) Pose { return Pose{Pos: r3.Vec{X: x, Y: y, Z: z}, Rot: quat.Number{Real: 1}} }

// RPY returns the quaternion of fixed-axis roll, pitch, yaw in radians, as in URDF.
func RPY(roll, pitch, yaw float64) quat.Number { return spatial.RPY(roll, pitch, yaw) }

// Apply returns the point p of the frame in parent coordinates.
func (a Pose) Apply(p r3.Vec) r3.Vec { return spatial.Pose(a).Apply(p) }

// Mul returns the pose a∘b: b given in the frame a.
func (a Pose) Mul(b Pose) Pose { return Pose(spatial.Pose(a).Mul(spatial.Pose(b))) }

// Inv returns the inverse pose.
func (a Pose) Inv() Pose { return Pose(spatial.Pose(a).Inv()) }

// Wrench is a force (N) and a torque (N m), in world axes; what calls for it says where it acts.
type Wrench struct{ Force, Torque r3.Vec }
