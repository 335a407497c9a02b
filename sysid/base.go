package sysid

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// Combination is a sum of unknowns that the motion can tell: no torque changes while it stays as it is, whatever its parts do.
type Combination struct {
	Words  string    `json:"words"` // "link1.izz + joint1.armature"
	Unit   string    `json:"unit"`
	Value  float64   `json:"value"`
	StdErr Number    `json:"standard_error"`
	Parts  []float64 `json:"-"` // by unknown, that of its name 1
}

// Base is what motions can tell of the unknowns of a regression (the base parameters of Gautier, "Numerical calculation of the base
// inertial parameters of robots", J. Robotic Systems 8(4), 1991): as many combinations as the equations have rank.
type Base struct {
	Combinations []Combination `json:"combinations"`
	Hidden       []string      `json:"hidden"`    // no torque depends on them
	Regrouped    []string      `json:"regrouped"` // told only as parts of combinations
	Values       []float64     `json:"-"`         // least squares, as near to the model as the torques allow; bodies may be impossible
	Sigma        []float64     `json:"-"`         // N m: noise of each joint's torque: what is left of it, per degree of freedom

	chosen  []int      // unknowns that combinations are named after
	inverse *mat.Dense // of the triangle of their columns: its rows times their transposes are the covariance of the combinations
}

// independent is the part of a column, relative to its length, that columns before it must leave for it to count as
// independent of them. Rounding leaves 1e-12; what noise alone leaves is far above.
const independent = 1e-7

// hidden is the length of a column, relative to the longest, that is rounding alone.
const hidden = 1e-11

// Base solves the linear problem. Each joint counts by the noise of its own torque, found by iteration.
func (r *Regression) Base() (*Base, error) {
	sigma := slices.Repeat([]float64{1}, len(r.joints))
	var b *Base
	for range 4 {
		b = r.base(r.weighted(sigma))
		r.leverage(b, sigma)
		sigma = r.noise(b.Values)
	}
	for i, s := range sigma {
		if s == 0 {
			return nil, fmt.Errorf("sysid: the torque of joint %q is without noise or always zero: there is nothing to weigh it by", r.m.Joints()[i].Name)
		}
	}
	b.Sigma = sigma
	return b, nil
}

// weighted returns the triangle of all joints, their rows over the noise of the joint, and so many as they are worth.
func (r *Regression) weighted(sigma []float64) *mat.Dense {
	var all []*mat.Dense
	for i, e := range r.joints {
		t := mat.DenseCopyOf(e.triangle)
		t.Scale(math.Sqrt(e.samples/float64(e.rows))/max(sigma[i], 1e-12), t)
		all = append(all, t)
	}
	return stack(all)
}

// leverage finds how many of the combinations each joint tells: the trace of its part of the hat matrix (Hoaglin, Welsch, "The hat
// matrix in regression and ANOVA", 1978). Together they are as many as there are.
func (r *Regression) leverage(b *Base, sigma []float64) {
	n, k := len(r.names), len(b.chosen)
	if k == 0 {
		return
	}
	columns, hat := mat.NewDense(n+1, k, nil), mat.NewDense(n+1, k, nil)
	for i := range r.joints {
		e := &r.joints[i]
		for c, j := range b.chosen {
			for row := range n + 1 {
				columns.Set(row, c, e.triangle.At(row, j))
			}
		}
		hat.Mul(columns, b.inverse)
		f := mat.Norm(hat, 2) / max(sigma[i], 1e-12)
		e.told = f * f * e.samples / float64(e.rows)
	}
}

// noise returns the standard deviation of each joint's torque about the values: what they leave, per degree of freedom. Without those that
// the fit used up it comes out too small, for the last joints of an arm of seven by 6 %, and so do all standard errors.
func (r *Regression) noise(values []float64) []float64 {
	sigma := make([]float64, len(r.joints))
	for i, e := range r.joints {
		free := max(e.samples-e.told, 1)
		sigma[i] = norm(misfit(e.triangle, values)) / math.Sqrt(float64(e.rows)*free/e.samples)
	}
	return sigma
}

// misfit returns what a triangle [X r] leaves at the given values: X·values − r.
func misfit(t *mat.Dense, values []float64) []float64 {
	n := len(values)
	out := make([]float64, n+1)
	for i := range out {
		row := t.RawRowView(i)
		out[i] = -row[n]
		for c := i; c < n; c++ {
			out[i] += row[c] * values[c]
		}
	}
	return out
}

// base finds the independent columns of a triangle from the first on, so that what is told of a body is named after bodies nearer
// to the base, and solves for the combinations that they stand for.
func (r *Regression) base(t *mat.Dense) *Base {
	n := len(r.names)
	length := columns(t, 0, n)
	b := &Base{}
	var chosen []int
	var kept []*mat.VecDense // orthonormal
	parts := mat.NewDense(n, n, nil)
	coefficients := mat.NewDense(n, n, nil) // of each column by the orthonormal ones
	for j := range n {
		if length[j] <= hidden*slices.Max(length) {
			b.Hidden = append(b.Hidden, r.names[j])
			continue
		}
		v := mat.VecDenseCopyOf(t.ColView(j))
		for range 2 { // twice is enough (Giraud, Langou, 2005)
			for k, q := range kept {
				c := mat.Dot(q, v)
				coefficients.Set(k, j, coefficients.At(k, j)+c)
				v.AddScaledVec(v, -c, q)
			}
		}
		if left := mat.Norm(v, 2); left > independent*length[j] {
			coefficients.Set(len(kept), j, left)
			v.ScaleVec(1/left, v)
			kept, chosen = append(kept, v), append(chosen, j)
		} else {
			b.Regrouped = append(b.Regrouped, r.names[j])
		}
	}
	k := len(chosen)
	tri := mat.NewTriDense(max(k, 1), mat.Upper, nil)
	for c, j := range chosen {
		for i := 0; i <= c; i++ {
			tri.SetTri(i, c, coefficients.At(i, j))
		}
	}
	inverse := &mat.Dense{}
	if k > 0 {
		_ = inverse.Solve(tri, eye(k)) // a bad condition is what the errors tell
		head := parts.Slice(0, k, 0, n).(*mat.Dense)
		head.Mul(inverse, coefficients.Slice(0, k, 0, n))
	}
	last := t.ColView(n)
	projected := mat.NewVecDense(max(k, 1), nil)
	for i, q := range kept {
		projected.SetVec(i, mat.Dot(q, last))
	}
	b.chosen, b.inverse, b.Values = chosen, inverse, slices.Clone(r.start)
	for c, j := range chosen {
		x := Combination{Unit: r.units[j], Parts: parts.RawRowView(c)}
		for i := range k {
			x.Value += inverse.At(c, i) * projected.AtVec(i)
		}
		x.StdErr = Number(mat.Norm(inverse.RowView(c), 2))
		x.Words = r.sum(x.Parts, j)
		b.Combinations = append(b.Combinations, x)
	}
	r.nearest(b)
	return b
}

// nearest moves b.Values from those of the model to where the combinations have their values, by the least change relative to
// the sizes of the unknowns.
func (r *Regression) nearest(b *Base) {
	k := len(b.Combinations)
	if k == 0 {
		return
	}
	a, d := mat.NewDense(k, len(r.names), nil), mat.NewVecDense(k, nil)
	size := make([]float64, len(r.names))
	for i, v := range r.start {
		size[i] = math.Abs(v) + 0.01
	}
	for i, c := range b.Combinations {
		gap := c.Value
		for j, p := range c.Parts {
			a.Set(i, j, p*size[j])
			gap -= p * r.start[j]
		}
		d.SetVec(i, gap)
	}
	var x mat.VecDense
	_ = x.SolveVec(a, d) // of least norm
	for j := range b.Values {
		b.Values[j] += size[j] * x.AtVec(j)
	}
}

func eye(n int) *mat.DiagDense {
	return mat.NewDiagDense(n, slices.Repeat([]float64{1}, n))
}

// sum writes a combination, the unknown it is named after first.
func (r *Regression) sum(parts []float64, first int) string {
	var s strings.Builder
	s.WriteString(r.names[first])
	for j, p := range parts {
		if j == first || math.Abs(p) < 1e-6 {
			continue
		}
		sign := " + "
		if p < 0 {
			sign = " − "
		}
		s.WriteString(sign)
		if q := math.Abs(p); math.Abs(q-1) > 1e-6 {
			fmt.Fprintf(&s, "%.4g ", q)
		}
		s.WriteString(r.names[j])
	}
	return s.String()
}

// Words says how much can be told.
func (b *Base) Words() string {
	n := len(b.Combinations) + len(b.Hidden) + len(b.Regrouped)
	s := fmt.Sprintf("of %d numbers the motion tells %d combinations", n, len(b.Combinations))
	if len(b.Hidden) > 0 {
		s += fmt.Sprintf("; no torque depends on %s", strings.Join(b.Hidden, ", "))
	}
	if len(b.Regrouped) > 0 {
		s += fmt.Sprintf("; told only together with others: %s", strings.Join(b.Regrouped, ", "))
	}
	return s
}
