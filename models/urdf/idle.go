package urdf

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// idle finds chains of massless pieces whose joints can move, at the start, without moving anything that has
// mass: nothing would resist, and the first step be singular. A wrist whose first and last axis are in line is
// the usual one.
func (r *reader) idle(all []*piece, ball float64) {
	for _, top := range all {
		if !top.hollow() || top.parent.hollow() {
			continue
		}
		var chain []*piece
		var columns []screw
		var rows [][]int // the columns on the way to each piece with mass
		var walk func(p *piece, way []int)
		walk = func(p *piece, way []int) {
			way = way[:len(way):len(way)]
			for _, s := range p.in {
				if p.damped {
					break // it resists
				}
				way = append(way, len(columns))
				columns = append(columns, s)
			}
			if !p.hollow() {
				rows = append(rows, way)
				return
			}
			chain = append(chain, p)
			for _, c := range p.children {
				walk(c, way)
			}
		}
		walk(top, nil)
		if independent(columns, rows) {
			continue
		}
		for _, p := range chain {
			names := make([]string, len(chain))
			for i, q := range chain {
				names[i] = fmt.Sprintf("%q", clip(q.link.name))
			}
			if len(names) > 10 {
				names = append(names[:10], "…")
			}
			r.giveMass(p, ball, fmt.Sprintf("has no mass, and the joints around %s can move without moving anything that has", strings.Join(names, ", ")))
		}
	}
}

// independent reports whether every motion of the columns moves the end of a row.
func independent(columns []screw, rows [][]int) bool {
	n := len(columns)
	if n > 6*len(rows) {
		return false
	}
	const most = 200 // columns of a chain that is worth looking at; real ones have a handful
	if n == 0 || n > most {
		return true
	}
	far := 0.0 // makes lengths comparable with angles
	for _, s := range columns {
		if s.ang != (r3.Vec{}) {
			far = math.Max(far, r3.Norm(s.lin))
		}
	}
	if far == 0 {
		far = 1
	}
	a := mat.NewDense(6*len(rows), n, nil)
	for i, way := range rows {
		for _, k := range way {
			s := columns[k]
			if s.ang == (r3.Vec{}) {
				s.lin = r3.Scale(far, s.lin)
			}
			for c, x := range []float64{s.ang.X, s.ang.Y, s.ang.Z, s.lin.X / far, s.lin.Y / far, s.lin.Z / far} {
				a.Set(6*i+c, k, x)
			}
		}
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		return true
	}
	const parallel = 1e-6
	v := svd.Values(nil)
	return v[n-1] > parallel*v[0]
}
