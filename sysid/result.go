package sysid

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ukemi-sim/ukemi/implicit"
	"gonum.org/v1/gonum/mat"
)

// Number is a float64 whose JSON is null where it is not finite: an error that the data does not bound.
type Number float64

// MarshalJSON writes the number, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if v := float64(n); v-v != 0 {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// Estimate is a value that was found.
type Estimate struct {
	Name    string  `json:"name"`
	Unit    string  `json:"unit,omitempty"`
	Value   float64 `json:"value"`
	StdErr  Number  `json:"standard_error"` // infinite when the data does not tell the value
	Start   float64 `json:"start"`
	AtBound bool    `json:"at_bound,omitempty"`
}

// Direction is a combination of unknowns that the data cannot tell.
type Direction struct {
	Singular float64   `json:"singular_value"` // of the Jacobian with columns of length 1, over the largest
	Parts    []float64 `json:"parts"`          // by coordinate, the largest ±1
	Words    string    `json:"words"`
}

// Result is what a fit found.
type Result struct {
	Method      string      `json:"method,omitempty"`
	Status      Status      `json:"status"`
	Iterations  int         `json:"iterations"`
	StartCost   float64     `json:"start_cost"`
	Cost        float64     `json:"cost"`
	Data        int         `json:"measurements"`
	Noise       Number      `json:"noise"` // root mean square of residuals over their stated noise, per degree of freedom
	Estimates   []Estimate  `json:"estimates"`
	Derived     []Estimate  `json:"derived,omitempty"` // the ten inertial parameters of bodies found in the log-Cholesky chart
	Correlation [][]Number  `json:"correlation"`
	Singular    []float64   `json:"singular_values"` // of the Jacobian with columns of length 1
	Unknowable  []Direction `json:"unknowable"`
	Notes       []string    `json:"notes,omitempty"`

	Trajectories []Misfit `json:"trajectories,omitempty"`

	X []float64 `json:"-"` // coordinates of the set
}

// untold is the singular value, relative to the largest, below which a direction counts as one that the data does not tell.
// Derivatives of steps are exact to about 1e-9, so directions that truly do nothing lie far below.
const untold = 1e-6

// NewResult says what a search has found: standard errors are those of the linear model at the minimum, scaled by the
// residual that is left (so stated noise counts only relative to other noise), and after a robust loss a good guess.
func NewResult(s *Set, found *Minimum) (*Result, error) {
	n := s.Len()
	r := &Result{
		Status: found.Status, Iterations: found.Iterations, StartCost: found.StartCost, Cost: found.Cost, Data: found.Data,
		X: found.X, Unknowable: []Direction{},
	}
	free := found.Data + found.Priors - n
	for _, y := range found.Y {
		free -= len(y)
	}
	if free <= 0 {
		return nil, fmt.Errorf("sysid: %d measurements and %d priors do not bound %d unknowns: measure more or seek less", found.Data, found.Priors, found.Data+found.Priors-free)
	}
	r.Noise = Number(math.Sqrt(2 * found.Cost / float64(free)))
	r.directions(s, found.Told)
	cov, known := covariance(found.R, n)
	cov.ScaleSym(float64(r.Noise*r.Noise), cov)
	lower, upper := s.Bounds()
	for i, u := range s.unknowns {
		v, slope := u.value(found.X[i])
		e := Estimate{Name: u.Name, Unit: u.Unit, Value: v, Start: u.start, StdErr: Number(math.Inf(1))}
		if known[i] {
			e.StdErr = Number(math.Sqrt(cov.At(i, i)) * math.Abs(slope))
		}
		e.AtBound = found.X[i] <= lower[i] || found.X[i] >= upper[i]
		r.Estimates = append(r.Estimates, e)
		row := make([]Number, n)
		for j := range row {
			row[j] = Number(cov.At(i, j) / math.Sqrt(cov.At(i, i)*cov.At(j, j)))
		}
		r.Correlation = append(r.Correlation, row)
		if e.AtBound {
			r.Notes = append(r.Notes, fmt.Sprintf("%s is at its bound %.6g", u.Name, v))
		}
	}
	for _, d := range r.Unknowable {
		r.Notes = append(r.Notes, d.Words)
	}
	for i := range s.unknowns {
		if u := &s.unknowns[i]; known[i] && u.factor() && cov.At(i, i) > 1 && !r.Estimates[i].AtBound {
			why := ""
			if u.mass() {
				why = ": mass cannot be told without a known force"
			}
			how := fmt.Sprintf("is known to no better than a factor of %.3g", math.Exp(math.Sqrt(cov.At(i, i))))
			if e := r.Estimates[i]; u.log { // near zero a factor says nothing: 10¹⁰⁰ was one
				how = strings.TrimSpace(fmt.Sprintf("may be anything up to %.2g %s", e.Value+2*float64(e.StdErr), u.Unit))
			}
			r.Notes = append(r.Notes, fmt.Sprintf("hardly anything measured depends on %s, which %s%s", u.Name, how, why))
		}
	}
	return r, r.derive(s, cov, known)
}

// covariance returns the inverse of RᵀR where R bounds it, and which unknowns that is so for.
func covariance(t *mat.Dense, n int) (*mat.SymDense, []bool) {
	v, sigma, scale := decompose(t, n)
	cov, known := mat.NewSymDense(n, nil), slices.Repeat([]bool{true}, n)
	for k, s := range sigma {
		for i := range n {
			if s <= untold*sigma[0] {
				known[i] = known[i] && math.Abs(v.At(i, k)) < 1e-3
				continue
			}
			for j := i; j < n; j++ {
				cov.SetSym(i, j, cov.At(i, j)+v.At(i, k)*v.At(j, k)/(s*s*scale[i]*scale[j]))
			}
		}
	}
	return cov, known
}

// decompose returns the right singular vectors and the singular values of the first n columns of a triangle, each divided
// by its length (a column of zeros stays).
func decompose(t *mat.Dense, n int) (v *mat.Dense, sigma, scale []float64) {
	scale = nonzero(columns(t, 0, n))
	a := mat.NewDense(n, n, nil)
	for j := range n {
		for i := 0; i <= j; i++ {
			a.Set(i, j, t.At(i, j)/scale[j])
		}
	}
	var svd mat.SVD
	v = mat.NewDense(n, n, nil)
	if !svd.Factorize(a, mat.SVDFullV) {
		return v, make([]float64, n), scale
	}
	svd.VTo(v)
	return v, svd.Values(nil), scale
}

// directions finds what the data does not tell.
func (r *Result) directions(s *Set, t *mat.Dense) {
	n := s.Len()
	v, sigma, scale := decompose(t, n)
	r.Singular = sigma
	largest := max(sigma[0], math.SmallestNonzeroFloat64)
	for k, sv := range sigma {
		if sv > untold*largest {
			continue
		}
		d := Direction{Singular: sv / largest, Parts: make([]float64, n)}
		top := 0.0
		for i := range n {
			d.Parts[i] = v.At(i, k) / scale[i]
			if math.Abs(d.Parts[i]) > math.Abs(top) {
				top = d.Parts[i]
			}
		}
		for i := range d.Parts {
			d.Parts[i] /= top
		}
		d.Words = s.words(d.Parts)
		r.Unknowable = append(r.Unknowable, d)
	}
}

// words says what a direction means, (parts by coordinate, the largest 1).
func (s *Set) words(parts []float64) string {
	var names, changes []string
	mass := true
	for i, p := range parts {
		if math.Abs(p) < 0.01 {
			continue
		}
		u := &s.unknowns[i]
		names = append(names, u.Name)
		mass = mass && u.mass()
		if u.log {
			changes = append(changes, fmt.Sprintf("%s by %+.3g %%", u.Name, p))
		} else {
			changes = append(changes, fmt.Sprintf("%s by %+.3g %s", u.Name, p/100, u.Unit))
		}
	}
	why := ""
	if mass {
		why = ": mass cannot be told without a known force"
	}
	if len(names) == 1 {
		return fmt.Sprintf("nothing measured depends on %s%s", names[0], why)
	}
	return fmt.Sprintf("%s cannot be told apart%s; to change %s changes nothing that is measured", strings.Join(names, ", "), why, strings.Join(changes, ", "))
}

// mass reports whether an unknown is that of a body.
func (u *unknown) mass() bool {
	return strings.HasSuffix(u.Name, ".lc_alpha") || strings.HasSuffix(u.Name, ".mass")
}

// factor reports whether the coordinate of an unknown is a logarithm, so that 1 is a large change of it.
func (u *unknown) factor() bool {
	return u.log || strings.HasSuffix(u.Name, ".lc_alpha") || strings.Contains(u.Name, ".lc_d")
}

// derive adds the inertial parameters of the bodies whose log-Cholesky coordinates were found.
func (r *Result) derive(s *Set, cov *mat.SymDense, known []bool) error {
	m, err := s.Model(r.X)
	if err != nil {
		return err
	}
	bodies, at := []string{}, map[string]map[string]int{} // unknown of each coordinate of a body
	for i, u := range s.unknowns {
		body, coordinate, ok := strings.Cut(u.Name, ".lc_")
		if !ok {
			continue
		}
		if at[body] == nil {
			at[body] = map[string]int{}
			bodies = append(bodies, body)
		}
		at[body][coordinate] = i
	}
	for _, body := range bodies {
		var c [10]float64
		var columns [10]int
		for k, n := range [...]string{"alpha", "d1", "d2", "d3", "s12", "s23", "s13", "t1", "t2", "t3"} {
			p, err := implicit.FindParam(m, body+".lc_"+n)
			if err != nil {
				return err
			}
			if c[k], err = implicit.Get(m, p); err != nil {
				return err
			}
			var ok bool
			if columns[k], ok = at[body][n]; !ok {
				columns[k] = -1
			}
		}
		j := implicit.LogCholeskyJacobian(c)
		values := implicit.FromLogCholesky(c)
		for row, n := range [...]string{"mass", "mx", "my", "mz", "ixx", "ixy", "iyy", "ixz", "iyz", "izz"} {
			p, err := implicit.FindParam(m, body+"."+n)
			if err != nil {
				return err
			}
			start, err := implicit.Get(s.m, p)
			if err != nil {
				return err
			}
			r.Derived = append(r.Derived, Estimate{Name: p.Name, Unit: p.Unit, Value: values[row], Start: start, StdErr: spread(j[row][:], columns[:], cov, known)})
		}
	}
	return nil
}

// spread returns the standard error of a quantity with derivative d by the unknowns numbered in at (−1: not sought).
func spread(d []float64, at []int, cov *mat.SymDense, known []bool) Number {
	s := 0.0
	for a, i := range at {
		for b, j := range at {
			if i >= 0 && j >= 0 && d[a] != 0 && d[b] != 0 {
				if !known[i] || !known[j] {
					return Number(math.Inf(1))
				}
				s += d[a] * d[b] * cov.At(i, j)
			}
		}
	}
	return Number(math.Sqrt(max(s, 0)))
}
