package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// cluster is the contacts of one collider with half-spaces: first to last − 1, feature by feature. A ball holds all of
// its features, so that those of what is far from a half-space need not be placed one by one: a mesh may have hundreds.
type cluster struct {
	body, first, last int
	center            spatial.Vec // of the ball, in body axes
	radius            float64
	far               []bool // from each half-space, in the step at hand
}

// few is up to how many features it is as quick to place them.
const few = 2

// clustered returns those of the bodies from first to last − 1.
func (m *Model) clustered(first, last int) (all []cluster) {
	n := len(m.Planes)
	for i := 0; i < len(m.Contacts); {
		c := &m.Contacts[i]
		if c.Body < first || c.Body >= last {
			i++
			continue
		}
		k := cluster{body: c.Body, first: i, far: make([]bool, n)}
		for ; i < len(m.Contacts) && m.Contacts[i].Collider == c.Collider; i += n {
			k.center = spatial.Add(k.center, m.Contacts[i].Feature.Center)
		}
		k.last = i
		k.center = spatial.Scale(float64(n)/float64(k.last-k.first), k.center)
		for j := k.first; j < k.last; j += n {
			f := &m.Contacts[j].Feature
			k.radius = max(k.radius, spatial.Norm(spatial.Sub(f.Center, k.center))+f.Radius+math.Sqrt(f.Oval.XX+f.Oval.YY+f.Oval.ZZ))
		}
		all = append(all, k)
	}
	return all
}

// isFar reports whether the ball of c stays farther than margin from half-space w, at knot 2 or after the motion m.
func (s *Stepper) isFar(c *cluster, w int, m *spatial.Motion, margin float64) bool {
	k := &s.knots[c.body]
	arm := k.rot.MulVec(c.center)
	at := spatial.Add(k.pos, arm)
	if m != nil {
		at = spatial.Add(at, spatial.Add(m.Dx, m.Displace(arm)))
	}
	h := spatial.Dot(s.walls[w].Axis, spatial.Add(at, s.originOf(c.body))) - s.walls[w].Radius
	return h-c.radius > margin+1e-9*(c.radius+math.Abs(h))
}

// reachOf returns how far from a half-space the cluster may be for a contact of it to take part, that of a margin beyond its motion.
func (s *Stepper) reachOf(c *cluster, margin float64) float64 {
	mo := &s.past[c.body]
	moved := spatial.Norm(spatial.Add(mo.Dx, mo.Displace(s.knots[c.body].rot.MulVec(c.center)))) + 2*spatial.Norm(mo.W)*c.radius
	return margin + 2*moved*s.h/s.hPast
}

// placeNear lists the contacts of tree p that are not far, and places those that take part or may.
func (s *Stepper) placeNear(p *part, margin float64) {
	p.near, p.far = p.near[:0], false
	leave := s.h * s.touchLeaving(p.t)
	for i := range p.clusters {
		c := &p.clusters[i]
		if c.last-c.first > few*len(c.far) {
			reach := s.reachOf(c, margin)
			for w := range c.far {
				c.far[w] = s.isFar(c, w, nil, reach)
				p.far = p.far || c.far[w]
			}
		}
		for i, w := c.first, 0; i < c.last; i, w = i+1, w+1 {
			if w == len(c.far) {
				w = 0
			}
			if !c.far[w] {
				p.near = append(p.near, i)
				t := s.placeContact(i, leave)
				mo := &s.past[c.body]
				moved := spatial.Norm(spatial.Add(mo.Dx, mo.Displace(spatial.Add(t.Arm, t.Reach)))) * s.h / s.hPast
				t.on = t.Gap2 <= margin+2*moved
			}
		}
	}
}

// comeNear places the contacts of tree p that were far from half-spaces at knot 2 and may not be at knot 3, and lists them too.
func (s *Stepper) comeNear(p *part) {
	some, leave := false, s.h*s.touchLeaving(p.t)
	for i := range p.clusters {
		c := &p.clusters[i]
		for w := range c.far {
			if !c.far[w] || s.isFar(c, w, &s.mo[c.body], 0) {
				continue
			}
			c.far[w], some = false, true
			for i := c.first + w; i < c.last; i += len(c.far) {
				s.placeContact(i, leave).on = false
			}
		}
	}
	if !some {
		return
	}
	p.near = p.near[:0]
	for i := range p.clusters {
		c := &p.clusters[i]
		for i := c.first; i < c.last; i++ {
			if !c.far[(i-c.first)%len(c.far)] {
				p.near = append(p.near, i)
			}
		}
	}
}

// placeContact places contact i for the step at hand.
func (s *Stepper) placeContact(i int, leave float64) *touch {
	c := &s.m.Contacts[i]
	world := gap.Frame{Pos: spatial.Scale(-1, s.originOf(c.Body))}
	s.placeTouch(&s.touches[i], c, &world, leave)
	if at := s.second[i]; at >= 0 {
		s.placeTouch(&s.touches[at], c, &world, leave)
	}
	return &s.touches[i]
}

// FarGaps completes the reports of contacts that were too far to take part: their gaps at the end of the step, in configuration q.
func (s *Stepper) FarGaps(dst []ContactReport, q []float64) {
	placed := false
	for i := range dst {
		if !dst[i].Far {
			continue
		}
		if !placed {
			s.m.Kinematics(s.ends, q)
			placed = true
		}
		c := &s.m.Contacts[i]
		var t gap.Touch
		var rot spatial.Mat3
		at := &s.ends[c.Body]
		rot.Set(at.Rot)
		t.Place(&c.Feature, &gap.Frame{Pos: at.Pos, Rot: &rot}, &s.walls[c.Plane], &gap.Frame{}, s.t1[c.Plane], s.t2[c.Plane])
		dst[i].Gap, dst[i].Far = t.Gap2-t.Blunted(&still), false
	}
}
