package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

var inf = math.Inf(1)

// light is the sun and the sky's own light.
type light struct {
	to        vec // unit, toward the sun
	u, v      vec // across
	noShadows bool
}

// The parts of the illumination, tuned by eye so that white in the sun stays just below full scale.
var (
	sunLight = rgb{0.80, 0.76, 0.68}
	skyLight = rgb{0.30, 0.345, 0.41}
	earth    = rgb{0.155, 0.15, 0.145} // light thrown up by the ground
	fill     = 0.17                    // from the camera, so that shapes read in the shade
	glow     = 0.30                    // more of it for marks, whose hue must be seen from every side
)

func (l *light) set(sc *scene.Scene) {
	l.to, l.noShadows = sc.Light.Direction(), sc.Light.NoShadows
	l.u, l.v = spatial.Tangents(l.to)
}

// shadeHit returns the color of a hit along d, and its key.
func (w *worker) shadeHit(h *hit, x, y float64, d vec) (rgb, uint32) {
	object := int(h.key >> faceBits)
	if object == 0 {
		return w.sky.color(d), 0
	}
	object--
	if object < len(w.grounds) {
		return w.shadeGround(&w.grounds[object], h, d)
	}
	object -= len(w.grounds)
	if object < len(w.prims) {
		return w.shadePrim(object, h, x, y, d)
	}
	return w.shadeMesh(object-len(w.prims), h, d)
}

func (w *worker) shadeGround(g *ground, h *hit, d vec) (rgb, uint32) {
	c, u, v := g.pattern(h.z, d)
	p := spatial.AddScaled(w.eye.Eye, h.z, d)
	lit := uint32(0)
	ndl := spatial.Dot(g.n, w.light.to)
	if ndl > 0 && !w.shade.occluded(w.Renderer, p, -1, -1) {
		lit = 1
	}
	light := ambient(g.n.Z).scale(g.shade.at(u/g.per, v/g.per))
	if lit == 1 {
		light = light.add(sunLight.scale(ndl))
	}
	dd := spatial.Dot(d, d)
	return w.sky.veil(c.mul(light), h.z*h.z*dd), h.key<<1 | lit
}

// ambient returns the light of sky and earth on a surface whose normal has the given z.
func ambient(nz float64) rgb { return earth.mix(skyLight, 0.5+0.5*nz) }

func (w *worker) shadePrim(k int, h *hit, x, y float64, d vec) (rgb, uint32) {
	p := &w.prims[k]
	local := spatial.AddScaled(p.o, h.z, p.ray(x, y))
	n := p.normal(local, h.key&faceMask)
	c := p.color
	if p.quarters && (local.X > 0) != (local.Y > 0) != (local.Z > 0) {
		c = rgb{0.02, 0.02, 0.02}
	} else if p.quarters {
		c = rgb{0.9, 0.9, 0.9}
	}
	ndl := spatial.Dot(n, p.light)
	lit := uint32(0)
	if ndl > 0 && (p.plain || !w.shade.occluded(w.Renderer, spatial.AddScaled(w.eye.Eye, h.z, d), k, -1)) {
		lit = 1
	}
	face := h.key
	if p.quarters { // the octants are faces too
		face ^= octant(local)
	}
	own := fill
	if p.plain {
		own += glow
	}
	return w.surface(c, own, p.rot.MulVec(n), d, h.z, lit == 1), face<<1 | lit
}

func octant(p vec) uint32 {
	k := uint32(0)
	if (p.X > 0) != (p.Y > 0) != (p.Z > 0) {
		k = 1
	}
	return k
}

func (w *worker) shadeMesh(k int, h *hit, d vec) (rgb, uint32) {
	p := &w.parts[k]
	at := spatial.AddScaled(w.eye.Eye, h.z, d)
	t := p.mesh.Triangles[h.tri]
	v := w.tiles.world[p.vertex:]
	a, b, c := v[t[0]], v[t[1]], v[t[2]]
	ab, ac := spatial.Sub(b, a), spatial.Sub(c, a)
	face := spatial.Cross(ab, ac) // never zero: a triangle without area is not hit
	n := face
	if len(p.mesh.Normals) != 0 {
		i := 1 / spatial.Dot(face, face)
		q := spatial.Sub(at, a)
		mb := spatial.Dot(spatial.Cross(q, ac), face) * i
		mc := spatial.Dot(spatial.Cross(ab, q), face) * i
		three := p.mesh.Normals[3*h.tri : 3*h.tri+3]
		m := spatial.AddScaled(spatial.Scale(1-mb-mc, three[0]), mb, three[1])
		if m = p.normal.MulVec(spatial.AddScaled(m, mc, three[2])); m != (vec{}) {
			n = m
		}
	}
	n, _ = spatial.Unit(n)
	face, _ = spatial.Unit(face)
	if spatial.Dot(face, d) > 0 { // seen from inside: meshes need not be wound outward
		face = spatial.Scale(-1, face)
	}
	if spatial.Dot(n, face) < 0 {
		n = spatial.Scale(-1, n)
	}
	lit := uint32(0)
	if spatial.Dot(n, w.light.to) > 0 && !w.shade.occluded(w.Renderer, spatial.AddScaled(at, 1e-4*p.size, face), -1, k) {
		lit = 1
	}
	return w.surface(p.color, fill, n, d, h.z, lit == 1), h.key<<1 | lit | meshKey
}

// surface returns the light from a surface of color c with world normal n, seen along d at depth z, with
// a lamp of strength own at the eye.
func (w *worker) surface(c rgb, own float64, n, d vec, z float64, lit bool) rgb {
	dd := spatial.Dot(d, d)
	back := spatial.Scale(-1/math.Sqrt(dd), d)
	ndv := max(0, spatial.Dot(n, back))
	light := ambient(n.Z)
	f := own * ndv
	light = light.add(rgb{f, f, f})
	gloss := 0.0
	if lit {
		light = light.add(sunLight.scale(max(0, spatial.Dot(n, w.light.to))))
		half := spatial.Add(back, w.light.to)
		s := max(0, spatial.Dot(n, half)) / spatial.Norm(half)
		s *= s
		s *= s
		s *= s
		s *= s
		s *= s // 32nd power
		gloss = 0.22 * s
	}
	// Schlick's factor: grazing views mirror the sky, which outlines shapes.
	r := 1 - ndv
	r2 := r * r
	rim := (0.02 + 0.30*r2*r2) * (0.5 + 0.5*n.Z)
	out := c.mul(light).add(w.sky.horizon.scale(rim)).add(rgb{gloss, gloss, gloss})
	return w.sky.veil(out, z*z*dd)
}
