package pieces

import (
	"cmp"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

const (
	slabs      = 8  // across a direction
	mostDents  = 12 // planes of creases that are tried
	bestDents  = 3  // candidates of them
	touching   = 1e-9
	useless    = 10   // what a cut costs that leaves the worst point where it is
	unbalanced = 0.05 // what a cut that leaves all on one side costs of the size of the whole
)

// cutter looks for the plane that divides a part best: such that the hulls of both sides are small. Where that is a tie, as of a ring,
// the sides shall be alike. Of each family of planes the best is a candidate, and so are those through the point of its hull that is farthest
// outside: of a tube no cut makes the hulls smaller, but a cut along it is half of what two do.
type cutter struct {
	b         *body
	tolerance float64
	found     []candidate
}

type candidate struct {
	plane
	cost float64
}

// begin begins another family.
func (c *cutter) begin() { c.found = append(c.found, candidate{cost: math.Inf(1)}) }

func (c *cutter) try(p plane, behind, front *solid) {
	if len(behind.faces) == 0 || len(front.faces) == 0 {
		return
	}
	best := &c.found[len(c.found)-1]
	if cost := sides(behind, front, c.tolerance); cost < best.cost*(1-1e-9) {
		*best = candidate{p, cost}
	}
}

// sides is what the hulls of both sides cost.
func sides(behind, front *solid, tolerance float64) float64 {
	x, y := behind.size(tolerance), front.size(tolerance)
	return x + y + unbalanced*math.Abs(x-y)
}

// cut divides p in two, and reports false where no plane does. Of the candidates it takes the one that leaves the least outside.
func (b *body) cut(whole *part, tolerance float64) (behind, front *part, ok bool) {
	p := whole.thinned(math.Min(whole.outside/4, b.size/32))
	c := &cutter{b: b, tolerance: tolerance}
	for _, w := range b.dents(p) {
		c.begin()
		low, high := clip(p.triangles, w, touching*b.size)
		x, y := hullOf(points(low, p.on(&w, -1))), hullOf(points(high, p.on(&w, 1)))
		c.try(w, &x, &y)
	}
	slices.SortStableFunc(c.found, func(x, y candidate) int { return cmp.Compare(x.cost, y.cost) })
	c.found = c.found[:min(len(c.found), bestDents)]
	for _, n := range p.axes() {
		c.found = append(c.found, candidate{plane: through(n, p.worst)})
		c.begin()
		c.across(p, n)
	}
	best, least := plane{}, math.Inf(1)
	for _, f := range c.found {
		if cost := c.judge(p, f.plane); cost < least*(1-1e-9) {
			best, least = f.plane, cost
		}
	}
	if math.IsInf(least, 1) {
		return nil, nil, false
	}
	low, high := clip(whole.triangles, best, touching*b.size)
	return b.half(whole, low, best), b.half(whole, high, best.turned()), len(low) > 0 && len(high) > 0
}

// judge returns what a plane costs by what is outside afterwards, relative to p; infinite where it divides nothing.
func (c *cutter) judge(p *part, w plane) float64 {
	low, high := clip(p.triangles, w, touching*c.b.size)
	if len(low) == 0 || len(high) == 0 {
		return math.Inf(1)
	}
	x, y := c.b.half(p, low, w), c.b.half(p, high, w.turned())
	if len(x.piece.faces) == 0 || len(y.piece.faces) == 0 {
		return math.Inf(1)
	}
	enough := math.Max(c.tolerance, p.outside/8)
	cost := sides(&x.piece, &y.piece, c.tolerance) / p.piece.size(c.tolerance)
	dx, _ := c.b.outside(&x.piece, enough, coarse, fewPatches)
	dy, _ := c.b.outside(&y.piece, enough, coarse, fewPatches)
	if d := math.Max(dx, dy); d > enough {
		cost += d / p.outside
	}
	eps := touching * c.b.size
	if h := w.height(p.worst); math.Abs(h) > p.outside/2 && (h < 0 && x.piece.holds(p.worst, eps) || h > 0 && y.piece.holds(p.worst, eps)) {
		cost += useless
	}
	return cost
}

// half returns the part of p that is behind a wall.
func (b *body) half(p *part, triangles []triangle, wall plane) *part {
	h := &part{of: p.of, triangles: triangles, walls: append(p.walls[:len(p.walls):len(p.walls)], wall), inner: p.on(&wall, -1)}
	n := len(p.walls)
	for i := range n {
		for j := range i {
			x, ok := meet(&h.walls[i], &h.walls[j], &wall)
			if !ok || !h.within(x, touching*b.size) || !p.of.holds(x) {
				continue
			}
			if d, _ := p.of.tree.nearest(x); d > touching*b.size { // what is on the surface is where its triangles are
				h.inner = append(h.inner, x)
			}
		}
	}
	h.piece = hullOf(points(triangles, h.inner))
	return h
}

// holds reports whether x is in s.
func (s *solid) holds(x r3.Vec, eps float64) bool {
	for _, f := range s.faces {
		if s.over(f, x) > eps {
			return false
		}
	}
	return true
}

// within reports whether x is behind all walls of p.
func (p *part) within(x r3.Vec, eps float64) bool {
	for i := range p.walls {
		if p.walls[i].height(x) > eps {
			return false
		}
	}
	return true
}

// on returns the inner points of p on a side of w.
func (p *part) on(w *plane, side float64) (l []r3.Vec) {
	for _, x := range p.inner {
		if side*w.height(x) >= 0 {
			l = append(l, x)
		}
	}
	return l
}

// meet returns the point of three planes, and false where they have none to speak of.
func meet(p, q, r *plane) (r3.Vec, bool) {
	qr, rp, pq := spatial.Cross(q.n, r.n), spatial.Cross(r.n, p.n), spatial.Cross(p.n, q.n)
	det := spatial.Dot(p.n, qr)
	if math.Abs(det) < 1e-6 {
		return r3.Vec{}, false
	}
	x := spatial.Add(spatial.Scale(p.d, qr), spatial.Add(spatial.Scale(q.d, rp), spatial.Scale(r.d, pq)))
	return spatial.Scale(1/det, x), true
}

// dents returns the planes along the creases of p that have the most of them: lengths times sines.
func (b *body) dents(p *part) []plane {
	type found struct {
		plane
		weight float64
	}
	at := map[[4]int64]int{}
	var l []found
	grid := func(x float64) int64 { return int64(math.Round(1e6 * x)) }
	for i := range b.creases {
		c := &b.creases[i]
		length := p.length(c.a, c.b)
		if length < touching*b.size {
			continue
		}
		for _, w := range c.planes {
			if w.n == (r3.Vec{}) {
				continue
			}
			if compareVec(w.n, r3.Vec{}) < 0 {
				w = w.turned()
			}
			key := [4]int64{grid(w.n.X), grid(w.n.Y), grid(w.n.Z), grid(w.d / b.size)}
			k, ok := at[key]
			if !ok {
				k = len(l)
				at[key] = k
				l = append(l, found{plane: w})
			}
			l[k].weight += length * c.sharp
		}
	}
	slices.SortStableFunc(l, func(x, y found) int { return cmp.Compare(y.weight, x.weight) })
	var out []plane
	for _, f := range l[:min(len(l), mostDents)] {
		out = append(out, f.plane)
	}
	return out
}

// length returns how much of the segment from a to b is behind the walls of p, of what is p's and not on a wall.
func (p *part) length(a, b r3.Vec) float64 {
	from, to := 0.0, 1.0
	l := spatial.Norm(spatial.Sub(b, a))
	for i := range p.walls {
		ha, hb := p.walls[i].height(a)+touching*l, p.walls[i].height(b)+touching*l
		switch {
		case ha >= 0 && hb >= 0:
			return 0
		case ha > 0:
			from = math.Max(from, ha/(ha-hb))
		case hb > 0:
			to = math.Min(to, ha/(ha-hb))
		}
	}
	return l * math.Max(0, to-from)
}

// axes returns the directions across which p is cut: those of the mesh, and those along which p is long, where they are others.
func (p *part) axes() []r3.Vec {
	out := []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}
	for _, a := range principal(p.triangles) {
		if math.Max(math.Abs(a.X), math.Max(math.Abs(a.Y), math.Abs(a.Z))) < 0.999 {
			out = append(out, a)
		}
	}
	return out
}

// across tries the planes across n that divide p into slabs of the same height. The hulls of one slab after another are added up from both
// sides, so that a direction costs not much more than one plane.
func (c *cutter) across(p *part, n r3.Vec) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range p.piece.corners {
		h := spatial.Dot(n, x)
		low, high = math.Min(low, h), math.Max(high, h)
	}
	step := (high - low) / slabs
	if !(step > touching*c.b.size) {
		return
	}
	var slab, sections [slabs + 1][]r3.Vec // section k is on the plane below slab k
	place := func(x r3.Vec) int { return max(0, min(slabs-1, int((spatial.Dot(n, x)-low)/step))) }
	for i := range p.triangles {
		t := &p.triangles[i]
		for k, a := range t {
			e := t[(k+1)%3]
			from, to := place(a), place(e)
			slab[from] = append(slab[from], a)
			for j := min(from, to) + 1; j <= max(from, to); j++ {
				d := low + step*float64(j)
				if ha, he := spatial.Dot(n, a)-d, spatial.Dot(n, e)-d; ha*he < 0 {
					sections[j] = append(sections[j], crossing(a, e, ha, he))
				}
			}
		}
	}
	for _, x := range p.inner {
		slab[place(x)] = append(slab[place(x)], x)
	}
	for k := range slabs {
		slab[k] = hullPoints(slices.Concat(slab[k], sections[k], sections[k+1]))
	}
	var behind, front [slabs + 1]solid
	for k := 1; k < slabs; k++ {
		behind[k] = hullOf(slices.Concat(behind[k-1].corners, slab[k-1]))
		j := slabs - k
		front[j] = hullOf(slices.Concat(front[j+1].corners, slab[j]))
	}
	for k := 1; k < slabs; k++ {
		c.try(plane{n, low + step*float64(k)}, &behind[k], &front[k])
	}
}

// hullPoints returns the corners of the hull of points; all where it is a line.
func hullPoints(l []r3.Vec) []r3.Vec {
	if s := hullOf(l); len(s.faces) > 0 {
		return s.corners
	}
	return l
}

// principal returns the axes of the surface's second moments, found by Jacobi's rotations (1846).
func principal(all []triangle) [3]r3.Vec {
	var center r3.Vec
	total := 0.0
	for i := range all {
		t := &all[i]
		w := spatial.Norm(t.across())
		total += w
		center = spatial.AddScaled(center, w/3, spatial.Add(t[0], spatial.Add(t[1], t[2])))
	}
	center = spatial.Scale(1/total, center)
	var m, v [3][3]float64
	for i := range all {
		t := &all[i]
		w := spatial.Norm(t.across()) / total
		for _, x := range t {
			d := spatial.Sub(x, center)
			p := [3]float64{d.X, d.Y, d.Z}
			for r := range 3 {
				for s := range 3 {
					m[r][s] += w * p[r] * p[s]
				}
			}
		}
	}
	for k := range v {
		v[k][k] = 1
	}
	for range 30 {
		for _, at := range [3][2]int{{0, 1}, {0, 2}, {1, 2}} {
			rotate(&m, &v, at[0], at[1])
		}
	}
	var out [3]r3.Vec
	for k := range out {
		out[k] = r3.Vec{X: v[0][k], Y: v[1][k], Z: v[2][k]}
	}
	return out
}

// rotate takes m[i][j] away by a rotation, and turns v along.
func rotate(m, v *[3][3]float64, i, j int) {
	if math.Abs(m[i][j]) <= 1e-15*(m[i][i]+m[j][j]) {
		return
	}
	h := (m[j][j] - m[i][i]) / (2 * m[i][j])
	t := math.Copysign(1, h) / (math.Abs(h) + math.Sqrt(1+h*h))
	c := 1 / math.Sqrt(1+t*t)
	s := t * c
	for k := range 3 {
		m[k][i], m[k][j] = c*m[k][i]-s*m[k][j], s*m[k][i]+c*m[k][j]
	}
	for k := range 3 {
		m[i][k], m[j][k] = c*m[i][k]-s*m[j][k], s*m[i][k]+c*m[j][k]
		v[k][i], v[k][j] = c*v[k][i]-s*v[k][j], s*v[k][i]+c*v[k][j]
	}
}
