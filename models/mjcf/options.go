package mjcf

import "gonum.org/v1/gonum/spatial/r3"

// Options are the choices around a model. The zero value selects the defaults.
type Options struct {
	Timestep float64 // s. Default 0.01. The file may say one that explicit steps need, Model.Option.Timestep
	Gravity  *r3.Vec // m/s². Default: the file's
	Ground   bool    // add the half-space z ≤ 0 when the file has no plane
	// SelfContact lets geoms of one robot touch each other as MuJoCo does: as their masks, pairs and exclusions say,
	// but those of a body and its parent. By default they pass through each other but for pairs, since the shapes of
	// many robots overlap at their joints.
	SelfContact bool
	// Decompose, if positive, divides meshes that are not convex into convex pieces, at most so far outside of them (m): what they touch
	// by instead of their hulls, as in MuJoCo. A note says of each mesh how many there are and how far they are outside. See
	// [contact.ConvexPieces].
	Decompose float64
	// Progress, if not nil, hears while a mesh is divided, which may take a minute, how many parts there are of it.
	Progress func(mesh string, parts int)
	Friction *float64 // Coulomb coefficient of all shapes. Default: the file's
	Repair   bool     // give moving bodies without mass, or with an inertia that nothing has, a possible one instead of refusing them; each is a Note
}
