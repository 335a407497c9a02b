package mjcf

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// thruster adds an actuator that pushes along the axes of a site: force and torque are gain · control · gear, in the site's frame.
func (c *builder) thruster(i int) {
	a := &c.m.Actuators[i]
	if why := c.pushes(a); why != "" {
		c.notef(a.Place, a.Element, a.Name, "NOT SIMULATED: %s%s", why, changes)
		return
	}
	if a.DynType != "none" {
		c.notef(a.Place, a.Element, a.Name, "activation dynamics %q ignored: the control acts at once%s", a.DynType, changes)
	}
	s, k := &c.m.Sites[a.Target], a.GainPrm[0]
	t := sim.Thruster{
		Link: c.link[s.Body], Pose: c.frame[s.Body].Mul(s.Pose), Lower: math.Inf(-1), Upper: math.Inf(1),
		Force:  r3.Scale(k, r3.Vec{X: a.Gear[0], Y: a.Gear[1], Z: a.Gear[2]}),
		Torque: r3.Scale(k, r3.Vec{X: a.Gear[3], Y: a.Gear[4], Z: a.Gear[5]}),
	}
	bound := func(low, high float64) {
		t.Limited, t.Lower, t.Upper = true, math.Max(t.Lower, math.Min(low, high)), math.Min(t.Upper, math.Max(low, high))
	}
	if a.CtrlLimited {
		bound(a.CtrlRange[0], a.CtrlRange[1])
	}
	if a.ForceLimited { // the force before the gear
		bound(a.ForceRange[0]/k, a.ForceRange[1]/k)
	}
	if !(t.Lower < t.Upper) {
		c.errorf(a.Place, "<%s>: ctrlrange and forcerange of actuator %q leave no room", a.Element, clip(a.Name))
		return
	}
	name := a.Name
	if name == "" {
		name = fmt.Sprintf("%s%d", a.Element, i)
	}
	for _, d := range c.drives {
		c.inputs[c.joints[d.joint]] = true
	}
	t.Name = unique(c.inputs, name, "")
	c.b.AddThruster(t)
	c.thrusters = append(c.thrusters, i)
}

// pushes returns why an actuator on a site cannot be taken, or "".
func (c *builder) pushes(a *Actuator) string {
	switch {
	case a.RefSite:
		return "forces between two sites (refsite) are not"
	case a.BiasType != "none" && a.BiasPrm != [3]float64{}:
		return "a bias on a site is not"
	case a.GainPrm[0] == 0 || a.Gear == [6]float64{}:
		return "it pushes nothing"
	case !c.moving[c.m.Sites[a.Target].Body]:
		return "its site does not move"
	}
	return law(a)
}

// thrusters writes each as a site on the link and a motor along its gear.
func (w *writer) thrusters() {
	for _, t := range w.Builder.Thrusters() {
		site := xmltree.New("site", "name", t.Name)
		place(site, t.Pose)
		w.sites[t.Link] = append(w.sites[t.Link], site)
		d := xmltree.New("motor", "name", t.Name, "site", t.Name, "gear", nums(t.Force.X, t.Force.Y, t.Force.Z, t.Torque.X, t.Torque.Y, t.Torque.Z))
		if t.Limited {
			d.Set("ctrllimited", "true", "ctrlrange", nums(math.Max(t.Lower, -farLimit), math.Min(t.Upper, farLimit)))
		}
		w.thrust = append(w.thrust, d)
	}
}
