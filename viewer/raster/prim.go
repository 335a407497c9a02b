package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// layer says which of the two hits per pixel a thing takes part in.
type layer uint8

const (
	layerSolid layer = iota
	layerFront       // translucent: blended over the solid hit when nearer
	layerTop         // blended over everything
)

// look is how a surface answers light.
type look struct {
	color    rgb
	alpha    float64
	item     int32 // what IDs says
	layer    layer
	quarters bool // black and white octants
	plain    bool // a mark: neither casts nor receives shadows
}

// prim is a solid placed in the world, with the rays of the picture and the light in its frame.
type prim struct {
	solid
	look
	pos        vec
	rot        spatial.Mat3
	o          vec // the eye
	d0, dx, dy vec // rays, as in eye
	light      vec
	box        rect // in the picture

	// The picture of a round thing lies within reach of the segment a–b (pixels).
	ax, ay, bx, by, reach float64
}

// ray returns the direction through the point (x, y) of the picture in the frame of p.
func (p *prim) ray(x, y float64) vec {
	return vec{
		X: p.d0.X + x*p.dx.X + y*p.dy.X,
		Y: p.d0.Y + x*p.dx.Y + y*p.dy.Y,
		Z: p.d0.Z + x*p.dx.Z + y*p.dy.Z,
	}
}

// addItems turns the items of the scene into primitives and mesh parts.
func (r *Renderer) addItems() {
	r.parts = r.parts[:0]
	r.tiles.clearMeshes()
	for i := range r.sc.Items {
		it := &r.sc.Items[i]
		c := it.Color.Or(scene.ColorOf(it.Group))
		lk := look{color: linear(c), alpha: math.Min(c.A, 1), item: int32(i)}
		if c.A < 1 {
			lk.layer = layerFront
		}
		ok := scene.Finite(&it.Pose) && c.A == c.A
		switch {
		case !ok:
		case it.Mesh != nil:
			ok = r.addMesh(it, lk)
		default:
			ok = r.addShape(&it.Shape, &it.Pose, lk)
		}
		if !ok {
			r.skipped = append(r.skipped, i)
		}
	}
}

// addShape adds the primitives of a shape and reports whether its dimensions are possible.
func (r *Renderer) addShape(s *contact.Shape, pose *scene.Pose, lk look) bool {
	if s.Check() != nil {
		return false
	}
	sol := solid{r: s.Radius, h: s.HalfLength, half: s.Half}
	switch s.Kind {
	case contact.KindSphere:
		sol.kind = kindSphere
	case contact.KindCapsule:
		sol.kind = kindCapsule
	case contact.KindBox:
		sol.kind = kindBox
	case contact.KindCylinder:
		sol.kind = kindCylinder
	case contact.KindEllipsoid:
		sol.kind = kindEllipsoid
	case contact.KindPoints:
		// Figures draw points that have a hull as that. The others have no size: balls of 3 % of the set's are seen.
		q := scene.Upright(pose.Rot)
		size := math.Max(0.03*s.Extent(), 1e-3)
		for _, v := range s.Vertices {
			at := spatial.Add(pose.Pos, spatial.QuatRotate(q, v))
			r.addSolid(solid{kind: kindSphere, r: size}, at, q, lk)
		}
		return true
	}
	r.addSolid(sol, pose.Pos, pose.Rot, lk)
	return true
}

// addSolid places one primitive, unless it is out of the picture and casts no shadow into it.
func (r *Renderer) addSolid(s solid, pos vec, rot spatial.Quat, lk look) {
	r.prims = append(r.prims, prim{solid: s, look: lk, pos: pos})
	p := &r.prims[len(r.prims)-1]
	p.rot.Set(scene.Upright(rot))
	p.o = p.rot.TMulVec(spatial.Sub(r.eye.Eye, pos))
	p.d0, p.dx, p.dy = p.rot.TMulVec(r.eye.d0), p.rot.TMulVec(r.eye.dx), p.rot.TMulVec(r.eye.dy)
	p.light = p.rot.TMulVec(r.light.to)
	p.bound(&r.eye)
}

// bound computes where in the picture p can be.
func (p *prim) bound(e *eye) {
	axis := spatial.Scale(p.h, p.rot.Col(2))
	switch p.kind {
	case kindBox, kindEllipsoid:
		p.boundBox(e)
		return
	case kindSphere:
		p.capsuleBound(e.ball(p.pos, p.r), e.ball(p.pos, p.r), e)
	case kindCone:
		p.capsuleBound(e.ball(spatial.Add(p.pos, axis), 0.01*p.r), e.ball(spatial.Sub(p.pos, axis), p.r), e)
	default:
		p.capsuleBound(e.ball(spatial.Add(p.pos, axis), p.r), e.ball(spatial.Sub(p.pos, axis), p.r), e)
	}
}

// capsuleBound sets the bounds to the hull of the pictures a and b of the balls at both ends.
func (p *prim) capsuleBound(a, b rect, e *eye) {
	p.reach = math.Inf(1)
	if p.kind != kindSphere && (touchesEye(p, e)) {
		p.box = rect{0, 0, e.width, e.height}
		return
	}
	p.box = a.join(b)
	p.ax, p.ay = (a.x0+a.x1)/2, (a.y0+a.y1)/2
	p.bx, p.by = (b.x0+b.x1)/2, (b.y0+b.y1)/2
	ra := math.Hypot(a.x1-a.x0, a.y1-a.y0) / 2
	rb := math.Hypot(b.x1-b.x0, b.y1-b.y0) / 2
	p.reach = math.Max(ra, rb)
}

// touchesEye reports whether the eye's plane may cut p: then the pictures of its ends do not bound it.
func touchesEye(p *prim, e *eye) bool {
	size := p.r + p.h
	if p.kind == kindBox || p.kind == kindEllipsoid {
		size = spatial.Norm(p.half)
	}
	z := e.local(p.pos).Z
	return z < size+near && z > -size
}

func (p *prim) boundBox(e *eye) {
	p.reach = math.Inf(1)
	if touchesEye(p, e) {
		p.box = rect{0, 0, e.width, e.height}
		return
	}
	c := e.local(p.pos)
	if c.Z < 0 {
		return
	}
	p.box = rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for i := range 8 {
		q := p.half
		if i&1 != 0 {
			q.X = -q.X
		}
		if i&2 != 0 {
			q.Y = -q.Y
		}
		if i&4 != 0 {
			q.Z = -q.Z
		}
		v := e.local(spatial.Add(p.pos, p.rot.MulVec(q)))
		x, y := e.width/2+e.focal*v.X/v.Z, e.height/2+e.focal*v.Y/v.Z
		p.box = rect{math.Min(p.box.x0, x), math.Min(p.box.y0, y), math.Max(p.box.x1, x), math.Max(p.box.y1, y)}
	}
}

// near reports whether p may be within half a diagonal of a square of the given size about (x, y).
func (p *prim) near(x, y, size float64) bool {
	if math.IsInf(p.reach, 1) {
		return true
	}
	return nearSegment(x, y, p.ax, p.ay, p.bx, p.by, p.reach+0.7072*size)
}

// nearSegment reports whether (x, y) is within reach of the segment a–b.
func nearSegment(x, y, ax, ay, bx, by, reach float64) bool {
	ux, uy := bx-ax, by-ay
	px, py := x-ax, y-ay
	s := (px*ux + py*uy) / (ux*ux + uy*uy + 1e-30)
	s = max(0, min(1, s))
	px -= s * ux
	py -= s * uy
	return px*px+py*py <= reach*reach
}
