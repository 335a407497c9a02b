package mjcf

import (
	"fmt"
	"math"
)

// actuators sums the actuators of each joint into one drive. For an actuator of length L = g q + o,
//
//	F = k c + b₀ + b₁ L + b₂ dL/dt,  joint force τ = g F
//
// so that kp = −g² b₁ and kd = −g² b₂. Drives with kp > 0 become servos, whose implicit step is stable for all
// gains; others torques, with kd as damping.
func (c *builder) actuators() {
	byJoint := map[int]*drive{}
	for i := range c.m.Actuators {
		a := &c.m.Actuators[i]
		if a.Target < 0 || a.Transmission == ToSite && !c.m.off.actuation {
			continue // reported where it was read; see pushes
		}
		say := func(format string, args ...any) { c.notef(a.Place, a.Element, a.Name, format, args...) }
		if c.m.off.actuation {
			say("ignored: the file turns actuation off")
			continue
		}
		joint, g, o, why := c.lever(a)
		if why == "" {
			why = law(a)
		}
		if why != "" {
			say("NOT SIMULATED: %s%s", why, changes)
			continue
		}
		if a.DynType != "none" {
			say("activation dynamics %q ignored: the control acts at once%s", a.DynType, changes)
		}
		d := byJoint[joint]
		if d == nil {
			d = &drive{joint: joint, effort: math.Inf(1)}
			byJoint[joint] = d
		}
		kp, kd := -g*g*a.BiasPrm[1], -g*g*a.BiasPrm[2]
		if a.BiasType == "none" {
			kp, kd = 0, 0
		} else {
			d.constant += g * (a.BiasPrm[0] + a.BiasPrm[1]*o)
		}
		if kp < 0 || kd < 0 {
			say("NOT SIMULATED: its bias drives the joint away from rest instead of back%s", changes)
			continue
		}
		d.kp, d.kd = d.kp+kp, d.kd+kd
		d.damping += g * g * a.Damping[0]
		d.armature += g * g * a.Armature
		d.terms = append(d.terms, driveTerm{i, g * a.GainPrm[0]})
		c.effort(d, a, g)
	}
	for _, j := range sortedKeys(byJoint) {
		d := byJoint[j]
		if len(d.terms) == 0 {
			continue
		}
		joint := &c.m.Joints[j]
		if joint.ForceLimited {
			low, high := joint.ForceRange[0], joint.ForceRange[1]
			if low != -high {
				c.notef(joint.Place, "joint", joint.Name, "actuatorfrcrange read as ±%.4g: bounds of drives are symmetric%s", math.Max(-low, high), changes)
			}
			d.effort = math.Min(d.effort, math.Max(-low, high))
		}
		c.drives = append(c.drives, *d)
	}
}

// sites adds the actuators on sites, whose links the tree has.
func (c *builder) sites() {
	for i := range c.m.Actuators {
		if a := &c.m.Actuators[i]; a.Target >= 0 && a.Transmission == ToSite && !c.m.off.actuation {
			c.thruster(i)
		}
	}
}

// effort bounds the drive by the range of an actuator's force, or by what its largest control makes.
func (c *builder) effort(d *drive, a *Actuator, g float64) {
	own := math.Inf(1)
	if a.ForceLimited {
		low, high := a.ForceRange[0], a.ForceRange[1]
		if low != -high {
			c.notef(a.Place, a.Element, a.Name, "forcerange read as symmetric, ± its larger end: bounds of drives are%s", changes)
		}
		own = math.Abs(g) * math.Max(math.Abs(low), math.Abs(high))
	}
	if a.CtrlLimited && a.BiasType == "none" {
		own = math.Min(own, math.Abs(g*a.GainPrm[0])*math.Max(math.Abs(a.CtrlRange[0]), math.Abs(a.CtrlRange[1])))
	}
	if len(d.terms) > 1 {
		c.notef(a.Place, a.Element, a.Name, "shares its joint with another actuator: their sum is bounded, not each%s", changes)
		own += d.effort
	}
	d.effort = own
	if a.ForceLimited && d.kp == 0 && d.kd > 0 {
		c.notef(a.Place, a.Element, a.Name, "forcerange bounds what the control does, not the damping with it%s", changes)
	}
}

// lever returns the joint an actuator drives, and its length g·q + o. Tendons count when all their joints follow one.
func (c *builder) lever(a *Actuator) (joint int, g, o float64, why string) {
	var terms []TendonTerm
	switch a.Transmission {
	case ToJoint, ToJointInParent:
		terms = []TendonTerm{{a.Target, 1}}
	case ToTendon:
		terms = c.m.Tendons[a.Target].Terms
		if c.m.Tendons[a.Target].Spatial {
			return 0, 0, 0, "spatial tendons are not simulated"
		}
	default:
		return 0, 0, 0, fmt.Sprintf("actuators on a %s are not", a.Transmission)
	}
	return c.levers(terms, a.Gear[0])
}

// levers returns the joint that all of a sum of joint coordinates follow, and the sum times gear as g·q + o.
func (c *builder) levers(terms []TendonTerm, gear float64) (joint int, g, o float64, why string) {
	joint = -1
	for _, t := range terms {
		if typ := c.m.Joints[t.Joint].Type; typ != HingeJoint && typ != SlideJoint {
			return 0, 0, 0, fmt.Sprintf("actuators on a %s joint are not", typ)
		}
		of, ratio, offset := t.Joint, 1.0, 0.0
		if f := c.mimics[t.Joint]; f.of >= 0 {
			if of, ratio, offset = f.of, f.ratio, f.offset; f.curve != [3]float64{} {
				return 0, 0, 0, "its joint follows another along a curve"
			}
		}
		if joint >= 0 && of != joint {
			return 0, 0, 0, "its tendon pulls joints that are not coupled to one"
		}
		joint = of
		g += gear * t.Coef * ratio
		o += gear * t.Coef * offset
	}
	if joint < 0 || g == 0 {
		return 0, 0, 0, "it moves no joint"
	}
	return joint, g, o, ""
}

// law returns why the force law of an actuator cannot be taken, or "".
func law(a *Actuator) string {
	switch {
	case a.GainType != "fixed" && !(a.GainType == "affine" && a.GainPrm[1] == 0 && a.GainPrm[2] == 0):
		return fmt.Sprintf("a gain of type %q is not, only a fixed one", a.GainType)
	case a.BiasType != "none" && a.BiasType != "affine":
		return fmt.Sprintf("a bias of type %q is not, only an affine one", a.BiasType)
	case a.DynType != "none" && a.DynType != "filter" && a.DynType != "filterexact":
		return fmt.Sprintf("activation dynamics %q are not", a.DynType)
	}
	return ""
}

// drive returns the drive of a joint, nil for none.
func (c *builder) drive(joint int) *drive {
	for i := range c.drives {
		if c.drives[i].joint == joint {
			return &c.drives[i]
		}
	}
	return nil
}

// left reports what the file says besides, of which the engine knows nothing.
func (c *builder) left() {
	m := c.m
	for i := range m.Bodies {
		b := &m.Bodies[i]
		if b.GravComp != 0 && c.moving[i] {
			c.notef(b.Place, "body", b.Name, "gravcomp is not simulated%s", changes)
		}
		if b.Mocap {
			c.notef(b.Place, "body", b.Name, "a mocap body stays where it is")
		}
	}
	for i := range m.Sensors {
		s := &m.Sensors[i]
		c.notes.once(s.Place, "sensor", s.Name, "sensors are read, see Model.Sensors, but not simulated")
	}
	if m.Option.OwnTimestep && m.Option.Timestep != c.opt.Timestep {
		c.notef(Place{m.main, 1}, "option", "", "timestep %g s not taken: steps are %g s", m.Option.Timestep, c.opt.Timestep)
	}
}
