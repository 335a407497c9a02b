package pieces

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// body is a mesh, ready to be asked how far a point is outside of it.
type body struct {
	low, high  r3.Vec
	size       float64 // of its box, corner to corner
	surface    *tree
	components []*component
	creases    []crease
	work       int // points whose distance was asked for
	memory     memory
}

// component is what hangs together of a mesh.
type component struct {
	all       []triangle
	tree      *tree
	closed    bool
	sheet     bool
	low, high r3.Vec
}

func newBody(vertices []r3.Vec, triangles [][3]int32, most int) (*body, error) {
	all, err := clean(vertices, triangles)
	if err != nil {
		return nil, err
	}
	b := &body{}
	b.low, b.high = extent(all)
	const largest = 1e30 // m; squares of areas overflow beyond 1e77
	if b.size = spatial.Norm(spatial.Sub(b.high, b.low)); !(b.size < largest && b.size > 1/largest) {
		return nil, fmt.Errorf("the mesh is %g m in size, want something between %g and %g", b.size, 1/largest, largest)
	}
	b.surface = newTree(all)
	of, count := weld(all, b.size)
	b.creases = creases(all, of)
	whole := Closed(of)
	for _, c := range components(all, of, count, most) {
		k := &component{all: c, tree: newTree(c), closed: whole}
		k.low, k.high = extent(c)
		k.sheet = !whole && k.open()
		b.components = append(b.components, k)
	}
	return b, nil
}

// open reports whether c has no inside: winding numbers are nowhere near whole numbers at a quarter of some points in its box, those
// of Halton's sequence (1960).
func (c *component) open() bool {
	const probes, most, near = 200, 50, 0.2
	d, odd := spatial.Sub(c.high, c.low), 0
	for i := range probes {
		x := spatial.Add(c.low, r3.Vec{X: d.X * halton(i+1, 2), Y: d.Y * halton(i+1, 3), Z: d.Z * halton(i+1, 5)})
		if w := c.tree.winding(x); math.Abs(w-math.Round(w)) > near {
			odd++
		}
	}
	return odd > most
}

// halton returns the digits of i to a base, mirrored behind the point.
func halton(i, base int) (x float64) {
	for f := 1 / float64(base); i > 0; f /= float64(base) {
		x += f * float64(i%base)
		i /= base
	}
	return x
}

// holds reports whether x is inside of c.
func (c *component) holds(x r3.Vec) bool {
	if c.sheet || x.X < c.low.X || x.Y < c.low.Y || x.Z < c.low.Z || x.X > c.high.X || x.Y > c.high.Y || x.Z > c.high.Z {
		return false
	}
	for along := 0; c.closed && along < 3; along++ {
		if n, ok := c.tree.crossings(x, along); ok {
			return n != 0
		}
	}
	return math.Abs(c.tree.winding(x)) > 0.5
}

// inside reports whether x is inside of b. What is closed in is.
func (b *body) inside(x r3.Vec) bool {
	for _, c := range b.components {
		if c.holds(x) {
			return true
		}
	}
	return false
}

// patch is a part of a face of a hull of which no point is more than bound outside.
type patch struct {
	triangle
	middle r3.Vec
	away   float64 // of the middle from the surface of the body, whichever side it is on
	radius float64 // about the middle
	bound  float64
	sure   bool // whether the bound knows the side
}

// Bounds of the search of outside, in patches that are halved: where all has to be within the tolerance, which ends on its own but of what
// nobody has thought of, and where planes are compared.
const (
	mostPatches = 50000
	fewPatches  = 2000
)

// outside returns how far the surface of s is outside of b at most, and where. What is within enough is not looked at more closely: the
// result may be anything up to that then. Beyond it is found to a part of it, rough. The patch that may be farthest is halved first. None of
// its points is farther than its middle by more than its radius; and none is farther from a triangle of b, which is convex, than the farthest
// of its corners. After halving most patches the search ends.
func (b *body) outside(s *solid, enough, rough float64, most int) (worst float64, at r3.Vec) {
	var h heap
	matters := enough
	add := func(t triangle) {
		if p := b.patch(t); p.bound > matters {
			h.push(p)
		}
	}
	for _, f := range s.faces {
		add(s.face(f))
	}
	for n := 0; len(h) > 0 && h[0].bound > matters && n < most; n++ {
		p := h.pop()
		if !p.sure { // asked only of those that matter: inside or not is the dearest question
			if p.sure = true; b.inside(p.middle) {
				p.bound = math.Min(p.bound, p.radius-p.away)
			} else if p.away > worst {
				if worst, at = p.away, p.middle; worst > enough {
					matters = worst * (1 + rough)
				}
			}
			if p.bound > matters {
				h.push(p)
			}
			continue
		}
		k := p.longest()
		a, b, c := p.triangle[k], p.triangle[(k+1)%3], p.triangle[(k+2)%3]
		half := spatial.Scale(0.5, spatial.Add(a, b))
		add(triangle{a, half, c})
		add(triangle{half, b, c})
	}
	return worst, at
}

// patch returns t with its bound as long as nobody knows whether its middle is inside.
func (b *body) patch(t triangle) patch {
	m := b.memory.of(&t)
	if m != nil && m.triangle == t {
		return *m
	}
	b.work++
	p := patch{triangle: t, middle: spatial.Scale(1.0/3, spatial.Add(t[0], spatial.Add(t[1], t[2])))}
	var near *triangle
	p.away, near = b.surface.nearest(p.middle)
	far := 0.0
	for _, x := range t {
		p.radius = math.Max(p.radius, spatial.Norm(spatial.Sub(x, p.middle)))
		far = math.Max(far, near.away(x))
	}
	p.bound = math.Min(p.away+p.radius, math.Sqrt(far))
	if m != nil {
		*m = p
	}
	return p
}

// memory holds patches that were asked for, each until another takes its place: hulls have most of their faces in common with others.
type memory []patch

const remembered = 1 << 17 // patches: 16 MB

// of returns the place of t.
func (m memory) of(t *triangle) *patch {
	if len(m) == 0 {
		return nil
	}
	var h uint64
	for _, p := range t {
		for _, x := range [3]float64{p.X, p.Y, p.Z} {
			h = (h ^ math.Float64bits(x)) * 0x9e3779b97f4a7c15
			h ^= h >> 32
		}
	}
	return &m[h%uint64(len(m))]
}

// longest returns which side of t is the longest, 0 for that between corners 0 and 1.
func (t *triangle) longest() (best int) {
	most := -1.0
	for k := range t {
		if l := spatial.Norm(spatial.Sub(t[(k+1)%3], t[k])); l > most {
			best, most = k, l
		}
	}
	return best
}

// heap holds patches, that of the largest bound first.
type heap []patch

func (h *heap) push(p patch) {
	*h = append(*h, p)
	l := *h
	for i := len(l) - 1; i > 0 && l[(i-1)/2].bound < l[i].bound; i = (i - 1) / 2 {
		l[i], l[(i-1)/2] = l[(i-1)/2], l[i]
	}
}

func (h *heap) pop() patch {
	l := *h
	top, last := l[0], len(l)-1
	l[0] = l[last]
	l = l[:last]
	for i := 0; ; {
		k := 2*i + 1
		if k+1 < last && l[k+1].bound > l[k].bound {
			k++
		}
		if k >= last || l[k].bound <= l[i].bound {
			break
		}
		l[i], l[k] = l[k], l[i]
		i = k
	}
	*h = l
	return top
}
