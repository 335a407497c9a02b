// Package gap knows how far two features are apart and how fast they slide over one time step, with the exact derivatives of both
// by the motions of the bodies and by the sizes of the features. It solves nothing and chooses nothing: which features may touch,
// internal/collide decides.
//
// A pair has two sides, each a feature of a body: A, and B, which may belong to the world. Normal, tangents and contact point are
// fixed once per step, at the start of the interval (knot 2); gap and sliding velocity, and their gradient rows with respect to
// twists of the bodies, are those at the end (knot 3). [Touch] is a ball, vertex or rim on a half-space of the world, [Meeting] any
// [Kind] of pair of two bodies. Both know the same verbs: Place, Relax, Eval, Rows, StartRows, Respond.
package gap
