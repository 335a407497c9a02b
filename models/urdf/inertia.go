package urdf

import (
	"errors"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// pointLike is the squared radius of gyration (m²) below which an inertia is rounding noise: a radius of
// 10 µm. Exporters that write zeros leave numbers near 1e-20 after rotating them, which may happen to
// pass [sim.Inertia.Check] and would make the step ill conditioned.
const pointLike = 1e-10

// unknown stands for an inertia that is already an error, so that it is not one again for want of mass.
var unknown = sim.Inertia{Mass: 1}

// inertial returns the inertia in an <inertial>, in link axes.
func (r *reader) inertial(n *node) sim.Inertia {
	pose := r.origin(n)
	var in sim.Inertia
	good := true
	need := func(n *node, name string, dst *float64) {
		v, ok := r.need(n, name)
		*dst, good = v, good && ok
	}
	if m := n.child("mass"); m != nil {
		need(m, "value", &in.Mass)
	} else {
		r.errorf(n, "has no <mass>")
		good = false
	}
	at := n // where an impossible inertia is reported
	if i := n.child("inertia"); i != nil {
		at = i
		need(i, "ixx", &in.Ixx)
		need(i, "iyy", &in.Iyy)
		need(i, "izz", &in.Izz)
		var ok [3]bool
		in.Ixy, ok[0] = r.number(i, "ixy", 0)
		in.Ixz, ok[1] = r.number(i, "ixz", 0)
		in.Iyz, ok[2] = r.number(i, "iyz", 0)
		good = good && ok[0] && ok[1] && ok[2]
	} else if good && in.Mass != 0 {
		r.notef(n, "has no <inertia>, read as zero")
	}
	switch {
	case !good:
		return unknown
	case in == (sim.Inertia{}):
		return in // a frame without mass; the pose means nothing
	}
	return r.possible(at, in).Placed(pose)
}

// possible returns in when a real body can have it. Otherwise it is an error, or repaired when asked for.
func (r *reader) possible(n *node, in sim.Inertia) sim.Inertia {
	err := in.Check()
	if err == nil && in.Ixx+in.Iyy+in.Izz < pointLike*in.Mass {
		err = errors.New("inertia is that of a point, not positive definite within rounding")
	}
	if err == nil {
		return in
	}
	if !r.opt.Repair {
		r.errorf(n, "%w; correct it, or load with Repair to use the nearest possible one", err)
		return unknown
	}
	if math.Abs(in.Ixx)+math.Abs(in.Iyy)+math.Abs(in.Izz) < pointLike*in.Mass {
		in = sim.Inertia{Mass: in.Mass} // drop the noise, its principal axes mean nothing
	}
	out, change := in.Repair()
	if still := out.Check(); still != nil {
		r.errorf(n, "%w, and cannot be repaired (%w)", err, still)
		return unknown
	}
	r.notef(n, "repaired: %v: %s", err, change)
	return out
}
