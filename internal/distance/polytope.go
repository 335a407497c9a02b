package distance

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// polytope grows inside the difference of both cores.
type polytope struct {
	corners []corner
	faces   []face
	seen    []int32    // faces that a new corner sees
	rim     [][2]int32 // edges between these and others
}

// face is a triangle of corners, counterclockwise seen from outside.
type face struct {
	at     [3]int32
	n      r3.Vec // unit, outward
	offset float64
	seen   bool
}

// flat is the extent, as a part of the size, below which the difference has none.
const flat = 1e-9

// begin makes p a tetrahedron of corners that lie far apart. Of a difference that is flat it returns a normal.
func (p *polytope) begin(f *Finder) (n r3.Vec, isFlat bool) {
	p.corners, p.faces = p.corners[:0], p.faces[:0]
	x := f.farther(axes[:], r3.Vec{}, nil)
	y := f.farther(axes[:], x.v, func(d r3.Vec) float64 { return spatial.Norm(d) })
	e, ok := spatial.Unit(spatial.Sub(y.v, x.v))
	if !ok || spatial.Norm(spatial.Sub(y.v, x.v)) < flat*f.size {
		return f.side(r3.Vec{Z: 1}), true // one point
	}
	n1 := normalTo(e)
	n2 := spatial.Cross(e, n1)
	diagonal := [4]r3.Vec{n1, n2, spatial.Add(n1, n2), spatial.Sub(n1, n2)}
	z := f.farther(diagonal[:], x.v, func(d r3.Vec) float64 { return spatial.Norm(spatial.Across(d, e)) })
	across := spatial.Across(spatial.Sub(z.v, x.v), e)
	if spatial.Norm(across) < flat*f.size {
		return f.sideways(e), true // a line
	}
	n, _ = spatial.Unit(spatial.Cross(e, across))
	w := f.farther([]r3.Vec{n}, x.v, func(d r3.Vec) float64 { return math.Abs(spatial.Dot(d, n)) })
	h := spatial.Dot(spatial.Sub(w.v, x.v), n)
	if math.Abs(h) < flat*f.size {
		return f.side(n), true
	}
	if h > 0 {
		y, z = z, y
	}
	p.corners = append(p.corners, x, y, z, w)
	for _, k := range [4][3]int32{{0, 1, 2}, {0, 3, 1}, {1, 3, 2}, {2, 3, 0}} {
		p.add(k)
	}
	return n, false
}

// farther returns, of the corners along and against the directions, the one that is farthest from x by a measure; nil takes the first.
func (f *Finder) farther(along []r3.Vec, x r3.Vec, measure func(r3.Vec) float64) (best corner) {
	most := -1.0
	for _, d := range along {
		for _, s := range [2]float64{1, -1} {
			c := f.reach(spatial.Scale(s, d))
			if measure == nil {
				return c
			}
			if l := measure(spatial.Sub(c.v, x)); l > most {
				most, best = l, c
			}
		}
	}
	return best
}

// sideways returns a normal of a line along e, from B to A as far as there is one.
func (f *Finder) sideways(e r3.Vec) r3.Vec {
	d := spatial.Sub(f.a.At.Pos, f.b.At.Pos)
	d = spatial.Across(d, e)
	if spatial.Norm(d) > flat*f.size {
		n, _ := spatial.Unit(d)
		return n
	}
	return normalTo(e)
}

// add appends a face. That of corners on a line has no normal, and is behind everything.
func (p *polytope) add(at [3]int32) {
	a, b, c := p.corners[at[0]].v, p.corners[at[1]].v, p.corners[at[2]].v
	n, ok := spatial.Unit(spatial.Cross(spatial.Sub(b, a), spatial.Sub(c, a)))
	if !ok {
		p.faces = append(p.faces, face{at: at, offset: math.Inf(1)})
		return
	}
	p.faces = append(p.faces, face{at: at, n: n, offset: max(spatial.Dot(n, a), spatial.Dot(n, b), spatial.Dot(n, c))})
}

// lowest returns the face whose plane is nearest to the origin.
func (p *polytope) lowest() (k int) {
	for i := range p.faces {
		if p.faces[i].offset < p.faces[k].offset {
			k = i
		}
	}
	return k
}

// grow takes w in, a corner beyond face k: the faces around it that w sees, or lies in the plane of, give way to those between w and their
// rim. It reports false, and leaves p as it is, where rounding lets that be no surface.
func (p *polytope) grow(k int, w corner, eps float64) bool {
	p.seen, p.rim = append(p.seen[:0], int32(k)), p.rim[:0]
	p.faces[k].seen = true
	for i := 0; i < len(p.seen); i++ {
		for _, e := range p.faces[p.seen[i]].edges() {
			x := p.beyond(e)
			if x < 0 {
				return p.forget()
			}
			c := &p.faces[x]
			if !c.seen && spatial.Dot(c.n, w.v)-c.offset >= -eps {
				c.seen = true
				p.seen = append(p.seen, int32(x))
			}
		}
	}
	for _, i := range p.seen {
		for _, e := range p.faces[i].edges() {
			if !p.faces[p.beyond(e)].seen {
				p.rim = append(p.rim, e)
			}
		}
	}
	if !p.closed() {
		return p.forget()
	}
	p.faces = slices.DeleteFunc(p.faces, func(c face) bool { return c.seen })
	p.corners = append(p.corners, w)
	for _, e := range p.rim {
		p.add([3]int32{e[0], e[1], int32(len(p.corners) - 1)})
	}
	return true
}

func (p *polytope) forget() bool {
	for _, i := range p.seen {
		p.faces[i].seen = false
	}
	return false
}

func (c *face) edges() [3][2]int32 {
	return [3][2]int32{{c.at[0], c.at[1]}, {c.at[1], c.at[2]}, {c.at[2], c.at[0]}}
}

// beyond returns the face on the other side of an edge, −1 for none.
func (p *polytope) beyond(e [2]int32) int {
	for i := range p.faces {
		for _, o := range p.faces[i].edges() {
			if o == [2]int32{e[1], e[0]} {
				return i
			}
		}
	}
	return -1
}

// closed reports whether the rim is one loop: rounding can cut it in two.
func (p *polytope) closed() bool {
	if len(p.rim) < 3 {
		return false
	}
	at, steps := p.rim[0], 1
	for at[1] != p.rim[0][0] {
		found := false
		for _, e := range p.rim {
			if e[0] == at[1] {
				at, found = e, true
				break
			}
		}
		if steps++; !found || steps > len(p.rim) {
			return false
		}
	}
	return steps == len(p.rim)
}

// foot returns the point of the surface of p nearest to y.
func (p *polytope) foot(y r3.Vec) (x corner) {
	least := math.Inf(1)
	for i := range p.faces {
		t := simplex{n: 3}
		for k, c := range p.faces[i].at {
			t.p[k] = p.corners[c]
			t.p[k].v = spatial.Sub(t.p[k].v, y)
		}
		z, _ := t.reduce(true)
		if l := spatial.Dot(z.v, z.v); l < least {
			least, x = l, z
		}
	}
	return x
}
