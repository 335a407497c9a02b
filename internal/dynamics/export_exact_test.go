package dynamics

import (
	"math/big"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Hard reports whether solves of the linearization are refined.
func (p Probe) Hard() bool { return p.p.hard }

// Answer returns the solution x for the tangent (dq, dv) of the state, and the changes of the multipliers.
func (p Probe) Answer(dq, dv []float64) (x []float64, dl []spatial.Vec) {
	p.p.still()
	p.p.clearForce()
	p.p.pushState(dq, dv, nil)
	p.p.respond()
	for n := range p.n {
		dl = append(dl, p.p.multiplier(n))
	}
	return append(x, p.p.s.tree.X...), dl
}

// exactly is the precision of Exact in bits.
const exactly = 400

// Exact is Answer in long numbers: F x − Nᵀdλ = −b and dλ + W (du + J x) = 0 with both unknown, by elimination with
// pivots. The coefficients are the engine's.
func (p Probe) Exact(dq, dv []float64) (x []float64, dl []spatial.Vec) {
	s, l, nv := p.p.s, p.p.s.lin, p.p.s.m.NV
	p.p.still()
	p.p.clearForce()
	p.p.pushState(dq, dv, nil)
	size := nv + 3*p.n
	a := make([][]*big.Float, size)
	for i := range a {
		a[i] = make([]*big.Float, size+1)
		for j := range a[i] {
			a[i][j] = new(big.Float).SetPrec(exactly)
		}
	}
	put := func(i, j int, terms ...float64) { // adds their product
		t := new(big.Float).SetPrec(exactly).SetFloat64(1)
		for _, x := range terms {
			t.Mul(t, new(big.Float).SetPrec(exactly).SetFloat64(x))
		}
		a[i][j].Add(a[i][j], t)
	}
	along := func(i, j int, k float64, t *spatial.Twist, w *spatial.Wrench) {
		for c, x := range [6]float64{t.Lin.X, t.Lin.Y, t.Lin.Z, t.Ang.X, t.Ang.Y, t.Ang.Z} {
			put(i, j, k, x, [6]float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z}[c])
		}
	}
	felt := func(j int, k float64, wrench []spatial.Wrench, rj []float64) { // by the balances of all dofs
		for i := range nv {
			put(i, j, k, rj[i])
			for b := range wrench {
				if p.Moves(b, i) {
					along(i, j, k, &s.tree.Screw2[i], &wrench[b])
				}
			}
		}
	}
	felt(size, -1, s.tree.Bias, s.tree.RHS)
	du := append([]spatial.Vec(nil), l.direct.du[p.p.first:][:p.n]...)
	k := append([]spatial.Vec(nil), l.direct.k[p.p.first:][:p.n]...)
	for j := range nv {
		wrench, rj, unit := make([]spatial.Wrench, len(s.m.Bodies)), make([]float64, nv), make([]float64, nv)
		unit[j] = 1
		copy(s.tree.X, unit)
		copy(s.tree.Twist, p.twists(j, s.allScrews3()))
		for _, tr := range p.p.parts {
			s.addSlopes(tr, rj, unit, false)
		}
		for b := range wrench {
			addProduct(&wrench[b], &l.a3[b], &s.tree.Twist[b])
		}
		for n := range p.n {
			if r := &p.p.rows[n]; r.kind == rowMeet {
				s.swing(wrench, p.p.meetOf(n))
			} else if r.kind == rowCone {
				s.swingCone(rj, r, false)
			}
			u := numbers(p.p.answerOf(n))
			p.columns(n, func(i int, w *ipm.Matrix) {
				for c := range 3 {
					for r := range 3 {
						put(nv+3*i+r, j, w[3*r+c], u[c])
					}
				}
			})
		}
		felt(j, 1, wrench, rj)
	}
	for n := range p.n {
		for c := range 3 {
			wrench, rj, e := make([]spatial.Wrench, len(s.m.Bodies)), make([]float64, nv), [3]float64{}
			e[c] = 1
			p.p.thrust(wrench, rj, n, spatial.Vec{X: e[0], Y: e[1], Z: e[2]})
			felt(nv+3*n+c, 1, wrench, rj)
			put(nv+3*n+c, nv+3*n+c, 1)
			put(nv+3*n+c, size, numbers(k[n])[c])
			p.columns(n, func(i int, w *ipm.Matrix) {
				for r := range 3 {
					put(nv+3*i+r, size, -1, w[3*r+c], numbers(du[n])[c])
				}
			})
		}
	}
	solution := eliminated(a)
	for n := range p.n {
		v := solution[nv+3*n:]
		dl = append(dl, spatial.Vec{X: v[0], Y: v[1], Z: v[2]})
	}
	return solution[:nv], dl
}

// columns visits the matrices that the value of row n enters, and whose rows they are.
func (p Probe) columns(n int, visit func(i int, w *ipm.Matrix)) {
	visit(n, &p.p.w[n])
	if m := n + p.p.rows[n].mate; m != n {
		visit(m, &p.p.w[p.p.rows[m].across])
	}
}

func numbers(v spatial.Vec) [3]float64 { return [3]float64{v.X, v.Y, v.Z} }

// eliminated solves the system whose last column is the right-hand side.
func eliminated(a [][]*big.Float) []float64 {
	n := len(a)
	t := new(big.Float).SetPrec(exactly)
	for k := range n {
		at := k
		for i := k; i < n; i++ {
			if t.Abs(a[i][k]).Cmp(new(big.Float).Abs(a[at][k])) > 0 {
				at = i
			}
		}
		a[k], a[at] = a[at], a[k]
		for i := k + 1; i < n; i++ {
			if a[i][k].Sign() == 0 {
				continue
			}
			f := new(big.Float).SetPrec(exactly).Quo(a[i][k], a[k][k])
			for j := k; j <= n; j++ {
				a[i][j].Sub(a[i][j], t.Mul(f, a[k][j]))
			}
		}
	}
	x := make([]float64, n)
	for k := n - 1; k >= 0; k-- {
		for j := k + 1; j < n; j++ {
			a[k][n].Sub(a[k][n], t.Mul(a[k][j], a[j][n]))
		}
		a[k][n].Quo(a[k][n], a[k][k])
		x[k], _ = a[k][n].Float64()
	}
	return x
}

// Stopped returns how many times what its inertia does the stiffest row on a joint's axis does.
func (p Probe) Stopped() (most float64) {
	for n := range p.p.joints {
		if r, b := &p.p.rows[n], &p.p.blocks[n]; r.onAxis() {
			most = max(most, p.p.w[n][0]*b.Scale*b.Scale/b.Product)
		}
	}
	return most
}

// Joints returns how many rows belong to joints: those that come first.
func (p Probe) Joints() int { return p.p.joints }

// AnyHard reports whether solves of some island are refined.
func (s *Stepper) AnyHard() bool {
	for _, p := range s.islands {
		if p.hard {
			return true
		}
	}
	return false
}

// Separated counts the rows that are not in the factors, by kind.
func (s *Stepper) Separated() map[string]int {
	kinds := map[string]int{}
	for _, p := range s.islands {
		for _, n := range p.schur.rows {
			if !p.schur.out {
				break
			}
			switch p.rows[n].kind {
			case rowTouch:
				kinds["contact"]++
				if b, _ := p.rebound(n); b.Share > 0 {
					kinds["bounce"]++
				}
			case rowMeet:
				kinds["meeting"]++
			case rowCone:
				kinds["cone"]++
			case rowFriction:
				kinds["friction"]++
			case rowServo:
				kinds["servo"]++
			}
		}
	}
	return kinds
}
