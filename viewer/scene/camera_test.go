package scene

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

func nearVec(a, b r3.Vec) bool { return spatial.Norm(spatial.Sub(a, b)) < 1e-12 }

func TestCameraConventions(t *testing.T) {
	c := Camera{Target: r3.Vec{X: 1, Y: 2, Z: 3}, Distance: 4}
	for _, tc := range []struct {
		az, el       float64
		eye, rgt, up r3.Vec
	}{
		{0, 0, r3.Vec{X: 5, Y: 2, Z: 3}, r3.Vec{Y: 1}, r3.Vec{Z: 1}},
		{math.Pi / 2, 0, r3.Vec{X: 1, Y: 6, Z: 3}, r3.Vec{X: -1}, r3.Vec{Z: 1}},
		{-math.Pi / 2, 0, r3.Vec{X: 1, Y: -2, Z: 3}, r3.Vec{X: 1}, r3.Vec{Z: 1}},
		{0, math.Pi / 2, r3.Vec{X: 1, Y: 2, Z: 7}, r3.Vec{Y: 1}, r3.Vec{X: -1}}, // from straight above
	} {
		c.Azimuth, c.Elevation = tc.az, tc.el
		v := c.View()
		if !nearVec(v.Eye, tc.eye) || !nearVec(v.Right, tc.rgt) || !nearVec(v.Up, tc.up) {
			t.Errorf("azimuth %g elevation %g: eye %v right %v up %v, want %v %v %v", tc.az, tc.el, v.Eye, v.Right, v.Up, tc.eye, tc.rgt, tc.up)
		}
		if !nearVec(spatial.Cross(v.Right, v.Up), spatial.Scale(-1, v.Forward)) {
			t.Errorf("azimuth %g elevation %g: right × up is not backward", tc.az, tc.el)
		}
	}
}

func TestMountedCameraLooksAlongX(t *testing.T) {
	p := Pose{Pos: r3.Vec{Z: 1}, Rot: spatial.RPY(0, 0, math.Pi/2)}
	c := Camera{Mount: &p}
	v := c.View()
	if !nearVec(v.Forward, r3.Vec{Y: 1}) || !nearVec(v.Right, r3.Vec{X: 1}) || !nearVec(v.Up, r3.Vec{Z: 1}) {
		t.Errorf("forward %v right %v up %v, want y, x, z", v.Forward, v.Right, v.Up)
	}
}

func TestProjectInvertsRay(t *testing.T) {
	c := Camera{Azimuth: 0.7, Elevation: -0.4, Distance: 2, FovY: 1}
	v := c.View()
	for _, p := range [][2]float64{{0, 0}, {320, 240}, {12.5, 400.25}, {640, 480}} {
		d := v.Ray(p[0], p[1], 640, 480)
		x, y, z := v.Project(spatial.AddScaled(v.Eye, 1.7, d), 640, 480)
		if math.Abs(x-p[0])+math.Abs(y-p[1])+math.Abs(z-1.7) > 1e-9 {
			t.Errorf("the ray through %v projects to (%g, %g) at %g, want depth 1.7", p, x, y, z)
		}
	}
	// The field of view is the angle between the rays through the top and the bottom edge.
	a, b := v.Ray(320, 0, 640, 480), v.Ray(320, 480, 640, 480)
	if got := math.Acos(spatial.Dot(a, b) / spatial.Norm(a) / spatial.Norm(b)); math.Abs(got-1) > 1e-12 {
		t.Errorf("field of view is %g rad, want 1", got)
	}
}
