package implicit

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// CheckCost compares the gradients that a cost reports with central differences of its values, along the rollout from
// start under the inputs: every part at every step. It returns an error that names the part, the step and the
// entry that is off by more than [Limit] of the largest entry of its kind, the most wrong one of the first step with
// a mistake; nil when there is none. A gradient that overwrites what the cotangent holds instead of adding to it is a
// mistake too.
func (g *Gradient) CheckCost(start sim.State, inputs [][]float64, cost Cost) error {
	m := g.s.Model()
	if err := m.CheckState(start); err != nil {
		return err
	}
	s, x := g.rollers(1)[0], start.Clone()
	for k := range inputs {
		u := append([]float64(nil), g.orZero(inputs[k])...)
		if cost.Running != nil {
			if err := checkRunning(m, k, x, u, cost.Running); err != nil {
				return fmt.Errorf("implicit: running cost of step %d: %w", k, err)
			}
		}
		if _, err := s.Step(&x, x, inputs[k]); err != nil {
			return fmt.Errorf("step %d: %w", k, err)
		}
		if cost.Forces != nil {
			var f Forces
			f.read(s)
			if err := checkForceCost(k, f, cost.Forces); err != nil {
				return fmt.Errorf("implicit: cost of forces of step %d: %w", k, err)
			}
		}
	}
	if cost.Terminal == nil {
		return nil
	}
	gx := heldTangent(m)
	value := func(y sim.State) float64 { return cost.Terminal(y, NewTangent(m)) }
	cost.Terminal(x, gx)
	if err := checkState(m, x, gx, value); err != nil {
		return fmt.Errorf("implicit: terminal cost: %w", err)
	}
	return nil
}

// held is what cotangents hold before a cost adds to them.
const held = 1

func heldTangent(m *sim.Model) Tangent {
	t := NewTangent(m)
	for i := range t.Q {
		t.Q[i], t.V[i] = held, held
	}
	return t
}

func checkRunning(m *sim.Model, k int, x sim.State, u []float64, running func(int, sim.State, []float64, Tangent, []float64) float64) error {
	gx, gu := heldTangent(m), make([]float64, len(u))
	for i := range gu {
		gu[i] = held
	}
	running(k, x, u, gx, gu)
	value := func(y sim.State, u []float64) float64 {
		return running(k, y, u, NewTangent(m), make([]float64, len(u)))
	}
	if err := checkState(m, x, gx, func(y sim.State) float64 { return value(y, u) }); err != nil {
		return err
	}
	return checkEntries("gu", gu, func(i int, eps float64) float64 {
		v := append([]float64(nil), u...)
		v[i] += eps
		return value(x, v)
	})
}

func checkState(m *sim.Model, x sim.State, gx Tangent, value func(sim.State) float64) error {
	moved := func(part func(Tangent) []float64) func(i int, eps float64) float64 {
		return func(i int, eps float64) float64 {
			d, y := NewTangent(m), sim.State{}
			part(d)[i] = eps
			Displace(m, &y, x, d)
			return value(y)
		}
	}
	if err := checkEntries("gx.Q", gx.Q, moved(func(t Tangent) []float64 { return t.Q })); err != nil {
		return err
	}
	return checkEntries("gx.V", gx.V, moved(func(t Tangent) []float64 { return t.V }))
}

func checkForceCost(k int, f Forces, forces func(int, Forces, Forces) float64) error {
	zero := func() (z Forces) { z.zeroOf(f); return z }
	gf := zero()
	all := r3.Vec{X: held, Y: held, Z: held}
	for i := range gf.Contacts {
		gf.Contacts[i].Force, gf.Contacts[i].Torque = all, all
	}
	for _, l := range [][]sim.Wrench{gf.Joints, gf.Loops} {
		for i := range l {
			l[i] = sim.Wrench{Force: all, Torque: all}
		}
	}
	forces(k, f, gf)
	value := func() float64 { return forces(k, f, zero()) }
	at := func(v *r3.Vec, i int, eps float64) float64 {
		defer func(old r3.Vec) { *v = old }(*v)
		*components(v)[i] += eps
		return value()
	}
	var g []float64
	for _, c := range gf.Contacts {
		g = append(g, c.Force.X, c.Force.Y, c.Force.Z, c.Torque.X, c.Torque.Y, c.Torque.Z)
	}
	err := checkEntries("gf.Contacts", g, func(i int, eps float64) float64 {
		c := &f.Contacts[i/6]
		return at([]*r3.Vec{&c.Force, &c.Torque}[i%6/3], i%3, eps)
	})
	if err != nil {
		return err
	}
	wrenches := func(name string, f, gf []sim.Wrench) error {
		g = g[:0]
		for _, w := range gf {
			g = append(g, w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z)
		}
		return checkEntries(name, g, func(i int, eps float64) float64 {
			w := &f[i/6]
			return at([]*r3.Vec{&w.Force, &w.Torque}[i%6/3], i%3, eps)
		})
	}
	if err := wrenches("gf.Joints", f.Joints, gf.Joints); err != nil {
		return err
	}
	return wrenches("gf.Loops", f.Loops, gf.Loops)
}

func components(v *r3.Vec) [3]*float64 { return [3]*float64{&v.X, &v.Y, &v.Z} }

// checkEntries compares got − held with differences of value, Richardson extrapolated, each entry at the best of several
// sizes.
func checkEntries(name string, got []float64, value func(i int, eps float64) float64) error {
	scale, size := 0.0, 0.0
	best, best2 := make([]float64, len(got)), make([]float64, len(got))
	for i := range got {
		best[i] = math.Inf(1)
		for _, eps := range []float64{1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7} {
			a, b, c, d := value(i, 2*eps), value(i, -2*eps), value(i, eps), value(i, -eps)
			size = math.Max(size, math.Abs(c))
			slope := (8*(c-d) - (a - b)) / (12 * eps)
			if e := math.Abs(slope - (got[i] - held)); e < best[i] {
				best[i], best2[i] = e, slope
			}
		}
		scale = math.Max(scale, math.Max(math.Abs(best2[i]), math.Abs(got[i]-held)))
	}
	scale = math.Max(scale, 1e-7*size) // smaller slopes than that differences do not resolve
	worst, at := 0.0, 0
	for i, e := range best {
		if !(e <= worst) {
			worst, at = e, i
		}
	}
	if !(worst <= Limit*scale) {
		return fmt.Errorf("%s[%d] gets %g, differences say %g (off by %.1e of the largest)", name, at, got[at]-held, best2[at], worst/scale)
	}
	return nil
}
