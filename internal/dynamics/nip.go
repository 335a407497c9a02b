package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Surfaces that run may draw a body into a gap that it does not fit: what has friction μ > tan α is pulled into a wedge
// of half-angle α by two belts the harder the harder they push it out (the condition of bite of rolling mills). No
// impulse keeps it where it fits, and there is no solution, however short the step.
//
// That is told by a certificate (Farkas' lemma for the gaps at the end of the step). Let q be these gaps without
// impulses, and G what unit pushes of the sides, each with the friction that goes with it, add to them. If weights w ≥
// 0 of the gaps have w·q < 0 and w·G ≤ 0, no pushes make all gaps positive. The friction of surfaces that run is taken
// along their run, which what is caught has no room to take up; all other friction may act in any direction.

const (
	// slant is by which part of its effects a push must lower the weighted gaps, so that what a step changes of directions does not matter.
	slant = 1e-3
	// sweeps is how many times all weights are improved before there are none.
	sweeps = 3000
	// sectors are the directions of friction that may act in any: an octagon around its circle.
	sectors = 8
	// held is the stiffness in natural units of loops while their island is pushed.
	held = 1e6
)

// nip is what sides can do to their gaps, in natural sizes.
type nip struct {
	sides  []int       // rows
	q      []float64   // gaps at the end of the step without impulses, and the most that bounded forces can add
	pushes [][]float64 // what each push adds
}

// drawn reports whether surfaces that run draw something into what it does not fit, and keeps the two contacts that count most.
func (p *problem) drawn() bool {
	n, running := nip{}, false
	for k := range p.rows {
		r := &p.rows[k]
		running = running || p.drift(r) != spatial.Vec{}
		if r.side() {
			n.sides = append(n.sides, k)
		}
	}
	if !running || !p.push(&n) {
		return false
	}
	w := n.weights()
	if w == nil {
		return false
	}
	heaviest := func(without int) int {
		at := -1
		for i, k := range n.sides {
			if (without < 0 || p.distinct(k, n.sides[without])) && w[i] > 0 && (at < 0 || w[i] > w[at]) {
				at = i
			}
		}
		return at
	}
	a := heaviest(-1)
	if b := heaviest(a); b >= 0 {
		p.caught = [2]int{n.sides[a], n.sides[b]}
		return true
	}
	return false
}

// Drawn reports whether the sides of Excluding are contacts whose surfaces run and draw in what does not fit between them.
func (s *Stepper) Drawn() bool {
	for _, p := range s.islands {
		if p.result.Status == ipm.Infeasible {
			return p.caught != [2]int{}
		}
	}
	return false
}

// distinct reports whether two sides are of different pairs of shapes.
func (p *problem) distinct(a, b int) bool {
	r, q := &p.rows[a], &p.rows[b]
	if r.kind != rowMeet || q.kind != rowMeet {
		return r.kind != q.kind || r.contact != q.contact || r.dof != q.dof
	}
	return p.s.meets[r.contact].pair != p.s.meets[q.contact].pair
}

// drift returns the sliding velocity of a contact that is its surfaces' alone.
func (p *problem) drift(r *row) (v spatial.Vec) {
	switch r.kind {
	case rowTouch:
		if t, b := p.s.touchOf(r); t.Belt.Moves() {
			v = t.Drifts(&p.s.mo[b])
		}
	case rowMeet:
		if c := &p.s.meets[r.contact]; c.Belt.Moves() {
			v = c.Drifts(p.s.motionOf(c.a), p.s.motionOf(c.b))
		}
	}
	return v
}

// push finds what the island's sides do to each other, by its dynamics at the velocities before. It reports false where
// these cannot be evaluated.
func (p *problem) push(n *nip) bool {
	rows := len(p.rows)
	lambda, k, du, w := make([]spatial.Vec, rows), make([]spatial.Vec, rows), make([]spatial.Vec, rows), make([]ipm.Matrix, p.matrices())
	p.Reset()
	p.room = 0
	if !p.Values(p.solver.U) || math.IsNaN(p.Residual(lambda)) {
		return false
	}
	for i := p.shut; i < rows; i++ {
		b := &p.blocks[i]
		s := held * b.Kappa / (b.Scale * b.Scale)
		w[i] = ipm.Matrix{0: s, 4: s, 8: s}
		k[i] = spatial.Scale(-s, p.solver.U[i])
	}
	if !p.Factor(w) {
		return false
	}
	p.Direction(k, du)
	base := make([]float64, len(n.sides))
	for i, r := range n.sides {
		base[i] = du[r].X
		n.q = append(n.q, (p.solver.U[r].X+du[r].X)/p.blocks[r].Scale)
	}
	effect := func(r int, l spatial.Vec) []float64 {
		was := k[r]
		k[r] = spatial.Add(was, l)
		p.Direction(k, du)
		k[r] = was
		g := make([]float64, len(n.sides))
		for i, x := range n.sides {
			g[i] = (du[x].X - base[i]) / p.blocks[x].Scale
		}
		return g
	}
	for r := range p.shut {
		switch b := &p.blocks[r]; b.Kind {
		case ipm.Bound:
			p.raise(n, r, effect)
		case ipm.Coulomb, ipm.Pyramid:
			unit := b.Kappa / b.Scale
			along := effect(r, spatial.Vec{X: unit})
			if v := p.drift(&p.rows[r]); v != (spatial.Vec{}) {
				n.pushes = append(n.pushes, sum(along, effect(r, spatial.Scale(-b.Mu*unit/spatial.Norm(v), v)), 1))
				continue
			}
			y, z := effect(r, spatial.Vec{Y: b.Mu * unit}), effect(r, spatial.Vec{Z: b.Mu * unit})
			for i := range sectors {
				sin, cos := math.Sincos(2 * math.Pi * float64(i) / sectors)
				out := 1 / math.Cos(math.Pi/sectors)
				if b.Kind == ipm.Pyramid {
					out = math.Sqrt2
				}
				n.pushes = append(n.pushes, sum(sum(along, y, out*cos), z, out*sin))
			}
		case ipm.Elliptic:
			p.pushTurning(n, r, effect)
		case ipm.Turn: // with the row before
		default:
			n.pushes = append(n.pushes, effect(r, spatial.Vec{X: b.Kappa / b.Scale}))
		}
	}
	return true
}

// raise adds to the gaps the most that the bounded force of row r can.
func (p *problem) raise(n *nip, r int, effect func(int, spatial.Vec) []float64) {
	for _, e := range [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		if p.blocks[r].Single && e.X == 0 {
			continue
		}
		for i, g := range effect(r, spatial.Scale(p.blocks[r].Limit, e)) {
			n.q[i] += math.Abs(g)
		}
	}
}

// sum returns a + t b.
func sum(a, b []float64, t float64) []float64 {
	c := make([]float64, len(a))
	for i := range a {
		c[i] = a[i] + t*b[i]
	}
	return c
}

// weights returns weights of the gaps, which sum to one, that no push raises and that are beyond without; nil if none
// are found. They are the least of what the rows of w·q ≤ 0 and w·G ≤ −slant w·|G| exceed zero by, squared, found
// coordinate by coordinate.
func (n *nip) weights() []float64 {
	m := len(n.sides)
	rows := make([][]float64, 0, len(n.pushes)+1)
	for _, g := range append(n.pushes, n.q) {
		size, row := 0.0, make([]float64, m)
		for i, x := range g {
			row[i] = x + slant*math.Abs(x)
			size = max(size, math.Abs(x))
		}
		if size == 0 {
			continue
		}
		for i := range row {
			row[i] /= size
		}
		rows = append(rows, row)
	}
	w, left := make([]float64, m), make([]float64, len(rows))
	for i := range w {
		w[i] = 1 / float64(m)
	}
	for range sweeps {
		worst, all := 0.0, 0.0
		for j, row := range rows {
			left[j] = 0
			for i, x := range row {
				left[j] += x * w[i]
			}
			worst = max(worst, left[j])
		}
		if worst <= 0 {
			return w
		}
		for i := range w { // Newton's step of one weight, which changes what is left at once
			slope, bend := 0.0, 0.0
			for j, row := range rows {
				if left[j] > -slant*worst {
					slope, bend = slope+(left[j]+slant*worst)*row[i], bend+row[i]*row[i]
				}
			}
			d := -w[i]
			if bend > 0 {
				d = max(d, -slope/bend)
			}
			if bend == 0 {
				d = 0
			}
			w[i] += d
			all += w[i]
			for j, row := range rows {
				left[j] += d * row[i]
			}
		}
		if !(all > 0) {
			return nil
		}
		for i := range w {
			w[i] /= all
		}
	}
	return nil
}
