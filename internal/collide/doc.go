// Package collide decides which features of shapes may touch, once per step, at knot 2. It differentiates nothing: package gap does, at
// the features that were found, and [Part.Shift] says how these follow the sizes of shapes.
//
// [Features] are what of a shape can touch a plane. A [Finder] finds what of two shapes can touch: the nearest parts of
// round ones, of those with faces every corner of the polygon in which facing faces overlap. All shapes are a core and
// a radius, the core a convex [Hull]; balls, capsules with each other, and boxes with each other have algorithms of
// their own to the same contacts. Contacts have weights that go to 0 before they go, and sum to 1, so that a log
// barrier weighted by them does not feel which of them there are.
//
// # Files
//
// Shapes: feature.go (what of a shape touches a plane), part.go (what of it touches another shape), hull.go and
// points.go (hulls of shapes and of points), sectors.go (the vertices that may be farthest along a direction), sweep.go
// (which of many boxes overlap).
//
// Two shapes: find.go (which algorithm a pair takes, and the list it fills), round.go (balls and capsules), box.go and
// box_face.go, oval.go (ellipsoids), cylinder.go, cylinder_near.go and disk.go, placed.go and hulls.go (convex
// polytopes: the axis of least depth, and the contacts along it). What they share: polygon.go (overlap of two faces),
// rise.go (corners of it that are out of reach), strand.go (lines that are nearly parallel), buried.go (what is deep).
//
// Terrain: terrain.go (the rule), terrain_solid.go (polytopes), terrain_round.go, terrain_rim.go, terrain_ridge.go
// (rims where they cross ridges), terrain_oval.go, terrain_out.go (what is deep), terrain_vertex.go (its vertices as
// parameters).
//
// Derivatives of what is chosen here: share.go (weights by turns), slide.go (points where edges cross), vertex.go (by
// corners as parameters).
package collide
