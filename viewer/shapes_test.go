package viewer

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// at returns vertex i with the ends moved by end, and its normal.
func (s *solid) at(i uint32, end float64) (p, n r3.Vec) {
	d := s.data[i*solidFloats:]
	p = r3.Vec{X: float64(d[0]), Y: float64(d[1]), Z: float64(d[2]) + end*float64(d[6])}
	return p, r3.Vec{X: float64(d[3]), Y: float64(d[4]), Z: float64(d[5])}
}

// TestSolidsAreClosed compares volumes with the formulas: a wrong winding or a missing face would show.
func TestSolidsAreClosed(t *testing.T) {
	for _, c := range []struct {
		name   string
		s      solid
		end    float64
		volume float64
	}{
		{"sphere", capsuleSolid(64), 0, 4 * math.Pi / 3},
		{"capsule", capsuleSolid(64), 1, 4*math.Pi/3 + 2*math.Pi},
		{"box", boxSolid(), 0, 8},
		{"cylinder", cylinderSolid(64), 0, 2 * math.Pi},
		{"cone", coneSolid(64), 0, 2 * math.Pi / 3},
	} {
		v := 0.0
		for i := 0; i < len(c.s.index); i += 3 {
			a, n := c.s.at(c.s.index[i], c.end)
			b, _ := c.s.at(c.s.index[i+1], c.end)
			d, _ := c.s.at(c.s.index[i+2], c.end)
			face := r3.Cross(r3.Sub(b, a), r3.Sub(d, a))
			v += r3.Dot(a, face) / 6
			if r3.Dot(n, face) < 0 || math.Abs(r3.Norm(n)-1) > 1e-6 {
				t.Fatalf("%s: triangle %d has normal %v, its face looks along %v", c.name, i/3, n, face)
			}
		}
		if math.Abs(v/c.volume-1) > 0.01 {
			t.Errorf("%s has volume %.4f, want %.4f", c.name, v, c.volume)
		}
	}
}

// TestPerspectiveAgreesWithTheCamera projects points both ways.
func TestPerspectiveAgreesWithTheCamera(t *testing.T) {
	c := scene.Camera{Target: r3.Vec{X: 1, Z: 0.5}, Azimuth: 0.7, Elevation: 0.3, Distance: 2}
	v := c.View()
	m := perspective(&v, 640.0/360, 0.02, 1000)
	for _, p := range []r3.Vec{{}, {X: 1, Y: 0.3, Z: 0.2}, {X: -4, Y: 2, Z: 1}} {
		x, y, z := v.Project(p, 640, 360)
		q := r3.Sub(p, v.Eye)
		var o [4]float64
		for k := range o {
			o[k] = float64(m[k])*q.X + float64(m[4+k])*q.Y + float64(m[8+k])*q.Z + float64(m[12+k])
		}
		gx, gy := (o[0]/o[3]+1)*320, (1-o[1]/o[3])*180
		if math.Abs(gx-x)+math.Abs(gy-y) > 1e-3 || math.Abs(o[3]-z) > 1e-5 || math.Abs(o[2]) > o[3] {
			t.Errorf("%v is drawn at (%.3f, %.3f) depth %.4f, want (%.3f, %.3f) %.4f", p, gx, gy, o[3], x, y, z)
		}
	}
}

// TestShadowsStayInTheirPart checks that the shadow of everything in the light's box falls into the part of
// the ground that looks for shadows.
func TestShadowsStayInTheirPart(t *testing.T) {
	to, _ := spatial.Unit(r3.Vec{X: -0.35, Y: -0.45, Z: 0.85})
	s := newSunView(to)
	balls := []r3.Vec{{X: 1, Z: -1}, {X: -0.5, Y: 2, Z: -0.4}}
	for _, b := range balls {
		s.include(b, 0.3)
	}
	q, ok := s.shade(r3.Vec{Z: 1}, 2, r3.Vec{X: 1}, r3.Vec{Y: 1}, 100)
	if !ok {
		t.Fatal("there is no shadow")
	}
	for _, b := range balls {
		p := spatial.AddScaled(b, -(2+b.Z)/to.Z, to)
		if p.X < q[0].X+0.3 || p.X > q[2].X-0.3 || p.Y < q[0].Y+0.3 || p.Y > q[2].Y-0.3 || math.Abs(q[0].Z+2) > 1e-12 {
			t.Errorf("the shadow of %v falls on %v, outside of %v … %v", b, p, q[0], q[2])
		}
	}
}

func TestEveryShapeIsDrawn(t *testing.T) {
	for _, sh := range []contact.Shape{
		contact.Sphere(1), contact.Capsule(0.1, 0.2), contact.Box(r3.Vec{X: 1, Y: 1, Z: 1}), contact.Cylinder(1, 1), contact.Ellipsoid(1, 0.5, 0.25), contact.Points([]r3.Vec{{}}),
	} {
		var b batch
		b.item(&scene.Item{Shape: sh}, r3.Vec{}, scene.RGB(0))
		n := 0
		for _, l := range b.of {
			n += len(l)
		}
		if n != 1 {
			t.Errorf("a %v makes %d instances", sh.Kind, n)
		}
	}
}
