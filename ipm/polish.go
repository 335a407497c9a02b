package ipm

import (
	"math"

	"gonum.org/v1/gonum/spatial/r3"
)

// Constants of the polish.
const (
	// stiffness of what holds, in natural units. Its equation is not eliminated but kept by a spring whose
	// force is carried on until the spring gives nothing (method of multipliers): so it does not matter that
	// contacts may hold a body in more ways than it has freedoms. An iteration leaves 1/stiffness of the error.
	stiffness = 1e8
	// polished is the violation, in natural units, at which all equations count as met. Newton's method goes
	// far below it, except where more is held than there is freedom, and rounding contradicts itself.
	polished = 1e-11
	// decided is how much a force may seem to pull, or friction to exceed its bound, by rounding.
	decided = 1e-10
	// rough is the same before the equations are met: branches that cannot be met together fight with forces
	// that grow without bound.
	rough = 1e-6
	// snug is the gap, in natural units, that a contact which begins with less keeps. Where joints stick that
	// hold it there, it cannot be closed; and the next step would begin in the same place.
	snug = 1e-8
	// polishIter bounds the iterations, those after corrected branches included.
	polishIter = 40
)

// branch says which branches of its laws a block is on: apart without a multiplier; at the bound in either
// direction of a pyramid, or the only one of other cones, and on which side if that has two.
type branch struct {
	open  bool
	slide [2]bool
	side  [2]float64
}

// polish takes the solution at a small κ to κ = 0: it reads from it which gaps are closed and what sticks,
// and solves the equations of those branches by Newton's method. It reports false when they contradict the
// laws however they are corrected; the point is of no use then.
func (v *Solver) polish() (iterations int, ok bool) {
	if len(v.blocks) == 0 {
		return 0, true
	}
	v.sort()
	for {
		worst := max(v.resF, v.hold())
		allowed := rough
		if worst <= polished {
			allowed = decided
		}
		if !v.settled(allowed) {
			v.hold()
		} else if worst <= polished {
			v.gap = worst
			return iterations, true
		}
		if iterations == polishIter || math.IsNaN(worst) || math.IsInf(worst, 0) || !v.p.Factor(v.w) {
			return iterations, false
		}
		iterations++
		v.p.Direction(v.k, v.du)
		v.p.Step(1)
		for i := range v.blocks {
			w, du, k, l := &v.w[i], &v.du[i], &v.k[i], &v.Lambda[i]
			l.X += k.X - (w[0]*du.X + w[1]*du.Y + w[2]*du.Z)
			l.Y += k.Y - (w[3]*du.X + w[4]*du.Y + w[5]*du.Z)
			l.Z += k.Z - (w[6]*du.X + w[7]*du.Y + w[8]*du.Z)
		}
		if !v.p.Values(v.U) {
			return iterations, false
		}
		v.resF = v.p.Residual(v.Lambda)
	}
}

// sort finds the branch of every block: of a slack and a multiplier whose product is κ, the one that is
// larger in natural units stays.
func (v *Solver) sort() {
	v.branches = grow(v.branches, len(v.blocks))
	for i := range v.blocks {
		b, at, f := &v.blocks[i], v.at[i], &v.branches[i]
		*f = branch{}
		if b.Kind != Bound {
			p := &v.rays[at.ray]
			f.open = p.s/b.Scale > p.l*b.Scale/b.Kappa
		}
		switch b.form() {
		case formCoulomb, formBound:
			p := &v.pairs[at.cone]
			s := p.s.a + math.Sqrt(p.s.x*p.s.x+p.s.y*p.s.y+p.s.z*p.s.z)
			f.slide[0] = b.slides(s, p.g.min())
		case formSingle:
			f.slide[0], f.side[0] = b.slidesTo(&v.wedges[at.cone])
		case formPyramid:
			f.slide[0], f.side[0] = b.slidesTo(&v.wedges[at.cone])
			f.slide[1], f.side[1] = b.slidesTo(&v.wedges[at.cone+1])
		}
	}
}

// slides compares a slack with the margin of its multiplier.
func (b *Block) slides(s, g float64) bool { return s/b.ScaleT > g*b.ScaleT/b.KappaT }

func (b *Block) slidesTo(p *wedge) (bool, float64) {
	return b.slides(max(p.s.p, p.s.m), min(p.g.p, p.g.m)), math.Copysign(1, p.g.p-p.g.m)
}

// hold stores the matrices W and constants k of all branches, such that Δλ = k − W Δu takes λ to its
// branch, and returns how far the values and multipliers are from theirs, in natural units.
func (v *Solver) hold() (worst float64) {
	for i := range v.blocks {
		b, f, u, l, w, k := &v.blocks[i], &v.branches[i], v.U[i], v.Lambda[i], &v.w[i], &v.k[i]
		*w, *k = Matrix{}, r3.Scale(-1, l)
		load, drag := b.Scale/b.Kappa, b.ScaleT/b.KappaT // one over the natural multipliers
		stiff, stick := stiffness/(b.Scale*load), stiffness/(b.ScaleT*drag)
		if b.Kind != Bound {
			if f.open {
				worst = max(worst, math.Abs(l.X)*load, (math.Abs(l.Y)+math.Abs(l.Z))*drag)
				continue
			}
			x := u.X
			if math.Abs(b.Past.X) < snug*b.Scale {
				x -= b.Past.X
			}
			w[0], k.X = stiff, -stiff*x
			worst = max(worst, math.Abs(x)/b.Scale)
		}
		switch b.form() {
		case formCoulomb:
			if !f.slide[0] {
				w[4], w[8], k.Y, k.Z = stick, stick, -stick*u.Y, -stick*u.Z
				worst = max(worst, math.Hypot(u.Y, u.Z)/b.ScaleT)
				break
			}
			// β = −μγ d
			d, n := b.heading(r3.Vec{Y: u.Y, Z: u.Z}, l)
			y, z, m := d.Y, d.Z, b.Mu*l.X
			worst = max(worst, math.Hypot(l.Y+m*y, l.Z+m*z)*drag)
			w[3], w[6] = -b.Mu*y*stiff, -b.Mu*z*stiff
			w[4], w[5], w[7], w[8] = m/n*z*z, -m/n*y*z, -m/n*y*z, m/n*y*y
			k.Y, k.Z = -(l.Y+m*y)-b.Mu*y*k.X, -(l.Z+m*z)-b.Mu*z*k.X
		case formPyramid:
			for c, x := range [2]struct{ u, l float64 }{{u.Y, l.Y}, {u.Z, l.Z}} {
				j, kc := 3*(c+1), &k.Y
				if c == 1 {
					kc = &k.Z
				}
				if !f.slide[c] {
					w[j+c+1], *kc = stick, -stick*x.u
					worst = max(worst, math.Abs(x.u)/b.ScaleT)
					continue
				}
				mu := f.side[c] * b.Mu
				w[j], *kc = mu*stiff, mu*(l.X+k.X)-x.l
				worst = max(worst, math.Abs(mu*l.X-x.l)*drag)
			}
		case formSingle:
			e := u.X + b.Compliance*l.X
			if f.slide[0] {
				k.X = f.side[0]*b.Limit - l.X
				worst = max(worst, math.Abs(k.X)*drag)
				break
			}
			w[0] = stick / (1 + b.Compliance*stick)
			k.X = -w[0] * e
			worst = max(worst, math.Abs(e)/b.ScaleT)
		case formBound:
			e := r3.Add(u, r3.Scale(b.Compliance, l))
			if !f.slide[0] {
				c := stick / (1 + b.Compliance*stick)
				w[0], w[4], w[8], *k = c, c, c, r3.Scale(-c, e)
				worst = max(worst, r3.Norm(e)/b.ScaleT)
				break
			}
			// λ = −L d
			d, n := b.heading(e, l)
			off := r3.Add(l, r3.Scale(b.Limit, d))
			worst = max(worst, r3.Norm(off)*drag)
			m := b.Limit / n
			t := 1 / (1 + b.Compliance*m) // of what is across d
			*w = Matrix{
				m * t * (1 - d.X*d.X), -m * t * d.X * d.Y, -m * t * d.X * d.Z,
				-m * t * d.X * d.Y, m * t * (1 - d.Y*d.Y), -m * t * d.Y * d.Z,
				-m * t * d.X * d.Z, -m * t * d.Y * d.Z, m * t * (1 - d.Z*d.Z),
			}
			*k = r3.Scale(-1, r3.Add(r3.Scale(t, off), r3.Scale((1-t)*r3.Dot(d, off), d)))
		}
	}
	return worst
}

// heading returns the direction in which a block slides that has the tangential value u and the multiplier l,
// and how fast. What has only just let go goes against its friction.
func (b *Block) heading(u, l r3.Vec) (d r3.Vec, speed float64) {
	const slow = 1e-9
	if n := r3.Norm(u); n > slow*b.ScaleT {
		return r3.Scale(1/n, u), n
	}
	if b.Kind == Coulomb {
		l.X = 0
	}
	return r3.Scale(-1/r3.Norm(l), l), slow * b.ScaleT
}

// settled reports whether all branches obey the laws but for the allowed errors, and moves those that do not
// to the other branch.
func (v *Solver) settled(allowed float64) bool {
	ok := true
	for i := range v.blocks {
		b, f, u, l := &v.blocks[i], &v.branches[i], v.U[i], v.Lambda[i]
		load, drag := b.Scale/b.Kappa, b.ScaleT/b.KappaT
		if b.Kind != Bound {
			switch {
			case f.open && u.X < -allowed*b.Scale:
				f.open, ok = false, false
			case !f.open && l.X*load < -allowed:
				f.open, ok = true, false
			}
			if f.open {
				continue
			}
		}
		// at the bound a force opposes its value, below it it is smaller
		switch b.form() {
		case formCoulomb:
			power := (u.Y*l.Y + u.Z*l.Z) * drag / b.ScaleT
			over := (math.Hypot(l.Y, l.Z) - b.Mu*l.X) * drag
			ok = f.change(0, allowed, power, over, 0) && ok
		case formPyramid:
			ok = f.change(0, allowed, u.Y*l.Y*drag/b.ScaleT, (math.Abs(l.Y)-b.Mu*l.X)*drag, l.Y) && ok
			ok = f.change(1, allowed, u.Z*l.Z*drag/b.ScaleT, (math.Abs(l.Z)-b.Mu*l.X)*drag, l.Z) && ok
		case formSingle, formBound:
			e := r3.Add(u, r3.Scale(b.Compliance, l))
			ok = f.change(0, allowed, r3.Dot(e, l)*drag/b.ScaleT, (r3.Norm(l)-b.Limit)*drag, l.X) && ok
		}
	}
	return ok
}

// change moves cone c to its other branch when its force drives what slides, or holds by more than the bound.
func (f *branch) change(c int, allowed, power, over, force float64) (right bool) {
	switch {
	case f.slide[c] && power > allowed:
		f.slide[c] = false
	case !f.slide[c] && over > allowed:
		f.slide[c], f.side[c] = true, math.Copysign(1, force)
	default:
		return true
	}
	return false
}
