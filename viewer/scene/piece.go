package scene

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// PieceKind is the form of a [Piece].
type PieceKind uint8

// The forms of pieces. Their axis is z.
const (
	BallPiece  PieceKind = iota
	ShaftPiece           // a cylinder
	TipPiece             // a cone; its tip points along +z
)

// Piece is one of the solids that arrows, frames and points are drawn as. It throws no shadow.
type Piece struct {
	Kind     PieceKind
	Pose     Pose    // of its middle
	Radius   float64 // m
	Half     float64 // half the length of a shaft or tip (m)
	Color    Color
	Quarters bool // the black and white ball of crash tests
	OnTop    bool // seen through items
}

// AppendPieces appends to dst what the arrows, frames and points of s are drawn as, defaults filled in. What is not
// finite is left out.
func (s *Scene) AppendPieces(dst []Piece) []Piece {
	reach := s.Camera.Reach()
	for i := range s.Arrows {
		a := &s.Arrows[i]
		from := len(dst)
		dst = appendArrow(dst, a.From, a.Vector, positive(a.Radius, 0.005*reach), a.Color.Or(RGB(0xFF8A1F)))
		for k := range dst[from:] {
			dst[from+k].OnTop = a.OnTop
		}
	}
	for i := range s.Frames {
		f := &s.Frames[i]
		if !Finite(&f.Pose) {
			continue
		}
		size, q := positive(f.Size, 0.1*reach), Upright(f.Pose.Rot)
		for k, c := range [3]uint32{0xE0443E, 0x3FA34D, 0x3B6FD4} {
			axis := [3]r3.Vec{{X: size}, {Y: size}, {Z: size}}[k]
			dst = appendArrow(dst, f.Pose.Pos, spatial.QuatRotate(q, axis), 0.03*size, RGB(c))
		}
	}
	for i := range s.Points {
		p := &s.Points[i]
		if !spatial.Finite(p.At) {
			continue
		}
		b := Piece{
			Kind: BallPiece, Pose: Pose{Pos: p.At, Rot: spatial.Identity}, Radius: positive(p.Radius, 0.008*reach),
			Color: p.Color.Or(RGB(0xF4D03F)), OnTop: p.OnTop,
		}
		if p.Kind == CenterOfMass {
			b.Quarters, b.OnTop, b.Radius = true, true, positive(p.Radius, 0.016*reach)
		}
		dst = append(dst, b)
	}
	return dst
}

// appendArrow appends a shaft and a tip. The tip keeps its proportions until the arrow is shorter than it; then all
// of the arrow shrinks, so a vanishing force vanishes.
func appendArrow(dst []Piece, from, v r3.Vec, radius float64, c Color) []Piece {
	dir, ok := spatial.Unit(v)
	if !ok || !spatial.Finite(from) {
		return dst
	}
	length, tip := spatial.Norm(v), 6*radius
	if length < 1.5*tip {
		radius *= length / (1.5 * tip)
		tip = length / 1.5
	}
	t1, t2 := spatial.Tangents(dir)
	m := spatial.Mat3{t1.X, t2.X, dir.X, t1.Y, t2.Y, dir.Y, t1.Z, t2.Z, dir.Z}
	rot := m.Quat()
	shaft := (length - tip) / 2
	at := func(d float64) Pose { return Pose{Pos: spatial.AddScaled(from, d, dir), Rot: rot} }
	return append(dst,
		Piece{Kind: ShaftPiece, Pose: at(shaft), Radius: radius, Half: shaft, Color: c},
		Piece{Kind: TipPiece, Pose: at(length - tip/2), Radius: 2.4 * radius, Half: tip / 2, Color: c})
}
