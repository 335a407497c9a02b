package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// rowTolerance is what derivatives of rows may be off by, relative to their size. Central differences of step ε^⅓ leave
// ε^⅔ = 4e-11 of the value and its third derivative, and h times less of a velocity. The worst measured is 1.6e-9.
const rowTolerance = 2e-8

// rowCases lists, for every kind of row, the cases in which it must have been checked. A kind that is not here fails.
// Few of these states are such that something bounces: rebound_test.go makes some.
var rowCases = map[dynamics.RowKind][]string{
	dynamics.RowTouch: {"ball cone", "ball pyramid", "ball frictionless", "rim cone", "rim pyramid", "oval cone", "oval pyramid", "eased", "soft",
		"turns", "turns alone"},
	dynamics.RowLower:    {"slider", "hinge", "eased slider", "eased hinge"},
	dynamics.RowUpper:    {"slider", "hinge", "eased slider", "eased hinge"},
	dynamics.RowCone:     {"spherical", "eased spherical"},
	dynamics.RowFriction: {"slider", "hinge", "spherical"},
	dynamics.RowServo:    {"slider", "hinge", "spherical"},
	dynamics.RowFast:     {"slider", "hinge"},
	dynamics.RowBack:     {"slider", "hinge"},
	dynamics.RowMeet: {"trees cone", "trees pyramid", "trees frictionless", "self cone", "self pyramid", "self frictionless",
		"world cone", "world pyramid", "world frictionless", "eased", "soft", "turns", "turns alone"},
	dynamics.RowEqual: {"point trees", "point self", "point world", "hinge trees", "hinge self", "hinge world", "weld trees", "weld self", "weld world", "eased"},
}

// TestRows checks every verb of every kind of row by differences: the value's derivatives by knots 3 and 2, input, all
// parameters and the lengths of the step and of the interval before, the direction of the multiplier and what it feels of knot 2,
// and the past value; after an interval as long as the step, a shorter one, and an instant.
func TestRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 7))
	seen := map[dynamics.RowKind]map[string]int{}
	for k := range dynamics.RowKinds {
		seen[k] = map[string]int{}
		if len(rowCases[k]) == 0 {
			t.Errorf("rows of kind %d have no check: say in rowCases where they occur", k)
		}
	}
	shapes := []contact.Shape{contact.Sphere(0.1), contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.05}), contact.Capsule(0.05, 0.1), contact.Cylinder(0.1, 0.15), contact.Points([]r3.Vec{{X: 0.1}, {Y: 0.1}, {Z: -0.2}}), contact.Ellipsoid(0.1, 0.2, 0.15)}
	opt := func(k int, a *sim.Axis) {
		*a = sim.Axis{Limited: true, Lower: -0.5, Upper: 0.5, Friction: 0.4, Damping: 0.2, Drive: sim.Servo, Kp: 40, Kd: 2, Effort: 3, MaxSpeed: 1.5}
	}
	joints := []sim.JointType{
		{Trans: []r3.Vec{{X: 1, Y: 0.3}, {Z: 1}}, Rot: []r3.Vec{{Y: 1}}}, sim.Spherical(),
		{Trans: []r3.Vec{{Y: 1}}, Rot: []r3.Vec{{X: 1}, {Z: 1, X: 0.2}}},
	}
	for i, shape := range shapes {
		for _, law := range []sim.FrictionLaw{sim.Cone, sim.Pyramid, sim.Frictionless} {
			for n := range 3 {
				// above the plane, near it, in it and beyond limits
				ground, spread := []float64{-1, -0.3, 0.4}[n], []float64{0.1, 0.4, 1.2}[n]
				m := mechanism(t, rng, joints, opt, shape, 0.5, (i+n)%2 == 0, law, ground).Engine()
				if (i+n)%2 == 0 && n < 2 { // the force of what is soft and deep leaves differences no digits
					surfaced(m)
				}
				past := []float64{1, 0, 0.4}[(i+int(law)+n)%3] * m.Timestep
				checkRows(t, rng, m, past, spread, seen)
			}
		}
	}
	for i := range 6 {
		m := meeting(t, rng, sim.FrictionLaw(i%3), true)
		if i != 1 {
			surfaced(m)
		}
		if i > 2 {
			m.Timestep = 0.04 // in which more bounces
		}
		checkRows(t, rng, m, []float64{1, 0, 0.4}[(i+i/3)%3]*m.Timestep, []float64{0.05, 0.2}[i%2], seen)
	}
	for i := range 9 {
		checkRows(t, rng, closing(t, rng, dynamics.LoopKind(i%3)), []float64{1, 0, 0.4}[i/3]*0.01, []float64{1e-4, 0.1, 0.3}[(i+i/3)%3], seen)
	}
	for k, cases := range rowCases {
		for _, c := range cases {
			if seen[k][c] == 0 {
				t.Errorf("no row of kind %d was checked as %q; seen: %v", k, c, seen[k])
			}
		}
	}
	t.Log("rows checked: ", seen)
}

// knots is all that the value of a row depends on.
type knots struct {
	m      *dynamics.Model
	q2, q3 []float64
	v, u   []float64
	h      float64
	past   float64 // length of the interval before, 0 at an instant
	leans  bool    // whether all slides lean
}

// moved returns the knots with the tangent of degree of freedom k at one of them changed by d.
func (x knots) moved(knot, k int, d float64) knots {
	tangent, q := make([]float64, x.m.NV), make([]float64, x.m.NQ)
	tangent[k] = d
	if knot == 2 {
		x.m.Displace(q, x.q2, tangent)
		x.q2 = q
	} else {
		x.m.Displace(q, x.q3, tangent)
		x.q3 = q
	}
	return x
}

// velocityTo returns v⁺ with q₃ = q₂ ⊕ h v⁺, whatever ⊕ is.
func velocityTo(m *dynamics.Model, q2, q3 []float64, h float64) []float64 {
	v, d, q := make([]float64, m.NV), make([]float64, m.NV), make([]float64, m.NQ)
	for range 200 {
		m.Integrate(q, q2, v, h)
		m.Difference(d, q3, q)
		worst := 0.0
		for i := range v {
			v[i] += d[i] / h
			worst = max(worst, math.Abs(d[i]))
		}
		if worst < 1e-16 {
			break
		}
	}
	return v
}

// probe opens the rows of tree t at the knots.
func (x knots) probe(t testing.TB, tree int) dynamics.Probe {
	s := dynamics.NewStepper(x.m)
	if !s.Load(x.q2, x.v, x.u, x.h, x.past) {
		t.Fatal("load")
	}
	p := s.NewProbe(tree, math.Inf(1))
	if x.leans {
		p.Lean()
	}
	p.Set(velocityTo(x.m, x.q2, x.q3, x.h))
	return p
}

// checkRows solves a step from a random state and checks all rows of all trees there.
func checkRows(t *testing.T, rng *rand.Rand, m *dynamics.Model, past, spread float64, seen map[dynamics.RowKind]map[string]int) {
	t.Helper()
	const kappa = 1e-2
	x := knots{m: m, q2: make([]float64, m.NQ), q3: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU), h: m.Timestep, past: past}
	s := dynamics.NewStepper(m)
	for tries := 0; !solvedAt(s, rng, &x, spread, kappa); tries++ {
		if tries == 20 { // some of the states far beyond limits are too hard
			t.Fatal("no step converges")
		}
	}
	if !s.Linearize() {
		t.Fatal("singular")
	}
	s.Store(x.q3, make([]float64, m.NV))
	for tree := range m.Trees {
		if !s.First(tree) {
			continue
		}
		c := rowCheck{T: t, x: x, tree: tree, p: s.Linearized(tree), kappa: kappa}
		c.x.leans = c.p.Leans()
		p := c.x.probe(t, tree)
		lambda, k, w := stirred(rng, p.Blocks())
		p.Values()
		p.Residual(lambda)
		if du, ok := p.Direction(w, k); ok {
			refined(t, fmt.Sprint("tree ", tree), p, w, k, du)
		}
		c.states = c.x.probe(t, tree).RowStates()
		for n := range c.states {
			name := c.name(n)
			seen[c.states[n].Kind][name]++
			if k := c.states[n].Kind; c.states[n].Block.Compliance > 0 && (k == dynamics.RowTouch || k == dynamics.RowMeet) {
				seen[k]["soft"]++
			}
			if r := &c.states[n]; r.Mode == gap.Turn {
				if seen[r.Kind]["turns"]++; c.states[n-1].Block.Mu == 0 {
					seen[r.Kind]["turns alone"]++
				}
			}
			if c.states[n].Ease > 0 {
				if k := c.states[n].Kind; k == dynamics.RowTouch || k == dynamics.RowMeet || k == dynamics.RowEqual {
					name = ""
				} else {
					name = " " + name
				}
				seen[c.states[n].Kind]["eased"+name]++
			}
		}
		c.knots()
		c.inputs()
		c.directions()
		c.params()
		c.past()
	}
}

// solvedAt draws a state and input and reports whether the step from there converges.
func solvedAt(s *dynamics.Stepper, rng *rand.Rand, x *knots, spread, kappa float64) bool {
	d := make([]float64, x.m.NV)
	for i := range d {
		d[i], x.v[i] = spread*rng.NormFloat64(), rng.NormFloat64()
	}
	for i := range x.u {
		x.u[i] = 0.3 * rng.NormFloat64()
	}
	x.m.Neutral(x.q2)
	x.m.Displace(x.q2, x.q2, d)
	o := tight(kappa)
	o.Solver.Centrality = 1e-9
	return s.Load(x.q2, x.v, x.u, x.h, x.past) && s.Solve(o).Status == ipm.Solved && !s.Waits() // of what waits the rows of a new stepper do not know
}

// rowCheck is a linearized step and the rows at its knots.
type rowCheck struct {
	*testing.T
	x      knots
	tree   int
	p      dynamics.Probe
	kappa  float64
	states []dynamics.RowState
}

func (c *rowCheck) name(n int) string {
	r := &c.states[n]
	m := c.x.m
	switch {
	case r.Kind == dynamics.RowEqual:
		return c.loopName(r)
	case r.Kind == dynamics.RowMeet:
		law := []string{"cone", "pyramid", "frictionless"}[m.Law]
		switch a, b := r.Bodies[0], r.Bodies[1]; {
		case b == dynamics.World:
			return "world " + law
		case m.Bodies[a].Tree == m.Bodies[b].Tree:
			return "self " + law
		}
		return "trees " + law
	case r.Kind == dynamics.RowTouch:
		law := []string{"cone", "pyramid", "frictionless"}[m.Law]
		switch f := m.Contacts[r.Contact].Feature; {
		case f.IsRim():
			return "rim " + law
		case f.IsOval():
			return "oval " + law
		}
		return "ball " + law
	case r.Ball:
		return "spherical"
	case r.Dof < m.Bodies[m.Dofs[r.Dof].Body].V+m.Bodies[m.Dofs[r.Dof].Body].NT:
		return "slider"
	}
	return "hinge"
}

func (c *rowCheck) onJoint(n int) bool { return c.states[n].Dof >= 0 }

// both lists the wrenches on both bodies of a contact.
func both(w [2]spatial.Wrench) []float64 { return append(flat(w[0]), flat(w[1])...) }

// total is the value that the solver sees: with the compliance of the block.
func (c *rowCheck) total(n int, r *dynamics.RowState) r3.Vec {
	give := r3.Scale(r.Block.Compliance, c.p.Multiplier(n))
	if r.Kind == dynamics.RowTouch || r.Kind == dynamics.RowMeet { // of the normal alone
		give.Y, give.Z = 0, 0
	}
	u := r3.Add(r.Value, give)
	if r.Block.Kind == ipm.Orthant { // one number
		u.Y, u.Z = 0, 0
	}
	return u
}

const third = 3e-6 // half of ε^⅓: values that turn fast, at the end of what a step may penetrate, have large third derivatives

// difference returns (f(+d) − f(−d))/2d of the rows at the moved knots.
func (c *rowCheck) difference(d float64, at func(d float64) knots, f func(n int, p dynamics.Probe, r *dynamics.RowState) []float64) [][]float64 {
	ps := [2]dynamics.Probe{at(d).probe(c, c.tree), at(-d).probe(c, c.tree)}
	hi, lo := ps[0].RowStates(), ps[1].RowStates()
	out := make([][]float64, len(c.states))
	if len(hi) != len(out) || len(lo) != len(out) {
		c.Fatal("a row came or went")
	}
	for n := range out {
		a, b := f(n, ps[0], &hi[n]), f(n, ps[1], &lo[n])
		for i := range a {
			out[n] = append(out[n], (a[i]-b[i])/(2*d))
		}
	}
	return out
}

func list(v r3.Vec) []float64 { return []float64{v.X, v.Y, v.Z} }

func vector(x []float64) r3.Vec { return r3.Vec{X: x[0], Y: x[1], Z: x[2]} }

// value is the total value of a row, for difference.
func (c *rowCheck) value(n int, _ dynamics.Probe, r *dynamics.RowState) []float64 {
	return list(c.total(n, r))
}

// agree compares a derivative with differences, relative to size at least.
func (c *rowCheck) agree(n int, got, want []float64, size float64, format string, args ...any) {
	c.Helper()
	worst := 0.0
	for i := range want {
		size = max(size, math.Abs(want[i]))
		if e := math.Abs(got[i] - want[i]); !(e <= worst) {
			worst = e
		}
	}
	if worst != 0 {
		worst /= size
	}
	tol.Within(c, worst, rowTolerance, "row of kind %d, %s, ease %g: %s", c.states[n].Kind, c.name(n), c.states[n].Ease, fmt.Sprintf(format, args...))
}

// used leaves out what a block of one number does not use.
func (c *rowCheck) used(n int, u r3.Vec) []float64 {
	if c.states[n].Block.Kind == ipm.Orthant {
		u.Y, u.Z = 0, 0
	}
	return list(u)
}

// compareValue compares the derivative of a value, gap and sliding velocity of a contact each by itself: they differ by 1/h.
func (c *rowCheck) compareValue(n int, got r3.Vec, want []float64, format string, args ...any) {
	c.Helper()
	g := c.used(n, got)
	if r := &c.states[n]; r.Mode == gap.Turn {
		c.agree(n, g, want, 1/c.x.h, format+", turning", args...)
		return
	} else if k := r.Kind; k == dynamics.RowTouch || k == dynamics.RowMeet {
		c.agree(n, g[:1], want[:1], 1, format+", gap", args...)
		c.agree(n, g[1:], want[1:], 1/c.x.h, format+", sliding", args...)
		return
	}
	c.agree(n, g, want, 1, format, args...)
}

// knots checks the derivatives of values and of balances by the tangents at knots 3 and 2.
func (c *rowCheck) knots() {
	const near = third / 4 // slides that lean have third derivatives tens of times those of others
	for _, k := range c.p.Dofs() {
		at3 := c.difference(near, func(d float64) knots { return c.x.moved(3, k, d) }, c.value)
		at2 := c.difference(near, func(d float64) knots { return c.x.moved(2, k, d) }, c.value)
		felt := c.difference(near, func(d float64) knots { return c.x.moved(2, k, d) }, func(n int, p dynamics.Probe, _ *dynamics.RowState) []float64 {
			dofs, w := p.Impulse(n, c.p.Multiplier(n))
			return append(dofs, both(w)...)
		})
		law := c.difference(near, func(d float64) knots { return c.x.moved(2, k, d) }, func(_ int, _ dynamics.Probe, r *dynamics.RowState) []float64 {
			b := &r.Block
			return []float64{b.Kappa / c.x.m.Trees[0].Length, b.KappaT, b.Mu, b.Limit, b.Spin, b.Roll}
		})
		for n := range c.states {
			c.compareValue(n, c.p.ByKnot3(n, k), at3[n], "by knot 3 of dof %d", k)
			// the balance: −∂(Nᵀλ)/∂q₂ + NᵀW ∂u/∂q₂
			wu, want, size := c.balance(n, at2, law, felt)
			if m := c.states[n].Mate; m != 0 && c.states[n].Kind == dynamics.RowMeet { // of both rows of the contact
				_, more, most := c.balance(n+m, at2, law, felt)
				for i := range want {
					want[i] += more[i]
				}
				size = max(size, most)
			}
			if got := c.p.ByKnot2(n, k); c.states[n].Kind == dynamics.RowMeet {
				c.agree(n, c.used(n, got), c.used(n, wu), size, "multiplier by knot 2 of dof %d", k)
			} else {
				c.compareValue(n, got, at2[n], "by knot 2 of dof %d", k)
			}
			if c.states[n].Kind != dynamics.RowMeet {
				c.agree(n, law[n][:2], make([]float64, 2), c.states[n].Block.KappaT, "κ by knot 2 of dof %d", k)
			}
			c.agree(n, law[n][2:], make([]float64, 4), c.states[n].Block.KappaT, "law by knot 2 of dof %d", k)
			dofs, wrench := c.p.StartByKnot2(n, k)
			c.agree(n, append(dofs, both(wrench)...), want, size+r3.Norm(c.p.Multiplier(n)), "balance by knot 2 of dof %d", k)
		}
	}
}

// balance returns what row n makes of its multiplier by the differences of the values, of κ, and of the impulse, and what
// that does to the balances, with its size.
func (c *rowCheck) balance(n int, at2, law, felt [][]float64) (wu r3.Vec, want []float64, size float64) {
	wu = c.p.Product(n, func(n int) r3.Vec { return vector(at2[n]) })
	if c.states[n].Kind == dynamics.RowMeet { // its share of the κ of two colliders turns with them
		wu = r3.Sub(wu, c.p.Shift(n, ipm.Change{Kappa: c.kappa * law[n][0] * c.x.m.Trees[0].Length, KappaT: c.kappa * law[n][1]}))
	}
	dofs, wrench := c.p.Impulse(n, wu)
	want = append(dofs, both(wrench)...)
	size = c.p.Stiff(n) // what differences do not see of the value is stiff here
	for i := range want {
		want[i] -= felt[n][i]
		size = max(size, math.Abs(felt[n][i]))
	}
	return wu, want, size
}

// inputs checks the derivatives of values by the input.
func (c *rowCheck) inputs() {
	for k := range c.x.u {
		want := c.difference(third, func(d float64) knots {
			x := c.x
			x.u = append([]float64(nil), x.u...)
			x.u[k] += d
			return x
		}, c.value)
		for n := range c.states {
			c.agree(n, list(c.p.ByInput(n, k)), want[n], 1, "by input %d", k)
		}
	}
}
