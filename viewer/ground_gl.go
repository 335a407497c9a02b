//go:build gl && cgo

package viewer

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

func (p *painter) grounds(s *sheet) {
	for i := range s.sc.Grounds {
		g := &s.sc.Grounds[i]
		n, t1, t2, ok := g.Plane()
		height := r3.Dot(n, s.view.Eye) - g.Offset
		if !ok || !(height > 0) {
			continue // nothing is drawn from below
		}
		per := 1 / g.Edge()
		light, dark := g.Shades()
		outer := groundSquare(t1, t2, r3.Scale(-height, n), 400*s.sc.Camera.Reach())
		inner, inside := outer, false
		if s.shadows != 0 {
			inner, inside = s.sun.shade(n, height, t1, t2, 399*s.sc.Camera.Reach())
		}
		for shadows, data := range [2][]float32{ringTriangles(outer, inner, inside), squareTriangles(inner, inside)} {
			if len(data) == 0 {
				continue
			}
			q := &p.ground[shadows]
			p.use(q, s)
			q.vec3("uNormal", n.X, n.Y, n.Z)
			q.vec3("uT1", t1.X, t1.Y, t1.Z)
			q.vec3("uT2", t2.X, t2.Y, t2.Z)
			q.color("uLightA", light)
			q.color("uLightB", dark)
			q.float("uHeight", height)
			q.float("uPer", per)
			// The pattern repeats every two fields: small numbers keep their digits in single precision.
			q.vec2("uEye", math.Mod(r3.Dot(t1, s.view.Eye)*per, 2), math.Mod(r3.Dot(t2, s.view.Eye)*per, 2))
			p.flat.draw(data, 3)
		}
	}
}

func (p *painter) background(s *sheet) {
	p.use(&p.sky, s)
	p.flat.draw([]float32{-1, -1, 0, 3, -1, 0, -1, 3, 0}, 3)
}
