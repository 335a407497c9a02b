package implicit_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestThrows throws random worlds and random calls at the API: steps have the same bits whatever was called between
// them, in batches, from files and in recordings; numbers that are none are errors; forward and backward products are
// each other's transposes; momentum is what forces give.
func TestThrows(t *testing.T) {
	t.Parallel()
	built, steps := 0, 0
	for seed := range uint64(100) {
		d := drawWorld(seed)
		if d == nil {
			continue
		}
		built++
		t.Run(fmt.Sprint(seed), func(t *testing.T) { steps += d.throw(t) })
	}
	if built < 40 || steps < 300 {
		t.Errorf("%d worlds and %d steps only", built, steps)
	}
}

// outcome is all that a step tells.
type outcome struct {
	Next     sim.State
	Result   sim.Result
	Contacts []sim.Contact
	Joints   []sim.Wrench
	Loops    []sim.LoopForce
	Drives   []float64
	Err      string
}

type stepping func(*sim.State, sim.State, []float64) (sim.Result, error)

func outcomeOf(s *sim.Stepper, step stepping, x sim.State, u []float64) (o outcome) {
	m := s.Model()
	o.Next = m.NewState()
	var err error
	if o.Result, err = step(&o.Next, x, u); err != nil {
		return outcome{Err: err.Error()}
	}
	o.Contacts = slices.Clone(s.Contacts())
	for i := range m.NB() {
		o.Joints = append(o.Joints, s.JointWrench(i))
	}
	for i := range m.Loops() {
		o.Loops = append(o.Loops, s.LoopForce(i))
	}
	o.Drives = make([]float64, m.NU())
	s.DriveForces(o.Drives)
	return o
}

// throw takes steps with calls between them.
func (d *drawn) throw(t *testing.T) int {
	m, rng := d.m, d.rng
	opt := sim.Options{Kappa: []float64{1e-3, 1e-5, 1e-8}[rng.IntN(3)], DivideImpacts: d.chance(0.15), Workers: 1 + rng.IntN(3)}
	s := m.NewStepper(opt)
	g, x, last, push := gradient(t, s, implicit.Options{}), d.start.Clone(), m.NB()-1, sim.Wrench{}
	var states []sim.State
	var inputs [][]float64
	for k := range 8 {
		if d.chance(0.15) {
			push = sim.Wrench{Force: normal(rng, 3), Torque: normal(rng, 0.1)}
			s.SetWrench(last, push)
		}
		said, u, fresh := d.disturb(t, s, g, x), d.input(), m.NewStepper(opt)
		fresh.SetWrench(last, push)
		want, got := outcomeOf(fresh, fresh.Step, x, u), outcomeOf(s, g.Step, x, u)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("step %d after %s: got %+v, want %+v", k, said, got, want)
		}
		if got.Err != "" {
			return k
		}
		d.checkMomentum(t, s, x, got.Next, push)
		d.checkProducts(t, g)
		states, inputs = append(states, x), append(inputs, u)
		x = got.Next
		if d.chance(0.15) {
			x.H = 0 // written by a user
		}
	}
	d.checkBatches(t, opt, states, inputs)
	d.checkFiles(t, opt, inputs)
	d.checkNaN(t, m.NewStepper(opt))
	return len(states)
}

// disturb makes a call that must not matter to later steps, and says which.
func (d *drawn) disturb(t *testing.T, s *sim.Stepper, g *implicit.Gradient, x sim.State) string {
	m, rng, o, y, z := s.Model(), d.rng, x.Clone(), implicit.NewTangent(s.Model()), implicit.NewTangent(s.Model())
	params := implicit.Params(m)
	switch rng.IntN(12) {
	case 0:
		_, err := s.Energy(x)
		_, _, err2 := s.Momentum(x)
		if err3 := s.KnotVelocity(make([]float64, m.NV()), x); err != nil || err2 != nil || err3 != nil {
			t.Error(err, err2, err3)
		}
		return "Energy, Momentum and KnotVelocity"
	case 1:
		s.Penetration()
		s.Overlaps(x.Q, 0)
		return "Penetration and Overlaps"
	case 2:
		o.V[rng.IntN(len(o.V))] += rng.NormFloat64()
		s.Step(&o, o, d.input())
		return "a step from another state"
	case 3:
		o.V[rng.IntN(len(o.V))] = math.NaN()
		s.Step(&o, o, nil)
		return "a step that fails"
	case 4:
		s.Rollout(x, 3, func(u []float64, _ int, _ sim.State) { copy(u, d.input()) })
		return "Rollout"
	case 5:
		kappa := s.Options().Kappa
		s.SetKappa(1e-4)
		s.Step(&o, o, nil)
		s.SetKappa(kappa)
		return "SetKappa"
	case 6:
		p := params[rng.IntN(len(params))]
		if v, err := implicit.Get(m, p); err != nil {
			t.Error(err)
		} else if g.SetParams([]implicit.Param{p}, []float64{1.01 * v}) == nil {
			s.Step(&o, o, nil)
		}
		if err := s.SetModel(m); err != nil {
			t.Error(err)
		}
		return "SetParams and SetModel"
	case 7:
		w := s.Wrench(0)
		s.SetWrench(0, sim.Wrench{Force: normal(rng, 10)})
		s.Step(&o, o, nil)
		s.SetWrench(0, w)
		return "SetWrench"
	case 8:
		if _, err := g.Step(&o, o, d.input()); err == nil {
			g.VJP(y, make([]float64, m.NU()), z)
			g.ParamJVP(y, params[rng.IntN(len(params))])
		}
		return "products"
	case 9, 10:
		return d.compareCosts(t, g)
	}
	return "nothing"
}

// compareCosts: the gradient of a rollout is the sum of what Sensitivity tells, and its cost has the bits of that alone.
func (d *drawn) compareCosts(t *testing.T, g *implicit.Gradient) string {
	m, params := d.m, implicit.Params(d.m)
	by := implicit.Unknowns{Start: implicit.Directions(m)}
	for range 3 {
		if p := params[d.rng.IntN(len(params))]; p.Kind != "external force" {
			by.Params = append(by.Params, p)
		}
	}
	inputs, weights := [][]float64{d.input(), d.input(), d.input()}, normals(d.rng, m.NV())
	cost := implicit.Cost{
		Terminal: func(x sim.State, gx implicit.Tangent) (c float64) {
			for i, w := range weights {
				c += w * x.V[i]
				gx.V[i] += w
			}
			return c
		},
		Running: func(_ int, x sim.State, _ []float64, gx implicit.Tangent, _ []float64) float64 {
			gx.V[0] += x.V[0]
			return x.V[0] * x.V[0] / 2
		},
	}
	r, err := g.Rollout(d.start, inputs, cost, implicit.RolloutOptions{Params: by.Params, Segment: 1 + d.rng.IntN(3)})
	if err != nil {
		return "a rollout that fails"
	}
	if c, err := g.Cost(d.start, inputs, cost); err != nil || c != r.Cost {
		t.Errorf("the cost is %v with its gradient and %v alone, %v", r.Cost, c, err)
	}
	forward, backward := make([]float64, by.Len()), slices.Concat(r.Start.Q, r.Start.V, r.Params)
	err = g.Sensitivity(d.start, inputs, by, func(k int, x sim.State, dx *mat.Dense) error {
		for j := range forward {
			if k < len(inputs) {
				forward[j] += x.V[0] * dx.At(m.NV(), j)
				continue
			}
			for i, w := range weights {
				forward[j] += w * dx.At(m.NV()+i, j)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	for j := range forward {
		tol.Within(t, math.Abs(forward[j]-backward[j])/(1+largestOf(backward)), 1e-8, "derivative %d of a rollout: forward %g, backward %g", j, forward[j], backward[j])
	}
	return "gradients of a rollout"
}

// checkMomentum: what floats changes its momentum by gravity, contacts and what is set, which have half the weight in a
// step from an instant.
func (d *drawn) checkMomentum(t *testing.T, s *sim.Stepper, x, next sim.State, push sim.Wrench) {
	m, h := d.m, d.m.Timestep()
	for _, j := range m.Joints() {
		if j.Parent < 0 && j.NV != 6 {
			return
		}
		for _, a := range j.Axes {
			if j.Parent < 0 && a != (sim.Axis{Lower: a.Lower, Upper: a.Upper}) {
				return
			}
		}
	}
	if len(m.Thrusters()) > 0 || len(s.Parts()) > 0 || x.H != 0 && x.H != h {
		return
	}
	p0, _, err0 := s.Momentum(x)
	p1, _, err1 := s.Momentum(next)
	if err0 != nil || err1 != nil {
		t.Fatal(err0, err1)
	}
	weight := r3.Scale(m.TotalMass(), m.Gravity())
	force, size := r3.Add(weight, push.Force), 1+r3.Norm(weight)+r3.Norm(push.Force)
	for i := range m.NB() {
		c := s.ContactWrench(i, r3.Vec{}).Force
		force, size = r3.Add(force, c), size+r3.Norm(c)
	}
	if x.H == 0 {
		force = r3.Scale(0.5, r3.Add(force, weight))
	}
	off := r3.Norm(r3.Sub(r3.Sub(p1, p0), r3.Scale(h, force)))
	tol.Within(t, off/(h*size+r3.Norm(p0)), 1e-7, "momentum goes from %v to %v under %v", p0, p1, force)
}
