package models

import (
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Options are the choices around a model. The zero value selects the defaults.
type Options struct {
	Timestep  float64  // s. Default 0.01
	Gravity   *r3.Vec  // m/s². Default (0, 0, −9.81)
	NoGround  bool     // leave out the half-space z ≤ 0
	Friction  *float64 // Coulomb coefficient of all shapes. Default: the model's own
	MassScale float64  // multiplies masses, inertias and the forces of joints, so that motions stay the same. Default 1
	Ideal     bool     // leave out dry friction and limits of joints, as many studies do
}

func (o Options) withDefaults() Options {
	if o.Timestep == 0 {
		o.Timestep = 0.01
	}
	if o.Gravity == nil {
		o.Gravity = &r3.Vec{Z: -9.81}
	}
	if o.MassScale == 0 {
		o.MassScale = 1
	}
	return o
}

// builder returns a builder of the given name with the world that o describes.
func (o Options) builder(name string) *sim.Builder {
	b := sim.NewBuilder(name)
	b.SetTimestep(o.Timestep)
	b.SetGravity(*o.Gravity)
	if !o.NoGround {
		b.AddGround()
	}
	return b
}

func (o Options) friction(own float64) float64 {
	if o.Friction != nil {
		return *o.Friction
	}
	return own
}

// mass returns in with the mass scale applied.
func (o Options) mass(in sim.Inertia) sim.Inertia {
	k := o.MassScale
	in.Mass *= k
	in.Ixx *= k
	in.Ixy *= k
	in.Ixz *= k
	in.Iyy *= k
	in.Iyz *= k
	in.Izz *= k
	return in
}

// axis returns a with the mass scale and the wish for ideal joints applied.
func (o Options) axis(a sim.Axis) sim.Axis {
	k := o.MassScale
	a.Effort *= k
	a.Damping *= k
	a.Friction *= k
	if o.Ideal {
		a.Limited, a.Lower, a.Upper, a.Friction = false, 0, 0, 0
	}
	return a
}
