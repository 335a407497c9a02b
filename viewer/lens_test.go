package viewer

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

func lensAt(c scene.Camera) *lens {
	l := &lens{home: c}
	l.reset()
	return l
}

// TestFixedViews look from where they say, and a drag goes on from there.
func TestFixedViews(t *testing.T) {
	for _, c := range []struct {
		mode lensMode
		eye  r3.Vec // direction in which it stands
	}{{lensFront, r3.Vec{X: 1}}, {lensSide, r3.Vec{Y: -1}}, {lensTop, r3.Vec{Z: 1}}} {
		l := lensAt(scene.Camera{Azimuth: 1, Elevation: 0.5, Distance: 4, Target: r3.Vec{X: 7}})
		l.mode = c.mode
		cam := l.camera(scene.Pose{})
		v := cam.View()
		if d := r3.Dot(r3.Sub(v.Eye, cam.Target), c.eye); d < 0.99*4 {
			t.Errorf("the %v view stands only %g m toward %v", c.mode, d, c.eye)
		}
		l.orbit(30, 0, 360)
		after := l.camera(scene.Pose{})
		if turned := math.Abs(math.Remainder(after.Azimuth-cam.Azimuth, 2*math.Pi)); l.mode != lensTrack || math.Abs(turned-math.Pi/12) > 1e-12 {
			t.Errorf("a drag of the %v view turns it by %g rad and leads to the %v view", c.mode, turned, l.mode)
		}
	}
}

// TestRidingFollowsTheHeadingOnly: it stands behind the body and does not roll with it.
func TestRidingFollowsTheHeadingOnly(t *testing.T) {
	l := lensAt(scene.Camera{Distance: 2})
	l.mode = lensRide
	at := r3.Vec{X: 1, Y: 2, Z: 0.3}
	for _, rpy := range [][3]float64{{0, 0, 0.7}, {1.2, 0, 0.7}, {0, -0.6, 0.7}} {
		c := l.camera(scene.Pose{Pos: at, Rot: spatial.RPY(rpy[0], rpy[1], rpy[2])})
		v := c.View()
		ahead := r3.Vec{X: math.Cos(0.7), Y: math.Sin(0.7)}
		if c.Target != at || r3.Dot(v.Forward, ahead) < 0.95 || math.Abs(v.Right.Z) > 1e-12 {
			t.Errorf("roll, pitch, yaw %v: it looks along %v, its right is %v", rpy, v.Forward, v.Right)
		}
	}
	l.orbit(10, 0, 360)
	if l.mode != lensTrack || l.free.Target != (r3.Vec{}) {
		t.Errorf("a drag while riding leads to the %v view of %v", l.mode, l.free.Target)
	}
}

// TestTrackingIgnoresHops, and a free camera everything.
func TestTrackingIgnoresHops(t *testing.T) {
	l := lensAt(scene.Camera{})
	l.follow(r3.Vec{X: 5, Y: 5, Z: 5}) // the first look sets what is followed
	l.mode = lensTrack
	l.follow(r3.Vec{X: 6, Y: 3, Z: 9})
	if want := (r3.Vec{X: 1, Y: -2}); l.free.Target != want {
		t.Errorf("the target is %v, want %v", l.free.Target, want)
	}
	l.mode = lensFree
	l.follow(r3.Vec{X: 100})
	l.mode = lensTrack
	l.follow(r3.Vec{X: 100, Y: 1})
	if want := (r3.Vec{X: 1, Y: -1}); l.free.Target != want {
		t.Errorf("after a while without following the target is %v, want %v", l.free.Target, want)
	}
	l.reset()
	if l.free.Target != (r3.Vec{}) || l.mode != lensFree || l.valid {
		t.Errorf("home is %v in the %v view", l.free.Target, l.mode)
	}
}

// TestLensKeepsItsBounds: no drag turns the camera over the top or through the target.
func TestLensKeepsItsBounds(t *testing.T) {
	l := lensAt(scene.Camera{Distance: 1})
	l.orbit(1e5, 1e5, 360)
	if math.Abs(l.free.Azimuth) > math.Pi || l.free.Elevation > math.Pi/2 {
		t.Errorf("azimuth %g, elevation %g", l.free.Azimuth, l.free.Elevation)
	}
	l.orbit(0, -1e5, 360)
	if l.free.Elevation < -math.Pi/2 {
		t.Errorf("elevation %g", l.free.Elevation)
	}
	if l.zoom(-100); l.free.Distance != 0.01 {
		t.Errorf("zoomed in to %g m", l.free.Distance)
	}
	if l.zoom(100); l.free.Distance != 1e4 {
		t.Errorf("zoomed out to %g m", l.free.Distance)
	}
}

// TestLensModesHaveNames that differ, and a round of them leads back.
func TestLensModesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	l := lensAt(scene.Camera{})
	for range lensModes {
		seen[l.mode.String()] = true
		l.cycle(1)
	}
	if len(seen) != int(lensModes) || l.mode != lensFree {
		t.Errorf("%d names for %d modes, then %v", len(seen), lensModes, l.mode)
	}
	if l.cycle(-1); l.mode != lensRide {
		t.Errorf("back from the first leads to %v", l.mode)
	}
}
