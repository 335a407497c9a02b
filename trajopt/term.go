package trajopt

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// role is what a function is for.
type role uint8

const (
	cost  role = iota
	goal       // = 0
	limit      // ≤ 0
)

// term is a function in its role, with the multipliers of its constraint.
type term struct {
	*Function
	role    role
	weight  []float64   // of a cost
	lambda  [][]float64 // of a constraint, by state and number
	penalty float64     // ρ, of all constraints alike
}

// square returns the part of the augmented Lagrangian that number i of the term at state k contributes when it is r, with
// its first and second derivative by r. Of an inequality (Rockafellar 1973):
//
//	(max(0, λ + ρ r)² − λ²)/2ρ
func (t *term) square(k, i int, r float64) (value, slope, curvature float64) {
	switch t.role {
	case cost:
		w := t.weight[min(i, len(t.weight)-1)]
		return w / 2 * r * r, w * r, w
	case goal:
		l := t.lambda[k][i]
		return l*r + t.penalty/2*r*r, l + t.penalty*r, t.penalty
	}
	l := t.lambda[k][i]
	s := l + t.penalty*r
	if s <= 0 {
		return -l * l / (2 * t.penalty), 0, 0
	}
	return (s*s - l*l) / (2 * t.penalty), s, t.penalty
}

// violation returns how far number r of the term is from what it should be.
func (t *term) violation(r float64) float64 {
	switch t.role {
	case goal:
		return math.Abs(r)
	case limit:
		return math.Max(0, r)
	}
	return 0
}

// raise updates the multiplier of number i at state k, where the function is r, of which a part is kept.
func (t *term) raise(k, i int, r, keep float64) {
	l := &t.lambda[k][i]
	switch *l = keep**l + t.penalty*r; t.role {
	case limit:
		*l = math.Max(0, *l)
	}
}

// terms of a problem: those of the states with an input, those of the forces of the steps from there, and those of the last state.
type terms struct {
	stage, forced, final []*term
	largest              int // Dim
}

func (p *Problem) terms() *terms {
	t := &terms{}
	multipliers := func(n, dim int) [][]float64 {
		l := make([][]float64, n)
		for k := range l {
			l[k] = make([]float64, dim)
		}
		return l
	}
	begin := func(x *term) { // of every step
		if x.EvalForces != nil {
			t.forced = append(t.forced, x)
		} else {
			t.stage = append(t.stage, x)
		}
	}
	for i := range p.Stage {
		begin(&term{Function: &p.Stage[i].Function, role: cost, weight: p.Stage[i].Weight})
	}
	for i := range p.Final {
		t.final = append(t.final, &term{Function: &p.Final[i].Function, role: cost, weight: p.Final[i].Weight})
	}
	for i := range p.Limit {
		l := &term{Function: &p.Limit[i], role: limit, lambda: multipliers(p.Steps+1, p.Limit[i].Dim)}
		begin(l)
		if l.states(p.Steps) > p.Steps {
			t.final = append(t.final, l)
		}
	}
	for i := range p.Goal {
		t.final = append(t.final, &term{Function: &p.Goal[i], role: goal, lambda: multipliers(p.Steps+1, p.Goal[i].Dim)})
	}
	for _, x := range slices.Concat(t.stage, t.forced, t.final) {
		t.largest = max(t.largest, x.Dim)
	}
	return t
}

// each calls f for every constraint.
func (t *terms) each(f func(*term)) {
	for _, x := range slices.Concat(t.stage, t.forced) {
		if x.role != cost {
			f(x)
		}
	}
	for _, x := range t.final { // a limit of states alone is in both lists
		if x.role == goal {
			f(x)
		}
	}
}

// shift takes the multipliers of limits on by n states; those of the last stay, and those of goals, which are of the last state.
func (t *terms) shift(n int) {
	t.each(func(x *term) {
		if x.role != limit {
			return
		}
		last := x.states(len(x.lambda)-1) - 1
		for k := range last {
			copy(x.lambda[k], x.lambda[min(k+n, last)])
		}
	})
}

// setPenalty gives all constraints the penalty rho.
func (t *terms) setPenalty(rho float64) { t.each(func(x *term) { x.penalty = rho }) }

// credit returns how far below zero all constraints together can take the augmented Lagrangian: λ²/2ρ each.
func (t *terms) credit() float64 {
	sum := 0.0
	t.each(func(x *term) {
		for _, list := range x.lambda {
			for _, l := range list {
				sum += l * l / (2 * x.penalty)
			}
		}
	})
	return sum
}

// score is what a trajectory is worth.
type score struct {
	cost   float64 // of the problem
	merit  float64 // the augmented Lagrangian
	worst  float64 // violation of a constraint
	where  *term   // of the worst
	at, of int     // state and number of the worst
}

// add adds what state k costs, or the forces of the step from there.
func (s *score) add(list []*term, k int, x sim.State, u []float64, f implicit.Forces, buf []float64) {
	for _, t := range list {
		for i, v := range t.value(k, x, u, f, buf) {
			value, _, _ := t.square(k, i, v)
			s.merit += value
			if t.role == cost {
				s.cost += value
			}
			if e := t.violation(v); !(e <= s.worst) { // also when it is not a number
				s.worst, s.where, s.at, s.of = e, t, k, i
			}
		}
	}
}

// value returns the numbers of the term, in buf.
func (t *term) value(k int, x sim.State, u []float64, f implicit.Forces, buf []float64) []float64 {
	r := buf[:t.Dim]
	clear(r)
	if t.EvalForces != nil {
		t.EvalForces(k, f, r, nil)
	} else {
		t.Eval(k, x, u, r, nil, nil)
	}
	return r
}

func (s *score) finite() bool { return s.merit-s.merit == 0 && s.worst-s.worst == 0 }

// expansion is the quadratic model of the augmented Lagrangian at one state, Gauss–Newton.
type expansion struct {
	x, u       []float64  // gradient: 2NV and NU
	xx, ux, uu *mat.Dense // Hessian: ∂²/∂x², ∂²/∂u∂x (NU×2NV), ∂²/∂u²
}

func newExpansion(n, nu int) *expansion {
	return &expansion{
		x: make([]float64, n), u: make([]float64, nu),
		xx: mat.NewDense(n, n, nil), ux: mat.NewDense(nu, n, nil), uu: mat.NewDense(nu, nu, nil),
	}
}

// expand fills e with the terms at state k.
func (e *expansion) expand(list []*term, k int, x sim.State, u []float64) {
	clear(e.x)
	clear(e.u)
	e.xx.Zero()
	e.ux.Zero()
	e.uu.Zero()
	for _, t := range list {
		r, dx := make([]float64, t.Dim), mat.NewDense(t.Dim, len(e.x), nil)
		var du *mat.Dense
		if u != nil {
			du = mat.NewDense(t.Dim, len(e.u), nil)
		}
		t.Eval(k, x, u, r, dx, du)
		e.add(t, k, r, dx, du)
	}
}

// force adds the terms of the forces of the step from state k, which g has just differentiated. What they are, now, is
// that of the rollout: its contact may be harder than that of the derivative.
func (e *expansion) force(list []*term, k int, g *implicit.Gradient, soft, now implicit.Forces, buf []float64) error {
	for _, t := range list {
		dx, du := mat.NewDense(t.Dim, len(e.x), nil), mat.NewDense(t.Dim, len(e.u), nil)
		if err := t.ofForces(k, g, soft, dx, du); err != nil {
			return err
		}
		e.add(t, k, t.value(k, sim.State{}, nil, now, buf), dx, du)
	}
	return nil
}

// add adds a term that is r, with its derivatives (du may be nil).
func (e *expansion) add(t *term, k int, r []float64, dx, du *mat.Dense) {
	var a, b []int // of a row, which columns are not zero: most of them are
	for i, v := range r {
		_, s, c := t.square(k, i, v)
		if s == 0 && c == 0 {
			continue
		}
		jx, ju := dx.RawRowView(i), []float64(nil)
		if du != nil {
			ju = du.RawRowView(i)
		}
		a, b = filled(a, jx), filled(b, ju)
		for _, p := range a {
			e.x[p] += s * jx[p]
			addRow(e.xx.RawRowView(p), c*jx[p], jx, a)
		}
		for _, p := range b {
			e.u[p] += s * ju[p]
			addRow(e.ux.RawRowView(p), c*ju[p], jx, a)
			addRow(e.uu.RawRowView(p), c*ju[p], ju, b)
		}
	}
}

func filled(list []int, row []float64) []int {
	list = list[:0]
	for i, v := range row {
		if v != 0 {
			list = append(list, i)
		}
	}
	return list
}

func addRow(dst []float64, w float64, row []float64, at []int) {
	for _, q := range at {
		dst[q] += w * row[q]
	}
}
