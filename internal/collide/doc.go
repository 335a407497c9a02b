// Package collide decides which features of shapes may touch, once per step, at knot 2. It differentiates nothing: package gap does, at
// the features that were found, and [Part.Shift] says how these follow the sizes of shapes.
//
// [Features] are what of a shape can touch a plane. A [Finder] finds what of two shapes can touch: the nearest parts of round ones, of those with
// faces every corner of the polygon in which facing faces overlap. All shapes are a core and a radius, the core a convex [Hull]; balls,
// capsules with each other, and boxes with each other have roads of their own to the same contacts. Contacts have weights that go to 0 before
// they go, and sum to 1, so that a log barrier weighted by them does not feel which of them there are.
package collide
