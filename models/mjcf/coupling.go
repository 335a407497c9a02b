package mjcf

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// mimic says that a joint follows another one exactly: q = ratio·q(of) + offset + curve, see [sim.Mimic]. A joint that
// follows none has of = −1.
type mimic struct {
	of            int
	ratio, offset float64
	curve         [3]float64
}

// couplings turns equalities of joints into mimic joints, and reports those that cannot be simulated.
func (c *builder) couplings() {
	c.mimics = make([]mimic, len(c.m.Joints))
	for i := range c.mimics {
		c.mimics[i] = mimic{of: -1, ratio: 1}
	}
	for i := range c.m.Equalities {
		e := &c.m.Equalities[i]
		say := func(format string, args ...any) { c.notef(e.Place, e.tag(), e.Name, format, args...) }
		switch {
		case !c.active(e):
			say("ignored: the equality is not active")
		case e.Type == Connect || e.Type == Weld: // see loops
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
	poly := e.PolyCoef
	if x < 0 { // a constant: any other joint will do
		if x = c.other(y); x < 0 {
			return "a joint cannot be tied to a constant where there is no other hinge or slide"
		}
		poly = [5]float64{poly[0]}
	}
	a, b := &c.m.Joints[y], &c.m.Joints[x]
	switch {
	case a.Type < SlideJoint || b.Type < SlideJoint:
		return "only hinges and slides can be coupled"
	}
	p := shifted(poly, b.Ref)
	m := mimic{of: x, ratio: p[1], offset: a.Ref + p[0], curve: [3]float64(p[2:])}
	if f := c.mimics[x]; f.of >= 0 { // x itself follows
		if m.curve != [3]float64{} || f.curve != [3]float64{} {
			return "only linear polynomials follow each other"
		}
		m = mimic{of: f.of, ratio: m.ratio * f.ratio, offset: m.ratio*f.offset + m.offset}
	}
	if m.of == y {
		if m.says(1, 0) {
			c.notef(e.Place, e.tag(), e.Name, "says again what other equalities say")
			return ""
		}
		if m.ratio == 1 {
			return "the joints are coupled in a circle that contradicts itself"
		}
		return fmt.Sprintf("the joints are coupled in a circle, which leaves joint %q the position %.6g alone", clip(a.Name), m.offset/(1-m.ratio))
	}
	switch f := c.mimics[y]; {
	case f.of == m.of && f.curve == m.curve && f.says(m.ratio, m.offset):
		c.notef(e.Place, e.tag(), e.Name, "says again what other equalities say")
		return ""
	case f.of == m.of:
		return fmt.Sprintf("joint %q follows %q otherwise already, which contradicts this", clip(a.Name), clip(c.m.Joints[m.of].Name))
	case f.of >= 0:
		return "the first joint is already coupled to another"
	}
	for i := range c.mimics {
		if f := c.mimics[i]; f.of == y && (m.curve != [3]float64{} || f.curve != [3]float64{}) {
			return "only linear polynomials follow each other"
		}
	}
	c.mimics[y] = m
	for i := range c.mimics { // what followed y follows what y follows
		if f := c.mimics[i]; f.of == y {
			c.mimics[i] = mimic{of: m.of, ratio: f.ratio * m.ratio, offset: f.ratio*m.offset + f.offset}
		}
	}
	return ""
}

// says reports whether m is the line ratio·x + offset, to what the digits of a file say.
func (m *mimic) says(ratio, offset float64) bool {
	return math.Abs(m.ratio-ratio) <= 1e-9*math.Abs(ratio) && math.Abs(m.offset-offset) <= 1e-9
}

func (c *builder) mimicOf(joint int) *sim.Mimic {
	f := c.mimics[joint]
	if f.of < 0 {
		return nil
	}
	return &sim.Mimic{Joint: c.joints[f.of], Ratio: f.ratio, Offset: f.offset, Curve: f.curve}
}

// shifted returns the coefficients in powers of x of a polynomial Σ a_k (x − x₀)^k.
func shifted(a [5]float64, x0 float64) (p [5]float64) {
	for k := len(a) - 1; k >= 0; k-- { // Horner: p ← p (x − x₀) + a_k
		for i := len(p) - 1; i > 0; i-- {
			p[i] = p[i-1] - x0*p[i]
		}
		p[0] = a[k] - x0*p[0]
	}
	return p
}

// other returns a hinge or slide that is not joint y and follows none, −1 if there is none.
func (c *builder) other(y int) int {
	for i := range c.m.Joints {
		if i != y && c.m.Joints[i].Type >= SlideJoint && c.mimics[i].of < 0 {
			return i
		}
	}
	return -1
}
