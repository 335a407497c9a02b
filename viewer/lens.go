package viewer

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// lens is the camera the user moves.
type lens struct {
	free  scene.Camera // what drags change
	home  scene.Camera // where Backspace and Escape return to
	mode  lensMode
	last  r3.Vec // what the camera followed in the last picture
	valid bool   // last is set
}

type lensMode uint8

const (
	lensFree  lensMode = iota
	lensTrack          // the target goes along with the model
	lensFront
	lensSide
	lensTop
	lensRide // sits behind the first body
	lensModes
)

func (m lensMode) String() string {
	return [...]string{"free", "tracking", "front", "side", "top", "riding"}[m]
}

// orbit turns the camera by a drag, a full turn for two picture heights.
func (l *lens) orbit(dx, dy, height float64) {
	l.leaveFixed()
	l.free.Azimuth -= math.Pi * dx / height
	l.free.Azimuth = math.Remainder(l.free.Azimuth, 2*math.Pi)
	l.free.Elevation = clamp(l.free.Elevation+math.Pi*dy/height, -1.55, 1.55)
}

// pan shifts the camera so that what is at the target's distance stays under the pointer.
func (l *lens) pan(dx, dy, height float64) {
	l.leaveFixed()
	v := l.free.View()
	s := 2 * v.TanHalf * l.free.Reach() / height
	l.free.Target = spatial.AddScaled(l.free.Target, -s*dx, v.Right)
	l.free.Target = spatial.AddScaled(l.free.Target, s*dy, v.Up)
}

// zoom multiplies the distance by exp(amount).
func (l *lens) zoom(amount float64) {
	l.free.Distance = clamp(l.free.Reach()*math.Exp(amount), 0.01, 1e4)
}

// leaveFixed makes a drag in one of the fixed views go on from there.
func (l *lens) leaveFixed() {
	if l.mode == lensFree || l.mode == lensTrack {
		return
	}
	if l.mode != lensRide {
		l.free = l.fixed()
	}
	l.mode = lensTrack
}

// toggle follows the model, or stops to.
func (l *lens) toggle() {
	if l.mode == lensFree {
		l.mode = lensTrack
		return
	}
	l.leaveFixed()
	l.mode = lensFree
}

func (l *lens) cycle(by int) {
	l.mode = lensMode((int(l.mode) + by + int(lensModes)) % int(lensModes))
}

// reset returns to the first camera.
func (l *lens) reset() { l.free, l.mode, l.valid = l.home, lensFree, false }

// follow tells the lens where the model is. Up and down are ignored: a camera that hops with a hopper
// makes it hard to see it hop.
func (l *lens) follow(center r3.Vec) {
	if l.valid && l.mode != lensFree {
		l.free.Target.X += center.X - l.last.X
		l.free.Target.Y += center.Y - l.last.Y
	}
	l.last, l.valid = center, true
}

func (l *lens) fixed() scene.Camera {
	c := l.free
	switch l.mode {
	case lensFront:
		c.Azimuth, c.Elevation = 0, 0.1
	case lensSide:
		c.Azimuth, c.Elevation = -math.Pi/2, 0.1
	case lensTop:
		c.Azimuth, c.Elevation = -math.Pi/2, math.Pi/2
	}
	return c
}

// camera returns the camera of the picture; base is the pose of the first body.
func (l *lens) camera(base scene.Pose) scene.Camera {
	c := l.fixed()
	if l.mode == lensRide {
		// Only the heading is taken over: rolling along would make people sick.
		ahead := spatial.QuatRotate(scene.Upright(base.Rot), r3.Vec{X: 1})
		yaw := math.Atan2(ahead.Y, ahead.X)
		c.Target, c.Azimuth, c.Elevation = base.Pos, yaw+math.Pi, 0.25
	}
	return c
}

func clamp(v, low, high float64) float64 { return max(low, min(high, v)) }
