package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// blob is a ball that stands for a part of an item where it keeps the sky's light off the ground.
type blob struct {
	at vec
	r  float64
}

// aoMap is how much of the sky the ground sees, in [0, 1], on a grid around the items.
type aoMap struct {
	on     bool
	u0, v0 float64 // corner (m, along the axes of the ground)
	per    float64 // texels per meter
	texel  []float32
}

const (
	aoSize  = 128 // texels along each side
	aoReach = 5   // radii beyond which a blob darkens nothing
)

// addBlobs covers p by balls of its own width.
func (r *Renderer) addBlobs(p *prim) {
	axis, half, radius := p.rot.Col(2), p.h, p.r
	switch p.kind {
	case kindSphere:
		half = 0
	case kindCapsule:
		half += radius
	case kindBox, kindEllipsoid:
		// Along the longest edge; the middle edge sets the width.
		x, y, z := p.half.X, p.half.Y, p.half.Z
		half, radius, axis = x, math.Max(y, z), p.rot.Col(0)
		if y > x && y >= z {
			half, radius, axis = y, math.Max(x, z), p.rot.Col(1)
		} else if z > x && z > y {
			half, radius, axis = z, math.Max(x, y), p.rot.Col(2)
		}
	}
	n := int(math.Min(math.Ceil(half/radius), 6))
	if n <= 1 {
		r.occluder = append(r.occluder, blob{p.pos, radius})
		return
	}
	span := half - radius
	for i := range n {
		s := span * (2*float64(i)/float64(n-1) - 1)
		r.occluder = append(r.occluder, blob{spatial.AddScaled(p.pos, s, axis), radius})
	}
}

// addPartBlob stands one ball for a mesh.
func (r *Renderer) addPartBlob(p *part) {
	n := len(p.mesh.Vertices)
	if n == 0 || p.layer != layerSolid {
		return
	}
	low, high := r.tiles.world[p.vertex], r.tiles.world[p.vertex]
	for _, v := range r.tiles.world[p.vertex : p.vertex+n] {
		low = vec{X: min(low.X, v.X), Y: min(low.Y, v.Y), Z: min(low.Z, v.Z)}
		high = vec{X: max(high.X, v.X), Y: max(high.Y, v.Y), Z: max(high.Z, v.Z)}
	}
	d := spatial.Sub(high, low)
	radius := (d.X + d.Y + d.Z) / 6
	if radius > 0 {
		r.occluder = append(r.occluder, blob{spatial.Scale(0.5, spatial.Add(low, high)), radius})
	}
}

// placeOcclusion lays the map of each ground around the blobs near it.
func (r *Renderer) placeOcclusion() {
	for i := range r.grounds {
		g := &r.grounds[i]
		m := &g.shade
		off := spatial.Dot(g.n, r.eye.Eye) - g.height
		u0, u1, v0, v1 := inf, -inf, inf, -inf
		for _, b := range r.occluder {
			h := spatial.Dot(g.n, b.at) - off
			if s := aoReach * b.r; h < s && h > -b.r {
				u, v := spatial.Dot(g.t1, b.at), spatial.Dot(g.t2, b.at)
				u0, u1 = math.Min(u0, u-s), math.Max(u1, u+s)
				v0, v1 = math.Min(v0, v-s), math.Max(v1, v+s)
			}
		}
		size := math.Max(u1-u0, v1-v0)
		m.on = size > 0 && !math.IsInf(size, 0)
		if !m.on {
			continue
		}
		if len(m.texel) == 0 {
			m.texel = make([]float32, aoSize*aoSize)
		}
		m.u0, m.v0, m.per = u0, v0, (aoSize-1)/size
	}
}

func (r *Renderer) occlusionRows() int { return len(r.grounds) * aoSize }

// fillAO computes one row of one map. A ball of radius r whose center is seen from the ground at
// distance D and height h hides the part h r²/D³ of the light of a uniform sky.
func (w *worker) fillAO(job int) {
	g := &w.grounds[job/aoSize]
	m := &g.shade
	if !m.on {
		return
	}
	y := job % aoSize
	row := m.texel[y*aoSize : (y+1)*aoSize]
	for i := range row {
		row[i] = 1
	}
	off := spatial.Dot(g.n, w.eye.Eye) - g.height
	v := m.v0 + float64(y)/m.per
	for _, b := range w.occluder {
		reach := aoReach * b.r
		h := spatial.Dot(g.n, b.at) - off
		dv := v - spatial.Dot(g.t2, b.at)
		left := reach*reach - h*h - dv*dv
		if left <= 0 || h <= -b.r {
			continue
		}
		u, span := spatial.Dot(g.t1, b.at), math.Sqrt(left)
		x0 := max(int(math.Ceil((u-span-m.u0)*m.per)), 0)
		x1 := min(int((u+span-m.u0)*m.per), aoSize-1)
		h = math.Max(h, 0.3*b.r)
		for x := x0; x <= x1; x++ {
			du := m.u0 + float64(x)/m.per - u
			dd := du*du + dv*dv + h*h
			fade := 1 - dd/(reach*reach+1e-300)
			if fade <= 0 {
				continue
			}
			hide := min(h*b.r*b.r/(dd*math.Sqrt(dd)), 0.85) * fade * fade
			row[x] *= float32(1 - hide)
		}
	}
}

// at returns the visible part of the sky at (u, v) in meters along the axes of the ground.
func (m *aoMap) at(u, v float64) float64 {
	if !m.on {
		return 1
	}
	x, y := (u-m.u0)*m.per, (v-m.v0)*m.per
	if !(x >= 0 && y >= 0 && x < aoSize-1 && y < aoSize-1) {
		return 1
	}
	i, j := int(x), int(y)
	fx, fy := x-float64(i), y-float64(j)
	a, b := m.texel[j*aoSize+i:][:2:2], m.texel[(j+1)*aoSize+i:][:2:2]
	low := float64(a[0]) + fx*float64(a[1]-a[0])
	high := float64(b[0]) + fx*float64(b[1]-b[0])
	return low + fy*(high-low)
}
