package sim

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/ipm"
)

// cause is what went wrong with a step or a part of one; finding it may allocate, whole steps do not.
type cause struct {
	status  Status // of the solve; Solved when it is only that a joint turns far
	body    int    // that turns by half a turn, or when the step is solved the one that turns too fast or changes its turn most; −1
	turn    float64
	fast    bool   // the body turns too fast
	contact string // or dof: where the residual is largest
	dof     int
	outside int // contact, or beyond: dof whose limit, that the step begins on the wrong side of; −1
	beyond  int
	within  int     // or pair of colliders that it begins in each other
	depth   float64 // there (m or rad)
	loop    int     // where the residual is largest, open: that is farthest open at the start; −1
	open    int
}

// why asks the engine what was wrong with the step that it has just tried.
func (s *Stepper) why(status Status) cause {
	c := cause{status: status, body: -1, dof: -1, outside: -1, beyond: -1, within: -1, loop: -1, open: -1}
	if status == ipm.NotFinite {
		if c.body = s.dyn.HalfTurn(); c.body >= 0 {
			return c
		}
	}
	if c.outside, c.beyond, c.depth = s.dyn.Outside(); c.outside < 0 && c.beyond < 0 {
		c.within, c.depth = s.dyn.Within()
	}
	if status == ipm.Solved {
		if c.body, c.turn = s.dyn.Fast(); c.body >= 0 {
			c.fast = true
			return c
		}
		c.body, c.turn = s.dyn.Whip()
		return c
	}
	contact := 0
	if contact, c.dof = s.dyn.Worst(); contact >= 0 {
		c.contact = s.contactAt(contact)
	}
	if len(s.m.loops) > 0 {
		c.loop, c.open = s.dyn.WorstLoop()
	}
	return c
}

// contactAt names a contact of the step that the engine has just tried.
func (s *Stepper) contactAt(i int) string {
	if i < len(s.m.contacts) {
		return s.m.contacts[i]
	}
	p := s.dyn.PairOf(i)
	return s.m.colliders[p.A] + "/" + s.m.colliders[p.B]
}

// where names the place of the largest residual, and what is wrong with the start, if anything is.
func (s *Stepper) where(c *cause) string {
	at := ""
	switch {
	case c.loop >= 0:
		at = "loop " + s.m.loops[c.loop]
	case c.contact != "":
		at = "contact " + c.contact
	case c.dof >= 0:
		at = s.m.jointOf(c.dof)
	}
	who, start := s.start(c)
	switch {
	case start == "":
		return at
	case at == "":
		return who + " " + start
	case at == who:
		return at + ", which " + start
	}
	return at + "; " + who + " " + start
}

// start names what is wrong with the start, if anything is.
func (s *Stepper) start(c *cause) (who, start string) {
	switch {
	case c.outside >= 0:
		who, start = "contact "+s.m.contacts[c.outside], fmt.Sprintf("starts %.3g m inside the half-space", c.depth)
	case c.beyond >= 0:
		unit := "m"
		if b := &s.m.dyn.Bodies[s.m.dyn.Dofs[c.beyond].Body]; c.beyond >= b.V+b.NT {
			unit = "rad"
		}
		who, start = s.m.jointOf(c.beyond), fmt.Sprintf("starts %.3g %s beyond its limit", c.depth, unit)
	case c.within >= 0:
		p := &s.m.dyn.Pairs[c.within]
		who, start = "contact "+s.m.colliders[p.A]+"/"+s.m.colliders[p.B], fmt.Sprintf("starts with its shapes %.3g m in each other", c.depth)
	case c.open >= 0:
		who, start = "loop "+s.m.loops[c.open], "starts open (see Model.Assemble)"
	}
	return who, start
}

// jointOf names the joint of a degree of freedom.
func (m *Model) jointOf(dof int) string { return "joint " + m.joints[m.dyn.Dofs[dof].Body].Name }

// halfTurn says that a body turns too far for a state to be loaded.
func (m *Model) halfTurn(body int) string {
	return fmt.Sprintf("body %s (joint %s) turns by half a turn or more in one step", m.bodies[body], m.joints[body].Name)
}

// Division says why the last step was divided by two: what became of it whole, with the contact or joint where that is
// seen. It is empty after a step that was not divided.
func (s *Stepper) Division() string {
	if !s.divided {
		return ""
	}
	c := &s.division
	switch {
	case c.status == ipm.NotFinite && c.body >= 0:
		return s.m.halfTurn(c.body)
	case c.status == ipm.Solved:
		return s.mistrust(c)
	}
	return fmt.Sprintf("%s, largest residual at %s", c.status, s.where(c))
}

// mistrust says why a solved step is not taken.
func (s *Stepper) mistrust(c *cause) string {
	if c.fast {
		return fmt.Sprintf("joint %s turns by %.3g rad in one step, too far for its momentum to be true", s.m.joints[c.body].Name, c.turn)
	}
	text := fmt.Sprintf("joint %s changes its turn by %.3g rad in one step, which takes energy from nowhere", s.m.joints[c.body].Name, c.turn)
	if start := s.where(c); start != "" {
		text += "; " + start
	}
	return text
}

// excluding names two constraints that exclude each other.
func (s *Stepper) excluding() string {
	if a, ok := s.dyn.Unclosed(); ok {
		return s.m.unclosed(a)
	}
	contacts, dofs := s.dyn.Excluding()
	name := func(i int) string {
		if contacts[i] >= 0 {
			return "contact " + s.contactAt(contacts[i])
		}
		return "limit of " + s.m.jointOf(dofs[i])
	}
	other := "what holds the joint"
	switch {
	case contacts[1] >= 0 || dofs[1] >= 0:
		other = name(1)
	case contacts[0] >= len(s.m.contacts):
		other = s.m.jointOf(s.m.dyn.Bodies[s.m.dyn.Colliders[s.dyn.PairOf(contacts[0]).A].Body].V)
	case contacts[0] >= 0:
		other = s.m.jointOf(s.m.dyn.Bodies[s.m.dyn.Contacts[contacts[0]].Body].V)
	}
	if s.dyn.Drawn() {
		other += ", whose surfaces run and draw in what does not fit between them"
	}
	c := s.why(ipm.Infeasible)
	if who, start := s.start(&c); start != "" {
		other += "; " + who + " " + start
	}
	return name(0) + " and " + other
}

// unclosed names a loop that cannot be closed, and what is in its way.
func (m *Model) unclosed(a dynamics.Assembly) string {
	other := "the lengths of its links"
	switch {
	case a.Other >= 0:
		other = "loop " + m.loops[a.Other]
	case a.Dof >= 0:
		other = "limit of " + m.jointOf(a.Dof)
	}
	return fmt.Sprintf("loop %s and %s; at best %s", m.loops[a.Loop], other, m.leftOpen(a.Loop, a.Q))
}

// failure returns the error of a step that came to nothing, from what the engine tried last.
func (s *Stepper) failure(res Result) error {
	if res.Status == ipm.Infeasible {
		return &StepError{Model: s.m.name, Where: s.excluding(), Result: res}
	}
	if s.flipped >= 0 {
		return &StepError{Model: s.m.name, Where: fmt.Sprintf("the axes of loop %s point against each other at the start; assemble it the other way round", s.m.loops[s.flipped]), Result: res, unloaded: true}
	}
	if s.untrue {
		c := s.why(ipm.Solved)
		c.fast = false // what turns fast is borne in the last parts, not what gains energy
		c.body, c.turn = s.dyn.Whip()
		return &StepError{Model: s.m.name, Where: s.mistrust(&c), Result: res, untrue: true}
	}
	c := s.why(res.Status)
	if c.body >= 0 {
		return &StepError{Model: s.m.name, Where: s.m.halfTurn(c.body), Result: res, unloaded: true}
	}
	return &StepError{Model: s.m.name, Where: s.where(&c), Result: res}
}
