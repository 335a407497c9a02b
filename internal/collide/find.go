package collide

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Solid is a shape on a body: where it is in the body frame, and in the world.
type Solid struct {
	Shape *contact.Shape
	Body  int
	Local spatial.Pose
	World spatial.Pose
}

// Found is a pair of features that may touch.
type Found struct {
	gap.Pair
	Parts  [2]int  // which feature of its solid each is, for Sized
	ID     uint32  // the same features have the same in every step
	Weight float64 // its part of the pair of solids: all of one add up to one
}

// Find appends the pairs of features of a and b that are within reach of each other.
func Find(dst []Found, a, b *Solid, reach float64) []Found {
	if a.Shape.Kind == contact.KindSphere && b.Shape.Kind == contact.KindSphere {
		side := func(s *Solid) gap.Side {
			return gap.Side{Body: s.Body, Feature: gap.Feature{Center: s.Local.Pos, Radius: s.Shape.Radius}}
		}
		return append(dst, Found{Pair: gap.Pair{Kind: gap.PointPoint, A: side(a), B: side(b)}, Weight: 1})
	}
	return dst
}

// Sized returns how a part of s changes, in the frame of s, per unit of size i, numbered as [contact.Shape.Param] does.
func Sized(s *contact.Shape, part, i int) (c gap.Change) {
	c.Center, c.Radius = Shift(s, part, i)
	return c
}
