package pieces

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// thin returns corners of s such that none of the others is outside of their hull by more than slack: where planes cut, rounding leaves
// corners in the middle of edges, and where a mesh is fine there are more than contact needs. It begins with the farthest ones in some directions
// and goes on with what sticks out most of each face, as a hull grows. What is flat stays.
func (s *solid) thin(slack float64) solid {
	if s.volume <= 0 {
		return *s
	}
	taken := make([]bool, len(s.corners))
	var kept []r3.Vec
	take := func(i int) {
		if i >= 0 && !taken[i] {
			taken[i] = true
			kept = append(kept, s.corners[i])
		}
	}
	for x := -1.0; x <= 1; x++ {
		for y := -1.0; y <= 1; y++ {
			for z := -1.0; z <= 1; z++ {
				take(s.farthest(r3.Vec{X: x, Y: y, Z: z}))
			}
		}
	}
	for {
		h := hullOf(kept)
		if h.volume <= 0 {
			return *s
		}
		above := s.above(&h, taken, slack)
		if len(above) == 0 {
			return h
		}
		for _, i := range above {
			take(i)
		}
	}
}

func (s *solid) farthest(d r3.Vec) int {
	best, most := -1, math.Inf(-1)
	for i, x := range s.corners {
		if h := spatial.Dot(d, x); h > most {
			best, most = i, h
		}
	}
	return best
}

// above returns the corners of s that are not taken and above faces of h by more than slack, the highest above each. A corner is above the
// face from which it is farthest.
func (s *solid) above(h *solid, taken []bool, slack float64) (l []int) {
	best, high := make([]int, len(h.faces)), make([]float64, len(h.faces))
	for i, x := range s.corners {
		if taken[i] {
			continue
		}
		face, most := -1, slack
		for k, f := range h.faces {
			if d := h.over(f, x); d > most {
				face, most = k, d
			}
		}
		if face >= 0 && most > high[face] {
			best[face], high[face] = i, most
		}
	}
	for k, i := range best {
		if high[k] > 0 {
			l = append(l, i)
		}
	}
	return l
}

// over returns how high x is above the plane of a face; nothing of one so thin that rounding has turned it.
func (s *solid) over(f [3]int32, x r3.Vec) float64 {
	const sliver = 1e-7 // of its length
	t := s.face(f)
	n := t.across()
	k := t.longest()
	e := spatial.Sub(t[(k+1)%3], t[k])
	if l := spatial.Norm(n); l > sliver*spatial.Dot(e, e) {
		return spatial.Dot(n, spatial.Sub(x, t[0])) / l
	}
	return 0
}
