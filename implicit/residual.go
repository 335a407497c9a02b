package implicit

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Residual compares states with data: it stores the residual of state k in r and its derivative by the state, len(r)×2NV,
// columns (q, v), in dr, both zero on entry.
type Residual func(k int, x sim.State, r []float64, dr *mat.Dense) error

// StateResidual is the difference of state k from states[k] in the tangent space, 2NV numbers, times the weights (2NV; nil
// is one each).
func StateResidual(m *sim.Model, states []sim.State, weights []float64) (Residual, error) {
	nv := m.NV()
	for k, s := range states {
		if err := m.CheckState(s); err != nil {
			return nil, fmt.Errorf("state %d: %w", k, err)
		}
	}
	if weights != nil && len(weights) != 2*nv {
		return nil, fmt.Errorf("implicit: %d weights for %d numbers of a state", len(weights), 2*nv)
	}
	weight := func(i int) float64 {
		if weights == nil {
			return 1
		}
		return weights[i]
	}
	return func(k int, x sim.State, r []float64, dr *mat.Dense) error {
		if k >= len(states) {
			return fmt.Errorf("implicit: there is no measured state %d", k)
		}
		Difference(m, Tangent{Q: r[:nv], V: r[nv:]}, x, states[k])
		for _, j := range m.Joints() {
			for i := j.V; i < j.V+j.NV; i++ {
				dr.Set(i, i, weight(i))
				dr.Set(nv+i, nv+i, weight(nv+i))
			}
			if j.QuaternionOf() >= 0 { // log(Q exp(δ)) turns with the angle itself
				i := j.V + j.NV - 3
				d := logJacobian(r3.Vec{X: r[i], Y: r[i+1], Z: r[i+2]})
				for a := range 3 {
					for b := range 3 {
						dr.Set(i+a, i+b, weight(i+a)*d[3*a+b])
					}
				}
			}
		}
		for i := range r {
			r[i] *= weight(i)
		}
		return nil
	}, nil
}

// Residuals takes a rollout and returns what least squares needs: the residuals of all its states, of n numbers each, the
// start's first, and their derivative by the unknowns. Both are new.
func (g *Gradient) Residuals(start sim.State, inputs [][]float64, by Unknowns, n int, residual Residual) (r []float64, j *mat.Dense, err error) {
	if n <= 0 {
		return nil, nil, fmt.Errorf("implicit: residuals of %d numbers", n)
	}
	rows := n * (len(inputs) + 1)
	r, j = make([]float64, rows), mat.NewDense(rows, max(by.Len(), 1), nil)
	dr := mat.NewDense(n, 2*g.s.Model().NV(), nil)
	err = g.Sensitivity(start, inputs, by, func(k int, x sim.State, dx *mat.Dense) error {
		dr.Zero()
		if err := residual(k, x, r[k*n:(k+1)*n], dr); err != nil {
			return fmt.Errorf("residual %d: %w", k, err)
		}
		j.Slice(k*n, (k+1)*n, 0, by.Len()).(*mat.Dense).Mul(dr, dx)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return r, j, nil
}

// logJacobian returns the derivative of log(Q exp(δ)) by δ at δ = 0, v = log Q: the inverse of the right Jacobian of
// the exponential (Chirikjian, "Stochastic Models, Information Theory, and Lie Groups", vol. 2, 2012, section 10.3),
//
//	I + ½[v]× + c [v]×²,   c = 1/θ² − cot(θ/2)/(2θ)
func logJacobian(v r3.Vec) [9]float64 {
	t2 := r3.Norm2(v)
	c := 1.0/12 + t2/720
	if t2 > 1e-4 {
		t := math.Sqrt(t2)
		c = 1/t2 - 1/(2*t*math.Tan(t/2))
	}
	a := 1 - c*t2
	return [9]float64{
		a + c*v.X*v.X, c*v.X*v.Y - v.Z/2, c*v.X*v.Z + v.Y/2,
		c*v.X*v.Y + v.Z/2, a + c*v.Y*v.Y, c*v.Y*v.Z - v.X/2,
		c*v.X*v.Z - v.Y/2, c*v.Y*v.Z + v.X/2, a + c*v.Z*v.Z,
	}
}
