package sysid

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Distances that are tried: from what the filter cannot tell from a jump to what would be a spring (rad or m).
const (
	leastBend, mostBend = 1e-4, 0.1
	firstBend           = 1e-3
	bends               = 31
)

// presliding returns, for each joint, the distance that leaves least of its torque when the joint's own numbers are found anew and
// the bodies keep their values. It is a search over a grid of even ratios, refined by the parabola through the best and its
// neighbors: the misfit has several minima where friction is small.
func (r *Regression) presliding(values []float64, motions []Motion) ([]float64, error) {
	const own = len(jointNames)
	rest, inertials := append([]float64(nil), values...), 10*len(r.m.Bodies())
	clear(rest[inertials:])
	rests := make([][][]float64, len(motions))
	for k := range motions {
		tau, err := r.Predict(rest, &motions[k])
		if err != nil {
			return nil, err
		}
		rests[k] = tau
	}
	out := make([]float64, len(r.bend))
	for i := range out {
		misfit := func(bend float64) float64 {
			acc := mat.NewDense(own+1, own+1, nil)
			for k := range motions {
				mo := &motions[k]
				dry, samples := mo.dry(i, bend), mo.inner()
				n := len(samples)
				a := mat.NewDense(n+own+1, own+1, nil)
				for row, s := range samples {
					x := r.own(mo, i, s, dry[s])
					a.SetRow(row, append(x[:], mo.Torque[s][i]-rests[k][s][i]))
				}
				a.Slice(n, n+own+1, 0, own+1).(*mat.Dense).Copy(acc)
				acc = triangle(a)
			}
			return math.Abs(acc.At(own, own))
		}
		out[i] = leastOf(misfit)
	}
	return out, nil
}

// leastOf returns where f is least among the distances that are tried.
func leastOf(f func(float64) float64) float64 {
	ratio := math.Log(mostBend/leastBend) / (bends - 1)
	at := func(k float64) float64 { return leastBend * math.Exp(k*ratio) }
	y, best := make([]float64, bends), 0
	for k := range y {
		if y[k] = f(at(float64(k))); y[k] < y[best] {
			best = k
		}
	}
	if best == 0 || best == bends-1 {
		return at(float64(best))
	}
	a, b, c := y[best-1], y[best], y[best+1]
	return at(float64(best) + (a-c)/2/(a-2*b+c))
}
