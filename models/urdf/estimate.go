package urdf

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
)

// density is what links without mass are made of, water: the parts of robots weigh that on average, hollow
// as they are.
const density = 1000.0 // kg/m³

// colossal is the mass (kg) of a link that no robot has: of a mesh of 5 cm drawn in millimeters and not scaled.
const colossal = 1e5

// smallest is the mass of a link that has no shapes to tell it (kg).
const smallest = 1e-3

// estimate returns the inertia of l's shapes made of water: those that collide or, without any, those that are
// drawn, meshes where their files are found. Where shapes overlap they count twice.
func (r *reader) estimate(l *link) (in sim.Inertia, how string, ok bool) {
	add := func(v sim.Visual) {
		one := solid(v.Shape)
		if v.Mesh != "" {
			one = r.solidMesh(l, v)
		}
		if one.Mass > 0 {
			in = in.Plus(one.Placed(v.Pose))
		}
	}
	for _, c := range l.colliders {
		if c.Shape.Kind != contact.KindPoints { // those are of meshes
			add(sim.Visual{Shape: c.Shape, Pose: c.Pose})
		}
	}
	for _, m := range l.meshes {
		add(m.Visual)
	}
	how = "its collision shapes"
	if in.Mass == 0 {
		how = "its drawn shapes"
		for _, v := range l.visuals {
			add(v)
		}
	}
	if in.Mass > colossal {
		if !l.colossal {
			l.colossal = true
			r.notef(Reading, l.node, "%s would weigh %.3g kg and are not used to estimate its mass: are they in millimeters?", how, in.Mass)
		}
		return sim.Inertia{}, "", false
	}
	if in.Check() != nil {
		return sim.Inertia{}, "", false
	}
	return in, fmt.Sprintf("%s at %g kg/m³, %.3g kg", how, density, in.Mass), true
}

// guess is estimate with a ball in place of shapes. A mass of 1 g has a radius of 1 cm.
func (r *reader) guess(l *link, mass float64) (in sim.Inertia, how string) {
	if in, how, ok := r.estimate(l); ok {
		return in, how
	}
	radius := 0.01 * math.Cbrt(mass/smallest)
	return sim.SphereInertia(mass, radius), fmt.Sprintf("a ball of %.3g g and %.3g cm radius", 1e3*mass, 1e2*radius)
}

// solid returns the inertia of a shape made of water.
func solid(s contact.Shape) sim.Inertia {
	switch s.Kind {
	case contact.KindSphere:
		return sim.SphereInertia(density*4/3*math.Pi*math.Pow(s.Radius, 3), s.Radius)
	case contact.KindEllipsoid:
		return sim.EllipsoidInertia(density*4/3*math.Pi*s.Half.X*s.Half.Y*s.Half.Z, s.Half)
	case contact.KindBox:
		return sim.BoxInertia(density*8*s.Half.X*s.Half.Y*s.Half.Z, s.Half)
	case contact.KindCylinder:
		return sim.CylinderInertia(density*2*math.Pi*s.Radius*s.Radius*s.HalfLength, s.Radius, s.HalfLength)
	case contact.KindCapsule:
		return sim.CapsuleInertia(density*math.Pi*s.Radius*s.Radius*(2*s.HalfLength+4*s.Radius/3), s.Radius, s.HalfLength)
	}
	return sim.Inertia{}
}

// scaled returns an inertia of k times the density.
func scaled(in sim.Inertia, k float64) sim.Inertia {
	in.Mass *= k
	for _, i := range []*float64{&in.Ixx, &in.Ixy, &in.Ixz, &in.Iyy, &in.Iyz, &in.Izz} {
		*i *= k
	}
	return in
}
