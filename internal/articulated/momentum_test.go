package articulated

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
)

// balance returns what a solve leaves of the wrenches put in, relative to them and what the
// bodies get: Σ (A_i t_i + bias_i) about the origin of the
// world. Joints and couplings only pass wrenches on, and nothing here hangs on the world.
func (c *coupled) balance(bias []spatial.Wrench) float64 {
	var left spatial.Wrench
	size := 0.0
	for i := range c.s.Bodies {
		var p spatial.Wrench
		c.a[i].MulTwist(&p, &c.s.Twist[i])
		size += spatial.Norm(p.Force) + spatial.Norm(p.Torque)
		p.Force, p.Torque = spatial.Add(p.Force, bias[i].Force), spatial.Add(p.Torque, bias[i].Torque)
		p = about(&p, c.s.Origin[i])
		left.Force, left.Torque = spatial.Add(left.Force, p.Force), spatial.Add(left.Torque, p.Torque)
		size += spatial.Norm(bias[i].Force) + spatial.Norm(bias[i].Torque)
	}
	return (spatial.Norm(left.Force) + spatial.Norm(left.Torque)) / size
}

// TestIslandStack: six free boxes on each other, each face with four sticking contacts of three rows, twelve for six
// freedoms. Whatever W is, the boxes together get the momentum that was put in, and the stiffer it is the more they move as
// one body of their masses: in the order of 1/W, down to what rounding leaves.
func TestIslandStack(t *testing.T) {
	for w := 1.0; w < 2e12; w *= 100 {
		c, _ := stack(6, w)
		c.factor(t)
		rng := rand.New(rand.NewPCG(1, 9))
		bias, _ := load(rng, c.s, c.t)
		clear(c.s.RHS)
		c.g.Solve(Forward)
		tol.Within(t, c.balance(bias), 1e-14, "momentum, W = %g", w)

		var all spatial.Mat6
		var sum spatial.Wrench
		for i := range bias {
			all.Add(&c.a[i])
			sum.Force, sum.Torque = spatial.Sub(sum.Force, bias[i].Force), spatial.Sub(sum.Torque, bias[i].Torque)
		}
		var lu spatial.LU6
		x := sum.Array()
		lu.Factor((*[36]float64)(&all), 6)
		lu.Solve(&x)
		one := spatial.WrenchOf(&x)
		var d difference
		for i := range bias {
			d.addTwist(c.s.Twist[i], spatial.Twist{Lin: one.Force, Ang: one.Torque})
		}
		tol.Within(t, d.relative(), 1e-14+100/w, "motion as one, W = %g", w)
	}
}

// TestIslandMomentum: the same of mechanisms on free bases with joint terms of their own, pressed against each other and
// against themselves, every tree about a point of its own.
func TestIslandMomentum(t *testing.T) {
	free := []spec{specs[1], specs[5], specs[10], {"robot", 13, 4, true, 1, false}}
	for w := 1.0; w < 2e12; w *= 100 {
		for seed := range uint64(20) {
			rng := rand.New(rand.NewPCG(seed, 9))
			s, spans := build(rng, free[rng.IntN(4)], free[rng.IntN(4)], free[rng.IntN(4)])
			var joins []rows3
			for range 8 {
				if a, b := rng.IntN(len(s.Bodies)), rng.IntN(len(s.Bodies)); a != b {
					joins = append(joins, touch(a, b, vec(rng), w))
				}
			}
			c := newCoupled(rng, s, spans, nil)
			for i := range c.a {
				c.a[i] = box(spatial.Scale(0.3, vec(rng)))
			}
			for i := range s.Screw3 { // the knots of a step; further apart, a pivot now and then comes next to zero
				d := twist(rng)
				s.Screw3[i].Lin = spatial.AddScaled(s.Screw2[i].Lin, 0.03, d.Lin)
				s.Screw3[i].Ang = spatial.AddScaled(s.Screw2[i].Ang, 0.03, d.Ang)
			}
			for i := range joins { // each end about its own point
				for k := range 3 {
					joins[i].n[0][k] = about(&joins[i].n[0][k], spatial.Scale(-1, s.Origin[joins[i].pair.A]))
					joins[i].n[1][k] = about(&joins[i].n[1][k], spatial.Scale(-1, s.Origin[joins[i].pair.B]))
				}
				joins[i].g = joins[i].n
			}
			c.joins = joins
			c.g.Couple(spans, pairs(joins))
			c.factor(t)
			bias, _ := load(rng, c.s, c.t)
			clear(s.RHS)
			c.g.Solve(Forward)
			tol.Within(t, c.balance(bias), 3e-14, "momentum, W = %g, island %d", w, seed)
		}
	}
}
