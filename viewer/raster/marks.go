package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// addMarks turns arrows, frames and points into primitives that take no part in shadows.
func (r *Renderer) addMarks() {
	r.pieces = r.sc.AppendPieces(r.pieces[:0])
	for i := range r.pieces {
		p := &r.pieces[i]
		lk := look{color: linear(p.Color), alpha: math.Min(p.Color.A, 1), item: IDMark, plain: true, quarters: p.Quarters}
		switch {
		case p.OnTop:
			lk.layer = layerTop
		case p.Color.A < 1:
			lk.layer = layerFront
		}
		s := solid{r: p.Radius, h: p.Half}
		switch p.Kind {
		case scene.BallPiece:
			s.kind = kindSphere
		case scene.ShaftPiece:
			s.kind = kindCylinder
		case scene.TipPiece:
			s.kind = kindCone
		}
		r.addSolid(s, p.Pose.Pos, p.Pose.Rot, lk)
	}
}
