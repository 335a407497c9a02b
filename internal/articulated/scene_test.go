package articulated

import (
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Scenes of known structure, to count and to time.

func nan() float64 { return math.NaN() }

// scene is an island of known structure: trees, of hinges and with or without a free base, and touches of four points.
type scene struct {
	name  string
	trees []shape
	pairs []Pair
}

// shape is a tree by the parents of its bodies. A free one has a free base.
type shape struct {
	free    bool
	parents []int
}

// limbs returns a tree of a root and chains of the given lengths, each on the body named with it.
func limbs(free bool, on ...[2]int) shape {
	s := shape{free, []int{World}}
	for _, l := range on {
		p := l[0]
		for range l[1] {
			s.parents = append(s.parents, p)
			p = len(s.parents) - 1
		}
	}
	return s
}

// chain returns a chain of hinges.
func chain(n int) shape { return limbs(false, [2]int{0, n - 1}) }

// quadruped has four legs of three hinges, the calves of two pairs of legs together.
func quadruped() scene {
	return scene{"quadruped", []shape{limbs(true, [2]int{0, 3}, [2]int{0, 3}, [2]int{0, 3}, [2]int{0, 3})}, []Pair{{3, 6}, {9, 12}}}
}

// humanoid has 29 hinges: legs of 6, a waist of 3, arms of 7; its hands on its thighs, its feet together.
func humanoid() scene {
	s := limbs(true, [2]int{0, 6}, [2]int{0, 6}, [2]int{0, 3}, [2]int{15, 7}, [2]int{15, 7})
	return scene{"humanoid", []shape{s}, []Pair{{22, 3}, {29, 9}, {6, 12}}}
}

// grip is an arm of seven hinges with two fingers on a free cube.
func grip() scene {
	return scene{"arm, gripper, cube", []shape{limbs(false, [2]int{0, 6}, [2]int{6, 1}, [2]int{6, 1}), limbs(true)}, []Pair{{7, 9}, {8, 9}}}
}

// hand is an arm of seven hinges with four fingers of four, which touch an object with three links each.
func hand() scene {
	s := scene{"arm, 4-finger hand, object", []shape{limbs(false, [2]int{0, 6}, [2]int{6, 4}, [2]int{6, 4}, [2]int{6, 4}, [2]int{6, 4}), limbs(true)}, nil}
	for f := range 4 {
		for k := range 3 {
			s.pairs = append(s.pairs, Pair{8 + 4*f + k, 23})
		}
	}
	return s
}

// make returns the scene with touches of stiffness w at random places.
func (sc scene) make(w float64) (*coupled, []Span) {
	rng := rand.New(rand.NewPCG(1, 2))
	var bodies []Body
	var spans []Span
	v, bases := 0, 0
	for _, sh := range sc.trees {
		t := Span{First: len(bodies), V0: v}
		for i, p := range sh.parents {
			b := Body{Parent: World, V: v, N: 1, Ball: -1, Base: -1}
			if p != World {
				b.Parent = t.First + p
			} else if i == 0 && sh.free {
				b.N, b.Ball, b.Base = 6, 3, bases
				bases++
			}
			v += b.N
			bodies = append(bodies, b)
		}
		t.Last, t.V1 = len(bodies), v
		spans = append(spans, t)
	}
	s := New(bodies)
	c := &coupled{g: s.NewIsland(), dense: &dense{s: s, t: Span{Last: len(bodies), V1: v}}}
	for i := range bodies {
		fill(s, rng, i)
		c.a = append(c.a, box(vec(rng)))
	}
	for _, p := range sc.pairs {
		for range 4 {
			c.joins = append(c.joins, touch(p.A, p.B, vec(rng), w))
		}
	}
	c.g.Couple(spans, pairs(c.joins))
	return c, spans
}

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

// wall returns a wall about as wide as high, every other row by half a box to the side.
func wall(n int, w float64) (*coupled, []Span) {
	var at []spatial.Vec
	width := int(math.Sqrt(float64(n)))
	for i := range n {
		row := i / width
		at = append(at, spatial.Vec{X: float64(i%width) + 0.5*float64(row%2), Z: float64(row)})
	}
	return boxes(at, w)
}

// heap returns a block of boxes about as deep and wide as high, every other layer by half a box to the side and back.
func heap(n int, w float64) (*coupled, []Span) {
	var at []spatial.Vec
	width := int(math.Cbrt(float64(n)))
	for i := range n {
		z := i / (width * width)
		h := 0.5 * float64(z%2)
		at = append(at, spatial.Vec{X: float64(i%width) + h, Y: float64(i/width%width) + h, Z: float64(z)})
	}
	return boxes(at, w)
}

// ladder returns two chains whose bodies touch in pairs all along.
func ladder(n int, w float64) (*coupled, []Span) {
	s := scene{"ladder", []shape{chain(n), chain(n)}, nil}
	for i := range n {
		s.pairs = append(s.pairs, Pair{i, n + i})
	}
	return s.make(w)
}
