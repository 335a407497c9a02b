package raster

import (
	"image"
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// coverage collects how much of each pixel a polyline covers, as the greatest over its segments: so
// segments that overlap at a joint are not painted twice.
type coverage struct {
	width, height int
	mask          []uint8
	area          image.Rectangle // what may differ from zero
}

func (c *coverage) resize(width, height int) {
	if c.width != width || c.height != height {
		c.width, c.height, c.mask = width, height, make([]uint8, width*height)
	}
}

// stroke is one straight piece of a line: ends in pixels, half width, and opacity at both ends.
type stroke struct {
	x0, y0, x1, y1 float64
	half           float64
	a0, a1         float64
}

// add marks the pixels of s. dim, when given, scales the opacity at pixel (x, y) and s in [0, 1] along.
func (c *coverage) add(s stroke, dim func(x, y int, along float64) float64) {
	dx, dy := s.x1-s.x0, s.y1-s.y0
	length2 := dx*dx + dy*dy
	margin := s.half + 1
	steep := math.Abs(dy) > math.Abs(dx)
	// Walk along the longer axis; around each step only a few pixels across are near the line.
	u0, u1, v0, slope := s.x0, s.x1, s.y0, dy/dx
	nu, nv := c.width, c.height
	if steep {
		u0, u1, v0, slope = s.y0, s.y1, s.x0, dx/dy
		nu, nv = nv, nu
	}
	if length2 == 0 {
		slope = 0
	}
	across := margin * math.Sqrt(1+slope*slope)
	from := int(math.Max(math.Floor(math.Min(u0, u1)-margin), 0))
	to := int(math.Min(math.Max(u0, u1)+margin, float64(nu-1)))
	for u := from; u <= to; u++ {
		mid := v0 + slope*(math.Max(math.Min(u0, u1), math.Min(math.Max(u0, u1), float64(u)+0.5))-u0)
		low := int(math.Max(math.Floor(mid-across), 0))
		high := int(math.Min(mid+across, float64(nv-1)))
		for v := low; v <= high; v++ {
			x, y := u, v
			if steep {
				x, y = v, u
			}
			px, py := float64(x)+0.5-s.x0, float64(y)+0.5-s.y0
			along := 0.0
			if length2 > 0 {
				along = max(0, min(1, (px*dx+py*dy)/length2))
			}
			ex, ey := px-along*dx, py-along*dy
			a := s.half + 0.5 - math.Sqrt(ex*ex+ey*ey)
			if a <= 0 {
				continue
			}
			a = min(a, 1) * (s.a0 + along*(s.a1-s.a0))
			if dim != nil {
				a *= dim(x, y, along)
			}
			if m := &c.mask[y*c.width+x]; uint8(255*a+0.5) > *m {
				*m = uint8(255*a + 0.5)
				c.area = c.area.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
}

// paint blends col where the mask says and clears it.
func (c *coverage) paint(dst *image.RGBA, col scene.Color) {
	red, green, blue := col.R*255, col.G*255, col.B*255
	for y := c.area.Min.Y; y < c.area.Max.Y; y++ {
		row := c.mask[y*c.width : (y+1)*c.width]
		for x := c.area.Min.X; x < c.area.Max.X; x++ {
			if row[x] != 0 {
				blend(dst.Pix[y*dst.Stride+4*x:], red, green, blue, col.A*float64(row[x])/255)
				row[x] = 0
			}
		}
	}
	c.area = image.Rectangle{}
}

// blend mixes a color (of 255) over a pixel. Overlays are mixed in sRGB, where thin light-on-dark and
// dark-on-light lines look equally thick.
func blend(pix []uint8, r, g, b, a float64) {
	pix = pix[:4:4]
	pix[0] = uint8(float64(pix[0]) + a*(r-float64(pix[0])) + 0.5)
	pix[1] = uint8(float64(pix[1]) + a*(g-float64(pix[1])) + 0.5)
	pix[2] = uint8(float64(pix[2]) + a*(b-float64(pix[2])) + 0.5)
}

// hiddenTrace is the opacity of a trace behind something.
const hiddenTrace = 0.22

// drawTraces draws the polylines of the scene over the picture, dimmed where depth says they are hidden.
func (r *Renderer) drawTraces() {
	r.lines.resize(r.width, r.height)
	scale := r.eye.height / 720
	for i := range r.sc.Traces {
		t := &r.sc.Traces[i]
		half := math.Max(t.Pixels()*scale, 1) / 2
		last := float64(len(t.Points) - 1)
		for k := range max(len(t.Points)-1, 0) {
			a0, a1 := 1.0, 1.0
			if t.Fade {
				a0, a1 = float64(k)/last, float64(k+1)/last
			}
			r.traceSegment(t.Points[k], t.Points[k+1], half, a0, a1)
		}
		r.lines.paint(r.dst, t.Color.Or(scene.ColorOf(i)))
	}
}

func (r *Renderer) traceSegment(a, b vec, half, a0, a1 float64) {
	if !spatial.Finite(a) || !spatial.Finite(b) {
		return
	}
	p, q := r.eye.local(a), r.eye.local(b)
	const front = 10 * near
	if p.Z < front && q.Z < front {
		return
	}
	if p.Z < front || q.Z < front { // cut at the eye's plane
		s := (front - p.Z) / (q.Z - p.Z)
		cut := spatial.AddScaled(p, s, spatial.Sub(q, p))
		if p.Z < front {
			p, a0 = cut, a0+s*(a1-a0)
		} else {
			q, a1 = cut, a0+s*(a1-a0)
		}
	}
	f := r.eye.focal
	s := stroke{
		r.eye.width/2 + f*p.X/p.Z, r.eye.height/2 + f*p.Y/p.Z,
		r.eye.width/2 + f*q.X/q.Z, r.eye.height/2 + f*q.Y/q.Z, half, a0, a1,
	}
	if math.Max(s.x0, s.x1) < -half || math.Min(s.x0, s.x1) > r.eye.width+half ||
		math.Max(s.y0, s.y1) < -half || math.Min(s.y0, s.y1) > r.eye.height+half {
		return
	}
	ip, iq := 1/p.Z, 1/q.Z
	r.lines.add(s, func(x, y int, along float64) float64 {
		z := 1 / (ip + along*(iq-ip)) // 1/z is affine in the picture
		d := r.eye.ray(float64(x)+0.5, float64(y)+0.5)
		if z*spatial.Norm(d)*(1-2e-3) > float64(r.depth[y*r.width+x]) {
			return hiddenTrace
		}
		return 1
	})
}
