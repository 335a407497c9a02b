package sysid

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// Parameter is something to find.
type Parameter struct {
	// Name is that of a parameter of the model as implicit.Params lists it, or BODY.com for the three coordinates of a
	// center of mass, BODY.inertia for all ten numbers of a body in the log-Cholesky chart, in which every value is possible.
	Name string
	Ties []Tie // more parameters of the model that follow this one: left = right

	Lower, Upper float64 // bounds of the value; both 0: none. math.Inf leaves one side open
	Mean, Std    float64 // Gaussian prior of the value; Std 0: none

	// Own is a quantity that the model does not have, such as the offset of a sensor. The method that uses it asks the
	// Set for its value; its unit and start are given here. All others start from the value in the model.
	Own   bool
	Unit  string
	Start float64
}

// Tie makes another parameter of the model Ratio·value + Offset.
type Tie struct {
	Name          string
	Ratio, Offset float64
}

// unknown is one coordinate of the minimizer.
type unknown struct {
	Parameter
	log    bool // the coordinate is the logarithm of the value
	start  float64
	params []implicit.Param // of the model; none for Own
	ratios []float64
	shifts []float64
}

// Set is the unknowns of a fit: coordinates x, each the value of a parameter or, of one that must be positive, its logarithm.
type Set struct {
	m        *sim.Model
	unknowns []unknown
}

// NewSet returns the unknowns of params in their order. All mistakes are reported together.
func NewSet(m *sim.Model, params ...Parameter) (*Set, error) {
	s := &Set{m: m}
	var errs []error
	for _, p := range params {
		for _, q := range expand(p) {
			u, err := newUnknown(m, q)
			errs = append(errs, err)
			s.unknowns = append(s.unknowns, u)
		}
	}
	owner := map[string]string{}
	for _, u := range s.unknowns {
		names := []string{u.Name}
		for _, t := range u.Ties {
			names = append(names, t.Name)
		}
		for _, n := range names {
			if by, twice := owner[n]; twice {
				errs = append(errs, fmt.Errorf("sysid: parameter %q is set by %q and by %q; name it once", n, by, u.Name))
			}
			owner[n] = u.Name
		}
	}
	if len(params) == 0 {
		errs = append(errs, errors.New("sysid: no parameters to find"))
	}
	return s, errors.Join(append(errs, s.oneChart())...)
}

// oneChart returns an error when the inertia of a body is sought both by its own numbers and in the log-Cholesky chart:
// each sets all of it.
func (s *Set) oneChart() error {
	plain, chart := map[string]string{}, map[string]string{}
	for _, p := range s.Params() {
		body := p.Name[:strings.LastIndexByte(p.Name, '.')+1]
		switch p.Kind {
		case "inertia":
			plain[body] = p.Name
		case "log-cholesky":
			chart[body] = p.Name
		}
	}
	for _, p := range s.Params() {
		body := p.Name[:strings.LastIndexByte(p.Name, '.')+1]
		if a, b := plain[body], chart[body]; a != "" && b != "" {
			return fmt.Errorf("sysid: parameters %q and %q both set the inertia of a body: take it from the log-Cholesky chart (.inertia, .com, .lc_…) or from the numbers themselves", a, b)
		}
	}
	return nil
}

// expand replaces the names that stand for several parameters.
func expand(p Parameter) []Parameter {
	parts := map[string][]string{
		".com":     {".lc_t1", ".lc_t2", ".lc_t3"},
		".inertia": {".lc_alpha", ".lc_d1", ".lc_d2", ".lc_d3", ".lc_s12", ".lc_s23", ".lc_s13", ".lc_t1", ".lc_t2", ".lc_t3"},
	}
	for end, names := range parts {
		body, ok := strings.CutSuffix(p.Name, end)
		if !ok || p.Own {
			continue
		}
		var all []Parameter
		for _, n := range names {
			q := p
			q.Name, q.Ties = body+n, nil
			for _, t := range p.Ties { // body for body
				if other, ok := strings.CutSuffix(t.Name, end); ok {
					t.Name = other + n
				}
				q.Ties = append(q.Ties, t)
			}
			all = append(all, q)
		}
		return all
	}
	return []Parameter{p}
}

func newUnknown(m *sim.Model, p Parameter) (unknown, error) {
	u := unknown{Parameter: p, start: p.Start}
	if !p.Own {
		ties := append([]Tie{{Name: p.Name, Ratio: 1}}, p.Ties...)
		for _, t := range ties {
			q, err := implicit.FindParam(m, t.Name)
			if err != nil {
				return u, err
			}
			if q.Kind == "external force" {
				return u, fmt.Errorf("sysid: parameter %q belongs to a simulation, not to the model", t.Name)
			}
			if !(t.Ratio != 0) || math.IsInf(t.Ratio, 0) || t.Offset-t.Offset != 0 {
				return u, fmt.Errorf("sysid: %q follows %q with the ratio %g and offset %g, want finite numbers and a ratio that is not 0", t.Name, p.Name, t.Ratio, t.Offset)
			}
			u.params, u.ratios, u.shifts = append(u.params, q), append(u.ratios, t.Ratio), append(u.shifts, t.Offset)
		}
		var err error
		if u.start, err = implicit.Get(m, u.params[0]); err != nil {
			return u, err
		}
		u.log, u.Unit = positive(u.params[0]), unit(u.params[0])
	}
	return u, u.check()
}

func (u *unknown) check() error {
	switch {
	case u.start-u.start != 0:
		return fmt.Errorf("sysid: parameter %q starts at %g", u.Name, u.start)
	case u.log && !(u.start > 0):
		return fmt.Errorf("sysid: parameter %q starts at %g and is found by a factor: give the model a small positive one", u.Name, u.start)
	case u.Lower > u.Upper || u.Lower != u.Lower || u.Upper != u.Upper:
		return fmt.Errorf("sysid: parameter %q has the bounds %g and %g, which are crossed", u.Name, u.Lower, u.Upper)
	case u.bounded() && (u.start < u.Lower || u.start > u.Upper):
		return fmt.Errorf("sysid: parameter %q starts at %g, outside its bounds %g … %g", u.Name, u.start, u.Lower, u.Upper)
	case !(u.Std >= 0) || math.IsInf(u.Std, 0) || u.Mean-u.Mean != 0:
		return fmt.Errorf("sysid: parameter %q has the prior %g ± %g, want finite numbers", u.Name, u.Mean, u.Std)
	}
	return nil
}

func (u *unknown) bounded() bool { return u.Lower != 0 || u.Upper != 0 }

// positive reports whether a parameter is found by a factor, so that it stays positive.
func positive(p implicit.Param) bool {
	switch p.Kind {
	case "friction", "damping", "stiffness", "dry_friction", "armature", "effort", "kp", "kd", "timestep":
		return true
	case "shape":
		return !strings.Contains(p.Name, ".point")
	case "inertia":
		return strings.HasSuffix(p.Name, ".mass")
	}
	return false
}

// unit returns the unit of a parameter; those of the log-Cholesky chart are logarithms and lengths.
func unit(p implicit.Param) string {
	if i := strings.LastIndex(p.Name, ".lc_"); i >= 0 && (p.Name[i+4] == 's' || p.Name[i+4] == 't') {
		return "m"
	}
	return p.Unit
}

// Len returns the number of unknowns.
func (s *Set) Len() int { return len(s.unknowns) }

// Names returns the names of the unknowns.
func (s *Set) Names() []string {
	var names []string
	for _, u := range s.unknowns {
		names = append(names, u.Name)
	}
	return names
}

// Start returns the coordinates to start from: those of the model.
func (s *Set) Start() []float64 {
	x := make([]float64, len(s.unknowns))
	for i, u := range s.unknowns {
		x[i] = u.coordinate(u.start)
	}
	return x
}

// Scatter returns a random place to search from, the same for the same seed: what has two finite bounds anywhere
// between them, what has a prior by that, what is found by a factor at exp(½z) times its start, z of the normal
// distribution. All else starts where it is: nothing says how far away a place would make sense.
func (s *Set) Scatter(seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 0x5ca77e2))
	x := s.Start()
	lower, upper := s.Bounds()
	for i, u := range s.unknowns {
		between, normal := rng.Float64(), rng.NormFloat64()
		switch {
		case !math.IsInf(lower[i], 0) && !math.IsInf(upper[i], 0):
			x[i] = lower[i] + between*(upper[i]-lower[i])
		case u.Std > 0 && !u.log:
			x[i] = u.Mean + normal*u.Std
		case u.factor():
			x[i] += normal / 2
		}
		x[i] = max(lower[i], min(x[i], upper[i]))
	}
	return x
}

// Bounds returns the bounds of the coordinates, infinite where there are none.
func (s *Set) Bounds() (lower, upper []float64) {
	for _, u := range s.unknowns {
		lo, up := math.Inf(-1), math.Inf(1)
		if u.bounded() {
			lo, up = u.coordinate(u.Lower), u.coordinate(u.Upper)
		}
		lower, upper = append(lower, lo), append(upper, up)
	}
	return lower, upper
}

// Size returns what a large change of each coordinate is: 1 of a logarithm, a factor of e.
func (s *Set) Size() []float64 {
	var r []float64
	for i := range s.unknowns {
		if s.unknowns[i].factor() {
			r = append(r, 1)
		} else {
			r = append(r, math.Inf(1))
		}
	}
	return r
}

func (u *unknown) coordinate(value float64) float64 {
	if u.log {
		return math.Log(max(value, 0))
	}
	return value
}

// value returns the value of a coordinate and its derivative.
func (u *unknown) value(x float64) (value, slope float64) {
	if u.log {
		e := math.Exp(x)
		return e, e
	}
	return x, 1
}

// Values returns the values of the parameters at x, in their units.
func (s *Set) Values(x []float64) []float64 {
	v := make([]float64, len(x))
	for i := range v {
		v[i], _ = s.unknowns[i].value(x[i])
	}
	return v
}

// Params returns the parameters of the model that move with x, tied ones included; [Set.Chain] takes derivatives by them.
func (s *Set) Params() []implicit.Param {
	var ps []implicit.Param
	for _, u := range s.unknowns {
		ps = append(ps, u.params...)
	}
	return ps
}

// ParamValues returns the values of [Set.Params] at x.
func (s *Set) ParamValues(x []float64) []float64 {
	var vs []float64
	for i, u := range s.unknowns {
		v, _ := u.value(x[i])
		for k := range u.params {
			vs = append(vs, u.ratios[k]*v+u.shifts[k])
		}
	}
	return vs
}

// Model returns the model with the values of x. Ties hold in it even where x is the start.
func (s *Set) Model(x []float64) (*sim.Model, error) {
	return implicit.Set(s.m, s.Params(), s.ParamValues(x))
}

// Chain stores in dst, rows×Len, the derivative by x of what has the derivative byParams by [Set.Params]. Columns of
// quantities that the model does not have become zero: the method that knows them adds theirs, times [Set.Slope].
func (s *Set) Chain(dst, byParams *mat.Dense, x []float64) {
	rows, _ := dst.Dims()
	col := 0
	for i, u := range s.unknowns {
		_, slope := u.value(x[i])
		for r := range rows {
			sum := 0.0
			for k, ratio := range u.ratios {
				sum += ratio * slope * byParams.At(r, col+k)
			}
			dst.Set(r, i, sum)
		}
		col += len(u.params)
	}
}

// Slope returns the derivative of the value of unknown i by its coordinate.
func (s *Set) Slope(x []float64, i int) float64 {
	_, d := s.unknowns[i].value(x[i])
	return d
}

// Prior returns the priors as a block of residuals, (value − Mean)/Std with their derivatives by x.
func (s *Set) Prior(x []float64) Block {
	var b Block
	for i, u := range s.unknowns {
		if u.Std > 0 {
			v, _ := u.value(x[i])
			b.R = append(b.R, (v-u.Mean)/u.Std)
		}
	}
	b.Priors = len(b.R)
	if len(b.R) == 0 {
		return b
	}
	b.X = mat.NewDense(len(b.R), len(x), nil)
	row := 0
	for i, u := range s.unknowns {
		if u.Std > 0 {
			b.X.Set(row, i, s.Slope(x, i)/u.Std)
			row++
		}
	}
	return b
}
