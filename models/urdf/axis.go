package urdf

import (
	"fmt"
	"math"
	"strconv"

	"github.com/ukemi-sim/ukemi/sim"
)

// Limits (m or rad) and efforts (N or N m) from which on they are none: exporters write 1e16 for "unlimited",
// and a slack of that size would spoil the scaling of the solver.
const (
	manyTurns = 20 // rad: more than hinges with limits turn
	farAway   = 1e6
	boundless = 1e9
)

// slippery is the dry friction or effort (N or N m) below which it is none: the solver's unit of force is that of
// the whole robot.
const slippery = 1e-9

// stuck is the dry friction (N or N m) that more adds nothing to but trouble with rounding.
const stuck = 1e6

// noRoom is the range (m or rad) below which limits lock their joint: the solver keeps a slack to either.
const noRoom = 1e-6

// readAxes fills the properties of a moving joint's axes from <limit> and <dynamics>.
func (r *reader) readAxes(j *joint) {
	var a sim.Axis
	if d := j.node.child("dynamics"); d != nil {
		a.Damping = r.nonNegative(d, "damping")
		a.Friction = r.nonNegative(d, "friction")
		switch f := a.Friction; {
		case f > 0 && f < slippery:
			r.notef(Reading, d, "friction %g read as none", f)
			a.Friction = 0
		case f > stuck:
			r.notef(Reading, d, "friction %g read as %g, which holds any robot", f, stuck)
			a.Friction = stuck
		}
	}
	driven := j.mimic == nil && j.kind != "floating" && j.kind != "planar" && j.kind != "planaraxis"
	if driven && !r.opt.Passive {
		a.Drive = sim.Torque
	}
	scalar := j.kind == "revolute" || j.kind == "prismatic"
	hold := math.NaN()
	lim := j.node.child("limit")
	switch {
	case lim != nil:
		r.readVelocity(lim, &a, j)
		r.readEffort(lim, &a, j, driven)
		if scalar {
			hold = r.readLimits(lim, &a, j)
		} else {
			r.ignoreAttr(lim, "lower", "a "+j.kind+" joint has no limits")
			r.ignoreAttr(lim, "upper", "a "+j.kind+" joint has no limits")
		}
	case scalar:
		r.notef(Reading, j.node, "has no <limit>, read as unlimited in position and effort")
	}
	j.axes = make([]sim.Axis, j.typ.NV())
	for k := range j.axes {
		j.axes[k] = a
	}
	if !math.IsNaN(hold) {
		j.lock(hold)
	}
}

// readVelocity reads the bound on the speed, which holds where the options ask for it, and is kept for the writer.
func (r *reader) readVelocity(lim *node, a *sim.Axis, j *joint) {
	j.velocity, _ = strconv.ParseFloat(lim.peek("velocity"), 64)
	if !r.opt.VelocityLimits || j.typ.NV() != 1 {
		why := "velocity limits hold where they are asked for (Options.VelocityLimits, --velocity-limits)"
		if j.typ.NV() != 1 {
			why = "a " + j.kind + " joint has no limits"
		}
		r.ignoreAttr(lim, "velocity", why)
		return
	}
	switch v, given, ok := r.values(lim, "velocity", 1); {
	case !given || !ok:
	case !(v[0] > 0) || v[0] >= boundless:
		r.notef(Reading, lim, "velocity %g read as no bound on the speed", v[0])
	default:
		a.MaxSpeed = v[0]
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
	v, given, ok := r.values(lim, "effort", 1)
	switch {
	case !given || !ok:
	case math.IsNaN(v[0]):
		r.mend(lim, "attribute effort is no number", "the drive has no bound")
	case v[0] <= 0 || v[0] >= boundless: // −1, 0 and inf stand for "unknown" and "none"
		r.notef(Reading, lim, "effort %g read as no bound on the drive", v[0])
	case v[0] < slippery:
		r.notef(Reading, lim, "effort %g moves nothing: the joint has no drive", v[0])
		a.Drive = sim.Passive
	default:
		a.Effort = v[0]
	}
}

// readLimits fills the limits of a. It returns the position at which they hold the joint, or NaN.
func (r *reader) readLimits(lim *node, a *sim.Axis, j *joint) (hold float64) {
	none := math.NaN()
	lower, upper := 0.0, 0.0
	for _, end := range []struct {
		name string
		v    *float64
	}{{"lower", &lower}, {"upper", &upper}} {
		v, given, ok := r.values(lim, end.name, 1)
		if !ok {
			return none
		}
		if given {
			*end.v = v[0]
		}
	}
	const dropped = "the joint has no limits"
	switch {
	case math.IsNaN(lower) || math.IsNaN(upper):
		r.mend(lim, fmt.Sprintf("limits %g … %g are no numbers", lower, upper), dropped)
		return none
	case lower > upper || lower >= farAway || upper <= -farAway:
		wrong := fmt.Sprintf("lower limit %g is above upper limit %g", lower, upper)
		if lower <= upper {
			wrong = fmt.Sprintf("limits %g … %g are out of reach", lower, upper)
		}
		r.mend(lim, wrong, dropped)
		return none
	case lower == 0 && upper == 0:
		r.notef(Reading, lim, "limits lower = upper = 0 read as none; make the joint fixed to lock it")
		return none
	case upper-lower < noRoom && j.mimic == nil:
		wrong := fmt.Sprintf("limits lower = upper = %g lock the joint", lower)
		if lower < upper {
			wrong = fmt.Sprintf("limits %.9g … %.9g leave no room", lower, upper)
		}
		r.mend(lim, wrong+"; make it fixed and move its origin", fmt.Sprintf("the joint is fixed at %g", (lower+upper)/2))
		return (lower + upper) / 2
	}
	a.Limited, a.Lower, a.Upper = true, lower, upper
	if most := math.Max(math.Abs(lower), math.Abs(upper)); j.kind == "revolute" && most > manyTurns && most < farAway {
		r.notef(Reading, lim, "limits %g … %g are %.3g turns: are they degrees? URDF has radians", lower, upper, (upper-lower)/(2*math.Pi))
	}
	if lower <= -farAway {
		a.Lower = math.Inf(-1)
		r.notef(Reading, lim, "lower limit %g read as none", lower)
	}
	if upper >= farAway {
		a.Upper = math.Inf(1)
		r.notef(Reading, lim, "upper limit %g read as none", upper)
	}
	if math.IsInf(a.Lower, -1) && math.IsInf(a.Upper, 1) {
		a.Limited, a.Lower, a.Upper = false, 0, 0
	}
	return none
}
