package mjcf

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// pull is what fixed tendons do to a joint: springs, dampers, friction, armature, and how far it may go.
type pull struct {
	sim.Axis         // whose limits always hold
	spring   float64 // Σ stiffness · rest
}

// pulls turns the fixed tendons whose joints all follow one into forces and limits of that: of the length L = g q + o a
// spring has the stiffness g² k and rests at (L₀ − o)/g. Others are reported.
func (c *builder) pulls() {
	for i := range c.m.Tendons {
		t := &c.m.Tendons[i]
		acts := t.Limited || t.Stiffness != [3]float64{} || t.Damping != [3]float64{} || t.FrictionLoss != 0 || t.Armature != 0
		if t.Spatial || !acts {
			continue
		}
		joint, g, o, why := c.levers(t.Terms, 1)
		if why == "" && t.Stiffness[0] != 0 && t.SpringLength[0] != t.SpringLength[1] {
			why = "a spring with room to move is not"
		}
		if why != "" {
			c.notef(t.Place, "fixed", t.Name, "limits, springs, dampers, friction and armature NOT SIMULATED: %s%s", why, changes)
			continue
		}
		if [2]float64(t.Stiffness[1:]) != [2]float64{} || [2]float64(t.Damping[1:]) != [2]float64{} {
			c.notef(t.Place, "fixed", t.Name, "only the linear part of stiffness and damping is simulated%s", changes)
		}
		p := c.pulled[joint]
		if p == nil {
			p = &pull{Axis: sim.Axis{Lower: math.Inf(-1), Upper: math.Inf(1)}}
			c.pulled[joint] = p
		}
		k := g * g * t.Stiffness[0]
		p.Stiffness, p.spring = p.Stiffness+k, p.spring+k*(t.SpringLength[0]-o)/g
		p.Damping += g * g * t.Damping[0]
		p.Friction += math.Abs(g) * t.FrictionLoss
		p.Armature += g * g * t.Armature
		if t.Limited {
			low, high := (t.Range[0]-o)/g, (t.Range[1]-o)/g
			p.Lower, p.Upper = math.Max(p.Lower, math.Min(low, high)), math.Min(p.Upper, math.Max(low, high))
		}
	}
}

// addPull adds to a what tendons do to joint i.
func (c *builder) addPull(i int, a *sim.Axis) {
	p, j, off := c.pulled[i], &c.m.Joints[i], &c.m.off
	if p == nil {
		return
	}
	if k := a.Stiffness + p.Stiffness; !off.spring && p.Stiffness != 0 {
		a.Rest, a.Stiffness = (a.Stiffness*a.Rest+p.spring)/k, k
	}
	if !off.damper {
		a.Damping += p.Damping
	}
	if !off.friction && !off.constraint {
		a.Friction += p.Friction
	}
	a.Armature += p.Armature
	if off.limit || off.constraint || math.IsInf(p.Lower, -1) {
		return
	}
	if !a.Limited {
		a.Limited, a.Lower, a.Upper = true, math.Inf(-1), math.Inf(1)
	}
	if a.Lower, a.Upper = math.Max(a.Lower, p.Lower), math.Min(a.Upper, p.Upper); !(a.Lower < a.Upper) {
		c.errorf(j.Place, "<joint>: %s", fmt.Sprintf("the limits of joint %q and of the tendons that pull it leave no room", clip(j.Name)))
	}
}
