package pieces

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r3"
)

// Options say how fine the pieces are.
type Options struct {
	Tolerance float64         // m: how far outside of the mesh pieces may be. Less than finest is that
	Most      int             // pieces, 0 for DefaultMost. Where they do not suffice the tolerance does not hold
	Progress  func(parts int) // hears how many there are, at every cut and whenever some are joined; nil: nobody does
}

func (o *Options) say(parts int) {
	if o.Progress != nil {
		o.Progress(parts)
	}
}

// DefaultMost is how many pieces a mesh has at most where nothing else is said.
const DefaultMost = 64

// MostTriangles is how many a mesh may have to be divided, which then takes minutes.
const MostTriangles = 1_000_000

// Result is a mesh as convex pieces.
type Result struct {
	Pieces  [][]r3.Vec // the corners of each (m), in an order of their own
	Outside float64    // m: how far pieces are outside of the mesh at most; anything up to Found where that is no more
	Found   float64    // m: what is no farther outside was not looked at more closely
	Sought  float64    // m: the tolerance, or finest where that is more
	Joined  int        // pieces that were joined to others again
	Sheet   bool       // some of the mesh is no solid, but a sheet with no inside
}

// To what part distances are found: those that are told, and those by which the next cut is chosen.
const (
	fine   = 1.0 / 16
	coarse = 1.0 / 4
)

// finest is the least tolerance there is a search for, of the size of a mesh. Finer ones take minutes, since faces are looked at in patches of about
// their size, and the most pieces hold them only where faces are flat, which are then found exactly all the same.
const finest = 1.0 / 2000

// cuts bounds the work: so many cuts per piece wanted.
const cuts = 4

// Of divides a mesh, triangles of indices of vertices (m), into convex pieces that hold all of its surface, but for a sixteenth of the
// tolerance where there are several. What is convex is one piece, its hull.
func Of(vertices []r3.Vec, triangles [][3]int32, opt Options) (*Result, error) {
	if opt.Most == 0 {
		opt.Most = DefaultMost
	}
	if !(opt.Tolerance > 0) || math.IsInf(opt.Tolerance, 1) || opt.Most < 1 {
		return nil, fmt.Errorf("pieces: the tolerance is %g m and the most pieces are %d, want positive numbers", opt.Tolerance, opt.Most)
	}
	if n := len(triangles); n > MostTriangles {
		return nil, fmt.Errorf("pieces: the mesh has %d triangles, want at most %d: simplify it", n, MostTriangles)
	}
	b, err := newBody(vertices, triangles, opt.Most)
	if err != nil {
		return nil, fmt.Errorf("pieces: %w", err)
	}
	opt.Tolerance = math.Max(opt.Tolerance, finest*b.size)
	parts := b.divide(opt)
	if len(parts) == 0 {
		return nil, errors.New("pieces: the mesh is too thin to have a hull")
	}
	j := &joiner{b: b, opt: opt, all: parts}
	j.join()
	r := &Result{Joined: j.done, Sought: opt.Tolerance, Found: fine * math.Min(opt.Tolerance, b.size/8)} // of a tolerance that holds any mesh is nothing to be learned
	for _, c := range b.components {
		r.Sheet = r.Sheet || c.sheet
	}
	slices.SortStableFunc(j.all, func(a, b *part) int { return cmp.Compare(b.piece.volume, a.piece.volume) })
	for _, p := range j.all {
		if len(j.all) > 1 {
			p.piece = p.piece.thin(fine * opt.Tolerance)
		}
		r.Pieces = append(r.Pieces, p.piece.corners)
		d, _ := b.outside(&p.piece, math.Max(r.Outside, r.Found), fine, mostPatches)
		r.Outside = math.Max(r.Outside, d)
	}
	return r, nil
}

// Outside returns how far the hull of a mesh is outside of it (m). It may be anything up to enough where it is no more than that.
func Outside(vertices []r3.Vec, triangles [][3]int32, enough float64) (float64, error) {
	b, err := newBody(vertices, triangles, DefaultMost)
	if err != nil {
		return 0, fmt.Errorf("pieces: %w", err)
	}
	s := hullOf(points(b.surface.all, nil))
	d, _ := b.outside(&s, enough, fine, mostPatches)
	return d, nil
}

// divide cuts what is farthest outside until all is within the tolerance, or too often.
func (b *body) divide(opt Options) (parts []*part) {
	add := func(p *part) {
		if len(p.piece.faces) > 0 { // what is a line is an edge of others
			p.outside, p.worst = b.outside(&p.piece, opt.Tolerance, coarse, mostPatches)
			parts = append(parts, p)
		}
	}
	for _, c := range b.components {
		add(&part{of: c, triangles: c.all, piece: hullOf(points(c.all, nil))})
	}
	whole := map[*part]bool{} // what no plane divides
	for len(parts) < cuts*opt.Most {
		at := -1
		for i, p := range parts {
			if p.outside > opt.Tolerance && !whole[p] && (at < 0 || p.outside > parts[at].outside) {
				at = i
			}
		}
		if at < 0 {
			break
		}
		opt.say(len(parts))
		if b.memory == nil {
			b.memory = make(memory, remembered)
		}
		behind, front, ok := b.cut(parts[at], opt.Tolerance)
		if !ok {
			whole[parts[at]] = true
			continue
		}
		parts = slices.Delete(parts, at, at+1)
		add(behind)
		add(front)
	}
	return parts
}
