package articulated

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Scenes of known structure, to count and to time.

func nan() float64 { return math.NaN() }

// box is a free body of mass 1 and the inertia of a cube with edges of 1, about the origin of the world.
func box(at spatial.Vec) (m spatial.Mat6) {
	for j := range 3 {
		m[7*j], m[21+7*j] = 1, 1./6
	}
	// p = v + ω × r,  L = J ω + r × p
	x := [9]float64{0, -at.Z, at.Y, at.Z, 0, -at.X, -at.Y, at.X, 0}
	for r := range 3 {
		for q := range 3 {
			m[6*r+3+q] = -x[3*r+q]
			m[6*(3+r)+q] = x[3*r+q]
			for k := range 3 {
				m[6*(3+r)+3+q] -= x[3*r+k] * x[3*k+q]
			}
		}
	}
	return m
}

// touch couples two bodies at a point, with the stiffness w in all directions.
func touch(a, b int, at spatial.Vec, w float64) (r rows3) {
	r.pair = Pair{a, b}
	for k, e := range [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
		r.n[0][k] = spatial.Wrench{Force: e, Torque: spatial.Cross(at, e)}
		r.n[1][k] = r.n[0][k].Scaled(-1)
		r.weight[4*k] = w
	}
	r.g = r.n
	return r
}

// boxes returns free boxes at the given places with four touches on every face that two of them share.
func boxes(at []spatial.Vec, w float64) (*coupled, []Span) {
	var bodies []Body
	var spans []Span
	for i := range at {
		bodies = append(bodies, Body{Parent: World, V: 6 * i, N: 6, Ball: 3, Base: i})
		spans = append(spans, Span{First: i, Last: i + 1, V0: 6 * i, V1: 6*i + 6})
	}
	s := New(bodies)
	c := &coupled{g: s.NewIsland(), dense: &dense{s: s, t: Span{Last: len(at), V1: 6 * len(at)}}}
	for i, x := range at {
		c.a = append(c.a, box(x))
		f := &s.Base[i]
		f.Rot = spatial.Mat3{1, 0, 0, 0, 1, 0, 0, 0, 1}
		f.Axes = [3]spatial.Vec{{X: 1}, {Y: 1}, {Z: 1}}
		f.X2, f.X3 = x, x
		for j := range i {
			c.joins = append(c.joins, face(j, i, at[j], at[i], w)...)
		}
	}
	c.g.Couple(spans, pairs(c.joins))
	return c, spans
}

// face returns the corners of what two unit cubes with parallel edges share, if they touch.
func face(a, b int, x, y spatial.Vec, w float64) (r []rows3) {
	lo := [3]float64{max(x.X, y.X) - 0.5, max(x.Y, y.Y) - 0.5, max(x.Z, y.Z) - 0.5}
	hi := [3]float64{min(x.X, y.X) + 0.5, min(x.Y, y.Y) + 0.5, min(x.Z, y.Z) + 0.5}
	flat := -1
	for k := range 3 {
		switch {
		case hi[k] < lo[k]-1e-9:
			return nil
		case hi[k] < lo[k]+1e-9 && flat >= 0: // an edge
			return nil
		case hi[k] < lo[k]+1e-9:
			flat = k
		}
	}
	for c := range 4 {
		at := lo
		if c&1 != 0 {
			at[(flat+1)%3] = hi[(flat+1)%3]
		}
		if c&2 != 0 {
			at[(flat+2)%3] = hi[(flat+2)%3]
		}
		r = append(r, touch(a, b, spatial.Vec{X: at[0], Y: at[1], Z: at[2]}, w))
	}
	return r
}

// stack returns boxes on each other.
func stack(n int, w float64) (*coupled, []Span) {
	var at []spatial.Vec
	for i := range n {
		at = append(at, spatial.Vec{X: 0.03 * float64(i%3), Z: float64(i)})
	}
	return boxes(at, w)
}
