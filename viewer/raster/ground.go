package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// ground is a checkered plane n·x = offset, seen from the side n points to.
type ground struct {
	n, t1, t2 vec     // normal and the axes of the checker
	height    float64 // of the eye over the plane (m); nothing is drawn from below
	u, v      float64 // of the eye, in checker fields
	per       float64 // fields per meter

	n0, nx, ny float64 // n·d as an affine function of the pixel
	ux, uy     float64 // t1·dx, t1·dy
	vx, vy     float64 // t2·dx, t2·dy
	color      [2]rgb

	shade aoMap
}

// addGrounds takes the half-spaces of the scene. One without a finite normal and offset is left out.
func (r *Renderer) addGrounds() {
	for i := range r.sc.Grounds {
		s := &r.sc.Grounds[i]
		n, t1, t2, ok := s.Plane()
		if !ok {
			continue
		}
		// Memory of the occlusion map survives in the array between frames.
		if len(r.grounds) < cap(r.grounds) {
			r.grounds = r.grounds[:len(r.grounds)+1]
		} else {
			r.grounds = append(r.grounds, ground{})
		}
		g := &r.grounds[len(r.grounds)-1]
		keep := g.shade.texel
		*g = ground{n: n, t1: t1, t2: t2, per: 1 / s.Edge()}
		g.shade.texel = keep
		e := &r.eye
		g.height = spatial.Dot(n, e.Eye) - s.Offset
		g.u, g.v = spatial.Dot(g.t1, e.Eye)*g.per, spatial.Dot(g.t2, e.Eye)*g.per
		g.n0, g.nx, g.ny = spatial.Dot(n, e.d0), spatial.Dot(n, e.dx), spatial.Dot(n, e.dy)
		g.ux, g.uy = spatial.Dot(g.t1, e.dx), spatial.Dot(g.t1, e.dy)
		g.vx, g.vy = spatial.Dot(g.t2, e.dx), spatial.Dot(g.t2, e.dy)
		light, dark := s.Shades()
		g.color = [2]rgb{linear(light), linear(dark)}
	}
}

// hit returns the depth at which the ray through (x, y) meets the plane from above.
func (g *ground) hit(x, y float64) (float64, bool) {
	nd := g.n0 + x*g.nx + y*g.ny
	z := -g.height / nd
	return z, nd < 0 && z > near
}

// pattern returns the checker color at depth z along d, as its mean over the footprint of one pixel:
// far fields melt into gray instead of making a moiré.
func (g *ground) pattern(z float64, d vec) (rgb, float64, float64) {
	i := 1 / spatial.Dot(g.n, d)
	d1, d2 := spatial.Dot(g.t1, d), spatial.Dot(g.t2, d)
	s := z * g.per
	u, v := g.u+s*d1, g.v+s*d2
	// The hit moves by z (dx − d (n·dx)/(n·d)) when x grows by one pixel.
	kx, ky := g.nx*i, g.ny*i
	wu := s * max(math.Abs(g.ux-d1*kx), math.Abs(g.uy-d1*ky))
	wv := s * max(math.Abs(g.vx-d2*kx), math.Abs(g.vy-d2*ky))
	blend := 0.5 + 0.5*squareMean(u, wu+1e-9)*squareMean(v, wv+1e-9)
	return g.color[0].mix(g.color[1], blend), u, v
}

// squareMean returns the mean over [x − w/2, x + w/2] of the square wave that is +1 on [0, 1) and −1
// on [1, 2). The integral of the wave is a triangle wave.
func squareMean(x, w float64) float64 {
	a, b := x-w/2, x+w/2
	if f := math.Floor(a); b < f+1 { // one field: most pixels
		return 1 - 2*(f-2*math.Floor(f/2))
	}
	return (triangleWave(b) - triangleWave(a)) / w
}

func triangleWave(x float64) float64 {
	return 1 - math.Abs(x-2*math.Floor(x/2)-1)
}
