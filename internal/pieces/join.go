package pieces

import (
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// joiner joins pieces that have a common hull within the tolerance, those first whose hull adds the least to theirs.
type joiner struct {
	b    *body
	opt  Options
	all  []*part // nil of what was joined to another
	left int
	pair []couple
	done int // pairs that were joined
}

type couple struct {
	i, j    int
	cost    float64
	refused bool
}

func (j *joiner) join() {
	j.left = len(j.all)
	for i := range j.all {
		j.opt.say(j.left)
		for k := range i {
			j.consider(k, i)
		}
	}
	for {
		at := j.next(false)
		if at < 0 {
			break
		}
		j.opt.say(j.left)
		c := &j.pair[at]
		p := j.common(c)
		most := math.Max(j.opt.Tolerance, math.Max(j.all[c.i].outside, j.all[c.j].outside))
		if p.outside, _ = j.b.outside(&p.piece, most, math.Inf(1), mostPatches); p.outside > most {
			c.refused = true
			continue
		}
		j.replace(*c, p)
	}
	for j.left > j.opt.Most { // given up
		at := j.next(true)
		if at < 0 {
			break
		}
		p := j.common(&j.pair[at])
		p.outside, _ = j.b.outside(&p.piece, j.opt.Tolerance, coarse, mostPatches)
		j.replace(j.pair[at], p)
	}
	j.all = slices.DeleteFunc(j.all, func(p *part) bool { return p == nil })
}

// consider lists a pair whose boxes are within the tolerance of each other, or any where there are more pieces than wanted.
func (j *joiner) consider(i, k int) {
	a, b := &j.all[i].piece, &j.all[k].piece
	if j.left <= j.opt.Most && !near(a, b, j.opt.Tolerance) {
		return
	}
	both := hullOf(slices.Concat(a.corners, b.corners))
	t := j.opt.Tolerance
	j.pair = append(j.pair, couple{i: i, j: k, cost: both.size(t) - a.size(t) - b.size(t)})
}

func near(a, b *solid, margin float64) bool {
	al, ah := spatial.Bounds(a.corners)
	bl, bh := spatial.Bounds(b.corners)
	d := r3.Vec{X: max(al.X-bh.X, bl.X-ah.X), Y: max(al.Y-bh.Y, bl.Y-ah.Y), Z: max(al.Z-bh.Z, bl.Z-ah.Z)}
	return max(d.X, d.Y, d.Z) <= margin
}

// next returns the pair that costs the least, of all or of those not refused; -1 where there is none.
func (j *joiner) next(refused bool) int {
	at := -1
	for i := range j.pair {
		if c := &j.pair[i]; (refused || !c.refused) && (at < 0 || c.cost < j.pair[at].cost) {
			at = i
		}
	}
	return at
}

func (j *joiner) common(c *couple) *part {
	return &part{piece: hullOf(slices.Concat(j.all[c.i].piece.corners, j.all[c.j].piece.corners))}
}

// replace puts p in the place of a pair.
func (j *joiner) replace(c couple, p *part) {
	j.all[c.i], j.all[c.j] = p, nil
	j.left--
	j.done++
	j.pair = slices.DeleteFunc(j.pair, func(x couple) bool { return x.i == c.i || x.j == c.i || x.i == c.j || x.j == c.j })
	for k := range j.all {
		if k != c.i && j.all[k] != nil {
			j.consider(min(k, c.i), max(k, c.i))
		}
	}
}
