package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// part is a mesh placed in the world. Its vertices and triangles are ranges of the arrays in binning.
type part struct {
	look
	mesh   *scene.Mesh
	normal spatial.Mat3 // of the mesh to world, up to length
	vertex int          // first
	tri    int          // first
	size   float64      // radius of the mesh about its middle (m)
}

// box16 is a range of pixels, x1 and y1 excluded.
type box16 struct{ x0, y0, x1, y1 int16 }

// addMesh places the vertices of a mesh and bounds its triangles. It reports whether the mesh is sound.
func (r *Renderer) addMesh(it *scene.Item, lk look) bool {
	m := it.Mesh
	if m.Check() != nil || !spatial.Finite(it.Scale) {
		return false
	}
	s := scene.Stretch(it.Scale)
	if s.X == 0 || s.Y == 0 || s.Z == 0 {
		return false
	}
	var rot spatial.Mat3
	rot.Set(scene.Upright(it.Pose.Rot))
	b, e := &r.tiles, &r.eye
	p := part{look: lk, mesh: m, vertex: len(b.world), tri: len(b.tri)}
	for i := range 3 {
		p.normal[3*i], p.normal[3*i+1], p.normal[3*i+2] = rot[3*i]/s.X, rot[3*i+1]/s.Y, rot[3*i+2]/s.Z
	}
	low, high := m.Bounds()
	d := spatial.Sub(high, low)
	p.size = spatial.Norm(vec{X: d.X * s.X, Y: d.Y * s.Y, Z: d.Z * s.Z}) / 2
	for _, v := range m.Vertices {
		w := spatial.Add(it.Pose.Pos, rot.MulVec(vec{X: v.X * s.X, Y: v.Y * s.Y, Z: v.Z * s.Z}))
		c := e.local(w)
		b.world = append(b.world, w)
		b.screen = append(b.screen, vec{X: e.focal*c.X + e.width/2*c.Z, Y: e.focal*c.Y + e.height/2*c.Z, Z: c.Z})
	}
	screen := b.screen[p.vertex:]
	for _, t := range m.Triangles {
		b.tri = append(b.tri, triangleBox(screen[t[0]], screen[t[1]], screen[t[2]], e.width, e.height))
	}
	r.parts = append(r.parts, p)
	return true
}

// triangleBox returns the pixels a triangle may cover, after cutting it at the near plane.
func triangleBox(a, b, c vec, width, height float64) box16 {
	q := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	if a.Z > near && b.Z > near && c.Z > near {
		q.hold(a)
		q.hold(b)
		q.hold(c)
	} else {
		v := [4]vec{a, b, c, a}
		for i := range 3 {
			if v[i].Z > near {
				q.hold(v[i])
			}
			if (v[i].Z > near) != (v[i+1].Z > near) {
				s := (near - v[i].Z) / (v[i+1].Z - v[i].Z)
				cut := spatial.AddScaled(v[i], s, spatial.Sub(v[i+1], v[i]))
				cut.Z = near
				q.hold(cut)
			}
		}
	}
	q = q.clip(width, height)
	if !(q.x1 >= q.x0 && q.y1 >= q.y0) {
		return box16{}
	}
	// The far edge is included: a triangle may touch a sample exactly there.
	x1, y1 := min(int(q.x1)+1, int(width)), min(int(q.y1)+1, int(height))
	return box16{int16(q.x0), int16(q.y0), int16(x1), int16(y1)}
}

// hold widens q to hold the picture of the homogeneous point v.
func (q *rect) hold(v vec) {
	i := 1 / v.Z
	x, y := v.X*i, v.Y*i
	q.x0, q.y0 = min(q.x0, x), min(q.y0, y)
	q.x1, q.y1 = max(q.x1, x), max(q.y1, y)
}

// plane3 is a triangle as three affine functions of the pixel, one per corner,
//
//	e_i(x, y) = (h_j × h_k)·(x, y, 1),
//
// with h the corners in homogeneous pixels. A ray through (x, y) meets the triangle where all three
// have one sign, at depth det / Σ e_i, with barycentric coordinates e_i / Σ e_i. (Olano and Greer,
// Triangle Scan Conversion using 2D Homogeneous Coordinates, 1997.) No cutting at the near plane is
// needed, and two triangles compute exactly opposite numbers on a common edge, so no ray slips through.
type plane3 struct {
	a, b, c vec
	det     float64
	box     box16
	part    int32
	tri     int32 // in the part
}

func (t *plane3) set(a, b, c vec) bool {
	t.a, t.b, t.c = spatial.Cross(b, c), spatial.Cross(c, a), spatial.Cross(a, b)
	t.det = spatial.Dot(a, t.a)
	if t.det < 0 { // seen from behind
		t.a, t.b, t.c, t.det = spatial.Scale(-1, t.a), spatial.Scale(-1, t.b), spatial.Scale(-1, t.c), -t.det
	}
	return t.det > 0
}

// hit returns the depth at which the ray through (x, y) meets the triangle.
func (t *plane3) hit(x, y float64) (float64, bool) {
	ea := t.a.X*x + t.a.Y*y + t.a.Z
	eb := t.b.X*x + t.b.Y*y + t.b.Z
	ec := t.c.X*x + t.c.Y*y + t.c.Z
	if ea < 0 || eb < 0 || ec < 0 {
		return 0, false
	}
	s := ea + eb + ec
	z := t.det / s
	return z, s > 0 && z > near
}
