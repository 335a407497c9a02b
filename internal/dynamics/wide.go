package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/articulated"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/ipm"
)

// Values of rows with twice the digits. Where more rows hold a body than it has freedoms, a flat foot's or those of
// three contacts in a slot, their multipliers share what holds it by 1/W, so by how J x misses du at the last digits; W
// makes 1e-16 of x some 1e-3 of dλ then. The balances do not see it, for it cancels there; cotangents of knot 2 and
// forces do. It is not there in x itself, only in how J x is summed up from it (Dekker, "A floating-point technique for
// extending the available precision", Numer. Math. 18, 1971).

// wide is the number hi + lo.
type wide struct{ hi, lo float64 }

// add adds x y.
func (a *wide) add(x, y float64) {
	p := x * y
	e := math.FMA(x, y, -p)
	s := a.hi + p
	b := s - a.hi
	a.lo += (a.hi - (s - b)) + (p - b) + e
	a.hi = s
}

func (a *wide) number() float64 { return a.hi + a.lo }

// wideTwist is a twist, linear before angular.
type wideTwist [6]wide

// addScaled adds k t.
func (a *wideTwist) addScaled(k float64, t *spatial.Twist) {
	for i, x := range [6]float64{t.Lin.X, t.Lin.Y, t.Lin.Z, t.Ang.X, t.Ang.Y, t.Ang.Z} {
		a[i].add(k, x)
	}
}

// widen finds the twists of all bodies for the solution in s.tree.
func (p *problem) widen(to articulated.Side) {
	s := p.s
	screws := s.tree.Screw3
	if to == articulated.Transposed {
		screws = s.tree.Screw2
	}
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			b, t := &s.m.Bodies[i], &s.lin.wide[i]
			*t = wideTwist{}
			if s.tree.Bodies[i].Base >= 0 { // its coordinates follow from its twist
				t.addScaled(1, &s.tree.Twist[i])
				continue
			}
			if b.Parent != World {
				*t = s.lin.wide[b.Parent]
			}
			for k := b.V; k < b.V+b.NV(); k++ {
				t.addScaled(s.tree.X[k], &screws[k])
			}
		}
	}
}

// wideValue returns u + J x of row n after widen, and wideTest u + N z.
func (p *problem) wideValue(n int, u spatial.Vec) spatial.Vec {
	s := p.s
	switch r := &p.rows[n]; r.kind {
	case rowTouch:
		t, b := s.touchOf(r)
		return narrowed(s.lin.wideSum(u, &t.g, b, nil, World))
	case rowMeet:
		c := p.meetOf(n)
		return narrowed(s.lin.wideSum(u, &c.ga, c.a, &c.gb, c.b))
	default:
		return spatial.Add(u, p.answerOf(n))
	}
}

func (p *problem) wideTest(n int, u spatial.Vec) [3]wide {
	s := p.s
	switch r := &p.rows[n]; r.kind {
	case rowTouch:
		t, b := s.touchOf(r)
		return s.lin.wideSum(u, &t.Wrenches, b, nil, World)
	case rowMeet:
		c := p.meetOf(n)
		return s.lin.wideSum(u, &c.Wrenches, c.a, &c.nb, c.b)
	default:
		return widened(spatial.Add(u, p.test(n)))
	}
}

// wideBack stores v + Wᵀ(e + N z) of all rows for the cotangent d and the adjoint in s.tree.
func (p *problem) wideBack(dst []spatial.Vec, d *change) {
	p.widen(articulated.Transposed)
	for n := range p.rows {
		var z [3]wide
		wideProduct(&z, &p.w[n], p.wideTest(n, d.k[p.first+n]))
		if m := n + p.rows[n].mate; m != n {
			wideProduct(&z, &p.w[p.rows[m].across], p.wideTest(m, d.k[p.first+m]))
		}
		v := d.du[p.first+n]
		dst[n] = spatial.Vec{X: v.X + z[0].number(), Y: v.Y + z[1].number(), Z: v.Z + z[2].number()}
	}
}

// wideProduct adds wᵀu to z.
func wideProduct(z *[3]wide, w *ipm.Matrix, u [3]wide) {
	for r := range z {
		for c := range u {
			z[r].add(u[c].hi, w[3*c+r])
			z[r].lo += u[c].lo * w[3*c+r]
		}
	}
}

// wideSum returns u and the products of three rows with the twists of bodies a and b, if there is one.
func (l *linear) wideSum(u spatial.Vec, ga *[3]spatial.Wrench, a int, gb *[3]spatial.Wrench, b int) [3]wide {
	sums := widened(u)
	for k := range sums {
		sums[k].dot(&l.wide[a], &ga[k])
		if b != World {
			sums[k].dot(&l.wide[b], &gb[k])
		}
	}
	return sums
}

func widened(u spatial.Vec) [3]wide { return [3]wide{{hi: u.X}, {hi: u.Y}, {hi: u.Z}} }

func narrowed(u [3]wide) spatial.Vec {
	return spatial.Vec{X: u[0].number(), Y: u[1].number(), Z: u[2].number()}
}

// dot adds the power of w along t.
func (a *wide) dot(t *wideTwist, w *spatial.Wrench) {
	for i, x := range [6]float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z} {
		a.add(t[i].hi, x)
		a.lo += t[i].lo * x
	}
}
