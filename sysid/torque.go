package sysid

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// Torque is the identification of possible bodies from torques: weighted least squares in the log-Cholesky chart (Rucker and
// Wensing, RA-L 7(2), 2022; see Sutanto and others, "Encoding physical constraints in differentiable Newton–Euler algorithm",
// L4DC 2020), where every value is a body with positive mass everywhere.
//
// It works in rounds. After each, joints are weighed by what is left of their torques, and their presliding distances go to where
// that is least.
type Torque struct {
	Model   *sim.Model
	Motions []Motion

	// Prior is how far bodies may be from those of the model, as the standard deviation of the affine-invariant distance of their
	// pseudo-inertias (a pure number: 0.5 is 50 % of a mass, to first order). What the torques do not tell stays as it was, and what they
	// tell wrongly does not run to the border of the possible. Default 0.5; from 3 on data alone decides all that it tells.
	Prior float64

	Presliding []float64        // distances, of every joint (rad or m); nil: found
	Iterations int              // of a round; default 100
	Progress   func(p Progress) // nil: nobody hears
}

// Parameters returns everything that torques depend on: the inertia of every body that has mass, and armature, damping, dry
// friction, stiffness and offset of every joint. Those that are positive are sought by a factor down to 1e-4 (SI units), and must
// start from more than that: which are zero in the model stay so.
func (t *Torque) Parameters() []Parameter {
	m := t.Model
	var ps []Parameter
	find := func(owner, name, property string) (string, bool) {
		for _, n := range []string{name, owner + ":" + name} {
			if _, err := implicit.FindParam(m, n+property); err == nil {
				return n, true
			}
		}
		return "", false
	}
	for _, b := range m.Bodies() {
		if n, ok := find("body", b, ".lc_alpha"); ok {
			ps = append(ps, Parameter{Name: n + ".inertia"})
		}
	}
	for _, j := range m.Joints() {
		for _, p := range jointNames[:4] {
			if n, ok := find("joint", j.Name, "."+p); ok && value(m, n+"."+p) > nothing {
				ps = append(ps, Parameter{Name: n + "." + p, Lower: nothing, Upper: math.Inf(1)})
			}
		}
		unit := "N m"
		if len(j.Type.Trans) > 0 {
			unit = "N"
		}
		ps = append(ps, Parameter{Name: j.Name + ".offset", Own: true, Unit: unit})
	}
	return ps
}

// nothing is the least of what is sought by a factor: on its way to zero it would never arrive.
const nothing = 1e-4

// value returns the value of a parameter that the model has.
func value(m *sim.Model, name string) float64 {
	p, err := implicit.FindParam(m, name)
	if err != nil {
		return 0
	}
	v, err := implicit.Get(m, p)
	if err != nil {
		return 0
	}
	return v
}

// TorqueResult is a [Result] with what belongs to torques.
type TorqueResult struct {
	*Result
	Base   *Base     `json:"base"`
	Sigma  []float64 `json:"residual"` // N m: noise of each joint's torque: what is left of it, per degree of freedom
	Values []float64 `json:"-"`        // of the unknowns of the regression

	Presliding []float64   `json:"presliding"` // rad or m: distances, by joint
	Regression *Regression `json:"-"`          // of the last round
}

// Fit finds the unknowns of the set, usually that of [Torque.Parameters]; the rest stays as in the model.
func (t *Torque) Fit(ctx context.Context, s *Set) (*TorqueResult, error) {
	if !(t.Prior >= 0) || math.IsInf(t.Prior, 0) {
		return nil, fmt.Errorf("sysid: a prior of standard deviation %g, want a positive number, or 0 for 0.5", t.Prior)
	}
	prior := t.Prior
	if prior == 0 {
		prior = 0.5
	}
	out := &TorqueResult{Presliding: t.Presliding}
	if out.Presliding == nil {
		out.Presliding = slices.Repeat([]float64{firstBend}, t.Model.NV())
	}
	x, least := s.Start(), (*Minimum)(nil)
	iterations, startCost := 0, 0.0
	for round := range rounds {
		r, err := NewRegression(t.Model, t.Motions, out.Presliding)
		if err != nil {
			return nil, err
		}
		c, err := newChart(r, s)
		if err != nil {
			return nil, err
		}
		out.Regression = r
		if out.Base, err = r.Base(); err != nil {
			return nil, err
		}
		if round == 0 {
			out.Sigma = out.Base.Sigma
		}
		next, err := t.search(ctx, c, s, x, out.Sigma, prior)
		if err != nil && ctx.Err() != nil && least != nil { // what the rounds before have found is not lost
			least.Status = Canceled
			break
		}
		if err != nil {
			return nil, err
		}
		least = next
		if iterations += least.Iterations; round == 0 {
			startCost = least.StartCost
		}
		x = least.X
		out.Values, _ = c.values(x)
		out.Sigma = r.noise(out.Values)
		if least.Status == Canceled || round == rounds-1 {
			break
		}
		if t.Presliding == nil {
			out.Presliding, err = r.presliding(out.Values, t.Motions)
		}
		if err != nil {
			return nil, err
		}
	}
	var err error
	least.Data = out.Regression.samples()
	if out.Result, err = NewResult(s, least); err != nil {
		return nil, err
	}
	out.Method, out.Iterations, out.StartCost = "torque", iterations, startCost
	return out, nil
}

// rounds is how often weights and presliding distances are found anew.
const rounds = 4

// search solves one round from x.
func (t *Torque) search(ctx context.Context, c *chart, s *Set, x, sigma []float64, prior float64) (*Minimum, error) {
	lower, upper := s.Bounds()
	ls := LeastSquares{X0: x, Lower: lower, Upper: upper, Blocks: 3, Size: s.Size(), Iterations: t.Iterations, Progress: t.Progress}
	ls.Residual = residual(c, s, c.r.weighted(sigma), prior)
	return ls.Minimize(ctx)
}

// samples returns how many independent measurements of torque there are.
func (r *Regression) samples() int {
	n := 0.0
	for _, e := range r.joints {
		n += e.samples
	}
	return int(n)
}

// residual returns the blocks of the problem: the torques, the priors of bodies, and those of the set.
func residual(c *chart, s *Set, tri *mat.Dense, prior float64) func(worker, i int, x, y []float64, derivatives bool) (Block, error) {
	return func(_, i int, x, _ []float64, derivatives bool) (Block, error) {
		switch i {
		case 1:
			return c.prior(x, prior), nil
		case 2:
			return s.Prior(x), nil
		}
		values, slopes := c.values(x)
		b := Block{R: misfit(tri, values)}
		if derivatives {
			n := len(values)
			b.X = mat.NewDense(n+1, s.Len(), nil)
			b.X.Mul(tri.Slice(0, n+1, 0, n), slopes)
		}
		return b, nil
	}
}
