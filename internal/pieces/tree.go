package pieces

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// tree is boxes around triangles, each the two halves of its own along its longest side.
type tree struct {
	all  []triangle
	node []node
}

type node struct {
	low, high r3.Vec
	from, to  int32  // triangles
	kids      int32  // the first of two, 0 of a leaf
	center    r3.Vec // of the surface
	normal    r3.Vec // sum of areas times normals
	radius    float64
}

const leaf = 4 // triangles

func newTree(all []triangle) *tree {
	t := &tree{all: slices.Clone(all), node: []node{{to: int32(len(all))}}}
	for i := 0; i < len(t.node); i++ {
		t.measure(&t.node[i])
		n := t.node[i]
		if n.to-n.from <= leaf {
			continue
		}
		d := spatial.Sub(n.high, n.low)
		along := r3.Vec{X: 1}
		if d.Y > max(d.X, d.Z) {
			along = r3.Vec{Y: 1}
		} else if d.Z > d.X {
			along = r3.Vec{Z: 1}
		}
		middle := func(t *triangle) float64 {
			return spatial.Dot(along, spatial.Add(t[0], spatial.Add(t[1], t[2])))
		}
		slices.SortStableFunc(t.all[n.from:n.to], func(a, b triangle) int {
			switch x, y := middle(&a), middle(&b); {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
		half := (n.from + n.to) / 2
		t.node[i].kids = int32(len(t.node))
		t.node = append(t.node, node{from: n.from, to: half}, node{from: half, to: n.to})
	}
	return t
}

func (t *tree) measure(n *node) {
	part := t.all[n.from:n.to]
	n.low, n.high = extent(part)
	total := 0.0
	for i := range part {
		f := &part[i]
		a := f.across()
		n.normal = spatial.AddScaled(n.normal, 0.5, a)
		w := spatial.Norm(a)
		total += w
		n.center = spatial.AddScaled(n.center, w/3, spatial.Add(f[0], spatial.Add(f[1], f[2])))
	}
	n.center = spatial.Scale(1/total, n.center)
	for i := range part {
		for _, p := range part[i] {
			n.radius = math.Max(n.radius, spatial.Norm(spatial.Sub(p, n.center)))
		}
	}
}

// away returns the square of the distance of x from the box of n.
func (n *node) away(x r3.Vec) float64 {
	d := r3.Vec{X: max(n.low.X-x.X, 0, x.X-n.high.X), Y: max(n.low.Y-x.Y, 0, x.Y-n.high.Y), Z: max(n.low.Z-x.Z, 0, x.Z-n.high.Z)}
	return spatial.Dot(d, d)
}

// nearest returns the distance of x from the surface and the triangle that is as near.
func (t *tree) nearest(x r3.Vec) (float64, *triangle) {
	type near struct {
		away float64
		node int32
	}
	best, at := math.Inf(1), int32(0)
	var room [64]near
	stack := append(room[:0], near{})
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if top.away >= best {
			continue
		}
		n := &t.node[top.node]
		if n.kids == 0 {
			for i := n.from; i < n.to; i++ {
				if d := t.all[i].away(x); d < best {
					best, at = d, i
				}
			}
			continue
		}
		a, b := near{t.node[n.kids].away(x), n.kids}, near{t.node[n.kids+1].away(x), n.kids + 1}
		if a.away < b.away {
			a, b = b, a
		}
		if a.away < best {
			stack = append(stack, a)
		}
		if b.away < best {
			stack = append(stack, b)
		}
	}
	return math.Sqrt(best), &t.all[at]
}

// away returns the square of the distance of x from t (Ericson, "Real-Time Collision Detection", 2005, section 5.1.5: by the region
// of the plane of t above which x is).
func (t *triangle) away(x r3.Vec) float64 {
	ab, ac, ax := spatial.Sub(t[1], t[0]), spatial.Sub(t[2], t[0]), spatial.Sub(x, t[0])
	n := spatial.Cross(ab, ac)
	inside := true
	least := math.Inf(1)
	for k := range t {
		e, w := spatial.Sub(t[(k+1)%3], t[k]), spatial.Sub(x, t[k])
		if spatial.Dot(spatial.Cross(n, e), w) >= 0 {
			continue
		}
		inside = false
		s := math.Max(0, math.Min(1, spatial.Dot(e, w)/spatial.Dot(e, e)))
		d := spatial.AddScaled(w, -s, e)
		least = math.Min(least, spatial.Dot(d, d))
	}
	if inside {
		h := spatial.Dot(n, ax)
		return h * h / spatial.Dot(n, n)
	}
	return least
}

// winding returns how often the surface goes around x: 1 inside of a closed one, 0 outside. Of triangles far away the sum is
// taken for a dipole (Barill, Dickson, Schmidt, Levin and Jacobson, "Fast winding numbers for soups and clouds", 2018).
func (t *tree) winding(x r3.Vec) float64 {
	const far = 3 // radii
	sum := 0.0
	var room [64]int32
	stack := append(room[:0], 0)
	for len(stack) > 0 {
		n := &t.node[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		d := spatial.Sub(n.center, x)
		l := spatial.Norm(d)
		switch {
		case l > far*n.radius:
			sum += spatial.Dot(n.normal, d) / (l * l * l)
		case n.kids == 0:
			for i := n.from; i < n.to; i++ {
				sum += t.all[i].angle(x)
			}
		default:
			stack = append(stack, n.kids+1, n.kids)
		}
	}
	return sum / (4 * math.Pi)
}

// angle returns the solid angle of t from x, positive from behind (van Oosterom and Strackee, "The solid angle of a plane triangle", 1983).
func (t *triangle) angle(x r3.Vec) float64 {
	a, b, c := spatial.Sub(t[0], x), spatial.Sub(t[1], x), spatial.Sub(t[2], x)
	la, lb, lc := spatial.Norm(a), spatial.Norm(b), spatial.Norm(c)
	det := spatial.Dot(a, spatial.Cross(b, c))
	return 2 * math.Atan2(det, la*lb*lc+spatial.Dot(a, b)*lc+spatial.Dot(b, c)*la+spatial.Dot(c, a)*lb)
}

// crossings returns how often the ray from x along an axis, 0 for z, 1 for x and 2 for y, leaves the surface more than it enters, which is
// the winding number where the surface is closed, and ten times as fast. It is not sure where the ray meets an edge.
func (t *tree) crossings(x r3.Vec, along int) (count int, sure bool) {
	x = cycled(x, along)
	var room [64]int32
	stack := append(room[:0], 0)
	for len(stack) > 0 {
		n := &t.node[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		low, high := cycled(n.low, along), cycled(n.high, along)
		if x.X < low.X || x.Y < low.Y || x.X > high.X || x.Y > high.Y || x.Z > high.Z {
			continue
		}
		if n.kids > 0 {
			stack = append(stack, n.kids+1, n.kids)
			continue
		}
		for i := n.from; i < n.to; i++ {
			f := &t.all[i]
			c, ok := (&triangle{cycled(f[0], along), cycled(f[1], along), cycled(f[2], along)}).crossed(x)
			if !ok {
				return 0, false
			}
			count += c
		}
	}
	return count, true
}

// cycled returns x with its coordinates moved on in a circle, so that the axis of a ray is z.
func cycled(x r3.Vec, along int) r3.Vec {
	switch along {
	case 1:
		return r3.Vec{X: x.Y, Y: x.Z, Z: x.X}
	case 2:
		return r3.Vec{X: x.Z, Y: x.X, Z: x.Y}
	}
	return x
}

// crossed returns 1 where the ray from x along z leaves through t, −1 where it enters, 0 where it misses; and whether that is sure.
func (t *triangle) crossed(x r3.Vec) (int, bool) {
	const rounding = 1e-12
	left, right := 0, 0
	doubt := false
	for k := range t {
		u, v := spatial.Sub(t[k], x), spatial.Sub(t[(k+1)%3], x)
		p, q := u.X*v.Y, u.Y*v.X
		switch e := p - q; {
		case math.Abs(e) <= rounding*(math.Abs(p)+math.Abs(q)):
			doubt = true
		case e > 0:
			left++
		default:
			right++
		}
	}
	if left > 0 && right > 0 {
		return 0, true
	}
	n := t.across()
	below := spatial.Dot(n, spatial.Sub(t[0], x)) // as the ray runs to t, times how n faces it
	switch {
	case doubt || below == 0:
		return 0, false
	case left > 0 && below > 0:
		return 1, true
	case right > 0 && below < 0:
		return -1, true
	}
	return 0, true
}
