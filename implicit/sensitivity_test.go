package implicit_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestForceSensitivity compares the derivatives of all forces along a rollout with the backward sweep of a cost that is linear in them.
func TestForceSensitivity(t *testing.T) {
	s, x := zoo(t, "quadruped4", sim.Options{Kappa: 1e-3})
	m := s.Model()
	rng := rand.New(rand.NewPCG(9, 8))
	params := find(t, m, []string{"FL_calf.mass", "FL_foot.friction", "FL_calf_joint.x", "gravity.z", "timestep", "trunk.lc_t1"})
	inputs := make([][]float64, 40)
	u := [][][]float64{make([][]float64, len(inputs))}
	for k := range u[0] {
		u[0][k] = make([]float64, m.NU())
		for i := range u[0][k] {
			u[0][k][i] = rng.NormFloat64()
		}
	}
	d := implicit.NewTangent(m)
	for i := range d.Q {
		d.Q[i], d.V[i] = rng.NormFloat64(), rng.NormFloat64()
	}
	// weight is one of every force of every step, the same in both sweeps
	weight := func(k, i int) r3.Vec {
		return r3.Vec{X: math.Sin(float64(1 + 7*k + 3*i)), Y: math.Cos(float64(2 + 5*k + i)), Z: math.Sin(float64(3 + k + 11*i))}
	}
	product := func(k int, f implicit.Forces) (sum, size float64) {
		add := func(a, b r3.Vec) { sum, size = sum+r3.Dot(a, b), size+math.Abs(r3.Dot(a, b)) }
		for i, c := range f.Contacts {
			add(weight(k, i), c.Force)
			add(weight(k, i+100), c.Torque)
		}
		for i, w := range f.Joints {
			add(weight(k, i), w.Force)
			add(weight(k, -i), w.Torque)
		}
		return sum, size
	}
	g := gradient(t, s, implicit.Options{})
	fwd, size, contacts := make([]float64, 2+len(params)), make([]float64, 2+len(params)), 0
	by := implicit.Unknowns{Start: []implicit.Tangent{d}, Params: params, Inputs: u}
	err := g.ForceSensitivity(x, inputs, by, func(k int, _ sim.State, _ *mat.Dense, f implicit.Forces, df []implicit.Forces) error {
		if k == 0 {
			if len(f.Contacts)+len(f.Joints) > 0 {
				t.Error("forces before the first step")
			}
			return nil
		}
		contacts += len(f.Contacts)
		for j := range df {
			p, n := product(k, df[j])
			fwd[j], size[j] = fwd[j]+p, size[j]+n
		}
		return nil
	})
	if err != nil || contacts == 0 {
		t.Fatal(err, contacts)
	}
	r, err := g.Rollout(x, inputs, implicit.Cost{Forces: func(k int, f, gf implicit.Forces) float64 {
		for i := range gf.Contacts {
			c := &gf.Contacts[i]
			c.Force, c.Torque = r3.Add(c.Force, weight(k+1, i)), r3.Add(c.Torque, weight(k+1, i+100))
		}
		for i := range gf.Joints {
			w := &gf.Joints[i]
			w.Force, w.Torque = r3.Add(w.Force, weight(k+1, i)), r3.Add(w.Torque, weight(k+1, -i))
		}
		sum, _ := product(k+1, f)
		return sum
	}}, implicit.RolloutOptions{Params: params})
	if err != nil {
		t.Fatal(err)
	}
	back := make([]float64, 0, len(fwd))
	sum := 0.0
	for i := range d.Q {
		sum += d.Q[i]*r.Start.Q[i] + d.V[i]*r.Start.V[i]
	}
	back = append(append(back, sum), r.Params...)
	sum = 0
	for k := range inputs {
		for i, v := range u[0][k] {
			sum += v * r.Inputs[k][i]
		}
	}
	back = append(back, sum)
	for j := range fwd {
		if e := math.Abs(fwd[j]-back[j]) / size[j]; !(e < 1e-10) {
			t.Errorf("unknown %d: forward %g, backward %g, relative difference %.1e", j, fwd[j], back[j], e)
		}
	}
}
