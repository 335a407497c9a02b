package urdf

import (
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// farAway is the position limit (m or rad) from which on it is none: exporters write 1e16 for "unlimited",
// and a slack of that size would spoil the scaling of the solver.
const farAway = 1e6

// readAxes fills the properties of a moving joint's axes from <limit> and <dynamics>.
func (r *reader) readAxes(j *joint) {
	var a sim.Axis
	if d := j.node.child("dynamics"); d != nil {
		a.Damping = r.nonNegative(d, "damping")
		a.Friction = r.nonNegative(d, "friction")
	}
	driven := j.mimic == nil && j.kind != "floating" && j.kind != "planar" && j.kind != "planaraxis"
	if driven && !r.opt.Passive {
		a.Drive = sim.Torque
	}
	scalar := j.kind == "revolute" || j.kind == "prismatic"
	lim := j.node.child("limit")
	switch {
	case lim != nil:
		r.ignoreAttr(lim, "velocity", "velocity limits are not simulated")
		r.readEffort(lim, &a, j, driven)
		if scalar {
			r.readLimits(lim, &a)
		} else {
			r.ignoreAttr(lim, "lower", "a "+j.kind+" joint has no limits")
			r.ignoreAttr(lim, "upper", "a "+j.kind+" joint has no limits")
		}
	case scalar:
		r.notef(j.node, "has no <limit>, read as unlimited in position and effort")
	}
	j.axes = make([]sim.Axis, j.typ.NV())
	for k := range j.axes {
		j.axes[k] = a
	}
}

func (r *reader) readEffort(lim *node, a *sim.Axis, j *joint, driven bool) {
	if !driven {
		why := "a " + j.kind + " joint has no drive"
		if j.mimic != nil {
			why = "a mimic joint has no drive"
		}
		r.ignoreAttr(lim, "effort", why)
		return
	}
	v, given, ok := r.numbers(lim, "effort", 1)
	switch {
	case !given || !ok:
	case v[0] < 0:
		r.errorf(lim, "attribute effort is %g, want a number ≥ 0", v[0])
	case v[0] == 0:
		r.notef(lim, "effort 0 read as no bound on the drive")
	default:
		a.Effort = v[0]
	}
}

func (r *reader) readLimits(lim *node, a *sim.Axis) {
	lower, ok1 := r.number(lim, "lower", 0)
	upper, ok2 := r.number(lim, "upper", 0)
	switch {
	case !ok1 || !ok2:
	case lower > upper:
		r.errorf(lim, "lower limit %g is above upper limit %g", lower, upper)
	case lower == 0 && upper == 0:
		r.notef(lim, "limits lower = upper = 0 read as none; make the joint fixed to lock it")
	case lower == upper:
		r.errorf(lim, "limits lower = upper = %g lock the joint; make it fixed and move its origin", lower)
	default:
		a.Limited, a.Lower, a.Upper = true, lower, upper
		if lower <= -farAway {
			a.Lower = math.Inf(-1)
			r.notef(lim, "lower limit %g read as none", lower)
		}
		if upper >= farAway {
			a.Upper = math.Inf(1)
			r.notef(lim, "upper limit %g read as none", upper)
		}
		if math.IsInf(a.Lower, -1) && math.IsInf(a.Upper, 1) {
			a.Limited, a.Lower, a.Upper = false, 0, 0
		}
	}
}
