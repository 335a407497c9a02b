package ipm

import "gonum.org/v1/gonum/spatial/r3"

// Solver holds the scratch memory of solves. It is not safe for concurrent use; its zero value is ready.
type Solver struct {
	Lambda []r3.Vec // multipliers of the last solve, one per block
	U      []r3.Vec // values of the last solve

	p      Problem
	blocks []Block
	at     []where  // the cones of each block
	cones           // of all blocks
	w      []Matrix // condensed matrices, those of blocks first

	bent  []bool   // blocks that do not keep to the straight line, see leap
	give  []give   // what they give
	local []Matrix // scratch memory of that

	branches []branch // of a polished solve
	resF     float64  // norm of F
	gap      float64  // largest |u − s|
	share    float64  // part of the problem's own direction in the current one, see portion
	arc      arc

	// steps of multipliers and values, and the constants of Δλ = k − W Δu
	dl, du, k []r3.Vec

	carrier carrier // of forces of equations

	sharp bool     // directions are corrected for rounding, see sharpen
	more  []r3.Vec // scratch memory of that
}

// attempt is one way of going on, with the κ of the starting point; near is the distance from the path, relative to it, that a thawing run
// allows. Of a gripping run they are that κ in units of the one asked for, and the natural impulses with which it begins.
type attempt struct {
	way   way
	start float64
	near  float64
}

type way uint8

const (
	fast     way = iota // Mehrotra's predictor and corrector, see Solver.fast
	dilating            // with friction that is nearly monotone, see Solver.dilate
	thawing             // along the path on which friction thaws, see Solver.thaw
	sinking             // by leaps from where the fast run jams, see Solver.sink
	careful             // short steps towards a target that is lowered slowly, see Solver.careful
	gripping            // by leaps from where contacts are closed and stick, see Solver.grip
	leaping             // as a warm start, see Solver.leap
)

// attempts are the ways in which a solve is tried in turn; leaps from a warm start and the fast run from Options.Start
// come before them, leaps with sharpened directions after them. What those cannot solve are strongly coupled contacts:
// Coulomb's law is no minimum of anything, so their central path may turn back at a fold, where no step to a smaller κ
// gets on. The path on which friction thaws goes around folds and solves nearly all of them; on it start is the κ of
// the normal parts alone. Few of the rest need the path kept closer, or the careful run. Sinking is for loaded
// problems. What is left are contacts that jam.
var attempts = [...]attempt{
	{fast, 1, 0}, {thawing, 1e-3, 0.5}, {thawing, 1, 0.3}, {sinking, 1, 0}, {careful, 1, 0},
	{gripping, 1e2, boldest}, {gripping, 1e4, boldest}, {gripping, 1e2, 1e3},
}

// sharpened are the last of all, with directions that are corrected for rounding: leaps alone gain by that. Of 216
// parts of steps of random mechanisms that fail in all other ways they solve 24, all others with sharpened directions
// 2.
var sharpened = [...]attempt{{leaping, 0, 0}, {gripping, 1e2, boldest}, {gripping, 1e4, boldest}, {gripping, 1e2, 1e3}}

// Solve iterates until the tolerances hold and returns how it ended. It never panics on numbers: a NaN
// is a status. When the fast iteration fails it starts again, see attempts. Polished, the solution obeys the
// laws of κ = 0; where that fails it is the one at κ, and the result says so.
func (v *Solver) Solve(p Problem, opt Options) Result {
	opt.defaults()
	v.load(p)
	if opt.Polish {
		return v.solvePolished(&opt)
	}
	return v.solve(&opt)
}

// solvePolished goes on to κ = 0 from the point at κ, or at a larger one: where forces are far beyond what is natural, rounding hides κ.
func (v *Solver) solvePolished(opt *Options) Result {
	res := v.startPolish(opt)
	start := res
	if res.Status != Solved {
		loose := *opt
		loose.Polish, loose.Kappa = false, looser*opt.Kappa
		v.p.Reset()
		start = v.solve(&loose).After(res)
		res.Iterations = start.Iterations
	}
	if start.Status != Solved {
		return res
	}
	n, ok := v.polish()
	res.Iterations += n
	switch {
	case ok:
		res.Status, res.Residual, res.Gap, res.Centrality, res.Kappa, res.Polished = Solved, v.resF, v.gap, 0, 0, true
	case res.Status == Solved: // back to the point that was not polished
		v.p.Reset()
		res = v.startPolish(opt).After(res)
	}
	return res
}

// startPolish finds the point at κ. What suits κ = 0 is no start for every problem; but all loaded ones go the same ways
// after the warm start.
func (v *Solver) startPolish(opt *Options) Result {
	res := v.solve(opt)
	if res.Status == Solved || opt.Loaded && opt.Late {
		return res
	}
	plain := *opt
	plain.Polish = false
	v.p.Reset()
	if !opt.Loaded {
		return v.solve(&plain).After(res)
	}
	return v.leap(&plain).After(res)
}

// solve finds the point of the central path at κ.
func (v *Solver) solve(opt *Options) Result {
	if opt.Onward {
		return v.leap(opt)
	}
	var res Result
	if !opt.Late && opt.Warm && v.count() > 0 {
		if res = v.leap(opt); res.Status == Solved {
			return res
		}
		v.p.Reset()
	}
	first := attempt{way: fast, start: opt.Start}
	if (opt.Loaded || opt.Jointed && !opt.Polish) && v.dilatable() {
		first.way = dilating
	}
	if !opt.Late {
		if res = v.try(first, opt).After(res); res.Status == Solved {
			return res
		}
		if first.way == dilating && opt.Loaded && max(res.Residual, res.Gap) < nearby {
			v.p.Reset()
			if res = v.descend(opt).After(res); res.Status == Solved {
				return res
			}
		}
		if first.way == dilating && !opt.Loaded && (res.Kappa < arrived*opt.Kappa || max(res.Residual, res.Gap) < nearby) {
			v.p.Reset()
			if res = v.fast(opt, opt.Start).After(res); res.Status == Solved { // and where nothing has an interior the fast run alone tells that
				return res
			}
		}
	}
	res = v.tryAll(attempts[:], first, opt, res)
	if _, v.sharp = v.p.(Refiner); v.sharp {
		res = v.tryAll(sharpened[:], first, opt, res)
		v.sharp = false
	}
	return res
}

// tryAll goes the given ways in turn after res, without the first.
func (v *Solver) tryAll(ways []attempt, first attempt, opt *Options, res Result) Result {
	for _, a := range ways {
		if res.Status == Solved || res.Status == NotFinite || v.count() == 0 || opt.NoFallback {
			break
		}
		if opt.leavesOut(a, first) {
			continue
		}
		v.p.Reset()
		res = v.try(a, opt).After(res)
	}
	return res
}

// leavesOut reports whether way a is not tried after the first. Where that dilates, of ways that rarely help hardly any
// does: of 58 loaded problems sinking solved eleven, the careful run two, and gripping four of 86, at 150 iterations
// each.
func (o *Options) leavesOut(a, first attempt) bool {
	switch {
	case a.way == fast:
		return a == first || first.way != fast
	case a.way == sinking && !o.Loaded:
		return true
	case a.way >= sinking:
		return o.Spare && (!o.Loaded || first.way == dilating)
	}
	return false
}

// try goes one way.
func (v *Solver) try(a attempt, opt *Options) Result {
	switch a.way {
	case dilating:
		return v.dilate(opt, a.start)
	case thawing:
		return v.thaw(opt, a.start, a.near)
	case sinking:
		return v.sink(opt, a.start)
	case careful:
		return v.careful(opt, a.start)
	case leaping:
		return v.leap(opt)
	case gripping:
		return v.grip(opt, a.start, a.near)
	default:
		return v.fast(opt, a.start)
	}
}

// load sizes the scratch memory for p.
func (v *Solver) load(p Problem) {
	v.p, v.blocks = p, p.Blocks()
	n := len(v.blocks)
	v.Lambda, v.U, v.dl, v.du, v.k = grow(v.Lambda, n), grow(v.U, n), grow(v.dl, n), grow(v.du, n), grow(v.k, n)
	v.at, v.more = grow(v.at, n), grow(v.more, n)
	v.bent, v.give, v.local, v.branches = grow(v.bent, n), grow(v.give, n), grow(v.local, n), grow(v.branches, n)
	v.clear()
	last := n
	for i := range v.blocks {
		if v.at[i] = v.add(&v.blocks[i]); v.blocks[i].Kind == Turn {
			v.at[i].across, last = last, last+2
		}
	}
	v.w = grow(v.w, last)
	v.share = 1
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
