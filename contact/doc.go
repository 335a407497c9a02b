// Package contact knows shapes and half-spaces: which features of a shape can touch a half-space, their
// gap and sliding velocity over one time step, and the exact derivatives of both. It solves nothing.
//
// A shape breaks up into features: body-fixed balls (a vertex is a ball of radius zero) and the rims of
// cylinders. [Feature.Place] fixes normal, tangents and contact point once per step, at the start of the
// interval (knot 2); [Touch.Eval] and [Touch.Rows] give gap and sliding velocity at the end (knot 3) and
// their gradient rows with respect to a twist of the body there.
package contact
