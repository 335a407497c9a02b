package implicit

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
)

// CheckOptions describe a gradient check. Zero values select the defaults.
type CheckOptions struct {
	Kappa  float64 // default 1e-4
	Steps  int     // length of the random trajectory. Default 50
	Every  int     // check state and input Jacobians at every so many steps. Default 5
	Params int     // number of states at which parameters are checked. Default 3
	Seed   uint64
	// Start is the first state. Default: the neutral state.
	Start sim.State
	// Progress, when not nil, is called after every checked step.
	Progress func(done, of int)
}

// Report is the outcome of a gradient check: per block, the largest difference of an entry from central
// differences, relative to the block's largest entry.
type Report struct {
	Model  string  `json:"model"`
	Kappa  float64 `json:"kappa"`
	Steps  int     `json:"steps"`
	State  float64 `json:"max_rel_error_state"`
	Input  float64 `json:"max_rel_error_input"`
	Params float64 `json:"max_rel_error_parameters"`
	Worst  string  `json:"worst"` // which entry

	// Kinds holds the largest error of each kind of parameter that the model has.
	Kinds map[string]float64 `json:"kinds"`
	// Opening counts columns of parameters that were left out: with them an over-constrained loop could not be closed.
	Opening int `json:"opening"`
	// Contacts is the largest number of contacts closer than 1 mm at a checked step.
	Contacts int `json:"contacts"`
	// Ties is the largest number of contacts at a checked step that have a kink there: between shapes features that
	// others take the place of within a tenth of a micrometer, as where edges lie exactly on edges, or a normal that is
	// arbitrary, and soft contacts with a damper that begin the step that close to touching. Derivatives are one-sided
	// there.
	Ties int `json:"ties"`

	worst float64
}

// Limit is the error below which a check passes.
const Limit = 1e-5

// OK reports whether every error is below [Limit].
func (r *Report) OK() bool { return r.State < Limit && r.Input < Limit && r.Params < Limit }

// floorScale is the size below which the largest entry of a block is too small for differences to resolve;
// such a block is compared absolutely, as if its largest entry were this.
const floorScale = 1e-4

// Check compares the derivatives of steps with central differences, Richardson extrapolated, along a
// trajectory under random inputs: of whole steps and, where those do not resolve it, of the equations of the step. Both sides solve every step as tightly as rounding allows; a step that
// cannot be, or that is divided, is left to the one after it; of one that starts deep both solves are checked. Near a kink
// of width κ truncation asks for small differences and elsewhere rounding asks for large ones: a foot far
// off the ground feels its radius with 1e-5 per meter at κ = 1e-8, of which small differences see nothing.
// So an entry counts with the best of several sizes from 0.1 to 1e-9, and where these do not resolve it of more, down to 1e-12.
func Check(m *sim.Model, opt CheckOptions) (*Report, error) {
	switch {
	case !(opt.Kappa >= 0) || math.IsInf(opt.Kappa, 1):
		return nil, fmt.Errorf("implicit: CheckOptions.Kappa: κ is %g, want a positive number, or 0 for 1e-4", opt.Kappa)
	case opt.Steps < 0 || opt.Every < 0 || opt.Params < 0:
		return nil, fmt.Errorf("implicit: CheckOptions: Steps, Every or Params of %d, %d, %d are negative", opt.Steps, opt.Every, opt.Params)
	}
	if opt.Kappa == 0 {
		opt.Kappa = 1e-4
	}
	if opt.Steps == 0 {
		opt.Steps = 50
	}
	if opt.Every == 0 {
		opt.Every = 5
	}
	if opt.Params == 0 {
		opt.Params = 3
	}
	c := &checker{
		m: m, d: m.Engine(), report: &Report{Model: m.Name(), Kappa: opt.Kappa, Steps: opt.Steps, Kinds: map[string]float64{}},
		opt: dynamics.NewOptions(opt.Kappa, 1e-11, 1e-12, math.Inf(1)),
	}
	c.step, c.diff, c.other = dynamics.NewStepper(c.d), dynamics.NewStepper(c.d), dynamics.NewStepper(c.d)
	cur := opt.Start
	if len(cur.Q) == 0 {
		cur = m.NewState()
	}
	if err := m.CheckState(cur); err != nil {
		return nil, err
	}
	cur = cur.Clone()
	next := m.NewState()
	rng := rand.New(rand.NewPCG(opt.Seed, 1))
	u := make([]float64, m.NU())
	walk := m.NewStepper(sim.Options{Kappa: opt.Kappa})
	due, checked := false, 0
	for k := 0; k < opt.Steps; k++ {
		c.randomInput(u, rng, k)
		res, err := walk.Step(&next, cur, u)
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", k, err)
		}
		last := k == opt.Steps-1
		due = due || k%opt.Every == 0 || last
		if due && res.Halvings == 0 && c.take(c.step, cur, u) == nil { // else the next one that is whole
			due = false
			checked++
			n := opt.Steps / opt.Params
			params := n == 0 || (k+1)%n < opt.Every || last
			if err := c.checkSolve(cur, u, params); err != nil {
				return nil, fmt.Errorf("step %d: %w", k, err)
			}
			if c.held = c.step.Deep(); c.held { // its second solve
				if err := c.checkSolve(cur, u, params); err != nil {
					return nil, fmt.Errorf("step %d: %w", k, err)
				}
				c.held = false
			}
			if opt.Progress != nil {
				opt.Progress(k+1, opt.Steps)
			}
		}
		cur, next = next, cur
	}
	if checked == 0 {
		return nil, fmt.Errorf("implicit: every step of model %q that was to be checked is divided or solved less tightly than rounding allows", m.Name())
	}
	return c.report, nil
}

type checker struct {
	m          *sim.Model
	d          *dynamics.Model
	step, diff *dynamics.Stepper
	other      *dynamics.Stepper // of models with other parameters
	opt        dynamics.Options
	course     dynamics.Course
	held       bool // the second solve of a deep step is checked
	report     *Report
}

// randomInput stores an input that changes every few steps: torques up to what holds the mechanism's weight
// (or the effort limit), targets around the neutral position, of thrusters what is within their limits or up to the weight.
func (c *checker) randomInput(u []float64, rng *rand.Rand, k int) {
	for i := range c.d.Dofs {
		d := &c.d.Dofs[i]
		if d.Input < 0 || k%8 != 0 {
			continue
		}
		x := rng.NormFloat64()
		switch d.Drive {
		case dynamics.Torque:
			u[d.Input] = x * math.Min(0.2*d.Effort, d.Scale*d.Speed*d.Speed)
		case dynamics.Servo:
			u[d.Input] = 0.3 * x
			if q := c.m.NewState().Q; !c.d.Ball(i) {
				u[d.Input] += q[c.d.QIndex[i]]
			}
		}
	}
	for i := range c.d.Thrusters {
		if t := &c.d.Thrusters[i]; k%8 == 0 {
			most := c.m.Mechanism(t.Body).Weight()
			low, high := math.Max(t.Lower, -most), math.Min(t.Upper, most)
			u[c.d.ThrustInput(i)] = low + (high-low)*rng.Float64()
		}
	}
}

func (c *checker) load(s *dynamics.Stepper, cur sim.State, u []float64) error {
	if !s.Load(cur.Q, cur.V, u, s.Model().Timestep, cur.H) {
		return fmt.Errorf("implicit: a body turns by half a turn or more in one step")
	}
	if c.held {
		s.Hold()
	}
	return nil
}

func (c *checker) take(s *dynamics.Stepper, cur sim.State, u []float64) error {
	if err := c.load(s, cur, u); err != nil {
		return err
	}
	if err := s.Solve(c.opt).Status.Err(); err != nil {
		return fmt.Errorf("implicit: a step was not solved: %w", err)
	}
	return nil
}

func (c *checker) countContacts() {
	rep := make([]dynamics.ContactReport, len(c.d.Contacts))
	c.step.Contacts(rep)
	for _, m := range c.step.Meetings(nil) {
		rep = append(rep, m.ContactReport)
	}
	n := 0
	for i := range rep {
		if rep[i].Active && rep[i].Gap < 1e-3 {
			n++
		}
	}
	c.report.Contacts = max(c.report.Contacts, n)
}

// checkSolve checks a solve of a step. Where that has two solutions and last digits chose the one which changed problems do
// not find, a start with other last digits may have the other.
func (c *checker) checkSolve(cur sim.State, u []float64, params bool) (err error) {
	x, d := cur.Clone(), make([]float64, c.d.NV)
	for n := range tries {
		for i := range d { // not as a whole, which would leave distances as they are
			d[i] = lastDigits * float64(n*(i%5-2))
		}
		c.d.Displace(x.Q, cur.Q, d)
		if err := c.take(c.step, x, u); err != nil {
			return err
		}
		if err = c.checkTaken(x, u, params); !errors.Is(err, errElsewhere) {
			return err
		}
	}
	return err
}

// checkTaken checks the solve that c.step made.
func (c *checker) checkTaken(cur sim.State, u []float64, params bool) error {
	if !c.step.Linearize() {
		return ErrSingular
	}
	c.countContacts()
	c.countTies(cur, u)
	if err := c.checkState(cur, u); err != nil || !params {
		return err
	}
	return c.checkParams(cur, u)
}

// checkState compares state and input Jacobians at one step.
func (c *checker) checkState(cur sim.State, u []float64) error {
	nv, nu := c.d.NV, c.d.NU
	a, b := make([]float64, 4*nv*nv), make([]float64, 2*nv*nu)
	c.step.StateJacobian(a)
	c.step.InputJacobian(b)
	scale := largest(a)
	unit, out := make([]float64, max(2*nv, nu)), make([]float64, 2*nv)
	push := func(k int, dq, dv, du []float64) func() error {
		return func() error {
			unit[k] = 1
			c.step.JVP(out[:nv], out[nv:], dq, dv, du)
			unit[k] = 0
			return nil
		}
	}
	for k := 0; k < 2*nv; k++ {
		x := checked{column(a, 2*nv, k), scale, 1, func(eps float64) (sim.State, *dynamics.Stepper, []float64) {
			x, d := cur.Clone(), make([]float64, nv)
			if k < nv {
				d[k] = eps
				c.d.Displace(x.Q, cur.Q, d)
			} else {
				x.V[k-nv] += eps
			}
			return x, c.diff, u
		}, push(k, unit[:nv], unit[nv:2*nv], nil)}
		e, row, err := c.compare(&x)
		if err != nil {
			return err
		}
		c.count(&c.report.State, e, "state: ∂%s/∂%s", c.stateName(row), c.stateName(k))
	}
	scale = largest(b)
	for k := 0; k < nu; k++ {
		x := checked{column(b, nu, k), scale, 1, func(eps float64) (sim.State, *dynamics.Stepper, []float64) {
			v := append([]float64(nil), u...)
			v[k] += eps
			return cur, c.diff, v
		}, push(k, nil, nil, unit[:nu])}
		e, row, err := c.compare(&x)
		if err != nil {
			return err
		}
		c.count(&c.report.Input, e, "input: ∂%s/∂%s", c.stateName(row), c.m.Inputs()[k])
	}
	return nil
}

// checkParams compares the columns of all parameters at one step.
func (c *checker) checkParams(cur sim.State, u []float64) error {
	nv := c.d.NV
	params := Params(c.m)
	t := taken{g: new(Gradient), m: c.m, e: c.step, home: c.step, loads: c.step.Loads()}
	// What rests answers to the timestep with gravity less what carries it, g − g: rounding of that over differences that
	// the timestep bounds is 1e-9 m/s² at 1 ms, nothing beside g and 1e-5 of floorScale.
	scale := map[string]float64{"timestep": c.d.GravityRef}
	cols, opens, out := make([][]float64, len(params)), make([]bool, len(params)), make([]float64, 2*nv)
	for i, p := range params {
		cols[i] = make([]float64, 2*nv)
		if err := t.paramColumn(Tangent{Q: cols[i][:nv], V: cols[i][nv:]}, p); err != nil {
			return err
		}
		scale[p.Kind] = math.Max(scale[p.Kind], largest(cols[i]))
		if opens[i] = t.opened; opens[i] {
			c.report.Opening++
		}
	}
	left := c.unfelt(params, cols)
	for i, p := range params {
		if opens[i] || left[i] {
			continue
		}
		x0, err := Get(c.m, p)
		if err != nil {
			return err
		}
		var setErr error
		x := checked{cols[i], scale[p.Kind], paramSize(x0), func(eps float64) (sim.State, *dynamics.Stepper, []float64) {
			if p.p.Kind == dynamics.ParamForce { // its value, and so its unit, is the stepper's
				s := dynamics.NewStepper(c.d)
				var w spatial.Wrench
				*[6]*float64{&w.Force.X, &w.Force.Y, &w.Force.Z, &w.Torque.X, &w.Torque.Y, &w.Torque.Z}[p.p.Comp] = eps
				s.SetWrench(p.p.Index, w)
				return cur, s, u
			}
			// relative to small values, so that masses and lengths stay positive; a damper may turn negative
			d := c.d.Clone()
			if err := assign(d, p, x0+eps*paramSize(x0)); err != nil {
				setErr = err
			}
			c.other.SetModel(d)
			return cur, c.other, u
		}, func() error { return t.paramColumn(Tangent{Q: out[:nv], V: out[nv:]}, p) }}
		e, row, err := c.compare(&x)
		if err == nil {
			err = setErr
		}
		if err != nil {
			return fmt.Errorf("parameter %q: %w", p.Name, err)
		}
		c.report.Kinds[p.Kind] = math.Max(c.report.Kinds[p.Kind], e)
		c.count(&c.report.Params, e, "parameter: ∂%s/∂%s", c.stateName(row), p.Name)
	}
	return nil
}

// fewUnfelt is how many of the vertices of terrain that a step does not feel are checked.
const fewUnfelt = 20

// unfelt says which parameters to leave out: a field has ten thousands of heights, of which a step feels those under
// what is near. Of the others a few are checked, evenly among them.
func (c *checker) unfelt(params []Param, cols [][]float64) []bool {
	left, zero := make([]bool, len(params)), []int{}
	for i, p := range params {
		if c.d.OfTerrain(p.p) && largest(cols[i]) == 0 {
			zero = append(zero, i)
		}
	}
	for k, i := range zero {
		left[i] = k%max(len(zero)/fewUnfelt, 1) != 0
	}
	return left
}

// paramSize is the unit of the differences of a parameter with value x.
func paramSize(x float64) float64 {
	if x = math.Abs(x); x == 0 || x > 1 {
		return 1
	}
	return math.Max(x, 1e-2)
}

func (c *checker) count(to *float64, e float64, format string, names ...any) {
	*to = math.Max(*to, e)
	if !(e <= c.report.worst) || c.report.Worst == "" { // also when it is NaN
		c.report.worst, c.report.Worst = e, fmt.Sprintf(format, names...)
	}
}

func (c *checker) stateName(i int) string {
	nv, letter := c.d.NV, "q"
	if i >= nv {
		i, letter = i-nv, "v"
	}
	for _, j := range c.m.Joints() {
		if i < j.V || i >= j.V+j.NV {
			continue
		}
		if j.NV == 1 {
			return letter + "(" + j.Name + ")"
		}
		return fmt.Sprintf("%s(%s[%d])", letter, j.Name, i-j.V)
	}
	return letter
}

func largest(a []float64) float64 {
	x := 0.0
	for _, v := range a {
		x = math.Max(x, math.Abs(v))
	}
	return x
}

func column(a []float64, cols, k int) []float64 {
	c := make([]float64, 0, len(a)/cols)
	for i := k; i < len(a); i += cols {
		c = append(c, a[i])
	}
	return c
}

// SortedKinds returns the kinds of the report in the order of [ParamKinds].
func (r *Report) SortedKinds() []string {
	order := map[string]int{}
	for i, k := range ParamKinds() {
		order[k] = i
	}
	var ks []string
	for k := range r.Kinds {
		ks = append(ks, k)
	}
	sort.Slice(ks, func(i, j int) bool { return order[ks[i]] < order[ks[j]] })
	return ks
}
