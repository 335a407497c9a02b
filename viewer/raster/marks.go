package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// addMarks turns arrows, frames and points into primitives that take no part in shadows.
func (r *Renderer) addMarks() {
	reach := r.sc.Camera.Reach()
	for i := range r.sc.Arrows {
		a := &r.sc.Arrows[i]
		lk := markLook(a.Color.Or(scene.RGB(0xFF8A1F)))
		r.addArrow(a.From, a.Vector, positive(a.Radius, 0.005*reach), lk)
	}
	for i := range r.sc.Frames {
		f := &r.sc.Frames[i]
		if !finitePose(&f.Pose) {
			continue
		}
		size := positive(f.Size, 0.1*reach)
		q := scene.Upright(f.Pose.Rot)
		for k, c := range [3]uint32{0xE0443E, 0x3FA34D, 0x3B6FD4} {
			axis := [3]vec{{X: size}, {Y: size}, {Z: size}}[k]
			r.addArrow(f.Pose.Pos, spatial.QuatRotate(q, axis), 0.03*size, markLook(scene.RGB(c)))
		}
	}
	for i := range r.sc.Points {
		p := &r.sc.Points[i]
		if !spatial.Finite(p.At) {
			continue
		}
		lk := markLook(p.Color.Or(scene.RGB(0xF4D03F)))
		radius := positive(p.Radius, 0.008*reach)
		if p.Kind == scene.CenterOfMass {
			lk.quarters, lk.layer = true, layerTop
			radius = positive(p.Radius, 0.016*reach)
		}
		if p.OnTop {
			lk.layer = layerTop
		}
		r.addSolid(solid{kind: kindSphere, r: radius}, p.At, spatial.Identity, lk)
	}
}

func positive(v, otherwise float64) float64 {
	if v > 0 {
		return v
	}
	return otherwise
}

func markLook(c scene.Color) look {
	lk := look{color: linear(c), alpha: math.Min(c.A, 1), item: IDMark, plain: true}
	if c.A < 1 {
		lk.layer = layerFront
	}
	return lk
}

// addArrow adds a shaft and a tip. The tip keeps its proportions until the arrow is shorter than it;
// then all of the arrow shrinks, so a vanishing force vanishes.
func (r *Renderer) addArrow(from, v vec, radius float64, lk look) {
	dir, ok := spatial.Unit(v)
	if !ok || !spatial.Finite(from) {
		return
	}
	length := spatial.Norm(v)
	tip := 6 * radius
	if length < 1.5*tip {
		radius *= length / (1.5 * tip)
		tip = length / 1.5
	}
	t1, t2 := spatial.Tangents(dir)
	m := spatial.Mat3{t1.X, t2.X, dir.X, t1.Y, t2.Y, dir.Y, t1.Z, t2.Z, dir.Z}
	rot := m.Quat()
	shaft := (length - tip) / 2
	r.addSolid(solid{kind: kindCylinder, r: radius, h: shaft}, spatial.AddScaled(from, shaft, dir), rot, lk)
	r.addSolid(solid{kind: kindCone, r: 2.4 * radius, h: tip / 2}, spatial.AddScaled(from, length-tip/2, dir), rot, lk)
}
