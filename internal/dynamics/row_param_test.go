package dynamics_test

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"gonum.org/v1/gonum/spatial/r3"
)

// growths are the ways in which lengths may grow with the timestep.
func (x knots) growths() []dynamics.Lengths {
	if x.past == 0 {
		return []dynamics.Lengths{{Step: 0.7}} // an instant stays one
	}
	return []dynamics.Lengths{{Step: 1}, {Before: 1}, {Step: 0.6, Before: 1.3}}
}

// grown returns the knots with the lengths changed by d of a growth.
func (x knots) grown(g dynamics.Lengths, d float64) knots {
	x.h, x.past = x.h+g.Step*d, x.past+g.Before*d
	return x
}

// params checks the direct change of every row's multiplier by every parameter at fixed knots 2 and 3, W du − k, and what
// contacts add to the wrenches of their bodies.
func (c *rowCheck) params() {
	for _, par := range allParams(c.x.m) {
		if par.Kind == dynamics.ParamForce {
			continue // no part of the model, and of no row
		}
		if par.Kind != dynamics.ParamTimestep {
			step := third
			if par.Kind == dynamics.ParamPlace { // where what leans over an edge is bends by more than its size
				step /= 2
			}
			c.param(par, step, func(d float64) knots {
				x := c.x
				x.m = x.m.Clone()
				x.m.SetValue(par, x.m.Value(par)+d)
				return x
			})
			continue
		}
		for _, g := range c.x.growths() {
			c.p.Stepper().Grow(g)
			c.param(par, third*c.x.h, func(d float64) knots { return c.x.grown(g, d) })
		}
	}
}

// param is params for one parameter, that at changes by d.
func (c *rowCheck) param(par dynamics.Param, step float64, at func(d float64) knots) {
	rows, wrenches, ok := c.p.ByParam(par)
	du := c.difference(step, at, c.value)
	law := c.difference(step, at, func(_ int, _ dynamics.Probe, r *dynamics.RowState) []float64 {
		b := &r.Block
		return []float64{c.kappa * b.Kappa, c.kappa * b.KappaT, b.Mu, b.Limit, b.Spin, b.Roll}
	})
	felt := c.difference(step, at, func(n int, p dynamics.Probe, _ *dynamics.RowState) []float64 {
		_, w := p.Impulse(n, c.p.Multiplier(n))
		return both(w)
	})
	contacts := par.Kind >= dynamics.ParamFriction && par.Kind <= dynamics.ParamBelt || par.Kind == dynamics.ParamLoopA || par.Kind == dynamics.ParamLoopB
	sums := make([]spatial.Wrench, len(c.x.m.Bodies))
	sizes := make([]float64, len(sums))
	for n, r := range c.states {
		d := ipm.Change{Kappa: law[n][0], KappaT: law[n][1], Mu: law[n][2], Limit: law[n][3], Spin: law[n][4], Roll: law[n][5]}
		switch r.Mate { // what changes of one row's law changes both
		case 1:
			d.Spin, d.Roll = law[n+1][4], law[n+1][5]
		case -1:
			d.Mu = law[n-1][2]
		}
		k := c.p.Shift(n, d)
		wu := c.p.Product(n, func(n int) r3.Vec { return vector(du[n]) })
		size := r3.Norm(k) + c.p.Stiff(n)
		if !ok {
			if r3.Norm(r3.Sub(wu, k)) > rowTolerance*size {
				c.Errorf("parameter %+v concerns a row of kind %d in a tree that says it does not", par, r.Kind)
			}
			continue
		}
		c.agree(n, c.used(n, rows[n]), c.used(n, r3.Sub(wu, k)), size, "by parameter %+v", par)
		_, wrench := c.p.Impulse(n, vector(c.used(n, rows[n])))
		for side, b := range r.Bodies {
			if c.onJoint(n) || b == dynamics.World {
				continue
			}
			sums[b].Force = r3.Add(sums[b].Force, r3.Sub(wrench[side].Force, vector(felt[n][6*side:])))
			sums[b].Torque = r3.Add(sums[b].Torque, r3.Sub(wrench[side].Torque, vector(felt[n][6*side+3:])))
			if r.Mate != 0 { // what differences do not see of the other row's value is stiff here
				sizes[b] += size
			}
			sizes[b] += r3.Norm(wrench[side].Force) + r3.Norm(c.p.Multiplier(n))
		}
	}
	for b := range sums {
		if contacts && ok && sizes[b] > 0 {
			got := c.p.Stepper().AtWorld(b, wrenches[b])
			for i, x := range flat(got) {
				e := math.Abs(x-flat(sums[b])[i]) / sizes[b]
				tol.Within(c, e, rowTolerance, "wrench of the contacts of body %d by parameter %+v, component %d", b, par, i)
			}
		}
	}
}

// past checks that the value a row ended this step with is what it says of the past in the next. A rim chooses its points
// anew in every step, and the error of a servo is about what the input is then.
func (c *rowCheck) past() {
	next := c.x
	next.past = c.x.h
	next.q2, next.v = c.x.q3, velocityTo(c.x.m, c.x.q2, c.x.q3, c.x.h)
	meets := map[[3]int]int{}
	for n := range c.states {
		if r := &c.states[n]; r.Kind == dynamics.RowMeet {
			meets[[3]int{r.Pair, int(r.ID), int(r.Mode)}] = n
		}
	}
	for n, r := range next.probe(c, c.tree).RowStates() {
		if r.Kind == dynamics.RowMeet {
			if n, ok := meets[[3]int{r.Pair, int(r.ID), int(r.Mode)}]; ok {
				c.pastMeeting(n, &r)
			}
			continue
		}
		was := &c.states[n]
		want := was.Value
		if r.Kind == dynamics.RowEqual { // with what of the start was not undone
			want = r3.Add(want, r3.Scale(was.Ease, was.Past))
		} else {
			want.X -= was.Ease
		}
		if f := was.Contact; f >= 0 && (c.x.m.Contacts[f].Feature.IsRim() || c.x.m.Contacts[f].Feature.IsOval()) {
			continue
		}
		c.agree(n, c.used(n, r.Past), c.used(n, want), 1, "past value")
	}
}
