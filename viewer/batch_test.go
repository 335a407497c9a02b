package viewer

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestInstanceIsRelativeToTheEye: single precision must be fine at the eye, wherever the robot has walked to.
func TestInstanceIsRelativeToTheEye(t *testing.T) {
	far := r3.Vec{X: 1e7, Y: -3e6}
	q := spatial.RPY(0.1, 0.2, 0.3)
	c := scene.Color{R: 0.5, G: 1, B: 0, A: 0.25}
	v := makeInstance(scene.Pose{Pos: r3.Add(far, r3.Vec{X: 0.123, Y: 4, Z: -5}), Rot: q}, far, stretch{1, 2, 3, 4}, c, massLook)
	for k, want := range map[int]float64{3: 0.123, 7: 4, 11: -5, 12: 1, 13: 2, 14: 3, 15: 4, 16: 0.21404, 17: 1, 18: 0, 19: 0.25, 20: float64(massLook)} {
		if math.Abs(float64(v[k])-want) > 1e-5 {
			t.Errorf("number %d is %g, want %g", k, v[k], want)
		}
	}
	x := spatial.QuatRotate(q, r3.Vec{X: 1}) // the first column
	if math.Abs(float64(v[0])-x.X)+math.Abs(float64(v[4])-x.Y)+math.Abs(float64(v[8])-x.Z) > 1e-6 {
		t.Errorf("the x axis is (%g, %g, %g), want %v", v[0], v[4], v[8], x)
	}
}

// TestMeshesAreUploadedOnce: the same mesh is one form, in every picture; another is another.
func TestMeshesAreUploadedOnce(t *testing.T) {
	var b batch
	one, two := boxOf(1), boxOf(2)
	for range 3 {
		b.reset()
		for _, m := range []*scene.Mesh{one, two, one} {
			b.item(&scene.Item{Mesh: m}, r3.Vec{}, scene.RGB(0xFF))
		}
		if len(b.of) != int(meshForm)+2 || len(b.of[meshForm]) != 2 || len(b.of[meshForm+1]) != 1 || len(b.list) != 2 {
			t.Fatalf("%d forms, %d meshes", len(b.of), len(b.list))
		}
	}
	if s := b.of[meshForm][0]; s[12] != 1 || s[13] != 1 || s[14] != 1 {
		t.Errorf("a mesh without scale is stretched by (%g, %g, %g)", s[12], s[13], s[14])
	}
}

// boxOf returns a mesh of the corners of a cube of the given half edge, beside the origin.
func boxOf(half float64) *scene.Mesh {
	m := &scene.Mesh{}
	for i := range 8 {
		sign := func(bit int) float64 { return half * float64(2*(i>>bit&1)-1) }
		m.Vertices = append(m.Vertices, r3.Vec{X: 3 + sign(0), Y: sign(1), Z: sign(2)})
	}
	m.Triangles = [][3]int32{{0, 1, 2}, {5, 6, 7}}
	return m
}

// TestReachHoldsTheItem: shadows of what sticks out of the ball around it would be cut off.
func TestReachHoldsTheItem(t *testing.T) {
	pose := scene.Pose{Pos: r3.Vec{X: 1, Y: 2, Z: 3}, Rot: spatial.RPY(0.4, 0.5, 0.6)}
	it := scene.Item{Mesh: boxOf(0.5), Scale: r3.Vec{X: 2, Y: 1, Z: 3}, Pose: pose}
	at, r := reach(&it)
	for _, v := range it.Mesh.Vertices {
		p := pose.Apply(r3.Vec{X: 2 * v.X, Y: v.Y, Z: 3 * v.Z})
		if d := r3.Norm(r3.Sub(p, at)); d > r*(1+1e-12) || d < 0.99*r {
			t.Errorf("a corner is %g m from the middle of a ball of %g m", d, r)
		}
	}
	it = scene.Item{Shape: contact.Capsule(0.1, 0.3), Pose: pose}
	if at, r := reach(&it); at != pose.Pos || math.Abs(r-0.4) > 1e-15 {
		t.Errorf("a capsule reaches %g m from %v", r, at)
	}
}

func TestMarksBecomeForms(t *testing.T) {
	var b batch
	for _, p := range []scene.Piece{
		{Kind: scene.ShaftPiece, Radius: 0.1, Half: 2}, {Kind: scene.TipPiece, Radius: 0.3, Half: 0.5},
		{Kind: scene.BallPiece, Radius: 0.7}, {Kind: scene.BallPiece, Radius: 0.2, Quarters: true},
	} {
		b.mark(&p, r3.Vec{})
	}
	shaft, tip, balls := b.of[cylinderForm], b.of[coneForm], b.of[capsuleForm]
	if len(shaft) != 1 || shaft[0][12] != 0.1 || shaft[0][14] != 2 || len(tip) != 1 || tip[0][13] != 0.3 || tip[0][14] != 0.5 {
		t.Errorf("shaft %v, tip %v", shaft, tip)
	}
	if len(balls) != 2 || balls[0][14] != 0.7 || look(balls[0][20]) != markLook || look(balls[1][20]) != massLook {
		t.Errorf("balls %v", balls)
	}
}

// TestWhatIsNowhereIsNotDrawn: a pose that is no number must not reach the graphics.
func TestWhatIsNowhereIsNotDrawn(t *testing.T) {
	var b batch
	b.item(&scene.Item{Shape: contact.Sphere(1), Pose: scene.Pose{Pos: r3.Vec{X: math.NaN()}}}, r3.Vec{}, scene.RGB(0))
	if len(b.of) != 0 {
		t.Errorf("%v", b.of)
	}
}

// apply multiplies a matrix with a point.
func (m *matrix) apply(p r3.Vec) (o [4]float64) {
	for k := range o {
		o[k] = float64(m[k])*p.X + float64(m[4+k])*p.Y + float64(m[8+k])*p.Z + float64(m[12+k])
	}
	return o
}

// TestSunSeesWhatItHolds: every point of the balls that were included is inside the map, whichever way the light comes.
func TestSunSeesWhatItHolds(t *testing.T) {
	for _, to := range []r3.Vec{{Z: 1}, {X: 1}, {X: -0.35, Y: -0.45, Z: 0.85}, {X: 0.95, Y: 0.1, Z: 0.3}} {
		to = r3.Unit(to)
		s := newSunView(to)
		if !s.empty() {
			t.Error("a view of nothing is not empty")
		}
		balls := map[r3.Vec]float64{{X: 1}: 0.5, {Y: -2, Z: 1}: 0.1, {X: -3, Z: 0.2}: 1}
		for at, r := range balls {
			s.include(at, r)
		}
		s.pad()
		m := s.matrix()
		for at, r := range balls {
			for _, d := range []r3.Vec{{X: r}, {X: -r}, {Y: r}, {Y: -r}, {Z: r}, {Z: -r}, {}} {
				o := m.apply(r3.Add(at, d))
				if max(math.Abs(o[0]), math.Abs(o[1]), math.Abs(o[2])) > 1 || o[3] != 1 {
					t.Errorf("light from %v: %v is at %v of the map", to, r3.Add(at, d), o)
				}
			}
		}
		if near, far := m.apply(to), m.apply(r3.Vec{}); near[2] >= far[2] {
			t.Errorf("light from %v: what is nearer to it is at depth %g behind %g", to, near[2], far[2])
		}
	}
}

// area returns the area of the triangles in data.
func area(data []float32) (sum float64) {
	at := func(i int) r3.Vec { return r3.Vec{X: float64(data[i]), Y: float64(data[i+1]), Z: float64(data[i+2])} }
	for i := 0; i < len(data); i += 9 {
		sum += r3.Norm(r3.Cross(r3.Sub(at(i+3), at(i)), r3.Sub(at(i+6), at(i)))) / 2
	}
	return sum
}

// TestGroundHasNoHole: the ring and the square inside it make up the whole ground, once.
func TestGroundHasNoHole(t *testing.T) {
	x, y := r3.Vec{X: 1}, r3.Vec{Y: 1}
	outer := groundSquare(x, y, r3.Vec{Z: -2}, 10)
	inner := groundSquare(x, y, r3.Vec{X: 3, Y: -1, Z: -2}, 1.5)
	ring, square := ringTriangles(outer, inner, true), squareTriangles(inner, true)
	if a, b := area(ring), area(square); math.Abs(a+b-400) > 1e-3 || math.Abs(b-9) > 1e-5 {
		t.Errorf("the ring has %g m², the square %g, want 400 together and 9", a, b)
	}
	if all, none := ringTriangles(outer, inner, false), squareTriangles(inner, false); math.Abs(area(all)-400) > 1e-3 || none != nil {
		t.Errorf("without shadows the ground has %g m² and %d numbers more", area(all), len(none))
	}
}

// screen returns where vertex i of the ribbons is seen, in pixels from the middle.
func (r *ribbons) screen(i, width, height int) (x, y float64, alpha float32) {
	d := r.data[i*ribbonFloats:]
	return float64(d[0]/d[3]) * float64(width) / 2, float64(d[1]/d[3]) * float64(height) / 2, d[7]
}

// TestRibbonIsAsWideAsItSays at every depth, along the path, and fades toward its beginning.
func TestRibbonIsAsWideAsItSays(t *testing.T) {
	const w, h = 1280, 720
	c := scene.Camera{Distance: 5}
	v := c.View()
	clip := perspective(&v, float64(w)/h, 0.05, 1000)
	var r ribbons
	r.add(&scene.Trace{Points: []r3.Vec{{X: -4, Y: -1}, {Y: 0}, {X: 3, Y: 0.3}}, Width: 6, Fade: true}, scene.RGB(0xFF), &v, &clip, 0.05, w, h)
	if len(r.data) != 2*6*ribbonFloats {
		t.Fatalf("%d numbers for two pieces", len(r.data))
	}
	for piece := range 2 {
		for _, pair := range [2][2]int{{0, 1}, {5, 4}} { // both sides at the beginning and at the end
			x0, y0, a := r.screen(6*piece+pair[0], w, h)
			x1, y1, _ := r.screen(6*piece+pair[1], w, h)
			if d := math.Hypot(x1-x0, y1-y0); math.Abs(d-6) > 0.01 {
				t.Errorf("piece %d is %g pixels wide, want 6", piece, d)
			}
			if k := piece + map[int]int{0: 0, 5: 1}[pair[0]]; math.Abs(float64(a)-float64(k+1)/3) > 1e-6 {
				t.Errorf("knot %d is %g opaque", k, a)
			}
		}
	}
	r.data = nil
	r.add(&scene.Trace{Points: []r3.Vec{{Y: -1}, {Y: 1}, {X: 9}, {X: 9, Y: 1}, {Y: math.NaN()}, {Y: 1}, {Y: 1 + 1e-9}}}, scene.RGB(0), &v, &clip, 0.05, w, h)
	if len(r.data) != 6*ribbonFloats {
		t.Errorf("%d numbers: only the first piece is in front of the eye and longer than a pixel", len(r.data))
	}
}

// TestMeshSolidKeepsCreases: faces without normals get their own, those with keep them.
func TestMeshSolidKeepsCreases(t *testing.T) {
	m := &scene.Mesh{Vertices: []r3.Vec{{}, {X: 1}, {Y: 1}, {Z: 1}}, Triangles: [][3]int32{{0, 1, 2}, {0, 1, 1}}}
	s := meshSolid(m)
	for i := range uint32(3) {
		if _, n := s.at(i, 0); n != (r3.Vec{Z: 1}) {
			t.Errorf("corner %d of a flat face looks along %v", i, n)
		}
	}
	m.Normals = make([]r3.Vec, 6)
	m.Normals[1] = r3.Vec{X: 1}
	s = meshSolid(m)
	_, a := s.at(0, 0)
	if _, b := s.at(1, 0); a != (r3.Vec{Z: 1}) || b != (r3.Vec{X: 1}) || len(s.index) != 6 {
		t.Errorf("normals %v and %v, %d corners", a, b, len(s.index))
	}
}
