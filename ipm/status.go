package ipm

import "errors"

// Status says how a solve ended. The zero value is Unsolved, so a forgotten result is no success.
type Status uint8

// The ends of a solve.
const (
	Unsolved   Status = iota
	Solved            // all tolerances hold
	MaxIter           // iteration limit
	Stalled           // the line search found no acceptable step
	Singular          // the condensed matrix could not be factored
	NotFinite         // the problem could not be evaluated at its start, or κ is not positive and finite
	Infeasible        // constraints exclude each other, or nothing keeps to them that friction draws in; a solve does not say so, its problem may
	statusEnds        // number of statuses
)

var statuses = [statusEnds]struct {
	name string
	err  error
}{
	Unsolved:   {"unsolved", errors.New("ipm: not solved yet")},
	Solved:     {"solved", nil},
	MaxIter:    {"max iterations", errors.New("ipm: iteration limit reached")},
	Stalled:    {"stalled", errors.New("ipm: line search found no acceptable step")},
	Singular:   {"singular", errors.New("ipm: singular matrix")},
	Infeasible: {"constraints exclude each other", errors.New("ipm: constraints exclude each other")},
	NotFinite:  {"not finite", errors.New("ipm: start is outside the domain or not finite, or κ is not positive")},
}

func (s Status) String() string {
	if s >= statusEnds {
		return "unknown"
	}
	return statuses[s].name
}

// Err returns nil for Solved and an error for everything else.
func (s Status) Err() error {
	if s >= statusEnds {
		return errors.New("ipm: unknown status")
	}
	return statuses[s].err
}

// Result is the outcome of a solve. Residuals are those of the returned point, solved or not.
type Result struct {
	Status     Status
	Iterations int     // factorizations
	Residual   float64 // ‖F‖, natural units
	Gap        float64 // max |u − s| over the block's natural sizes
	Centrality float64 // max |s∘λ − κe|/κ
	Kappa      float64 // mean complementarity product reached, in units of κ
	Polished   bool    // the laws hold with κ = 0
}

// Join returns the result of two problems that are parts of one, solved beside each other: how the first of them
// failed, if one did; the largest residuals; and of iterations the most. The zero Result is no part. For parts
// of which the second goes on from the first write first.Join(second.After(first)): iterations add up.
func (r Result) Join(other Result) Result {
	switch {
	case r.Status == Unsolved:
		return other
	case other.Status == Unsolved:
		return r
	case r.Status == Solved:
		r.Status = other.Status
	}
	r.Iterations = max(r.Iterations, other.Iterations)
	r.Residual, r.Gap = max(r.Residual, other.Residual), max(r.Gap, other.Gap)
	r.Centrality, r.Kappa = max(r.Centrality, other.Centrality), max(r.Kappa, other.Kappa)
	r.Polished = r.Polished && other.Polished
	return r
}

// After returns the result r of a solve together with the iterations of one that was made before it: one that r takes
// the place of, say.
func (r Result) After(before Result) Result {
	r.Iterations += before.Iterations
	return r
}
