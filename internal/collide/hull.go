package collide

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/ground"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Hull is the core of a shape as a convex polytope in the frame of the shape: all of it but a radius. It is made once,
// when a model is built or a size changes. A sphere has one vertex, a capsule two and an edge; so have points in one
// place and on one line, and flat ones two faces back to back.
type Hull struct {
	vertices []corner
	edges    []ridge
	faces    []facet
	middle   r3.Vec
	size     float64         // of the largest distance from the middle
	inner    float64         // radius of a ball about the middle that is inside; 0 of what has no volume
	radius   float64         // of the ball around the core
	solid    bool            // has a volume
	spine    *Hull           // of a cylinder, the line along it with its radius: its side
	planes   []plane         // of the faces, together for searches
	fan      [][]int32       // the faces around each vertex, ascending
	star     [][]int32       // and the edges
	bends    []bend          // of the edges, of what has a volume
	index    []int32         // of points, the vertex that each of them is
	every    lists           // all there are
	sectors  *sectors        // of many vertices
	ground   *ground.Surface // of terrain, which is no hull
}

// plane is n·x = offset.
type plane struct {
	n      r3.Vec
	offset float64
}

// bend is what is beside an edge: two faces, and the cosine of half the angle between their normals.
type bend struct {
	left, right int32
	cosine      float64
}

// lists are numbers of vertices, edges and faces.
type lists struct{ vertices, edges, faces []int32 }

// corner is a vertex of a hull.
type corner struct {
	at   r3.Vec
	code uint16
}

// ridge is an edge: the face on its left has it from the vertex From to To, that on its right the other way.
type ridge struct {
	from, to    int32
	left, right int32
	axis        r3.Vec
	half        float64 // of its length
	code        uint16
}

// facet is a face: vertices and the edges after them, counterclockwise seen from outside.
type facet struct {
	loop, edge []int32
	normal     r3.Vec
	middle     r3.Vec  // the mean of its vertices
	offset     float64 // of its plane along the normal, such that all vertices are behind it
	code       uint16
}

// mostPoints is how many points a set may have that other shapes touch.
const mostPoints = 4096

// HullOf returns the hull of s. Too many points have none.
func HullOf(s *contact.Shape) (*Hull, error) {
	h := &Hull{}
	switch s.Kind {
	case contact.KindSphere:
		h.radius = s.Radius
		h.vertices = []corner{{}}
	case contact.KindCapsule:
		h.ofLine(s)
	case contact.KindBox:
		h.ofBox(s.Half)
	case contact.KindCylinder:
		h.ofPrism(s)
		h.spine = &Hull{}
		h.spine.ofLine(s)
		h.spine.measure()
	case contact.KindPoints:
		if err := h.ofPoints(s.Vertices); err != nil {
			return nil, err
		}
	case contact.KindTerrain:
		return &Hull{ground: s.Terrain.Ground()}, nil
	case contact.KindEllipsoid: // has no core but itself
	default:
		return nil, fmt.Errorf("%v: a shape without a hull", s.Kind)
	}
	h.measure()
	return h, nil
}

// ofLine makes the line along a capsule or cylinder.
func (h *Hull) ofLine(s *contact.Shape) {
	h.radius = s.Radius
	h.vertices = []corner{{r3.Vec{Z: s.HalfLength}, endUp}, {r3.Vec{Z: -s.HalfLength}, endDown}}
	h.edges = []ridge{{from: 1, to: 0, left: -1, right: -1, code: side}}
}

// boxFaces are the vertices of the faces of a box, numbered as by boxCorner.
var boxFaces = [6][4]int32{{0, 2, 6, 4}, {1, 5, 7, 3}, {0, 4, 5, 1}, {2, 3, 7, 6}, {0, 1, 3, 2}, {4, 6, 7, 5}}

func (h *Hull) ofBox(half r3.Vec) {
	h.solid = true
	s := [8][3]int{}
	for i := range s {
		s[i] = [3]int{1 - i&1*2, 1 - i>>1&1*2, 1 - i>>2&1*2}
		h.vertices = append(h.vertices, corner{boxCorner(half, i), signs(s[i]).Code})
	}
	common := func(v ...int32) Part { // what the signs of vertices have in common
		c := s[v[0]]
		for _, i := range v[1:] {
			for k := range c {
				if s[i][k] != c[k] {
					c[k] = 0
				}
			}
		}
		return signs(c)
	}
	for i := range boxFaces {
		l := boxFaces[i][:]
		h.faces = append(h.faces, facet{loop: l, code: common(l...).Code})
	}
	h.join()
	for i := range h.edges {
		e := &h.edges[i]
		e.code = common(e.from, e.to).Code
		if e.from > e.to { // a point of an edge is counted along the axes of the box
			continue
		}
		e.from, e.to, e.left, e.right = e.to, e.from, e.right, e.left
	}
}

// join makes edges of the loops of all faces.
func (h *Hull) join() {
	at := map[[2]int32]int32{}
	for i := range h.faces {
		f := &h.faces[i]
		f.edge = make([]int32, len(f.loop))
		for k, v := range f.loop {
			w := f.loop[(k+1)%len(f.loop)]
			if e, ok := at[[2]int32{w, v}]; ok {
				h.edges[e].right = int32(i)
				f.edge[k] = e
				continue
			}
			at[[2]int32{v, w}] = int32(len(h.edges))
			f.edge[k] = int32(len(h.edges))
			h.edges = append(h.edges, ridge{from: v, to: w, left: int32(i)})
		}
	}
}

// number gives codes to edges and faces: those of vertices end below n.
func (h *Hull) number(n int) {
	for i := range h.edges {
		h.edges[i].code = uint16(n + i)
	}
	for i := range h.faces {
		h.faces[i].code = uint16(n + len(h.edges) + i)
	}
}

// measure computes everything from the vertices. The normal of a face is that of its area, so that it changes smoothly with vertices
// that do not lie in one plane (Newell's formula).
func (h *Hull) measure() {
	for i := range h.vertices {
		h.middle = spatial.AddScaled(h.middle, 1/float64(len(h.vertices)), h.vertices[i].at)
	}
	for i := range h.vertices {
		h.size = max(h.size, spatial.Norm(spatial.Sub(h.vertices[i].at, h.middle)))
	}
	for i := range h.edges {
		e := &h.edges[i]
		d := spatial.Sub(h.vertices[e.to].at, h.vertices[e.from].at)
		l := spatial.Norm(d)
		e.axis, e.half = spatial.Scale(1/l, d), l/2
	}
	for i := range h.faces {
		f := &h.faces[i]
		for _, v := range f.loop {
			f.middle = spatial.AddScaled(f.middle, 1/float64(len(f.loop)), h.vertices[v].at)
		}
		f.normal, _ = spatial.Unit(h.area(f))
		f.offset = math.Inf(-1)
		for i := range h.vertices {
			f.offset = max(f.offset, spatial.Dot(f.normal, h.vertices[i].at))
		}
	}
	h.list()
	if !h.solid {
		return
	}
	h.inner = h.size
	for i := range h.faces {
		f := &h.faces[i]
		h.inner = max(0, min(h.inner, f.offset-spatial.Dot(f.normal, h.middle)))
	}
	for i := range h.edges {
		e := &h.edges[i]
		h.bends = append(h.bends, bend{e.left, e.right, max(1e-9, math.Sqrt(max(0, (1+spatial.Dot(h.faces[e.left].normal, h.faces[e.right].normal))/2)))})
	}
}

// list makes what searches go through.
func (h *Hull) list() {
	count := func(n int) []int32 {
		l := make([]int32, n)
		for i := range l {
			l[i] = int32(i)
		}
		return l
	}
	h.every = lists{count(len(h.vertices)), count(len(h.edges)), count(len(h.faces))}
	if len(h.faces) == 0 {
		return
	}
	h.fan, h.star = make([][]int32, len(h.vertices)), make([][]int32, len(h.vertices))
	for i := range h.faces {
		f := &h.faces[i]
		h.planes = append(h.planes, plane{f.normal, f.offset})
		for k, v := range f.loop {
			h.fan[v], h.star[v] = append(h.fan[v], int32(i)), append(h.star[v], f.edge[k])
		}
	}
	if h.index != nil && len(h.vertices) > crowd {
		h.sectors = newSectors(h)
	}
}

// area returns the normal of a face times its area.
func (h *Hull) area(f *facet) (n r3.Vec) {
	for k := range f.loop {
		x, y := h.spokes(f, k)
		n = spatial.AddScaled(n, 0.5, spatial.Cross(x, y))
	}
	return n
}

// spokes returns vertex k of a face and the next, from its middle.
func (h *Hull) spokes(f *facet, k int) (x, y r3.Vec) {
	v, w := f.loop[k], f.loop[(k+1)%len(f.loop)]
	return spatial.Sub(h.vertices[v].at, f.middle), spatial.Sub(h.vertices[w].at, f.middle)
}

var errTooMany = fmt.Errorf("points: more than %d, which other shapes do not touch: take the corners of a simpler hull", mostPoints)

// sides is how many sides the prism has that stands for a cylinder against other shapes, where they are flat on each
// other: see cylinder.go.
const sides = 32

// ofPrism makes the prism whose vertices are on the rims of a cylinder: those of the end at +z, then those at −z.
func (h *Hull) ofPrism(s *contact.Shape) {
	h.solid = true
	up, down := make([]int32, sides), make([]int32, sides)
	for i := range 2 * sides {
		p := prismCorner(i)
		h.vertices = append(h.vertices, corner{r3.Vec{X: s.Radius * p.X, Y: s.Radius * p.Y, Z: s.HalfLength * p.Z}, roundCodes + uint16(i)})
	}
	for i := range int32(sides) {
		up[i], down[sides-1-i] = i, sides+i
		j := (i + 1) % sides
		h.faces = append(h.faces, facet{loop: []int32{i, sides + i, sides + j, j}})
	}
	h.faces = append(h.faces, facet{loop: up}, facet{loop: down})
	h.join()
	h.number(int(roundCodes) + 2*sides)
}

// prismInset is how far inside the rim the vertices of the prism are, as a fraction of the radius: on it a rolling coin
// would bump over them.
const prismInset = 1e-4

// prismCorner returns vertex i of the prism in the cylinder of radius and half length one.
func prismCorner(i int) r3.Vec {
	y, x := math.Sincos(2 * math.Pi * (float64(i%sides) + 0.5) / sides)
	z := 1.0
	if i >= sides {
		z = -1
	}
	return r3.Vec{X: (1 - prismInset) * x, Y: (1 - prismInset) * y, Z: z}
}

// InnerRadius returns the radius of a ball about the middle of a shape that is inside of it, 0 of what has no volume.
func InnerRadius(s *contact.Shape, h *Hull) float64 {
	if s.Kind == contact.KindEllipsoid {
		return min(s.Half.X, s.Half.Y, s.Half.Z)
	}
	return h.radius + h.inner
}
