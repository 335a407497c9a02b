package trajopt

import (
	"math"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// policy is a plan as it is followed: inputs and feedback about its states, and how old it is. Between its steps it is
// interpolated: a plan in steps of 20 ms that is followed at 100 Hz would run at twice its pace if every tick took it
// on by a step.
type policy struct {
	m      *sim.Model
	states []sim.State
	inputs [][]float64
	gains  []*mat.Dense
	cost   float64
	age    float64 // in steps, since its start
	raised float64 // the age of its multipliers

	at, dx implicit.Tangent
	ref    sim.State
}

func newPolicy(p *Problem) *policy {
	t, l := newTrajectory(p), newPlan(p.Steps, p.Model.NU(), 2*p.Model.NV())
	return &policy{
		m: p.Model, states: t.states, inputs: t.inputs, gains: l.gains,
		at: implicit.NewTangent(p.Model), dx: implicit.NewTangent(p.Model), ref: p.Model.NewState(),
	}
}

// take makes the plan of a solver the one to follow, some steps after its start.
func (p *policy) take(s *ILQR, age float64) {
	for k, u := range s.now.inputs {
		copy(p.inputs[k], u)
		p.gains[k].Copy(s.plan.gains[k])
	}
	for k, x := range s.now.states {
		p.states[k].Copy(x)
	}
	p.cost, p.age, p.raised = s.now.cost, age, 0
}

// give makes what is left of the plan that of a solver, which begins now, and takes the multipliers on as far. Its last
// step stays for ever.
func (p *policy) give(s *ILQR) {
	for k := range s.now.inputs {
		p.blend(s.now.inputs[k], s.plan.gains[k], p.age+float64(k))
		p.state(&s.now.states[k], p.age+float64(k))
	}
	p.state(&s.now.states[len(p.inputs)], p.age+float64(len(p.inputs)))
	n := math.Floor(p.age - p.raised + 1e-9)
	p.raised += n
	s.terms.shift(int(n))
}

// forget drops the feedback.
func (p *policy) forget() {
	for _, g := range p.gains {
		g.Zero()
	}
}

// between returns which two of n things time t lies between, and how near to the second.
func between(t float64, n int) (i, j int, part float64) {
	t += 1e-9 // ticks add up with rounding
	i = min(int(t), n-1)
	if part = t - float64(i); part < 1e-6 || i == n-1 {
		return i, i, 0
	}
	return i, i + 1, part
}

// blend stores inputs and gains at time t.
func (p *policy) blend(u []float64, gain *mat.Dense, t float64) {
	i, j, part := between(t, len(p.inputs))
	copy(u, p.inputs[i])
	gain.Copy(p.gains[i])
	if part == 0 {
		return
	}
	for a := range u {
		u[a] += part * (p.inputs[j][a] - u[a])
		row, other := gain.RawRowView(a), p.gains[j].RawRowView(a)
		for b := range row {
			row[b] += part * (other[b] - row[b])
		}
	}
}

// state stores the state at time t.
func (p *policy) state(x *sim.State, t float64) {
	i, j, part := between(t, len(p.states))
	if part == 0 {
		x.Copy(p.states[i])
		return
	}
	implicit.Difference(p.m, p.at, p.states[j], p.states[i])
	for c := range p.at.Q {
		p.at.Q[c], p.at.V[c] = part*p.at.Q[c], part*p.at.V[c]
	}
	implicit.Displace(p.m, x, p.states[i], p.at)
}

// input stores the input that follows the plan from a measured state.
func (p *policy) input(u []float64, x sim.State) {
	p.state(&p.ref, p.age)
	implicit.Difference(p.m, p.dx, x, p.ref)
	i, j, part := between(p.age, len(p.inputs))
	for a := range u {
		u[a] = p.inputs[i][a] + part*(p.inputs[j][a]-p.inputs[i][a])
		row, other := p.gains[i].RawRowView(a), p.gains[j].RawRowView(a)
		for c, d := range p.dx.Q {
			u[a] += (row[c] + part*(other[c]-row[c])) * d
		}
		for c, d := range p.dx.V {
			c += len(p.dx.Q)
			u[a] += (row[c] + part*(other[c]-row[c])) * d
		}
	}
}
