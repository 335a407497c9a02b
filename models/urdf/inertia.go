package urdf

import (
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// pointLike is the squared radius of gyration (m²) below which an inertia is rounding noise: a radius of
// 10 µm. Exporters that write zeros leave numbers near 1e-20 after rotating them, which may happen to
// pass [sim.Inertia.Check] and would make the step ill conditioned.
const pointLike = 1e-10

// nothing is a mass (kg) below which none is meant.
const nothing = 1e-18

// unknown stands for an inertia that is already an error, so that it is not one again for want of mass.
var unknown = sim.Inertia{Mass: 1}

// inertial returns the inertia in the <inertial> n of l, in link axes. The shapes of l are read.
func (r *reader) inertial(n *node, l *link) sim.Inertia {
	pose := r.origin(n)
	var in sim.Inertia
	good, strange := true, false
	need := func(n *node, name string, must bool, dst *float64) {
		v, given, ok := r.values(n, name, 1)
		if good = good && ok; !ok {
			return
		}
		if given {
			*dst = v[0]
		} else if must {
			r.errorf(n, "attribute %s is %s", name, absent(n, name))
			good = false
		}
		switch x := math.Abs(*dst); {
		case math.IsNaN(x) || math.IsInf(x, 0):
			strange = true
			r.unweighed(n, l, fmt.Sprintf("attribute %s: %q is not a finite number", name, clip(n.peek(name))))
		case x > beyond || name == "value" && x > 0 && x < nothing:
			strange = true
			r.unweighed(n, l, fmt.Sprintf("attribute %s: %q is beyond anything a robot has", name, clip(n.peek(name))))
		}
	}
	if m := n.child("mass"); m != nil {
		need(m, "value", true, &in.Mass)
	} else {
		r.unweighed(n, l, "has no <mass>")
		strange = true
	}
	at := n // where an impossible inertia is reported
	if i := n.child("inertia"); i != nil {
		at = i
		for _, e := range []struct {
			name string
			must bool
			dst  *float64
		}{
			{"ixx", true, &in.Ixx}, {"iyy", true, &in.Iyy}, {"izz", true, &in.Izz},
			{"ixy", false, &in.Ixy}, {"ixz", false, &in.Ixz}, {"iyz", false, &in.Iyz},
		} {
			need(i, e.name, e.must, e.dst)
		}
	} else if good && !strange && in.Mass != 0 {
		r.notef(Reading, n, "has no <inertia>, read as zero")
	}
	switch {
	case !good || strange && !r.opt.Repair:
		return unknown
	case strange:
		in, _ := r.guess(l, smallest)
		return in
	case in == (sim.Inertia{}):
		return in // a frame without mass; the pose means nothing
	}
	return r.possible(at, l, in, pose)
}

// unweighed reports what makes the <inertial> of l useless.
func (r *reader) unweighed(n *node, l *link, wrong string) {
	_, how := r.guess(l, smallest)
	r.mend(n, wrong, "the link has the inertia of "+how)
}

// possible returns in, moved to its pose, when a real body can have it. Otherwise it is an error, or repaired
// when asked for.
func (r *reader) possible(n *node, l *link, in sim.Inertia, pose sim.Pose) sim.Inertia {
	err := in.Check()
	if err == nil && in.Ixx+in.Iyy+in.Izz < pointLike*in.Mass {
		err = errors.New("inertia is that of a point, not positive definite within rounding")
	}
	if err == nil {
		return in.Placed(pose)
	}
	if !r.opt.Repair {
		r.errorf(n, "%w; correct it, or load with Repair to use the nearest possible one", err)
		return unknown
	}
	if math.Abs(in.Ixx)+math.Abs(in.Iyy)+math.Abs(in.Izz) < pointLike*in.Mass {
		in = sim.Inertia{Mass: in.Mass} // drop the noise, its principal axes mean nothing
		if s, how, ok := r.estimate(l); ok && in.Mass > 0 && !math.IsInf(in.Mass/s.Mass, 0) {
			r.notef(Physics, n, "repaired: %v: the file's mass is spread over %s", err, how)
			s = scaled(s, in.Mass/s.Mass)
			s.COM = pose.Pos
			return s
		}
	}
	out, change := in.Repair()
	if still := out.Check(); still != nil {
		r.errorf(n, "%w, and cannot be repaired (%w)", err, still)
		return unknown
	}
	r.notef(Physics, n, "repaired: %v: %s", err, change)
	return out.Placed(pose)
}
