package scene

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Camera orbits a target. Azimuth is the direction in which the eye stands as seen from the target,
// counted from +x toward +y; Elevation is the eye's angle above the horizontal. From azimuth 0 the eye
// looks along −x and +y is to the right of the picture.
type Camera struct {
	Target    r3.Vec
	Azimuth   float64 // rad
	Elevation float64 // rad
	Distance  float64 // m; default 3
	FovY      float64 // full vertical field of view (rad); default 40°

	// Mount replaces the orbit by the pose of a camera, such as one on a robot: it looks along its
	// +x, +y is left, +z is up. Target, Azimuth and Elevation are then ignored.
	Mount *Pose
}

// Reach returns the camera distance, which also sets the default size of markers and the fog (m).
func (c *Camera) Reach() float64 {
	if c.Distance > 0 {
		return c.Distance
	}
	return 3
}

// View is a camera as an eye and three unit axes that renderers share.
type View struct {
	Eye, Right, Up, Forward r3.Vec
	TanHalf                 float64 // tangent of half the vertical field of view
}

// View returns the eye and axes of c. They are defined for every elevation, also straight up or down.
func (c *Camera) View() View {
	fov := c.FovY
	if !(fov > 0 && fov < math.Pi) {
		fov = 40 * math.Pi / 180
	}
	v := View{TanHalf: math.Tan(fov / 2)}
	if c.Mount != nil {
		q := Upright(c.Mount.Rot)
		v.Eye = c.Mount.Pos
		v.Forward = spatial.QuatRotate(q, r3.Vec{X: 1})
		v.Right = spatial.QuatRotate(q, r3.Vec{Y: -1})
		v.Up = spatial.QuatRotate(q, r3.Vec{Z: 1})
		return v
	}
	sa, ca := math.Sincos(c.Azimuth)
	se, ce := math.Sincos(c.Elevation)
	back := r3.Vec{X: ce * ca, Y: ce * sa, Z: se}
	v.Forward = spatial.Scale(-1, back)
	v.Right = r3.Vec{X: -sa, Y: ca}
	v.Up = spatial.Cross(back, v.Right)
	v.Eye = spatial.AddScaled(c.Target, c.Reach(), back)
	return v
}

// Ray returns the direction through the point (x, y) of a picture, pixels from its top left corner;
// the center of the first pixel is (0.5, 0.5). Its component along Forward is 1.
func (v *View) Ray(x, y float64, width, height int) r3.Vec {
	s := 2 * v.TanHalf / float64(height)
	d := spatial.AddScaled(v.Forward, (x-float64(width)/2)*s, v.Right)
	return spatial.AddScaled(d, (float64(height)/2-y)*s, v.Up)
}

// Project returns where p appears in a picture, in the pixels of [View.Ray], and its distance along
// Forward (m). The point is behind the eye when that distance is not positive; x and y then mean nothing.
func (v *View) Project(p r3.Vec, width, height int) (x, y, z float64) {
	q := spatial.Sub(p, v.Eye)
	z = spatial.Dot(q, v.Forward)
	f := float64(height) / (2 * v.TanHalf * z)
	return float64(width)/2 + f*spatial.Dot(q, v.Right), float64(height)/2 - f*spatial.Dot(q, v.Up), z
}

// Upright returns the unit quaternion of q's direction, and no rotation for the zero quaternion.
func Upright(q spatial.Quat) spatial.Quat {
	if u, ok := spatial.Normalize(q); ok {
		return u
	}
	return spatial.Identity
}

// Finite reports whether all numbers of p are.
func Finite(p *Pose) bool {
	q := p.Rot
	return spatial.Finite(p.Pos) && spatial.Finite(r3.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag}) && q.Real-q.Real == 0
}
