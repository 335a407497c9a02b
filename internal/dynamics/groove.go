package dynamics

import "math"

const (
	// sharp is the distance from zero, of unit vectors, below which a hull counts as having it inside: grooves of less
	// than twice that half angle are slots.
	sharp = 1e-2
	// approaches is how many steps are taken toward the nearest point of a hull. What is left falls as one over their square root.
	approaches = 2 / (sharp * sharp)
)

// grooved reports whether what the island begins the step in has a way out, which friction may keep it from: it is in
// grooves, not in slots that are too thin for it.
//
// There is none if weights w ≥ 0 have Σ wₖ gₖ = 0 and Σ wₖ gapₖ < 0, gₖ being how gap k changes with the configuration
// (Farkas' lemma): if zero is in the hull of all (gₖ, gapₖ) and (0, 1).
func (p *problem) grooved() bool {
	p.Reset()
	var hull [][]float64
	deepest := 0.0
	for k := range p.rows {
		if !p.rows[k].side() || p.blocks[k].Compliance > 0 {
			continue
		}
		g := p.impulse(k, 1)
		if size := length(g); size > 0 {
			gap := p.blocks[k].Past.X / size
			deepest = max(deepest, -gap)
			hull = append(hull, append(scaled(g, 1/size), gap))
		}
	}
	if deepest == 0 {
		return false
	}
	last := p.s.m.NV
	for _, g := range hull {
		g[last] /= deepest
		scaled(g, 1/length(g))
	}
	up := make([]float64, last+1)
	up[last] = 1
	return oneSided(append(hull, up))
}

// oneSided reports whether all of the unit vectors lie on one side of a plane through zero. The point of their hull
// nearest to zero is approached by Gilbert's steps (SIAM J. Control 4, 1966).
func oneSided(hull [][]float64) bool {
	at := append([]float64(nil), hull[0]...)
	for range int(approaches) {
		least, to := math.Inf(1), hull[0]
		for _, g := range hull {
			if x := product(g, at); x < least {
				least, to = x, g
			}
		}
		size := product(at, at)
		if size < sharp*sharp {
			return false
		}
		if least > 0 {
			return true
		}
		t := (size - least) / (size - 2*least + product(to, to)) // the point nearest to zero between the two
		for i := range at {
			at[i] += t * (to[i] - at[i])
		}
	}
	return false
}

// scaled multiplies v by t.
func scaled(v []float64, t float64) []float64 {
	for i := range v {
		v[i] *= t
	}
	return v
}

func product(a, b []float64) (sum float64) {
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func length(v []float64) float64 { return math.Sqrt(product(v, v)) }
