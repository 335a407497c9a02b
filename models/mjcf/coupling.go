package mjcf

import "github.com/ukemi-sim/ukemi/sim"

// mimic says that a joint follows another one exactly: q = ratio·q(of) + offset. A joint that follows none has of = −1.
type mimic struct {
	of            int
	ratio, offset float64
}

// couplings turns equalities of joints into mimic joints where they are linear, and reports all other equalities.
func (c *builder) couplings() {
	c.mimics = make([]mimic, len(c.m.Joints))
	for i := range c.mimics {
		c.mimics[i] = mimic{of: -1, ratio: 1}
	}
	for i := range c.m.Equalities {
		e := &c.m.Equalities[i]
		tag := [...]string{"connect", "weld", "joint", "tendon"}[e.Type]
		say := func(format string, args ...any) { c.notef(e.Place, tag, e.Name, format, args...) }
		switch {
		case !e.Active || c.m.off.equality || c.m.off.constraint:
			say("ignored: the equality is not active")
		case e.Type == Connect || e.Type == Weld:
			say("NOT SIMULATED: bodies %q and %q stay unconnected, loops of bodies cannot be closed yet%s",
				clip(c.m.Bodies[e.Bodies[0]].Name), clip(c.m.Bodies[e.Bodies[1]].Name), changes)
		case e.Type == TendonEquality:
			say("NOT SIMULATED: tendons are not tied to each other%s", changes)
		default:
			if why := c.couple(e); why != "" {
				say("NOT SIMULATED: %s%s", why, changes)
			}
		}
	}
}

// couple makes the first joint of e follow the second, or says why it cannot.
func (c *builder) couple(e *Equality) string {
	y, x := e.Of[0], e.Of[1]
	if x < 0 {
		return "a joint cannot be tied to a constant"
	}
	for _, k := range e.PolyCoef[2:] {
		if k != 0 {
			return "only linear polynomials couple joints"
		}
	}
	a, b := &c.m.Joints[y], &c.m.Joints[x]
	switch {
	case a.Type < SlideJoint || b.Type < SlideJoint:
		return "only hinges and slides can be coupled"
	case c.mimics[y].of >= 0:
		return "the first joint is already coupled to another"
	}
	// y − y₀ = a₀ + a₁ (x − x₀)
	m := mimic{of: x, ratio: e.PolyCoef[1], offset: a.Ref + e.PolyCoef[0] - e.PolyCoef[1]*b.Ref}
	if f := c.mimics[x]; f.of >= 0 { // x itself follows
		m = mimic{of: f.of, ratio: m.ratio * f.ratio, offset: m.ratio*f.offset + m.offset}
	}
	if m.of == y {
		return "the joints are coupled in a circle"
	}
	c.mimics[y] = m
	for i := range c.mimics { // what followed y follows what y follows
		if f := c.mimics[i]; f.of == y {
			c.mimics[i] = mimic{of: m.of, ratio: f.ratio * m.ratio, offset: f.ratio*m.offset + f.offset}
		}
	}
	return ""
}

func (c *builder) mimicOf(joint int) *sim.Mimic {
	f := c.mimics[joint]
	if f.of < 0 {
		return nil
	}
	return &sim.Mimic{Joint: c.joints[f.of], Ratio: f.ratio, Offset: f.offset}
}
