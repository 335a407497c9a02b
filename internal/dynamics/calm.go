package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Newton's law can give energy: with friction, where contacts push each other (Kane, 1984), and of bodies that spin,
// since the mean speeds of two intervals are not those at the knot between. What contacts work there is their impulse
// times the mean of the velocities with which the momenta arrive and leave. An island whose contacts give energy is
// solved again with the next of these parts of its restitution.
var calmer = [...]float64{1, 0.95, 0.85, 0.7, 0.5, 0.25, 0}

// calm reports whether the contacts of all islands took energy, and makes those bounce less that gave some.
func (s *Stepper) calm() bool {
	ok := true
	for _, p := range s.islands {
		if p.gives() {
			p.quieten()
			p.done, ok = false, false
		}
	}
	return ok
}

// given is the part of what contacts work in a step, without signs, that they may give by rounding. What bounces works
// on its way in and on its way out: their difference alone would be all rounding where e = 1.
const given = 1e-6

// gives reports whether the contacts of an island in which something bounces gave energy, those that are soft as if they were hard.
func (p *problem) gives() bool {
	sum, size, any := 0.0, 0.0, false
	for n := p.joints; n < p.shut && !any; n++ {
		r, _ := p.rebound(n)
		any = r.Share > 0
	}
	for n := p.joints; n < p.shut && any; n++ {
		r, d := p.rebound(n)
		l, v := p.solver.Lambda[n], p.meanSlide(n)
		if p.rows[n].turns() {
			rub := spatial.Dot(l, spatial.Add(v, d))
			sum, size = sum+rub, size+math.Abs(rub)
			continue
		}
		push, rub := l.X*v.X, l.Y*(v.Y+d.Y)+l.Z*(v.Z+d.Z)
		if push -= l.X * max(0, p.solver.U[n].X) / (2 * p.s.h); r.Share == 0 {
			push = min(push, 0)
		}
		sum += push + rub
		size += math.Abs(push) + math.Abs(rub) + l.X*r.Speed
	}
	return sum > given*size
}

// meanSlide returns the mean of the velocities, surfaces aside, with which the bodies of the contact of row n arrive at
// knot 2 and leave it.
func (p *problem) meanSlide(n int) spatial.Vec {
	s, r := p.s, &p.rows[n]
	if r.kind == rowTouch {
		t, b := s.touchOf(r)
		m := s.meanTwist(b)
		return powers(&t.Wrenches, &m)
	}
	c := p.meetOf(n)
	m := s.meanTwist(c.a)
	v := powers(&c.Wrenches, &m)
	if c.b != World {
		m = s.meanTwist(c.b)
		v = spatial.Add(v, powers(&c.nb, &m))
	}
	return v
}

// meanTwist returns the mean of the twists about O that the momenta of body b say before and after the knot.
func (s *Stepper) meanTwist(b int) (t spatial.Twist) {
	k, mo := &s.knots[b], &s.mo[b]
	v, w := s.rateBefore(b)
	p, l, _ := s.momentum(b, mo, 1/s.h)
	u, x := spatial.Scale(1/s.h, spatial.Add(mo.Dx, mo.Displace(k.carm))), spatial.Scale(2/s.h, mo.Spin())
	if m := s.m.Bodies[b].Mass; m > 0 {
		v, u = spatial.Scale(1/m, k.pIn), spatial.Scale(1/m, p)
	}
	w, x = rate(&k.inertia, k.lIn, w), rate(&k.inertia, l, x)
	t.Ang = spatial.Scale(0.5, spatial.Add(w, x))
	t.Lin = spatial.AddScaled(spatial.Scale(-1, spatial.Cross(t.Ang, k.r2)), 0.5, spatial.Add(v, u))
	return t
}

// rate returns J⁻¹ l, or otherwise where the inertia has no inverse.
func rate(j *spatial.Sym3, l, otherwise spatial.Vec) spatial.Vec {
	a, b, c := j.MulVec(spatial.Vec{X: 1}), j.MulVec(spatial.Vec{Y: 1}), j.MulVec(spatial.Vec{Z: 1})
	bc := spatial.Cross(b, c)
	det, size := spatial.Dot(a, bc), j.XX+j.YY+j.ZZ
	if !(det > 1e-12*size*size*size) {
		return otherwise
	}
	return spatial.Scale(1/det, spatial.Vec{X: spatial.Dot(l, bc), Y: spatial.Dot(l, spatial.Cross(c, a)), Z: spatial.Dot(l, spatial.Cross(a, b))})
}

// rebound returns the bounce of the contact of row n and how fast its surfaces run.
func (p *problem) rebound(n int) (b *gap.Rebound, drift spatial.Vec) {
	if r := &p.rows[n]; r.kind == rowTouch {
		t, b := p.s.touchOf(r)
		return &t.bounce, t.Drifts(&p.s.mo[b])
	}
	c := p.meetOf(n)
	return &c.bounce, c.Drifts(p.s.motionOf(c.a), p.s.motionOf(c.b))
}

// quieten makes what bounces in the island bounce less.
func (p *problem) quieten() {
	s := p.s
	for n := p.joints; n < p.shut; n++ {
		r := &p.rows[n]
		if r.kind == rowTouch {
			if t, _ := s.touchOf(r); t.bounce.Share > 0 {
				t.bounce.Share = calmed(t.bounce.Share, s.h*s.m.Colliders[s.m.Contacts[r.contact].Collider].Surface.Restitution)
				if t.Ease = 0; t.bounce.Share > 0 {
					t.Bounce(&t.bounce)
				}
			}
		} else if c := p.meetOf(n); c.bounce.Share > 0 {
			c.bounce.Share = calmed(c.bounce.Share, s.h*s.m.pairRestitution(c.pair))
			if c.Ease = 0; c.bounce.Share > 0 {
				c.Bounce(&c.bounce)
			}
		}
	}
}

// Calmed returns how many contacts of the step just solved bounce less than their restitution says.
func (s *Stepper) Calmed() (n int) {
	for _, p := range s.islands {
		for i := p.joints; i < p.shut && s.lively; i++ {
			if b, whole := p.whole(i); b.Speed > 0 && b.Share < whole {
				n++
			}
		}
	}
	return n
}

// whole returns the bounce of the contact of row n, and its share where nothing calms it.
func (p *problem) whole(n int) (*gap.Rebound, float64) {
	s, r := p.s, &p.rows[n]
	if r.kind == rowTouch {
		t, _ := s.touchOf(r)
		return &t.bounce, s.h * s.m.Colliders[s.m.Contacts[r.contact].Collider].Surface.Restitution
	}
	c := p.meetOf(n)
	return &c.bounce, s.h * s.m.pairRestitution(c.pair)
}

// calmed returns the next share after this one, of the whole one.
func calmed(share, whole float64) float64 {
	for _, part := range calmer {
		if part*whole < 0.999*share {
			return part * whole
		}
	}
	return 0
}
