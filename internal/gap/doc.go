// Package gap knows how far two features are apart and how fast they slide over one time step, with the exact derivatives of both
// by the motions of the bodies and by the sizes of the features. It solves nothing and chooses nothing: which features may touch,
// internal/collide decides.
//
// A pair has two sides, each a feature of a body: A, and B, which may belong to the world. [Touch.Place] fixes normal, tangents and
// contact point once per step, at the start of the interval (knot 2); [Touch.Eval] and [Touch.Rows] give gap and sliding velocity
// at the end (knot 3) and their gradient rows with respect to a twist of the body there.
package gap
