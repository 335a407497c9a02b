package mjcf

import "math"

// widest is the hinge with the widest range of a file, as it is written: whether the file is in degrees, as nothing said means, or in
// radians is a mistake that many make, and no program can tell from one number.
type widest struct {
	joint *node
	angle float64
}

func (w *widest) add(n *node, angles ...float64) {
	for _, a := range angles {
		if a = math.Abs(a); a > w.angle {
			w.joint, w.angle = n, a
		}
	}
}

// units remarks on ranges that are hardly in the unit they are read in.
func (r *reader) units() {
	const manyTurns = 20 // rad: more than hinges with limits turn
	switch w := &r.widest; {
	case w.joint == nil:
	case r.compiler.radian && w.angle > manyTurns:
		r.notef(w.joint, "its range reaches %.4g rad, as <compiler angle=\"radian\"/> says: is it in degrees?", w.angle)
	case !r.compiler.radian && !r.compiler.degree && w.angle <= 2*math.Pi:
		r.notef(w.joint, "no limited hinge reaches more than %.4g degrees, the unit of files that do not say: are they radians? <compiler angle=\"radian\"/> says so", w.angle)
	}
}
