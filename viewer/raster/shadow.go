package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// shadows is a grid across the light: each cell lists what may cast a shadow along it.
type shadows struct {
	on         bool
	u0, v0     float64 // corner of the grid (m, along light.u and light.v)
	per        float64 // cells per meter
	n          int     // cells along each side
	top        float64 // nothing casts from higher up than this (m, along light.to)
	caster     []caster
	vert       []vec // vertices of meshes in light axes (u, v, toward the light)
	prims, tri lists
}

// caster is a primitive in light axes: within reach of the segment a–b, and below w.
type caster struct {
	prim                  int32
	au, av, bu, bv, reach float64
	w                     float64
	lu, hu, lv, hv        float64 // bounds
}

// Sides of the grid without and with meshes: cells a good deal smaller than a link, or than its triangles.
const (
	gridCoarse = 96
	gridFine   = 256
)

// castShadows fills the grid for the casters of the scene.
func (r *Renderer) castShadows() {
	s, l := &r.shade, &r.light
	s.on = !r.opt.NoShadows && !l.noShadows
	s.caster, s.vert, r.occluder = s.caster[:0], s.vert[:0], r.occluder[:0]
	low, high := vec{X: inf, Y: inf}, vec{X: -inf, Y: -inf, Z: -inf}
	for i := range r.prims {
		p := &r.prims[i]
		if p.layer != layerSolid || p.plain {
			continue
		}
		r.addBlobs(p)
		c := l.cast(p, int32(i))
		s.caster = append(s.caster, c)
		low.X, high.X = math.Min(low.X, c.lu), math.Max(high.X, c.hu)
		low.Y, high.Y = math.Min(low.Y, c.lv), math.Max(high.Y, c.hv)
		high.Z = math.Max(high.Z, c.w)
	}
	for _, w := range r.tiles.world {
		q := vec{X: spatial.Dot(w, l.u), Y: spatial.Dot(w, l.v), Z: spatial.Dot(w, l.to)}
		s.vert = append(s.vert, q)
		low.X, high.X = math.Min(low.X, q.X), math.Max(high.X, q.X)
		low.Y, high.Y = math.Min(low.Y, q.Y), math.Max(high.Y, q.Y)
		high.Z = math.Max(high.Z, q.Z)
	}
	for i := range r.parts {
		r.addPartBlob(&r.parts[i])
	}
	r.placeOcclusion()
	size := math.Max(high.X-low.X, high.Y-low.Y)
	s.on = s.on && size > 0 && !math.IsInf(size, 0)
	if !s.on {
		return
	}
	s.n = gridCoarse
	if len(r.tiles.tri) > 1000 {
		s.n = gridFine
	}
	s.u0, s.v0, s.per, s.top = low.X, low.Y, float64(s.n)/size, high.Z
	s.fill(r)
}

// cast returns p as the light sees it.
func (l *light) cast(p *prim, k int32) caster {
	c := caster{prim: k}
	u, v, w := spatial.Dot(p.pos, l.u), spatial.Dot(p.pos, l.v), spatial.Dot(p.pos, l.to)
	if p.kind == kindBox || p.kind == kindEllipsoid {
		x, y, z := spatial.Scale(p.half.X, p.rot.Col(0)), spatial.Scale(p.half.Y, p.rot.Col(1)), spatial.Scale(p.half.Z, p.rot.Col(2))
		span := func(a vec) float64 {
			return math.Abs(spatial.Dot(x, a)) + math.Abs(spatial.Dot(y, a)) + math.Abs(spatial.Dot(z, a))
		}
		eu, ev := span(l.u), span(l.v)
		c.au, c.bu, c.av, c.bv, c.reach = u, u, v, v, math.Sqrt(eu*eu+ev*ev)
		c.w = w + span(l.to)
		c.lu, c.hu, c.lv, c.hv = u-eu, u+eu, v-ev, v+ev
		return c
	}
	a := spatial.Scale(p.h, p.rot.Col(2)) // zero for a sphere
	du, dv := spatial.Dot(a, l.u), spatial.Dot(a, l.v)
	c.au, c.av, c.bu, c.bv, c.reach = u+du, v+dv, u-du, v-dv, p.r
	c.w = w + p.h + p.r
	c.lu, c.hu = u-math.Abs(du)-p.r, u+math.Abs(du)+p.r
	c.lv, c.hv = v-math.Abs(dv)-p.r, v+math.Abs(dv)+p.r
	return c
}

func (s *shadows) cellOf(x, x0 float64) int { return min(max(int((x-x0)*s.per), 0), s.n-1) }

// fill sorts casters and triangles into cells.
func (s *shadows) fill(r *Renderer) {
	s.prims.reset(s.n * s.n)
	s.tri.reset(s.n * s.n)
	for pass := range 2 {
		for i := range s.caster {
			s.addCaster(int32(i), pass == 0)
		}
		for i := range r.parts {
			if r.parts[i].layer == layerSolid {
				s.addPart(&r.parts[i], pass == 0)
			}
		}
		if pass == 0 {
			s.prims.settle()
			s.tri.settle()
		}
	}
	s.prims.done()
	s.tri.done()
}

func (s *shadows) addCaster(k int32, counting bool) {
	c := &s.caster[k]
	cell := 1 / s.per
	x1, y1 := s.cellOf(c.hu, s.u0), s.cellOf(c.hv, s.v0)
	for y := s.cellOf(c.lv, s.v0); y <= y1; y++ {
		for x := s.cellOf(c.lu, s.u0); x <= x1; x++ {
			u, v := s.u0+(float64(x)+0.5)*cell, s.v0+(float64(y)+0.5)*cell
			switch {
			case !nearSegment(u, v, c.au, c.av, c.bu, c.bv, c.reach+0.7072*cell):
			case counting:
				s.prims.count(y*s.n + x)
			default:
				s.prims.place(y*s.n+x, k)
			}
		}
	}
}

func (s *shadows) addPart(p *part, counting bool) {
	v := s.vert[p.vertex:]
	for i, t := range p.mesh.Triangles {
		a, b, c := v[t[0]], v[t[1]], v[t[2]]
		x0, x1 := s.cellOf(min(a.X, b.X, c.X), s.u0), s.cellOf(max(a.X, b.X, c.X), s.u0)
		y0, y1 := s.cellOf(min(a.Y, b.Y, c.Y), s.v0), s.cellOf(max(a.Y, b.Y, c.Y), s.v0)
		for y := y0; y <= y1; y++ {
			for x := x0; x <= x1; x++ {
				if counting {
					s.tri.count(y*s.n + x)
				} else {
					s.tri.place(y*s.n+x, int32(p.tri+i))
				}
			}
		}
	}
}

// occluded reports whether something other than primitive skip stands between p and the light. A
// primitive is convex, so it never shades the side of itself that faces the light; the caller handles
// the other side. own is the mesh part p lies on, or −1.
func (s *shadows) occluded(r *Renderer, p vec, skip, own int) bool {
	if !s.on {
		return false
	}
	l := &r.light
	w := spatial.Dot(p, l.to)
	if w > s.top {
		return false
	}
	u, v := spatial.Dot(p, l.u), spatial.Dot(p, l.v)
	fx, fy := (u-s.u0)*s.per, (v-s.v0)*s.per
	n := float64(s.n)
	if !(fx >= 0 && fy >= 0 && fx < n && fy < n) {
		return false
	}
	cell := int(fy)*s.n + int(fx)
	for _, k := range s.prims.of(cell) {
		c := &s.caster[k]
		if w >= c.w || int(c.prim) == skip || u < c.lu || u > c.hu || v < c.lv || v > c.hv {
			continue
		}
		q := &r.prims[c.prim]
		if t, _, ok := q.hit(q.rot.TMulVec(spatial.Sub(p, q.pos)), q.light); ok && t > 1e-9 {
			return true
		}
	}
	if list := s.tri.of(cell); len(list) > 0 {
		return s.occludedByMesh(r, list, vec{X: u, Y: v, Z: w}, own)
	}
	return false
}

// occludedByMesh looks along the light at p, given in light axes: a triangle in the way holds (u, v)
// and lies higher.
func (s *shadows) occludedByMesh(r *Renderer, list []int32, p vec, own int) bool {
	i := 0
	for _, k := range list {
		i = r.partOf(int(k), i)
		q := &r.parts[i]
		t := q.mesh.Triangles[int(k)-q.tri]
		v := s.vert[q.vertex:]
		a, b, c := v[t[0]], v[t[1]], v[t[2]]
		ea := (b.X-p.X)*(c.Y-p.Y) - (b.Y-p.Y)*(c.X-p.X)
		eb := (c.X-p.X)*(a.Y-p.Y) - (c.Y-p.Y)*(a.X-p.X)
		ec := (a.X-p.X)*(b.Y-p.Y) - (a.Y-p.Y)*(b.X-p.X)
		if !(ea >= 0 && eb >= 0 && ec >= 0 || ea <= 0 && eb <= 0 && ec <= 0) {
			continue
		}
		sum := ea + eb + ec
		gap := 0.0
		if i == own { // neighbors of a smooth surface must not shade each other
			gap = 2e-3 * q.size
		}
		if sum != 0 && (ea*a.Z+eb*b.Z+ec*c.Z)/sum > p.Z+gap {
			return true
		}
	}
	return false
}
