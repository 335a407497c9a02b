package sysid

import (
	"fmt"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/implicit"
	"gonum.org/v1/gonum/mat"
)

// chart maps the unknowns of a set to those of a regression.
type chart struct {
	r      *Regression
	s      *Set
	bodies []body
	at     []int // unknown of the regression for each of Set.Params, −1 for log-Cholesky coordinates
	own    map[int]int
}

// body is one whose inertia is sought: where its coordinates are in Set.Params, and those of the model.
type body struct {
	first int // of its unknowns in the regression
	start [10]float64
	coord [10]int // in Set.Params, −1 is not sought
}

var coordinates = []string{"alpha", "d1", "d2", "d3", "s12", "s23", "s13", "t1", "t2", "t3"}

func newChart(r *Regression, s *Set) (*chart, error) {
	c := &chart{r: r, s: s, own: map[int]int{}}
	index, bodies := map[string]int{}, map[string]int{}
	for i, n := range r.names {
		index[n] = i
	}
	bare := func(n string) string { return n[strings.IndexByte(n, ':')+1:] }
	for k, p := range s.Params() {
		owner, coordinate, ok := strings.Cut(bare(p.Name), ".lc_")
		i, known := index[bare(p.Name)]
		switch {
		case ok:
			n, seen := bodies[owner]
			if !seen {
				n = len(c.bodies)
				bodies[owner] = n
				first := index[owner+".mass"]
				start, err := implicit.LogCholesky([10]float64(r.start[first : first+10]))
				if err != nil {
					return nil, fmt.Errorf("sysid: body %q: %w", owner, err)
				}
				c.bodies = append(c.bodies, body{first: first, start: start, coord: [10]int{-1, -1, -1, -1, -1, -1, -1, -1, -1, -1}})
			}
			for a, name := range coordinates {
				if name == coordinate {
					c.bodies[n].coord[a] = k
				}
			}
			c.at = append(c.at, -1)
		case known:
			c.at = append(c.at, i)
		default:
			return nil, fmt.Errorf("sysid: torques of joints are not fitted by parameter %q; choose inertias, armature, damping and dry friction", p.Name)
		}
	}
	for i, u := range s.unknowns {
		if !u.Own {
			continue
		}
		k, ok := index[u.Name]
		if !ok || !strings.HasSuffix(u.Name, ".offset") {
			return nil, fmt.Errorf("sysid: %q is no quantity of the torques of model %q; JOINT.offset is", u.Name, r.m.Name())
		}
		c.own[i] = k
	}
	return c, nil
}

// values returns the unknowns of the regression at x and their derivatives by x.
func (c *chart) values(x []float64) ([]float64, *mat.Dense) {
	v := append([]float64(nil), c.r.start...)
	sought := c.s.ParamValues(x)
	by := mat.NewDense(len(v), max(len(sought), 1), nil)
	for k, i := range c.at {
		if i >= 0 {
			v[i] = sought[k]
			by.Set(i, k, 1)
		}
	}
	for _, b := range c.bodies {
		q := b.at(sought)
		pi, j := implicit.FromLogCholesky(q), implicit.LogCholeskyJacobian(q)
		copy(v[b.first:], pi[:])
		for a, k := range b.coord {
			for row := 0; row < 10 && k >= 0; row++ {
				by.Set(b.first+row, k, j[row][a])
			}
		}
	}
	d := mat.NewDense(len(v), len(x), nil)
	c.s.Chain(d, by, x)
	for i, k := range c.own {
		v[k] = c.s.Values(x)[i]
		d.Set(k, i, c.s.Slope(x, i))
	}
	return v, d
}

// at returns the coordinates of the body.
func (b *body) at(sought []float64) [10]float64 {
	q := b.start
	for a, k := range b.coord {
		if k >= 0 {
			q[a] = sought[k]
		}
	}
	return q
}

// prior returns the distances of the bodies from those of the model over std, with derivatives.
func (c *chart) prior(x []float64, std float64) Block {
	if len(c.bodies) == 0 {
		return Block{}
	}
	n := 10 * len(c.bodies)
	b := Block{Priors: n, R: make([]float64, n), X: mat.NewDense(n, len(x), nil)}
	sought := c.s.ParamValues(x)
	by := mat.NewDense(n, max(len(sought), 1), nil)
	for i, body := range c.bodies {
		r, j := distance(body.at(sought), body.start)
		for row := range r {
			b.R[10*i+row] = r[row] / std
			for a, k := range body.coord {
				if k >= 0 {
					by.Set(10*i+row, k, j[row][a]/std)
				}
			}
		}
	}
	c.s.Chain(b.X, by, x)
	return b
}

// distance returns how the body with the log-Cholesky coordinates q differs from that with q0, and the derivative by q. With the
// pseudo-inertias P = U Uᵀ and P0 = U0 U0ᵀ and V = U0⁻¹U (upper triangular) it is (2 log Vii, √2 Vij): to second order
// the affine-invariant distance ‖log P0^-½ P P0^-½‖, which depends on no choice of frame or unit (Lee, Wensing, Park,
// "Geometric robot dynamic identification", T-RO 36(2), 2020).
func distance(q, q0 [10]float64) (r [10]float64, j [10][10]float64) {
	u, v := factor(q), mat.NewTriDense(4, mat.Upper, nil)
	u0 := factor(q0)
	solve := func(a *mat.TriDense) *mat.Dense {
		var x mat.Dense
		_ = x.Solve(u0, a) // a Cholesky factor; badly conditioned ones are no less right
		return &x
	}
	w := solve(u)
	v.Copy(w)
	at := func(x mat.Matrix, row int) float64 { return x.At(entries[row][0], entries[row][1]) }
	for row := range r {
		if row < 4 {
			r[row] = 2 * math.Log(at(v, row))
		} else {
			r[row] = math.Sqrt2 * at(v, row)
		}
	}
	for a := range q {
		d := mat.NewTriDense(4, mat.Upper, nil)
		if e := entries[a]; a == 0 {
			d.Copy(u)
		} else if a < 4 {
			d.SetTri(e[0], e[1], u.At(e[0], e[1]))
		} else {
			d.SetTri(e[0], e[1], math.Exp(q[0]))
		}
		dv := solve(d)
		for row := range r {
			if row < 4 {
				j[row][a] = 2 * at(dv, row) / at(v, row)
			} else {
				j[row][a] = math.Sqrt2 * at(dv, row)
			}
		}
	}
	return r, j
}

// entries are where the coordinates are in the factor; α is the last of the diagonal.
var entries = [10][2]int{{3, 3}, {0, 0}, {1, 1}, {2, 2}, {0, 1}, {1, 2}, {0, 2}, {0, 3}, {1, 3}, {2, 3}}

// factor returns U of the log-Cholesky coordinates, see package implicit.
func factor(q [10]float64) *mat.TriDense {
	u, e := mat.NewTriDense(4, mat.Upper, nil), math.Exp(q[0])
	for a, at := range entries {
		switch {
		case a == 0:
			u.SetTri(3, 3, e)
		case a < 4:
			u.SetTri(at[0], at[1], e*math.Exp(q[a]))
		default:
			u.SetTri(at[0], at[1], e*q[a])
		}
	}
	return u
}
