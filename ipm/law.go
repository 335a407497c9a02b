package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// within is the part of the distance over which a law bends that differences of it take first.
const within = 1e-3

// bend is block i, with a Turn after it if it is Elliptic, at the point of its law that belongs to its multiplier: values
// without what compliance takes, and the distances over which the law bends there, along the normal and across it.
type bend struct {
	blocks        []Block
	kappa         float64
	at            [2]r3.Vec
	along, across float64
}

// Differ returns what differences of the law of block i say of how its multiplier changes with its value by du and with
// its data by d, at the point of the last solve; of an Elliptic block and the Turn after it those of both. It is what
// [Solver.Condense] and [Solver.Shift] say in closed form, found without either, for checks. Call Condense first.
//
// A law bends within its gap, 1e-9 m where contact is hard. That is no limit here: a gap is a number of its own, and no
// difference of coordinates, so differences of a thousandth of it have all their digits.
func (v *Solver) Differ(i int, du [2]r3.Vec, d Change, kappa float64) [2]r3.Vec {
	f := v.bendAt(i, kappa)
	if c := f.blocks[0].Compliance; c > 0 {
		du[0] = f.pressed(c, du[0], d)
	}
	return f.slope(du, d)
}

// pressed returns the change of the slack for one of the value by u, of which compliance takes a part: of
// s = u + c λ(s) it is (1 − c ∂λ/∂s)⁻¹ (u + c k), k the change of λ at fixed s.
func (f *bend) pressed(c float64, u r3.Vec, d Change) r3.Vec {
	k := f.slope([2]r3.Vec{}, d)[0]
	x, y, z := r3.Vec{X: 1}, r3.Vec{Y: 1}, r3.Vec{Z: 1}
	give := func(e r3.Vec) r3.Vec { return r3.Sub(e, r3.Scale(c, f.slope([2]r3.Vec{e}, Change{})[0])) }
	if b := &f.blocks[0]; b.Kind != Bound || b.Single {
		u.X = (u.X + c*k.X) / give(x).X
		return u
	}
	u = r3.Add(u, r3.Scale(c, k))
	x, y, z = give(x), give(y), give(z)
	yz := r3.Cross(y, z)
	return r3.Scale(1/r3.Dot(x, yz), r3.Vec{X: r3.Dot(u, yz), Y: r3.Dot(x, r3.Cross(u, z)), Z: r3.Dot(x, r3.Cross(y, u))})
}

// slope differentiates without compliance: central differences of three sizes and Richardson's extrapolations.
func (f *bend) slope(ds [2]r3.Vec, d Change) [2]r3.Vec {
	b, last := &f.blocks[0], &f.blocks[len(f.blocks)-1]
	rate := max(math.Abs(ds[0].X)/f.along, math.Hypot(ds[0].Y, ds[0].Z)/f.across, r3.Norm(ds[1])/f.across)
	for _, x := range [][2]float64{{d.Kappa, f.kappa * b.Kappa}, {d.KappaT, f.kappa * b.KappaT}, {d.Mu, b.Mu}, {d.Limit, b.Limit}, {d.Spin, last.Spin}, {d.Roll, last.Roll}} {
		if x[0] != 0 && x[1] != 0 { // what a block has none of does not count
			rate = max(rate, math.Abs(x[0])/x[1])
		}
	}
	var fd [3][2]r3.Vec
	if rate == 0 {
		return fd[0]
	}
	for m := range fd {
		t := math.Ldexp(within/rate, 2-m)
		hi, lo := f.law(t, &ds, &d), f.law(-t, &ds, &d)
		for k := range hi {
			fd[m][k] = r3.Scale(1/(2*t), r3.Sub(hi[k], lo[k]))
		}
	}
	for level, p := 1, 4.0; level < len(fd); level, p = level+1, 4*p {
		for m := range len(fd) - level {
			for k := range fd[m] {
				fd[m][k] = r3.Scale(1/(p-1), r3.Sub(r3.Scale(p, fd[m+1][k]), fd[m][k]))
			}
		}
	}
	return fd[0]
}

// law returns the multipliers at t along the change.
func (f *bend) law(t float64, ds *[2]r3.Vec, d *Change) (l [2]r3.Vec) {
	n := len(f.blocks)
	v := Solver{blocks: make([]Block, n), Lambda: make([]r3.Vec, n), at: make([]where, n)}
	for k, b := range f.blocks {
		b.Kappa, b.KappaT = f.kappa*b.Kappa+t*d.Kappa, f.kappa*b.KappaT+t*d.KappaT
		b.Mu, b.Limit, b.Spin, b.Roll = b.Mu+t*d.Mu, b.Limit+t*d.Limit, b.Spin+t*d.Spin, b.Roll+t*d.Roll
		b.Compliance = 0
		v.blocks[k] = b
		v.at[k] = v.add(&v.blocks[k])
	}
	for k := range v.blocks {
		u := r3.Add(f.at[k], r3.Scale(t, ds[k]))
		v.place(k, &u, math.Inf(-1), 1, 1)
	}
	v.gather()
	copy(l[:], v.Lambda)
	return l
}

func (v *Solver) bendAt(i int, kappa float64) *bend {
	f := &bend{blocks: v.blocks[i : i+1], kappa: kappa, along: math.Inf(1), across: math.Inf(1)}
	if v.blocks[i].Kind.unilateral() {
		n := v.orthant(i).n
		f.at[0].X, f.along = n.s, n.s
	}
	switch v.blocks[i].form() {
	case formCoulomb:
		s := &v.coulomb(i).t.s
		f.at[0].Y, f.at[0].Z, f.across = s.x, s.y, s.a
	case formPyramid:
		c := v.pyramid(i)
		f.at[0].Y, f.at[0].Z, f.across = c.y.s.x(), c.z.s.x(), min(c.y.s.a(), c.z.s.a())
	case formElliptic:
		f.blocks = v.blocks[i : i+2]
		t := v.elliptic(i + 1).t
		x := t.s.x
		for n := range x {
			x[n] *= t.over[n]
		}
		f.at[0], f.at[1] = x.part(f.at[0].X)
		f.across = t.s.a / max(t.d[0], t.d[2], t.d[3])
	case formBound:
		s := &v.bound(i).t.s
		f.at[0], f.along, f.across = r3.Vec{X: s.x, Y: s.y, Z: s.z}, s.a, s.a
	case formSingle:
		s := v.single(i).t.s
		f.at[0].X, f.along = s.x(), s.a()
	}
	return f
}
