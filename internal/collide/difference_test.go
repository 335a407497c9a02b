package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// carried is how the feature of a side changes as its body is twisted about the origin of the world.
func carried(c *collide.Collider, f *gap.Feature, lin, ang r3.Vec) (d gap.Change) {
	var rot spatial.Mat3
	rot.Set(c.At.Rot)
	d.Center = r3.Add(lin, r3.Cross(ang, c.At.Apply(f.Center)))
	d.Axis = r3.Cross(ang, rot.MulVec(f.Axis))
	q := f.Oval.Turned(&rot)
	d.Oval = q.Turn(ang)
	return d
}

// grown is how it changes per unit of size i of its shape.
func grown(c *collide.Collider, p collide.Part, i int) (d gap.Change) {
	d = p.Shift(c.Shape, c.Hull, i)
	at := c.At.Mul(c.Pose)
	var rot spatial.Mat3
	rot.Set(at.Rot)
	d.Center, d.Axis, d.Oval = rot.MulVec(d.Center), rot.MulVec(d.Axis), d.Oval.Turned(&rot)
	return d
}

// twisted returns c after that twist.
func twisted(c collide.Collider, lin, ang r3.Vec) collide.Collider {
	turn := spatial.RotationVector(ang)
	c.At.Pos = r3.Add(lin, spatial.QuatRotate(turn, c.At.Pos))
	c.At.Rot = quat.Mul(turn, c.At.Rot)
	return c
}

// sized returns c with size i of its shape larger by eps.
func sized(c collide.Collider, i int, eps float64) collide.Collider {
	s := *c.Shape
	s.Vertices = append([]r3.Vec(nil), s.Vertices...)
	s.SetParam(i, *s.Param(i)+eps)
	c.Shape, c.Hull = &s, hullOf(&s)
	return c
}

// knob is one of the numbers that a pair depends on.
type knob struct {
	name string
	turn func(eps float64) two
	u, v func(c *collide.Contact) gap.Change
	ang  r3.Vec                          // by which A turns against B
	lin  func(c *collide.Contact) r3.Vec // velocity of A against B where what crosses meets
	by   map[uint64]collide.Contact      // of a vertex of points, what is found by it,
	way  r3.Vec                          // and where it moves, of B less than nothing
}

// slides returns how far the part of c that another one crosses moves along its edge or rim.
func (k *knob) slides(c *collide.Contact) float64 {
	return r3.Dot(c.Slide.Lin, k.lin(c)) + r3.Dot(c.Slide.Ang, k.ang) + r3.Dot(k.by[c.ID()].Slide.Ang, k.way)
}

// weighs returns how the weight of c changes, and the points it counts for.
func (k *knob) weighs(c *collide.Contact) (weight, points float64) {
	by := k.by[c.ID()]
	return r3.Dot(c.Turn, k.ang) + r3.Dot(by.Turn, k.way), r3.Dot(c.PointsTurn, k.ang) + r3.Dot(by.PointsTurn, k.way)
}

func knobs(p *two, terrain bool) (l []knob) {
	none := func(*collide.Contact) gap.Change { return gap.Change{} }
	for side, name := range []string{"A", "B"} {
		c := []*collide.Collider{&p.a, &p.b}[side]
		sign := float64(1 - 2*side)
		with := func(x collide.Collider) (q two) {
			q = *p
			if side == 0 {
				q.a = x
			} else {
				q.b = x
			}
			return q
		}
		add := func(k knob, change func(k *collide.Contact) gap.Change) {
			if k.u, k.v = change, none; side == 1 {
				k.u, k.v = none, change
			}
			l = append(l, k)
		}
		side3 := func(k *collide.Contact) (*gap.Feature, collide.Part) {
			if side == 0 {
				return &k.A.Feature, k.PartA
			}
			return &k.B.Feature, k.PartB
		}
		for i := range 6 {
			lin, ang := r3.Vec{}, r3.Vec{}
			e := []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[i%3]
			if i < 3 {
				lin = e
			} else {
				ang = e
			}
			add(knob{
				name: "pose of " + name, ang: r3.Scale(sign, ang),
				turn: func(eps float64) two { return with(twisted(*c, r3.Scale(eps, lin), r3.Scale(eps, ang))) },
				lin:  func(c *collide.Contact) r3.Vec { return r3.Scale(sign, r3.Add(lin, r3.Cross(ang, c.Slide.At))) },
			}, func(k *collide.Contact) gap.Change {
				f, _ := side3(k)
				return carried(c, f, lin, ang)
			})
		}
		for i := range c.Shape.NumParams() {
			if c.Shape.Kind == contact.KindTerrain && !terrain {
				break
			}
			var by map[uint64]collide.Contact
			var way r3.Vec
			if vertex, along, ok := c.Shape.VertexOf(i); ok {
				var f collide.Finder
				by, way = byID(f.FindByVertex(nil, &p.a, &p.b, 0.3, side == 0, vertex)), r3.Scale(sign, []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[along])
			}
			add(knob{
				by: by, way: way, name: c.Shape.ParamName(i) + " of " + name,
				turn: func(eps float64) two { return with(sized(*c, i, eps)) },
				lin: func(k *collide.Contact) r3.Vec {
					if c.Shape.Kind == contact.KindTerrain { // by has it
						return r3.Vec{}
					}
					d := grown(c, k.Crossing(side == 0), i)
					return r3.Scale(sign, d.Center)
				},
			}, func(k *collide.Contact) gap.Change {
				_, part := side3(k)
				return grown(c, part, i)
			})
		}
	}
	return l
}

// TestGapsOfAllPairsByDifferences: the gap of every contact of every pair of shapes, found anew, changes by both poses
// and by every number of both shapes as package gap says of the features, and its weight and points by both poses and
// by vertices of points as Turn and PointsTurn say; of other sizes it does not depend.
func TestGapsOfAllPairsByDifferences(t *testing.T) {
	var all tally
	pairs(t, 60, func(t *testing.T, rng *rand.Rand, p *two) { all.differ(t, p, 2e-6) })
	t.Logf("%d derivatives, %d across changes of features", all.seen, all.gone)
	if all.gone > all.seen/20 {
		t.Errorf("%d of %d derivatives are across changes of features", all.gone, all.seen)
	}
}

// tally counts derivatives that are compared with differences, and those that are not since features change.
type tally struct {
	seen, gone int
	terrain    bool // whether its vertices are moved too
}

// steps are the places, in steps, of central differences that are extrapolated.
var steps = [4]float64{1, -1, 2, -2}

// slopes returns how gap, weight and points of c change by what is found there.
func (p *two) slopes(c *collide.Contact, there *[4][]collide.Contact, eps float64) (gap, weight, points float64, ok bool) {
	part := [4]float64{2.0 / 3, -2.0 / 3, -1.0 / 12, 1.0 / 12}
	for i := range there {
		d, ok := p.same(c, there[i])
		if !ok {
			return 0, 0, 0, false
		}
		gap, weight = gap+part[i]/eps*(d.Gap-c.Gap), weight+part[i]/eps*(d.Weight-c.Weight)
		points += part[i] / eps * (d.Points - c.Points)
	}
	return gap, weight, points, true
}

// differ compares those of all contacts of a pair with differences with the step eps.
func (all *tally) differ(t *testing.T, p *two, eps float64) {
	t.Helper()
	var ra, rb spatial.Mat3
	ra.Set(p.a.At.Rot)
	rb.Set(p.b.At.Rot)
	here := p.find(0.3)
	for _, k := range knobs(p, all.terrain) {
		var there [4][]collide.Contact
		for i, s := range steps {
			q := k.turn(s * eps)
			there[i] = q.find(0.4)
		}
		for i := range here {
			c := &here[i]
			gaps, weights, points, ok := p.slopes(c, &there, eps)
			if !ok {
				all.gone++
				continue
			}
			all.seen++
			var m gap.Meeting
			m.Place(&c.Pair, &gap.Frame{Pos: p.a.At.Pos, Rot: &ra}, &gap.Frame{Pos: p.b.At.Pos, Rot: &rb}, false)
			u, v := k.u(c), k.v(c)
			if ofA, ofB := c.Slides(); ofA || ofB {
				w := &u
				if ofB {
					w = &v
				}
				ds := k.slides(c)
				w.Center, w.Axis = r3.Add(w.Center, r3.Scale(ds, c.Slide.Axis)), r3.Add(w.Axis, r3.Scale(ds, c.Slide.Bend))
			}
			r := m.Respond(&u, &v, &spatial.Motion{}, &spatial.Motion{}, 1)
			got, want := r.Value.X, gaps
			if e := math.Abs(got - want); !(e < p.resolution(c, eps)*(1+math.Abs(want))) {
				t.Errorf("%v by the %s: the gap %.3g (w %.2g) changes by %g, want %g", c.Kind, k.name, c.Gap, c.Weight, got, want)
			}
			w, n := k.weighs(c)
			if e := math.Abs(w - weights); !(e < 1e-6*(1+math.Abs(weights))) {
				t.Errorf("%v by the %s: the weight %.3g changes by %g, want %g", c.Kind, k.name, c.Weight, w, weights)
			}
			if e := math.Abs(n - points); !(e < 4e-6*(1+math.Abs(points))) {
				t.Errorf("%v by the %s: its %.3g points change by %g, want %g", c.Kind, k.name, c.Points, n, points)
			}
		}
	}
}

// resolution is what differences of the gap with the step eps resolve. The disk that stands for a rim bends with 1e-8
// of its radius: gaps of points from it have 3e-13 of rounding.
func (p *two) resolution(c *collide.Contact, eps float64) float64 {
	switch c.Kind {
	case gap.PointOval, gap.LineOval, gap.OvalPoint, gap.OvalLine:
		if ka, kb := p.a.Shape.Kind, p.b.Shape.Kind; ka == contact.KindCylinder && kb == contact.KindPoints || ka == contact.KindPoints && kb == contact.KindCylinder {
			return math.Max(1e-7, 3e-13/eps)
		}
	}
	return 1e-7
}

// same returns the contact of a list that is c a little later. Edges and faces of points are numbered anew whenever a
// vertex has moved: there it is what is where c was.
func (p *two) same(c *collide.Contact, l []collide.Contact) (same collide.Contact, ok bool) {
	if p.a.Shape.Kind != contact.KindPoints && p.b.Shape.Kind != contact.KindPoints {
		same, ok = byID(l)[c.ID()]
		return same, ok
	}
	far := func(s, t *gap.Side) float64 {
		return r3.Norm(r3.Sub(s.Center, t.Center)) + r3.Norm(r3.Cross(s.Axis, t.Axis))
	}
	least := 1e-3
	for _, d := range l {
		if e := far(&c.A, &d.A) + far(&c.B, &d.B); d.Kind == c.Kind && e < least {
			same, ok, least = d, true, e
		}
	}
	return same, ok
}

func byID(l []collide.Contact) map[uint64]collide.Contact {
	m := map[uint64]collide.Contact{}
	for _, c := range l {
		m[c.ID()] = c
	}
	return m
}
