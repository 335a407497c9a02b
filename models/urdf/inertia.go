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

// oddInertia is an inertia that no body has by itself.
type oddInertia struct {
	node *node
	link *link
	in   sim.Inertia // about its own pose
	pose sim.Pose
	err  error
}

// possible returns in, moved to its pose. Whether an inertia that no body has matters is decided later: what moves is the sum of what is
// fixed together.
func (r *reader) possible(n *node, l *link, in sim.Inertia, pose sim.Pose) sim.Inertia {
	err := in.Check()
	if err == nil && in.Ixx+in.Iyy+in.Izz < pointLike*in.Mass {
		err = errors.New("inertia is that of a point, not positive definite within rounding")
	}
	if err == nil {
		return in.Placed(pose)
	}
	o := oddInertia{n, l, in, pose, err}
	if !(in.Mass > 0) || in.Ixx < 0 || in.Iyy < 0 || in.Izz < 0 {
		return r.repair(o)
	}
	if pointed(in) {
		in = sim.Inertia{Mass: in.Mass} // drop the noise, its principal axes mean nothing
	}
	r.odd = append(r.odd, o)
	return in.Placed(pose)
}

func pointed(in sim.Inertia) bool {
	return math.Abs(in.Ixx)+math.Abs(in.Iyy)+math.Abs(in.Izz) < pointLike*in.Mass
}

// settle decides about links whose inertia no body has: where the links fixed to it make up for it, as a trunk does for a camera that was
// exported as a point, it is taken as it is.
func (r *reader) settle() {
	sum := map[*link]sim.Inertia{} // of what is fixed together, in the frame of one of it
	moves := map[*link]bool{}
	for _, p := range r.pieces() {
		var all sim.Inertia
		for k, l := range p.links {
			all = all.Plus(l.inertia.Placed(p.poses[k]))
		}
		for _, l := range p.links {
			sum[l], moves[l] = all, p.moves
		}
	}
	for _, o := range r.odd {
		all := sum[o.link]
		switch {
		case !moves[o.link]:
			r.notef(Unused, o.node, "%v; the link does not move, it does not matter", o.err)
		case solidly(all):
			r.notef(Reading, o.node, "%v; what the link is fixed to makes up for it, it is taken as it is", o.err)
		default:
			o.link.inertia = r.repair(o)
		}
	}
}

// solidly reports whether an inertia is possible by more than the rounding of a sum.
func solidly(in sim.Inertia) bool {
	size := in.Ixx + in.Iyy + in.Izz
	const margin = 1e-9
	in.Ixx, in.Iyy, in.Izz = in.Ixx-margin*size, in.Iyy-margin*size, in.Izz-margin*size
	return in.Check() == nil && size >= pointLike*in.Mass
}

// repair returns a possible inertia near an impossible one, when asked for. Otherwise it is an error.
func (r *reader) repair(o oddInertia) sim.Inertia {
	n, l, in, err := o.node, o.link, o.in, o.err
	if !r.opt.Repair {
		r.errorf(n, "%w; correct it, or load with Repair to use the nearest possible one", err)
		return unknown
	}
	if pointed(in) {
		in = sim.Inertia{Mass: in.Mass}
		if s, how, ok := r.estimate(l); ok && in.Mass > 0 && !math.IsInf(in.Mass/s.Mass, 0) {
			r.notef(Physics, n, "repaired: %v: the file's mass is spread over %s", err, how)
			s = scaled(s, in.Mass/s.Mass)
			s.COM = o.pose.Pos
			return s
		}
	}
	out, change := in.Repair()
	if still := out.Check(); still != nil {
		r.errorf(n, "%w, and cannot be repaired (%w)", err, still)
		return unknown
	}
	r.notef(Physics, n, "repaired: %v: %s", err, change)
	return out.Placed(o.pose)
}
