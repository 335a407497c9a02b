package raster

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

func TestDepthIsRayDistance(t *testing.T) {
	sc := bare(contact.Sphere(0.5), 3)
	sc.Grounds = []scene.Ground{{Offset: -0.5}}
	sc.Camera.Elevation = 0.3
	const w, h = 160, 120
	r := New(w, h)
	r.Cast(sc)
	v := sc.Camera.View()
	kinds := map[int32]int{}
	for i, got := range r.Depth() {
		d, _ := spatial.Unit(v.Ray(float64(i%w)+0.5, float64(i/w)+0.5, w, h))
		b := spatial.Dot(v.Eye, d)
		want, id := math.Inf(1), int32(IDSky)
		if d.Z < 0 {
			want, id = -(v.Eye.Z+0.5)/d.Z, IDGround
		}
		if q := b*b - (spatial.Dot(v.Eye, v.Eye) - 0.25); q > 0 && -b-math.Sqrt(q) < want {
			want, id = -b-math.Sqrt(q), 0
		}
		kinds[id]++
		if math.Abs(float64(got)-want) > 1e-6*want || r.IDs()[i] != id {
			t.Fatalf("pixel %d: depth %g of %d, want %g of %d", i, got, r.IDs()[i], want, id)
		}
	}
	if kinds[0] < 100 || kinds[IDGround] < 100 {
		t.Fatalf("the scene shows too little: %v", kinds)
	}
}

// distance is the signed distance of p to a solid, or a number of the same sign and at most that size.
func distance(s *solid, p vec) float64 {
	rho := math.Hypot(p.X, p.Y)
	switch s.kind {
	case kindSphere:
		return spatial.Norm(p) - s.r
	case kindCapsule:
		return math.Hypot(rho, math.Max(math.Abs(p.Z)-s.h, 0)) - s.r
	case kindBox:
		return math.Max(math.Abs(p.X)-s.half.X, math.Max(math.Abs(p.Y)-s.half.Y, math.Abs(p.Z)-s.half.Z))
	case kindEllipsoid:
		return toEllipsoid(s, p)
	case kindCylinder:
		return math.Max(rho-s.r, math.Abs(p.Z)-s.h)
	}
	k := s.r / (2 * s.h)
	return math.Max((rho-k*(s.h-p.Z))/math.Sqrt(1+k*k), -s.h-p.Z)
}

// toEllipsoid is the distance of p from an ellipsoid: its nearest point is p_i r_i²/(r_i² + t), with Newton's method for t, which from the
// left overshoots nothing. Of a point inside it is a bound.
func toEllipsoid(s *solid, p vec) float64 {
	if k := spatial.Norm(s.scaled(p)) - 1; k <= 0 {
		return k * min(s.half.X, s.half.Y, s.half.Z)
	}
	for t := 0.0; ; {
		f, slope, far := -1.0, 0.0, 0.0
		for _, c := range [3][2]float64{{p.X, s.half.X}, {p.Y, s.half.Y}, {p.Z, s.half.Z}} {
			r2 := c[1] * c[1]
			y := c[0] * r2 / (r2 + t)
			f += y * y / r2
			slope -= 2 * y * y / (r2 * (r2 + t))
			far += (c[0] - y) * (c[0] - y)
		}
		if f < 1e-14 {
			return math.Sqrt(far)
		}
		t -= f / slope
	}
}

// TestHitsAgainstMarching compares every hit with a march along the ray that knows only distances.
func TestHitsAgainstMarching(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	hits := 0
	for k := kindSphere; k <= kindCone; k++ {
		s := solid{kind: k, r: 0.4, h: 0.7, half: vec{X: 0.5, Y: 0.3, Z: 0.8}}
		for range 4000 {
			o := vec{X: rng.NormFloat64() * 3, Y: rng.NormFloat64() * 3, Z: rng.NormFloat64() * 3}
			aim := vec{X: rng.NormFloat64() * 0.5, Y: rng.NormFloat64() * 0.5, Z: rng.NormFloat64() * 0.7}
			if distance(&s, o) < 0.05 {
				continue
			}
			d := spatial.Sub(aim, o)
			switch rng.IntN(8) { // rays along axes have their own branches
			case 0:
				d = vec{Z: d.Z}
			case 1:
				d = vec{X: d.X}
			}
			got, face, ok := s.hit(o, d)
			step, want, closest := spatial.Norm(d), 0.0, math.Inf(1)
			for i := 0; i < 4000 && want < 10; i++ {
				g := distance(&s, spatial.AddScaled(o, want, d))
				closest = math.Min(closest, g)
				if g < 1e-9 {
					break
				}
				want += g / step
			}
			met := closest < 1e-9
			if ok != met && math.Abs(closest) > 1e-5 && !(ok && distance(&s, spatial.AddScaled(o, got, d)) < 1e-7) {
				t.Fatalf("kind %d: ray %v + t %v: hit %v, but marching comes within %g", k, o, d, ok, closest)
			}
			if !ok || !met {
				continue
			}
			hits++
			if math.Abs(got-want)*step > 1e-4 {
				t.Fatalf("kind %d: ray %v + t %v: t = %g, marching finds %g", k, o, d, got, want)
			}
			p := spatial.AddScaled(o, got, d)
			n := s.normal(p, face)
			if out := distance(&s, spatial.AddScaled(p, 1e-6, n)); math.Abs(spatial.Norm(n)-1) > 1e-9 || out < 0.99e-6 || out > 1.01e-6 && k != kindBox {
				t.Fatalf("kind %d: normal %v at %v on face %d leaves the surface by %g of 1e-6", k, n, p, face, out)
			}
		}
	}
	if hits < 3000 {
		t.Fatalf("only %d hits were compared", hits)
	}
}

// boxMesh is the box as twelve triangles.
func boxMesh(h vec) *scene.Mesh {
	m := &scene.Mesh{}
	for i := range 8 {
		m.Vertices = append(m.Vertices, vec{
			X: h.X * float64(1-i&1*2), Y: h.Y * float64(1-i>>1&1*2), Z: h.Z * float64(1-i>>2&1*2)})
	}
	for _, f := range [...][4]int32{{0, 2, 6, 4}, {1, 5, 7, 3}, {0, 4, 5, 1}, {2, 3, 7, 6}, {0, 1, 3, 2}, {4, 6, 7, 5}} {
		m.Triangles = append(m.Triangles, [3]int32{f[0], f[1], f[2]}, [3]int32{f[0], f[2], f[3]})
	}
	return m
}

// TestMeshIsTheBox draws one box twice, as a primitive and as triangles: depth must agree, also when
// the eye stands among the corners, and so must the picture with its shadows.
func TestMeshIsTheBox(t *testing.T) {
	const w, h = 160, 120
	half := vec{X: 0.6, Y: 0.3, Z: 0.4}
	for _, distance := range []float64{3, 0.9} {
		sc := bare(contact.Box(half), distance)
		sc.Grounds = []scene.Ground{{Offset: -0.6}}
		sc.Items[0].Pose.Rot = spatial.RPY(0.2, 0.3, 0.4)
		sc.Camera.Azimuth, sc.Camera.Elevation, sc.Camera.FovY = 0.5, 0.4, 1
		a, b := New(w, h), New(w, h)
		pa, pb := image.NewRGBA(image.Rect(0, 0, w, h)), image.NewRGBA(image.Rect(0, 0, w, h))
		a.Render(pa, sc)
		sc.Items[0].Mesh = boxMesh(vec{X: 1, Y: 1, Z: 1})
		sc.Items[0].Scale = half
		b.Render(pb, sc)
		for i := range a.Depth() {
			da, db := float64(a.Depth()[i]), float64(b.Depth()[i])
			if a.IDs()[i] != b.IDs()[i] || math.Abs(da-db) > 1e-5*da {
				t.Fatalf("distance %g, pixel (%d, %d): box %g of %d, mesh %g of %d", distance, i%w, i/w, da, a.IDs()[i], db, b.IDs()[i])
			}
		}
		bad := 0
		for i := range pa.Pix {
			// The ground's shade under a mesh comes from one ball, under a box from several.
			if d := int(pa.Pix[i]) - int(pb.Pix[i]); a.IDs()[i/4] == 0 && max(d, -d) > 6 {
				bad++
			}
		}
		if bad > 40 {
			t.Errorf("distance %g: %d bytes of the item differ by more than 6", distance, bad)
		}
	}
}

// TestMeshThroughTheEyesPlane looks along a floor of two triangles that reach behind the eye.
func TestMeshThroughTheEyesPlane(t *testing.T) {
	const w, h = 120, 90
	sc := &scene.Scene{
		Items: []scene.Item{{Mesh: &scene.Mesh{
			Vertices:  []vec{{X: -20, Y: -20}, {X: 20, Y: -20}, {X: 20, Y: 20}, {X: -20, Y: 20}},
			Triangles: [][3]int32{{0, 1, 2}, {0, 2, 3}},
		}}},
		Camera: scene.Camera{Target: vec{Z: 0.2}, Azimuth: 0.3, Elevation: 0.1, Distance: 3, FovY: 1.2},
	}
	r := New(w, h)
	r.Cast(sc)
	v := sc.Camera.View()
	seen := 0
	for i, got := range r.Depth() {
		d := v.Ray(float64(i%w)+0.5, float64(i/w)+0.5, w, h)
		s := -v.Eye.Z / d.Z
		p := spatial.AddScaled(v.Eye, s, d)
		want := math.Inf(1)
		if s > 0 && math.Max(math.Abs(p.X), math.Abs(p.Y)) < 20 {
			want = s * spatial.Norm(d)
			seen++
		}
		if math.IsInf(want, 1) != math.IsInf(float64(got), 1) || math.Abs(float64(got)-want) > 1e-5*want {
			t.Fatalf("pixel (%d, %d): depth %g, want %g", i%w, i/w, got, want)
		}
	}
	if seen < w*h/3 {
		t.Fatalf("only %d pixels show the floor", seen)
	}
}
