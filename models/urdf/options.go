package urdf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Base says how the root link is attached to the world.
type Base uint8

// The ways to attach the root link. AutoBase welds it to the world when it is named "world", when no link
// fixed to it has mass, or when only planar and floating joints leave it (they describe motion over the
// ground); any other root floats. An arm whose foot has mass therefore needs FixedBase.
const (
	AutoBase Base = iota
	FloatingBase
	FixedBase
)

// Options are the choices URDF leaves open. The zero value selects the defaults.
type Options struct {
	Base     Base    // how the root link is attached. Default AutoBase
	Repair   bool    // repair what makes a file impossible instead of refusing it; each repair is a Note, see the package
	Timestep float64 // s. Default 0.01
	Gravity  *r3.Vec // m/s². Default (0, 0, −9.81)
	Ground   bool    // add the half-space z ≤ 0
	Friction float64 // Coulomb coefficient of all collision shapes. Default 0.8; Builder.SetFrictionLaw turns friction off
	Passive  bool    // give no joint a drive. By default every driven joint is a torque input
	// SelfContact lets shapes of the robot touch each other, but those of links that share a joint, and those that are in
	// each other by more than 0.1 mm where all joints are at zero, which a note names.
	SelfContact bool
	// VelocityLimits lets the velocity of <limit> hold: a brake takes what is more ([sim.Axis].MaxSpeed). Without it
	// they are ignored, as most simulators do: files often have what a drive can do, not what a joint can bear.
	VelocityLimits bool
	// Decompose, if positive, divides meshes that are not convex into convex pieces, at most so far outside of them (m): what they touch
	// by instead of their hulls. A note says of each mesh how many there are and how far they are outside. See [contact.ConvexPieces].
	Decompose float64
	// Progress, if not nil, hears while a mesh is divided, which may take a minute, how many parts there are of it.
	Progress func(mesh string, parts int)
	// MeshDirs are folders, or folders of packages, in which mesh files are looked for, besides those around the
	// file itself; see mesh.Find. Meshes are read for contact, and where Repair has to estimate a mass.
	MeshDirs []string
}

func (o Options) check() error {
	if !(o.Decompose >= 0) || math.IsInf(o.Decompose, 1) {
		return fmt.Errorf("Options.Decompose is %g, want a length in meters, or 0 for hulls", o.Decompose)
	}
	return nil
}

func (o Options) withDefaults() Options {
	if o.Timestep == 0 {
		o.Timestep = 0.01
	}
	if o.Gravity == nil {
		o.Gravity = &r3.Vec{Z: -9.81}
	}
	if o.Friction == 0 {
		o.Friction = 0.8
	}
	return o
}
